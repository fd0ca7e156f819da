"""Card statements in figures: what is to be paid at least, and by when. Money in integer fen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from bot.banking.finance import check_rate
from bot.errors import Invalid
from bot.text.calendar_math import in_month

# Least share of ordinary spending that a minimum payment covers. Banks have set their own since
# 2017 (银发〔2016〕111号); a tenth, the floor of 1999 (银发〔1999〕17号), is still what most ask.
MINIMUM_SHARE = Decimal("0.10")
# Days from statement to due date where a bank has no fixed due day.
DUE_AFTER_DAYS = 20


def minimum_payment(
    statement_balance: int,
    overlimit: int = 0,
    instalments_due: int = 0,
    overdue_minimum: int = 0,
    *,
    share: Decimal = MINIMUM_SHARE,
) -> int:
    """The least to be paid by the due date, fen: a share of ordinary spending, the rest in full.

    ``statement_balance`` is all that the statement asks, the other three included: what is over
    the limit, this month's instalments with their fees, and what was missing from earlier
    minimum payments. The share is rounded up to the fen; never more than the balance, and 0
    when nothing is owed.

    Raises:
        Invalid: a part is negative, or the share is none.
    """
    in_full = (overlimit, instalments_due, overdue_minimum)
    if min(in_full) < 0:
        raise Invalid(f"超限、分期和逾期金额不能为负：{in_full}（单位：分）")
    check_rate(share)
    ordinary = max(0, statement_balance - sum(in_full))
    least = int((ordinary * share).to_integral_value(ROUND_CEILING)) + sum(in_full)
    return max(0, min(least, statement_balance))


def statement_dates(day: int, year: int, month: int, count: int) -> tuple[date, ...]:
    """``count`` statement dates (账单日) from ``year``-``month`` on, one a month.

    A ``day`` that a month lacks falls on the month's last day.

    Raises:
        Invalid: the day is none of a month.
    """
    if not 1 <= day <= 31:
        raise Invalid(f"账单日 {day} 无效，请填 1 到 31")
    return tuple(in_month(year, month + step, day) for step in range(count))


def due_date(statement: date, *, days: int = DUE_AFTER_DAYS, fixed_day: int | None = None) -> date:
    """The last day to pay a statement (到期还款日): ``days`` after it, or where a bank has a
    fixed day of the month, the first such day after the statement.

    Raises:
        Invalid: ``days`` or ``fixed_day`` is out of bounds.
    """
    if fixed_day is None:
        if not 0 < days <= 60:
            raise Invalid(f"还款宽限 {days} 天无效，请填 1 到 60")
        return statement + timedelta(days)
    if not 1 <= fixed_day <= 31:
        raise Invalid(f"还款日 {fixed_day} 无效，请填 1 到 31")
    here = in_month(statement.year, statement.month, fixed_day)
    if here > statement:
        return here
    return in_month(statement.year, statement.month + 1, fixed_day)
