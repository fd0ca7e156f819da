"""A dispute over the public API, as the widget makes it."""

from __future__ import annotations

import re

import pytest

from tests.assistant import Assistant

pytestmark = pytest.mark.service


def test_a_stolen_card_is_stopped_and_its_charge_disputed(assistant: Assistant) -> None:
    liu = assistant.customer("C1004")
    assert "先把卡停住" in liu.say("我的信用卡被盗刷了，有一笔899元的境外消费")
    assert dict(liu.card("confirm")["rows"])["卡片"] == "信用卡 尾号 7783"
    liu.press("确认挂失")
    stopped = liu.say(liu.code())
    assert "已临时挂失" in stopped and "我们继续刚才的争议登记" in stopped
    rows = dict(liu.card("confirm")["rows"])
    assert rows["交易"] == "境外消费 GLOBAL-APPS" and rows["争议原因"] == "非本人交易"
    told = liu.press("确认争议登记")
    assert "争议已登记" in told and liu.state == "queued"
    ticket = re.search(r"T\d{8}-\d+", told)
    assert ticket
    shown = assistant.bankbot("desk", "show", ticket.group())
    assert "优先级 1" in shown and "已登记争议：DP" in shown and "GLOBAL-APPS" in shown


def test_questions_in_between_and_older_ones(assistant: Assistant) -> None:
    liu = assistant.customer("C1004")
    liu.say("有笔交易我要拒付")
    assert "哪种情况" in liu.latest[-1]["text"]
    assert "我们继续刚才的争议登记" in liu.say("手机银行转账限额是多少")
    liu.press("没收到商品")
    liu.press("看更早的")
    liu.say("云杉商城那笔")
    liu.press("云杉商城")
    assert dict(liu.card("confirm")["rows"])["争议原因"] == "未收到商品或服务"
    assert "取消" in liu.say("算了")


def test_how_an_earlier_one_stands(assistant: Assistant) -> None:
    sun = assistant.customer("C1008")
    told = sun.say("我的争议处理到哪一步了")
    assert "DP900008" in told and "答复您" in told and sun.state == "bot"
    sun.say("转500给李四")
    told = sun.say("我的争议处理到哪一步了")
    assert "DP900008" in told and "我们继续刚才的转账" in told and "没有完全明白" not in told


def test_a_transfer_still_on_its_way_is_called_back_by_a_person(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("从8866转521元给李梅，次日到账")
    zhang.say("跳过")
    zhang.press("确认转账")
    zhang.say(zhang.code())
    told = zhang.say("转错人了，521块，帮我追回来")
    assert "可以撤销" in told and "没有完全明白" not in told and zhang.state == "queued"
