"""Mobile numbers, in digits or spoken."""

from __future__ import annotations

import re

import phonenumbers

from bot.text.numerals import spoken_digits
from bot.text.spans import Span

_SPOKEN = "零〇一二三四五六七八九幺"
_SPOKEN_PHONE = re.compile(
    rf"(?<![{_SPOKEN}])[一幺][三四五六七八九][{_SPOKEN}]{{9}}(?![{_SPOKEN}十百千万])"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")


def find_phones(text: str) -> list[Span[str]]:
    """Every mobile number in ``text``; the value is eleven ASCII digits."""
    if sum(character.isdigit() or character in _SPOKEN for character in text) < 11:
        return []
    # A spoken digit and an ASCII one are both one character, so places stay what they are.
    digits = _SPOKEN_PHONE.sub(lambda match: spoken_digits(match.group()), text)
    found = []
    # "Possible", not "valid": a block handed out after the library's release is a number, too.
    for match in phonenumbers.PhoneNumberMatcher(
        digits, "CN", leniency=phonenumbers.Leniency.POSSIBLE
    ):
        value = str(match.number.national_number)
        if _MOBILE.fullmatch(value):
            raw = text[match.start : match.end]
            found.append(Span(match.start, match.end, raw, value))
    return found
