"""Asking the bank for what is only worth having at once, so that its being stuck holds up nobody.

A circuit breaker and a bulkhead (Nygard, Release It!, 2007): who asked several times in a row in
vain asks no more for a while, and never more than a few questions are under way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from bot.banking.errors import BankTimeout, BankUnavailable

T = TypeVar("T")

# After so many questions in a row without an answer
MOST_IN_VAIN = 3
# none is asked for so long, s.
PAUSE = 30.0
# So many may be under way; further ones would only wait for the same stuck system.
MOST_AT_ONCE = 16


class Prompt:
    """Asks, and waits for ``patience`` seconds at most.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._counting = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._in_vain = 0
        self._closed_until = float("-inf")

    def ask(self, question: Callable[[], T]) -> T:
        """What ``question`` returns or raises, run in a thread of its own.

        Raises:
            BankUnavailable: it was not asked, for the bank did not answer before.
            BankTimeout: no answer in time; it is waited for no longer.
        """
        if self._clock() < self._closed_until:
            raise BankUnavailable("not asked: the bank left the last questions unanswered")
        if not self._room.acquire(blocking=False):
            raise BankUnavailable("not asked: too many questions are still unanswered")
        answer: Future[T] = Future()
        threading.Thread(target=self._answer, args=(question, answer), daemon=True).start()
        try:
            found = answer.result(self._patience)
        except NotYet:
            self._count(in_vain=True)
            raise BankTimeout(f"no answer within {self._patience} s") from None
        except BankUnavailable:
            self._count(in_vain=True)
            raise
        except Exception:
            self._count(in_vain=False)  # that there is no such customer is an answer too
            raise
        self._count(in_vain=False)
        return found

    def _answer(self, question: Callable[[], T], answer: Future[T]) -> None:
        try:
            answer.set_result(question())
        except BaseException as error:  # noqa: BLE001 - it is for whoever asked
            answer.set_exception(error)
        finally:
            self._room.release()

    def _count(self, *, in_vain: bool) -> None:
        with self._counting:
            self._in_vain = self._in_vain + 1 if in_vain else 0
            if self._in_vain >= MOST_IN_VAIN:
                # The first question after the pause decides whether there is another.
                self._closed_until = self._clock() + PAUSE
