"""Instalments: of the bill, a part of it or one purchase; the cost shown, refused, done once."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from bot.banking.models import InstalmentOffer, yuan
from bot.banking.requests import TakeInstalments
from bot.banking.stub.faults import Faults
from bot.banking.stub.rules import INSTALMENT_FEES
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for
from tests.conftest import Hands

SPLIT, QUOTE = "apply_installment", "quote_instalments"
ready = ready_for(SPLIT, "账单分12期")
CARD, PHONE = "C1001-3-card", "C1001-3-phone"


def offer(talk: Talk, purchase: str | None = None, amount: int | None = None) -> InstalmentOffer:
    return talk.services.bank.cards.instalments("C1001", CARD, purchase, amount)


def running(talk: Talk) -> int:
    """What is being paid in instalments, fen."""
    return talk.services.bank.cards.bill("C1001", CARD).instalments


# ── gathering ────────────────────────────────────────────────────────────────


def test_step_by_step_for_the_bill(talk: Begin) -> None:
    zhang = talk()
    zhang.say("我要办分期", SPLIT)
    assert zhang.asked == "split"
    zhang.press("本期账单")
    whole = offer(zhang)
    assert zhang.asked == "periods"
    assert [item["title"] for item in zhang.card("list")["items"]] == [
        "3 期", "6 期", "12 期",
    ]  # fmt: skip
    for item, plan in zip(zhang.card("list")["items"], whole.plans, strict=True):
        assert f"合计 {yuan(plan.total_fee)}" in item["note"] and "年化利率" in item["note"]
        assert "手续费" not in item["note"]
    zhang.press("12 期")
    plan = whole.plans[2]
    assert zhang.row("信用卡") == "信用卡 尾号 5520" and zhang.row("分期内容") == "本期账单"
    assert zhang.row("分期金额") == yuan(whole.amount) and zhang.row("期数") == "12 期"
    assert zhang.row("每期应还") == yuan(plan.payments[0].total)
    assert zhang.row("利息合计") == yuan(plan.total_fee)
    assert zhang.row("近似折算年化利率（单利）") == f"{plan.annual_rate * 100:.2f}%"
    confirmed(zhang)
    assert running(zhang) == 0
    answer = zhang.code()
    assert f"{yuan(whole.amount)} 分 12 期" in answer and "下一期账单" in answer
    assert zhang.row("受理编号", "receipt").startswith("IN")
    assert running(zhang) == whole.amount
    assert zhang.loop is None and zhang.slots["split"] is None


def test_what_was_said_first_is_not_asked_again(talk: Begin) -> None:
    zhang = ready(talk())
    assert zhang.row("期数") == "12 期" and zhang.row("分期内容") == "本期账单"


@pytest.mark.parametrize(
    "said",
    ["4999那笔分12期", "把云杉数码那笔分成十二期", "五千块的那笔分12期", "刚买的4999分12个月"],
)
def test_one_purchase_by_its_sum_or_shop(talk: Begin, said: str) -> None:
    zhang = ready(talk(), said)
    assert zhang.row("分期金额") == "¥4,999.00" and "云杉数码" in zhang.row("分期内容")
    confirmed(zhang)
    zhang.code()
    assert running(zhang) == 499_900


def test_a_purchase_that_cannot_be_split_is_told_at_once(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("我那笔9000的家具分12期", SPLIT)
    assert "没有找到可以单笔分期的 ¥9,000.00 消费" in answer and zhang.asked == "split"
    zhang.say("那就账单分吧")
    assert zhang.asked == "operation_confirmed" and zhang.row("期数") == "12 期"


def test_a_part_of_the_bill(talk: Begin) -> None:
    zhang = ready(talk(), "账单分期600，分3期")
    assert zhang.row("分期金额") == "¥600.00"
    confirmed(zhang)
    zhang.code()
    assert running(zhang) == 60_000


@pytest.mark.parametrize(
    ("said", "periods"),
    [("6", 6), ("六期", 6), ("半年", 6), ("一年", 12), ("一年吧", 12), ("选12期", 12),
     ("最长的", 12), ("三个月", 3), ("就三期吧", 3)],
)  # fmt: skip
def test_any_form_of_periods(talk: Begin, said: str, periods: int) -> None:
    zhang = talk()
    zhang.say("账单分期", SPLIT)
    assert zhang.asked == "periods"
    zhang.say(said)
    assert zhang.slots["periods"] == periods, zhang.told
    assert zhang.asked == "operation_confirmed"


@pytest.mark.parametrize(
    ("said", "looks_like", "split"),
    [
        ("本期账单", "query_card_bill", "bill"),
        ("账单", "query_card_bill", "bill"),
        ("4999那笔", "dispute_transaction", PHONE),
        ("云杉数码", "faq", PHONE),
        ("第三个", "inform", PHONE),
    ],
)
def test_an_answer_that_looks_like_something_else(
    talk: Begin, said: str, looks_like: str, split: str
) -> None:
    zhang = talk()
    zhang.say("我要办分期", SPLIT)
    zhang.say(said, looks_like)
    assert (zhang.asked, zhang.slots["split"]) == ("periods", split), zhang.told


def test_on_from_the_plans_just_shown(talk: Begin) -> None:
    zhang = talk()
    zhang.say("4999那笔分12期每期多少", QUOTE)
    zhang.press("办理 12 期")
    assert zhang.asked == "operation_confirmed" and zhang.row("分期金额") == "¥4,999.00"
    zhang.say("算了", "cancel")
    zhang.say("4999那笔分6期每期多少", QUOTE)
    zhang.say("就这么办吧，6期", SPLIT)
    assert zhang.row("期数") == "6 期" and zhang.row("分期金额") == "¥4,999.00"
    zhang.say("算了", "cancel")
    zhang.say("我要办分期", SPLIT)  # the plans are long past
    assert zhang.asked == "split" and "不足" not in zhang.told[-1]["text"]


def test_what_it_costs_is_answered_in_the_middle(talk: Begin) -> None:
    zhang = talk()
    zhang.say("账单分期", SPLIT)
    zhang.say("账单分12期利息一共多少", QUOTE)
    assert "我们继续刚才的分期" in zhang.told[-1]["text"] and zhang.asked == "periods"
    assert "利息合计" in zhang.told[0]["text"]


# ── refused ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["账单分36期", "账单分5期"])
def test_a_number_of_periods_that_is_not_offered(talk: Begin, said: str) -> None:
    zhang = talk()
    assert "可以选 3、6、12 期" in zhang.say(said, SPLIT)
    assert zhang.asked == "periods"
    assert "没有 9 期的方案" in zhang.say("9期")
    zhang.say("6期")
    assert zhang.asked == "operation_confirmed"


def test_more_or_less_than_may_be_split(talk: Begin) -> None:
    zhang = talk()
    most = yuan(offer(zhang).amount)
    assert f"¥500.00 到 {most}" in zhang.say("账单分期30000分12期", SPLIT)
    assert zhang.asked == "amount"
    assert f"¥500.00 到 {most}" in zhang.say("300")
    zhang.say("800")
    assert zhang.row("分期金额") == "¥800.00" and zhang.row("期数") == "12 期"


@pytest.mark.parametrize(
    ("customer", "why"),
    [("C1003", "没有信用卡"), ("C1007", "已过还款日"), ("C1008", "未激活")],
)
def test_who_cannot_hears_why(talk: Begin, customer: str, why: str) -> None:
    somebody = talk(customer)
    assert why in somebody.say("账单分12期", SPLIT)
    assert somebody.loop is None and somebody.slots["operation"] is None


def test_a_card_that_is_not_the_customers(talk: Begin) -> None:
    zhang = talk()
    assert "没有尾号 7783 的信用卡" in zhang.say("尾号7783的账单分12期", SPLIT)
    assert "储蓄卡 尾号 8866 不是信用卡" in zhang.say("尾号8866的账单分12期", SPLIT)


def test_anothers_purchase_cannot_be_split(talk: Begin) -> None:
    zhang = talk()
    zhang.sent('/apply_installment{"split": "C1004-2-strange2", "instalments": 12}')
    assert zhang.asked == "split" and running(zhang) == 0


# ── changed on the way ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "label", "value"),
    [
        ("改成6期", "期数", "6 期"),
        ("改成半年", "期数", "6 期"),
        ("不是12期，是3期", "期数", "3 期"),
        ("金额改成1000", "分期金额", "¥1,000.00"),
        ("换成云杉数码那笔", "分期金额", "¥4,999.00"),
    ],
)
def test_any_value_can_be_corrected_when_confirming(
    talk: Begin, said: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, "correct")
    assert zhang.asked == "operation_confirmed", zhang.told
    assert zhang.row(label) == value
    if label != "期数":
        assert zhang.row("期数") == "12 期"


def test_a_purchase_is_split_as_a_whole(talk: Begin) -> None:
    zhang = ready(talk(), "4999那笔分12期")
    assert "按整笔金额 ¥4,999.00" in zhang.say("改成3000", "correct")
    assert zhang.row("分期金额") == "¥4,999.00"


@pytest.mark.parametrize("said", ["账单分12期", "4999那笔分12期"])
def test_all_of_it_after_all(talk: Begin, said: str) -> None:
    zhang = ready(talk(), said)
    whole, what = zhang.row("分期金额"), zhang.row("分期内容")
    zhang.say("分期金额不对", "faq")
    assert zhang.asked == "amount"
    zhang.say("全部")
    assert (zhang.row("分期金额"), zhang.row("分期内容")) == (whole, what)


def test_what_is_wrong_is_asked_again(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("期数不对", "faq")
    assert zhang.asked == "periods"
    zhang.say("上一步", "affirm")
    zhang.say("账单分3期", SPLIT)
    assert zhang.row("期数") == "3 期"


def test_a_change_after_the_code_was_sent_needs_another(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    sent = zhang.outbox.outbox("C1001", 1)[0]
    assert sent["purpose"] == f"信用卡分期 {yuan(offer(zhang).amount)} 分 12 期"
    old = str(sent["code"])
    zhang.say("改成6期", "correct")
    confirmed(zhang)
    assert "不正确" in zhang.code(old) and running(zhang) == 0
    zhang.code()
    assert running(zhang) == offer_amount(zhang)


def offer_amount(talk: Talk) -> int:
    return int(talk.row("分期金额", "receipt").translate({ord(c): None for c in "¥,."}))


def test_at_another_interest_it_is_not_taken(talk: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    monkeypatch.setitem(INSTALMENT_FEES, 12, Decimal("0.0075"))
    assert "分期利息刚刚有变化" in zhang.code()
    assert running(zhang) == 0 and zhang.loop is None


# ── done once ────────────────────────────────────────────────────────────────


def test_a_repeated_turn_takes_it_once(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    before = copy.copy(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    taken = running(zhang)
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert running(zhang) == taken > 0


def test_a_time_out_after_it_was_done(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("cards.take_instalments", "timeout_after")
    zhang.code()
    Faults(db).clear()
    assert zhang.card("receipt") and running(zhang) == offer_amount(zhang)


def test_a_bank_that_is_down_has_done_nothing(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("cards.take_instalments", "unavailable")
    zhang.code()
    Faults(db).clear()
    assert running(zhang) == 0


def test_it_is_not_done_when_denied(talk: Begin) -> None:
    zhang = ready(talk())
    assert "没有办理分期" in zhang.say("不办了", "deny")
    assert running(zhang) == 0 and zhang.loop is None


def test_what_was_taken_meanwhile_elsewhere_is_refused(talk: Begin, clock: Hands) -> None:
    zhang = ready(talk(), "4999那笔分12期")
    request = TakeInstalments(CARD, 499_900, 3, PHONE)
    zhang.services.bank.cards.take_instalments("C1001", request, idempotency_key="app")
    zhang.press("确认分期")
    assert zhang.asked != "code_ref" and running(zhang) == 499_900
