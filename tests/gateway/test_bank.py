"""A maintainer's day at the FAQ page, call by call, over a small bank."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from bot.faq.bank import load_bank
from bot.faq.encoder import train_encoder
from bot.gateway.app import create_app
from bot.storage import Database
from tests.conftest import Hands
from tests.conversations.talk import Talk
from tests.faq.conftest import QUICK
from tests.faq.small import write_bank
from tests.gateway.conftest import make_config
from tests.gateway.desk import Browser, browser, cheap_passwords, hire  # noqa: F401


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bank = load_bank(write_bank(tmp_path_factory.mktemp("bank")))
    folder = tmp_path_factory.mktemp("encoder")
    train_encoder([entry.questions for entry in bank.entries], folder, QUICK)
    return folder


@dataclass
class House:
    """The gateway over a small bank."""

    app: FastAPI
    bank: Path


@pytest.fixture
def house(db: Database, clock: Hands, tmp_path: Path, encoder: Path) -> House:
    for name, *roles in (
        ("jia", "author"), ("yi", "reviewer", "author"), ("bing", "publisher"),
    ):  # fmt: skip
        hire(db, clock, name, *roles)
    bank = write_bank(tmp_path / "bank")
    shutil.copytree(encoder, tmp_path / "encoder")
    config = make_config(
        "http://127.0.0.1:1",
        faq_dir=bank,
        faq_publications=tmp_path / "faq",
        faq_encoder=str(tmp_path / "encoder"),
    )
    return House(create_app(config, db, clock=clock), bank)


@pytest.fixture
async def author(house: House) -> AsyncIterator[Browser]:
    async with browser(house.app, "jia") as found:
        yield found


@pytest.fixture
async def reviewer(house: House) -> AsyncIterator[Browser]:
    async with browser(house.app, "yi") as found:
        yield found


@pytest.fixture
async def publisher(house: House) -> AsyncIterator[Browser]:
    async with browser(house.app, "bing") as found:
        yield found


async def entry(who: Browser, entry_id: str = "loss.fee", **changes: Any) -> dict[str, Any]:
    """An entry as the page would send it back, with some fields changed."""
    found = await who.get(f"/entries/{entry_id}")
    return {"entry": {**found["entry"], **changes}, "revision": found["revision"]}


NEW = {
    "id": "transfer.night", "topic": "转账", "question": "夜里能转账吗？",
    "variants": [f"夜间转账第{n}种说法" for n in "一二三四五六七八"],
    "expected": ["深夜可以汇款吗"], "answer": "可以。\r\n**次日**到账。\n",
    "quick_replies": [{"title": "去转账", "intent": "transfer_money"}], "related": [],
    "advice": "", "owner": "个人金融部", "source": "示例", "effective": "2026-01-01",
    "expires": None, "reviewed_on": "2026-01-01", "status": "approved", "audience": "public",
}  # fmt: skip


async def test_nobody_comes_in_uncalled_and_roles_hold(house: House, author: Browser) -> None:
    async with browser(house.app) as stranger:
        for method, path in (
            ("GET", "/entries"), ("GET", "/export.csv"), ("POST", "/preview"), ("GET", "/audit"),
            ("POST", "/import?filename=a.csv&why=x"), ("POST", "/publication"), ("GET", "/mined"),
        ):  # fmt: skip
            answer = await stranger.bank(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in")
    for path in ("/reviews/loss.fee/approve", "/publication", "/publication/trial"):
        body = {"seen": 1, "why": "试"}
        answer = await author.bank("POST", path, json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "role")
        assert "角色" in answer.json()["error"]["message"]


async def test_from_a_new_entry_to_customers_and_back(
    house: House, clock: Hands, author: Browser, reviewer: Browser, publisher: Browser
) -> None:
    assert (await author.get("/publication"))["in_use"] is None
    refused = await author.send("/try", 409, text="挂失要钱吗")
    assert refused["code"] == "unpublished"
    first = await publisher.send("/publication", why="开始")
    assert first["number"] == 1 and first["verdict"]["worse"] == []

    clock.forward(minutes=1)
    made = await author.send("/entries", 201, entry=NEW, why="常问")
    text = (house.bank / "transfer.yml").read_text()
    assert "夜里能转账吗？" in text and "# 客户的话" in text
    (row,) = (await author.get("/entries", state="waiting"))["entries"]
    assert (row["id"], row["live"], row["changed"], row["variants"]) == (
        "transfer.night", False, True, 8,
    )  # fmt: skip
    prospect = await publisher.get("/publication")
    assert [each["id"] for each in prospect["stops"]] == ["transfer.night"]
    assert prospect["diff"][0]["kind"] == "added" and not prospect["can_publish"]
    refused = await publisher.send("/publication", 409, why="快发")
    assert refused["code"] == "waiting" and "transfer.night" in refused["reasons"][0]

    (waiting,) = await reviewer.get("/reviews")
    assert waiting["new"] and waiting["authors"] == ["jia"] and not waiting["mine"]
    await reviewer.send("/reviews/transfer.night/reject", 422, seen=waiting["seen"], note=" ")
    clock.forward(minutes=1)
    await reviewer.send("/reviews/transfer.night/approve", seen=waiting["seen"], note="好")
    assert (await reviewer.get("/reviews")) == []
    trial = await publisher.send("/publication/trial")
    assert trial["compared"] and trial["asked"] == 1
    clock.forward(minutes=1)
    assert (await publisher.send("/publication", why="加夜间"))["number"] == 2
    found = await author.send("/try", text="夜里能转账吗")
    assert (found["decision"], found["candidates"][0]["id"]) == ("answer", "transfer.night")
    assert found["answer"] == "可以。\n**次日**到账。" and found["version"]["number"] == 2
    assert found["quick_replies"] == NEW["quick_replies"] and found["related"] == []
    report = await author.get("/evaluation")
    assert report["questions"] == 1 and report["version"]["number"] == 2

    clock.forward(minutes=1)
    await publisher.send("/publication/rollback", number=1, why="先不加")
    assert (await author.get("/entries"))["version"]["number"] == 1
    records = await author.get("/publications")
    assert [(each["kind"], each["number"], each["in_use"], each["kept"]) for each in records] == [
        ("rollback", 1, True, True), ("publish", 2, False, True), ("publish", 1, False, True),
    ]  # fmt: skip
    shown = await author.get("/entries/transfer.night")
    assert shown["revision"] == made["revision"]
    assert [each["kind"] for each in shown["timeline"]] == ["approve", "add"]
    page = await author.get("/audit")
    assert [each["kind"] for each in page["rows"]] == [
        "rollback", "publish", "approve", "add", "publish",
    ]  # fmt: skip
    assert {each["by"] for each in (await author.get("/audit", by="JIA"))["rows"]} == {"jia"}


async def test_two_people_edit_one_entry(author: Browser, reviewer: Browser) -> None:
    mine, theirs = await entry(author), await entry(reviewer, answer="已改：**免费**。")
    other = await entry(author, "loss.how", owner="运营部")
    await reviewer.send("/entries/loss.fee", method="PUT", **theirs, why="更正")
    mine["entry"]["owner"] = "运营部"
    refused = await author.send("/entries/loss.fee", 409, method="PUT", **mine, why="调整")
    assert refused["code"] == "conflict"
    for verb in ("withdraw", "revert"):
        body = {"revision": mine["revision"], "why": "停办"}
        assert (await author.send(f"/entries/loss.fee/{verb}", 409, **body))["code"] == "conflict"
    # Another entry of the same file is nobody's conflict.
    await author.send("/entries/loss.how", method="PUT", **other, why="调整")
    shown = await author.get("/entries/loss.fee")
    assert shown["entry"]["answer"] == "已改：**免费**。" and shown["file"].endswith("loss.yml")
    (change,) = shown["waiting"]["changes"]
    assert (change["field"], change["name"], change["after"]) == (
        "answer", "答案", "已改：**免费**。",
    )  # fmt: skip


async def test_nobody_reviews_their_own_work(author: Browser, reviewer: Browser) -> None:
    mine = await entry(reviewer, audience="signed_in")
    await reviewer.send("/entries/loss.fee", method="PUT", **mine, why="仅客户")
    (waiting,) = await reviewer.get("/reviews")
    assert waiting["mine"]
    seen = waiting["seen"]
    refused = await reviewer.send("/reviews/loss.fee/approve", 403, seen=seen, note="")
    assert refused["code"] == "own_work"
    await author.send("/entries/loss.fee/withdraw", why="停办")
    refused = await reviewer.send("/reviews/loss.fee/reject", 403, seen=seen, note="不对")
    assert refused["code"] == "own_work"
    await author.send("/entries/loss.fee/revert", why="退回")
    assert await reviewer.get("/reviews") == []


async def test_a_review_covers_what_was_seen(author: Browser, reviewer: Browser) -> None:
    await author.send("/entries/loss.fee/withdraw", why="停办")
    (waiting,) = await reviewer.get("/reviews")
    await author.send(
        "/entries/loss.fee", method="PUT", **await entry(author, owner="甲"), why="改"
    )
    refused = await reviewer.send("/reviews/loss.fee/approve", 409, seen=waiting["seen"])
    assert refused["code"] == "conflict"


async def test_what_is_wrong_is_told_by_field(author: Browser, house: House) -> None:
    before = (house.bank / "transfer.yml").read_bytes()
    blank = await author.send("/preview", entry={})
    fields = {each["field"] for each in blank["findings"]}
    assert {"id", "topic", "question", "answer", "owner", "effective", "status"} <= fields
    assert blank["near"] == [] and blank["can_compare"]
    typed = {
        **NEW, "id": "loss.fee", "question": "挂失要收费吗？",
        "variants": ["夜间转账", "挂失要钱吗", "三"], "related": ["nowhere"], "expires": "2025-01-01",
        "quick_replies": [{"title": "去", "intent": "fly"}, {"title": "", "intent": ""}],
        "answer": "第一行\nnlu: 第二行", "reviewed_on": "2026-13-01",
    }  # fmt: skip
    told = await author.send("/preview", entry=typed)
    found = {(each["field"], each["item"]): each["message"] for each in told["findings"]}
    for place, word in (
        (("id", None), "编号"), (("variants", 1), "loss.fee"), (("related", 0), "nowhere"),
        (("quick_replies", 1), "标题"), (("answer", None), "Rasa"), (("expires", None), "不晚于"),
        (("reviewed_on", None), "不是日期"), (("variants", None), "至少 8 种"),
    ):  # fmt: skip
        assert word in found[place], (place, found)
    assert told["near"][0]["id"] in ("loss.fee", "loss.how") and told["near"][0]["cosine"] > 0.8
    copied = {**NEW, "question": "挂失收费吗？"}
    told = await author.send("/preview", entry=copied)
    assert [each["field"] for each in told["findings"]] == ["question"]
    assert told["near"][0]["id"] == "loss.fee" and told["near"][0]["mine"] == "挂失收费吗？"
    # Being edited, it is neither taken nor near itself.
    same = await author.send("/preview", entry=(await entry(author))["entry"], id="loss.fee")
    assert same["findings"] == [] and "loss.fee" not in {each["id"] for each in same["near"]}
    refused = await author.send("/entries", 422, entry=typed, why="试")
    assert refused["code"] == "refused" and len(refused["reasons"]) > 1
    alike = {**NEW, "variants": [*NEW["variants"], "挂失要钱吗"]}
    refused = await author.send("/entries", 422, entry=alike, why="试")
    assert refused["reasons"] == [
        "条目 transfer.night：问法“挂失要钱吗”与条目 loss.fee 的相同（删去其中之一）"
    ]
    await author.send("/entries", 422, entry=NEW, why="  ")
    assert (house.bank / "transfer.yml").read_bytes() == before


async def test_the_gate_can_be_overruled_and_says_so(
    house: House, author: Browser, reviewer: Browser, publisher: Browser
) -> None:
    path = house.bank / "loss.yml"
    expected = "    expected:\n      - 挂失手续费多少\n    answer: |\n      关于挂失收费吗"
    path.write_text(path.read_text().replace("    answer: |\n      关于挂失收费吗", expected))
    await publisher.send("/publication", why="开始")
    changed = await entry(author, variants=[f"无关说法{n}号" for n in "一二三四五六七八"])
    changed["entry"]["question"] = "别的问题？"
    await author.send("/entries/loss.fee", method="PUT", **changed, why="试坏")
    (waiting,) = await reviewer.get("/reviews")
    await reviewer.send("/reviews/loss.fee/approve", seen=waiting["seen"])
    refused = await publisher.send("/publication", 409, why="发")
    assert refused["code"] == "worse" and "挂失手续费多少" in refused["reasons"][0]
    done = await publisher.send("/publication", why="发", override="业务已停")
    assert done["number"] == 2 and done["verdict"]["worse"]
    newest = (await author.get("/publications"))[0]
    assert newest["override"] == "业务已停" and newest["worse"]


async def test_one_publishes_at_a_time(publisher: Browser) -> None:
    answers = await asyncio.gather(
        *(publisher.bank("POST", "/publication", json={"why": "一起"}) for _ in range(3))
    )
    codes = sorted(answer.json().get("error", {}).get("code", "ok") for answer in answers)
    assert codes.count("ok") >= 1 and set(codes) <= {"ok", "busy"}
    numbers = [each["number"] for each in await publisher.get("/publications")]
    assert numbers == list(range(codes.count("ok"), 0, -1))


async def test_hands_in_the_files_are_seen_and_broken_ones_told(
    house: House, author: Browser, publisher: Browser
) -> None:
    assert (await author.get("/entries"))["total"] == 4
    path = house.bank / "loss.yml"
    path.write_text(path.read_text().replace("挂失收费吗？", "挂失怎么收费？"))
    found = await author.get("/entries", q="怎么收费")
    assert [each["id"] for each in found["entries"]] == ["loss.fee"] and found["problems"] == []
    (house.bank / "bad.yml").write_text("topic: 坏\nentries: [")
    found = await author.get("/entries", topic="转账")
    assert found["total"] == 2 and "bad.yml" in found["problems"][0]
    refused = await publisher.send("/publication", 409, why="发")
    assert refused["code"] == "unsound" and "bad.yml" in refused["reasons"][0]
    # What can be read can be worked on.
    await author.send("/entries", 201, entry=NEW, why="常问")
    for file in house.bank.glob("*.yml"):
        file.unlink()
    found = await author.get("/entries")
    assert found["total"] == 0 and "没有 FAQ 文件" in found["problems"][0]


async def test_without_an_encoder_the_rest_works(house: House, author: Browser) -> None:
    shutil.rmtree(house.bank.parent / "encoder")
    assert not (await author.get("/entries"))["can_compare"]
    told = await author.send("/preview", entry=NEW)
    assert told["findings"] == [] and not told["can_compare"]
    assert (await author.send("/try", 503, text="挂失"))["code"] == "no_encoder"
    await author.send("/entries", 201, entry=NEW, why="常问")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_tables_out_and_in(author: Browser, kind: str) -> None:
    answer = await author.bank("GET", f"/export.{kind}")
    assert f".{kind}" in answer.headers["content-disposition"]
    table = answer.content

    async def bring(content: bytes, name: str = f"表.{kind}") -> Any:
        params = {"filename": name, "why": "批量"}
        return await author.bank("POST", "/import", params=params, content=content)

    assert (await bring(table)).json() == {"added": 0, "changed": 0}
    changed = _replaced(table, kind, "个人金融部", "运营部")
    assert (await bring(changed)).json() == {"added": 0, "changed": 4}
    broken = _replaced(table, kind, "2026-01-01", "昨天")
    refused = (await bring(broken)).json()["error"]
    assert refused["code"] == "refused" and len(refused["reasons"]) == 4
    assert (
        refused["reasons"][0].startswith("第 2 行，条目 loss.fee：")
        and "昨天" in refused["reasons"][0]
    )
    assert {each["owner"] for each in (await author.get("/entries"))["entries"]} == {"运营部"}
    assert (await bring(b"\xff\xfe\x00")).status_code == 422
    assert (await bring(table, "表.pdf")).status_code == 422
    assert (await bring(b"x" * 20_000_001)).status_code == 413


def _replaced(table: bytes, kind: str, old: str, new: str) -> bytes:
    if kind == "csv":
        return table.decode("utf-8-sig").replace(old, new).encode()
    book = load_workbook(io.BytesIO(table))
    for row in book.active.iter_rows():
        for cell in row:
            cell.value = new if cell.value == old else cell.value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


async def test_what_customers_asked_becomes_an_entry(
    db: Database, clock: Hands, author: Browser, publisher: Browser
) -> None:
    await publisher.send("/publication", why="开始")
    for _ in range(3):
        Talk(db, clock).unanswered("夜市贷怎么申请？")
        Talk(db, clock).unanswered("大额存单怎么买？")
    assert (await author.get("/mined")) == []
    await publisher.send("/mined/run", 403)
    assert (await author.send("/mined/run"))["found"] == 2
    found = {each["suggestion"]: each for each in await author.get("/mined", kind="cluster")}
    loan, deposit = found["夜市贷怎么申请？"], found["大额存单怎么买？"]
    assert loan["signals"]["unanswered"] == 3 and loan["texts"][0]["count"] == 3
    await author.send(f"/mined/{loan['id']}/accept", 422, why="常问")
    entry = {**NEW, "id": "loan.night", "question": loan["suggestion"]}
    made = await author.send(f"/mined/{loan['id']}/accept", entry=entry, why="常问")
    assert made["id"] == "loan.night"
    assert (await author.get("/entries/loan.night"))["entry"]["status"] == "draft"
    await author.send(f"/mined/{deposit['id']}/reject", why="不办")
    await author.send(f"/mined/{deposit['id']}/reject", 409, why="不办")
    assert (await author.get("/mined")) == []
    kinds = [each["kind"] for each in (await author.get("/audit"))["rows"]]
    assert sorted(kinds) == ["accepted", "add", "publish", "rejected"]


async def test_small_things(author: Browser) -> None:
    names = {each["name"]: each["title"] for each in await author.get("/intents")}
    assert names["transfer_money"] == "转账" and "greet" not in names
    assert (await author.bank("GET", "/entries/none.such")).status_code == 404
    assert (await author.bank("GET", "/export.pdf")).status_code == 404
    assert (await author.get("/entries", q="挂失 收费"))["total"] == 1
    assert (await author.get("/entries", page=9))["entries"] == []
    answer = await author.bank("GET", "/entries")
    assert answer.headers["cache-control"] == "no-store"
    schema = (await author.call("GET", "/api/openapi.json")).json()
    assert schema["paths"]["/api/faq/bank/entries"]["get"]["tags"] == ["知识库维护"]
