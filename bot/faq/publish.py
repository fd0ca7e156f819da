"""Making a bank ready to answer, switching over to it, and reading the version in use.

:func:`publish` checks nothing: what a maintainer publishes goes through
:class:`bot.faq.release.Releases`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError
from bot.faq.bank import Bank
from bot.faq.calibration import Calibration, calibrate
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry
from bot.faq.files import locked
from bot.faq.index import Index
from bot.faq.publication import (
    CURRENT,
    SYSTEM,
    current_folder,
    entries_of,
    next_number,
    point,
    prune,
    store,
    versions,
)
from bot.faq.retriever import Retriever
from bot.text.clock import Clock, utc_now

__all__ = ["Built", "LiveRetriever", "build", "load_publication", "load_version", "publish", "versions"]  # fmt: skip


@dataclass(frozen=True)
class Built:
    """A bank that could answer: what a publication holds."""

    entries: tuple[Entry, ...]
    index: Index
    calibration: Calibration
    encoder: Encoder

    def retriever(self) -> Retriever:
        """Answers from it."""
        entries = {entry.id: entry for entry in self.entries}
        return Retriever(entries, self.index, self.calibration, self.encoder)

    def save(self, folder: Path) -> None:
        """Write index and calibration into a version's folder."""
        self.index.save(folder, self.encoder)
        self.calibration.save(folder)


def build(bank: Bank, encoder: Encoder, off_topic: Sequence[str]) -> Built:
    """Index and calibrate every approved entry. Trains nothing.

    Raises:
        ConfigError: no entry is approved.
    """
    entries = tuple(entry for entry in bank.entries if entry.status == "approved")
    if not entries:
        raise ConfigError("知识库里没有已审核（approved）的条目，没有可发布的内容")
    index = Index.build([(q, entry.id) for entry in entries for q in entry.questions], encoder)
    return Built(entries, index, calibrate(index, encoder, off_topic), encoder)


def publish(
    bank: Bank, folder: Path, encoder: Encoder, off_topic: Sequence[str], clock: Clock = utc_now
) -> str:
    """Publish every approved entry at once; returns the version's name. Trains nothing."""
    built = build(bank, encoder, off_topic)
    with locked(folder):
        made = store(
            folder, built.save, list(built.entries), next_number(folder),
            at=clock(), by=SYSTEM, why="", encoder=encoder.fingerprint,
        )  # fmt: skip
        point(folder, made.version)
        prune(folder)
    return made.version


def load_publication(folder: Path, encoder: Encoder) -> Retriever:
    """The publication in use.

    Raises:
        ConfigError: nothing is published, or by another encoder.
    """
    return load_version(folder, current_folder(folder).name, encoder).retriever()


def load_version(folder: Path, version: str, encoder: Encoder) -> Built:
    """A version that is kept, ready to answer; raises as :func:`load_publication`."""
    index = Index.load(folder / version, encoder)
    calibration = Calibration.load(folder / version)
    return Built(tuple(entries_of(folder, version)), index, calibration, encoder)


class LiveRetriever:
    """The publication in use, now: a new one is noticed at the next search."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._folder = folder
        self._encoder = encoder
        self._seen: tuple[int, int] | None = None
        self._retriever: Retriever | None = None

    def current(self) -> Retriever:
        """The retriever of the present publication; one ``stat`` when nothing changed."""
        try:
            stat = (self._folder / CURRENT).stat()
            seen = (stat.st_mtime_ns, stat.st_ino)
        except FileNotFoundError:
            seen = None
        if self._retriever is None or seen != self._seen:
            self._retriever = load_publication(self._folder, self._encoder)
            self._seen = seen
        return self._retriever
