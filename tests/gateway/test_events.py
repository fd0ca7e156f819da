"""The stream tells everything once, also after a break, and whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway import events
from bot.gateway.app import create_app
from bot.gateway.parts import GatewayConfig, Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.conftest import make_config
from tests.gateway.peers import Rasa, Served, sse, until

Event = tuple[str, str | None, Any]


def opened(url: str) -> tuple[str, str]:
    body = httpx.post(f"{url}/api/conversations", json={}).json()
    return body["conversation_id"], body["token"]


def post(url: str, conversation: str, token: str, text: str, client_id: str) -> int:
    answer = httpx.post(
        f"{url}/api/conversations/{conversation}/messages",
        json={"text": text, "client_id": client_id},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 202, answer.text
    return int(answer.json()["seq"])


def take(stream: Iterator[Event], name: str, count: int = 1) -> list[Event]:
    """The next events of one kind; others are passed by."""
    found: list[Event] = []
    for event in stream:
        if event[0] == name:
            found.append(event)
            if len(found) == count:
                return found
    raise AssertionError(f"the stream ended before {count} {name} events")


def test_a_turn_as_the_widget_sees_it(live: Served) -> None:
    conversation, token = opened(live.url)
    with sse(live.url, conversation, token) as stream:
        assert next(stream) == ("state", None, {"state": "bot"})
        assert next(stream) == ("announcement", None, None)
        post(live.url, conversation, token, "你好", "a")
        mine, typing, answer, done = (next(stream) for _ in range(4))
    assert mine[:2] == ("message", "1") and mine[2]["client_id"] == "a"
    assert typing == ("typing", None, {"typing": True})
    assert answer[:2] == ("message", "2") and answer[2]["text"] == "回声：你好"
    assert done == ("typing", None, {"typing": False})


def test_resuming_neither_loses_nor_doubles(live: Served) -> None:
    conversation, token = opened(live.url)
    with sse(live.url, conversation, token) as stream:
        post(live.url, conversation, token, "一", "a")
        last = take(stream, "message", 2)[-1][1]
    post(live.url, conversation, token, "二", "b")
    with sse(live.url, conversation, token, last) as stream:
        assert [event[1] for event in take(stream, "message", 2)] == ["3", "4"]
    with sse(live.url, conversation, token, "3", after=1) as stream:
        assert take(stream, "message")[0][1] == "4"
    with sse(live.url, conversation, token, after=2) as stream:
        assert take(stream, "message")[0][1] == "3"


def test_typing_is_told_to_whoever_comes_back_meanwhile(live: Served, rasa: Rasa) -> None:
    conversation, token = opened(live.url)
    rasa.open.clear()
    post(live.url, conversation, token, "你好", "a")
    with sse(live.url, conversation, token, "1") as stream:
        assert take(stream, "typing")[0][2] == {"typing": True}
        rasa.open.set()
        assert take(stream, "message")[0][1] == "2"


def test_a_long_conversation_comes_whole(
    live: Served, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.view.PAGE", 7)
    conversation, token = opened(live.url)
    for number in range(20):
        parts.log.append(conversation, "system", f"第{number}条")
    with sse(live.url, conversation, token) as stream:
        found = take(stream, "message", 20)
    assert [event[1] for event in found] == [str(seq) for seq in range(1, 21)]


def test_a_bad_last_event_id_is_refused(live: Served) -> None:
    conversation, token = opened(live.url)
    for bad in ("x", "-1", "1" * 20):
        answer = httpx.get(
            f"{live.url}/api/conversations/{conversation}/events",
            params={"token": token},
            headers={"Last-Event-ID": bad},
        )
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "last_event_id_invalid"


def test_an_agent_in_another_process_reaches_the_stream(
    live: Served, config: GatewayConfig, db: Database, rasa: Rasa
) -> None:
    conversation, token = opened(live.url)
    # As `bankbot desk` does it: the same database, another connection, no signal.
    elsewhere = Database(db.url)
    desk = create_app(config, elsewhere).state.parts.desk
    rasa.server.stop()
    with sse(live.url, conversation, token) as stream:
        post(live.url, conversation, token, "转人工", "a")
        assert take(stream, "state", 2)[-1][2] == {"state": "queued"}
        ticket = take(stream, "ticket")[0][2]
        assert (ticket["state"], ticket["position"]) == ("waiting", 1)
        desk.claim(ticket["number"], "A001")
        assert take(stream, "state")[0][2] == {"state": "human"}
        desk.reply(ticket["number"], "A001", "您好，我是客服，请讲。")
        reply = take(stream, "message")[0][2]
        if reply["role"] == "system":  # a greeting may follow the state it tells of
            reply = take(stream, "message")[0][2]
        assert (reply["role"], reply["text"]) == ("agent", "您好，我是客服，请讲。")
        desk.resolve(ticket["number"], "A001", code="answered", note="")
        assert take(stream, "state")[0][2] == {"state": "bot"}
        closed = take(stream, "ticket")[0][2]
        assert (closed["number"], closed["state"]) == (ticket["number"], "resolved")
        assert closed["position"] is None
    elsewhere.dispose()


def test_moving_up_in_the_queue_is_told(live: Served, parts: Parts, rasa: Rasa) -> None:
    rasa.server.stop()
    first, second = opened(live.url), opened(live.url)
    post(live.url, *first, "转人工", "a")
    until(lambda: parts.queue.open_ticket_of(first[0]))
    with sse(live.url, *second) as stream:
        post(live.url, *second, "转人工", "a")
        assert take(stream, "ticket")[0][2]["position"] == 2
        ahead = parts.queue.open_ticket_of(first[0])
        assert ahead is not None
        parts.desk.claim(ahead.id, "A001")
        assert take(stream, "ticket")[0][2]["position"] == 1


def test_two_gateways_on_one_database(
    live: Served, rasa: Rasa, db: Database, serve: Callable[[FastAPI], Served]
) -> None:
    other = serve(create_app(make_config(rasa.url, alone=False), db))
    conversation, token = opened(live.url)
    with sse(other.url, conversation, token) as stream:
        post(live.url, conversation, token, "你好", "a")
        assert [event[1] for event in take(stream, "message", 2)] == ["1", "2"]


def test_the_stream_ends_with_its_token(
    rasa: Rasa, db: Database, serve: Callable[[FastAPI], Served]
) -> None:
    moved = timedelta(0)
    live = serve(create_app(make_config(rasa.url), db, clock=lambda: utc_now() + moved))
    conversation, token = opened(live.url)
    with sse(live.url, conversation, token) as stream:
        take(stream, "announcement")
        moved = timedelta(days=2)
        post_elsewhere = create_app(make_config(rasa.url), db).state.parts.log
        post_elsewhere.append(conversation, "system", "提醒")
        # The reminder may or may not have been in time.
        told = [event[0] for event in stream]
    assert told in (["expired"], ["message", "expired"])


def test_heartbeats(live: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gateway.api.HEARTBEAT_SECONDS", 0.05)
    conversation, token = opened(live.url)
    with sse(live.url, conversation, token) as stream:
        assert take(stream, "ping", 2)[0][1] is None


def test_too_many_streams_of_one_conversation(
    live: Served, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "STREAMS_PER_CONVERSATION", 1)
    conversation, token = opened(live.url)
    with sse(live.url, conversation, token) as stream:
        next(stream)
        answer = httpx.get(
            f"{live.url}/api/conversations/{conversation}/events", params={"token": token}
        )
        assert answer.status_code == 429
        assert "bankbot_open_streams 1.0" in httpx.get(f"{live.url}/metrics").text
    until(lambda: not parts.bells.listeners())
    assert "bankbot_open_streams 0.0" in httpx.get(f"{live.url}/metrics").text


def test_the_stream_starts_a_conversation_that_exists(live: Served, parts: Parts) -> None:
    token, _ = parts.tokens.issue("gone")
    answer = httpx.get(f"{live.url}/api/conversations/gone/events", params={"token": token})
    assert answer.status_code == 404


def test_who_is_far_back_hears_of_every_few_steps(parts: Parts) -> None:
    moved = parts.watcher._moved
    assert moved({"near": 4, "far": 400}) == {"near", "far"}
    assert moved({"near": 3, "far": 399}) == {"near"}
    assert moved({"near": 3, "far": 382}) == set()
    assert moved({"near": 3, "far": 380, "new": 401}) == {"far", "new"}
    assert moved({"far": 380}) == {"near", "new"}
