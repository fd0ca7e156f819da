"""An operation that something failed in the middle of: what it takes to go on with it.

The form stays open with all that was gathered. “再试一次” is the turn that failed once more, under
the same message id: the same words are heard, and nothing is done a second time.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.operation_slots import leave_operation
from actions.turn import Turn
from bot.banking.errors import BankUnavailable
from bot.banking.requests import TITLES

SLOT = "operation_stalled"
# The idempotency key under which the bank was asked to do it, if it ever was.
KEY = "operation_key"
INTENT = "retry"
RETRY = {"再试一次": f"/{INTENT}"}


@dataclass(frozen=True)
class Stall:
    """What failed: the turn of ``message`` (its id).

    ``heard``: what the message said stands in the slots already. ``unknown``: the bank was asked to
    do it, and nobody knows yet whether it did.
    """

    message: str
    heard: bool
    unknown: bool = False

    @classmethod
    def of(cls, turn: Turn) -> Stall | None:
        """What the operation under way waits for, if anything failed in it."""
        kept: dict[str, Any] | None = turn.slot(SLOT)
        return cls(**kept) if kept else None

    def event(self) -> EventType:
        """What keeps it."""
        return SlotSet(SLOT, asdict(self))

    def replayed(self, turn: Turn) -> Turn:
        """The turn that failed, as if its message came only now; ``turn`` itself where the message
        is of a session that is over."""
        events = turn.tracker.events
        users = [at for at, event in enumerate(events) if event.get("event") == "user"]
        found = [at for at in users if events[at].get("message_id") == self.message]
        if not found:
            return turn
        at, tracker = found[-1], turn.tracker
        end = next((each for each in users if each > at), len(events))
        parse = events[at].get("parse_data") or {}
        metadata = {**(parse.get("metadata") or {}), "silent": turn.silent}
        then = Tracker(
            tracker.sender_id, tracker.slots, {**parse, "metadata": metadata}, events[:end],
            tracker.is_paused(), None, tracker.active_loop, tracker.latest_action_name,
        )  # fmt: skip
        return replace(turn, tracker=then)


def leave_to_person(turn: Turn) -> list[EventType] | None:
    """Where nobody knows whether the operation under way was done, it is not simply left: a person
    finds out, unless the bank has done it and can say so. ``None`` where it may be left."""
    stall = Stall.of(turn)
    if stall is None or not stall.unknown:
        return None
    assert turn.customer_id is not None  # nobody else could ask the bank for it
    operations, key = turn.services.operations, turn.slot(KEY)
    try:
        receipt = operations.outcome(turn.customer_id, key)
    except BankUnavailable:
        receipt = None
    if receipt is not None:
        turn.say(
            f"已向银行查清：刚才的{TITLES[receipt.operation]}已经办成，受理编号 {receipt.number}，"
            "请不要重复办理。"
        )
        return leave_operation()
    if not operations.in_doubt(turn.customer_id, key):
        return None  # long enough ago to be sure that it was not done, as the customer was told
    turn.hand_over("outcome_unknown")
    return leave_operation()
