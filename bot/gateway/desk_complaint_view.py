"""Complaints as the desk's page gets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.complaints.case import Complaint, Draft, Extension, Move, Review
from bot.complaints.casefile import CaseFile
from bot.complaints.clock import STEP_NAMES, Deadline
from bot.complaints.codes import DIMENSIONS, CodeTable
from bot.complaints.options import merge_targets
from bot.complaints.vocabulary import (
    CATEGORIES,
    CHANNELS,
    MOVE_NAMES,
    OUTCOMES,
    PAUSES,
    RELATIONS,
    REVIEW_OUTCOMES,
    REVIEW_STATES,
    ROOT_CAUSES,
    SOURCES,
    STATE_NAMES,
)
from bot.complaints.worklist import Task
from bot.gateway.desk_complaint_clock import clock_of
from bot.gateway.staff import iso
from bot.text.masking import mask_name

# Of the words, in a list.
GLIMPSE = 60

# history line → what the word at the beginning of its reason stands for
_WORDS: dict[str, Mapping[str, str]] = {
    "extension_asked": STEP_NAMES,
    "extension_approved": STEP_NAMES,
    "paused": PAUSES,
    "resumed": PAUSES,
    "drafted": OUTCOMES,
    "root_cause": ROOT_CAUSES,
    "review_decided": REVIEW_OUTCOMES,
    "categorised": CATEGORIES,
}


def row(task: Task, barred: str | None = None) -> dict[str, Any]:
    """A line of a list; of a case that the reader must keep out of without its words."""
    case, review = task.case, task.review
    what = STATE_NAMES[case.state]
    if review is not None:
        what = f"核查{REVIEW_STATES[review.state]}"
    return {
        "number": case.number,
        "state": case.state,
        "state_name": STATE_NAMES[case.state],
        "review": review and review.state,
        "what": what,
        "category_name": CATEGORIES[case.category],
        "source": case.source,
        "source_name": SOURCES[case.source],
        "channel_name": CHANNELS[case.filing.channel],
        "people": case.filing.people,
        "customer": mask_name(case.customer_id),
        "text": None if barred else case.text[:GLIMPSE],
        "barred": barred,
        "handler": task.handler,
        "classified": case.cause_code is not None,
        "received_at": iso(case.received_at),
        "ended_at": case.ended_at and iso(case.ended_at),
        "term": term(task.term),
    }


def brief(task: Task) -> dict[str, Any]:
    """What whoever serves the customer may know of it: how it stands, and by when."""
    case = task.case
    return {
        "number": case.number,
        "state_name": STATE_NAMES[case.state],
        "received_at": iso(case.received_at),
        "ended": case.ended_at is not None,
        "term": term(task.term),
    }


def term(found: Deadline) -> dict[str, Any]:
    """Where a term stands; days are Shanghai's."""
    return {
        "due_on": found.due_on.isoformat(),
        "days_left": found.days_left,
        "overdue": found.overdue,
        "paused": PAUSES[found.paused] if found.paused else None,
        "granted": [STEP_NAMES[step] for step in found.granted],
    }


def case(
    file: CaseFile, codes: CodeTable, may: Sequence[str], *, full: bool, **more: Any
) -> dict[str, Any]:
    """The whole case; ``full`` for those who work on it, who need the customer's number."""
    mine = file.case
    return {
        **row(Task(mine, file.term)),
        "text": mine.text,
        "category": mine.category,
        "customer_id": mine.customer_id if full else mask_name(mine.customer_id),
        "filing": _filing(mine),
        "codes": _codes(mine, codes),
        "root": mine.root_cause
        and {"id": mine.root_cause, "name": ROOT_CAUSES[mine.root_cause], "note": mine.root_note},
        "merged_into": mine.merged_into,
        "clock": clock_of(file),
        "facts": [
            {
                "id": each.id,
                "at": iso(each.received_at),
                "text": each.text,
                "new": each.new,
                "judged_by": each.judged_by,
            }
            for each in file.facts
        ],
        "extensions": [_extension(each) for each in file.extensions],
        "asked": file.asked and _extension(file.asked),
        "steps": {step: STEP_NAMES[step] for step in file.steps},
        "running": {kind: PAUSES[kind] for kind in file.running},
        "notices": [
            {
                "what": each.what,
                "channel_name": CHANNELS[each.channel],
                "at": iso(each.at),
                "by": each.by,
                "proof": each.proof,
                "text": each.text,
            }
            for each in file.notices
        ],
        "tellable": list(file.tellable),
        "untold": list(file.untold),
        "draft": file.draft and _draft(file.draft),
        "inquiry": file.review and _review(file.review, file.review_term),
        "review_until": file.review_until and iso(file.review_until),
        "recused": [{"person": person, "why": why} for person, why in file.recused.items()],
        "alike": [_alike(each) for each in file.alike],
        "merge_targets": list(merge_targets(file)),
        "history": [_move(each) for each in file.history],
        "held": file.held,
        "keep_until": file.keep_until,
        "may": list(may),
        **more,
    }


def _filing(mine: Complaint) -> dict[str, Any]:
    filing = mine.filing
    return {
        "channel_name": CHANNELS[filing.channel],
        "source_name": SOURCES[filing.source],
        "source_ref": filing.source_ref,
        "relation": filing.relation,
        "relation_name": RELATIONS[filing.relation],
        "complainant": mask_name(filing.complainant),
        "proof": filing.proof,
        "people": filing.people,
    }


def _codes(mine: Complaint, table: CodeTable) -> list[dict[str, Any]]:
    return [
        {
            "dimension": name,
            "title": title,
            "code": getattr(mine, f"{name}_code"),
            "name": table.name(name, getattr(mine, f"{name}_code")),
        }
        for name, title in DIMENSIONS.items()
    ]


def _extension(each: Extension) -> dict[str, Any]:
    return {
        "step_name": STEP_NAMES[each.step],
        "asked_at": iso(each.asked_at),
        "asked_by": each.asked_by,
        "reason": each.reason,
        "approver": each.approver,
        "approved_at": each.approved_at and iso(each.approved_at),
        "told_at": each.told_at and iso(each.told_at),
    }


def _draft(each: Draft) -> dict[str, Any]:
    return {
        **each.answer.__dict__,
        "outcome_name": OUTCOMES[each.answer.outcome],
        "written_by": each.written_by,
        "written_at": iso(each.written_at),
        "approved_by": each.approved_by,
        "approved_at": each.approved_at and iso(each.approved_at),
    }


def _review(each: Review, found: Deadline | None) -> dict[str, Any]:
    return {
        "state": each.state,
        "state_name": REVIEW_STATES[each.state],
        "asked_at": iso(each.asked_at),
        "why": each.why,
        "reviewer": each.reviewer,
        "outcome_name": REVIEW_OUTCOMES[each.outcome] if each.outcome else None,
        "findings": each.findings,
        "decided_at": each.decided_at and iso(each.decided_at),
        "told_at": each.told_at and iso(each.told_at),
        "term": found and term(found),
    }


def _alike(each: Complaint) -> dict[str, Any]:
    return {
        "number": each.number,
        "state_name": STATE_NAMES[each.state],
        "received_at": iso(each.received_at),
        "text": each.text[:GLIMPSE],
    }


def _move(each: Move) -> dict[str, Any]:
    named: Callable[[str], str] = lambda word: _WORDS.get(each.what, {}).get(word, word)  # noqa: E731
    if each.what == "decided" or each.what.startswith("told_"):
        why = CHANNELS.get(each.why, each.why)
    else:
        words, colon, rest = each.why.partition(": ")
        said = " → ".join(named(word) for word in words.split(" → "))
        why = f"{said}：{rest}" if colon else said
    return {
        "at": iso(each.at),
        "by": each.by,
        "what": MOVE_NAMES.get(each.what, each.what),
        "state_name": STATE_NAMES[each.state],
        "whom": each.whom,
        "why": why,
    }
