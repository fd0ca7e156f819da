"""The whole transfer: gathering, refusing, correcting, warning, holding, doing it once."""

from __future__ import annotations

import copy

import pytest

from bot.banking.stub.faults import Faults
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for
from tests.conftest import Hands

TRANSFER = "transfer_money"
ready = ready_for(TRANSFER, "从8866转500给李梅，备注房租")
NEW_CARD = "6228481001123459"  # of 李四, at a bank that its number tells
ODD_CARD = "6229991001123456"  # whose number tells no bank


def transfers(talk: Talk) -> list[tuple[str, int]]:
    """What was transferred: to whom and how much, newest first."""
    records = talk.services.bank.transfers.records(talk.customer_id)
    return [(record.payee_name, record.amount) for record in records]


def ticket(talk: Talk) -> str:
    (found,) = talk.services.desk.queue.list()
    return found.reason


# ── gathering ────────────────────────────────────────────────────────────────


def test_step_by_step_to_a_saved_payee(talk: Begin) -> None:
    zhang = talk()
    zhang.say("我要转账", TRANSFER)
    assert zhang.asked == "payee_name"
    zhang.press("李梅")
    assert zhang.asked == "amount"
    zhang.say("三千五")
    assert zhang.asked == "pay_from"
    zhang.press("8866")
    assert zhang.asked == "memo"
    zhang.press("跳过")
    assert zhang.card("confirm")["rows"] == [
        ["业务", "转账"],
        ["收款人", "李梅"],
        ["收款账户", "工商银行 尾号 8821"],
        ["金额", "¥3,500.00"],
        ["付款账户", "储蓄卡 尾号 8866"],
        ["到账方式", "实时到账"],
        ["手续费", "免手续费"],
    ]
    confirmed(zhang)
    assert "已向李梅转出 ¥3,500.00" in zhang.code()
    assert zhang.row("转账金额", "receipt") == "¥3,500.00"
    assert zhang.row("受理编号", "receipt").startswith("TF")
    assert transfers(zhang) == [("李梅", 350_000)]
    assert zhang.loop is None and zhang.slots["payee_name"] is None


def test_what_was_said_first_is_not_asked_again(talk: Begin) -> None:
    zhang = ready(talk())
    assert zhang.row("金额") == "¥500.00" and zhang.row("附言") == "房租"
    assert zhang.row("付款账户") == "储蓄卡 尾号 8866"


def test_a_new_payee_with_a_card_number(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转500给李四", TRANSFER)
    assert zhang.asked == "payee_number"
    assert "可能有一位写错了" in zhang.say("6228481001123458")
    assert zhang.asked == "payee_number"
    assert "手机号" in zhang.say("13912345678")
    assert "9 位" in zhang.say("622848100")
    zhang.say("6228 4810 0112 3459")
    assert zhang.asked == "pay_from"
    zhang.say("8866")
    zhang.say("不用留言", "deny")
    assert zhang.row("收款账户") == "农业银行 尾号 3459"


def test_all_of_a_new_payee_in_one_message(talk: Begin) -> None:
    zhang = ready(talk(), f"用2001转500给李四，卡号{NEW_CARD}，附言：生日快乐")
    assert zhang.row("收款人") == "李四" and zhang.row("附言") == "生日快乐"
    assert zhang.row("金额") == "¥500.00"


def test_the_bank_is_asked_for_where_the_number_does_not_tell(talk: Begin) -> None:
    zhang = talk()
    zhang.say(f"从8866转500给李四，卡号{ODD_CARD}", TRANSFER)
    assert zhang.asked == "payee_bank"
    zhang.say("华夏银行", "faq")
    assert zhang.asked == "memo"
    zhang.press("跳过")
    assert zhang.row("收款账户") == "华夏银行 尾号 3456"


def test_to_an_own_account(talk: Begin) -> None:
    zhang = talk()
    zhang.say("从8866转1000到尾号2001", TRANSFER)
    zhang.press("跳过")
    assert zhang.row("收款人") == "张伟" and zhang.row("收款账户") == "云杉银行 尾号 2001"
    assert zhang.row("付款账户") == "储蓄卡 尾号 8866"


def test_the_only_account_is_not_asked_for(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("给张伟转200", TRANSFER)
    assert wang.asked == "memo"
    wang.press("跳过")
    assert wang.row("付款账户") == "储蓄卡 尾号 6612"


def test_a_nickname_that_the_bank_does_not_know(talk: Begin) -> None:
    zhang = talk()
    assert "没有“小雨”" in zhang.say("给小雨转500块", TRANSFER)
    assert zhang.asked == "payee_name" and zhang.slots["amount"] == 50_000
    zhang.say("李小明", "out_of_scope")
    assert zhang.asked == "payee_number"


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("500", 50_000),
        ("5000", 500_000),
        ("五百", 50_000),
        ("三千五", 350_000),
        ("1.5万", 1_500_000),
        ("1w2", 1_200_000),
        ("¥3,500.00", 350_000),
        ("叁仟伍佰元整", 350_000),
        ("五块五", 550),
        ("就转两百吧", 20_000),
        ("88.8", 8_880),
    ],
)
def test_any_form_of_amount(talk: Begin, said: str, fen: int) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say(said)
    assert zhang.slots["amount"] == fen, zhang.told


def test_an_amount_left_open(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    assert "不够确切" in zhang.say("两三千")
    assert zhang.asked == "amount"


# ── refused at once ──────────────────────────────────────────────────────────


def test_over_the_single_limit_before_anything_else_is_known(talk: Begin) -> None:
    zhang = talk()
    assert "单笔限额 ¥100,000.00" in zhang.say("我要转20万", TRANSFER)
    assert zhang.asked == "payee_name" and zhang.slots["amount"] is None


def test_more_than_there_is(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say("用2001那张")
    assert "余额不足" in zhang.say("3万")
    assert zhang.asked == "pay_from" and zhang.slots["amount"] == 3_000_000


def test_more_than_a_new_payee_may_get(talk: Begin) -> None:
    chen = talk("C1005")
    answer = chen.say(f"转6万给李四，卡号{NEW_CARD}", TRANSFER)
    assert "向新收款人转账，单笔不能超过 ¥50,000.00" in answer
    assert chen.asked == "amount"


def test_over_what_is_left_of_the_day(talk: Begin, clock: Hands) -> None:
    chen = talk("C1005")
    for _ in range(2):
        chen.say("从存折转9万给陈晓东", TRANSFER)
        chen.press("跳过")
        if chen.asked == "operation_warned":
            chen.press("继续")
        confirmed(chen)
        chen.code()
        clock.forward(minutes=1)
    assert "今日剩余额度 ¥20,000.00" in chen.say("从存折转3万给陈晓东", TRANSFER)
    assert chen.asked == "amount"


def test_a_name_that_does_not_fit_the_account(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("给王小芳转500，卡号6217001003406612", TRANSFER)
    assert "姓名与账号不一致" in answer and zhang.asked == "payee_name"


def test_paying_with_a_credit_card(talk: Begin) -> None:
    zhang = talk()
    assert "信用卡" in zhang.say("从5520转500给李梅", TRANSFER)
    assert zhang.asked == "pay_from"


def test_a_locked_account_cannot_begin(talk: Begin) -> None:
    locked = talk("C1002")
    assert "解锁" in locked.say("给赵磊转500", TRANSFER)
    assert locked.loop is None and locked.slots["operation"] is None


def test_the_fee_is_shown_before(talk: Begin) -> None:
    zhang = ready(talk(), "从8866转6000给李梅，备注货款")
    assert zhang.row("手续费") == "¥2.00"


# ── changed on the way ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "intent", "label", "value"),
    [
        ("改成三百", "correct", "金额", "¥300.00"),
        ("改成300", "correct", "金额", "¥300.00"),
        ("不对，转800", TRANSFER, "金额", "¥800.00"),
        ("不是五百，是三百", "correct", "金额", "¥300.00"),
        ("不是李梅，是王建国", "correct", "收款人", "王建国"),
        ("不对，转给王建国", TRANSFER, "收款人", "王建国"),
        ("用2001那张", "inform", "付款账户", "储蓄卡 尾号 2001"),
        ("从尾号2001转", TRANSFER, "付款账户", "储蓄卡 尾号 2001"),
        ("备注改成生活费", "correct", "附言", "生活费"),
        ("次日到账", "faq", "到账方式", "24 小时后到账，到账前可以撤销"),
    ],
)
def test_any_value_can_be_corrected_when_confirming(
    talk: Begin, said: str, intent: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, intent)
    assert zhang.asked == "operation_confirmed", (zhang.asked, zhang.told)
    assert zhang.row(label) == value
    kept = {"金额": "¥500.00", "付款账户": "储蓄卡 尾号 8866"}
    assert all(zhang.row(name) == was for name, was in kept.items() if name != label)


def test_another_payee_who_is_not_saved(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("不对，转给李四", TRANSFER)
    assert zhang.asked == "payee_number"
    zhang.say(NEW_CARD)
    assert zhang.asked == "operation_confirmed"
    assert zhang.row("收款账户") == "农业银行 尾号 3459" and zhang.row("附言") == "房租"


@pytest.mark.parametrize(
    ("said", "intent", "asked"),
    [
        ("金额不对", "correct", "amount"),
        ("换个收款人", "request_human", "payee_name"),
        ("卡号写错了", "correct", "payee_number"),
        ("付款账户改一下", "correct", "pay_from"),
    ],
)
def test_what_is_wrong_is_asked_again(talk: Begin, said: str, intent: str, asked: str) -> None:
    zhang = ready(talk())
    zhang.say(said, intent, 0.5 if intent == "request_human" else 1.0)
    assert zhang.asked == asked


@pytest.mark.parametrize("said", ["不对", "写错了", "我要改"])
def test_something_is_wrong(talk: Begin, said: str) -> None:
    zhang = ready(talk())
    assert "哪里要改" in zhang.say(said, "deny")
    zhang.press("改金额")
    assert zhang.asked == "amount"
    zhang.say("600")
    assert zhang.row("金额") == "¥600.00"


def test_a_change_after_the_code_was_sent_needs_another(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    old = zhang.outbox.outbox("C1001", 1)[0]
    assert old["purpose"] == "转账 ¥500.00 给 李梅（尾号 8821）"
    zhang.say("改成三百", "correct")
    confirmed(zhang)
    assert zhang.outbox.outbox("C1001", 1)[0]["purpose"] == "转账 ¥300.00 给 李梅（尾号 8821）"
    assert "不正确" in zhang.code(str(old["code"]))
    zhang.code()
    assert transfers(zhang) == [("李梅", 30_000)]


def test_one_step_back_and_on(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    zhang.say("500")
    zhang.press("8866")
    zhang.say("上一步", "affirm")
    assert zhang.asked == "pay_from"
    zhang.say("返回上一步", "cancel")
    assert zhang.asked == "amount"
    zhang.say("上一步", "affirm")
    assert zhang.asked == "payee_name"
    assert "第一步" in zhang.say("上一步", "affirm")


def test_only_the_memo_can_be_skipped(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    assert "不能跳过" in zhang.say("跳过", "cancel")
    assert zhang.asked == "amount"
    zhang.say("500")
    zhang.press("8866")
    zhang.say("跳过", "cancel")
    assert zhang.asked == "operation_confirmed"


@pytest.mark.parametrize("said", ["备注不用写", "不用", "附言没有"])
def test_no_memo_is_wanted(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    zhang.say(said)
    assert zhang.asked == "operation_confirmed" and zhang.slots["memo"] == ""


@pytest.mark.parametrize(("said", "intent"), [("房租", TRANSFER), ("生日快乐", "chitchat")])
def test_any_words_are_a_memo(talk: Begin, said: str, intent: str) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    zhang.say(said, intent)
    assert zhang.row("附言") == said


def test_a_sum_and_a_name_in_the_memo_change_nothing(talk: Begin) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    zhang.say("还王建国垫的300块", "inform")
    assert zhang.row("附言") == "还王建国垫的300块"
    assert zhang.row("收款人") == "李梅" and zhang.row("金额") == "¥500.00"


@pytest.mark.parametrize(
    ("said", "intent", "slot", "value"),
    [
        ("改成三百", "correct", "amount", 30_000),
        ("用2001那张", "inform", "pay_from", "C1001-2"),
        ("还是转给王建国吧", TRANSFER, "payee_name", "王建国"),
    ],
)
def test_a_correction_where_the_memo_is_asked_for_is_none(
    talk: Begin, said: str, intent: str, slot: str, value: object
) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    zhang.say(said, intent)
    assert zhang.slots[slot] == value and zhang.asked == "memo"


@pytest.mark.parametrize("said", ["李四 {}", "李四，卡号{}", "收款人是李四，{}", "{}李四"])
def test_name_and_number_in_one_answer(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("我要转账500元", TRANSFER)
    zhang.say(said.format(NEW_CARD))
    assert (zhang.slots["payee_name"], zhang.slots["payee_number"]) == ("李四", NEW_CARD)


def test_a_number_first_and_the_name_then(talk: Begin) -> None:
    zhang = talk()
    zhang.say(f"转500到{NEW_CARD}", TRANSFER)
    assert zhang.asked == "payee_name"
    zhang.say("李四", "out_of_scope")
    assert zhang.slots["payee_number"] == NEW_CARD and zhang.asked == "pay_from"


@pytest.mark.parametrize(
    ("said", "intent"), [("你是机器人吗", "ask_bot"), ("谢谢", "thank"), ("收费吗", "faq")]
)
def test_not_everything_is_a_memo(talk: Begin, said: str, intent: str) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    zhang.say(said, intent)
    assert zhang.asked == "memo" and zhang.slots["memo"] is None


@pytest.mark.parametrize("said", ["从8866出", "8866吧", "尾号8866", "第一个8866"])
def test_an_account_by_its_tail_however_it_is_put(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("转500给李梅", TRANSFER)
    zhang.say(said)
    assert zhang.slots["pay_from"] == "C1001-1"


def test_a_memo_that_is_too_long(talk: Begin) -> None:
    zhang = talk()
    zhang.say("从8866转500给李梅", TRANSFER)
    assert "20 个字" in zhang.say("这是上个月和这个月一共两个月的房租还有水电费")
    assert zhang.asked == "memo"


def test_say_it_again(talk: Begin) -> None:
    zhang = ready(talk())
    first = zhang.told[-1]["text"]
    assert zhang.say("再说一遍", "resend_code") == first


@pytest.mark.parametrize(
    "step", ["payee_name", "amount", "pay_from", "memo", "operation_confirmed"]
)
def test_a_digression_and_back(talk: Begin, step: str) -> None:
    zhang = talk()
    said = {
        "payee_name": "我要转账",
        "amount": "转账给李梅",
        "pay_from": "转账给李梅500块",
        "memo": "从8866转500给李梅",
        "operation_confirmed": "从8866转500给李梅，备注房租",
    }
    zhang.say(said[step], TRANSFER)
    assert zhang.asked == step
    assert "<utter_faq>" in zhang.say("转账限额是多少", "faq")
    assert "我们继续刚才的转账" in zhang.told[-1]["text"] and zhang.asked == step
    zhang.say("查一下余额", "check_balance")
    assert zhang.card("accounts")
    assert "我们继续刚才的转账" in zhang.told[-1]["text"] and zhang.asked == step


def test_leaving(talk: Begin) -> None:
    zhang = ready(talk())
    assert "没有办理" in zhang.say("算了不转了", "cancel")
    assert zhang.loop is None and transfers(zhang) == []


def test_saying_no_at_the_end(talk: Begin) -> None:
    zhang = ready(talk())
    assert "没有办理转账" in zhang.say("不要", "deny")
    assert zhang.loop is None and zhang.slots["operation"] is None


def test_other_business_puts_it_aside(talk: Begin) -> None:
    zhang = ready(talk())
    assert "先放下了" in zhang.say("我要挂失尾号2001的卡", "report_card_loss")
    assert zhang.loop == "report_card_loss_form" and zhang.slots["payee_name"] is None


def test_a_repeated_yes_with_the_amount_is_a_yes(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("对，转500给李梅", "affirm")
    assert zhang.asked == "code_ref"


# ── the code, and doing it once ──────────────────────────────────────────────


def test_a_wrong_code_and_another_one(talk: Begin, clock: Hands) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    assert "不正确" in zhang.code("000000") and zhang.asked == "code_ref"
    assert "刚刚发出" in zhang.say("没收到验证码", "resend_code")
    clock.forward(minutes=1)
    assert "重新发送" in zhang.say("没收到验证码", "resend_code")
    zhang.code()
    assert transfers(zhang) == [("李梅", 50_000)]


def test_a_question_while_the_code_is_awaited_sends_no_other(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    zhang.say("验证码有效期多久", "faq")
    assert zhang.asked == "code_ref" and len(zhang.outbox.outbox("C1001")) == 1


def test_a_repeated_turn_transfers_once(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    before = copy.copy(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert transfers(zhang) == [("李梅", 50_000)]


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "wrong_data"])
def test_an_unknown_outcome_is_said_honestly(talk: Begin, db: Database, kind: str) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    faults = Faults(db)
    faults.set("transfers.execute", kind)
    asked_before = zhang.services.bank.outcomes.of("C1001", "any")
    assert asked_before is None
    answer = zhang.code()
    faults.clear()
    # The core was asked what became of it: either it was done, or nobody knows.
    done = transfers(zhang) == [("李梅", 50_000)]
    assert done == (kind != "timeout_before")
    if done:
        assert zhang.card("receipt")
    else:
        assert "暂时不能确定" in answer and "成功" not in answer


def test_a_bank_that_is_down_has_done_nothing(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("transfers.execute", "unavailable")
    assert "没有办理" in zhang.code()
    assert transfers(zhang) == []


# ── duplicates and risk ──────────────────────────────────────────────────────


def test_the_same_again_on_one_day_is_questioned(talk: Begin, clock: Hands) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    zhang.code()
    clock.forward(minutes=5)
    answer = zhang.say("从8866转500给李梅，备注房租", TRANSFER)
    assert "12:00 已经向李梅转过一笔 ¥500.00" in answer and zhang.asked == "operation_warned"
    zhang.say("不转了", "deny")
    assert len(transfers(zhang)) == 1
    zhang.say("从8866转500给李梅，备注房租", TRANSFER)
    zhang.press("继续")
    confirmed(zhang)
    zhang.code()
    assert len(transfers(zhang)) == 2


def test_a_large_sum_to_a_new_payee_is_warned_of(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say(f"从8866转12000给李四，卡号{NEW_CARD}，备注定金", TRANSFER)
    assert "电话核实" in answer and zhang.asked == "operation_warned"
    zhang.say("我已核实", "affirm")
    confirmed(zhang)
    zhang.code()
    assert transfers(zhang) == [("李四", 1_200_000)]


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        (f"从8866转40000给李四，卡号{NEW_CARD}，备注定金", 4),
        (f"从8866转12000给李四，卡号{NEW_CARD}，备注定金", 16),
        # As soon as payee and amount are known.
        (f"转40000给李四，卡号{NEW_CARD}", 4),
        ("把钱转到安全账户", 4),
        ("对方说我被骗了，给王建国转2000", 4),
    ],
)
def test_a_risky_one_is_held(talk: Begin, clock: Hands, said: str, hour: int) -> None:
    clock.now = clock.now.replace(hour=hour)
    zhang = talk()
    assert "暂缓办理" in zhang.say(said, TRANSFER)
    assert ticket(zhang) == "fraud" and zhang.loop is None and transfers(zhang) == []


def test_fraud_spoken_of_in_the_middle_holds_it(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("客服说这样转才安全，是安全账户，备注验资", "inform")
    assert ticket(zhang) == "fraud" and transfers(zhang) == []


def test_night_falls_between_confirming_and_the_code(talk: Begin, clock: Hands) -> None:
    clock.now = clock.now.replace(hour=14, minute=58)
    zhang = ready(talk(), f"从8866转3000给李四，卡号{NEW_CARD}，备注定金")
    confirmed(zhang)
    clock.forward(minutes=3)
    assert "电话核实" in zhang.code()
    assert zhang.asked == "operation_warned" and transfers(zhang) == []
    zhang.press("继续")
    confirmed(zhang)
    zhang.code()
    assert transfers(zhang) == [("李四", 300_000)]
