"""Telling customers in their conversation: the message is there and the notice on record, or neither."""

from __future__ import annotations

from typing import Any, Protocol

from bot.complaints.case import Complaint
from bot.complaints.closing import Closing
from bot.errors import Conflict
from bot.storage import Database
from bot.text.clock import Clock, utc_now

CHAT = "chat"
ASSISTANT = "assistant"


class Transcript(Protocol):
    """Where conversations are kept. Its writes join the transaction they are made in."""

    def append(
        self, conversation_id: str, role: Any, text: str, *, card: dict[str, Any] | None = None
    ) -> Any:
        """Add a message; what is returned has its number as ``seq``."""

    def newest_of(self, customer_id: str) -> str | None:
        """The conversation that the customer was in last, if they ever were in one."""


class Messenger:
    """Sends a notice where its customer reads it."""

    def __init__(self, db: Database, transcript: Transcript, clock: Clock = utc_now) -> None:
        self._transcript = transcript
        self._clock = clock
        self._closing = Closing(db, clock)

    def send(
        self,
        number: str,
        what: str,
        *,
        by: str = ASSISTANT,
        conversation_id: str | None = None,
        more: str = "",
        card: dict[str, Any] | None = None,
    ) -> Complaint:
        """Say a notice in the conversation that the customer was in last, or in the one named.

        Args:
            what: one of :data:`bot.complaints.vocabulary.NOTICES`.
            more: what is said behind its words, in the message alone.

        Raises:
            Conflict: there is nothing to tell, or the customer never had a conversation.
        """
        case = self._closing.get(number)
        place = conversation_id or self._transcript.newest_of(case.customer_id)
        if place is None:
            raise Conflict(f"投诉 {number} 的客户没有在线会话，请用别的渠道告知并写明凭证")
        where = place

        def say(text: str) -> str:
            message = self._transcript.append(where, "system", text + more, card=card)
            return f"会话 {where} 消息 {message.seq}"

        return self._closing.tell(number, what, by=by, channel=CHAT, at=self._clock(), proof=say)
