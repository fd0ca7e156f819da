"""The questions of a bank as retrieval needs them: vectors searched by FAISS, and features."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from bot.errors import ConfigError
from bot.faq.checks import plain
from bot.faq.encoder import Encoder
from bot.faq.features import sound_codes, written_codes
from bot.faq.rows import Rows

META, ARRAYS, LISTS = "index.json", "index.npz", "lists.faiss"
# Exact search costs half a millisecond at 10 000 questions and grows with them; from here on an
# inverted file looks at the likeliest lists only. What it misses another judge mostly names.
FLAT_MOST = 10_000
# New questions are read so many at a time: encoder and index ask for their features, and no more of
# them are remembered (:func:`bot.faq.features.written_codes`).
TOGETHER = 16
# Of about sqrt(n) lists so many are looked at; each list's centre is learned from so many vectors in
# so many rounds: ten find hardly more and take twice as long.
PROBES, SAMPLES_A_LIST, ROUNDS = 12, 64, 4


@dataclass(frozen=True)
class Index:
    """Row ``n`` of everything is question ``n``; questions of one entry stand together.

    Attributes:
        texts, owners, plains: the question, its entry's id, and what tells it from another.
        vectors: unit vectors, float32, shape (questions, dimension).
        words, sounds: feature codes.
        nearest: the FAISS index over ``vectors``, by inner product.
    """

    texts: tuple[str, ...]
    owners: tuple[str, ...]
    plains: tuple[str, ...]
    vectors: np.ndarray
    words: Rows
    sounds: Rows
    nearest: Any

    @classmethod
    def build(
        cls, questions: Sequence[tuple[str, str]], encoder: Encoder, former: Index | None = None
    ) -> Index:
        """Index (question, entry id) pairs, those of one entry one after the other.

        Args:
            former: an index by the same encoder; what it knows of a question is taken from it.
        """
        read = _read_before(former) if former else {}
        new = [text for text, _ in questions if text not in read]
        for begin in range(0, len(new), TOGETHER):
            some = new[begin : begin + TOGETHER]
            for text, vector in zip(some, encoder.encode(some), strict=True):
                read[text] = plain(text), written_codes(text), sound_codes(text), vector
        texts, owners = zip(*questions, strict=True)
        plains, words, heard, rows = zip(*(read[text] for text in texts), strict=True)
        vectors = np.stack(rows)
        return cls(texts, owners, plains, vectors, Rows.of(words), Rows.of(heard), _faiss(vectors))

    def search(self, vector: np.ndarray, count: int) -> np.ndarray:
        """Rows of the ``count`` nearest questions to a unit vector of shape (dimension,)."""
        _, rows = self.nearest.search(vector.reshape(1, -1), min(count, len(self.texts)))
        found: np.ndarray = rows[0][rows[0] >= 0]
        return found

    def save(self, folder: Path, encoder: Encoder) -> None:
        """Write it with the encoder's fingerprint."""
        meta = {
            "encoder": encoder.fingerprint,
            "texts": self.texts,
            "owners": self.owners,
            "plains": self.plains,
        }
        (folder / META).write_text(json.dumps(meta, ensure_ascii=False))
        arrays = {"vectors": self.vectors}
        for name, rows in (("words", self.words), ("sounds", self.sounds)):
            arrays |= {f"{name}_codes": rows.codes, f"{name}_starts": rows.starts}
        np.savez(folder / ARRAYS, **arrays)
        if len(self.texts) > FLAT_MOST:
            faiss.write_index(self.nearest, str(folder / LISTS))

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Index:
        """Read an index back.

        Raises:
            ConfigError: it holds another encoder's vectors, or was written by another version.
        """
        meta = json.loads((folder / META).read_text())
        if meta["encoder"] != encoder.fingerprint:
            raise ConfigError(
                f"{folder} 是用另一个编码器（{meta['encoder']}）建立的，"
                f"当前编码器是 {encoder.fingerprint}：请运行 bankbot faq publish 重新发布"
            )
        if not (folder / ARRAYS).exists():
            raise ConfigError(f"{folder} 是旧格式：请运行 bankbot faq publish 重新发布")
        with np.load(folder / ARRAYS) as arrays:
            words, sounds = (
                Rows(arrays[f"{name}_codes"], arrays[f"{name}_starts"])
                for name in ("words", "sounds")
            )
            vectors = arrays["vectors"]
        lists = folder / LISTS
        nearest = faiss.read_index(str(lists)) if lists.exists() else _faiss(vectors)
        return cls(
            tuple(meta["texts"]), tuple(meta["owners"]), tuple(meta["plains"]),
            vectors, words, sounds, nearest,
        )  # fmt: skip


def _read_before(former: Index) -> dict[str, tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """What an index knows of each text: plain, words, sounds, vector."""
    return {
        text: (former.plains[row], former.words[row], former.sounds[row], former.vectors[row])
        for row, text in enumerate(former.texts)
    }


def _faiss(vectors: np.ndarray) -> Any:
    count, dimension = vectors.shape
    flat = faiss.IndexFlatIP(dimension)
    if count <= FLAT_MOST:
        flat.add(vectors)
        return flat
    lists = int(count**0.5)
    inverted = faiss.IndexIVFFlat(flat, dimension, lists, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.max_points_per_centroid, inverted.cp.niter = SAMPLES_A_LIST, ROUNDS
    inverted.train(vectors)
    inverted.add(vectors)
    inverted.nprobe = PROBES
    return inverted
