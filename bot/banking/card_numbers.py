"""Card numbers: their check digit, and the bank that issued them."""

from __future__ import annotations

# First six digits of widespread debit and credit cards; an aid for entering a payee, not a
# directory: a number that is not found here may still be good.
BANKS = {
    "工商银行": ("622202", "621226", "622208", "621558", "622230"),
    "农业银行": ("622848", "622845", "622836", "625996"),
    "中国银行": ("621660", "621661", "601382", "621790", "625905"),
    "建设银行": ("622700", "436742", "621081", "622280", "625362"),
    "交通银行": ("622260", "622262", "622258", "621069"),
    "邮储银行": ("621799", "622188", "621098", "625919"),
    "招商银行": ("622588", "621483", "622609", "622575"),
    "中信银行": ("622696", "622698", "621771"),
    "光大银行": ("622660", "622662", "621492"),
    "民生银行": ("622622", "621691", "622617"),
    "平安银行": ("622155", "622298", "621626"),
    "浦发银行": ("622521", "621792", "622516"),
    "兴业银行": ("622909", "622908", "622902"),
}
_BY_PREFIX = {prefix: bank for bank, prefixes in BANKS.items() for prefix in prefixes}
CARD_LENGTHS = range(15, 20)


def is_card_number(number: str) -> bool:
    """Whether ``number`` has a card's length and a right check digit (Luhn, ISO/IEC 7812-1)."""
    return (
        number.isascii() and number.isdigit() and len(number) in CARD_LENGTHS and _sum(number) == 0
    )


def with_check_digit(payload: str) -> str:
    """``payload`` with the check digit that makes it a card number."""
    return payload + str(-_sum(payload + "0") % 10)


def bank_of(number: str) -> str | None:
    """The bank that issued a card, if its number tells."""
    return _BY_PREFIX.get(number[:6])


def _sum(number: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10
