"""Running the bank's library for a call: in threads of its own, its errors in the page's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread

from bot.errors import (
    BankbotError,
    ConfigError,
    Conflict,
    DataError,
    Forbidden,
    Invalid,
    NotFound,
)
from bot.faq.refusal import Refused
from bot.gateway.errors import ApiError, as_api_error
from bot.gateway.parts import Parts

T = TypeVar("T")

# A hint that helps at the command line only.
_COMMANDS = re.compile(r"（[^（）]*(?:bankbot|--)[^（）]*）")

# "file:line: entry id: ", before what is wrong.
_PLACE = re.compile(r"^\S[^:\n]*:\d+: entry ([^:\n]*): ")

_CODES: tuple[tuple[type[BankbotError], int, str], ...] = (
    (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (ConfigError, 409, "conflict"),
    (Forbidden, 403, "forbidden"),
    (DataError, 422, "refused"),
    (Invalid, 422, "invalid"),
)


async def work(parts: Parts, function: Callable[..., T], *args: Any) -> T:
    """What ``function`` returns; a library's error is told as the maintainer may read it."""
    try:
        return await anyio.to_thread.run_sync(partial(function, *args), limiter=parts.bank.limiter)
    except BankbotError as error:
        raise told(error) from None


def told(error: BankbotError) -> ApiError:
    """The library's error with its own wording: who works here may read it all."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, Refused):
        reasons = [plain(reason) for reason in error.reasons]
        more = f"（另有 {len(reasons) - 1} 处）" if len(reasons) > 1 else ""
        return ApiError(422, "refused", f"没有保存：{reasons[0]}{more}", reasons=reasons)
    for kind, status, code in _CODES:
        if isinstance(error, kind):
            message = plain(str(error))
            return ApiError(status, code, message, reasons=[message] if status == 422 else ())
    return as_api_error(error)


def plain(message: str) -> str:
    """A library's message as the page says it: the entry instead of its file and line, and no
    hint that only helps at the command line."""
    return _COMMANDS.sub("", _PLACE.sub(r"条目 \1：", message))


def bare(message: str) -> str:
    """The same where it stands beside the entry."""
    return _COMMANDS.sub("", _PLACE.sub("", message))
