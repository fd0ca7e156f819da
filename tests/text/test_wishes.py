"""What customers wish for in passing: until when, which of a list, which purchase, points or their number."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.ahead import find_day_ahead
from bot.text.inquiries import asks_points
from bot.text.instalments import find_purchase_sum
from bot.text.places import find_place

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("用30天", "2026-04-01"),
        ("一个月", "2026-04-01"),
        ("两个月就够", "2026-05-01"),
        ("半个月", "2026-03-17"),
        ("一个半月", "2026-04-16"),
        ("三周", "2026-03-23"),
        ("到4月15号", "2026-04-15"),
        ("到四月十五日", "2026-04-15"),
        ("下个月10号", "2026-04-10"),
        ("15号", "2026-03-15"),
        ("1号", "2026-04-01"),
        ("下月底", "2026-04-30"),
        ("月底", "2026-03-31"),
        ("年底", "2026-12-31"),
        ("2月28日", "2027-02-28"),
        ("45日", "2026-04-16"),
        ("到2月30号", "2027-02-28"),
        ("提到6万", None),
        ("尾号5520", None),
    ],
)
def test_until_when(text: str, until: str | None) -> None:
    found = find_day_ahead(text, TODAY)
    assert (found.isoformat() if found else None) == until


@pytest.mark.parametrize("text", ["下个月10号", "下月底", "12号"])
def test_the_year_turns(text: str) -> None:
    found = find_day_ahead(text, date(2026, 12, 20))
    assert found is not None and found.year == 2027


@pytest.mark.parametrize(
    ("text", "index"),
    [("第二个", 1), ("第三件吧", 2), ("选3号", 2), ("3", 2), ("就要4", 3), ("最后一个", 6),
     ("第9个", None), ("换咖啡", None), ("第3期", None), ("0", None)],
)  # fmt: skip
def test_one_of_seven(text: str, index: int | None) -> None:
    assert find_place(text, 7, bare=True) == index


def test_a_bare_number_is_a_place_only_in_a_numbered_list() -> None:
    assert find_place("3", 7) is None


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("4999那笔分12期", 499_900),
        ("三千块的那单", 300_000),
        ("那笔八千八分期", 880_000),
        ("单笔六百也想分", 60_000),
        ("那笔9000的家具", 900_000),
        ("那笔12期", None),
        ("那笔十二期", None),
        ("这笔分12期", None),
        ("账单分期5000", None),
    ],
)
def test_the_sum_that_names_a_purchase(text: str, fen: int | None) -> None:
    assert find_purchase_sum(text) == fen


@pytest.mark.parametrize(
    ("text", "only_asks"),
    [
        ("我有多少积分", True),
        ("信用卡积分查询", True),
        ("积分余额", True),
        ("不换东西，就看看积分", True),
        ("快到期的积分有几分", True),
        ("积分换话费", False),
        ("看看积分够不够，够就换咖啡", False),
        ("积分", False),
        ("我要用积分", False),
        ("积分抵年费", False),
        ("我的积分帮我花掉", False),
    ],
)
def test_points_asked_for_or_spent(text: str, only_asks: bool) -> None:
    assert asks_points(text) == only_asks


@given(st.text(alphabet="0123456789一二三十百万那笔单期第个号月日天底下半年到", max_size=20))
def test_any_text_is_read(text: str) -> None:
    until = find_day_ahead(text, TODAY)
    assert until is None or until.year >= 1
    place = find_place(text, 5, bare=True)
    assert place is None or 0 <= place < 5
    fen = find_purchase_sum(text)
    assert fen is None or fen > 0
