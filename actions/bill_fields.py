"""The fields of a bill: what is paid, for which number, how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from actions.billers import biller_of, billers_of, due_of, name_of, saved_numbers, shown_number
from actions.draft import Draft, Unfit, button
from actions.operation_design import Field, Question
from actions.payers import only_now
from actions.sums import Amount
from bot.banking.models import BILLER_NAMES, yuan
from bot.text.clauses import is_denied
from bot.text.lexicon import NAMES
from bot.text.masking import mask_phone
from bot.text.numerals import CHINESE_NUMERAL
from bot.text.people import KIN

# What customers' messages name differently from the billers of the bank.
KINDS = {"phone": "mobile"}
# A phone is topped up though nothing is called a bill: 给我爸手机充50, 充值.
_TOP_UP = re.compile(r"充值?[^,，。]{0,6}手机|手机[^,，。]{0,8}充|话费|手机.{0,2}(?:停机|欠费)")
_CHARGED = re.compile(r"充")
_ONLY_CHARGED = re.compile(
    rf"(?:请|帮我|我要?|给我|再|先|就|想)*充(?:值|个)?[\d{CHINESE_NUMERAL}元块钱吧 ]+"
)
# Where the bill is asked for, less will do.
_BARE = {
    "water": "水", "electricity": "电", "gas": "燃气|煤气|天然气|气", "heating": "暖气?|供暖|取暖",
    "property": "物业", "broadband": "宽带|网", "mobile": "手机|电话|流量",
}  # fmt: skip
_BARE_BILL = r"(?:我要?|先|就|那|选|是|给)*(?:交|缴|付|充)?(?:{})(?:的|吧|那个|充值)*"
# Bills of nobody here: 交党费, 加油卡充值.
_OTHER = re.compile(
    r"(?:交|缴|付)(?:一下|纳|下|掉|了)?(?P<fee>(?![一个这那完不没过纳什哪多各下点])[\u4e00-\u9fff]{1,4}费|医保|社保)"
    r"|(?P<card>(?i:etc)|加油卡|公交卡|地铁卡|校园卡|饭卡)"
)
_BILLS = "|".join(name for names in NAMES["bill_kind"].values() for name in names.split())
_SOMEBODY = re.compile(
    rf"{'|'.join(sorted({*KIN} - {'家里', '先生', '太太'}, key=len, reverse=True))}"
    r"|别人|朋友|同事|同学|邻居|房东|租客|[他她]"
    r"|[给帮替](?!我|自己|手机|家里|本机|忙|户号|这)[\u4e00-\u9fff]{2,3}?[充交缴]"
)
_NUMBER = re.compile(r"(?<![A-Za-z\d.])[A-Za-z]{0,4}\d+(?![\d.]|[A-Za-z])")
_GROUPED = re.compile(r"[A-Za-z]{0,4}[\d ]+")
_OWN_PHONE = re.compile(r"本机|我(?:自己)?的?(?:手机|号|这个号)|自己的?(?:手机|号)")
_CALLED = re.compile(r"(?:[户编账帐]号|号码|编码)[是为:： ]*$")
_IN_FULL = re.compile(r"[缴交付]清|全(?:部|都|额)?[缴交付]|都[缴交付]|[缴交付]全")
# Digits of a number that nothing calls one, and of one that is asked for or called one.
LONG, SHORT = 8, 4
MOBILE_DIGITS = 11


class BillerField(Field):
    """Who is paid. Several kinds of bills in one message are paid one after another."""

    slot = "biller"
    label = "缴费项目"
    words = r"缴费项目|项目|缴费单位|收费单位|单位"
    plain = rf".{{0,4}}(?:{_BILLS}).{{0,2}}"
    dependents = ("bill_number", "amount")

    def read(self, draft: Draft) -> dict[str, Any]:
        only_now(draft, "缴费")
        billers = billers_of(draft)
        kinds = self._kinds(draft)
        if len(kinds) > 1:
            called = "、".join(BILLER_NAMES.get(kind, name) for kind, name in kinds.items())
            raise Unfit(f"{called}需要一项一项缴。")
        named = [each for each in billers if each.name in draft.words]
        found = named or [each for each in billers if each.kind in kinds]
        if len(found) == 1:
            return {self.slot: found[0].id}
        if not found and draft.get(self.slot) is None:
            self._refuse(draft, next(iter(kinds.values()), None))
        return {}

    def _kinds(self, draft: Draft) -> dict[str, str]:
        """The kinds of bills in the message, and how it calls them."""
        kinds = {
            KINDS.get(each["value"], each["value"]): draft.words[each["start"] : each["end"]]
            for each in draft.entities("bill_kind")
        }
        if not kinds and draft.asked == self.slot:
            kinds = {
                kind: BILLER_NAMES[kind]
                for kind, names in _BARE.items()
                if re.fullmatch(_BARE_BILL.format(names), draft.words)
            }
        return kinds or ({"mobile": "话费"} if self._tops_up(draft) else {})

    def _tops_up(self, draft: Draft) -> bool:
        """充50 by itself is a phone's, unless another bill is being paid already."""
        phone = draft.entities("phone") and _CHARGED.search(draft.words)
        alone = draft.get(self.slot) is None and _ONLY_CHARGED.fullmatch(draft.words)
        return bool(phone or alone or _TOP_UP.search(draft.words))

    def _refuse(self, draft: Draft, named: str | None) -> None:
        other = _OTHER.search(draft.words)
        if other and named is None:
            named = other["fee"] or f"{other['card']}充值"
        if named:
            raise Unfit(f"抱歉，{named}目前还不能在这里办理，可以到手机银行“生活缴费”看看。")

    def question(self, draft: Draft) -> Question:
        replies = {name_of(each): button(self.slot, each.id) for each in billers_of(draft)}
        return Question("请问要缴哪一项费用？", replies)

    def show(self, draft: Draft) -> str:
        return name_of(biller_of(draft))


class BillNumber(Field):
    """The customer's number at the biller. The only one paid for before need not be asked for,
    unless somebody else's bill is spoken of."""

    slot = "bill_number"
    label = "缴费号码"
    words = r"户号|编号|账号|帐号|号码|手机号"
    plain = r"[A-Za-z]{0,4}[\d ]{6,}"

    def outdated(self, draft: Draft) -> tuple[str, ...]:
        """What is due is another number's; what one wants to top up stays."""
        biller = biller_of(draft)
        return () if biller and biller.prepaid else ("amount",)

    def read(self, draft: Draft) -> dict[str, Any]:
        biller = biller_of(draft)
        phones = [str(each["value"]) for each in draft.entities("phone")]
        if biller is None or biller.kind == "mobile":
            found = phones[-1] if phones else self._own_phone(draft)
        else:
            found = next(iter([*self._numbers(draft)][-1:]), None)
        if found is None and self._was_assumed(draft) and _SOMEBODY.search(draft.words):
            raise Unfit("好的，换一个号码。")
        return {self.slot: found} if found else {}

    def _was_assumed(self, draft: Draft) -> bool:
        """Whether the number is one that nobody need have named."""
        number = draft.get(self.slot)
        return number is not None and number in (draft.customer.phone, *saved_numbers(draft))

    def _own_phone(self, draft: Draft) -> str | None:
        """The customer's own; digits that are no phone number must not be passed over."""
        if biller_of(draft) is None:
            return None
        if _OWN_PHONE.search(draft.words):
            return draft.customer.phone
        digits = max(re.findall(r"\d+", draft.words), key=len, default="")
        if len(digits) < LONG and draft.asked == self.slot:
            taken = draft.entities("amount") or draft.entities("card_tail")
            digits = "" if taken else re.sub(r"\D", "", draft.words)
        elif len(digits) < LONG:
            digits = ""
        if not digits:
            return None
        if len(digits) == MOBILE_DIGITS:
            raise Unfit("这不是一个手机号，请核对后重新发送。")
        raise Unfit(f"手机号是 {MOBILE_DIGITS} 位，您发来的是 {len(digits)} 位，请核对。")

    def _numbers(self, draft: Draft) -> Iterator[str]:
        asked = draft.asked == self.slot
        if asked and _GROUPED.fullmatch(draft.words):
            words = re.sub(r" ", "", draft.words)
            if sum(map(str.isdigit, words)) >= SHORT:
                yield words.upper()
            return
        sums = [each for each in draft.entities("amount") if not _is_number(draft, each)]
        said = [*sums, *draft.entities("card_tail")]
        for match in _NUMBER.finditer(draft.words):
            called = _CALLED.search(draft.words[: match.start()]) is not None
            taken = any(
                each["start"] < match.end() and match.start() < each["end"] for each in said
            )
            digits = sum(map(str.isdigit, match.group()))
            long = digits >= (SHORT if called or asked else LONG)
            if long and (called or not taken) and not is_denied(draft.words, match.start()):
                yield match.group().upper()

    def default(self, draft: Draft) -> str | None:
        if draft.get("biller") is None or draft.asked == self.slot or _for_somebody(draft):
            return None
        saved = saved_numbers(draft)
        return saved[0] if len(saved) == 1 else None

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        """A phone's button has it masked, as whatever is kept of the conversation should."""
        known = (draft.customer.phone, *saved_numbers(draft)) if "*" in value else ()
        return {self.slot: next((each for each in known if mask_phone(each) == value), value)}

    def question(self, draft: Draft) -> Question:
        biller, saved = biller_of(draft), saved_numbers(draft)
        if biller is None or biller.kind == "mobile":
            own = mask_phone(draft.customer.phone)
            masked = [mask_phone(each) for each in saved]
            titles = {own: f"本机 {own}", **{each: each for each in masked if each != own}}
            replies = {title: button(self.slot, each) for each, title in titles.items()}
            return Question("给哪个手机号充值？", replies)
        called = biller.number_name
        replies = {number: button(self.slot, number) for number in saved}
        if saved:
            return Question(f"请选择{called}，或发来新的{called}。", replies)
        return Question(f"请发来{name_of(biller)}的{called}，缴费单上可以找到。")


class BillAmount(Amount):
    """All that is due; of prepaid ones what the customer wants."""

    verb = "缴"

    def read(self, draft: Draft) -> dict[str, Any]:
        due = due_of(draft)
        agreed = draft.asked == self.slot and draft.turn.intent == "affirm"
        in_full = agreed or _IN_FULL.search(draft.words)
        if in_full and due and not due.biller.prepaid and not draft.entities("amount"):
            return {self.slot: due.amount}
        return super().read(draft)

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        return _is_number(draft, entity)

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}

    def default(self, draft: Draft) -> int | None:
        """Not where another sum was refused, and this one is asked about."""
        due = due_of(draft)
        known = due and not due.biller.prepaid and draft.asked != self.slot
        return due.amount if due and known and due.amount else None

    def question(self, draft: Draft) -> Question:
        due, biller = due_of(draft), biller_of(draft)
        if due and not due.biller.prepaid:
            replies = {f"缴清 {yuan(due.amount)}": button(self.slot, str(due.amount))}
            return Question(f"本期应缴 {yuan(due.amount)}，需要一次缴清。", replies)
        sold = biller.amounts if biller else ()
        replies = {yuan(fen): button(self.slot, str(fen)) for fen in sold}
        return Question(f"给 {shown_number(draft, draft.get('bill_number'))} 充多少钱？", replies)


def _is_number(draft: Draft, entity: dict[str, Any]) -> bool:
    """给3301003001交电费: so many bare digits are no sum."""
    return re.fullmatch(rf"\d{{{LONG},}}", draft.words[entity["start"] : entity["end"]]) is not None


def _for_somebody(draft: Draft) -> bool:
    """Whether another's bill was spoken of since the operation was begun."""
    begun = False
    for event in reversed(draft.turn.tracker.events):
        begun = begun or event.get("name") == f"action_begin_{draft.operation}"
        if event.get("event") != "user":
            continue
        found = (event.get("parse_data") or {}).get("entities") or []
        if any(each.get("entity") == "payee" for each in found):
            return True
        if _SOMEBODY.search(event.get("text") or ""):
            return True
        if begun:
            return False
    return False
