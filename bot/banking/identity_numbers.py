"""Resident identity numbers: eighteen places, the last of which checks the others."""

from __future__ import annotations

import re

_FORM = re.compile(r"\d{17}[\dX]")
# GB 11643-1999, after ISO 7064 MOD 11-2.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_identity_number(number: str) -> bool:
    """Whether it has the form of a resident identity number and the right last place."""
    return bool(_FORM.fullmatch(number)) and number[17] == _check(number)


def with_last_place(payload: str) -> str:
    """The first seventeen places, with the one that makes them an identity number."""
    return payload + _check(payload)


def _check(number: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11]
