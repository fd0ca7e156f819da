"""Complaints and suggestions in conversation: a person at once, a case once, its owner's only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.services import Services
from bot.complaints.clock import REVIEW_ASK_DAYS
from bot.complaints.view import View
from bot.storage import Database
from tests.complaints.desk import ANSWER, Sides
from tests.complaints.talk import Talk, services_of
from tests.conftest import Hands

MATTER = "我要投诉你们柜台的服务态度，排队两个小时没人理"
FIRST, SECOND = "CT20260302-0001", "CT20260302-0002"


@pytest.fixture
def services(db: Database, clock: Hands) -> Iterator[Services]:
    with services_of(db, clock) as shared:
        yield shared


@pytest.fixture
def zhang(services: Services) -> Talk:
    return Talk(services)


def cases(talk: Talk, customer_id: str = "C1001") -> tuple[View, ...]:
    return talk.services.casebook.register.of(customer_id)


def complained(talk: Talk, text: str = MATTER) -> Talk:
    talk.say(text)
    talk.served()
    return talk


# ── a new one ────────────────────────────────────────────────────────────────


def test_a_complaint_is_a_person_and_a_case_with_its_deadline(zhang: Talk, sides: Sides) -> None:
    answer = zhang.say(MATTER)
    assert zhang.tickets == ["complaint"]
    assert FIRST in answer and "最晚 3月17日 答复" in answer
    (case,) = cases(zhang)
    assert case.text == MATTER and case.category == "service"
    assert str(case.deadline.due_on) == "2026-03-17"
    assert sides.casework.get(FIRST).conversation_id == zhang.conversation


def test_that_the_customer_was_told_is_proved(zhang: Talk, sides: Sides) -> None:
    zhang.say(MATTER)
    (notice,) = sides.casework.notices(FIRST)
    assert (notice.what, notice.channel) == ("acceptance", "chat")
    seq = int(notice.proof.rsplit(" ", 1)[1])
    (line,) = zhang.services.log.after(zhang.conversation, seq - 1, 1)
    assert FIRST in line.text and ["投诉编号", FIRST] in (line.card or {})["rows"]


def test_nothing_is_asked(zhang: Talk) -> None:
    answer = zhang.say(MATTER)
    assert "？" not in answer and zhang.loop is None
    assert "预留的手机号" in answer  # the bank holds it


@pytest.mark.parametrize(
    "text", ["气死我了，我要投诉你们", "我被你们的理财经理骗了，被骗八万，要投诉"]
)
def test_whoever_is_upset_is_not_invited_to_write_more(zhang: Talk, text: str) -> None:
    assert "接着写" not in zhang.say(text)
    assert cases(zhang) and zhang.tickets


def test_a_threat_is_urgent_and_still_a_complaint(zhang: Talk) -> None:
    zhang.say("再不处理我就砸了你们网点，投诉你们乱收费")
    assert zhang.tickets == ["threat"] and cases(zhang)[0].category == "fee"


def test_a_repeated_turn_is_one_case_and_one_ticket(zhang: Talk) -> None:
    zhang.say(MATTER)
    before = zhang.services.log.last_seq(zhang.conversation)
    zhang.again()
    assert len(cases(zhang)) == 1 and len(zhang.tickets) == 1
    assert zhang.services.log.last_seq(zhang.conversation) == before


def test_the_same_again_is_no_second_case_but_a_person(zhang: Talk) -> None:
    complained(zhang)
    for text in (MATTER, "我要投诉"):
        assert FIRST in zhang.say(text) and zhang.tickets == ["complaint"]
        zhang.served()
    assert len(cases(zhang)) == 1
    assert SECOND in zhang.say("我还要投诉信用卡乱收年费")


def test_a_failing_register_never_stands_before_a_person(
    zhang: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("table is gone")

    monkeypatch.setattr(zhang.services.casebook, "open", refuse)
    zhang.say(MATTER)
    assert zhang.tickets == ["complaint"] and not cases(zhang)


def test_secrets_and_numbers_are_not_kept(zhang: Talk) -> None:
    zhang.say("投诉你们，卡号6222020200112233445，密码是864213")
    assert "112233" not in cases(zhang)[0].text and "864213" not in cases(zhang)[0].text


def test_a_stranger_gets_a_person_and_later_a_case_of_what_was_said(services: Services) -> None:
    visitor = Talk(services, None)
    answer = visitor.say(MATTER)
    assert visitor.tickets == ["complaint"] and "登录" in answer and "CT" not in answer
    assert any((each.get("custom") or {}).get("type") == "sign_in" for each in visitor.told)
    visitor.served()
    services.log.bind_customer(visitor.conversation, "C1003")
    assert FIRST in visitor.say("登记投诉")
    assert cases(visitor, "C1003")[0].text == MATTER


def test_what_was_withdrawn_can_be_complained_of_again(zhang: Talk) -> None:
    complained(zhang).services.casebook.register.withdraw(FIRST, "C1001", key="w1")
    assert SECOND in zhang.say("我要投诉")
    assert cases(zhang)[0].text == MATTER


# ── how it stands ────────────────────────────────────────────────────────────


def test_progress_with_the_days_left(zhang: Talk, clock: Hands) -> None:
    complained(zhang)
    clock.forward(days=5)
    answer = zhang.say("我的投诉到哪一步了")
    assert FIRST in answer and "最晚 3月17日" in answer and "还有 10 天" in answer
    assert not zhang.tickets
    clock.forward(days=20)
    assert "超期" in zhang.say("我的投诉到哪一步了")


def test_progress_of_nothing_and_of_a_number(zhang: Talk) -> None:
    assert "没有投诉记录" in zhang.say("我的投诉到哪一步了")
    complained(zhang)
    complained(zhang, "投诉你们乱收费")
    assert FIRST not in zhang.say(f"查投诉{SECOND}")
    assert "没有投诉 CT20260302-0009" in zhang.say("查投诉CT20260302-0009")


def test_another_customers_case_is_not_found(services: Services, zhang: Talk) -> None:
    complained(zhang)
    li = Talk(services, "C1003")
    for text in (f"查投诉{FIRST}", f"撤销投诉{FIRST}", f"给投诉{FIRST}补充一下：有录音"):
        assert f"没有投诉 {FIRST}" in li.say(text)
    assert cases(zhang)[0].state == "received" and not cases(zhang)[0].facts


def test_a_stranger_is_asked_to_sign_in_for_a_case(services: Services) -> None:
    visitor = Talk(services, None)
    assert "登录" in visitor.say("我的投诉到哪一步了") and not visitor.tickets


def test_whoever_waited_in_vain_gets_a_person(zhang: Talk) -> None:
    complained(zhang)
    answer = zhang.say("上次投诉到现在没人理")
    assert FIRST in answer and zhang.tickets == ["complaint"] and len(cases(zhang)) == 1


# ── more about it ────────────────────────────────────────────────────────────


def test_facts_are_added_once_and_move_no_date(zhang: Talk, clock: Hands) -> None:
    complained(zhang)
    clock.forward(days=3)
    answer = zhang.say("再补充一下，柜员工号是0032")
    assert FIRST in answer and "3月17日" in answer
    zhang.again()
    (facts,) = cases(zhang)[0].facts
    assert "0032" in facts.text and facts.new is None


def test_what_to_add_is_asked_for(zhang: Talk) -> None:
    complained(zhang)
    assert "写下要补充" in zhang.say("我要补充投诉")
    assert "写下要补充" in zhang.say("好的", "affirm")
    zhang.say("怎么收年费", "faq")
    assert "写下要补充" in zhang.told[-1]["text"]  # the question comes back
    assert FIRST in zhang.say("当时旁边有位大姐可以作证", "chitchat", "smalltalk")
    assert "大姐" in cases(zhang)[0].facts[0].text and zhang.loop is None


def test_which_of_two_is_asked_and_the_words_are_kept(zhang: Talk) -> None:
    complained(zhang)
    complained(zhang, "投诉你们乱收费")
    assert "哪一件" in zhang.say("再补充一下，我有录音")
    zhang.press(FIRST)
    newer, older = cases(zhang)
    assert not newer.facts and "录音" in older.facts[0].text


# ── taking it back, having it looked at again ────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "intent", "state"),
    [
        ("是的", "affirm", "withdrawn"),
        ("撤吧", "cancel", "withdrawn"),
        ("确认撤诉", "affirm", "withdrawn"),
        ("不是", "deny", "received"),
        ("先不撤了", "cancel", "received"),
        ("不撤", "complaint", "received"),
    ],
)
def test_withdrawing_takes_a_yes(zhang: Talk, answer: str, intent: str, state: str) -> None:
    complained(zhang)
    asked = zhang.say("我要撤诉")
    assert FIRST in asked and "任何人都不能要求" in asked and cases(zhang)[0].state == "received"
    assert zhang.say(answer, intent, "act")
    assert cases(zhang)[0].state == state and zhang.loop is None
    assert not zhang.slots["opinion_asked"]


def test_neither_silence_nor_other_business_withdraws(zhang: Talk) -> None:
    complained(zhang)
    zhang.say("我要撤诉")
    zhang.say("查余额", "check_balance")
    assert "确定要撤回" in zhang.told[-1]["text"]
    assert FIRST in zhang.say("我的投诉到哪一步了") and zhang.loop == "opinion_form"
    zhang.say("转人工", "request_human")
    assert cases(zhang)[0].state == "received" and zhang.tickets and zhang.loop is None


def test_answered_meanwhile_cannot_be_withdrawn(zhang: Talk, sides: Sides) -> None:
    complained(zhang)
    zhang.say("我要撤诉")
    _decide(sides, FIRST)
    assert "已答复" in zhang.press("确认撤回")


def test_nothing_to_withdraw(zhang: Talk) -> None:
    assert "没有进行中的投诉" in zhang.say("我要撤诉")


def test_a_review_is_asked_for_with_the_words_as_reason(zhang: Talk, sides: Sides) -> None:
    complained(zhang)
    assert "还没有处理决定" in zhang.say("我对投诉结果不满意，申请复核")
    _decide(sides, FIRST)
    assert ANSWER.decision in zhang.say("我的投诉到哪一步了")
    answer = zhang.say("我对投诉结果不满意，申请复核")
    assert "最晚 4月1日" in answer
    review = cases(zhang)[0].review
    assert review is not None and "不满意" in review.why
    assert "正在进行" in zhang.say("我的投诉到哪一步了")


@pytest.mark.parametrize(("reason", "kept"), [("没有人来核实过", "核实"), ("跳过", "没有说明理由")])
def test_a_pressed_review_asks_why_and_may_be_skipped(
    zhang: Talk, sides: Sides, reason: str, kept: str
) -> None:
    complained(zhang)
    _decide(sides, FIRST)
    zhang.say("我的投诉到哪一步了")
    assert "不认可" in zhang.press("申请核查")
    zhang.say(reason, "inform", "act")
    review = cases(zhang)[0].review
    assert review is not None and kept in review.why


def test_too_late_for_a_review(zhang: Talk, sides: Sides, clock: Hands) -> None:
    complained(zhang)
    _decide(sides, FIRST)
    clock.forward(days=REVIEW_ASK_DAYS + 1)
    assert "届满" in zhang.say("我对投诉结果不满意，申请复核")


def _decide(sides: Sides, number: str) -> None:
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    sides.tell(number, "decision")


# ── suggestions ──────────────────────────────────────────────────────────────


def test_a_suggestion_is_written_down_once_with_thanks(services: Services) -> None:
    visitor = Talk(services, None)
    assert "谢谢" in visitor.say("建议把转账页面的字放大一点", "suggestion", "business")
    visitor.again()
    (kept,) = services.casebook.suggestions.newest()
    assert kept.text == "建议把转账页面的字放大一点" and kept.customer_id is None
    assert kept.conversation_id == visitor.conversation and not visitor.tickets


def test_which_suggestion_is_asked(zhang: Talk) -> None:
    assert "说说您的建议" in zhang.say("我有个建议", "suggestion", "business")
    assert "谢谢" in zhang.say("能不能把字放大一点", "faq", "faq") or zhang.loop
    zhang.say("大厅多放几把椅子", "suggestion", "business")
    assert "椅子" in zhang.services.casebook.suggestions.newest()[0].text


def test_a_person_can_be_had_for_a_suggestion(zhang: Talk) -> None:
    zhang.say("建议增加夜间模式", "suggestion", "business")
    zhang.press("转人工")
    assert zhang.tickets == ["request_human"]
