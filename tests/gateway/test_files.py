"""A customer hands in a file: what is taken, where it goes, who can reach it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.conversations.tables import uploads
from bot.conversations.uploads import Uploads
from bot.errors import NotFound
from bot.gateway.app import create_app
from bot.gateway.files import clean_name
from bot.storage import Database
from tests.gateway.conftest import SECRET, Caller, customer_jwt, make_config, running
from tests.gateway.peers import Rasa

JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 50 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(60) + b"IEND\xaeB`\x82"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


async def signed_in(http: httpx.AsyncClient, customer_id: str = "C1001") -> Caller:
    headers = {"Authorization": f"Bearer {customer_jwt(customer_id)}"}
    return await Caller(http).open(headers=headers)


async def send(
    caller: Caller, content: bytes = JPEG, name: str = "身份证.jpg", client_id: str = "f1"
) -> httpx.Response:
    params, headers = {"client_id": client_id}, {"X-File-Name": quote(name)}
    return await caller.call("POST", "files", params=params, headers=headers, content=content)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(JPEG, "image/jpeg"), (PNG, "image/png"), (PDF, "application/pdf")],
)
async def test_a_file_is_kept_and_handed_to_the_assistant(
    http: httpx.AsyncClient, rasa: Rasa, db: Database, content: bytes, media_type: str
) -> None:
    zhang = await signed_in(http)
    answer = await send(zhang, content)
    assert answer.status_code == 202 and answer.json() == {"seq": 1, "state": "bot"}
    [shown, _] = (await zhang.wait(0, 2))[:2]
    assert shown["role"] == "customer" and shown["text"] == "［文件］身份证.jpg（1 KB）"
    [asked] = rasa.asked
    assert asked["kind"] == "payload" and asked["message"].startswith('/upload_file{"upload": "')
    upload_id = asked["message"].split('"')[3]
    kept = Uploads(db, SECRET)
    assert kept.get("C1001", upload_id).media_type == media_type
    assert kept.content("C1001", upload_id) == content
    with pytest.raises(NotFound):
        kept.get("C1002", upload_id)
    with db.read() as tx:
        assert content[:12] not in tx.execute(select(uploads.c.sealed)).scalar_one()


async def test_a_repeat_is_kept_once(http: httpx.AsyncClient, rasa: Rasa, db: Database) -> None:
    zhang = await signed_in(http)
    answers = await asyncio.gather(*(send(zhang) for _ in range(4)))
    assert {answer.json()["seq"] for answer in answers} == {1}
    await zhang.wait(1)
    assert len(rasa.ran) == 1
    with db.read() as tx:
        assert len(tx.execute(select(uploads.c.id)).all()) == 1
    assert error(await send(zhang, PNG)) == (409, "client_id_reused")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90\x00 a program", 415, "file_type"),
        (b"<html><script>alert(1)</script></html>", 415, "file_type"),
        (b"GIF89a...", 415, "file_type"),
        (JPEG[:-40], 422, "file_broken"),
        (PNG[:-12], 422, "file_broken"),
        (b"%PDF-1.7\n<</S/JavaScript/JS(app.alert(1))>>\n%%EOF", 415, "file_active"),
    ],
)
async def test_what_is_no_picture_and_no_pdf_is_refused(
    http: httpx.AsyncClient, content: bytes, status: int, code: str
) -> None:
    zhang = await signed_in(http)
    assert error(await send(zhang, content, "身份证.jpg")) == (status, code)
    assert (await zhang.read())["messages"] == []


async def test_a_file_that_is_too_large(db: Database, rasa: Rasa) -> None:
    app = create_app(make_config(rasa.url, file_max_bytes=2_000_000), db)
    async with running(app) as http:
        zhang = await signed_in(http)
        large = JPEG[:4] + bytes(2_000_000) + JPEG[4:]
        answer = await send(zhang, large)
        assert error(answer) == (413, "file_too_large")
        assert "2 MB 以内" in answer.json()["error"]["message"]

        async def trickle() -> Any:
            for _ in range(40):
                yield large[:100_000]

        answer = await zhang.call("POST", "files", params={"client_id": "f2"}, content=trickle())
        assert answer.status_code == 413
        # Other calls keep their own, smaller limit.
        assert (await zhang.post(text="长" * 100_000)).status_code == 413


async def test_only_with_the_conversations_token_and_signed_in(
    http: httpx.AsyncClient, caller: Caller
) -> None:
    answer = await send(caller)
    assert error(answer) == (403, "sign_in_required")
    assert "请先登录" in answer.json()["error"]["message"]
    zhang, other = await signed_in(http), await signed_in(http, "C1002")
    zhang.token = other.token
    assert error(await send(zhang)) == (403, "foreign_conversation")
    zhang.token = ""
    assert error(await send(zhang)) == (401, "token_missing")


async def test_too_many_at_once(db: Database, rasa: Rasa) -> None:
    app = create_app(make_config(rasa.url, files_per_minute=2), db)
    async with running(app) as http:
        zhang = await signed_in(http)
        for count in range(2):
            assert (await send(zhang, client_id=f"f{count}")).status_code == 202
        answer = await send(zhang, client_id="f3")
        assert error(answer) == (429, "too_many_requests") and answer.headers["Retry-After"]


async def test_nothing_of_a_file_is_logged(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    zhang = await signed_in(http)
    with caplog.at_level(logging.DEBUG):
        await send(zhang, name="张伟110101199003077777.jpg")
        await zhang.wait(1)
    assert "110101199003077777" not in caplog.text and "a picture" not in caplog.text
    text = (await zhang.read())["messages"][0]["text"]
    assert "110101199003077777" not in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("工资流水.pdf", "工资流水.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\身份证\x00\u202e.jpg", "C__身份证.jpg"),
        ("", "文件"),
        ("..", "文件"),
        ("身份证110101199003077777.png", "身份证110*************77.png"),
    ],
)
def test_names_are_only_shown(name: str, shown: str) -> None:
    assert clean_name(name) == shown


def test_a_long_name_keeps_its_end() -> None:
    assert (
        clean_name("长" * 100 + ".jpg").endswith("….jpg"[1:]) and len(clean_name("长" * 100)) == 60
    )


async def test_the_call_is_documented(app: FastAPI) -> None:
    call = app.openapi()["paths"]["/api/conversations/{conversation_id}/files"]["post"]
    assert "image/png" in call["requestBody"]["content"]
