"""An honest range of waiting time, and the summary an agent starts from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.summary import language_of, summarise, tried_of
from bot.handoff.waiting import FEW, Pace, Wait, estimate

USUAL = timedelta(minutes=8)


def test_nobody_there_no_promise() -> None:
    assert estimate(3, Pace.of([], USUAL, 0)).minutes is None


def test_recent_handling_counts_once_there_is_enough_of_it() -> None:
    quick = [timedelta(minutes=1)] * FEW
    assert estimate(4, Pace.of(quick[:-1], USUAL, 4)) == estimate(4, Pace.of([], USUAL, 4))
    assert (estimate(4, Pace.of(quick, USUAL, 4)).minutes or (0, 0))[1] <= 2


def test_who_finds_somebody_free_need_not_wait_for_an_end() -> None:
    assert estimate(2, Pace.of([], USUAL, 6, free=2)).minutes == (1, 1)
    assert (
        estimate(5, Pace.of([], USUAL, 6, free=2)).minutes
        == estimate(3, Pace.of([], USUAL, 6)).minutes
    )


@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 60))
def test_who_stands_further_back_or_has_fewer_agents_is_told_longer(
    position: int, chats: int, minutes: int
) -> None:
    usual = timedelta(minutes=minutes)
    low, high = estimate(position, Pace.of([], usual, chats)).minutes or (0, 0)
    assert 1 <= low <= high
    behind = estimate(position + 1, Pace.of([], usual, chats)).minutes or (0, 0)
    helped = estimate(position, Pace.of([], usual, chats + 1)).minutes or (0, 0)
    assert behind[0] >= low and behind[1] >= high
    assert helped[0] <= low and helped[1] <= high


@pytest.mark.parametrize(("position", "chats"), [(1, 1), (3, 2), (10, 4)])
def test_three_in_five_come_within_the_range(position: int, chats: int) -> None:
    draw = random.Random(7)
    pace = USUAL.total_seconds() / chats / 60
    low, high = estimate(position, Pace.of([], USUAL, chats)).minutes or (0, 0)
    waits = [sum(draw.expovariate(1 / pace) for _ in range(position)) for _ in range(4_000)]
    within = sum(low <= wait <= high for wait in waits) / len(waits)
    assert 0.55 < within < 0.75


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (Wait(1, None), "您是下一位"),
        (Wait(1, (1, 1)), "您是下一位，预计 1 分钟内接入"),
        (Wait(4, (3, 6)), "前面还有 3 位客户，预计等待 3–6 分钟"),
        (Wait(2, (4, 4)), "前面还有 1 位客户，预计等待 4 分钟"),
    ],
)
def test_how_it_is_told(wait: Wait, told: str) -> None:
    assert str(wait) == told


@dataclass
class Said:
    role: str
    text: str
    source: dict[str, Any] | None = None


def test_an_agent_sees_what_was_tried_and_nothing_that_is_secret() -> None:
    lines = [
        Said("customer", "卡号6222020200112233445丢了怎么办"),
        Said("bot", "可以先挂失。", {"faq_id": "loss.how"}),
        Said("bot", "请问是尾号 3445 的卡吗？", {"action": "x"}),
    ]
    assert tried_of(lines) == ["loss.how：可以先挂失。", "请问是尾号 3445 的卡吗？"]
    summary = summarise("客户要求人工", lines)
    assert len(summary.splitlines()) == 3 and "0200112" not in summary


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的卡丢了", "zh"),
        ("我张卡唔见咗，点算", "yue"),
        ("My card is lost, please help", "en"),
        ("ETC 扣费", "zh"),
        ("OK", "zh"),
        ("", "zh"),
    ],
)
def test_the_language_is_the_customers(text: str, language: str) -> None:
    assert (
        language_of([Said("bot", "Hello dear customer there"), Said("customer", text)]) == language
    )
