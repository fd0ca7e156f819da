"""Both sides of conversations over HTTP, with a stopwatch between them."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from typing import Any, NamedTuple

import httpx

from bot.handoff.desk import Desk

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
ACTS = ("call until it is on a desk", "customer until agent", "agent until customer")


class Stopwatch:
    """What was sent when, by a key that the other side will see, and how long that took."""

    def __init__(self) -> None:
        self._sent: dict[str, float] = {}
        self.took: dict[str, list[float]] = defaultdict(list)

    def start(self, key: str) -> None:
        self._sent[key] = time.perf_counter()

    def stop(self, key: str, act: str) -> None:
        begun = self._sent.pop(key, None)
        if begun is not None:
            self.took[act].append((time.perf_counter() - begun) * 1000)

    @property
    def missing(self) -> list[str]:
        """What was sent and never seen."""
        return list(self._sent)


class Http(NamedTuple):
    """Clients for calls and for streams."""

    calls: httpx.AsyncClient
    streams: httpx.AsyncClient


async def events(http: Http, path: str, headers: dict[str, str]) -> Any:
    """What a stream says, as (event, data)."""
    async with http.streams.stream("GET", path, headers=headers, timeout=None) as answer:
        answer.raise_for_status()
        event = ""
        async for line in answer.aiter_lines():
            if line.startswith("event:"):
                event = line[6:].strip()
            elif line.startswith("data:"):
                yield event, json.loads(line[5:])


class Agent:
    """Accepts whatever is offered, and answers in every conversation again and again."""

    def __init__(self, http: Http, token: str, watch: Stopwatch) -> None:
        self._http = http
        self._headers = {"Cookie": f"bankbot_staff={token}", "X-Requested-With": "bankbot"}
        self._watch = watch
        self.mine: dict[str, str] = {}
        self.there = asyncio.Event()

    async def do(self, path: str, **body: Any) -> None:
        answer = await self._http.calls.post(f"/api/desk{path}", json=body, headers=self._headers)
        answer.raise_for_status()

    async def listen(self) -> None:
        await self.do("/presence", state="ready")
        async for event, data in events(self._http, "/api/desk/events", self._headers):
            self.there.set()
            if event == "ticket" and data["state"] == "offered":
                if data["number"] not in self.mine:
                    self._watch.stop(data["conversation_id"], ACTS[0])
                    self.mine[data["number"]] = data["conversation_id"]
                    await self.do(f"/tickets/{data['number']}/accept")
            elif event == "message" and data["role"] == "customer":
                self._watch.stop(data["text"], ACTS[1])
            elif event == "ping":
                await self.do("/beat")

    async def write(self, number: str, count: int) -> None:
        text = f"您好，这是第 {count} 次回复 {number}"
        self._watch.start(text)
        await self.do(f"/tickets/{number}/messages", text=text, client_id=f"{number}-{count}")


class Customer:
    """Calls a person, then writes again and again.

    Args:
        desk: the queue as the action server reaches it, in a process that is not the gateway's.
    """

    def __init__(self, http: Http, desk: Desk, watch: Stopwatch) -> None:
        self._http = http
        self._desk = desk
        self._watch = watch
        self.id = ""
        self.there = asyncio.Event()

    async def open(self) -> None:
        answer = await self._http.calls.post("/api/conversations", json={})
        opened = answer.raise_for_status().json()
        self.id = opened["conversation_id"]
        self._path = f"/api/conversations/{self.id}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def listen(self) -> None:
        async for event, data in events(self._http, f"{self._path}/events", self._headers):
            self.there.set()
            if event == "message" and data["role"] == "agent":
                self._watch.stop(data["text"], ACTS[2])

    async def call(self) -> None:
        await asyncio.to_thread(self._call)

    def _call(self) -> None:
        self._watch.start(self.id)
        self._desk.hand_over(
            self.id, customer_id=None, reason="request_human", line="general", slots={}
        )

    async def write(self, count: int) -> None:
        # Spelt out, for long numbers are masked for agents.
        text = f"请帮我看看第 {count} 笔 {self.id.translate(_LETTERS)}"
        self._watch.start(text)
        body = {"text": text, "client_id": f"m{count}"}
        answer = await self._http.calls.post(
            f"{self._path}/messages", json=body, headers=self._headers
        )
        answer.raise_for_status()
