"""Which parts of a message are said, and which are denied.

"我不是要还款，我就想看看账单" names two kinds of business and wants one. A clause that begins with a
negation says what the customer does not want.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_BREAK = re.compile(r"[，。！？、；：,.!?;:\s]+")
# What may stand before the negation without changing what is negated.
_LEAD = "我们|我|咱|俺|你|您|这|那个|那|先|都|倒|就|又|也|可|并|其实|真的|反正|暂时|现在|今天|今儿|呃|嗯"
_NEGATION = re.compile(
    rf"(?:{_LEAD})*"
    "(?:不是|不用|不要|不需要|无需|不想|没想|没要|没打算|谈不上|先?别|先不|唔系|唔使|唔好|不|没|甭|莫)"
)


class Clauses(NamedTuple):
    """The clauses of a message, in order."""

    asserted: tuple[str, ...]
    denied: tuple[str, ...]


def split_clauses(text: str) -> Clauses:
    """Tell asserted clauses from denied ones.

    A clause that is nothing but a negation ("不是", "不要") is an answer, and counts as asserted.
    """
    asserted: list[str] = []
    denied: list[str] = []
    for clause in filter(None, _BREAK.split(text)):
        found = _NEGATION.match(clause)
        (denied if found and found.end() < len(clause) else asserted).append(clause)
    return Clauses(tuple(asserted), tuple(denied))


def last_clause(text: str) -> str:
    """The last clause of a message; the message itself where it is nothing but breaks."""
    clauses = [clause for clause in _BREAK.split(text) if clause]
    return clauses[-1] if clauses else text


def is_denied(text: str, place: int) -> bool:
    """Whether the clause of ``text`` around ``place`` is a denied one (不是李梅，是王建国)."""
    start = max((found.end() for found in _BREAK.finditer(text, 0, place)), default=0)
    clause = _BREAK.split(text[start:], maxsplit=1)[0]
    found = _NEGATION.match(clause)
    return found is not None and start + found.end() <= place
