"""A customer follows complaints of their own over the public API, and nobody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.complaints.messenger import Messenger
from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from tests.complaints.desk import ANSWER, Sides
from tests.conftest import Hands
from tests.gateway.conftest import Caller, make_config, running
from tests.gateway.test_files import error, signed_in


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def app(db: Database, hands: Hands) -> FastAPI:
    return create_app(make_config("http://127.0.0.1:1"), db, clock=hands)


@pytest.fixture
def sides(db: Database, hands: Hands) -> Sides:
    return Sides.of(db, hands)


async def mine(caller: Caller) -> list[dict[str, Any]]:
    answer = await caller.call("GET", "complaints")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["complaints"]
    return found


async def ask(caller: Caller, what: str, **body: str) -> httpx.Response:
    return await caller.call("POST", f"complaints/{what}", json={"client_id": "c1", **body})


async def test_state_day_and_every_notice(
    http: httpx.AsyncClient, sides: Sides, parts: Parts, hands: Hands
) -> None:
    zhang = await signed_in(http)
    assert await mine(zhang) == []
    number = sides.open()
    messenger = Messenger(parts.db, parts.log, hands)
    messenger.send(number, "acceptance")
    sides.casework.assign(number, "A1", by="M1")
    sides.tell(number, "acceptance")
    (case,) = await mine(zhang)
    assert (case["state"], case["title"], case["due_on"]) == ("handling", "处理中", "2026-03-17")
    assert case["may"] == ["add_facts", "withdraw"] and not case["overdue"]
    assert [(n["title"], n["channel"]) for n in case["notices"]] == [
        ("受理告知", "在线客服"), ("受理告知", "电话"),
    ]  # fmt: skip
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    (case,) = await mine(zhang)
    assert case["state"] == "handling" and ANSWER.decision not in str(case)
    messenger.send(number, "decision", by="A1")
    (case,) = await mine(zhang)
    assert (case["state"], case["due_on"], case["may"]) == ("decided", None, ["ask_review"])
    assert case["review_until"] == "2026-04-01"
    assert ANSWER.decision in case["notices"][-1]["text"]
    assert ANSWER.decision in (await zhang.read())["messages"][-1]["text"]


async def test_facts_are_added_once(http: httpx.AsyncClient, sides: Sides) -> None:
    zhang, number = await signed_in(http), sides.open()
    text = "找到了收据，卡号6222020200112233445"
    answers = await asyncio.gather(*(ask(zhang, f"{number}/facts", text=text) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    (facts,) = (await mine(zhang))[0]["facts"]
    assert "收据" in facts["text"] and "0112233" not in facts["text"]
    assert error(await ask(zhang, f"{number}/facts", text="别的")) == (409, "client_id_reused")
    assert error(await ask(zhang, f"{number}/withdrawal")) == (409, "client_id_reused")
    assert error(await ask(zhang, f"{number}/facts", text=" \u200b", client_id="c2")) == (
        422, "text_empty",
    )  # fmt: skip


async def test_a_withdrawal_is_told_in_the_conversation_once(
    http: httpx.AsyncClient, sides: Sides
) -> None:
    zhang, number = await signed_in(http), sides.open()
    for _ in range(2):
        answer = await ask(zhang, f"{number}/withdrawal", why="已解决")
        assert answer.json()["state"] == "withdrawn" and answer.json()["may"] == []
    (told,) = (await zhang.read())["messages"]
    assert told["text"].startswith(f"投诉 {number} 已按您的意思撤回，3月2日起不再处理")
    late = await ask(zhang, f"{number}/facts", text="反悔了", client_id="c2")
    assert error(late) == (409, "complaint_state")
    assert "已结束，不能再补充" in late.json()["error"]["message"]


async def test_a_review_is_asked_for_once_and_in_time(
    http: httpx.AsyncClient, sides: Sides, hands: Hands
) -> None:
    zhang, number = await signed_in(http), sides.open()
    early = await ask(zhang, f"{number}/review", why="不认可")
    assert error(early) == (409, "complaint_state")
    done = sides.answered("k2")
    for _ in range(2):
        answer = await ask(zhang, f"{done}/review", why="金额不对")
        assert answer.json()["review"] == {
            "asked_at": "2026-03-02T04:00:00.000Z", "due_on": "2026-04-01", "result": None,
        }  # fmt: skip
    assert len((await zhang.read())["messages"]) == 1
    other = sides.answered("k3")
    hands.forward(days=31)
    zhang = await signed_in(http)
    late = await ask(zhang, f"{other}/review", why="不认可")
    assert "2026年4月1日届满" in late.json()["error"]["message"]


async def test_another_customers_case_is_not_there(http: httpx.AsyncClient, sides: Sides) -> None:
    number, li = sides.open(), await signed_in(http, "C1003")
    assert await mine(li) == []
    for what, body in (("facts", {"text": "x"}), ("withdrawal", {}), ("review", {"why": "x"})):
        assert error(await ask(li, f"{number}/{what}", **body)) == (404, "complaint_unknown")
    assert sides.casework.get(number).state == "received" and not sides.casework.facts(number)


async def test_whoever_is_not_signed_in_is_asked_to(http: httpx.AsyncClient, sides: Sides) -> None:
    visitor, number = await Caller(http).open(), sides.open()
    assert error(await visitor.call("GET", "complaints")) == (403, "sign_in_required")
    assert error(await ask(visitor, f"{number}/withdrawal")) == (403, "sign_in_required")
    zhang = await signed_in(http)
    zhang.token = visitor.token
    assert error(await zhang.call("GET", "complaints")) == (403, "foreign_conversation")


async def test_too_many_at_once(db: Database, sides: Sides, hands: Hands) -> None:
    number = sides.open()
    config = make_config("http://127.0.0.1:1", messages_per_minute=2)
    async with running(create_app(config, db, clock=hands)) as http:
        zhang = await signed_in(http)
        for count in range(2):
            done = await ask(zhang, f"{number}/facts", text="收据", client_id=f"f{count}")
            assert done.status_code == 200
        assert error(await ask(zhang, f"{number}/facts", text="x")) == (429, "too_many_requests")
