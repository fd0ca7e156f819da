"""Putting the gateway together with what only an entry point may know of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.gateway.demo import DemoCode, DemoCustomer
    from bot.storage import Database


class StubDemo:
    """The simulated bank as the demo page sees it."""

    def __init__(self, db: Database) -> None:
        from bot.banking.stub import Outbox

        self._outbox = Outbox(db)

    def list_customers(self) -> Sequence[DemoCustomer]:
        from bot.gateway.demo import DemoCustomer

        return [DemoCustomer(**customer) for customer in self._outbox.list_customers()]

    def outbox(self, customer_id: str) -> Sequence[DemoCode]:
        from bot.gateway.demo import DemoCode

        return [DemoCode(**sms) for sms in self._outbox.outbox(customer_id)]


def gateway_app(settings: Settings) -> FastAPI:
    """The gateway's ASGI app over the configured database."""
    from bot.banking.adapters import load_bank
    from bot.cli.customers import BankDirectory
    from bot.gateway.app import config_from, create_app
    from bot.storage import Database

    db = Database(settings.database_url)
    return create_app(
        config_from(settings),
        db,
        demo=StubDemo(db) if settings.demo else None,
        directory=BankDirectory(lambda: load_bank(settings.bank, db, settings.secret())),
    )
