"""Checks that really do business, and as far as possible undo it."""

from __future__ import annotations

from dataclasses import replace

from bot.banking.calls import call
from bot.banking.conformance.bench import Bench, Check, Skipped, expect, refused, sound
from bot.banking.conformance.reads import small_transfer
from bot.banking.errors import CodeRejected
from bot.banking.models import Receipt
from bot.banking.requests import (
    AddMaterial,
    CancelTransfer,
    FreezeAccount,
    LiftLoss,
    OpenDispute,
    PayBill,
    RaiseLimit,
    RedeemPoints,
    ReportLoss,
    Request,
    SaveApplication,
    SubmitApplication,
    UnfreezeAccount,
    WithdrawApplication,
)


def _once(bench: Bench, request: Request) -> Receipt:
    """Do it under one key, twice: one receipt, which the outcome knows too."""
    key = bench.key()
    receipt = call(bench.bank, bench.customer, request, key)
    sound(receipt)
    expect(receipt.operation == request.operation, f"回执写成了 {receipt.operation}")
    again = call(bench.bank, bench.customer, request, key)
    expect(again == receipt, f"{request.title}：同一编号再次办理，回执不同")
    known = bench.bank.outcomes.of(bench.customer, key)
    expect(known == receipt, f"{request.title}：按编号查到的回执不同")
    return receipt


def _freeze(bench: Bench) -> None:
    account, payment = bench.payer(), small_transfer(bench)
    _once(bench, FreezeAccount(account.id))
    try:
        now = {each.id: each.status for each in bench.bank.accounts.list(bench.customer)}
        expect(now[account.id] == "paused", "临时止付后账户状态不是 paused")
        with refused("already_frozen"):
            call(bench.bank, bench.customer, FreezeAccount(account.id), bench.key())
        with refused("account_stopped"):
            call(bench.bank, bench.customer, payment, bench.key())
    finally:
        _once(bench, UnfreezeAccount(account.id))
    with refused("not_frozen"):
        call(bench.bank, bench.customer, UnfreezeAccount(account.id), bench.key())


def _loss(bench: Bench) -> None:
    card = bench.card()
    receipt = _once(bench, ReportLoss(card.id))
    try:
        now = {each.id: each for each in bench.bank.cards.list(bench.customer)}
        expect(now[card.id].status == "suspended", "临时挂失后卡的状态不是 suspended")
        expect(now[card.id].loss_receipt == receipt.number, "卡上的挂失编号与回执不同")
        with refused("already_lost"):
            call(bench.bank, bench.customer, ReportLoss(card.id), bench.key())
    finally:
        _once(bench, LiftLoss(card.id))
    with refused("not_suspended"):
        call(bench.bank, bench.customer, LiftLoss(card.id), bench.key())


def _transfer(bench: Bench) -> None:
    request = small_transfer(bench)
    fee = bench.bank.transfers.quote(bench.customer, request).fee
    before, used = _balance(bench, request.account_id), _used(bench, request.account_id)
    receipt = _once(bench, request)
    left = _balance(bench, request.account_id)
    expect(left == before - request.amount - fee, "转账后余额没有恰好减少金额加手续费")
    expect(_used(bench, request.account_id) == used + request.amount, "今日已用额度不对")
    numbers = [each.number for each in bench.bank.transfers.duplicates(bench.customer, request)]
    expect(receipt.number in numbers, "当日重复转账没有查到刚才这一笔")
    amounts = [fact.value for fact in receipt.facts if fact.kind == "money"]
    expect(request.amount in amounts, "回执里没有转账金额")


def _limits(bench: Bench) -> None:
    request = small_transfer(bench)
    limits = bench.bank.transfers.limits(bench.customer, request.account_id)
    before = _balance(bench, request.account_id)
    with refused("over_single"):
        over = replace(request, amount=limits.single + 1)
        call(bench.bank, bench.customer, over, bench.key())
    expect(_balance(bench, request.account_id) == before, "被拒绝的转账改变了余额")


def _cancel(bench: Bench) -> None:
    request = replace(small_transfer(bench), speed="next_day")
    before, used = _balance(bench, request.account_id), _used(bench, request.account_id)
    receipt = _once(bench, request)
    expect(_balance(bench, request.account_id) < before, "次日到账的转账没有先扣款")
    _once(bench, CancelTransfer(receipt.number))
    expect(_used(bench, request.account_id) == used, "撤销后没有恢复今日额度")
    fee = bench.bank.transfers.quote(bench.customer, request).fee
    expect(_balance(bench, request.account_id) == before - fee, "撤销后款项没有退回")
    with refused("cancelled"):
        call(bench.bank, bench.customer, CancelTransfer(receipt.number), bench.key())


def _pay(bench: Bench) -> None:
    request = _small_charge(bench)
    before = _balance(bench, request.account_id)
    receipt = _once(bench, request)
    left = _balance(bench, request.account_id)
    expect(left == before - request.amount, "缴费后余额没有恰好减少缴费金额")
    numbers = [each.number for each in bench.bank.payments.duplicates(bench.customer, request)]
    expect(receipt.number in numbers, "当日重复缴费没有查到刚才这一笔")
    other = replace(request, amount=request.amount + 1)
    again = [each.number for each in bench.bank.payments.duplicates(bench.customer, other)]
    expect(receipt.number not in again, "金额不同的缴费也算成了重复")
    phones = [str(fact.value) for fact in receipt.facts if fact.kind == "phone"]
    expect(all(phone.isdigit() for phone in phones), "回执里 phone 类的号码应完整，由助手掩码")
    latest = bench.bank.payments.saved_numbers(bench.customer, request.biller_id)[:1]
    expect(latest == [request.number], "刚缴过的号码不在常用号码的第一个")


def _small_charge(bench: Bench) -> PayBill:
    """The least that the customer's own phone can be charged with."""
    phone = bench.bank.customers.get(bench.customer).phone
    for biller in bench.bank.payments.billers(bench.customer):
        if biller.prepaid and biller.kind == "mobile":
            least = min(biller.amounts, default=1_000)
            return PayBill(bench.payer().id, biller.id, phone, least)
    raise Skipped("没有话费充值的缴费单位")


def _balance(bench: Bench, account_id: str) -> int:
    accounts = bench.bank.accounts.list(bench.customer)
    return next(each.balance for each in accounts if each.id == account_id)


def _used(bench: Bench, account_id: str) -> int:
    return bench.bank.transfers.limits(bench.customer, account_id).used


def _codes(bench: Bench) -> None:
    codes, request = bench.bank.codes, small_transfer(bench)
    if bench.subjects.read_code is None:
        raise Skipped("测试环境不能读取验证码")
    challenge = codes.send(bench.customer, request.operation, request.facts())
    code = bench.subjects.read_code(bench.customer)
    dearer = replace(request, amount=request.amount + 1)
    to_other = replace(request, payee_number=f"{request.payee_number[:-1]}0")
    for what, wrong in (("金额", dearer), ("收款账号", to_other)):
        try:
            codes.verify(bench.customer, challenge.id, wrong.operation, wrong.facts(), code)
        except CodeRejected:
            continue
        expect(False, f"验证码没有和{what}绑定")
    codes.verify(bench.customer, challenge.id, request.operation, request.facts(), code)
    try:
        codes.verify(bench.customer, challenge.id, request.operation, request.facts(), code)
    except CodeRejected:
        return
    expect(False, "验证码可以使用两次")


def _application(bench: Bench) -> None:
    products = bench.bank.loans.products(bench.customer)
    product = next((each for each in products if any(m.needed for m in each.materials)), None)
    if product is None:
        raise Skipped("没有需要材料的贷款产品")
    number = _once(bench, SaveApplication(product.id, amount=product.least)).number
    submitted = SubmitApplication(number, product.id, product.least, product.terms[0])
    try:
        with refused("unfilled"):
            call(bench.bank, bench.customer, submitted, bench.key())
        rest = SaveApplication(
            product.id, number, months=product.terms[0], method=product.methods[0], purpose="测试",
            income=1_000_000, credit_consent=True,
        )  # fmt: skip
        _once(bench, rest)
        with refused("changed"):
            more = replace(submitted, amount=product.least + 1)
            call(bench.bank, bench.customer, more, bench.key())
        _once(bench, AddMaterial(number, product.materials[0].kind, "verify-upload"))
        mine = bench.bank.loans.applications(bench.customer)
        saved = next((each for each in mine if each.number == number), None)
        expect(saved is not None, "保存的申请查不到")
        expect(saved is not None and saved.amount == product.least, "保存的金额丢失")
    finally:
        _once(bench, WithdrawApplication(number))
    with refused("not_open"):
        call(bench.bank, bench.customer, submitted, bench.key())


def _raise_limit(bench: Bench) -> None:
    card = bench.card("credit")
    limit = bench.bank.cards.limit(bench.customer, card.id)
    fewest, most = limit.raise_days
    if limit.no_raise:
        raise Skipped("测试客户的信用卡目前不能调整额度")
    for code, amount, days in (
        ("too_high", limit.raise_to + 1, fewest),
        ("not_higher", limit.total, fewest),
        ("bad_days", limit.raise_to, most + 1),
    ):
        with refused(code):
            call(bench.bank, bench.customer, RaiseLimit(card.id, amount, days), bench.key())
    same = bench.bank.cards.limit(bench.customer, card.id)
    expect(same == limit, "被拒绝的调额改变了额度")
    _once(bench, RaiseLimit(card.id, limit.total + 100, fewest))
    raised = bench.bank.cards.limit(bench.customer, card.id)
    expect(raised.total == limit.total + 100, "调高后的总额度不对")
    expect(raised.available == limit.available + 100, "调高后的可用额度不对")


def _redeem(bench: Bench) -> None:
    before = bench.bank.rewards.points(bench.customer).balance
    gifts = [each for each in bench.bank.rewards.catalogue(bench.customer) if each.stock]
    if not gifts or gifts[0].points > before:
        raise Skipped("测试客户的积分不够兑换任何礼品")
    gift = gifts[0]
    with refused("too_few_points"):
        too_many = RedeemPoints(gift.id, before // gift.points + 1)
        call(bench.bank, bench.customer, too_many, bench.key())
    _once(bench, RedeemPoints(gift.id))
    left = bench.bank.rewards.points(bench.customer).balance
    expect(left == before - gift.points, "兑换后积分没有恰好减少所需的积分")


def _dispute(bench: Bench) -> None:
    open_ones = {each.transaction.id for each in bench.bank.disputes.list(bench.customer)}
    candidates = bench.bank.disputes.candidates(bench.customer, *bench.year).items
    fresh = [each for each in candidates if each.id not in open_ones]
    if not fresh:
        raise Skipped("测试客户没有可登记争议的支出")
    request = OpenDispute(fresh[0].account_id, fresh[0].id, "unknown", "联调测试")
    receipt = _once(bench, request)
    expect(any(fact.kind == "day" for fact in receipt.facts), "回执里没有答复期限")
    numbers = [each.number for each in bench.bank.disputes.list(bench.customer)]
    expect(receipt.number in numbers, "登记的争议查不到")
    with refused("already_disputed"):
        call(bench.bank, bench.customer, request, bench.key())


CHECKS = (
    Check("accounts.freeze", "临时止付与解除：一次办理、状态正确", _freeze, changes=True),
    Check("cards.report_loss", "临时挂失与解除：一次办理、状态正确", _loss, changes=True),
    Check("transfers.execute", "转账：只转一次，余额、额度、回执正确", _transfer, changes=True),
    Check("transfers.limits", "超过单笔限额被拒绝且不动账", _limits, changes=True),
    Check("transfers.cancel", "次日到账可撤销，款项退回", _cancel, changes=True),
    Check("payments.pay", "充值缴费：只缴一次，余额、回执、当日重复正确", _pay, changes=True),
    Check("codes.verify", "验证码与金额、收款账号绑定，只能用一次", _codes, changes=True),
    Check("loans.save", "贷款申请可保存、补材料、撤回", _application, changes=True),
    Check("cards.raise_limit", "临时额度只在允许的范围内调高一次", _raise_limit, changes=True),
    Check("rewards.redeem", "积分只兑换一次，不够时被拒绝", _redeem, changes=True),
    Check("disputes.open", "交易争议只登记一次，有期限", _dispute, changes=True),
)
