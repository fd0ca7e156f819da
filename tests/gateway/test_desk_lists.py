"""Whoever is not on the desk's first page is found all the same."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import Seat, seat, waits
from tests.gateway.conftest import DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.handoff.world import ROUTES


@pytest.fixture
def house(db: Database, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    hire(db, utc_now, "ann", "agent")  # type: ignore[arg-type]
    monkeypatch.setattr("bot.handoff.lookup.PAGE", 2)
    return create_app(make_config("http://127.0.0.1:1", routes=ROUTES), db, demo=DemoHouse())


async def listed(desk: Seat, **asked: Any) -> tuple[list[str], bool, int]:
    found = await desk.get("/tickets", **asked)
    return [row["number"] for row in found["tickets"]], found["more"], found["total"]


async def test_the_queue_is_read_page_by_page_and_searched(house: FastAPI) -> None:
    parts: Parts = house.state.parts
    plain = [waits(parts, f"C{number}").id for number in range(4)]
    urgent = waits(parts, "C9", reason="fraud").id
    async with seat(house, "ann", None) as ann:
        assert await listed(ann, view="queue") == ([urgent, plain[0]], True, 5)
        assert await listed(ann, view="queue", after=plain[0]) == (plain[1:3], True, 5)
        assert await listed(ann, view="queue", after=plain[2]) == (plain[3:], False, 5)
        assert await listed(ann, view="queue", q="C2") == ([plain[2]], False, 1)
        assert await listed(ann, view="queue", q=plain[3][-4:]) == ([plain[3]], False, 1)
        assert await listed(ann, view="queue", q="%") == ([], False, 0)
        assert await listed(ann, view="queue", group="risk") == ([urgent], False, 1)
        # One who has left the queue meanwhile still says where to go on.
        parts.desk.leave(parts.queue.get(plain[0]).conversation_id)
        assert await listed(ann, view="queue", after=plain[0]) == (plain[1:3], True, 4)
        await ann.get("/tickets", 404, view="queue", after="T0")


async def test_callbacks_are_read_page_by_page_soonest_first(house: FastAPI) -> None:
    parts: Parts = house.state.parts
    agreed = []
    for number in range(3):
        ticket = waits(parts, f"C{number}")
        slots = parts.desk.callback_slots(ticket.conversation_id)
        parts.desk.ask_callback(ticket.conversation_id, slots[2 - number][0])
        agreed.insert(0, ticket.id)
    async with seat(house, "ann", None) as ann:
        assert await listed(ann, view="callback") == (agreed[:2], True, 3)
        assert await listed(ann, view="callback", after=agreed[1]) == (agreed[2:], False, 3)
        assert await listed(ann, view="callback", q="C0") == ([agreed[2]], False, 1)
