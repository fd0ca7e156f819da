"""The queue as customers and agents meet it, on each database a bank may use."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.errors import Conflict, Forbidden, Invalid
from bot.handoff.fit import CHAT
from bot.handoff.routes import Routes
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import ROUTES, House, at_once, other


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


# ── brought together ─────────────────────────────────────────────────────────


def test_who_is_ready_is_offered_who_waits_at_once(house: House) -> None:
    house.desk.be("ann", "ready")
    conversation = house.ask()
    ticket = house.ticket(conversation)
    assert (ticket.state, ticket.agent) == ("offered", "ann")
    assert house.queue.state_of(conversation) == "queued"
    house.desk.accept(ticket.id, "ann")
    assert house.queue.state_of(conversation) == "human"
    assert "客服（工号 ann）为您服务" in house.texts(conversation)


def test_who_comes_is_offered_who_waited(house: House) -> None:
    conversation = house.ask()
    assert house.ticket(conversation).state == "waiting"
    house.desk.be("ann", "ready")
    assert house.ticket(conversation).agent == "ann"


def test_an_agent_on_a_break_or_never_heard_of_is_offered_nothing(house: House) -> None:
    house.desk.be("ann", "away")
    house.desk.be("bob", "ready")
    house.clock.forward(minutes=1)  # bob's page has fallen silent
    assert house.ticket(house.ask()).state == "waiting"


def test_a_better_agent_is_waited_for_and_then_the_next_best_will_do(house: House) -> None:
    house.desk.be("bob", "ready")  # knows of disputes, but little
    conversation = house.ask("dispute")
    assert house.ticket(conversation).state == "waiting"
    house.later(seconds=60)
    assert house.ticket(conversation).state == "waiting"
    house.later(seconds=60)
    assert house.ticket(conversation).agent == "bob"


def test_another_group_helps_out_who_waits_too_long(house: House) -> None:
    house.desk.be("ann", "ready")  # knows nothing of disputes
    conversation = house.ask("dispute")
    house.later(minutes=4)
    assert house.ticket(conversation).state == "waiting"
    house.later(minutes=1)
    assert house.ticket(conversation).agent == "ann"


def test_nobody_is_given_more_than_they_can_have(house: House) -> None:
    house.desk.be("ann", "ready")
    asked = [house.ask() for _ in range(3)]
    assert [house.ticket(each).state for each in asked] == ["offered", "offered", "waiting"]
    first = house.ticket(asked[0]).id
    house.desk.accept(first, "ann")
    # Answered, it waits for its customer and weighs half; two of these make room for a third.
    house.desk.reply(first, "ann", "您好，请讲。")
    assert house.ticket(asked[2]).state == "waiting"
    second = house.ticket(asked[1]).id
    house.desk.accept(second, "ann")
    house.desk.reply(second, "ann", "您好，请讲。")
    house.sweep.run()
    assert house.ticket(asked[2]).state == "offered"
    with pytest.raises(Conflict, match="已有 3 个会话"):
        house.desk.claim(house.ticket(house.ask()).id, "ann")


def test_the_last_agent_goes_on_if_there(house: House) -> None:
    for agent in ("ann", "bob"):
        house.desk.be(agent, "ready")
    conversation = house.ask(customer="C1")
    served = house.ticket(conversation)
    house.desk.accept(served.id, served.agent)
    house.desk.resolve(served.id, served.agent, code="done", note="")
    house.later(hours=1)
    again = house.ticket(house.ask(customer="C1"))
    assert again.agent == served.agent
    house.desk.decline(again.id, again.agent)
    assert house.ticket(again.conversation_id).agent not in (None, served.agent)


def test_english_goes_to_who_speaks_it_and_after_a_while_to_anybody(house: House) -> None:
    house.desk.be("ann", "ready")
    conversation = house.log.open().id
    house.log.receive(conversation, "I want to talk to somebody", "a", body_hash="a")
    house.again(conversation)
    assert house.ticket(conversation).language == "en"
    assert house.ticket(conversation).state == "waiting"
    house.desk.be("bob", "ready")
    assert house.ticket(conversation).agent == "bob"
    house.desk.decline(house.ticket(conversation).id, "bob")
    house.later(minutes=3)
    assert house.ticket(conversation).agent is not None


# ── in which order ───────────────────────────────────────────────────────────


def test_what_is_dangerous_jumps_every_queue(house: House) -> None:
    ordinary = [house.ask("dispute") for _ in range(2)]
    house.clock.forward(hours=5)
    urgent = house.ask("self_harm")
    assert house.queue.position(house.ticket(urgent)) == 1
    house.desk.be("eve", "ready")
    assert house.ticket(urgent).agent == "eve"
    assert all(house.ticket(each).state == "waiting" for each in ordinary)


def test_who_waits_and_is_in_danger_now_waits_no_longer(house: House) -> None:
    first, second = house.ask(), house.ask()
    house.desk.keep_assistant(second)
    house.again(second, "self_harm", signals=("self_harm",))
    found = house.ticket(second)
    assert (found.urgent, found.skill_group, house.queue.position(found)) == (True, "risk", 1)
    assert house.queue.list()[0].id == found.id
    assert house.texts(second).count("12356") == 1
    house.again(second, "self_harm", signals=("self_harm",))
    assert house.texts(second).count("12356") == 1
    assert not house.ticket(first).urgent


def test_priority_is_worth_ten_minutes_and_no_more(house: House) -> None:
    patient = house.ask("request_human")
    house.clock.forward(minutes=11)
    house.ask("complaint")
    assert house.queue.list()[0].conversation_id == patient
    late = house.ask("request_human")
    house.clock.forward(minutes=9)
    complaint = house.ask("complaint")
    order = [ticket.conversation_id for ticket in house.queue.list()]
    assert order.index(complaint) < order.index(late)


def test_signals_and_standing_move_forward_with_their_reasons(house: House) -> None:
    plain = house.ticket(house.ask())
    vip = house.ticket(house.ask(customer_tier="vip", signals=("anger",)))
    assert (plain.priority, vip.priority) == (3, 1)
    assert vip.why == ("客户要求人工 3", "情绪激动 −1", "贵宾客户 −1")
    assert [each.id for each in house.queue.list()] == [vip.id, plain.id]


def test_a_threat_is_for_a_lead_but_not_left_waiting_for_one(house: House) -> None:
    house.desk.be("eve", "ready")
    conversation = house.ask("threat")
    assert house.ticket(conversation).state == "waiting"
    house.later(seconds=60)
    assert house.ticket(conversation).agent == "eve"
    house.desk.be("lea", "ready")
    assert house.ticket(house.ask("threat")).agent == "lea"


# ── what time brings ─────────────────────────────────────────────────────────


def test_an_offer_nobody_answers_goes_on_and_its_agent_takes_a_break(house: House) -> None:
    house.desk.be("ann", "ready")
    conversation = house.ask()
    house.desk.be("bob", "ready")
    house.later(seconds=29)
    assert house.ticket(conversation).agent == "ann"
    house.later(seconds=1)
    assert house.ticket(conversation).agent == "bob"
    assert house.desk.floor.state_of("ann") == "away"
    notes = [move.note for move in house.queue.history(house.ticket(conversation).id)]
    assert notes == ["客户要求人工", "派单", "派单无人应答", "派单"]


def test_who_vanishes_loses_tickets_and_customers_lose_nothing(house: House) -> None:
    house.desk.be("ann", "ready")
    first, second = house.ask(), house.ask()
    house.desk.accept(house.ticket(first).id, "ann")
    before = house.log.last_seq(first)
    house.clock.forward(seconds=44)
    house.sweep.run()
    assert house.ticket(first).state == "active"
    house.clock.forward(seconds=1)
    house.sweep.run()
    assert [house.ticket(each).state for each in (first, second)] == ["waiting", "waiting"]
    assert house.queue.position(house.ticket(first)) == 1
    assert "不用再说一遍" in house.log.after(first, before)[0].text
    house.sweep.run()
    assert house.log.last_seq(first) == before + 1
    house.desk.be("bob", "ready")
    assert house.ticket(first).agent == "bob"
    with pytest.raises(Forbidden):
        house.desk.accept(house.ticket(first).id, "ann")


def test_what_is_late_goes_up_and_says_so(house: House) -> None:
    house.desk.be("lea", "ready")
    conversation = house.ask("dispute")
    assert house.ticket(conversation).state == "waiting"
    house.later(seconds=48)
    found = house.ticket(conversation)
    assert (found.agent, found.reach) == ("lea", 2)
    house.desk.accept(found.id, "lea")
    house.later(seconds=12)
    assert house.ticket(conversation).reach == 3
    notes = [move.note for move in house.queue.history(found.id)]
    assert "即将超时，升级到组长" in notes and "已超时，升级到主管" in notes


def test_the_customers_turn_runs_no_clock_and_the_agents_does(house: House) -> None:
    conversation = house.ask("dispute")
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, "eve")
    house.desk.reply(ticket, "eve", "您好，请讲。")
    house.later(minutes=30)
    assert house.ticket(conversation).reach == 1
    house.desk.customer_wrote(conversation, "是上周那笔")
    house.later(seconds=95)
    assert house.ticket(conversation).reach == 1
    house.later(seconds=1)
    assert house.ticket(conversation).reach == 2


def test_thanks_after_the_end_start_nothing(house: House) -> None:
    conversation = house.ask()
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, "ann")
    house.desk.end(ticket, "ann")
    house.desk.customer_wrote(conversation, "谢谢")
    house.later(hours=3)
    found = house.queue.get(ticket)
    assert (found.state, found.awaiting_since, found.alarm_at) == ("wrap_up", None, None)
    assert house.queue.state_of(conversation) == "bot"
    seq = house.log.last_seq(conversation)
    house.desk.resolve(ticket, "ann", code="done", note="已说明")
    assert house.log.last_seq(conversation) == seq


def test_not_resolved_comes_back_to_the_same_group_and_agent_sooner(house: House) -> None:
    house.desk.be("eve", "ready")
    conversation = house.ask("dispute", customer="C1")
    ticket = house.ticket(conversation).id
    house.desk.accept(ticket, "eve")
    house.desk.reply(ticket, "eve", "已处理。")
    house.desk.resolve(ticket, "eve", code="done", note="")
    back = house.desk.not_resolved(conversation)
    assert back.new and back.ticket.id == ticket and back.ticket.priority == 1
    assert not house.desk.not_resolved(conversation).new
    found = house.ticket(conversation)
    assert (found.skill_group, found.agent, found.first_reply_at) == ("risk", "eve", None)
    assert "上次没有解决 −1" in found.why
    assert house.texts(conversation).count("很抱歉上次没有帮您解决") == 1


def test_what_is_long_over_stays_over(house: House) -> None:
    conversation = house.ask()
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, "ann")
    house.desk.resolve(ticket, "ann", code="done", note="")
    house.later(hours=72)
    assert house.queue.get(ticket).state == "closed"
    with pytest.raises(Conflict, match="重新转人工"):
        house.desk.not_resolved(conversation)


# ── while they wait ──────────────────────────────────────────────────────────


def test_the_wait_is_told_as_a_range_and_only_if_somebody_is_there(house: House) -> None:
    first = house.ask()
    assert "预计" not in house.texts(first)
    house.desk.be("lea", "ready")
    house.desk.be("ann", "ready")  # a lead, lea takes nothing ordinary
    assert "1 分钟内" in house.texts(house.ask())  # the second place of two
    told = house.texts(house.ask())
    assert "前面还有 2 位" in told and "预计等待" in told
    low, high = house.desk.waiting(house.ticket(first)).minutes or (0, 0)
    assert 1 <= low <= high


def test_asking_the_assistant_meanwhile_keeps_the_place(house: House) -> None:
    first, second = house.ask(), house.ask()
    assert house.desk.with_person(first)
    house.desk.keep_assistant(first)
    assert not house.desk.with_person(first) and house.queue.state_of(first) == "queued"
    assert house.queue.position(house.ticket(second)) == 2
    house.again(first)  # the assistant hands over once more
    assert "您已经在排队了" in house.texts(first)
    house.desk.claim(house.ticket(first).id, "ann")
    assert house.desk.with_person(first)


def test_leaving_ends_it_and_frees_the_agent(house: House) -> None:
    house.desk.be("bob", "ready")
    first, second = house.ask(), house.ask()
    assert house.ticket(second).state == "waiting"
    house.desk.leave(first)
    assert house.ticket(first) is None and house.ticket(second).agent == "bob"
    assert house.desk.leave(first) is None
    assert "已为您取消人工服务" in house.texts(first)


OFFICE = Routes.parse_obj(
    {
        **ROUTES.dict(),
        "hours": {"office": {"workday": ["09:00-12:00", "13:30-18:00"]}},
        "groups": {
            **ROUTES.dict()["groups"],
            "consult": {"name": "咨询", "hours": "office"},
        },
        "routes": [{"reason": "fraud", "group": "risk"}, {"group": "consult"}],
    }
)


def test_outside_hours_a_time_is_agreed_on_and_kept(either_db: Database, clock: Hands) -> None:
    house = House(either_db, clock, OFFICE)
    clock.forward(hours=8)  # Monday, 20:00 in Shanghai
    conversation = house.ask()
    found = house.ticket(conversation)
    assert found.state == "callback" and house.queue.state_of(conversation) == "bot"
    assert "3月3日 09:00–10:00" in house.texts(conversation)
    failed = house.ask("system_failure")
    assert "没有办成" in house.texts(failed) and "已为您转接" not in house.texts(failed)
    lost = house.ask("system_failure", opening="请马上拨打 95000。也已为您转接人工客服")
    assert house.texts(lost).startswith("请马上拨打 95000。人工客服现在不在服务时间")
    house.again(lost, opening="仍然没有办成。也已为您转接人工客服")
    assert house.log.after(lost)[-1].text.startswith("仍然没有办成。人工客服现在不在服务时间")
    house.later(hours=12, minutes=59)
    assert house.ticket(conversation).state == "callback"
    house.again(conversation)  # asked for once more, and still nobody is there
    assert "联系您" in house.log.after(conversation)[-1].text
    house.later(minutes=1)
    back = house.ticket(conversation)
    assert (back.state, back.priority, back.id) == ("waiting", 2, found.id)
    assert "您约的时间到了" in house.texts(conversation)
    # A person is not kept from who is in danger.
    assert house.ticket(house.ask("fraud")).state == "waiting"


def test_not_resolved_outside_hours_has_a_time_agreed_on_and_is_sooner_then(
    either_db: Database, clock: Hands
) -> None:
    house = House(either_db, clock, OFFICE)
    conversation = house.ask(customer="C1")
    number = house.ticket(conversation).id
    house.desk.claim(number, "ann")
    house.desk.resolve(number, "ann", code="done", note="")
    clock.forward(hours=8)  # 20:00
    back = house.desk.not_resolved(conversation)
    assert back.new and (back.ticket.id, back.ticket.state) == (number, "callback")
    told = house.log.after(conversation)[-1].text
    assert "没有帮您解决" in told and "不在服务时间，会在 3月3日 09:00–10:00 优先" in told
    assert house.queue.state_of(conversation) == "bot"
    house.later(hours=13)
    found = house.ticket(conversation)
    assert (found.state, found.priority, found.last_agent) == ("waiting", 1, "ann")


def test_rather_called_back_than_wait(either_db: Database, clock: Hands) -> None:
    house = House(either_db, clock, OFFICE)
    clock.forward(minutes=-30)  # 11:30
    conversation = house.ask()
    slots = house.desk.callback_slots(conversation)
    assert [f"{begin:%H:%M}" for begin, _ in slots[:2]] == ["06:00", "07:00"]  # 14:00, 15:00
    with pytest.raises(Invalid):
        house.desk.ask_callback(conversation, slots[0][0] + timedelta(minutes=1))
    house.desk.ask_callback(conversation, slots[1][0])
    assert "已为您约好 3月2日 15:00–16:00" in house.texts(conversation)
    clock.forward(hours=2)
    house.again(conversation)  # back before the time, while the group is at work
    assert house.ticket(conversation).state == "waiting"


# ── under any race ───────────────────────────────────────────────────────────


def test_however_many_match_nobody_gets_two_and_no_ticket_is_offered_twice(house: House) -> None:
    asked = [house.ask() for _ in range(6)]
    houses = [other(house) for _ in range(6)]
    for agent in ("ann", "bob", "lea"):
        house.desk.floor.be(agent, "ready")
    at_once(*(each.desk.matcher.match for each in houses))
    given = Counter(house.ticket(each).agent for each in asked)
    assert given["ann"] == 2 and given["bob"] == 1 and given[None] == 3
    for each in asked:
        notes = [move.note for move in house.queue.history(house.ticket(each).id)]
        assert notes.count("派单") <= 1
    for each in houses:
        each.db.dispose()


def test_asking_from_many_places_at_once_is_one_ticket_told_once(house: House) -> None:
    conversation = house.log.open().id
    houses = [other(house) for _ in range(6)]
    at_once(*(lambda each=each: each.again(conversation) for each in houses))
    assert len(house.queue.list()) == 1
    assert len(house.log.after(conversation)) == 1
    for each in houses:
        each.db.dispose()


def test_claims_offers_and_transfers_together_pass_no_cap(house: House) -> None:
    mine = [house.ask() for _ in range(2)]
    for each in mine:
        house.desk.claim(house.ticket(each).id, "guest")
    asked = [house.ask() for _ in range(4)]
    house.desk.floor.be("bob", "ready")
    houses = [other(house) for _ in range(7)]
    tickets = [house.ticket(each).id for each in (*asked, *mine)]
    for each in tickets[4:]:
        house.desk.transfer(each, "guest", agent="bob", note="")
    at_once(
        *(lambda n=n: houses[n].desk.claim(tickets[n], "bob") for n in range(4)),
        *(
            lambda n=n: houses[n].desk.accept_ask(
                tickets[n], "bob", house.desk.asking.book.open_of(tickets[n])[0].id
            )
            for n in (4, 5)
        ),
        houses[6].desk.matcher.match,
    )
    held = house.queue.held("bob")
    assert len(held) == 1 and house.desk.floor.load("bob").weight == CHAT
    for each in houses:
        each.db.dispose()


def test_accepting_leaving_and_lapsing_together_is_one_of_them(house: House) -> None:
    house.desk.be("ann", "ready")
    conversation = house.ask()
    ticket = house.ticket(conversation).id
    house.clock.forward(seconds=31)
    houses = [other(house) for _ in range(3)]
    at_once(
        lambda: houses[0].desk.accept(ticket, "ann"),
        lambda: houses[1].desk.leave(conversation),
        houses[2].sweep.run,
    )
    path = [move.state for move in house.queue.history(ticket)]
    assert path[:2] == ["waiting", "offered"]
    assert path[-1] in ("abandoned", "wrap_up") or house.ticket(conversation) is not None
    texts = house.texts(conversation)
    # Once by the agent who comes, once by the assistant who is back.
    over = path.count("abandoned") + path.count("wrap_up")
    assert texts.count("为您服务。") <= path.count("active") + over
    for each in houses:
        each.db.dispose()
