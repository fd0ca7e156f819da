"""The field for a sum of money, in any form that customers write one."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit
from actions.operation_design import Field, Question
from bot.banking.models import yuan
from bot.text.amounts import read_amount
from bot.text.numerals import CHINESE_NUMERAL

# "就500吧", "改成 3000": what may stand before and behind a bare number.
_BARE = re.compile(
    r"(?:那|就|要|转|改|换|是|成|为|到|先|打|付|还|汇|充|缴|交|金额|一共|总共|[,，:：\s])*"
    rf"(?P<number>[¥\d{CHINESE_NUMERAL}].*?)(?:吧|就行|就好|可以|好了|呗|[。.!！])*"
)
# 不是2000，是3000: the first number is the sum that stands.
_NOT_BUT = re.compile(
    r"(?:不对[,，])?不(?:是|要)(?P<old>[^,，]+)[,，\s]*(?:而?是|要|改成)(?P<number>.+)"
)
_CORRECTED = re.compile(r"(?:改|换|变)(?:成|为|到)?|金额(?:是|为)?|应该是|是")


class Amount(Field):
    """How much; of several sums in one message the last corrects the others."""

    slot = "amount"
    label = "金额"
    words = r"金额|数目|数额|多少钱|钱数"
    plain = rf"[¥\d{CHINESE_NUMERAL},.]+(?:元|块钱?)?"
    verb = "转"

    def read(self, draft: Draft) -> dict[str, Any]:
        said = [each for each in draft.entities("amount") if not self.is_aside(draft, each)]
        if said:
            return {self.slot: int(said[-1 if draft.asked else 0]["value"])}
        for unclear in draft.entities("unclear_amount"):
            raise Unfit(f"“{unclear['value']}”还不够确切，请告诉我准确的金额，例如 2500 元。")
        bare = self._bare(draft)
        return {} if bare is None else {self.slot: bare}

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        """Whether a sum is spoken of for another reason (in a remark to the payee)."""
        return False

    def _bare(self, draft: Draft) -> int | None:
        """A number that only the question makes a sum."""
        if draft.asked is None:
            return None
        other = _NOT_BUT.fullmatch(draft.words)
        if other and _whole(other["old"]) == draft.get(self.slot):
            return _whole(other["number"])
        match = _BARE.fullmatch(draft.words)
        if not match:
            return None
        if draft.asked != self.slot and not _CORRECTED.search(draft.words[: match.start("number")]):
            return None
        return _whole(match["number"])

    def question(self, draft: Draft) -> Question:
        return Question(f"{self.verb}多少钱？")

    def show(self, draft: Draft) -> str:
        return yuan(draft.get(self.slot))


def _whole(number: str) -> int | None:
    """The sum that all of ``number`` is, in fen."""
    span = read_amount(number, 0)
    return span.value if span and span.end == len(number) else None
