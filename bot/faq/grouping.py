"""Which questions are one question: average-linkage clustering of their vectors.

Two groups are joined while the mean cosine between them is above a cut. Where to cut is derived
from the bank: its own wordings, where the encoder never saw them, say what comes out pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.faq.bank import Bank
from bot.faq.encoder import Encoder, held_out

# Of the wordings in a group three in four shall ask the same; the rest the maintainer strikes out.
# Purer groups are smaller, and leave more questions alone that belong together. Topics that the
# encoder never saw come out as pure as this, give or take 0.05.
PURE = 0.75
CUTS = np.round(np.arange(0.2, 0.81, 0.01), 2)
# From fewer held-out wordings nothing can be told; then the cut of the bank that comes along.
FEWEST, USUAL = 200, 0.33
# More of them would only take longer: pairs grow with the square.
MOST_HELD_OUT = 3000


def cut_for(bank: Bank, encoder: Encoder) -> float:
    """The lowest mean cosine at which groups are :data:`PURE`."""
    rows = [
        (text, entry.id) for entry in bank.entries for text in entry.questions if held_out(text)
    ]
    if len(rows) < FEWEST:
        return USUAL
    rows = rows[:: -(-len(rows) // MOST_HELD_OUT)]
    tree = _tree(encoder.encode([text for text, _ in rows]))
    owners = [owner for _, owner in rows]
    for cut in CUTS:
        if _purity(_cut(tree, float(cut)), owners) >= PURE:
            return float(cut)
    return float(CUTS[-1])


def grouped(vectors: np.ndarray, cut: float) -> list[list[int]]:
    """Rows of unit vectors, shape (texts, dimension), in groups; each group in rising order."""
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    return _cut(_tree(vectors), cut)


def centre(vectors: np.ndarray, weights: Sequence[int]) -> int:
    """The row nearest to the others, each weighted; of equals the first."""
    nearness = vectors @ (np.array(weights, dtype=np.float32) @ vectors)
    return int(np.argmax(np.round(nearness, 4)))


def _tree(vectors: np.ndarray) -> np.ndarray:
    from scipy.cluster.hierarchy import linkage

    # Row by row: the square would take twice the memory of the half that is needed.
    halves = [1.0 - vectors[row + 1 :] @ vectors[row] for row in range(len(vectors) - 1)]
    distances = np.concatenate(halves).astype(np.float64)
    found: np.ndarray = linkage(np.maximum(distances, 0.0), "average")
    return found


def _cut(tree: np.ndarray, cut: float) -> list[list[int]]:
    from scipy.cluster.hierarchy import fcluster

    groups: dict[int, list[int]] = {}
    for row, label in enumerate(fcluster(tree, 1.0 - cut, "distance")):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())


def _purity(groups: Sequence[Sequence[int]], owners: Sequence[str]) -> float:
    """Of the rows that are in a group with others, the share that has its commonest owner."""
    joined = [[owners[row] for row in group] for group in groups if len(group) > 1]
    right = sum(Counter(group).most_common(1)[0][1] for group in joined)
    return right / max(1, sum(map(len, joined)))
