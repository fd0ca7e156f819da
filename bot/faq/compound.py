"""Two questions in one message: "挂失收费吗？多久能补卡？" is answered twice.

A message is split only into questions that each find an answer of their own. What is one question
however it is put ("挂失和补卡一共要多少钱", "卡丢了，怎么办") stays whole; so does whatever is unsure.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.faq.ellipsis import Vocabulary
from bot.faq.follow_up import FollowUps
from bot.faq.found import Before, Found, Lookup

# A message that asks more, or is longer, is a story and read as one.
MOST_QUESTIONS = 3
LONGEST = 80
# Each question of a split message must be answered as surely as this,
SURE = 0.7
# and, where only a comma parts them, by an entry that the whole message hints at as well.
HINTED = 0.01

# Behind a mark; behind "吗" where no mark is written; before words that begin another question.
_BOUNDARY = re.compile(
    r"(?<=[，,。；;？?！!])|(?<=[^干]吗)(?=\w{3})|(?=(?:另外|顺便|对了|还想问|再问)\w{3})"
)
_NEXT = re.compile(r"另外|还有|顺便|对了|以及|然后|还想问|还要问|再问")
# Begins a clause that is part of the question before it.
_GOES_ON = re.compile(r"还是|或者?|也就是|比如|例如|因为|但是?|而且|如果|要是")


class Question(NamedTuple):
    """A question of a message, with the clauses that lead to it; ``parted``: more than a comma
    stands before it."""

    text: str
    parted: bool


class Compounds:
    """Understands a message that may ask several things."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._follow_ups = FollowUps(words)

    def understand(self, text: str, before: Before | None, bank: Lookup) -> tuple[Found, ...]:
        """What was found: one thing for most messages, one for each question of a split one."""
        whole = self._follow_ups.understand(text, before, bank)
        asked = () if whole.retrieval.exact else self.questions(text)
        found: dict[str, Found] = {}
        for question in asked:
            each = self._follow_ups.understand(question.text, before, bank)
            if each.entry is None or not each.answers or each.score < SURE:
                return (whole,)
            found.setdefault(each.entry.id, each)
            before = each.before()
        hinted = {each.entry.id for each in whole.retrieval.candidates if each.score >= HINTED}
        sure = all(question.parted for question in asked[1:]) or hinted >= set(found)
        return tuple(found.values()) if len(found) > 1 and sure else (whole,)

    def questions(self, text: str) -> tuple[Question, ...]:
        """The questions of a message; none of one that is not to be split."""
        if len(text) > LONGEST:
            return ()
        found: list[Question] = []
        leading: list[str] = []
        parted = False
        for piece in _BOUNDARY.split(text):
            clause = self._words.opened(piece)
            parted = parted or _NEXT.match(piece) is not None
            if found and not leading and self._adds(clause):
                found[-1] = _with(found[-1], clause)
            elif self._words.asks(clause):
                found.append(Question("，".join([*leading, clause]), parted))
                leading, parted = [], False
            elif clause:
                leading.append(clause)
            parted = parted or not piece.endswith(("，", ","))
        if found and leading:
            found[-1] = _with(found[-1], *leading)
        return tuple(found) if 1 < len(found) <= MOST_QUESTIONS else ()

    def _adds(self, clause: str) -> bool:
        return self._words.tags(clause) or _GOES_ON.match(clause) is not None


def _with(question: Question, *clauses: str) -> Question:
    return Question("，".join([question.text, *clauses]), question.parted)
