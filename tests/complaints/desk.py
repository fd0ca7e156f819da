"""The three sides of complaints over one database, and the steps that tests take with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.complaints.case import Answer
from bot.complaints.casework import Casework
from bot.complaints.closing import Closing
from bot.complaints.register import Register
from bot.complaints.reviewing import Reviewing
from bot.complaints.termwork import TermWork
from bot.storage import Database
from tests.conftest import Hands

OWNER, OTHER = "C1001", "C1003"
ANSWER = Answer(
    outcome="upheld",
    findings="经核实，该笔年费系重复收取。",
    decision="退还年费 200 元。",
    grounds="领用合约第五条。",
    reasons="系统批量扣收时重复执行，并非您的原因。",
    remedies="可在 30 日内申请核查，也可调解、仲裁或诉讼。",
)


@dataclass
class Sides:
    """Customer, caseworkers and those who close, sharing a clock."""

    register: Register
    casework: Casework
    terms: TermWork
    closing: Closing
    reviewing: Reviewing
    clock: Hands

    @classmethod
    def of(cls, db: Database, clock: Hands) -> Sides:
        kinds = (Register, Casework, TermWork, Closing, Reviewing)
        return cls(*(kind(db, clock) for kind in kinds), clock)

    def open(self, key: str = "k1", customer: str = OWNER, **changes: Any) -> str:
        given = {"category": "fee", "text": "年费收了两次", **changes}
        return self.register.open(customer, key=key, **given)[0].number

    def tell(self, number: str, what: str) -> None:
        self.closing.tell(
            number, what, by="A1", channel="phone", at=self.clock(), proof="录音 20260302-17"
        )

    def answered(self, key: str = "k1", customer: str = OWNER) -> str:
        """A case handled by A1, approved by M1 and told."""
        number = self.open(key, customer)
        self.casework.assign(number, "A1", by="M1")
        self.closing.write(number, ANSWER, by="A1")
        self.closing.approve(number, by="M1")
        self.tell(number, "decision")
        return number
