"""What operators and embedding pages rely on."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.errors import ConfigError
from bot.gateway.app import config_from, create_app
from bot.gateway.parts import GatewayConfig, Parts
from bot.settings import Settings
from bot.storage import Database
from tests.gateway.conftest import Caller, customer_jwt, make_config, running
from tests.gateway.peers import DEADLINE, Rasa, Served, free_port, sse, until

ROOT = Path(__file__).parents[2]


async def test_ready_names_the_part_that_is_not(
    http: httpx.AsyncClient, rasa: Rasa, db: Database
) -> None:
    ok = await http.get("/readyz")
    assert (ok.status_code, ok.json()["ready"]) == (200, True)
    rasa.server.stop()
    down = await http.get("/readyz")
    assert down.status_code == 503
    assert down.json() == {
        "ready": False,
        "parts": {"database": "ok", "rasa": "unavailable", "actions": "unavailable"},
    }
    assert (await http.get("/healthz")).status_code == 200


async def test_a_database_without_tables_is_not_ready(rasa: Rasa, tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    async with running(create_app(make_config(rasa.url), empty)) as http:
        assert (await http.get("/readyz")).json()["parts"]["database"] == "unavailable"
        failed = await http.post("/api/conversations")
        assert failed.status_code == 500
        assert failed.json()["error"]["code"] == "internal"
    empty.dispose()


async def test_metrics(http: httpx.AsyncClient, caller: Caller, rasa: Rasa) -> None:
    await caller.say("你好")
    rasa.server.stop()
    await caller.say("转人工")
    text = (await http.get("/metrics")).text
    assert 'bankbot_messages_total{role="customer"} 2.0' in text
    assert 'bankbot_messages_total{role="bot"} 1.0' in text
    assert "bankbot_turn_seconds_count 2.0" in text
    assert 'bankbot_tickets{state="waiting"} 1.0' in text
    assert 'bankbot_assistant_failures_total{cause="unreachable"} 1.0' in text


async def test_the_demo_is_off_unless_told(config: GatewayConfig, db: Database) -> None:
    async with running(create_app(config, db)) as http:
        for path in ("/", "/api/demo/customers", "/api/demo/outbox?customer=C1001"):
            answer = await http.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_demo_customer_can_open_a_conversation(
    http: httpx.AsyncClient, parts: Parts
) -> None:
    [customer] = (await http.get("/api/demo/customers")).json()
    assert (customer["id"], customer["name"]) == ("C1001", "张伟")
    headers = {"Authorization": f"Bearer {customer['token']}"}
    caller = await Caller(http).open(headers=headers)
    assert parts.log.get(caller.id).customer_id == "C1001"
    [code] = (await http.get("/api/demo/outbox", params={"customer": "C1001"})).json()
    assert code == {"code": "482913", "purpose": "挂失", "at": "2026-11-23T04:05:06Z"}


async def test_every_answer_carries_the_security_headers(http: httpx.AsyncClient) -> None:
    for path in ("/healthz", "/api/demo/customers", "/nowhere"):
        headers = (await http.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert (await http.get("/api/demo/customers")).headers["Cache-Control"] == "no-store"


async def test_only_named_origins_may_embed(rasa: Rasa, db: Database) -> None:
    preflight = {
        "Origin": "https://www.bank.test",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    allowed = "access-control-allow-origin"
    async with running(create_app(make_config(rasa.url), db)) as http:
        answer = await http.get("/healthz", headers={"Origin": "https://www.bank.test"})
        assert allowed not in answer.headers
    config = make_config(rasa.url, allowed_origins=("https://www.bank.test",))
    async with running(create_app(config, db)) as http:
        answer = await http.options("/api/conversations", headers=preflight)
        assert answer.headers[allowed] == "https://www.bank.test"
        origin = {"Origin": "https://www.bank.test"}
        huge = await http.post("/api/conversations", headers=origin, content=b"x" * 200_000)
        assert (huge.status_code, huge.headers[allowed]) == (413, "https://www.bank.test")
        other = await http.get("/healthz", headers={"Origin": "https://evil.test"})
        assert allowed not in other.headers


async def test_openapi_describes_every_call(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/api/openapi.json")).json()["paths"]
    staff = ("/api/staff/", "/api/faq/bank/", "/api/demo/staff", "/api/desk/")
    assert {path for path in paths if not path.startswith(staff)} == {
        "/api/conversations",
        "/api/conversations/{conversation_id}/messages",
        "/api/conversations/{conversation_id}/events",
        "/api/conversations/{conversation_id}/identity",
        "/api/conversations/{conversation_id}/feedback",
        "/api/conversations/{conversation_id}/files",
        "/api/conversations/{conversation_id}/typing",
        "/api/conversations/{conversation_id}/display",
        "/api/conversations/{conversation_id}/handoff",
        "/api/conversations/{conversation_id}/handoff/leave",
        "/api/conversations/{conversation_id}/handoff/keep-assistant",
        "/api/conversations/{conversation_id}/handoff/callback",
        "/api/conversations/{conversation_id}/handoff/survey",
        "/api/conversations/{conversation_id}/handoff/not-resolved",
        "/api/conversations/{conversation_id}/complaints",
        "/api/conversations/{conversation_id}/complaints/{number}/facts",
        "/api/conversations/{conversation_id}/complaints/{number}/withdrawal",
        "/api/conversations/{conversation_id}/complaints/{number}/review",
        "/api/faq/hot",
        "/api/faq/suggest",
        "/api/demo/customers",
        "/api/demo/outbox",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    for calls in paths.values():
        for call in calls.values():
            assert call["summary"] and call["description"]


def test_the_log_holds_neither_tokens_nor_what_was_said(
    live: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    signed = customer_jwt()
    opened = httpx.post(
        f"{live.url}/api/conversations", headers={"Authorization": f"Bearer {signed}"}
    ).json()
    conversation, token = opened["conversation_id"], opened["token"]
    with sse(live.url, conversation, token) as stream:
        httpx.post(
            f"{live.url}/api/conversations/{conversation}/messages",
            json={"text": "我叫张伟，卡号6222020200112233445", "client_id": "a"},
            headers={"Authorization": f"Bearer {token}"},
        )
        while next(stream)[1] != "2":
            pass
    # What the test's own client says about its requests is not the gateway's log.
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("httpx")]
    written = "\n".join(ours) + "".join(capfd.readouterr())
    for secret in (token, signed, "张伟", "6222020200112233445", "C1001"):
        assert secret not in written
    lines = [r.message for r in caplog.records if r.name == "bot.gateway.requests"]
    posted = next(line for line in map(json.loads, lines) if line["path"].endswith("/messages"))
    assert (posted["method"], posted["status"]) == ("POST", 202)


def test_settings_become_values(tmp_path: Path) -> None:
    settings = Settings(demo=True, var_dir=tmp_path, rasa_port=5999)
    config = config_from(settings)
    assert config.rasa_url == "http://127.0.0.1:5999"
    assert config.alone
    assert not config_from(
        Settings(demo=True, var_dir=tmp_path, database_url="postgresql://x")
    ).alone
    with pytest.raises(ConfigError):
        config_from(Settings(var_dir=tmp_path))


def test_unusable_values_are_found_at_the_start(rasa: Rasa) -> None:
    with pytest.raises(ConfigError, match="messages_per_minute"):
        make_config(rasa.url, messages_per_minute=0)
    with pytest.raises(ConfigError, match="allowed_origins"):
        make_config(rasa.url, allowed_origins=("*",))


async def test_demo_files(http: httpx.AsyncClient) -> None:
    page, widget = await http.get("/"), await http.get("/widget.js")
    assert page.status_code == widget.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    assert "javascript" in widget.headers["Content-Type"]
    assert widget.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_server_stops_at_once_and_logs_without_tokens(
    rasa: Rasa, db: Database, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.gateway.process", str(port), db.url, rasa.url]
    with (tmp_path / "log").open("w") as log:
        gateway = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        until(lambda: answers(f"{url}/readyz"))
        opened = httpx.post(f"{url}/api/conversations", json={}).json()
        with sse(url, opened["conversation_id"], opened["token"]) as stream:
            next(stream)
            gateway.terminate()
            assert gateway.wait(DEADLINE) in (0, -signal.SIGTERM)
    finally:
        gateway.kill()
        gateway.wait()
    written = (tmp_path / "log").read_text()
    assert opened["token"] not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert [(line["method"], line["status"]) for line in lines] == [("POST", 201), ("GET", 200)]
    assert all("?" not in line["path"] for line in lines)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
