"""Rates and texts."""

from __future__ import annotations

import unicodedata

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway import limits
from bot.gateway.app import create_app
from bot.gateway.errors import ApiError
from bot.gateway.limits import RateLimit, clean_text
from bot.storage import Database
from tests.gateway.conftest import Caller, make_config, running
from tests.gateway.peers import Rasa


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    seconds = Seconds()
    rate = RateLimit(6, seconds)
    for _ in range(6):
        rate.spend("a")
    with pytest.raises(ApiError) as refused:
        rate.spend("a")
    assert refused.value.headers["Retry-After"] == "10"
    rate.spend("b")
    seconds.now = 10.0
    rate.spend("a")
    with pytest.raises(ApiError):
        rate.spend("a")


def test_forgotten_callers_don_t_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    seconds = Seconds()
    rate = RateLimit(1, seconds)
    rate.spend("busy")
    for number in range(100):
        seconds.now = 60.0 * number
        rate.spend(str(number))
    assert len(rate._buckets) <= 10


async def test_too_many_messages(rasa: Rasa, db: Database) -> None:
    app = create_app(make_config(rasa.url, messages_per_minute=3), db)
    async with running(app) as http:
        caller, other = await Caller(http).open(), await Caller(http).open()
        for _ in range(3):
            assert (await caller.post(text="你好")).status_code == 202
        refused = await caller.post(text="你好")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert (await other.post(text="你好")).status_code == 202


async def test_too_many_conversations_from_one_address(rasa: Rasa, db: Database) -> None:
    app = create_app(make_config(rasa.url, conversations_per_minute=2), db)
    async with running(app) as http:
        for _ in range(2):
            await Caller(http).open()
        assert (await http.post("/api/conversations")).status_code == 429


@given(st.text(alphabet=st.characters(), max_size=60))
def test_what_is_left_is_clean_and_stays_as_it_is(text: str) -> None:
    try:
        cleaned = clean_text(text, 2_000)
    except ApiError as error:
        assert error.code == "text_empty"
        return
    assert clean_text(cleaned, 2_000) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    cleaned.encode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("查\x00余\x1b额", "查余额"),
        ("第一行\r\n第二行\t完", "第一行\n第二行\t完"),
        ("  你好  ", "你好"),
        ("👨‍👩‍👧 你好😀", "👨‍👩‍👧 你好😀"),
        ("转账\u202e99\u202c元", "转账99元"),
        ("半个\ud83d字", "半个字"),
    ],
)
def test_cleaning(sent: str, kept: str) -> None:
    assert clean_text(sent, 2_000) == kept


async def test_bad_texts_are_refused_and_leave_nothing(caller: Caller) -> None:
    for text, status, code in (
        ("好" * 10_000, 413, "text_too_long"),
        ("好" * 2_001, 413, "text_too_long"),
        ("字" * 200_000, 413, "body_too_large"),
        ("", 422, "text_empty"),
        (" \n\t ", 422, "text_empty"),
        ("\x00\x07", 422, "text_empty"),
        ("\u200b\u200d", 422, "text_empty"),
    ):
        answer = await caller.post(text=text)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert any("\u4e00" <= char <= "\u9fff" for char in answer.json()["error"]["message"])
    assert (await caller.read())["messages"] == []
    assert (await caller.post(text="好" * 2_000)).status_code == 202


async def test_a_body_that_hides_its_size_is_refused_too(caller: Caller) -> None:
    async def chunks() -> object:
        yield b'{"client_id": "a", "text": "'
        for _ in range(200):
            yield b"x" * 1_024
        yield b'"}'

    answer = await caller.call("POST", "messages", content=chunks())
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"text": "a"}',
        b'{"client_id": "a"}',
        b'{"client_id": "", "text": "a"}',
        b'{"client_id": "a\\n", "text": "a"}',
        b'{"client_id": "a b", "text": "a"}',
        b'{"client_id": "a", "text": "a", "quick_reply": "1.0"}',
        b'{"client_id": "a", "text": null}',
        b'{"client_id": "a", "text": {"a": 1}}',
        b'{"client_id": "a", "text": "a", "payload": "/restart"}',
        b'{"client_id": "a", "quick_reply": "/restart"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_malformed_bodies_are_answered_in_chinese(caller: Caller, body: bytes) -> None:
    answer = await caller.call("POST", "messages", content=body)
    assert answer.status_code in (400, 422), answer.text
    assert set(answer.json()) == {"error"}
    assert "请求" in answer.json()["error"]["message"]


async def test_unknown_places_have_the_same_shape(http: httpx.AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/static/nothing.js", 404),
        ("GET", "/static/../app.py", 404),
        ("DELETE", "/api/conversations", 405),
        ("GET", "/api/conversations/%00%0a/messages", 401),
    ):
        answer = await http.request(method, path)
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"code", "message"}
