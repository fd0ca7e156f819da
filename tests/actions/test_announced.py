"""Business that is announced not to work: said before it is tried; what protects money is tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.services import Services
from bot.handoff.announcements import Announcements
from bot.handoff.routes import PLAIN
from tests.actions.talk import Begin

TRANSFER = "transfer_money"


@pytest.fixture
def switch(services: Services) -> Announcements:
    return services.announcements


def stop(services: Services, *lines: str) -> None:
    services.announcements.announce(
        "手机银行正在升级。", by="M001", kind="maintenance", lines=lines, groups=PLAIN.groups,
        until=services.clock() + timedelta(hours=6),
    )  # fmt: skip


def test_it_is_said_before_anything_is_asked_for(talk: Begin, services: Services) -> None:
    stop(services, "transfer", "account")
    zhang = talk()
    said = zhang.say("给李梅转500", TRANSFER)
    assert said == (
        "抱歉，因系统维护，转账缴费业务暂时办不了（预计 3月2日 18:00 恢复），没有为您办理。"
        "恢复后再来找我就好，也可以转人工。"
    )
    assert zhang.loop is None and zhang.button("转人工")
    assert "账户业务暂时办不了" in zhang.say("查一下余额", "check_balance")
    services.announcements.end("M001")
    assert "余额" in zhang.say("查一下余额", "check_balance")


def test_nobody_signs_in_for_nothing(talk: Begin, services: Services) -> None:
    stop(services, "account")
    assert "暂时办不了" in talk(None).say("查一下余额", "check_balance")  # type: ignore[arg-type]


def test_other_business_goes_on_and_so_does_a_form_under_way(
    talk: Begin, services: Services
) -> None:
    zhang = talk()
    zhang.say("给李梅转账", TRANSFER)
    stop(services, "credit_card")
    assert "暂时办不了" in zhang.say("信用卡账单多少", "query_card_bill")
    assert zhang.loop == "transfer_money_form"
    assert "余额" in talk().say("查一下余额", "check_balance")


@pytest.mark.parametrize(
    ("text", "intent", "line"),
    [
        ("我的卡丢了", "report_card_loss", "card"),
        ("把账户冻结", "freeze_account", "account"),
        ("撤销转账", "cancel_transfer", "transfer"),
        ("有一笔钱不是我刷的", "dispute_transaction", "dispute_risk"),
    ],
    ids=["loss", "freeze", "cancel", "dispute"],
)
def test_what_protects_money_is_tried_all_the_same(
    talk: Begin, services: Services, text: str, intent: str, line: str
) -> None:
    stop(services, line)
    assert "暂时办不了" not in talk().say(text, intent)
