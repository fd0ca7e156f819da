"""The message log keeps its promise: once, in order, on disk."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from bot.conversations.log import Answer, MessageLog, QuickReply
from bot.conversations.sealed import SealedInputs
from bot.errors import Conflict, Forbidden, NotFound
from bot.storage import Database
from tests.conftest import Hands


@pytest.fixture
def log(db: Database, clock: Hands) -> MessageLog:
    return MessageLog(db, clock)


def receive(log: MessageLog, conversation: str, text: str, client_id: str):
    return log.receive(conversation, text, client_id, body_hash=text)


def test_a_repeated_client_id_is_one_message(log: MessageLog) -> None:
    conversation = log.open().id
    first, new = receive(log, conversation, "查余额", "a")
    again, newer = receive(log, conversation, "查余额", "a")
    assert (new, newer) == (True, False)
    assert again.seq == first.seq
    with pytest.raises(Conflict):
        receive(log, conversation, "别的话", "a")
    after, _ = receive(log, conversation, "下一条", "b")
    assert after.seq == first.seq + 1
    assert [message.text for message in log.after(conversation)] == ["查余额", "下一条"]


def test_writers_at_once_neither_lose_nor_double_nor_skip(log: MessageLog) -> None:
    conversation = log.open().id

    def write(writer: int) -> None:
        for number in range(10):
            receive(log, conversation, f"{writer}-{number}", f"{writer}-{number}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = log.after(conversation)
    assert [message.seq for message in found] == list(range(1, 61))
    assert len({message.text for message in found}) == 60


def test_turns_are_taken_one_at_a_time_and_answered_once(log: MessageLog, clock: Hands) -> None:
    conversation = log.open().id
    receive(log, conversation, "一", "1")
    receive(log, conversation, "二", "2")
    first = log.take_pending(conversation)
    assert first is not None and first.text == "一"
    assert log.take_pending(conversation) is None
    clock.forward(seconds=60)
    assert log.release_taken(timedelta(seconds=30)) == 1
    taken = log.take_pending(conversation)
    assert taken is not None and taken.seq == first.seq
    answer = Answer("好的", (), None, None)
    assert len(log.settle(conversation, first.seq, [answer])) == 1
    assert log.settle(conversation, first.seq, [answer]) == []
    following = log.take_pending(conversation)
    assert following is not None and following.text == "二"


def test_a_button_is_good_until_the_customer_writes(log: MessageLog) -> None:
    conversation, other = log.open().id, log.open().id
    replies = (QuickReply("确认", "/affirm"),)
    shown = log.append(conversation, "bot", "确认吗？", quick_replies=replies)
    assert log.quick_reply(conversation, f"{shown.seq}.0").payload == "/affirm"
    for value in ("1.1", "9.0", "x.y", "1", "", "9" * 30 + ".0", "²."):
        with pytest.raises(NotFound):
            log.quick_reply(conversation, value)
    with pytest.raises(NotFound):
        log.quick_reply(other, f"{shown.seq}.0")
    receive(log, conversation, "等等", "c")
    with pytest.raises(Conflict):
        log.quick_reply(conversation, f"{shown.seq}.0")


def test_a_conversation_gets_its_customer_once(log: MessageLog) -> None:
    conversation = log.open().id
    assert log.bind_customer(conversation, "C1").customer_id == "C1"
    assert log.bind_customer(conversation, "C1").customer_id == "C1"
    with pytest.raises(Forbidden):
        log.bind_customer(conversation, "C2")
    with pytest.raises(NotFound):
        log.get("nobody")


def test_a_sealed_code_opens_once_for_its_own_conversation(
    db: Database, log: MessageLog, clock: Hands
) -> None:
    sealed = SealedInputs(db, b"secret", clock)
    mine, other = log.open().id, log.open().id
    ref = sealed.seal(mine, "482913")
    assert sealed.open(other, ref) is None
    assert sealed.open(mine, ref) == "482913"
    assert sealed.open(mine, ref) is None
    late = sealed.seal(mine, "111111")
    clock.forward(minutes=6)
    assert sealed.open(mine, late) is None
