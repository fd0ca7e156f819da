"""Colleagues who ask each other at the desk: who sees it, who may answer, who is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import Directory, Seat, cookie_of, listening, seat, waits
from tests.gateway.conftest import IN_TESTS, DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.gateway.peers import Served
from tests.handoff.world import ROUTES

# Of the third, the roster says that he is a lead, and his account does not.
PEOPLE = {
    "ann": ("agent",), "bob": ("agent",), "eve": ("agent",), "lea": ("agent", "lead"),
    "lou": ("agent",), "max": ("supervisor",),
}  # fmt: skip
TWO_LEADS = ROUTES.copy(update={"agents": {**ROUTES.agents, "lou": ROUTES.agents["lea"]}})


@pytest.fixture
def house(db: Database) -> FastAPI:
    for name, roles in PEOPLE.items():
        hire(db, utc_now, name, *roles)  # type: ignore[arg-type]
    config = make_config("http://127.0.0.1:1", routes=TWO_LEADS)
    return create_app(config, db, demo=DemoHouse(), directory=Directory())


@pytest.fixture
def parts(house: FastAPI) -> Parts:
    found: Parts = house.state.parts
    return found


@pytest.fixture
def served(house: FastAPI) -> Iterator[Served]:
    server = Served(house, **IN_TESTS).start()
    yield server
    server.stop()


async def office(stack: AsyncExitStack, house: FastAPI, *names: str) -> list[Seat]:
    """These people at the desk; the first has a customer, who came before the others."""
    seats = [await stack.enter_async_context(seat(house, name, None)) for name in names]
    await seats[0].do("/presence", state="ready")
    ticket = waits(house.state.parts, "C1001", "我的卡刷不了")
    await seats[0].on(ticket.id, "accept")
    for each in seats[1:]:
        await each.do("/presence", state="ready")
    return seats


def number_of(parts: Parts) -> str:
    (ticket,) = parts.queue.list()
    return ticket.id


def texts(parts: Parts) -> list[str]:
    (ticket,) = parts.queue.list()
    return [each.text for each in parts.log.after(ticket.conversation_id)]


async def numbers(who: Seat) -> list[str]:
    return [row["number"] for row in (await who.get("/tickets", view="mine"))["tickets"]]


async def test_a_colleague_sees_what_they_are_asked_to_take_and_takes_it(
    house: FastAPI, parts: Parts
) -> None:
    async with AsyncExitStack() as stack:
        ann, bob, eve = await office(stack, house, "ann", "bob", "eve")
        number, told = number_of(parts), texts(parts)
        await bob.get(f"/tickets/{number}", 403)
        row = await ann.on(number, "transfer", agent="bob", note="卡号 6222020200112233445")
        (ask,) = row["asks"]
        assert (row["agent"], ask["kind"], ask["asked"]) == ("ann", "take", ["bob"])
        assert "6222020200112233445" not in ask["note"] and ask["until"] > ask["at"]
        # Who is asked may read, and leaves a trace; nobody else may, and nothing in plain.
        assert (await numbers(bob), await numbers(eve)) == ([number], [])
        await bob.get(f"/tickets/{number}/messages")
        await eve.get(f"/tickets/{number}", 403)
        await bob.on(number, "reveal", 403, field="phone", why="核对身份")
        await bob.on(number, "messages", 403, text="您好", client_id="b1")
        assert "bob" in {act.by for act in parts.agents.audit.list(customer_id="C1001")}
        assert texts(parts) == told
        for who, what, status in (
            (eve, "accept", 403),
            (ann, "accept", 403),
            (bob, "withdraw", 403),
        ):
            await who.on(number, f"asks/{ask['id']}/{what}", status)
        await bob.on(number, f"asks/{ask['id'] + 1}/accept", 404)
        row = await bob.on(number, f"asks/{ask['id']}/accept")
        assert (row["agent"], row["asks"]) == ("bob", [])
        assert texts(parts)[-1].startswith("已为您转接给另一位客服（工号 bob）")
        await ann.get(f"/tickets/{number}", 403)


async def test_who_declined_reads_no_more_and_who_is_off_takes_nothing(
    house: FastAPI, parts: Parts
) -> None:
    async with AsyncExitStack() as stack:
        ann, bob = await office(stack, house, "ann", "bob")
        number = number_of(parts)
        (ask,) = (await ann.on(number, "ask", kind="take", to="bob", note="请帮忙"))["asks"]
        await bob.on(number, f"asks/{ask['id']}/decline", note="在忙")
        await bob.get(f"/tickets/{number}", 403)
        error = await bob.on(number, f"asks/{ask['id']}/accept", 409)
        assert "已婉拒" in error["message"]
        (ask,) = (await ann.on(number, "ask", kind="take", to="bob", note="请帮忙"))["asks"]
        await bob.do("/presence", state="off")
        assert "离线" in (await bob.on(number, f"asks/{ask['id']}/accept", 409))["message"]
        assert (await ann.on(number, f"asks/{ask['id']}/withdraw"))["asks"] == []


@pytest.mark.parametrize("mode", ["join", "whisper"])
async def test_a_lead_of_the_group_looks_in_when_asked(
    house: FastAPI, parts: Parts, mode: str
) -> None:
    async with AsyncExitStack() as stack:
        ann, bob, lea, lou = await office(stack, house, "ann", "bob", "lea", "lou")
        number = number_of(parts)
        assert "写明" in (await ann.on(number, "ask", 422, kind="look"))["message"]
        await bob.on(number, "ask", 403, kind="look", note="请看")
        (ask,) = (await ann.on(number, "ask", kind="look", note="要退费"))["asks"]
        assert (ask["to"], ask["asked"]) == (None, ["lea", "lou"])
        assert (
            "已经请组长看一下"
            in (await ann.on(number, "ask", 409, kind="look", note="快"))["message"]
        )
        await bob.on(number, f"asks/{ask['id']}/accept", 403)
        assert "角色" in (await lou.on(number, f"asks/{ask['id']}/accept", 403))["message"]
        row = await lea.on(number, f"asks/{ask['id']}/accept", mode=mode)
        assert row["guests"] == [{"agent": "lea", "mode": mode}] and row["asks"] == []
        assert any("也加入了会话" in each for each in texts(parts)) == (mode == "join")


async def test_both_sides_are_told_at_once(house: FastAPI, served: Served, parts: Parts) -> None:
    async with AsyncExitStack() as stack:
        ann, bob, lea = await office(stack, house, "ann", "bob", "lea")
        number = number_of(parts)

        async def hears(name: str) -> Any:
            cookie = await cookie_of(house, name)
            return await stack.enter_async_context(listening(served, cookie))

        at_ann, at_bob, at_lea = [await hears(name) for name in ("ann", "bob", "lea")]
        for each in (at_ann, at_bob, at_lea):
            await each.until("tickets")
        (ask,) = (await ann.on(number, "ask", kind="take", to="bob", note="请帮忙"))["asks"]
        seen = await at_bob.until("ticket")
        assert seen["asks"][0]["id"] == ask["id"] and seen["number"] == number
        # Who is asked follows what is said, too.
        await ann.on(number, "messages", text="请稍候", client_id="a1")
        await at_bob.until("message", lambda each: each["text"] == "请稍候")
        await bob.on(number, f"asks/{ask['id']}/decline", note="在忙")
        assert (await at_bob.until("gone"))["number"] == number
        answer = await at_ann.until("answer")
        assert (answer["state"], answer["answered_by"], answer["answer"]) == (
            "declined",
            "bob",
            "在忙",
        )
        await ann.on(number, "ask", kind="look", note="要退费")
        (ask,) = (await at_lea.until("ticket", lambda row: row["asks"] != []))["asks"]
        await lea.on(number, f"asks/{ask['id']}/accept", mode="whisper")
        assert (await at_ann.until("answer"))["state"] == "accepted"
        # A line that was cut meanwhile is told once more.
        again = await hears("ann")
        await again.until("answer", lambda each: each["kind"] == "look")
        assert at_bob.named("answer") == at_lea.named("answer") == []
