"""The questions of a bank as vectors, searched by FAISS."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from bot.errors import ConfigError
from bot.faq.encoder import Encoder

VECTORS, META = "questions.faiss", "index.json"


@dataclass(frozen=True)
class Hit:
    """A question of the index by its number, and its cosine to the query."""

    question: int
    cosine: float


class Index:
    """An exact inner-product index over unit vectors, bound to the encoder that made them.

    Exact search over some ten thousand questions takes well under a millisecond; beyond that a
    graph index pays (``faiss.IndexHNSWFlat``).
    """

    def __init__(self, vectors: Any, questions: Sequence[str], owners: Sequence[str]) -> None:
        self._vectors = vectors
        self.questions = tuple(questions)
        self.owners = tuple(owners)

    @classmethod
    def build(cls, questions: Sequence[tuple[str, str]], encoder: Encoder) -> Index:
        """Index (question, entry id) pairs."""
        texts = [text for text, _ in questions]
        encoded = encoder.encode(texts)
        vectors = faiss.IndexFlatIP(encoded.shape[1])
        vectors.add(encoded)
        return cls(vectors, texts, [owner for _, owner in questions])

    def vectors(self) -> np.ndarray:
        """A copy of all vectors, shape (questions, dimension)."""
        found: np.ndarray = self._vectors.reconstruct_n(0, len(self.questions))
        return found

    def search(self, vector: np.ndarray, count: int) -> list[Hit]:
        """The ``count`` nearest questions to a unit vector of shape (dimension,)."""
        wanted = min(count, len(self.questions))
        cosines, numbers = self._vectors.search(vector.reshape(1, -1), wanted)
        return [Hit(int(n), float(c)) for n, c in zip(numbers[0], cosines[0], strict=True)]

    def save(self, folder: Path, encoder: Encoder) -> None:
        """Write vectors, questions and the encoder's fingerprint."""
        faiss.write_index(self._vectors, str(folder / VECTORS))
        meta = {
            "encoder": encoder.fingerprint,
            "questions": self.questions,
            "owners": self.owners,
        }
        (folder / META).write_text(json.dumps(meta, ensure_ascii=False))

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Index:
        """Read an index back.

        Raises:
            ConfigError: it holds another encoder's vectors.
        """
        meta = json.loads((folder / META).read_text())
        if meta["encoder"] != encoder.fingerprint:
            raise ConfigError(
                f"{folder} 是用另一个编码器（{meta['encoder']}）建立的，"
                f"当前编码器是 {encoder.fingerprint}：请运行 bankbot faq publish 重新发布"
            )
        return cls(faiss.read_index(str(folder / VECTORS)), meta["questions"], meta["owners"])
