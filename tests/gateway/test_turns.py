"""Answers come in order, once, and in spite of whatever dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.app import create_app
from bot.gateway.assistant import OPENING
from bot.gateway.parts import Parts
from bot.gateway.turns import APOLOGY, wants_person
from bot.storage import Database
from tests.gateway.conftest import Caller, customer_jwt, make_config, running
from tests.gateway.peers import Rasa, eventually, free_port, until

ROOT = Path(__file__).parents[2]


async def test_messages_are_answered_one_at_a_time_and_in_order(caller: Caller, rasa: Rasa) -> None:
    rasa.open.clear()
    texts = [f"第{number}句" for number in range(6)]
    for text in texts:
        assert (await caller.post(text=text)).status_code == 202
    await asyncio.sleep(0.1)
    assert [body["message"] for body in rasa.asked] == texts[:1]
    rasa.open.set()
    answers = await caller.wait(len(texts), len(texts))
    assert [m["text"] for m in answers] == [f"回声：{text}" for text in texts]
    every = (await caller.read())["messages"]
    assert [m["seq"] for m in every] == list(range(1, 13))


async def test_the_answer_reaches_rasa_with_its_name_and_channel(
    http: httpx.AsyncClient, rasa: Rasa
) -> None:
    caller = await Caller(http).open(json={"channel": "app"})
    await caller.say("你好")
    # When it was written, so that an outage is no silence of the customer's.
    written = rasa.asked[0]["metadata"].pop("at")
    assert 0 <= time.time() - written < 60
    assert rasa.asked == [
        {
            "sender": caller.id,
            "message": "你好",
            "kind": "text",
            "message_id": f"{caller.id}:1",
            "metadata": {"channel": "app", "signed_in": False},
        }
    ]


async def test_a_signed_in_customer_is_vouched_for(http: httpx.AsyncClient, rasa: Rasa) -> None:
    headers = {"Authorization": f"Bearer {customer_jwt()}"}
    caller = await Caller(http).open(headers=headers)
    await caller.say("你好")
    assert rasa.asked[0]["metadata"]["signed_in"] is True


async def test_related_questions_are_buttons_of_their_own_group(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失收费吗"] = [
        {
            "text": "不收费。",
            "buttons": [{"title": "立即挂失", "payload": "/report_card_loss"}],
            "related": [{"title": "补卡要几天？", "payload": "补卡要几天？"}],
        }
    ]
    [told] = await caller.say("挂失收费吗")
    assert told["quick_replies"] == [
        {"title": "立即挂失", "value": "2.0", "group": "business"},
        {"title": "补卡要几天？", "value": "2.1", "group": "related"},
    ]
    answer = await caller.post(quick_reply="2.1")
    assert (await caller.wait(answer.json()["seq"]))[0]["text"] == "回声：补卡要几天？"
    assert rasa.asked[-1]["kind"] == "text"


async def test_rasa_down_an_apology_then_recovery(caller: Caller, rasa: Rasa) -> None:
    rasa.server.stop()
    [sorry] = await caller.say("查余额")
    assert sorry["text"] == APOLOGY.text
    assert [reply["title"] for reply in sorry["quick_replies"]] == ["转人工"]
    rasa.server.start()
    assert (await caller.say("查余额"))[0]["text"] == "回声：查余额"


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"text": "", "buttons": [], "custom": None}],
        [{"text": "x", "buttons": [{"title": "no payload"}]}],
        [{"text": "x", "buttons": [{"title": "t", "payload": {"a": 1}}]}],
        [{"text": 7}],
        ["not an object"],
    ],
)
async def test_an_unusable_answer_is_a_failure(caller: Caller, rasa: Rasa, said: list[Any]) -> None:
    rasa.script["查余额"] = said
    assert (await caller.say("查余额"))[0]["text"] == APOLOGY.text
    assert (await caller.say("你好"))[0]["text"] == "回声：你好"


async def test_a_slow_rasa_is_not_waited_for_for_ever(rasa: Rasa, db: Database) -> None:
    async with running(create_app(make_config(rasa.url, assistant_timeout=0.3), db)) as http:
        caller = await Caller(http).open()
        rasa.open.clear()
        assert (await caller.say("查余额"))[0]["text"] == APOLOGY.text
        metrics = (await http.get("/metrics")).text
        assert 'bankbot_assistant_failures_total{cause="timeout"} 1.0' in metrics
        rasa.open.set()


async def test_the_apologys_button_reaches_a_person_without_rasa(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    rasa.server.stop()
    [sorry] = await caller.say("我的卡6222020200112233445丢了")
    answer = await caller.post(quick_reply=sorry["quick_replies"][0]["value"])
    told = await caller.wait(answer.json()["seq"])
    assert told[0]["role"] == "system"
    seen = await caller.read()
    assert seen["state"] == "queued"
    assert seen["ticket"]["position"] == 1
    ticket = parts.queue.open_ticket_of(caller.id)
    assert ticket is not None
    assert ticket.reason == "assistant_down"
    assert "丢了" in ticket.summary and "6222020200112233445" not in ticket.summary


@pytest.mark.parametrize("text", ["转人工", "人工", "我要找真人", "人工客服在吗"])
async def test_asking_for_a_person_works_without_rasa(
    caller: Caller, rasa: Rasa, text: str
) -> None:
    rasa.server.stop()
    await caller.say(text)
    assert (await caller.read())["state"] == "queued"


def test_not_everything_asks_for_a_person() -> None:
    assert not wants_person("查余额")
    assert not wants_person("挂失" * 20 + "人工")


async def test_with_a_person_rasa_is_not_asked(caller: Caller, rasa: Rasa, parts: Parts) -> None:
    rasa.server.stop()
    await caller.say("转人工")
    ticket = parts.queue.open_ticket_of(caller.id)
    assert ticket is not None
    rasa.server.start()
    before = len(rasa.asked)
    sent = await caller.post(text="在吗")
    assert sent.json()["state"] == "queued"
    parts.desk.claim(ticket.id, "A001")
    parts.desk.reply(ticket.id, "A001", "您好，请讲。")
    assert (await caller.read())["state"] == "human"
    sent = await caller.post(text="我的卡丢了")
    assert sent.json()["state"] == "human"
    await eventually(lambda: not parts.log.pending_conversations())
    assert len(rasa.asked) == before
    texts = [m.text for m in parts.desk.transcript_of(parts.queue.get(ticket.id))]
    assert "在吗" in texts and "我的卡丢了" in texts
    parts.desk.resolve(ticket.id, "A001", code="answered", note="")
    assert (await caller.read())["state"] == "bot"
    assert (await caller.say("谢谢"))[-1]["text"] == "回声：谢谢"


async def test_a_turn_that_hands_over_and_says_nothing_more_is_no_failure(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    def hand_over(body: dict[str, Any]) -> None:
        parts.desk.hand_over(
            body["sender"],
            customer_id=None,
            reason="request_human",
            line="general",
            slots={},
        )

    rasa.during = hand_over
    rasa.script["转人工"] = []
    told = await caller.say("转人工")
    await eventually(lambda: not parts.log.pending_conversations())
    assert [m["role"] for m in told] == ["system"]
    assert APOLOGY.text not in str((await caller.read())["messages"])


async def test_a_start_goes_on_with_what_was_left(rasa: Rasa, db: Database) -> None:
    config = make_config(rasa.url)
    async with running(create_app(config, db)) as http:
        caller = await Caller(http).open()
    # Stored by a gateway that died before it could do anything about it.
    parts: Parts = create_app(config, db).state.parts
    parts.inbox.text(caller.id, "查余额", "a")
    parts.inbox.text(caller.id, "查明细", "b")
    assert parts.log.take_pending(caller.id) is not None
    async with running(create_app(config, db)) as http:
        caller.http = http
        answers = await caller.wait(2, 2)
    assert [m["text"] for m in answers] == ["回声：查余额", "回声：查明细"]


class Killable:
    """A gateway in a process of its own."""

    def __init__(self, database: str, rasa: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [
            sys.executable, "-m", "tests.gateway.process", str(self.port), database, rasa
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=dict(os.environ))
        until(self._alive)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def _alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


async def test_killed_in_mid_turn_nothing_is_lost_and_nothing_doubled(
    rasa: Rasa, db: Database
) -> None:
    gateway = Killable(db.url, rasa.url)
    try:
        await asyncio.to_thread(gateway.start)
        async with httpx.AsyncClient(base_url=gateway.url) as http:
            caller = await Caller(http).open()
            await caller.say("你好")
            rasa.open.clear()
            await caller.post("a", text="挂失")
            await caller.post("b", text="在吗")
            await eventually(lambda: len(rasa.asked) == 2)
            gateway.kill()
            # Rasa finishes the turn whose asker is gone.
            rasa.open.set()
            await asyncio.to_thread(gateway.start)
            again = await caller.post("a", text="挂失")
            assert again.json()["seq"] == 3
            answers = await caller.wait(4, 2)
            assert [m["text"] for m in answers] == ["回声：挂失", "回声：在吗"]
            every = (await caller.read())["messages"]
    finally:
        gateway.kill()
    assert [m["seq"] for m in every] == list(range(1, 7))
    assert [m["client_id"] for m in every if m["role"] == "customer"] == ["m1", "a", "b"]
    assert rasa.ran == [f"{caller.id}:{seq}" for seq in (1, 3, 4)]


async def test_a_signed_in_customer_is_told_what_waits_before_anything_is_asked(
    http: httpx.AsyncClient, rasa: Rasa
) -> None:
    told = {
        "text": "提醒您：材料还差一项。",
        "buttons": [{"title": "上传", "payload": "/loan_materials"}],
    }
    rasa.script[OPENING] = [told]
    headers = {"Authorization": f"Bearer {customer_jwt()}"}
    caller = await Caller(http).open(headers=headers)
    await caller.wait(0, 1)
    await caller.say("你好")
    every = (await caller.read())["messages"]
    assert [m["text"] for m in every] == [told["text"], "你好", "回声：你好"]
    assert (await caller.post(quick_reply="1.0")).status_code == 409  # written since


async def test_nobody_waits_for_what_the_opening_has_to_say(
    http: httpx.AsyncClient, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.turns.OPENING_SECONDS", 0.2)
    rasa.open.clear()
    headers = {"Authorization": f"Bearer {customer_jwt()}"}
    caller = await Caller(http).open(headers=headers)
    assert (await caller.post(text="你好")).status_code == 202
    await eventually(lambda: rasa.opened and rasa.asked)
    rasa.open.set()
    assert [m["text"] for m in await caller.wait(1, 1)] == ["回声：你好"]
