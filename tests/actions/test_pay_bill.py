"""Bills and top-ups: found, looked up, refused, corrected, paid once."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.banking.stub.business_tables import dues
from bot.banking.stub.faults import Faults
from bot.banking.stub.tables import cards
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for, spend
from tests.conftest import Hands

BILL = "pay_bill"
ready = ready_for(BILL, "交电费，用8866付")
POWER, WATER, OWN = "3301002001", "1002003001", "13810001001"


def payments(talk: Talk, account: str = "C1001-1") -> list[int]:
    """What was paid to billers today from an account, in fen."""
    today = talk.services.clock().date()
    page = talk.services.bank.accounts.transactions(talk.customer_id, account, today, today, 20)
    return [-each.amount for each in page.items if each.kind == "payment"]


# ── gathering ────────────────────────────────────────────────────────────────


def test_step_by_step(talk: Begin) -> None:
    zhang = talk()
    assert "哪一项" in zhang.say("生活缴费", BILL)
    assert zhang.asked == "biller"
    zhang.press("电费")
    assert zhang.asked == "pay_from"
    zhang.press("8866")
    assert "2月电费 ¥213.85" in zhang.told[-1]["text"]
    assert zhang.card("confirm")["rows"] == [
        ["业务", "缴费"],
        ["缴费项目", "电费"],
        ["收费单位", "云杉市供电公司"],
        ["客户编号", POWER],
        ["户名", "*伟"],
        ["账期", "2月"],
        ["缴费期限", "3月11日"],
        ["金额", "¥213.85"],
        ["付款账户", "储蓄卡 尾号 8866"],
    ]
    confirmed(zhang)
    assert "缴费成功：电费 ¥213.85" in zhang.code()
    assert zhang.row("受理编号", "receipt").startswith("PB")
    assert payments(zhang) == [21_385] and zhang.loop is None
    assert zhang.slots["biller"] is None


@pytest.mark.parametrize(
    ("said", "biller", "number", "amount"),
    [
        ("交水费", "water", WATER, 8_640),
        ("帮我把这个月电费交了", "power", POWER, 21_385),
        ("话费充100给13800138000", "mobile", "13800138000", 10_000),
        ("给13800138000充100块话费", "mobile", "13800138000", 10_000),
        ("13812345678充100元", "mobile", "13812345678", 10_000),
        ("冲话费二百", "mobile", OWN, 20_000),
        ("给我这个号充三十话费", "mobile", OWN, 3_000),
        ("充50", "mobile", OWN, 5_000),
        ("手机要停机了，充五十", "mobile", OWN, 5_000),
        ("缴电费，客户编号3301003001", "power", "3301003001", 9_720),
        ("交物业费，房屋编号是wy40010001", "property", "WY40010001", 186_000),
        ("给户号1002003005交水费", "water", "1002003005", 4_320),
        ("给3301003001交电费", "power", "3301003001", 9_720),
        ("交3301003001的电费", "power", "3301003001", 9_720),
        ("交宽带费 KD10010001", "broadband", "KD10010001", 12_900),
    ],
)
def test_what_was_said_first_is_not_asked_again(
    talk: Begin, said: str, biller: str, number: str, amount: int
) -> None:
    zhang = talk()
    zhang.say(said, BILL)
    assert zhang.asked == "pay_from", (zhang.asked, zhang.told)
    assert (zhang.slots["biller"], zhang.slots["bill_number"]) == (biller, number)
    assert zhang.slots["amount"] == amount


@pytest.mark.parametrize(
    "said", ["交宽带费", "给我妈家交电费", "帮爷爷把话费交了", "给小雨充50话费"]
)
def test_a_number_that_is_not_plain_is_asked_for(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say(said, BILL)
    assert zhang.asked == "bill_number", zhang.told
    zhang.say("收费吗", "faq")
    assert zhang.asked == "bill_number" and zhang.slots["bill_number"] is None


def test_a_saved_number_for_somebody_else_is_still_offered(talk: Begin) -> None:
    zhang = talk()
    zhang.say("给我妈家交电费", BILL)
    zhang.press(POWER)
    assert zhang.asked == "pay_from" and zhang.slots["amount"] == 21_385


@pytest.mark.parametrize(
    "said", ["3301003001", "3301 0030 01", "编号是3301003001", "3301003001这个"]
)
def test_a_number_however_written(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("给我妈家交电费", BILL)
    zhang.say(said)
    assert zhang.slots["bill_number"] == "3301003001" and zhang.slots["amount"] == 9_720


def test_whose_phone_is_topped_up(talk: Begin) -> None:
    chen = talk("C1005")
    chen.say("充话费", BILL)
    assert chen.asked == "bill_number"
    assert "11 位" in chen.say("1381000100")
    assert "不是一个手机号" in chen.say("23810001005")
    chen.press("本机")
    assert "充多少" in chen.told[-1]["text"] and chen.asked == "amount"
    chen.press("¥50.00")
    assert chen.slots["amount"] == 5_000 and chen.asked == "pay_from"


@pytest.mark.parametrize("said", ["充200话费给138001380001", "给1380013800充50话费"])
def test_a_mistyped_phone_is_never_replaced_by_the_own_one(talk: Begin, said: str) -> None:
    zhang = talk()
    assert "手机号是 11 位" in zhang.say(said, BILL)
    assert zhang.asked == "bill_number" and zhang.slots["bill_number"] is None


def test_an_own_phone_that_was_not_meant(talk: Begin) -> None:
    zhang = talk()
    assert "给 138****1001 充多少钱" in zhang.say("话费充值", BILL)
    assert "给哪个手机号充值" in zhang.say("给我老婆充", BILL)
    zhang.say("13900139000")
    zhang.say("一百块")
    assert zhang.slots["bill_number"] == "13900139000" and zhang.asked == "pay_from"


@pytest.mark.parametrize("said", ["明天帮我交电费", "每个月自动交电费"])
def test_nothing_is_put_off(talk: Begin, said: str) -> None:
    assert "只能马上缴费" in talk().say(said, BILL)


@pytest.mark.parametrize("said", ["100", "充一百", "100元", "就充一百吧"])
def test_any_form_of_amount(talk: Begin, said: str) -> None:
    zhang = talk()
    zhang.say("给手机充值", BILL)
    assert zhang.asked == "amount"
    zhang.say(said)
    assert zhang.slots["amount"] == 10_000, zhang.told


def test_the_only_account_is_not_asked_for(talk: Begin) -> None:
    wang = ready(talk("C1003"), "交电费，客户编号3301003001")
    assert wang.row("付款账户") == "储蓄卡 尾号 6612" and wang.row("户名") == "*芳"


def test_one_bill_after_the_other(talk: Begin) -> None:
    zhang = talk()
    assert "水费、电费需要一项一项缴" in zhang.say("缴水电费", BILL)
    assert zhang.asked == "biller"
    zhang.say("先交水费")
    assert zhang.slots["biller"] == "water"


@pytest.mark.parametrize(
    ("said", "biller"),
    [
        ("宽带", "broadband"),
        ("水", "water"),
        ("交电", "power"),
        ("燃气吧", "gas"),
        ("手机充值", "mobile"),
    ],
)
def test_a_bill_by_a_word_where_it_is_asked_for(talk: Begin, said: str, biller: str) -> None:
    chen = talk("C1005")
    chen.say("生活缴费", BILL)
    chen.say(said)
    assert chen.slots["biller"] == biller


def test_the_account_by_its_place(talk: Begin) -> None:
    zhang = talk()
    zhang.say("交电费", BILL)
    zhang.say("第二个")
    assert zhang.row("付款账户") == "储蓄卡 尾号 2001"


@pytest.mark.parametrize(
    ("said", "what"),
    [("交学费", "学费"), ("交党费", "党费"), ("加油卡充值五百", "加油卡"), ("交罚单", "罚单")],
)
def test_what_cannot_be_paid_here(talk: Begin, said: str, what: str) -> None:
    zhang = talk()
    answer = zhang.say(said, BILL)
    assert what in answer and "不能在这里办理" in answer
    assert zhang.asked == "biller"


# ── refused at once ──────────────────────────────────────────────────────────


def test_nothing_is_due(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("交燃气费", BILL)
    assert "5501001001 目前没有待缴的燃气费" in answer
    assert zhang.loop is None and zhang.slots["operation"] is None


@pytest.mark.parametrize("said", ["缴纳费用", "交一下费", "我要缴费", "该交什么费了"])
def test_nothing_is_named_and_nothing_refused(talk: Begin, said: str) -> None:
    zhang = talk()
    assert zhang.say(said, BILL) == "请问要缴哪一项费用？"


@pytest.mark.parametrize("said", ["交200块电费", "交300块电费"])
def test_only_all_that_is_due_can_be_paid(talk: Begin, said: str) -> None:
    zhang = talk()
    answer = zhang.say(said, BILL)
    assert "不能缴 ¥" in answer and "本期应缴 ¥213.85" in answer
    assert zhang.asked == "amount"
    zhang.say("有手续费吗", "faq")
    assert zhang.asked == "amount" and zhang.slots["amount"] is None
    zhang.say("好的", "affirm")
    assert zhang.slots["amount"] == 21_385 and zhang.asked == "pay_from"


def test_an_electricity_bill_that_one_wants_to_charge_stays_one(talk: Begin) -> None:
    zhang = talk()
    zhang.say("交200块电费", BILL)
    assert "要按应缴金额缴" in zhang.say("充200", BILL)
    assert zhang.slots["biller"] == "power"


def test_the_sum_that_is_due_may_be_said(talk: Begin) -> None:
    zhang = talk()
    zhang.say("交213.85元电费", BILL)
    assert zhang.asked == "pay_from"


def test_a_number_that_the_biller_does_not_know(talk: Begin) -> None:
    zhang = talk()
    assert "没有查到这个客户编号" in zhang.say("交电费，客户编号99998888", BILL)
    assert zhang.asked == "bill_number"
    zhang.press(POWER)
    assert zhang.asked == "pay_from"


def test_a_sum_that_is_not_sold(talk: Begin) -> None:
    zhang = talk()
    assert "¥10.00、¥30.00、¥50.00、¥100.00" in zhang.say("话费充80", BILL)
    assert zhang.asked == "amount"
    zhang.press("¥100.00")
    assert zhang.asked == "pay_from"


def test_paying_with_a_credit_card(talk: Begin) -> None:
    zhang = talk()
    assert "信用卡" in zhang.say("用5520交电费", BILL)
    assert zhang.asked == "pay_from"


def test_an_account_that_has_too_little(talk: Begin, db: Database, clock: Hands) -> None:
    spend(db, clock, "C1001-2", 1_440_000)
    zhang = talk()
    assert "余额不足，请换一个账户" in zhang.say("用2001交电费", BILL)
    assert zhang.asked == "pay_from"
    zhang.press("8866")
    assert zhang.asked == "operation_confirmed"


def test_no_account_has_enough(talk: Begin, db: Database, clock: Hands) -> None:
    spend(db, clock, "C1006-1", 250_000)
    zhou = talk("C1006")
    answer = zhou.say("交物业费，房屋编号WY40010001", BILL)
    assert "应缴 ¥1,860.00" in answer and "没有缴费" in answer and zhou.loop is None
    assert "减少金额" in zhou.say("给13800138000充话费200", BILL)
    assert zhou.asked == "amount"
    zhou.say("50")
    assert zhou.asked == "operation_confirmed"


def test_a_locked_account_cannot_begin(talk: Begin) -> None:
    locked = talk("C1002")
    assert "解锁" in locked.say("交电费", BILL)
    assert locked.loop is None


def test_a_card_reported_lost_pays_nothing(talk: Begin, db: Database) -> None:
    with db.begin() as tx:
        tx.execute(update(cards).where(cards.c.account_id == "C1001-2").values(status="lost"))
    zhang = talk()
    assert "已挂失，不能付款" in zhang.say("用2001交电费", BILL)
    assert zhang.asked == "pay_from"
    zhang.press("8866")
    assert zhang.row("付款账户") == "储蓄卡 尾号 8866"


# ── changed on the way ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "intent", "label", "value"),
    [
        ("不对，交水费", BILL, "金额", "¥86.40"),
        ("换成水费", "correct", "用户编号", WATER),
        ("不是电费，是宽带费，账号KD10010001", "correct", "金额", "¥129.00"),
        ("客户编号不对，是3301003001", "correct", "金额", "¥97.20"),
        ("用2001那张", "inform", "付款账户", "储蓄卡 尾号 2001"),
    ],
)
def test_any_value_can_be_corrected(
    talk: Begin, said: str, intent: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, intent)
    assert zhang.asked == "operation_confirmed", (zhang.asked, zhang.told)
    assert zhang.row(label) == value
    if label != "付款账户":
        assert zhang.row("付款账户") == "储蓄卡 尾号 8866"


def test_another_phone_keeps_the_sum(talk: Begin) -> None:
    zhang = ready(talk(), "用8866给13800138000充100话费")
    zhang.say("号码错了，是13900139000", "correct")
    assert zhang.row("手机号码") == "13900139000" and zhang.row("金额") == "¥100.00"
    zhang.say("改成50", "correct")
    assert zhang.row("金额") == "¥50.00" and zhang.row("手机号码") == "13900139000"


@pytest.mark.parametrize(
    ("said", "asked"),
    [("号码不对", "bill_number"), ("换个缴费项目", "biller"), ("换个付款账户", "pay_from")],
)
def test_what_is_wrong_is_asked_again(talk: Begin, said: str, asked: str) -> None:
    zhang = ready(talk())
    zhang.say(said, "correct")
    assert zhang.asked == asked


@pytest.mark.parametrize("said", ["确认缴费", "确认缴费吧"])
def test_the_button_may_be_typed(talk: Begin, said: str) -> None:
    zhang = ready(talk())
    zhang.say(said, BILL)
    assert zhang.asked == "code_ref"


def test_leaving(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("算了", "cancel")
    assert zhang.loop is None and payments(zhang) == []


def test_saying_no_at_the_end(talk: Begin) -> None:
    zhang = ready(talk())
    assert "没有办理缴费" in zhang.say("不要", "deny")
    assert payments(zhang) == []


@pytest.mark.parametrize("step", ["biller", "bill_number", "pay_from", "operation_confirmed"])
def test_a_digression_and_back(talk: Begin, step: str) -> None:
    zhang = talk()
    said = {
        "biller": "我要缴费", "bill_number": "交宽带费", "pay_from": "交电费",
        "operation_confirmed": "用8866交电费",
    }  # fmt: skip
    zhang.say(said[step], BILL)
    assert zhang.asked == step
    zhang.say("缴费多久到账", "faq")
    assert "我们继续刚才的缴费" in zhang.told[-1]["text"] and zhang.asked == step


# ── the code, and doing it once ──────────────────────────────────────────────


def test_the_code_tells_what_it_is_for_and_a_wrong_one_pays_nothing(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    assert "不正确" in zhang.code("000000") and payments(zhang) == []
    zhang.code()
    assert payments(zhang) == [21_385]


def test_a_code_for_one_number_is_worth_nothing_for_another(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    old = str(zhang.outbox.outbox("C1001", 1)[0]["code"])
    zhang.say("客户编号不对，是3301003001", "correct")
    confirmed(zhang)
    assert "不正确" in zhang.code(old)
    zhang.code()
    assert payments(zhang) == [9_720]


def test_a_repeated_turn_pays_once(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    before = dict(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert payments(zhang) == [21_385]


@pytest.mark.parametrize("kind", ["timeout_after", "timeout_before", "wrong_data"])
def test_an_unknown_outcome_is_said_honestly(talk: Begin, db: Database, kind: str) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("payments.pay", kind)
    answer = zhang.code()
    Faults(db).clear()
    done = payments(zhang) == [21_385]
    assert done == (kind != "timeout_before")
    if done:
        assert zhang.card("receipt")
    else:
        assert "暂时不能确定" in answer and "成功" not in answer


def test_what_is_due_cannot_be_asked_now(talk: Begin, db: Database) -> None:
    Faults(db).set("payments.due", "unavailable")
    zhang = talk()
    answer = zhang.say("交电费", BILL)
    Faults(db).clear()
    assert "没有办理" in answer
    zhang.press("再试一次")
    assert zhang.slots["amount"] == 21_385 and zhang.asked == "pay_from"


def test_what_was_paid_meanwhile_is_not_paid_again(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    with db.begin() as tx:
        tx.execute(update(dues).where(dues.c.number == POWER).values(amount=0))
    assert "没有待缴费用" in zhang.code()
    assert payments(zhang) == [] and zhang.loop is None


@pytest.mark.parametrize(
    "said", ["给13800138000充500话费，对方说是解冻费", "刷单要给13800138000充500话费"]
)
def test_a_payment_that_fraud_is_spoken_of_is_held(talk: Begin, said: str) -> None:
    zhang = talk()
    assert "暂缓办理" in zhang.say(said, BILL)
    (ticket,) = zhang.services.desk.queue.list()
    assert ticket.reason == "fraud" and zhang.loop is None


def test_fraud_spoken_of_when_confirming_holds_it(talk: Begin) -> None:
    zhang = ready(talk(), "用8866给13800138000充500话费")
    zhang.say("客服让我充的，说做任务返钱", "inform")
    assert zhang.loop is None and payments(zhang) == []


# ── the same again ───────────────────────────────────────────────────────────


def paid(talk: Talk, said: str) -> Talk:
    ready(talk, said)
    confirmed(talk)
    talk.code()
    assert talk.card("receipt")
    return talk


def test_the_same_top_up_on_one_day_is_questioned(talk: Begin, clock: Hands) -> None:
    zhang = paid(talk(), "给13900139000充50话费，用8866付")
    clock.forward(minutes=5)
    answer = zhang.say("给13900139000充50话费，用2001付", BILL)
    assert "12:00 已经给 139****9000 缴过一笔话费 ¥50.00" in answer
    assert zhang.asked == "operation_warned"
    zhang.say("不充了", "deny")
    assert payments(zhang) == [5_000]
    zhang.say("给13900139000充50话费，用8866付", BILL)
    zhang.press("继续")
    confirmed(zhang)
    zhang.code()
    assert payments(zhang) == [5_000, 5_000]


@pytest.mark.parametrize(
    "said", ["给13900139000充100话费，用8866付", "给13900139001充50话费，用8866付"]
)
def test_another_top_up_is_not(talk: Begin, said: str) -> None:
    zhang = paid(talk(), "给13900139000充50话费，用8866付")
    ready(zhang, said)


def test_the_day_after_it_is_no_repeat(talk: Begin, clock: Hands) -> None:
    zhang = paid(talk(), "给13900139000充50话费，用8866付")
    clock.forward(days=1)
    ready(zhang, "给13900139000充50话费，用8866付")


# ── whose phone it is ────────────────────────────────────────────────────────


def test_a_phone_is_shown_whole_only_where_it_is_checked(talk: Begin) -> None:
    zhang = talk()
    zhang.say("给13900139000充话费", BILL)
    zhang.say("50")
    zhang.press("8866")
    assert zhang.row("手机号码") == "13900139000"
    confirmed(zhang)
    zhang.code()
    assert zhang.row("手机号码", "receipt") == "139****9000"
    said = [event for event in zhang.events if event["event"] == "bot"]
    shown = [event for event in said if "13900139000" in str(event)]
    assert [event["data"]["custom"]["type"] for event in shown] == ["confirm"]


def test_a_saved_phone_is_offered_masked(talk: Begin) -> None:
    zhang = paid(talk(), "给13900139000充50话费，用8866付")
    paid(zhang, "给13900139001充50话费，用8866付")
    zhang.say("话费充值", BILL)
    assert zhang.asked == "bill_number"
    titles = [each["title"] for each in zhang.told[-1]["buttons"]]
    assert titles[0] == "本机 138****1001"
    assert {*titles[1:3]} == {"139****9001", "139****9000"}
    zhang.press("139****9000")
    assert zhang.slots["bill_number"] == "13900139000"
