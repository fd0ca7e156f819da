"""To whom money goes: a saved payee, an own account, or a new name, number and bank."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit, button
from actions.operation_design import Field, Question
from bot.banking.card_numbers import CARD_LENGTHS, is_card_number
from bot.banking.models import Account, Payee
from bot.text.account_numbers import find_account_numbers
from bot.text.banks import named_bank
from bot.text.cards import direction_of
from bot.text.clauses import is_denied
from bot.text.names import is_full_name, is_organisation

MOST_SHOWN = 6
# "他叫李小明", "收款人是李小明", "改成李四": what may stand before a bare name.
_BARE_NAME = re.compile(
    r"(?:不对|不是|那|就|嗯|哦|[,，。\s])*(?:(?:收款人|对方|姓名|名字|户名|他|她)*(?:是|叫|为|:)|改成|改为|换成|换|给|转给)*"
    r"(?P<name>[\u4e00-\u9fff·]{2,20}?|[A-Za-z][A-Za-z .·]{2,29})(?:吧|呗|哦|啊|就行|[。.!！])*"
)
_NUMBER_NAME = re.compile(
    r"[,，。\s]*(?:银行)?(?:卡号|账号|帐号|账户)(?:是|为|:|：)*[,，。\s]*|[,，。\s]+$"
)
_DIGITS = re.compile(r"\d[\d \-]{3,}\d")
_MOBILE = re.compile(r"1[3-9]\d{9}")


class PayeeName(Field):
    """The name; a saved payee's brings number and bank along."""

    slot = "payee_name"
    label = "收款人"
    words = r"收款人|收款方|对方|姓名|名字|户名|转给谁"
    dependents = ("payee_number", "payee_bank")

    def read(self, draft: Draft) -> dict[str, Any]:
        return (
            self._by_tail(draft)
            or self._by_saved_name(draft)
            or self._by_entity(draft)
            or self._by_bare_name(draft)
        )

    def _by_tail(self, draft: Draft) -> dict[str, Any]:
        """到尾号2001: an own account or a saved payee's."""
        for entity in draft.entities("card_tail"):
            tail = str(entity["value"])
            direction = direction_of(draft.words, entity.get("start") or 0)
            if direction != "to" and (direction or draft.asked not in (self.slot, "payee_number")):
                continue
            found = [payee for payee in draft.payees if payee.tail == tail]
            mine = [own for own in draft.accounts if own.tail == tail and own.kind != "credit"]
            if len(found) + len(mine) != 1:
                raise Unfit(f"没有找到尾号 {tail} 的收款人，请发来完整的卡号。")
            return saved(found[0]) if found else self._own(draft, mine[0])
        return {}

    def _own(self, draft: Draft, account: Account) -> dict[str, Any]:
        return {"payee_name": draft.customer.name, "payee_number": account.number}

    def _by_saved_name(self, draft: Draft) -> dict[str, Any]:
        """A saved name anywhere in the message, unless it is denied (不是李梅，是王建国)."""
        if not draft.is_answer and draft.asked != self.slot:
            return {}
        for name in {payee.name for payee in draft.payees}:
            place = draft.words.find(name)
            if place >= 0 and not is_denied(draft.words, place):
                return self._named(draft, name)
        return {}

    def _by_entity(self, draft: Draft) -> dict[str, Any]:
        said = [str(each["value"]) for each in draft.entities("payee")]
        return self._named(draft, said[-1]) if said else {}

    def _by_bare_name(self, draft: Draft) -> dict[str, Any]:
        match = _BARE_NAME.fullmatch(_without_number(draft.words))
        if not match or not draft.may_be_text:
            return {}
        name = match["name"]
        if draft.asked == self.slot:
            # Whom a bank does not know by that name it will not pay: 小雨, 我妈.
            return self._named(draft, name)
        corrects = draft.turn.intent in ("correct", "inform") and is_full_name(name)
        return self._named(draft, name) if corrects and draft.asked in _LATER else {}

    def _named(self, draft: Draft, name: str) -> dict[str, Any]:
        exact = [payee for payee in draft.payees if payee.name == name]
        close = exact or [payee for payee in draft.payees if len(name) > 1 and name in payee.name]
        names = {payee.name for payee in close}
        if len(names) == 1:
            return {self.slot: names.pop()}
        if is_full_name(name) or is_organisation(name):
            return {self.slot: name}
        raise Unfit(f"您保存的收款人里没有“{name}”。请选择收款人，或告诉我对方的真实姓名。")

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return next((saved(payee) for payee in draft.payees if payee.id == value), {})

    def question(self, draft: Draft) -> Question:
        shown = draft.payees[:MOST_SHOWN]
        replies = {payee.label: button(self.slot, payee.id) for payee in shown}
        return Question("请问转给谁？可以告诉我姓名和卡号。", replies)


# Questions at which a bare full name can only correct the payee.
_LATER = ("memo", "operation_warned", "operation_confirmed")


class PayeeNumber(Field):
    """The account's whole number, its check digit looked at."""

    slot = "payee_number"
    label = "收款账户"
    words = r"卡号|账号|帐号|收款账户|收款卡"
    plain = r"[\d \-]{6,}"
    dependents = ("payee_bank",)

    def read(self, draft: Draft) -> dict[str, Any]:
        for span in find_account_numbers(draft.words):
            if is_denied(draft.words, span.start):
                continue
            if len(span.value) in CARD_LENGTHS and not is_card_number(span.value):
                raise Unfit(
                    f"尾号 {span.value[-4:]} 的卡号不对，可能有一位写错了，请核对后重新发送。"
                )
            return self._known(draft, span.value)
        digits = _DIGITS.search(draft.words) if draft.asked == self.slot else None
        if digits:
            raise Unfit(_too_short(re.sub(r"\D", "", digits.group())))
        return {}

    def _known(self, draft: Draft, number: str) -> dict[str, Any]:
        """A number whose owner is known names them, unless the customer named somebody."""
        if draft.get("payee_name"):
            return {self.slot: number}
        if any(own.number == number for own in draft.accounts):
            return {"payee_name": draft.customer.name, self.slot: number}
        found = [payee for payee in draft.payees if payee.number == number]
        return saved(found[0]) if found else {self.slot: number}

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return next((saved(payee) for payee in draft.payees if payee.id == value), {})

    def default(self, draft: Draft) -> str | None:
        found = _same_name(draft)
        return found[0].number if len(found) == 1 else None

    def question(self, draft: Draft) -> Question:
        name, found = draft.get("payee_name"), _same_name(draft)
        if found:
            replies = {payee.label: button(self.slot, payee.id) for payee in found}
            return Question(f"请选择{name}的收款账户，或发来新的卡号。", replies)
        return Question(f"请发来{name}的银行卡号。")

    def show(self, draft: Draft) -> str:
        return f"{draft.get('payee_bank')} 尾号 {draft.get(self.slot)[-4:]}"


class PayeeBank(Field):
    """The bank, asked for only where the number does not tell."""

    slot = "payee_bank"
    label = "收款银行"
    words = r"开户行|收款行|收款银行"
    plain = r".{0,4}(?:银行|信用社|农商行|[中工农建交招]行).{0,2}"

    def read(self, draft: Draft) -> dict[str, Any]:
        if draft.asked != self.slot and not find_account_numbers(draft.words):
            return {}
        bank = named_bank(draft.words)
        number = draft.get("payee_number")
        if bank is None or number is None or self._told(draft, number):
            return {}
        return {self.slot: bank}

    def default(self, draft: Draft) -> str | None:
        number = draft.get("payee_number")
        return self._told(draft, number) if number else None

    def _told(self, draft: Draft, number: str) -> str | None:
        """The bank as the saved payee or the number tells it."""
        for payee in draft.payees:
            if payee.number == number:
                return payee.bank
        if ("bank", number) not in draft.known:
            transfers = draft.turn.services.bank.transfers
            draft.known["bank", number] = transfers.bank_of(draft.customer_id, number)
        found: str | None = draft.known["bank", number]
        return found

    def question(self, draft: Draft) -> Question:
        tail = draft.get("payee_number")[-4:]
        return Question(f"尾号 {tail} 的卡是哪家银行的？")

    def show(self, draft: Draft) -> str:
        return ""  # stands beside the number


def saved(payee: Payee) -> dict[str, Any]:
    """A saved payee in the slots."""
    return {
        "payee_name": payee.name,
        "payee_number": payee.number,
        "payee_bank": payee.bank,
    }


def _same_name(draft: Draft) -> list[Payee]:
    return [payee for payee in draft.payees if payee.name == draft.get("payee_name")]


def _without_number(words: str) -> str:
    """李四 6228…, 李四，卡号6228…: the name beside a number."""
    for span in reversed(find_account_numbers(words)):
        words = words[: span.start] + words[span.end :]
    return _NUMBER_NAME.sub("", words).strip()


def _too_short(digits: str) -> str:
    if _MOBILE.fullmatch(digits):
        return "这是手机号，转账需要对方的银行卡号。"
    return f"银行卡号一般是 16 到 19 位，您发来的是 {len(digits)} 位，请核对。"
