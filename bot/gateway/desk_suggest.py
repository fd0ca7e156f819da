"""Answers of the FAQ bank for an agent: what the customer asked, as the assistant reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.faq.entry import Entry
from bot.faq.suggest import LiveSuggester
from bot.gateway.bank_desk import BankDesk
from bot.gateway.errors import ApiError

AUDIENCE = "agents"
MOST = 5


def suggest(desk: BankDesk, live: LiveSuggester, asked: Sequence[str]) -> list[dict[str, Any]]:
    """The likeliest entries, best first.

    Args:
        asked: the customer's words, oldest first; the last are what is looked for.
    """
    if not asked or not asked[-1].strip():
        return []
    try:
        found = _searched(desk, asked)
    except ApiError:
        # Before the first training or publication wordings are all there is to go by.
        near = live.current().suggest(asked[-1], desk.today(), AUDIENCE, MOST)
        found = [(entry, None) for entry in near]
    return [
        {
            "faq_id": entry.id, "question": entry.question, "answer": entry.answer,
            "advice": entry.advice, "score": score,
        }
        for entry, score in found[:MOST]
    ]  # fmt: skip


def _searched(desk: BankDesk, asked: Sequence[str]) -> list[tuple[Entry, float | None]]:
    from bot.faq.compound import Compounds
    from bot.faq.ellipsis import Vocabulary
    from bot.faq.found import Lookup
    from bot.text.normalise import normalise

    compounds = Compounds(Vocabulary.load())
    bank = Lookup(desk.answering().retriever(), desk.today(), AUDIENCE)
    # "那信用卡呢" asks what was asked just before.
    before = None
    if len(asked) > 1:
        before = compounds.understand(normalise(asked[-2]), None, bank)[-1].before()
    best: dict[str, tuple[Entry, float | None]] = {}
    for found in compounds.understand(normalise(asked[-1]), before, bank):
        for each in found.retrieval.candidates:
            known = best.get(each.entry.id)
            if known is None or (known[1] or 0.0) < each.score:
                best[each.entry.id] = (each.entry, each.score)
    return sorted(best.values(), key=lambda each: -(each[1] or 0.0))
