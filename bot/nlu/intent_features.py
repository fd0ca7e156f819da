"""What a message is made of, as the intent classifier sees it.

Nine families, each told by the first letter of a feature: ``c`` character n-grams with both ends of
the message marked, ``a`` those of what is asserted, ``d`` those of what is denied, ``l`` those of the
last clause, where a request stands that was led up to, ``w`` words, ``s`` letters of the sound, ``k`` concepts and their pairs, ``e`` kinds of entities, ``m`` n-grams of the
message with each entity put by its kind. Written forms, typos and pinyin of one request share many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from bot.text.clauses import last_clause, split_clauses
from bot.text.concepts import Concepts
from bot.text.entities import Entity
from bot.text.sound import letters

CHARACTERS = (1, 4)
CLAUSE_CHARACTERS = (1, 3)
MASKED_CHARACTERS = (1, 3)
LETTERS = (3, 6)
# The sound has more n-grams than all else together; at full weight it would drown the writing.
WEIGHTS = {"s": 0.6}
# One sign a kind of entity, none that a customer types; an open sum is a sum.
SIGNS = {
    "amount": "\ue000", "unclear_amount": "\ue000", "period": "\ue001", "card_tail": "\ue002",
    "account_kind": "\ue003", "payee": "\ue004", "phone": "\ue005", "instalments": "\ue006",
    "product": "\ue007", "bill_kind": "\ue008",
}  # fmt: skip
# Kinds whose value says as much as the kind.
TELLING = ("account_kind", "product", "bill_kind")
# A long story repeats itself; what comes after this many characters is seldom the request.
LONGEST = 300


class IntentFeatures:
    """Turns a normalised text and its words into features."""

    def __init__(self, concepts: Concepts) -> None:
        self._concepts = concepts

    def __call__(self, text: str, words: Sequence[str], entities: Sequence[Entity]) -> set[str]:
        """The features; ``entities`` in order of position."""
        written = set(self._written(text.lower()[:LONGEST], words))
        return written.union(_said(text[:LONGEST], entities))

    def _written(self, text: str, words: Sequence[str]) -> Iterator[str]:
        asserted, denied = split_clauses(text)
        yield from _ngrams("c", f"^{text}$", *CHARACTERS)
        yield from _ngrams("a", "，".join(asserted) or text, *CLAUSE_CHARACTERS)
        for clause in denied:
            yield from _ngrams("d", clause, *CLAUSE_CHARACTERS)
        yield from _ngrams("l", f"^{last_clause(text)}$", *CLAUSE_CHARACTERS)
        yield from _ngrams("s", letters(text), *LETTERS)
        lowered = [word.lower() for word in words]
        yield from (f"w{word}" for word in lowered)
        yield from (f"w{left} {right}" for left, right in pairwise(lowered))
        found = self._concepts.find(text)
        yield from (f"k{name}" for name in found)
        yield from (f"k{left}&{right}" for left, right in combinations(found, 2))


def _said(text: str, entities: Sequence[Entity]) -> Iterator[str]:
    masked, last = "", 0
    for entity in entities:
        yield f"e{entity.type}"
        if entity.type in TELLING:
            yield f"e{entity.type}={entity.value}"
        masked += text[last : entity.start] + SIGNS[entity.type]
        last = entity.end
    if entities:
        yield from _ngrams("m", f"^{masked}{text[last:]}$".lower(), *MASKED_CHARACTERS)


def _ngrams(family: str, text: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for start in range(len(text) - length + 1):
            yield family + text[start : start + length]
