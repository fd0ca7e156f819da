"""Staff at the gateway's pages, over the real app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.staff import passwords
from bot.staff.accounts import Accounts
from bot.storage import Database
from tests.conftest import Hands

# What a password costs to try is for attackers; each test would pay it many times.
CHEAP = 4
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "LOG2_COST", CHEAP)


def hire(db: Database, clock: Hands, name: str, *roles: str, demo: bool = False) -> None:
    Accounts(db, clock).add(name, f"{name}同事", roles, PASSWORD, by="test", demo=demo)


@dataclass
class Browser:
    """One browser at the staff pages."""

    http: httpx.AsyncClient

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        options.setdefault("headers", {"X-Requested-With": "bankbot"})
        return await self.http.request(method, path, **options)

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        body = {"name": name, "password": password}
        return await self.call("POST", "/api/staff/session", json=body)

    async def bank(self, method: str, path: str, **options: Any) -> httpx.Response:
        return await self.call(method, f"/api/faq/bank{path}", **options)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.bank("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, path: str, status: int = 200, method: str = "POST", **body: Any) -> Any:
        """The answer's body, or its error with this status."""
        answer = await self.bank(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if status < 400 else answer.json()["error"]


@asynccontextmanager
async def browser(app: FastAPI, name: str | None = None) -> AsyncIterator[Browser]:
    """A browser of its own, signed in if a name is given."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://bank.test") as http:
        found = Browser(http)
        if name is not None:
            answer = await found.sign_in(name)
            assert answer.status_code == 200, answer.text
        yield found
