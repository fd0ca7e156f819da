"""Cutting a message where a second request may begin: "查余额，转500给张伟".

Only words are looked at, so that a message with nothing behind a cut costs nothing more. What the
pieces mean, and whether they are requests at all, is for the understanding to say.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

# How a piece is joined to what stands before it: "also" and "then" by a word that says so (然后 says
# when, too), "also" by the end of a sentence; "bare" by a comma alone, behind another command;
# "part" belongs to what stands before.
Joint = Literal["also", "then", "bare", "part"]

_ASKS = r"(?:给我|帮我|替我|帮忙|请|给)?(?:查|看|转|给|打|汇|交|缴|还|挂|冻|办|算|问)"
# In running text, where "卡里还有多少" and "最后一期" are no second request.
_THEN, _ALSO = rf"然后|接着|再(?={_ASKS})", r"顺便|另外|同时"
_THEN_CLAUSE = rf"{_THEN}|最后|之后|完了|完事"
_ALSO_CLAUSE = rf"{_ALSO}|还[有要](?={_ASKS})|对了|并且|以及"
_CUT = re.compile(rf"(?P<mark>[，,。；;！!]+)|(?<=\w\w)(?={_THEN}|{_ALSO})")
_JOINT = re.compile(rf"\s*(?:(?:(?P<then>{_THEN_CLAUSE})|{_ALSO_CLAUSE})[，,\s]*)+(?:再|就|也)?")

# A command by itself: it begins with what is to be done.
_COMMAND = re.compile(
    r"(?:请|麻烦|劳驾|先|再|也|就|帮我|给我|替我|帮忙|我要|我想|我|想|要|你|您)*"
    r"(?:查|看看?|转(?!人工|客服|到)|汇|打(?=[给款钱\d一二两三四五六七八九十百千万])|给.{1,6}?[转汇打还]"
    r"|缴|交(?=[水电燃煤网话宽物有学罚手费\d一下])|充|还(?!款日)(?=[款信上这本最全花房车\d一二两三四五六七八九十])"
    r"|挂失|冻结|激活|补办|补卡|换卡|兑|提额|提高|申请|撤[销回]|取消|分期|办理?|开通|算)"
)
_ASKED = re.compile(r"(?:再|也|还|就)*(?:请|麻烦|劳驾|帮|给我|替我|我要|我想|我还要)")
# A story, a condition or a doubt about what stands before: no command of its own.
_HANGS = re.compile(
    r"[没不未吗么呢?？]|[过了](?![期户解吧])|够|如果|要是|的话|万一|多久|是否|还是|因为|所以|结果|但|可是"
    r"|这笔|那笔|这个(?!月)|那个(?!月)|以后|之后|到账|利息|利率|手续费|年化"
)


class Piece(NamedTuple):
    """A part of a message without the words that join it."""

    text: str
    joint: Joint


def cut(text: str) -> list[Piece]:
    """The pieces of a message (normalised) in order; the first one is a ``part``."""
    found: list[Piece] = []
    start, sentence = 0, False
    for mark in [*_CUT.finditer(text), None]:
        whole = text[start : mark.start() if mark else len(text)]
        joint = _JOINT.match(whole)
        said = (whole[joint.end() :] if joint else whole).strip()
        if said:
            found.append(Piece(said, _joined(joint, said, sentence) if found else "part"))
        if mark is None:
            break
        sentence = bool(mark["mark"]) and not set(mark["mark"]) <= set("，,")
        start = mark.end()
    return found


def is_command(text: str) -> bool:
    """Whether a piece asks for something by itself: 查余额, 帮我转500给张伟; not 余额够吗."""
    return _COMMAND.match(text) is not None and _HANGS.search(text) is None


def is_asked_for(text: str) -> bool:
    """Whether a piece says that it is asked of us: 帮我交电费."""
    return _ASKED.match(text) is not None


def _joined(joint: re.Match[str] | None, said: str, sentence: bool) -> Joint:
    if joint is not None:
        return "then" if joint["then"] else "also"
    if sentence:
        return "also"
    return "bare" if is_command(said) else "part"
