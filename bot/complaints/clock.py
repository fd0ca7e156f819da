"""The lawful deadlines of a complaint, as a pure function of what happened to it.

Articles are those of 《银行业保险业消费投诉处理管理办法》 (银保监会令2020年第3号):

* decided and told within 15 days; complex 30; 30 more once a superior approved it and the
  complainant was told (18). Passed on by the PBC: 15, then up to 60 once the head of complaints
  approved it and the complainant was told (人民银行令〔2020〕第5号, 43).
* 日 are calendar days (43): holidays move nothing. The day of receipt is not counted (民法典 201);
  the last day ends at 24:00 in Shanghai.
* New facts received within the term start it anew from their receipt (18). They never bring the
  date forward that was already granted.
* Time of an outside appraisal does not count from when the complainant was told of it (18), nor
  does time of mediation (23).
* A review is asked for within 30 days of receiving the decision and decided within 30 (20).

What comes after a term has run out – new facts, an extension, a pause – does not revive it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from bot.complaints.case import Extension, Facts, Pause
from bot.errors import Conflict, Invalid
from bot.text.clock import SHANGHAI, shanghai

REVIEW_ASK_DAYS = 30
REVIEW_DAYS = 30
# The term for asking runs from receipt; a letter's is unknown, so its way is allowed for.
POST_DAYS = 7
# An appraisal's time counts as handling until the complainant is told of it.
TOLD_PAUSES = ("appraisal",)


@dataclass(frozen=True)
class Step:
    """A longer term: days from the start, and what it needs to take effect."""

    days: int
    approved: bool
    told: bool


@dataclass(frozen=True)
class Terms:
    """The first term in days, and the steps by which it may grow, in their order."""

    days: int
    steps: Mapping[str, Step]


_BY_LAW = Terms(15, {"complex": Step(30, False, False), "special": Step(60, True, True)})
TERMS: dict[str, Terms] = {
    "customer": _BY_LAW,
    "nfra": _BY_LAW,
    "pbc": Terms(15, {"special": Step(60, True, True)}),
    "other": _BY_LAW,
}
STEP_NAMES = {"complex": "情况复杂", "special": "情况特别复杂"}


@dataclass(frozen=True)
class Timeline:
    """What the deadline depends on; ``ended_at`` is when the case was answered or withdrawn."""

    received_at: datetime
    source: str = "customer"
    facts: Sequence[Facts] = ()
    extensions: Sequence[Extension] = ()
    pauses: Sequence[Pause] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Deadline:
    """Where a term stands. Days are Shanghai's; ``due_at`` is the last instant of ``due_on``.

    ``days_left`` is negative when it is over; ``granted`` are the steps in effect; ``paused``
    names the pause that is running, in which ``due_on`` moves on with every day.
    """

    started_on: date
    due_on: date
    overdue: bool
    days_left: int
    granted: tuple[str, ...] = ()
    paused: str | None = None

    @property
    def due_at(self) -> datetime:
        return end_of_day(self.due_on)


def end_of_day(day: date) -> datetime:
    """The last instant of a day in Shanghai, as UTC."""
    return datetime.combine(day, time.max, SHANGHAI).astimezone(timezone.utc)


def deadline(timeline: Timeline, now: datetime) -> Deadline:
    """Where the case's term stands at ``now``, or stood when it ended."""
    terms = TERMS[timeline.source]
    until = now if timeline.ended_at is None else min(now, timeline.ended_at)
    paused = _paused_days(timeline.pauses, _day(until))
    in_effect = sorted(
        (when, extension.step)
        for extension in timeline.extensions
        if (when := _in_effect_at(extension, terms)) is not None and when <= until
    )
    start, floor = timeline.received_at, _day(timeline.received_at)
    for facts in sorted(timeline.facts, key=lambda each: each.received_at):
        if not facts.new or facts.judged_at is None or facts.judged_at > until:
            continue
        steps = [(when, step) for when, step in in_effect if when >= start]
        due, _ = _due(terms, _day(start), floor, steps, paused)
        if _day(facts.judged_at) <= due:
            before = [(when, step) for when, step in steps if when < facts.received_at]
            floor, _ = _due(terms, _day(start), floor, before, paused)
            start = facts.received_at
    steps = [(when, step) for when, step in in_effect if when >= start]
    due, granted = _due(terms, _day(start), floor, steps, paused)
    return Deadline(
        started_on=_day(start),
        due_on=due,
        overdue=until > end_of_day(due),
        days_left=(due - _day(until)).days,
        granted=granted,
        paused=_running(timeline.pauses, due, until) if timeline.ended_at is None else None,
    )


def check_extension(timeline: Timeline, step: str, now: datetime) -> None:
    """Whether ``step`` may be asked for now.

    Raises:
        Invalid: the case's rules know no such step.
        Conflict: it is too late, it is granted already, or another step comes first.
    """
    terms = TERMS[timeline.source]
    if step not in terms.steps:
        raise Invalid(f"没有延期类型 {step!r}，可选：{'、'.join(terms.steps)}")
    present = deadline(timeline, now)
    if present.overdue:
        raise Conflict(f"期限已于 {present.due_on} 届满，不能再延期；请尽快答复客户")
    if step in present.granted:
        raise Conflict(f"已按“{STEP_NAMES[step]}”延期至 {present.due_on}")
    following = next(name for name in terms.steps if name not in present.granted)
    if step != following:
        raise Conflict(f"请先按“{STEP_NAMES[following]}”延期")


def review_ask_until(told_at: datetime, *, by_post: bool = False) -> datetime:
    """Until when a review of the decision told or posted at ``told_at`` may be asked for."""
    days = REVIEW_ASK_DAYS + (POST_DAYS if by_post else 0)
    return end_of_day(_day(told_at) + timedelta(days))


def review_deadline(asked_at: datetime, told_at: datetime | None, now: datetime) -> Deadline:
    """The review's own term; it knows neither extension nor pause."""
    until = now if told_at is None else min(now, told_at)
    start = _day(asked_at)
    due = start + timedelta(REVIEW_DAYS)
    return Deadline(start, due, until > end_of_day(due), (due - _day(until)).days)


def _day(moment: datetime) -> date:
    return shanghai(moment).date()


def _in_effect_at(extension: Extension, terms: Terms) -> datetime | None:
    """When the extension has all that its step needs."""
    step = terms.steps.get(extension.step)
    if step is None:
        return None
    needed = [extension.asked_at]
    for wanted, at in ((step.approved, extension.approved_at), (step.told, extension.told_at)):
        if wanted and at is None:
            return None
        if wanted and at is not None:
            needed.append(at)
    return max(needed)


def _due(
    terms: Terms,
    start: date,
    floor: date,
    in_effect: Collection[tuple[datetime, str]],
    paused: Set[date],
) -> tuple[date, tuple[str, ...]]:
    """The last day of the term, not before ``floor``, and the steps that count: each after the
    one it follows, and in effect before the term that it makes longer was over."""
    due, granted = max(floor, _count(start, terms.days, paused)), []
    since = datetime.min.replace(tzinfo=timezone.utc)
    for name, step in terms.steps.items():
        times = [at for at, known in in_effect if known == name and at >= since and _day(at) <= due]
        if not times:
            break
        since = min(times)
        due = max(due, _count(start, step.days, paused))
        granted.append(name)
    return due, tuple(granted)


def _count(start: date, days: int, paused: Set[date]) -> date:
    day = start
    while days:
        day += timedelta(1)
        days -= day not in paused
    return day


def paused_from(pause: Pause) -> datetime | None:
    """From when a pause stops the term; None while its telling is awaited."""
    if pause.kind not in TOLD_PAUSES:
        return pause.begun_at
    return None if pause.told_at is None else max(pause.begun_at, pause.told_at)


def _paused_days(pauses: Sequence[Pause], today: date) -> set[date]:
    """Days that do not count: from the one on which a pause begins to the one before it ends,
    so that on the day of resuming there is at least that day. Two at once count once."""
    days: set[date] = set()
    for pause in pauses:
        begins = paused_from(pause)
        if begins is None:
            continue
        first, end = _day(begins), today
        if pause.ended_at is not None:
            end = min(today, _day(pause.ended_at))
        days |= {first + timedelta(step) for step in range((end - first).days)}
    return days


def _running(pauses: Sequence[Pause], due: date, now: datetime) -> str | None:
    for pause in pauses:
        begins = paused_from(pause)
        if begins is not None and pause.ended_at is None and begins <= now and _day(begins) <= due:
            return pause.kind
    return None
