"""What is read from the publication in use, and read again when another comes into use."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from bot.errors import BankbotError
from bot.faq.publication import CURRENT

logger = logging.getLogger(__name__)

T = TypeVar("T")

# How often a new version is looked for, in seconds: one ``stat``.
LOOK_EVERY = 0.5
# What reading a damaged or half-removed version may raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, BankbotError)


class Live(Generic[T]):
    """Keeps what ``read`` makes of the publication in use.

    Only the first reading is waited for. A later version is noticed and read by a thread of its
    own, while everybody goes on with the one before; a version that cannot be read leaves the one
    before in use and says so in the log, once.

    Args:
        folder: of publications.
        read: makes the value from the folder as it is now.
        otherwise: the value if there is no publication that can be read; without it
            :meth:`current` raises what ``read`` does.
    """

    def __init__(self, folder: Path, read: Callable[[], T], otherwise: T | None = None) -> None:
        self._folder = folder
        self._read = read
        self._otherwise = otherwise
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._value: T | None = None

    def current(self) -> T:
        """The present value."""
        if self._value is None:
            with self._lock:
                if self._value is None:
                    self._seen = self._stat()
                    self._value = self._first()
                    threading.Thread(target=_follow, args=(weakref.ref(self),), daemon=True).start()
        return self._value

    def _first(self) -> T:
        try:
            return self._read()
        except UNREADABLE:
            if self._otherwise is None:
                raise
            self._complain()
            return self._otherwise

    def _complain(self) -> None:
        logger.exception("the FAQ publication in %s cannot be read", self._folder)

    def _stat(self) -> tuple[int, int] | None:
        try:
            stat = (self._folder / CURRENT).stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino

    def look(self) -> None:
        """Read again if another version has come into use."""
        seen = self._stat()
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._value = self._read()
        except UNREADABLE:
            self._complain()


def _follow(held: weakref.ref[Live[T]]) -> None:
    """Look now and again, for as long as somebody holds the value."""
    pause = threading.Event()
    while True:
        pause.wait(LOOK_EVERY)
        live = held()
        if live is None:
            return
        live.look()
        del live
