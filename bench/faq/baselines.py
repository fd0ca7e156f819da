"""What FAQ retrieval is usually built of: each ranks entries by their wording nearest to a text.

BM25 (Robertson and Zaragoza 2009) by bm25s over jieba's words, TF-IDF by scikit-learn over words
and characters. :mod:`bench.faq.selector` is Rasa's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import jieba
import numpy as np

jieba.setLogLevel("WARNING")

# An entry id with its score, best first.
Ranking = list[tuple[str, float]]
# As many as ours offers.
MOST = 3


class Ranker(Protocol):
    """Ranks the entries of a bank for a text."""

    def fit(self, questions: Sequence[tuple[str, str]]) -> None:
        """Learn all (question, entry id) pairs, from nothing."""
        ...

    def rank(self, text: str) -> Ranking:
        """The first :data:`MOST` entries; higher scores are better."""
        ...


class Bm25:
    """Scores as the library gives them, by its defaults."""

    def fit(self, questions: Sequence[tuple[str, str]]) -> None:
        from bm25s import BM25

        self._owners = [owner for _, owner in questions]
        self._model = BM25()
        self._model.index([words(text) for text, _ in questions], show_progress=False)

    def rank(self, text: str) -> Ranking:
        asked = words(text)
        # The library takes no empty question.
        return best(self._model.get_scores(asked), self._owners) if asked else []


class TfIdf:
    """Cosine over words, and characters in runs of one to three."""

    def fit(self, questions: Sequence[tuple[str, str]]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union

        texts = [text for text, _ in questions]
        self._owners = [owner for _, owner in questions]
        self._vectors = make_union(
            TfidfVectorizer(analyzer=words, sublinear_tf=True),
            TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
        )
        # Each half has unit length, so their mean product is a cosine again.
        self._questions = (self._vectors.fit_transform(texts) / 2).T.tocsr()

    def rank(self, text: str) -> Ranking:
        scores = self._vectors.transform([text]) @ self._questions
        return best(scores.toarray()[0], self._owners)


def words(text: str) -> list[str]:
    """jieba's words, punctuation left out."""
    return [word for word in jieba.lcut(text.lower()) if word.isalnum()]


def best(scores: np.ndarray, owners: Sequence[str]) -> Ranking:
    """The entries of the best questions, each with its best question's score."""
    found: dict[str, float] = {}
    for number in np.argsort(-scores, kind="stable"):
        found.setdefault(owners[number], float(scores[number]))
        if len(found) == MOST:
            break
    return list(found.items())
