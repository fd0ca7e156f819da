"""Answers of the bank for an agent: what the customer asked, as the assistant reads it."""

from __future__ import annotations

import shutil
from pathlib import Path

from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from bot.text.clock import utc_now
from tests.faq.small import write_bank
from tests.gateway.agents import Seat, seat, waits
from tests.gateway.bank import entry, publish, small_bank
from tests.gateway.conftest import make_config
from tests.gateway.desk import browser, cheap_passwords, hire  # noqa: F401
from tests.gateway.test_bank import encoder  # noqa: F401
from tests.handoff.world import ROUTES


async def asked(here: Seat, number: str, q: str = "") -> list[dict[str, object]]:
    return list((await here.get(f"/tickets/{number}/suggestions", q=q))["answers"])


async def test_the_customers_last_words_find_their_answer(
    db: Database,
    tmp_path: Path,
    encoder: Path,  # noqa: F811
) -> None:
    shutil.copytree(encoder, tmp_path / "encoder")
    for name, role in (("ann", "agent"), ("bing", "publisher")):
        hire(db, utc_now, name, role)  # type: ignore[arg-type]
    bank = write_bank(tmp_path / "bank")
    told = bank / "loss.yml"
    # One entry is for agents only, with advice beside it.
    text = told.read_text().replace(
        "audience: public", "audience: agents\n    advice: 先核实身份", 1
    )
    told.write_text(text)
    config = make_config(
        "http://127.0.0.1:1", routes=ROUTES, faq_dir=bank, faq_publications=tmp_path / "faq",
        faq_encoder=str(tmp_path / "encoder"),
    )  # fmt: skip
    app: FastAPI = create_app(config, db)
    async with browser(app, "bing") as publisher:
        await publisher.send("/publication", why="开始")
    parts: Parts = app.state.parts
    async with seat(app, "ann", None) as ann:
        ticket = waits(parts, said="挂失要钱吗")
        first = (await asked(ann, ticket.id))[0]
        assert (first["faq_id"], first["advice"]) == ("loss.fee", "先核实身份")
        assert isinstance(first["score"], float) and "见公告" in str(first["answer"])
        assert (await asked(ann, ticket.id, "转账限额"))[0]["faq_id"] == "transfer.limit"
        assert await asked(ann, waits(parts).id) == []


async def test_without_an_encoder_wordings_are_searched(db: Database, tmp_path: Path) -> None:
    hire(db, utc_now, "ann", "agent")  # type: ignore[arg-type]
    secret = entry("loss.agents", "客户说卡丢了怎么核实？", "核实挂失", audience="agents")
    publish(tmp_path, "1", [*small_bank(), secret])
    config = make_config(
        "http://127.0.0.1:1", routes=ROUTES, faq_publications=tmp_path,
        faq_encoder=str(tmp_path / "none"),
    )  # fmt: skip
    app = create_app(config, db)
    async with seat(app, "ann", None) as ann:
        ticket = waits(app.state.parts)
        found = await asked(ann, ticket.id, "核实挂失")
        assert [each["faq_id"] for each in found] == ["loss.agents"] and found[0]["score"] is None
