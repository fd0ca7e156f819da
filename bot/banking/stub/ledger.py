"""The simulated bank's books: double entry, in fen, always in balance."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from bot.banking.models import TransactionKind
from bot.banking.stub.tables import postings
from bot.errors import Invalid

# Internal accounts that stand for the rest of the world, by id.
WORLD = {
    "bank": "本行", "employer": "单位", "merchant": "商户", "people": "他行", "billers": "缴费单位",
    "transit": "在途资金", "interest": "利息", "fees": "手续费",
}  # fmt: skip


def instalment_account(account_id: str) -> str:
    """The internal account that holds what a credit account still owes in instalments."""
    return f"{account_id}-inst"


def entry_rows(
    at: datetime,
    summary: str,
    amounts: Mapping[str, int],
    kind: TransactionKind = "transfer",
    counterparty: str = "",
    entry: str | None = None,
) -> list[dict[str, Any]]:
    """The postings of one journal entry: ``amounts`` maps account to fen and adds up to zero."""
    if sum(amounts.values()) != 0:
        raise Invalid(f"entry {summary!r} is out of balance by {sum(amounts.values())} fen")
    common = {
        "entry": entry or str(uuid.uuid4()), "summary": summary, "kind": kind,
        "counterparty": counterparty, "at": at,
    }  # fmt: skip
    return [{**common, "account_id": account, "amount": fen} for account, fen in amounts.items()]


def post(tx: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write postings made by :func:`entry_rows`."""
    listed = list(rows)
    if listed:
        tx.execute(insert(postings), listed)


def balances(
    tx: Connection, accounts: Iterable[str], before: datetime | None = None
) -> dict[str, int]:
    """Balance of each account in fen, of all postings or of those ``before`` a moment; an
    account without postings has 0."""
    wanted = list(accounts)
    query = (
        select(postings.c.account_id, func.sum(postings.c.amount))
        .where(postings.c.account_id.in_(wanted))
        .group_by(postings.c.account_id)
    )
    if before is not None:
        query = query.where(postings.c.at < before)
    found = {account: int(total) for account, total in tx.execute(query)}
    return {account: found.get(account, 0) for account in wanted}


def balance(tx: Connection, account: str, before: datetime | None = None) -> int:
    """:func:`balances` of one."""
    return balances(tx, [account], before)[account]


def out_of_balance(tx: Connection) -> list[str]:
    """Journal entries whose postings do not add up to zero; a sound ledger has none."""
    rows = tx.execute(
        select(postings.c.entry).group_by(postings.c.entry).having(func.sum(postings.c.amount) != 0)
    )
    return list(rows.scalars())
