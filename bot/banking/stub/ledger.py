"""The simulated bank's books: double entry, in fen, always in balance."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from bot.banking.stub.tables import postings
from bot.errors import Invalid


def entry_rows(
    at: datetime, summary: str, amounts: Mapping[str, int], entry: str | None = None
) -> list[dict[str, Any]]:
    """The postings of one journal entry: ``amounts`` maps account to fen and adds up to zero."""
    if sum(amounts.values()) != 0:
        raise Invalid(f"entry {summary!r} is out of balance by {sum(amounts.values())} fen")
    name = entry or str(uuid.uuid4())
    return [
        {"entry": name, "account_id": account, "amount": fen, "summary": summary, "at": at}
        for account, fen in amounts.items()
    ]


def post(tx: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write postings made by :func:`entry_rows`."""
    tx.execute(insert(postings), list(rows))


def balances(tx: Connection, accounts: Iterable[str]) -> dict[str, int]:
    """Balance of each account in fen; an account without postings has 0."""
    wanted = list(accounts)
    rows = tx.execute(
        select(postings.c.account_id, func.sum(postings.c.amount))
        .where(postings.c.account_id.in_(wanted))
        .group_by(postings.c.account_id)
    )
    found = {account: int(total) for account, total in rows}
    return {account: found.get(account, 0) for account in wanted}


def out_of_balance(tx: Connection) -> list[str]:
    """Journal entries whose postings do not add up to zero; a sound ledger has none."""
    rows = tx.execute(
        select(postings.c.entry).group_by(postings.c.entry).having(func.sum(postings.c.amount) != 0)
    )
    return list(rows.scalars())
