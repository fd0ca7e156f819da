"""Why a text gets the answer it gets: candidates, their evidence, thresholds and version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.faq.encoder import Encoder
from bot.faq.evidence import Evidence
from bot.faq.publication import Publication, about, current_folder
from bot.faq.publish import load_version
from bot.faq.retriever import Decision, Retrieval, Thresholds
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
    """What a text gets from a version, and why, in Chinese."""

    text: str
    decision: Decision
    why: str
    thresholds: Thresholds
    candidates: tuple[Weighed, ...]
    answer: str
    publication: Publication


def explain(
    folder: Path, encoder: Encoder, text: str, today: date, audience: str = "public"
) -> Explanation:
    """Ask the version in use; raises as :func:`bot.faq.publish.load_publication`."""
    # As the assistant does before it searches.
    text = normalise(text)
    version = current_folder(folder).name
    retriever = load_version(folder, version, encoder).retriever()
    found = retriever.search(text, today, audience)
    numbers = {each.entry_id: each for each in retriever.evidence(text, today, audience)}
    limits = Thresholds()
    candidates = tuple(
        Weighed(
            each.entry.id,
            each.entry.question,
            each.score,
            each.question,
            _numbers(numbers.get(each.entry.id)),
        )
        for each in found.candidates
    )
    answer = found.candidates[0].entry.answer if found.decision == "answer" else ""
    return Explanation(
        text,
        found.decision,
        _why(found, limits),
        limits,
        candidates,
        answer,
        about(folder, version),
    )


def _numbers(evidence: Evidence | None) -> dict[str, float]:
    if evidence is None:
        return {}
    return {
        EVIDENCE_NAMES.get(name, name): float(value)
        for name, value in zip(Evidence.NAMES, evidence.row(), strict=True)
    }


def _why(found: Retrieval, limits: Thresholds) -> str:
    if found.exact:
        return f"与问法“{found.candidates[0].question}”相同"
    if not found.candidates:
        return "没有可以回答的条目"
    first = found.candidates[0].score
    second = found.candidates[1].score if len(found.candidates) > 1 else 0.0
    if found.decision == "none":
        return f"最有把握的 {first:.2f} 不到 {limits.offer:.2f}，不值得提出"
    if found.decision == "answer":
        ahead = f"领先第二名 {first - second:.2f}（至少 {limits.close:.2f}）"
        return f"把握 {first:.2f} 达到 {limits.answer:.2f}，{ahead}"
    if first < limits.answer:
        return f"把握 {first:.2f} 达到 {limits.offer:.2f}，但不到 {limits.answer:.2f}"
    return f"把握 {first:.2f}，但只领先第二名 {first - second:.2f}（要 {limits.close:.2f}）"
