"""What a person may do with a case now: by their roles, the case's state, and who did what in it.

Whoever shows a case asks here which actions to offer; whoever does one is checked again by the
verbs themselves, in their transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from bot.complaints.case import OPEN_REVIEWS, OPEN_STATES
from bot.complaints.casefile import CaseFile
from bot.complaints.roles import ACTIONS, HANDLER
from bot.complaints.store import CaseStore
from bot.complaints.vocabulary import PAUSES

# Actions that share the right to another.
_RIGHTS = {
    "resume": "pause",
    "send_back": "approve",
    "add_facts": "customer",
    "withdraw": "customer",
    "ask_review": "customer",
    "release": "hold",
}
# Somebody who must keep out may still say so, and nothing else.
DECLARING = "recuse"


def _open(file: CaseFile) -> bool:
    return file.case.state in OPEN_STATES


def _assignable(file: CaseFile) -> bool:
    return file.case.state in ("received", "handling")


def _review_in(file: CaseFile, *states: str) -> bool:
    return file.review is not None and file.review.state in states


Test = Callable[[CaseFile, str, datetime], bool]

# action → whether the case's state has a use for it; the person is named by the second value
_WHERE: dict[str, Test] = {
    "assign": lambda file, *_: _assignable(file),
    "take": lambda file, me, _: _assignable(file) and file.case.handler != me,
    "classify": lambda *_: True,
    "merge": lambda file, *_: _open(file) and any(_earlier(file)),
    "recuse": lambda file, *_: _open(file) or _review_in(file, *OPEN_REVIEWS),
    "judge": lambda file, *_: _open(file) and bool(file.unjudged),
    "pause": lambda file, *_: (
        _open(file) and not file.term.overdue and len(file.running) < len(PAUSES)
    ),
    "resume": lambda file, *_: _open(file) and bool(file.running),
    "extend": lambda file, *_: bool(file.steps),
    "approve_extension": lambda file, me, _: (
        _open(file)
        and file.asked is not None
        and me not in (file.asked.asked_by, file.case.handler)
        and not file.term.overdue
    ),
    "notice": lambda file, *_: bool(file.tellable),
    "write": lambda file, me, _: (
        file.case.state == "handling" and file.case.handler == me and not file.unjudged
    ),
    "approve": lambda file, me, _: (
        file.case.state == "drafted"
        and file.draft is not None
        and me not in (file.draft.written_by, file.case.handler)
        and not file.unjudged
    ),
    "send_back": lambda file, *_: file.case.state in ("drafted", "approved"),
    "cause": lambda *_: True,
    "add_facts": lambda file, *_: _open(file),
    "withdraw": lambda file, *_: _open(file),
    "ask_review": lambda file, _, now: (
        file.review is None and file.review_until is not None and now <= file.review_until
    ),
    "assign_review": lambda file, *_: _review_in(file, "asked", "handling"),
    "decide_review": lambda file, me, _: (
        _review_in(file, "handling") and file.review is not None and file.review.reviewer == me
    ),
    "hold": lambda file, *_: file.held is None,
    "release": lambda file, *_: file.held is not None,
}


def options(file: CaseFile, person: str, roles: Collection[str], now: datetime) -> tuple[str, ...]:
    """The actions that are open to an impartial ``person``, in the order in which work goes."""
    return tuple(
        action
        for action, useful in _WHERE.items()
        if _allowed(action, roles) and useful(file, person, now)
    )


def right(action: str) -> str:
    """The action of :data:`bot.complaints.roles.ACTIONS` whose right it takes."""
    return _RIGHTS.get(action, action)


def check_clear(store: CaseStore, number: str, person: str, action: str) -> None:
    """Raises :class:`Forbidden` for somebody who must keep out of the case (17)."""
    if action != DECLARING:
        store.check_impartial(number, person)


def merge_targets(file: CaseFile) -> tuple[str, ...]:
    """Complaints that this one could become part of."""
    return tuple(_earlier(file))


def _earlier(file: CaseFile) -> list[str]:
    mine = file.case
    return [
        each.number
        for each in file.alike
        if each.state in OPEN_STATES
        and each.received_at <= mine.received_at
        and (mine.source == "customer" or mine.source == each.source)
    ]


def _allowed(action: str, roles: Collection[str]) -> bool:
    # Who takes a case writes its answer.
    needed = (HANDLER,) if action == "take" else ACTIONS[right(action)][1]
    return bool(set(needed) & set(roles))
