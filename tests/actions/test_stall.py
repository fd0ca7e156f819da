"""When the bank does not answer in the middle of an operation: nothing is lost, or done twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.services import Services, tell_found
from bot.banking.operations import Operations
from bot.banking.stub import make_bank
from bot.banking.stub.faults import Faults
from bot.storage import Database
from bot.text.normalise import normalise
from tests.actions.talk import Begin, Talk, confirmed, ready_for
from tests.conftest import Hands

TRANSFER, LOSS = "transfer_money", "report_card_loss"
SAID = "从8866转500给李梅，备注房租"
ready = ready_for(TRANSFER, SAID)


@pytest.fixture
def faults(db: Database) -> Faults:
    return Faults(db)


def sums(talk: Talk) -> list[int]:
    records = talk.services.bank.transfers.records(talk.customer_id)
    return [record.amount for record in records]


def reasons(talk: Talk) -> list[str]:
    return [each.reason for each in talk.services.desk.queue.list()]


def failed_at_the_end(talk: Talk, faults: Faults, kind: str) -> str:
    """Everything is confirmed, the code is given, and the bank fails; what is said."""
    ready(talk)
    confirmed(talk)
    faults.set("transfers.execute", kind)
    answer = talk.code()
    faults.clear()
    return answer


# ── while it is filled in ────────────────────────────────────────────────────


def stalled(talk: Begin, faults: Faults, call: str = "accounts.list") -> Talk:
    """A transfer to 李梅, in which the bank stopped answering when 500 was said."""
    zhang = talk()
    zhang.say("转账给李梅", TRANSFER)
    faults.set(call, "unavailable")
    zhang.say("500")
    return zhang


@pytest.mark.parametrize("again", ["press", "再试一次", "重试"])
@pytest.mark.parametrize("fault", ["transfers.payees", "accounts.list", "transfers.quote"])
def test_all_that_was_said_is_kept(talk: Begin, faults: Faults, fault: str, again: str) -> None:
    """Whether it fails while the message is heard or after."""
    zhang = talk()
    zhang.say("我要转账", TRANSFER)
    faults.set(fault, "unavailable")
    answer = zhang.say(SAID, TRANSFER)
    assert "转账没有办理，您的资金没有变动" in answer and zhang.loop == "transfer_money_form"
    faults.clear()
    if again == "press":
        zhang.press("再试一次")
    else:
        zhang.say(again, "retry")
    assert zhang.asked == "operation_confirmed"
    assert (zhang.row("收款人"), zhang.row("金额"), zhang.row("附言")) == (
        "李梅",
        "¥500.00",
        "房租",
    )


def test_it_begins_with_the_first_message_again(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    faults.set("transfers.payees", "unavailable")
    zhang.say(SAID, TRANSFER)
    faults.clear()
    zhang.press("再试一次")
    assert zhang.asked == "operation_confirmed" and zhang.row("金额") == "¥500.00"


def test_what_cannot_even_begin_is_sent_again(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    faults.set("accounts.list", "timeout_before")
    assert "没有办理" in zhang.say(SAID, TRANSFER) and zhang.loop is None
    faults.clear()
    zhang.say("再试一次", "retry")
    assert zhang.button("再试一次")["payload"] == normalise(SAID)


def test_still_down(talk: Begin, faults: Faults) -> None:
    zhang = stalled(talk, faults)
    assert "没有办理" in zhang.press("再试一次")
    faults.clear()
    zhang.press("再试一次")
    assert zhang.slots["amount"] == 50_000 and zhang.asked == "pay_from"


def test_another_answer_goes_on_as_well(talk: Begin, faults: Faults) -> None:
    zhang = stalled(talk, faults, "transfers.quote")
    faults.clear()
    zhang.say("从8866付")
    assert zhang.slots["amount"] == 50_000 and zhang.asked == "memo"


def test_a_question_in_between_asks_nothing_of_the_bank(talk: Begin, faults: Faults) -> None:
    zhang = stalled(talk, faults)
    assert "随时可以再试" in zhang.say("转账限额是多少", "faq")
    faults.clear()
    zhang.press("再试一次")
    assert zhang.asked == "pay_from"


def test_it_can_be_left(talk: Begin, faults: Faults) -> None:
    zhang = stalled(talk, faults)
    assert "没有办理" in zhang.press("取消") and zhang.loop is None
    assert zhang.slots["operation_stalled"] is None and reasons(zhang) == []


def test_back_after_a_while_it_is_confirmed_anew(talk: Begin, faults: Faults, clock: Hands) -> None:
    zhang = ready(talk())
    faults.set("customers.get", "unavailable")
    zhang.press("确认转账")
    faults.clear()
    clock.forward(minutes=20)
    zhang.press("再试一次")
    assert zhang.asked == "operation_confirmed"


def test_once_more_where_nothing_failed_asks_again(talk: Begin) -> None:
    zhang = ready(talk())
    zhang.say("再试一次", "retry")
    assert zhang.asked == "operation_confirmed" and zhang.row("金额") == "¥500.00"


# ── when it is carried out ───────────────────────────────────────────────────


def test_not_done_goes_on_with_another_code(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    answer = failed_at_the_end(zhang, faults, "unavailable")
    assert "转账没有办理，您的资金没有变动" in answer and reasons(zhang) == []
    zhang.press("再试一次")
    assert zhang.asked == "code_ref"
    zhang.code()
    assert zhang.card("receipt") and sums(zhang) == [50_000]


def test_a_word_answers_as_well(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "unavailable")
    zhang.say("好的", "affirm")
    assert zhang.asked == "code_ref"
    wang = talk()
    failed_at_the_end(wang, faults, "unavailable")
    assert "没有办理转账" in wang.say("不用了", "deny") and wang.loop is None


def test_nobody_knows_and_it_was_not_done(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    answer = failed_at_the_end(zhang, faults, "timeout_before")
    assert "暂时不能确定" in answer and "没有变动" not in answer and reasons(zhang) == []
    assert "刚才的转账没有办成" in zhang.press("再试一次") and zhang.asked == "code_ref"
    zhang.code()
    assert zhang.card("receipt") and sums(zhang) == [50_000]


@pytest.fixture
def lost(services: Services, db: Database, clock: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A core that falls silent as soon as it has begun to do something, and does it."""

    def fall_silent(_seconds: float) -> None:
        Faults(db).set("outcomes.of", "unavailable")

    bank = make_bank(db, b"secret", clock, sleep=fall_silent)
    silent = replace(services, bank=bank, operations=Operations(db, bank, clock))
    monkeypatch.setattr("actions.turn_action.services", lambda: silent)


@pytest.mark.usefixtures("lost")
def test_nobody_knows_and_it_was_done(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    assert "暂时不能确定" in failed_at_the_end(zhang, faults, "timeout_after")
    assert sums(zhang) == [50_000]
    zhang.say("重试", "retry")
    assert zhang.row("受理编号", "receipt").startswith("TF") and zhang.loop is None
    assert sums(zhang) == [50_000] and reasons(zhang) == []


@pytest.mark.usefixtures("lost")
@pytest.mark.parametrize(
    ("said", "intent"),
    [("改成600", "correct"), (SAID, TRANSFER), ("好的", "affirm"), ("还是算了吧", "deny")],
)
def test_whatever_is_said_the_bank_is_asked_first(
    talk: Begin, faults: Faults, said: str, intent: str
) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_after")
    zhang.say(said, intent)
    assert zhang.row("转账金额", "receipt") == "¥500.00"
    assert sums(zhang) == [50_000]


@pytest.mark.usefixtures("lost")
def test_nobody_knows_for_longer(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_after")
    faults.set("outcomes.of", "unavailable")
    answer = zhang.say("改成600", "correct")
    assert "请先不要重复办理" in answer and "没有变动" not in answer
    faults.clear()
    zhang.press("再试一次")
    assert zhang.row("转账金额", "receipt") == "¥500.00" and sums(zhang) == [50_000]


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("算了", "cancel"),
        ("查余额", "check_balance"),
        ("我要挂失", LOSS),
        ("转人工", "request_human"),
    ],
)
def test_what_nobody_knows_is_not_simply_left(
    talk: Begin, faults: Faults, said: str, intent: str
) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_before")
    faults.set("outcomes.of", "unavailable")
    answer = zhang.say(said, intent)
    assert "没有办理" not in answer
    if intent == "check_balance":
        assert "随时可以再试" in answer and zhang.loop == "transfer_money_form"
    else:
        assert reasons(zhang) == ["outcome_unknown"] and zhang.loop is None


@pytest.mark.usefixtures("lost")
def test_who_falls_silent_is_told_what_was_found_out(
    talk: Begin, faults: Faults, services: Services, clock: Hands
) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_after")
    clock.forward(minutes=1)
    services.operations.settle_doubts(lambda *found: tell_found(services.log, *found))
    told = zhang.services.log.after(zhang.conversation)[-1]
    assert told.role == "system" and "的转账已经办成，受理编号 TF" in told.text
    # Nor is it "cancelled" then.
    answer = zhang.say("算了", "cancel")
    assert "已经办成" in answer and reasons(zhang) == [] and zhang.loop is None
    assert sums(zhang) == [50_000]


def test_what_was_surely_not_done_may_be_left(
    talk: Begin, faults: Faults, services: Services, clock: Hands
) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_before")
    clock.forward(minutes=3)
    services.operations.settle_doubts(lambda *found: tell_found(services.log, *found))
    assert "没有办成" in zhang.services.log.after(zhang.conversation)[-1].text
    assert "没有办理" in zhang.say("算了", "cancel") and reasons(zhang) == []


@pytest.mark.parametrize(
    ("kind", "reason"), [("unavailable", "system_failure"), ("timeout_before", "outcome_unknown")]
)
def test_the_second_time_a_person_takes_over(
    talk: Begin, faults: Faults, kind: str, reason: str
) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, kind)
    zhang.press("再试一次")
    faults.set("transfers.execute", kind)
    zhang.code()
    faults.clear()
    assert reasons(zhang) == [reason] and zhang.loop is None and sums(zhang) == []


def test_changed_after_it_failed_it_is_another_one(talk: Begin, faults: Faults) -> None:
    zhang = talk()
    failed_at_the_end(zhang, faults, "timeout_before")
    zhang.say("金额改成600", "correct")
    confirmed(zhang)
    zhang.code()
    assert zhang.row("转账金额", "receipt") == "¥600.00" and sums(zhang) == [60_000]


def test_done_stays_done_though_nothing_more_can_be_asked(talk: Begin, faults: Faults) -> None:
    wang = talk("C1003")
    wang.say("卡丢了", LOSS)
    confirmed(wang)
    faults.set("cards.list", "unavailable")
    answer = wang.code()
    assert wang.row("受理编号", "receipt") in answer and "挂失已经办成" in answer
    assert reasons(wang) == []


# ── faults of our own ────────────────────────────────────────────────────────


def test_a_fault_of_our_own_is_said_and_may_be_tried_again(
    talk: Begin, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    zhang = ready(talk())
    broken = replace(services, operations=None)  # type: ignore[arg-type]
    monkeypatch.setattr("actions.turn_action.services", lambda: broken)
    assert "系统出了点问题，刚才这一步没有办成" in zhang.press("确认转账")
    monkeypatch.setattr("actions.turn_action.services", lambda: services)
    zhang.press("再试一次")
    assert zhang.asked == "code_ref"
    zhang.code()
    assert sums(zhang) == [50_000]


def test_what_fails_twice_is_left(
    talk: Begin, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    zhang = ready(talk())
    broken = replace(services, operations=None)  # type: ignore[arg-type]
    monkeypatch.setattr("actions.turn_action.services", lambda: broken)
    zhang.press("确认转账")
    assert "没有为您办理任何业务" in zhang.press("再试一次") and zhang.loop is None
    assert zhang.slots["payee_name"] is None and sums(zhang) == []
