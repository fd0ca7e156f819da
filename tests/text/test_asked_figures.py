"""Bounds on transactions, terms of a loan, and questions for one's own figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.bounds import Wanted, find_bounds, find_wanted
from bot.text.inquiries import find_inquiry
from bot.text.loan_terms import LoanTerms, find_loan_terms


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("大于500的支出", 50_001, None),
        ("超过一千的", 100_001, None),
        ("大于等于500", 50_000, None),
        ("不低于500元的", 50_000, None),
        ("500以上的收入", 50_000, None),
        ("1.5万以上", 1_500_000, None),
        ("低于50元的", None, 4_999),
        ("不超过200块", None, 20_000),
        ("一百块以下", None, 10_000),
        ("500到1000之间的消费", 50_000, 100_000),
        ("3000元至5000元", 300_000, 500_000),
        ("大于500小于1000", 50_001, 99_999),
        ("299元的那笔", 29_900, 29_900),
        ("再看10笔", None, None),
        ("最近的流水", None, None),
    ],
)
def test_bounds(text: str, least: int | None, most: int | None) -> None:
    assert find_bounds(text) == (least, most)


@pytest.mark.parametrize(
    ("text", "direction", "kinds"),
    [
        ("只看支出", "out", ()),
        ("最近三个月的收入", "in", ()),
        ("收入和支出", None, ()),
        ("工资到了没", "in", ("salary",)),
        ("刷卡消费", "out", ("purchase",)),
        ("转账记录", None, ("transfer",)),
        ("看看明细", None, ()),
    ],
)
def test_which_way_and_of_which_kind(
    text: str, direction: str | None, kinds: tuple[str, ...]
) -> None:
    found = find_wanted(text)
    assert (found.direction, found.kinds) == (direction, kinds)
    assert found.sorts == bool(direction or kinds)


def test_everything_again() -> None:
    assert find_wanted("看全部交易") == Wanted(everything=True)


@given(st.text(alphabet="大于小超过不低500一千万元到至.以上下内的 ", max_size=30))
def test_bounds_never_fail(text: str) -> None:
    least, most = find_bounds(text)
    assert (least is None or least > 0) and (most is None or most >= 0)


TERMS = [
    ("贷款30万3年每月还多少", 30_000_000, 36, None, None),
    ("贷款100万30年等额本息月供多少", 100_000_000, 360, None, "equal_instalments"),
    ("等额本金贷50万20年", 50_000_000, 240, None, "equal_principal"),
    ("20万分36期一共多少利息", 20_000_000, 36, None, None),
    ("房贷120万25年利率3.1%每个月还多少", 120_000_000, 300, "0.031", None),
    ("借10万一年利息多少", 10_000_000, 12, None, None),
    ("贷款八十万二十年", 80_000_000, 240, None, None),
    ("三十年", None, 360, None, None),
    ("2年半", None, 30, None, None),
    ("1年3个月", None, 15, None, None),
    ("半年", None, 6, None, None),
    ("百分之三点一", None, None, "0.031", None),
    ("月利率0.5%", None, None, "0.06", None),
    ("2026年每年还多少", None, None, None, None),
    ("等额本息和等额本金都算", None, None, None, None),
]


@pytest.mark.parametrize(("text", "amount", "months", "rate", "method"), TERMS)
def test_terms_of_a_loan(
    text: str, amount: int | None, months: int | None, rate: str | None, method: str | None
) -> None:
    found = find_loan_terms(text)
    assert (found.amount, found.months, found.method) == (amount, months, method)
    assert found.annual_rate == (Decimal(rate) if rate else None)


@given(st.text(alphabet="贷款百万十三20年个月期利率.%点半元 ", max_size=30))
def test_terms_never_fail(text: str) -> None:
    found = find_loan_terms(text)
    assert isinstance(found, LoanTerms)
    assert found.months is None or 0 < found.months <= 360
    assert found.annual_rate is None or 0 < found.annual_rate < 1


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("我今天还能转多少", "query_limits"),
        ("撤销转账", "cancel_transfer"),
        ("帮我撤回昨天那笔转账", "cancel_transfer"),
        ("刚才的次日到账转账撤销掉", "cancel_transfer"),
        ("次日到账的转账能撤销吗", None),
        ("转错了，撤回转账", None),
        ("撤销挂失", None),
        ("再说一遍", "repeat"),
        ("没听清，再说一次", "repeat"),
        ("再看一遍明细", None),
        ("今天转账额度用了多少", "query_limits"),
        ("我的转账限额还剩多少", "query_limits"),
        ("尾号8866一天能转多少钱", "query_limits"),
        # what anybody may transfer stands in the FAQ bank
        ("单笔最多能转多少", None),
        ("转账限额怎么调高", None),
        ("贷款30万3年每月还多少", "calculate_loan"),
        ("等额本金贷50万20年利息一共多少", "calculate_loan"),
        ("帮我算一下房贷月供", "calculate_loan"),
        ("年利率4.2%", "calculate_loan"),
        # without figures it is a question about how
        ("房贷月供怎么计算", None),
        ("等额本息和等额本金有什么区别", None),
        ("提前还款30万能省多少利息", None),
        ("申请30万三年等额本息", None),
        ("我的房贷还剩多少没还", "query_loans"),
        ("房贷下个月什么时候扣多少", "query_loans"),
        ("贷款还了几期了", "query_loans"),
        ("贷款逾期了怎么办", None),
        ("账单分期12期每期多少钱", "quote_instalments"),
        ("把账单分6期要多少手续费", "quote_instalments"),
        ("分12期", None),
        ("分12期手续费怎么算", None),
        ("看看还款计划", "query_loans"),
        ("房贷还款计划", "query_loans"),
        ("还款计划怎么改", None),
        ("再上一期呢", "query_card_bill"),
        ("下一页", "query_transactions"),
        ("查余额", None),
    ],
)
def test_questions_for_own_figures(text: str, intent: str | None) -> None:
    assert find_inquiry(text) == intent


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert find_inquiry(text) is None or isinstance(find_inquiry(text), str)
