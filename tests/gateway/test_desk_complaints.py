"""Complaints at the desk, over HTTP: who may do what, four eyes, and what is proved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook

from bot.complaints.register import Register
from bot.complaints.vocabulary import NOTICES
from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.storage import Database
from tests.complaints.desk import ANSWER, Sides
from tests.conftest import Hands
from tests.gateway.conftest import make_config
from tests.gateway.desk import Browser, browser, cheap_passwords, hire  # noqa: F401
from tests.gateway.test_files import signed_in

PLACE = "/api/desk/complaints"
FORM = ANSWER.__dict__


class Desk:
    """Somebody at the desk's complaints, who signs in when there is something to do."""

    def __init__(self, app: FastAPI, name: str, stack: AsyncExitStack) -> None:
        self.app, self.name, self.stack = app, name, stack
        self.who: Browser | None = None

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        if self.who is None:
            self.who = await self.stack.enter_async_context(browser(self.app, self.name))
        return await self.who.call(method, PLACE + path, **options)

    async def get(self, path: str = "", status: int = 200, **params: Any) -> Any:
        return self._of(await self.call("GET", path, params=params), status)

    async def do(self, path: str, status: int = 200, **body: Any) -> Any:
        """The answer's body, or its error with this status."""
        return self._of(await self.call("POST", path, json=body), status)

    def _of(self, answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json() if status < 400 else answer.json()["error"]

    async def numbers(self, **params: Any) -> list[str]:
        return [each["number"] for each in (await self.get(**params))["complaints"]]


@pytest.fixture
def app(db: Database, clock: Hands) -> FastAPI:
    for name, *roles in (
        ("A1", "complaint_handler"), ("A2", "complaint_handler"), ("M1", "complaint_lead"),
        ("M2", "complaint_lead"), ("R1", "complaint_reviewer"), ("S1", "lead", "agent"),
        ("B1", "agent"), ("B2", "agent"), ("W1", "author"),
    ):  # fmt: skip
        hire(db, clock, name, *roles)
    # Complaints last for weeks, and nobody should have to sign in again for it.
    years = 10 * 366 * 86_400
    config = make_config("http://127.0.0.1:1", staff_session_idle=years, staff_session_ttl=years)
    return create_app(config, db, clock=clock)


@pytest.fixture
def parts(app: FastAPI) -> Parts:
    found: Parts = app.state.parts
    return found


@pytest.fixture
def sides(db: Database, clock: Hands) -> Sides:
    return Sides.of(db, clock)


@pytest.fixture
async def people(app: FastAPI) -> AsyncIterator[dict[str, Desk]]:
    async with AsyncExitStack() as stack:
        names = ("A1", "A2", "M1", "M2", "R1", "S1", "B1", "B2", "W1", "X1")
        yield {name: Desk(app, name, stack) for name in names}


async def test_from_a_letter_to_the_review(
    app: FastAPI, people: dict[str, Desk], parts: Parts, clock: Hands
) -> None:
    handler, lead, reviewer = people["A1"], people["M1"], people["R1"]
    opened = await handler.do(
        "", customer_id="C1001", text="信用卡年费收了两次", channel="letter",
        proof="身份证复印件已核", received="2026-03-01T10:00:00+08:00",
    )  # fmt: skip
    assert (opened["new"], opened["due_on"]) == (True, "2026-03-16")
    at = f"/{opened['number']}"
    assert (await lead.do(f"{at}/assign", to="a1"))["handler"] == "A1"
    clock.forward(days=2)
    case = await handler.do(f"{at}/extend", step="complex", why="需要向收单机构查证")
    assert (case["term"]["due_on"], case["term"]["granted"]) == ("2026-03-31", ["情况复杂"])
    assert "extension" in case["untold"]
    case = await handler.do(
        f"{at}/notice", what="extension", channel="phone", proof="录音 20260304-1"
    )
    assert "extension" not in case["untold"]
    assert case["notices"][-1]["proof"] == "录音 20260304-1"
    case = await handler.do(f"{at}/write", **FORM)
    assert (case["state_name"], case["draft"]["written_by"]) == ("待审批", "A1")
    assert "approve" not in case["may"]
    case = await lead.do(f"{at}/approve")
    assert case["untold"] == ["acceptance", "decision"]
    # Told by letter, with the receipt.
    case = await handler.do(f"{at}/notice", what="decision", channel="letter", proof="挂号 XA123")
    assert (case["state"], case["review_until"][:10]) == ("decided", "2026-04-10")
    case = await handler.do(f"{at}/cause", cause="system", note="批处理重复扣收")
    assert case["root"]["name"] == "信息系统"
    case = await handler.do(f"{at}/ask_review", text="来信说没有核实")
    assert case["inquiry"]["state"] == "asked"
    assert await reviewer.numbers(view="review") == [opened["number"]]
    await reviewer.do(f"{at}/assign_review", to="R1")
    case = await reviewer.do(f"{at}/decide_review", outcome="kept", findings="已复核，无误。")
    case = await reviewer.do(f"{at}/notice", what="review", channel="letter", proof="挂号 XA124")
    assert case["inquiry"]["state_name"] == "已答复" and case["keep_until"] == "2029-03-04"
    assert await handler.numbers(view="open") == []
    assert await handler.numbers(q="年费") == [opened["number"]]
    told = [line["what"] for line in case["history"]]
    assert told[:2] == ["登记", "分派"] and told[-1] == NOTICES["review"]


async def test_a_decision_sent_to_the_conversation_is_read_there(
    app: FastAPI, people: dict[str, Desk], sides: Sides
) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://bank.test") as http:
        zhang, at = await signed_in(http), f"/{sides.open()}"
        await people["A1"].do(f"{at}/take")
        await people["A1"].do(f"{at}/write", **FORM)
        await people["M1"].do(f"{at}/approve")
        case = await people["A1"].do(f"{at}/notice", what="decision")
        assert "消息" in case["notices"][0]["proof"]
        assert ANSWER.decision in (await zhang.read())["messages"][-1]["text"]


async def test_roles_hold(people: dict[str, Desk], sides: Sides) -> None:
    at = f"/{sides.open()}"
    for name in ("B1", "W1"):
        assert (await people[name].get(status=403))["code"] == "role"
        assert (await people[name].get(at, status=403))["code"] == "role"
    case = await people["S1"].get(at)
    assert case["may"] == [] and case["customer_id"] == "****1"
    assert (await people["S1"].do(f"{at}/take", 403))["code"] == "role"
    assert (
        "需要角色：投诉负责人" in (await people["A1"].do(f"{at}/assign", 403, to="A2"))["message"]
    )
    assert "不能拟写答复" in (await people["M1"].do(f"{at}/take", 403))["message"]
    assert "不能拟写答复" in (await people["M1"].do(f"{at}/assign", 403, to="R1"))["message"]
    assert (await people["A1"].do(f"{at}/hold", 403, why="诉讼"))["code"] == "forbidden"
    unknown = await people["M1"].do(f"{at}/assign", 404, to="nobody")
    assert unknown["message"] == "没有账号 nobody"
    assert (await people["M1"].get(at))["customer_id"] == "C1001"


async def test_nobody_comes_in_uncalled_or_from_elsewhere(
    app: FastAPI, people: dict[str, Desk], sides: Sides
) -> None:
    number = sides.open()
    async with browser(app) as stranger:
        for method, path in (("GET", ""), ("GET", f"/{number}"), ("POST", f"/{number}/take")):
            answer = await stranger.call(method, PLACE + path, json={})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in")
    answer = await people["A1"].call("POST", f"/{number}/take", json={}, headers={})
    assert answer.json()["error"]["code"] == "csrf"
    assert sides.casework.get(number).state == "received"


async def test_who_must_keep_out_neither_reads_nor_acts(
    people: dict[str, Desk], sides: Sides
) -> None:
    number = sides.open(text="柜员A1态度恶劣")
    at = f"/{number}"
    refused = await people["A1"].get(at, status=403)
    assert "可能是被投诉人" in refused["message"]
    (row,) = (await people["A1"].get())["complaints"]
    assert row["text"] is None and row["barred"]
    for verb, body in (
        ("take", {}), ("classify", {"why": "x"}), ("notice", {"what": "acceptance"}),
        ("pause", {"kind": "mediation", "why": "x"}),
    ):  # fmt: skip
        assert (await people["A1"].do(f"{at}/{verb}", 403, **body))["code"] == "forbidden"
    assert "可能是被投诉人" in (await people["M1"].do(f"{at}/assign", 403, to="A1"))["message"]
    # Somebody who declares an interest, however the name is written, loses the case.
    await people["M1"].do(f"{at}/assign", to="A2")
    gone = await people["A2"].do(f"{at}/recuse", person="a2", kind="interest", why="客户是亲戚")
    assert gone == {"number": number, "barred": True}
    assert sides.casework.get(number).handler is None
    assert (await people["A2"].get(at, status=403))["code"] == "forbidden"
    assert len((await people["M1"].get(at))["recused"]) == 1


async def test_an_answer_takes_two_people(
    db: Database, clock: Hands, people: dict[str, Desk], sides: Sides
) -> None:
    hire(db, clock, "X1", "complaint_handler", "complaint_lead")
    at, both = f"/{sides.open()}", people["X1"]
    await both.do(f"{at}/take")
    case = await both.do(f"{at}/write", **FORM)
    assert "approve" not in case["may"] and "send_back" in case["may"]
    assert "拟写人以外" in (await both.do(f"{at}/approve", 403))["message"]
    await people["M1"].do(f"{at}/send_back", why="依据写得不够")
    await both.do(f"{at}/write", **{**FORM, "grounds": "领用合约第五条第二款。"})
    case = await people["M1"].do(f"{at}/approve")
    assert case["draft"]["approved_by"] == "M1"
    early = await people["M1"].do(f"{at}/approve", 409)
    assert "没有待审批的答复" in early["message"]


async def test_an_empty_part_or_an_unjudged_addition_stops_the_answer(
    people: dict[str, Desk], sides: Sides
) -> None:
    number = sides.open()
    at = f"/{number}"
    await people["A1"].do(f"{at}/take")
    refused = await people["A1"].do(f"{at}/write", 422, **{**FORM, "grounds": "  "})
    assert refused["message"].startswith("依据需要")
    sides.register.add_facts(number, "C1001", "另一笔收费", "f1")
    case = await people["A1"].get(at)
    assert "write" not in case["may"] and "judge" in case["may"]
    assert "未判断" in (await people["A1"].do(f"{at}/write", 409, **FORM))["message"]
    (facts,) = case["facts"]
    case = await people["A1"].do(f"{at}/judge", facts=facts["id"], new=True, why="另一笔")
    assert case["facts"][0]["judged_by"] == "A1" and "write" in case["may"]
    assert "facts" in case["untold"]


async def test_a_second_extension_needs_approval_and_telling(
    people: dict[str, Desk], sides: Sides
) -> None:
    at = f"/{sides.open()}"
    await people["A1"].do(f"{at}/take")
    await people["A1"].do(f"{at}/extend", step="complex", why="向收单机构查证")
    case = await people["A1"].do(f"{at}/extend", step="special", why="跨境收单")
    assert case["asked"]["step_name"] == "情况特别复杂" and case["term"]["due_on"] == "2026-04-01"
    assert (await people["A1"].do(f"{at}/approve_extension", 403))["code"] == "forbidden"
    case = await people["R1"].do(f"{at}/approve_extension")
    assert case["asked"] is None and case["term"]["due_on"] == "2026-04-01"
    case = await people["A1"].do(f"{at}/notice", what="extension", channel="phone", proof="录音1")
    assert case["term"]["due_on"] == "2026-05-01"
    kinds = [point["kind"] for point in case["clock"]["points"]]
    assert kinds == ["received", "extension", "extension", "due"]


async def test_a_pause_is_a_stretch_of_the_clock(
    people: dict[str, Desk], sides: Sides, clock: Hands
) -> None:
    at = f"/{sides.open()}"
    await people["A1"].do(f"{at}/take")
    case = await people["A1"].do(f"{at}/pause", kind="mediation", why="双方同意调解")
    assert case["term"]["paused"] == "调解" and case["running"] == {"mediation": "调解"}
    clock.forward(days=4)
    case = await people["A1"].do(f"{at}/resume", kind="mediation", why="没有调成")
    assert case["clock"]["stretches"] == [
        {"since": "2026-03-02", "until": "2026-03-06", "title": "调解"}
    ]
    assert case["term"]["due_on"] == "2026-03-20"


async def test_a_repeat_becomes_part_of_the_earlier_one(
    people: dict[str, Desk], sides: Sides, clock: Hands
) -> None:
    first = sides.open()
    clock.forward(hours=1)
    second = sides.open("k2", text="又来问年费")
    case = await people["A1"].get(f"/{second}")
    assert case["merge_targets"] == [first] and case["alike"][0]["number"] == first
    assert "merge" not in (await people["A1"].get(f"/{first}"))["may"]
    case = await people["A1"].do(f"/{second}/merge", into=first, why="同一件事")
    assert case["merged_into"] == first
    assert len((await people["A1"].get(f"/{first}"))["facts"]) == 1


async def test_codes_come_from_the_table(people: dict[str, Desk], sides: Sides) -> None:
    at, names = f"/{sides.open()}", await people["A1"].get("/names")
    codes = {
        f"{name}_code": each["codes"][0]["code"]
        for name, each in names["codes"]["dimensions"].items()
    }
    wrong = await people["A1"].do(f"{at}/classify", 422, why="x", **{**codes, "cause_code": "ZZ"})
    assert wrong["message"] == "没有投诉原因代码 'ZZ'"
    case = await people["A1"].do(f"{at}/classify", category="card", why="按内容", **codes)
    assert case["classified"] and case["category_name"] == "借记卡"
    assert {each["code"] for each in case["codes"]} == set(codes.values())
    assert {each["name"] for each in names["people"]} == {"A1", "A2", "M1", "M2", "R1"}


async def test_what_is_due_and_what_many_complain_of(
    people: dict[str, Desk], sides: Sides, clock: Hands
) -> None:
    late = sides.open("old")
    clock.forward(days=14)
    for count in range(10):
        Register(sides.casework._db, clock).open(
            f"C2{count:03}", category="service", text="排队太久", key=f"m{count}"
        )
    clock.forward(days=1)
    found = await people["A1"].get(view="today")
    assert [each["number"] for each in found["complaints"]] == [late]
    clock.forward(days=1)
    found = await people["A1"].get(view="overdue")
    assert found["counts"] == {"today": 0, "week": 0, "overdue": 1, "open": 11, "review": 0}
    assert found["complaints"][0]["term"]["days_left"] == -1
    (alarm,) = await people["S1"].get("/alarms")
    assert (alarm["cause"], len(alarm["numbers"]), alarm["group"]) == ("服务态度与效率", 10, False)


async def test_the_register_leaves_masked_or_with_a_reason(
    people: dict[str, Desk], sides: Sides
) -> None:
    number, days = sides.open(), {"first": "2026-03-01", "last": "2026-03-31"}
    answer = await people["S1"].call("GET", "/export.csv", params=days)
    assert "投诉编号" in answer.text and "C1001" not in answer.text
    body = {**days, "kind": "xlsx", "why": "监管现场检查"}
    assert (await people["A1"].do("/export", 403, **body))["code"] == "forbidden"
    assert (await people["M1"].do("/export", 422, **{**body, "why": " "}))["code"] == "invalid"
    answer = await people["M1"].call("POST", "/export", json=body)
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert "C1001" in rows[1]
    last = (await people["M1"].get(f"/{number}"))["history"][-1]
    assert (last["what"], last["why"], last["by"]) == ("未掩码导出", "监管现场检查", "M1")


async def test_who_looked_at_whose_case_is_on_record(
    people: dict[str, Desk], sides: Sides, parts: Parts
) -> None:
    number = sides.open()
    await people["S1"].get(f"/{number}")
    await people["A1"].call(
        "GET", "/export.csv", params={"first": "2026-03-01", "last": "2026-03-31"}
    )
    acts = [(act.by, act.kind, act.customer_id, act.field) for act in parts.casework.audit.list()]
    assert acts == [
        ("A1", "exported", None, "投诉登记簿 2026-03-01 至 2026-03-31"),
        ("S1", "looked_case", "C1001", number),
    ]


async def test_a_hold_keeps_a_case(people: dict[str, Desk], sides: Sides, clock: Hands) -> None:
    number = sides.answered()
    assert (await people["M1"].do(f"/{number}/hold", why="诉讼中"))["held"] == "诉讼中"
    clock.forward(days=366 * 4)
    assert await people["M1"].get("/retention", deletable=True) == []
    await people["M1"].do(f"/{number}/release", why="已判决")
    (kept,) = await people["M1"].get("/retention", deletable=True)
    assert (kept["number"], kept["deletable"]) == (number, True)


async def test_ticket_and_complaint_lead_to_each_other(
    people: dict[str, Desk], sides: Sides, parts: Parts
) -> None:
    where = parts.log.open(channel="web", customer_id="C1001").id
    number = sides.open(conversation_id=where)
    ticket, _ = parts.queue.open(
        where, customer_id="C1001", reason="complaint", line="complaint", summary="", slots={}
    )
    (linked,) = (await people["A1"].get(f"/{number}"))["tickets"]
    assert (linked["number"], linked["here"]) == (ticket.id, True)
    ann, bob = people["B1"], people["B2"]
    path = f"/../tickets/{ticket.id}/complaints"
    parts.desk.claim(ticket.id, "B1")
    (brief,) = await ann.get(path)
    assert brief["number"] == number and "text" not in brief
    assert brief["term"]["due_on"] == "2026-03-17"
    assert (await bob.get(path, status=403))["code"] == "forbidden"
