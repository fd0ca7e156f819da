"""The last four digits by which people name a card."""

from __future__ import annotations

import re
from typing import Literal

from bot.text.numerals import spoken_digits
from bot.text.spans import Span

TAIL_LENGTH = 4
Direction = Literal["from", "to"]

_SPOKEN = "零〇一二三四五六七八九幺"
_DIGIT = rf"[\d{_SPOKEN}两洞拐勾]"
_FOUR = rf"(?:\d{{{TAIL_LENGTH}}}|[{_SPOKEN}]{{{TAIL_LENGTH}}})"
_NOT_INSIDE = rf"(?<![\d.¥{_SPOKEN}十百千万])"
_NO_YEAR = r"(?!20[12]\d|二[零〇][一二])"
_NAME = (
    r"(?:尾号|尾数|卡尾|末尾|(?:后面?|末[尾位]?|最后|最末|尾)(?:四|4)(?:位|个)(?:数字|号码|数|号)?)"
)
_IS = r"(?:就?是|为|那个|应该是|好像是|分别是|的是|[:\-—\"'“”‘’「『(（\s])*"
_KIND = r"(?:储蓄|信用|借记|贷记|银行|工资|[一二三]类)?"
_TAIL = re.compile(
    # 尾号8866, 尾号是八八六六, 后四位1234, 末四位是 1234, 尾数8866, 尾号(4876)
    rf"{_NAME}{_IS}(?P<named>{_DIGIT}{{{TAIL_LENGTH}}})(?!{_DIGIT})"
    # 8866那张, 8866的卡, 8866结尾, 8866这个账户
    rf"|{_NOT_INSIDE}(?P<pointed>{_FOUR})(?=\s*(?:的?[那这]?(?:一?张|个[账帐]户)"
    rf"|的?{_KIND}(?:卡|[账帐]户)(?!路)|结尾|尾号))"
    # 8866的流水: not where a year is likelier
    rf"|{_NOT_INSIDE}{_NO_YEAR}(?P<owned>{_FOUR})"
    r"(?=的?(?:余额|流水|明细|交易|账单|记录|消费)|[里上]的?(?:还[有剩欠]|有多少|余额|钱)|呢)"
    # 从8866转, 用8866付
    rf"|(?<=[从用由])(?P<used>{_FOUR})(?=转|付|扣|还|交|缴|打|汇|取|充|划|给|里|上|往|向|买)"
    # 查8866, 挂失8866, 卡号8866
    r"|(?:挂失|解锁|解冻|冻结|激活|查一?下?|卡号?是?|[账帐][户号]是?|转到|打到|存到|汇到|转入|转至)"
    rf"[:\s]?{_NO_YEAR}(?!\d\d00)(?P<after>\d{{{TAIL_LENGTH}}})(?![\d.,年月号日元块万千百亿个分次笔wWkK])"
    # 还7783的欠款
    rf"|还[掉清]?(?P<owed>\d{{{TAIL_LENGTH}}})(?=的(?:欠|账|那|信用))"
    # 转500到6688
    rf"|(?:转|打|汇|存|还|付)[^\s,。!?]{{1,10}}到(?!\d\d00){_NO_YEAR}(?P<into>\d{{{TAIL_LENGTH}}})(?![\d.,年月元块万千百亿wWkK])"
    # the whole answer to "哪张卡": 8866
    rf"|^(?P<alone>\d{{{TAIL_LENGTH}}})[吧的呢啊。.!！]*$"
)
# 尾号6688和1199, 尾号6688、1199
_ANOTHER = re.compile(
    rf"[\"”)）]?\s?(?:和|跟|与|及|或|、|/|还有|以及|还是|转到?|到)\s?"
    rf"(?P<more>\d{{{TAIL_LENGTH}}})(?![\d.,年月元块万千百亿个次笔给wWkK])"
)


def find_card_tails(text: str) -> list[Span[str]]:
    """Every card tail in ``text``; the value is four ASCII digits."""
    found: list[Span[str]] = []
    for match in _TAIL.finditer(text):
        group = match.lastgroup or "named"
        _add(found, match, group)
        more = _ANOTHER.match(text, match.end(group))
        # "从8866转5000" moves money; "尾号8866转6688" hardly does: a round figure is an amount.
        if more and not more["more"].endswith("00"):
            _add(found, more, "more")
    return found


def _add(found: list[Span[str]], match: re.Match[str], group: str) -> None:
    start, end = match.span(group)
    if not any(span.overlaps(start, end) for span in found):
        found.append(Span(start, end, match[group], spoken_digits(match[group])))


# 从8866转, 用尾号2001付: money leaves it. 到尾号2001, 给8821: money goes there.
_LEAVES = re.compile(r"(?:从|用|由|拿|扣)[^,。;到给往向]{0,8}$")
_ARRIVES = re.compile(r"(?:到|给|往|向|入|至|进)[^,。;从用]{0,8}$")


def direction_of(text: str, start: int) -> Direction | None:
    """Whether money is to leave or to reach the account named at ``start``; ``None``: not said."""
    before = text[max(0, start - 12) : start]
    if _LEAVES.search(before):
        return "from"
    return "to" if _ARRIVES.search(before) else None
