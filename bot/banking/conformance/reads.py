"""Checks that only read."""

from __future__ import annotations

from datetime import timedelta

from bot.banking.conformance.bench import Bench, Check, Skipped, expect, refused, sound
from bot.banking.errors import BankRefused
from bot.banking.models import Page, RiskContext, Transaction, TransactionFilter
from bot.banking.requests import OrderReplacement, Transfer
from bot.errors import NotFound

MANY = 100_000
NOBODY = "no-such-customer"


def _customer(bench: Bench) -> None:
    customer = bench.bank.customers.get(bench.customer)
    expect(customer.id == bench.customer, "返回了另一位客户")
    expect(bool(customer.phone), "没有手机号，验证码无处可发")
    expect("*" not in customer.id_number, "证件号码应给完整的，掩码由坐席台来做；不提供就留空")
    try:
        bench.bank.customers.get(NOBODY)
    except NotFound:
        return
    expect(False, "不存在的客户应为 NotFound")


def _accounts(bench: Bench) -> None:
    accounts = bench.bank.accounts.list(bench.customer)
    expect(bool(accounts), "测试客户没有账户")
    sound(accounts)
    expect(len({a.id for a in accounts}) == len(accounts), "账户编号有重复")
    for account in accounts:
        details = bench.bank.accounts.details(bench.customer, account.id)
        sound(details)
        expect(account.number not in details.masked, f"{account.label} 的账号没有脱敏")
        if account.kind != "credit":
            same = account.available == account.balance - account.frozen
            expect(same, f"{account.label}：可用余额不等于余额减冻结金额")


def _everything(bench: Bench, account_id: str) -> Page:
    first, last = bench.year
    return bench.bank.accounts.transactions(bench.customer, account_id, first, last, MANY)


def _transactions(bench: Bench) -> None:
    for account in bench.bank.accounts.list(bench.customer):
        page = _everything(bench, account.id)
        sound(page)
        times = [item.at for item in page.items]
        expect(times == sorted(times, reverse=True), f"{account.label} 的明细不是新的在前")
        expect(not page.more and page.cursor is None, "全部取完后 more 应为 False、cursor 为空")


def _paging(bench: Bench) -> None:
    account = bench.payer()
    first, last = bench.year
    whole = [item.id for item in _everything(bench, account.id).items]
    seen: list[str] = []
    cursor = None
    for _ in range(len(whole) + 1):
        page = bench.bank.accounts.transactions(
            bench.customer, account.id, first, last, 7, cursor=cursor
        )
        expect(len(page.items) <= 7, "一页超过了要求的条数")
        seen += [item.id for item in page.items]
        if not page.more:
            break
        cursor = page.cursor
    expect(seen == whole, "逐页翻到底与一次取完不一致：有重复或遗漏")


def _filters(bench: Bench) -> None:
    account = bench.payer()
    first, last = bench.year
    whole = _everything(bench, account.id).items
    if not whole:
        raise Skipped("账户一年内没有交易")
    some = whole[len(whole) // 2]
    size = abs(some.amount)
    words = some.summary[:2]
    cases = (
        (TransactionFilter(direction="in"), lambda t: t.amount > 0),
        (TransactionFilter(direction="out"), lambda t: t.amount < 0),
        (TransactionFilter(kinds=frozenset({some.kind})), lambda t: t.kind == some.kind),
        (TransactionFilter(least=size), lambda t: abs(t.amount) >= size),
        (TransactionFilter(most=size), lambda t: abs(t.amount) <= size),
        (TransactionFilter(words=words), lambda t: words in f"{t.summary} {t.counterparty}"),
    )
    for where, fits in cases:
        found = bench.bank.accounts.transactions(
            bench.customer, account.id, first, last, MANY, where=where
        ).items
        wanted: list[Transaction] = [item for item in whole if fits(item)]
        expect(list(found) == wanted, f"筛选 {where} 的结果不对")


def _summary(bench: Bench) -> None:
    account = bench.payer()
    first = (bench.today.replace(day=1) - timedelta(70)).replace(day=1)
    months = bench.bank.accounts.summary(bench.customer, account.id, first, bench.today)
    sound(months)
    items = bench.bank.accounts.transactions(
        bench.customer, account.id, first, bench.today, MANY
    ).items
    income = sum(item.amount for item in items if item.amount > 0)
    spending = -sum(item.amount for item in items if item.amount < 0)
    expect(sum(m.income for m in months) == income, "月度收入与明细合计不一致")
    expect(sum(m.spending for m in months) == spending, "月度支出与明细合计不一致")
    expect(
        [m.month for m in months] == sorted({m.month for m in months}), "月份不连续或不是旧的在前"
    )


def _cards(bench: Bench) -> None:
    cards = bench.bank.cards.list(bench.customer)
    sound(cards)
    own = {account.id for account in bench.bank.accounts.list(bench.customer)}
    expect(all(card.account_id in own for card in cards), "有卡不属于客户自己的账户")
    expect(all(card.loss_receipt for card in cards if card.stopped), "挂失的卡没有受理编号")


def _replacement(bench: Bench) -> None:
    card = bench.card()
    terms = bench.bank.cards.replacement_terms(bench.customer, OrderReplacement(card.id, "damaged"))
    sound(terms)
    expect(terms.card_id == card.id, "补卡条件写成了另一张卡")
    expect(terms.arrives_on >= bench.today, "预计送达日早于今天")
    with refused("not_lost"):
        bench.bank.cards.replacement_terms(bench.customer, OrderReplacement(card.id))
    with refused("not_returned"):
        bench.bank.cards.replacement_terms(bench.customer, OrderReplacement(card.id, "returned"))


def _deliveries(bench: Bench) -> None:
    found = bench.bank.cards.deliveries(bench.customer)
    sound(found)
    cards = {card.id: card for card in bench.bank.cards.list(bench.customer)}
    for each in found:
        card = cards.get(each.card_id)
        expect(card is not None, "寄送的卡不在客户的卡里")
        new = card is not None and (card.status == "inactive" or card.renewed_until is not None)
        expect(new, "寄送的卡已经在用")
        expect(each.since <= bench.today, "寄送状态的日期在今天之后")


def _bill(bench: Bench) -> None:
    card = bench.card("credit")
    bill = bench.bank.cards.bill(bench.customer, card.id)
    sound(bill)
    expect(bill.minimum_due <= bill.due <= bill.owed, "应为：最低待还 ≤ 账单待还 ≤ 全部欠款")
    expect(bill.owed == bill.due + bill.unbilled, "全部欠款应等于账单待还加未出账单")
    limit = bench.bank.cards.limit(bench.customer, card.id)
    sound(limit)
    expect(limit.available <= limit.total - bill.owed, "可用额度与欠款之和超过总额度")
    fewest, most = limit.raise_days
    expect(0 < fewest <= most, "临时额度的有效天数不合理")
    raisable = limit.raise_to > limit.total or bool(limit.no_raise)
    expect(raisable, "不能调高额度，却没有给客户看的原因")
    debit = [each for each in bench.bank.cards.list(bench.customer) if each.kind == "debit"]
    if debit:
        with refused("not_credit"):
            bench.bank.cards.bill(bench.customer, debit[0].id)


def _statement(bench: Bench) -> None:
    card = bench.card("credit")
    bill = bench.bank.cards.bill(bench.customer, card.id)
    made = bench.bank.cards.statement(bench.customer, card.id, bill.statement_on)
    sound(made)
    same = (made.statement_on, made.due_on, made.balance, made.minimum)
    latest = (bill.statement_on, bill.due_on, bill.balance, bill.minimum)
    expect(same == latest, "按月份查到的最近一期账单与当前账单不一致")
    with refused("no_statement"):
        bench.bank.cards.statement(bench.customer, card.id, bench.today + timedelta(62))


def _instalments(bench: Bench) -> None:
    card = bench.card("credit")
    bought = bench.bank.cards.splittable(bench.customer, card.id)
    sound(bought)
    expect(all(each.amount < 0 for each in bought), "可以分期的消费里有收入")
    whole = [] if _bill_not_split(bench, card.id) else [(None, None)]
    offers = [(each.id, -each.amount) for each in bought]
    if not whole and not offers:
        raise Skipped("测试客户没有可以分期的账单或消费")
    for purchase, amount in (*whole, *offers):
        offer = bench.bank.cards.instalments(bench.customer, card.id, purchase)
        sound(offer)
        expect(amount in (None, offer.amount), "单笔分期的金额不是消费金额")
        expect(bool(offer.plans), "可以分期，却没有方案")
        for plan in offer.plans:
            principal = sum(each.principal for each in plan.payments)
            interest = sum(each.interest for each in plan.payments)
            expect(principal == plan.amount == offer.amount, "各期本金之和不等于分期金额")
            expect(interest == plan.total_fee, "各期利息之和不等于利息合计")
        with refused("bad_amount"):
            bench.bank.cards.instalments(bench.customer, card.id, purchase, offer.amount + 1)


def _bill_not_split(bench: Bench, card_id: str) -> bool:
    try:
        bench.bank.cards.instalments(bench.customer, card_id)
    except BankRefused as refusal:
        expect(refusal.code == "not_possible", f"拒绝代码是 {refusal.code}，应为 not_possible")
        return True
    return False


def _payments(bench: Bench) -> None:
    billers = bench.bank.payments.billers(bench.customer)
    sound(billers)
    expect(bool(billers), "没有缴费单位")
    for biller in billers:
        with refused("unknown_number"):
            bench.bank.payments.due(bench.customer, biller.id, "000")
        for number in bench.bank.payments.saved_numbers(bench.customer, biller.id):
            sound(bench.bank.payments.due(bench.customer, biller.id, number))


def small_transfer(bench: Bench, amount: int = 100, memo: str = "") -> Transfer:
    """From an own account to a saved payee."""
    payee = bench.payee()
    return Transfer(bench.payer().id, payee.name, payee.number, payee.bank, amount, memo=memo)


def _quote(bench: Bench) -> None:
    request = small_transfer(bench)
    before = bench.bank.accounts.list(bench.customer)
    quote = bench.bank.transfers.quote(bench.customer, request)
    sound(quote)
    expect(quote.arrives_at >= bench.clock() - timedelta(minutes=5), "预计到账时间在过去")
    expect(not quote.new_payee, "已保存的收款人被当作新收款人")
    kept_at = bench.bank.transfers.bank_of(bench.customer, request.payee_number)
    expect(kept_at in (None, request.payee_bank), "从账号认出的银行与保存的收款人不符")
    expect(bench.bank.accounts.list(bench.customer) == before, "试算改变了余额")
    limits = bench.bank.transfers.limits(bench.customer, request.account_id)
    sound(limits)
    expect(limits.used >= 0 and limits.new_payee <= limits.single <= limits.daily, "限额不合理")
    sound(bench.bank.transfers.records(bench.customer))


def _loans(bench: Bench) -> None:
    sound(bench.bank.loans.products(bench.customer))
    sound(bench.bank.loans.applications(bench.customer))
    for loan in bench.bank.loans.loans(bench.customer):
        sound(loan)
        total = sum(each.payment.principal for each in loan.schedule)
        expect(total == loan.principal, f"贷款 {loan.number} 各期本金之和不等于贷款金额")


def _rewards(bench: Bench) -> None:
    points = bench.bank.rewards.points(bench.customer)
    expect(sum(each.points for each in points.expiring) <= points.balance, "将到期积分多于余额")
    costs = [gift.points for gift in bench.bank.rewards.catalogue(bench.customer)]
    expect(costs == sorted(costs), "礼品不是积分少的在前")


def _disputes(bench: Bench) -> None:
    page = bench.bank.disputes.candidates(bench.customer, *bench.year)
    found = page.items
    if page.more:
        more = bench.bank.disputes.candidates(bench.customer, *bench.year, cursor=page.cursor)
        expect(not {t.id for t in found} & {t.id for t in more.items}, "后一页重复了前一页的交易")
        found += more.items
    sound(found)
    own = {account.id for account in bench.bank.accounts.list(bench.customer)}
    expect(all(item.account_id in own for item in found), "候选交易没有账户，或不是客户自己的账户")
    expect(all(item.amount < 0 for item in found), "候选交易里有收入")
    sound(bench.bank.disputes.list(bench.customer))


def _outcome(bench: Bench) -> None:
    of_nothing = bench.bank.outcomes.of(bench.customer, bench.key())
    expect(of_nothing is None, "没有办理过的编号应返回 None")


def _risk(bench: Bench) -> None:
    risky = small_transfer(bench, memo="转到安全账户")
    verdict = bench.bank.risk.assess(bench.customer, risky, RiskContext())
    expect(verdict.verdict != "pass", "转往“安全账户”没有提示也没有暂缓")
    again = bench.bank.risk.assess(bench.customer, risky, RiskContext())
    expect(again == verdict, "同一笔转账两次评估的结果不同")
    told = bench.bank.risk.assess(bench.customer, None, RiskContext(said="把钱转到安全账户"))
    expect(told.verdict != "pass", "还没有收款人时，“安全账户”没有提示也没有暂缓")
    harmless = bench.bank.risk.assess(bench.customer, small_transfer(bench), RiskContext())
    expect(harmless.verdict != "hold", "向已保存的收款人转 1 元被暂缓")


CHECKS = (
    Check("customers.get", "客户资料可查，不存在的客户为 NotFound", _customer),
    Check("accounts.list", "账户齐全、账号脱敏、可用余额正确", _accounts),
    Check("accounts.transactions", "明细新的在前，时间和金额格式正确", _transactions),
    Check("accounts.paging", "逐页翻到底不重复、不遗漏", _paging),
    Check("accounts.filters", "按收支、类型、金额、文字筛选正确", _filters),
    Check("accounts.summary", "月度汇总与明细一致", _summary),
    Check("cards.list", "卡属于客户自己，挂失的卡有受理编号", _cards),
    Check(
        "cards.replacement_terms",
        "补卡的费用、地址、送达日可查，未挂失的卡不能按遗失补办",
        _replacement,
    ),
    Check("cards.deliveries", "寄送中的是客户自己还没有启用的新卡", _deliveries),
    Check("cards.bill", "信用卡账单、额度前后一致", _bill),
    Check("cards.statement", "按月份可查往期账单，未出的账单被拒绝", _statement),
    Check("cards.instalments", "分期方案的本金和利息相加正确，超出的金额被拒绝", _instalments),
    Check("payments.due", "缴费单位可查，错误号码被拒绝", _payments),
    Check("transfers.quote", "试算给出手续费和到账时间，不动账", _quote),
    Check("loans", "贷款产品、申请、还款计划正确", _loans),
    Check("rewards", "积分和礼品正确", _rewards),
    Check("disputes.candidates", "争议候选只有客户自己的支出", _disputes),
    Check("outcomes.of", "没有办理过的编号返回 None", _outcome),
    Check("risk.assess", "风险评估可重复，“安全账户”不放行", _risk),
)
