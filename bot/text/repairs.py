"""Words by which a customer steers a form instead of answering it: back, skip, again, not that."""

from __future__ import annotations

import re
from typing import Literal

Repair = Literal["back", "skip", "repeat", "retry"]

_POLITE = r"(?:请|麻烦|帮我|我要|我想|想要|能不能|可以)*"
_END = r"(?:吧|呗|啊|呀|哈|一下|谢谢|好吗|可以吗|行吗)*"
_WORDS: dict[Repair, str] = {
    "back": r"(?:返回|回到|退回|退到|后退|倒回|回)*(?:到|去)?(?:上一?(?:步|个问题|个|题)|前一?步)|后退一?步?|退一步|返回|回退",
    "skip": r"(?:先|直接)?(?:跳过|略过|跳过去|不填|先不填|不用填)(?:了|这步|这一步|这个|这项|这一项)?",
    "repeat": r"(?:再|重新?|重复)(?:说|讲|念|问)?(?:一遍|一次|一下)|重复|(?:你|您)?(?:刚才|刚刚)(?:说|问)(?:的是?)?(?:什么|啥)"
    r"|没(?:看|听)(?:清楚?|到|见)|(?:你|您)?(?:说|问)(?:什么|啥)",
    "retry": r"(?:那|就|我)*(?:再(?:来|试|办|操作|弄|搞)|重新?(?:试|操作))(?:试|看)?(?:一?[次遍下])?(?:看看)?"
    r"|重试(?:一?[次下])?|retry",
}
_REPAIRS = {
    # More than once, too: 没听清, 再说一次.
    name: re.compile(rf"(?:{_POLITE}(?:{words}){_END}[了的。.!?？！~,， ]*)+")
    for name, words in _WORDS.items()
}
_CHANGE = re.compile(
    r"改|换|更正|重新?(?:填|输|选|说|写)|不对|不是|错了?|有误|不正确|弄错|搞错|填错|写错"
)
_WRONG = re.compile(
    r"(?:不|唔)?(?:对|是)?[,，]?(?:这个|这里|信息|内容|上面)?(?:有?(?:不对|错误?|有误)|错了?|不是(?:这个|这样)?|弄错|搞错|填错|写错|改一?下"
    r"|要改|修改|我要改|有错)(?:了|的)?[。.!！~]*"
)
# Beyond this a message says more than a word of steering.
LONGEST = 14


def find_repair(text: str) -> Repair | None:
    """What the whole of ``text`` (normalised) asks of a form."""
    if len(text) > LONGEST:
        return None
    return next((name for name, words in _REPAIRS.items() if words.fullmatch(text)), None)


def wants_change(text: str) -> bool:
    """Whether ``text`` says that something is to be another: 金额不对, 换个收款人."""
    return len(text) <= LONGEST and _CHANGE.search(text) is not None


def is_wrong(text: str) -> bool:
    """Whether all that ``text`` says is that something is wrong: 不对, 写错了, 改一下."""
    return len(text) <= LONGEST and _WRONG.fullmatch(text) is not None
