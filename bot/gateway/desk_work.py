"""Running the desk's library for a call: beside the event loop, its errors in its own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.errors import BankbotError
from bot.gateway.bank_work import told
from bot.gateway.desk_parts import DeskParts

T = TypeVar("T")


async def act(desk: DeskParts, function: Callable[..., T], *args: Any) -> T:
    """What ``function`` returns; what the desk refuses is told as it says it."""
    try:
        return await desk.run(function, *args)
    except BankbotError as error:
        raise told(error) from None
