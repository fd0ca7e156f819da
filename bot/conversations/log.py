"""The message log: every message once, in order, on disk before anything else happens to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.conversations.models import Answer, Conversation, Message, QuickReply, Role
from bot.conversations.tables import conversations, messages
from bot.errors import Conflict, Forbidden, NotFound
from bot.storage import Database
from bot.text.clock import Clock, utc_now

__all__ = ["Answer", "Conversation", "Message", "MessageLog", "QuickReply"]

# A quick reply's value is "seq.index"; no conversation has a number longer than this.
LONGEST_VALUE = 16

PENDING, TAKEN, DONE = "pending", "taken", "done"


class MessageLog:
    """Conversations and their messages. Each method is one transaction, or part of the caller's."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    # ── conversations ────────────────────────────────────────────────────────
    def open(self, channel: str = "web", customer_id: str | None = None) -> Conversation:
        """Begin a conversation; ``customer_id`` is whom the bank's app vouched for, if anybody."""
        now = self._clock()
        opened = Conversation(str(uuid.uuid4()), channel, customer_id, now, now)
        with self._db.begin() as tx:
            tx.execute(insert(conversations).values(last_seq=0, **opened.__dict__))
        return opened

    def get(self, conversation_id: str) -> Conversation:
        """Raises :class:`NotFound` for an unknown id."""
        with self._db.read() as tx:
            row = tx.execute(
                select(conversations).where(conversations.c.id == conversation_id)
            ).first()
        if row is None:
            raise NotFound(f"没有会话 {conversation_id}")
        return Conversation(row.id, row.channel, row.customer_id, row.created_at, row.updated_at)

    def bind_customer(self, conversation_id: str, customer_id: str) -> Conversation:
        """Name the customer of an anonymous conversation, once.

        Raises:
            Forbidden: it belongs to another customer already.
        """
        with self._db.begin() as tx:
            bound = tx.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id, conversations.c.customer_id.is_(None))
                .values(customer_id=customer_id, updated_at=self._clock())
            ).rowcount
            conversation = self.get(conversation_id)
        if not bound and conversation.customer_id != customer_id:
            raise Forbidden("这个会话属于另一位客户")
        return conversation

    def set_large_type(self, conversation_id: str, large: bool) -> None:
        """The customer reads the conversation in large type from now on, or no more."""
        here = update(conversations).where(conversations.c.id == conversation_id)
        with self._db.begin() as tx:
            tx.execute(here.values(large_type=large))

    # ── writing ──────────────────────────────────────────────────────────────
    def append(
        self,
        conversation_id: str,
        role: Role,
        text: str,
        *,
        quick_replies: Sequence[QuickReply] = (),
        card: dict[str, Any] | None = None,
        source: dict[str, Any] | None = None,
        client_id: str | None = None,
    ) -> Message:
        """Add what the bot, an agent or the system says; who may have to send it once more names
        it by a ``client_id``, and asks :meth:`find` first."""
        answer = Answer(text, tuple(quick_replies), card, source)
        with self._db.begin() as tx:
            return self._append(tx, conversation_id, role, answer, client_id)

    def find(self, conversation_id: str, client_id: str) -> Message | None:
        """The message that came under this ``client_id``, if any."""
        with self._db.read() as tx:
            row = self._sent(tx, conversation_id, client_id)
        return None if row is None else message_of(row)

    def receive(
        self,
        conversation_id: str,
        text: str,
        client_id: str,
        *,
        payload: str | None = None,
        body_hash: str,
    ) -> tuple[Message, bool]:
        """Store a customer's message, pending; a repeat gives the stored one and ``False``.

        Raises:
            Conflict: ``client_id`` was used for another body (``body_hash`` differs).
        """
        with self._db.begin() as tx:
            self._lock(tx, conversation_id)
            known = self._sent(tx, conversation_id, client_id)
            if known is not None:
                if known.body_hash != body_hash:
                    raise Conflict(f"client_id {client_id} 已用于另一条消息")
                return message_of(known), False
            message = Message(
                conversation_id, self._next_seq(tx, conversation_id), "customer", text,
                self._clock(), client_id=client_id, payload=payload,
            )  # fmt: skip
            self._insert(tx, message, body_hash=body_hash, status=PENDING)
        return message, True

    def settle(self, conversation_id: str, seq: int, answers: Sequence[Answer]) -> list[Message]:
        """Mark a taken message done and say its answers, together; only the first time."""
        with self._db.begin() as tx:
            self._lock(tx, conversation_id)
            marked = tx.execute(
                update(messages)
                .where(
                    messages.c.conversation_id == conversation_id,
                    messages.c.seq == seq,
                    messages.c.status != DONE,
                )
                .values(status=DONE)
            ).rowcount
            if not marked:
                return []
            return [self._append(tx, conversation_id, "bot", answer) for answer in answers]

    # ── whose turn it is ─────────────────────────────────────────────────────
    def take_pending(self, conversation_id: str) -> Message | None:
        """Take the oldest pending message, unless one is being worked on: turns keep their order.

        Any number of gateways may call this at once; one of them gets the message.
        """
        first_open = (
            select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.status != DONE)
            .order_by(messages.c.seq)
            .limit(1)
        )
        with self._db.read() as tx:
            # After each turn it is asked for the next, and mostly in vain.
            if tx.execute(first_open).first() is None:
                return None
        with self._db.begin() as tx:
            self._lock(tx, conversation_id)
            first = tx.execute(first_open).first()
            if first is None or first.status == TAKEN:
                return None
            tx.execute(
                update(messages)
                .where(messages.c.id == first.id)
                .values(status=TAKEN, taken_at=self._clock())
            )
        return message_of(first)

    def release_taken(self, older_than: timedelta) -> int:
        """Make messages pending again that somebody took that long ago and never finished."""
        with self._db.begin() as tx:
            released: int = tx.execute(
                update(messages)
                .where(
                    messages.c.status == TAKEN,
                    messages.c.taken_at <= self._clock() - older_than,
                )
                .values(status=PENDING, taken_at=None)
            ).rowcount
        return released

    def pending_conversations(self) -> list[str]:
        """Conversations with a message nobody has taken yet."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(messages.c.conversation_id).where(messages.c.status == PENDING).distinct()
            )
            return list(rows.scalars())

    # ── reading ──────────────────────────────────────────────────────────────
    def after(self, conversation_id: str, seq: int = 0, limit: int = 500) -> list[Message]:
        """Messages behind ``seq`` in order, at most ``limit``."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(messages)
                .where(messages.c.conversation_id == conversation_id, messages.c.seq > seq)
                .order_by(messages.c.seq)
                .limit(limit)
            ).all()
        return [message_of(row) for row in rows]

    def last_seq(self, conversation_id: str) -> int:
        """The number of the newest message; 0 before the first."""
        with self._db.read() as tx:
            seq = tx.execute(
                select(conversations.c.last_seq).where(conversations.c.id == conversation_id)
            ).scalar()
        return int(seq or 0)

    def quick_reply(self, conversation_id: str, value: str) -> QuickReply:
        """The button that ``value`` names.

        Raises:
            NotFound: no such button was ever shown in this conversation.
            Conflict: the customer has written since it was shown.
        """
        number, _, index = value.partition(".")
        if not (number.isdecimal() and index.isdecimal()) or len(value) > LONGEST_VALUE:
            raise NotFound(f"没有选项 {value}")
        shown = self.after(conversation_id, int(number) - 1)
        replies = shown[0].quick_replies if shown and shown[0].seq == int(number) else ()
        if int(index) >= len(replies):
            raise NotFound(f"没有选项 {value}")
        if any(message.role == "customer" for message in shown):
            raise Conflict(f"选项 {value} 已过期")
        return replies[int(index)]

    def customers(self) -> list[str]:
        """Everybody who ever had a conversation signed in."""
        known = conversations.c.customer_id
        with self._db.read() as tx:
            rows = tx.execute(select(known).where(known.is_not(None)).distinct().order_by(known))
            return list(rows.scalars())

    def newest_of(self, customer_id: str) -> str | None:
        """The conversation that a customer was in last; ``None`` if there never was one."""
        mine = select(conversations.c.id).where(conversations.c.customer_id == customer_id)
        order = (conversations.c.updated_at.desc(), conversations.c.id)
        with self._db.read() as tx:
            return tx.execute(mine.order_by(*order).limit(1)).scalar()

    def newest_id(self) -> int:
        """A number that grows with every message of any conversation."""
        with self._db.read() as tx:
            return int(tx.execute(select(func.max(messages.c.id))).scalar() or 0)

    def changed_since(self, newest_id: int) -> dict[str, int]:
        """Conversations that got a message after :meth:`newest_id` had this value, each with the
        number of its latest."""
        latest = select(messages.c.conversation_id, func.max(messages.c.seq))
        came = latest.where(messages.c.id > newest_id).group_by(messages.c.conversation_id)
        with self._db.read() as tx:
            return {name: int(seq) for name, seq in tx.execute(came)}

    # ── inside a transaction ─────────────────────────────────────────────────
    def _append(
        self, tx: Connection, conversation_id: str, role: Role, answer: Answer,
        client_id: str | None = None,
    ) -> Message:  # fmt: skip
        message = Message(
            conversation_id, self._next_seq(tx, conversation_id), role, answer.text, self._clock(),
            answer.quick_replies, answer.card, answer.source, client_id,
        )  # fmt: skip
        self._insert(tx, message, status=DONE)
        return message

    def _sent(self, tx: Connection, conversation_id: str, client_id: str) -> Row | None:
        return tx.execute(
            select(messages).where(
                messages.c.conversation_id == conversation_id, messages.c.client_id == client_id
            )
        ).first()

    def _lock(self, tx: Connection, conversation_id: str) -> None:
        # Holding the conversation's row first, always, makes a second gateway wait here
        # (PostgreSQL; SQLite has one writer) and never in a circle.
        tx.execute(
            select(conversations.c.id)
            .where(conversations.c.id == conversation_id)
            .with_for_update()
        )

    def _next_seq(self, tx: Connection, conversation_id: str) -> int:
        # The UPDATE locks the row, so two writers cannot read the same number.
        counted = tx.execute(
            update(conversations)
            .where(conversations.c.id == conversation_id)
            .values(last_seq=conversations.c.last_seq + 1, updated_at=self._clock())
        ).rowcount
        if not counted:
            raise NotFound(f"没有会话 {conversation_id}")
        return self.last_seq(conversation_id)

    def _insert(self, tx: Connection, message: Message, **extra: Any) -> None:
        replies = [reply.stored() for reply in message.quick_replies]
        tx.execute(
            insert(messages).values(**{**message.__dict__, "quick_replies": replies, **extra})
        )


def message_of(row: Any) -> Message:
    """The message that a row of the table holds."""
    return Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        role=row.role,
        text=row.text,
        at=row.at,
        quick_replies=tuple(QuickReply(*reply) for reply in row.quick_replies),
        card=row.card,
        source=row.source,
        client_id=row.client_id,
        payload=row.payload,
    )
