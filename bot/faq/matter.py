"""The matter at hand: what the question before was about, and where asking on about it leads."""

from __future__ import annotations

from collections.abc import Iterable

from bot.faq.ellipsis import Vocabulary
from bot.faq.entry import Entry
from bot.faq.found import Before, Found, Lookup
from bot.faq.retriever import Retrieval

# How much an entry that answered a moment ago counts against others: few ask the same again.
REPEATED = 0.2
# How much it counts that another completion leads to the same entry.
AGREED = 0.2
NOTHING = Found("", Retrieval("none", ()))


class Matter:
    """What was spoken of before.

    Attributes:
        questions: the customer's, and that of the entry which answered it.
        things: names of things in them, those within longer names too.
    """

    def __init__(self, before: Before, bank: Lookup, words: Vocabulary) -> None:
        self._bank = bank
        self._entry = bank.entry(before.entry_id)
        # The entry's own question is written well, the customer's may say more.
        entry = [self._entry.question] if self._entry else []
        self.questions = tuple(dict.fromkeys([before.question, *entry]))
        self.things = frozenset(name for each in self.questions for name in words.names(each))

    def holds(self, entry: Entry) -> bool:
        """Whether an entry belongs to the matter."""
        known = self._entry
        if any(thing in entry.question for thing in self.things):
            return True
        if known is None:
            return not self.things
        return entry.topic == known.topic or entry.id in known.related or known.id in entry.related

    def fresh(self, texts: Iterable[str], inside: bool = True) -> Found:
        """The best of completed ``texts`` that another entry answers than the one before;
        ``inside``: one that belongs to the matter. :data:`NOTHING` where there is none."""
        led: dict[str, list[Found]] = {}
        for found in self._found(texts):
            entry = found.entry
            if entry and not self._again(entry) and (self.holds(entry) or not inside):
                led.setdefault(entry.id, []).append(found)
        return max(max(led.values(), key=_agreed, default=[NOTHING]), key=_score)

    def again(self, texts: Iterable[str]) -> Found:
        """The best of completed ``texts`` that the entry before answers as well."""
        found = [each for each in self._found(texts) if each.entry and self._again(each.entry)]
        return max(found, key=_score, default=NOTHING)

    def _again(self, entry: Entry) -> bool:
        return self._entry is not None and entry.id == self._entry.id

    def _found(self, texts: Iterable[str]) -> list[Found]:
        return [
            Found(text, self._others_first(self._bank.search(text)), completed=True)
            for text in dict.fromkeys(texts)
        ]

    def _others_first(self, found: Retrieval) -> Retrieval:
        """Others before the entry that answered just now, where they are likely enough."""
        if not found.candidates or not self._again(found.candidates[0].entry):
            return found
        first, *rest = found.candidates
        others = [each for each in rest if each.score > REPEATED * first.score]
        return Retrieval("clarify", (*others, first)) if others else found


def _score(found: Found) -> float:
    return found.score


def _agreed(found: Iterable[Found]) -> float:
    """The highest score, and a little for every other completion that leads to the entry."""
    scores = [each.score for each in found]
    return max(scores) + AGREED * (sum(scores) - max(scores))
