"""Agents at the desk: what they see, what they do, and what is not theirs."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from bot.conversations.log import MessageLog
from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.tables import tickets
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.agents import Directory, Seat, seat, waits
from tests.gateway.conftest import DemoHouse, make_config
from tests.gateway.desk import cheap_passwords, hire  # noqa: F401
from tests.handoff.world import ROUTES

PEOPLE = {
    "ann": ("agent",), "bob": ("agent",), "eve": ("agent",), "lea": ("agent", "lead"),
    "max": ("supervisor",), "tom": ("author",),
}  # fmt: skip


@pytest.fixture
def house(db: Database) -> FastAPI:
    for name, roles in PEOPLE.items():
        # Accounts are told apart without regard to capitals, and so are agents.
        hire(db, utc_now, name.capitalize(), *roles)  # type: ignore[arg-type]
    config = make_config("http://127.0.0.1:1", routes=ROUTES, reveals_a_day=2)
    return create_app(config, db, demo=DemoHouse(), directory=Directory())


@pytest.fixture
def parts(house: FastAPI) -> Parts:
    found: Parts = house.state.parts
    return found


@pytest.fixture
async def ann(house: FastAPI) -> AsyncIterator[Seat]:
    async with seat(house, "ann") as found:
        yield found


async def test_the_whole_way_of_a_ticket_at_the_desk(ann: Seat, parts: Parts) -> None:
    ticket = waits(parts, "C1001", "我的卡 6222020200112233445 刷不了")
    (offered,) = (await ann.get("/tickets", view="mine"))["tickets"]
    assert (offered["number"], offered["state"], offered["agent"]) == (ticket.id, "offered", "ann")
    taken = await ann.on(ticket.id, "accept")
    assert taken["state_name"] == "服务中" and taken["sla"]["first"]["stopped_at"] is None
    shown = await ann.get(f"/tickets/{ticket.id}")
    assert shown["customer_card"]["fields"][0]["value"] == "*伟"
    assert len(shown["summary"]) == 3 and [m["state"] for m in shown["history"]][-1] == "active"
    said = (await ann.get(f"/tickets/{ticket.id}/messages"))["messages"]
    assert "6222020200112233445" not in str(said) and "3445" in said[0]["text"]
    first = await ann.on(ticket.id, "messages", text="您好，请讲。", client_id="a1")
    assert await ann.on(ticket.id, "messages", text="您好，请讲。", client_id="a1") == first
    await ann.on(ticket.id, "messages", 409, text="别的话", client_id="a1")
    read = await ann.on(ticket.id, "read", seq=first["seq"])
    assert read["seen_seq"] == read["last_seq"] == first["seq"]
    assert (await ann.on(ticket.id, "read", seq=1))["seen_seq"] == first["seq"]
    assert (await ann.on(ticket.id, "hold", note="查账"))["state"] == "on_hold"
    assert (await ann.on(ticket.id, "resume"))["state"] == "active"
    assert (await ann.on(ticket.id, "end"))["state"] == "wrap_up"
    error = await ann.on(ticket.id, "resolve", 422, code="whatever")
    assert "whatever" in error["message"] and error["code"] == "invalid"
    await ann.on(ticket.id, "resolve", code="answered", note="已说明，卡尾号 6222020200112233445")
    closed = await ann.get(f"/tickets/{ticket.id}")
    assert closed["resolution"]["name"] == "已解答"
    assert "6222020200112233445" not in str(closed)
    (recent,) = (await ann.get("/tickets", view="recent"))["tickets"]
    assert recent["number"] == ticket.id and recent["ended_at"]


async def test_oneself_and_the_names_of_things(ann: Seat, parts: Parts) -> None:
    mine = await ann.get("/me")
    assert (mine["agent"], mine["display"], mine["state"]) == ("ann", "Ann同事", "ready")
    assert mine["groups"] == [{"id": "consult", "name": "咨询", "level": 1}]
    assert (mine["capacity"], mine["at_most"], mine["load"]) == (2, 3, 0)
    waits(parts)
    assert (await ann.get("/me"))["load"] == 1
    names = await ann.get("/names")
    assert {each["id"]: each["state"] for each in names["agents"]}["ann"] == "ready"
    assert names["tiers"]["2"] == "组长" and names["resolutions"]["done"] == "已办理"
    assert (await ann.do("/beat"))["state"] == "ready"
    error = await ann.do("/presence", 409, state="off")
    assert "还有 1 个会话" in error["message"]


async def test_the_queue_is_shown_in_its_order_and_callbacks_apart(ann: Seat, parts: Parts) -> None:
    await ann.do("/presence", state="away")
    calm, cheated = waits(parts), waits(parts, reason="fraud")
    later = waits(parts)
    slot = parts.desk.callback_slots(later.conversation_id)[0][0]
    parts.desk.ask_callback(later.conversation_id, slot)
    queue = (await ann.get("/tickets", view="queue"))["tickets"]
    assert [row["number"] for row in queue] == [cheated.id, calm.id]
    assert queue[0]["urgent"] and queue[0]["why"] == ["疑似诈骗或盗刷 1"]
    (due,) = (await ann.get("/tickets", view="callback"))["tickets"]
    assert due["number"] == later.id and due["callback_at"] < due["callback_until"]
    assert (await ann.on(calm.id, "claim"))["agent"] == "ann"
    await ann.on(calm.id, "claim", 409)


async def test_nobody_takes_what_others_are_there_for(house: FastAPI, parts: Parts) -> None:
    threat = waits(parts, reason="threat")
    async with seat(house, "eve") as eve, seat(house, "lea") as lea:
        assert "组长" in (await eve.on(threat.id, "claim", 403))["message"]
        await lea.on(threat.id, "decline", note="先看看")
        assert (await lea.on(threat.id, "claim"))["agent"] == "lea"
    async with seat(house, "ann", None) as ann:
        other = waits(parts)
        assert "离线" in (await ann.on(other.id, "claim", 409))["message"]


async def test_what_is_not_ones_own_is_neither_read_nor_touched(
    house: FastAPI, ann: Seat, parts: Parts
) -> None:
    ticket = waits(parts, "C1001")
    await ann.on(ticket.id, "accept")
    async with seat(house, "bob") as bob:
        for path in ("", "/messages", "/suggestions"):
            error = await bob.get(f"/tickets/{ticket.id}{path}", 403)
            assert "只有组长和主管" in error["message"]
        for what, body in {
            "accept": {}, "decline": {}, "hold": {}, "end": {}, "read": {"seq": 1},
            "messages": {"text": "您好", "client_id": "b1"}, "notes": {"text": "看看"},
            "resolve": {"code": "done"}, "transfer": {"line": "loan"},
            "reveal": {"field": "name", "why": "想看看"},
        }.items():  # fmt: skip
            answer = await bob.browser.call(
                "POST", f"/api/desk/tickets/{ticket.id}/{what}", json=body
            )
            assert answer.status_code in (403, 409), what
        for what, body in {
            "join": {"mode": "join"}, "leave": {}, "takeover": {"why": "忙"},
            "assign": {"agent": "bob", "why": "忙"},
        }.items():  # fmt: skip
            assert (await bob.on(ticket.id, what, 403, **body))["code"] == "role"
        assert (await bob.get("/audit", 403))["code"] == "role"
        await bob.on(ticket.id, "typing", 204)
    assert parts.queue.get(ticket.id).state == "active"
    assert parts.typing.now("agent") == frozenset()


async def test_only_staff_of_the_desk_get_in_and_only_by_its_own_page(
    house: FastAPI, ann: Seat, parts: Parts
) -> None:
    async with seat(house, "tom", None) as tom:
        assert (await tom.get("/me", 403))["code"] == "role"
    stranger = await ann.browser.http.post("/api/desk/beat", json={})
    assert stranger.json()["error"]["code"] == "csrf"
    ann.browser.http.cookies.clear()
    assert (await ann.get("/tickets", 401))["code"] == "sign_in"


async def test_every_look_and_every_plain_value_leaves_a_line(
    house: FastAPI, ann: Seat, parts: Parts
) -> None:
    ticket = waits(parts, "C1001", "收款人 6222020200112233445")
    await ann.on(ticket.id, "accept")
    waiting = waits(parts, "C1001", reason="dispute")
    error = await ann.on(waiting.id, "reveal", 403, field="name", why="核对身份")
    assert "请先接入" in error["message"]
    await ann.get(f"/tickets/{ticket.id}")
    assert "原因" in (await ann.on(ticket.id, "reveal", 422, field="name", why=" "))["message"]
    await ann.on(ticket.id, "reveal", 404, field="shoe", why="核对身份")
    shown = await ann.on(ticket.id, "reveal", field="phone", why="回拨核对")
    assert shown == {"value": "13810001001", "left_today": 1}
    said = (await ann.get(f"/tickets/{ticket.id}/messages"))["messages"][0]
    assert said["masked"] is True
    plain = await ann.on(ticket.id, "reveal", field="message:1", why="核对收款人")
    assert plain == {"value": "收款人 6222020200112233445", "left_today": 0}
    error = await ann.on(ticket.id, "reveal", 409, field="name", why="核对身份")
    assert "已满 2 次" in error["message"] and (await ann.get("/me"))["reveals_left"] == 0
    async with seat(house, "max", None) as boss:
        await boss.get(f"/tickets/{ticket.id}/messages")
        acts = (await boss.get("/audit", customer="C1001"))["acts"]
        assert [(each["by"], each["kind"], each["field"]) for each in acts] == [
            ("Max", "looked", ""), ("ann", "revealed", "message:1"),
            ("ann", "revealed", "phone"), ("ann", "looked", ""),
        ]  # fmt: skip
        assert acts[2]["why"] == "回拨核对" and "13810001001" not in str(acts)
        assert len((await boss.get("/audit", agent="max"))["acts"]) == 1


@pytest.mark.parametrize(
    ("to", "status", "told"),
    [
        ({"line": "loan"}, 200, "贷款客服"),
        ({"group": "risk"}, 200, "交易争议与安全客服"),
        ({"tier": 2}, 200, "组长客服"),
        ({"agent": "eve"}, 409, "不在岗"),
        ({"agent": "zoe"}, 404, "没有坐席 zoe"),
        ({"tier": 3}, 422, "没有主管"),
        ({"group": "nowhere"}, 422, "nowhere"),
        ({}, 422, "之一"),
        ({"line": "loan", "tier": 2}, 422, "之一"),
    ],
    ids=[
        "line",
        "group",
        "tier",
        "absent",
        "unknown",
        "nobody",
        "no_group",
        "none",
        "two",
    ],
)
async def test_passing_a_ticket_on(
    house: FastAPI, ann: Seat, parts: Parts, to: dict[str, str], status: int, told: str
) -> None:
    ticket = waits(parts)
    await ann.on(ticket.id, "accept")
    async with seat(house, "bob"):
        answer = await ann.on(ticket.id, "transfer", status, note="请协助", **to)
        if status != 200:
            assert told in answer["message"]
            assert parts.queue.get(ticket.id).agent == "ann"
            return
        said = [each.text for each in parts.log.after(ticket.conversation_id)]
        assert told in said[-1]
        history = parts.queue.history(ticket.id)
        assert any((move.by, move.note) == ("ann", "请协助") for move in history)
        # It does not come straight back to who would not keep it.
        assert parts.queue.get(ticket.id).agent != "ann"


async def test_a_lead_looks_on_speaks_up_and_takes_over(
    house: FastAPI, ann: Seat, parts: Parts
) -> None:
    ticket = waits(parts)
    await ann.on(ticket.id, "accept")

    def said() -> list[str]:
        return [each.text for each in parts.log.after(ticket.conversation_id)]

    async with seat(house, "lea") as lea:
        before = said()
        row = await lea.on(ticket.id, "join", mode="whisper")
        assert row["guests"] == [{"agent": "lea", "mode": "whisper"}]
        await lea.on(ticket.id, "notes", text="先安抚，再核实 6222020200112233445")
        await lea.on(ticket.id, "messages", 403, text="您好", client_id="l1")
        assert said() == before
        (note,) = (await ann.get(f"/tickets/{ticket.id}"))["notes"]
        assert note["whisper"] and "6222020200112233445" not in note["text"]
        (mine,) = (await lea.get("/tickets", view="mine"))["tickets"]
        assert mine["number"] == ticket.id
        await lea.on(ticket.id, "join", mode="join")
        await lea.on(ticket.id, "messages", text="我是组长，一起为您看。", client_id="l1")
        assert "客服组长（工号 lea）也加入了会话" in said()[-2]
        await lea.on(ticket.id, "leave")
        await lea.on(ticket.id, "messages", 403, text="还有", client_id="l2")
        assert "原因" in (await lea.on(ticket.id, "takeover", 422, why=" "))["message"]
        row = await lea.on(ticket.id, "takeover", why="客户要求组长")
        assert (row["agent"], row["guests"]) == ("lea", [])
        assert "客服组长（工号 lea）现在为您服务" in said()[-1]
        await ann.get(f"/tickets/{ticket.id}", 403)
        row = await lea.on(ticket.id, "assign", agent="ann", why="已安抚")
        assert row["agent"] == "ann"
        notes = [move.note for move in parts.queue.history(ticket.id)]
        assert notes[-2:] == ["接管：客户要求组长", "指派给 ann：已安抚"]
        waiting = waits(parts, reason="dispute")
        await lea.on(waiting.id, "assign", 409, agent="eve", why="懂争议")
        parts.desk.floor.be("eve", "ready")
        assert (await lea.on(waiting.id, "assign", agent="eve", why="懂争议"))["agent"] == "eve"


async def test_a_slow_bank_keeps_nobody_from_the_conversation(
    house: FastAPI, ann: Seat, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()
    monkeypatch.setattr(Directory, "card", lambda *_: slow.wait(30))
    monkeypatch.setattr("bot.gateway.desk_read.CARD_SECONDS", 0.05)
    ticket = waits(parts, "C1001")
    shown = await ann.get(f"/tickets/{ticket.id}")
    slow.set()
    assert shown["customer_card"] == {"signed_in": True, "fields": [], "unavailable": True}
    anonymous = waits(parts)
    assert (await ann.get(f"/tickets/{anonymous.id}"))["customer_card"]["signed_in"] is False


async def test_what_is_long_over_is_left_to_leads(house: FastAPI, ann: Seat, parts: Parts) -> None:
    ticket = waits(parts)
    await ann.on(ticket.id, "accept")
    await ann.on(ticket.id, "resolve", code="done", note="")
    await ann.get(f"/tickets/{ticket.id}")
    with parts.db.begin() as tx:
        long_ago = utc_now() - timedelta(days=8)
        tx.execute(tickets.update().values(ended_at=long_ago))
    assert "已结束多日" in (await ann.get(f"/tickets/{ticket.id}", 403))["message"]
    assert (await ann.get("/tickets", view="recent"))["tickets"] == []
    async with seat(house, "lea", None) as lea:
        await lea.get(f"/tickets/{ticket.id}")


async def test_what_is_said_after_the_end_is_not_for_who_served_before(
    house: FastAPI, ann: Seat, parts: Parts
) -> None:
    ticket = waits(parts, said="我的卡刷不了")
    await ann.on(ticket.id, "accept")
    row = await ann.on(ticket.id, "end")
    ended = parts.queue.get(ticket.id).ended_at
    assert ended is not None and "已结束" in row["last"]["text"]
    later = MessageLog(parts.db, lambda: ended + timedelta(minutes=1))
    later.append(ticket.conversation_id, "bot", "您的余额是 100 元。")
    said = (await ann.get(f"/tickets/{ticket.id}/messages"))["messages"]
    assert "余额" not in str(said) and said[-1]["seq"] == row["last_seq"]
    (mine,) = (await ann.get("/tickets", view="mine"))["tickets"]
    assert mine["last"] == row["last"]
    # Another agent's turn in the same conversation is another ticket.
    parts.desk.hand_over(
        ticket.conversation_id, customer_id=None, reason="request_human", line="general", slots={}
    )
    again = parts.queue.open_ticket_of(ticket.conversation_id)
    assert again is not None
    said = (await ann.get(f"/tickets/{again.id}/messages"))["messages"]
    assert "余额" in str(said)
