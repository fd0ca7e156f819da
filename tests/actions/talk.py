"""A conversation with the actions as Rasa leads it, without Rasa: rules and forms by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rasa_sdk import Action

from bot.banking.stub import Outbox
from bot.banking.stub.ledger import entry_rows, post
from bot.storage import Database
from bot.text.entities import EntityFinder
from bot.text.normalise import normalise
from tests.conftest import Hands
from tests.dialogue import SIGNALS, Dialogue, intent_of

ROOT = Path(__file__).parents[2]
FINDER = EntityFinder()
ACTS = ("affirm", "deny", "cancel", "correct", "inform", "resend_code", "repeat", "retry")
# What the router decides on, where a test does not say so itself.
DECISIONS = {
    "faq": "faq", "out_of_scope": "out_of_scope", "request_human": "hand_off",
    "complaint": "hand_off", "dispute_transaction": "hand_off", "chitchat": "smalltalk", "greet": "smalltalk", "thank": "smalltalk",
    "goodbye": "smalltalk", "clarify": "clarify", "nlu_fallback": "fallback",
    **dict.fromkeys(ACTS, "act"),
}  # fmt: skip


@dataclass
class Talk(Dialogue):
    """One customer's conversation. ``actions`` are the rules' by name; those not there, like an
    FAQ answer, only say that they ran."""

    outbox: Outbox = field(kw_only=True)
    actions: dict[str, Action] = field(kw_only=True)
    rules: dict[str, str] = field(kw_only=True)
    count: int = 0
    # Whether the next message is one that was asked for together with another.
    after: bool = False
    # When the last message was written.
    last_at: float | None = None

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
        return self.sent(self.button(title)["payload"])

    def sent(self, payload: str) -> str:
        """A quick reply that sends this is pressed."""
        intent, entities = intent_of(payload)
        return self.turn(payload, intent, 1.0, entities, {})

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
        at = self.services.clock().timestamp()
        metadata = {"after": self.after, "silent": at - (self.last_at or at)}
        self.last_at = at
        key = f"{self.conversation}:{self.count}"
        chosen = {"name": intent, "confidence": confidence}
        parse = {"intent": chosen, "entities": entities, **parse, "metadata": metadata}
        self.hear(text, intent, key, parse)
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
        events = self.act(self.actions[f"validate_{form}"])
        if not any(e["event"] == "slot" and e["name"] != "requested_slot" for e in events):
            self.events.pop()
            return False
        self._record(before)
        self.keep(events)
        if self.slots.get("requested_slot") is None:
            self.loop = None
            self._run(f"action_{form.removesuffix('_form')}")
        return True

    def _run(self, name: str) -> bool:
        """Run an action; whether it went on to a form by itself."""
        before = len(self.told)
        if name in self.actions:
            events = self.act(self.actions[name])
        else:
            self.told.append({"text": f"<{name}>"})
            events = []
        self._record(before)
        self.events.append({"event": "action", "name": name})
        self.keep(events)
        forms = [event["name"] for event in events if event["event"] == "followup"]
        for form in forms:
            self._run_form(form)
        return bool(forms)

    def _record(self, start: int) -> None:
        """What was said stands in the tracker, as Rasa keeps it."""
        for each in self.told[start:]:
            data = {name: each.get(name) for name in ("buttons", "custom")}
            self.events.append({"event": "bot", "text": each["text"], "data": data})

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


def ready_for(intent: str, usual: str) -> Begin:
    """How a test gets a customer to the confirmation card: in the usual words, or in its own."""

    def ready(talk: Talk, said: str = usual) -> Talk:
        talk.say(said, intent)
        assert talk.asked == "operation_confirmed", (talk.asked, talk.told)
        return talk

    return ready


def confirmed(talk: Talk) -> None:
    """The customer confirms what the card shows, and is asked for the code."""
    assert talk.asked == "operation_confirmed", (talk.asked, talk.told)
    talk.press("确认")
    assert talk.asked == "code_ref", (talk.asked, talk.told)


def spend(db: Database, clock: Hands, account: str, fen: int) -> None:
    """Leave less on an account."""
    with db.begin() as tx:
        post(tx, entry_rows(clock(), "网络购物", {account: -fen, "merchant": fen}, "purchase", ""))
