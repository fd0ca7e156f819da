"""Demo mode: seeded customers to pick from and the one-time codes that were "sent" to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class DemoCustomer:
    """A customer that the demo page offers; ``about`` says what can be tried with them."""

    id: str
    name: str
    about: str


@dataclass(frozen=True)
class DemoCode:
    """A one-time code that a real bank would have sent by text message."""

    code: str
    purpose: str
    at: datetime


class DemoBank(Protocol):
    """What the demo page needs of a simulated bank."""

    def list_customers(self) -> Sequence[DemoCustomer]:
        """All seeded customers, in the order in which they are shown."""

    def outbox(self, customer_id: str) -> Sequence[DemoCode]:
        """The codes sent to one customer, newest first; empty for an unknown one."""
