"""The slots that operations share, and how an operation under way is left or resumed."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.turn import Turn

# Everything that an operation gathers: the fields of every design, how far it is, what is asked.
OPERATION_SLOTS = (
    "operation",
    "operation_target",
    "loss_kind",
    "replacement_reason",
    "lift",
    "payee_name",
    "payee_number",
    "payee_bank",
    "amount",
    "pay_from",
    "memo",
    "speed",
    "save_payee",
    "biller",
    "bill_number",
    "repay_part",
    "split",
    "periods",
    "gift",
    "gift_count",
    "agreed_cost",
    "until",
    "dispute_reason",
    "dispute_search",
    "dispute_entry",
    "dispute_stop",
    "dispute_statement",
    "operation_before",
    "loan_number",
    "loan_product",
    "loan_months",
    "loan_method",
    "loan_purpose",
    "loan_income",
    "credit_consent",
    "operation_warned",
    "operation_confirmed",
    "code_ref",
    "code_challenge",
    "operation_key",
    "operation_stalled",
    "requested_slot",
)


def leave_operation() -> list[EventType]:
    """End the form under way and forget what it gathered."""
    return [ActiveLoop(None), *(SlotSet(name, None) for name in OPERATION_SLOTS)]


def resume_operation(turn: Turn) -> list[EventType]:
    """End the operation under way; one that was put aside for it goes on where it stood."""
    before = turn.slot("operation_before")
    if not before:
        return leave_operation()
    form = FollowupAction(f"{before['operation']}_form")
    return [*leave_operation(), *(SlotSet(name, value) for name, value in before.items()), form]
