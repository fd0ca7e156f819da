"""The human queue behind the gateway."""

from __future__ import annotations

import json

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.opening import Elsewhere
from bot.handoff.signing import Signer
from bot.storage import Database
from bot.text.clock import utc_now
from tests.gateway.conftest import Caller, make_config, running
from tests.gateway.peers import Rasa, eventually
from tests.handoff.world import ROUTES


async def test_who_waits_may_go_on_asking_the_assistant(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    rasa.server.stop()
    await caller.say("转人工")
    rasa.server.start()
    parts.desk.keep_assistant(caller.id)
    assert (await caller.say("手续费多少"))[-1]["text"] == "回声：手续费多少"
    seen = await caller.read()
    assert (seen["state"], seen["ticket"]["position"]) == ("queued", 1)


async def test_what_is_said_to_an_agent_is_to_be_answered(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    rasa.server.stop()
    await caller.say("转人工")
    ticket = parts.queue.open_ticket_of(caller.id)
    assert ticket is not None
    parts.desk.claim(ticket.id, "A001")
    parts.desk.reply(ticket.id, "A001", "您好，请讲。")
    assert parts.queue.get(ticket.id).awaiting_since is None
    await caller.post(text="我的卡丢了")
    await eventually(lambda: parts.queue.get(ticket.id).awaiting_since is not None)


async def test_danger_that_shows_while_waiting_goes_before_all(
    caller: Caller, rasa: Rasa, parts: Parts
) -> None:
    rasa.server.stop()
    await caller.say("转人工")
    sent = await caller.post(text="我真的不想活了")
    told = await caller.wait(sent.json()["seq"])
    assert "12356" in told[0]["text"]
    ticket = parts.queue.open_ticket_of(caller.id)
    assert ticket is not None and (ticket.reason, ticket.urgent) == ("self_harm", True)
    await caller.post(text="不想活了")
    await eventually(lambda: not parts.log.pending_conversations())
    assert str((await caller.read())["messages"]).count("12356") == 1


async def test_the_gateway_does_what_is_due_by_itself(rasa: Rasa, db: Database) -> None:
    config = make_config(rasa.url, routes=ROUTES)
    app = create_app(config, db)
    async with running(app) as http:
        caller, parts = await Caller(http).open(), app.state.parts
        rasa.server.stop()
        await caller.say("转人工")
        parts.desk.floor.be("ann", "ready")  # as another process does, and tells nobody
        await eventually(lambda: parts.queue.open_ticket_of(caller.id).state == "offered")
        seen = await caller.read()
        assert (seen["state"], seen["ticket"]["state"]) == ("queued", "waiting")
        assert seen["ticket"]["minutes"] is not None


async def test_a_desk_elsewhere_speaks_through_the_gateway(rasa: Rasa, db: Database) -> None:
    key = b"a key that both sides have, long enough"
    # Nobody listens there: what is to go out waits, and what comes in is heard.
    elsewhere = Elsewhere("http://127.0.0.1:9/events", key)
    app = create_app(make_config(rasa.url, elsewhere=elsewhere), db)
    async with running(app) as http:
        caller = await Caller(http).open()
        rasa.server.stop()
        await caller.say("转人工")
        ticket = app.state.parts.queue.open_ticket_of(caller.id).id
        body = json.dumps({"kind": "accepted", "ticket": ticket, "agent": "X9"}).encode()
        signed = Signer(key).headers("m1", body, utc_now())
        for _ in range(2):
            answer = await http.post("/api/handoff/events", content=body, headers=signed)
            assert answer.status_code == 204
        assert (await caller.read())["state"] == "human"
        forged = {**signed, "webhook-id": "m2"}
        answer = await http.post("/api/handoff/events", content=body, headers=forged)
        assert answer.status_code == 403
