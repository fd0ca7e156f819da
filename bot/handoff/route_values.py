"""Lengths and spans of time as they are written in ``data/routes.yml``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from bot.errors import Invalid
from bot.handoff.hours import Span

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


class Duration(timedelta):
    """``90s``, ``2m``, ``24h``."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], timedelta]]:
        yield cls._read

    @classmethod
    def _read(cls, value: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,6})([smh])", str(value))
        if found is None or not int(found[1]):
            raise ValueError(f"时长 {value!r} 读不懂（写成 90s、2m 或 24h）")
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


class SpanText(Span):
    """``09:00-12:00``; see :meth:`bot.handoff.hours.Span.read`."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Span]]:
        yield cls._read

    @classmethod
    def _read(cls, value: Any) -> Span:
        try:
            return value if isinstance(value, Span) else Span.read(str(value))
        except Invalid as error:
            raise ValueError(str(error)) from None
