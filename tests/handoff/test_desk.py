"""The human queue: nobody is lost, nobody is served twice, everybody is told."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from bot.conversations.log import MessageLog
from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.handoff.leading import LeadDesk
from bot.handoff.queue import TicketQueue
from bot.storage import Database
from tests.conftest import Hands


@pytest.fixture
def log(db: Database, clock: Hands) -> MessageLog:
    return MessageLog(db, clock)


@pytest.fixture
def desk(db: Database, log: MessageLog, clock: Hands) -> LeadDesk:
    return LeadDesk(db, TicketQueue(db, clock), log)


def hand_over(desk: LeadDesk, conversation: str, reason: str = "request_human"):
    return desk.hand_over(conversation, customer_id="C1", reason=reason, line="general", slots={})


def texts(log: MessageLog, conversation: str) -> str:
    return "\n".join(message.text for message in log.after(conversation))


def test_the_customer_is_told_number_and_place(desk: LeadDesk, log: MessageLog) -> None:
    first, second = log.open().id, log.open().id
    hand_over(desk, first)
    waiting = hand_over(desk, second)
    assert waiting.position == 2
    assert waiting.ticket.id in texts(log, second)
    assert "前面还有 1 位" in texts(log, second)


def test_urgent_ones_go_first(desk: LeadDesk, log: MessageLog, clock: Hands) -> None:
    order = []
    for reason in ("request_human", "complaint", "fraud", "dispute"):
        order.append(hand_over(desk, log.open().id, reason).ticket.id)
        clock.forward(seconds=1)
    person, complaint, fraud, dispute = order
    assert [t.id for t in desk.queue.list()] == [fraud, complaint, dispute, person]


def test_signals_move_a_ticket_forward_and_set_the_tone(
    desk: LeadDesk, log: MessageLog, clock: Hands
) -> None:
    calm, angry, cheated = (log.open().id for _ in range(3))
    for conversation, signals in ((calm, ()), (angry, ("anger",)), (cheated, ("fraud",))):
        desk.hand_over(
            conversation, customer_id="C1", reason="request_human", line="general", slots={},
            signals=signals,
        )  # fmt: skip
        clock.forward(seconds=1)
    assert [t.conversation_id for t in desk.queue.list()] == [cheated, angry, calm]
    assert "抱歉" in texts(log, angry) and "抱歉" not in texts(log, calm)
    assert "情绪激动" in desk.queue.list()[1].summary


@pytest.mark.parametrize("reason", ["request_human", "complaint", "unresolved", "system_failure"])
def test_an_angry_customer_hears_one_apology(desk: LeadDesk, log: MessageLog, reason: str) -> None:
    conversation = log.open().id
    desk.hand_over(
        conversation, customer_id="C1", reason=reason, line="general", slots={}, signals=("anger",)
    )
    assert texts(log, conversation).count("抱歉") == 1


def test_asking_twice_is_one_ticket(desk: LeadDesk, log: MessageLog) -> None:
    conversation = log.open().id
    first = hand_over(desk, conversation)
    again = hand_over(desk, conversation, "complaint")
    assert again.ticket.id == first.ticket.id and not again.new
    assert len(log.after(conversation)) == 1


def test_of_many_agents_one_gets_the_ticket(desk: LeadDesk, log: MessageLog) -> None:
    ticket = hand_over(desk, log.open().id).ticket.id
    got: list[str] = []

    def claim(agent: str) -> None:
        with suppress(Conflict):
            got.append(str(desk.claim(ticket, agent).agent))

    threads = [threading.Thread(target=claim, args=(f"A{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert desk.queue.get(ticket).agent == got[0]


def test_the_whole_way_of_a_ticket(desk: LeadDesk, log: MessageLog) -> None:
    conversation = log.open().id
    ticket = hand_over(desk, conversation).ticket.id
    with pytest.raises(Conflict):
        desk.reply(ticket, "A1", "您好")
    desk.claim(ticket, "A1")
    assert desk.queue.state_of(conversation) == "human"
    with pytest.raises(Forbidden):
        desk.reply(ticket, "A2", "您好")
    with pytest.raises(Invalid):
        desk.reply(ticket, "A1", "  ")
    desk.reply(ticket, "A1", "您好，请讲。")
    desk.transfer(ticket, "A1", agent="A2", note="请协助")
    (asked,) = desk.asking.book.open_of(ticket)
    desk.accept_ask(ticket, "A2", asked.id)
    desk.transfer(ticket, "A2", line="loan", note="贷款问题")
    assert desk.queue.state_of(conversation) == "queued"
    desk.claim(ticket, "A3")
    with pytest.raises(Invalid):
        desk.resolve(ticket, "A3", code="whatever", note="")
    desk.resolve(ticket, "A3", code="answered", note="")
    assert desk.queue.state_of(conversation) == "bot"
    assert [move.state for move in desk.queue.history(ticket)] == [
        "waiting", "active", "active", "active", "waiting", "active", "resolved",
    ]  # fmt: skip
    for told in ("A1", "A2", "贷款", "A3", "结束"):
        assert told in texts(log, conversation)
    assert hand_over(desk, conversation).ticket.id != ticket
    with pytest.raises(NotFound):
        desk.claim("T19990101-0001", "A1")


def test_the_summary_masks_numbers(desk: LeadDesk, log: MessageLog) -> None:
    conversation = log.open().id
    log.receive(conversation, "卡号6222020200112\n233445被盗刷", "a", body_hash="a")
    summary = hand_over(desk, conversation, "fraud").ticket.summary
    assert "盗刷" in summary
    assert "0200112" not in summary
