"""The wall board counts what the queue holds, and calls late what its clocks call late."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta, timezone

import pytest

from bot.handoff.board import BoardReader
from bot.handoff.daily import DayReader
from bot.handoff.hours import KINDS, Hours, Span
from bot.handoff.live import LiveTickets
from bot.handoff.routes import Routes
from bot.handoff.store import TicketStore
from bot.handoff.tables import tickets
from bot.handoff.ticket import PENDING, WITH_PERSON
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import ROUTES, House

SPANS = ("09:00-12:00", "13:30-18:00", "22:00-02:00")
OFFICE = Hours({"workday": tuple(map(Span.read, SPANS)), "weekend": (), "holiday": ()})
OFFICE_ROUTES = Routes.parse_obj(
    {
        **ROUTES.dict(),
        "hours": {"office": {"workday": ["09:00-12:00", "13:30-18:00"], "weekend": []}},
        "groups": {
            name: {**group.dict(), "hours": "office" if name == "risk" else "always"}
            for name, group in ROUTES.groups.items()
        },
    }
)


@pytest.fixture(params=[ROUTES, OFFICE_ROUTES], ids=["always", "office"])
def house(request: pytest.FixtureRequest, db: Database, clock: Hands) -> House:
    return House(db, clock, request.param)


def test_before_and_after_agree() -> None:
    chance = random.Random(5)
    noon = datetime(2026, 3, 4, 4, 0, tzinfo=timezone.utc)
    for _ in range(300):
        now = noon + timedelta(minutes=chance.randrange(6 * 24 * 60))
        target = timedelta(minutes=chance.choice((1, 24, 60, 600, 1440)))
        limit = OFFICE.before(now, target)
        assert limit is not None
        began = now - timedelta(minutes=chance.randrange(8 * 24 * 60))
        due = OFFICE.after(began, target)
        assert due is not None and (began <= limit) == (due <= now)
    assert Hours(dict.fromkeys(KINDS, ())).before(noon, timedelta(minutes=1)) is None


def test_it_calls_late_what_the_clocks_call_late(house: House, clock: Hands) -> None:
    chance = random.Random(7)
    reasons, agents = ("request_human", "fraud", "threat"), ("ann", "bob", "eve", "lea")
    for agent in agents:
        house.desk.be(agent, "ready")
    for step in range(60):
        house.ask(chance.choice(reasons), f"C{step}")
        clock.forward(seconds=chance.choice((1, 20, 40, 300)))
        for ticket in house.queue.list("offered"):
            house.desk.accept(ticket.id, str(ticket.agent))
            if chance.random() < 0.6:
                house.desk.reply(ticket.id, str(ticket.agent), "您好")
            if chance.random() < 0.3:
                house.desk.hold(ticket.id, str(ticket.agent), "核实")
            elif chance.random() < 0.3:
                house.queue.customer_wrote(ticket.conversation_id)
        if step % 10 == 9:
            clock.forward(hours=chance.choice((1, 3)))
        assert_same(house)


def assert_same(house: House) -> None:
    live = LiveTickets(house.queue)
    found = house.queue.list((*PENDING, *WITH_PERSON))
    histories = live.histories([ticket.id for ticket in found])
    clocks = live.clocks(found, histories, house.clock())
    late = Counter((each.skill_group, clocks[each.id][0]) for each in found)
    waiting = Counter(each.skill_group for each in found if each.state in PENDING)
    for group in BoardReader(house.queue).look().groups:
        assert (group.at_risk, group.broken) == (late[group.id, 1], late[group.id, 2]), group
        assert group.waiting == waiting[group.id]


def test_people_and_who_waits_longest(either_db: Database, clock: Hands) -> None:
    house = House(either_db, clock)
    house.desk.be("ann", "ready")
    clock.forward(minutes=3)
    house.desk.floor.beat("ann")
    house.desk.be("bob", "away")
    first = house.ask()
    clock.forward(seconds=90)
    house.ask("fraud")
    board = BoardReader(house.queue).look()
    states = {each.id: (each.state, each.chats) for each in board.agents}
    assert states == {"ann": ("ready", 1), "bob": ("away", 0), "eve": ("off", 0), "lea": ("off", 0)}
    ann, bob, *_ = board.agents
    assert ann.since is not None and bob.since is not None
    assert bob.since - ann.since == timedelta(minutes=3)
    # What is offered still waits.
    assert board.waiting == 2 and board.since == clock() - timedelta(seconds=90)
    assert {group.id: group.ready for group in board.groups} == {"consult": 1, "risk": 0}
    house.queue.leave(first)
    assert BoardReader(house.queue).look().waiting == 1


def test_a_beat_does_not_begin_a_state_anew(db: Database, clock: Hands) -> None:
    house = House(db, clock)
    house.desk.be("ann", "ready")
    clock.forward(seconds=20)
    house.desk.floor.beat("ann")
    house.desk.be("ann", "ready")
    assert BoardReader(house.queue).look().agents[0].since == clock() - timedelta(seconds=20)


def test_a_group_that_is_no_more_counts_for_the_last_resort(
    either_db: Database, clock: Hands
) -> None:
    house = House(either_db, clock)
    house.ask()
    with either_db.begin() as tx:
        tx.execute(tickets.update().values(skill_group="gone"))
    clock.forward(hours=1)
    consult, _ = BoardReader(house.queue).look().groups
    assert (consult.waiting, consult.broken) == (1, 1)


def test_a_day_in_numbers(db: Database, clock: Hands) -> None:
    house = House(db, clock)
    house.desk.be("ann", "ready")
    early = house.ask()
    (ticket,) = house.queue.list("offered")
    house.desk.accept(ticket.id, "ann")
    clock.forward(seconds=10)
    house.desk.reply(ticket.id, "ann", "您好")
    house.desk.resolve(ticket.id, "ann", code="answered", note="")
    house.desk.be("ann", "away")
    late, gone, soon = house.ask(), house.ask(), house.ask()
    clock.forward(seconds=5)
    house.queue.leave(gone)
    clock.forward(minutes=5)
    house.ask()
    day = DayReader(house.queue).read(date(2026, 3, 2))
    assert (day.opened, day.answered, day.abandoned, day.resolved) == (5, 1, 1, 1)
    # One in time; two still wait and are late; who left at once and who just came count for nothing.
    assert day.service_level == pytest.approx(1 / 3) and day.first_response == 10
    assert day.hours[12].opened == 5 and day.hours[12].in_time == 1
    assert DayReader(house.queue).read(date(2026, 3, 3)).service_level is None
    assert len(BoardReader(house.queue).opened(clock() - timedelta(days=1), clock())) == 4
    assert {early, late, soon}


def test_a_board_is_few_statements_however_many_wait(db: Database, clock: Hands) -> None:
    house = House(db, clock)
    for _ in range(3):
        house.ask()
    assert isinstance(house.queue, TicketStore)
    few = statements(house)
    for _ in range(40):
        house.ask()
    clock.forward(minutes=10)
    assert statements(house) == few


def statements(house: House) -> int:
    from sqlalchemy import event

    seen: list[str] = []
    engine = house.db.engine

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    BoardReader(house.queue).look()
    event.remove(engine, "before_cursor_execute", note)
    return len([each for each in seen if each.lstrip().upper().startswith("SELECT")])
