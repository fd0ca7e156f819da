"""The questions an empty conversation opens with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.conversations.log import MessageLog
from bot.faq.bank import load_bank
from bot.faq.suggest import LiveSuggester
from bot.gateway.hot import LEAST, HotQuestions
from bot.settings import Settings
from bot.storage import Database
from tests.conftest import Hands
from tests.gateway.bank import publish, small_bank

CURATED = ("loss.how", "never.published", "transfer.time", "mobile.new")
Asked = Callable[[str, int], None]


@pytest.fixture
def asked(db: Database, clock: Hands) -> Asked:
    log = MessageLog(db, clock)

    def ask(entry_id: str, conversations: int) -> None:
        for _ in range(conversations):
            opened = log.open()
            log.append(opened.id, "bot", "见下。", source={"faq_id": entry_id, "score": 0.9})
            log.append(opened.id, "bot", "请问挂失哪张卡？", source={"faq_id": entry_id})
            log.append(opened.id, "bot", "查余额", source={"intent": "check_balance"})
            log.append(opened.id, "system", "欢迎")

    return ask


@pytest.fixture
def hot(db: Database, clock: Hands, tmp_path: Path) -> HotQuestions:
    folder = publish(
        tmp_path / "faq",
        "1",
        small_bank(
            credit_fee={"audience": "signed_in"}, credit_repay={"expires": date(2026, 3, 4)}
        ),
    )
    return HotQuestions(db, LiveSuggester(folder), CURATED, clock)


def ids(hot: HotQuestions) -> list[str]:
    return [entry.id for entry in hot.entries()]


def test_a_young_log_opens_with_the_curated_ones(hot: HotQuestions, asked: Asked) -> None:
    asked("credit.overdue", LEAST - 1)
    assert ids(hot) == ["loss.how", "transfer.time", "mobile.new"]


def test_the_most_answered_come_first_each_conversation_counted_once(
    hot: HotQuestions, asked: Asked
) -> None:
    asked("transfer.time", LEAST)
    asked("credit.overdue", LEAST + 2)
    asked("never.published", LEAST + 3)
    asked("credit.fee", LEAST + 4)
    assert ids(hot) == ["credit.overdue", "transfer.time", "loss.how", "mobile.new"]


def test_one_customer_alone_makes_nothing_hot(
    hot: HotQuestions, db: Database, clock: Hands
) -> None:
    log = MessageLog(db, clock)
    opened = log.open()
    for _ in range(20):
        log.append(opened.id, "bot", "见下。", source={"faq_id": "credit.overdue"})
    assert "credit.overdue" not in ids(hot)


def test_last_weeks_are_forgotten_and_an_expired_entry_goes_at_once(
    hot: HotQuestions, asked: Asked, clock: Hands
) -> None:
    asked("credit.overdue", LEAST)
    clock.forward(days=6)
    asked("credit.repay", LEAST)
    clock.forward(days=-5)
    assert ids(hot)[:2] == ["credit.overdue", "credit.repay"]
    clock.forward(days=5, minutes=9)
    assert "credit.repay" not in ids(hot), "no longer in effect"
    clock.forward(days=2)
    assert ids(hot)[0] == "loss.how"


def test_the_log_is_counted_now_and_again_only(
    hot: HotQuestions, asked: Asked, clock: Hands
) -> None:
    assert ids(hot)[0] == "loss.how"
    asked("credit.overdue", LEAST)
    assert ids(hot)[0] == "loss.how"
    clock.forward(minutes=10)
    assert ids(hot)[0] == "credit.overdue"


def test_the_default_questions_are_in_the_bank() -> None:
    bank = load_bank(Path(__file__).parents[2] / "data" / "faq")
    for entry_id in Settings(demo=True).hot_questions:
        entry = bank.get(entry_id)
        assert entry.status == "approved" and entry.audience == "public", entry_id
