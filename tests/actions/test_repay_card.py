"""Credit cards repaid: which, how much, from where; never more than is owed, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.banking.models import CardBill
from bot.banking.stub.faults import Faults
from bot.banking.stub.ledger import entry_rows, instalment_account, post
from bot.banking.stub.tables import accounts, cards
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for, spend
from tests.conftest import Hands

REPAY = "repay_card"
ready = ready_for(REPAY, "用8866还信用卡最低还款")
# What C1001 owes on 5520: by the statement, at least, and in all.
DUE, LEAST, OWED = 144_711, 14_472, 762_675
CARD = "C1001-3-card"


def bill(talk: Talk, card: str = CARD) -> CardBill:
    return talk.services.bank.cards.bill(talk.customer_id, card)


@pytest.fixture
def second_card(db: Database, clock: Hands) -> str:
    """Another credit card of C1001, tail 7316, that owes ¥500.00 of a past statement."""
    with db.begin() as tx:
        old = dict(tx.execute(select(accounts).where(accounts.c.id == "C1001-3")).one()._mapping)
        new = {**old, "id": "C1001-4", "number": "6258091001207316"}
        held = {**old, "id": instalment_account("C1001-4"), "customer_id": None, "kind": "internal"}
        tx.execute(insert(accounts), [new, {**held, "number": held["id"]}])
        tx.execute(
            insert(cards).values(
                id="C1001-4-card", account_id="C1001-4", number=new["number"], kind="credit",
                status="normal",
            )
        )  # fmt: skip
        at = clock() - timedelta(20)
        post(
            tx, entry_rows(at, "超市购物", {"C1001-4": -50_000, "merchant": 50_000}, "purchase", "")
        )
    return "7316"


# ── gathering ────────────────────────────────────────────────────────────────


def test_step_by_step(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("我要还信用卡", REPAY)
    assert "信用卡 尾号 5520 2月账单待还 ¥1,447.11，最低 ¥144.72，3月14日到期" in answer
    assert zhang.asked == "repay_part"
    zhang.press("本期账单 ¥1,447.11")
    assert zhang.asked == "pay_from"
    zhang.press("8866")
    assert zhang.card("confirm")["rows"] == [
        ["业务", "还款"],
        ["信用卡", "信用卡 尾号 5520"],
        ["还款金额", "¥1,447.11（本期账单全额）"],
        ["付款账户", "储蓄卡 尾号 8866"],
        ["到期还款日", "3月14日"],
    ]
    confirmed(zhang)
    answer = zhang.code()
    assert "本期账单已还清" in answer and "剩余欠款 ¥6,179.64（含未出账单）" in answer
    assert zhang.row("受理编号", "receipt").startswith("RP")
    assert bill(zhang).due == 0 and bill(zhang).owed == OWED - DUE
    assert zhang.loop is None and zhang.slots["repay_part"] is None


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("帮我还信用卡最低还款", LEAST),
        ("还最低", LEAST),
        ("全额还款", DUE),
        ("全额还清信用卡", DUE),
        ("把这期账单还了", DUE),
        ("信用卡全还了", DUE),
        ("不还最低，全额还", DUE),
        ("把未出账也一起还了", OWED),
        ("把信用卡欠款全部还清", OWED),
        ("还云杉银行信用卡的最低还款", LEAST),
        ("我用银行卡还信用卡最低还款", LEAST),
        ("还一半", 72_356),
        ("先还两千", 200_000),
        ("还信用卡3000元", 300_000),
        ("信用卡还三千五", 350_000),
    ],
)
def test_how_much_in_the_customers_words(talk: Begin, said: str, amount: int) -> None:
    zhang = talk()
    zhang.say(said, REPAY)
    assert zhang.asked == "pay_from", zhang.told
    assert (zhang.slots["operation_target"], zhang.slots["amount"]) == (CARD, amount)


@pytest.mark.parametrize(
    "said", ["用8866还5520", "用尾号8866的卡还尾号5520的信用卡", "8866那张还信用卡"]
)
def test_from_which_account(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say(said, REPAY)
    assert (zhang.slots["operation_target"], zhang.slots["pay_from"]) == (CARD, "C1001-1")
    assert zhang.asked == "repay_part"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("3500", 350_000),
        ("本期账单", DUE),
        ("全部欠款", OWED),
        ("5520", 552_000),
        ("最低就行", LEAST),
        ("还两千", 200_000),
        ("全额", DUE),
    ],
)
def test_the_answer_to_how_much(talk: Begin, said: str, amount: int) -> None:
    zhang = talk()
    zhang.say("还信用卡", REPAY)
    zhang.say(said)
    assert zhang.slots["amount"] == amount and zhang.slots["operation_target"] == CARD


@pytest.mark.parametrize("said", ["本期账单", "最低还款额"])
def test_a_part_that_sounds_like_a_query_is_the_answer(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("还信用卡", REPAY)
    zhang.say(said, "query_card_bill")
    assert zhang.asked == "pay_from"


def test_the_button_under_a_bill(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("查信用卡账单", "query_card_bill")
    liu.press("还款")
    assert liu.asked == "repay_part"
    liu.press("最低还款")
    assert (
        liu.row("信用卡") == "信用卡 尾号 7783" and liu.row("还款金额") == "¥246.88（最低还款额）"
    )


def test_which_card_if_several(talk: Begin, second_card: str) -> None:
    zhang = talk()
    zhang.say("用8866还信用卡最低还款", REPAY)
    assert zhang.asked == "operation_target"
    assert any("待还 ¥500.00" in each["title"] for each in zhang.told[-1]["buttons"])
    zhang.press(second_card)
    assert zhang.row("还款金额") == "¥50.00（最低还款额）"
    zhang.say("不对，还5520", "correct")
    assert zhang.row("信用卡") == "信用卡 尾号 5520"
    assert zhang.row("还款金额") == "¥144.72（最低还款额）"


def test_another_card_keeps_a_sum_that_was_said(talk: Begin, second_card: str) -> None:
    zhang = ready(talk(), "用8866还5520那张信用卡300块")
    zhang.say(f"改成{second_card}那张", "correct")
    assert zhang.row("信用卡") == "信用卡 尾号 7316" and zhang.row("还款金额") == "¥300.00"


# ── refused at once ──────────────────────────────────────────────────────────


def test_more_than_is_owed(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("还信用卡1万", REPAY)
    assert "一共欠 ¥7,626.75（含未出账单）" in answer and "会多出 ¥2,373.25" in answer
    assert zhang.asked == "repay_part"
    zhang.press("全部欠款 ¥7,626.75")
    assert zhang.slots["amount"] == OWED


def test_less_than_the_minimum_is_pointed_out(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("用8866还信用卡100块", REPAY)
    assert "最低还款额还差 ¥44.72，请在3月14日前补足" in answer
    assert zhang.asked == "operation_confirmed"


def test_an_overdue_card(talk: Begin) -> None:
    zhao = talk("C1007")
    assert "已经逾期，最低还款额还差 ¥1,258.38" in zhao.say("我要还款", REPAY)
    zhao.say("先还500")
    assert "仍算逾期" in zhao.told[-1]["text"]
    confirmed(zhao)
    zhao.code()
    assert bill(zhao, "C1007-2-card").minimum_due == 125_838 - 50_000


def test_the_statement_is_paid_already(talk: Begin) -> None:
    zhang = ready(talk(), "用8866全额还款")
    confirmed(zhang)
    zhang.code()
    assert "最低还款额已经还够" in zhang.say("还最低还款", REPAY)
    assert zhang.asked == "repay_part"
    assert "账单已经还清" in zhang.say("全额还款", REPAY)
    assert [each["title"] for each in zhang.told[-1]["buttons"]] == ["全部欠款 ¥6,179.64", "取消"]


def test_nothing_is_owed(talk: Begin) -> None:
    sun = talk("C1008")
    assert "尾号 3391 目前没有欠款，不用还款" in sun.say("还信用卡", REPAY)
    assert sun.loop is None


@pytest.mark.parametrize(("customer", "why"), [("C1003", "没有信用卡"), ("C1002", "没有信用卡")])
def test_no_credit_card(talk: Begin, customer: str, why: str) -> None:
    wang = talk(customer)
    assert why in wang.say("还信用卡", REPAY) and wang.loop is None


def test_a_card_that_is_not_the_customers(talk: Begin) -> None:
    zhang = talk()
    assert "没有尾号 7783 的信用卡" in zhang.say("还尾号7783的信用卡", REPAY)
    assert "本人名下" in zhang.say("给我老婆的信用卡还款", REPAY)


@pytest.mark.parametrize(
    ("said", "why"),
    [("帮我还花呗", "本行信用卡"), ("还招商银行信用卡", "本行信用卡"), ("还房贷", "贷款到还款日会自动扣款"),
     ("明天还信用卡", "只能马上还款")],
)  # fmt: skip
def test_what_is_not_done_here_is_said(talk: Begin, said: str, why: str) -> None:
    assert why in talk().say(said, REPAY)


def test_a_credit_card_pays_nothing(talk: Begin) -> None:
    zhang = talk()
    zhang.say("还最低", REPAY)
    assert "信用卡" in zhang.say("用5520付") and zhang.asked == "pay_from"


def test_an_account_that_has_too_little(talk: Begin, db: Database, clock: Hands) -> None:
    spend(db, clock, "C1001-2", 1_440_000)
    zhang = talk()
    assert "余额不足，请换一个账户" in zhang.say("用2001全额还款", REPAY)
    assert zhang.asked == "pay_from"
    zhang.say("8866")
    assert zhang.row("还款金额") == "¥1,447.11（本期账单全额）"


def test_no_account_has_enough(talk: Begin, db: Database, clock: Hands) -> None:
    spend(db, clock, "C1007-1", 5_800_000)
    zhao = talk("C1007")
    assert "最多可用 ¥649.38" in zhao.say("全额还款", REPAY)
    assert zhao.asked == "repay_part"
    zhao.say("还600")
    assert zhao.asked == "operation_confirmed"


# ── changed on the way ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "intent", "label", "value"),
    [
        ("改成全额", "correct", "还款金额", "¥1,447.11（本期账单全额）"),
        ("全额还款", REPAY, "还款金额", "¥1,447.11（本期账单全额）"),
        ("不是最低，是全额", "correct", "还款金额", "¥1,447.11（本期账单全额）"),
        ("改成两千", "correct", "还款金额", "¥2,000.00"),
        ("改成3500", "correct", "还款金额", "¥3,500.00"),
        ("不对，还800", REPAY, "还款金额", "¥800.00"),
        ("用2001那张", "inform", "付款账户", "储蓄卡 尾号 2001"),
        ("从尾号2001扣", REPAY, "付款账户", "储蓄卡 尾号 2001"),
    ],
)
def test_any_value_can_be_corrected(
    talk: Begin, said: str, intent: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, intent)
    assert zhang.asked == "operation_confirmed", (zhang.asked, zhang.told)
    assert zhang.row(label) == value and zhang.row("信用卡") == "信用卡 尾号 5520"


@pytest.mark.parametrize(
    ("said", "asked"),
    [("金额不对", "repay_part"), ("金额", "repay_part"), ("换个付款账户", "pay_from")],
)
def test_what_is_wrong_is_asked_again(talk: Begin, said: str, asked: str) -> None:
    zhang = ready(talk())
    zhang.say(said, "correct")
    assert zhang.asked == asked


@pytest.mark.parametrize(("said", "intent"), [("本期账单", "query_card_bill"), ("多少钱", "faq")])
def test_a_question_changes_nothing(talk: Begin, said: str, intent: str) -> None:
    zhang = ready(talk())
    zhang.say(said, intent)
    assert zhang.asked == "operation_confirmed" and zhang.slots["repay_part"] == "minimum"


def test_one_bare_number_for_another(talk: Begin) -> None:
    zhang = ready(talk(), "用8866还信用卡2000块")
    zhang.say("不是2000，是3000", "correct")
    assert zhang.row("还款金额") == "¥3,000.00"
    zhang.say("4000", "inform")
    assert zhang.row("信用卡") == "信用卡 尾号 5520"


def test_one_step_back(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("上一步", "affirm")
    assert zhang.asked == "pay_from"
    zhang.say("上一步", "affirm")
    assert zhang.asked == "repay_part"


def test_leaving(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("算了不还了", "cancel")
    assert zhang.loop is None and bill(zhang).owed == OWED


def test_saying_no_at_the_end(talk: Begin) -> None:
    zhang = ready(talk())
    assert "没有办理还款" in zhang.say("不要", "deny")
    assert bill(zhang).owed == OWED


@pytest.mark.parametrize("step", ["repay_part", "pay_from", "operation_confirmed"])
def test_a_digression_and_back(talk: Begin, step: str) -> None:
    zhang = talk()
    said = {
        "repay_part": "还信用卡", "pay_from": "还最低还款",
        "operation_confirmed": "用8866还信用卡最低还款",
    }  # fmt: skip
    zhang.say(said[step], REPAY)
    assert zhang.asked == step
    zhang.say("最低还款额怎么算", "faq")
    assert "我们继续刚才的还款" in zhang.told[-1]["text"] and zhang.asked == step
    zhang.say("查一下余额", "check_balance")
    assert zhang.card("accounts") and zhang.asked == step


# ── the code, and doing it once ──────────────────────────────────────────────


def test_a_wrong_code_repays_nothing(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    assert "不正确" in zhang.code("000000") and bill(zhang).owed == OWED
    zhang.code()
    assert bill(zhang).minimum_due == 0 and bill(zhang).owed == OWED - LEAST


def test_a_code_for_one_sum_is_worth_nothing_for_another(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    old = str(zhang.outbox.outbox("C1001", 1)[0]["code"])
    zhang.say("改成全额", "correct")
    confirmed(zhang)
    assert "不正确" in zhang.code(old) and bill(zhang).owed == OWED
    zhang.code()
    assert bill(zhang).owed == OWED - DUE


def test_a_repeated_turn_repays_once(talk: Begin) -> None:
    zhang = ready(talk(), "用8866把未出账也一起还了")
    confirmed(zhang)
    before = dict(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    assert "已没有欠款" in first[0]
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert bill(zhang).owed == 0


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "wrong_data"])
def test_an_unknown_outcome_is_said_honestly(talk: Begin, db: Database, kind: str) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("cards.repay", kind)
    answer = zhang.code()
    Faults(db).clear()
    done = bill(zhang).owed == OWED - LEAST
    assert done == (kind != "timeout_before")
    if done:
        assert zhang.card("receipt")
    else:
        assert "暂时不能确定" in answer and "成功" not in answer


def test_the_receipt_stands_though_the_bill_cannot_be_read(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("cards.bill", "unavailable")
    assert "还款成功" in zhang.code() and zhang.card("receipt")


def test_what_was_repaid_meanwhile_is_not_repaid_again(
    talk: Begin, db: Database, clock: Hands
) -> None:
    zhang = ready(talk(), "用8866还信用卡全部欠款")
    confirmed(zhang)
    with db.begin() as tx:
        amounts = {"C1001-3": 100_000, "C1001-2": -100_000}
        post(tx, entry_rows(clock(), "信用卡还款", amounts, "repayment", ""))
    assert "超过了目前的欠款" in zhang.code() and bill(zhang).owed == OWED - 100_000
