"""Completing what a customer leaves out because it was said a moment ago.

"那信用卡呢" after a question about debit cards, "多久到账" after one about transfers: the text is asked
again with what is missing, taken from the question before, and the better of the two understood.
A text that is complete, or that its completion does not make clearer, is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.faq.ellipsis import Reading, Vocabulary
from bot.faq.found import Before, Found, Lookup
from bot.faq.matter import Matter

# In characters: a longer text says for itself what it is about;
LONGEST = 18
# one so short may have choices offered to its completion;
BRIEF = 12
# and one so short may ask for the same entry again.
SHORT = 6


@dataclass(frozen=True)
class Limits:
    """Scores from which a completion is preferred to the text alone."""

    # Worth offering, or better than nothing.
    offer: float = 0.2
    # Sure enough to answer.
    answer: float = 0.5
    # To an answer to the text alone that is about something it does not name.
    over_unnamed: float = 0.6
    # To an answer to the text alone, where nothing says that it goes on from what was asked.
    over_answer: float = 0.7
    # The same entry again, or another in its stead.
    again: float = 0.75
    # An answer to the text alone from which hardly any completion is preferred to it.
    certain: float = 0.85


class FollowUps:
    """Understands a text in the light of the question before it."""

    def __init__(self, words: Vocabulary, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._words = words
        self._limits = limits

    def understand(self, text: str, before: Before | None, bank: Lookup) -> Found:
        """The text alone, or completed where that is clearly what was meant."""
        alone = Found(text, bank.search(text))
        if before is None or len(text) > LONGEST:
            return alone
        said = self._words.read(text)
        matter = Matter(before, bank, self._words)
        if not said.content:
            return self._bare(alone, said, matter)
        if alone.retrieval.exact:
            return alone
        if said.likewise or (said.refers and not said.asks):
            return self._renamed(alone, said, matter)
        if said.things:
            return alone if alone.answers else self._naming(alone, said, matter)
        return self._saying(alone, said, matter)

    def _joined(self, said: Reading, matter: Matter) -> list[str]:
        """What the question before was about, with what this one asks of it."""
        subjects = [about for each in matter.questions for about in self._words.subjects(each)]
        return [about + said.core for about in subjects]

    def _renamed(self, alone: Found, said: Reading, matter: Matter) -> Found:
        """The question before, asked of what this text names."""
        limits = self._limits
        named = said.things[0] if said.likewise else said.core.rstrip("的")
        texts = [text for each in matter.questions for text in self._words.replaced(each, named)]
        if named not in said.things:
            texts += self._joined(said, matter)
        # A name alone asks nothing, so what it finds alone is a guess unless it is very sure.
        rival = alone.score if alone.answers and alone.score >= limits.certain else 0.0
        least = limits.answer if alone.answers else limits.offer
        fresh = matter.fresh(texts, inside=False)
        if fresh.score >= max(least, rival):
            return fresh
        again = matter.again(texts)
        return again if again.score >= limits.again and not rival else alone

    def _bare(self, alone: Found, said: Reading, matter: Matter) -> Found:
        """Of a text that names and says nothing: it can hardly stand alone."""
        limits = self._limits
        texts = self._joined(said, matter)
        fresh, again = matter.fresh(texts), matter.again(texts)
        # "怎么办" alone asks on about the same thing; "多久" about something new, if there is one.
        asks_on = self._words.tags(said.core)
        if fresh.score >= limits.again and not (asks_on and again.score >= limits.again):
            return fresh
        terse = said.refers or (len(said.core) <= SHORT and not alone.retrieval.exact)
        if again.score >= limits.again and terse:
            return again
        return fresh if fresh.score >= (limits.answer if alone.answers else limits.offer) else alone

    def _naming(self, alone: Found, said: Reading, matter: Matter) -> Found:
        """Of a text that names a thing, though not enough for an answer."""
        fresh = matter.fresh(self._joined(said, matter))
        named = fresh.entry is not None and said.things[0] in fresh.entry.question
        return fresh if named and fresh.score >= self._limits.over_answer else alone

    def _saying(self, alone: Found, said: Reading, matter: Matter) -> Found:
        """Of a text that names nothing but says something: alone, unless completed it is clearer."""
        limits = self._limits
        if len(said.core) <= SHORT and alone.score < limits.certain:
            again = matter.again(thing + said.core for thing in matter.things)
            if again.score >= limits.certain:
                return again
        if alone.score >= limits.answer and alone.entry and matter.holds(alone.entry):
            return alone
        fresh = matter.fresh(self._joined(said, matter))
        if alone.score >= limits.answer:
            return fresh if fresh.answers and fresh.score >= self._over(alone, said) else alone
        brief = said.refers or len(said.core) <= BRIEF
        least = max(alone.score, limits.offer if brief else limits.answer)
        return fresh if fresh.score >= least else alone

    def _over(self, alone: Found, said: Reading) -> float:
        """The score from which a completion is preferred to an answer outside the matter."""
        limits = self._limits
        if alone.entry and self._words.things(alone.entry.question):
            return limits.over_unnamed
        if alone.score >= limits.certain:
            return 1.0
        return limits.answer if said.refers else max(alone.score, limits.over_answer)
