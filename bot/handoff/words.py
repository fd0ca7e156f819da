"""What the desk says to customers, put together from a ticket, its place and its time."""

from __future__ import annotations

from collections.abc import Collection

from bot.handoff.announcements import Announcement
from bot.handoff.reasons import REASONS, SIGNALS
from bot.handoff.ticket import Ticket
from bot.handoff.waiting import Wait
from bot.text.clock import shanghai


def why(reason: str, signals: Collection[str]) -> str:
    """The reason for the summary; an unknown one is refused by the queue itself."""
    name = REASONS[reason].name if reason in REASONS else reason
    noticed = "、".join(SIGNALS[each].name for each in signals)
    return f"{name}（{noticed}）" if noticed else name


def news_of(opening: str) -> str:
    """What an opening says has happened, without its end, that a person comes."""
    before, stop, _ = opening.rpartition("。")
    return before + stop


def place(ticket: Ticket, wait: Wait) -> str:
    return f"排队编号 {ticket.id}，{wait}"


def slot(ticket: Ticket) -> str:
    assert ticket.callback_at is not None and ticket.callback_until is not None
    begin, end = shanghai(ticket.callback_at), f"{shanghai(ticket.callback_until):%H:%M}"
    # What ends at midnight ends on that day, as people say it.
    return f"{begin.month}月{begin.day}日 {begin:%H:%M}–{'24:00' if end == '00:00' else end} "


def later(detour: Announcement | None) -> str:
    """Why nobody serves the customer now."""
    if detour is None:
        return "人工客服现在不在服务时间"
    return f"{detour.because}人工客服现在只能约时间联系您"
