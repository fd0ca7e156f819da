"""Banks of any size that read like the real one: its wordings with their words recombined.

Each made entry takes a real one's wordings and exchanges its most frequent words for others, the
same in all of its wordings: half of them words of the bank, half made of the characters of two, so
that the vocabulary grows with the bank as a natural one does. Nothing is downloaded, and the same
bank and seed make the same texts.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.faq.bank import Bank
from bot.faq.checks import plain
from bot.faq.entry import Entry
from bot.faq.evaluate import Case

SEED = 20
# Questions an entry is given, and those beside them that ask for it and are not in the bank.
WORDINGS, UNSEEN = 20, 2
# One entry in so many has a regression question.
EXPECTED_EVERY = 5
# Words of an entry that are exchanged.
EXCHANGED = 3
TOPICS = 20


@dataclass(frozen=True)
class Synthetic:
    """A bank, and unseen questions with the id of the entry that they ask for."""

    entries: tuple[Entry, ...]
    unseen: tuple[Case, ...]

    def bank(self, changed: Entry | None = None) -> Bank:
        """The entries, with one of them replaced."""
        kept = (changed if changed and changed.id == each.id else each for each in self.entries)
        return Bank(tuple(kept), {each.id: f"{each.topic}.yml" for each in self.entries})


class Maker:
    """Makes banks of the words of ``source``."""

    def __init__(self, source: Sequence[Entry], seed: int = SEED) -> None:
        import jieba

        jieba.setLogLevel("WARNING")
        self._source = source
        self._seed = seed
        self._worded = [[jieba.lcut(question) for question in e.questions] for e in source]
        self._words = sorted({w for group in self._worded for ws in group for w in ws if _long(w)})

    def make(self, questions: int) -> Synthetic:
        """A bank of about ``questions`` questions: a multiple of :data:`WORDINGS`."""
        taken: set[str] = set()
        entries, unseen = [], []
        for number in range(max(1, round(questions / WORDINGS))):
            chance = random.Random(f"{self._seed}-{number}")
            texts: list[str] = []
            for text in self._texts(number % len(self._source), chance):
                if plain(text) not in taken:
                    taken.add(plain(text))
                    texts.append(text)
                if len(texts) == WORDINGS + UNSEEN + 1:
                    break
            question, *variants = texts[:WORDINGS]
            expected, *others = texts[WORDINGS:]
            entry = replace(
                self._source[number % len(self._source)],
                id=f"made.e{number}", topic=f"made{number % TOPICS}", question=question,
                variants=tuple(variants), related=(), quick_replies=(), status="approved",
                expected=() if number % EXPECTED_EVERY else (expected,),
                expires=None, audience="public",
            )  # fmt: skip
            entries.append(entry)
            unseen += [(text, entry.id) for text in others]
        return Synthetic(tuple(entries), tuple(unseen))

    def _texts(self, source: int, chance: random.Random) -> Iterator[str]:
        """Endless wordings of one made entry."""
        worded = self._worded[source]
        counts = Counter(word for words in worded for word in set(words) if _long(word))
        told = [word for word, _ in counts.most_common(EXCHANGED)]
        exchange = {word: self._other(chance) for word in told}
        own = list(exchange.values())
        for words in chance.sample(worded, len(worded)):
            yield _said(words, exchange, own, chance)
        while True:
            first, second = chance.choice(worded), chance.choice(worded)
            joined = first[: (len(first) + 1) // 2] + second[len(second) // 2 :]
            yield _said(joined, exchange, own, chance)

    def _other(self, chance: random.Random) -> str:
        first, second = chance.choice(self._words), chance.choice(self._words)
        return first if chance.random() < 0.5 else first[0] + second[-1]


def _said(
    words: Sequence[str], exchange: dict[str, str], own: Sequence[str], chance: random.Random
) -> str:
    said = [exchange.get(word, word) for word in words]
    if own and not set(said) & set(own):
        said.insert(chance.randrange(len(said)), chance.choice(own))
    return "".join(said).strip()


def _long(word: str) -> bool:
    return len(word) > 1 and word.isalnum()
