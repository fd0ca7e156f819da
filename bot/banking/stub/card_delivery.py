"""New cards of the simulated bank on their way: what one costs, where it goes, where it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import select

from bot.banking.errors import BankRefused
from bot.banking.models import (
    CARD_MOVES,
    CARD_STATUS_NAMES,
    CardDelivery,
    CardStatus,
    ReplacementTerms,
)
from bot.banking.requests import OrderReplacement
from bot.banking.stub.access import covered, own_account, own_card, status_of
from bot.banking.stub.core import Work
from bot.banking.stub.rules import (
    CARD_YEARS,
    CARRIER,
    RENEWAL_MONTHS,
    REPLACEMENT_DAYS,
    REPLACEMENT_FEES,
    SENT_AFTER_DAYS,
)
from bot.banking.stub.tables import accounts, cards, customers
from bot.text import calendar_math
from bot.text.clock import shanghai
from bot.text.masking import mask_address


def terms_of(work: Work, request: OrderReplacement) -> ReplacementTerms:
    """What the port's ``replacement_terms`` tells; raises what it does."""
    row = own_card(work, request.card_id)
    _possible(row, cast(CardStatus, status_of(row, work.now)), request, work.today)
    lost, free = request.reason == "lost", request.reason in ("expiring", "returned")
    fee = 0 if free else REPLACEMENT_FEES[row.kind]
    if row.kind == "debit" and fee:
        covered(work, own_account(work, row.account_id), fee)
    valid_until = (row.renewed_until or row.expires_on) if request.reason == "returned" else None
    return ReplacementTerms(
        row.id, _address(work), fee, work.today + timedelta(REPLACEMENT_DAYS), not lost,
        valid_until or last_day(work.today, CARD_YEARS * 12),
    )  # fmt: skip


def last_day(today: date, months: int) -> date:
    """The last day of a card that works for so many months from now."""
    return calendar_math.month(today.year, today.month + months)[1]


def deliveries_of(work: Work) -> list[CardDelivery]:
    """What the port's ``deliveries`` tells."""
    new = (
        select(cards)
        .join(accounts)
        .where(
            accounts.c.customer_id == work.customer_id,
            cards.c.status.in_(("inactive", "normal")),
            cards.c.ordered_at.is_not(None),
        )
    )
    rows = work.tx.execute(new.order_by(cards.c.ordered_at.desc())).all()
    address = _address(work) if rows else ""
    return [_delivery(row, address, work.today) for row in rows]


def _delivery(row: Any, address: str, today: date) -> CardDelivery:
    ordered = shanghai(row.ordered_at).date()
    sent, arrives = ordered + timedelta(SENT_AFTER_DAYS), ordered + timedelta(REPLACEMENT_DAYS)
    if row.returned_on is None and today < sent:
        return CardDelivery(row.id, "making", ordered, address, arrives)
    letter = CARRIER, f"EY{sent:%y%m%d}{row.number[-4:]}"
    if row.returned_on is not None:
        return CardDelivery(row.id, "returned", row.returned_on, address, None, *letter)
    if today < arrives:
        return CardDelivery(row.id, "under_way", sent, address, arrives, *letter)
    return CardDelivery(row.id, "delivered", arrives, address, None, *letter)


def _possible(row: Any, status: CardStatus, request: OrderReplacement, today: date) -> None:
    reason = request.reason
    if reason == "returned" and row.returned_on is None:
        raise BankRefused("not_returned", "这张新卡没有被退回，不用重寄。")
    if (status, f"order_replacement_{reason}") not in CARD_MOVES:
        if reason == "lost":
            raise BankRefused("not_lost", "丢失的卡要先正式挂失，才能补办新卡。")
        now = CARD_STATUS_NAMES[status]
        why = {"damaged": "损坏换新", "expiring": "到期换新"}.get(reason, "重寄")
        raise BankRefused("not_usable", f"这张卡目前{now}，不能按{why}办理。")
    if reason != "expiring":
        return
    if row.renewed_until is not None:
        raise BankRefused("under_way", "这张卡的新卡已经在办，不用重复申请。")
    if row.expires_on is None:  # a card of before that was kept
        return
    first = calendar_math.months_before(row.expires_on, RENEWAL_MONTHS)
    if today < first:
        until = row.expires_on
        raise BankRefused(
            "too_early",
            f"这张卡有效期到 {until.year}年{until.month}月底，到期前 {RENEWAL_MONTHS} 个月起才能换新。",
        )


def _address(work: Work) -> str:
    home = select(customers.c.address).where(customers.c.id == work.customer_id)
    return mask_address(work.tx.execute(home).scalar_one())
