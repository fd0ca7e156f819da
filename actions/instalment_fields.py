"""Fields of an instalment plan: what is split, how much of it, and into how many periods."""

from __future__ import annotations

import re
from typing import Any

from actions.agreed import AgreedCost
from actions.choices import Choice, ChoiceField
from actions.draft import Draft, Unfit, button
from actions.instalment_offers import choices_of, offer_of, plan_of, present_offer, purchases_of
from actions.instalment_quote import BILL, costs, named, plans_card
from actions.operation_design import Field, Question
from actions.own_cards import CreditCard
from actions.short_answers import ShortAnswer
from actions.sums import Amount
from bot.banking.models import InstalmentOffer, Transaction, yuan
from bot.text.clauses import is_denied, split_clauses
from bot.text.instalments import find_purchase_sum
from bot.text.numerals import CHINESE_NUMERAL, parse_number

# Messages that were answered with plans, if the last query is about them.
FOLLOWED = ("quote_instalments", "continue_query", "inform")
# Purchases offered as quick replies, the newest.
MOST_SHOWN = 5
# 五千那笔 means the one of 4,999: this near counts as the same.
NEARLY = 0.03
_ONE = re.compile(r"[那这一单]笔|[那这]单|单笔|消费|刚[刷买]")
_BILL = re.compile(r"账单|本期|这期|上期")
_WHOLE = re.compile(r"全部|全额|整笔|都分")
_MONTHS = re.compile(r"(?P<n>\d{1,2}|[一二三四五六七八九十两]{1,3})\s?个?(?P<unit>期|月|年)")
_BARE = re.compile(
    r"(?:就|选|要|分|按|改成?|换成?)*(?P<n>\d{1,2}|[一二三四五六七八九十两]{1,3})(?:期)?(?:吧|就行|的)*[。.!！]*"
)
_PART = re.compile(
    rf"分期?(?:还|付)?\s?(?P<n>\d{{3,}}|[{CHINESE_NUMERAL}]*[百千万][{CHINESE_NUMERAL}]*)(?![\d期个])"
)
_LONGEST, _SHORTEST = re.compile(r"最(?:长|多)"), re.compile(r"最(?:短|少)")


class SplitCard(CreditCard):
    """The card whose bill or purchase it is."""

    dependents = ("split", "amount", "agreed_cost")


class Split(ShortAnswer, ChoiceField):
    """The bill, or one purchase named by its sum, its shop or by pressing it."""

    slot = "split"
    label = "分期内容"
    words = r"账单|消费|哪一?笔|分期内容|这笔|那笔"
    dependents = ("amount", "agreed_cost")

    def choices(self, draft: Draft) -> list[Choice]:
        card = draft.get("operation_target")
        return choices_of(draft, card) if card else []

    def ask(self, draft: Draft) -> str:
        return "想把哪一笔分期？"

    def read(self, draft: Draft) -> dict[str, Any]:
        carried = draft.turn.entity("split")
        if carried:
            return {self.slot: carried}
        said = "，".join(split_clauses(draft.words).asserted)
        one = (
            self._by_sum(draft, said)
            or self._by_shop(draft, said)
            or self._spelt(draft, self.choices(draft))
        )
        if one:
            return one
        if _BILL.search(said) and not _ONE.search(said):
            return {self.slot: BILL}
        return self._from_query(draft, said)

    def _by_sum(self, draft: Draft, said: str) -> dict[str, Any]:
        """4999那笔; the sum of no purchase is a part of the bill, unless 那笔 is said."""
        found = self._purchases(draft)
        sums = [int(each["value"]) for each in draft.entities("amount")]
        named_sum = find_purchase_sum(said)
        for fen in sums or ([named_sum] if named_sum is not None else []):
            exact = [each for each in found if each[1].amount == -fen]
            one = bool(_ONE.search(said))
            close = [each for each in found if abs(-each[1].amount - fen) <= fen * NEARLY]
            named = exact or (close if one else [])
            if len(named) == 1 and (one or not _BILL.search(said)):
                return {"operation_target": named[0][0], self.slot: named[0][1].id}
            if len(named) > 1:
                raise Unfit(f"有 {len(named)} 笔 {yuan(fen)} 左右的消费，请选择是哪一笔。")
            if one:
                raise Unfit(self._missing(draft, fen))
        return {}

    def _missing(self, draft: Draft, fen: int) -> str:
        return (
            f"没有找到可以单笔分期的 {yuan(fen)} 消费：只有还没出账单、金额够大的消费可以单笔分期，"
            "已出账单的可以做账单分期。"
        )

    def _by_shop(self, draft: Draft, said: str) -> dict[str, Any]:
        found = [
            (card, each)
            for card, each in self._purchases(draft)
            if any(len(name) > 1 and name in said for name in (each.counterparty, each.summary))
        ]
        if len(found) != 1:
            return {}
        return {"operation_target": found[0][0], self.slot: found[0][1].id}

    def _from_query(self, draft: Draft, said: str) -> dict[str, Any]:
        """就这么办: what the plans were shown for in the answer before."""
        last = draft.turn.slot("last_query") or {}
        shown = last.get("about") == "instalments" and draft.asked is None
        if not shown or draft.intent_before not in FOLLOWED or _ONE.search(said):
            return {}
        return {self.slot: last.get("purchase") or BILL}

    def _purchases(self, draft: Draft) -> list[tuple[str, Transaction]]:
        """With the card each belongs to: of the chosen one, or of all."""
        chosen = draft.get("operation_target")
        cards = [chosen] if chosen else [each.id for each in SplitCard().choices(draft)]
        return [(card, each) for card in cards for each in purchases_of(draft, card)]

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value}

    def question(self, draft: Draft) -> Question:
        choices = self.choices(draft)[: MOST_SHOWN + 1]
        replies = {f"{each.label}{each.note}": button(self.slot, each.id) for each in choices}
        more = "没有列出的消费，可以告诉我金额。" if len(self.choices(draft)) > len(choices) else ""
        return Question(f"{self.ask(draft)}{more}", replies)

    def show(self, draft: Draft) -> str:
        chosen = self.chosen(draft, draft.get(self.slot))
        if chosen is None or chosen.id == BILL:
            return "本期账单"
        return f"{chosen.label}{chosen.note}"


class SplitAmount(ShortAnswer, Amount):
    """All of it, unless the customer wants to split only a part of the bill."""

    label = "分期金额"
    verb = "分期"
    dependents = ("agreed_cost",)

    def read(self, draft: Draft) -> dict[str, Any]:
        if draft.asked == self.slot and _WHOLE.search(draft.words):
            return {self.slot: self.default(draft)}
        if draft.get("split") in (None, BILL):
            # 那笔9000 names a purchase, if one that cannot be split.
            return {} if _ONE.search(draft.words) else super().read(draft) or self._part(draft)
        whole = self.default(draft)
        said = super().read(draft).get(self.slot)
        if said is None or whole is None:
            return {}
        if abs(said - whole) > whole * NEARLY:
            draft.remarks.append(f"单笔消费按整笔金额 {yuan(whole)} 分期。")
        return {self.slot: whole}

    def _part(self, draft: Draft) -> dict[str, Any]:
        """账单分期5000: a number too large for one of periods."""
        match = _PART.search(draft.words)
        number = parse_number(match["n"]) if match else None
        return {self.slot: int(number * 100)} if number is not None else {}

    def default(self, draft: Draft) -> int | None:
        card, split = draft.get("operation_target"), draft.get("split")
        offer = offer_of(draft, card, split) if card and split else None
        return offer.amount if isinstance(offer, InstalmentOffer) else None

    def question(self, draft: Draft) -> Question:
        whole = self.default(draft)
        replies = {f"全部 {yuan(whole)}": button(self.slot, str(whole))} if whole else {}
        return Question("分期多少钱？", replies)

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}


class Periods(Field):
    """Chosen among the bank's plans, which are shown with what they cost."""

    slot = "periods"
    label = "期数"
    words = r"期数|几期|多少期|几个月"
    dependents = ("agreed_cost",)

    def read(self, draft: Draft) -> dict[str, Any]:
        number = self._said(draft)
        if number is None:
            return {}
        offer = present_offer(draft)
        if isinstance(offer, InstalmentOffer) and all(p.periods != number for p in offer.plans):
            offered = "、".join(str(plan.periods) for plan in offer.plans)
            raise Unfit(f"没有 {number} 期的方案，可以选 {offered} 期。")
        return {self.slot: number}

    def _said(self, draft: Draft) -> int | None:
        named = draft.entities("instalments")
        if named:
            return int(named[-1]["value"])
        words, asked = draft.words, draft.asked == self.slot
        offer = present_offer(draft)
        if asked and isinstance(offer, InstalmentOffer):
            periods = [plan.periods for plan in offer.plans]
            if _LONGEST.search(words):
                return max(periods)
            if _SHORTEST.search(words):
                return min(periods)
        if draft.asked and "半年" in words:
            return 6
        bare = _BARE.fullmatch(words) if asked else None
        match = bare or (_MONTHS.search(words) if draft.asked else None)
        number = parse_number(match["n"]) if match and not is_denied(words, match.start()) else None
        if match is None or number is None:
            return None
        return int(number) * (12 if not bare and match["unit"] == "年" else 1)

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}

    def question(self, draft: Draft) -> Question:
        offer = present_offer(draft)
        assert isinstance(offer, InstalmentOffer), "asked for the periods of nothing"
        part = "（只分一部分也可以，告诉我金额就行）" if offer.purchase_id is None else ""
        text = f"{named(offer.purchase_id)}可以分期 {yuan(offer.amount)}{part}。{costs(offer)}想分几期？"
        replies = {f"{p.periods} 期": button(self.slot, str(p.periods)) for p in offer.plans}
        return Question(text, replies, plans_card("分期方案", offer))

    def show(self, draft: Draft) -> str:
        return f"{draft.get(self.slot)} 期"


class Interest(AgreedCost):
    """All the interest of the chosen plan, fen."""

    def default(self, draft: Draft) -> int | None:
        plan = plan_of(present_offer(draft), draft.get("periods"))
        return plan.total_fee if plan else None
