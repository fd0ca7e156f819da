"""One turn of a conversation as an action sees it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from bot.handoff.reasons import LINES as LINE_NAMES
from bot.handoff.summary import NOTHING
from bot.text.clock import shanghai

logger = logging.getLogger(__name__)

PERSON = {"转人工": "/request_human"}

# Which line of business a hand-off belongs to, by what the customer last asked for.
LINES = {
    "check_balance": "account",
    "query_transactions": "account",
    "unfreeze_account": "account",
    "report_card_loss": "card",
    "activate_card": "card",
    "replace_card": "card",
    "track_card": "card",
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
    def has_more_behind(self) -> bool:
        """Whether something else that was asked for waits until nothing is under way."""
        return bool(self._metadata.get("then"))

    @property
    def goes_on(self) -> bool:
        """Whether the rest of the message follows at once: a form has its say behind that."""
        return bool(self._metadata.get("now"))

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
        self,
        reason: str,
        line: str | None = None,
        facts: Mapping[str, str] = NOTHING,
        opening: str | None = None,
    ) -> None:
        """Open a ticket; the desk tells the customer, in the same transaction.

        ``facts`` are what was gathered, by its labels, for the agent; ``opening`` is what the
        desk says in the place of the reason's own words, so that nothing is told twice.
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
            opening=opening,
            customer_tier=self._tier(),
        )

    def _tier(self) -> str:
        """How the bank ranks the customer, as far as it says so at once."""
        customer_id, services = self.customer_id, self.services
        if customer_id is None:
            return "standard"
        try:
            return services.prompt.ask(lambda: services.bank.customers.get(customer_id).tier)
        except Exception as error:  # whatever the bank does, a person comes
            logger.warning("a customer's tier is not to be had: %s", type(error).__name__)
            return "standard"

    def tell_stopped(self) -> bool:
        """Say that what the customer asks for does not work now, if that is announced."""
        line = LINES.get(self.intent or "")
        found = self.services.announcements.stopping(line)
        if found is None or line is None:
            return False
        self.say(
            f"抱歉，{found.because}{LINE_NAMES[line]}业务暂时办不了{found.expected}，没有为您办理。"
            "恢复后再来找我就好，也可以转人工。",
            replies=PERSON,
        )
        return True

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
