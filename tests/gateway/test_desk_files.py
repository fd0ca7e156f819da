"""Files that customers handed in: who may open one at the desk, as what it comes, what is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import DESK, seat, waits
from tests.gateway.conftest import DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.gateway.test_files import JPEG, PDF
from tests.handoff.world import ROUTES


@pytest.fixture
def house(db: Database) -> FastAPI:
    for name, roles in (("ann", ["agent"]), ("bob", ["agent"]), ("lea", ["agent", "lead"])):
        hire(db, utc_now, name, *roles)  # type: ignore[arg-type]
    config = make_config("http://127.0.0.1:1", routes=ROUTES)
    return create_app(config, db, demo=DemoHouse())


@pytest.fixture
def parts(house: FastAPI) -> Parts:
    found: Parts = house.state.parts
    return found


def hands_in(parts: Parts, conversation: str, upload: str, media: str, content: bytes) -> None:
    parts.uploads.keep(upload, conversation, "C1001", f"{upload}的身份证.x", media, content)


async def test_whoever_serves_the_customer_opens_their_files_on_record(
    house: FastAPI, parts: Parts
) -> None:
    ticket, other = waits(parts, "C1001", reason="dispute"), waits(parts, "C1002")
    hands_in(parts, ticket.conversation_id, "a", "image/jpeg", JPEG)
    hands_in(parts, ticket.conversation_id, "b", "application/pdf", PDF)
    hands_in(parts, other.conversation_id, "c", "image/jpeg", JPEG)
    path = f"/tickets/{ticket.id}/files"
    async with seat(house, "ann", None) as ann, seat(house, "bob", "away") as bob:
        listed = await ann.get(path)
        assert [(each["name"], each["kind_name"], each["size"]) for each in listed] == [
            ("a的身份证.x", "JPG 图片", len(JPEG)),
            ("b的身份证.x", "PDF 文件", len(PDF)),
        ]
        # Whom nobody serves yet, nobody's papers are opened of.
        assert "接入" in (await ann.get(f"{path}/a", 403))["message"]
        await bob.on(ticket.id, "claim")
        picture = await bob.browser.call("GET", f"{DESK}{path}/a")
        assert (picture.status_code, picture.content) == (200, JPEG)
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.headers["content-disposition"].startswith("inline; filename*=UTF-8''a%")
        paper = await bob.browser.call("GET", f"{DESK}{path}/b")
        assert paper.content == PDF
        assert paper.headers["content-disposition"].startswith("attachment")
        for answer in (picture, paper):
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
        await bob.get(f"{path}/c", 404)
        await ann.get(path, 403)
        await ann.get(f"{path}/a", 403)
    async with seat(house, "lea", None) as lea:
        looked = await lea.browser.call("GET", f"{DESK}{path}/a")
        assert looked.content == JPEG
        acts = (await lea.get("/audit", customer="C1001"))["acts"]
    opened = [(each["by"], each["field"]) for each in acts if each["kind"] == "opened_file"]
    assert opened == [("lea", "a的身份证.x"), ("bob", "b的身份证.x"), ("bob", "a的身份证.x")]


async def test_what_comes_after_the_end_is_for_whoever_serves_them_next(
    house: FastAPI, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = waits(parts, "C1001", reason="dispute")
    async with seat(house, "bob") as bob:
        await bob.on(ticket.id, "claim")
        hands_in(parts, ticket.conversation_id, "before", "image/jpeg", JPEG)
        await bob.on(ticket.id, "end")
        monkeypatch.setattr("bot.gateway.desk_thread._FAREWELL", timedelta(microseconds=-1))
        hands_in(parts, ticket.conversation_id, "after", "image/jpeg", JPEG)
        path = f"/tickets/{ticket.id}/files"
        assert [each["id"] for each in await bob.get(path)] == ["before"]
        await bob.get(f"{path}/after", 404)
