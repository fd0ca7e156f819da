"""The project's own encoder as it is served: numpy alone.

Importing PyTorch costs a serving process about half a gigabyte, and this encoder is one look-up and
one sum. :class:`bot.faq.ngram_embedding.NgramEmbedding` trains it and saves it as an ordinary
sentence-transformers model; here the same files are read without either library.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from bot.faq.features import code, look_up, written_codes

CONFIG, VECTORS = "config.json", "model.safetensors"
# The one module that a model of ours lists in modules.json.
MODULE = "bot.faq.ngram_embedding.NgramEmbedding"


class Vocabulary:
    """Which bucket and weight a feature has; one that training never saw has ``unknown``."""

    def __init__(self, buckets: int, weights: Mapping[str, float], unknown: float) -> None:
        self.buckets, self.weights, self.unknown = buckets, weights, unknown
        self._codes, order = np.unique(code(weights), return_index=True)
        self._weights = np.array(list(weights.values()), dtype="float32")[order]

    def look_up(self, texts: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Buckets and weights of all features of all texts, and where each text begins:
        ``(ids, starts, weights)``, int64 and float32; one more start than there are texts."""
        rows = [written_codes(text) for text in texts]
        starts = np.cumsum([0, *map(len, rows)])
        asked = np.concatenate([np.zeros(0, dtype=np.uint32), *rows])
        there, places = look_up(asked, self._codes)
        weights = np.full(len(asked), self.unknown, dtype="float32")
        weights[there] = self._weights[places]
        return asked.astype(np.int64) % self.buckets, starts, weights


class NgramTable:
    """``vectors`` of shape (buckets, dimension), float32, and the vocabulary that points there."""

    def __init__(self, vectors: np.ndarray, vocabulary: Vocabulary) -> None:
        self._vectors = vectors
        self._vocabulary = vocabulary

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32, shape (texts, dimension); a text without features has zeros."""
        ids, starts, weights = self._vocabulary.look_up(texts)
        summed = np.zeros((len(texts), self._vectors.shape[1]), dtype="float32")
        for row, (first, last) in enumerate(pairwise(starts)):
            summed[row] = weights[first:last] @ self._vectors[ids[first:last]]
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        return summed / np.maximum(lengths, 1e-12)

    @classmethod
    def load(cls, folder: Path) -> NgramTable:
        """Read the files that the sentence-transformers module saved."""
        config = json.loads((folder / CONFIG).read_text())
        vectors = load_file(folder / VECTORS)["table"]
        return cls(vectors, Vocabulary(config["buckets"], config["weights"], config["unknown"]))


def own_module(model: Path) -> Path | None:
    """Where a saved model keeps this encoder, or ``None`` if it is another kind of model."""
    listing = model / "modules.json"
    if not listing.exists():
        return None
    modules = json.loads(listing.read_text())
    if [module["type"] for module in modules] != [MODULE]:
        return None
    return model / str(modules[0]["path"])
