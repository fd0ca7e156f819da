"""The base classes of actions: what goes wrong in one is told to the customer, never swallowed."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.operation_slots import leave_operation
from actions.services import services
from actions.turn import PERSON, Turn
from bot.banking.errors import BankRefused, BankUnavailable, KeptForRetry

logger = logging.getLogger(__name__)


class TurnAction(Action, ABC):
    """Runs :meth:`serve` in a thread, with refusals and failures told to the customer."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return await asyncio.to_thread(self._guarded, dispatcher, tracker)

    def _guarded(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        turn = turn_of(dispatcher, tracker)
        try:
            events = self.serve(turn)
        except BankRefused as refusal:
            turn.say(str(refusal), replies=PERSON)
            events = leave_operation()
        except KeptForRetry:
            turn.hand_over(
                "system_failure",
                opening="银行系统暂时没有应答，这项申请还没有办成，目前尚未生效。申请已经保存，我会"
                f"一直重试，办成后在这里通知您。情况紧急请同时拨打 {turn.services.phone}（24 小时）。"
                "也已为您转接人工客服",
            )
            events = leave_operation()
        except BankUnavailable as unavailable:
            logger.warning("%s: the bank does not answer: %s", self.name(), unavailable)
            events = self.without_bank(turn)
        except Exception:
            # Rasa would go on as if the action had done its work, and the customer hear nothing.
            logger.exception("%s failed", self.name())
            events = self.broken(turn)
        # Whatever else was asked for in the same message is the person's now.
        return [*events, SlotSet("requests_dropped", True)] if turn.handed_over else events

    def without_bank(self, turn: Turn) -> list[EventType]:
        """Say that the bank's system does not answer, and what can be had all the same."""
        turn.say(
            "抱歉，银行系统暂时没有应答，现在查不到也办不了账户业务，没有为您办理任何业务。"
            f"常见问题我照常可以回答；急事（挂失、可疑交易）请拨打 {turn.services.phone}（24 小时），"
            "也可以转人工登记，由客服跟进。",
            replies={"再试一次": turn.text, **PERSON},
        )
        return leave_operation()

    def broken(self, turn: Turn) -> list[EventType]:
        """Say that something of ours went wrong before anything was done."""
        turn.say(
            "抱歉，系统出了点问题，刚才这一步没有办成，没有为您办理任何业务。请稍后再试，或转人工协助。",
            replies={"再试一次": turn.text, **PERSON},
        )
        return leave_operation()

    @abstractmethod
    def serve(self, turn: Turn) -> list[EventType]:
        """Do the work; returns the events for the tracker."""


class CustomerAction(TurnAction):
    """An action for signed-in customers; anybody else is asked to sign in."""

    @property
    def stops_with_its_line(self) -> bool:
        """Whether it begins what is not even tried while its line of business is announced not to
        work."""
        return False

    def serve(self, turn: Turn) -> list[EventType]:
        if self.stops_with_its_line and turn.tell_stopped():
            # Nothing begins, and a form under way goes on: it puts its own name back.
            return [SlotSet("operation", None)]
        if turn.customer_id is None:
            turn.ask_to_sign_in()
            return []
        return self.serve_customer(turn, turn.customer_id)

    @abstractmethod
    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        """Do the work for this customer."""


def turn_of(dispatcher: CollectingDispatcher, tracker: Tracker) -> Turn:
    """The turn, with the customer whom the conversation belongs to."""
    shared = services()
    conversation = shared.log.get(tracker.sender_id)
    return Turn(tracker, dispatcher, shared, conversation.customer_id)
