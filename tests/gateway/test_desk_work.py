"""Agents at the desk: what they see, what they do, and what is not theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import Directory, Seat, seat, waits
from tests.gateway.conftest import DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.handoff.world import ROUTES

PEOPLE = {
    "ann": ("agent",), "bob": ("agent",), "eve": ("agent",), "lea": ("agent", "lead"),
    "max": ("supervisor",), "tom": ("author",),
}  # fmt: skip


@pytest.fixture
def house(db: Database) -> FastAPI:
    for name, roles in PEOPLE.items():
        # Accounts are told apart without regard to capitals, and so are agents.
        hire(db, utc_now, name.capitalize(), *roles)  # type: ignore[arg-type]
    config = make_config("http://127.0.0.1:1", routes=ROUTES, reveals_a_day=2)
    return create_app(config, db, demo=DemoHouse(), directory=Directory())


@pytest.fixture
def parts(house: FastAPI) -> Parts:
    found: Parts = house.state.parts
    return found


@pytest.fixture
async def ann(house: FastAPI) -> AsyncIterator[Seat]:
    async with seat(house, "ann") as found:
        yield found


async def test_the_whole_way_of_a_ticket_at_the_desk(ann: Seat, parts: Parts) -> None:
    ticket = waits(parts, "C1001", "我的卡 6222020200112233445 刷不了")
    (offered,) = (await ann.get("/tickets", view="mine"))["tickets"]
    assert (offered["number"], offered["state"], offered["agent"]) == (ticket.id, "offered", "ann")
    taken = await ann.on(ticket.id, "accept")
    assert taken["state_name"] == "服务中" and taken["sla"]["first"]["stopped_at"] is None
    shown = await ann.get(f"/tickets/{ticket.id}")
    assert shown["customer_card"]["fields"][0]["value"] == "*伟"
    assert len(shown["summary"]) == 3 and [m["state"] for m in shown["history"]][-1] == "active"
    said = (await ann.get(f"/tickets/{ticket.id}/messages"))["messages"]
    assert "6222020200112233445" not in str(said) and "3445" in said[0]["text"]
    first = await ann.on(ticket.id, "messages", text="您好，请讲。", client_id="a1")
    assert await ann.on(ticket.id, "messages", text="您好，请讲。", client_id="a1") == first
    await ann.on(ticket.id, "messages", 409, text="别的话", client_id="a1")
    read = await ann.on(ticket.id, "read", seq=first["seq"])
    assert read["seen_seq"] == read["last_seq"] == first["seq"]
    assert (await ann.on(ticket.id, "read", seq=1))["seen_seq"] == first["seq"]
    assert (await ann.on(ticket.id, "hold", note="查账"))["state"] == "on_hold"
    assert (await ann.on(ticket.id, "resume"))["state"] == "active"
    assert (await ann.on(ticket.id, "end"))["state"] == "wrap_up"
    error = await ann.on(ticket.id, "resolve", 422, code="whatever")
    assert "whatever" in error["message"] and error["code"] == "invalid"
    await ann.on(ticket.id, "resolve", code="answered", note="已说明，卡尾号 6222020200112233445")
    closed = await ann.get(f"/tickets/{ticket.id}")
    assert closed["resolution"]["name"] == "已解答"
    assert "6222020200112233445" not in str(closed)
    (recent,) = (await ann.get("/tickets", view="recent"))["tickets"]
    assert recent["number"] == ticket.id and recent["ended_at"]
