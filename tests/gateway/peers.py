"""Real neighbours for the gateway: servers in threads that speak the agreed protocols."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.gateway.assistant import OPENING

DEADLINE = 15.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """An ASGI app behind uvicorn in a thread."""

    def __init__(self, app: ASGIApp, port: int | None = None, **options: Any) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._app = app
        self._options = {
            "log_level": "error",
            "timeout_graceful_shutdown": 1,
            "ws": "none",
            **options,
        }
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Served:
        config = uvicorn.Config(self._app, host="127.0.0.1", port=self.port, **self._options)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server is not None and self._server.started)
        return self

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(DEADLINE)
            self._server = None


class Rasa:
    """Speaks the channel's protocol, repeats itself for a known ``message_id``, and can be held up.

    Attributes:
        script: what to answer to a text or payload; anything else is echoed.
        asked: every request body, in order.
        ran: the ``message_id`` of every turn that was really run.
        opened: the request bodies of conversations' openings, which are in neither.
        open: cleared, turns wait.
        during: called within a turn, where actions would run.
    """

    def __init__(self, port: int | None = None) -> None:
        # Hardly any customer is told something at the opening.
        self.script: dict[str, list[dict[str, Any]]] = {OPENING: []}
        self.source: dict[str, Any] = {"intent": "faq", "confidence": 0.9, "faq_id": None}
        self.asked: list[dict[str, Any]] = []
        self.ran: list[str] = []
        self.opened: list[dict[str, Any]] = []
        self.open = threading.Event()
        self.open.set()
        self.during: Any = None
        self._told: dict[str, Any] = {}
        routes = [
            Route("/webhooks/bankbot/", self._health),
            Route("/webhooks/bankbot/webhook", self._webhook, methods=["POST"]),
            Route("/health", self._health),
        ]
        self.server = Served(Starlette(routes=routes), port)
        self.url = self.server.url

    async def _health(self, _request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def _webhook(self, request: Request) -> JSONResponse:
        body = await request.json()
        opening = body["message"] == OPENING
        (self.opened if opening else self.asked).append(body)
        await asyncio.to_thread(self.open.wait, DEADLINE)
        if body["message_id"] not in self._told:
            if not opening:
                self.ran.append(body["message_id"])
            if self.during is not None:
                self.during(body)
            said = self.script.get(body["message"], [{"text": f"回声：{body['message']}"}])
            self._told[body["message_id"]] = {"messages": said, "source": self.source}
        return JSONResponse(self._told[body["message_id"]])


@contextmanager
def sse(
    url: str, conversation: str, token: str, last_event_id: str | None = None, **params: Any
) -> Iterator[Iterator[tuple[str, str | None, Any]]]:
    """An open event stream as (event, id, data)."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id is not None else {}
    address = f"{url}/api/conversations/{conversation}/events"
    with httpx.stream(
        "GET", address, params={"token": token, **params}, headers=headers, timeout=DEADLINE
    ) as response:
        assert response.status_code == 200, response.read()
        yield _parsed(response.iter_lines())


def _parsed(lines: Iterator[str]) -> Iterator[tuple[str, str | None, Any]]:
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
            continue
        if "data" in fields:
            yield fields["event"], fields.get("id"), json.loads(fields["data"])
        fields = {}


async def eventually(condition: Any) -> Any:
    """``until`` for a test that shares its loop with the gateway."""
    return await asyncio.to_thread(until, condition)


def until(condition: Any) -> Any:
    """Wait for something another thread brings about; its first true value."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it never came about")
