"""The look that all desks share, on each database a bank may use: whole, once, and cheap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.conversations.typing import Typing
from bot.gateway.desk_feed import DeskFeed, Look
from bot.gateway.desk_rows import DeskRows
from bot.gateway.desk_stream import _Told
from bot.handoff.live import FRONT
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import House, crowd


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


@pytest.fixture
def rows(house: House) -> DeskRows:
    return DeskRows(house.db, house.desk, house.log)


@pytest.fixture
def feed(house: House, rows: DeskRows) -> DeskFeed:
    return DeskFeed(rows, Typing(house.db, house.clock), house.queue.announcements)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Every statement that is run meanwhile."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            run.append(statement)

    event.listen(house.db.engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(house.db.engine, "before_cursor_execute", note)


def test_a_look_tells_what_changed_and_nothing_twice(house: House, feed: DeskFeed) -> None:
    house.desk.floor.be("lea", "away")
    first, second = house.ask(), house.ask()
    before = feed.look(Look())
    one, two = (house.ticket(each).id for each in (first, second))
    assert list(before.tickets) == [one, two] and before.changed == {one, two}
    assert feed.look(before) is before
    for act in (
        lambda: house.desk.claim(one, "ann"),
        lambda: house.desk.reply(one, "ann", "您好"),
        lambda: house.log.receive(first, "在", "c1", body_hash="x"),
        lambda: house.desk.customer_wrote(first, "在"),
        lambda: house.desk.note(one, "ann", "记一笔"),
        lambda: house.desk.join(one, "lea", "whisper"),
        lambda: house.desk.aside.read(one, "ann", 2),
        lambda: house.desk.set_deadline(first, house.clock.now),
        lambda: house.desk.leave_to_agent(one, "lea"),
        lambda: house.desk.ask(one, "ann", kind="look", to="lea", note="请看"),
        lambda: house.desk.withdraw_ask(one, "ann", house.asks()[0].id),
        lambda: house.desk.hold(one, "ann", ""),
    ):
        house.clock.forward(seconds=1)
        act()
        after = feed.look(before)
        assert after.changed == {one}, act
        before = after
    assert [each.text for each in before.tickets[one].fresh] != []
    house.desk.resolve(one, "ann", code="done", note="")
    gone = feed.look(before)
    assert gone.changed == {one} and list(gone.tickets) == [two]
    assert feed.look(gone) is gone


def test_a_conversations_record_and_its_next_ticket_do_not_mix(
    house: House, feed: DeskFeed
) -> None:
    conversation = house.ask()
    old = house.ticket(conversation).id
    house.desk.claim(old, "ann")
    house.desk.end(old, "ann")
    house.clock.forward(minutes=1)
    house.log.append(conversation, "bot", "还可以问我。")
    house.again(conversation)
    new = house.ticket(conversation).id
    look = feed.look(Look())
    assert look.tickets[old].last_seq < look.tickets[new].last_seq
    assert "已结束" in look.tickets[old].row["last"]["text"]
    house.log.append(conversation, "bot", "好的。")
    assert feed.look(look).changed == {new}


async def test_many_tickets_cost_no_more_statements_than_few(house: House, feed: DeskFeed) -> None:
    counts = []
    for number in (2, 30):
        for _ in range(number):
            house.ask()
        look = feed.look(Look())
        with statements(house) as idle:
            assert feed.look(look) is look
        with statements(house) as anew:
            feed.look(Look())
        counts.append((len(idle), len(anew)))
    assert counts[0] == counts[1] and counts[0][0] <= 10
    desks = [_Told(f"g{number}", rows, look) for number in range(20)]
    house.ask()
    news = feed.look(look)
    with statements(house) as run:
        told = [await desk.news(news) for desk in desks]
    assert run == [] and all(len(each) == 1 for each in told)


async def test_a_desk_that_was_asleep_misses_nothing(
    house: House, rows: DeskRows, feed: DeskFeed
) -> None:
    conversation = house.ask()
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, "ann")
    look = feed.look(Look())
    desk = _Told("ann", rows, look)
    for number in range(5):
        house.log.append(conversation, "system", f"第{number}条")
        look = feed.look(look)  # the desk hears of the last one only
    told = [each.data for each in await desk.news(look) if each.event == "message"]
    assert [f"第{number}条" in str(text) for number, text in enumerate(told)] == [True] * 5
    house.desk.transfer(ticket, "ann", line="loan", note="")
    events = [each.event for each in await desk.news(feed.look(look))]
    assert events == ["ticket"]  # everybody sees it in the queue again


async def test_a_desk_is_told_of_the_front_of_a_long_queue(
    house: House, rows: DeskRows, feed: DeskFeed
) -> None:
    numbers = crowd(house.db, house.ticket(house.ask()), FRONT + 5)
    house.desk.claim(numbers[-1], "bob")  # whoever has one sees it, however far back it was
    look = feed.look(Look())
    ann, bob = (_Told(name, rows, look) for name in ("ann", "bob"))
    assert [row["number"] for row in ann.everything()["queue"]] == numbers[:FRONT]
    assert ann.everything()["behind"] == 4
    assert [row["number"] for row in bob.everything()["mine"]] == [numbers[-1]]

    async def news() -> dict[str, Any]:
        nonlocal look
        look = feed.look(look)
        events = [(each.event, json.loads(str(each.data))) for each in await ann.news(look)]
        return {name: data.get("number", data.get("behind")) for name, data in events}

    house.desk.claim(numbers[3], "lea")
    assert await news() == {"gone": numbers[3], "ticket": numbers[FRONT], "queue": 3}
    urgent = house.ticket(house.ask("fraud")).id
    assert await news() == {"gone": numbers[FRONT], "ticket": urgent, "queue": 4}
    house.clock.forward(minutes=10)
    house.ask()  # at the end, where nobody looks
    assert await news() == {"queue": 5}
