"""The quick replies of a clarifying question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.faq.leads import TITLES
from bot.faq.retriever import Candidate

# Offered under every clarifying question, so that a wrong guess is never a dead end.
NONE_OF_THESE = {"title": "都不是", "payload": "/nlu_fallback"}
MOST = 3

Offer = dict[str, str]


def intent_offers(
    ranking: Sequence[Mapping[str, Any]], entities: Iterable[Mapping[str, Any]], least: float
) -> list[Offer]:
    """Business that may be meant; what the customer said already goes along with it."""
    said = {entity["entity"]: entity["value"] for entity in entities}
    carried = json.dumps(said, ensure_ascii=False) if said else ""
    return [
        {"title": TITLES[each["name"]], "payload": f"/{each['name']}{carried}"}
        for each in ranking[:2]
        if each["name"] in TITLES and each["confidence"] >= least
    ]


def faq_offers(candidates: Iterable[Candidate], least: float) -> list[Offer]:
    """Questions that may be meant; pressing one asks it word for word."""
    return [
        {"title": each.entry.question, "payload": each.entry.question}
        for each in candidates
        if each.score >= least
    ]
