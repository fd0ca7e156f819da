"""What customers say by other ways than the conversation, as staff enter it for them.

The same words entered twice on one day are one request, whoever enters them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from bot.complaints.case import Complaint, Facts, Filing, Review
from bot.complaints.casework import Casework
from bot.complaints.categories import guess_category
from bot.complaints.register import Arrival, Register
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now


class Entering:
    """Joins register and casework. ``by`` is who enters it, ``received`` when it came where that
    was before: its day counts, not that of the entry. Errors are those of :class:`Register`."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock
        self._register = Register(db, clock)
        self._casework = Casework(db, clock)

    def open(
        self,
        customer_id: str,
        text: str,
        filing: Filing,
        *,
        by: str,
        category: str | None = None,
        against: Sequence[str] = (),
        received: datetime | None = None,
    ) -> tuple[Complaint, bool]:
        """Enter a complaint, and whether it was new; ``against`` names the staff complained of,
        who must not have a hand in it. Without a ``category`` it is guessed from the words."""
        with self._db.begin():
            case, new = self._register.open(
                customer_id,
                category=category or guess_category(text),
                text=text,
                key=self._key(customer_id, text, filing, received),
                filing=filing,
                arrival=Arrival(by, received),
            )
            for person in against:
                self._casework.recuse(
                    case.number, person, by=by, kind="complained_of", why="登记时指明"
                )
        return case, new

    def add_facts(
        self, number: str, text: str, *, by: str, received: datetime | None = None
    ) -> Facts:
        """Enter what the customer added; somebody judges whether it is new."""
        key, arrival = self._key("add", text, received), Arrival(by, received)
        return self._register.add_facts(number, self._owner(number), text, key, arrival=arrival)

    def withdraw(
        self, number: str, why: str, *, by: str, received: datetime | None = None
    ) -> Complaint:
        """Enter the customer's withdrawal, which ends the case with its receipt (15)."""
        key, arrival = self._key("withdraw", why, received), Arrival(by, received)
        return self._register.withdraw(number, self._owner(number), why, key=key, arrival=arrival)

    def ask_review(
        self, number: str, why: str, *, by: str, received: datetime | None = None
    ) -> Review:
        """Enter the customer's wish for a review (20)."""
        key, arrival = self._key("review", why, received), Arrival(by, received)
        return self._register.ask_review(number, self._owner(number), why, key=key, arrival=arrival)

    def _owner(self, number: str) -> str:
        return self._casework.get(number).customer_id

    def _key(self, *said: object) -> str:
        body = "\0".join(map(str, (*said, shanghai(self._clock()).date())))
        return "staff:" + hashlib.sha256(body.encode()).hexdigest()[:40]
