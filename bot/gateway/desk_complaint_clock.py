"""A complaint's clock as the page draws it: points and stretches along its days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bot.complaints.casefile import CaseFile
from bot.complaints.clock import STEP_NAMES, paused_from
from bot.complaints.vocabulary import PAUSES, STATE_NAMES
from bot.text.clock import shanghai

# Room behind the last point, so that its name can be read.
MARGIN = timedelta(days=1)


def clock_of(file: CaseFile) -> dict[str, Any]:
    """``{"first", "last", "today", "points", "stretches"}``; days are Shanghai's, ISO.

    Points are ``{"on", "kind", "title"}`` in order, stretches ``{"since", "until", "title"}`` of
    time that does not count.
    """
    today = file.term.due_on - timedelta(days=file.term.days_left)
    points = sorted(_points(file), key=lambda point: point[0])
    last = max(today, *(on for on, _, _ in points)) + MARGIN
    return {
        "first": _day(file.case.received_at).isoformat(),
        "last": last.isoformat(),
        "today": None if file.case.ended_at else today.isoformat(),
        "started_on": file.term.started_on.isoformat(),
        "points": [
            {"on": on.isoformat(), "kind": kind, "title": title} for on, kind, title in points
        ],
        "stretches": [
            {
                "since": _day(since).isoformat(),
                "until": (_day(each.ended_at) if each.ended_at else today).isoformat(),
                "title": PAUSES[each.kind],
            }
            for each in file.pauses
            if (since := paused_from(each)) is not None
        ],
    }


def _points(file: CaseFile) -> list[tuple[date, str, str]]:
    found = [(_day(file.case.received_at), "received", "收到")]
    for facts in file.facts:
        if facts.new:
            found.append((_day(facts.received_at), "facts", "新事实"))
    for each in file.extensions:
        if each.step in file.term.granted:
            since = max(filter(None, (each.asked_at, each.approved_at, each.told_at)))
            found.append((_day(since), "extension", f"延期（{STEP_NAMES[each.step]}）"))
    found.append((file.term.due_on, "due", "最晚答复"))
    if file.case.ended_at is not None:
        found.append((_day(file.case.ended_at), "ended", STATE_NAMES[file.case.state]))
    return found


def _day(moment: datetime) -> date:
    return shanghai(moment).date()
