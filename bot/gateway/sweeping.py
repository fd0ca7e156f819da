"""The queue's own clock: whatever has become due is done twice a second."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 0.5


async def keep_sweeping(sweep: Callable[[], None]) -> None:
    """Call ``sweep`` until cancelled; a database that is away for a moment is only logged."""
    while True:
        try:
            await run_in_threadpool(sweep)
        except Exception:
            logger.exception("sweeping the queue failed")
        await asyncio.sleep(SWEEP_SECONDS)
