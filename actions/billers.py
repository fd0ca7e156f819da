"""What the bank knows of billers and bills, each asked for once a turn."""

from __future__ import annotations

from actions.draft import Draft
from bot.banking.errors import BankRefused
from bot.banking.models import BILLER_NAMES, AmountDue, Biller
from bot.text.masking import mask_phone


def billers_of(draft: Draft) -> list[Biller]:
    """Who can be paid."""
    if "billers" not in draft.known:
        draft.known["billers"] = draft.turn.services.bank.payments.billers(draft.customer_id)
    found: list[Biller] = draft.known["billers"]
    return found


def biller_of(draft: Draft) -> Biller | None:
    """The one chosen."""
    return next((each for each in billers_of(draft) if each.id == draft.get("biller")), None)


def name_of(biller: Biller | None) -> str:
    """电费; 话费 for what the bank calls 手机充值."""
    if biller is None:
        return ""
    return "话费" if biller.kind == "mobile" else BILLER_NAMES[biller.kind]


def saved_numbers(draft: Draft) -> list[str]:
    """Numbers paid for at the chosen biller before, the latest first."""
    biller = draft.get("biller")
    if ("saved", biller) not in draft.known:
        payments = draft.turn.services.bank.payments
        draft.known["saved", biller] = payments.saved_numbers(draft.customer_id, biller)
    found: list[str] = draft.known["saved", biller]
    return found


def shown_number(draft: Draft, number: str) -> str:
    """A number as it may be shown: of a phone only on the card that the customer checks it on."""
    biller = biller_of(draft)
    return number if biller and biller.kind != "mobile" else mask_phone(number)


def due_of(draft: Draft) -> AmountDue | None:
    """What the chosen number owes; ``None`` before it is known or where the bank knows it not."""
    found = _asked_due(draft)
    return found if isinstance(found, AmountDue) else None


def unknown_number(draft: Draft) -> BankRefused | None:
    """The bank's word on a number that it does not know."""
    found = _asked_due(draft)
    return found if isinstance(found, BankRefused) else None


def _asked_due(draft: Draft) -> AmountDue | BankRefused | None:
    biller, number = draft.get("biller"), draft.get("bill_number")
    if biller is None or number is None:
        return None
    key = ("due", biller, number)
    if key not in draft.known:
        try:
            payments = draft.turn.services.bank.payments
            draft.known[key] = payments.due(draft.customer_id, biller, number)
        except BankRefused as refusal:
            draft.known[key] = refusal
    found: AmountDue | BankRefused = draft.known[key]
    return found
