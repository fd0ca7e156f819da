"""Where customers come with their complaints: what they ask is done and told, or neither."""

from __future__ import annotations

from bot.complaints.case import Complaint
from bot.complaints.messenger import Messenger, Transcript
from bot.complaints.register import Register
from bot.storage import Database
from bot.text.clock import Clock, utc_now


class Counter:
    """Joins register and messenger; for the owner named by ``customer_id``, as the register is."""

    def __init__(self, db: Database, transcript: Transcript, clock: Clock = utc_now) -> None:
        self.register = Register(db, clock)
        self.messenger = Messenger(db, transcript, clock)

    def withdraw(
        self, conversation_id: str, customer_id: str, number: str, *, key: str, why: str = ""
    ) -> bool:
        """End a case and say so in the conversation, once; whether that was now.

        Raises:
            As :meth:`Register.withdraw`.
        """
        told: list[Complaint] = []

        def tell() -> None:
            told.append(self.messenger.send(number, "withdrawal", conversation_id=conversation_id))

        self.register.withdraw(number, customer_id, why, key=key, tell=tell)
        return bool(told)

    def ask_review(
        self, conversation_id: str, customer_id: str, number: str, *, key: str, why: str
    ) -> bool:
        """Have the level above look again and say by when, once; whether that was now.

        Raises:
            As :meth:`Register.ask_review`.
        """
        told: list[Complaint] = []

        def tell() -> None:
            told.append(
                self.messenger.send(number, "review_acceptance", conversation_id=conversation_id)
            )

        self.register.ask_review(number, customer_id, why, key=key, tell=tell)
        return bool(told)
