"""The gateway over a real database and a Rasa that speaks the channel's protocol."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI

from bot.gateway.app import SERVER_OPTIONS, create_app
from bot.gateway.demo import DemoCode, DemoCustomer
from bot.gateway.parts import GatewayConfig, Parts
from bot.storage import Database
from tests.gateway.peers import DEADLINE, Rasa, Served

SECRET = b"a secret of the tests, long enough to sign with"
# Logging belongs to pytest here, and a test that fails should not wait long for open streams.
IN_TESTS = {**SERVER_OPTIONS, "log_config": None, "timeout_graceful_shutdown": 1}
CUSTOMER_KEY = "the key that the bank's app signs its customers with"


class DemoHouse:
    """A demo bank with one customer."""

    def list_customers(self) -> list[DemoCustomer]:
        return [DemoCustomer("C1001", "张伟", "借记卡与信用卡各一张")]

    def outbox(self, customer_id: str) -> list[DemoCode]:
        sent = DemoCode("482913", "挂失", datetime(2026, 11, 23, 4, 5, 6, tzinfo=timezone.utc))
        return [sent] if customer_id == "C1001" else []


@dataclass
class Caller:
    """Somebody with a conversation, over whatever transport."""

    http: httpx.AsyncClient
    id: str = ""
    token: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def open(self, **options: Any) -> Caller:
        answer = await self.http.post("/api/conversations", **options)
        assert answer.status_code == 201, answer.text
        self.id, self.token = answer.json()["conversation_id"], answer.json()["token"]
        return self

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        url = f"/api/conversations/{self.id}/{path}"
        return await self.http.request(method, url, headers=headers, **options)

    async def post(self, client_id: str | None = None, **body: Any) -> httpx.Response:
        body["client_id"] = client_id or f"m{next(self.numbers)}"
        return await self.call("POST", "messages", json=body)

    async def read(self, after: int = 0) -> dict[str, Any]:
        answer = await self.call("GET", "messages", params={"after": after})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def say(self, text: str, answers: int = 1) -> list[dict[str, Any]]:
        """Send a text and wait for so many messages after it."""
        answer = await self.post(text=text)
        assert answer.status_code == 202, answer.text
        return await self.wait(answer.json()["seq"], answers)

    async def wait(self, seq: int, count: int = 1) -> list[dict[str, Any]]:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            messages = (await self.read(seq))["messages"]
            if len(messages) >= count:
                return list(messages)
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {count} messages after {seq}")


def customer_jwt(customer_id: str = "C1001", key: str = CUSTOMER_KEY, **claims: Any) -> str:
    expires = datetime.now(timezone.utc) + timedelta(hours=1)
    body = {"sub": customer_id, "aud": "bankbot", "exp": expires, **claims}
    return jwt.encode({k: v for k, v in body.items() if v is not None}, key, "HS256")


@pytest.fixture
def rasa() -> Iterator[Rasa]:
    peer = Rasa()
    peer.server.start()
    yield peer
    peer.open.set()
    peer.server.stop()


@pytest.fixture
def config(rasa: Rasa) -> GatewayConfig:
    return make_config(rasa.url)


def make_config(rasa_url: str, **values: Any) -> GatewayConfig:
    return GatewayConfig(
        secret=SECRET,
        customer_key=CUSTOMER_KEY,
        rasa_url=rasa_url,
        actions_url=rasa_url,
        messages_per_minute=values.pop("messages_per_minute", 1000),
        conversations_per_minute=values.pop("conversations_per_minute", 1000),
        faq_publications=values.pop("faq_publications", Path("no publications")),
        **values,
    )


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client to an app in this very loop."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://bank.test"
        ) as client,
    ):
        yield client


@pytest.fixture
def app(config: GatewayConfig, db: Database) -> FastAPI:
    return create_app(config, db, demo=DemoHouse())


@pytest.fixture
def parts(app: FastAPI) -> Parts:
    found: Parts = app.state.parts
    return found


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with running(app) as client:
        yield client


@pytest.fixture
async def caller(http: httpx.AsyncClient) -> Caller:
    return await Caller(http).open()


@pytest.fixture
def live(app: FastAPI) -> Iterator[Served]:
    """The gateway as a server, served as it is in production."""
    server = Served(app, **IN_TESTS).start()
    yield server
    server.stop()


@pytest.fixture
def serve(db: Database) -> Iterator[Callable[[FastAPI], Served]]:
    """Further servers, stopped at the end."""
    servers: list[Served] = []

    def start(app: FastAPI) -> Served:
        servers.append(Served(app, **IN_TESTS).start())
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
