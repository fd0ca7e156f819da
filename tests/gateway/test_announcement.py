"""The emergency switch over the desk's calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import cookie_of, listening
from tests.gateway.conftest import Caller
from tests.gateway.desk import Browser, browser, cheap_passwords, hire  # noqa: F401
from tests.gateway.peers import Served

PATH = "/api/desk/announcement"
BODY = {"text": "手机银行转账暂时不可用，正在抢修。", "kind": "outage", "lines": ["transfer"]}


@pytest.fixture
async def people(
    app: FastAPI, http: httpx.AsyncClient, db: Database
) -> AsyncIterator[dict[str, Browser]]:
    roles = ("agent", "lead", "supervisor", "author")
    for role in roles:
        hire(db, utc_now, role, role)  # type: ignore[arg-type]
    async with AsyncExitStack() as stack:
        yield {role: await stack.enter_async_context(browser(app, role)) for role in roles}


async def test_supervisors_write_and_the_desk_reads(people: dict[str, Browser]) -> None:
    answer = await people["supervisor"].call("POST", PATH, json=BODY)
    assert answer.status_code == 200, answer.text
    announced = answer.json()["announcement"]
    assert (announced["title"], announced["set_by"]) == ("大面积故障公告", "supervisor")
    for role in ("agent", "lead", "supervisor"):
        seen = (await people[role].call("GET", PATH)).json()
        assert seen["announcement"]["text"] == BODY["text"]
        assert seen["choices"]["lines"]["transfer"] == "转账缴费"
    for role in ("agent", "lead", "author"):
        for method, body in (("POST", BODY), ("DELETE", None)):
            assert (await people[role].call(method, PATH, json=body)).status_code == 403
    assert (await people["author"].call("GET", PATH)).status_code == 403
    ended = (await people["supervisor"].call("DELETE", PATH)).json()
    assert ended["announcement"] is None and ended["history"][0]["ended_by"] == "supervisor"


async def test_who_is_overtaken_hears_of_it(people: dict[str, Browser]) -> None:
    one = people["supervisor"]
    first = (await one.call("POST", PATH, json=BODY)).json()["announcement"]
    refused = await one.call("POST", PATH, json=BODY)
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == "supervisor 发布的公告正在生效，请刷新后再看。"
    replaced = await one.call("POST", PATH, json={**BODY, "replaces": first["id"]})
    assert replaced.json()["announcement"]["id"] != first["id"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": ""}, "公告要有"),
        ({"kind": "storm"}, "没有公告类型"),
        ({"routing": "group", "group": "nobody"}, "没有技能组"),
        ({"until": "2026-01-01T00:00:00"}, "时区"),
        ({"until": "2026-01-01T00:00:00Z"}, "已经过去"),
    ],
    ids=["empty", "kind", "group", "naive", "past"],
)
async def test_what_makes_no_announcement(
    people: dict[str, Browser], wrong: dict[str, str], says: str
) -> None:
    refused = await people["supervisor"].call("POST", PATH, json={**BODY, **wrong})
    assert refused.status_code == 422 and says in refused.json()["error"]["message"]


async def test_another_pages_form_announces_nothing(people: dict[str, Browser]) -> None:
    answer = await people["supervisor"].call("POST", PATH, json=BODY, headers={})
    assert answer.json()["error"]["code"] == "csrf"


async def test_from_the_switch_to_the_ticket(
    people: dict[str, Browser], http: httpx.AsyncClient, parts: Parts
) -> None:
    body = {**BODY, "lines": [], "routing": "callback"}
    await people["supervisor"].call("POST", PATH, json=body)
    caller = await Caller(http).open()
    parts.desk.hand_over(caller.id, customer_id=None, reason="request_human", line="card", slots={})
    page = await caller.read()
    assert page["ticket"]["state"] == "callback" and page["ticket"]["callback"]


async def test_every_desk_hears_of_it_at_once(
    people: dict[str, Browser], live: Served, app: FastAPI
) -> None:
    cookie = await cookie_of(app, "agent")
    async with listening(live, cookie) as events:
        assert await events.until("announcement") is None
        answer = await people["supervisor"].call("POST", PATH, json=BODY)
        assert answer.status_code == 200
        assert (await events.until("announcement"))["text"] == BODY["text"]
        await people["supervisor"].call("DELETE", PATH)
        assert await events.until("announcement") is None
