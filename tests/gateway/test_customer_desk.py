"""Waiting for a person, and what comes after, over the public API."""

from __future__ import annotations

from typing import Any

import httpx

from bot.gateway.parts import Parts
from bot.storage import Database
from tests.gateway.conftest import Caller
from tests.gateway.peers import Rasa, Served, sse

AGENT = "A001"


async def look(caller: Caller) -> dict[str, Any]:
    answer = await caller.call("GET", "handoff")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def act(caller: Caller, what: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await caller.call("POST", f"handoff/{what}", json=body or None)
    assert answer.status_code == status, answer.text
    return dict(answer.json() if status == 200 else answer.json()["error"])


async def queue_up(caller: Caller, rasa: Rasa, text: str = "转人工") -> str:
    """The ticket of a customer who has called a person, without Rasa."""
    rasa.server.stop()
    await caller.say(text)
    return str((await look(caller))["ticket"]["number"])


async def test_nothing_to_see_without_a_ticket(caller: Caller) -> None:
    assert await look(caller) == {"ticket": None, "slots": [], "survey": None, "may": []}
    refused = await act(caller, "keep-assistant", 409)
    assert refused["code"] == "handoff_state" and "没有在排队" in refused["message"]
    assert (await act(caller, "leave"))["ticket"] is None


async def test_who_waits_asks_the_assistant_meanwhile_then_is_called_back(
    caller: Caller, rasa: Rasa
) -> None:
    number = await queue_up(caller, rasa)
    seen = await look(caller)
    assert seen["ticket"] == {
        "number": number, "state": "waiting", "position": 1, "minutes": None, "callback": None,
        "agent": None,
    }  # fmt: skip
    assert seen["may"] == ["leave", "callback", "keep_assistant"]
    assert (await act(caller, "keep-assistant"))["may"] == ["leave", "callback"]
    wrong = await act(caller, "callback", 422, at="2026-01-01T00:00:00Z")
    assert "请从给出的时段里选" in wrong["message"]
    assert (await act(caller, "callback", 422, at=seen["slots"][0]["at"][:-1]))[
        "code"
    ] == "time_zone"
    agreed = await act(caller, "callback", at=seen["slots"][1]["at"])
    assert agreed["ticket"]["callback"] == seen["slots"][1] and agreed["may"] == ["leave"]
    page = await caller.read()
    assert (page["state"], page["ticket"]["state"]) == ("bot", "callback")
    assert (await act(caller, "leave"))["ticket"] is None
    assert "已为您取消人工服务" in (await caller.read())["messages"][-1]["text"]


async def test_ending_it_then_judging_it_then_coming_back(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    number = await queue_up(caller, rasa)
    parts.desk.claim(number, AGENT)
    seen = await look(caller)
    assert (seen["ticket"]["agent"], seen["may"]) == (AGENT, ["leave"])
    over = await act(caller, "leave")
    assert over["survey"] == {
        "ticket": number, "agent": AGENT, "satisfied": None, "why": [], "comment": "",
    }  # fmt: skip
    assert over["may"] == ["survey", "not_resolved"]
    answered = await act(
        caller, "survey", ticket=number, satisfied=False, why=["slow"],
        comment="等了半小时，卡号6222020200112233445，密码是864213",
    )  # fmt: skip
    kept = answered["survey"]
    assert (kept["satisfied"], kept["why"]) == (False, ["slow"])
    assert "0200112" not in kept["comment"] and "864213" not in kept["comment"]
    back = await act(caller, "not-resolved", ticket=number)
    assert (back["ticket"]["number"], back["ticket"]["state"]) == (number, "waiting")
    assert await act(caller, "not-resolved", ticket=number) == back
    assert parts.queue.get(number).priority == 2
    refused = await act(caller, "survey", 409, ticket=number, satisfied=True)
    assert "截止" in refused["message"]


async def test_another_ticket_is_not_brought_back(caller: Caller, rasa: Rasa, parts: Parts) -> None:
    number = await queue_up(caller, rasa)
    parts.desk.claim(number, AGENT)
    parts.desk.resolve(number, AGENT, code="done", note="")
    refused = await act(caller, "not-resolved", 409, ticket="T20260101-0001")
    assert refused["code"] == "handoff_state"
    assert parts.queue.get(number).state == "resolved"


async def test_only_the_conversations_own_token_opens_it(
    http: httpx.AsyncClient, caller: Caller
) -> None:
    other = await Caller(http).open()
    foreign = Caller(http, caller.id, other.token)
    assert (await foreign.call("GET", "handoff")).status_code == 403
    assert (await foreign.call("POST", "handoff/leave")).status_code == 403
    assert (await Caller(http, caller.id).call("GET", "handoff")).status_code == 401


async def test_the_announcement_comes_before_the_first_answer(caller: Caller, parts: Parts) -> None:
    switch = parts.queue.announcements
    announced = switch.announce(
        "手机银行转账暂时不可用。", by="M001", kind="outage", groups=parts.config.routes.groups
    )
    assert (await caller.read())["announcement"] == {
        "id": announced.id, "kind": "outage", "title": "大面积故障公告",
        "text": "手机银行转账暂时不可用。", "until": None,
    }  # fmt: skip
    told = await caller.say("挂失收费吗", 2)
    assert [each["role"] for each in told] == ["system", "bot"]
    assert told[0]["card"] == {"type": "announcement", "id": announced.id}
    assert [each["role"] for each in await caller.say("手续费多少")] == ["bot"]
    switch.end("M001")
    assert (await caller.read())["announcement"] is None


def test_an_open_page_hears_of_an_announcement_and_of_its_end(
    live: Served, parts: Parts, db: Database
) -> None:
    opened = httpx.post(f"{live.url}/api/conversations").json()
    with sse(live.url, opened["conversation_id"], opened["token"]) as events:
        assert [next(events)[::2] for _ in range(2)] == [
            ("state", {"state": "bot"}), ("announcement", None),
        ]  # fmt: skip
        switch = parts.queue.announcements
        switch.announce("系统升级。", by="M001", groups=parts.config.routes.groups)
        name, _, told = next(events)
        assert (name, told["text"]) == ("announcement", "系统升级。")
        switch.end("M001")
        assert next(events)[::2] == ("announcement", None)
