"""Loans, instalments and statements: exact to the fen, whatever is asked.

The tables were computed another way than the code does: level payments and interest in exact
fractions, rates of return by Newton's method.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banking.billing import due_date, minimum_payment, statement_dates
from bot.banking.finance import (
    Payment,
    equal_instalments,
    equal_principal,
    instalment_plan,
    prepayment,
)
from bot.errors import Invalid

# principal, rate, months; 等额本息: payment, last payment, interest; 等额本金: the same
LOANS = [
    (10_000_000, "0.036", 12, (849_673, 849_668, 196_071), (863_333, 835_837, 195_000)),
    (100_000_000, "0.031", 360, (427_016, 427_259, 53_726_003), (536_110, 278_775, 46_629_295)),
    (30_000_000, "0.049", 240, (196_333, 196_428, 17_120_015), (247_500, 125_510, 14_761_260)),
    (500_000, "0.18", 6, (87_763, 87_761, 26_576), (90_833, 84_585, 26_250)),
    (123_457, "0.0435", 7, (17_893, 17_896, 1_797), (18_084, 17_705, 1_792)),
    (1_000_000, "0", 3, (333_333, 333_334, 0), (333_333, 333_334, 0)),
    (100, "0.24", 24, (5, 16, 31), (6, 8, 26)),
]
# amount, periods, fee a period as a fraction; fee, all fees, yearly rate
PLANS = [
    (1_200_000, 12, "0.006", 7_200, 86_400, "0.1303"),
    (500_000, 3, "0.009", 4_500, 13_500, "0.1613"),
    (600_000, 6, "0.0075", 4_500, 27_000, "0.1527"),
    (1_000_000, 24, "0.0065", 6_500, 156_000, "0.1433"),
    (3_000_000, 36, "0.005", 15_000, 540_000, "0.1108"),
    (100_000, 1, "0.01", 1_000, 1_000, "0.1200"),
    (100_001, 7, "0", 0, 0, "0.0000"),
]

money = st.integers(1, 10**11)
rates = st.integers(0, 3600).map(lambda points: Decimal(points) / 10_000)
spans = st.integers(1, 420)
schedules = st.sampled_from([equal_instalments, equal_principal])


def facts(payments: tuple[Payment, ...]) -> tuple[int, int, int]:
    return payments[0].total, payments[-1].total, sum(p.interest for p in payments)


@pytest.mark.parametrize(("principal", "rate", "months", "level", "falling"), LOANS)
def test_known_loans(principal: int, rate: str, months: int, level: tuple, falling: tuple) -> None:
    assert facts(equal_instalments(principal, Decimal(rate), months)) == level
    assert facts(equal_principal(principal, Decimal(rate), months)) == falling


@pytest.mark.parametrize(("amount", "periods", "rate", "fee", "fees", "annual"), PLANS)
def test_known_plans(
    amount: int, periods: int, rate: str, fee: int, fees: int, annual: str
) -> None:
    plan = instalment_plan(amount, periods, Decimal(rate))
    assert (plan.fee_per_period, plan.total_fee, plan.annual_rate) == (fee, fees, Decimal(annual))
    assert sum(p.total for p in plan.payments) == amount + fees


@settings(max_examples=60, deadline=None)
@given(schedules, money, rates, spans)
def test_every_schedule_adds_up(schedule, principal: int, rate: Decimal, months: int) -> None:
    payments = schedule(principal, rate, months)
    assert sum(p.principal for p in payments) == principal
    assert payments[-1].balance == 0 and len(payments) <= months
    assert [p.number for p in payments] == list(range(1, len(payments) + 1))
    owed = principal
    for payment in payments:
        exact = Fraction(owed) * Fraction(rate) / 12
        assert abs(payment.interest - exact) <= Fraction(1, 2)
        assert 0 <= payment.principal <= owed
        owed -= payment.principal
        assert payment.balance == owed


@settings(max_examples=60, deadline=None)
@given(st.integers(10**6, 10**11), rates, spans)
def test_instalments_are_level_and_principal_costs_less(
    principal: int, rate: Decimal, months: int
) -> None:
    level = equal_instalments(principal, rate, months)
    assert len({p.total for p in level[:-1]}) <= 1
    falling = equal_principal(principal, rate, months)
    assert all(a.total >= b.total for a, b in zip(falling[:-1], falling[1:-1], strict=False))
    # Half a fen of rounding a month, grown to the end, is all that can turn the order round.
    slack = months * (1 + float(rate) / 12) ** months
    assert facts(falling)[2] <= facts(level)[2] + slack


@settings(max_examples=60, deadline=None)
@given(st.integers(10**5, 10**9), st.integers(1, 60), st.integers(0, 200))
def test_the_yearly_rate_discounts_the_payments_to_the_amount(
    amount: int, periods: int, points: int
) -> None:
    plan = instalment_plan(amount, periods, Decimal(points) / 10_000)
    monthly = float(plan.annual_rate) / 12
    worth = sum(p.total / (1 + monthly) ** p.number for p in plan.payments)
    # The rate is rounded to 0.01 % a year.
    assert worth == pytest.approx(amount, rel=0.00005 * (periods / 12 + 1) + 1e-6)
    assert plan.annual_rate >= Decimal(points * 12) / 10_000 - Decimal("0.0002")


def test_a_prepaid_loan_costs_less_interest() -> None:
    loan = equal_instalments(30_000_000, Decimal("0.049"), 240)
    owed = loan[59].balance
    lower = prepayment(loan, Decimal("0.049"), after=60, amount=10_000_000)
    shorter = prepayment(loan, Decimal("0.049"), after=60, amount=10_000_000, then="shorter")
    assert sum(p.principal for p in lower.payments) == owed - 10_000_000
    assert (lower.payments[0].number, lower.payments[-1].number) == (61, 240)
    assert lower.payments[0].total < loan[60].total == shorter.payments[0].total
    assert shorter.payments[-1].number < 240
    assert shorter.saved_interest > lower.saved_interest > 0
    whole = prepayment(loan, Decimal("0.049"), after=60, amount=owed, fee_rate=Decimal("0.01"))
    assert whole.payments == () and whole.fee == round(owed / 100)
    assert whole.saved_interest == sum(p.interest for p in loan[60:])
    assert whole.net_saving == whole.saved_interest - whole.fee


@settings(max_examples=40, deadline=None)
@given(
    st.data(), st.integers(10**6, 10**10), rates, st.integers(2, 120),
    st.sampled_from(["lower", "shorter"]), st.sampled_from(["instalments", "principal"]),
)  # fmt: skip
def test_prepayment_accounts_for_every_fen(
    data, principal: int, rate: Decimal, months: int, then, method
) -> None:
    schedule = equal_instalments if method == "instalments" else equal_principal
    loan = schedule(principal, rate, months)
    after = data.draw(st.integers(0, len(loan) - 1))
    owed = principal - sum(p.principal for p in loan[:after])
    amount = data.draw(st.integers(1, owed))
    early = prepayment(loan, rate, after=after, amount=amount, then=then, method=method)
    assert sum(p.principal for p in early.payments) + amount == owed
    assert sum(p.interest for p in early.payments) + early.saved_interest == sum(
        p.interest for p in loan[after:]
    )
    assert len(early.payments) <= len(loan) - after


@pytest.mark.parametrize(
    ("balance", "over", "instalments", "overdue", "least"),
    [
        (1_000_000, 0, 0, 0, 100_000),
        (1_000_001, 0, 0, 0, 100_001),  # a tenth of a fen is a fen
        (1_000_000, 50_000, 80_000, 20_000, 85_000 + 150_000),
        (300_000, 0, 300_000, 0, 300_000),
        (50_000, 0, 80_000, 0, 50_000),  # partly paid already
        (0, 0, 0, 0, 0),
        (-5_000, 0, 0, 0, 0),  # overpaid
    ],
)
def test_minimum_payment(
    balance: int, over: int, instalments: int, overdue: int, least: int
) -> None:
    assert minimum_payment(balance, over, instalments, overdue) == least


def test_statements_and_due_dates() -> None:
    assert statement_dates(31, 2027, 12, 4) == (
        date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31),
    )  # fmt: skip
    assert due_date(date(2026, 2, 10)) == date(2026, 3, 2)
    assert due_date(date(2026, 1, 5), fixed_day=23) == date(2026, 1, 23)
    assert due_date(date(2026, 12, 20), fixed_day=8) == date(2027, 1, 8)
    assert due_date(date(2026, 1, 31), fixed_day=31) == date(2026, 2, 28)
    assert due_date(date(2026, 2, 10), days=25) - date(2026, 2, 10) == timedelta(25)


@pytest.mark.parametrize(
    ("call", "mend"),
    [
        (lambda: equal_instalments(0, Decimal("0.03"), 12), "金额 0 分"),
        (lambda: equal_principal(100, Decimal("3.65"), 12), "0.0365"),
        (lambda: equal_instalments(100, Decimal("0.03"), 601), "1 到 600"),
        (lambda: instalment_plan(100, 0, Decimal("0.006")), "期数 0"),
        (lambda: minimum_payment(100, -1), "不能为负"),
        (lambda: statement_dates(32, 2026, 1, 1), "1 到 31"),
        (lambda: due_date(date(2026, 1, 1), fixed_day=0), "1 到 31"),
        (lambda: due_date(date(2026, 1, 1), days=0), "1 到 60"),
        (lambda: prepayment((), Decimal(0), after=0, amount=1), "没有未还"),
        (
            lambda: prepayment(equal_principal(100, Decimal(0), 2), Decimal(0), after=1, amount=51),
            "剩余本金 50 分",
        ),
    ],
)
def test_what_cannot_be_is_named(call, mend: str) -> None:
    with pytest.raises(Invalid, match=mend):
        call()
