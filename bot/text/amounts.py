"""Amounts of money in running text, in fen; money whose figure is left open is told apart."""

from __future__ import annotations

import re

from bot.text import money_words as words
from bot.text.estimates import is_open
from bot.text.numerals import CHINESE_DIGIT, CHINESE_NUMERAL, MAGNITUDE, parse_number
from bot.text.spans import Span

# Beyond this nobody means an amount of their own money: ten billion yuan.
LARGEST_FEN = 10**12

_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,13})(?:\.\d{1,9})?"
_BIG_CHARACTER = rf"[{MAGNITUDE}]"
_BIG = rf"[{MAGNITUDE}wWkK]"
# 1万5千, 2k5, 十二万三, 几千, 1.5万: the look-behind keeps a long run from being tried at each
# of its places.
_CORE = (
    rf"(?:(?<![\d.])(?<!\d,)(?:{_ARABIC})(?![\d])|(?<![{CHINESE_NUMERAL}几])[{CHINESE_NUMERAL}几])"
    rf"(?:(?<={_BIG})(?:\d{{1,7}}(?:\.\d{{1,4}})?)(?!\d)|(?<!\d)[{CHINESE_NUMERAL}几]|{_BIG_CHARACTER}|(?<=\d)[wWkK](?![A-Za-z])){{0,24}}"
)
_UNIT = r"(?:元(?![旦宵素])|块(?![卡牌])|圆|人民币|(?i:rmb|yuan|cny)|大洋)"
_TAIL = r"(?:钱|人民币|(?i:rmb))?整?"
_SMALL = rf"(?:\d|[{CHINESE_DIGIT}])"
_STOP = rf"(?![\d.{CHINESE_NUMERAL}个张次笔天月年位期折点])"
# Small money after the yuan: 四毛五, 5角, 零八毛; after 块 a last digit is tenths (五块五, 12块35).
_CENTS = (
    rf"(?:零?(?P<jiao>{_SMALL})[毛角](?:零?(?P<fen>{_SMALL})(?:分(?![期成])|{_STOP}))?"
    rf"|零?(?P<only_fen>{_SMALL})分(?![期成{CHINESE_NUMERAL}\d钟])"
    rf"|(?<=块)(?:(?P<digits>\d\d)|(?P<zero>[零〇])?(?P<tenths>{_SMALL})|(?P<half>半)){_STOP})"
)
_ESTIMATE = (
    r"(?:(?P<more>多(?![少久长大快远高])|余(?=[元块万千百亿])|来(?=[元块万千百亿毛])|把(?=[元块万千百亿]))"
    r"(?P<more_big>[万千百亿wWkK]{0,2}))"
)
_LOOSE = (
    r"(?:(?P<loose>(?<![以之早晚网线马])上(?=[百千万亿]{1,2}(?:[元块的了没怎都,。!?]|$))"
    r"|(?<![次笔位尾人岁分总金额])数(?=[百千万亿]{1,2}(?:[元块的了没怎都,。!?]|$)))"
    r"|(?P<idiom>(?<![十百千])(?:百八?十(?=[来几多]?[块元])|千儿?八百|万儿?八千)|[百千万](?=[把来][块元])"
    r"|块(?=把钱)|块儿?八毛))"
)
_COINS = (
    rf"(?<![\d.{CHINESE_NUMERAL}几块元])(?P<coins>(?P<jiao1>{_SMALL}{{1,2}}|几)[毛角](?![利巾病线度色落])"
    rf"(?:(?P<fen1>{_SMALL})分?{_STOP})?钱?|(?P<fen2>{_SMALL}{{1,2}}|几)分钱)"
)
_AMOUNT = re.compile(
    rf"{_COINS}|(?:(?P<symbol>[¥￥]|人民币|(?<![A-Za-z])(?i:rmb|cny))\s?)?"
    rf"(?:{_LOOSE}(?:[百千万亿]{{0,2}})|好?(?P<core>{_CORE})){_ESTIMATE}?(?P<unit>\s?{_UNIT})?"
    rf"(?(unit)(?:{_CENTS}|{_TAIL}))"
)
_RANGE = re.compile(r"\s?(?:到|至|[-~—–]{1,2})\s?")
_CARD_LIKE = re.compile(r"(?!\d\d00)\d{4}(?![\d,.元块千万kKwW])")
# "5万三年", "三千六个月": the digits behind a magnitude may count what follows.
_COUNT_BEHIND = re.compile(
    r"(?<=[万千wWkK亿百])(?:[一二三四五六七八九两]"
    r"|(?<![百])(?:[二三四五六七八九]?十[一二三四五六七八九]?|\d{1,3}))$"
)


def find_amounts(text: str) -> list[Span[int]]:
    """Every amount in ``text``, in fen. A number that nothing calls money is none."""
    return [
        Span(span.start, span.end, span.text, span.value)
        for span in find_money(text)
        if span.value is not None
    ]


def find_money(text: str) -> list[Span[int | None]]:
    """Every sum of money in ``text``, in fen, or ``None`` where its figure is left open.

    ``两三百块``, ``一万多``, ``3-5万`` are open; ``大概三千块`` is a figure.
    """
    found: list[Span[int | None]] = []
    for match in _AMOUNT.finditer(text):
        span = _money(text, match)
        if span is None:
            continue
        bare = match["core"] is not None and not _is_money(text, match)
        before = _before_range(text, match.start())
        if before is not None and (not bare or found and found[-1].start == before.start):
            if found and found[-1].overlaps(before.start, before.end):
                found.pop()
            found.append(Span(before.start, span.end, text[before.start : span.end], None))
        elif not bare:
            found.append(span)
    return found


def read_amount(text: str, start: int) -> Span[int | None] | None:
    """The sum at ``start`` of ``text``, where the context says that a number is money."""
    match = _AMOUNT.match(text, start)
    if match is None or (match["core"] and _counts_something(text, match)):
        return None
    if (
        match["core"]
        and len(match["core"]) == 1
        and not match["core"].isdigit()
        and not match["unit"]
    ):
        return None
    return _money(text, match)


def _money(text: str, match: re.Match[str]) -> Span[int | None] | None:
    start, end = match.span()
    core = match["core"]
    if core and not (match["unit"] or match["symbol"] or match["more"]):
        cut = _COUNT_BEHIND.search(core) if words.COUNTED.match(text, end) else None
        if cut:
            core, end = core[: cut.start()], match.start("core") + cut.start()
    if match["loose"] or match["idiom"] or match["more"] or (core and is_open(core)):
        return Span(start, end, text[start:end], None)
    if match["coins"]:
        if is_open(match["jiao1"] or match["fen2"]):
            return Span(start, end, text[start:end], None)
        fen = _digit(match["jiao1"]) * 10 + _digit(match["fen1"]) + _digit(match["fen2"])
    else:
        value = parse_number(core)
        if value is None:
            return None
        fen = int((value * 100).to_integral_value()) + _cents(match)
    return Span(start, end, text[start:end], fen) if 0 < fen <= LARGEST_FEN else None


def _cents(match: re.Match[str]) -> int:
    if match["digits"]:
        return int(match["digits"])
    if match["half"]:
        return 50
    tenths = _digit(match["tenths"]) * (1 if match["zero"] else 10)
    return _digit(match["jiao"]) * 10 + _digit(match["fen"]) + _digit(match["only_fen"]) + tenths


def _digit(digit: str | None) -> int:
    value = parse_number(digit) if digit else None
    return int(value) if value is not None else 0


def _is_money(text: str, match: re.Match[str]) -> bool:
    """Whether the number of ``match`` is money by its unit, its size or its neighbours."""
    start, core = match.start(), match["core"]
    before = text[max(0, start - 14) : start]
    if match["unit"] and not match["symbol"] and core == "一" and match["unit"].strip() == "块":
        if words.AREA_BEFORE.search(before):
            return False
        return bool(
            words.ONE_YUAN_AFTER.match(text, match.end("unit"))
            or words.ONE_YUAN_BEFORE.search(before)
        )
    if match["symbol"] or match["unit"]:
        return True
    if words.NUMBERED.search(before) or _counts_something(text, match):
        return False
    if core[0] in "万千百亿零〇" + "仟佰":
        return False
    if re.search(r"[百千万亿wWkK佰仟]", core) or (match["more"] and match["more_big"]):
        return True
    if match["more"] and core.isdigit() and int(core) >= 100:
        return True
    if len(core) == 1 and not core.isdigit():
        return False
    return _bare_is_money(text, match, before)


def _bare_is_money(text: str, match: re.Match[str], before: str) -> bool:
    core, end = match["core"], match.end()
    if words.MONEY_AFTER.match(text, end) or (
        words.MOVED_AFTER.match(text, end) and not words.DIALLED.search(before)
    ):
        return True
    if words.DIALLED.search(before) and text[end : end + 1] in ("给", "到", "过"):
        return True
    if not words.MONEY_BEFORE.search(before):
        return False
    maybe_card = len(core) == 4 and core.isdigit() and not core.endswith("00")
    return not (maybe_card and words.MAYBE_CARD.search(before) and words.ENDS.match(text, end))


def _counts_something(text: str, match: re.Match[str]) -> bool:
    if match["unit"] or match["symbol"]:
        return False
    if not words.COUNTED.match(text, match.end()):
        return False
    return not _COUNT_BEHIND.search(match["core"]) or bool(match["more"])


def _before_range(text: str, start: int) -> Span[int | None] | None:
    """The number that a range up to the one at ``start`` begins with."""
    head = text[max(0, start - 24) : start]
    for match in _AMOUNT.finditer(head):
        to = _RANGE.match(head, match.end())
        if match["unit"] and _CARD_LIKE.match(text, start):
            continue  # 还五百块到7783
        if to and to.end() == len(head) and (match["core"] or match["coins"]):
            first = start - len(head) + match.start()
            return Span(first, first + len(match.group()), match.group(), None)
    return None
