"""Everything that is only looked up: what is said and shown, and what follows it up."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.services import Services
from bot.banking.finance import equal_instalments, equal_principal
from bot.banking.models import TransactionFilter, yuan
from bot.banking.requests import FreezeAccount, RaiseLimit, RepayCard, Transfer
from bot.banking.stub.faults import Faults
from bot.storage import Database
from tests.actions.talk import Begin, Talk
from tests.conftest import Hands

BALANCE, ENTRIES, BILL = "check_balance", "query_transactions", "query_card_bill"
LOANS, PROGRESS, WORK_OUT = "query_loans", "query_loan_progress", "calculate_loan"
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


def titles(talk: Talk, kind: str) -> list[str]:
    return [item["title"] for item in talk.card(kind)["items"]]


def buttons(talk: Talk) -> list[str]:
    return [b["title"] for each in talk.told for b in each.get("buttons") or []]


def rows(talk: Talk) -> dict[str, str]:
    return dict(talk.card("facts")["rows"])


def fen(text: str) -> int:
    return int(text.replace("¥", "").replace(",", "").replace(".", "").replace("+", ""))


# ── accounts ────────────────────────────────────────────────────────────────────


def test_balances_of_all_and_of_one(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("查余额", BALANCE)
    accounts = services.bank.accounts.list("C1001")
    assert titles(zhang, "accounts") == [account.label for account in accounts]
    deposits = sum(a.balance for a in accounts if a.kind != "credit")
    assert zhang.card("accounts")["note"] == f"存款合计 {yuan(deposits)}"
    assert "2001" in zhang.say("尾号2001的呢")
    assert zhang.card("accounts")["items"][0]["balance"] == yuan(accounts[1].balance)
    zhang.say("信用卡的呢")
    assert zhang.card("accounts")["items"][0]["balance"].startswith("欠款 ¥")
    assert "您名下没有尾号 9999 的账户" in zhang.say("尾号9999的余额", BALANCE)


def test_what_is_frozen_and_stopped_is_shown(talk: Begin, services: Services) -> None:
    zhou = talk("C1006")
    zhou.say("查余额", BALANCE)
    assert "冻结 ¥500.00" in zhou.card("accounts")["items"][0]["note"]
    services.bank.accounts.freeze("C1006", FreezeAccount("C1006-1"), idempotency_key="a")
    zhou.say("查余额", BALANCE)
    assert zhou.card("accounts")["items"][0]["status"] == "临时冻结"


def test_a_balance_is_one_of_now(talk: Begin) -> None:
    zhang = talk("C1001")
    zhang.say("查一下尾号8866的余额", BALANCE)
    assert "只能查到现在的" in zhang.say("那上个月呢")
    zhang.press("看交易明细")
    assert zhang.card("transactions")["title"] == "储蓄卡 尾号 8866 2月1日至2月28日"


def test_details_are_masked(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("查一下尾号8866的账户信息", BALANCE)
    shown = rows(zhang)
    assert shown["账号"] == "621700******8866" and shown["开户日期"] == "2024年3月2日"
    assert shown["存款年利率"] == "0.05%"
    zhang.say("账户详情", BALANCE)
    whole = str(zhang.told)
    assert len(titles(zhang, "list")) == 3
    for account in services.bank.accounts.list("C1001"):
        assert account.number not in whole
    assert "8866" in zhang.say("尾号8866的")


# ── transactions ────────────────────────────────────────────────────────────────


def test_which_account_is_asked_and_the_period_is_kept(talk: Begin) -> None:
    zhang = talk("C1001")
    assert zhang.say("看看上个月的流水", ENTRIES) == "查哪个账户？"
    zhang.press("8866")
    assert zhang.card("transactions")["title"] == "储蓄卡 尾号 8866 2月1日至2月28日"
    zhang.say("那1月呢")
    assert zhang.card("transactions")["title"] == "储蓄卡 尾号 8866 1月1日至1月31日"
    zhang.say("尾号2001的")
    assert zhang.card("transactions")["title"] == "储蓄卡 尾号 2001 1月1日至1月31日"


def test_page_by_page_nothing_is_left_out(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("尾号2001上个月的明细", ENTRIES)
    seen = list(zhang.card("transactions")["items"])
    while zhang.card("transactions")["more"]:
        if len(seen) <= 10:
            zhang.press("再看几笔")
        else:
            zhang.say("再看几笔", ENTRIES)
        seen += zhang.card("transactions")["items"]
    whole = services.bank.accounts.transactions("C1001", "C1001-2", *FEBRUARY, 1_000).items
    assert [fen(each["amount"]) for each in seen] == [each.amount for each in whole]
    assert "没有更早的" in zhang.say("再看几笔", ENTRIES)
    assert re.fullmatch(r"2月\d+日 \d\d:\d\d", seen[0]["date"])


def test_filters_are_the_banks(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    answer = zhang.say("尾号8866上个月大于100的支出", ENTRIES)
    where = TransactionFilter(direction="out", least=10_001)
    wanted = services.bank.accounts.transactions(
        "C1001", "C1001-1", *FEBRUARY, 1_000, where=where
    ).items
    shown = [fen(item["amount"]) for item in zhang.card("transactions")["items"]]
    assert shown == [item.amount for item in wanted]
    assert f"超过 ¥100.00 的支出如下，共 {len(wanted)} 笔" in answer


def test_a_filter_narrows_what_was_shown(talk: Begin) -> None:
    zhang = talk("C1001")
    zhang.say("尾号8866上个月的明细", ENTRIES)
    assert "2月1日至2月28日的收入如下" in zhang.say("只看收入", ENTRIES)
    assert "的收入如下" in zhang.say("那1月呢")
    assert "工资" in zhang.say("看看工资", ENTRIES)
    assert "没有 ¥90,000.00 以上的工资" in zhang.say("9万以上的呢")
    zhang.press("看全部交易")
    assert len(zhang.card("transactions")["items"]) == 10
    # a new question is a new one
    assert "的交易如下" in zhang.say("看看明细", ENTRIES)


def test_months_in_all(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    answer = zhang.say("尾号8866上个月一共花了多少", ENTRIES)
    [month] = services.bank.accounts.summary("C1001", "C1001-1", *FEBRUARY)
    assert f"支出 {yuan(month.spending)}，收入 {yuan(month.income)}" in answer
    kinds = {"转账": "transfer", "消费": "purchase", "缴费": "payment"}
    for name, kind in kinds.items():
        assert rows(zhang)[name] == yuan(month.by_kind[kind])
    zhang.say("那今年的呢")
    assert titles(zhang, "list") == ["3月", "2月", "1月"]


def test_a_part_of_a_month_is_added_up(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("2月10号到2月20号尾号8866总共支出多少", ENTRIES)
    items = services.bank.accounts.transactions(
        "C1001", "C1001-1", date(2026, 2, 10), date(2026, 2, 20), 1_000
    ).items
    spent = -sum(item.amount for item in items if item.amount < 0)
    assert rows(zhang)["支出合计"] == yuan(spent)
    zhang.say("上个月转账一共多少", ENTRIES)
    assert list(rows(zhang)) == ["支出合计", "转账", "收入合计"]


def test_all_accounts_are_told_one_by_one(talk: Begin) -> None:
    zhang = talk("C1001")
    zhang.say("上个月总共花了多少", ENTRIES)
    assert len(titles(zhang, "list")) == 3
    assert "两边各算一次" in zhang.card("list")["note"]
    zhang.say("尾号2001的呢")
    assert zhang.card("facts")["title"] == "储蓄卡 尾号 2001 2月1日至2月28日"


# ── credit card ─────────────────────────────────────────────────────────────────


def test_the_bill_and_what_is_paid_of_it(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    answer = zhang.say("信用卡这期账单多少", BILL)
    bill = services.bank.cards.bill("C1001", "C1001-3-card")
    assert f"还需还 {yuan(bill.due)}，请在3月14日前还款" in answer
    shown = rows(zhang)
    assert shown["最低还款额"] == yuan(bill.minimum) and shown["已还"] == "¥0.00"
    assert "还款" in buttons(zhang)
    services.bank.cards.repay(
        "C1001", RepayCard("C1001-3-card", "C1001-1", bill.due), idempotency_key="a"
    )
    assert "已还清" in zhang.say("本期账单", BILL)


def test_past_bills(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("上期账单", BILL)
    made = services.bank.cards.statement("C1001", "C1001-3-card", date(2026, 1, 1))
    assert zhang.card("facts")["title"] == "信用卡 尾号 5520 1月账单"
    assert rows(zhang)["账单金额"] == yuan(made.balance)
    assert "2025年12月账单已还清" in zhang.say("再上一期呢", BILL)
    assert "2025年11月账单已还清" in zhang.say("再上一期呢")
    assert "2025年10月" in zhang.say("去年10月的呢")
    assert "本月的账单还没有出" in zhang.say("这个月的呢")
    assert "没有 2023 年 5 月出的账单" in zhang.say("2023年5月的账单", BILL)
    zhang.say("1月的账单", BILL)
    zhang.press("看这期明细")
    spent = -sum(fen(i["amount"]) for i in zhang.card("transactions")["items"])
    assert zhang.card("transactions")["title"] == "信用卡 尾号 5520 2025年12月22日至1月21日"
    assert spent == made.balance or zhang.card("transactions")["more"]


def test_who_is_overdue_hears_it(talk: Begin) -> None:
    zhao = talk("C1007")
    assert "已经逾期，最低还款额还差 ¥" in zhao.say("信用卡账单", BILL)
    assert "看分期方案" not in buttons(zhao)
    # A refusal of the bank's is told; nothing else ends by it.
    assert "不能再办理账单分期" in zhao.say("这期账单分12期每期多少", "quote_instalments")


def test_in_the_days_of_grace_a_bill_is_late_but_not_overdue(talk: Begin, clock: Hands) -> None:
    zhang = talk("C1001")
    due = re.search(r"请在(.+?)前还款", zhang.say("信用卡账单", BILL))
    assert due
    clock.forward(days=15)
    told = zhang.say("信用卡账单", BILL)
    assert f"到期还款日是{due[1]}" in told and "宽限期内" in told


def test_a_card_that_is_none(talk: Begin) -> None:
    assert "您名下没有信用卡" in talk("C1003").say("信用卡账单", BILL)
    assert "尾号 8866 是储蓄卡" in talk("C1001").say("尾号8866的账单", BILL)
    assert "您名下没有尾号 1111 的信用卡" in talk("C1001").say("尾号1111的账单", BILL)


def test_the_limit_and_its_temporary_part(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("我信用卡还有多少额度", BILL)
    limit = services.bank.cards.limit("C1001", "C1001-3-card")
    assert rows(zhang)["可用"] == yuan(limit.available)
    assert rows(zhang)["可临时提至"] == "¥75,000.00"
    request = RaiseLimit("C1001-3-card", 6_000_000, 30)
    services.bank.cards.raise_limit("C1001", request, idempotency_key="a")
    zhang.say("信用卡额度", BALANCE)
    assert rows(zhang)["其中临时额度"] == "¥10,000.00（4月1日到期）"


def test_points_that_will_soon_be_lost(talk: Begin) -> None:
    zhang = talk("C1001")
    answer = zhang.say("我有多少积分", "redeem_points")
    assert answer == "您现有 20,500 积分。其中 1,800 分将在3月27日后失效，请留意。"
    assert rows(zhang)["9月28日到期"] == "6,400 分"
    liu = talk("C1004")
    assert "近三个月内没有积分到期" in liu.say("查一下积分", "redeem_points")
    assert "您目前没有积分" in talk("C1002").say("查积分", "redeem_points")


def test_instalments_of_the_bill_and_of_one_purchase(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    zhang.say("信用卡账单", BILL)
    zhang.press("看分期方案")
    assert titles(zhang, "list") == ["3 期", "6 期", "12 期"]
    zhang.press("12 期")
    offer = services.bank.cards.instalments("C1001", "C1001-3-card")
    plan = next(each for each in offer.plans if each.periods == 12)
    assert rows(zhang)["利息合计"] == yuan(plan.total_fee)
    assert rows(zhang)["近似折算年化利率（单利）"] == f"{plan.annual_rate * 100:.2f}%"
    assert "分 6 期" in zhang.say("6期呢")
    assert "没有 36 期的方案" in zhang.say("账单分36期多少", "quote_instalments")
    for said in ("4999块那笔分12期每期多少", "4999那笔分12期多少利息"):
        assert "这笔消费 ¥4,999.00 分 12 期" in zhang.say(said, "quote_instalments")


# ── loans ───────────────────────────────────────────────────────────────────────


def test_a_running_loan_and_its_schedule(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    [loan] = services.bank.loans.loans("C1001")
    answer = zhang.say("我的房贷还剩多少没还", LOANS)
    assert f"还剩本金 {yuan(loan.balance)}，下一期 3月8日应还" in answer
    zhang.press("看还款计划")
    first = titles(zhang, "list")
    zhang.press("再看几期")
    second = titles(zhang, "list")
    zhang.say("再看几期", BILL)
    assert titles(zhang, "list")[0].startswith("第 26 期")
    zhang.sent('/continue_query{"page": "schedule"}')
    zhang.press("再看几期")
    assert first[0] == "第 14 期 3月8日" and second[0] == "第 20 期 9月8日"
    coming = [each for each in loan.schedule if not each.paid]
    assert zhang.card("list")["items"][0]["balance"] == yuan(coming[6].payment.total)
    assert "还剩本金" in zhang.say("房贷还要还多少", BILL)
    assert "没有正在还的贷款" in talk("C1003").say("我的贷款还剩多少", LOANS)


def test_progress_and_what_is_missing(talk: Begin) -> None:
    assert "申请正在审核" in talk("C1004").say("贷款进度", PROGRESS)
    zhao = talk("C1007")
    answer = zhao.say("我的贷款申请还缺什么材料", PROGRESS)
    assert "近六个月收入证明或工资流水（工资流水不足六个月，请补充）" in answer
    assert "用途证明" in answer and "身份证" not in answer
    assert zhao.card("list")["items"][0]["balance"] == "待补材料"
    answer = talk("C1002").say("贷款进度", PROGRESS)
    assert (
        "还没有提交，还要填写期限、还款方式、贷款用途、月收入、征信授权；要补材料：身份证正反面"
        in answer
    )
    zhang = talk("C1001")
    assert zhang.say("贷款进度", PROGRESS) == "您目前没有贷款申请。"
    zhang.press("查正在还的贷款")
    assert "云杉住房贷" in titles(zhang, "list")[0]


@pytest.mark.parametrize("months", [12, 240, 360])
def test_a_loan_is_worked_out_to_the_fen(talk: Begin, months: int) -> None:
    zhang = talk("C1001")
    zhang.say(f"房贷100万{months}个月年利率3.1%每月还多少", WORK_OUT)
    level = equal_instalments(100_000_000, Decimal("0.031"), months)
    falling = equal_principal(100_000_000, Decimal("0.031"), months)
    shown = rows(zhang)
    assert shown["等额本息 每月还"] == yuan(level[0].total)
    assert shown["等额本息 总利息"] == yuan(sum(each.interest for each in level))
    assert shown["等额本金 首月还"] == yuan(falling[0].total)
    assert shown["等额本金 末月"] == yuan(falling[-1].total)
    assert shown["等额本金 总利息"] == yuan(sum(each.interest for each in falling))
    assert fen(shown["等额本息 还款总额"]) == sum(each.total for each in level)


def test_what_is_missing_is_asked_one_by_one(talk: Begin) -> None:
    zhang = talk("C1001")
    assert "想贷多少" in zhang.say("帮我算一下房贷月供", WORK_OUT)
    assert "打算分多久还" in zhang.say("100万")
    zhang.press("240 个月")
    assert rows(zhang)["年利率"] == "3.10%" and "等额本金 首月还" in rows(zhang)
    zhang.say("换成等额本金30年")
    assert rows(zhang)["期限"] == "360 个月（30 年）" and "等额本息 每月还" not in rows(zhang)
    zhang.say("年利率4.2%", WORK_OUT)
    assert rows(zhang)["年利率"] == "4.20%" and rows(zhang)["期限"] == "360 个月（30 年）"
    assert "按多少年利率算" in zhang.say("借10万一年利息多少", WORK_OUT)
    zhang.press("云杉消费贷")
    assert rows(zhang)["等额本息 每月还"] == "¥8,551.59"
    assert "请留意，云杉消费贷可贷" in zhang.say("消费贷100万12个月月供多少", WORK_OUT)


def test_a_loan_is_worked_out_for_anybody(talk: Begin) -> None:
    visitor = talk(None)
    assert "登录后" in visitor.say("贷100万30年月供多少", WORK_OUT)
    visitor.say("年利率3.1%", WORK_OUT)
    assert rows(visitor)["等额本息 每月还"] == "¥4,270.16"
    assert "20 年" in visitor.say("20年呢") or rows(visitor)["期限"] == "240 个月（20 年）"
    visitor.say("查余额", BALANCE)
    assert visitor.card("sign_in")


# ── limits, repairs, failures ───────────────────────────────────────────────────


def test_limits_and_what_is_used_today(talk: Begin, services: Services) -> None:
    zhang = talk("C1001")
    payee = services.bank.transfers.payees("C1001")[0]
    request = Transfer("C1001-1", payee.name, payee.number, payee.bank, 123_400)
    services.bank.transfers.execute("C1001", request, idempotency_key="a")
    zhang.say("我今天还能转多少", "query_limits")
    assert titles(zhang, "list") == ["储蓄卡 尾号 8866", "储蓄卡 尾号 2001"]
    zhang.say("尾号8866的呢")
    shown = rows(zhang)
    assert (shown["今天已转"], shown["今天还可转"]) == ("¥1,234.00", "¥198,766.00")
    assert "信用卡不能向外转账" in zhang.say("信用卡的呢")


def test_the_right_one_of_a_correction_is_meant(talk: Begin) -> None:
    zhang = talk("C1001")
    zhang.say("尾号8866的明细", ENTRIES)
    zhang.say("不是尾号8866，是尾号2001", "correct")
    assert "2001" in zhang.card("transactions")["title"]


def test_nothing_to_go_on_from(talk: Begin) -> None:
    zhang = talk("C1001")
    assert "请告诉我您想办理什么" in zhang.say("那上个月呢")
    assert "请告诉我您想办理什么" in zhang.sent('/continue_query{"page": "next"}')


SIGNED_IN: list[tuple[str, str]] = [
    ("查余额", BALANCE), ("看明细", ENTRIES), ("信用卡账单", BILL), ("我的积分", "redeem_points"),
    ("贷款进度", PROGRESS), ("我的房贷还剩多少", LOANS), ("今天还能转多少", "query_limits"),
    ("账单分12期每期多少", "quote_instalments"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "intent"), SIGNED_IN)
def test_a_stranger_is_asked_to_sign_in(talk: Begin, text: str, intent: str) -> None:
    visitor: Any = talk(None)
    assert "请先登录" in visitor.say(text, intent) and visitor.card("sign_in")


@pytest.mark.parametrize(
    ("text", "intent", "fault"),
    [
        ("查余额", BALANCE, "accounts.list"),
        ("尾号8866的明细", ENTRIES, "accounts.transactions"),
        ("信用卡账单", BILL, "cards.bill"),
        ("贷款进度", PROGRESS, "loans.applications"),
        ("今天还能转多少", "query_limits", "transfers.limits"),
    ],
)
def test_a_bank_that_is_away_is_said_and_a_person_offered(
    talk: Begin, services: Services, db: Database, text: str, intent: str, fault: str
) -> None:
    zhang = talk("C1001")
    Faults(db, lambda _: None).set(fault, "unavailable")
    answer = zhang.say(text, intent)
    assert "暂时没有应答" in answer and services.phone in answer
    # Questions are still answered, so the conversation stays with the assistant till then.
    assert services.desk.queue.list() == []
    zhang.press("转人工")
    assert re.search(r"T\d{8}-\d+", services.log.after(zhang.conversation)[-1].text)
