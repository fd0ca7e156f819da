"""A conversation as the gateway writes it into the log, told line by line."""

from __future__ import annotations

from bot.conversations.feedback import FeedbackBook, Verdict
from bot.conversations.log import Answer, MessageLog, QuickReply
from bot.conversations.questions import NONE_OF_THESE
from bot.storage import Database
from tests.conftest import Hands


class Talk:
    """One customer, the bot and an agent; a second passes between any two messages."""

    def __init__(self, db: Database, clock: Hands) -> None:
        self._log = MessageLog(db, clock)
        self._book = FeedbackBook(db, clock)
        self._clock = clock
        self.id = self._log.open().id
        self._count = 0

    def writes(self, text: str, payload: str | None = None) -> int:
        """The customer's message, not yet worked on."""
        self._clock.forward(seconds=1)
        self._count += 1
        message, _ = self._log.receive(
            self.id, text, str(self._count), payload=payload, body_hash=text
        )
        return message.seq

    def turn(self, text: str, decision: str, faq_id: str | None = None, *offers: str) -> int:
        """The bot answers the oldest message that waits; the answer's number."""
        self._clock.forward(seconds=1)
        asked = self._log.take_pending(self.id)
        assert asked is not None
        replies = [QuickReply(offer, offer) for offer in offers]
        if decision == "clarify":
            replies.append(QuickReply("都不是", NONE_OF_THESE))
        source = {"decision": decision, **({"faq_id": faq_id} if faq_id else {})}
        self._clock.forward(seconds=1)
        (stored,) = self._log.settle(
            self.id, asked.seq, [Answer(text, tuple(replies), None, source)]
        )
        return stored.seq  # fmt: skip

    def unanswered(self, text: str) -> int:
        self.writes(text)
        return self.turn("抱歉，我没有完全明白。", "fallback")

    def answered(self, text: str, faq_id: str, answer: str = "见公告。") -> int:
        self.writes(text)
        return self.turn(answer, "faq", faq_id)

    def offered(self, text: str, *questions: str) -> int:
        self.writes(text)
        return self.turn("您想问的是……？", "clarify", None, *questions)

    def picks(self, question: str, faq_id: str, answer: str = "见公告。") -> int:
        self.writes(question, question)
        return self.turn(answer, "faq", faq_id)

    def none_of_these(self) -> int:
        self.writes("都不是", NONE_OF_THESE)
        return self.turn("抱歉，我没有完全明白。", "fallback")

    def agent(self, *texts: str) -> int:
        for text in texts:
            self._clock.forward(seconds=1)
            seq = self._log.append(self.id, "agent", text).seq
        return seq

    def thumb_down(self, seq: int, cause: str | None = None, reason: str | None = None) -> None:
        self._clock.forward(seconds=1)
        self._book.give(self.id, Verdict(seq, "down", cause, reason))

    def thumb_up(self, seq: int) -> None:
        self._clock.forward(seconds=1)
        self._book.give(self.id, Verdict(seq, "up"))
