"""How much and how fast: token buckets, and what a customer's text may look like."""

from __future__ import annotations

import math
import time
import unicodedata
from collections.abc import Callable

from bot.gateway.errors import ApiError

# Beyond this many callers the buckets that have filled up again are forgotten.
REMEMBERED = 10_000

# Direction overrides can make a text read otherwise to an agent than it was stored. Joiners
# stay: emoji are made with them.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class RateLimit:
    """A token bucket for each key; kept in this process, so each gateway counts for itself.

    Args:
        per_minute: how many calls a minute in the long run, and how many at once.
        monotonic: seconds that only ever grow.
    """

    def __init__(self, per_minute: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._monotonic = monotonic
        self._buckets: dict[str, tuple[float, float]] = {}

    def spend(self, key: str) -> None:
        """Count one call.

        Raises:
            ApiError: 429 ``too_many_requests`` with ``Retry-After`` in seconds.
        """
        now = self._monotonic()
        left = self._left(key, now)
        if left < 1:
            wait = math.ceil((1 - left) / self._per_second)
            raise ApiError(
                429,
                "too_many_requests",
                f"您发送得太快了，请 {wait} 秒后再试。",
                {"Retry-After": str(wait)},
            )
        if len(self._buckets) >= REMEMBERED and key not in self._buckets:
            self._forget_full(now)
        self._buckets[key] = (left - 1, now)

    def _left(self, key: str, now: float) -> float:
        left, since = self._buckets.get(key, (self._size, now))
        return min(self._size, left + (now - since) * self._per_second)

    def _forget_full(self, now: float) -> None:
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._left(key, now) < self._size
        }


def clean_text(text: str, max_chars: int) -> str:
    """A customer's text without control characters, in its own wording otherwise.

    Newline and tab stay. Half characters (lone surrogates), which no database takes, and
    direction overrides go too.

    Raises:
        ApiError: 422 ``text_empty`` if nothing is left, 413 ``text_too_long`` beyond ``max_chars``.
    """
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in kept if _keeps(char)).strip()
    if all(char.isspace() or unicodedata.category(char) == "Cf" for char in kept):
        raise ApiError(422, "text_empty", "消息不能为空，请先写上内容。")
    if len(kept) > max_chars:
        raise ApiError(
            413, "text_too_long", f"消息太长了，请控制在 {max_chars} 字以内，可分几条发送。"
        )
    return kept


def _keeps(char: str) -> bool:
    return char in "\n\t" or (unicodedata.category(char) not in ("Cc", "Cs") and char not in _BIDI)
