"""Points: told when asked for, redeemed for a gift by name, number or press, once."""

from __future__ import annotations

import copy

import pytest
from sqlalchemy import update

from bot.banking.stub.business_tables import gifts
from bot.banking.stub.faults import Faults
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for

REDEEM = "redeem_points"
ready = ready_for(REDEEM, "用积分换咖啡券")
COUPON = "10 元话费券"


def balance(talk: Talk) -> int:
    return talk.services.bank.rewards.points(talk.customer_id).balance


def test_step_by_step(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("我要兑换积分", REDEEM)
    assert "您现有 20,500 积分" in answer and "1,800 分将在3月27日后失效" in answer
    items = zhang.card("list")["items"]
    assert items[0] == {"title": f"1. {COUPON}", "balance": "1,000 积分", "note": "最多可换 20 件"}
    assert items[-1]["note"] == "还差 15,500 积分"
    titles = [b["title"] for each in zhang.told for b in each["buttons"]]
    assert not any("登机箱" in title for title in titles)
    zhang.press(COUPON)
    assert zhang.card("confirm")["rows"] == [
        ["业务", "积分兑换"],
        ["礼品", COUPON],
        ["数量", "1 件"],
        ["使用积分", "1,000 分"],
        ["兑换后剩余", "19,500 分"],
    ]
    confirmed(zhang)
    assert balance(zhang) == 20_500
    assert "使用 1,000 积分，还剩 19,500 积分" in zhang.code()
    assert zhang.row("受理编号", "receipt").startswith("RD")
    assert balance(zhang) == 19_500 and zhang.loop is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("咖啡", "咖啡兑换券"),
        ("换个行李箱", None),  # there is one, but it costs more than there is
        ("要那个电水壶", "电热水壶"),
        ("第一个", COUPON),
        ("2", "咖啡兑换券"),
        ("选3号", "50 元话费券"),
        ("50块的话费", "50 元话费券"),
        ("五十元话费券", "50 元话费券"),
        ("50的", "50 元话费券"),
        ("抵年费", "信用卡年费抵扣"),
        ("不要咖啡，要雨伞", "晴雨伞"),
    ],
)
def test_a_gift_by_name_or_number(talk: Begin, said: str, name: str | None) -> None:
    zhang = talk()
    zhang.say("积分换礼品", REDEEM)
    answer = zhang.say(said, "out_of_scope")
    if name is None:
        assert "“20 寸登机箱”需要 36,000 积分" in answer and zhang.asked == "gift"
    else:
        assert zhang.row("礼品") == name


@pytest.mark.parametrize(
    ("said", "looks_like", "name"),
    [
        ("年费", "faq", "信用卡年费抵扣"),
        ("50块的话费", "pay_bill", "50 元话费券"),
        ("雨伞", "faq", "晴雨伞"),
    ],
)
def test_an_answer_that_looks_like_something_else(
    talk: Begin, said: str, looks_like: str, name: str
) -> None:
    zhang = talk()
    zhang.say("积分换礼品", REDEEM)
    zhang.say(said, looks_like)
    assert zhang.row("礼品") == name


def test_a_question_about_a_gift_is_a_question(talk: Begin) -> None:
    zhang = talk()
    zhang.say("积分换礼品", REDEEM)
    assert "<utter_faq>" in zhang.say("年费怎么抵", "faq") and zhang.asked == "gift"


def test_all_in_one_message(talk: Begin) -> None:
    zhang = ready(talk(), "帮我用积分换三张10元话费券")
    assert zhang.row("数量") == "3 件" and zhang.row("使用积分") == "3,000 分"
    confirmed(zhang)
    zhang.code()
    assert balance(zhang) == 17_500


def test_as_many_as_there_are_points_for(talk: Begin) -> None:
    zhang = ready(talk(), "积分快过期了，全部换成咖啡券")
    assert zhang.row("数量") == "8 件" and zhang.row("兑换后剩余") == "500 分"


def test_a_name_that_fits_two(talk: Begin) -> None:
    zhang = talk()
    assert "有“10 元话费券”“50 元话费券”，请选一件" in zhang.say("积分换话费", REDEEM)
    assert zhang.asked == "gift"
    zhang.say("10块的话费")
    assert zhang.row("礼品") == COUPON


# ── asked for only ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["我有多少积分", "查积分", "不换东西，就看看积分还剩多少"])
def test_who_only_asks_is_told_and_nothing_begins(talk: Begin, said: str) -> None:
    zhang = talk()
    assert "您现有 20,500 积分" in zhang.say(said, REDEEM)
    assert zhang.loop is None and zhang.slots.get("operation") is None
    zhang.press("积分兑换")
    assert zhang.asked == "gift"


def test_asked_in_the_middle_of_something_else(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转500给李梅", "transfer_money")
    assert zhang.asked == "pay_from"
    answer = zhang.say("我有多少积分", REDEEM)
    assert "20,500 积分" in answer and "我们继续刚才的转账" in answer
    assert zhang.asked == "pay_from" and zhang.slots["operation"] == "transfer_money"
    zhang.press("8866")
    zhang.press("跳过")
    zhang.press("确认转账")
    assert "转账成功" in zhang.code()


def test_asked_while_redeeming(talk: Begin) -> None:
    zhang = talk()
    zhang.say("积分换礼品", REDEEM)
    assert "20,500 积分" in zhang.say("我有多少积分", REDEEM)
    assert zhang.asked == "gift"


def test_redeeming_puts_another_operation_aside(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转500给李梅", "transfer_money")
    assert "先放下了，没有办理" in zhang.say("积分换咖啡券", REDEEM)
    assert zhang.slots["operation"] == REDEEM and zhang.row("礼品") == "咖啡兑换券"


# ── refused ──────────────────────────────────────────────────────────────────


def test_too_few_points(talk: Begin) -> None:
    zhang = talk()
    answer = zhang.say("换三个电热水壶，用积分", REDEEM)
    assert "3 件“电热水壶”需要 54,000 积分，您现有 20,500 积分" in answer
    assert zhang.asked == "gift_count" and "最多可以换 1 件" in answer
    zhang.press("1 件")
    assert zhang.row("使用积分") == "18,000 分"


@pytest.mark.parametrize(
    ("customer", "why"),
    [("C1002", "您目前没有积分"), ("C1007", "最少需要 1,000 积分")],
)
def test_who_has_too_few_hears_so(talk: Begin, customer: str, why: str) -> None:
    somebody = talk(customer)
    assert why in somebody.say("积分换礼品", REDEEM)
    assert somebody.loop is None


def test_more_than_there_are_in_store(talk: Begin) -> None:
    liu = talk("C1004")
    assert "只剩" not in liu.say("换2个登机箱，用积分", REDEEM)
    assert liu.row("数量") == "2 件"
    rich = talk("C1004")
    assert "还不够" in rich.say("换6个登机箱，用积分", REDEEM)


def test_sold_out_between_confirming_and_the_code(talk: Begin, db: Database) -> None:
    liu = ready(talk("C1004"), "积分换登机箱")
    confirmed(liu)
    code = str(liu.outbox.outbox("C1004", 1)[0]["code"])
    with db.begin() as tx:
        tx.execute(update(gifts).where(gifts.c.id == "suitcase").values(stock=0))
    assert "库存不足" in liu.code(code)
    assert balance(liu) == 79_800


def test_a_price_that_has_risen_is_not_paid(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    code = str(zhang.outbox.outbox("C1001", 1)[0]["code"])
    assert zhang.outbox.outbox("C1001", 1)[0]["purpose"] == "积分兑换 2,500 积分"
    with db.begin() as tx:
        tx.execute(update(gifts).where(gifts.c.id == "coffee").values(points=2_600))
    assert "所需积分刚刚有变化" in zhang.code(code)
    assert balance(zhang) == 20_500 and zhang.loop is None


# ── changed, left, once ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "label", "value"),
    [
        ("改成两张", "数量", "2 件"),
        ("3", "数量", "3 件"),
        ("换成晴雨伞", "礼品", "晴雨伞"),
    ],
)
def test_any_value_can_be_corrected_when_confirming(
    talk: Begin, said: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, "correct")
    assert zhang.asked == "operation_confirmed" and zhang.row(label) == value


def test_another_gift_is_wanted(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("换个礼品", REDEEM)
    assert zhang.asked == "gift"


def test_cancelled(talk: Begin) -> None:
    zhang = ready(talk())
    assert "已取消" in zhang.say("算了", "cancel")
    assert balance(zhang) == 20_500


def test_a_repeated_turn_redeems_once(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    before = copy.copy(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert balance(zhang) == 18_000


def test_a_time_out_after_it_was_done(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("rewards.redeem", "timeout_after")
    zhang.code()
    Faults(db).clear()
    assert zhang.card("receipt") and balance(zhang) == 18_000
