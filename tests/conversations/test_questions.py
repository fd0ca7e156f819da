"""What became of a question is read from the log as it happened, and nothing personal with it."""

from __future__ import annotations

import pytest

from bot.conversations.questions import Asked, read_questions
from bot.conversations.quotable import quotable, quotable_answer
from bot.storage import Database
from tests.conftest import Hands
from tests.conversations.talk import Talk

FEE, LIMIT = "挂失收费吗？", "转账限额多少？"


@pytest.fixture
def talk(db: Database, clock: Hands) -> Talk:
    return Talk(db, clock)


def asked(db: Database, talk: Talk) -> list[Asked]:
    return list(dict(read_questions(db))[talk.id])


def only(db: Database, talk: Talk) -> Asked:
    (found,) = asked(db, talk)
    return found


def test_a_question_without_an_answer(db: Database, talk: Talk) -> None:
    talk.unanswered("夜市贷怎么申请？")
    talk.answered("挂失收费吗", "loss.fee")
    found = only(db, talk)
    assert (found.text, found.outcome) == ("夜市贷怎么申请?", "unanswered")
    assert (found.answer, found.thumb_down) == ("", False)


def test_what_was_picked_belongs_to_the_text_before(db: Database, talk: Talk) -> None:
    talk.offered("丢卡要钱不", FEE, LIMIT)
    talk.picks(FEE, "loss.fee")
    found = only(db, talk)
    assert (found.text, found.outcome, found.entry_id) == ("丢卡要钱不", "picked", "loss.fee")


def test_none_of_these_names_what_did_not_fit(db: Database, talk: Talk) -> None:
    talk.offered("卡消磁了咋办", FEE, LIMIT)
    talk.none_of_these()
    found = only(db, talk)
    assert (found.text, found.outcome) == ("卡消磁了咋办", "none_of_these")
    assert found.offered == (FEE, LIMIT)


def test_a_new_question_instead_of_a_choice_says_nothing_of_the_choices(
    db: Database, talk: Talk
) -> None:
    talk.offered("丢卡要钱不", FEE, LIMIT)
    talk.answered("转账限额", "transfer.limit")
    # Typed, though it reads like a choice.
    talk.offered("一天能转几万呀", FEE, LIMIT)
    talk.answered(LIMIT, "transfer.limit")
    assert asked(db, talk) == []


def test_a_message_sent_before_the_choice_was_shown_is_no_answer_to_it(
    db: Database, talk: Talk
) -> None:
    talk.writes("夜市贷怎么申请")
    talk.writes("丢卡要钱不")
    talk.turn("抱歉，我没有完全明白。", "fallback")
    talk.turn("您想问的是……？", "clarify", None, FEE)
    talk.picks(FEE, "loss.fee")
    first, second = asked(db, talk)
    assert (first.text, first.outcome) == ("夜市贷怎么申请", "unanswered")
    assert (second.text, second.outcome) == ("丢卡要钱不", "picked")


def test_a_thumb_down_with_its_reason(db: Database, talk: Talk) -> None:
    seq = talk.answered("挂失多少钱", "loss.fee", "免费。")
    talk.thumb_down(seq, "outdated", "上周就收了我钱")
    found = only(db, talk)
    assert (found.outcome, found.entry_id, found.shown) == ("unhelpful", "loss.fee", "免费。")
    assert (found.thumb_down, found.cause, found.remark) == (True, "outdated", "上周就收了我钱")
    talk.thumb_up(seq)
    assert asked(db, talk) == []


def test_a_pick_that_did_not_help_is_no_wording(db: Database, talk: Talk) -> None:
    talk.offered("丢卡要钱不", FEE)
    talk.thumb_down(talk.picks(FEE, "loss.fee"), "off_point")
    found = only(db, talk)
    assert (found.text, found.outcome, found.entry_id) == ("丢卡要钱不", "unhelpful", "loss.fee")


def test_what_a_person_answered(db: Database, talk: Talk) -> None:
    talk.unanswered("夜市贷怎么申请")
    talk.writes("转人工", "/request_human")
    talk.agent("您好", "夜市贷请在手机银行“贷款”里申请。", "审批要两个工作日左右。")
    talk.agent("您的卡 6222020200112233445 我看一下")
    assert only(db, talk).answer == "夜市贷请在手机银行“贷款”里申请。\n审批要两个工作日左右。"


def test_a_person_called_for_another_matter_did_not_answer(db: Database, talk: Talk) -> None:
    talk.unanswered("夜市贷怎么申请")
    talk.answered("挂失收费吗", "loss.fee")
    talk.writes("转人工", "/request_human")
    talk.agent("您好，挂失不收费，补卡收工本费。")
    assert only(db, talk).answer == ""


def test_only_what_changed_is_read_again_and_then_whole(
    db: Database, talk: Talk, clock: Hands
) -> None:
    seq = talk.answered("挂失多少钱", "loss.fee")
    other = Talk(db, clock)
    other.unanswered("夜市贷怎么申请")
    clock.forward(hours=1)
    since = clock()
    assert read_questions(db, since) == []
    talk.thumb_down(seq)
    ((conversation, found),) = read_questions(db, since)
    assert conversation == talk.id
    assert [each.text for each in found] == ["挂失多少钱"]


@pytest.mark.parametrize(
    "text",
    [
        "我的卡6222020200112233445怎么注销", "尾号8866怎么换卡", "尾号八八六六能改吗",
        "手机号13812345678换了怎么改", "密码是abc12345登不上", "验证码482913收不到", "482913",
        "１２３４５６收到了", "昨天刷了3268块没到账", "身份证110101199003078515过期了",
        "我叫王建国怎么查余额", "张女士说能退手续费", "转给李梅要手续费吗", "欧阳娜娜的卡能代办吗",
        "住朝阳路18号能寄卡吗", "发到a1@b.cn可以吗", "好", "？？？", "hello",
        "我昨天在商场买了东西刷卡两次都没成功但是短信说扣了钱，回家以后我老公又打了客服电话等了半小时没人接",
    ],
)  # fmt: skip
def test_nothing_personal_and_no_story_is_quoted(text: str) -> None:
    assert quotable(text) is None


@pytest.mark.parametrize(
    "text",
    ["夜市贷怎么申请", "银行卡丢了怎么办", "转10000元要手续费吗", "2026年存款利率多少", "95588是你们吗",
     "给我妈转账有限额吗", "这张新卡怎么激活", "理财经理怎么联系"],
)  # fmt: skip
def test_anybodys_question_is(text: str) -> None:
    assert quotable(text) == text


def test_an_agents_greeting_is_no_answer() -> None:
    assert quotable_answer(["您好", "请稍等", "王先生您好，您的账单已经寄出了"]) == ""
