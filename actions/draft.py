"""What an operation's form has gathered, and what the present message may say of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.turn import Turn
from bot.banking.models import Account, Card, Customer, Payee, RiskContext
from bot.errors import BankbotError
from bot.text.clauses import is_denied

# How far an operation is: the risk was read and accepted, it was confirmed, the code was given.
PROGRESS = ("operation_warned", "operation_confirmed", "code_ref", "code_challenge")
# What answers a form rather than asking for something else.
ANSWERS = frozenset({"affirm", "deny", "correct", "inform", "resend_code", "retry"})
NO_TEXT = ("affirm", "deny", "thank", "goodbye", "ask_bot")
# A form is left for other business only when that is as sure as money demands.
SURE = 0.8
# Messages that risk control hears of.
HEARD = 12
# Whoever was silent for longer is told where we were; no code is good for as long.
AWAY_SECONDS = 600


class Unfit(BankbotError):
    """A value that cannot be; the message (Chinese) tells the customer why."""


class Draft:
    """The values of one operation by slot, its present question, and what the bank knows.

    Changing a value undoes warning, confirmation and code: they were for another operation.
    """

    def __init__(self, turn: Turn, customer_id: str, operation: str, slots: Sequence[str]) -> None:
        self.turn = turn
        self.customer_id = customer_id
        self.operation = operation
        self.asked: str | None = turn.slot("requested_slot")
        names = (*slots, *PROGRESS, "operation_key")
        self.values: dict[str, Any] = {name: turn.slot(name) for name in names}
        # Said before the next question.
        self.remarks: list[str] = []
        # Quick replies for what may be changed, once the customer says that something is wrong.
        self.offers: dict[str, str] = {}
        # To be asked even where there is a default.
        self.reopened: str | None = None
        # Answers of the bank that hold for this turn.
        self.known: dict[Any, Any] = {}

    def get(self, slot: str) -> Any:
        return self.values[slot]

    def set(self, slot: str, value: Any) -> None:
        if self.values[slot] != value:
            self.values[slot] = value
            self.undo_progress()
            self.values["operation_key"] = None  # it is another operation

    def undo_progress(self) -> None:
        self.values |= dict.fromkeys(PROGRESS)

    def events(self, asked: str | None) -> list[EventType]:
        """Everything gathered, and what is asked next; ``None`` ends the form."""
        kept = {
            "operation": self.operation, **self.values,
            "operation_stalled": None, "requested_slot": asked,
        }  # fmt: skip
        return [SlotSet(name, value) for name, value in kept.items()]

    # ── the message ──────────────────────────────────────────────────────────
    @property
    def words(self) -> str:
        """What the customer wrote; empty for a pressed button."""
        return "" if self.turn.text.startswith("/") else self.turn.text

    @property
    def pressed(self) -> tuple[str, str | None] | None:
        """The field that a button is about, and the value chosen."""
        field = self.turn.entity("field")
        return None if field is None else (field, self.turn.entity("value"))

    @property
    def is_answer(self) -> bool:
        """Whether the intent is this operation's own, or one that only answers."""
        return self.turn.intent in (*ANSWERS, self.operation)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the message asks for something else: a question, other business, a person."""
        if self.turn.intent == self.operation:
            return False
        decision = self.turn.routing.get("decision")
        if decision is None:  # a pressed button
            return not self.is_answer
        if decision == "business" and not self.is_answer:
            return self.turn.confidence >= SURE
        unclear = decision == "clarify" and self.turn.intent == "faq"
        return unclear or decision in ("faq", "hand_off")

    @property
    def may_be_text(self) -> bool:
        """Whether the message may be a name or a remark: not where it asks for something else, or
        is thanks, a goodbye or a question for us."""
        return bool(self.words) and not (self.is_elsewhere or self.turn.intent in NO_TEXT)

    def entities(self, kind: str) -> list[dict[str, Any]]:
        """The entities of this type that are not in a denied clause, in order."""
        return [
            each
            for each in self.turn.tracker.latest_message.get("entities") or []
            if each.get("entity") == kind
            and not (self.words and is_denied(self.words, each.get("start") or 0))
        ]

    # ── the conversation ─────────────────────────────────────────────────────
    @property
    def intent_before(self) -> str | None:
        """The intent of the message before this one."""
        users = [e for e in self.turn.tracker.events if e.get("event") == "user"]
        parse = (users[-2].get("parse_data") if len(users) > 1 else None) or {}
        return (parse.get("intent") or {}).get("name")

    @cached_property
    def since_message(self) -> frozenset[str]:
        """Actions that ran between the message and now."""
        ran = []
        for event in reversed(self.turn.tracker.events):
            if event.get("event") == "user":
                break
            if event.get("event") == "action":
                ran.append(str(event.get("name")))
        return frozenset(ran)

    @property
    def was_away(self) -> bool:
        """Whether the customer comes back after a long silence."""
        return self.turn.silent > AWAY_SECONDS

    @property
    def risk_context(self) -> RiskContext:
        """What the customer said lately, and the signals in it."""
        said, signals = [], set()
        users = [e for e in self.turn.tracker.events if e.get("event") == "user"]
        for event in users[-HEARD:]:
            text = event.get("text") or ""
            if not text.startswith("/"):
                said.append(text)
            signals |= set((event.get("parse_data") or {}).get("signals") or ())
        return RiskContext(frozenset(signals), "。".join(said))

    # ── the bank ─────────────────────────────────────────────────────────────
    @cached_property
    def customer(self) -> Customer:
        return self.turn.services.bank.customers.get(self.customer_id)

    @cached_property
    def accounts(self) -> list[Account]:
        return self.turn.services.bank.accounts.list(self.customer_id)

    @cached_property
    def cards(self) -> list[Card]:
        return self.turn.services.bank.cards.list(self.customer_id)

    @cached_property
    def payees(self) -> list[Payee]:
        return self.turn.services.bank.transfers.payees(self.customer_id)


def button(field: str, value: str | None = None) -> str:
    """The payload that sets a field; without a value it is asked for again."""
    said = {"field": field} if value is None else {"field": field, "value": value}
    return "/inform" + json.dumps(said, ensure_ascii=False)
