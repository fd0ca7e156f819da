"""Which one of a list is meant by its place: 第二个, 3号, 最后一个."""

from __future__ import annotations

import re

from bot.text.numerals import parse_number

_N = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_OF = r"(?:个|件|项|种|款|样|条|笔|张|号)"
_PLACE = re.compile(
    rf"第\s?(?P<n>{_N})(?!期|次|天|步){_OF}?|(?:选|要|换|就|兑)?(?P<number>\d{{1,2}})号(?!卡)"
)
_LAST = re.compile(rf"最后(?:那|一|面)?(?:一)?{_OF}")
_BARE = re.compile(r"(?:选|要|换|就|兑)*(?:序号)?(?P<n>\d{1,2})(?:吧|呗|就行|就好|[。.!！])*")


def find_place(text: str, count: int, *, bare: bool = False) -> int | None:
    """The index, from 0, of the one that ``text`` means of ``count``.

    Args:
        bare: whether a number and nothing else is a place (the list shown is numbered).
    """
    if count and _LAST.search(text):
        return count - 1
    match = _PLACE.search(text) or (_BARE.fullmatch(text) if bare else None)
    if match is None:
        return None
    named = match.groupdict()
    number = parse_number(named.get("n") or named.get("number") or "")
    place = int(number) - 1 if number is not None else -1
    return place if 0 <= place < count else None
