"""Cards of the simulated bank and their states; a credit card's money is in ``credit``."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import insert, select, update

from bot.banking.card_numbers import with_check_digit
from bot.banking.errors import BankRefused
from bot.banking.models import (
    CARD_MOVES,
    Card,
    CardDelivery,
    CardStatus,
    Receipt,
    ReplacementTerms,
    label_of,
)
from bot.banking.requests import ActivateCard, LiftLoss, OrderReplacement, ReportLoss
from bot.banking.stub.access import (
    day,
    moment,
    money,
    own_card,
    status_of,
    text,
)
from bot.banking.stub.card_delivery import deliveries_of, terms_of
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.credit import StubCredit
from bot.banking.stub.instalments import StubInstalments
from bot.banking.stub.ledger import entry_rows, post
from bot.banking.stub.rules import OWN_BANK, TEMPORARY_LOSS
from bot.banking.stub.tables import accounts, cards

_Cards = list[Card]
_Deliveries = list[CardDelivery]
# A card of which no new one is on its way.
ARRIVED: dict[str, Any] = {"renewed_until": None, "ordered_at": None, "returned_on": None}


class StubCards(StubInstalments, StubCredit):
    """Implements :class:`~bot.banking.ports.Cards`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self, customer_id: str) -> _Cards:
        return self._core.read("cards.list", customer_id, _list)

    def report_loss(
        self, customer_id: str, request: ReportLoss, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change(
            "cards.report_loss", customer_id, request, idempotency_key, _report_loss
        )

    def lift_loss(self, customer_id: str, request: LiftLoss, *, idempotency_key: str) -> Receipt:
        return self._core.change(
            "cards.lift_loss", customer_id, request, idempotency_key, _lift_loss
        )

    def replacement_terms(self, customer_id: str, request: OrderReplacement) -> ReplacementTerms:
        return self._core.read(
            "cards.replacement_terms", customer_id, lambda work: terms_of(work, request)
        )

    def replace(
        self, customer_id: str, request: OrderReplacement, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change("cards.replace", customer_id, request, idempotency_key, _replace)

    def deliveries(self, customer_id: str) -> _Deliveries:
        return self._core.read("cards.deliveries", customer_id, deliveries_of)

    def activate(self, customer_id: str, request: ActivateCard, *, idempotency_key: str) -> Receipt:
        return self._core.change("cards.activate", customer_id, request, idempotency_key, _activate)


def _list(work: Work) -> list[Card]:
    here = (
        select(cards)
        .join(accounts)
        .where(accounts.c.customer_id == work.customer_id, cards.c.status != "replaced")
    )
    rows = work.tx.execute(here.order_by(cards.c.id)).all()
    return [_card(row, cast(CardStatus, status_of(row, work.now))) for row in rows]


def _card(row: Any, status: CardStatus) -> Card:
    lost = status in ("suspended", "lost")
    receipt, until = (row.loss_receipt, row.loss_until) if lost else (None, None)
    return Card(
        row.id, row.account_id, row.number, row.kind, status, receipt, until,
        row.expires_on, row.renewed_until,
    )  # fmt: skip


def _report_loss(work: Work, request: ReportLoss) -> Facts:
    row = own_card(work, request.card_id)
    move = "report_loss_formal" if request.formal else "report_loss"
    status = CARD_MOVES.get((cast(CardStatus, status_of(row, work.now)), move))
    if status is None:
        raise _no_loss(row, status_of(row, work.now))
    until = None if request.formal else work.now + TEMPORARY_LOSS
    # A new card that is on its way is lost with it.
    _set(work, row, status=status, loss_receipt=work.number, loss_until=until, **ARRIVED)
    facts = (
        text("卡片", label_of(row)),
        text("挂失类型", "正式挂失" if request.formal else "临时挂失"),
    )
    return facts if until is None else (*facts, moment("有效至", until))


def _no_loss(row: Any, status: str) -> BankRefused:
    if status == "inactive":
        return BankRefused("not_active", "这张卡还没有激活，如果没有收到卡，请办理正式挂失。")
    return BankRefused(
        "already_lost", f"这张卡已经挂失（受理编号 {row.loss_receipt}），无需重复办理。"
    )


def _lift_loss(work: Work, request: LiftLoss) -> Facts:
    row = own_card(work, request.card_id)
    if status_of(row, work.now) == "lost":
        raise BankRefused("formal_loss", "这张卡已正式挂失，解除需要您本人持身份证到网点办理。")
    if status_of(row, work.now) != "suspended":
        raise BankRefused("not_suspended", "这张卡目前没有挂失，无需解除。")
    _set(work, row, status="normal", loss_receipt=None, loss_until=None)
    return (text("卡片", label_of(row)),)


def _replace(work: Work, request: OrderReplacement) -> Facts:
    terms = terms_of(work, request)
    row = own_card(work, request.card_id)
    number = row.number if terms.same_number else _new_number(work, row)
    ordered = {"ordered_at": work.now, "returned_on": None}
    if request.reason == "returned":
        _set(work, row, **ordered)
    elif request.reason == "expiring":
        _set(work, row, renewed_until=terms.valid_until, **ordered)
    else:
        _set(work, row, status="replaced")
        work.tx.execute(
            insert(cards).values(
                id=f"{row.account_id}-{work.number[-10:]}", account_id=row.account_id,
                number=number, kind=row.kind, status="inactive", expires_on=terms.valid_until,
                **ordered,
            )
        )  # fmt: skip
    if terms.fee:
        fee = {row.account_id: -terms.fee, "fees": terms.fee}
        post(work.tx, entry_rows(work.now, "补卡工本费", fee, "fee", OWN_BANK))
    return (
        text("原卡", label_of(row)),
        text("新卡", f"尾号 {number[-4:]}"),
        money("工本费", terms.fee),
        day("预计送达", terms.arrives_on),
    )


def _new_number(work: Work, row: Any) -> str:
    """A number of the same bank, which the receipt's running number makes unique."""
    number = with_check_digit(row.number[:6] + work.number[-9:])
    account = update(accounts).where(accounts.c.id == row.account_id)
    work.tx.execute(account.values(number=number))
    return number


def _activate(work: Work, request: ActivateCard) -> Facts:
    row = own_card(work, request.card_id)
    if status_of(row, work.now) == "inactive":
        _set(work, row, status="normal", **ARRIVED)
    elif row.renewed_until is not None:
        _set(work, row, expires_on=row.renewed_until, **ARRIVED)
    else:
        raise BankRefused("not_inactive", "这张卡不需要激活。")
    return (text("卡片", label_of(row)),)


def _set(work: Work, row: Any, **values: Any) -> None:
    work.tx.execute(update(cards).where(cards.c.id == row.id).values(**values))
