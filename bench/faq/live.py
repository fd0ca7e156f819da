"""A process that answers from a publication, as a serving one does: on one core, while a new
version is published beside it."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path

from bench.faq.measure import memory, now, one_core, quickest_pass
from bot.faq.encoder import load_encoder
from bot.faq.entry import Entry
from bot.faq.evaluate import Case
from bot.faq.publication import CURRENT
from bot.faq.publish import LiveRetriever
from bot.text.clock import shanghai, utc_now

# Seconds between two customers, and that are watched on after the new version was seen.
PAUSE, AFTER = 0.005, 0.5
PATIENCE = 600.0
PASSES = 5


@dataclass(frozen=True)
class Marked:
    """A wording that the edited entry gained, and its new answer."""

    question: str = "量子钱包怎么绑到主账户"
    answer: str = "请在手机银行的“钱包”页里绑定。"

    def edit(self, entry: Entry) -> Entry:
        """The entry as its maintainer left it."""
        return replace(entry, answer=self.answer, variants=(*entry.variants, self.question))


@dataclass(frozen=True)
class Quiet:
    """Figures while nothing is published: seconds until the first answer, milliseconds a search,
    MB of memory that the publication takes, and the share of questions whose first candidate is
    right."""

    start: float
    p50: float
    p95: float
    longest: float
    memory: float
    recall_at_1: float


@dataclass(frozen=True)
class TakeUp:
    """When the new answer was first given (:func:`time.time`), the seconds from the switch until
    then, the longest search meanwhile in milliseconds, and the process's greatest memory in MB."""

    seen: float
    take_up: float
    longest_meanwhile: float
    peak: float


class Running:
    """The process; ``asked`` are the questions that its customers ask in turn. ``processor``: the
    quiet figures count the processor's time."""

    def __init__(
        self,
        folder: Path,
        encoder: str,
        asked: Sequence[Case],
        marked: Marked,
        processor: bool = False,
    ) -> None:
        self._folder = folder
        self._here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(
            target=_serve,
            args=(there, folder, encoder, tuple(asked), marked, processor),
            daemon=True,
        )
        self._process.start()
        there.close()
        self.quiet: Quiet = self._next()

    def take_up(self) -> TakeUp:
        """Wait for the version that was just published, then end the process."""
        seen: float = self._next()
        switched = (self._folder / CURRENT).stat().st_mtime
        time.sleep(AFTER)
        self._here.send("stop")
        calls, peak = self._next()
        self._process.join()
        longest = max(seconds for ended, seconds in calls if ended >= switched)
        return TakeUp(seen, max(0.0, seen - switched), longest * 1000, peak)

    def _next(self):  # type: ignore[no-untyped-def]
        if not self._here.poll(PATIENCE):
            raise TimeoutError(f"the serving process said nothing for {PATIENCE:.0f} s")
        try:
            return self._here.recv()
        except EOFError:
            self._process.join()
            raise RuntimeError(f"the serving process ended ({self._process.exitcode})") from None


def _serve(
    connection: Connection,
    folder: Path,
    encoder: str,
    asked: Sequence[Case],
    marked: Marked,
    processor: bool,
) -> None:
    with one_core():
        today = shanghai(utc_now()).date()
        loaded = load_encoder(encoder)
        # Dictionaries are read at the first use, and are no part of a publication.
        loaded.encode([marked.question])
        live = LiveRetriever(folder, loaded)
        connection.send(_quiet(live, asked, today, processor))
        calls, seen = [], False
        for text, _ in cycle(asked):
            for question in (text, marked.question):
                begun = time.time()
                found = live.current().search(question, today)
                ended = time.time()
                calls.append((ended, ended - begun))
            if not seen and found.candidates and found.candidates[0].entry.answer == marked.answer:
                seen = True
                connection.send(ended)
            if connection.poll(PAUSE):
                break
        connection.send((calls, memory("VmHWM")))


def _quiet(live: LiveRetriever, asked: Sequence[Case], today: date, processor: bool) -> Quiet:
    before = memory()
    begun = now(processor)
    retriever = live.current()
    start = now(processor) - begun
    first = ((retriever.search(text, today).candidates[:1], wanted) for text, wanted in asked)
    right = sum(found[0].entry.id == wanted for found, wanted in first if found)
    questions = [text for text, _ in asked]
    waits = quickest_pass(lambda text: retriever.search(text, today), questions, PASSES, processor)
    p95, held = statistics.quantiles(waits, n=20)[18], memory() - before
    return Quiet(start, statistics.median(waits), p95, max(waits), held, right / len(asked))
