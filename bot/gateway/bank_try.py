"""Asking the version in use: one text, or all of the bank's own regression questions."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from bot.faq.publication import about
from bot.gateway import bank_schemas as schemas
from bot.gateway import bank_view as view
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_work import work
from bot.gateway.limits import clean_text
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Reader

if TYPE_CHECKING:
    from bot.faq.explain import Explanation

# Beyond so many nobody reads on.
MOST_MISSES = 300

router = APIRouter()


@router.post("/try", summary="试问")
async def try_text(body: schemas.TryText, _: Reader, parts: PartsOf) -> dict[str, Any]:
    """一句话会得到什么答案，以及为什么；问的是正在使用的版本。

    一句话里有几个问题时，`others` 是第一个以外的各个问题，内容相同。
    """
    most = parts.config.message_max_chars
    after = clean_text(body.after, most) if body.after.strip() else ""
    text = clean_text(body.text, most)
    first, *others = await work(parts, _tried, parts.bank, text, body.audience, after)
    return {**first, "others": others}


def _tried(desk: BankDesk, text: str, audience: str, after: str) -> list[dict[str, Any]]:
    from bot.faq.explain import explain_by

    built = desk.answering()
    publication = about(desk.publications, built.version)
    found = explain_by(built.retriever(), publication, text, desk.today(), audience, after)
    return [_explained(desk, each, audience) for each in found]


def _explained(desk: BankDesk, found: Explanation, audience: str) -> dict[str, Any]:
    from bot.faq.explain import DECISION_NAMES

    return {
        "text": found.text,
        "completed": found.completed,
        "decision": found.decision,
        "decision_name": DECISION_NAMES[found.decision],
        "why": found.why,
        "answer": found.answer,
        **_beneath(desk, found, audience),
        "candidates": [
            {
                "id": each.entry_id,
                "question": each.question,
                "score": each.score,
                "wording": each.wording,
                "evidence": dict(each.evidence),
            }
            for each in found.candidates
        ],
        "thresholds": asdict(found.thresholds),
        "version": view.version(found.publication),
    }


def _beneath(desk: BankDesk, found: Explanation, audience: str) -> dict[str, Any]:
    """What the customer is shown beneath the answer: business, and questions of entries near it."""
    entries, today = desk.in_use().entries, desk.today()
    entry = entries.get(found.candidates[0].entry_id) if found.answer else None
    if entry is None:
        return {"quick_replies": [], "related": []}
    others = [entries[key] for key in entry.related if key in entries]
    return {
        "quick_replies": [asdict(lead) for lead in entry.quick_replies],
        "related": [each.question for each in others if each.answers(today, audience)],
    }


@router.get("/evaluation", summary="评测")
async def evaluate_bank(_: Reader, parts: PartsOf) -> dict[str, Any]:
    """用知识库自己的回归问法评测正在使用的版本。"""
    return await work(parts, _evaluated, parts.bank)


def _evaluated(desk: BankDesk) -> dict[str, Any]:
    from bot.faq.evaluate import (
        ask_all,
        calibration_curve,
        expected_cases,
        summarise,
        worst_entries,
    )

    bank, today, in_use = desk.bank(), desk.today(), desk.in_use()
    audiences = {entry.id: entry.audience for entry in in_use.entries.values()}
    cases = expected_cases(bank.entries, today)
    answered = ask_all(desk.answering().retriever(), cases, today, audiences)
    questions = {entry.id: entry.question for entry in bank.entries}
    misses = [each for each in answered if each.missed]
    return {
        **asdict(summarise(answered)),
        "curve": [asdict(each) for each in calibration_curve(answered)],
        "worst": [
            {"id": key, "question": questions.get(key, ""), "missed": missed, "asked": asked}
            for key, missed, asked in worst_entries(answered)
        ],
        "misses": [
            {
                "id": each.wanted,
                "question": each.text,
                "got": each.ids[0] if each.ids else None,
                "score": each.scores[0] if each.scores else None,
                "decision": each.decision,
            }
            for each in misses[:MOST_MISSES]
        ],
        "version": view.version(in_use.publication),
    }
