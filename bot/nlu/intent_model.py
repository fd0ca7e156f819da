"""The linear model behind the intent classifier; it knows scikit-learn, not Rasa."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.special import softmax


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

    def margins(self, features: Sequence[str]) -> np.ndarray:
        """Signed distances to each label's border, shape (labels,)."""
        asked = _codes(features)
        places = np.searchsorted(self.codes, asked).clip(max=len(self.codes) - 1)
        known = places[self.codes[places] == asked]
        if not len(known):
            return self.biases
        length = np.linalg.norm(self.scales[known])
        found: np.ndarray = self.weights[known].sum(axis=0, dtype=np.float32) / length
        return found + self.biases

    def probabilities(self, features: Sequence[str], sharpness: float) -> np.ndarray:
        """Margins as probabilities, shape (labels,); ``sharpness`` is the inverse temperature
        (Guo et al. 2017, arXiv:1706.04599)."""
        found: np.ndarray = softmax(self.margins(features) * sharpness)
        return found


def fit(
    featured: Sequence[Sequence[str]],
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
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize
    from sklearn.svm import LinearSVC

    counter = CountVectorizer(analyzer=list, binary=True, min_df=least, dtype=np.float32)
    counted = counter.fit_transform(featured)
    names = counter.get_feature_names_out()
    scales = np.array([family_weights.get(name[0], 1.0) for name in names], dtype=np.float32)
    rows: csr_matrix = normalize(counted @ diags(scales))
    machine = LinearSVC(C=penalty, random_state=0).fit(rows, labels)
    codes, order = np.unique(_codes(names), return_index=True)
    return IntentModel(
        labels=tuple(machine.classes_),
        codes=codes,
        # A feature's weights for all labels lie together: a message reads a few hundred rows.
        weights=np.ascontiguousarray((machine.coef_ * scales).T[order].astype(np.float16)),
        biases=machine.intercept_.astype(np.float32),
        scales=scales[order],
    )


def _codes(features: Iterable[str]) -> np.ndarray:
    return np.fromiter((zlib.crc32(each.encode()) for each in features), dtype=np.uint32)
