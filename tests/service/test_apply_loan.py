"""A loan application over the public API, with a paper handed in and gone on with another day."""

from __future__ import annotations

import httpx
import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 50 + b"\xff\xd9"


def upload(customer: Customer, name: str) -> str:
    """Hand a file in as the widget does; what is answered."""
    answer = httpx.post(
        customer.url(f"/api/conversations/{customer.conversation}/files"),
        params={"client_id": name},
        headers={"Authorization": f"Bearer {customer.token}", "X-File-Name": name},
        content=JPEG,
        timeout=20,
    )
    assert answer.status_code == 202, answer.text
    return customer.wait_after(answer.json()["seq"])


def test_begun_today_and_finished_in_another_conversation(assistant: Assistant) -> None:
    zhang = assistant.customer("C1001")
    zhang.say("我要申请消费贷十万，分24个月还")
    assert "用在哪里" in zhang.latest[-1]["text"], zhang.latest
    assert "保存好了" in zhang.say("算了")

    later = assistant.customer("C1001")
    assert "接着填" in later.say("继续我的贷款申请")
    later.say("装修")
    later.say("一万五")
    assert "信用报告" in later.latest[-1]["text"]
    assert "明确表示" in later.say("好的")
    later.say("我同意授权")
    assert dict(later.card("confirm")["rows"])["贷款金额"] == "¥100,000.00"
    later.press("确认贷款申请")
    assert "申请编号 LA" in later.say(later.code())
    later.press("上传身份证")
    assert "已收到身份证正反面（id.jpg）" in upload(later, "id.jpg")
    assert "哪一项材料" in upload(later, "pay.jpg")
    assert "已收到近六个月收入证明" in later.say("这是我的工资流水")
    later.press("上传用途证明")
    assert "已转入审核" in upload(later, "use.jpg")
    assert "正在审核" in later.say("贷款进度")
    later.say("撤回我的贷款申请")
    assert "已撤回" in later.press("确认撤回申请")


def test_who_opens_a_conversation_is_reminded_of_missing_papers_once_a_day(
    assistant: Assistant,
) -> None:
    zhao = assistant.customer("C1007")
    assert "还差近六个月收入证明或工资流水" in zhao.wait_after(0)
    assert "提醒您" not in zhao.say("你好")
    assert "提醒您" not in assistant.customer("C1007").say("你好")
    assert "C1007" in assistant.bankbot("loans", "waiting")


def test_a_file_is_for_one_of_several_applications(assistant: Assistant) -> None:
    zhao = assistant.customer("C1007")
    zhao.say("我要申请车贷八万")
    zhao.say("算了")
    assert "2 份贷款申请" in upload(zhao, "liushui.jpg")
    assert "哪一项" in zhao.press("消费")
    assert "已收到近六个月收入证明" in zhao.press("是近六个月收入")
