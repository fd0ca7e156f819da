"""The one database behind all domains: engine, transactions, column types, migrations."""

from bot.storage.base import UtcDateTime, metadata
from bot.storage.engine import Database

__all__ = ["Database", "UtcDateTime", "metadata"]
