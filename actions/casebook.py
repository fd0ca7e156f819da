"""Complaints and suggestions as a conversation takes them in: kept and told together, or neither."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.complaints.case import Complaint
from bot.complaints.categories import guess_category
from bot.complaints.counter import Counter
from bot.complaints.suggestions import Suggestions
from bot.complaints.view import View
from bot.complaints.vocabulary import CATEGORIES
from bot.conversations.log import MessageLog
from bot.storage import Database
from bot.text.clock import Clock, day, shanghai, utc_now

# What is said of a new case behind its number and deadline.
NEXT = "处理人会看到这段对话，并联系您在本行预留的手机号，您不用再说一遍。"
INVITATION = "事情的经过、希望怎么解决、想换个联系方式，都可以接着写在这里。"


@dataclass(frozen=True)
class Said:
    """A customer's own words, and the id of the message that holds them."""

    message_id: str
    text: str


class Casebook:
    """Joins register and message log, as the desk joins queue and log."""

    def __init__(self, db: Database, log: MessageLog, clock: Clock = utc_now) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self.counter = Counter(db, log, clock)
        self.register = self.counter.register
        self.suggestions = Suggestions(db, clock)

    def together(self) -> AbstractContextManager[Any]:
        """A transaction in which a case and whatever else is written stand or fall together."""
        return self._db.begin()

    def open(self, conversation_id: str, customer_id: str, said: Said, *, brief: bool) -> Complaint:
        """Take a complaint in, tell its number and deadline, and record that it was told (21).

        One message is one complaint, told once, however often it comes.

        Args:
            brief: only what has to be told; not the moment for inviting further details.
        """
        with self._db.begin():
            case, new = self.register.open(
                customer_id,
                category=guess_category(said.text),
                text=said.text,
                key=said.message_id,
                conversation_id=conversation_id,
            )
            if new:
                view = self.register.view(case.number, customer_id)
                self.counter.messenger.send(
                    case.number,
                    "acceptance",
                    conversation_id=conversation_id,
                    more=NEXT if brief else NEXT + INVITATION,
                    card=self._receipt(view),
                )
        return case

    def words(self, conversation_id: str, message_id: str) -> str | None:
        """What the customer wrote in this message, as they wrote it; None if it is none of theirs."""
        # Behind "#" stands which of several requests in one message it was.
        conversation, _, seq = message_id.partition("#")[0].rpartition(":")
        if conversation != conversation_id or not seq.isdecimal():
            return None
        found = self._log.after(conversation_id, int(seq) - 1, 1)
        theirs = found and found[0].seq == int(seq) and found[0].role == "customer"
        return found[0].text if theirs else None

    def _receipt(self, view: View) -> dict[str, Any]:
        return {
            "type": "receipt",
            "title": "投诉已登记",
            "rows": [
                ["投诉编号", view.number],
                ["投诉类别", CATEGORIES[view.category]],
                ["登记时间", f"{shanghai(view.received_at):%Y-%m-%d %H:%M}"],
                ["最晚答复", day(view.deadline.due_on, self.today)],
            ],
        }

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return shanghai(self._clock()).date()
