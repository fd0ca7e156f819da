"""What is learnt from and what is measured on are two things."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.faq.bank import load_bank
from bot.faq.checks import plain
from bot.faq.leads import LEADS
from bot.nlu.offers import TITLES

ROOT = Path(__file__).parents[2]
MIN_EXAMPLES = 60
# What a customer comes for, and what is none of the bank's business, come in most wordings.
MIN_BUSINESS, MIN_FOREIGN, MIN_HELD_OUT = 150, 400, 2_000
BUSINESS = {*TITLES}
INTENTS = set(
    [
        "check_balance",
        "query_transactions",
        "transfer_money",
        "pay_bill",
        "report_card_loss",
        "unfreeze_account",
        "query_card_bill",
        "repay_card",
        "apply_installment",
        "redeem_points",
        "apply_loan",
        "query_loan_progress",
        "dispute_transaction",
        "complaint",
        "suggestion",
        "request_human",
        "out_of_scope",
        "greet",
        "goodbye",
        "thank",
        "ask_bot",
        "chitchat",
        "affirm",
        "deny",
        "cancel",
        "correct",
        "inform",
    ]
)


def examples(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            lines = block["examples"].splitlines()
            found[block["intent"]] += [line[2:].strip() for line in lines if line.strip()]
    return found


@pytest.fixture(scope="module")
def trained() -> dict[str, list[str]]:
    found = examples(ROOT / "data" / "nlu")
    for entry in load_bank(ROOT / "data" / "faq").entries:
        found["faq"] += entry.questions
    return found


def test_every_intent_has_examples_enough(trained: dict[str, list[str]]) -> None:
    assert set(trained) >= INTENTS | {"faq"}
    wanted = dict.fromkeys(trained, MIN_EXAMPLES) | dict.fromkeys(BUSINESS, MIN_BUSINESS)
    wanted["out_of_scope"] = MIN_FOREIGN
    few = {name: len(texts) for name, texts in trained.items() if len(texts) < wanted[name]}
    assert few == {}


def test_answers_lead_to_what_the_editor_knows() -> None:
    entries = load_bank(ROOT / "data" / "faq").entries
    assert {lead.intent for entry in entries for lead in entry.quick_replies} <= {*LEADS}


def test_no_example_stands_twice(trained: dict[str, list[str]]) -> None:
    counts = Counter(plain(text) for texts in trained.values() for text in texts)
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_held_out_message_is_trained_on(trained: dict[str, list[str]]) -> None:
    seen = {plain(text) for texts in trained.values() for text in texts}
    held_out = examples(ROOT / "tests" / "rasa" / "nlu")
    assert set(held_out) >= INTENTS
    assert sum(map(len, held_out.values())) >= MIN_HELD_OUT
    both = [text for texts in held_out.values() for text in texts if plain(text) in seen]
    assert both == []
