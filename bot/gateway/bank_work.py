"""Running the bank's library for a call: in threads of its own, its errors in the page's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from bot.errors import BankbotError
from bot.faq.refusal import Refused
from bot.gateway import staff_work
from bot.gateway.errors import ApiError
from bot.gateway.parts import Parts

T = TypeVar("T")

# "file:line: entry id: ", before what is wrong.
_PLACE = re.compile(r"^\S[^:\n]*:\d+: entry ([^:\n]*): ")


async def work(parts: Parts, function: Callable[..., T], *args: Any) -> T:
    """What ``function`` returns; a library's error is told as the maintainer may read it."""
    return await staff_work.run(parts.bank.limiter, function, *args, say=told)


def told(error: BankbotError) -> ApiError:
    """The library's error with its own wording: who works here may read it all."""
    if isinstance(error, Refused):
        reasons = [plain(reason) for reason in error.reasons]
        more = f"（另有 {len(reasons) - 1} 处）" if len(reasons) > 1 else ""
        return ApiError(422, "refused", f"没有保存：{reasons[0]}{more}", reasons=reasons)
    return staff_work.told(error, plain)


def plain(message: str) -> str:
    """A library's message as the page says it: the entry instead of its file and line, and no
    hint that only helps at the command line."""
    return staff_work.without_commands(_PLACE.sub(r"条目 \1：", message))


def bare(message: str) -> str:
    """The same where it stands beside the entry."""
    return staff_work.without_commands(_PLACE.sub("", message))
