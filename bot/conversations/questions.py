"""What customers asked, and what became of it: read from the message log for the FAQ bank.

=======================================  ==================================
what happened to a typed question        outcome
=======================================  ==================================
"没有听明白" (fallback)                  ``unanswered``
a choice, then "都不是" or a thumb down  ``none_of_these``
a choice, then one of its questions      ``picked``
an FAQ answer, then a thumb down         ``unhelpful``
a choice, then anything else             none: a new question is a new one
=======================================  ==================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import select, union
from sqlalchemy.engine import Connection

from bot.conversations.models import QuickReply
from bot.conversations.quotable import quotable, quotable_answer
from bot.conversations.tables import feedback, messages
from bot.storage import Database

Outcome = Literal["unanswered", "none_of_these", "picked", "unhelpful"]
# What "都不是" under a choice means to the assistant.
NONE_OF_THESE = "/nlu_fallback"
# How payloads begin that are orders to the assistant or the gateway; others are questions.
_NO_QUESTION = ("/", "gateway:")


@dataclass(frozen=True)
class Asked:
    """A question, normalised and free of anything personal, and what became of it.

    Attributes:
        at: when it was asked.
        entry_id: the entry picked, or the one whose answer did not help.
        offered: the questions of which none fitted.
        shown: the answer that did not help.
        thumb_down, cause, remark: whether a thumb went down, and why.
        answer: what a person then answered; empty if nobody did.
    """

    conversation_id: str
    seq: int
    at: datetime
    text: str
    outcome: Outcome
    entry_id: str | None = None
    offered: tuple[str, ...] = ()
    shown: str = ""
    thumb_down: bool = False
    cause: str | None = None
    remark: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Line:
    """What counts of a message of the log; ``taken_at`` is when a customer's was worked on."""

    seq: int
    role: str
    text: str
    at: datetime
    quick_replies: tuple[QuickReply, ...] = ()
    source: Mapping[str, Any] | None = None
    payload: str | None = None
    taken_at: datetime | None = None

    @property
    def decision(self) -> str | None:
        """Where the message that this one answers was routed."""
        return (self.source or {}).get("decision")


@dataclass(frozen=True)
class ThumbDown:
    """Why a message did not help, as far as the customer said."""

    cause: str | None
    reason: str | None


def read_questions(
    db: Database, since: datetime | None = None
) -> list[tuple[str, tuple[Asked, ...]]]:
    """Every conversation in which something happened since, with all that was asked in it."""
    with db.read() as tx:
        downs = _thumbs_down(tx)
        rows = tx.execution_options(stream_results=True).execute(_lines(since))
        return [
            (conversation, asked_in(conversation, list(map(_line, group)), downs.get(conversation, {})))
            for conversation, group in groupby(rows, key=lambda row: str(row.conversation_id))
        ]  # fmt: skip


def asked_in(
    conversation_id: str, lines: Sequence[Line], downs: Mapping[int, ThumbDown]
) -> tuple[Asked, ...]:
    """What was asked in one conversation.

    Args:
        lines: all of it, in order.
        downs: thumbs down by the number of the message judged.
    """
    return tuple(_Reading(conversation_id, lines, downs).asked())


class _Reading:
    """One conversation, by turns: each of the customer's messages with what answered it."""

    def __init__(
        self, conversation_id: str, lines: Sequence[Line], downs: Mapping[int, ThumbDown]
    ) -> None:
        self._id = conversation_id
        self._lines = lines
        self._downs = downs
        self._customer = [line for line in lines if line.role == "customer"]
        self._answers: dict[int, list[Line]] = {line.seq: [] for line in self._customer}
        for line in lines:
            if line.role == "bot" and (asked := self._answered_by(line)) is not None:
                self._answers[asked.seq].append(line)

    def asked(self) -> Iterator[Asked]:
        chosen: set[int] = set()
        for line in self._customer:
            if line.seq in chosen:
                continue
            facts, pressed = self._facts(line)
            if pressed is not None:
                # What became of the choice is told of the question before it.
                chosen.add(pressed.seq)
            if facts and (text := quotable(line.payload or line.text)) is not None:
                yield Asked(self._id, line.seq, line.at, text, **facts)

    def _answered_by(self, answer: Line) -> Line | None:
        """The message that this one answers: the last that had been taken up by then. Turns are
        one at a time, so what was written meanwhile was taken up after the answer."""
        for line in reversed(self._customer):
            if line.seq < answer.seq and line.taken_at and line.taken_at <= answer.at:
                return line
        return None

    def _facts(self, line: Line) -> tuple[dict[str, Any] | None, Line | None]:
        """Outcome and its details, or ``None`` where there is nothing to learn; and the choice
        that the customer pressed."""
        if line.payload is not None and line.payload.startswith(_NO_QUESTION):
            return None, None
        for answer in self._answers[line.seq]:
            if answer.decision == "clarify":
                pressed = self._pressed(answer)
                return self._chosen(answer, pressed), pressed
            if answer.decision == "fallback":
                return {"outcome": "unanswered", **self._details(answer)}, None
            if answer.decision == "faq" and answer.seq in self._downs:
                return self._unhelpful(answer), None
        return None, None

    def _pressed(self, choice: Line) -> Line | None:
        """The customer's next message, if it is one of the choices pressed. Where a later message
        of the bot's shows the same button, that one was pressed."""
        for line in self._lines:
            if line.seq <= choice.seq:
                continue
            if line.role == "customer":
                return line if (line.text, line.payload) in _buttons(choice) else None
            if _buttons(line) & _buttons(choice):
                return None
        return None

    def _chosen(self, choice: Line, pressed: Line | None) -> dict[str, Any] | None:
        refused = pressed.payload == NONE_OF_THESE if pressed else choice.seq in self._downs
        if refused:
            payloads = (reply.payload for reply in choice.quick_replies)
            offered = tuple(each for each in payloads if not each.startswith(_NO_QUESTION))
            return {"outcome": "none_of_these", "offered": offered, **self._details(choice)}
        for answer in self._answers[pressed.seq] if pressed else ():
            if answer.decision == "faq" and answer.seq in self._downs:
                return self._unhelpful(answer)
            if answer.decision == "faq":
                return {"outcome": "picked", "entry_id": _entry_id(answer)}
        return None

    def _unhelpful(self, answer: Line) -> dict[str, Any]:
        return {
            "outcome": "unhelpful", "entry_id": _entry_id(answer), "shown": answer.text,
            **self._details(answer),
        }  # fmt: skip

    def _details(self, answer: Line) -> dict[str, Any]:
        """What the customer said of this answer, and what a person said instead."""
        details: dict[str, Any] = {"answer": self._by_person(answer)}
        down = self._downs.get(answer.seq)
        if down is not None:
            remark = quotable(down.reason or "") or ""
            details |= {"thumb_down": True, "cause": down.cause, "remark": remark}
        return details

    def _by_person(self, answer: Line) -> str:
        """What agents wrote afterwards, unless the bot helped first; till the bot is back."""
        said: list[str] = []
        for line in self._lines:
            if line.seq <= answer.seq:
                continue
            if line.role == "agent" and line.seq not in self._downs:
                said.append(line.text)
            elif line.role == "bot" and (said or line.decision in ("faq", "business")):
                break
        return quotable_answer(said)


def _entry_id(answer: Line) -> str | None:
    return (answer.source or {}).get("faq_id")


def _buttons(line: Line) -> set[tuple[str, str | None]]:
    return {(reply.title, reply.payload) for reply in line.quick_replies}


def _lines(since: datetime | None) -> Any:
    columns = (
        "conversation_id", "seq", "role", "text", "at", "quick_replies", "source", "payload",
        "taken_at",
    )  # fmt: skip
    query = select(*(messages.c[name] for name in columns)).order_by(
        messages.c.conversation_id, messages.c.seq
    )
    if since is None:
        return query
    touched = union(
        select(messages.c.conversation_id).where(messages.c.at >= since),
        select(feedback.c.conversation_id).where(feedback.c.at >= since),
    )
    return query.where(messages.c.conversation_id.in_(touched))


def _line(row: Any) -> Line:
    replies = tuple(QuickReply(*reply) for reply in row.quick_replies)
    return Line(row.seq, row.role, row.text, row.at, replies, row.source, row.payload, row.taken_at)


def _thumbs_down(tx: Connection) -> dict[str, dict[int, ThumbDown]]:
    """All of them: a conversation is read whole, and few thumbs are ever given."""
    rows = tx.execute(
        select(feedback).where(feedback.c.verdict == "down", feedback.c.seq > 0)
    ).all()
    found: dict[str, dict[int, ThumbDown]] = {}
    for row in rows:
        given = ThumbDown(row.cause, row.reason)
        found.setdefault(row.conversation_id, {})[row.seq] = given
    return found
