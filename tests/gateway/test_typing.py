"""Who writes is told to the other side, wherever either is served, and goes by itself."""

from __future__ import annotations

import pytest

from bot.conversations import typing
from bot.conversations.log import MessageLog
from bot.conversations.typing import Typing
from bot.gateway.parts import Parts
from bot.storage import Database
from tests.conftest import Hands
from tests.gateway.conftest import Caller
from tests.gateway.peers import Served, sse
from tests.gateway.test_events import opened, take


def test_it_lapses_and_is_ended_by_who_began_it(either_db: Database, clock: Hands) -> None:
    conversation = MessageLog(either_db, clock).open().id
    here, there = Typing(either_db, clock), Typing(either_db, clock)
    here.begin(conversation, "customer")
    assert there.now("customer") == {conversation} and there.now("agent") == frozenset()
    clock.forward(seconds=4)
    there.begin(conversation, "customer")  # its other page
    clock.forward(seconds=4)
    assert here.now("customer") == {conversation}
    there.end(conversation, "customer")
    assert here.now("customer") == frozenset()
    here.begin(conversation, "agent")
    clock.forward(seconds=typing.LASTS.total_seconds())
    assert there.now("agent") == frozenset()


def test_saying_so_all_the_time_writes_seldom(db: Database, clock: Hands) -> None:
    conversation = MessageLog(db, clock).open().id
    here = Typing(db, clock)
    written = []
    for _ in range(12):
        clock.forward(seconds=0.5)
        before = [*here._begun.values()]
        here.begin(conversation, "customer")
        written.append([*here._begun.values()] != before)
        assert here.now("customer") == {conversation}
    assert sum(written) <= 3


def test_the_widget_sees_the_agent_write(live: Served, parts: Parts) -> None:
    conversation, token = opened(live.url)
    desk = parts.desk
    desk.hand_over(conversation, customer_id=None, reason="request_human", line="general", slots={})
    ticket = parts.queue.open_ticket_of(conversation)
    assert ticket is not None
    desk.claim(ticket.id, "A001")  # type: ignore[union-attr]
    elsewhere = Typing(Database(parts.db.url))
    with sse(live.url, conversation, token) as stream:
        assert take(stream, "state")[0][2] == {"state": "human"}
        elsewhere.begin(conversation, "agent")
        assert take(stream, "typing")[0][2] == {"typing": True}
        elsewhere.end(conversation, "agent")
        assert take(stream, "typing")[0][2] == {"typing": False}


async def test_the_customers_writing_is_for_a_person_only(caller: Caller, parts: Parts) -> None:
    assert (await caller.call("POST", "typing", json={})).status_code == 204
    assert parts.typing.now("customer") == frozenset()
    parts.desk.hand_over(
        caller.id, customer_id=None, reason="request_human", line="general", slots={}
    )
    ticket = parts.queue.open_ticket_of(caller.id)
    assert ticket is not None
    parts.desk.claim(ticket.id, "A001")  # type: ignore[union-attr]
    await caller.call("POST", "typing", json={})
    assert parts.typing.now("customer") == {caller.id}
    await caller.post(text="我的卡丢了")
    assert parts.typing.now("customer") == frozenset()
    answers = [(await caller.call("POST", "typing", json={})).status_code for _ in range(60)]
    assert answers[0] == 204 and answers[-1] == 429


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.gateway.events.POLL_SECONDS", 0.02)
