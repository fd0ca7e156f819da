"""Every query by what it is about, and asking the last one again with something changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk.events import EventType

from actions.accounts import answer_balance, answer_details
from actions.credit_card import answer_bill, answer_credit_limit
from actions.instalment_quote import answer_instalments
from actions.loan_queries import answer_loans, answer_progress
from actions.loan_quote import answer_loan_quote
from actions.points import answer_points
from actions.query import QueryAction, last_query
from actions.spending import answer_spending
from actions.transactions import answer_transactions
from actions.transfer_limits import answer_limits
from actions.turn import Turn

NOTHING_NEW = "好的。请告诉我您想办理什么，例如“查余额”“挂失”，也可以直接提问。"

ANSWERS: dict[str, Callable[[Turn, Any, dict[str, Any]], list[EventType]]] = {
    "balance": answer_balance,
    "details": answer_details,
    "transactions": answer_transactions,
    "spending": answer_spending,
    "bill": answer_bill,
    "credit_limit": answer_credit_limit,
    "points": answer_points,
    "instalments": answer_instalments,
    "loans": answer_loans,
    "loan_progress": answer_progress,
    "loan_quote": answer_loan_quote,
    "limits": answer_limits,
}
# What is worked out for anybody.
FOR_ALL = ("loan_quote",)


class ActionContinueQuery(QueryAction):
    """A quick reply under a query's answer: the next page, another account, another term."""

    def name(self) -> str:
        return "action_continue_query"

    def serve(self, turn: Turn) -> list[EventType]:
        last = last_query(turn)
        if not last:
            turn.say(NOTHING_NEW)
            return []
        if last["about"] in FOR_ALL:
            return ANSWERS[last["about"]](turn, turn.customer_id, last)
        return super().serve(turn)

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        last = last_query(turn)
        return ANSWERS[last["about"]](turn, customer_id, last)
