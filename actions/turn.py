"""One turn of a conversation as an action sees it, and the base classes of actions."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services, services
from bot.banking.errors import BankRefused, BankUnavailable, KeptForRetry
from bot.handoff.summary import NOTHING
from bot.text.clock import shanghai

logger = logging.getLogger(__name__)

PERSON = {"转人工": "/request_human"}

# Everything that an operation gathers: the fields of every design, how far it is, what is asked.
OPERATION_SLOTS = (
    "operation",
    "operation_target",
    "loss_kind",
    "replacement_reason",
    "lift",
    "payee_name",
    "payee_number",
    "payee_bank",
    "amount",
    "pay_from",
    "memo",
    "speed",
    "save_payee",
    "biller",
    "bill_number",
    "repay_part",
    "split",
    "periods",
    "gift",
    "gift_count",
    "agreed_cost",
    "until",
    "dispute_reason",
    "dispute_search",
    "dispute_entry",
    "dispute_stop",
    "dispute_statement",
    "operation_before",
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
    "activate_card": "card",
    "replace_card": "card",
    "freeze_account": "account",
    "raise_limit": "credit_card",
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
    "cancel_transfer": "transfer",
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
    # Why a person was called in this turn, if one was.
    handed_over: list[str] = field(default_factory=list)

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
    def is_next_request(self) -> bool:
        """Whether it was asked for in one message with something else, which was done first."""
        return bool(self._metadata.get("after"))

    @property
    def silent(self) -> float:
        """Seconds that the customer was silent before this message."""
        return float(self._metadata.get("silent") or 0.0)

    @property
    def _metadata(self) -> dict[str, Any]:
        """What the channel knows of this message (see :mod:`bot.nlu.channel`)."""
        return self.tracker.latest_message.get("metadata") or {}

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
            replies={"我已登录，继续": self.text, **PERSON},
        )

    def hand_over(
        self, reason: str, line: str | None = None, facts: Mapping[str, str] = NOTHING
    ) -> None:
        """Open a ticket; the desk tells the customer, in the same transaction.

        ``facts`` are what was gathered, by its labels, for the agent.
        """
        self.handed_over.append(reason)
        self.services.desk.hand_over(
            self.conversation_id,
            customer_id=self.customer_id,
            reason=reason,
            line=line or LINES.get(self.latest_business() or "", "general"),
            slots={"intent": self.latest_business() or ""},
            signals=self.signals,
            facts=facts,
        )

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return shanghai(self.services.clock()).date()

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


def resume_operation(turn: Turn) -> list[EventType]:
    """End the operation under way; one that was put aside for it goes on where it stood."""
    before = turn.slot("operation_before")
    if not before:
        return leave_operation()
    form = FollowupAction(f"{before['operation']}_form")
    return [*leave_operation(), *(SlotSet(name, value) for name, value in before.items()), form]


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
            turn.say(
                "银行系统暂时没有应答，这项申请还没有办成，目前尚未生效。申请已经保存，我会一直重试，"
                f"办成后在这里通知您。情况紧急请同时拨打 {turn.services.phone}（24 小时）。"
            )
            turn.hand_over("system_failure")
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
            "抱歉，银行业务系统暂时没有应答，现在查不到也办不了账户业务，没有为您办理任何业务。"
            f"常见问题我照常可以回答；急事（挂失、可疑交易）请拨打 {turn.services.phone}（24 小时），"
            "也可以转人工登记，由客服跟进。",
            replies=PERSON,
        )
        return leave_operation()

    def broken(self, turn: Turn) -> list[EventType]:
        """Say that something of ours went wrong before anything was done."""
        turn.say(
            "抱歉，系统出了点问题，这一步没有完成，没有为您办理任何业务。请稍后再试，或转人工协助。",
            replies=PERSON,
        )
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
