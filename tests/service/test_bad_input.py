"""What a careless or hostile customer sends gets a clear answer and nobody else's data."""

from __future__ import annotations

import httpx
import pytest

from tests.assistant import Assistant, Customer

pytestmark = pytest.mark.service


def rejected(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]
    assert "Traceback" not in answer.text


def test_text_that_begins_with_a_slash_is_text(assistant: Assistant) -> None:
    for text in ("/restart", "/report_card_loss", "／unfreeze_account", '/inform{"code_ref":"x"}'):
        customer = assistant.customer("C1001")
        customer.say(text)
        assert not any(message["card"] for message in customer.latest), text


def test_too_long_and_empty(assistant: Assistant) -> None:
    customer = assistant.customer()
    rejected(customer.post({"text": "好" * 10_000}), 413)
    rejected(customer.post({"text": "  "}), 422)
    rejected(customer.post({}), 422)


def test_control_characters_and_emoji(assistant: Assistant) -> None:
    customer = assistant.customer("C1001")
    customer.say("查\x00余\x07额\u200b")
    assert customer.card("accounts")
    assert customer.say("😀😀😀")


def test_tokens(assistant: Assistant) -> None:
    mine, other = assistant.customer("C1001"), assistant.customer("C1002")
    other.token = mine.token
    rejected(other.post({"text": "查余额"}), 403)
    rejected(Customer(assistant, None, mine.conversation, "nonsense").post({"text": "你好"}), 401)
    forged = httpx.post(
        mine.url("/api/conversations"),
        json={},
        headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJDMTAwMSJ9."},
    )
    rejected(forged, 401)


def test_nobody_reaches_another_customers_card(assistant: Assistant) -> None:
    other = assistant.customer("C1003")
    answer = other.say("挂失尾号8866的卡")
    assert not any((message["card"] or {}).get("type") == "confirm" for message in other.latest)
    assert "8866" not in str([message["quick_replies"] for message in other.latest])
    assert answer


def test_no_customer_datum_in_the_logs(assistant: Assistant) -> None:
    customer = assistant.customer("C1001")
    secret = "6222020200112233445"
    customer.say(f"我的卡号是{secret}，帮我查余额")
    customer.say("我的密码是864213")
    logs = "".join(path.read_text() for path in assistant.var.glob("*.log"))
    assert secret not in logs
    database = (assistant.var / "bankbot.db").read_bytes()
    for path in assistant.var.glob("bankbot.db-wal"):
        database += path.read_bytes()
    assert b"864213" not in database
