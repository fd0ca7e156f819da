"""States of cards and accounts: lost, found, replaced, activated, frozen and opened again."""

from __future__ import annotations

import pytest

from bot.banking.requests import Transfer
from bot.banking.stub.faults import Faults
from bot.storage import Database
from tests.actions.talk import Begin, Talk
from tests.conftest import Hands

LOSS, OPEN = "report_card_loss", "unfreeze_account"
REPLACE, ACTIVATE, FREEZE = "replace_card", "activate_card", "freeze_account"


def cards(talk: Talk) -> dict[str, str]:
    """The customer's cards at the bank: tail to status."""
    return {card.tail: card.status for card in talk.services.bank.cards.list(talk.customer_id)}


def accounts(talk: Talk) -> dict[str, str]:
    listed = talk.services.bank.accounts.list(talk.customer_id)
    return {account.tail: account.status for account in listed}


def lost(talk: Talk, said: str) -> Talk:
    """Report a card lost to the end."""
    talk.say(said, LOSS)
    assert talk.asked == "operation_confirmed", (talk.asked, talk.told)
    talk.press("确认挂失")
    talk.code()
    return talk


# ── lost ─────────────────────────────────────────────────────────────────────


def test_a_loss_report_takes_one_confirmation_and_the_code(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("卡丢了，快挂失", LOSS)
    assert wang.row("挂失类型") == "临时挂失（到期自动失效）"
    wang.press("确认挂失")
    answer = wang.code()
    assert "临时挂失" in answer and "3月7日" in answer and cards(wang) == {"6612": "suspended"}


def test_a_loss_for_some_days_lapses(talk: Begin, clock: Hands) -> None:
    wang = lost(talk("C1003"), "挂失")
    assert "已经临时挂失" in wang.say("挂失", LOSS) and wang.loop is None
    clock.forward(days=5)
    wang.say("挂失", LOSS)
    assert wang.asked == "operation_confirmed" and cards(wang) == {"6612": "normal"}


def test_a_loss_for_good_leads_on_to_a_new_card(talk: Begin) -> None:
    wang = lost(talk("C1003"), "卡找不到了，办正式挂失")
    assert cards(wang) == {"6612": "lost"}
    wang.press("补办新卡")
    assert wang.row("补办原因") == "遗失补办" and wang.row("寄送地址").endswith("****")
    assert wang.row("工本费").startswith("¥5.00") and wang.row("预计送达") == "3月9日"
    wang.press("确认补办新卡")
    answer = wang.code()
    assert "3月9日" in answer and "重新绑定" in answer
    assert list(cards(wang).values()) == ["inactive"] and "6612" not in cards(wang)


def test_from_some_days_to_for_good(talk: Begin) -> None:
    zhang = lost(talk(), "挂失尾号8866的卡")
    zhang.press("转为正式挂失")
    assert zhang.row("卡片") == "储蓄卡 尾号 8866" and "正式挂失" in zhang.row("挂失类型")
    zhang.press("确认挂失")
    zhang.code()
    assert zhang.row("挂失类型", "receipt") == "正式挂失" and cards(zhang)["8866"] == "lost"


def test_the_kind_is_changed_before_confirming(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("挂失", LOSS)
    wang.say("不要临时的，要正式挂失", "correct")
    assert "正式挂失" in wang.row("挂失类型")
    wang.say("还是临时挂失吧", "correct")
    assert "临时挂失" in wang.row("挂失类型")


def test_a_card_that_never_came_is_reported_for_good(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("新寄的信用卡没收到，怕被人拿走，挂失", LOSS)
    assert sun.row("卡片") == "信用卡 尾号 3391" and "正式挂失" in sun.row("挂失类型")
    assert "只能办理正式挂失" in sun.say("临时挂失就行", "correct")
    assert sun.asked == "loss_kind"
    sun.press("正式挂失")
    sun.press("确认挂失")
    sun.code()
    assert cards(sun)["3391"] == "lost"


def test_a_loss_report_is_kept_while_no_code_can_be_sent(talk: Begin, db: Database) -> None:
    wang = talk("C1003")
    wang.say("卡丢了", LOSS)
    Faults(db).set("customers.get", "unavailable")
    wang.press("确认挂失")
    assert "一直重试" in wang.logged[0] and wang.loop is None
    assert cards(wang) == {"6612": "normal"}
    operations = wang.services.operations
    (kept,) = operations.kept("C1003")
    assert kept.request.operation == "report_loss" and kept.receipt is None


def test_the_same_turn_again_reports_once(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("挂失", LOSS)
    before = dict(wang.slots)
    wang.press("确认挂失")
    at_code = dict(wang.slots)
    assert before["operation"] == LOSS
    wang.code()
    number = wang.row("受理编号", "receipt")
    wang.slots, wang.loop = at_code, f"{LOSS}_form"
    latest = next(e for e in reversed(wang.events) if e["event"] == "user")
    parse = latest["parse_data"]
    wang.turn(latest["text"], "inform", 1.0, parse["entities"], {}, again=True)
    assert wang.row("受理编号", "receipt") == number


# ── found ────────────────────────────────────────────────────────────────────


def test_a_found_card_works_again(talk: Begin) -> None:
    zhang = lost(talk(), "挂失尾号2001的卡")
    zhang.say("卡找到了，解除挂失", OPEN)
    assert zhang.row("业务") == "解除挂失" and zhang.row("对象") == "储蓄卡 尾号 2001"
    zhang.press("确认恢复使用")
    assert "已解除挂失" in zhang.code() and cards(zhang)["2001"] == "normal"


def test_a_loss_for_good_is_lifted_at_a_branch_only(talk: Begin) -> None:
    sun = talk("C1008")
    assert "网点" in sun.say("卡找到了，把尾号5046的挂失解了", OPEN) and sun.loop is None
    sun.press("补办新卡")
    assert sun.row("卡片") == "储蓄卡 尾号 5046"


def test_the_same_turn_again_lifts_once(talk: Begin) -> None:
    wang = lost(talk("C1003"), "挂失")
    wang.say("卡找到了", OPEN)
    wang.press("确认恢复使用")
    at_code = dict(wang.slots)
    wang.code()
    number = wang.row("受理编号", "receipt")
    wang.slots, wang.loop = at_code, f"{OPEN}_form"
    latest = next(e for e in reversed(wang.events) if e["event"] == "user")
    wang.turn(latest["text"], "inform", 1.0, latest["parse_data"]["entities"], {}, again=True)
    assert wang.row("受理编号", "receipt") == number


# ── replaced ─────────────────────────────────────────────────────────────────


def test_a_damaged_card_keeps_its_number(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("卡芯片坏了，帮我换一张", REPLACE)
    assert wang.row("补办原因") == "损坏换新" and "卡号不变" in wang.told[-1]["text"]
    wang.press("确认补办新卡")
    answer = wang.code()
    assert "尾号 6612" in answer and "重新绑定" not in answer
    assert cards(wang) == {"6612": "inactive"}


def test_why_a_new_card_is_wanted_is_asked_where_it_was_not_said(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("补办一张卡", REPLACE)
    assert wang.asked == "replacement_reason"
    wang.say("刷不出来了")
    assert wang.row("补办原因") == "损坏换新"


def test_a_missing_card_is_reported_lost_first(talk: Begin) -> None:
    wang = talk("C1003")
    assert "先正式挂失" in wang.say("卡丢了，补一张新的", REPLACE) and wang.loop is None
    wang.press("先正式挂失")
    assert wang.loop == "report_card_loss_form" and "正式挂失" in wang.row("挂失类型")


def test_missing_said_late_leads_to_the_report_too(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("补办一张卡", REPLACE)
    assert "先正式挂失" in wang.say("是丢了")
    wang.press("丢了")
    assert wang.loop == "report_card_loss_form" and wang.row("卡片") == "储蓄卡 尾号 6612"


def test_a_card_reported_for_some_days_is_not_replaced(talk: Begin) -> None:
    wang = lost(talk("C1003"), "挂失")
    assert "转为正式挂失" in wang.say("补卡", REPLACE) and wang.loop is None
    zhang = lost(talk(), "挂失尾号2001的卡")
    assert "转为正式挂失" in zhang.say("卡丢了补一张", REPLACE)
    zhang.press("先正式挂失")
    assert zhang.row("卡片") == "储蓄卡 尾号 2001"


def test_a_missing_card_that_is_named_is_the_one_reported(talk: Begin) -> None:
    zhang = talk()
    assert "先正式挂失" in zhang.say("尾号8866的卡丢了，补一张", REPLACE)
    zhang.press("先正式挂失")
    assert zhang.row("卡片") == "储蓄卡 尾号 8866"


@pytest.mark.parametrize("said", ["卡没丢，芯片坏了，换一张", "不是丢了，是断了，补一张"])
def test_a_card_that_is_not_missing(talk: Begin, said: str) -> None:
    wang = talk("C1003")
    wang.say(said, REPLACE)
    assert wang.row("补办原因") == "损坏换新"


def test_a_fee_that_is_not_there(talk: Begin) -> None:
    zhao = talk("C1007")
    left = zhao.services.bank.accounts.list("C1007")[0].available
    for fen in (left // 2, left - left // 2 - 100):
        transfer = Transfer("C1007-1", "张伟", "6217001001258866", "云杉银行", fen)
        zhao.services.bank.transfers.execute("C1007", transfer, idempotency_key=str(fen))
    assert "余额不足" in zhao.say("尾号2290的卡坏了，换一张", REPLACE)
    assert zhao.asked == "operation_target"


def test_the_lost_card_of_several_is_meant(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("补卡", REPLACE)
    assert sun.row("卡片") == "储蓄卡 尾号 5046"
    sun.say("不对，是尾号8872那张，摔断了", "correct")
    assert sun.row("卡片") == "储蓄卡 尾号 8872" and sun.row("补办原因") == "损坏换新"


def test_a_declined_replacement_orders_nothing(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("补卡", REPLACE)
    assert "没有办理补办新卡" in sun.say("不了", "deny")
    assert cards(sun)["5046"] == "lost"


# ── activated ────────────────────────────────────────────────────────────────


def test_a_new_card_is_activated(talk: Begin) -> None:
    sun = talk("C1008")
    assert "在您手中" in sun.say("帮我激活新信用卡", ACTIVATE)
    sun.press("确认激活")
    assert "已激活" in sun.code() and cards(sun)["3391"] == "normal"


def test_a_card_in_use_needs_no_activation(talk: Begin) -> None:
    zhang = talk()
    assert "没有待激活的卡" in zhang.say("激活银行卡", ACTIVATE) and zhang.loop is None
    assert "已经可以正常使用" in zhang.say("激活尾号8866的卡", ACTIVATE)
    sun = talk("C1008")
    assert "已正式挂失" in sun.say("激活尾号5046的卡", ACTIVATE)
    assert sun.asked == "operation_target"


# ── frozen ───────────────────────────────────────────────────────────────────


def test_an_account_is_frozen_without_a_code_and_opened_with_one(talk: Begin) -> None:
    wang = talk("C1003")
    wang.say("帮我把账户先冻结", FREEZE)
    assert "自动扣款" in wang.told[-1]["text"]
    assert "已临时冻结" in wang.press("确认临时冻结") and accounts(wang) == {"6612": "paused"}
    assert wang.row("受理编号", "receipt").startswith("FZ")
    wang.press("解除冻结")
    assert wang.row("业务") == "解除临时冻结"
    wang.press("确认恢复使用")
    assert wang.asked == "code_ref"
    assert "已解除冻结" in wang.code() and accounts(wang) == {"6612": "normal"}


def test_which_account_is_frozen(talk: Begin) -> None:
    zhang = talk()
    zhang.say("冻结账户", FREEZE)
    assert zhang.asked == "operation_target"
    zhang.press("2001")
    assert zhang.row("账户") == "储蓄卡 尾号 2001"
    zhang.say("不对，是尾号8866", "correct")
    assert zhang.row("账户") == "储蓄卡 尾号 8866"
    zhang.press("确认临时冻结")
    assert accounts(zhang) == {"8866": "paused", "2001": "normal", "5520": "normal"}


def test_a_credit_card_is_reported_lost_instead(talk: Begin) -> None:
    zhang = talk()
    assert "可以办理挂失" in zhang.say("把我的信用卡冻结了", FREEZE) and zhang.loop is None
    zhang.press("挂失信用卡")
    assert zhang.row("卡片") == "信用卡 尾号 5520"


@pytest.mark.parametrize(("customer", "why"), [("C1002", "无需再冻结"), ("C1003", "无需重复办理")])
def test_what_is_stopped_is_not_frozen_again(talk: Begin, customer: str, why: str) -> None:
    person = talk(customer)
    if customer == "C1003":
        person.say("冻结", FREEZE)
        person.press("确认临时冻结")
    assert why in person.say("冻结我的账户", FREEZE) and person.loop is None


def test_a_freeze_is_kept_while_the_bank_is_down(talk: Begin, db: Database) -> None:
    wang = talk("C1003")
    wang.say("冻结账户", FREEZE)
    Faults(db).set("accounts.freeze", "unavailable")
    wang.press("确认临时冻结")
    assert "一直重试" in wang.logged[0]


def test_one_of_several_that_are_stopped(talk: Begin) -> None:
    zhang = lost(talk(), "挂失尾号8866的卡")
    zhang.say("冻结尾号2001的账户", FREEZE)
    zhang.press("确认临时冻结")
    zhang.say("恢复使用", OPEN)
    assert zhang.asked == "operation_target"
    zhang.press("2001")
    assert zhang.row("业务") == "解除临时冻结"
    zhang.say("不对，是8866那张", "correct")
    assert zhang.row("业务") == "解除挂失"


# ── renewed, and on its way ──────────────────────────────────────────────────


def renewed(talk: Begin) -> Talk:
    wu = talk("C1009")
    wu.say("卡快到期了，帮我换一张新的", REPLACE)
    assert wu.row("卡片") == "储蓄卡 尾号 6608" and wu.row("补办原因") == "到期换新"
    assert wu.row("工本费") == "免费" and wu.row("新卡有效期") == "到 2031年3月底"
    assert wu.row("寄送地址") == "云杉市城南区梧桐路****" and "旧卡" in wu.told[-1]["text"]
    wu.press("确认补办新卡")
    wu.code()
    return wu


def test_a_card_that_expires_is_renewed_and_works_until_the_new_one_does(
    talk: Begin, clock: Hands
) -> None:
    wu = renewed(talk)
    assert "3月9日" in wu.told[-1]["text"] and cards(wu)["6608"] == "normal"
    assert "正在制作" in wu.say("新卡寄到哪了", "track_card")
    clock.forward(days=3)
    answer = wu.say("新卡寄到哪了", "track_card")
    assert "3月4日已寄出" in answer and "3月9日前送达" in answer
    assert "EMS" in str(wu.card("list")["items"])
    wu.say("激活尾号6608的卡", ACTIVATE)
    wu.press("确认激活")
    wu.code()
    (card,) = [c for c in wu.services.bank.cards.list("C1009") if c.tail == "6608"]
    assert str(card.expires_on) == "2031-03-31" and card.renewed_until is None


def test_a_card_is_not_renewed_twice_nor_years_before(talk: Begin) -> None:
    wu = renewed(talk)
    assert "不用重复申请" in wu.say("尾号6608的卡到期换新", REPLACE) and wu.loop is None
    wang = talk("C1003")
    answer = wang.say("我的卡快过期了，续一张", REPLACE)
    assert "2029年1月底" in answer and "3 个月" in answer and wang.loop is None


def test_a_new_card_that_came_back_is_sent_once_more(talk: Begin, clock: Hands) -> None:
    wu = talk("C1009")
    answer = wu.say("新卡一直没收到", "track_card")
    assert "信用卡 尾号 1159" in answer and "2月28日已退回" in answer
    wu.press("重新寄出")
    assert wu.row("补办原因") == "重新寄送" and wu.row("工本费") == "免费"
    wu.press("确认补办新卡")
    assert "3月9日" in wu.code() and cards(wu)["1159"] == "inactive"
    assert "正在制作" in wu.say("再给我寄一张，没收到", REPLACE) and wu.loop is None


def test_who_asks_for_it_again_at_once_gets_it_sent(talk: Begin) -> None:
    wu = talk("C1009")
    wu.say("信用卡没收到，重新寄一张", REPLACE)
    assert wu.row("补办原因") == "重新寄送" and wu.row("卡片") == "信用卡 尾号 1159"


def test_a_letter_that_somebody_took_leads_to_a_loss_report(talk: Begin) -> None:
    sun = talk("C1008")
    answer = sun.say("信用卡寄到哪了", "track_card")
    assert "已签收" in answer and "尾号 3391" in answer
    sun.press("没有收到，正式挂失")
    assert sun.row("卡片") == "信用卡 尾号 3391" and "正式挂失" in sun.row("挂失类型")


def test_nothing_is_on_its_way(talk: Begin) -> None:
    zhang = talk()
    assert "没有查到正在寄送的新卡" in zhang.say("我的新卡寄到哪了", "track_card")
    assert "没有查到正在寄送的新卡" in zhang.say("新卡没收到，再寄一张", REPLACE)
    assert zhang.loop is None
    zhang.press("先正式挂失")
    assert zhang.loop == "report_card_loss_form"


def test_a_lost_card_is_replaced_though_it_is_called_sending_again(talk: Begin) -> None:
    sun = talk("C1008")
    sun.say("尾号5046挂失了，再寄一张新的", REPLACE)
    assert sun.row("补办原因") == "遗失补办"
