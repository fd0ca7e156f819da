"""Asking colleagues, on each database a bank may use: whoever asks keeps the customer until somebody
else has said yes, and every ask comes to one end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.handoff.asks import Ask
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import ROUTES, House, at_once, other


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


def be(house: House, state: str) -> None:
    """Whom ann asks; who is not ready is not offered what waits."""
    for agent in ("bob", "lea"):
        house.desk.floor.be(agent, state)


def served(house: House, agent: str = "ann", **more: str) -> str:
    """A conversation that an agent has, while colleagues are there; its ticket."""
    be(house, "away")
    ticket = house.ticket(house.ask(**more)).id
    house.desk.claim(ticket, agent)
    be(house, "ready")
    return str(ticket)


def asked(house: House, number: str, kind: str = "take", to: str | None = "bob") -> Ask:
    by = str(house.queue.get(number).agent)
    house.desk.ask(number, by, kind=kind, to=to, note="客户电话 13812345678，请帮忙")
    return house.desk.asking.book.open_of(number)[-1]


def state_of(house: House, ask: Ask) -> str:
    return house.desk.asking.book.get(ask.ticket_id, ask.id).state


def notes(house: House, number: str) -> list[str]:
    return [move.note for move in house.queue.history(number)]


def said(house: House, number: str) -> str:
    return house.texts(house.queue.get(number).conversation_id)


# ── handing over ─────────────────────────────────────────────────────────────


def test_a_conversation_stays_until_the_colleague_says_yes(house: House) -> None:
    number = served(house)
    told = said(house, number)
    found = house.desk.transfer(number, "ann", agent="bob", note="懂英语")
    assert (found.state, found.agent) == ("active", "ann") and said(house, number) == told
    # Who is only asked is not loaded, and the agent goes on.
    assert house.desk.floor.load("bob").chats == 0
    house.desk.reply(number, "ann", "请稍候")
    (ask,) = house.desk.asking.book.open_of(number)
    found = house.desk.accept_ask(number, "bob", ask.id)
    assert (found.state, found.agent) == ("active", "bob") and found.awaiting_since is not None
    assert said(house, number).count("已为您转接给另一位客服（工号 bob）") == 1
    assert notes(house, number)[-2:] == ["请 bob 接手：懂英语", "接手"]
    assert house.desk.floor.load("bob").chats == 1 and house.desk.floor.load("ann").chats == 0


@pytest.mark.parametrize(
    ("end", "state", "note"),
    [
        (lambda h, a: h.desk.decline_ask(a.ticket_id, "bob", a.id, "卡号 6222020200112233445"),
         "declined", "婉拒：卡号 622202*********3445"),
        (lambda h, a: h.desk.decline_ask(a.ticket_id, "bob", a.id), "declined", "婉拒"),
        (lambda h, a: h.desk.withdraw_ask(a.ticket_id, "ann", a.id),
         "withdrawn", "不再请 bob 接手"),
        (lambda h, a: h.later(seconds=30), "lapsed", "bob 没有及时接手"),
    ],
    ids=["declined with a word", "declined", "withdrawn", "lapsed"],
)  # fmt: skip
def test_without_a_yes_it_stays_and_the_customer_hears_nothing(
    house: House, end: Callable[[House, Ask], object], state: str, note: str
) -> None:
    number = served(house)
    told, ask = said(house, number), asked(house, number)
    end(house, ask)
    assert state_of(house, ask) == state and note in notes(house, number)
    assert house.queue.get(number).agent == "ann" and said(house, number) == told
    with pytest.raises(Conflict, match="不用再答复"):
        house.desk.accept_ask(number, "bob", ask.id)
    # It may be asked again, of somebody else.
    assert asked(house, number, to="lea").to == "lea"


def test_what_is_asked_is_kept_without_numbers(house: House) -> None:
    number = served(house)
    assert asked(house, number).note == "客户电话 138****5678，请帮忙"
    assert "13812345678" not in "".join(notes(house, number))


@pytest.mark.parametrize(
    "act",
    [
        lambda h, n: h.desk.leave(h.queue.get(n).conversation_id),
        lambda h, n: h.desk.end(n, "ann"),
        lambda h, n: h.desk.resolve(n, "ann", code="done", note=""),
        lambda h, n: h.desk.take_over(n, "lea", "超时"),
        lambda h, n: h.desk.assign(n, "lea", agent="eve", why="更熟悉"),
        lambda h, n: h.desk.transfer(n, "ann", line="loan", note=""),
    ],
    ids=["left", "ended", "resolved", "taken over", "assigned", "sent to a queue"],
)  # fmt: skip
def test_once_somebody_else_has_it_or_it_is_over_nothing_is_asked(
    house: House, act: Callable[[House, str], object]
) -> None:
    house.desk.floor.be("eve", "ready")
    number = served(house)
    asks = [asked(house, number), asked(house, number, "look", None)]
    be(house, "away")
    act(house, number)
    assert [state_of(house, ask) for ask in asks] == ["void", "void"]
    before = house.queue.get(number)
    for ask, agent in zip(asks, ("bob", "lea"), strict=True):
        with pytest.raises(Conflict, match="已失效"):
            house.desk.accept_ask(number, agent, ask.id)
    assert house.queue.get(number) == before


def test_an_agent_who_vanishes_asks_nothing_any_more(house: House) -> None:
    number = served(house)
    house.desk.floor.be("ann", "ready")
    ask = asked(house, number, "look", None)
    house.clock.forward(seconds=46)
    house.desk.floor.beat("lea")
    house.sweep.run()
    assert state_of(house, ask) == "void"


def test_what_is_put_aside_may_be_taken_too(house: House) -> None:
    number = served(house)
    house.desk.hold(number, "ann", "")
    ask = asked(house, number)
    house.desk.resume(number, "ann")
    house.desk.hold(number, "ann", "")
    assert house.desk.accept_ask(number, "bob", ask.id).state == "active"


def test_nobody_is_asked_in_vain(house: House) -> None:
    number = served(house)
    for to, error, what in (
        ("ann", Invalid, "自己"),
        (None, Invalid, "哪位同事"),
        ("zoe", NotFound, "工号"),
        ("eve", Conflict, "不在岗"),
    ):
        with pytest.raises(error, match=what):
            house.desk.ask(number, "ann", kind="take", to=to, note="")
    with pytest.raises(Invalid, match="dance"):
        house.desk.ask(number, "ann", kind="dance", note="请")
    with pytest.raises(Forbidden):
        house.desk.ask(number, "bob", kind="take", to="lea", note="")
    served(house, "bob")
    with pytest.raises(Conflict, match="换一位"):
        house.desk.ask(number, "ann", kind="take", to="bob", note="")
    asked(house, number, to="lea")
    with pytest.raises(Conflict, match="已经请 lea 接手"):
        house.desk.ask(number, "ann", kind="take", to="lea", note="")


def test_only_who_was_asked_answers_and_only_who_asked_withdraws(house: House) -> None:
    number, elsewhere = served(house), served(house)
    ask = asked(house, number)
    for act in (
        lambda: house.desk.accept_ask(number, "lea", ask.id),
        lambda: house.desk.accept_ask(number, "ann", ask.id),
        lambda: house.desk.decline_ask(number, "lea", ask.id),
        lambda: house.desk.withdraw_ask(number, "bob", ask.id),
    ):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotFound):
        house.desk.accept_ask(elsewhere, "bob", ask.id)
    assert state_of(house, ask) == "open"


def test_who_has_no_room_any_more_says_no_yes_and_may_say_so_later(house: House) -> None:
    number = served(house)
    ask = asked(house, number)
    own = served(house, "bob")
    with pytest.raises(Conflict, match="先办结"):
        house.desk.accept_ask(number, "bob", ask.id)
    assert state_of(house, ask) == "open" and house.queue.get(number).agent == "ann"
    house.desk.resolve(own, "bob", code="done", note="")
    assert house.desk.accept_ask(number, "bob", ask.id).agent == "bob"


def test_asking_is_no_turn_in_who_gets_work_next(house: House) -> None:
    number = served(house)
    with house.db.begin() as tx:
        before = house.desk.floor.lock(tx, "bob").assigned_at
    ask = asked(house, number)
    house.desk.decline_ask(number, "bob", ask.id)
    with house.db.begin() as tx:
        assert house.desk.floor.lock(tx, "bob").assigned_at == before


# ── looking in ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("to", [None, "lea"], ids=["any lead", "a named one"])
@pytest.mark.parametrize("mode", ["join", "whisper"])
def test_a_lead_looks_in_when_asked(house: House, to: str | None, mode: str) -> None:
    number = served(house)
    ask = asked(house, number, "look", to)
    house.desk.accept_ask(number, "lea", ask.id, mode)
    found = house.queue.get(number)
    assert found.agent == "ann" and house.desk.aside.mode_of(found, "lea") == mode
    assert ("也加入了会话" in said(house, number)) == (mode == "join")
    assert state_of(house, ask) == "accepted"
    with pytest.raises(Conflict, match="已经在这个会话"):
        asked(house, number, "look", to)


def test_a_lead_who_comes_unasked_answers_too(house: House) -> None:
    number = served(house)
    ask = asked(house, number, "look", None)
    house.desk.join(number, "lea", "whisper")
    assert state_of(house, ask) == "accepted"


@pytest.mark.parametrize(
    ("end", "state", "note"),
    [
        (lambda h, a: h.desk.decline_ask(a.ticket_id, "lea", a.id, "在开会"),
         "declined", "暂时不便：在开会"),
        (lambda h, a: h.desk.withdraw_ask(a.ticket_id, "ann", a.id), "withdrawn", "不再请组长看一下"),
        (lambda h, a: [h.later(seconds=60) for _ in range(3)], "lapsed", "组长没有及时来看"),
    ],
    ids=["declined", "withdrawn", "lapsed"],
)  # fmt: skip
def test_an_agent_learns_that_no_lead_comes(
    house: House, end: Callable[[House, Ask], object], state: str, note: str
) -> None:
    number = served(house)
    ask = asked(house, number, "look", None)
    end(house, ask)
    assert state_of(house, ask) == state and note in notes(house, number)
    assert house.guests(house.queue.get(number)) == set()


def test_of_several_leads_one_who_has_no_time_does_not_answer_for_all(
    either_db: Database, clock: Hands
) -> None:
    agents = {**ROUTES.agents, "lou": ROUTES.agents["lea"], "max": ROUTES.agents["lea"]}
    house = House(either_db, clock, ROUTES.copy(update={"agents": agents}))
    number = served(house)
    house.desk.floor.be("lou", "away")
    ask = asked(house, number, "look", None)
    house.desk.decline_ask(number, "lea", ask.id, "在开会")
    (ask,) = house.asks()
    assert ask.passed == ("lea",) and [each.id for each in house.desk.asking.asked_of("lou")] == [
        ask.id
    ]
    assert (
        house.desk.asking.asked_of("lea") == [] and notes(house, number)[-1] == "暂时不便：在开会"
    )
    with pytest.raises(Conflict, match="已经答复"):
        house.desk.decline_ask(number, "lea", ask.id)
    # The third is not there.
    house.desk.decline_ask(number, "lou", ask.id)
    assert state_of(house, ask) == "declined"
    again = asked(house, number, "look", None)
    house.desk.decline_ask(number, "lea", again.id)
    house.desk.join(number, "lea", "whisper")
    assert state_of(house, again) == "accepted"


def test_no_lead_is_asked_in_vain(house: House) -> None:
    number = served(house)
    for to, note, error, what in (
        ("lea", " ", Invalid, "请写明"),
        ("bob", "请", Invalid, "不是组长"),
        ("zoe", "请", NotFound, "工号"),
    ):
        with pytest.raises(error, match=what):
            house.desk.ask(number, "ann", kind="look", to=to, note=note)
    # On a break they are still there; once they have gone nobody is.
    house.desk.be("lea", "away")
    ask = asked(house, number, "look", None)
    house.desk.withdraw_ask(number, "ann", ask.id)
    house.desk.be("lea", "off")
    for to, what in (("lea", "组长 lea 不在岗"), (None, "现在没有组长在岗")):
        with pytest.raises(Conflict, match=what):
            asked(house, number, "look", to)


# ── at once ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda h, n, a: h.desk.accept_ask(n, "bob", a),
        lambda h, n, a: h.desk.decline_ask(n, "bob", a),
        lambda h, n, a: h.desk.withdraw_ask(n, "ann", a),
        lambda h, n, a: h.sweep.run(),
        lambda h, n, a: h.desk.resolve(n, "ann", code="done", note=""),
        lambda h, n, a: h.desk.take_over(n, "lea", "超时"),
        lambda h, n, a: h.desk.transfer(n, "ann", line="loan", note=""),
        lambda h, n, a: h.desk.claim(h.queue.list("waiting")[0].id, "bob"),
    ],
    ids=[
        "accepted", "declined", "withdrawn", "lapsed", "resolved", "taken over", "sent away",
        "room used up",
    ],
)  # fmt: skip
def test_of_two_things_at_once_one_happens(
    house: House, meanwhile: Callable[[House, str, int], object]
) -> None:
    house.ask()
    number = served(house)
    ask = asked(house, number)
    house.clock.forward(seconds=31)
    houses = [other(house) for _ in range(3)]
    at_once(
        lambda: houses[0].desk.accept_ask(number, "bob", ask.id),
        lambda: houses[1].desk.accept_ask(number, "bob", ask.id),
        lambda: meanwhile(houses[2], number, ask.id),
    )
    path = notes(house, number)
    assert path.count("接手") == (state_of(house, ask) == "accepted")
    assert said(house, number).count("已为您转接给另一位客服（工号 bob）") == path.count("接手")
    assert house.desk.floor.load("bob").chats <= 1
    found = house.queue.get(number)
    if state_of(house, ask) != "accepted":
        assert found.agent != "bob" or found.state == "offered"
    for each in houses:
        each.db.dispose()


def test_of_two_asks_at_once_about_one_conversation_one_is_made(house: House) -> None:
    number = served(house)
    houses = [other(house) for _ in range(4)]
    at_once(*(lambda each=each: asked(each, number) for each in houses))
    assert len(house.desk.asking.book.of(number)) == 1
    for each in houses:
        each.db.dispose()
