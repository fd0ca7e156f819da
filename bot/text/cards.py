"""The last four digits by which people name a card."""

from __future__ import annotations

import re

from bot.text.numerals import SPOKEN_DIGIT, spoken_digits
from bot.text.spans import Span

TAIL_LENGTH = 4

_DIGIT = rf"[\d{SPOKEN_DIGIT}]"
_TAIL = re.compile(
    # 尾号8866, 尾号是八八六六, 后四位1234, 末四位是 1234, 尾数8866
    rf"(?:尾号|尾数|(?:后|末|最后)(?:四|4)(?:位|个)(?:数字?|号码?)?)\s*(?:是|为|:|：|—|-)?\s*"
    rf"(?P<named>{_DIGIT}{{{TAIL_LENGTH}}})(?!{_DIGIT})"
    # 8866那张, 8866的卡, 8866结尾, 8866这个账户
    rf"|(?<![\d.])(?P<pointed>\d{{{TAIL_LENGTH}}})(?=\s*(?:的?[那这]?(?:一?张|个[账帐]户)"
    r"|的?(?:储蓄|信用|借记|银行)?卡|结尾|尾号))"
    # 8866的流水, 查8866, 挂失8866: not where a year is likelier
    rf"|(?<![\d.])(?!20[12]\d)(?P<owned>\d{{{TAIL_LENGTH}}})"
    r"(?=(?:的?(?:余额|流水|明细|交易|账单|记录|消费)|里?(?:还[有剩欠]|有多少)|呢))"
    rf"|(?:挂失|解锁|解冻|查一?下?|卡|[账帐]户)\s*(?!20[12]\d)(?P<after>\d{{{TAIL_LENGTH}}})"
    r"(?![\d.年月号日元块万千百个分次笔])"
    # the whole answer to "哪张卡": 8866
    rf"|^(?P<alone>\d{{{TAIL_LENGTH}}})[吧的呢啊。.!！]*$"
)


def find_card_tails(text: str) -> list[Span[str]]:
    """Every card tail in ``text``; the value is four ASCII digits."""
    found = []
    for match in _TAIL.finditer(text):
        group = match.lastgroup or "named"
        digits = match.group(group)
        found.append(Span(match.start(group), match.end(group), digits, spoken_digits(digits)))
    return found
