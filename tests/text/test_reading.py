"""What is read out of a customer's Chinese."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banking.models import yuan
from bot.text.amounts import find_amounts
from bot.text.cards import find_card_tails
from bot.text.entities import EntityFinder
from bot.text.normalise import normalise
from bot.text.periods import find_periods

TODAY = date(2026, 3, 2)  # a Monday


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("转三千五给他", 350_000),
        ("1.5万", 1_500_000),
        ("￥3,500.00", 350_000),
        ("两百块钱", 20_000),
        ("一百二十三块四毛五", 12_345),
        ("五块五", 550),
        ("贷款20w", 20_000_000),
        ("十二万三千元整", 12_300_000),
        ("取八百", 80_000),
        ("0.5元", 50),
    ],
)
def test_amounts_in_any_form(text: str, fen: int) -> None:
    assert [span.value for span in find_amounts(text)] == [fen]


@pytest.mark.parametrize(
    "text",
    ["尾号8866", "万一被盗", "千万别扣", "6个月", "一百次", "十分感谢", "一块去", "1" * 2000],
)
def test_what_is_no_amount(text: str) -> None:
    assert find_amounts(text) == []


@given(st.integers(min_value=1, max_value=10**11))
def test_a_formatted_amount_reads_back(fen: int) -> None:
    assert [span.value for span in find_amounts(f"转{yuan(fen)}。")] == [fen]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("上个月的流水", "2026-02-01/2026-02-28"),
        ("这个月", "2026-03-01/2026-03-02"),
        ("最近三天", "2026-02-28/2026-03-02"),
        ("近7天", "2026-02-24/2026-03-02"),
        ("6月份花了多少", "2025-06-01/2025-06-30"),
        ("去年双十一", "2025-11-11/2025-11-11"),
        ("2月28号到3月1号", "2026-02-28/2026-03-01"),
        ("2025-12-31的账", "2025-12-31/2025-12-31"),
        ("上周五", "2026-02-27/2026-02-27"),
        ("昨天", "2026-03-01/2026-03-01"),
        ("去年", "2025-01-01/2025-12-31"),
        ("半年", None),
        ("近半年", "2025-09-02/2026-03-02"),
        ("2月30号", None),
        ("编号16180", None),
    ],
)
def test_periods_as_days_in_shanghai(text: str, interval: str | None) -> None:
    found = [span.value for span in find_periods(text, TODAY)]
    assert found == ([interval] if interval else [])


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("尾号8866", "8866"),
        ("尾号是八八六六的卡", "8866"),
        ("后四位 1234", "1234"),
        ("8866那张", "8866"),
        ("上个月8866的流水", "8866"),
        ("挂失5520", "5520"),
        ("8866", "8866"),
        ("不对，是尾号2001那张", "2001"),
        ("查2024年的账单", None),
        ("转8866元", None),
        ("订单号138866001", None),
    ],
)
def test_card_tails(text: str, tail: str | None) -> None:
    assert [span.value for span in find_card_tails(text)] == ([tail] if tail else [])


def test_one_place_is_one_entity() -> None:
    found = EntityFinder().find("查尾号8866的信用卡上个月超过三千块的消费", TODAY)
    assert [(entity.type, entity.value) for entity in found] == [
        ("card_tail", "8866"),
        ("account_kind", "credit"),
        ("period", "2026-02-01/2026-02-28"),
        ("amount", 300_000),
    ]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("查　餘額！！！！！！", "查余额!!!"),
        ("我 要 转 账", "我要转账"),
        ("Ｋ１２３", "K123"),
        ("掛失😀我的卡", "挂失我的卡"),
        ("查\x00余\u200b额", "查余额"),
        ("zz 200 to tom", "zz 200 to tom"),
    ],
)
def test_one_way_of_writing(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\x00" not in once
