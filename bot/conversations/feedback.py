"""What customers think of an answer, or of the whole conversation, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import insert, select, update

from bot.conversations.tables import conversations, feedback
from bot.errors import Invalid, NotFound
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# Why an answer did not help; what the widget calls them stands in its `feedback.js`.
Cause = Literal["off_point", "unclear", "outdated", "other"]
CAUSES: tuple[str, ...] = get_args(Cause)

# Messages count from 1; the verdict on all of them together is kept under this number.
WHOLE_CONVERSATION = 0


@dataclass(frozen=True)
class Verdict:
    """One verdict.

    Attributes:
        seq: the message judged, or ``WHOLE_CONVERSATION``.
        verdict: ``up`` or ``down``; of a whole conversation, ``1`` to ``5``.
        cause: why it is ``down``, one of ``CAUSES``.
        reason: the customer's own words.
    """

    seq: int
    verdict: str
    cause: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.cause is not None and self.cause not in CAUSES:
            raise Invalid(f"cause {self.cause!r}: use one of {', '.join(CAUSES)}")
        if self.cause is not None and self.verdict != "down":
            raise Invalid(f"cause {self.cause!r} with verdict {self.verdict!r}: only for 'down'")


class FeedbackBook:
    """Keeps the latest verdict on each message; giving the same one again changes nothing."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def give(self, conversation_id: str, given: Verdict) -> None:
        """Keep a verdict; it replaces the one before, its cause and its reason included.

        Raises:
            NotFound: there is no such conversation.
        """
        values = {
            "verdict": given.verdict,
            "cause": given.cause,
            "reason": given.reason,
            "at": self._clock(),
        }
        key = (feedback.c.conversation_id == conversation_id, feedback.c.seq == given.seq)
        with self._db.begin() as tx:
            # The row's lock makes two first verdicts at once (a double tap) follow each other.
            known = tx.execute(
                select(conversations.c.id)
                .where(conversations.c.id == conversation_id)
                .with_for_update()
            ).first()
            if known is None:
                raise NotFound(f"没有会话 {conversation_id}")
            if not tx.execute(update(feedback).where(*key).values(**values)).rowcount:
                tx.execute(
                    insert(feedback).values(
                        conversation_id=conversation_id, seq=given.seq, **values
                    )
                )

    def given(self, conversation_id: str, first: int, last: int) -> list[Verdict]:
        """The verdicts on messages ``first`` to ``last``, in order."""
        with self._db.read() as tx:
            rows = tx.execute(
                select(feedback)
                .where(
                    feedback.c.conversation_id == conversation_id,
                    feedback.c.seq.between(first, last),
                )
                .order_by(feedback.c.seq)
            ).all()
        return [Verdict(row.seq, row.verdict, row.cause, row.reason) for row in rows]
