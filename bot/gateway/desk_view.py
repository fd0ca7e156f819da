"""How the agents' page is shown a ticket, a message, a note: plain values, numbers masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.conversations.models import Message, iso
from bot.handoff.aside import Guest, Note
from bot.handoff.asks import Ask, waited_for
from bot.handoff.reasons import CUSTOMER_TIERS, LANGUAGES, LINES, REASONS, SIGNALS, TIERS
from bot.handoff.routes import Routes
from bot.handoff.sla import CLOCKS, Clock
from bot.handoff.summary import latest_words
from bot.handoff.ticket import RESOLUTIONS, STATE_NAMES, Move, Ticket
from bot.text.masking import mask_text

LAST_MAX_CHARS = 60
# A summary begins with so many lines of its own; what was gathered follows by its labels.
SUMMARY_LINES = 3
_MOMENTS = (
    "created_at", "queued_at", "sort_at", "taken_at", "awaiting_since", "ended_at",
    "offered_until", "callback_at", "callback_until", "due_at",
)  # fmt: skip


def row(
    ticket: Ticket,
    routes: Routes,
    late: tuple[int, Mapping[str, Clock]],
    last: Message | None,
    last_seq: int,
    guests: Sequence[Guest],
    asks: Sequence[Ask],
    large_type: bool,
) -> dict[str, Any]:
    """A ticket as lists show it; ``seen_seq``, which differs by reader, is added by the caller."""
    return {
        "number": ticket.id,
        "conversation_id": ticket.conversation_id,
        **_named("state", ticket.state, STATE_NAMES),
        **_named("reason", ticket.reason, {key: each.name for key, each in REASONS.items()}),
        **_named("line", ticket.line, LINES),
        "group": ticket.skill_group,
        "group_name": routes.group(ticket.skill_group).name,
        **_named("tier", ticket.tier, TIERS),
        "priority": ticket.priority,
        "urgent": ticket.urgent,
        "why": list(ticket.why),
        "signals": [{"id": name, "name": SIGNALS[name].name} for name in ticket.signals],
        **_named("language", ticket.language, LANGUAGES),
        "customer": {
            "id": ticket.customer_id,
            **_named("tier", ticket.customer_tier, CUSTOMER_TIERS),
        },
        "agent": ticket.agent,
        "last_agent": ticket.last_agent,
        **{name: moment(getattr(ticket, name)) for name in _MOMENTS},
        "sla": _sla(*late),
        "last": last and _last(last),
        "last_seq": last_seq,
        "words": latest_words(ticket.summary),
        "large_type": large_type,
        "guests": [{"agent": each.agent, "mode": each.mode} for each in guests],
        "asks": [
            {**ask(each), "asked": sorted(waited_for(each, ticket.skill_group, routes))}
            for each in asks
        ],
    }


def detail(ticket: Ticket, history: Sequence[Move], notes: Sequence[Note]) -> dict[str, Any]:
    """What a ticket's own page shows beside its row and the customer's card."""
    lines = ticket.summary.splitlines()
    facts = [line.partition("：") for line in lines[SUMMARY_LINES:]]
    return {
        "summary": lines[:SUMMARY_LINES],
        "slots": {label: value for label, _, value in facts},
        "tried": list(ticket.tried),
        "history": [
            {
                "at": iso(move.at), "by": move.by, **_named("state", move.state, STATE_NAMES),
                "note": move.note, "agent": move.agent,
            }
            for move in history
        ],
        "notes": [note(each) for each in notes],
        "resolution": ticket.resolution
        and {
            "code": ticket.resolution,
            "name": RESOLUTIONS.get(ticket.resolution, ticket.resolution),
            "note": ticket.resolution_note or "",
        },
    }  # fmt: skip


def message(said: Message) -> dict[str, Any]:
    """A message as the widget gets it, every number in it masked; ``masked``: its text had some."""
    shown = said.public()
    masked = {name: _masked(shown[name]) for name in ("text", "quick_replies", "card")}
    return {**shown, **masked, "masked": masked["text"] != shown["text"]}


def note(each: Note) -> dict[str, Any]:
    """What colleagues tell each other."""
    return {
        "id": each.id, "at": iso(each.at), "by": each.by, "text": each.text,
        "whisper": each.whisper,
    }  # fmt: skip


def ask(each: Ask) -> dict[str, Any]:
    """What a colleague is asked, and what they said to it."""
    return {
        "id": each.id, "kind": each.kind, "by": each.by, "to": each.to, "note": each.note,
        "at": iso(each.at), "until": iso(each.until), "passed": list(each.passed),
        "state": each.state,
        "answered_by": each.answered_by, "answer": each.answer,
    }  # fmt: skip


def moment(at: datetime | None) -> str | None:
    """ISO 8601, UTC."""
    return None if at is None else iso(at)


def _named(name: str, value: Any, names: Mapping[Any, str]) -> dict[str, Any]:
    return {name: value, f"{name}_name": names.get(value, str(value))}


def _sla(level: int, running: Mapping[str, Clock]) -> dict[str, Any]:
    told: dict[str, Any] = {"level": level}
    for name in CLOCKS:
        clock = running.get(name)
        told[name] = clock and {
            "due_at": moment(clock.due_at),
            "stopped_at": moment(clock.stopped_at),
        }
    return told


def _last(said: Message) -> dict[str, Any]:
    text = mask_text(" ".join(said.text.split()))
    if len(text) > LAST_MAX_CHARS:
        text = text[: LAST_MAX_CHARS - 1] + "…"
    return {"seq": said.seq, "role": said.role, "text": text, "at": iso(said.at)}


def _masked(value: Any) -> Any:
    """The same with every text in it masked; what only machines read has no numbers to mask."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {key: _masked(each) for key, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value
