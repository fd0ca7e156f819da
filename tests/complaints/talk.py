"""A conversation about complaints with the actions themselves, led as the rules lead it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from rasa_sdk import Action

from actions.casebook import Casebook
from actions.complaints import ActionComplaint
from actions.human import ActionHandOff
from actions.opinion_form import ActionAskOpinionAnswer, ActionOpinionAnswered, OpinionForm
from actions.services import Services
from actions.suggestions import ActionSuggestion
from bot.conversations.log import MessageLog
from bot.handoff.announcements import Announcements
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.storage import Database
from tests.conftest import Hands
from tests.dialogue import SIGNALS, Dialogue, intent_of

RULES: dict[str, type[Action]] = {
    "complaint": ActionComplaint,
    "suggestion": ActionSuggestion,
    "request_human": ActionHandOff,
}
DECISIONS = {"faq": "faq", "affirm": "act", "deny": "act", "check_balance": "business"}


@contextmanager
def services_of(db: Database, clock: Hands) -> Iterator[Services]:
    """Services without a bank: complaints never need it."""
    log = MessageLog(db, clock)
    nothing: Any = None
    shared = Services(
        log=log,
        desk=Desk(db, TicketQueue(db, clock), log),
        announcements=Announcements(db, clock),
        bank=nothing,
        operations=nothing,
        uploads=nothing,
        sealed=nothing,
        casebook=Casebook(db, log, clock),
        reminders=nothing,
        clock=clock,
        phone="400-000-9527",
    )
    with patch("actions.turn_action.services", lambda: shared):
        yield shared


@dataclass
class Talk(Dialogue):
    """One conversation, in which what the log was told comes back, too."""

    seq: int = 0

    def say(self, text: str, intent: str = "complaint", decision: str | None = None) -> str:
        """Write; all that comes back, the log's own lines included."""
        decision = decision or DECISIONS.get(intent, "hand_off")
        parse = {"signals": SIGNALS.find(text), "routing": {"decision": decision}}
        return self._turn(text, text, intent, parse)

    def press(self, title: str) -> str:
        """Press the latest quick reply whose title contains this."""
        chosen = self.button(title)
        intent, entities = intent_of(chosen["payload"])
        return self._turn(chosen["title"], chosen["payload"], intent, {"entities": entities})

    def again(self) -> str:
        """The latest message comes a second time, as after a crash in the middle of its turn."""
        self.events.append(self.latest)
        return self._answer(self.latest["parse_data"]["intent"]["name"])

    def _turn(self, written: str, text: str, intent: str, parse: dict[str, Any]) -> str:
        count = len(self.events)
        message, _ = self.services.log.receive(
            self.conversation, written, f"c{count}", body_hash=str(count)
        )
        self.seq = message.seq
        self.hear(text, intent, f"{self.conversation}:{message.seq}", parse)
        return self._answer(intent)

    def _answer(self, intent: str) -> str:
        self.told = []
        before = self.services.log.last_seq(self.conversation)
        if not self._form():
            if intent in RULES:
                self.keep(self.act(RULES[intent]()))
            asks = intent in ("complaint", "suggestion") and self.slots.get("opinion_asked")
            if asks or self.loop is not None:
                self._ask()
        logged = self.services.log.after(self.conversation, before)
        return "\n".join([m.text for m in logged] + [each["text"] for each in self.told])

    def _form(self) -> bool:
        """The form's turn; whether it took the message."""
        if self.loop is None:
            return False
        events = self.act(OpinionForm())
        self.keep(events)
        if not any(e["event"] == "slot" for e in events):
            return False
        if self.slots.get("opinion_answer") is None:
            self._ask()
            return True
        self.loop, self.slots["requested_slot"] = None, None
        self.keep(self.act(ActionOpinionAnswered()))
        return True

    def _ask(self) -> None:
        self.loop, self.slots["requested_slot"] = "opinion_form", "opinion_answer"
        self.keep(self.act(ActionAskOpinionAnswer()))

    # ── what came of it ──────────────────────────────────────────────────────
    @property
    def tickets(self) -> list[str]:
        """Reasons of the open tickets of this conversation."""
        return [
            t.reason
            for t in self.services.desk.queue.list()
            if t.conversation_id == self.conversation
        ]

    def served(self) -> None:
        """A person takes the conversation and ends it; the assistant is back."""
        for ticket in self.services.desk.queue.list():
            if ticket.conversation_id == self.conversation:
                self.services.desk.claim(ticket.id, "A1")
                self.services.desk.resolve(ticket.id, "A1", code="answered", note="")
