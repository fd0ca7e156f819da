"""Sentence encoders: loading any, and training the project's own on the bank's texts."""

from __future__ import annotations

import hashlib
import math
import shutil
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import ConfigError
from bot.faq.ngram_table import NgramTable, own_module

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

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
    check_there(name)
    folder = Path(name)
    own = own_module(folder)
    if own is not None:
        return Encoder(NgramTable.load(own).encode, _fingerprint(folder))
    return Encoder(_sentence_transformer(name), _fingerprint(folder) if folder.exists() else name)


def is_there(name: str) -> bool:
    """Whether there is such a folder, or the name is a hub's; told without loading anything."""
    return Path(name).exists() or (name.count("/") == 1 and not name.startswith((".", "/", "var/")))


def check_there(name: str) -> None:
    """Raises :class:`ConfigError` unless :func:`is_there`."""
    if not is_there(name):
        raise ConfigError(f"没有找到编码器 {name}：请先运行 bankbot faq train-encoder")


def open_model(name: str, device: str | None = None) -> SentenceTransformer:
    """The model as sentence-transformers has it; ``None`` for the best device there is.

    Raises:
        ConfigError: it cannot be fetched or read.
    """
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device=device)
    except (OSError, ValueError) as error:
        raise ConfigError(f"编码器 {name} 无法加载：{str(error).splitlines()[0]}") from None


def _sentence_transformer(name: str) -> Callable[[Sequence[str]], np.ndarray]:
    model = open_model(name, "cpu")

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
    dimension: int = 256
    epochs: int = 15
    batch: int = 512
    learning_rate: float = 3e-3
    # Softens the contrast between the right centre and the others.
    temperature: float = 0.07
    label_smoothing: float = 0.1
    # Share of features hidden at each step, so that no single word carries a question.
    dropout: float = 0.5
    # Weight of a feature that training never saw, as a share of the rarest one's.
    unknown_share: float = 0.4
    seed: int = 7


# One variant in so many is kept out of training, so that calibration has unseen questions.
HELD_OUT_SHARE = 8


def held_out(question: str) -> bool:
    """Whether a variant is kept out of the encoder's training."""
    return zlib.crc32(question.encode()) % HELD_OUT_SHARE == 0


def train_encoder(
    groups: Sequence[Sequence[str]],
    folder: Path,
    training: Training = Training(),  # noqa: B008
) -> None:
    """Train on groups of questions that mean the same, and save as an ordinary model.

    Every group has a centre that is trained along; a question must be nearer to its own than to all
    others (normalised softmax over proxies, Zhai and Wu 2019, arXiv:1811.12649).
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from torch import nn

    module = _untrained(groups, training)
    read = module.reader()
    known = [[q for q in group if not held_out(q)] for group in groups]
    chance = torch.Generator().manual_seed(training.seed)
    with torch.no_grad():
        means = [module(read(group))["sentence_embedding"].mean(0) for group in known]
    centres = nn.Parameter(torch.stack(means))
    optimiser = torch.optim.Adam([*module.parameters(), centres], lr=training.learning_rate)

    def embed(texts: Sequence[str]) -> torch.Tensor:
        batch = read(texts)
        weights = batch["feature_weights"]
        batch["feature_weights"] = weights * (
            torch.rand(weights.shape, generator=chance) > training.dropout
        )
        embedded: torch.Tensor = module(batch)["sentence_embedding"]
        return embedded

    texts = [question for group in known for question in group]
    owners = torch.tensor([n for n, group in enumerate(known) for _ in group])
    for _ in range(training.epochs):
        order = torch.randperm(len(texts), generator=chance)
        for rows in order.split(training.batch):
            embedded = embed([texts[row] for row in rows.tolist()])
            scores = embedded @ nn.functional.normalize(centres).T / training.temperature
            loss = nn.functional.cross_entropy(
                scores, owners[rows], label_smoothing=training.label_smoothing
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    replace_model(folder, SentenceTransformer(modules=[module], device="cpu"))


def replace_model(folder: Path, model: SentenceTransformer) -> None:
    """Save a model beside ``folder``, and only when it is whole let it take the folder's place.

    Whatever stops the saving, the folder still holds what it held.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    draft, former = aside / "draft", aside / "former"
    try:
        model.save(str(draft), create_model_card=False)
        if folder.exists():
            folder.rename(former)
        draft.rename(folder)
    except BaseException:
        if former.exists() and not folder.exists():
            former.rename(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def rarity(counts: Mapping[str, int], total: int) -> dict[str, float]:
    """Inverse document frequency of each feature that ``counts`` of ``total`` documents have."""
    return {f: round(math.log((1 + total) / n), 4) for f, n in sorted(counts.items())}


def _untrained(groups: Sequence[Sequence[str]], training: Training) -> NgramEmbedding:
    from bot.faq.features import features
    from bot.faq.ngram_embedding import NgramEmbedding

    # Counted by group: a word of many wordings of one question still tells it from others.
    counts = Counter(f for group in groups for f in {f for q in group for f in features(q)})
    total = len(groups)
    return NgramEmbedding(
        training.buckets,
        training.dimension,
        rarity(counts, total),
        training.unknown_share * math.log(1 + total),
        training.seed,
    )
