"""What a conversation is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal

Role = Literal["customer", "bot", "agent", "system"]
# What a button is for: going on with the matter at hand, or asking another question.
Group = Literal["business", "related"]


@dataclass(frozen=True)
class Conversation:
    """One customer's conversation; ``customer_id`` is ``None`` until they sign in."""

    id: str
    channel: str
    customer_id: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class QuickReply:
    """A button. ``payload`` is what pressing it means to the assistant (``/intent{…}`` or plain
    text); the client only ever sees the title and a value naming the button."""

    title: str
    payload: str
    group: Group = "business"

    def stored(self) -> list[str]:
        """Plain values, as the log keeps them; ``QuickReply(*values)`` reads them back."""
        usual = self.group == "business"
        return [self.title, self.payload] if usual else [self.title, self.payload, self.group]


@dataclass(frozen=True)
class Answer:
    """Something to be said by the assistant."""

    text: str
    quick_replies: tuple[QuickReply, ...] = ()
    card: dict[str, Any] | None = None
    source: dict[str, Any] | None = None


@dataclass(frozen=True)
class Message:
    """One line of the log. ``seq`` counts from 1 within its conversation, without gaps.

    ``payload`` goes to the assistant instead of ``text`` (a pressed quick reply, a sealed code).
    """

    conversation_id: str
    seq: int
    role: Role
    text: str
    at: datetime
    quick_replies: tuple[QuickReply, ...] = ()
    card: dict[str, Any] | None = None
    source: dict[str, Any] | None = None
    client_id: str | None = None
    payload: str | None = None

    def public(self) -> dict[str, Any]:
        """The message as the API shows it; payloads stay here."""
        return {
            "seq": self.seq,
            "role": self.role,
            "text": self.text,
            "quick_replies": [
                {"title": reply.title, "value": f"{self.seq}.{number}", "group": reply.group}
                for number, reply in enumerate(self.quick_replies)
            ],
            "card": self.card,
            "source": self.source,
            "at": iso(self.at),
            "client_id": self.client_id,
        }


def iso(moment: datetime) -> str:
    """UTC in ISO 8601 with milliseconds and ``Z``."""
    text = moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
