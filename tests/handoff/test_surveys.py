"""What customers thought of a service: whom we ask, what is kept, and what it adds up to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import Conflict, Invalid
from bot.handoff.surveys import ASKED_WITHIN, Count, Survey, SurveyBook, SurveyRow
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import House

PLEASED = Survey(True)
ANNOYED = Survey(False, ("slow", "repeated"), "卡 6222020200112233445 的事说了三遍")


@pytest.fixture
def house(either_db: Database, clock: Hands) -> House:
    return House(either_db, clock)


@pytest.fixture
def book(house: House) -> SurveyBook:
    return SurveyBook(house.queue)


def served(house: House, agent: str = "ann", reason: str = "request_human", **more: object) -> str:
    """A conversation that ``agent`` had and ended."""
    conversation = house.ask(reason, **more)
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, agent)
    house.desk.resolve(ticket, agent, code="done", note="")
    return conversation


def give(house: House, book: SurveyBook, conversation: str, survey: Survey) -> Survey:
    latest = house.queue.latest_of(conversation)
    assert latest is not None
    return book.give(conversation, latest.id, survey)


def test_an_answer_is_kept_masked_and_may_be_changed(house: House, book: SurveyBook) -> None:
    conversation = served(house)
    ticket = book.asked_about(conversation)
    assert ticket is not None and book.of(ticket) is None
    give(house, book, conversation, ANNOYED)
    kept = book.of(ticket)
    assert kept is not None and "0200112" not in kept.comment and kept.why == ("slow", "repeated")
    give(house, book, conversation, PLEASED)
    assert book.of(ticket) == PLEASED


def test_it_is_asked_for_a_day(house: House, book: SurveyBook, clock: Hands) -> None:
    conversation = served(house)
    clock.now += ASKED_WITHIN
    assert book.asked_about(conversation) is None
    with pytest.raises(Conflict, match="截止"):
        give(house, book, conversation, PLEASED)


def test_who_ends_a_conversation_is_asked_and_who_gave_up_is_not(
    house: House, book: SurveyBook
) -> None:
    waited = house.ask()
    house.desk.leave(waited)
    talked = house.ask()
    ticket = house.ticket(talked).id
    house.desk.claim(ticket, "ann")
    assert book.asked_about(talked) is None  # it is not over
    house.desk.leave(talked)
    assert house.queue.get(ticket).state == "wrap_up"
    assert book.asked_about(waited) is None and book.asked_about(talked) is not None
    house.desk.resolve(ticket, "ann", code="answered", note="")
    assert book.asked_about(talked) is not None


def test_nobody_is_asked_who_spoke_of_harming_themselves(house: House, book: SurveyBook) -> None:
    assert book.asked_about(served(house, "eve", "self_harm")) is None
    assert book.asked_about(served(house, signals=["self_harm"])) is None


def test_only_the_latest_service_is_asked_about(house: House, book: SurveyBook) -> None:
    conversation = served(house)
    first = house.queue.latest_of(conversation)
    house.later(minutes=1)
    house.again(conversation)
    assert first is not None
    with pytest.raises(Conflict):
        book.give(conversation, first.id, PLEASED)


def test_a_second_life_is_asked_about_anew(house: House, book: SurveyBook, clock: Hands) -> None:
    conversation = served(house)
    give(house, book, conversation, ANNOYED)
    clock.forward(minutes=1)
    again = house.desk.not_resolved(conversation).ticket
    house.desk.claim(again.id, "bob")
    house.desk.resolve(again.id, "bob", code="done", note="")
    ticket = book.asked_about(conversation)
    assert ticket is not None and book.of(ticket) is None


def test_a_record_not_yet_written_keeps_nobody_from_coming_back(house: House) -> None:
    conversation = house.ask()
    ticket = house.ticket(conversation).id
    house.desk.claim(ticket, "ann")
    house.desk.end(ticket, "ann")
    back = house.desk.not_resolved(conversation).ticket
    assert (back.id, back.state, back.last_agent) == (ticket, "reopened", "ann")
    assert "上次没有解决 −1" in back.why


@pytest.mark.parametrize(
    "wrong",
    [{"why": ("bored",)}, {"satisfied": True, "why": ("slow",)}, {"comment": "长" * 501}],
    ids=["cause", "pleased-with-cause", "long"],
)
def test_what_is_no_answer(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Survey(**{"satisfied": False, **wrong})


def test_answers_by_group_and_agent_large_type_apart(
    house: House, book: SurveyBook, clock: Hands
) -> None:
    since = clock()
    give(house, book, served(house), PLEASED)
    give(house, book, served(house), ANNOYED)
    give(house, book, served(house), Survey(False, large_type=True))
    give(house, book, served(house, "bob"), PLEASED)
    served(house, "eve", "fraud")  # says nothing
    rows = book.report(since, clock() + timedelta(seconds=1))
    assert rows == [
        SurveyRow("consult", None, 4, Count(3, 2), Count(1, 0)),
        SurveyRow("consult", "ann", 3, Count(2, 1), Count(1, 0)),
        SurveyRow("consult", "bob", 1, Count(1, 1)),
        SurveyRow("risk", None, 1),
        SurveyRow("risk", "eve", 1),
    ]
    assert rows[-1].usual.share is None and book.share(since, clock()) is None
    assert book.share(since, clock() + timedelta(seconds=1)) == 0.5
    assert [survey.satisfied for _, survey in book.comments(since, clock() + ASKED_WITHIN)] == [
        True, False, False, True,
    ]  # fmt: skip
