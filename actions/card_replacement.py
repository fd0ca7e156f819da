"""A new card for one that is lost, damaged or expires, or once more one that never came."""

from __future__ import annotations

from collections.abc import Iterator

from actions.card_delivery import deliveries, next_steps, told
from actions.card_loss import formal_loss
from actions.draft import Draft
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_design import OperationDesign, Problem
from actions.operation_form import OperationForm
from actions.replacement_fields import OLD, Reason
from actions.wording import day
from bot.banking.errors import BankRefused
from bot.banking.models import Card, Receipt, ReplacementTerms, yuan
from bot.banking.requests import OrderReplacement


class Replacement(OperationDesign):
    """Sent to the address that the bank has; whoever has stolen an account cannot have it sent
    elsewhere."""

    name = "replace_card"
    verb = "补办新卡"
    fields = (OLD, Reason())
    # What stands against it whatever the reason.
    final = ("too_early", "under_way", "not_returned")

    def why_not(self, draft: Draft) -> str | None:
        tail = draft.turn.entity("card_tail")
        states = [card.status for card in draft.cards]
        missing = self._said(draft) == "lost" and "lost" not in states
        if self._waits(draft):
            return told(draft)
        if OLD.choices(draft) and not missing:
            return None
        meant = self._meant(draft)
        if tail and meant is None or meant and meant.status in (*OLD.whys, "inactive"):
            return OLD.unknown(draft, meant.tail if meant else tail)
        if missing and states:
            return "丢失的卡要先正式挂失，才能补办新卡。挂失立即生效，办完就可以接着补办。"
        return "您名下没有可以补办的卡。补存折、存单请带身份证到网点，也可以找人工客服。"

    def _said(self, draft: Draft) -> str | None:
        reason: str | None = Reason().read(draft).get("replacement_reason")
        return reason

    def _waits(self, draft: Draft) -> bool:
        """Whether a new card is missed that has not come back, so that there is nothing to send."""
        states = [card.status for card in draft.cards]
        came_back = any(OLD.came_back(draft, card) for card in draft.cards)
        return self._said(draft) == "returned" and not came_back and "lost" not in states

    def resolve(self, draft: Draft) -> None:
        """再寄一张 is said of a lost card, too."""
        card, said = OLD.card(draft), draft.get("replacement_reason")
        if said == "returned" and card and not OLD.came_back(draft, card):
            draft.values["replacement_reason"] = Reason().default(draft)

    def _meant(self, draft: Draft) -> Card | None:
        """The card that is named, or the one reported lost for some days."""
        tail = draft.turn.entity("card_tail")
        fitting = [
            card
            for card in draft.cards
            if (card.tail == tail if tail else card.status == "suspended")
        ]
        return fitting[0] if len(fitting) == 1 else None

    def instead(self, draft: Draft) -> dict[str, str]:
        if all(card.status == "lost" for card in draft.cards):
            return {}
        if self._waits(draft):
            cards = {card.id: card for card in draft.cards}
            steps = next_steps(cards, list(deliveries(draft).values()))
            return steps or {"先正式挂失": formal_loss()}
        return {"先正式挂失": formal_loss(self._meant(draft))}

    def problems(self, draft: Draft) -> Iterator[Problem]:
        """What the bank would refuse: the reason does not fit the card, the fee is not there."""
        refusal = self._refusal(draft)
        if refusal is not None and refusal.code not in self.final:
            poor = refusal.code == "insufficient"
            slot = "operation_target" if poor else "replacement_reason"
            yield Problem((slot,), str(refusal))

    def pointless(self, draft: Draft) -> str | None:
        refusal = self._refusal(draft)
        return str(refusal) if refusal is not None and refusal.code in self.final else None

    def _refusal(self, draft: Draft) -> BankRefused | None:
        if draft.get("operation_target") and draft.get("replacement_reason"):
            try:
                self.terms(draft)
            except BankRefused as refusal:
                return refusal
        return None

    def terms(self, draft: Draft) -> ReplacementTerms:
        """What the new card costs and where it goes, asked for once a turn."""
        request = self.request(draft)
        if request not in draft.known:
            cards = draft.turn.services.bank.cards
            draft.known[request] = cards.replacement_terms(draft.customer_id, request)
        found: ReplacementTerms = draft.known[request]
        return found

    def request(self, draft: Draft) -> OrderReplacement:
        return OrderReplacement(draft.get("operation_target"), draft.get("replacement_reason"))

    def confirm(self, draft: Draft) -> str:
        number = {
            "lost": "旧卡号不再使用，新卡会有新的卡号。",
            "damaged": "卡号不变，旧卡随即停用，已绑定的线上支付不受影响。",
            "expiring": "卡号不变，新卡激活以前旧卡在有效期内照常使用，已绑定的线上支付不受影响。",
            "returned": "被退回的新卡会重新寄一次，请留意快递电话。",
        }[draft.get("replacement_reason")]
        return (
            f"确认补办{OLD.show(draft)} 吗？{number}新卡寄往您登记的地址；地址有变，请先在手机银行或网点"
            "更新。"
        )

    def rows(self, draft: Draft) -> list[list[str]]:
        terms, card = self.terms(draft), OLD.card(draft)
        from_ = "计入信用卡账单" if card and card.kind == "credit" else "从这张卡的账户扣收"
        today, until = draft.turn.today, terms.valid_until
        return [
            *super().rows(draft),
            *([["新卡有效期", f"到 {until.year}年{until.month}月底"]] if until else []),
            ["寄送地址", terms.address],
            ["工本费", f"{yuan(terms.fee)}（{from_}）" if terms.fee else "免费"],
            ["预计送达", day(terms.arrives_on, today)],
        ]

    def done(self, draft: Draft, receipt: Receipt) -> str:
        card, by = receipt.fact("新卡"), receipt.fact("预计送达")
        new = f"新卡（{card.text}）" if card else "新卡"
        text = f"已受理，{new}预计{by.text}前寄到。" if by else f"已受理，{new}会寄到您登记的地址。"
        if draft.get("replacement_reason") == "lost":
            text += "卡号变了，微信、支付宝和代扣请在收到新卡后重新绑定。"
        elif draft.get("replacement_reason") == "expiring":
            text += "在那之前旧卡照常使用，到有效期为止。"
        return text + "收到后对我说“激活银行卡”就能使用。"


class ActionBeginReplaceCard(BeginAction):
    design = Replacement()


class ValidateReplaceCardForm(OperationForm):
    design = Replacement()


class ActionReplaceCard(CarryOutAction):
    design = Replacement()
