"""The linear model behind the intent classifier; it knows scikit-learn, not Rasa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import softmax

from bot.faq.features import code, look_up


@dataclass(frozen=True)
class IntentModel:
    """``weights`` of shape (features, labels), ``biases`` (labels,), ``scales`` (features,).

    A message is the unit vector of its known features, each counted once at its scale; the
    weights have the scale in them. Features are known by their CRC-32, ascending in ``codes``:
    their texts would take more memory than all weights, and two of them seldom share a code.
    """

    labels: tuple[str, ...]
    codes: np.ndarray
    weights: np.ndarray
    biases: np.ndarray
    scales: np.ndarray

    def margins(self, features: Set[str]) -> np.ndarray:
        """Signed distances to each label's border, shape (labels,)."""
        # In order: memory is read from front to back, and sums are rounded alike every time.
        _, known = look_up(np.sort(code(features)), self.codes)
        if not len(known):
            return self.biases
        length = np.linalg.norm(self.scales[known])
        found: np.ndarray = self.weights[known].sum(axis=0, dtype=np.float32) / length
        return found + self.biases

    def probabilities(self, features: Set[str], sharpness: float) -> np.ndarray:
        """Margins as probabilities, shape (labels,); ``sharpness`` is the inverse temperature
        (Guo et al. 2017, arXiv:1706.04599)."""
        found: np.ndarray = softmax(self.margins(features) * sharpness)
        return found


def fit(
    featured: Sequence[Set[str]],
    labels: Sequence[str],
    family_weights: Mapping[str, float],
    penalty: float,
    least: int,
) -> IntentModel:
    """Train one linear support vector machine a label, each against all others.

    Args:
        featured: features of each message; the first letter tells the family.
        family_weights: how much a family's features count; one that is not named counts 1.
        penalty: scikit-learn's ``C``; a larger one trusts the examples more.
        least: a feature of fewer messages is left out.
    """
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import normalize
    from sklearn.svm import LinearSVC

    codes, scales, counted = _count(featured, family_weights, least)
    # One machine after the other would keep one core busy only.
    machines = OneVsRestClassifier(LinearSVC(C=penalty, random_state=0), n_jobs=-1)
    machines.fit(normalize(counted), labels)
    coefficients = np.vstack([each.coef_ for each in machines.estimators_])
    biases = np.concatenate([each.intercept_ for each in machines.estimators_])
    return IntentModel(
        labels=tuple(machines.classes_),
        codes=codes,
        # A feature's weights for all labels lie together: a message reads a few hundred rows.
        weights=np.ascontiguousarray((coefficients * scales).T.astype(np.float16)),
        biases=biases.astype(np.float32),
        scales=scales,
    )


def _count(
    featured: Sequence[Set[str]], family_weights: Mapping[str, float], least: int
) -> tuple[np.ndarray, np.ndarray, csr_matrix]:
    """Codes of the features that enough messages have, ascending; the scale of each; and which
    message has which, at its scale, shape (messages, features)."""
    lengths = [len(each) for each in featured]
    occurring = np.concatenate([code(each) for each in featured])
    weights = [family_weights.get(name[0], 1.0) for each in featured for name in each]
    codes, columns, counts = np.unique(occurring, return_inverse=True, return_counts=True)
    kept = counts >= least
    scales = np.ones(len(codes), dtype=np.float32)
    scales[columns] = weights
    cells = kept[columns]
    place = (
        np.repeat(np.arange(len(featured)), lengths)[cells],
        (np.cumsum(kept) - 1)[columns[cells]],
    )
    counted = csr_matrix((scales[columns[cells]], place), shape=(len(featured), kept.sum()))
    return codes[kept], scales[kept], counted
