"""A dispute from the first word to the specialist: protected first, asked little, opened once."""

from __future__ import annotations

import copy

import pytest

from bot.banking.models import Dispute
from bot.banking.requests import Transfer
from bot.banking.stub.faults import Faults
from bot.handoff.ticket import Ticket
from bot.storage import Database
from tests.actions.talk import Begin, Talk
from tests.complaints.desk import Sides
from tests.conftest import Hands

DISPUTE, LOSS = "dispute_transaction", "report_card_loss"
DUE = "4月1日"  # 30 days after the tests' today


def disputes(talk: Talk) -> list[Dispute]:
    """The open disputes that this conversation's customer has, newest first."""
    return talk.services.bank.disputes.list(talk.customer_id)


def ticket(talk: Talk) -> Ticket:
    (found,) = talk.services.desk.queue.list()
    return found


def titles(talk: Talk) -> list[str]:
    return [b["title"] for each in talk.told for b in each.get("buttons") or []]


# ── the card first ───────────────────────────────────────────────────────────


def test_a_stolen_card_is_stopped_before_anything_is_asked(talk: Begin) -> None:
    liu = talk("C1004")
    assert "先把卡停住" in liu.say("我的信用卡被盗刷了，境外消费八百九十九", DISPUTE)
    assert liu.row("卡片") == "信用卡 尾号 7783" and liu.loop == f"{LOSS}_form"
    liu.press("确认挂失")
    answer = liu.code()
    assert "已临时挂失" in answer and "我们继续刚才的争议登记" in answer
    # What was said first is not asked again.
    assert liu.row("交易") == "境外消费 GLOBAL-APPS" and liu.row("交易金额") == "¥899.00"
    assert liu.row("争议原因") == "非本人交易"
    told = liu.press("确认争议登记")
    (opened,) = disputes(liu)
    assert opened.reason == "unknown" and opened.number in told and DUE in told
    assert ticket(liu).reason == "fraud" and ticket(liu).priority == 1
    assert liu.loop is None and liu.slots["operation"] is None


def test_of_several_cards_the_one_is_asked_for(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("我的卡被盗刷了", DISPUTE)
    assert liu.asked == "operation_target"
    liu.press("4419")
    assert liu.row("卡片") == "储蓄卡 尾号 4419"


def test_a_customer_who_keeps_the_card_goes_on_at_once(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("我的卡被盗刷了", DISPUTE)
    assert "我们继续刚才的争议登记" in liu.press("取消")
    assert liu.asked == "dispute_entry"
    refused = talk("C1004")
    refused.say("尾号7783被盗刷了", DISPUTE)
    assert "没有办理挂失" in refused.say("不用了", "deny")
    assert refused.asked == "dispute_entry"


def test_no_loss_report_is_offered_to_whoever_does_not_want_one(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("不用挂失，卡还在，就是钱被盗刷了", DISPUTE)
    assert liu.asked == "dispute_entry"


def test_where_theft_is_only_likely_the_card_is_offered_to_be_stopped(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("有笔扣款我不认识，899元", DISPUTE)
    assert liu.asked == "dispute_stop"
    assert "继续" not in liu.press("先挂失")
    assert liu.row("卡片") == "信用卡 尾号 7783"
    liu.press("确认挂失")
    liu.code()
    assert liu.row("交易金额") == "¥899.00"
    liu.press("确认争议登记")
    assert [each.transaction.amount for each in disputes(liu)] == [-89_900]


def test_the_card_may_be_left_as_it_is(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("有笔扣款我不认识，899元", DISPUTE)
    liu.say("不用", "deny")
    assert liu.asked == "operation_confirmed"


def test_a_loss_report_in_the_middle_comes_back_to_the_dispute(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对，268元", DISPUTE)
    liu.say("先帮我挂失尾号4419的卡", LOSS)
    assert liu.row("卡片") == "储蓄卡 尾号 4419"
    liu.press("确认挂失")
    assert "我们继续刚才的争议登记" in liu.code()
    assert liu.asked == "dispute_entry" and liu.slots["dispute_reason"] == "wrong_amount"


@pytest.mark.parametrize("said", ["验证码给了别人，钱被划走", "点了个链接钱就没了"])
def test_who_let_somebody_in_stops_the_card_first(talk: Begin, said: str) -> None:
    wang = talk("C1003")
    wang.say(said, DISPUTE)
    assert wang.loop == f"{LOSS}_form" and wang.row("卡片") == "储蓄卡 尾号 6612"


def test_what_was_asked_before_a_button_is_not_asked_again(talk: Begin) -> None:
    cheated = talk("C1004")
    cheated.say("我被骗了怎么办", "faq")
    assert "110" in cheated.sent("/dispute_transaction")  # 马上求助, under the answer
    zhang = talk()
    send(zhang)
    zhang.say("转错人了能要回来吗", "faq")
    zhang.sent("/dispute_transaction")
    assert zhang.asked == "dispute_entry" and zhang.slots["dispute_reason"] == "wrong_transfer"


def test_a_second_cancel_leaves_it_all(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("我的卡被盗刷了", DISPUTE)
    liu.say("算了", "cancel")
    assert "没有办理任何业务" in liu.say("算了", "cancel")
    assert liu.loop is None and liu.slots["operation_before"] is None


def test_a_later_loss_report_does_not_bring_an_old_dispute_back(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("我的卡被盗刷了", DISPUTE)
    liu.say("转人工", "request_human")
    liu.say("挂失尾号7783的卡", LOSS)
    liu.say("确认", "affirm")
    assert "争议" not in liu.code()


# ── finding the transaction ──────────────────────────────────────────────────


def test_a_double_charge_is_found_by_itself(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    assert liu.row("交易") == "网络购物 云杉商城" and liu.row("交易时间") == "2月28日 15:22"
    assert liu.row("账户") == "信用卡 尾号 7783" and liu.row("争议原因") == "重复扣款"
    assert liu.row("情况说明") == "同一笔消费扣了我两次"
    liu.press("确认争议登记")
    assert disputes(liu)[0].reason == "duplicate"
    assert ticket(liu).reason == "dispute_opened" and ticket(liu).line == "dispute_risk"


def test_the_kind_is_asked_only_where_it_was_not_said(talk: Begin) -> None:
    liu = talk("C1004")
    assert "哪种情况" in liu.sent("/dispute_transaction")
    liu.press("没收到商品")
    assert liu.asked == "dispute_entry"
    liu.press("云杉商城")
    assert liu.row("争议原因") == "未收到商品或服务"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("二百六十八那笔", "¥268.00"),
        ("GLOBAL-APPS那笔", "¥899.00"),
        ("第二笔", "¥899.00"),
        ("境外那笔", "¥899.00"),
    ],
)
def test_one_is_pointed_at_in_words(talk: Begin, said: str, amount: str) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对", DISPUTE)
    assert liu.asked == "dispute_entry"
    # Whatever the classifier makes of it, it answers the question.
    liu.say(said, "query_transactions")
    if liu.asked == "dispute_entry":  # there are two of them
        assert {title.split("¥")[1][:6] for title in titles(liu) if "¥" in title} == {"268.00"}
        liu.press("15:22")
    assert liu.row("交易金额") == amount


def test_older_ones_are_a_page_away(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对", DISPUTE)
    first = {title for title in titles(liu) if "¥" in title}
    liu.press("看更早的")
    second = {title for title in titles(liu) if "¥" in title}
    assert second and not first & second
    liu.say("更早的", "query_transactions")
    third = {title for title in titles(liu) if "¥" in title}
    assert third and not third & (first | second)
    chosen = sorted(third)[0]
    liu.press(chosen)
    assert liu.row("交易时间") == chosen[: len(liu.row("交易时间"))]


def test_a_sum_that_nobody_charged_brings_the_latest_ones(talk: Begin) -> None:
    liu = talk("C1004")
    assert "没有金额完全符合" in liu.say("多扣了我一百块", DISPUTE)
    assert any("云杉商城" in title for title in titles(liu))


def test_only_the_customers_own_cards_are_searched(talk: Begin) -> None:
    liu = talk("C1004")
    assert "没有尾号 8866" in liu.say("扣款金额不对，尾号8866的卡", DISPUTE)
    assert all("尾号 4419" in t or "尾号 7783" in t for t in titles(liu) if "¥" in t)
    liu.say("尾号4419的", "inform")
    assert all("尾号 4419" in title for title in titles(liu) if "¥" in title)


def test_everything_is_corrected_on_the_card(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    liu.say("不对，是899那笔", "correct")
    assert liu.row("交易金额") == "¥899.00"
    liu.press("修改")
    liu.press("改争议原因")
    liu.press("金额不对")
    assert liu.row("争议原因") == "金额不符"
    liu.say("补充一下，应该是89元")
    assert liu.row("情况说明").startswith("补充一下")
    liu.press("修改")
    liu.press("改交易")
    assert liu.asked == "dispute_entry"


def test_a_question_in_between(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对", DISPUTE)
    answer = liu.say("盗刷的钱银行会赔吗", "faq")
    assert "<utter_faq>" in answer and "我们继续刚才的争议登记" in answer


# ── kinds of their own ───────────────────────────────────────────────────────


def send(talk: Talk, speed: str = "instant") -> None:
    request = Transfer(
        "C1001-1",
        "李梅",
        "6222021001128821",
        "工商银行",
        52_100,
        speed=speed,  # type: ignore[arg-type]
    )
    bank = talk.services.bank
    bank.transfers.execute(talk.customer_id, request, idempotency_key=f"k{speed}")


def test_money_sent_to_the_wrong_account_is_no_promise(talk: Begin) -> None:
    zhang = talk()
    send(zhang)
    told = zhang.say("转错人了，521块", DISPUTE)
    assert "不能直接扣回" in told and "不能保证" in told
    assert zhang.row("交易") == "转账 李梅"
    told = zhang.press("确认争议登记")
    assert "也不能保证退回" in told and "3月17日" in told  # 15 days: sooner than other kinds
    assert disputes(zhang)[0].reason == "wrong_transfer"
    assert "交易：转账 *梅" in ticket(zhang).summary


def test_a_purchase_is_no_wrong_transfer(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    liu.press("修改")
    liu.press("改争议原因")
    assert "这笔不是转账" in liu.press("转错账户")
    assert liu.asked == "dispute_entry"


def test_a_transfer_still_on_its_way_is_urgent(talk: Begin) -> None:
    zhang = talk()
    send(zhang, "next_day")
    told = zhang.say("转错人了，521块", DISPUTE)
    assert "还没有到账" in told and "3月3日 12:00" in told
    assert "可撤销转账：TF" in ticket(zhang).summary
    assert disputes(zhang) == [] and zhang.loop is None


@pytest.mark.parametrize(
    "said", ["我被骗了，钱转给骗子了", "刷单被骗了六万", "存款机吞了我四千没入账"]
)
def test_what_is_for_people_goes_to_them_at_once(talk: Begin, said: str) -> None:
    liu = talk("C1004")
    told = liu.say(said, DISPUTE)
    assert liu.loop is None and ticket(liu).line == "dispute_risk"
    cheated = "骗" in said
    assert ticket(liu).reason == ("fraud" if cheated else "dispute")
    assert ("110" in told) == cheated


def test_a_cheated_customer_may_say_so_later(talk: Begin) -> None:
    liu = talk("C1004")
    liu.sent("/dispute_transaction")
    assert "110" in liu.press("我被骗了")
    assert ticket(liu).reason == "fraud" and ticket(liu).priority == 1 and liu.loop is None


# ── the bank and the desk ────────────────────────────────────────────────────


def test_the_specialist_need_not_ask_again(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次，卡号6258091004587783", DISPUTE)
    liu.press("确认争议登记")
    summary = ticket(liu).summary
    (opened,) = disputes(liu)
    for line in (f"已登记争议：{opened.number}", "争议原因：重复扣款", "交易金额：¥268.00"):
        assert line in summary
    assert "6258091004587783" not in summary


def test_one_transaction_is_disputed_once(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    liu.press("确认争议登记")
    number = disputes(liu)[0].number
    again = talk("C1004")
    told = again.say("同一笔消费扣了我两次", DISPUTE)
    assert number in told and "不用重复登记" in told
    assert again.asked == "dispute_entry" and len(disputes(again)) == 1


def test_a_repeated_turn_opens_nothing_twice(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    before = copy.deepcopy((liu.slots, liu.loop, liu.events))
    first = liu.press("确认争议登记")
    user = next(e for e in reversed(liu.events) if e["event"] == "user")
    liu.slots, liu.loop, liu.events = before
    again = liu.turn(user["text"], "affirm", 1.0, [], {}, again=True)
    assert again.split("，最晚")[0] == first.split("，最晚")[0]
    assert len(disputes(liu)) == 1 and len(liu.services.desk.queue.list()) == 1


def test_an_answer_that_was_lost_opens_one_dispute(talk: Begin, db: Database) -> None:
    liu = talk("C1004")
    liu.say("同一笔消费扣了我两次", DISPUTE)
    Faults(db).set("disputes.open", "timeout_after", 1)
    assert "争议已登记" in liu.press("确认争议登记")
    assert len(disputes(liu)) == 1


@pytest.mark.parametrize("call", ["disputes.candidates", "disputes.open"])
def test_while_the_bank_is_down_a_person_takes_over(talk: Begin, db: Database, call: str) -> None:
    liu = talk("C1004")
    if call == "disputes.open":
        liu.say("同一笔消费扣了我两次", DISPUTE)
    Faults(db).set(call, "unavailable", 9)
    if call == "disputes.open":
        liu.press("确认争议登记")
    else:
        liu.say("扣款金额不对", DISPUTE)
    assert ticket(liu).reason == "dispute" and ticket(liu).line == "dispute_risk"
    assert liu.loop is None and disputes(liu) == []


def test_what_is_too_old_for_the_bank_goes_to_a_person(talk: Begin, clock: Hands) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对，268元", DISPUTE)
    liu.press("15:20")
    clock.forward(days=200)
    liu.press("确认争议登记")  # after so long a silence it is asked once more
    assert "超过 180 天" in liu.press("确认争议登记")
    assert ticket(liu).reason == "dispute" and disputes(liu) == []


def test_who_is_not_signed_in_is_helped_by_a_person(talk: Begin) -> None:
    visitor = talk("C1003")
    visitor.conversation = visitor.services.log.open("web", None).id
    visitor.say("我的卡被盗刷了", DISPUTE)
    assert ticket(visitor).reason == "fraud" and visitor.loop is None


def test_a_person_is_asked_for_in_between(talk: Begin) -> None:
    liu = talk("C1004")
    liu.say("扣款金额不对", DISPUTE)
    liu.say("转人工", "request_human")
    assert liu.loop is None and ticket(liu).line == "dispute_risk"


# ── earlier ones ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["我的争议处理到哪一步了", "查一下DP900008"])
def test_how_a_dispute_stands(talk: Begin, said: str) -> None:
    sun = talk("C1008")
    told = sun.say(said, DISPUTE)
    assert "DP900008" in told and "最晚 3月27日 答复您" in told
    assert sun.row("最新进展", "facts") == "已向商户调单" and sun.loop is None


def test_nobody_sees_the_dispute_of_another(talk: Begin) -> None:
    zhang = talk()
    assert "没有编号 DP900008" in zhang.say("DP900008处理得怎么样了", DISPUTE)
    assert "还没有登记过" in zhang.say("我的争议处理到哪一步了", DISPUTE)


def test_an_overdue_dispute_is_owned_up_to(talk: Begin, clock: Hands) -> None:
    sun = talk("C1008")
    clock.forward(days=40)
    assert "非常抱歉" in sun.say("我的争议处理到哪一步了", DISPUTE)


def test_progress_is_told_in_the_middle_of_a_transfer(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("转500给李四", "transfer_money")
    told = sun.say("我的争议处理到哪一步了", DISPUTE)
    assert "DP900008" in told and "我们继续刚才的转账" in told


def test_taking_one_back_is_for_a_specialist(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("把我的争议撤销吧", DISPUTE)
    assert ticket(sun).reason == "dispute"


def test_a_transfer_is_left_for_a_dispute(talk: Begin) -> None:
    zhang = talk()
    zhang.say("转500给李梅", "transfer_money")
    told = zhang.say("有笔扣款金额不对", DISPUTE)
    assert "先放下了" in told and zhang.loop == f"{DISPUTE}_form"
    assert zhang.slots["amount"] is None


def test_a_wish_for_a_review_is_a_complaints_where_one_was_decided(
    talk: Begin, db: Database, clock: Hands
) -> None:
    liu = talk("C1004")
    liu.say("我要申请核查", DISPUTE)
    assert liu.asked == "dispute_reason"  # nothing of the sort: a transaction is meant
    sides = Sides.of(db, clock)
    number = sides.answered(customer="C1004")
    liu = talk("C1004")
    liu.say("我要申请核查", DISPUTE)
    assert liu.loop == "opinion_form" and liu.slots["opinion_question"] == ["review", number]
