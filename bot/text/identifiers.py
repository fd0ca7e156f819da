"""Numbers that only name something: orders, codes, whole card numbers. Nothing is read from them."""

from __future__ import annotations

import re

from bot.text.spans import Span

_NAMES = (
    "订单号|订单|流水号|单号|编号|验证码|校验码|动态码|密码|邮编|邮政编码|工号|代码|错误码|版本号?|"
    "身份证号?码?|证件号码?|合同号|协议号|凭证号|受理号|排队号|房号|门牌号|快递单?号?|客服热线|热线|"
    "网点号|行号|联行号|税号|学号|户号|客户号|终端号|商户号|批次号|兑换码|激活码|邀请码|车牌号?|QQ号?|微信号"
)
_IDENTIFIER = re.compile(
    # 订单号20260115003, 验证码是482913, 错误代码E5003, 版本8.0.5
    rf"(?:{_NAMES})(?:是|为|:|：)?\s?(?P<named>[A-Za-z]{{0,8}}\d[\dA-Za-z.-]{{0,40}})(?![年月])"
    # letters and digits in one: E5003, A037, but neither RMB600 nor Q1
    r"|(?<![A-Za-z\d])(?!(?i:rmb|cny|yuan|q[1-4](?!\d)))(?P<mixed>[A-Za-z]{1,8}-?\d[\dA-Za-z-]{1,40})"
    # a card or account number in one run or in groups
    r"|(?<![\d.¥$])(?P<long>\d{9,40}(?![\d.])|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,4})?(?!\d))"
)


def find_identifiers(text: str) -> list[Span[str]]:
    """Every identifier in ``text``; the value is the identifier as written."""
    found = []
    for match in _IDENTIFIER.finditer(text):
        group = match.lastgroup or "long"
        found.append(Span(match.start(group), match.end(group), match[group], match[group]))
    return found
