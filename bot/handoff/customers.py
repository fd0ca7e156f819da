"""What an agent may know of a customer: masked at first, in plain with a reason and on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.errors import Conflict, Invalid, NotFound
from bot.handoff.audit import DeskAudit
from bot.handoff.floor import Floor
from bot.handoff.port import Transcript
from bot.handoff.ticket import Ticket
from bot.storage import Database

# T/PCAC 0001-2023: so many plain C2 values a person a day at most.
REVEALS_A_DAY = 100
WHY_MIN_CHARS, WHY_MAX_CHARS = 2, 200
# Before the number of what was said.
MESSAGE = "message"


@dataclass(frozen=True)
class CustomerField:
    """One line of a customer's card: ``value`` is masked; a ``revealable`` one can be had in
    plain."""

    id: str
    label: str
    value: str
    revealable: bool


class CustomerDirectory(Protocol):
    """The bank's customers as the desk needs them.

    Raises:
        NotFound: there is no such customer, or no such field.
        Unavailable: the bank does not answer.
    """

    def card(self, customer_id: str) -> Sequence[CustomerField]:
        """Name, telephone, accounts and cards, masked."""

    def reveal(self, customer_id: str, field: str) -> str:
        """One field in plain."""


class Reveals:
    """Shows single values in plain: so many a day, each with its reason, each written down.

    A field is one of the customer's card, or ``message:SEQ``, what was said in the conversation.
    """

    def __init__(
        self,
        db: Database,
        audit: DeskAudit,
        floor: Floor,
        transcript: Transcript,
        directory: CustomerDirectory | None,
        most: int = REVEALS_A_DAY,
    ) -> None:
        self._db = db
        self._audit = audit
        self._floor = floor
        self._transcript = transcript
        self._directory = directory
        self._most = most

    def left_today(self, agent: str) -> int:
        """How many more somebody may see today."""
        return max(0, self._most - self._audit.count_today(agent, "revealed"))

    def reveal(self, ticket: Ticket, agent: str, field: str, why: str) -> tuple[str, int]:
        """The value, and how many more may be shown today.

        Raises:
            Invalid: the reason is none.
            Conflict: the day's number is used up.
            NotFound: the customer is not signed in, or there is no such field or message.
        """
        why = " ".join(why.split())
        if not WHY_MIN_CHARS <= len(why) <= WHY_MAX_CHARS:
            raise Invalid(f"请写明查看明文的原因（{WHY_MIN_CHARS} 到 {WHY_MAX_CHARS} 字）")
        # Asked before anything is written: a bank that is slow must not hold up everybody's writes.
        value = self._value(ticket, field)
        with self._db.begin() as tx:
            # Two at once must not both be the last one.
            self._floor.lock(tx, agent)
            left = self.left_today(agent)
            if not left:
                raise Conflict(f"今天查看明文已满 {self._most} 次，请明天再看或请组长协助")
            self._audit.record(
                agent, "revealed",
                ticket_id=ticket.id, customer_id=ticket.customer_id, field=field, why=why,
            )  # fmt: skip
        return value, left - 1

    def _value(self, ticket: Ticket, field: str) -> str:
        kind, _, seq = field.partition(":")
        if kind == MESSAGE:
            known = self._transcript.last_seq(ticket.conversation_id)
            if not (seq.isascii() and seq.isdigit() and 1 <= int(seq) <= known):
                raise NotFound(f"会话里没有第 {seq} 条消息")
            return self._transcript.after(ticket.conversation_id, int(seq) - 1, 1)[0].text
        if ticket.customer_id is None or self._directory is None:
            raise NotFound("客户没有登录，没有可以查看的资料")
        return self._directory.reveal(ticket.customer_id, field)
