"""A conversation that runs actions as Rasa's action server does, without Rasa."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from bot.text.signals import Signals

SIGNALS = Signals.load(Path(__file__).parents[1] / "data" / "signals.yml")
PAYLOAD = re.compile(r"/(\w+)(\{.*\})?")


@dataclass
class Dialogue:
    """What a tracker keeps of one customer's conversation; ``told`` is what the latest turn said.

    A subclass says which actions a message runs, as the rules do.
    """

    services: Services
    customer_id: str | None = "C1001"
    conversation: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversation = self.services.log.open("web", self.customer_id).id

    @property
    def latest(self) -> dict[str, Any]:
        """The latest message's event."""
        return next(event for event in reversed(self.events) if event["event"] == "user")

    @property
    def logged(self) -> list[str]:
        """What stands in the log beside the actions' answers: what the desk has said."""
        return [each.text for each in self.services.log.after(self.conversation)]

    def hear(self, text: str, intent: str, key: str, parse: dict[str, Any]) -> None:
        """A message stands in the tracker as Rasa parsed it, under its id ``key``; ``parse`` is
        what there is beside the intent, and what is surer of it than usual."""
        chosen = {"name": intent, "confidence": 1.0}
        parsed = {"text": text, "intent": chosen, "entities": [], **parse}
        self.events.append({"event": "user", "text": text, "parse_data": parsed, "message_id": key})

    def act(self, action: Action) -> list[dict[str, Any]]:
        """The events of an action that runs now; what it says is told."""
        tracker = Tracker(
            self.conversation, dict(self.slots), self.latest["parse_data"], list(self.events),
            False, None, {"name": self.loop} if self.loop else {}, "action_listen",
        )  # fmt: skip
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        self.told += dispatcher.messages
        return [dict(event) for event in events]

    def keep(self, events: list[dict[str, Any]]) -> None:
        """What events change of slots and form."""
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]

    def button(self, title: str) -> dict[str, str]:
        """The latest quick reply whose title contains this."""
        buttons = [b for each in reversed(self.told) for b in each.get("buttons") or []]
        found: dict[str, str] = next(b for b in buttons if title in b["title"])
        return found


def intent_of(payload: str) -> tuple[str, list[dict[str, Any]]]:
    """What a quick reply says: its intent and entities."""
    match = PAYLOAD.fullmatch(payload)
    assert match, f"{payload} is no payload"
    values = json.loads(match[2] or "{}")
    return match[1], [{"entity": name, "value": value} for name, value in values.items()]
