"""A conversation about complaints with the actions themselves, led as the rules lead it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.casebook import Casebook
from actions.complaints import ActionComplaint
from actions.human import ActionHandOff
from actions.opinion_form import ActionAskOpinionAnswer, ActionOpinionAnswered, OpinionForm
from actions.services import Services
from actions.suggestions import ActionSuggestion
from bot.conversations.log import MessageLog
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.storage import Database
from bot.text.signals import Signals
from tests.conftest import Hands

SIGNALS = Signals.load(Path(__file__).parents[2] / "data" / "signals.yml")
RULES: dict[str, type[Action]] = {
    "complaint": ActionComplaint,
    "suggestion": ActionSuggestion,
    "request_human": ActionHandOff,
}
DECISIONS = {"faq": "faq", "affirm": "act", "deny": "act", "check_balance": "business"}
PAYLOAD = re.compile(r"/(\w+)(\{.*\})?")


@contextmanager
def services_of(db: Database, clock: Hands) -> Iterator[Services]:
    """Services without a bank: complaints never ask it for anything."""
    log = MessageLog(db, clock)
    nothing: Any = None
    shared = Services(
        log=log,
        desk=Desk(db, TicketQueue(db, clock), log),
        bank=nothing,
        operations=nothing,
        uploads=nothing,
        sealed=nothing,
        casebook=Casebook(db, log, clock),
        clock=clock,
        phone="400-000-9527",
    )
    with patch("actions.turn_action.services", lambda: shared):
        yield shared


@dataclass
class Talk:
    """One conversation; ``told`` is what the latest turn said beside what went to the log."""

    services: Services
    customer_id: str | None = "C1001"
    conversation: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0

    def __post_init__(self) -> None:
        self.conversation = self.services.log.open("web", self.customer_id).id

    def say(self, text: str, intent: str = "complaint", decision: str | None = None) -> str:
        """Write; all that comes back, the log's own lines included."""
        decision = decision or DECISIONS.get(intent, "hand_off")
        parse = {"signals": SIGNALS.find(text), "routing": {"decision": decision}}
        return self._turn(text, text, intent, [], parse)

    def press(self, title: str) -> str:
        """Press the latest quick reply whose title contains this."""
        buttons = [b for each in reversed(self.told) for b in each.get("buttons") or []]
        chosen = next(b for b in buttons if title in b["title"])
        match = PAYLOAD.fullmatch(chosen["payload"])
        assert match, chosen
        entities = [
            {"entity": name, "value": value} for name, value in json.loads(match[2] or "{}").items()
        ]
        return self._turn(chosen["title"], chosen["payload"], match[1], entities, {})

    def again(self) -> str:
        """The latest message comes a second time, as after a crash in the middle of its turn."""
        user = next(e for e in reversed(self.events) if e["event"] == "user")
        self.events.append(user)
        return self._answer(user["parse_data"]["intent"]["name"])

    def _turn(
        self,
        written: str,
        text: str,
        intent: str,
        entities: list[dict[str, Any]],
        parse: dict[str, Any],
    ) -> str:
        count = len(self.events)
        message, _ = self.services.log.receive(
            self.conversation, written, f"c{count}", body_hash=str(count)
        )
        self.seq = message.seq
        chosen = {"name": intent, "confidence": 1.0}
        parse = {"text": text, "intent": chosen, "entities": entities, **parse}
        key = f"{self.conversation}:{message.seq}"
        self.events.append({"event": "user", "text": text, "parse_data": parse, "message_id": key})
        return self._answer(intent)

    def _answer(self, intent: str) -> str:
        self.told = []
        before = self.services.log.last_seq(self.conversation)
        if not self._form():
            if intent in RULES:
                self._run(RULES[intent]())
            asks = intent in ("complaint", "suggestion") and self.slots.get("opinion_asked")
            if asks or self.loop is not None:
                self._ask()
        logged = self.services.log.after(self.conversation, before)
        return "\n".join([m.text for m in logged] + [each["text"] for each in self.told])

    def _form(self) -> bool:
        """The form's turn; whether it took the message."""
        if self.loop is None:
            return False
        events = self._run(OpinionForm())
        if not any(e["event"] == "slot" for e in events):
            return False
        if self.slots.get("opinion_answer") is None:
            self._ask()
            return True
        self.loop, self.slots["requested_slot"] = None, None
        self._run(ActionOpinionAnswered())
        return True

    def _ask(self) -> None:
        self.loop, self.slots["requested_slot"] = "opinion_form", "opinion_answer"
        self._run(ActionAskOpinionAnswer())

    def _run(self, action: Action) -> list[dict[str, Any]]:
        latest = next(e for e in reversed(self.events) if e["event"] == "user")
        tracker = Tracker(
            self.conversation, dict(self.slots), latest["parse_data"], list(self.events), False,
            None, {"name": self.loop} if self.loop else {}, "action_listen",
        )  # fmt: skip
        dispatcher = CollectingDispatcher()
        events = [dict(e) for e in asyncio.run(action.run(dispatcher, tracker, {}))]
        self.told += dispatcher.messages
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]
        return events

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
