"""An adapter's module that prepares no test customers."""

from __future__ import annotations

from bot.banking.stub import make_bank

__all__ = ["make_bank"]
