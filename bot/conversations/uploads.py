"""Files that a customer handed in: an identity card, a payslip. Kept encrypted in the database,
never on a disk where something might serve or run them, and found only by whose they are or by the
conversation that they came in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from sqlalchemy import func, insert, select

from bot.conversations.tables import uploads
from bot.errors import NotFound
from bot.storage import Database
from bot.text.clock import Clock, utc_now

_META = [column for column in uploads.c if column.name not in ("sealed", "customer_id")]


@dataclass(frozen=True)
class Upload:
    """A file: ``name`` as it may be shown (masked), ``media_type`` as its content says, ``size``
    in bytes."""

    id: str
    conversation_id: str
    name: str
    media_type: str
    size: int
    at: datetime


class Uploads:
    """The files of all customers.

    Args:
        key: the installation's secret; the encryption key is derived from it.
    """

    def __init__(self, db: Database, key: bytes, clock: Clock = utc_now) -> None:
        derived = hashlib.sha256(b"uploads:" + key).digest()
        self._db = db
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))
        self._clock = clock

    def keep(
        self,
        upload_id: str,
        conversation_id: str,
        customer_id: str,
        name: str,
        media_type: str,
        content: bytes,
    ) -> Upload:
        """Keep a file under an id that the caller made up and nobody can guess."""
        kept = Upload(upload_id, conversation_id, name, media_type, len(content), self._clock())
        sealed = self._fernet.encrypt(content)
        with self._db.begin() as tx:
            tx.execute(
                insert(uploads).values(customer_id=customer_id, sealed=sealed, **kept.__dict__)
            )
        return kept

    def get(self, customer_id: str, upload_id: str) -> Upload:
        """What is known of a file.

        Raises:
            NotFound: there is none, or it is another customer's.
        """
        with self._db.read() as tx:
            row = tx.execute(select(*_META).where(*_here(customer_id, upload_id))).first()
        if row is None:
            raise NotFound(f"没有文件 {upload_id}")
        return Upload(**row._mapping)

    def content(self, customer_id: str, upload_id: str) -> bytes:
        """The file itself, for the bank's side that decides; raises as :meth:`get` does."""
        with self._db.read() as tx:
            row = tx.execute(select(uploads.c.sealed).where(*_here(customer_id, upload_id))).first()
        if row is None:
            raise NotFound(f"没有文件 {upload_id}")
        return self._fernet.decrypt(row.sealed)

    def of(self, conversation_id: str, until: datetime | None = None) -> Sequence[Upload]:
        """The files that came in a conversation, up to a moment if one is given; oldest first."""
        query = select(*_META).where(uploads.c.conversation_id == conversation_id)
        if until is not None:
            query = query.where(uploads.c.at <= until)
        with self._db.read() as tx:
            return [Upload(**row._mapping) for row in tx.execute(query.order_by(uploads.c.at))]

    def unsealed(self, upload: Upload) -> bytes:
        """The file itself, for whoever may see its conversation."""
        query = select(uploads.c.sealed).where(uploads.c.id == upload.id)
        with self._db.read() as tx:
            return self._fernet.decrypt(tx.execute(query).scalar_one())

    def count(self, customer_id: str, within: timedelta) -> int:
        """How many files a customer handed in lately."""
        since = self._clock() - within
        here = (uploads.c.customer_id == customer_id, uploads.c.at > since)
        with self._db.read() as tx:
            return int(tx.execute(select(func.count()).select_from(uploads).where(*here)).scalar())


def _here(customer_id: str, upload_id: str) -> tuple[object, object]:
    return (uploads.c.id == upload_id, uploads.c.customer_id == customer_id)
