"""A credit card's limit raised for a while, within what the bank has approved beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from actions.draft import Draft, button
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem, Question
from actions.operation_form import OperationForm
from actions.own_cards import CreditCard, no_credit_card
from actions.short_answers import ShortAnswer
from actions.sums import Amount
from actions.wording import day
from bot.banking.models import CreditLimit, Receipt, yuan
from bot.banking.requests import RaiseLimit
from bot.text.ahead import find_day_ahead
from bot.text.numerals import CHINESE_NUMERAL, parse_number

# 提高一万 and 加两万 say by how much; 提到六万, 调成6万 say what it is to be.
_BY = re.compile(r"(?:提高|提升|提|增加|加|多|涨|上调|调高)(?:一下|一点|个|了|额度?|临时额度)*$")
_HIGHEST = re.compile(r"最[高多大]|顶格|拉满|能(?:提|调|给)多少(?:就)?(?:提|调|给)?多少|提满")
_BARE_DAYS = re.compile(rf"(?:就|用|要|按)*(?P<n>\d{{1,3}}|[{CHINESE_NUMERAL}]{{1,4}})(?:吧|就行)*")
_LONGEST, _SHORTEST = re.compile(r"最(?:长|久|多)"), re.compile(r"最(?:短|少)")
# Limits are offered in whole thousands of yuan, days as people count them.
STEP = 100_000
USUAL_DAYS = (15, 30)


def limit_of(draft: Draft) -> CreditLimit | None:
    """The limit of the chosen or only card, asked for once a turn."""
    card = draft.get("operation_target") or RaisedCard().default(draft)
    if card is None:
        return None
    if ("limit", card) not in draft.known:
        found = draft.turn.services.bank.cards.limit(draft.customer_id, card)
        draft.known["limit", card] = found
    known: CreditLimit = draft.known["limit", card]
    return known


def days_left(draft: Draft, until: str) -> int:
    return (date.fromisoformat(until) - draft.turn.today).days


class RaisedCard(CreditCard):
    """The card whose limit it is."""

    dependents = ("amount",)


class NewLimit(ShortAnswer, Amount):
    """What the whole limit is to be; said as a sum, as so much more, or as the highest."""

    label = "调整后总额度"
    words = r"额度|金额|数目|多少"
    verb = "提到"

    def read(self, draft: Draft) -> dict[str, Any]:
        limit = limit_of(draft)
        if limit is not None and _HIGHEST.search(draft.words) and not self._day_asked(draft):
            return {self.slot: limit.raise_to}
        said = super().read(draft)
        if limit is None or self.slot not in said:
            return said
        return {self.slot: self._whole(draft, limit, said[self.slot])}

    def _day_asked(self, draft: Draft) -> bool:
        return draft.asked == "until"

    def _whole(self, draft: Draft, limit: CreditLimit, fen: int) -> int:
        """What it comes to where only the difference is told."""
        entities = draft.entities("amount")
        before = draft.words[: entities[-1].get("start") or 0] if entities else ""
        return limit.total + fen if fen <= limit.total and _BY.search(before) else fen

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}

    def question(self, draft: Draft) -> Question:
        limit = limit_of(draft)
        assert limit is not None, "asked for the limit of no card"
        between = (limit.total + limit.raise_to) // 2 // STEP * STEP
        sums = [fen for fen in (between, limit.raise_to) if fen > limit.total]
        replies = {yuan(fen): button(self.slot, str(fen)) for fen in dict.fromkeys(sums)}
        return Question(
            f"您现在的总额度是 {yuan(limit.total)}，最高可以临时提到 {yuan(limit.raise_to)}。"
            "想提到多少？",
            replies,
        )


class Until(ShortAnswer):
    """The last day of the raised limit, as an ISO day."""

    slot = "until"
    label = "有效期至"
    words = r"有效期|期限|日期|几天|多久|多少天|时间|什么时候"

    def read(self, draft: Draft) -> dict[str, Any]:
        found = find_day_ahead(draft.words, draft.turn.today)
        limit = limit_of(draft)
        if found is None and draft.asked == self.slot:
            days = self._days(draft, limit)
            found = draft.turn.today + timedelta(days) if days is not None else None
        return {self.slot: found.isoformat()} if found else {}

    def _days(self, draft: Draft, limit: CreditLimit | None) -> int | None:
        if limit is not None and _LONGEST.search(draft.words):
            return limit.raise_days[1]
        if limit is not None and _SHORTEST.search(draft.words):
            return limit.raise_days[0]
        bare = _BARE_DAYS.fullmatch(draft.words)
        number = parse_number(bare["n"]) if bare else None
        return int(number) if number is not None else None

    def question(self, draft: Draft) -> Question:
        limit = limit_of(draft)
        assert limit is not None, "asked for the days of no card"
        fewest, most = limit.raise_days
        today = draft.turn.today
        usual = [days for days in USUAL_DAYS if fewest < days < most]
        replies = {
            f"{days} 天（到{day(today + timedelta(days), today)}）": button(
                self.slot, (today + timedelta(days)).isoformat()
            )
            for days in (fewest, *usual, most)
        }
        return Question(f"临时额度用到什么时候？可以选 {fewest} 到 {most} 天。", replies)

    def show(self, draft: Draft) -> str:
        until = draft.get(self.slot)
        said = day(date.fromisoformat(until), draft.turn.today)
        return f"{said}（{days_left(draft, until)} 天）"


class LimitRaise(OperationDesign):
    """Ends by itself; what the bank has not approved is refused with the reason."""

    name = "raise_limit"
    verb = "临时提额"
    fields = (RaisedCard(), NewLimit(), Until())

    def why_not(self, draft: Draft) -> str | None:
        tail = draft.turn.entity("card_tail")
        refused = no_credit_card(draft, tail)
        if refused is not None:
            return refused
        cards = draft.turn.services.bank.cards
        usable = [each for each in RaisedCard().choices(draft) if tail in (None, each.tail)]
        limits = [cards.limit(draft.customer_id, card.id) for card in usable]
        if any(not limit.no_raise for limit in limits):
            return None
        return next((limit.no_raise for limit in limits), None)

    def problems(self, draft: Draft) -> Iterator[Problem]:
        limit, amount, until = limit_of(draft), draft.get("amount"), draft.get("until")
        if limit is None:
            return
        if limit.no_raise:
            yield Problem(("operation_target",), limit.no_raise)
            return
        if amount is not None and amount > limit.raise_to:
            text = f"{yuan(amount)} 超过了可以自助调整的最高额度 {yuan(limit.raise_to)}，再高需要人工客服受理。"
            yield Problem(("amount",), text)
        elif amount is not None and amount <= limit.total:
            yield Problem(("amount",), f"{yuan(amount)} 没有高于现在的额度。")
        fewest, most = limit.raise_days
        if until is not None and not fewest <= days_left(draft, until) <= most:
            today = draft.turn.today
            first, last = (day(today + timedelta(days), today) for days in (fewest, most))
            yield Problem(("until",), f"临时额度的有效期最早到{first}，最晚到{last}。")

    def request(self, draft: Draft) -> RaiseLimit:
        return RaiseLimit(
            draft.get("operation_target"), draft.get("amount"), days_left(draft, draft.get("until"))
        )

    def confirm(self, draft: Draft) -> str:
        limit = limit_of(draft)
        usual = limit.total - limit.temporary if limit else 0
        return (
            f"确认把总额度临时提到 {yuan(draft.get('amount'))} 吗？到期后恢复为 {yuan(usual)}，"
            "超出的欠款请在到期前还清。"
        )

    def done(self, draft: Draft, receipt: Receipt) -> str:
        told = {fact.label: fact.text for fact in receipt.facts}
        return (
            f"已为您把总额度临时提到 {told.get('调整后总额度', '')}，即刻生效，"
            f"有效期至 {told.get('有效期至', '')}，到期自动恢复。"
        )


class ActionBeginRaiseLimit(BeginAction):
    design = LimitRaise()


class ValidateRaiseLimitForm(OperationForm):
    design = LimitRaise()


class ActionRaiseLimit(CarryOutAction):
    design = LimitRaise()
