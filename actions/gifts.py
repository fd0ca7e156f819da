"""Fields of a redemption: which gift, and how many of it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from actions.agreed import AgreedCost
from actions.choices import Choice, ChoiceField
from actions.draft import Draft, Unfit, button
from actions.operation_design import Question
from actions.short_answers import ShortAnswer
from bot.banking.models import Gift, Points
from bot.text.clauses import split_clauses
from bot.text.numerals import CHINESE_DIGIT, parse_number
from bot.text.places import find_place

# Quantities offered as quick replies, and the most that is taken for one.
OFFERED = 3
# Words of a gift's name that say nothing of which gift it is.
_GENERIC = re.compile(r"兑换|抵扣|信用卡|积分|券|\s")
_NUMBER = re.compile(rf"\d+|[{CHINESE_DIGIT}十百千]+")
_QUANTITY = re.compile(
    rf"(?<![第\d.])(?P<n>\d{{1,4}}|[{CHINESE_DIGIT}十百]{{1,4}})\s?(?:件|个|张|份|把|只|台|杯|套|次)(?!月)"
)
_BARE = re.compile(
    rf"(?:要|换|兑|就|改成|改为)*(?P<n>\d{{1,4}}|[{CHINESE_DIGIT}十百]{{1,4}})(?:吧|就行)?"
)
_AS_MANY = re.compile(
    r"全部?[换兑给花用]|全都|[都全][换兑花用]|所有(?:的)?积分|能[换兑]多少|最多能"
)


def points_of(draft: Draft) -> Points:
    """The customer's points, asked for once a turn."""
    if "points" not in draft.known:
        draft.known["points"] = draft.turn.services.bank.rewards.points(draft.customer_id)
    found: Points = draft.known["points"]
    return found


def catalogue(draft: Draft) -> list[Gift]:
    """What there is, asked for once a turn."""
    if "gifts" not in draft.known:
        draft.known["gifts"] = draft.turn.services.bank.rewards.catalogue(draft.customer_id)
    found: list[Gift] = draft.known["gifts"]
    return found


def gift_of(draft: Draft) -> Gift | None:
    """The chosen gift, if it still is in the catalogue."""
    return next((each for each in catalogue(draft) if each.id == draft.get("gift")), None)


def most_of(draft: Draft, gift: Gift) -> int:
    """How many of it may be had."""
    return min(gift.stock, points_of(draft).balance // gift.points)


class ChosenGift(ShortAnswer, ChoiceField):
    """Chosen by pressing it, by words of its name or by its number in the list."""

    slot = "gift"
    label = "礼品"
    words = r"礼品|礼物|奖品|东西|换一[件个样]|别的"
    dependents = ("agreed_cost",)

    def lead(self, draft: Draft) -> str:
        """What is said before the question."""
        return ""

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.name, "", "", f"（{each.points:,} 积分）")
            for each in catalogue(draft)
            if most_of(draft, each)
        ]

    def ask(self, draft: Draft) -> str:
        return f"{self.lead(draft)}想换哪一件？点选，或者说名称、序号都可以。"

    def read(self, draft: Draft) -> dict[str, Any]:
        meant = self._meant(draft)
        if len(meant) > 1:
            names = "".join(f"“{each.name}”" for each in meant)
            raise Unfit(f"有{names}，请选一件。")
        return {self.slot: meant[0].id} if meant else {}

    def _meant(self, draft: Draft) -> list[Gift]:
        gifts = catalogue(draft)
        said = "，".join(split_clauses(draft.words).asserted)
        named = by_name(said, gifts)
        if named or draft.asked != self.slot:
            return named
        place = find_place(said, len(gifts), bare=True)
        return by_figure(said, gifts) if place is None else [gifts[place]]

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value}

    def default(self, draft: Draft) -> None:
        """Nobody wants a gift because it is the only one."""
        return

    def question(self, draft: Draft) -> Question:
        items = [
            {
                "title": f"{place}. {gift.name}",
                "balance": f"{gift.points:,} 积分",
                "note": _note(draft, gift),
            }
            for place, gift in enumerate(catalogue(draft), 1)
        ]
        card = {"type": "list", "title": "可以兑换的礼品", "items": items}
        return Question(self.ask(draft), super().question(draft).replies, card)

    def show(self, draft: Draft) -> str:
        gift = gift_of(draft)
        return gift.name if gift else ""


class GiftCount(ShortAnswer):
    """How many; one, unless the customer says otherwise."""

    slot = "gift_count"
    label = "数量"
    words = r"数量|几[件个张份把只台杯]|多少[件个张份]"
    dependents = ("agreed_cost",)

    def read(self, draft: Draft) -> dict[str, Any]:
        said = "，".join(split_clauses(draft.words).asserted)
        gift = gift_of(draft)
        if gift is not None and _AS_MANY.search(said):
            return {self.slot: max(1, most_of(draft, gift))}
        bare = _BARE.fullmatch(said) if draft.asked in (self.slot, "operation_confirmed") else None
        match = bare or _QUANTITY.search(said)
        number = parse_number(match["n"]) if match else None
        if number is None:
            return {}
        if number < 1:
            raise Unfit("至少要换 1 件。")
        return {self.slot: int(number)}

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}

    def default(self, draft: Draft) -> int:
        return 1

    def question(self, draft: Draft) -> Question:
        gift = gift_of(draft)
        most = most_of(draft, gift) if gift else 1
        some = [number for number in range(1, OFFERED + 1) if number < most]
        replies = {f"{number} 件": button(self.slot, str(number)) for number in (*some, most)}
        return Question(f"要换几件？最多可以换 {most} 件。", replies)

    def show(self, draft: Draft) -> str:
        return f"{draft.get(self.slot)} 件"


class Price(AgreedCost):
    """All the points that it takes."""

    def default(self, draft: Draft) -> int | None:
        gift, count = gift_of(draft), draft.get("gift_count")
        return gift.points * count if gift and count else None


def by_name(text: str, gifts: list[Gift]) -> list[Gift]:
    """The gifts whose name has most in common with ``text``, if any has enough."""
    scores = {gift.id: _likeness(text, gift.name) for gift in gifts}
    best = max(scores.values(), default=0)
    if best:
        return [gift for gift in gifts if scores[gift.id] == best]
    # 换个行李箱: what it ends with says what it is.
    ends = [g for g in gifts if re.search(rf"{_core(g.name)[-1]}(?:吧|呗|了)?[。.!！]?$", text)]
    return ends if len(ends) == 1 else []


def by_figure(text: str, gifts: list[Gift]) -> list[Gift]:
    """50的, 20寸那个: the only gift with a figure of the text in its name."""
    numbers = _figures(text)
    found = [gift for gift in gifts if numbers & _figures(gift.name)]
    return found if len(found) == 1 else []


def _figures(text: str) -> set[Decimal | None]:
    return {parse_number(each) for each in _NUMBER.findall(text)} - {None}


def _likeness(text: str, name: str) -> float:
    """The longest run of the name's own words in the text; half a point for its figure."""
    core = _core(name)
    runs = (
        end - start
        for start in range(len(core))
        for end in range(start + 2, len(core) + 1)
        if core[start:end] in text and not core[start:end].isdigit()
    )
    longest = max(runs, default=0)
    return longest + 0.5 if longest and _figures(text) & _figures(core) else longest


def _core(name: str) -> str:
    return _GENERIC.sub("", name) or name


def _note(draft: Draft, gift: Gift) -> str:
    short = gift.points - points_of(draft).balance
    if gift.stock == 0:
        return "已换完"
    return f"还差 {short:,} 积分" if short > 0 else f"最多可换 {most_of(draft, gift)} 件"
