"""The lawful deadlines, case by case; every date was counted on a calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.complaints.case import Extension, Facts, Pause
from bot.complaints.clock import (
    Timeline,
    check_extension,
    deadline,
    end_of_day,
    review_ask_until,
    review_deadline,
)
from bot.errors import Conflict, Invalid
from bot.text.clock import SHANGHAI


def at(text: str) -> datetime:
    """A Shanghai time: ``03-02`` or ``03-02 14:30`` in 2026, or with its year."""
    day, _, clock = text.partition(" ")
    day = day if day.count("-") == 2 else f"2026-{day}"
    return datetime.fromisoformat(f"{day} {clock or '10:00'}").replace(tzinfo=SHANGHAI)


def longer(step: str, asked: str, approved: str | None = None, told: str | None = None):
    when = [None if text is None else at(text) for text in (approved, told)]
    return Extension(step, at(asked), "A1", "取证", "M1" if approved else None, *when)


def facts(received: str, judged: str | None = None, new: bool = True) -> Facts:
    return Facts(1, at(received), "新材料", new, at(judged or received))


def pause(kind: str, begun: str, ended: str | None = None, told: str | None = None) -> Pause:
    return Pause(kind, at(begun), ended and at(ended), told and at(told))


PLAIN = Timeline(at("03-02"))
COMPLEX = replace(PLAIN, extensions=(longer("complex", "03-10"),))
SPECIAL_ON_30 = longer("special", "03-31", "04-01", "04-01 23:00")

CASES: list[tuple[str, Timeline, str, str]] = [
    # what, timeline, now, due on
    ("fifteen days", PLAIN, "03-02", "2026-03-17"),
    ("a minute before midnight", Timeline(at("03-02 23:59")), "03-03", "2026-03-17"),
    ("a minute after it", Timeline(at("03-03 00:01")), "03-03", "2026-03-18"),
    ("over the leap day", Timeline(at("2028-02-20")), "2028-02-21", "2028-03-06"),
    ("over no leap day", Timeline(at("2027-02-20")), "2027-02-21", "2027-03-07"),
    ("in the National Day week", Timeline(at("09-20")), "10-01", "2026-10-05"),
    ("in the Spring Festival week", Timeline(at("02-04")), "02-10", "2026-02-19"),
    ("over New Year", Timeline(at("12-25")), "12-26", "2027-01-09"),
    ("complex", COMPLEX, "03-11", "2026-04-01"),
    ("not before it was asked", COMPLEX, "03-09", "2026-03-17"),
    ("complex on day 15", replace(PLAIN, extensions=(longer("complex", "03-17 23:59"),)),
     "03-18", "2026-04-01"),
    ("complex on day 16", replace(PLAIN, extensions=(longer("complex", "03-18 00:00"),)),
     "03-18", "2026-03-17"),
    ("special on day 30", replace(COMPLEX, extensions=(*COMPLEX.extensions, SPECIAL_ON_30)),
     "04-02", "2026-05-01"),
    ("special told on day 31",
     replace(COMPLEX, extensions=(*COMPLEX.extensions,
             longer("special", "03-31", "04-01", "04-02"))), "04-02", "2026-04-01"),
    ("special approved, not told",
     replace(COMPLEX, extensions=(*COMPLEX.extensions, longer("special", "03-20", "03-21"))),
     "03-25", "2026-04-01"),
    ("special told, not approved",
     replace(COMPLEX, extensions=(*COMPLEX.extensions, longer("special", "03-20", None, "03-21"))),
     "03-25", "2026-04-01"),
    ("special before complex",
     replace(PLAIN, extensions=(longer("special", "03-05", "03-05", "03-05"),)),
     "03-06", "2026-03-17"),
    ("special before complex, complex then",
     replace(COMPLEX, extensions=(longer("special", "03-05", "03-05", "03-05"),
                                  *COMPLEX.extensions)), "03-11", "2026-04-01"),
    ("the PBC's in one step",
     replace(PLAIN, source="pbc", extensions=(longer("special", "03-05", "03-05", "03-05"),)),
     "03-06", "2026-05-01"),
    ("the PBC knows no complex", replace(COMPLEX, source="pbc"), "03-11", "2026-03-17"),
    ("new facts", replace(PLAIN, facts=(facts("03-12"),)), "03-13", "2026-03-27"),
    ("a repeat", replace(PLAIN, facts=(facts("03-12", new=False),)), "03-13", "2026-03-17"),
    ("new facts judged later", replace(PLAIN, facts=(facts("03-12", "03-17"),)),
     "03-17", "2026-03-27"),
    ("new facts judged too late", replace(PLAIN, facts=(facts("03-12", "03-18"),)),
     "03-18", "2026-03-17"),
    ("new facts after the term", replace(PLAIN, facts=(facts("03-18"),)), "03-18", "2026-03-17"),
    ("new facts twice", replace(PLAIN, facts=(facts("03-27"), facts("03-12"))),
     "03-28", "2026-04-11"),
    ("new facts shorten nothing", replace(COMPLEX, facts=(facts("03-12"),)),
     "03-13", "2026-04-01"),
    ("new facts after an extension", replace(COMPLEX, facts=(facts("03-25"),)),
     "03-26", "2026-04-09"),
    ("extended anew after new facts",
     replace(COMPLEX, facts=(facts("03-25"),),
             extensions=(*COMPLEX.extensions, longer("complex", "03-26"))),
     "03-27", "2026-04-24"),
    ("extended between receipt and judgement",
     replace(PLAIN, facts=(facts("03-16", "03-18"),), extensions=(longer("complex", "03-17"),)),
     "03-18", "2026-04-15"),
    ("mediation", replace(PLAIN, pauses=(pause("mediation", "03-05", "03-10"),)),
     "03-11", "2026-03-22"),
    ("mediation of an afternoon",
     replace(PLAIN, pauses=(pause("mediation", "03-05 13:00", "03-05 17:00"),)),
     "03-11", "2026-03-17"),
    ("mediation that still runs", replace(PLAIN, pauses=(pause("mediation", "03-05"),)),
     "03-25", "2026-04-06"),
    ("mediation begun on the last day",
     replace(PLAIN, pauses=(pause("mediation", "03-17", "03-20"),)), "03-20", "2026-03-20"),
    ("mediation begun too late",
     replace(PLAIN, pauses=(pause("mediation", "03-18", "03-20"),)), "03-20", "2026-03-17"),
    ("appraisal told at once",
     replace(PLAIN, pauses=(pause("appraisal", "03-05", "03-10", "03-05"),)),
     "03-11", "2026-03-22"),
    ("appraisal told three days later",
     replace(PLAIN, pauses=(pause("appraisal", "03-05", "03-10", "03-08"),)),
     "03-11", "2026-03-19"),
    ("appraisal never told", replace(PLAIN, pauses=(pause("appraisal", "03-05", "03-10"),)),
     "03-11", "2026-03-17"),
    ("two pauses at once",
     replace(PLAIN, pauses=(pause("appraisal", "03-05", "03-10", "03-05"),
                            pause("mediation", "03-08", "03-12"))), "03-13", "2026-03-24"),
    ("a pause before new facts",
     replace(PLAIN, pauses=(pause("mediation", "03-05", "03-10"),), facts=(facts("03-12"),)),
     "03-13", "2026-03-27"),
    ("a pause while complex",
     replace(COMPLEX, pauses=(pause("mediation", "03-20", "03-25"),)), "03-26", "2026-04-06"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("timeline", "now", "due"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_due_on(timeline: Timeline, now: str, due: str) -> None:
    assert deadline(timeline, at(now)).due_on == date.fromisoformat(due)


def test_the_last_day_lasts_till_midnight() -> None:
    on_time = deadline(PLAIN, at("03-17 23:59"))
    assert (on_time.overdue, on_time.days_left) == (False, 0)
    late = deadline(PLAIN, at("03-18 00:00"))
    assert (late.overdue, late.days_left) == (True, -1)
    assert on_time.due_at < at("03-18 00:00") <= on_time.due_at + timedelta(microseconds=1)


def test_an_end_stops_the_clock() -> None:
    answered = replace(PLAIN, ended_at=at("03-17 20:00"))
    assert not deadline(answered, at("06-01")).overdue
    assert deadline(replace(PLAIN, ended_at=at("03-18")), at("06-01")).overdue
    running = replace(answered, pauses=(pause("mediation", "03-17"),))
    assert deadline(running, at("06-01")).due_on == date(2026, 3, 17)


def test_a_running_pause_is_named_and_never_overdue() -> None:
    paused = replace(PLAIN, pauses=(pause("mediation", "03-17"),))
    present = deadline(paused, at("05-01"))
    assert (present.paused, present.overdue) == ("mediation", False)
    silent = replace(PLAIN, pauses=(pause("appraisal", "03-05"),))
    assert deadline(silent, at("03-18")).paused is None


@pytest.mark.parametrize(
    ("timeline", "step", "now", "error"),
    [
        (PLAIN, "complex", "03-17 23:59", None),
        (PLAIN, "complex", "03-18 00:00", "届满"),
        (PLAIN, "special", "03-17", "请先按“情况复杂”"),
        (COMPLEX, "complex", "03-18", "已按“情况复杂”延期至 2026-04-01"),
        (COMPLEX, "special", "03-18", None),
        (COMPLEX, "special", "04-01 23:59", None),
        (COMPLEX, "special", "04-02", "届满"),
        (PLAIN, "whatever", "03-03", "没有延期类型"),
        (replace(PLAIN, source="pbc"), "complex", "03-03", "没有延期类型"),
        (replace(PLAIN, source="pbc"), "special", "03-17", None),
    ],
)
def test_what_may_be_extended(timeline: Timeline, step: str, now: str, error: str | None) -> None:
    if error is None:
        check_extension(timeline, step, at(now))
        return
    with pytest.raises((Conflict, Invalid), match=error):
        check_extension(timeline, step, at(now))


def test_a_review_has_a_term_of_its_own() -> None:
    assert review_ask_until(at("03-17 23:59")) == end_of_day(date(2026, 4, 16))
    assert review_ask_until(at("03-17"), by_post=True) == end_of_day(date(2026, 4, 23))
    asked = review_deadline(at("04-16 23:59"), None, at("05-16 23:59"))
    assert (asked.due_on, asked.overdue) == (date(2026, 5, 16), False)
    assert review_deadline(at("04-16"), None, at("05-17 00:00")).overdue
    assert not review_deadline(at("04-16"), at("05-01"), at("05-17")).overdue


events = st.lists(
    st.tuples(
        st.integers(0, 24 * 80), st.sampled_from(["facts", "complex", "special", "pause", "resume"])
    ),
    max_size=8,
).map(sorted)


def happen(timeline: Timeline, kind: str, now: datetime) -> Timeline:
    """The timeline after one more event, told and approved at once."""
    if kind == "facts":
        return replace(timeline, facts=(*timeline.facts, Facts(1, now, "", True, now)))
    if kind in ("complex", "special"):
        more = Extension(kind, now, "A1", "", "M1", now, now)
        return replace(timeline, extensions=(*timeline.extensions, more))
    if kind == "pause":
        return replace(timeline, pauses=(*timeline.pauses, Pause("mediation", now)))
    ended: Callable[[Pause], Pause] = lambda p: replace(p, ended_at=p.ended_at or now)  # noqa: E731
    return replace(timeline, pauses=tuple(map(ended, timeline.pauses)))


@settings(max_examples=150, deadline=None)
@given(events)
def test_no_event_brings_a_date_forward_and_none_revives_a_term_that_is_over(history) -> None:
    timeline = PLAIN
    before = deadline(timeline, PLAIN.received_at)
    for hours, kind in history:
        now = PLAIN.received_at + timedelta(hours=hours)
        waiting = deadline(timeline, now)
        timeline = happen(timeline, kind, now)
        after = deadline(timeline, now)
        assert before.due_on <= waiting.due_on <= after.due_on
        if waiting.overdue:
            assert after.due_on == waiting.due_on and after.overdue
        before = after
