"""Follow-ups and compounds of the whole bank, on conversations that nobody developed on."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.faq.bank import load_bank
from bot.faq.compound import Compounds
from bot.faq.ellipsis import Vocabulary
from bot.faq.encoder import load_encoder
from bot.faq.entry import Entry
from bot.faq.found import Before, Found, Lookup
from bot.faq.publish import load_publication
from bot.text.clock import shanghai, utc_now
from bot.text.normalise import normalise

ROOT = Path(__file__).parents[2]
# `before` (empty: nothing), `text`, the entries it `wants` in order, and the kind of case.
CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).parent / "two_turns.yml")
LEAST_RIGHT = 0.90


@pytest.fixture(scope="module")
def bank() -> Lookup:
    today: date = shanghai(utc_now()).date()
    encoder = load_encoder(str(ROOT / "var" / "encoder"))
    return Lookup(load_publication(ROOT / "var" / "faq", encoder), today)


@pytest.fixture(scope="module")
def compounds() -> Compounds:
    return Compounds(Vocabulary.load(ROOT / "data" / "follow_up.yml"))


def asked_before(compounds: Compounds, bank: Lookup, question: str) -> Before | None:
    if not question:
        return None
    return compounds.understand(normalise(question), None, bank)[-1].before()


def right(found: tuple[Found, ...], wants: list[str]) -> bool:
    """One answer, or a choice that holds it; all answers where several are wanted."""
    if len(wants) > 1:
        return [each.entry.id for each in found if each.answers and each.entry] == wants
    (wanted,), (only, *more) = wants, found
    ids = [candidate.entry.id for candidate in only.retrieval.candidates]
    offered = only.retrieval.decision == "clarify" and wanted in ids
    return not more and (offered or (only.answers and ids[0] == wanted))


def test_follow_ups_and_compounds_are_understood(compounds: Compounds, bank: Lookup) -> None:
    assert len(CASES) >= 150
    asked, missed = Counter[str](), Counter[str]()
    for case in CASES:
        before = asked_before(compounds, bank, case["before"])
        found = compounds.understand(normalise(case["text"]), before, bank)
        asked[case["kind"]] += 1
        missed[case["kind"]] += not right(found, case["wants"])
    assert 1 - missed.total() / asked.total() >= LEAST_RIGHT, f"{missed} of {asked}"


def test_a_complete_question_is_the_same_after_any_other(
    compounds: Compounds, bank: Lookup
) -> None:
    entries: tuple[Entry, ...] = load_bank(ROOT / "data" / "faq").entries
    for n, entry in enumerate(entries):
        former = entries[(n * 7 + 3) % len(entries)]
        before = Before(normalise(former.question), former.id)
        asked = normalise(entry.question)
        assert compounds.understand(asked, before, bank) == compounds.understand(asked, None, bank)
