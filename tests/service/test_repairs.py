"""Going astray and coming back, over the public API."""

from __future__ import annotations

import time

import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service

# The first wait of a kept request, and a look every few seconds.
KEPT_SECONDS = 40.0


def cards(customer: Customer) -> list[str]:
    return [message["card"]["type"] for message in customer.latest if message["card"]]


def test_a_query_and_a_transfer_of_one_message(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    answer = zhang.say("查一下余额，然后从8866给王建国转66块，备注早饭")
    assert cards(zhang) == ["accounts", "confirm"], answer
    assert "接下来为您办理转账" in answer
    assert [m["source"]["intent"] for m in zhang.latest][0] == "check_balance"
    zhang.press("确认转账")
    zhang.say(zhang.code())
    assert zhang.card("receipt")


def test_a_look_up_beside_an_answer(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("转账给李梅")
    answer = zhang.say("14块，顺便查下余额")
    assert cards(zhang) == ["accounts"] and answer.endswith("从哪个账户转出？")
    assert "一件一件来" in zhang.say("从8866转，然后查信用卡账单")
    assert "账单" in zhang.say("算了不转了")


def test_two_commands_with_a_comma(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    answer = zhang.say("查余额，从8866给王建国转17块，备注早饭")
    assert cards(zhang) == ["accounts", "confirm"], answer


def test_two_transfers_of_one_message_are_confirmed_one_by_one(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("给李梅转11块，再给王建国转12块")
    for name, amount in (("李梅", "¥11.00"), ("王建国", "¥12.00")):
        zhang.press("8866")
        zhang.press("跳过")
        shown = dict(zhang.card("confirm")["rows"])
        assert shown["收款人"] == name and shown["金额"] == amount
        zhang.press("确认转账")
        zhang.say(zhang.code())
        assert dict(zhang.card("receipt")["rows"])["收款人"] == name
    assert "接下来" not in zhang.say("谢谢")


def test_what_is_behind_survives_a_crash_and_a_person_takes_it(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("给李梅转13块，然后查一下余额")
    for part in ("rasa", "actions"):
        assistant.kill(part)
        assistant.start_part(part)
    assistant.wait_ready()
    zhang.say("算了不转了")
    assert cards(zhang) == ["accounts"]
    zhang.say("给李梅转13块，然后查一下余额")
    zhang.say("转人工")
    assert "accounts" not in cards(zhang) and zhang.messages() and zhang.state == "queued"


def test_the_last_answer_again(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    first = zhang.say("查余额")
    assert zhang.say("再说一遍") == first and cards(zhang) == ["accounts"]
    answer = zhang.say("挂失收费吗")
    assert zhang.say("没听清，再说一次") == answer


def test_a_transfer_is_called_back(assistant: Assistant) -> None:
    wang = assistant.customer("C1003")
    wang.say("给张伟转21块，备注饭钱，次日到账")
    wang.press("确认转账")
    wang.say(wang.code())
    wang.say("撤销刚才那笔转账")
    assert dict(wang.card("confirm")["rows"])["金额"] == "¥21.00"
    assert "¥21.00 已退回" in wang.press("确认撤销")


def test_a_loss_is_kept_and_told_when_it_is_done(assistant: Assistant) -> None:
    chen = assistant.customer("C1005")
    chen.say("银行卡丢了，帮我挂失")
    if "confirm" not in cards(chen):
        chen.press("尾号")
    assistant.bankbot("stub", "fault", "set", "cards.report_loss", "unavailable")
    try:
        chen.press("确认挂失")
        answer = chen.say(chen.code())
    finally:
        assistant.bankbot("stub", "fault", "clear")
    assert "还没有办成" in answer and "尚未生效" in answer
    assert chen.messages() and chen.state == "queued"
    deadline = time.monotonic() + KEPT_SECONDS
    while time.monotonic() < deadline:
        told = "".join(message["text"] for message in chen.messages(chen.seq))
        if "已经办成" in told:
            break
        time.sleep(1)
    assert "受理编号 LR" in told
