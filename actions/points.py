"""Points: how many there are, and what they are redeemed for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rasa_sdk.events import EventType

from actions.draft import Draft
from actions.gifts import ChosenGift, GiftCount, Price, catalogue, gift_of, points_of
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.query import Query, asked, merged, words
from actions.turn import Turn
from actions.wording import day
from bot.banking.models import Points, Receipt
from bot.banking.requests import RedeemPoints
from bot.text.inquiries import asks_points

# Points that expire within so many days are worth a reminder.
SOON_DAYS = 90


def answer_points(turn: Turn, customer_id: str, last: Query) -> list[EventType]:
    """Say the points; those that will soon be lost are pointed out."""
    points = turn.services.bank.rewards.points(customer_id)
    today = turn.today
    rows = [["积分余额", f"{points.balance:,} 分"]]
    rows += [[f"{day(each.on, today)}到期", f"{each.points:,} 分"] for each in points.expiring]
    card = {"type": "facts", "title": "我的积分", "rows": rows} if points.balance else None
    replies = {"积分兑换": "/redeem_points"} if points.balance else {}
    turn.say(points_text(points, today), card=card, replies=replies)
    return asked(merged(turn, last, "points"))


def points_text(points: Points, today: date) -> str:
    soon = [each for each in points.expiring if each.on <= today + timedelta(SOON_DAYS)]
    if points.balance == 0:
        return "您目前没有积分。"
    text = f"您现有 {points.balance:,} 积分。"
    if soon:
        lost = "，".join(f"{each.points:,} 分将在{day(each.on, today)}后失效" for each in soon)
        return f"{text}其中 {lost}，请留意。"
    return f"{text}近三个月内没有积分到期。"


class WantedGift(ChosenGift):
    """Asked for with the points there are, until the customer has heard of them."""

    def lead(self, draft: Draft) -> str:
        if draft.asked is not None and not asks_points(draft.words):
            return ""
        return points_text(points_of(draft), draft.turn.today)


class Redemption(OperationDesign):
    """Points for a gift; what expires soonest is used first."""

    name = "redeem_points"
    verb = "积分兑换"
    fields = (WantedGift(), GiftCount(), Price())

    def why_not(self, draft: Draft) -> str | None:
        points, gifts = points_of(draft), [each for each in catalogue(draft) if each.stock]
        if not gifts:
            return "积分商城的礼品目前都已换完，请过几天再来看看。"
        cheapest = min(each.points for each in gifts)
        if points.balance >= cheapest:
            return None
        told = points_text(points, draft.turn.today)
        return f"{told}目前的礼品最少需要 {cheapest:,} 积分，还不能兑换。"

    def problems(self, draft: Draft) -> Iterator[Problem]:
        gift, count = gift_of(draft), draft.get("gift_count")
        balance = points_of(draft).balance
        if draft.get("gift") is None:
            return
        if gift is None or gift.stock == 0:
            yield Problem(("gift",), f"{gift.name if gift else '这件礼品'}已经换完了，请换一件。")
        elif gift.points > balance:
            yield Problem(
                ("gift",),
                f"“{gift.name}”需要 {gift.points:,} 积分，您现有 {balance:,} 积分，还不够。",
            )
        elif count is not None and gift.points * count > balance:
            wanted = f"{count} 件“{gift.name}”需要 {gift.points * count:,} 积分"
            yield Problem(("gift_count",), f"{wanted}，您现有 {balance:,} 积分，还不够。")
        elif count is not None and count > gift.stock:
            yield Problem(("gift_count",), f"“{gift.name}”只剩 {gift.stock} 件了。")

    def request(self, draft: Draft) -> RedeemPoints:
        return RedeemPoints(draft.get("gift"), draft.get("gift_count"), draft.get("agreed_cost"))

    def confirm(self, draft: Draft) -> str:
        cost, gift, count = (draft.get(slot) for slot in ("agreed_cost", "gift", "gift_count"))
        name = next(each.name for each in catalogue(draft) if each.id == gift)
        return f"确认用 {cost:,} 积分兑换“{name}”{count} 件吗？"

    def rows(self, draft: Draft) -> list[list[str]]:
        cost = draft.get("agreed_cost")
        left = points_of(draft).balance - cost
        spent = [["使用积分", f"{cost:,} 分"], ["兑换后剩余", f"{left:,} 分"]]
        return [*super().rows(draft), *spent]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        # A repeated turn has the receipt alone: the gift may be gone from the catalogue by then.
        told = {fact.label: fact.text for fact in receipt.facts}
        return (
            f"兑换成功：{told.get('礼品', '')}，{told.get('数量', '')} 件，"
            f"使用 {told.get('使用积分', '')} 积分，还剩 {told.get('剩余积分', '')} 积分。"
        )


class ActionBeginRedeemPoints(BeginAction):
    design = Redemption()

    def tell(self, turn: Turn, customer_id: str) -> list[EventType] | None:
        if not asks_points(words(turn)):
            return None
        return answer_points(turn, customer_id, {})


class ValidateRedeemPointsForm(OperationForm):
    design = Redemption()


class ActionRedeemPoints(CarryOutAction):
    design = Redemption()
