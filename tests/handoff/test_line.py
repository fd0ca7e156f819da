"""Reading only the front of the queue leads to the very plan that reading all of it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.handoff.fit import CHAT, Load, Pair, Present, place, plan, with_room
from bot.handoff.line import Line
from bot.handoff.queue import TicketQueue
from bot.handoff.routes import Agent, Group, Overflow
from bot.handoff.store import row_of
from bot.handoff.tables import tickets
from bot.handoff.ticket import QUEUED, STATES, Ticket
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.test_fit import NOW, ticket
from tests.handoff.world import ROUTES

LANGUAGES = ["zh", "yue", "en"]
# A third group is closed just now, so that others help it at once; a fourth one is in no file.
CLOSED = ROUTES.copy(
    update={
        "groups": {
            **ROUTES.groups,
            "night": Group(
                name="夜班", hours="night", level=4, overflow=Overflow(to="consult"),
                widen=timedelta(seconds=30),
            ),
        },
        "hours": {"night": {"workday": ()}},
    }
)  # fmt: skip
GROUPS = [*CLOSED.groups, "gone"]

waits = st.integers(-90, 1_200).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def waiting(draw: st.DrawFn) -> list[Ticket]:
    found = []
    for number in range(draw(st.integers(0, 20))):
        one = ticket(number, "request_human", draw(waits), draw(st.sampled_from(LANGUAGES)), 1)
        tier = draw(st.sampled_from([1, 1, 1, 2]))
        state = draw(st.sampled_from([*QUEUED, *STATES]))
        found.append(
            replace(
                one,
                skill_group=draw(st.sampled_from(GROUPS)),
                tier=tier,
                reach=draw(st.integers(tier, 3)),
                urgent=draw(st.sampled_from([False, False, False, True])),
                state=state,
                # Some stand elsewhere than the time they have waited says: urgent, or back again.
                sort_at=NOW - draw(waits),
                declined=draw(
                    st.dictionaries(
                        st.sampled_from(["a0", "a1", "a2"]),
                        waits.map(lambda by: (NOW + by).isoformat()),
                        max_size=1,
                    )
                ),
                last_agent=draw(st.sampled_from([None, "a0", "a1"])),
            )
        )
    return found


@st.composite
def agents(draw: st.DrawFn) -> list[Present]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        person = Agent(
            skills=draw(
                st.dictionaries(st.sampled_from(list(CLOSED.groups)), st.integers(1, 5), max_size=2)
            ),
            languages=draw(st.sampled_from([("zh",), ("en",), ("zh", "en")])),
            tier=draw(st.sampled_from([1, 1, 2, 3])),
            capacity=draw(st.integers(1, 3)),
        )
        load = Load(chats := draw(st.integers(0, 2)), chats * CHAT)
        found.append(Present(f"a{number}", person, load, None))
    return found


@pytest.fixture
def queue(either_db: Database, clock: Hands) -> TicketQueue:
    return TicketQueue(either_db, clock, CLOSED)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.handoff.line.FIRST_PAGE", 2)
    monkeypatch.setattr("bot.handoff.line.GROWTH", 2)


@settings(
    max_examples=max(60, settings.default.max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(waiting(), agents())
def test_the_front_leads_to_the_plan_of_the_whole(
    queue: TicketQueue, waiting: list[Ticket], ready: list[Present]
) -> None:
    fill(queue, waiting)
    free = with_room(ready)
    found = plan(Line(queue).front(free, NOW), free, CLOSED, NOW)
    whole = sorted((each for each in waiting if each.state in QUEUED), key=place)
    assert found == plan(whole, with_room(ready), CLOSED, NOW)


def test_no_more_is_read_than_those_who_are_free_need(
    queue: TicketQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = timedelta(minutes=20)
    fill(queue, [ticket(number, "request_human", long, "zh", 1) for number in range(200)])
    read: list[Ticket] = []
    first = queue.first

    def counted(*asked: object) -> object:
        page = first(*asked)
        read.extend(page)
        return page

    monkeypatch.setattr(queue, "first", counted)
    lead, ann = (Present(name, ROUTES.agents[name], Load(), None) for name in ("lea", "ann"))
    assert pairs(queue, [lead]) == [] and read == []  # nothing is for a lead as yet
    assert [each.agent_id for each in pairs(queue, [lead, ann])] == ["ann", "ann"]
    assert len(read) <= 4


@pytest.mark.parametrize("urgent", [False, True])
def test_places_are_the_positions(queue: TicketQueue, urgent: bool) -> None:
    some = [ticket(number, "request_human", timedelta(0), "zh", 1) for number in range(5)]
    some[3] = replace(some[3], urgent=urgent)
    some[4] = replace(some[4], state="resolved")
    fill(queue, some)
    asked = [each.conversation_id for each in some[1:]]
    assert queue.places([*asked, "unknown"]) == {
        each.conversation_id: queue.position(each) for each in some[1:4]
    }
    assert queue.position(some[3]) == (1 if urgent else 4)


def fill(queue: TicketQueue, waiting: list[Ticket]) -> None:
    with queue.db.begin() as tx:
        tx.execute(delete(tickets))
        if waiting:
            tx.execute(insert(tickets), [row_of(each) for each in waiting])


def pairs(queue: TicketQueue, ready: list[Present]) -> list[Pair]:
    free = with_room(ready)
    return plan(Line(queue).front(free, NOW), free, CLOSED, NOW)
