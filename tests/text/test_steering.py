"""What is read out of an answer to a form: steering, account numbers, banks, directions, denials."""

from __future__ import annotations

import time

import pytest

from bot.text.account_numbers import find_account_numbers
from bot.text.banks import named_bank
from bot.text.cards import direction_of
from bot.text.clauses import is_denied
from bot.text.names import is_full_name
from bot.text.repairs import find_repair, is_wrong, wants_change


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("上一步", "back"),
        ("请返回上一步", "back"),
        ("跳过吧", "skip"),
        ("再说一遍", "repeat"),
        ("您刚才说什么", "repeat"),
        ("再试一次", "retry"),
        ("重试", "retry"),
        ("请帮我再试一下吧", "retry"),
        ("重新提交", None),
        ("再试一张卡", None),
        ("试一次", None),
        ("确认", None),
        ("再发一次", None),
        ("怎么返回上一页的设置", None),
        ("李梅", None),
    ],
)
def test_steering(text: str, repair: str | None) -> None:
    assert find_repair(text) == repair


@pytest.mark.parametrize(
    ("text", "wrong", "change"),
    [
        ("不对", True, True),
        ("写错了", True, True),
        ("金额不对", False, True),
        ("换个收款人", False, True),
        ("不要", False, False),
        ("可以", False, False),
    ],
)
def test_something_is_to_be_another(text: str, wrong: bool, change: bool) -> None:
    assert (is_wrong(text), wants_change(text)) == (wrong, change)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("卡号6222021001128821。", ["6222021001128821"]),
        ("6222 0210 0112 8821", ["6222021001128821"]),
        ("6222-0210-0112-8821", ["6222021001128821"]),
        ("存折0200100567128", ["0200100567128"]),
        ("打13810001001", []),
        ("转12345.67元", []),
        ("尾号8821", []),
    ],
)
def test_account_numbers(text: str, numbers: list[str]) -> None:
    assert [span.value for span in find_account_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "bank"),
    [
        ("工行", "工商银行"),
        ("建行的", "建设银行"),
        ("是中国农业银行", "农业银行"),
        ("邮政储蓄", "邮储银行"),
        ("在云南红塔银行", "云南红塔银行"),
        ("不知道", None),
    ],
)
def test_banks(text: str, bank: str | None) -> None:
    assert named_bank(text) == bank


def test_directions_and_denials() -> None:
    assert direction_of("从8866转1000到2001", 1) == "from"
    assert direction_of("从8866转1000到2001", 11) == "to"
    assert direction_of("尾号2001", 2) is None
    text = "不是李梅,是王建国"
    assert is_denied(text, text.index("李梅")) and not is_denied(text, text.index("王建国"))


def test_full_names() -> None:
    assert all(map(is_full_name, ("李四", "王建国", "欧阳娜娜")))
    assert not any(map(is_full_name, ("小雨", "我妈", "王总", "房东", "李姐")))


@pytest.mark.parametrize("text", ["1" * 2000, "1 " * 1000, "返回" * 1000, "不对" * 1000])
def test_long_runs_are_read_quickly(text: str) -> None:
    begun = time.perf_counter()
    find_account_numbers(text)
    for read in (find_repair, is_wrong, wants_change, named_bank):
        read(text)
    assert time.perf_counter() - begun < 0.5
