"""Killing each process in mid-conversation loses and doubles nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.assistant import Assistant

pytestmark = pytest.mark.service


@pytest.fixture
def mortal(assistant: Assistant) -> Iterator[Assistant]:
    """The shared assistant, whole again afterwards whatever the test did to it."""
    yield assistant
    for name, process in assistant.processes.items():
        if process.poll() is not None:
            assistant.start_part(name)
    assistant.wait_ready()


@pytest.mark.parametrize("part", ["rasa", "actions"])
def test_an_apology_and_then_it_works_again(mortal: Assistant, part: str) -> None:
    customer = mortal.customer("C1001")
    customer.say("你好")
    mortal.kill(part)
    assert "抱歉" in customer.say("查余额")
    assert "转人工" in [reply["title"] for reply in customer.latest[-1]["quick_replies"]]
    mortal.start_part(part)
    mortal.wait_ready()
    customer.say("查余额")
    assert customer.card("accounts")


def test_a_person_is_in_reach_while_rasa_is_down(mortal: Assistant) -> None:
    customer = mortal.customer("C1001")
    mortal.kill("rasa")
    customer.say("转人工")
    customer.messages()
    assert customer.state == "queued"


def test_the_gateway_forgets_nothing(mortal: Assistant) -> None:
    customer = mortal.customer("C1001")
    customer.say("你好")
    client_id = str(uuid.uuid4())
    seq = customer.post({"text": "查余额", "client_id": client_id}).json()["seq"]
    mortal.kill("gateway")
    mortal.start_part("gateway")
    mortal.wait_ready()
    assert customer.post({"text": "查余额", "client_id": client_id}).json()["seq"] == seq
    customer.wait_after(seq)
    assert customer.card("accounts")
    every = customer.messages()
    assert [message["seq"] for message in every] == list(range(1, len(every) + 1))
    assert len([message for message in every if message["client_id"] == client_id]) == 1
    assert len([m for m in every if (m["card"] or {}).get("type") == "accounts"]) == 1
