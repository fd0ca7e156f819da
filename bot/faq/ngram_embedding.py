"""A sentence-transformers module for Chinese short questions that needs no download.

A text is the weighted mean of the vectors of its words, characters and bigrams. The vectors live
in a hashed table that starts random: before any training the cosine of two texts is about that
of their weighted feature sets, so features never seen in training still match themselves.
Training then moves the ones that mean the same together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from bot.faq.ngram_table import CONFIG, VECTORS, Vocabulary


class NgramEmbedding(nn.Module):
    """Hashed bag of weighted n-gram vectors.

    Args:
        weights: weight of each known feature (inverse document frequency); a feature that is
            not there has ``unknown``.
    """

    def __init__(
        self,
        buckets: int,
        dimension: int,
        weights: Mapping[str, float],
        unknown: float,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.dimension = dimension
        self.vocabulary = Vocabulary(buckets, dict(weights), unknown)
        self.table = nn.EmbeddingBag(buckets, dimension, mode="sum")
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            self.table.weight.normal_(0.0, dimension**-0.5, generator=generator)

    def tokenize(self, texts: Iterable[str], **_: Any) -> dict[str, torch.Tensor]:
        """``input_ids``: bucket of every feature, ``offsets``: where each text begins,
        ``feature_weights``: the weight of every feature."""
        ids, starts, weights = self.vocabulary.look_up(texts)
        return {
            "input_ids": torch.from_numpy(ids),
            "offsets": torch.from_numpy(starts[:-1]),
            "feature_weights": torch.from_numpy(weights),
        }

    def reader(self) -> Callable[[Sequence[str]], dict[str, torch.Tensor]]:
        """Does as :meth:`tokenize`, reading each text once: training asks for it every epoch."""

        @cache
        def one(text: str) -> tuple[torch.Tensor, torch.Tensor]:
            batch = self.tokenize([text])
            return batch["input_ids"], batch["feature_weights"]

        def several(texts: Sequence[str]) -> dict[str, torch.Tensor]:
            ids, weights = zip(*map(one, texts), strict=True)
            ends = torch.tensor([len(each) for each in ids]).cumsum(0)
            return {
                "input_ids": torch.cat(ids),
                "offsets": torch.cat([torch.zeros(1, dtype=torch.long), ends[:-1]]),
                "feature_weights": torch.cat(weights),
            }

        return several

    # sentence-transformers 5 asks for the newer name and falls back to the older one.
    preprocess = tokenize

    def forward(self, batch: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds ``sentence_embedding``, shape (texts, dimension), of unit length."""
        summed = self.table(
            batch["input_ids"], batch["offsets"], per_sample_weights=batch["feature_weights"]
        )
        batch["sentence_embedding"] = nn.functional.normalize(summed, dim=-1)
        return batch

    def get_sentence_embedding_dimension(self) -> int:
        return self.dimension

    def get_embedding_dimension(self) -> int:
        return self.dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        folder = Path(output_path)
        config = {
            "buckets": self.vocabulary.buckets,
            "dimension": self.dimension,
            "weights": self.vocabulary.weights,
            "unknown": self.vocabulary.unknown,
        }
        (folder / CONFIG).write_text(json.dumps(config, ensure_ascii=False))
        save_file({"table": self.table.weight.detach()}, folder / VECTORS)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> NgramEmbedding:
        folder = Path(model_name_or_path) / subfolder
        module = cls(**json.loads((folder / CONFIG).read_text()))
        module.table.weight.data = load_file(folder / VECTORS)["table"]
        return module
