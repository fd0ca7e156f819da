"""What the desk offers of a case is what it lets happen: no button that fails, none that is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.complaints.options import options, right
from bot.conversations.log import MessageLog
from bot.errors import BankbotError
from bot.gateway.complaint_desk import ComplaintDesk
from bot.gateway.desk_complaint_acts import VERBS, Act
from bot.gateway.parts import GatewayConfig
from bot.staff.accounts import Account
from bot.storage import Database
from tests.complaints.desk import ANSWER, Sides
from tests.conftest import Hands
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401

ROLES: dict[str, tuple[str, ...]] = {
    "A1": ("complaint_handler",),
    "A2": ("complaint_handler",),
    "M1": ("complaint_lead",),
    "R1": ("complaint_reviewer",),
    "X1": ("complaint_handler", "complaint_lead"),
}
Story = Callable[[Sides, str], object]


def handled(sides: Sides, number: str) -> None:
    sides.casework.assign(number, "A1", by="M1")


def asked_special(sides: Sides, number: str) -> None:
    handled(sides, number)
    sides.terms.ask_extension(number, "complex", by="A1", why="查证")
    sides.terms.ask_extension(number, "special", by="A1", why="跨境")


def drafted(sides: Sides, number: str) -> None:
    handled(sides, number)
    sides.closing.write(number, ANSWER, by="A1")


def approved(sides: Sides, number: str) -> None:
    drafted(sides, number)
    sides.closing.approve(number, by="M1")


def decided(sides: Sides, number: str) -> None:
    approved(sides, number)
    sides.tell(number, "decision")


def review_asked(sides: Sides, number: str) -> None:
    decided(sides, number)
    sides.register.ask_review(number, "C1001", "不认可", key="r")


def review_handled(sides: Sides, number: str) -> None:
    review_asked(sides, number)
    sides.reviewing.assign(number, "R1", by="R1")


def review_decided(sides: Sides, number: str) -> None:
    review_handled(sides, number)
    sides.reviewing.decide(number, by="R1", outcome="kept", findings="无误")


def review_told(sides: Sides, number: str) -> None:
    review_decided(sides, number)
    sides.tell(number, "review")


def added(sides: Sides, number: str) -> None:
    drafted(sides, number)
    sides.register.add_facts(number, "C1001", "另一笔", "f")


def paused(sides: Sides, number: str) -> None:
    handled(sides, number)
    sides.terms.pause(number, "mediation", by="A1", why="调解")


def overdue(sides: Sides, number: str) -> None:
    asked_special(sides, number)
    sides.clock.forward(days=60)


def too_late(sides: Sides, number: str) -> None:
    decided(sides, number)
    sides.clock.forward(days=40)


def repeated(sides: Sides, number: str) -> None:
    handled(sides, number)
    sides.clock.now = sides.clock.now.replace(day=1)
    sides.open("k0", text="同一件事")
    sides.clock.now = sides.clock.now.replace(day=2)


def withdrawn(sides: Sides, number: str) -> None:
    sides.register.withdraw(number, "C1001", key="w")


STORIES: tuple[Story, ...] = (
    lambda *_: None, handled, asked_special, added, drafted, approved, decided, review_asked,
    review_handled, review_decided, review_told, paused, overdue, too_late, repeated, withdrawn,
)  # fmt: skip


# What may be said again and changes nothing: taking one's own case, keeping somebody out of one that
# is over, asking again for the review that is under way.
USELESS = {"take", "recuse", "ask_review"}


class _UndoneError(Exception):
    """Takes back what was tried."""


@pytest.mark.parametrize(
    "story",
    STORIES,
    ids=lambda story: getattr(story, "__name__", "").replace("<lambda>", "received"),
)
def test_what_is_offered_is_what_may_be_done(story: Story, db: Database, clock: Hands) -> None:
    for name, roles in ROLES.items():
        hire(db, clock, name, *roles)
    codes = GatewayConfig(secret=b"x" * 32, customer_key="x" * 32).complaint_codes
    desk = ComplaintDesk(db, MessageLog(db, clock), codes, clock, demo=False)
    sides = Sides.of(db, clock)
    number = sides.open()
    story(sides, number)
    for name, roles in ROLES.items():
        account = Account(name, name, roles, False, False, clock())
        offered = set(options(desk.files.read(number), name, roles, clock()))
        possible = {verb.name for verb in VERBS if done(desk, account, number, verb)}
        assert offered <= possible, f"{name} is offered in vain: {offered - possible}"
        twice = {"withdraw"} if desk.casework.get(number).state == "withdrawn" else set()
        missing = possible - offered - USELESS - twice
        assert not missing, f"{name} is not offered {missing}"


def done(desk: ComplaintDesk, account: Account, number: str, verb: Any) -> bool:
    """Whether it can be done; then it is undone."""
    body = verb.body(**body_of(desk, number, verb.name))
    try:
        with desk.casework._db.begin():
            who = desk.officer(account, right(verb.name), number)
            verb.do(Act(desk, number, who), body)
            raise _UndoneError
    except _UndoneError:
        return True
    except BankbotError:
        return False


def body_of(desk: ComplaintDesk, number: str, verb: str) -> dict[str, Any]:
    """What somebody who knows the case would send."""
    file, table = desk.files.read(number), desk.codes()
    unjudged = file.unjudged[0].id if file.unjudged else 1
    free = next(
        (kind for kind in ("mediation", "appraisal") if kind not in file.running), "mediation"
    )
    leaves = {
        f"{name}_code": next(
            code.code
            for code in reversed(table.of(name))
            if not any(other.parent == code.code for other in table.of(name))
        )
        for name in ("channel", "business", "cause")
    }
    earlier = [each.number for each in file.alike if each.received_at < file.case.received_at]
    what = {"channel": "phone", "proof": "录音"}
    return {
        "assign": {"to": "A2"},
        "recuse": {"person": "Z9", "kind": "other", "why": "x"},
        "classify": {"why": "x", **leaves},
        "merge": {"into": earlier[0] if earlier else "CT19990101-0001", "why": "x"},
        "judge": {"facts": unjudged, "new": True, "why": "x"},
        "pause": {"kind": free, "why": "x"},
        "resume": {"kind": file.running[0] if file.running else "mediation"},
        "extend": {"step": file.steps[0] if file.steps else "complex", "why": "x"},
        "notice": {"what": file.tellable[-1], **what},
        "write": ANSWER.__dict__,
        "send_back": {"why": "x"},
        "cause": {"cause": "system", "note": "x"},
        "add_facts": {"text": "补充一句"},
        "withdraw": {"text": "已解决"},
        "ask_review": {"text": "不认可"},
        "assign_review": {"to": "R1"},
        "decide_review": {"outcome": "kept", "findings": "无误"},
        "hold": {"why": "诉讼"},
        "release": {"why": "已判决"},
    }.get(verb, {})
