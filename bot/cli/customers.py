"""The bank's customers as the agents' desk sees them; the gateway itself knows no bank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from bot.errors import NotFound
from bot.handoff.customers import CustomerField
from bot.text.masking import mask_card, mask_name, mask_phone

if TYPE_CHECKING:
    from bot.banking.ports import Bank
    from bot.banking.prompt import Prompt

Value = tuple[str, str, str, Callable[[str], str]]

NAME, PHONE, IDENTITY = "name", "phone", "id_number"
# An agent sees at once that the bank does not answer, and goes on with the conversation.
PATIENCE = 1.8
_CARDS, _ACCOUNTS = "card:", "account:"
_KINDS = {"debit": "储蓄", "credit": "信用"}


class BankDirectory:
    """Implements :class:`~bot.handoff.customers.CustomerDirectory` over the bank's ports.

    Args:
        make: the bank; made when the first customer is looked at.
    """

    def __init__(self, make: Callable[[], Bank]) -> None:
        self._make = make

    @cached_property
    def _prompt(self) -> Prompt:
        from bot.banking.prompt import Prompt

        return Prompt(PATIENCE)

    @cached_property
    def _bank(self) -> Bank:
        return self._make()

    def card(self, customer_id: str) -> Sequence[CustomerField]:
        """See :meth:`bot.handoff.customers.CustomerDirectory.card`."""
        return [
            CustomerField(field, label, mask(value), True)
            for field, label, value, mask in self._values(customer_id)
        ]

    def reveal(self, customer_id: str, field: str) -> str:
        """See :meth:`bot.handoff.customers.CustomerDirectory.reveal`."""
        for known, _, value, _ in self._values(customer_id):
            if known == field:
                return value
        raise NotFound(f"客户资料里没有 {field!r} 这一项")

    def _values(self, customer_id: str) -> list[Value]:
        return self._prompt.ask(lambda: self._asked(customer_id))

    def _asked(self, customer_id: str) -> list[Value]:
        """Everything of a customer that agents see: id, label, value in plain, its mask."""
        customer = self._bank.customers.get(customer_id)
        found: list[Value] = [
            (NAME, "姓名", customer.name, mask_name),
            (PHONE, "手机号", customer.phone, mask_phone),
        ]
        if customer.id_number:
            # As a card's: where it is from and its end can be compared, the day of birth cannot.
            found.append((IDENTITY, "证件号码", customer.id_number, mask_card))
        cards = self._bank.cards.list(customer_id)
        for card in cards:
            kind = _KINDS.get(card.kind, "")
            found.append((f"{_CARDS}{card.id}", f"{kind}卡", card.number, mask_card))
        # A card's number is often its account's; nobody reads it twice.
        shown = {card.number for card in cards}
        for account in self._bank.accounts.list(customer_id):
            if account.number not in shown:
                found.append((f"{_ACCOUNTS}{account.id}", "账户", account.number, mask_card))
        return found
