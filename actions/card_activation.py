"""Making a new card usable."""

from __future__ import annotations

from actions.choices import Choice
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign
from actions.operation_form import OperationForm
from actions.own_cards import OwnCard
from bot.banking.models import Receipt
from bot.banking.requests import ActivateCard


class NewCard(OwnCard):
    """A card that came and was never used, or came in place of one that expires."""

    states = {"inactive": ""}
    whys = {
        "normal": "已经可以正常使用，不需要激活",
        "suspended": "已临时挂失，要先解除挂失才能使用",
        "lost": "已正式挂失，不能再使用，可以补办新卡",
    }

    def choices(self, draft: Draft) -> list[Choice]:
        renewed = [each for each in draft.cards if each.renewed_until is not None]
        return [
            *super().choices(draft),
            *(
                Choice(each.id, each.label, each.tail, each.kind, "（到期换的新卡）")
                for each in renewed
            ),
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择要激活的卡："


class Activation(OperationDesign):
    """Only with the card in hand: a card that is on its way must not work for whoever opens the
    letter."""

    name = "activate_card"
    verb = "激活"
    fields = (NewCard(),)

    def why_not(self, draft: Draft) -> str | None:
        field = self.fields[0]
        if field.choices(draft):
            return None
        tail = draft.turn.entity("card_tail")
        if tail:
            return field.unknown(draft, tail)
        return (
            "您名下没有待激活的卡，已有的卡都不需要激活。"
            "如果是长期不用的睡眠户，请本人带身份证和卡到任一网点激活。"
        )

    def request(self, draft: Draft) -> ActivateCard:
        return ActivateCard(draft.get("operation_target"))

    def confirm(self, draft: Draft) -> str:
        return f"请先确认卡片已在您手中。确认激活{self.fields[0].show(draft)} 吗？"

    def done(self, draft: Draft, receipt: Receipt) -> str:
        fact = receipt.fact("卡片")
        return (
            f"{fact.text if fact else '您的卡'} 已激活，现在可以使用了。卡背面的安全码和密码，"
            "请不要告诉任何人。"
        )


class ActionBeginActivateCard(BeginAction):
    design = Activation()


class ValidateActivateCardForm(OperationForm):
    design = Activation()


class ActionActivateCard(CarryOutAction):
    design = Activation()
