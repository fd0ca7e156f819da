"""The whole assistant as a stranger gets it: three processes, reached over the public API."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
START_SECONDS = 180.0
ANSWER_SECONDS = 60.0
QUIET_SECONDS = 0.4


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Assistant:
    """Gateway, rasa and actions on free ports over a database of their own."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.ports = {name: free_port() for name in ("gateway", "rasa", "actions")}
        for shared in ("encoder", "faq"):
            (var / shared).symlink_to(ROOT / "var" / shared)
        self.address = f"http://127.0.0.1:{self.ports['gateway']}"
        self.var = var
        self.environment = {
            **os.environ,
            "BANKBOT_DEMO": "true",
            "BANKBOT_VAR_DIR": str(var),
            "BANKBOT_DATABASE_URL": f"sqlite:///{var}/bankbot.db",
            "BANKBOT_MESSAGES_PER_MINUTE": "600",
            "BANKBOT_CONVERSATIONS_PER_MINUTE": "600",
            **{f"BANKBOT_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **settings,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        self.bankbot("prepare")
        for name in self.ports:
            self.start_part(name)
        self.wait_ready()

    def start_part(self, name: str) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        """What `kill -9` does; returns when the process is gone."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx.get(f"{self.address}/readyz", timeout=5)
                if answer.status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if any(process.poll() is not None for process in self.processes.values()):
                break
            time.sleep(0.3)
        logs = "\n".join(f"== {p.name}\n{p.read_text()[-2000:]}" for p in self.var.glob("*.log"))
        raise AssertionError(f"not ready after {START_SECONDS:.0f} s\n{logs}")

    def bankbot(self, *arguments: str, check: bool = True) -> str:
        """Run the command line as an agent or operator would; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def is_done(self, conversation: str, seq: int) -> bool:
        """Whether a customer's message has all its answers."""
        with closing(sqlite3.connect(f"file:{self.var}/bankbot.db?mode=ro", uri=True)) as log:
            (status,) = log.execute(
                "select status from messages where conversation_id = ? and seq = ?",
                (conversation, seq),
            ).fetchone()
        return bool(status == "done")

    def customer(self, customer_id: str | None = None) -> Customer:
        return Customer(self, customer_id).open()


@dataclass
class Customer:
    """Somebody writing in the widget, without the widget."""

    assistant: Assistant
    customer_id: str | None = None
    conversation: str = ""
    token: str = ""
    seq: int = 0
    state: str = "bot"
    latest: list[dict[str, Any]] = field(default_factory=list)

    def open(self) -> Customer:
        headers = {}
        if self.customer_id:
            headers["Authorization"] = f"Bearer {self.signed()}"
        answer = httpx.post(self.url("/api/conversations"), json={}, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        self.conversation = answer.json()["conversation_id"]
        self.token = answer.json()["token"]
        return self

    def signed(self) -> str:
        """The token that the bank's app would sign for this customer."""
        known = httpx.get(self.url("/api/demo/customers")).json()
        return next(each["token"] for each in known if each["id"] == self.customer_id)

    def url(self, path: str) -> str:
        return self.assistant.address + path

    def post(self, body: dict[str, Any]) -> httpx.Response:
        body.setdefault("client_id", str(uuid.uuid4()))
        return httpx.post(
            self.url(f"/api/conversations/{self.conversation}/messages"),
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        answer = httpx.get(
            self.url(f"/api/conversations/{self.conversation}/messages"),
            params={"after": after},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )
        assert answer.status_code == 200, answer.text
        self.state = answer.json()["state"]
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def say(self, text: str) -> str:
        """Write and wait for what comes back; its texts, joined."""
        return self._sent({"text": text})

    def press(self, title: str) -> str:
        """Press the quick reply with this title (or one that contains it)."""
        offered = [reply for message in self.latest for reply in message["quick_replies"]]
        reply = next(
            (each for each in offered if each["title"] == title),
            None,
        ) or next(each for each in offered if title in each["title"])
        return self._sent({"quick_reply": reply["value"]})

    def _sent(self, body: dict[str, Any]) -> str:
        answer = self.post(body)
        assert answer.status_code == 202, answer.text
        return self.wait_after(answer.json()["seq"])

    def wait_after(self, seq: int) -> str:
        """Wait until message ``seq`` is seen to and something not the customer's follows it, then
        until it is quiet."""
        deadline = time.monotonic() + ANSWER_SECONDS
        seen: list[dict[str, Any]] = []
        quiet_since = time.monotonic()
        while time.monotonic() < deadline:
            found = [m for m in self.messages(seq) if m["role"] != "customer"]
            if len(found) != len(seen):
                seen, quiet_since = found, time.monotonic()
            quiet = time.monotonic() - quiet_since > QUIET_SECONDS
            if seen and quiet and self.assistant.is_done(self.conversation, seq):
                self.latest = seen
                self.seq = seen[-1]["seq"]
                return "\n".join(message["text"] for message in seen)
            time.sleep(0.05)
        raise AssertionError(f"no answer after message {seq} of {self.conversation}")

    def card(self, kind: str) -> dict[str, Any]:
        """The card of this type in the latest answers."""
        cards = [message["card"] for message in self.latest if message["card"]]
        return next(card for card in cards if card["type"] == kind)

    def code(self) -> str:
        """The newest one-time code in the simulated outbox."""
        answer = httpx.get(self.url("/api/demo/outbox"), params={"customer": self.customer_id})
        return str(answer.json()[0]["code"])
