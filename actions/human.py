"""Handing over to a person: asked for, disputed, or simply not understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasa_sdk.events import EventType

from actions.operation_slots import leave_operation
from actions.opinion_form import settled
from actions.stall import Stall
from actions.turn import PERSON, Turn
from actions.turn_action import TurnAction

# After so many turns in a row without a useful answer a person takes over.
UNRESOLVED_LIMIT = 2


class ActionHandOff(TurnAction):
    """A person is asked for, or what was said needs one."""

    def name(self) -> str:
        return "action_hand_off"

    def serve(self, turn: Turn) -> list[EventType]:
        reason = hand_off_reason(turn.intent, turn.signals)
        stall = Stall.of(turn)
        if stall and stall.unknown and reason == "request_human":
            reason = "outcome_unknown"
        turn.hand_over(reason)
        return [*settled(turn), *leave_operation()]


def hand_off_reason(intent: str | None, signals: Sequence[str]) -> str:
    """What a ticket is opened for; words of self-harm and threats go before everything."""
    for urgent in ("self_harm", "threat"):
        if urgent in signals:
            return urgent
    if intent == "dispute_transaction":
        return "fraud" if "fraud" in signals else "dispute"
    return "complaint" if intent == "complaint" else "request_human"


class ActionUnresolved(TurnAction):
    """Nothing fitting was found; the second time in a row goes to a person."""

    def name(self) -> str:
        return "action_unresolved"

    def serve(self, turn: Turn) -> list[EventType]:
        if unresolved_before(turn) + 1 >= UNRESOLVED_LIMIT:
            turn.hand_over("unresolved")
            return leave_operation()
        if turn.intent == "out_of_scope":
            text = "抱歉，这个问题我答不上来。银行业务方面的事，都可以问我。"
        else:
            text = "抱歉，我没有完全明白。您可以换个说法，或者直接找人工客服。"
        turn.say(text, replies=PERSON)
        return []


def unresolved_before(turn: Turn) -> int:
    """How many turns directly before this one brought the customer no further.

    A clarifying question counts once the customer has said that none of its choices fits. What a
    form understood is no fruitless turn, wherever the message was routed: a payee's name is no
    bank's business either.
    """
    count = 0
    pressed = turn.text.startswith("/")
    for parse, ran in turns_before(turn):
        clarified = pressed and (parse.get("routing") or {}).get("decision") == "clarify"
        if not clarified and ActionUnresolved().name() not in ran:
            break
        count += 1
    return count


def turns_before(turn: Turn) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """The turns before this one, the latest first: what each message was parsed to, and the names
    of the actions that ran for it."""
    ran: set[str] = set()
    ours = True  # the message being answered now
    for event in reversed(turn.tracker.events):
        if event.get("event") == "action":
            ran.add(str(event.get("name")))
        elif event.get("event") == "user":
            if not ours:
                yield event.get("parse_data") or {}, ran
            ours, ran = False, set()
