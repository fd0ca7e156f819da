"""Finding the bank's adapters by the setting that names them."""

from __future__ import annotations

import importlib

from bot.banking.ports import Bank
from bot.errors import ConfigError
from bot.storage import Database


def load_bank(name: str, db: Database, secret: bytes) -> Bank:
    """The bank that ``module:factory`` makes.

    The factory is called with our database and secret, which it may use or leave.
    """
    module_name, colon, factory_name = name.partition(":")
    if not colon:
        raise ConfigError(f"BANKBOT_BANK {name!r}: write it as module:factory")
    try:
        factory = getattr(importlib.import_module(module_name), factory_name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"BANKBOT_BANK {name!r} cannot be loaded: {error}") from None
    bank = factory(db, secret)
    if not isinstance(bank, Bank):
        raise ConfigError(f"BANKBOT_BANK {name!r} returned {type(bank).__name__}, not a Bank")
    return bank
