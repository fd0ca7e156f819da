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
from bot.faq.evidence import Judges
from bot.faq.files import locked
from bot.faq.index import Index
from bot.faq.live import Live
from bot.faq.publication import (
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
    """A bank that could answer: what a publication holds; ``version`` names it, if it is one."""

    entries: tuple[Entry, ...]
    judges: Judges
    calibration: Calibration
    encoder: Encoder
    version: str = ""

    def retriever(self) -> Retriever:
        """Answers from it."""
        entries = {entry.id: entry for entry in self.entries}
        return Retriever(entries, self.judges, self.calibration, self.encoder, version=self.version)

    def save(self, folder: Path) -> None:
        """Write index and calibration into a version's folder."""
        self.judges.index.save(folder, self.encoder)
        self.calibration.save(folder)


def build(
    bank: Bank, encoder: Encoder, off_topic: Sequence[str], former: Built | None = None
) -> Built:
    """Index and calibrate every approved entry. Trains nothing.

    Args:
        former: a version by the same encoder; what it knows of a question is taken from it.

    Raises:
        ConfigError: no entry is approved.
    """
    entries = tuple(entry for entry in bank.entries if entry.status == "approved")
    if not entries:
        raise ConfigError("知识库里没有已审核（approved）的条目，没有可发布的内容")
    questions = [(q, entry.id) for entry in entries for q in entry.questions]
    judges = Judges(Index.build(questions, encoder, former.judges.index if former else None))
    known = former.calibration if former else None
    return Built(entries, judges, calibrate(judges, encoder, off_topic, known), encoder)


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
    judges = Judges(Index.load(folder / version, encoder))
    calibration = Calibration.load(folder / version)
    return Built(tuple(entries_of(folder, version)), judges, calibration, encoder, version)


class LiveRetriever(Live[Retriever]):
    """The publication in use, now; its :meth:`current` raises as :func:`load_publication`."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        super().__init__(folder, lambda: load_publication(folder, encoder))
