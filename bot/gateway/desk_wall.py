"""The wall board as the desk's page gets it."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bot.conversations.models import iso
from bot.handoff.board import AgentLine, BoardReader, GroupLine
from bot.handoff.daily import Day, DayReader, bounds, today
from bot.handoff.floor import AGENT_STATES
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import CUSTOMER_TIERS, LANGUAGES, LINES, REASONS, TIERS
from bot.handoff.surveys import SurveyBook
from bot.handoff.ticket import RESOLUTIONS, STATE_NAMES, Ticket
from bot.text.clock import Clock, shanghai
from bot.text.masking import mask_name, mask_text

# Boards on many walls are one look at the database; they ask every five seconds. The day is counted
# from all of its tickets, and changes slowly.
FRESH = timedelta(seconds=4)
DAY_FRESH = timedelta(seconds=19)

COLUMNS = (
    "工单", "开单时间", "转人工原因", "业务条线", "技能组", "层级", "优先级", "紧急", "语言", "客户号",
    "客户等级", "状态", "坐席", "首次响应（秒）", "结束时间", "办结", "办结说明",
)  # fmt: skip

Kept = tuple[datetime, dict[str, Any]]


class WallBoard:
    """The board as it was a moment ago at most, whoever asks."""

    def __init__(self, queue: TicketQueue, clock: Clock) -> None:
        self._clock = clock
        self._reader = BoardReader(queue)
        self._days = DayReader(queue)
        self._surveys = SurveyBook(queue)
        self._looking = threading.Lock()
        self._board: Kept | None = None
        self._day: Kept | None = None

    def look(self) -> dict[str, Any]:
        """The board; everybody who asks meanwhile gets the same."""
        with self._looking:
            now = self._clock()
            self._day = _kept(self._day, now, DAY_FRESH, self._read_day)
            self._board = _kept(self._board, now, FRESH, self._read_board)
            return {**self._board[1], "today": self._day[1]}

    def _read_board(self) -> dict[str, Any]:
        board = self._reader.look()
        return {
            "now": iso(board.now),
            "waiting": board.waiting,
            "longest_wait_seconds": _seconds(board.since, board.now),
            "at_risk": board.at_risk,
            "broken": board.broken,
            "callbacks": board.callbacks,
            "agents": [_agent(each) for each in board.agents],
            "groups": [_group(each, board.now) for each in board.groups],
        }

    def _read_day(self) -> dict[str, Any]:
        day = today(self._clock())
        return _day(self._days.read(day), self._surveys.share(*bounds(day)))

    def tickets(self, day: date) -> list[list[str]]:
        """The day's tickets, masked; the header first."""
        return [list(COLUMNS), *(_row(each) for each in self._reader.opened(*bounds(day)))]


def _kept(
    kept: Kept | None, now: datetime, fresh: timedelta, read: Callable[[], dict[str, Any]]
) -> Kept:
    if kept is not None and timedelta(0) <= now - kept[0] < fresh:
        return kept
    return now, read()


def _seconds(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, math.floor((now - since).total_seconds()))


def _agent(each: AgentLine) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "tier": each.tier,
        "tier_name": TIERS[each.tier],
        "state": each.state,
        "state_name": AGENT_STATES[each.state],
        "chats": each.chats,
        "capacity": each.capacity,
        "since": each.since and iso(each.since),
    }


def _group(each: GroupLine, now: datetime) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "waiting": each.waiting,
        "longest_seconds": _seconds(each.since, now),
        "at_risk": each.at_risk,
        "broken": each.broken,
        "ready": each.ready,
        "open": each.open,
    }


def _day(day: Day, satisfied: float | None) -> dict[str, Any]:
    return {
        "opened": day.opened,
        "answered": day.answered,
        "abandoned": day.abandoned,
        "resolved": day.resolved,
        "service_level": day.service_level,
        "first_response_p50_seconds": day.first_response,
        "satisfied_share": satisfied,
        "hours": [each.__dict__ for each in day.hours],
    }


def _row(ticket: Ticket) -> list[str]:
    replied = ticket.first_reply_at
    return [
        ticket.id,
        f"{shanghai(ticket.created_at):%Y-%m-%d %H:%M:%S}",
        REASONS[ticket.reason].name,
        LINES[ticket.line],
        ticket.skill_group,
        TIERS[ticket.tier],
        str(ticket.priority),
        "是" if ticket.urgent else "",
        LANGUAGES[ticket.language],
        mask_name(ticket.customer_id or ""),
        CUSTOMER_TIERS[ticket.customer_tier],
        STATE_NAMES[ticket.state],
        ticket.agent or "",
        str(round((replied - ticket.life_at).total_seconds())) if replied else "",
        f"{shanghai(ticket.ended_at):%Y-%m-%d %H:%M:%S}" if ticket.ended_at else "",
        RESOLUTIONS.get(ticket.resolution or "", ""),
        mask_text(ticket.resolution_note or ""),
    ]
