"""What the actions share, built once: database, log, desk, bank."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache

from actions.casebook import Casebook
from bot.banking.adapters import load_bank
from bot.banking.kept import Kept
from bot.banking.operations import Operations
from bot.banking.ports import Bank
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
from bot.text.clock import Clock, utc_now

logger = logging.getLogger(__name__)
# How often it is looked whether a kept request is to be tried again.
RETRY_SECONDS = 5.0


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
    threading.Thread(target=_retry_kept, args=(operations, log), daemon=True).start()
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


def _retry_kept(operations: Operations, log: MessageLog) -> None:
    """Go on trying what was kept while the bank did not answer, as long as the process lives."""
    while True:
        time.sleep(RETRY_SECONDS)
        try:
            operations.retry_kept(lambda kept: tell_outcome(log, kept))
        except Exception:
            logger.exception("kept requests could not be retried")


def tell_outcome(log: MessageLog, kept: Kept) -> None:
    """Tell the customer, in the conversation that it was asked for in, what became of it."""
    conversation_id = kept.key.rpartition(":")[0]
    title = kept.request.title
    if kept.receipt:
        text = f"您之前提交的{title}已经办成，受理编号 {kept.receipt}，现已生效。"
    else:
        text = f"您之前提交的{title}没有办成：{kept.refusal}"
    log.append(conversation_id, "system", text)
