"""Running a library for staff's calls: in threads of their own, its errors in the library's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter

from bot.errors import (
    BankbotError,
    ConfigError,
    Conflict,
    DataError,
    Forbidden,
    Invalid,
    NotFound,
)
from bot.gateway.errors import ApiError, as_api_error

T = TypeVar("T")

# A hint that helps at the command line only.
_COMMANDS = re.compile(r"（[^（）]*(?:bankbot|--)[^（）]*）")

_CODES: tuple[tuple[type[BankbotError], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (ConfigError, 409, "conflict"),
    (Forbidden, 403, "forbidden"),
    (DataError, 422, "refused"),
    (Invalid, 422, "invalid"),
)


def without_commands(message: str) -> str:
    """A library's message without what only helps at the command line."""
    return _COMMANDS.sub("", message)


def told(error: BankbotError, plain: Callable[[str], str] = without_commands) -> ApiError:
    """The library's error with its own wording, made ``plain``: who works here may read it all."""
    if isinstance(error, ApiError):
        return error
    for kind, status, code in _CODES:
        if isinstance(error, kind):
            message = plain(str(error))
            return ApiError(status, code, message, reasons=[message] if status == 422 else ())
    return as_api_error(error)


async def run(
    limiter: CapacityLimiter,
    function: Callable[..., T],
    *args: Any,
    say: Callable[[BankbotError], ApiError] = told,
) -> T:
    """What ``function`` returns, from a thread; ``say`` puts its errors into words."""
    try:
        return await anyio.to_thread.run_sync(partial(function, *args), limiter=limiter)
    except BankbotError as error:
        raise say(error) from None
