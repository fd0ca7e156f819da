"""From what customers asked to what the bank might learn of it.

========  ==================================================================  ================
kind      made of                                                             becomes
========  ==================================================================  ================
cluster   like questions that were not answered, or not with what fits        a new draft
answer    the same, where a person answered; with ``entry_id``: questions     a new draft;
          after whose answer thumbs went down                                 a better answer
variant   a question after which the customer picked ``entry_id``             a wording of it
========  ==================================================================  ================

Pure: values in, suggestions out, in whatever order they come. The queue is :mod:`bot.faq.mined`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from bot.faq.asked import (
    Asked,
    Key,
    Kind,
    Put,
    Suggestion,
    as_question,
    by_count,
    puts_of,
    suggestion_of,
)
from bot.faq.coverage import Coverage
from bot.faq.encoder import Encoder
from bot.faq.grouping import centre, grouped

# Conversations that make a suggestion: what one customer asks may be theirs alone.
LEAST = 2
# New ones after which it is made again, though it was decided on: one more than made it at first.
AGAIN = 3
# Different questions compared at most, the most asked and of equals the latest: pairs grow with
# the square, and 3000 questions take 100 MB and some seconds.
MOST_QUESTIONS = 3000
# Here the question was understood, and the answer is at fault.
ANSWER_AT_FAULT = ("unclear", "outdated")


def mine(
    asked: Iterable[Asked],
    coverage: Coverage,
    encoder: Encoder,
    cut: float,
    decided: Mapping[Key, datetime],
) -> list[Suggestion]:
    """What is worth suggesting now.

    Args:
        cut: the mean cosine from which questions are one (:func:`bot.faq.grouping.cut_for`).
        decided: when a maintainer last decided on what.
    """
    return _Miner(asked, coverage, encoder, cut, decided).suggestions()


class _Miner:
    def __init__(
        self,
        asked: Iterable[Asked],
        coverage: Coverage,
        encoder: Encoder,
        cut: float,
        decided: Mapping[Key, datetime],
    ) -> None:
        self._asked = sorted(asked, key=lambda each: (each.at, each.conversation_id, each.seq))
        self._same = {put.plain: put.asked for put in puts_of(self._asked)}
        self._coverage = coverage
        self._encoder = encoder
        self._cut = cut
        self._decided = decided

    def suggestions(self) -> list[Suggestion]:
        picked: dict[str, list[Asked]] = defaultdict(list)
        at_fault: dict[str, list[Asked]] = defaultdict(list)
        unanswered: list[Asked] = []
        for each in self._asked:
            if each.outcome == "picked":
                picked[each.entry_id or ""].append(each)
            elif self._answer_at_fault(each):
                at_fault[each.entry_id or ""].append(each)
            else:
                unanswered.append(each)
        return [
            *self._questions(unanswered),
            *(found for key in sorted(at_fault) for found in self._answer(key, at_fault[key])),
            *(found for key in sorted(picked) for found in self._variants(key, picked[key])),
        ]

    def _answer_at_fault(self, asked: Asked) -> bool:
        if asked.outcome != "unhelpful" or asked.entry_id is None:
            return False
        own_wording = self._coverage.stored(asked.text) == asked.entry_id
        return own_wording or asked.cause in ANSWER_AT_FAULT

    def _wrong(self, asked: Asked) -> set[str]:
        """Entries that the customer was shown in vain."""
        shown = {self._coverage.stored(question) for question in asked.offered}
        if asked.outcome == "unhelpful":
            shown.add(asked.entry_id)
        return {entry_id for entry_id in shown if entry_id}

    # ── questions without an answer ──────────────────────────────────────────
    def _questions(self, asked: Sequence[Asked]) -> Iterator[Suggestion]:
        latest_first = reversed(puts_of(asked))
        puts = sorted(latest_first, key=lambda put: len(put.talks), reverse=True)
        for group, _ in self._groups(puts[:MOST_QUESTIONS]):
            if not self._many_ask(group):
                continue
            # Searching is the slow part, so it is left for groups that may come to something.
            left = (each for put in group for each in put.asked if not self._covered(each))
            for rest, vectors in self._groups(puts_of(left)):
                if self._many_ask(rest):
                    yield self._question(rest, vectors)

    def _many_ask(self, group: Iterable[Put]) -> bool:
        return self._enough((("", put.plain), each) for put in group for each in put.asked)

    def _covered(self, asked: Asked) -> bool:
        return self._coverage.covers(asked.text, self._wrong(asked))

    def _question(self, group: list[Put], vectors: np.ndarray) -> Suggestion:
        middle = group[centre(vectors, [len(put.talks) for put in group])]
        answer = self._persons_answer(group)
        first = min(group, key=lambda put: (put.asked[0].at, put.plain))
        kind: Kind = "answer" if answer else "cluster"
        question = as_question(middle.text)
        return suggestion_of(kind, ("", first.plain), question, answer, by_count(group))

    def _groups(self, puts: Sequence[Put]) -> Iterator[tuple[list[Put], np.ndarray]]:
        """Ways of putting one question, with their vectors; in an order that is theirs alone."""
        if not puts:
            return
        ordered = sorted(puts, key=lambda put: put.plain)
        vectors = self._encoder.encode([put.text for put in ordered])
        for rows in grouped(vectors, self._cut):
            yield [ordered[row] for row in rows], vectors[rows]

    def _enough(self, evidence: Iterable[tuple[Key, Asked]]) -> bool:
        """Whether so many conversations speak for it; more, where most is decided already."""
        settled: set[str] = set()
        every: set[str] = set()
        for key, each in evidence:
            every.add(each.conversation_id)
            if key in self._decided and each.at <= self._decided[key]:
                settled.add(each.conversation_id)
        fresh = len(every - settled)
        return fresh >= (AGAIN if len(settled) >= fresh else LEAST)

    def _persons_answer(self, group: Iterable[Put]) -> str:
        """Of several the one nearest to all."""
        counts = Counter(each.answer for put in group for each in put.asked if each.answer)
        answers = sorted(counts)
        if len(answers) < 2:
            return "".join(answers)
        nearest = centre(self._encoder.encode(answers), [counts[each] for each in answers])
        return answers[nearest]

    # ── answers that did not help ────────────────────────────────────────────
    def _answer(self, entry_id: str, asked: Sequence[Asked]) -> Iterator[Suggestion]:
        entry = self._coverage.entry(entry_id)
        if entry is None:
            return
        # What was said of an answer that reads otherwise by now is done with.
        present = [each for each in asked if entry.answer.strip() in each.shown]
        key = (entry_id, "")
        since = self._decided.get(key)
        if not self._enough([(key, each) for each in present]):
            return
        kept = [each for each in present if since is None or each.at > since]
        group = by_count(puts_of(kept))
        answer = self._persons_answer(group)
        yield suggestion_of("answer", key, entry.question, answer, group)

    # ── wordings of an entry ─────────────────────────────────────────────────
    def _variants(self, entry_id: str, asked: Sequence[Asked]) -> Iterator[Suggestion]:
        entry = self._coverage.entry(entry_id)
        if entry is None:
            return
        for group, _ in self._groups(puts_of(asked)):
            # One that was turned down is no support for others like it.
            supporters = [put for put in group if not self._turned_down(entry_id, put)]
            support = {talk for put in supporters for talk in put.talks}
            for put in group:
                if self._worth_adding(entry_id, put, support):
                    others = [each for each in by_count(supporters) if each is not put]
                    key = (entry_id, put.plain)
                    yield suggestion_of("variant", key, put.text, "", [put, *others])

    def _turned_down(self, entry_id: str, put: Put) -> bool:
        decided = (entry_id, put.plain) in self._decided
        return decided and self._coverage.stored(put.text) != entry_id

    def _worth_adding(self, entry_id: str, put: Put, support: set[str]) -> bool:
        if self._coverage.has(put.text, entry_id) or self._disputed(entry_id, put):
            return False
        key = (entry_id, put.plain)
        if key in self._decided:
            return self._enough([(key, each) for each in put.asked])
        # One customer's choice is enough where the search by itself would choose the same.
        return len(support) >= LEAST or self._coverage.favours(put.text, entry_id)

    def _disputed(self, entry_id: str, put: Put) -> bool:
        """Whether as many customers who put it so chose another entry, or not this one."""
        others: dict[str, set[str]] = defaultdict(set)
        for each in self._same[put.plain]:
            if each.outcome == "picked" and each.entry_id != entry_id:
                others[each.entry_id or ""].add(each.conversation_id)
            elif each.outcome != "picked" and entry_id in self._wrong(each):
                others[entry_id].add(each.conversation_id)
        return max(map(len, others.values()), default=0) >= len(put.talks)
