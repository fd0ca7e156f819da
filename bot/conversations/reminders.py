"""Who was reminded of what today, in whichever conversation: nobody is told twice a day."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.conversations.tables import reminders
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now


class Reminders:
    """Keeps the days on which customers were reminded."""

    def __init__(self, db: Database, clock: Clock = utc_now) -> None:
        self._db = db
        self._clock = clock

    def take(self, customer_id: str, about: str) -> bool:
        """Whether the customer may be reminded now, which then counts as done for this day
        (Shanghai). Of any number of processes that ask at once, one is told so."""
        today = shanghai(self._clock()).date()
        row = {"customer_id": customer_id, "about": about, "day": today}
        try:
            with self._db.begin() as tx:
                tx.execute(insert(reminders).values(**row))
        except IntegrityError:
            return False
        return True
