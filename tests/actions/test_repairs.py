"""What customers do beside answering: go away and come back, ask again, take things back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.services import Services, tell_outcome
from actions.transfer import most_of
from bot.banking.stub.faults import Faults
from bot.storage import Database
from bot.text.repairs import find_repair
from tests.actions.talk import Begin, Talk
from tests.conftest import Hands

TRANSFER, LOSS, CALL_BACK = "transfer_money", "report_card_loss", "cancel_transfer"
NEW_CARD = "6228481001123459"  # of 李四, at a bank that its number tells
READY = "从8866转500给李梅，备注房租"


def done(talk: Talk, said: str = READY) -> Talk:
    """A transfer from its first word to its receipt."""
    talk.say(said, TRANSFER)
    talk.press("确认转账")
    talk.code()
    assert talk.card("receipt")
    return talk


def sums(talk: Talk) -> list[int]:
    records = talk.services.bank.transfers.records(talk.customer_id)
    return [record.amount for record in records]


# ── silence ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", [("我回来了", "inform"), ("你好", "greet"), ("在吗", "chitchat")])
def test_back_after_a_while(talk: Begin, clock: Hands, said: tuple[str, str]) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    clock.forward(minutes=20)
    assert "转账还没有办完，我们接着办。转多少钱？" in zhang.say(*said)
    zhang.say("500")
    assert zhang.slots["amount"] == 50_000 and zhang.asked == "pay_from"


def test_back_with_the_answer(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    clock.forward(minutes=20)
    assert "接着办" in zhang.say("500") and zhang.asked == "pay_from"


def test_a_yes_after_a_while_is_asked_for_again(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    clock.forward(minutes=20)
    assert "接着办" in zhang.press("确认转账")
    assert zhang.asked == "operation_confirmed" and zhang.row("金额") == "¥500.00"
    zhang.press("确认转账")
    assert zhang.asked == "code_ref"


def test_a_code_after_a_while_is_worth_nothing(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    zhang.press("确认转账")
    clock.forward(minutes=20)
    assert "接着办" in zhang.code() and zhang.asked == "operation_confirmed"
    zhang.press("确认转账")
    zhang.code()
    assert sums(zhang) == [50_000]


def test_a_code_that_has_just_expired(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    zhang.press("确认转账")
    clock.forward(minutes=6)
    assert "过期" in zhang.code() and zhang.asked == "code_ref"
    zhang.code()
    assert sums(zhang) == [50_000]


def test_back_with_a_question_or_enough_of_it(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    clock.forward(minutes=20)
    assert "<utter_faq>" in zhang.say("转账限额是多少", "faq")
    assert "我们继续刚才的转账" in zhang.told[-1]["text"]
    clock.forward(minutes=20)
    assert "已取消" in zhang.say("算了", "cancel") and zhang.loop is None


def test_a_question_first_makes_no_old_yes_good_again(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    zhang.press("确认转账")
    clock.forward(minutes=20)
    zhang.say("转账限额是多少", "faq")
    assert zhang.asked == "operation_confirmed"


def test_the_next_day_goes_on_where_it_was_left(talk: Begin, clock: Hands) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    zhang.press("确认转账")
    clock.forward(hours=20)
    zhang.new_session()
    assert "接着办" in zhang.say("你好", "greet")
    assert zhang.asked == "operation_confirmed" and zhang.row("附言") == "房租"
    zhang.press("确认转账")
    zhang.code()
    assert sums(zhang) == [50_000]


# ── again, and not understood ────────────────────────────────────────────────


def test_the_last_answer_again(talk: Begin) -> None:
    zhang = talk()
    zhang.say("查余额", "check_balance")
    first, card = zhang.told[-1]["text"], zhang.card("accounts")
    assert zhang.say("再说一遍", "repeat") == first
    assert zhang.card("accounts") == card
    assert zhang.say("没听清", "repeat") == first
    assert find_repair("没听清，再说一次") == "repeat"


def test_nothing_to_say_again(talk: Begin) -> None:
    assert "没有可以重复的内容" in talk().say("再说一遍", "repeat")


def test_a_form_asks_again_once(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    assert zhang.say("你说什么", "repeat") == "转多少钱？"


def test_what_a_form_understood_was_not_fruitless(talk: Begin) -> None:
    zhang = talk()
    zhang.say("我要转账", TRANSFER)
    zhang.say("李小明", "out_of_scope")
    assert zhang.asked == "payee_number"
    zhang.say("唱首歌吧", "out_of_scope")
    assert zhang.services.desk.queue.list() == []
    assert zhang.asked == "payee_number"
    zhang.say("再唱一首吧", "out_of_scope")
    assert [each.reason for each in zhang.services.desk.queue.list()] == ["unresolved"]


def test_who_is_not_understood_is_offered_a_person(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    assert "没有听明白" in zhang.say("嗯那个什么来着", "inform")
    zhang.press("转人工")
    assert [each.reason for each in zhang.services.desk.queue.list()] == ["request_human"]


@pytest.mark.parametrize("said", ["算了", "都不办了"])
def test_calling_off_all_or_one(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say(said, "cancel")
    assert bool(zhang.slots.get("requests_dropped")) == (said == "都不办了")


def test_a_person_takes_the_rest_of_the_message(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say("转人工", "request_human")
    assert zhang.slots["requests_dropped"] is True


# ── all of it ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "said", ["全部余额", "全部转走", "都转走", "余额全部转给他", "有多少转多少", "一分不留"]
)
def test_all_there_is_once_the_account_is_chosen(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("转账给王芳", TRANSFER)
    zhang.say(said)
    assert zhang.asked == "pay_from"
    zhang.press("2001")
    zhang.press("跳过")
    left = {each.tail: each.available for each in zhang.services.bank.accounts.list("C1001")}
    assert zhang.slots["amount"] == left["2001"]


def test_the_fee_is_left_of_all_there_is(talk: Begin) -> None:
    zhang = talk()
    zhang.say("把2001的钱全部转给李梅，备注搬家", TRANSFER)
    while zhang.asked == "pay_from":
        zhang.press("2001")
    if zhang.asked == "operation_warned":
        zhang.press("继续")
    zhang.press("确认转账")
    zhang.code()
    after = {each.tail: each.available for each in zhang.services.bank.accounts.list("C1001")}
    assert 0 <= after["2001"] < 100, zhang.told


def test_not_all_of_it(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say("不是全部余额，转300")
    assert zhang.slots["amount"] == 30_000


@pytest.mark.parametrize("available", [1, 99, 10_000, 499_999, 500_001, 1_000_000, 99_999_999])
def test_the_most_that_leaves_room_for_its_fee(available: int) -> None:
    def fee(amount: int) -> int:
        return max(200, amount // 5000) if amount > 500_000 else 0

    most = most_of(available, lambda a: fee(a) if a + fee(a) <= available else None)
    assert 0 < most + fee(most) <= available
    assert most >= available - max(300, available // 4000) or most >= available * 99 // 100


# ── saving a payee ───────────────────────────────────────────────────────────


def test_a_new_payee_is_saved_when_the_customer_says_so(talk: Begin) -> None:
    zhang = talk()
    zhang.say(f"从8866转500给李四，卡号{NEW_CARD}，备注定金", TRANSFER)
    zhang.press("保存收款人")
    assert "保存" in zhang.row("保存收款人")
    zhang.press("不保存收款人")
    assert "保存收款人" not in dict(zhang.card("confirm")["rows"])
    zhang.say("保存这个收款人", "faq")
    zhang.press("确认转账")
    assert "李四已保存为常用收款人" in zhang.code()
    zhang.say("转300给李四", TRANSFER)
    assert zhang.slots["payee_number"] == NEW_CARD


def test_a_payee_is_not_saved_unasked(talk: Begin) -> None:
    zhang = done(talk(), f"从8866转500给李四，卡号{NEW_CARD}，备注定金")
    assert "李四" not in [each.name for each in zhang.services.bank.transfers.payees("C1001")]


def test_a_saved_payee_is_not_offered_for_saving(talk: Begin) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    assert "保存收款人" not in [each["title"] for each in zhang.told[-1]["buttons"]]


def test_saving_needs_no_second_warning(talk: Begin) -> None:
    zhang = talk()
    zhang.say(f"从8866转12000给李四，卡号{NEW_CARD}，备注定金", TRANSFER)
    zhang.press("继续")
    zhang.press("保存收款人")
    assert zhang.asked == "operation_confirmed"


# ── calling back ─────────────────────────────────────────────────────────────


def test_a_transfer_under_way_is_called_back(talk: Begin) -> None:
    zhang = done(talk(), "从8866转500给李梅，备注房租，次日到账")
    before = zhang.services.bank.accounts.list("C1001")[0].available
    zhang.say("撤销刚才那笔转账", CALL_BACK)
    assert zhang.row("收款人") == "李梅" and zhang.row("金额") == "¥500.00"
    assert "¥500.00 已退回" in zhang.press("确认撤销")
    assert zhang.services.bank.accounts.list("C1001")[0].available == before + 50_000
    assert "没有可以撤销" in zhang.say("撤销转账", CALL_BACK)


def test_the_receipt_offers_to_call_it_back(talk: Begin) -> None:
    zhang = done(talk(), "从8866转500给李梅，备注房租，次日到账")
    zhang.press("撤销这笔转账")
    assert zhang.asked == "operation_confirmed"


def test_which_of_two(talk: Begin) -> None:
    zhang = done(talk(), "从8866转500给李梅，备注房租，次日到账")
    done(zhang, "从8866转300给王建国，备注饭钱，次日到账")
    zhang.say("撤销转账", CALL_BACK)
    assert zhang.asked == "operation_target"
    zhang.say("给李梅那笔")
    assert zhang.row("收款人") == "李梅"
    zhang.say("不对，是300块那笔", "correct")
    assert zhang.row("收款人") == "王建国"
    zhang.press("确认撤销")
    statuses = [each.status for each in zhang.services.bank.transfers.records("C1001")]
    assert sorted(statuses) == ["cancelled", "pending"]


def test_what_has_arrived_is_not_called_back(talk: Begin) -> None:
    zhang = done(talk())
    assert "没有可以撤销的转账" in zhang.say("撤销刚才的转账", CALL_BACK)
    assert zhang.loop is None


# ── several requests ─────────────────────────────────────────────────────────


def test_the_next_request_is_announced(talk: Begin) -> None:
    zhang = done(talk())
    zhang.after = True
    assert "接下来为您办理转账" in zhang.say("给王建国转300", TRANSFER)


# ── when things fail ─────────────────────────────────────────────────────────


def test_a_loss_that_cannot_even_begin_is_urgent(
    talk: Begin, services: Services, db: Database
) -> None:
    wang = talk("C1003")
    Faults(db).set("cards.list", "unavailable")
    wang.say("卡丢了", LOSS)
    (told,) = wang.logged
    assert "还没有办成" in told and services.phone in told and wang.told == []
    assert [each.reason for each in services.desk.queue.list()] == ["system_failure"]


@pytest.mark.parametrize("fault", ["cards.report_loss", "customers.get"])
def test_a_loss_is_kept_and_told_when_it_is_done(
    talk: Begin, services: Services, db: Database, clock: Hands, fault: str
) -> None:
    """Even where the code cannot be sent: the customer is signed in."""
    faults = Faults(db)
    wang = talk("C1003")
    wang.say("卡丢了", LOSS)
    if fault == "customers.get":
        faults.set(fault, "unavailable")
    wang.press("确认挂失")
    if fault != "customers.get":
        faults.set(fault, "unavailable")
        wang.code()
    # Once, by the desk, with its place in the queue.
    (told,) = wang.logged
    assert "还没有办成" in told and "尚未生效" in told and services.phone in told
    assert "一直重试" in told and "排队编号" in told and wang.told == []
    assert wang.loop is None
    faults.clear()
    assert "已经保存" in wang.say("卡丢了", LOSS) and wang.loop is None
    clock.forward(minutes=1)
    services.operations.retry_kept(lambda kept: tell_outcome(services.log, kept))
    told = services.log.after(wang.conversation)[-1].text
    card = services.bank.cards.list("C1003")[0]
    assert card.stopped and card.loss_receipt and card.loss_receipt in told
    assert card.loss_receipt in wang.say("卡丢了", LOSS)


def test_a_transfer_without_the_bank(talk: Begin, services: Services, db: Database) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    Faults(db).set("accounts.list", "unavailable")
    answer = zhang.say("500")
    assert "转账没有办理，您的资金没有变动" in answer and services.phone in answer
    assert services.desk.queue.list() == []


def test_a_fault_of_our_own_at_the_end_is_looked_into(
    talk: Begin, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    zhang = talk()
    zhang.say(READY, TRANSFER)
    zhang.press("确认转账")
    broken = replace(services, sealed=None)  # type: ignore[arg-type]
    monkeypatch.setattr("actions.turn_action.services", lambda: broken)
    assert "成功" not in zhang.code()
    assert [each.reason for each in services.desk.queue.list()] == ["outcome_unknown"]
