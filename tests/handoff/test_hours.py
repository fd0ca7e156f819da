"""Opening hours over Chinese holidays, and the clocks that run in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Invalid
from bot.handoff.hours import Hours, Span, announced_until
from bot.handoff.sla import Life, Targets, clocks, level, next_alarm
from bot.text.clock import SHANGHAI

DAY = [Span.read("09:00-12:00"), Span.read("13:30-18:00")]
OFFICE = Hours({"workday": DAY})
# Past midnight, on Friday nights too, into a morning that begins before the night is over.
NIGHT = Hours({"workday": [Span.read("20:00-02:00")], "weekend": [Span.read("01:00-03:00")]})
ALWAYS = Hours(dict.fromkeys(("workday", "weekend", "holiday"), [Span.read("00:00-24:00")]))


def at(text: str) -> datetime:
    """``2026-02-13 17:30`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-02-13", "workday"),
        ("2026-02-14", "workday"),  # Saturday, worked for the Spring Festival
        ("2026-02-15", "holiday"),  # Sunday, the festival's first day
        ("2026-02-23", "holiday"),
        ("2026-02-28", "workday"),
        ("2026-03-01", "weekend"),
        ("2026-10-01", "holiday"),
        ("2026-10-10", "workday"),
    ],
)
def test_the_state_councils_calendar(day: str, kind: str) -> None:
    assert OFFICE.kind_of(date.fromisoformat(day)) == kind


def test_the_banks_own_days_go_before_and_unknown_years_by_the_week() -> None:
    own = Hours({}, closed={date(2026, 3, 3)}, opened={date(2026, 10, 1)})
    assert own.kind_of(date(2026, 3, 3)) == "holiday"
    assert own.kind_of(date(2026, 10, 1)) == "workday"
    beyond = announced_until() + timedelta(days=400)
    while beyond.weekday() != 5:
        beyond += timedelta(days=1)
    assert OFFICE.kind_of(beyond) == "weekend"
    assert OFFICE.kind_of(beyond + timedelta(days=2)) == "workday"


@pytest.mark.parametrize(
    ("hours", "since", "worked", "until"),
    [
        (OFFICE, "2026-03-02 11:30", 60, "2026-03-02 14:00"),  # over lunch
        (OFFICE, "2026-03-02 17:30", 60, "2026-03-03 09:30"),  # over night
        (OFFICE, "2026-02-14 17:00", 120, "2026-02-24 10:00"),  # over the Spring Festival
        (OFFICE, "2026-03-07 10:00", 30, "2026-03-09 09:30"),  # from a weekend
        (OFFICE, "2026-03-02 11:00", 60, "2026-03-02 12:00"),  # to the last minute
        (NIGHT, "2026-03-02 23:00", 180, "2026-03-03 02:00"),  # past midnight
        (NIGHT, "2026-03-07 00:30", 150, "2026-03-07 03:00"),  # two spans that overlap
        (ALWAYS, "2026-02-14 23:00", 120, "2026-02-15 01:00"),
    ],
)
def test_time_is_counted_in_opening_hours(
    hours: Hours, since: str, worked: int, until: str
) -> None:
    assert hours.after(at(since), timedelta(minutes=worked)) == at(until)
    assert hours.worked(at(since), at(until)) == timedelta(minutes=worked)


def test_slots_are_whole_hours_that_are_open_throughout() -> None:
    found = OFFICE.slots(at("2026-02-14 10:20"), timedelta(hours=1), 6)
    told = [f"{begin.astimezone(SHANGHAI):%m-%d %H:%M}" for begin, _ in found]
    assert told == [
        "02-14 11:00", "02-14 14:00", "02-14 15:00", "02-14 16:00", "02-14 17:00", "02-24 09:00",
    ]  # fmt: skip
    assert Hours({}).slots(at("2026-02-14 10:20"), timedelta(hours=1), 6) == []


@pytest.mark.parametrize("text", ["9:00-12:00", "09:00", "09:00-25:00", "09:00-24:30", ""])
def test_a_span_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="09:00-12:00"):
        Span.read(text)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
HOURS = st.sampled_from([OFFICE, NIGHT, ALWAYS])


@given(HOURS, MOMENTS, st.integers(1, 3_000), st.integers(1, 3_000))
def test_working_time_adds_up(hours: Hours, since: datetime, first: int, second: int) -> None:
    one, two = timedelta(minutes=first), timedelta(minutes=second)
    middle = hours.after(since, one)
    assert middle is not None and middle > since
    end = hours.after(middle, two)
    assert end is not None and end == hours.after(since, one + two)
    assert hours.worked(since, end) == one + two
    opens = hours.opens(since)
    assert opens is not None and hours.is_open(opens) and hours.worked(since, opens) == timedelta(0)


# ── the clocks ───────────────────────────────────────────────────────────────

TARGETS = Targets(timedelta(minutes=10), timedelta(minutes=20), timedelta(hours=4))


def due(life: Life, hours: Hours = OFFICE) -> dict[str, datetime | None]:
    return {clock.name: clock.due_at for clock in clocks(life, TARGETS, hours)}


def test_each_clock_is_due_in_opening_hours() -> None:
    life = Life(at("2026-02-14 17:55"), awaiting_since=at("2026-02-14 17:50"))
    assert due(life) == {
        "first": at("2026-02-24 09:05"),
        "next": at("2026-02-24 09:10"),
        "resolution": at("2026-02-24 14:25"),
    }


def test_time_on_hold_does_not_count_towards_resolution() -> None:
    holds = (
        (at("2026-03-02 10:00"), at("2026-03-02 11:00")),
        (at("2026-03-02 11:30"), at("2026-03-02 15:00")),
    )
    life = Life(at("2026-03-02 09:00"), holds=holds)
    # One hour, half an hour, and the rest from 15:00 on.
    assert due(life)["resolution"] == at("2026-03-02 17:30")
    assert due(life)["first"] == at("2026-03-02 09:10")


def test_a_clock_that_stopped_in_time_is_never_broken_after() -> None:
    life = Life(at("2026-03-02 09:00"), replied_at=at("2026-03-02 09:09"))
    first = clocks(life, TARGETS, OFFICE)[0]
    assert not first.broken(at("2026-03-03 09:00")) and not first.near(at("2026-03-02 09:09"))
    late = clocks(Life(life.began_at, at("2026-03-02 09:10")), TARGETS, OFFICE)[0]
    assert late.broken(at("2026-03-02 09:10"))


def test_what_is_said_after_the_end_starts_nothing() -> None:
    began, ended = at("2026-03-02 09:00"), at("2026-03-02 09:30")
    life = Life(began, began, awaiting_since=at("2026-03-02 09:40"), ended_at=ended)
    found = clocks(life, TARGETS, OFFICE)
    assert [clock.name for clock in found] == ["first", "resolution"]
    assert level(found, at("2026-03-09 09:00")) == 0
    assert next_alarm(found, ended) is None


def test_levels_rise_as_the_clocks_run() -> None:
    found = clocks(Life(at("2026-03-02 09:00")), TARGETS, OFFICE)
    moment, seen = at("2026-03-02 09:00"), []
    while (alarm := next_alarm(found, moment)) is not None:
        moment = alarm
        seen.append((f"{alarm.astimezone(SHANGHAI):%H:%M}", level(found, alarm)))
    assert seen == [("09:08", 1), ("09:10", 2), ("13:42", 2), ("14:30", 2)]


def test_a_target_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid):
        Targets(timedelta(0), timedelta(1), timedelta(1))
