"""How good retrieval is on questions whose right entry is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.faq.retriever import Retriever


@dataclass(frozen=True)
class Report:
    """Shares in 0..1. ``recall_at_1``, ``recall_at_3`` and ``mrr`` count answerable questions;
    ``wrong`` is the share of given answers that are wrong, ``unanswered`` that of answerable
    questions left without an answer or an offer holding it, ``false_answers`` that of
    unanswerable ones answered."""

    questions: int
    recall_at_1: float
    recall_at_3: float
    mrr: float
    wrong: float
    unanswered: float
    false_answers: float


def evaluate(retriever: Retriever, cases: Iterable[tuple[str, str | None]], today: date) -> Report:
    """Ask every (text, entry id or ``None``) of the retriever."""
    ranks: list[int] = []
    answered = wrong = unanswered = foreign = false_answers = 0
    for text, wanted in cases:
        found = retriever.search(text, today)
        ids = [candidate.entry.id for candidate in found.candidates]
        gave = found.decision == "answer"
        answered += gave
        wrong += gave and ids[0] != wanted
        if wanted is None:
            foreign += 1
            false_answers += gave
            continue
        ranks.append(ids.index(wanted) + 1 if wanted in ids else 0)
        offered = ids if found.decision == "clarify" else ids[:1] if gave else []
        unanswered += not gave and wanted not in offered
    known = max(1, len(ranks))
    return Report(
        questions=len(ranks) + foreign,
        recall_at_1=sum(rank == 1 for rank in ranks) / known,
        recall_at_3=sum(0 < rank <= 3 for rank in ranks) / known,
        mrr=sum(1 / rank for rank in ranks if rank) / known,
        wrong=wrong / max(1, answered),
        unanswered=unanswered / known,
        false_answers=false_answers / max(1, foreign),
    )
