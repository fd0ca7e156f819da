"""A conversation with the actions as Rasa leads it, without Rasa: rules and forms by hand."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from bot.banking.stub import Outbox
from bot.banking.stub.ledger import entry_rows, post
from bot.storage import Database
from bot.text.entities import EntityFinder
from bot.text.normalise import normalise
from bot.text.signals import Signals
from tests.conftest import Hands

ROOT = Path(__file__).parents[2]
FINDER = EntityFinder()
SIGNALS = Signals.load(ROOT / "data/signals.yml")
ACTS = ("affirm", "deny", "cancel", "correct", "inform", "resend_code")
# What the router decides on, where a test does not say so itself.
DECISIONS = {
    "faq": "faq", "out_of_scope": "out_of_scope", "request_human": "hand_off",
    "complaint": "hand_off", "dispute_transaction": "hand_off", "chitchat": "smalltalk", "greet": "smalltalk", "thank": "smalltalk",
    "goodbye": "smalltalk", "clarify": "clarify", "nlu_fallback": "fallback",
    **dict.fromkeys(ACTS, "act"),
}  # fmt: skip
PAYLOAD = re.compile(r"/(\w+)(\{.*\})?")


@dataclass
class Talk:
    """One customer's conversation. ``actions`` are the rules' by name; those not there, like an
    FAQ answer, only say that they ran."""

    services: Services
    outbox: Outbox
    customer_id: str
    actions: dict[str, Action]
    rules: dict[str, str]
    conversation: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    # Whether the next message is one that was asked for together with another.
    after: bool = False
    # When the last message was written.
    last_at: float | None = None

    def __post_init__(self) -> None:
        self.conversation = self.services.log.open("web", self.customer_id).id

    # ── the customer ─────────────────────────────────────────────────────────
    def say(self, text: str, intent: str = "inform", confidence: float = 1.0) -> str:
        """Write; what comes back, joined."""
        text = normalise(text)
        found = FINDER.find(text, date(2026, 3, 2))
        entities = [
            {"entity": e.type, "value": e.value, "start": e.start, "end": e.end} for e in found
        ]
        decision = DECISIONS.get(intent, "business")
        parse = {"signals": SIGNALS.find(text), "routing": {"decision": decision}}
        return self.turn(text, intent, confidence, entities, parse)

    def press(self, title: str) -> str:
        """Press the latest quick reply whose title contains this."""
        buttons = [b for each in reversed(self.told) for b in each.get("buttons") or []]
        payload = next(b["payload"] for b in buttons if title in b["title"])
        match = PAYLOAD.fullmatch(payload)
        assert match, f"{payload} is no payload"
        return self.sent(payload)

    def sent(self, payload: str) -> str:
        match = PAYLOAD.fullmatch(payload)
        assert match
        values = json.loads(match[2] or "{}")
        entities = [{"entity": name, "value": value} for name, value in values.items()]
        return self.turn(payload, match[1], 1.0, entities, {})

    def new_session(self) -> None:
        """What a form finds in the first message after an hour of silence: its values alone."""
        self.events = [e for e in self.events if e["event"] == "slot"]

    def code(self, code: str | None = None) -> str:
        """Enter the newest one-time code, or another one."""
        code = code or str(self.outbox.outbox(self.customer_id, 1)[0]["code"])
        ref = self.services.sealed.seal(self.conversation, code)
        return self.sent("/inform" + json.dumps({"code_ref": ref}))

    # ── what Rasa does ───────────────────────────────────────────────────────
    def turn(
        self,
        text: str,
        intent: str,
        confidence: float,
        entities: list[dict[str, Any]],
        parse: dict[str, Any],
        *,
        again: bool = False,
    ) -> str:
        self.told = []
        self.count += not again
        chosen = {"name": intent, "confidence": confidence}
        parse = {"text": text, "intent": chosen, "entities": entities, **parse}
        at = self.services.clock().timestamp()
        parse["metadata"] = {"after": self.after, "silent": at - (self.last_at or at)}
        self.last_at = at
        user = {"event": "user", "text": text, "parse_data": parse}
        self.events.append({**user, "message_id": f"{self.conversation}:{self.count}"})
        if self.loop is None or not self._run_form(self.loop):
            self._run_rule(intent)
        return "\n".join(each["text"] for each in self.told)

    def _run_rule(self, intent: str) -> None:
        before = self.loop
        name = self.rules[intent]
        if self._run(name):
            return
        # Nearly always its own; a dispute may have a card stopped first.
        if name.startswith("action_begin_") and self.slots.get("operation"):
            self._run_form(f"{self.slots['operation']}_form")
        elif before is not None and self.loop == before:
            self._run_form(before)

    def _run_form(self, form: str) -> bool:
        """The form's turn; whether it took the message."""
        before = len(self.told)
        self.loop = form
        self.events.append({"event": "action", "name": form})
        events = self._events(f"validate_{form}")
        if not any(e["event"] == "slot" and e["name"] != "requested_slot" for e in events):
            self.events.pop()
            return False
        self._record(before)
        self._apply(events)
        if self.slots.get("requested_slot") is None:
            self.loop = None
            self._run(f"action_{form.removesuffix('_form')}")
        return True

    def _run(self, name: str) -> bool:
        """Run an action; whether it went on to a form by itself."""
        before = len(self.told)
        if name in self.actions:
            events = self._events(name)
        else:
            self.told.append({"text": f"<{name}>"})
            events = []
        self._record(before)
        self.events.append({"event": "action", "name": name})
        self._apply(events)
        forms = [event["name"] for event in events if event["event"] == "followup"]
        for form in forms:
            self._run_form(form)
        return bool(forms)

    def _record(self, start: int) -> None:
        """What was said stands in the tracker, as Rasa keeps it."""
        for each in self.told[start:]:
            data = {name: each.get(name) for name in ("buttons", "custom")}
            self.events.append({"event": "bot", "text": each["text"], "data": data})

    def _events(self, name: str) -> list[dict[str, Any]]:
        latest = next(e for e in reversed(self.events) if e["event"] == "user")
        tracker = Tracker(
            self.conversation, dict(self.slots), latest["parse_data"], list(self.events), False,
            None, {"name": self.loop} if self.loop else {}, "action_listen",
        )  # fmt: skip
        dispatcher = CollectingDispatcher()
        events = asyncio.run(self.actions[name].run(dispatcher, tracker, {}))
        self.told += dispatcher.messages
        return [dict(event) for event in events]

    def _apply(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]

    # ── what came of it ──────────────────────────────────────────────────────
    @property
    def asked(self) -> str | None:
        """What the form asks for now."""
        return self.slots.get("requested_slot")

    def card(self, kind: str) -> dict[str, Any]:
        """The newest card of this type in the latest answers."""
        cards = [each["custom"] for each in self.told if each.get("custom")]
        return next(card for card in reversed(cards) if card["type"] == kind)

    def row(self, label: str, kind: str = "confirm") -> str:
        """A line of a card with rows."""
        return dict(self.card(kind)["rows"])[label]


Begin = Callable[..., Talk]


def spend(db: Database, clock: Hands, account: str, fen: int) -> None:
    """Leave less on an account."""
    with db.begin() as tx:
        post(tx, entry_rows(clock(), "网络购物", {account: -fen, "merchant": fen}, "purchase", ""))
