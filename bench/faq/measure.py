"""Processes of their own; time, cores and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

# As `bankbot rasa` is started; TensorFlow's threads beside.
THREADS = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


def apart(module: str, *arguments: str) -> dict[str, Any]:
    """What a module prints as JSON, run in a process of its own."""
    with Console(stderr=True).status(f"{module} {' '.join(arguments)}"):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            check=True,
            stdout=subprocess.PIPE,
            env={**os.environ, **THREADS},
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def now(processor: bool = False) -> float:
    """Seconds to take differences of: on the wall, or of the processor's that this process and the
    ended ones it started have used, which others on the machine disturb less."""
    if not processor:
        return time.perf_counter()
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def quickest_pass(
    ask: Callable[[Any], object], items: Sequence[Any], passes: int, processor: bool = False
) -> list[float]:
    """Milliseconds that each item took, of the quickest of several passes over all of them: what
    else the machine does can only make one slower."""
    found = [[timed(partial(ask, item), processor) * 1000 for item in items] for _ in range(passes)]
    return min(found, key=statistics.median)


def timed(work: Callable[[], object], processor: bool = False) -> float:
    """Seconds that it takes."""
    begun = now(processor)
    work()
    return now(processor) - begun


@contextmanager
def one_core() -> Iterator[None]:
    """Stay on the first core that this process may use."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def memory(name: str = "VmRSS") -> float:
    """MB of this process: ``VmRSS`` now, ``VmHWM`` at most so far."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) / 1024
