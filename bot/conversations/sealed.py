"""Secrets on their way through: a one-time code is sealed at the edge and opened once.

Between, only a reference travels through log, tracker and model, none of which may hold a
code that completes authentication (JR/T 0171-2020, class C3).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta

from cryptography.fernet import Fernet
from sqlalchemy import delete, insert, select

from bot.conversations.tables import sealed_inputs
from bot.storage import Database
from bot.text.clock import Clock, utc_now

LIFETIME = timedelta(minutes=5)


class SealedInputs:
    """Encrypted inputs, each readable once, by its own conversation, for five minutes.

    Args:
        key: the installation's secret; the encryption key is derived from it.
    """

    def __init__(self, db: Database, key: bytes, clock: Clock = utc_now) -> None:
        derived = hashlib.sha256(b"sealed-inputs:" + key).digest()
        self._db = db
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))
        self._clock = clock

    def seal(self, conversation_id: str, plaintext: str) -> str:
        """Keep ``plaintext`` encrypted; returns the reference to open it by."""
        ref = secrets.token_hex(16)
        now = self._clock()
        with self._db.begin() as tx:
            tx.execute(delete(sealed_inputs).where(sealed_inputs.c.expires_at <= now))
            tx.execute(
                insert(sealed_inputs).values(
                    ref=ref,
                    conversation_id=conversation_id,
                    sealed=self._fernet.encrypt(plaintext.encode()),
                    expires_at=now + LIFETIME,
                )
            )
        return ref

    def open(self, conversation_id: str, ref: str) -> str | None:
        """The plaintext, once; ``None`` if it is not there (any more) or not this conversation's."""
        here = (sealed_inputs.c.ref == ref, sealed_inputs.c.conversation_id == conversation_id)
        with self._db.begin() as tx:
            row = tx.execute(select(sealed_inputs).where(*here)).first()
            if row is None:
                return None
            # Of two openers at once only the one whose DELETE found the row has opened it.
            if not tx.execute(delete(sealed_inputs).where(*here)).rowcount:
                return None
        if row.expires_at <= self._clock():
            return None
        return self._fernet.decrypt(row.sealed).decode()
