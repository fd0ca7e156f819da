"""Complaints and suggestions over the public API."""

from __future__ import annotations

import re

import pytest

from tests.assistant import Assistant, Customer
from tests.service.test_main_job import number

pytestmark = pytest.mark.service


def case_of(answer: str) -> str:
    found = re.search(r"CT\d{8}-\d{4}", answer)
    assert found, answer
    return found.group()


def served(assistant: Assistant, ticket: str) -> None:
    """An agent takes the conversation and ends it."""
    assistant.bankbot("desk", "claim", ticket, "--agent", "A008")
    assistant.bankbot("desk", "resolve", ticket, "--agent", "A008", "--code", "answered")


def complained(assistant: Assistant, customer: Customer, text: str) -> str:
    answer = customer.say(text)
    assert customer.state == "queued"
    served(assistant, number(answer))
    return case_of(answer)


def test_a_complaint_from_the_first_word_to_its_withdrawal(assistant: Assistant) -> None:
    customer = assistant.customer("C1006")  # who complains nowhere else, so this is the one case
    answer = customer.say("我要投诉你们柜台的服务态度，排队两个小时没人理")
    case = case_of(answer)
    assert customer.state == "queued" and re.search(r"最晚 (\d+年)?\d+月\d+日 答复", answer)
    assert dict(customer.card("receipt")["rows"])["投诉编号"] == case
    # What is written while waiting is kept in the conversation, for whoever takes it.
    customer.post({"text": "我希望当面道歉"})
    assert "我希望当面道歉" in assistant.bankbot("desk", "show", number(answer))
    served(assistant, number(answer))

    assert case in customer.say("我的投诉到哪一步了")
    assert customer.state == "bot"
    assert case in customer.say("再补充一下，柜员工号是0032")
    assert "确定要撤回" in customer.say("我要撤诉")
    customer.say("投诉多久会有答复？")
    assert "确定要撤回" in customer.latest[-1]["text"]  # the question comes back
    assert "已按您的意思撤回" in customer.say("是的")
    assert "撤回" in customer.say(f"查投诉{case}")


def test_a_case_is_its_owners_only(assistant: Assistant) -> None:
    case = complained(assistant, assistant.customer("C1004"), "投诉你们乱收年费")
    other = assistant.customer("C1003")
    assert f"没有投诉 {case}" in other.say(f"查投诉{case}")
    assert "登录" in assistant.customer().say("我的投诉到哪一步了")


def test_a_suggestion_is_kept_and_needs_nobody(assistant: Assistant) -> None:
    visitor = assistant.customer()
    assert "谢谢" in visitor.say("建议把转账页面的字放大一点")
    assert visitor.state == "bot"
    assert "建议把转账页面的字放大一点" in assistant.bankbot("desk", "suggestions")
