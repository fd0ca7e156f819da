"""What every adapter must do, as checks that any :class:`~bot.banking.ports.Bank` can be run
through: by ``bankbot adapter verify`` at a bank's test system, by our own tests at the stub.

A check is a function over a :class:`~bot.banking.conformance.bench.Bench`; it fails by raising
:class:`~bot.banking.conformance.bench.Failed` and steps aside by raising
:class:`~bot.banking.conformance.bench.Skipped`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.banking.conformance import changes, isolation, reads
from bot.banking.conformance.bench import Bench, Check, Failed, Skipped, Subjects
from bot.errors import BankbotError

__all__ = ["CHECKS", "Bench", "Check", "Result", "Subjects", "verify"]

CHECKS: tuple[Check, ...] = (*reads.CHECKS, *isolation.CHECKS, *changes.CHECKS)


@dataclass(frozen=True)
class Result:
    """What came of one check; ``detail`` says what was wrong or why it was skipped."""

    check: Check
    outcome: Literal["passed", "failed", "skipped"]
    detail: str = ""


def verify(bench: Bench, checks: tuple[Check, ...] = CHECKS) -> Iterator[Result]:
    """Run the checks one after the other, each whatever came of the others."""
    for check in checks:
        yield _run(bench, check)


def _run(bench: Bench, check: Check) -> Result:
    if check.changes and not bench.changes:
        return Result(check, "skipped", "会真实办理业务，未允许")
    try:
        check.run(bench)
    except Skipped as skipped:
        return Result(check, "skipped", str(skipped))
    except Failed as failed:
        return Result(check, "failed", str(failed))
    except BankbotError as error:
        return Result(check, "failed", f"不应有的错误 {type(error).__name__}：{error}")
    except Exception as error:  # an adapter's own mistake is a finding, not ours
        return Result(check, "failed", f"适配器抛出了 {type(error).__name__}：{error}")
    return Result(check, "passed")
