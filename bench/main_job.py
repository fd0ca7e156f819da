"""Measures the running assistant: start, memory, and what a customer waits for.

    python -m bench.main_job [--turns N]

Starts the three processes on free ports over a database of their own, prints a table.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import uuid
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from tests.assistant import Assistant, Customer

TURNS = {
    "问候": "你好",
    "FAQ": "存款保险最多赔多少钱",
    "查余额": "查余额",
    "查明细": "上个月的流水",
    "听不懂": "呜啦啦啦",
}


def wait_ms(customer: Customer, text: str) -> float:
    """Milliseconds from the POST to the first answer in the log, polled every 2 ms."""
    begun = time.perf_counter()
    seq = customer.post({"text": text, "client_id": str(uuid.uuid4())}).json()["seq"]
    while not any(message["role"] != "customer" for message in customer.messages(seq)):
        time.sleep(0.002)
    return (time.perf_counter() - begun) * 1000


def resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main(turns: int) -> None:
    table = Table("figure", "median", "p95", "unit")
    assistant = Assistant(Path(tempfile.mkdtemp()))
    begun = time.monotonic()
    assistant.start()
    table.add_row("start to ready", f"{time.monotonic() - begun:.1f}", "", "s")
    try:
        for name, text in TURNS.items():
            waits = []
            for _ in range(turns):
                # A conversation of its own for each: a second miss would call a person.
                waits.append(wait_ms(assistant.customer("C1001"), text))
            p95 = statistics.quantiles(waits, n=20)[18]
            table.add_row(name, f"{statistics.median(waits):.0f}", f"{p95:.0f}", "ms")
        for name, process in assistant.processes.items():
            table.add_row(f"memory {name}", f"{resident_mb(process.pid):.0f}", "", "MB")
        assert httpx.get(f"{assistant.address}/readyz").status_code == 200
    finally:
        assistant.stop()
    Console().print(table)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--turns", type=int, default=40)
    main(arguments.parse_args().turns)
