"""Running numbers: one series a day, or whatever a table's key names."""

from __future__ import annotations

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError


def next_in_series(tx: Connection, table: Table, series: str) -> int:
    """The next number of a series, from 1; given once, however many processes ask.

    Args:
        tx: the transaction with which the number is taken or given back.
        table: the series by its one key column, and the ``last`` number given.
    """
    (key,) = table.primary_key.columns
    mine = key == series
    count = update(table).where(mine).values(last=table.c.last + 1)
    if not tx.execute(count).rowcount:
        try:
            with tx.begin_nested():
                tx.execute(insert(table).values({key.name: series, "last": 1}))
        except IntegrityError:  # another process began the series just now
            tx.execute(count)
    return int(tx.execute(select(table.c.last).where(mine)).scalar_one())
