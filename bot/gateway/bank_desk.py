"""What the FAQ page's calls work with: the bank's library, put together over one folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from sqlalchemy import func, select

from bot.errors import ConfigError
from bot.faq.bank import Bank
from bot.faq.checks import Finding, check_bank
from bot.faq.editing import Editor
from bot.faq.entry import Entry
from bot.faq.publication import Publication, about, current_version, entries_of
from bot.faq.release import Releases
from bot.faq.review import Pending, Reviews
from bot.faq.surroundings import business_intents, off_topic
from bot.faq.tables import faq_changes, faq_reviews
from bot.gateway.bank_live import Kept, LiveBank, remembering
from bot.gateway.errors import ApiError
from bot.storage import Database
from bot.text.clock import Clock, shanghai

if TYPE_CHECKING:
    from bot.faq.encoder import Encoder
    from bot.faq.publish import Built

# How many of staff's calls run at once; customers' have threads of their own.
THREADS = 4


@dataclass(frozen=True)
class InUse:
    """The version that answers customers; ``publication`` is ``None`` before the first."""

    publication: Publication | None
    entries: Mapping[str, Entry]


class BankDesk:
    """Reads and changes the bank for people at the page.

    Args:
        folder: the bank's files.
        publications: folder of publications.
        encoder: a sentence-transformers model by path or by hub name; it may still be missing.
    """

    def __init__(
        self, folder: Path, publications: Path, encoder: str, db: Database, clock: Clock
    ) -> None:
        self._folder = folder
        self.publications = publications
        self._encoder_name = encoder
        self.db = db
        self.clock = clock
        self.limiter = CapacityLimiter(THREADS)
        self.reviews = Reviews(db, clock)
        self.releases = Releases(publications, db, self.encoder, clock)
        # Between reading the bank and writing it nobody else of this process writes.
        self.editing = threading.Lock()
        self._publishing = threading.Lock()
        self.live = LiveBank(folder)
        self._warmed = False
        self._findings: Kept[list[Finding]] = Kept()
        self._pending: Kept[dict[str, Pending]] = Kept()
        self._in_use: Kept[InUse] = Kept()
        self._encoder: Kept[Encoder] = Kept()
        self._remembering: Kept[Encoder] = Kept()
        self._answering: Kept[Built] = Kept()

    def today(self) -> date:
        """The day in Shanghai."""
        return shanghai(self.clock()).date()

    def bank(self) -> Bank:
        """The bank as it is in the files now."""
        return self.live.current()

    def intents(self) -> frozenset[str]:
        """Business that a quick reply may lead to."""
        return business_intents()

    def off_topic(self) -> list[str]:
        """Texts that are none of a bank's business."""
        return off_topic()

    def editor(self) -> Editor:
        """Writes the bank's files; hold :attr:`editing`."""
        return Editor(self._folder, self.db, self.intents(), self.clock)

    def findings(self, bank: Bank) -> list[Finding]:
        """What stands against the bank without asking an encoder."""
        today = self.today()
        key = (_state(bank), bank.errors, today)
        return self._findings.get(key, lambda: check_bank(bank, self.intents(), today))

    def pending(self, bank: Bank) -> dict[str, Pending]:
        """What waits for a review, by entry."""
        with self.db.read() as tx:
            last = [
                tx.execute(select(func.max(t.c.id))).scalar() for t in (faq_changes, faq_reviews)
            ]
        key = (_state(bank), *last)
        return self._pending.get(
            key, lambda: {each.entry_id: each for each in self.reviews.pending(bank)}
        )

    def in_use(self) -> InUse:
        """The version in use and its entries."""
        version = current_version(self.publications)
        return self._in_use.get(version or "", lambda: self._read_version(version))

    def _read_version(self, version: str | None) -> InUse:
        if version is None or not (self.publications / version).is_dir():
            return InUse(None, {})
        entries = {entry.id: entry for entry in entries_of(self.publications, version)}
        return InUse(about(self.publications, version), entries)

    def encoder(self) -> Encoder:
        """The encoder as it is now.

        Raises:
            ApiError: 503 ``no_encoder``.
        """
        from bot.faq.encoder import load_encoder

        try:
            return self._encoder.get(
                self._encoder_state(), lambda: load_encoder(self._encoder_name)
            )
        except (ConfigError, OSError, ValueError, KeyError):
            raise ApiError(
                503,
                "no_encoder",
                "还没有训练编码器，暂时不能比较、试问和发布（运行 make train 后即可）。",
            ) from None

    def can_compare(self) -> bool:
        """Whether there is an encoder; found out without loading it."""
        from bot.faq.encoder import is_there

        return is_there(self._encoder_name)

    def _encoder_state(self) -> tuple[tuple[str, int, int], ...]:
        """Changes when the encoder is trained anew while we run."""
        found = []
        for path in sorted(Path(self._encoder_name).rglob("*.safetensors")):
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def answering(self) -> Built:
        """The version in use, ready to be asked.

        Raises:
            ApiError: 503 ``no_encoder``, 409 ``unpublished``.
        """
        from bot.faq.publish import load_version

        encoder, publication = self.encoder(), self.in_use().publication
        if publication is None:
            raise ApiError(409, "unpublished", "知识库还没有发布过，请先发布。")
        version = publication.version
        try:
            return self._answering.get(
                (version, encoder.fingerprint),
                lambda: load_version(self.publications, version, encoder),
            )
        except ConfigError:
            what = f"正在使用的{publication.title}出自另一个编码器，请重新发布后再试。"
            raise ApiError(409, "unpublished", what) from None

    def comparing(self) -> Encoder:
        """An encoder that knows the published wordings already; raises as :meth:`encoder`."""
        encoder, version = self.encoder(), current_version(self.publications)

        def make() -> Encoder:
            try:
                index = self.answering().judges.index
            except (ApiError, OSError):
                index = None
            return remembering(encoder, index)

        return self._remembering.get((version, encoder.fingerprint), make)

    def warm(self) -> None:
        """Begin to load what comparing needs, so that who starts to write does not wait for it."""
        if not self._warmed and self.can_compare():
            self._warmed = True
            threading.Thread(target=self._compare_once, daemon=True).start()

    def _compare_once(self) -> None:
        # Whoever compares is told what is wrong; nobody waits for this.
        with suppress(ApiError):
            self.comparing().encode(["。"])

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """One publication at a time; raises 409 ``busy`` while another is made."""
        if not self._publishing.acquire(blocking=False):
            raise ApiError(409, "busy", "另一位同事正在发布，请稍候再试。")
        try:
            yield
        finally:
            self._publishing.release()


def _state(bank: Bank) -> tuple[str, ...]:
    return tuple(source.digest for source in bank.files)
