"""How the page is shown what the library tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from bot.faq.audit import Act
from bot.faq.bank import Bank
from bot.faq.cells import LIST_FIELDS, to_cell
from bot.faq.changes import same_person
from bot.faq.differences import FIELD_NAMES, EntryChange, compare_entries
from bot.faq.entry import Entry
from bot.faq.gate import Verdict
from bot.faq.listing import Row
from bot.faq.publication import Publication
from bot.faq.review import Pending
from bot.gateway.staff import iso


def revision(entry: Entry) -> str:
    """Names an entry as somebody saw it."""
    plain = json.dumps(entry.to_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def version(made: Publication | None) -> dict[str, Any] | None:
    """A publication; ``None`` before the first."""
    if made is None:
        return None
    return {
        "number": made.number,
        "title": made.title,
        "at": iso(made.at),
        "by": made.by,
        "why": made.why,
        "entries": made.entries,
    }


def row(each: Row) -> dict[str, Any]:
    """A row of the list."""
    entry = each.entry
    return {
        **{name: getattr(entry, name) for name in ("id", "topic", "question", "status")},
        "audience": entry.audience,
        "owner": entry.owner,
        "reviewed_on": entry.reviewed_on.isoformat(),
        "expires": entry.expires and entry.expires.isoformat(),
        "variants": len(entry.variants),
        **{mark: getattr(each, mark) for mark in ("waiting", "live", "changed", "overdue")},
        "expiring": each.expiring,
    }


def changes(before: Entry | None, after: Entry | None) -> list[dict[str, Any]]:
    """Every field that differs; nothing where an entry came or went."""
    if before is None or after is None:
        return []
    found = []
    for change in compare_entries(before, after):
        name = change.field
        told: dict[str, Any] = {
            "field": name,
            "name": FIELD_NAMES[name],
            "before": to_cell(name, getattr(before, name)),
            "after": to_cell(name, getattr(after, name)),
        }
        if name in LIST_FIELDS:
            told |= {"added": list(change.added), "removed": list(change.removed)}
        found.append(told)
    return found


def waiting(each: Pending, name: str) -> dict[str, Any]:
    """What waits for a review, as the person of that name sees it."""
    rejected = each.rejected
    return {
        "id": each.entry_id,
        "question": each.present.question,
        "authors": list(each.authors),
        "seen": each.seen,
        "why": each.changes[-1].why,
        "at": iso(each.changes[-1].at),
        "new": each.base is None,
        "stops_publishing": each.stops_publishing,
        "changes": changes(each.base, each.present),
        "rejected": rejected and {"by": rejected.by, "note": rejected.note, "at": iso(rejected.at)},
        "mine": any(same_person(name, author) for author in each.authors),
    }


def difference(change: EntryChange, before: Entry | None, after: Entry | None) -> dict[str, Any]:
    """What publishing would change of an entry."""
    return {
        "id": change.entry_id,
        "question": change.question,
        "kind": change.kind,
        "changes": changes(before, after),
    }


def act(each: Act) -> dict[str, Any]:
    """A line of the record."""
    return {
        "at": iso(each.at),
        "by": each.by,
        "kind": each.kind,
        "entry_id": each.entry_id,
        "why": each.why,
        "text": each.text,
        "details": list(each.details),
    }


def verdict(found: Verdict) -> dict[str, Any]:
    """What the gate found."""
    return {
        "asked": found.asked,
        "passed": found.passed,
        "worse": [str(each) for each in found.worse],
        "misses": [f"{each.entry_id}“{each.question}”：{each}" for each in found.misses],
        "compared": found.compared,
    }


def related(entry: Entry, bank: Bank) -> list[dict[str, str]]:
    """The entries it refers to, those that are missing too."""
    known: Iterable[tuple[str, Entry | None]] = ((key, bank.find(key)) for key in entry.related)
    return [
        {
            "id": key,
            "question": other.question if other else "",
            "status": other.status if other else "missing",
        }
        for key, other in known
    ]
