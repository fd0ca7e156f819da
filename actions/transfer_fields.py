"""The fields of a transfer beside the payee: sum, account, remark, speed, whether to save."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit, button
from actions.operation_design import Field, Question
from actions.payers import PayFrom
from actions.sums import Amount
from bot.text.clauses import is_denied
from bot.text.repairs import wants_change

LONGEST_MEMO = 20
_MEMO = re.compile(
    r"(?:备注|附言|留言|用途)(?:一下|改成|改为|换成|写上?|填|是|为|:|：|就)*(?P<memo>[^,，。;；!！?？]+)"
)
_NO_MEMO_WANTED = re.compile(r"(?:不用|不要|不需要|没有|无|不写|不填|不留|算了).{0,3}")
# What is no remark, though one is asked for: 从2001转, 转给李四, 改成三百.
_NO_MEMO = re.compile(r"转给|转到|转账给|付款|那张|[从用].{0,6}\d{4}")

# All that is there, until payee and account tell how much that is.
EVERYTHING = "all"
_EVERYTHING = re.compile(
    r"(?:全部|所有|全都?|通通|统统)的?(?:可用)?(?:余额|钱|存款|资金|转|打|汇|划|给)"
    r"|(?:余额|钱|存款|资金)(?:全都?|全部|都|通通|统统)(?:给|转|打|汇|划)"
    r"|有多少[转打汇]多少|都[转打汇](?:走|过去|了|给)|一分[都也]?不[留剩]|全额[转打汇]|[转打汇]全部|全部[转打汇]?(?:走|光|过去)?"
)


class TransferAmount(Amount):
    """A sum, or all that is there. A sum in the remark to the payee is not the one meant."""

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        memo = _MEMO.search(draft.words)
        return memo is not None and memo.start() <= (entity.get("start") or 0) < memo.end()

    def read(self, draft: Draft) -> dict[str, Any]:
        everything = _EVERYTHING.search(draft.words)
        if (
            everything
            and not draft.entities("amount")
            and not is_denied(draft.words, everything.start())
        ):
            return {self.slot: EVERYTHING}
        return super().read(draft)


class TransferFrom(PayFrom):
    """Not the account that the money goes to."""

    verb = "转出"

    def choices(self, draft: Draft) -> list[Any]:
        goal = draft.get("payee_number")
        own = {account.id: account.number for account in draft.accounts}
        return [each for each in super().choices(draft) if own[each.id] != goal]


class Memo(Field):
    """A few words for the payee; may be skipped."""

    slot = "memo"
    label = "附言"
    words = r"备注|附言|留言|用途"
    optional = True

    def claims(self, draft: Draft) -> bool:
        """What is written where a remark is asked for is one: a sum or a name in it is no value."""
        changes = draft.turn.intent == "correct" or wants_change(draft.words)
        asked = draft.asked == self.slot and draft.may_be_text
        return asked and not changes and not _NO_MEMO.search(draft.words)

    def read(self, draft: Draft) -> dict[str, Any]:
        match = _MEMO.search(draft.words)
        said = match["memo"].strip() if match else ""
        if not said and self.claims(draft):
            said = draft.words.strip()
        if len(said) > LONGEST_MEMO:
            raise Unfit(f"附言最多 {LONGEST_MEMO} 个字，请写短一些。")
        if _NO_MEMO_WANTED.fullmatch(said):
            return {self.slot: ""}
        return {self.slot: said} if said else {}

    def question(self, draft: Draft) -> Question:
        return Question(
            "要给收款人留言吗？可以直接写，也可以跳过。", {"跳过": button(self.slot, "")}
        )

    def show(self, draft: Draft) -> str:
        return draft.get(self.slot) or ""


class Speed(Field):
    """At once unless the customer wants a day to think better of it."""

    slot = "speed"
    label = "到账方式"
    words = r"到账"
    plain = r".{0,4}(?:次日|隔日|第二天|明天|24小时|实时|马上|立即|立刻|普通)(?:后|内)?到账?.{0,3}"
    _LATER = re.compile(r"(?:次日|隔日|第二天|明天|24小时后?|普通)(?:再|后)?到账?")
    _NOW = re.compile(r"(?:实时|马上|立即|立刻|现在就?)到账?")
    names = {"instant": "实时到账", "next_day": "24 小时后到账，到账前可以撤销"}

    def read(self, draft: Draft) -> dict[str, Any]:
        if self._LATER.search(draft.words):
            return {self.slot: "next_day"}
        return {self.slot: "instant"} if self._NOW.search(draft.words) else {}

    def default(self, draft: Draft) -> str:
        return "instant"

    def question(self, draft: Draft) -> Question:
        replies = {name: button(self.slot, value) for value, name in self.names.items()}
        return Question("希望什么时候到账？", replies)

    def show(self, draft: Draft) -> str:
        return self.names[draft.get(self.slot)]


class SavePayee(Field):
    """Whether a new payee is kept for the next time; not unless the customer says so."""

    slot = "save_payee"
    label = "保存收款人"
    words = r"保存"
    weighs = False
    _WHOM = r"(?:(?:这个|该|新的?)?(?:常用)?(?:收款人|收款账户|账户|他|她|对方|卡号))"
    _YES = re.compile(
        rf"(?:保存|存下|记住|记下){_WHOM}|[把将]?{_WHOM}(?:也|顺便|一起|帮我)?(?:保存|存下|记住|记下|存起来)"
        r"|(?:加入?|添加|存)(?:到|为|进)?常用收款人"
    )
    _NO = re.compile(r"(?:不|别|不用|不要|不需要|取消)保存")

    def claims(self, draft: Draft) -> bool:
        match = self._YES.search(draft.words) or self._NO.search(draft.words)
        return match is not None and len(draft.words) <= match.end() - match.start() + 4

    def is_plain(self, draft: Draft) -> bool:
        """To the classifier it is a question how payees are saved."""
        return self.claims(draft)

    def read(self, draft: Draft) -> dict[str, Any]:
        if self._NO.search(draft.words):
            return {self.slot: "no"}
        return {self.slot: "yes"} if self._YES.search(draft.words) else {}

    def default(self, draft: Draft) -> str:
        return "no"

    def question(self, draft: Draft) -> Question:
        replies = {"保存": button(self.slot, "yes"), "不保存": button(self.slot, "no")}
        return Question("转账成功后要保存这个收款人吗？", replies)

    def offers(self, draft: Draft) -> dict[str, str]:
        """The quick reply that turns it the other way, where the payee is not saved yet."""
        if not self.is_new(draft):
            return {}
        saves = draft.get(self.slot) == "yes"
        title, value = ("不保存收款人", "no") if saves else ("保存收款人", "yes")
        return {title: button(self.slot, value)}

    def is_new(self, draft: Draft) -> bool:
        number = draft.get("payee_number")
        saved = [payee.number for payee in draft.payees]
        return number not in saved + [own.number for own in draft.accounts]

    def saves(self, draft: Draft) -> bool:
        """Whether the bank is to save the payee with this transfer."""
        return draft.get(self.slot) == "yes" and self.is_new(draft)

    def show(self, draft: Draft) -> str:
        return "转账成功后保存，下次说姓名就能转" if self.saves(draft) else ""
