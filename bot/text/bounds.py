"""Which transactions a message wants to see: how large, which way, of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.text.amounts import read_amount
from bot.text.numerals import CHINESE_DIGIT

Direction = Literal["in", "out"]

# 以上, 以下, 以内 and 满 take the figure itself in; 超过 and 不满 leave it out (民法典 第1259条).
_ABOVE = r"(?:大于|超过|超出|高于|多于|>)(?!等于|=)"
_FROM = r"(?:大于等于|不低于|不少于|不小于|至少|满|起码|>=|≥)"
_BELOW = r"(?:小于|低于|少于|不到|不满|不足|<)(?!等于|=)"
_UP_TO = r"(?:小于等于|不超过|不高于|不多于|不大于|最多|<=|≤)"
# The longer words first: 不超过 holds 超过.
_BEFORE = re.compile(
    rf"(?:(?P<up_to>{_UP_TO})|(?P<least>{_FROM})|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))了?\s?$"
)
_BEHIND = re.compile(r"\s?(?:及|或)?(?:(?P<least>以上|往上|朝上)|(?P<most>以下|以内|之内|往下))")
_TO = re.compile(r"\s?(?:到|至|[-~—–])\s?")
_NUMBER = re.compile(rf"(?<![\d.,{CHINESE_DIGIT}第])[\d{CHINESE_DIGIT}十¥￥]")

_OUT = re.compile(
    r"支出|支取|花销|开销|开支|花费|花了|花的|花出|花掉|花在|消费|出账|扣款|扣费|扣的|扣了|扣掉|转出|转走|流出|付款|付的|付了"
)
_IN = re.compile(r"收入|进账|入账|到账|转入|转进|流入|收款|收到|进来|进的|进了|存入|工资|退款")
_KINDS: dict[str, re.Pattern[str]] = {
    "salary": re.compile(r"工资|薪水|薪资|代发"),
    "purchase": re.compile(r"消费|刷卡|购物"),
    "transfer": re.compile(r"转账|汇款|转出|转入|转给|转走"),
    "payment": re.compile(r"缴费|水电|话费|燃气费|电费|水费"),
    "repayment": re.compile(r"还款"),
    "instalment": re.compile(r"分期"),
    "interest": re.compile(r"利息|结息"),
    "fee": re.compile(r"手续费|年费|违约金|滞纳金"),
    "refund": re.compile(r"退款|退货"),
    "cash": re.compile(r"取现|取款|提现"),
}
_EVERYTHING = re.compile(r"(?:全部|所有)的?(?:交易|明细|流水|记录)|不限|收支明细|收支都")


@dataclass(frozen=True)
class Wanted:
    """Bounds without sign in fen, both included; ``kinds`` are those of a bank's transactions.

    ``everything`` when the message asks for all of them again.
    """

    least: int | None = None
    most: int | None = None
    direction: Direction | None = None
    kinds: tuple[str, ...] = ()
    everything: bool = False

    @property
    def sizes(self) -> bool:
        return self.least is not None or self.most is not None

    @property
    def sorts(self) -> bool:
        return self.direction is not None or bool(self.kinds)


def find_wanted(text: str) -> Wanted:
    """What ``text`` says of the transactions it asks for; other numbers are to be hidden in it."""
    least, most = find_bounds(text)
    both = bool(_OUT.search(text)) == bool(_IN.search(text))
    direction: Direction | None = None if both else "out" if _OUT.search(text) else "in"
    kinds = tuple(kind for kind, words in _KINDS.items() if words.search(text))
    return Wanted(least, most, direction, kinds, bool(_EVERYTHING.search(text)))


def find_bounds(text: str) -> tuple[int | None, int | None]:
    """Least and most amount in fen; a bare sum of money is both."""
    least: int | None = None
    most: int | None = None
    place = 0
    while start := _NUMBER.search(text, place):
        sum_ = read_amount(text, start.start())
        place = sum_.end if sum_ else start.end()
        if sum_ is None or sum_.value is None:
            continue
        before, behind = _BEFORE.search(text[: sum_.start]), _BEHIND.match(text, sum_.end)
        to = _TO.match(text, sum_.end)
        upper = read_amount(text, to.end()) if to else None
        if upper is not None and upper.value is not None:
            return sum_.value, upper.value
        if before:
            least, most = _by_word(before, sum_.value, least, most)
        elif behind:
            least, most = (sum_.value, most) if behind["least"] else (least, sum_.value)
        elif re.search(r"[元块毛¥￥角]", sum_.text):
            least = most = sum_.value
    return least, most


def _by_word(
    before: re.Match[str], fen: int, least: int | None, most: int | None
) -> tuple[int | None, int | None]:
    if before["up_to"]:
        return least, fen
    if before["least"]:
        return fen, most
    return (fen + 1, most) if before["above"] else (least, fen - 1)
