"""What the actions share, built once: database, log, desk, bank."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache

from actions.casebook import Casebook
from bot.banking.adapters import load_bank
from bot.banking.doubts import Doubt
from bot.banking.kept import Kept
from bot.banking.models import Receipt
from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.banking.prompt import Prompt
from bot.banking.requests import TITLES
from bot.conversations.log import MessageLog
from bot.conversations.reminders import Reminders
from bot.conversations.sealed import SealedInputs
from bot.conversations.uploads import Uploads
from bot.handoff.announcements import Announcements
from bot.handoff.opening import Elsewhere, open_desk
from bot.handoff.port import HandoffPort
from bot.handoff.queue import TicketQueue
from bot.handoff.routes_file import load_routes
from bot.settings import load_settings
from bot.storage import Database
from bot.text.clock import Clock, shanghai, utc_now

logger = logging.getLogger(__name__)
# How often it is looked whether a kept request is to be tried again.
RETRY_SECONDS = 5.0
# Nobody waits longer for a person because the bank is slow to say how it ranks them.
TIER_PATIENCE = 1.0


@dataclass(frozen=True)
class Services:
    """The rooms below, wired together."""

    log: MessageLog
    desk: HandoffPort
    announcements: Announcements
    bank: Bank
    operations: Operations
    sealed: SealedInputs
    uploads: Uploads
    casebook: Casebook
    reminders: Reminders
    clock: Clock
    # The bank's own, answered day and night.
    phone: str
    # For what is not worth waiting for.
    prompt: Prompt = field(default_factory=lambda: Prompt(TIER_PATIENCE))


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this process; built at the first turn, so importing has no side effect."""
    settings = load_settings()
    db = Database(settings.database_url)
    secret = settings.secret()
    log = MessageLog(db)
    bank = load_bank(settings.bank, db, secret)
    operations = Operations(db, bank)
    queue = TicketQueue(db, routes=load_routes(settings.routes_file))
    elsewhere = settings.desk_elsewhere()
    threading.Thread(target=_go_on_asking, args=(operations, log), daemon=True).start()
    return Services(
        log=log,
        announcements=queue.announcements,
        desk=open_desk(db, queue, log, Elsewhere(*elsewhere) if elsewhere else None),
        bank=bank,
        operations=operations,
        sealed=SealedInputs(db, secret),
        uploads=Uploads(db, secret),
        casebook=Casebook(db, log),
        reminders=Reminders(db),
        clock=utc_now,
        phone=settings.service_phone,
    )


def _go_on_asking(operations: Operations, log: MessageLog) -> None:
    """Go on, as long as the process lives, trying what was kept while the bank did not answer, and
    asking for what it left unanswered."""
    while True:
        time.sleep(RETRY_SECONDS)
        try:
            operations.retry_kept(lambda kept: tell_outcome(log, kept))
            operations.settle_doubts(lambda doubt, receipt: tell_found(log, doubt, receipt))
        except Exception:
            logger.exception("kept or doubtful requests could not be looked after")


def tell_outcome(log: MessageLog, kept: Kept) -> None:
    """Tell the customer, in the conversation that it was asked for in, what became of it."""
    if kept.receipt:
        text = f"您之前提交的{kept.request.title}已经办成，受理编号 {kept.receipt}，现已生效。"
    else:
        text = f"您之前提交的{kept.request.title}没有办成：{kept.refusal}"
    log.append(_conversation_of(kept.key), "system", text)


def tell_found(log: MessageLog, doubt: Doubt, receipt: Receipt | None) -> None:
    """Tell the customer what was found out about an operation that the bank left unanswered."""
    at = shanghai(doubt.since)
    what = f"{at.month}月{at.day}日 {at:%H:%M} 的{TITLES[doubt.operation]}"
    if receipt:
        text = f"已向银行查清：您 {what}已经办成，受理编号 {receipt.number}，请不要重复办理。"
    else:
        text = f"已向银行查清：您 {what}没有办成，需要的话可以重新办理。"
    log.append(_conversation_of(doubt.key), "system", text)


def _conversation_of(key: str) -> str:
    """Where the operation of an idempotency key was asked for."""
    return key.rpartition(":")[0]
