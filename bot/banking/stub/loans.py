"""Loans of the simulated bank."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import delete, insert, select, update

from bot.banking.errors import BankRefused
from bot.banking.finance import equal_instalments, equal_principal
from bot.banking.models import (
    APPLICATION_MOVES,
    APPLICATION_NAMES,
    METHOD_NAMES,
    Loan,
    LoanApplication,
    LoanPayment,
    LoanProduct,
    MaterialState,
    Receipt,
    yuan,
)
from bot.banking.requests import (
    AddMaterial,
    Request,
    SaveApplication,
    SubmitApplication,
    WithdrawApplication,
)
from bot.banking.stub.access import money, text
from bot.banking.stub.business_tables import loan_applications, loan_materials, loans
from bot.banking.stub.core import Core, Facts, Work
from bot.banking.stub.loan_products import PRODUCTS
from bot.errors import NotFound
from bot.text.calendar_math import in_month

UNFILLED_NAMES = {
    "amount": "贷款金额", "months": "期限", "method": "还款方式", "purpose": "贷款用途",
    "income": "月收入", "credit_consent": "征信授权",
}  # fmt: skip
SCHEDULES = {"equal_instalments": equal_instalments, "equal_principal": equal_principal}
_apps, _materials = loan_applications.c, loan_materials.c


class StubLoans:
    """Implements :class:`~bot.banking.ports.Loans`."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def products(self, customer_id: str) -> list[LoanProduct]:
        return self._core.read("loans.products", customer_id, lambda _: list(PRODUCTS.values()))

    def applications(self, customer_id: str) -> list[LoanApplication]:
        return self._core.read("loans.applications", customer_id, _applications)

    def loans(self, customer_id: str) -> list[Loan]:
        return self._core.read("loans.loans", customer_id, _loans)

    def save(self, customer_id: str, request: SaveApplication, *, idempotency_key: str) -> Receipt:
        return self._core.change("loans.save", customer_id, request, idempotency_key, _save)

    def add_material(
        self, customer_id: str, request: AddMaterial, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change(
            "loans.add_material", customer_id, request, idempotency_key, _add_material
        )

    def submit(
        self, customer_id: str, request: SubmitApplication, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change("loans.submit", customer_id, request, idempotency_key, _submit)

    def withdraw(
        self, customer_id: str, request: WithdrawApplication, *, idempotency_key: str
    ) -> Receipt:
        return self._core.change("loans.withdraw", customer_id, request, idempotency_key, _withdraw)


def _applications(work: Work) -> list[LoanApplication]:
    here = select(loan_applications).where(_apps.customer_id == work.customer_id)
    rows = work.tx.execute(here.order_by(_apps.updated_at.desc(), _apps.number.desc())).all()
    return [_application(work, row) for row in rows]


def _application(work: Work, row: Any) -> LoanApplication:
    here = select(loan_materials).where(_materials.application == row.number)
    given = {each.kind: each for each in work.tx.execute(here).all()}
    materials = tuple(
        MaterialState(
            each.kind,
            each.name,
            each.needed,
            given[each.kind].reference if each.kind in given else None,
            given[each.kind].problem if each.kind in given else None,
        )
        for each in PRODUCTS[row.product_id].materials
    )
    return LoanApplication(
        row.number, row.product_id, row.status, row.amount, row.months, row.method, row.purpose,
        materials, row.created_at, row.updated_at, row.remark, row.income, row.credit_consent,
    )  # fmt: skip


def _own(work: Work, number: str, request: Request) -> LoanApplication:
    """The application, if ``request`` is a legal move in its state."""
    found = [each for each in _applications(work) if each.number == number]
    if not found:
        raise NotFound(f"没有贷款申请 {number}")
    if (found[0].status, request.operation) not in APPLICATION_MOVES:
        name = APPLICATION_NAMES[found[0].status]
        raise BankRefused("not_open", f"这笔申请目前是“{name}”，不能这样办理。")
    return found[0]


def _move(work: Work, number: str, status: str, **values: Any) -> None:
    here = update(loan_applications).where(_apps.number == number)
    work.tx.execute(here.values(status=status, updated_at=work.now, **values))


def _save(work: Work, request: SaveApplication) -> Facts:
    if request.product_id not in PRODUCTS:
        raise NotFound(f"没有贷款产品 {request.product_id}")
    product = PRODUCTS[request.product_id]
    _check(product, request)
    number = request.number
    if number is None:
        number = work.number
        work.tx.execute(
            insert(loan_applications).values(
                number=number, customer_id=work.customer_id, product_id=product.id,
                status="draft", remark="", created_at=work.now, updated_at=work.now,
            )
        )  # fmt: skip
    elif _own(work, number, request).product_id != product.id:
        _change_product(work, number, product)
    said = {name: getattr(request, name) for name in UNFILLED_NAMES}
    _move(work, number, "draft", **{k: v for k, v in said.items() if v is not None})
    return _facts(work, number)


def _change_product(work: Work, number: str, product: LoanProduct) -> None:
    """Terms and materials were those of another product: only what fits both stays."""
    kinds = [material.kind for material in product.materials]
    here = (_materials.application == number, _materials.kind.not_in(kinds))
    work.tx.execute(delete(loan_materials).where(*here))
    blank = dict.fromkeys(("amount", "months", "method", "purpose"))
    _move(work, number, "draft", product_id=product.id, **blank)


def _check(product: LoanProduct, request: SaveApplication) -> None:
    if request.amount is not None and not product.least <= request.amount <= product.most:
        raise BankRefused(
            "bad_amount", f"{product.name}的金额是 {yuan(product.least)} 到 {yuan(product.most)}。"
        )
    if request.months is not None and request.months not in product.terms:
        terms = "、".join(map(str, product.terms))
        raise BankRefused("bad_months", f"{product.name}的期限可选 {terms} 个月。")
    if request.method is not None and request.method not in product.methods:
        raise BankRefused("bad_method", f"{product.name}不支持{METHOD_NAMES[request.method]}。")


def _facts(work: Work, number: str) -> Facts:
    here = next(each for each in _applications(work) if each.number == number)
    facts: Facts = (text("申请编号", number), text("产品", PRODUCTS[here.product_id].name))
    if here.amount is not None:
        facts = (*facts, money("贷款金额", here.amount))
    if here.months is not None:
        facts = (*facts, text("期限", f"{here.months} 个月"))
    return (*facts, text("状态", APPLICATION_NAMES[here.status]))


def _add_material(work: Work, request: AddMaterial) -> Facts:
    application = _own(work, request.number, request)
    known = {each.kind: each.name for each in application.materials}
    if request.kind not in known:
        names = "、".join(known.values())
        raise BankRefused("unknown_material", f"这项申请需要的材料是：{names}。")
    here = (_materials.application == request.number, _materials.kind == request.kind)
    work.tx.execute(delete(loan_materials).where(*here))
    work.tx.execute(
        insert(loan_materials).values(
            application=request.number, kind=request.kind, reference=request.reference
        )
    )
    left = [each for each in application.missing if each.kind != request.kind]
    complete = application.status == "missing_materials" and not left
    status = "reviewing" if complete else application.status
    _move(work, request.number, status, **({"remark": ""} if complete else {}))
    return (*_facts(work, request.number), text("材料", known[request.kind]))


def _submit(work: Work, request: SubmitApplication) -> Facts:
    application = _own(work, request.number, request)
    said = (request.product_id, request.amount, request.months)
    now = (application.product_id, application.amount, application.months)
    if any(has not in (None, was) for was, has in zip(said, now, strict=True)):
        raise BankRefused("changed", "申请内容刚刚有变动，请重新核对后再提交。")
    if application.unfilled:
        names = "、".join(UNFILLED_NAMES[name] for name in application.unfilled)
        raise BankRefused("unfilled", f"申请还没有填完，还差：{names}。")
    _move(work, request.number, "missing_materials" if application.missing else "reviewing")
    return _facts(work, request.number)


def _withdraw(work: Work, request: WithdrawApplication) -> Facts:
    _own(work, request.number, request)
    _move(work, request.number, "withdrawn")
    return _facts(work, request.number)


def _loans(work: Work) -> list[Loan]:
    here = select(loans).where(loans.c.customer_id == work.customer_id)
    return [_loan(row, work.today) for row in work.tx.execute(here.order_by(loans.c.number)).all()]


def _loan(row: Any, today: date) -> Loan:
    """Payments are collected on their due day from the account agreed on."""
    product = PRODUCTS[row.product_id]
    payments = SCHEDULES[row.method](row.principal, product.annual_rate, row.months)
    schedule = tuple(
        LoanPayment(due, payment, due < today)
        for payment in payments
        if (due := due_on(row.started_on, payment.number))
    )
    paid = [each.payment.balance for each in schedule if each.paid]
    return Loan(
        row.number, product.name, row.principal, paid[-1] if paid else row.principal,
        product.annual_rate, row.months, cast(Any, row.method), row.started_on, schedule,
    )  # fmt: skip


def due_on(started_on: date, number: int) -> date:
    """The day of payment ``number``: the start's day of the month, or that month's last."""
    return in_month(started_on.year, started_on.month + number, started_on.day)
