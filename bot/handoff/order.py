"""The order of the queue, as SQL: urgent ones, then by their place, then by number."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, literal, literal_column, not_, or_, tuple_
from sqlalchemy.sql import ColumnElement

from bot.handoff.reasons import TIERS
from bot.handoff.tables import tickets
from bot.handoff.ticket import PENDING, Ticket
from bot.storage.base import UtcDateTime

ORDER = (tickets.c.urgent.desc(), tickets.c.sort_at, tickets.c.id)
# Rendered as it is written: SQLite takes an index over some rows only for the words it was made by.
IN_LINE = tickets.c.state.in_(
    bindparam("in_line", PENDING, expanding=True, literal_execute=True, unique=True)
)

RAISED = tickets.c.reach > literal_column(str(min(TIERS)))


def ahead_of(ticket: Ticket) -> ColumnElement:
    """Whether one comes before the ticket."""
    row = tickets.c
    sooner = tuple_(row.sort_at, row.id) < _place(ticket)
    return and_(row.urgent, sooner) if ticket.urgent else or_(row.urgent, sooner)


def behind(ticket: Ticket) -> ColumnElement:
    """Whether one comes after the ticket."""
    row = tickets.c
    later = tuple_(row.sort_at, row.id) > _place(ticket)
    return or_(not_(row.urgent), later) if ticket.urgent else and_(not_(row.urgent), later)


def _place(ticket: Ticket) -> ColumnElement:
    return tuple_(literal(ticket.sort_at, UtcDateTime()), literal(ticket.id))
