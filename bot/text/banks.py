"""Banks as customers call them: 工行, 招商, 邮政储蓄."""

from __future__ import annotations

import re

# Full name → what else it is called; the longest name wins.
_CALLED = {
    "工商银行": "中国工商银行 工商银行 工商 工行 icbc",
    "农业银行": "中国农业银行 农业银行 农行 abc银行",
    "中国银行": "中国银行 中行 boc",
    "建设银行": "中国建设银行 建设银行 建设 建行 ccb",
    "交通银行": "交通银行 交行 bocom",
    "邮储银行": "中国邮政储蓄银行 邮政储蓄银行 邮储银行 邮政银行 邮政储蓄 邮储 邮政",
    "招商银行": "招商银行 招商 招行 cmb",
    "中信银行": "中信银行 中信",
    "光大银行": "光大银行 光大",
    "民生银行": "民生银行 民生",
    "平安银行": "平安银行 平安",
    "浦发银行": "上海浦东发展银行 浦发银行 浦发",
    "兴业银行": "兴业银行 兴业",
    "华夏银行": "华夏银行 华夏",
    "广发银行": "广发银行 广发",
}
# Those told by name; anything else that ends in 银行 may be no bank's name: 我用银行(卡).
KNOWN = frozenset(_CALLED)
_NAMES = {name: bank for bank, names in _CALLED.items() for name in names.split()}
_NAME = re.compile("|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)), re.I)
_OTHER = re.compile(r"[\u4e00-\u9fff]{2,12}?(?:农村商业银行|农商银行|农商行|银行|信用社|信用联社)")
_LEAD = re.compile(r"^(?:是|在|用的?|开户行|就|那个|他的?|她的?|对方)+")


def named_bank(text: str) -> str | None:
    """The full name of the bank that ``text`` (normalised) names, if it does."""
    known = _NAME.search(text)
    if known:
        return _NAMES[known.group().lower()]
    other = _OTHER.search(_LEAD.sub("", text))
    return other.group() if other else None
