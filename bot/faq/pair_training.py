"""How an encoder learns from labelled pairs.

Two losses on the pairs: CoSENT ranks their cosines as their labels (Huang and others 2024,
doi:10.1109/TASLP.2024.3402087), and a question of a pair that means the same must be nearer to its
partner than to the rest of the batch (Henderson and others 2017, arXiv:1705.00652).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.faq.pairs import Pair, alike

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer


Tokens = Callable[[Sequence[str]], dict[str, Any]]


@dataclass(frozen=True)
class Adaptation:
    """How an encoder is adapted. The seed makes it the same every time."""

    epochs: int = 4
    # Pairs at a step: of the project's own encoder, and of any other, which needs far more memory
    # for each.
    table_batch: int = 256
    model_batch: int = 32
    table_rate: float = 4e-3
    model_rate: float = 2e-5
    # Sharpens the ranking of cosines; softens the contrast of partner and rest of the batch.
    ranking_scale: float = 5.0
    temperature: float = 0.1
    # Share of a question's features hidden at each step.
    dropout: float = 0.2
    seed: int = 7


class Course:
    """One training of a model, in place."""

    def __init__(self, model: SentenceTransformer, pairs: Sequence[Pair], plan: Adaptation) -> None:
        import torch

        from bot.faq.ngram_embedding import NgramEmbedding

        self._model, self._pairs, self._plan = model, pairs, plan
        self._chance = torch.Generator().manual_seed(plan.seed)
        self._own = model[0] if isinstance(model[0], NgramEmbedding) else None
        self._tokens = self._own.reader() if self._own else _tokens(model)
        self._batch = plan.table_batch if self._own else plan.model_batch
        self._labels = torch.tensor([pair.label for pair in pairs])
        self._same = torch.from_numpy(alike(pairs))

    def steps(self) -> Iterator[float]:
        """Train; after each step the share of the whole that is done."""
        import torch

        self._model.train()
        optimiser = self._optimiser()
        total = self._plan.epochs * math.ceil(len(self._pairs) / self._batch)
        falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / total)
        done = 0
        for _ in range(self._plan.epochs):
            order = torch.randperm(len(self._pairs), generator=self._chance)
            for rows in order.split(self._batch):
                optimiser.zero_grad()
                self._loss(rows).backward()
                optimiser.step()
                falling.step()
                done += 1
                yield done / total
        self._model.eval()

    def _optimiser(self) -> torch.optim.Optimizer:
        import torch

        weights = list(self._model.parameters())
        if not self._own:
            return torch.optim.AdamW(weights, lr=self._plan.model_rate)
        # Moving only the rows that a step touches is what makes it quick.
        self._own.table.sparse = True
        return torch.optim.SparseAdam(weights, lr=self._plan.table_rate)

    def _loss(self, rows: torch.Tensor) -> torch.Tensor:
        pairs = [self._pairs[row] for row in rows.tolist()]
        first = self._embed([pair.text_a for pair in pairs])
        second = self._embed([pair.text_b for pair in pairs])
        cosines = self._plan.ranking_scale * (first * second).sum(dim=1)
        loss = _ranking(cosines, self._labels[rows])
        return loss + _contrast(first, second, self._same[rows], self._plan.temperature)

    def _embed(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit vectors, shape (texts, dimension), of texts in part hidden."""
        import torch

        batch = self._tokens(texts)
        if self._own:
            weights = batch["feature_weights"]
            kept = torch.rand(weights.shape, generator=self._chance) >= self._plan.dropout
            batch["feature_weights"] = weights * kept
        found = self._model(batch)["sentence_embedding"]
        return torch.nn.functional.normalize(found, dim=-1)


def _ranking(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """CoSENT: log(1 + sum of exp(score - score') over all with label < label')."""
    import torch

    ahead = (scores[:, None] - scores)[labels[:, None] < labels]
    return torch.logsumexp(torch.cat([scores.new_zeros(1), ahead]), dim=0)


def _contrast(
    first: torch.Tensor, second: torch.Tensor, same: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Of pairs that mean the same, each side against all others' other sides."""
    import torch

    partners = same.nonzero()[:, 0]
    if not len(partners):
        return first.new_zeros(())
    sides = ((first, second), (second, first))
    losses = [
        torch.nn.functional.cross_entropy(here[same] @ there.T / temperature, partners)
        for here, there in sides
    ]
    return torch.stack(losses).mean()


def _tokens(model: SentenceTransformer) -> Tokens:
    """What makes a model's input of texts."""
    from sentence_transformers.util import batch_to_device

    return lambda texts: batch_to_device(model.preprocess(list(texts)), model.device)
