"""The fields of a credit card's repayment: which card, how much of its debt, from which account."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.choices import Choice, Target
from actions.draft import Draft, Unfit, button
from actions.operation_design import Field, Question
from actions.payers import PayFrom, only_now
from actions.sums import Amount
from actions.wording import day, month
from bot.banking.models import Card, CardBill, yuan
from bot.text.banks import KNOWN, named_bank
from bot.text.cards import Direction, direction_of
from bot.text.clauses import is_denied

# Parts of the debt by name; the first that a message speaks of is meant.
PARTS = {
    "minimum": "最低还款额",
    "half": "本期账单的一半",
    "owed": "含未出账单",
    "statement": "本期账单全额",
}
_PARTS = {
    "minimum": re.compile(r"最低"),
    "half": re.compile(r"一半"),
    "owed": re.compile(
        r"未出账?|还没出|(?:所有|全部)的?欠款|欠款(?:全|都|一起|一次)|欠的(?:都|全)|一共欠"
    ),
    "statement": re.compile(
        r"全额|全部|全还|全都?[还给]|[还结付]清|还完|还掉|还平|平了|一次性|(?:本|这|上)个?[期月].{0,6}(?:账单|还)|账单.{0,4}还"
    ),
}
_PART_ALONE = re.compile(
    r"(?:还|就|先|我要?|按)*(?:最低(?:还款)?(?:额|金额)?|全额(?:还款)?|全部(?:欠款)?|还清|结清|一半"
    r"|(?:本期|这期)(?:账单)?(?:全额|的)?)(?:吧|就行|的)?"
)
_OTHERS_CARD = re.compile(
    r"(?:老婆|老公|爸|妈|朋友|同事|别人|儿子|女儿|他|她|家人)的?(?:信用卡|卡)|花呗|借呗|白条|微粒贷"
)


class RepaidCard(Target):
    """A credit card that owes something; one that is lost or not active yet may be repaid, too."""

    label = "信用卡"
    words = r"信用卡|哪张卡"
    dependents = ("amount",)

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(card.id, card.label, card.tail, card.kind, _note(draft, card))
            for card in credit_cards(draft)
            if bill_of(draft, card.id).owed
        ]

    def ask(self, draft: Draft) -> str:
        return "还哪张信用卡？"

    def read(self, draft: Draft) -> dict[str, Any]:
        only_now(draft, "还款")
        if _OTHERS_CARD.search(draft.words) or _of_another_bank(draft):
            raise Unfit("这里只能还您本人名下的本行信用卡。")
        if draft.entities("product") and not draft.entities("account_kind"):
            raise Unfit(
                "这里只能还信用卡。贷款到还款日会自动扣款，想提前还请在手机银行“贷款—提前还款”预约。"
            )
        return super().read(draft)

    def _named(self, draft: Draft, entity: str) -> list[str]:
        """Tails of the customer's deposit accounts are the payer's, whatever stands before."""
        payers = {each.tail for each in draft.accounts if each.kind != "credit"}
        named = [tail for tail in super()._named(draft, entity) if tail not in payers]
        unknown = draft.asked != self.slot and draft.words.strip().isdigit()
        return [] if _only_digits(draft) or (unknown and not self._known(draft, named)) else named

    def _known(self, draft: Draft, tails: list[str]) -> bool:
        """Whether a bare number is a card's tail at all, not a sum that nothing calls one."""
        return any(card.tail in tails for card in draft.cards)

    def is_meant(self, draft: Draft, direction: Direction | None) -> bool:
        return draft.asked != "pay_from"

    def _spelt(self, draft: Draft, choices: list[Choice]) -> dict[str, Any]:
        """用8866还5520: a card's tail that nothing else in the message can be."""
        if draft.asked == "pay_from" or _only_digits(draft):
            return {}
        words = draft.words
        for each in draft.entities("amount"):
            words = words.replace(words[each["start"] : each["end"]], " ")
        runs = [m.group() for m in re.finditer(r"\d+", words) if not is_denied(words, m.start())]
        chosen = [each for each in choices if each.tail in runs]
        return {self.slot: chosen[0].id} if len(chosen) == 1 else {}

    def unknown(self, draft: Draft, tail: str) -> str:
        for card in credit_cards(draft):
            if card.tail == tail:
                return f"您的{card.label} 目前没有欠款，不用还款。"
        return f"您名下没有尾号 {tail} 的信用卡。"


class RepayPart(Amount):
    """How much: fen, or a part of the debt by name."""

    slot = "repay_part"
    label = "还款金额"
    verb = "还"
    dependents = ("amount",)

    def is_plain(self, draft: Draft) -> bool:
        """本期账单 is a query, unless it answers the question."""
        named = draft.asked == self.slot and _PART_ALONE.fullmatch(draft.words) is not None
        return named or super().is_plain(draft)

    def read(self, draft: Draft) -> dict[str, Any]:
        said = super().read(draft)
        if said:
            return said
        for name, words in _PARTS.items():
            found = words.search(draft.words)
            if found and not is_denied(draft.words, found.start()):
                return {self.slot: name}
        return {}

    def question(self, draft: Draft) -> Question:
        card = draft.get("operation_target")
        shown: dict[int, str] = {}
        for name in BUTTONS:
            shown.setdefault(part_of(bill_of(draft, card), name), name)
        replies = {
            f"{BUTTONS[name]} {yuan(fen)}": button(self.slot, name)
            for fen, name in shown.items()
            if fen
        }
        return Question(f"{_state(draft, card)}还多少？", replies)

    def show(self, draft: Draft) -> str:
        part, sum_ = draft.get(self.slot), yuan(draft.get("amount"))
        return f"{sum_}（{PARTS[part]}）" if part in PARTS else sum_


# On the buttons, in this order; a part of the same sum as one before is left out.
BUTTONS = {"statement": "本期账单", "minimum": "最低还款", "owed": "全部欠款"}


class RepaySum(Field):
    """What the part comes to, fixed as soon as it is known: the sum that is confirmed is paid,
    and a repeated turn finds it though the debt is gone."""

    slot = "amount"
    label = "还款金额"
    words = r"(?!)"

    def read(self, draft: Draft) -> dict[str, Any]:
        return {}

    def default(self, draft: Draft) -> int | None:
        card, part = draft.get("operation_target"), draft.get("repay_part")
        if card is None or part is None:
            return None
        return part_of(bill_of(draft, card), part) or None

    def question(self, draft: Draft) -> Question:
        return Question("还多少？")

    def show(self, draft: Draft) -> str:
        return ""  # stands beside the part


class RepayFrom(PayFrom):
    """A deposit account, however it is named beside the credit card."""

    def _named(self, draft: Draft, entity: str) -> list[str]:
        if entity != "card_tail":
            return super()._named(draft, entity)
        kinds = {each.tail: each.kind for each in draft.accounts}
        if _only_digits(draft):
            return []
        return [
            tail
            for tail, direction in _tails(draft)
            if kinds.get(tail, "credit") != "credit"
            or direction == "from"
            or draft.asked == self.slot
        ]


def credit_cards(draft: Draft) -> list[Card]:
    """The customer's credit cards."""
    return [card for card in draft.cards if card.kind == "credit"]


def bill_of(draft: Draft, card_id: str) -> CardBill:
    """A card's bill, asked for once a turn."""
    if ("bill", card_id) not in draft.known:
        found = draft.turn.services.bank.cards.bill(draft.customer_id, card_id)
        draft.known["bill", card_id] = found
    bill: CardBill = draft.known["bill", card_id]
    return bill


def part_of(bill: CardBill, part: int | str) -> int:
    """What a part of the debt comes to, in fen."""
    sums = {"statement": bill.due, "minimum": bill.minimum_due, "owed": bill.owed}
    if part == "half":
        return (bill.due + 1) // 2
    return part if isinstance(part, int) else sums[part]


def _of_another_bank(draft: Draft) -> bool:
    bank, cards = named_bank(draft.words), credit_cards(draft)
    if bank not in KNOWN or not cards:
        return False
    transfers = draft.turn.services.bank.transfers
    return bank != transfers.bank_of(draft.customer_id, cards[0].number)


def _note(draft: Draft, card: Card) -> str:
    bill = bill_of(draft, card.id)
    return f"（待还 {yuan(bill.due)}）" if bill.due else f"（未出账单 {yuan(bill.unbilled)}）"


def _state(draft: Draft, card_id: str) -> str:
    """What is to be paid, and by when."""
    bill, now = bill_of(draft, card_id), today(draft)
    card = next(each for each in draft.cards if each.id == card_id)
    if not bill.due:
        return f"{card.label} 本期账单已还清，还有未出账单 {yuan(bill.unbilled)}。"
    text = f"{card.label} {month(bill.statement_on, now)}账单待还 {yuan(bill.due)}"
    if bill.overdue:
        return f"{text}，已经逾期，最低还款额还差 {yuan(bill.minimum_due)}。"
    least = f"，最低 {yuan(bill.minimum_due)}" if bill.minimum_due else ""
    late = "，请在宽限期内还清" if bill.minimum_due and now > bill.due_on else ""
    return f"{text}{least}，{day(bill.due_on, now)}到期{late}。"


def today(draft: Draft) -> date:
    """The day in Shanghai."""
    return draft.turn.today


def _tails(draft: Draft) -> list[tuple[str, Direction | None]]:
    return [
        (str(each["value"]), direction_of(draft.words, each.get("start") or 0))
        for each in draft.entities("card_tail")
    ]


def _only_digits(draft: Draft) -> bool:
    """Whether bare digits are the sum that is asked for, not a card's tail: 3500."""
    return draft.asked == "repay_part" and not re.search(r"尾号|卡|账户", draft.words)
