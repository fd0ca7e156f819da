"""Loans and instalments in figures: pure functions, money in integer fen.

Rates are ``Decimal`` fractions (``Decimal("0.0365")`` is 3.65 %). One rounding rule for all:
every interest and every level payment is rounded half up to the fen, a principal never exceeds
what is still owed, and the last payment takes what is left, so that principals add up exactly.
Months count as a twelfth of a year, whatever their days. A bank whose contracts say otherwise
states its own figures; these are for explaining and for trial calculation (试算).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from bot.errors import Invalid

MOST_FEN = 10**12
MOST_MONTHS = 600
# Significant digits of intermediate results.
PRECISION = 60


@dataclass(frozen=True)
class Payment:
    """One monthly payment in fen: its ``number`` from 1, and the ``balance`` owed after it."""

    number: int
    principal: int
    interest: int
    balance: int

    @property
    def total(self) -> int:
        """What is paid, fen."""
        return self.principal + self.interest


@dataclass(frozen=True)
class InstalmentPlan:
    """A card purchase or bill in instalments. In ``payments`` a fee stands as interest.

    ``annual_rate`` is the 近似折算年化利率（单利）as a fraction, rounded to 0.01 %.
    """

    amount: int
    periods: int
    fee_per_period: int
    payments: tuple[Payment, ...]
    total_fee: int
    annual_rate: Decimal


@dataclass(frozen=True)
class Prepayment:
    """What an early repayment changes, in fen: ``payments`` still to come, interest no longer
    due, and the bank's ``fee`` for it; ``net_saving`` may be negative."""

    amount: int
    payments: tuple[Payment, ...]
    saved_interest: int
    fee: int

    @property
    def net_saving(self) -> int:
        """Saved interest less the fee, fen."""
        return self.saved_interest - self.fee


def equal_instalments(
    principal: int, annual_rate: Decimal, months: int, *, first: int = 1
) -> tuple[Payment, ...]:
    """等额本息: level payments P·r·(1+r)ⁿ/((1+r)ⁿ−1), r = annual rate / 12.

    Args:
        principal: fen. annual_rate: a fraction. months: number of payments.
        first: number of the first payment, where a plan goes on from an earlier one.

    Raises:
        Invalid: an amount, rate or number of months is out of bounds.
    """
    _check(principal, annual_rate, months)
    level = _level_payment(principal, annual_rate, months)
    return _pay_down(principal, annual_rate, lambda interest: level - interest, first, months)


def equal_principal(
    principal: int, annual_rate: Decimal, months: int, *, first: int = 1
) -> tuple[Payment, ...]:
    """等额本金: every payment brings principal / months, rounded down to the fen.

    Arguments and errors as for :func:`equal_instalments`.
    """
    _check(principal, annual_rate, months)
    part = principal // months
    return _pay_down(principal, annual_rate, lambda _interest: part, first, months)


def instalment_plan(amount: int, periods: int, fee_rate: Decimal) -> InstalmentPlan:
    """A plan whose fee is ``fee_rate`` of the whole ``amount`` in every period of a month.

    The annual rate is the internal rate of return of the month's payments times twelve: the
    cost is measured against the money that is really still lent, as 中国人民银行公告〔2021〕第3号
    asks (贷款年化利率: all costs of the loan over the principal actually used; where simple
    interest is meant, it is said to be so), and 银保监规〔2022〕13号 asks it for card instalments.

    Raises:
        Invalid: an amount, rate or number of periods is out of bounds.
    """
    _check(amount, fee_rate, periods)
    fee, part = half_up(amount * fee_rate), amount // periods
    payments, balance = [], amount
    for number in range(1, periods + 1):
        principal = balance if number == periods else part
        balance -= principal
        payments.append(Payment(number, principal, fee, balance))
    monthly = _monthly_return(amount, payments)
    annual = (monthly * 12).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return InstalmentPlan(amount, periods, fee, tuple(payments), fee * periods, annual)


def prepayment(
    payments: tuple[Payment, ...],
    annual_rate: Decimal,
    *,
    after: int,
    amount: int,
    then: Literal["lower", "shorter"] = "lower",
    method: Literal["instalments", "principal"] = "instalments",
    fee_rate: Decimal = Decimal(0),
) -> Prepayment:
    """Repay ``amount`` fen of principal early, on the day of payment number ``after``.

    Nothing but the payments is owed on that day, so no days of interest are counted between.

    Args:
        payments: the whole plan so far. method: 等额本息 or 等额本金, as the plan was made.
        after: number of the last payment made; 0 before the first.
        then: ``lower`` keeps the months (减少月供), ``shorter`` the payment (缩短期限).
        fee_rate: the bank's fee (违约金) as a fraction of ``amount``.

    Raises:
        Invalid: no payment is left after ``after``, or ``amount`` exceeds what is owed.
    """
    rest = payments[after:]
    if after < 0 or not rest:
        raise Invalid(f"第 {after} 期之后没有未还的期数，请填 0 到 {len(payments) - 1}")
    owed = rest[0].principal + rest[0].balance
    if not 0 < amount <= owed:
        raise Invalid(f"提前还款 {amount} 分无效，请填 1 到剩余本金 {owed} 分")
    check_rate(fee_rate)
    left, first = owed - amount, after + 1
    schedule = equal_instalments if method == "instalments" else equal_principal
    if left == 0:
        new: tuple[Payment, ...] = ()
    elif then == "lower":
        new = schedule(left, annual_rate, len(rest), first=first)
    else:
        level, part = rest[0].total, rest[0].principal
        pays = (lambda interest: level - interest) if method == "instalments" else (lambda _: part)
        new = _pay_down(left, annual_rate, pays, first, len(rest))
    saved = sum(p.interest for p in rest) - sum(p.interest for p in new)
    return Prepayment(amount, new, saved, half_up(amount * fee_rate))


def _pay_down(
    balance: int, annual_rate: Decimal, pays: Callable[[int], int], first: int, most: int
) -> tuple[Payment, ...]:
    """Payments until nothing is owed, at most ``most``; ``pays`` gives a principal by interest."""
    payments = []
    for number in range(first, first + most):
        interest = half_up(balance * annual_rate / 12)
        last = number == first + most - 1
        principal = balance if last else min(balance, pays(interest))
        balance -= principal
        payments.append(Payment(number, principal, interest, balance))
        if balance == 0:
            break
    return tuple(payments)


def _level_payment(principal: int, annual_rate: Decimal, months: int) -> int:
    with localcontext() as context:
        context.prec = PRECISION
        factor, annuity = 1 / (1 + annual_rate / 12), Decimal(0)
        for _ in range(months):  # sums what a fen a month is worth today; right at rate 0 too
            annuity = (annuity + 1) * factor
        return half_up(principal / annuity)


def _monthly_return(amount: int, payments: list[Payment]) -> Decimal:
    """The monthly rate at which the payments are worth ``amount`` today, by halving."""
    with localcontext() as context:
        context.prec = PRECISION
        low, high = Decimal(0), Decimal(sum(p.total for p in payments)) / amount
        for _ in range(80):
            middle = (low + high) / 2
            factor, worth = 1 / (1 + middle), Decimal(0)
            for payment in reversed(payments):
                worth = (worth + payment.total) * factor
            low, high = (middle, high) if worth > amount else (low, middle)
        return low


def half_up(fen: Decimal) -> int:
    """Rounded to the whole fen, a half away from zero."""
    return int(fen.to_integral_value(ROUND_HALF_UP))


def _check(principal: int, rate: Decimal, months: int) -> None:
    if not 0 < principal <= MOST_FEN:
        raise Invalid(f"金额 {principal} 分无效，请填 1 到 {MOST_FEN}")
    if not 0 < months <= MOST_MONTHS:
        raise Invalid(f"期数 {months} 无效，请填 1 到 {MOST_MONTHS}")
    check_rate(rate)


def check_rate(rate: Decimal) -> None:
    """Raises :class:`Invalid` for a rate that is no fraction from 0 to 1."""
    if not 0 <= rate <= 1:
        raise Invalid(f"费率或利率 {rate} 无效，请填小数：3.65% 是 0.0365")
