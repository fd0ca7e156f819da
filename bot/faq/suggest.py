"""Questions of the published bank that a text just being typed may become.

Only wordings are compared here: no encoder and no word segmenter, whose dictionary alone would
cost the gateway 80 MB. Typing is matched, best first, with what the bank's questions say, with
how they sound (``xyk``, ``xinyongka``, ``转帐``), and with the pairs of syllables they share.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from bot.faq.checks import plain
from bot.faq.entry import Entry
from bot.faq.live import Live
from bot.faq.publication import current_version, entries_of
from bot.text.sound import letters

MOST = 5
# One character says too little; nobody's short question is longer than the other.
LEAST_CHARS, MOST_CHARS = 2, 40
# From here on a text holds enough pairs of characters to be compared by them.
LEAST_CHARS_TO_COMPARE = 4
# The share of its pairs, weighed by their rarity, that a question must have in common with it.
LEAST_SHARED = 0.5
# A pair that stands in more of the questions than this tells nothing.
COMMON, LEAST_COMMON = 0.25, 3
# Beyond this many hits of one kind the text is too short to tell them apart.
MOST_HITS = 1_000

# Telephone numbers, cards and codes, however they are grouped.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){5}")
# `letters` gives a character one reading; these have another in a bank (银行, 还款, 多长, 重置).
_OTHER_READINGS = {"行": "hang", "还": "huan", "长": "chang", "重": "chong", "调": "diao"}
_LATIN = re.compile(r"[a-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def worth_matching(text: str) -> bool:
    """Whether a text can be the beginning of a question, and holds nothing that may be a secret."""
    return (
        LEAST_CHARS <= len(text.strip()) <= MOST_CHARS
        and _LONG_NUMBER.search(text) is None
        and any(char.isalpha() for char in text)
    )


class _Lines:
    """Many short texts as one, so that all of them are searched at the speed of one."""

    def __init__(self, lines: Iterable[tuple[str, Entry]]) -> None:
        self._starts: list[int] = []
        self.entries: list[Entry] = []
        parts: list[str] = []
        end = 1
        for line, entry in lines:
            self._starts.append(end)
            self.entries.append(entry)
            parts.append(line)
            end += len(line) + 1
        self.text = "\n" + "\n".join(parts) + "\n"

    def find(self, needle: str) -> Iterator[tuple[int, int]]:
        """(line, place in the line) of the needle's first place in each line."""
        at = self.text.find(needle)
        while at >= 0:
            line = bisect_right(self._starts, at) - 1
            yield line, at - self._starts[line]
            at = self.text.find(needle, self._next(line))

    def match(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """The same for a pattern."""
        found = pattern.search(self.text)
        while found:
            line = bisect_right(self._starts, found.start()) - 1
            yield line, found.start() - self._starts[line]
            found = pattern.search(self.text, self._next(line))

    def _next(self, line: int) -> int:
        return self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)


class Suggester:
    """Searches one publication's wordings. Building takes a second, searching a few milliseconds."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        every = self._entries.values()
        asked = [(each.question, each) for each in every]
        varied = [(variant, each) for each in every for variant in each.variants]
        self._said = [
            _Lines((plain(text), each) for text, each in some) for some in (asked, varied)
        ]
        self._heard = [
            _Lines((sound, each) for text, each in some for sound in _sounds(text))
            for some in (asked, varied)
        ]

    def entry(self, entry_id: str, today: date, audience: str = "public") -> Entry | None:
        """The entry, if it may be given to ``audience`` on ``today``."""
        found = self._entries.get(entry_id)
        return found if found is not None and found.answers(today, audience) else None

    def suggest(
        self, text: str, today: date, audience: str = "public", most: int = MOST
    ) -> list[Entry]:
        """Entries whose question ``text`` may become, best first, at most ``most``."""
        if not worth_matching(text):
            return []
        found: dict[str, Entry] = {}
        for entry in self._ranked(plain(text)):
            if entry.answers(today, audience):
                found.setdefault(entry.id, entry)
            if len(found) >= most:
                break
        return list(found.values())

    def _ranked(self, text: str) -> Iterator[Entry]:
        """Entries by falling rank, with repetitions; lazily, since the first few mostly do."""
        if len(text) < LEAST_CHARS:
            return
        typed, unsaid = _LATIN.search(text) is not None, True
        pattern = _sound_pattern(text)
        for said, heard in zip(self._said, self._heard, strict=True):
            for entry in _nearest(said, said.find(text)):
                unsaid = False
                yield entry
            if typed:
                yield from _nearest(heard, heard.match(pattern))
        # Characters that stand in a question just so are no slip of the keyboard.
        if unsaid and not typed:
            for heard in self._heard:
                yield from _nearest(heard, heard.match(pattern))
        if len(text) >= LEAST_CHARS_TO_COMPARE and _HAN.search(text):
            yield from _sharing(self._heard[0], text)


def _nearest(lines: _Lines, hits: Iterator[tuple[int, int]]) -> list[Entry]:
    """Entries of the hits: at a line's beginning before within it, short before long."""
    ranks = [
        (place, len(lines.entries[line].question), line)
        for (line, place), _ in zip(hits, range(MOST_HITS), strict=False)
    ]
    return [lines.entries[line] for _, _, line in sorted(ranks)]


def _sharing(lines: _Lines, text: str) -> list[Entry]:
    """Entries that share most of the text's pairs of syllables, each weighed by its rarity."""
    count = len(lines.entries)
    heard = [letters(each) for each in text]
    weights: dict[int, float] = defaultdict(float)
    whole = 0.0
    for first, second in set(zip(heard, heard[1:], strict=False)):
        hits = [line for line, _ in lines.find(f" {first} {second} ")]
        if len(hits) > max(COMMON * count, LEAST_COMMON):
            continue
        # A pair that the bank knows nowhere may be mere manner of speaking ("我想", "一下").
        weight = math.log((count + 1) / (len(hits) or math.sqrt(count + 1)))
        whole += weight
        for line in hits:
            weights[line] += weight
    ranks = [
        (-weight, len(lines.entries[line].question), line)
        for line, weight in weights.items()
        if weight >= LEAST_SHARED * whole
    ]
    return [lines.entries[line] for _, _, line in sorted(ranks)]


def _sounds(text: str) -> list[str]:
    """How a wording may be read, each syllable between blanks: ``" xin yong ka "``."""
    characters = plain(text)
    usual = "".join(f" {letters(each)}" for each in characters) + " "
    other = "".join(f" {_OTHER_READINGS.get(each) or letters(each)}" for each in characters) + " "
    return [usual] if usual == other else [other, usual]


def _sound_pattern(text: str) -> re.Pattern[str]:
    """Matches what sounds like ``text``: a character is one whole syllable, a typed letter goes
    on with a syllable or begins the next. So ``xyk``, ``xinyk`` and ``信用k`` mean the same."""
    pattern, typing = "", False
    for each in text:
        if _HAN.match(each):
            # What was typed of the syllable before may have been its beginning only.
            pattern += f"[a-z]* {letters(each)}\\b" if typing else f" {letters(each)}"
            typing = False
        elif typing:
            pattern += f"(?:[a-z]* )?{re.escape(each)}"
        else:
            pattern += f" {re.escape(each)}"
            typing = True
    return re.compile(pattern if typing else pattern + r"\b")


class LiveSuggester(Live[Suggester]):
    """The suggester of the publication in use, now; it knows no question while there is none."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, lambda: _published(folder), otherwise=Suggester(()))


def _published(folder: Path) -> Suggester:
    version = current_version(folder)
    return Suggester(entries_of(folder, version) if version else ())
