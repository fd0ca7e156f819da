"""Why a text gets the answer it gets: candidates, their evidence, thresholds and version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.faq.compound import Compounds
from bot.faq.ellipsis import Vocabulary
from bot.faq.encoder import Encoder
from bot.faq.evidence import NAMES, Evidence
from bot.faq.found import Found, Lookup
from bot.faq.publication import Publication, about, current_folder
from bot.faq.publish import load_version
from bot.faq.retriever import Decision, Retrieval, Retriever, Thresholds
from bot.text.normalise import normalise

DECISION_NAMES: dict[str, str] = {
    "answer": "直接回答",
    "clarify": "请客户选择",
    "none": "没有答案",
}
EVIDENCE_NAMES: dict[str, str] = {
    "cosine": "最近问法的语义",
    "centre": "全部问法的语义",
    "overlap": "字词重合",
    "coverage": "字词覆盖",
    "writing": "用字倾向",
    "sound": "读音倾向",
}


@dataclass(frozen=True)
class Weighed:
    """A candidate: its probability, its nearest wording, and the numbers that speak for it."""

    entry_id: str
    question: str
    score: float
    wording: str
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Explanation:
    """What a question gets from a version, and why, in Chinese.

    ``text`` is what was searched for: the customer's words, or completed (``completed``) from
    the question before.
    """

    text: str
    completed: bool
    decision: Decision
    why: str
    thresholds: Thresholds
    candidates: tuple[Weighed, ...]
    answer: str
    publication: Publication


def explain(
    folder: Path,
    encoder: Encoder,
    text: str,
    today: date,
    audience: str = "public",
    after: str = "",
) -> tuple[Explanation, ...]:
    """Ask the version in use as the assistant does; one explanation for each question of the text.

    Raises as :func:`bot.faq.publish.load_publication`.

    Args:
        after: what the customer asked just before; empty: nothing.
    """
    version = current_folder(folder).name
    retriever = load_version(folder, version, encoder).retriever()
    return explain_by(retriever, about(folder, version), text, today, audience, after)


def explain_by(
    retriever: Retriever,
    publication: Publication,
    text: str,
    today: date,
    audience: str,
    after: str,
) -> tuple[Explanation, ...]:
    """The same of a version that is read already."""
    compounds, bank = Compounds(Vocabulary.load()), Lookup(retriever, today, audience)
    before = None
    if after:
        before = compounds.understand(normalise(after), None, bank)[-1].before()
    return tuple(
        _explained(found, retriever.evidence(found.asked, today, audience), publication)
        for found in compounds.understand(normalise(text), before, bank)
    )


def _explained(found: Found, evidence: Evidence, publication: Publication) -> Explanation:
    retrieval, limits = found.retrieval, Thresholds()
    numbers = dict(zip(evidence.entries, evidence.numbers.tolist(), strict=True))
    candidates = tuple(
        Weighed(
            each.entry.id,
            each.entry.question,
            each.score,
            each.question,
            _named(numbers.get(each.entry.id)),
        )
        for each in retrieval.candidates
    )
    return Explanation(
        found.asked,
        found.completed,
        retrieval.decision,
        _why(retrieval, limits),
        limits,
        candidates,
        found.entry.answer if found.answers and found.entry else "",
        publication,
    )


def _named(numbers: Sequence[float] | None) -> dict[str, float]:
    """An entry's evidence; none for one that an equal wording named without any weighing."""
    if numbers is None:
        return {}
    return {EVIDENCE_NAMES[name]: value for name, value in zip(NAMES, numbers, strict=True)}


def _why(found: Retrieval, limits: Thresholds) -> str:
    if found.exact:
        return f"与问法“{found.candidates[0].question}”相同"
    if not found.candidates:
        return "没有可以回答的条目"
    first = found.candidates[0].score
    if found.decision == "none":
        return f"最有把握的 {first:.2f} 不到 {limits.offer:.2f}，不值得提出"
    if found.decision == "answer":
        return f"把握 {first:.2f} 达到 {limits.answer:.2f}"
    if first < limits.answer:
        return f"把握 {first:.2f} 达到 {limits.offer:.2f}，但不到 {limits.answer:.2f}"
    return "与刚答过的条目相同，其他条目也有可能"
