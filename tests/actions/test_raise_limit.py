"""A credit limit raised for a while: to what, until when, within what the bank allows."""

from __future__ import annotations

import copy

import pytest

from bot.banking.models import CreditLimit
from bot.banking.stub.faults import Faults
from bot.storage import Database
from tests.actions.talk import Begin, Talk, confirmed, ready_for
from tests.conftest import Hands

RAISE = "raise_limit"
ready = ready_for(RAISE, "临时额度提到6万，用30天")


def limit(talk: Talk) -> CreditLimit:
    return talk.services.bank.cards.limit("C1001", "C1001-3-card")


def test_from_the_limit_that_was_looked_up(talk: Begin) -> None:
    zhang = talk()
    zhang.say("我信用卡还有多少额度", "query_card_bill")
    zhang.press("临时提额")
    assert zhang.asked == "amount"
    assert "总额度是 ¥50,000.00，最高可以临时提到 ¥75,000.00" in zhang.told[-1]["text"]
    zhang.press("¥75,000.00")
    assert "7 到 60 天" in zhang.told[-1]["text"]
    zhang.press("30 天")
    assert zhang.card("confirm")["rows"] == [
        ["业务", "临时提额"],
        ["信用卡", "信用卡 尾号 5520"],
        ["调整后总额度", "¥75,000.00"],
        ["有效期至", "4月1日（30 天）"],
    ]
    assert "到期后恢复为 ¥50,000.00" in zhang.told[-1]["text"]
    confirmed(zhang)
    assert limit(zhang).total == 5_000_000
    assert "提到 ¥75,000.00，即刻生效，有效期至 4月1日" in zhang.code()
    assert zhang.row("受理编号", "receipt").startswith("RL")
    assert (limit(zhang).total, limit(zhang).temporary) == (7_500_000, 2_500_000)


@pytest.mark.parametrize(
    ("said", "amount", "until"),
    [
        ("临时额度提到6万，用30天", "¥60,000.00", "4月1日（30 天）"),
        ("额度临时提高1万，用一个月", "¥60,000.00", "4月1日（30 天）"),
        ("帮我把额度加两万，到4月15号", "¥70,000.00", "4月15日（44 天）"),
        ("额度提到最高，用两个月", "¥75,000.00", "5月1日（60 天）"),
        ("尾号5520提额到65000元，半个月就行", "¥65,000.00", "3月17日（15 天）"),
    ],
)
def test_all_in_one_message(talk: Begin, said: str, amount: str, until: str) -> None:
    zhang = ready(talk(), said)
    assert zhang.row("调整后总额度") == amount and zhang.row("有效期至") == until


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("30", "2026-04-01"),
        ("两周", "2026-03-16"),
        ("最长", "2026-05-01"),
        ("到月底", "2026-03-31"),
    ],
)
def test_any_form_of_days(talk: Begin, said: str, until: str) -> None:
    zhang = talk()
    zhang.say("临时提额到6万", RAISE)
    assert zhang.asked == "until"
    zhang.say(said)
    assert zhang.slots["until"] == until, zhang.told


@pytest.mark.parametrize(
    ("said", "looks_like", "amount"),
    [("能提多少提多少", "faq", 7_500_000), ("提高一万", "dispute_transaction", 6_000_000)],
)
def test_an_answer_that_looks_like_something_else(
    talk: Begin, said: str, looks_like: str, amount: int
) -> None:
    zhang = talk()
    zhang.say("临时提额", RAISE)
    zhang.say(said, looks_like)
    assert zhang.slots["amount"] == amount and zhang.asked == "until"


# ── refused ──────────────────────────────────────────────────────────────────


def test_more_than_the_bank_allows(talk: Begin) -> None:
    zhang = talk()
    assert "最高额度 ¥75,000.00" in zhang.say("临时额度提到10万用30天", RAISE)
    assert zhang.asked == "amount"
    assert "没有高于现在的额度" in zhang.say("5万")
    zhang.say("7万")
    assert zhang.row("有效期至") == "4月1日（30 天）"


@pytest.mark.parametrize("said", ["用3天", "用90天", "到12月31号"])
def test_too_short_or_too_long(talk: Begin, said: str) -> None:
    zhang = talk()
    answer = zhang.say(f"临时额度提到6万，{said}", RAISE)
    assert "最早到3月9日，最晚到5月1日" in answer and zhang.asked == "until"


@pytest.mark.parametrize(
    ("customer", "why"), [("C1003", "没有信用卡"), ("C1007", "逾期"), ("C1008", "未激活")]
)
def test_who_cannot_hears_why(talk: Begin, customer: str, why: str) -> None:
    somebody = talk(customer)
    assert why in somebody.say("提高临时额度", RAISE)
    assert somebody.loop is None


def test_at_the_highest_already(talk: Begin) -> None:
    zhang = ready(talk(), "额度提到最高，用30天")
    confirmed(zhang)
    zhang.code()
    assert "最高额度" in zhang.say("再提一点额度", RAISE) and zhang.loop is None
    zhang.say("信用卡额度", "query_card_bill")
    assert not any(each.get("buttons") for each in zhang.told)


# ── changed, left, once ──────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "label", "value"),
    [
        ("改成7万", "调整后总额度", "¥70,000.00"),
        ("改成60天", "有效期至", "5月1日（60 天）"),
        ("到3月20号就行", "有效期至", "3月20日（18 天）"),
    ],
)
def test_any_value_can_be_corrected_when_confirming(
    talk: Begin, said: str, label: str, value: str
) -> None:
    zhang = ready(talk())
    zhang.say(said, "correct")
    assert zhang.asked == "operation_confirmed" and zhang.row(label) == value
    kept = {"调整后总额度": "¥60,000.00", "有效期至": "4月1日（30 天）"}
    assert all(zhang.row(name) == was for name, was in kept.items() if name != label)


def test_a_wrong_code_and_a_question_in_the_middle(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    assert "不正确" in zhang.code("000000")
    assert "我们继续刚才的临时提额" in zhang.say("临时额度要收费吗", "faq")
    zhang.code()
    assert limit(zhang).total == 6_000_000


def test_midnight_between_confirming_and_the_code(talk: Begin, clock: Hands) -> None:
    clock.now = clock.now.replace(hour=15, minute=58)
    zhang = ready(talk())
    confirmed(zhang)
    clock.forward(minutes=3)  # the day that was confirmed stays, the days to it are fewer
    zhang.code()
    assert limit(zhang).temporary == 0
    zhang.code()
    until = limit(zhang).temporary_until
    assert until is not None and until.isoformat() == "2026-04-01"


def test_a_repeated_turn_raises_it_once(talk: Begin) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    before = copy.copy(zhang.slots), list(zhang.events), zhang.loop, zhang.count
    first = (zhang.code(), zhang.card("receipt"))
    zhang.slots, zhang.events, zhang.loop, zhang.count = before
    assert (zhang.code(), zhang.card("receipt")) == first
    assert limit(zhang).total == 6_000_000


def test_a_time_out_after_it_was_done(talk: Begin, db: Database) -> None:
    zhang = ready(talk())
    confirmed(zhang)
    Faults(db).set("cards.raise_limit", "timeout_after")
    zhang.code()
    Faults(db).clear()
    assert zhang.card("receipt") and limit(zhang).total == 6_000_000


def test_cancelled(talk: Begin) -> None:
    zhang = ready(talk())
    assert "已取消" in zhang.say("算了", "cancel")
    assert limit(zhang).total == 5_000_000
