"""The wall board over HTTP: who may see it, what it says, and the day as a masked table."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.audit import DeskAudit
from bot.handoff.surveys import Survey, SurveyBook
from bot.storage import Database
from tests.conftest import Hands
from tests.gateway.agents import DESK, seat, waits
from tests.gateway.conftest import make_config
from tests.gateway.desk import browser, cheap_passwords, hire  # noqa: F401
from tests.handoff.world import ROUTES


@pytest.fixture
def app(db: Database, clock: Hands) -> FastAPI:
    for name, *roles in (
        ("ann", "agent"), ("lea", "agent", "lead"), ("max", "supervisor"), ("sun", "complaint_lead"),
    ):  # fmt: skip
        hire(db, clock, name, *roles)
    return create_app(make_config("http://127.0.0.1:1", routes=ROUTES), db, clock=clock)


@pytest.fixture
def parts(app: FastAPI) -> Parts:
    found: Parts = app.state.parts
    return found


async def test_it_is_for_leads(app: FastAPI) -> None:
    for name in ("ann", "sun"):
        async with seat(app, name, None) as here:
            assert (await here.get("/board", 403))["code"] == "role"
            assert (await here.get("/board/export", 403, day="2026-03-02"))["code"] == "role"
    async with browser(app) as stranger:
        answer = await stranger.call("GET", f"{DESK}/board")
        assert answer.status_code == 401


async def test_what_a_wall_says(app: FastAPI, parts: Parts, clock: Hands) -> None:
    async with seat(app, "ann") as ann, seat(app, "max", None) as max_:
        ticket = waits(parts, "C1001", "转人工")
        await ann.on(ticket.id, "accept")
        clock.forward(seconds=30)
        await ann.on(ticket.id, "messages", text="您好", client_id="a1")
        await ann.on(ticket.id, "resolve", code="answered", note="已答")
        SurveyBook(parts.queue).give(ticket.conversation_id, ticket.id, Survey(True))
        await ann.do("/presence", state="away")
        waits(parts, "C1003")
        clock.forward(minutes=2)
        board = await max_.get("/board")
        assert (board["waiting"], board["longest_wait_seconds"], board["broken"]) == (1, 120, 1)
        agents = {each["id"]: each for each in board["agents"]}
        assert agents["ann"]["state_name"] == "小休" and agents["ann"]["since"].endswith("Z")
        (consult, risk) = board["groups"]
        assert (consult["waiting"], consult["ready"], risk["longest_seconds"]) == (1, 0, None)
        today = board["today"]
        assert (today["opened"], today["answered"], today["resolved"]) == (2, 1, 1)
        assert (today["service_level"], today["satisfied_share"]) == (0.5, 1.0)
        assert today["first_response_p50_seconds"] == 30


async def test_many_walls_are_one_look(app: FastAPI, parts: Parts, clock: Hands) -> None:
    async with seat(app, "max", None) as max_:
        first = await max_.get("/board")
        waits(parts, "C1001")
        assert await max_.get("/board") == first
        clock.forward(seconds=5)
        assert (await max_.get("/board"))["waiting"] == 1


async def test_a_day_leaves_masked_and_is_on_record(
    app: FastAPI, parts: Parts, db: Database, clock: Hands
) -> None:
    async with seat(app, "ann") as ann, seat(app, "lea", None) as lea:
        ticket = waits(parts, "C1001")
        await ann.on(ticket.id, "accept")
        await ann.on(ticket.id, "resolve", code="done", note="卡号6222020200112233445已补办")
        path = f"{DESK}/board/export"
        answer = await lea.browser.call("GET", path, params={"day": "2026-03-02"})
        header, row = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        told = dict(zip(header, row, strict=True))
        assert (told["工单"], told["客户号"], told["坐席"]) == (ticket.id, "****1", "ann")
        assert told["办结"] == "已办理" and "6222020200112233445" not in answer.text
        empty = await lea.browser.call("GET", path, params={"day": "2026-03-03"})
        assert len(empty.text.splitlines()) == 1
        assert (await lea.get("/board/export", 422, day="昨天"))["code"] == "invalid_request"
    acts = DeskAudit(db, clock).list(by="lea")
    assert [(act.kind, act.field, act.why) for act in acts if act.kind == "exported"] == [
        ("exported", "2026-03-03 的工单", "0 张"), ("exported", "2026-03-02 的工单", "1 张"),
    ]  # fmt: skip
    assert clock() - acts[0].at == timedelta(0)
