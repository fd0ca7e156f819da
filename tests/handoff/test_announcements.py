"""The emergency switch: one announcement at a time, told once, and tickets that go elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Conflict, Invalid
from bot.handoff.announcements import MOST_CHARS, Announcement, Announcements
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import ROUTES, House

TEXT = "手机银行转账暂时不可用，正在抢修。"


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


@pytest.fixture
def switch(house: House) -> Announcements:
    return house.queue.announcements


def announce(switch: Announcements, **values: Any) -> Announcement:
    values = {"text": TEXT, "by": "M001", "groups": ROUTES.groups, **values}
    return switch.announce(values.pop("text"), **values)


def test_one_is_in_force_until_it_ends_and_all_stay_on_record(switch: Announcements) -> None:
    assert switch.current() is None
    first = announce(switch, kind="outage", lines=["transfer"])
    assert switch.current() == first and first.lines == ("transfer",)
    with pytest.raises(Conflict, match="M001"):
        announce(switch)
    second = announce(switch, text="已恢复大部分业务。", by="M002", replaces=first.id)
    with pytest.raises(Conflict):
        announce(switch, replaces=first.id)
    assert switch.end("M001").id == second.id
    with pytest.raises(Conflict, match="没有生效"):
        switch.end("M001")
    told = [(each.set_by, each.ended_by, each.text) for each in switch.history()]
    assert told == [("M002", "M001", "已恢复大部分业务。"), ("M001", "M002", TEXT)]


def test_it_ends_by_itself(switch: Announcements, clock: Hands) -> None:
    later = clock().replace(hour=10)
    first = announce(switch, kind="maintenance", until=later)
    assert first.words == f"系统维护公告：{TEXT}（预计 3月2日 18:00 恢复）"
    clock.now = later
    assert switch.current() is None
    announce(switch)
    ended = switch.history()[1]
    assert (ended.ended_by, ended.ended_at) == ("system", later)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"text": "长" * (MOST_CHARS + 1)},
        {"kind": "storm"},
        {"lines": ["poetry"]},
        {"routing": "away"},
        {"routing": "group", "skill_group": "nobody"},
        {"routing": "group"},
    ],
    ids=["empty", "long", "kind", "line", "routing", "group", "no-group"],
)
def test_what_makes_no_announcement(switch: Announcements, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        announce(switch, **wrong)
    assert not switch.history()


def test_what_is_over_already_is_not_announced(switch: Announcements, clock: Hands) -> None:
    with pytest.raises(Invalid, match="已经过去"):
        announce(switch, until=clock())


def test_each_conversation_is_told_each_announcement_once(
    house: House, switch: Announcements
) -> None:
    here, there = house.log.open().id, house.log.open().id
    assert not house.desk.tell_announcement(here)
    first = announce(switch)
    assert [house.desk.tell_announcement(each) for each in (here, here, there)] == [
        True, False, True,
    ]  # fmt: skip
    announce(switch, text="晚上八点前恢复。", replaces=first.id)
    assert house.desk.tell_announcement(here)
    said = house.log.after(here)
    assert [each.text for each in said] == [f"公告：{TEXT}", "公告：晚上八点前恢复。"]
    assert said[0].card == {"type": "announcement", "id": first.id}


def test_tickets_of_affected_lines_go_to_the_named_group(
    house: House, switch: Announcements
) -> None:
    announce(switch, kind="outage", lines=["transfer"], routing="group", skill_group="risk")
    struck = house.ticket(house.ask(line="transfer"))
    spared = house.ticket(house.ask(line="card"))
    assert (struck.skill_group, spared.skill_group) == ("risk", "consult")
    (opened,) = house.queue.history(struck.id)
    assert opened.note == "客户要求人工（大面积故障公告期间：都转到一个组）"
    switch.end("M001")
    assert house.ticket(house.ask(line="transfer")).skill_group == "consult"


def test_callbacks_only_are_agreed_on_and_said_honestly(
    house: House, switch: Announcements, clock: Hands
) -> None:
    restored = clock() + timedelta(hours=5)
    announce(switch, kind="outage", routing="callback", until=restored)
    conversation = house.ask()
    ticket = house.ticket(conversation)
    assert ticket.state == "callback" and ticket.callback_at >= restored
    assert "因大面积故障，人工客服现在只能约时间联系您" in house.texts(conversation)
    house.again(conversation)
    assert house.ticket(conversation).state == "callback"
    assert "不在服务时间" not in house.texts(conversation)
    switch.end("M001")
    house.again(conversation)
    assert house.ticket(conversation).state == "waiting"


@pytest.mark.parametrize("reason", ["fraud", "self_harm"])
def test_what_is_urgent_goes_its_own_way(house: House, switch: Announcements, reason: str) -> None:
    announce(switch, kind="outage", routing="callback")
    ticket = house.ticket(house.ask(reason))
    assert (ticket.state, ticket.skill_group) == ("waiting", "risk")
    assert "公告" not in house.queue.history(ticket.id)[0].note


def test_danger_that_shows_later_waits_no_longer_for_a_time(
    house: House, switch: Announcements
) -> None:
    announce(switch, kind="outage", routing="callback")
    conversation = house.ask()
    house.again(conversation, "fraud")
    ticket = house.ticket(conversation)
    assert (ticket.state, ticket.skill_group) == ("waiting", "risk")


def served(house: House, **asked: Any) -> str:
    """A conversation whose ticket is resolved."""
    conversation = house.ask(**asked)
    house.desk.claim(house.ticket(conversation).id, "lea")
    house.desk.resolve(house.ticket(conversation).id, "lea", code="done", note="")
    return conversation


def test_what_was_not_resolved_goes_the_way_of_a_new_one(
    house: House, switch: Announcements, clock: Hands
) -> None:
    struck, spared = served(house, line="transfer"), served(house, line="card")
    put_off = served(house, line="transfer")
    first = announce(switch, kind="outage", lines=["transfer"], routing="group", skill_group="risk")
    for conversation, group in ((struck, "risk"), (spared, "consult")):
        back = house.desk.not_resolved(conversation).ticket
        assert (back.state, back.skill_group, back.last_agent) == ("reopened", group, "lea")
    assert "交易争议与安全客服，优先处理" in house.texts(struck)
    note = house.queue.history(house.ticket(struck).id)[-1].note
    assert note == "客户表示没有解决（大面积故障公告期间：都转到一个组）"
    restored = clock() + timedelta(hours=5)
    announce(switch, kind="outage", routing="callback", until=restored, replaces=first.id)
    back = house.desk.not_resolved(put_off).ticket
    assert back.state == "callback" and back.callback_at and back.callback_at >= restored
    told = house.log.after(put_off)[-1].text
    assert "没有帮您解决，已重新为您登记" in told and "因大面积故障，人工客服现在只能约时间" in told
    assert not house.desk.not_resolved(put_off).new
