"""The customer's side: a complaint exists once, is its owner's, and its term is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.errors import BankbotError, Conflict, NotFound
from bot.storage import Database
from tests.complaints.desk import ANSWER, OTHER, OWNER, Sides
from tests.conftest import Hands


def test_one_key_is_one_complaint(sides: Sides) -> None:
    number = sides.open()
    sides.clock.forward(hours=1)
    assert sides.open() == number == "CT20260302-0001"
    with pytest.raises(Conflict, match="k1"):
        sides.open(text="别的事")
    assert sides.open("k2") == "CT20260302-0002"
    assert [view.number for view in sides.register.of(OWNER)] == [
        "CT20260302-0002", "CT20260302-0001",
    ]  # fmt: skip
    # Another customer's keys are their own.
    assert sides.register.open(OTHER, category="fee", text="x", key="k1")[1]


def test_at_once_from_several_processes_it_is_still_one(db: Database, clock: Hands) -> None:
    found: list[str] = []

    def open_one() -> None:
        found.append(Sides.of(db, clock).open())

    threads = [threading.Thread(target=open_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["CT20260302-0001"] * 6


def test_only_the_owner_sees_and_moves_it(sides: Sides) -> None:
    number = sides.answered()
    attempts: list[Callable[[], object]] = [
        lambda: sides.register.view(number, OTHER),
        lambda: sides.register.add_facts(number, OTHER, "新", "f1"),
        lambda: sides.register.withdraw(number, OTHER, key="w1"),
        lambda: sides.register.ask_review(number, OTHER, "不服", key="r1"),
        lambda: sides.register.view("CT20260302-9999", OWNER),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound, match="没有投诉"):
            attempt()
    assert sides.register.of(OTHER) == ()


def test_an_owner_sees_the_answer_once_it_is_told(sides: Sides) -> None:
    number = sides.open()
    view = sides.register.view(number, OWNER)
    assert (view.state, view.deadline.due_on) == ("received", date(2026, 3, 17))
    assert view.may == ("add_facts", "withdraw")
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    view = sides.register.view(number, OWNER)
    assert (view.state, view.answer) == ("handling", None)
    sides.tell(number, "decision")
    view = sides.register.view(number, OWNER)
    assert (view.state, view.answer, view.may) == ("decided", ANSWER, ("ask_review",))
    sides.clock.forward(days=60)
    view = sides.register.view(number, OWNER)
    assert (view.may, view.deadline.overdue) == ((), False)


def test_what_is_kept_hides_numbers(sides: Sides) -> None:
    number = sides.open(text="卡号6222020200112233445，密码是864213，多收了年费")
    text = sides.register.view(number, OWNER).text
    assert "多收了年费" in text
    assert "864213" not in text and "0200112" not in text
    added = sides.register.add_facts(number, OWNER, f"{number}的补充：手机13812345678", "f1")
    assert number in added.text and "12345" not in added.text


def test_new_facts_move_the_term_once_they_are_judged(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    sides.clock.forward(days=10)
    added = sides.register.add_facts(number, OWNER, "找到了收据", "f1")
    assert sides.register.add_facts(number, OWNER, "找到了收据", "f1") == added
    with pytest.raises(Conflict, match="f1"):
        sides.register.add_facts(number, OWNER, "别的", "f1")
    assert sides.casework.deadline(number).due_on == date(2026, 3, 17)
    sides.clock.forward(days=1)
    with pytest.raises(Conflict, match="未判断"):
        sides.closing.write(number, ANSWER, by="A1")
    after = sides.terms.judge_facts(number, added.id, by="A1", new=True, why="此前未提供")
    assert (after.started_on, after.due_on) == (date(2026, 3, 12), date(2026, 3, 27))
    with pytest.raises(Conflict, match="已经判断"):
        sides.terms.judge_facts(number, added.id, by="A1", new=False, why="重复")
    with pytest.raises(NotFound):
        sides.terms.judge_facts(number, 99, by="A1", new=True, why="x")


def test_a_withdrawal_ends_it_now_and_once(sides: Sides) -> None:
    number = sides.open()
    sides.clock.forward(days=20)
    first = sides.register.withdraw(number, OWNER, "已经解决", key="w1")
    sides.clock.forward(days=1)
    assert sides.register.withdraw(number, OWNER, key="w2") == first
    assert first.ended_at == sides.clock() - timedelta(days=1)
    assert sides.register.view(number, OWNER).may == ()
    with pytest.raises(Conflict, match="已结束"):
        sides.register.add_facts(number, OWNER, "反悔", "f1")
    with pytest.raises(Conflict, match="已撤诉"):
        sides.casework.assign(number, "A1", by="M1")
    with pytest.raises(Conflict, match="还没有处理决定"):
        sides.register.ask_review(number, OWNER, "不服", key="r1")


def test_a_review_is_asked_for_in_time(sides: Sides) -> None:
    number = sides.answered()
    sides.clock.forward(days=31)
    with pytest.raises(Conflict, match="2026年4月1日届满"):
        sides.register.ask_review(number, OWNER, "不服", key="r1")


@pytest.mark.parametrize("changes", [{"category": "x"}, {"text": " "}, {"text": "长" * 5001}])
def test_what_cannot_be_is_named(sides: Sides, changes: dict[str, str]) -> None:
    with pytest.raises(BankbotError):
        sides.open(**changes)
    assert sides.register.of(OWNER) == ()
    assert sides.open() == "CT20260302-0001"


def test_a_letter_is_given_its_way(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    now = sides.clock()
    sides.closing.tell(number, "decision", by="A1", channel="letter", at=now, proof="挂号 XA1")
    sides.clock.forward(days=37)
    assert sides.register.view(number, OWNER).may == ("ask_review",)
    assert sides.register.ask_review(number, OWNER, "不服", key="r1").state == "asked"
