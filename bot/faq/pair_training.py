"""How an encoder learns from labelled pairs.

Two losses on the pairs: CoSENT ranks their cosines as their labels (Huang and others 2024,
doi:10.1109/TASLP.2024.3402087), and a question of a pair that means the same must be nearer to its
partner than to the rest of the batch (Henderson and others 2017, arXiv:1705.00652). The FAQ bank's
own groups are trained along as :func:`bot.faq.encoder.train_encoder` does, so that retrieval keeps
what it knows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.faq.pairs import Pair, alike

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

    from bot.faq.ngram_embedding import NgramEmbedding

Groups = Sequence[Sequence[str]]
Tokens = Callable[[Sequence[str]], dict[str, Any]]


@dataclass(frozen=True)
class Adaptation:
    """How an encoder is adapted. The seed makes it the same every time."""

    epochs: int = 4
    # Pairs at a step, and as many of the FAQ bank's questions: of the project's own encoder, and
    # of any other, which needs far more memory for each.
    table_batch: int = 256
    model_batch: int = 32
    table_rate: float = 4e-3
    model_rate: float = 2e-5
    # Sharpens the ranking of cosines; softens the contrast of partner and rest of the batch.
    ranking_scale: float = 5.0
    temperature: float = 0.1
    # Share of features hidden at each step, of a pair's question and of the bank's.
    dropout: float = 0.2
    bank_dropout: float = 0.5
    # As the encoder was first trained on the bank.
    bank_temperature: float = 0.07
    bank_smoothing: float = 0.1
    seed: int = 7


class Course:
    """One training of a model, in place."""

    def __init__(
        self, model: SentenceTransformer, pairs: Sequence[Pair], groups: Groups, plan: Adaptation
    ) -> None:
        import torch

        from bot.faq.ngram_embedding import NgramEmbedding

        self._model, self._pairs, self._plan = model, pairs, plan
        self._chance = torch.Generator().manual_seed(plan.seed)
        self._own = model[0] if isinstance(model[0], NgramEmbedding) else None
        self._tokens = _tokens_of_ours(self._own) if self._own else _tokens(model)
        self._batch = plan.table_batch if self._own else plan.model_batch
        self._labels = torch.tensor([pair.label for pair in pairs])
        self._same = torch.from_numpy(alike(pairs))
        self._questions = [question for group in groups for question in group]
        self._owners = torch.tensor([n for n, group in enumerate(groups) for _ in group])
        self._waiting: list[int] = []
        with torch.no_grad():
            means = [self._embed(group, 0.0).mean(0) for group in groups]
        self._centres = torch.nn.Parameter(torch.stack(means) if groups else torch.empty(0))

    def steps(self) -> Iterator[float]:
        """Train; after each step the share of the whole that is done."""
        import torch

        self._model.train()
        optimisers = self._optimisers()
        total = self._plan.epochs * math.ceil(len(self._pairs) / self._batch)
        fall = [
            torch.optim.lr_scheduler.LambdaLR(each, lambda step: 1 - step / total)
            for each in optimisers
        ]
        done = 0
        for _ in range(self._plan.epochs):
            order = torch.randperm(len(self._pairs), generator=self._chance)
            for rows in order.split(self._batch):
                loss = self._pair_loss(rows)
                if self._questions:
                    loss = loss + self._bank_loss(len(rows))
                for optimiser in optimisers:
                    optimiser.zero_grad()
                loss.backward()
                for optimiser, falling in zip(optimisers, fall, strict=True):
                    optimiser.step()
                    falling.step()
                done += 1
                yield done / total
        self._model.eval()

    def _optimisers(self) -> list[torch.optim.Optimizer]:
        import torch

        found: list[torch.optim.Optimizer] = []
        weights = list(self._model.parameters())
        if self._own:
            # Moving only the rows that a step touches is what makes it quick.
            self._own.table.sparse = True
            found.append(torch.optim.SparseAdam(weights, lr=self._plan.table_rate))
        else:
            found.append(torch.optim.AdamW(weights, lr=self._plan.model_rate))
        if self._questions:
            found.append(torch.optim.Adam([self._centres], lr=self._plan.table_rate))
        return found

    def _pair_loss(self, rows: torch.Tensor) -> torch.Tensor:
        pairs = [self._pairs[row] for row in rows.tolist()]
        first = self._embed([pair.text_a for pair in pairs], self._plan.dropout)
        second = self._embed([pair.text_b for pair in pairs], self._plan.dropout)
        cosines = self._plan.ranking_scale * (first * second).sum(dim=1)
        loss = _ranking(cosines, self._labels[rows])
        return loss + _contrast(first, second, self._same[rows], self._plan.temperature)

    def _bank_loss(self, count: int) -> torch.Tensor:
        """Each of the next questions must be nearer to its own group's centre than to all others
        (Zhai and Wu 2019, arXiv:1811.12649)."""
        import torch
        from torch.nn import functional

        if len(self._waiting) < count:
            order = torch.randperm(len(self._questions), generator=self._chance)
            self._waiting += order.tolist()
        rows, self._waiting = self._waiting[:count], self._waiting[count:]
        asked = self._embed([self._questions[row] for row in rows], self._plan.bank_dropout)
        scores = asked @ functional.normalize(self._centres).T / self._plan.bank_temperature
        return functional.cross_entropy(
            scores, self._owners[rows], label_smoothing=self._plan.bank_smoothing
        )

    def _embed(self, texts: Sequence[str], hidden: float) -> torch.Tensor:
        """Unit vectors, shape (texts, dimension); of our own encoder a share of each text's
        features is ``hidden``."""
        import torch

        batch = self._tokens(texts)
        if hidden and self._own:
            weights = batch["feature_weights"]
            kept = torch.rand(weights.shape, generator=self._chance) >= hidden
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


def _tokens_of_ours(module: NgramEmbedding) -> Tokens:
    """The same for our own encoder, reading each text once, however many epochs."""
    import torch

    @cache
    def one(text: str) -> tuple[torch.Tensor, torch.Tensor]:
        batch = module.tokenize([text])
        return batch["input_ids"], batch["feature_weights"]

    def several(texts: Sequence[str]) -> dict[str, Any]:
        ids, weights = zip(*map(one, texts), strict=True)
        ends = torch.tensor([len(each) for each in ids]).cumsum(0)
        return {
            "input_ids": torch.cat(ids),
            "offsets": torch.cat([torch.zeros(1, dtype=torch.long), ends[:-1]]),
            "feature_weights": torch.cat(weights),
        }

    return several
