"""Sentence encoders: loading any, and training the project's own on the bank's texts."""

from __future__ import annotations

import hashlib
import math
import random
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import ConfigError
from bot.faq.ngram_table import NgramTable, own_module

if TYPE_CHECKING:
    import torch

    from bot.faq.ngram_embedding import NgramEmbedding


class Encoder:
    """Texts as unit vectors.

    ``fingerprint`` tells one model from another; an index remembers whose vectors it holds.
    """

    def __init__(self, encode: Callable[[Sequence[str]], np.ndarray], fingerprint: str) -> None:
        self._encode = encode
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32, shape (texts, dimension)."""
        return self._encode(texts)


def load_encoder(name: str) -> Encoder:
    """A sentence-transformers model by folder or by hub name.

    The project's own is served by :class:`bot.faq.ngram_table.NgramTable`, any other by
    sentence-transformers on the CPU.

    Raises:
        ConfigError: there is no such folder and it cannot be fetched.
    """
    folder = Path(name)
    if not folder.exists() and (name.count("/") != 1 or name.startswith((".", "/", "var/"))):
        raise ConfigError(f"没有找到编码器 {name}：请先运行 bankbot faq train-encoder")
    own = own_module(folder)
    if own is not None:
        return Encoder(NgramTable.load(own).encode, _fingerprint(folder))
    return Encoder(_sentence_transformer(name), _fingerprint(folder) if folder.exists() else name)


def _sentence_transformer(name: str) -> Callable[[Sequence[str]], np.ndarray]:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(name, device="cpu")
    except (OSError, ValueError) as error:
        raise ConfigError(f"编码器 {name} 无法加载：{str(error).splitlines()[0]}") from None

    def encode(texts: Sequence[str]) -> np.ndarray:
        found = model.encode(
            list(texts),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype="float32")

    return encode


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        # Cards and stamps say nothing about the vectors.
        if path.is_file() and path.suffix in (".json", ".safetensors", ".bin", ".txt"):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Training:
    """How the project's own encoder is trained. The seed makes it the same every time."""

    buckets: int = 32_768
    dimension: int = 512
    epochs: int = 40
    learning_rate: float = 2e-3
    # Softens the contrast between right and wrong partners.
    temperature: float = 0.1
    # Share of features hidden at each step, so that no single word carries a question.
    dropout: float = 0.3
    # Weight of a feature that training never saw, as a share of the rarest one's.
    unknown_share: float = 0.4
    seed: int = 7


# One variant in so many is kept out of training, so that calibration has unseen questions.
HELD_OUT_SHARE = 4


def held_out(question: str) -> bool:
    """Whether a variant is kept out of the encoder's training."""
    return zlib.crc32(question.encode()) % HELD_OUT_SHARE == 0


def train_encoder(
    groups: Sequence[Sequence[str]],
    folder: Path,
    training: Training = Training(),  # noqa: B008
) -> None:
    """Train on groups of questions that mean the same, and save as an ordinary model.

    Each step draws two questions of every group; the right partner must be nearer than those of
    all other groups (multiple negatives ranking, Henderson et al. 2017, arXiv:1705.00652).
    """
    import torch
    from sentence_transformers import SentenceTransformer

    module = _untrained(groups, training)
    pairs = [[q for q in group if not held_out(q)] for group in groups]
    pairs = [group for group in pairs if len(group) > 1]
    optimiser = torch.optim.Adam(module.parameters(), lr=training.learning_rate)
    draw = random.Random(training.seed)
    hide = torch.Generator().manual_seed(training.seed)

    def embed(texts: Sequence[str]) -> torch.Tensor:
        batch = module.tokenize(texts)
        weights = batch["feature_weights"]
        batch["feature_weights"] = weights * (
            torch.rand(weights.shape, generator=hide) > training.dropout
        )
        embedded: torch.Tensor = module(batch)["sentence_embedding"]
        return embedded

    for _ in range(training.epochs):
        drawn = [draw.sample(group, 2) for group in pairs]
        left, right = embed([a for a, _ in drawn]), embed([b for _, b in drawn])
        scores = left @ right.T / training.temperature
        loss = torch.nn.functional.cross_entropy(scores, torch.arange(len(drawn)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    folder.mkdir(parents=True, exist_ok=True)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder), create_model_card=False)


def _untrained(groups: Sequence[Sequence[str]], training: Training) -> NgramEmbedding:
    from bot.faq.features import features
    from bot.faq.ngram_embedding import NgramEmbedding

    # Counted by group: a word of many wordings of one question still tells it from others.
    counts = Counter(f for group in groups for f in {f for q in group for f in features(q)})
    total = len(groups)
    weights = {f: round(math.log((1 + total) / n), 4) for f, n in sorted(counts.items())}
    return NgramEmbedding(
        training.buckets,
        training.dimension,
        weights,
        training.unknown_share * math.log(1 + total),
        training.seed,
    )
