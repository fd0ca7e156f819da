"""Answers that look like something else: 账单, 年费, 4999那笔, 能提多少提多少."""

from __future__ import annotations

import re

from actions.draft import Draft, Unfit
from actions.operation_design import Field

# A longer message may hold the value and still ask for something else.
LONGEST = 12
_QUESTION = re.compile(r"怎么|什么|如何|多久|[吗么?？]")


class ShortAnswer(Field):
    """A field that, where it is asked for, takes a short message for its value, if it can be one,
    whatever else the message may look like."""

    def is_plain(self, draft: Draft) -> bool:
        return super().is_plain(draft) or self._is_short_answer(draft)

    def _is_short_answer(self, draft: Draft) -> bool:
        short = 0 < len(draft.words) <= LONGEST and not _QUESTION.search(draft.words)
        if draft.asked != self.slot or not short:
            return False
        try:
            return bool(self.read(draft))
        except Unfit:
            return True
