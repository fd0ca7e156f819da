"""Agents at the desk's page, over the real app, with a bank of one customer behind it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from bot.errors import NotFound
from bot.gateway.parts import Parts
from bot.handoff.customers import CustomerField
from tests.gateway.desk import Browser, browser
from tests.gateway.peers import DEADLINE, Served

DESK = "/api/desk"
CARD = {"name": ("姓名", "*伟", "张伟"), "phone": ("手机号", "138****1001", "13810001001")}


class Directory:
    """The bank's one customer."""

    def card(self, customer_id: str) -> Sequence[CustomerField]:
        return [CustomerField(key, label, masked, True) for key, (label, masked, _) in CARD.items()]

    def reveal(self, customer_id: str, field: str) -> str:
        if field not in CARD:
            raise NotFound(f"没有 {field}")
        return CARD[field][2]


@dataclass
class Seat:
    """An agent's browser at the desk."""

    browser: Browser

    async def get(self, path: str, status: int = 200, **params: Any) -> Any:
        answer = await self.browser.call("GET", f"{DESK}{path}", params=params)
        assert answer.status_code == status, answer.text
        return answer.json() if status < 400 else answer.json()["error"]

    async def do(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.browser.call("POST", f"{DESK}{path}", json=body)
        assert answer.status_code == status, answer.text
        if status == 204:
            return None
        return answer.json() if status < 400 else answer.json()["error"]

    async def on(self, number: str, what: str, status: int = 200, **body: Any) -> Any:
        return await self.do(f"/tickets/{number}/{what}", status, **body)


@asynccontextmanager
async def seat(app: FastAPI, name: str, state: str | None = "ready") -> AsyncIterator[Seat]:
    """Somebody who has signed in, and is ready if not said otherwise."""
    async with browser(app, name) as found:
        here = Seat(found)
        if state is not None:
            await here.do("/presence", state=state)
        yield here


def waits(parts: Parts, customer: str | None = None, said: str = "", **more: Any) -> Any:
    """A customer who asks for a person; their ticket."""
    conversation = parts.log.open("web", customer).id
    if said:
        parts.log.receive(conversation, said, "first", body_hash="first")
        parts.log.settle(conversation, 1, ())
    more = {"reason": "request_human", "line": "general", "slots": {}, **more}
    parts.desk.hand_over(conversation, customer_id=customer, **more)
    return parts.queue.open_ticket_of(conversation)


@dataclass
class Events:
    """A desk's open stream; what came, in order."""

    lines: AsyncIterator[str]
    seen: list[tuple[str, Any]] = field(default_factory=list)

    async def until(self, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next event of that name which fits."""

        async def wait() -> Any:
            event = ""
            async for line in self.lines:
                if line.startswith("event:"):
                    event = line[6:].strip()
                elif line.startswith("data:"):
                    data = json.loads(line[5:])
                    self.seen.append((event, data))
                    if event == name and fits(data):
                        return data
            raise AssertionError(f"the stream ended before {name}")

        return await asyncio.wait_for(wait(), DEADLINE)

    def named(self, name: str) -> list[Any]:
        """What came of that name so far."""
        return [data for event, data in self.seen if event == name]


@asynccontextmanager
async def listening(server: Served, cookie: str) -> AsyncIterator[Events]:
    """The stream of whoever has the cookie, from a running server."""
    async with (
        httpx.AsyncClient(base_url=server.url, cookies={"bankbot_staff": cookie}) as http,
        http.stream("GET", f"{DESK}/events", timeout=DEADLINE) as answer,
    ):
        assert answer.status_code == 200
        yield Events(answer.aiter_lines())


async def cookie_of(app: FastAPI, name: str) -> str:
    """A signed-in session's cookie."""
    async with browser(app, name) as found:
        return str(found.http.cookies["bankbot_staff"])


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")
