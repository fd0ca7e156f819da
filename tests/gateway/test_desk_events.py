"""The desk's stream: everything at first, then what changes, from whatever process it came."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from bot.conversations.typing import Typing
from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.leading import LeadDesk
from bot.handoff.queue import TicketQueue
from bot.staff.accounts import Accounts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import cookie_of, eventually, listening, seat, waits
from tests.gateway.conftest import IN_TESTS, DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.gateway.peers import Served
from tests.handoff.world import ROUTES


@pytest.fixture
def house(db: Database) -> FastAPI:
    for name, roles in (("ann", ["agent"]), ("bob", ["agent"]), ("lea", ["agent", "lead"])):
        hire(db, utc_now, name, *roles)  # type: ignore[arg-type]
    config = make_config("http://127.0.0.1:1", routes=ROUTES)
    return create_app(config, db, demo=DemoHouse())


@pytest.fixture
def served(house: FastAPI) -> Iterator[Served]:
    server = Served(house, **IN_TESTS).start()
    yield server
    server.stop()


@pytest.fixture
def elsewhere(db: Database, house: FastAPI) -> LeadDesk:
    """The desk as another process has it, whose acts nobody here is told of."""
    return LeadDesk(db, TicketQueue(db, utc_now, ROUTES), house.state.parts.log)


async def test_a_desk_hears_of_everything_that_is_its_own(
    house: FastAPI, served: Served, elsewhere: LeadDesk
) -> None:
    parts: Parts = house.state.parts
    waiting = waits(parts, reason="dispute")  # nobody who is there knows of disputes
    async with seat(house, "ann") as ann, listening(served, await cookie_of(house, "ann")) as desk:
        assert (await desk.until("hello"))["beat_seconds"] == 10
        first = await desk.until("tickets")
        assert [row["number"] for row in first["queue"]] == [waiting.id] and first["mine"] == []
        mine = waits(parts)
        offered = await desk.until("ticket", lambda row: row["state"] == "offered")
        assert (offered["number"], offered["agent"]) == (mine.id, "ann")
        elsewhere.accept(mine.id, "ann")
        await desk.until("ticket", lambda row: row["state"] == "active")
        # A customer, then a colleague, through another process.
        parts.log.receive(mine.conversation_id, "卡 6222020200112233445", "c1", body_hash="x")
        said = await desk.until("message", lambda each: each["role"] == "customer")
        assert said["number"] == mine.id and "6222020200112233445" not in said["text"]
        elsewhere.join(mine.id, "lea", "whisper")
        elsewhere.note(mine.id, "lea", "先核实身份")
        note = await desk.until("note")
        assert (note["text"], note["whisper"], note["by"]) == ("先核实身份", True, "lea")
        Typing(parts.db).begin(mine.conversation_id, "customer")
        assert (await desk.until("typing"))["typing"] is True
        elsewhere.reply(mine.id, "ann", "您好")
        await desk.until("message", lambda each: each["text"] == "您好")
        elsewhere.end(mine.id, "ann")
        await desk.until("message", lambda each: "已结束" in each["text"])
        parts.log.append(mine.conversation_id, "bot", "智能助手继续为您服务。")
        elsewhere.resolve(mine.id, "ann", code="done", note="")
        assert (await desk.until("gone"))["number"] == mine.id
        assert "bot" not in [each["role"] for each in desk.named("message")]
        numbers = [each["seq"] for each in desk.named("message")]
        assert numbers == sorted(set(numbers))
        await ann.do("/presence", state="away")
        assert (await desk.until("presence"))["state"] == "away"


async def test_a_desk_hears_nothing_of_others_conversations(house: FastAPI, served: Served) -> None:
    parts: Parts = house.state.parts
    async with (
        seat(house, "bob") as bob,
        seat(house, "lea", None) as lea,
        listening(served, await cookie_of(house, "ann")) as ann,
        listening(served, await cookie_of(house, "lea")) as lead,
    ):
        await ann.until("tickets")
        await lead.until("tickets")
        ticket = waits(parts)
        await bob.on(ticket.id, "accept")
        await bob.on(ticket.id, "messages", text="您好，请讲。", client_id="b1")
        await lea.on(ticket.id, "join", mode="join")
        await lead.until("ticket", lambda row: row["guests"] != [])
        await bob.on(ticket.id, "messages", text="请稍等。", client_id="b2")
        await lead.until("message", lambda each: each["text"] == "请稍等。")
        # What was said before is read by the page, and not told.
        assert "您好，请讲。" not in [each["text"] for each in lead.named("message")]
        await bob.on(ticket.id, "resolve", code="done", note="")
        await lead.until("gone", lambda each: each["number"] == ticket.id)
        other = waits(parts, reason="dispute")
        await ann.until("ticket", lambda row: row["number"] == other.id)
        assert ann.named("message") == []


@pytest.mark.parametrize("how", ["signed_out", "role_taken"])
async def test_who_is_out_hears_no_more(
    house: FastAPI, served: Served, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("bot.gateway.desk_stream.CHECK_SECONDS", 0.05)
    async with seat(house, "ann", None) as ann:
        cookie = ann.browser.http.cookies["bankbot_staff"]
        async with listening(served, cookie) as desk:
            await desk.until("tickets")
            if how == "signed_out":
                await ann.browser.call("DELETE", "/api/staff/session")
            else:
                Accounts(house.state.parts.db).set_roles("ann", ["author"], by="test")
            await desk.until("expired")


async def test_a_look_is_shared_and_only_taken_while_somebody_listens(
    house: FastAPI, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: Parts = house.state.parts
    assert parts.agents is not None
    feed = parts.agents.feed
    assert feed.latest.number == 0
    async with listening(served, await cookie_of(house, "ann")) as desk:
        await desk.until("tickets")
        before = feed.latest.number
        ticket = waits(parts, reason="dispute")
        await desk.until("ticket")
        assert feed.latest.tickets[ticket.id].queued and feed.latest.number > before
    await eventually(lambda: not feed._bells)


async def test_a_desk_sees_who_reads_in_large_type(house: FastAPI, served: Served) -> None:
    parts: Parts = house.state.parts
    ticket = waits(parts, reason="dispute")
    token, _ = parts.tokens.issue(ticket.conversation_id)
    path = f"/api/conversations/{ticket.conversation_id}/display"
    async with (
        listening(served, await cookie_of(house, "ann")) as desk,
        httpx.AsyncClient(base_url=served.url) as page,
    ):
        (row,) = (await desk.until("tickets"))["queue"]
        assert row["large_type"] is False
        for large in (True, False):
            told = await page.post(
                path, json={"large_type": large}, headers={"Authorization": f"Bearer {token}"}
            )
            assert told.status_code == 204
            assert (await desk.until("ticket"))["large_type"] is large
        stranger = await page.post(path, json={"large_type": True})
        assert stranger.status_code == 401
    assert parts.queue.get(ticket.id).priority == ticket.priority
