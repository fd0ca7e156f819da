"""Fields that are one of the customer's own cards or accounts."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from actions.draft import Draft, Unfit, button
from actions.operations import Field, Problem, Question
from bot.banking.models import CARD_STATUS_NAMES, Account, Card, CardStatus, yuan
from bot.text.cards import Direction, direction_of
from bot.text.places import find_place


class Choice(NamedTuple):
    """One that may be chosen; ``id`` is the bank's."""

    id: str
    label: str
    tail: str
    kind: str
    note: str = ""


class ChoiceField(Field):
    """Chosen by pressing it, by its tail or its kind; need not be asked for where there is one."""

    @abstractmethod
    def choices(self, draft: Draft) -> list[Choice]:
        """What the customer may choose from."""

    @abstractmethod
    def ask(self, draft: Draft) -> str:
        """The question above the choices."""

    def is_meant(self, draft: Draft, direction: Direction | None) -> bool:
        """Whether a card named with this direction is this field's."""
        return True

    def unknown(self, draft: Draft, tail: str) -> str:
        """What is said of a tail that is not among the choices."""
        return f"您名下没有可以办理的尾号 {tail} 的卡或账户。"

    def read(self, draft: Draft) -> dict[str, Any]:
        choices = self.choices(draft)
        for tail in self._named(draft, "card_tail"):
            chosen = [each for each in choices if each.tail == tail]
            if not chosen:
                raise Unfit(self.unknown(draft, tail))
            return {self.slot: chosen[0].id}
        for kind in self._named(draft, "account_kind"):
            chosen = [each for each in choices if each.kind == kind]
            if len(chosen) == 1:
                return {self.slot: chosen[0].id}
        return self._spelt(draft, choices)

    def _spelt(self, draft: Draft, choices: list[Choice]) -> dict[str, Any]:
        """Where it is asked for, a choice's tail anywhere is the answer, or its place: 从8866出,
        第二张."""
        if draft.asked != self.slot:
            return {}
        runs = re.findall(r"\d+", draft.words)
        chosen = [each for each in choices if each.tail in runs]
        place = find_place(draft.words, len(choices))
        if not chosen and place is not None:
            chosen = [choices[place]]
        return {self.slot: chosen[0].id} if len(chosen) == 1 else {}

    def _named(self, draft: Draft, entity: str) -> list[str]:
        return [
            str(each["value"])
            for each in draft.entities(entity)
            if self.is_meant(draft, direction_of(draft.words, each.get("start") or 0))
        ]

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value} if self.chosen(draft, value) else {}

    def default(self, draft: Draft) -> str | None:
        choices = self.choices(draft)
        return choices[0].id if len(choices) == 1 else None

    def question(self, draft: Draft) -> Question:
        replies = {
            f"{each.label}{each.note}": button(self.slot, each.id) for each in self.choices(draft)
        }
        return Question(self.ask(draft), replies)

    def chosen(self, draft: Draft, value: str | None) -> Choice | None:
        return next((each for each in self.choices(draft) if each.id == value), None)

    def show(self, draft: Draft) -> str:
        chosen = self.chosen(draft, draft.get(self.slot))
        return chosen.label if chosen else ""


class Target(ChoiceField):
    """The one card or account that an operation is about."""

    slot = "operation_target"
    label = "对象"
    words = r"卡|账户"


class CreditCard(Target):
    """A credit card in use."""

    label = "信用卡"
    words = r"信用卡|哪张卡|卡片"

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(card.id, card.label, card.tail, card.kind)
            for card in draft.cards
            if card.kind == "credit" and card.status == "normal"
        ]

    def ask(self, draft: Draft) -> str:
        return "请选择信用卡："

    def unknown(self, draft: Draft, tail: str) -> str:
        return no_credit_card(draft, tail) or f"您名下没有尾号 {tail} 的信用卡。"


def no_credit_card(draft: Draft, tail: str | None) -> str | None:
    """Why there is no credit card in use to do something with: none at all, or the one of this
    tail is something else. ``None`` if nothing stands against it."""
    credit = [card for card in draft.cards if card.kind == "credit"]
    named = next((card for card in draft.cards if card.tail == tail), None)
    if named is not None and named.kind != "credit":
        return f"{named.label}不是信用卡，不能办理这项业务。"
    meant = [named] if named else credit
    if meant and all(card.status != "normal" for card in meant):
        return f"您的{meant[0].label}{CARD_STATUS_NAMES[meant[0].status]}，暂时不能办理。"
    return None if credit else "您名下没有信用卡。"


class OwnCard(Target):
    """A card in one of some states.

    ``states`` maps those in which it may be chosen to a note behind its name, ``whys`` the others
    to what is said of it.
    """

    label = "卡片"
    states: ClassVar[dict[CardStatus, str]]
    whys: ClassVar[dict[CardStatus, str]]

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind, self.states[each.status])
            for each in draft.cards
            if each.status in self.states
        ]

    def card(self, draft: Draft) -> Card | None:
        """The card chosen."""
        return next((each for each in draft.cards if each.id == draft.get(self.slot)), None)

    def unknown(self, draft: Draft, tail: str) -> str:
        for each in draft.cards:
            if each.tail == tail and each.status in self.whys:
                return f"您的{each.label}{self.whys[each.status]}。"
        return f"您名下没有尾号 {tail} 的卡。"


class PayFrom(ChoiceField):
    """The account that money leaves."""

    slot = "pay_from"
    label = "付款账户"
    words = r"付款|扣款|从哪|哪张卡|付款卡|账户"
    verb: ClassVar[str] = "付款"

    def choices(self, draft: Draft) -> list[Choice]:
        return [
            Choice(each.id, each.label, each.tail, each.kind, f"（可用 {yuan(each.available)}）")
            for each in payable(draft)
        ]

    def ask(self, draft: Draft) -> str:
        return f"从哪个账户{self.verb}？"

    def is_meant(self, draft: Draft, direction: Direction | None) -> bool:
        """从8866转: said so; a tail by itself where it is asked for or something is corrected."""
        if direction is None and draft.asked != "amount":
            return bool(draft.words) and draft.asked in (self.slot, *AFTER_FIELDS)
        return direction == "from"

    def _spelt(self, draft: Draft, choices: list[Choice]) -> dict[str, Any]:
        """用8866全额还款: behind such a word an own tail is one, whatever follows."""
        named = {m["tail"] for m in USED.finditer(draft.words)}
        chosen = [each for each in choices if each.tail in named]
        return {self.slot: chosen[0].id} if len(chosen) == 1 else super()._spelt(draft, choices)

    def unknown(self, draft: Draft, tail: str) -> str:
        for account in draft.accounts:
            if account.tail == tail:
                return f"{account.label}{_why_not(account)}"
        return f"您名下没有尾号 {tail} 的账户。"


USED = re.compile(r"[从用由拿](?P<tail>\d{4})(?![\d.,])")
LATER = re.compile(r"明[天早晚日]|后天|下(?:周|个?月|个?星期)|到期(?:那天|时|再)|每个?月|自动")
# Questions at which a card named without direction can only be the one that is paid from.
AFTER_FIELDS = ("memo", "operation_warned", "operation_confirmed", "code_ref")
WHY_NOT = {
    "locked": "因密码多次输错被锁定，请先解锁。",
    "frozen": "处于冻结状态，需要由人工客服核实后处理。",
    "paused": "已由您临时冻结，请先解除冻结。",
}


def payable(draft: Draft) -> list[Account]:
    """The accounts that money can be paid from, the fullest first; not where every card of one is
    reported lost."""
    held = {card.account_id for card in draft.cards}
    held -= {card.account_id for card in draft.cards if not card.stopped}
    usable = [
        each
        for each in draft.accounts
        if each.kind != "credit" and each.status == "normal" and each.id not in held
    ]
    return sorted(usable, key=lambda each: -each.available)


def why_no_payer(draft: Draft, verb: str) -> str | None:
    """Why nothing can be paid at all, if nothing can."""
    if payable(draft):
        return None
    stopped = [each for each in draft.accounts if each.kind != "credit"]
    if any(account.status == "locked" for account in stopped):
        return (
            f"您的账户因密码多次输错被锁定，暂时不能{verb}。可以对我说“解锁账户”，解锁后再{verb}。"
        )
    if stopped:
        return f"您的账户目前处于冻结或挂失状态，暂时不能{verb}，可以由人工客服协助您核实。"
    return f"您名下没有可以{verb}的储蓄卡或存款账户。"


def only_now(draft: Draft, verb: str) -> None:
    """Say that it cannot be put off or repeated, where the message that begins it asks for that."""
    if draft.asked is None and LATER.search(draft.words):
        draft.remarks.append(f"这里只能马上{verb}，不能预约或自动{verb}。")


def uncovered(draft: Draft, amount: int, sum_: tuple[str, ...]) -> Iterator[Problem]:
    """What cannot be paid: by any account, then the slots ``sum_`` are wrong, or by the chosen
    one. ``amount`` in fen."""
    fullest = next(iter(payable(draft)), None)
    chosen = next((each for each in draft.accounts if each.id == draft.get("pay_from")), None)
    if fullest and amount > fullest.available:
        text = f"您的账户最多可用 {yuan(fullest.available)}，不够 {yuan(amount)}，请减少金额。"
        yield Problem(sum_, text)
    elif chosen and amount > chosen.available:
        text = f"{chosen.label}可用 {yuan(chosen.available)}，余额不足，请换一个账户。"
        yield Problem(("pay_from",), text)


def _why_not(account: Account) -> str:
    if account.kind == "credit":
        return "不能用来付款，请选择储蓄卡或存款账户。"
    return WHY_NOT.get(account.status, "已挂失，不能付款。")
