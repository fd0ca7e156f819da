"""What a message is made of, as the intent classifier sees it.

Six families, each told by the first letter of a feature: ``c`` character n-grams with both ends of
the message marked, ``a`` those of what is asserted, ``d`` those of what is denied, ``w`` words, ``s`` letters of the sound, ``k`` concepts and
their pairs. Written forms, typos and pinyin of one request share many of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from bot.text.clauses import split_clauses
from bot.text.concepts import Concepts
from bot.text.sound import letters

CHARACTERS = (1, 4)
CLAUSE_CHARACTERS = (1, 3)
LETTERS = (3, 6)
# A long story repeats itself; what comes after this many characters is seldom the request.
LONGEST = 300


class IntentFeatures:
    """Turns a normalised text and its words into features."""

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts

    def __call__(self, text: str, words: Sequence[str]) -> list[str]:
        """The distinct features, sorted."""
        return sorted(set(self._all(text.lower()[:LONGEST], words)))

    def _all(self, text: str, words: Sequence[str]) -> Iterator[str]:
        asserted, denied = split_clauses(text)
        yield from _ngrams("c", f"^{text}$", *CHARACTERS)
        yield from _ngrams("a", "，".join(asserted) or text, *CLAUSE_CHARACTERS)
        for clause in denied:
            yield from _ngrams("d", clause, *CLAUSE_CHARACTERS)
        yield from _ngrams("s", letters(text), *LETTERS)
        lowered = [word.lower() for word in words]
        yield from (f"w{word}" for word in lowered)
        yield from (f"w{left} {right}" for left, right in pairwise(lowered))
        found = self._concepts.find(text)
        yield from (f"k{name}" for name in found)
        yield from (f"k{left}&{right}" for left, right in combinations(found, 2))


def _ngrams(family: str, text: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for start in range(len(text) - length + 1):
            yield family + text[start : start + length]
