"""A transfer over the public API, as the widget makes it."""

from __future__ import annotations

import httpx
import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service


def rows(customer: Customer, kind: str) -> dict[str, str]:
    return dict(customer.card(kind)["rows"])


def test_every_value_corrected_and_a_question_at_each_step_end_in_one_transfer(
    assistant: Assistant,
) -> None:
    zhang = assistant.customer("C1001")
    asked = "手机银行转账限额是多少"

    def digress() -> None:
        assert "我们继续刚才的转账" in zhang.say(asked)
        assert zhang.latest[0]["source"]["faq_id"]

    zhang.say("我要转账")
    digress()
    zhang.press("李梅")
    digress()
    zhang.say("五百")
    digress()
    zhang.press("2001")
    digress()
    zhang.say("跳过")
    assert rows(zhang, "confirm")["收款人"] == "李梅"
    digress()
    zhang.say("不对，转给王建国")
    assert rows(zhang, "confirm")["收款账户"] == "招商银行 尾号 5634"
    zhang.say("改成三百")
    zhang.say("从8866转")
    zhang.say("备注改成饭钱")
    shown = rows(zhang, "confirm")
    assert shown["金额"] == "¥300.00" and shown["付款账户"] == "储蓄卡 尾号 8866"
    assert shown["附言"] == "饭钱" and shown["收款人"] == "王建国"
    zhang.press("确认转账")
    digress()
    assistant.kill("rasa")
    assistant.kill("actions")
    for part in ("rasa", "actions"):
        assistant.start_part(part)
    assistant.wait_ready()
    answer = zhang.say(zhang.code())
    receipt = rows(zhang, "receipt")
    assert "成功" in answer and receipt["受理编号"].startswith("TF")
    assert receipt["收款人"] == "王建国" and receipt["转账金额"] == "¥300.00"
    zhang.say("看一下尾号8866今天的流水")
    moved = [(i["summary"], i["amount"]) for i in zhang.card("transactions")["items"]]
    # Other tests' transfers are this customer's, too.
    assert moved.count(("转账 王建国", "-¥300.00")) == 1


def test_all_said_at_once_and_the_same_again_is_questioned(assistant: Assistant) -> None:
    wang = assistant.customer("C1003")
    for again in (False, True):
        wang.say("给张伟转88块，备注饭钱")
        if again:
            assert "已经向张伟转过一笔 ¥88.00" in "".join(m["text"] for m in wang.latest)
            wang.press("继续")
        assert rows(wang, "confirm")["金额"] == "¥88.00"
        wang.press("确认转账")
        sent = httpx.get(wang.url("/api/demo/outbox"), params={"customer": "C1003"}).json()
        assert sent[0]["purpose"] == "转账 ¥88.00 给 张伟（尾号 8866）"
        wang.say(wang.code())
        assert wang.card("receipt")


def test_a_safe_account_is_held_and_brings_a_person(assistant: Assistant) -> None:
    chen = assistant.customer("C1005")
    answer = chen.say("帮我把三万块钱转到安全账户")
    assert "不要再" in answer
    assert chen.state == "queued"
