"""What the assistant and the gateway need of a human desk, whoever runs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.handoff.hours import Interval
from bot.handoff.summary import NOTHING, Line
from bot.handoff.ticket import Ticket
from bot.handoff.waiting import Wait


class Transcript(Protocol):
    """Where the conversation is kept. Its writes join the transaction they are made in."""

    def append(
        self,
        conversation_id: str,
        role: Any,
        text: str,
        *,
        card: dict[str, Any] | None = None,
        source: dict[str, Any] | None = None,
        client_id: str | None = None,
    ) -> Line:
        """Add a message of ``role`` agent or system."""

    def find(self, conversation_id: str, client_id: str) -> Line | None:
        """The message that was added under this ``client_id``, if any."""

    def after(self, conversation_id: str, seq: int = 0, limit: int = 500) -> Sequence[Line]:
        """Messages behind ``seq``, in order."""

    def last_seq(self, conversation_id: str) -> int:
        """The number of the newest message."""


@dataclass(frozen=True)
class Handover:
    """The ticket a customer now has, their wait, and whether it was just opened."""

    ticket: Ticket
    wait: Wait
    new: bool

    @property
    def position(self) -> int:
        """The place in the queue, from 1."""
        return self.wait.position


class HandoffPort(Protocol):
    """A human desk. Every call is one transaction, or part of the caller's; what is told to the
    customer is written in it too. Times are aware UTC.

    All but :meth:`hand_over` and the questions raise :class:`~bot.errors.Conflict` where the
    conversation's ticket does not allow what is asked.
    """

    def hand_over(
        self,
        conversation_id: str,
        *,
        customer_id: str | None,
        reason: str,
        line: str,
        slots: dict[str, Any],
        signals: Collection[str] = (),
        facts: Mapping[str, str] = NOTHING,
        opening: str | None = None,
        customer_tier: str = "standard",
        due_at: datetime | None = None,
    ) -> Handover:
        """Call a person into the conversation; asked for again, it is the same ticket.

        Args:
            reason, line: of :mod:`bot.handoff.reasons`.
            signals: how it stands with the customer; they make it more urgent and set the tone.
            facts: what was gathered and need not be asked again, masked, by its labels.
            opening: said in the place of the reason's own, where there is more to tell than that;
                as that, its last sentence says that a person comes. Of a known ticket the rest
                is told all the same.
            due_at: the lawful deadline of what it is about.

        Raises:
            Invalid: one of the names is none there is.
        """

    def with_person(self, conversation_id: str) -> bool:
        """Whether the customer's words are for a person rather than the assistant."""

    def customer_wrote(
        self, conversation_id: str, text: str, signals: Collection[str] = ()
    ) -> None:
        """A message that is for a person comes into the log; after the end it starts nothing.

        Args:
            signals: how it stands with the customer; danger that shows only now goes before all.
        """

    def waiting(self, ticket: Ticket) -> Wait:
        """The place of a waiting ticket, and how long it will probably take."""

    def waits(self, conversations: Collection[str]) -> Mapping[str, Wait]:
        """The same of whoever waits in one of these, by conversation."""

    def leave(self, conversation_id: str) -> Ticket | None:
        """The customer wants no person any more, or ends the conversation with one; None if none
        was called."""

    def keep_assistant(self, conversation_id: str) -> Ticket:
        """The customer goes on asking the assistant while they wait."""

    def callback_slots(self, conversation_id: str) -> Sequence[Interval]:
        """The times at which the customer, who waits, could be called back instead."""

    def ask_callback(self, conversation_id: str, at: datetime) -> Ticket:
        """The customer chose the one that begins at ``at``.

        Raises:
            Invalid: it is none of them.
        """

    def not_resolved(self, conversation_id: str) -> Handover:
        """The survey's answer: back to the same group, more urgently."""

    def tell_announcement(self, conversation_id: str) -> bool:
        """Say what is announced to everybody now, once to each conversation; whether it was."""

    def set_deadline(self, conversation_id: str, due_at: datetime) -> None:
        """The lawful deadline is known only now; nothing happens without an open ticket."""
