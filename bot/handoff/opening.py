"""Which desk there is: the built-in one, or the bank's own elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from bot.handoff.leading import LeadDesk
from bot.handoff.port import Transcript
from bot.handoff.queue import TicketQueue
from bot.handoff.signing import Signer
from bot.handoff.webhook import WebhookDesk
from bot.storage import Database


@dataclass(frozen=True)
class Elsewhere:
    """Where the bank's own desk takes events, and the key both sides sign with."""

    url: str
    key: bytes


def open_desk(
    db: Database, queue: TicketQueue, transcript: Transcript, elsewhere: Elsewhere | None = None
) -> LeadDesk | WebhookDesk:
    """The desk; without ``elsewhere`` the built-in one.

    Raises:
        ConfigError: the key is too short.
    """
    if elsewhere is None:
        return LeadDesk(db, queue, transcript)
    return WebhookDesk(db, queue, transcript, elsewhere.url, Signer(elsewhere.key))
