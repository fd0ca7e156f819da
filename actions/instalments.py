"""Paying a credit card's bill, or one purchase, in instalments."""

from __future__ import annotations

from collections.abc import Iterator

from actions.draft import Draft
from actions.instalment_fields import Interest, Periods, Split, SplitAmount, SplitCard
from actions.instalment_offers import Refused, choices_of, offer_of, plan_of, present_offer
from actions.instalment_quote import BILL, RATE_NAME, named, plan_rows
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.own_cards import no_credit_card
from actions.wording import percent
from bot.banking.finance import InstalmentPlan
from bot.banking.models import Receipt, yuan
from bot.banking.requests import TakeInstalments


class Instalments(OperationDesign):
    """The cost is shown before it is chosen, and again before it is confirmed."""

    name = "apply_installment"
    verb = "分期"
    fields = (SplitCard(), Split(), SplitAmount(), Periods(), Interest())

    def why_not(self, draft: Draft) -> str | None:
        tail = draft.turn.entity("card_tail")
        refused = no_credit_card(draft, tail)
        if refused is not None:
            return refused
        usable = [each for each in SplitCard().choices(draft) if tail in (None, each.tail)]
        if any(choices_of(draft, card.id) for card in usable):
            return None
        bills = [offer_of(draft, card.id, BILL) for card in usable]
        return next((each.text for each in bills if isinstance(each, Refused)), None)

    def problems(self, draft: Draft) -> Iterator[Problem]:
        offer = present_offer(draft)
        periods = draft.get("periods")
        if isinstance(offer, Refused):
            wrong = "amount" if offer.code == "bad_amount" else "split"
            yield Problem((wrong,), offer.text)
        elif offer and periods and plan_of(offer, periods) is None:
            offered = "、".join(str(plan.periods) for plan in offer.plans)
            yield Problem(("periods",), f"没有 {periods} 期的方案，可以选 {offered} 期。")

    def request(self, draft: Draft) -> TakeInstalments:
        split = draft.get("split")
        return TakeInstalments(
            draft.get("operation_target"),
            draft.get("amount"),
            draft.get("periods"),
            None if split == BILL else split,
            draft.get("agreed_cost"),
        )

    def confirm(self, draft: Draft) -> str:
        plan, split = present_plan(draft), draft.get("split")
        what = named(None if split == BILL else split)
        return (
            f"确认把{what} {yuan(plan.amount)} 分 {plan.periods} 期吗？"
            f"每期还 {yuan(plan.payments[0].total)}，利息合计 {yuan(plan.total_fee)}，"
            f"{RATE_NAME}{percent(plan.annual_rate)}。"
        )

    def rows(self, draft: Draft) -> list[list[str]]:
        return [*super().rows(draft), *plan_rows(present_plan(draft))]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        # A repeated turn has the receipt alone: what was split is offered no more.
        told = {fact.label: fact.text for fact in receipt.facts}
        return (
            f"分期办好了：{told.get('分期金额', '')} 分 {told.get('期数', '')}，"
            f"首期应还 {told.get('首期应还', '')}，计入下一期账单。"
        )


def present_plan(draft: Draft) -> InstalmentPlan:
    """The plan that was chosen."""
    plan = plan_of(present_offer(draft), draft.get("periods"))
    assert plan is not None, "confirmed without a plan"
    return plan


class ActionBeginApplyInstallment(BeginAction):
    design = Instalments()


class ValidateApplyInstallmentForm(OperationForm):
    design = Instalments()


class ActionApplyInstallment(CarryOutAction):
    design = Instalments()
