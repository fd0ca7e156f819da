"""One turn of a conversation as an action sees it, and the base classes of actions."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services, services
from bot.banking.errors import BankRefused, BankUnavailable, KeptForRetry

# Everything that an operation gathers: the fields of every design, how far it is, what is asked.
OPERATION_SLOTS = (
    "operation",
    "operation_target",
    "payee_name",
    "payee_number",
    "payee_bank",
    "amount",
    "pay_from",
    "memo",
    "speed",
    "loan_number",
    "loan_product",
    "loan_months",
    "loan_method",
    "loan_purpose",
    "loan_income",
    "credit_consent",
    "operation_warned",
    "operation_confirmed",
    "code_ref",
    "code_challenge",
    "requested_slot",
)
# Which line of business a hand-off belongs to, by what the customer last asked for.
LINES = {
    "check_balance": "account",
    "query_transactions": "account",
    "unfreeze_account": "account",
    "report_card_loss": "card",
    "transfer_money": "transfer",
    "pay_bill": "transfer",
    "query_card_bill": "credit_card",
    "repay_card": "credit_card",
    "apply_installment": "credit_card",
    "redeem_points": "credit_card",
    "apply_loan": "loan",
    "resume_loan": "loan",
    "loan_materials": "loan",
    "withdraw_loan": "loan",
    "query_loan_progress": "loan",
    "query_loans": "loan",
    "calculate_loan": "loan",
    "quote_instalments": "credit_card",
    "query_limits": "transfer",
    "complaint": "complaint",
    "dispute_transaction": "dispute_risk",
}


@dataclass(frozen=True)
class Turn:
    """What an action needs: who is asking, what was understood, and a voice.

    Identity is read from the conversation, never from text or a slot.
    """

    tracker: Tracker
    dispatcher: CollectingDispatcher
    services: Services
    customer_id: str | None

    @property
    def conversation_id(self) -> str:
        return str(self.tracker.sender_id)

    @property
    def operation_key(self) -> str:
        """Idempotency key of what this message asks for; a repeated turn has the same one."""
        user = next(e for e in reversed(self.tracker.events) if e.get("event") == "user")
        return str(user["message_id"])

    @property
    def intent(self) -> str | None:
        intent: dict[str, Any] = self.tracker.latest_message.get("intent") or {}
        return intent.get("name")

    @property
    def confidence(self) -> float:
        """How sure the intent is, in 0..1."""
        intent: dict[str, Any] = self.tracker.latest_message.get("intent") or {}
        return float(intent.get("confidence") or 0.0)

    @property
    def text(self) -> str:
        return self.tracker.latest_message.get("text") or ""

    @property
    def routing(self) -> dict[str, Any]:
        """The router's decision on this message and its reason; empty for a quick reply."""
        return self.tracker.latest_message.get("routing") or {}

    @property
    def signals(self) -> list[str]:
        """How it stands with the customer: anger, fraud, self_harm, threat."""
        return self.tracker.latest_message.get("signals") or []

    def entity(self, kind: str) -> Any:
        """The value of the first such entity in this message, or ``None``."""
        return next(self.tracker.get_latest_entity_values(kind), None)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def say(
        self,
        text: str,
        *,
        card: dict[str, Any] | None = None,
        replies: dict[str, str] | None = None,
    ) -> None:
        """Answer; ``replies`` maps a quick reply's title to what pressing it sends."""
        buttons = [{"title": title, "payload": sent} for title, sent in (replies or {}).items()]
        self.dispatcher.utter_message(text=text, buttons=buttons or None, json_message=card)

    def ask_to_sign_in(self) -> None:
        self.say(
            "办理这项业务前请先登录，以便确认是您本人。",
            card={"type": "sign_in"},
            replies={"我已登录，继续": self.text, "转人工": "/request_human"},
        )

    def hand_over(self, reason: str, line: str | None = None) -> None:
        """Open a ticket; the desk tells the customer, in the same transaction."""
        self.services.desk.hand_over(
            self.conversation_id,
            customer_id=self.customer_id,
            reason=reason,
            line=line or LINES.get(self.latest_business() or "", "general"),
            slots={"intent": self.latest_business() or ""},
            signals=self.signals,
        )

    def latest_business(self) -> str | None:
        """The last intent that belongs to a line of business, this message's included."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
                if intent in LINES:
                    return str(intent)
        return None


def leave_operation() -> list[EventType]:
    """End the form under way and forget what it gathered."""
    return [ActiveLoop(None), *(SlotSet(name, None) for name in OPERATION_SLOTS)]


class TurnAction(Action, ABC):
    """Runs :meth:`serve` in a thread, with the bank's refusals and failures told to the customer."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return await asyncio.to_thread(self._guarded, dispatcher, tracker)

    def _guarded(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        turn = turn_of(dispatcher, tracker)
        try:
            return self.serve(turn)
        except BankRefused as refusal:
            turn.say(str(refusal), replies={"转人工": "/request_human"})
            return leave_operation()
        except KeptForRetry:
            turn.say(
                "银行系统暂时没有应答，这项申请还没有办成。申请已经保存，我会一直重试到办成为止。"
            )
            turn.hand_over("system_failure")
            return leave_operation()
        except BankUnavailable:
            turn.hand_over("system_failure")
            return leave_operation()

    @abstractmethod
    def serve(self, turn: Turn) -> list[EventType]:
        """Do the work; returns the events for the tracker."""


class CustomerAction(TurnAction):
    """An action for signed-in customers; anybody else is asked to sign in."""

    def serve(self, turn: Turn) -> list[EventType]:
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
