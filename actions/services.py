"""What the actions share, built once: database, log, desk, bank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.banking.adapters import load_bank
from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.conversations.log import MessageLog
from bot.conversations.sealed import SealedInputs
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.settings import load_settings
from bot.storage import Database
from bot.text.clock import Clock, utc_now


@dataclass(frozen=True)
class Services:
    """The rooms below, wired together."""

    log: MessageLog
    desk: Desk
    bank: Bank
    operations: Operations
    sealed: SealedInputs
    clock: Clock


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process; built at the first turn, so importing has no side effect."""
    settings = load_settings()
    db = Database(settings.database_url)
    secret = settings.secret()
    log = MessageLog(db)
    bank = load_bank(settings.bank, db, secret)
    return Services(
        log=log,
        desk=Desk(db, TicketQueue(db), log),
        bank=bank,
        operations=Operations(db, bank),
        sealed=SealedInputs(db, secret),
        clock=utc_now,
    )
