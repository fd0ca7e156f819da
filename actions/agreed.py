"""What an operation costs, fixed before it is confirmed."""

from __future__ import annotations

from typing import Any

from actions.draft import Draft
from actions.operation_design import Field, Question


class AgreedCost(Field):
    """Worked out as soon as it can be and never asked for: the bank is asked to do it at the cost
    that was read and confirmed, or not at all. Its ``default`` works it out."""

    slot = "agreed_cost"
    label = "费用"
    words = r"(?!)"

    def read(self, draft: Draft) -> dict[str, Any]:
        return {}

    def question(self, draft: Draft) -> Question:
        raise AssertionError("a cost is never asked for")

    def show(self, draft: Draft) -> str:
        return ""  # stands beside what it is for
