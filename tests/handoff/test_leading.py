"""What goes on beside a ticket, on each database a bank may use: retries, notes, guests, leads,
plain values; and what becomes of them when two do it at once."""

from __future__ import annotations

import pytest

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.handoff.audit import DeskAudit
from bot.handoff.customers import CustomerField, Reveals
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import House, at_once, other


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


def served(house: House, agent: str = "ann", **more: str) -> str:
    """A conversation that an agent has; its ticket."""
    ticket = house.ticket(house.ask(**more)).id
    house.desk.claim(ticket, agent)
    return str(ticket)


def test_a_reply_sent_again_is_one_message_however_late(house: House) -> None:
    ticket = served(house)
    conversation = house.queue.get(ticket).conversation_id
    houses = [other(house) for _ in range(4)]
    at_once(*(lambda each=each: each.desk.reply(ticket, "ann", "您好", "a1") for each in houses))
    said = [each for each in house.log.after(conversation) if each.role == "agent"]
    assert [(each.text, each.client_id) for each in said] == [("您好", "a1")]
    # Answered since, the customer wrote again: a late retry does not pass for an answer to that.
    house.desk.customer_wrote(conversation, "在吗")
    assert house.desk.reply(ticket, "ann", "您好", "a1") == said[0].seq
    assert house.queue.get(ticket).awaiting_since is not None
    for text, agent in (("别的", "ann"), ("您好", "bob")):
        with pytest.raises(Conflict, match="a1"):
            house.desk.reply(ticket, agent, text, "a1")
    house.desk.resolve(ticket, "ann", code="done", note="")
    assert house.desk.reply(ticket, "ann", "您好", "a1") == said[0].seq
    with pytest.raises(Conflict):
        house.desk.reply(ticket, "ann", "还有一句", "a2")
    for each in houses:
        each.db.dispose()


def test_notes_stay_among_colleagues_and_are_masked(house: House) -> None:
    ticket = served(house)
    before = house.log.last_seq(house.queue.get(ticket).conversation_id)
    first = house.desk.note(ticket, "ann", "客户手机 13812345678")
    second = house.desk.note(ticket, "bob", "已联系网点")
    assert [each.text for each in house.desk.aside.notes(ticket)] == [
        "客户手机 138****5678", "已联系网点",
    ]  # fmt: skip
    assert house.desk.aside.notes(ticket, first.id) == [second]
    assert house.log.last_seq(house.queue.get(ticket).conversation_id) == before
    for text in (" ", "长" * 2_001):
        with pytest.raises(Invalid):
            house.desk.note(ticket, "ann", text)
    with pytest.raises(NotFound):
        house.desk.note("T19990101-0001", "ann", "x")


def test_a_guest_is_one_for_a_single_life_of_the_ticket(house: House) -> None:
    ticket = served(house)
    conversation = house.queue.get(ticket).conversation_id
    house.desk.join(ticket, "lea", "join")
    house.desk.join(ticket, "lea", "join")
    assert house.texts(conversation).count("也加入了会话") == 1
    with pytest.raises(Conflict, match="不用加入"):
        house.desk.join(ticket, "ann", "join")
    with pytest.raises(Invalid, match="spy"):
        house.desk.join(ticket, "lea", "spy")
    house.desk.reply(ticket, "lea", "我是组长")
    assert house.queue.get(ticket).first_reply_at is not None
    house.desk.resolve(ticket, "ann", code="done", note="")
    with pytest.raises(Conflict, match="没有进行中"):
        house.desk.join(ticket, "lea", "whisper")
    house.clock.forward(minutes=1)
    house.desk.not_resolved(conversation)
    house.desk.claim(ticket, "ann")
    assert house.desk.aside.mode_of(house.queue.get(ticket), "lea") is None
    with pytest.raises(Forbidden):
        house.desk.reply(ticket, "lea", "还在")


def test_read_marks_go_forward_only_also_from_two_pages_at_once(house: House) -> None:
    ticket = served(house)
    houses = [other(house) for _ in range(4)]
    marks = (3, 9, 1, 5)
    at_once(
        *(
            lambda each=each, seq=seq: each.desk.aside.read(ticket, "ann", seq)
            for each, seq in zip(houses, marks, strict=True)
        )
    )
    assert house.desk.aside.read_marks([ticket], "ann") == {ticket: 9}
    assert house.desk.aside.read_marks([ticket], "bob") == {}
    for each in houses:
        each.db.dispose()


def test_of_two_leads_one_takes_over_and_no_cap_is_passed(house: House) -> None:
    first, second = served(house), served(house)
    houses = [other(house) for _ in range(2)]
    at_once(
        lambda: houses[0].desk.take_over(first, "lea", "超时"),
        lambda: houses[1].desk.take_over(second, "lea", "超时"),
    )
    assert sorted(str(house.queue.get(each).agent) for each in (first, second)) == ["ann", "lea"]
    for each in houses:
        each.db.dispose()


def test_what_is_given_out_is_waited_for_and_told(house: House) -> None:
    ticket = served(house)
    conversation = house.queue.get(ticket).conversation_id
    house.desk.reply(ticket, "ann", "您好")
    house.desk.floor.be("bob", "ready")
    house.desk.assign(ticket, "lea", agent="bob", why="语言")
    found = house.queue.get(ticket)
    assert (found.agent, found.state) == ("bob", "active") and found.awaiting_since is not None
    assert "工号 bob" in house.texts(conversation)
    with pytest.raises(Conflict, match="已经由坐席 bob"):
        house.desk.assign(ticket, "lea", agent="bob", why="语言")
    with pytest.raises(Conflict, match="换一位"):
        house.desk.assign(served(house), "lea", agent="bob", why="语言")
    house.desk.resolve(ticket, "bob", code="done", note="")
    with pytest.raises(Conflict, match="已办结"):
        house.desk.take_over(ticket, "lea", "看看")


def test_how_it_ended_is_kept_and_forgotten_when_it_comes_back(house: House) -> None:
    ticket = served(house)
    house.desk.end(ticket, "ann")
    house.desk.resolve(ticket, "ann", code="forwarded", note="转个贷中心")
    found = house.queue.get(ticket)
    assert (found.resolution, found.resolution_note) == ("forwarded", "转个贷中心")
    assert house.queue.history(ticket)[-1].note == "已转其他部门 转个贷中心"
    house.desk.not_resolved(found.conversation_id)
    found = house.queue.get(ticket)
    assert (found.resolution, found.resolution_note) == (None, None)


class OneCustomer:
    def card(self, customer_id: str) -> list[CustomerField]:
        return []

    def reveal(self, customer_id: str, field: str) -> str:
        return "13812345678"


def test_a_days_plain_values_end_at_their_number_and_begin_anew_at_midnight(
    house: House,
) -> None:
    ticket = house.queue.get(served(house, customer="C1"))

    def reveals(at: House) -> Reveals:
        audit = DeskAudit(at.db, at.clock)
        return Reveals(at.db, audit, at.desk.floor, at.log, OneCustomer(), most=3)

    houses = [other(house) for _ in range(6)]
    at_once(
        *(
            lambda each=each: reveals(each).reveal(ticket, "ann", "phone", "核对身份")
            for each in houses
        )
    )
    audit = DeskAudit(house.db, house.clock)
    assert audit.count_today("ann", "revealed") == len(audit.list(by="ann")) == 3
    assert reveals(house).left_today("bob") == 3
    # 4:00 UTC is noon in Shanghai; the day ends there.
    house.clock.forward(hours=11, minutes=59)
    assert reveals(house).left_today("ann") == 0
    house.clock.forward(minutes=1)
    assert reveals(house).reveal(ticket, "ann", "phone", "核对身份") == ("13812345678", 2)
    for field in ("message:0", "message:99", "message:x"):
        with pytest.raises(NotFound):
            reveals(house).reveal(ticket, "ann", field, "核对身份")
    for each in houses:
        each.db.dispose()
