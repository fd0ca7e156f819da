"""Bills, cards, instalments, points and limits over the public API, each to its receipt."""

from __future__ import annotations

import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service


def confirmed(customer: Customer, title: str) -> dict[str, str]:
    """Press the confirmation, write the code; the receipt's rows."""
    customer.press(title)
    customer.say(customer.code())
    return dict(customer.card("receipt")["rows"])


def shown(customer: Customer) -> dict[str, str]:
    return dict(customer.card("confirm")["rows"])


def test_a_bill_and_a_top_up(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("帮我交一下电费")
    zhang.press("8866")
    assert shown(zhang)["金额"] == "¥213.85"
    assert confirmed(zhang, "确认缴费")["受理编号"].startswith("PB")
    zhang.say("给13800138000充50块话费，从2001扣")
    assert "13800138000" in shown(zhang).values()
    receipt = confirmed(zhang, "确认缴费")
    assert "138****8000" in receipt.values() and "13800138000" not in receipt.values()
    zhang.say("给13800138000充50块话费，从2001扣")
    assert "已经给" in "".join(each["text"] for each in zhang.latest)


def test_a_credit_card_is_repaid_and_the_rest_split(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("还信用卡200块，从8866扣")
    assert confirmed(zhang, "确认还款")["受理编号"].startswith("RP")
    zhang.say("刚买的4999那笔分12期")
    assert "云杉数码" in shown(zhang)["分期内容"] and "%" in str(shown(zhang))
    assert confirmed(zhang, "确认")["受理编号"].startswith("IN")


def test_points_and_a_raised_limit(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("我要用积分换一张咖啡券")
    assert "咖啡" in shown(zhang)["礼品"]
    assert confirmed(zhang, "确认")["受理编号"].startswith("RD")
    zhang.say("临时额度提到6万，用30天")
    assert shown(zhang)["调整后总额度"] == "¥60,000.00"
    assert confirmed(zhang, "确认")["受理编号"].startswith("RL")


def test_new_lost_and_renewed_cards(assistant: Assistant) -> None:
    sun = assistant.customer("C1008")
    sun.say("新卡到了，帮我激活")
    assert shown(sun)["卡片"] == "信用卡 尾号 3391"
    assert confirmed(sun, "确认激活")
    sun.say("丢的那张卡，给我补一张新的")
    assert shown(sun)["补办原因"] == "遗失补办"
    assert confirmed(sun, "确认补办")
    told = sun.say("补的新卡寄到哪了")
    assert "正在制作" in told and "前送达" in told


def test_an_account_is_frozen_at_once_and_opened_with_a_code(assistant: Assistant) -> None:
    chen = assistant.customer("C1005")
    chen.say("把尾号1950的账户临时冻结一下")
    assert "临时冻结" in chen.press("确认")
    chen.say("解除临时冻结")
    assert confirmed(chen, "确认")["受理编号"]
