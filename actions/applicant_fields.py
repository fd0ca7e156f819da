"""What a loan application asks of its customer: purpose, income, consent to the credit report query."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit, button
from actions.loan_fields import CONSENT, INCOME, product_of, speaks_of_income
from actions.operation_design import Field, Question
from actions.sums import Amount
from bot.text.incomes import find_income, find_sum
from bot.text.repairs import wants_change

YES, NO = "yes", "no"
LONGEST_PURPOSE = 30

_NO_INCOME = re.compile(
    r"(?:我?(?:现在|目前)?(?:还)?(?:没有?|无)(?:固定|稳定)?(?:收入|工作|工资)?|失业).{0,3}"
)
_YEARLY = re.compile(r"一年|每年|年薪|全年|年收入")
_FORBIDDEN = re.compile(
    r"炒股|股票|股市|期货|基金|理财|证券|赌\w?|比特币|虚拟币|炒币|炒房|放贷|转借|还信用卡|还网贷|还贷|以贷养贷"
)
_PURPOSE = re.compile(
    r"(?:用途|用来|用于|用作|拿来|拿去|是为了)(?:是|为|:|就|改成|改为|换成)*(?P<what>[^,，。;；!！?？]+)"
)
_KNOWN = "装修|教育|留学|旅游|医疗|家电|家具|结婚|购车|购房|进货|资金周转|设备"
_SAME = {"买车": "购车", "买房": "购房", "学费": "教育", "看病": "医疗", "周转": "资金周转"}
_NAMED = re.compile(rf"(?:{_KNOWN}|{'|'.join(_SAME)})")
_NO_PURPOSE = re.compile(
    r"等额本|\d+\s?(?:万|年|期|个月)|收入|月薪|征信|每个?月|万(?:左右|元|块)?$"
)
_CONSENT = re.compile(r"同意|授权")
_NO_CONSENT = re.compile(
    r"(?:不|没有?|拒绝|取消|撤[回销])(?:想|愿意|能|接受)?.{0,3}(?:同意|授权|接受|查征信|查询)|拒绝"
)
CONSENT_TEXT = (
    "还需要您单独授权：为审核这笔贷款申请，同意云杉银行向金融信用信息基础数据库查询您的个人信用报告。"
    "查询只用于本次审批和贷后管理，会在您的信用报告里留下一条查询记录。您同意吗？"
)


class Purpose(Field):
    """What the money is for; some things may not be paid with a loan."""

    slot = "loan_purpose"
    label = "贷款用途"
    words = r"用途|用来|干什么用"
    plain = (
        r"(?!.*(?:[吗呢?？]|什么|多少|怎么|哪))"
        rf".{{0,8}}(?:{_KNOWN}|{'|'.join(_SAME)}|消费|{_FORBIDDEN.pattern}).{{0,6}}"
    )

    def claims(self, draft: Draft) -> bool:
        """What is written where it is asked for is one, unless it changes something else."""
        asked = draft.asked == self.slot and (draft.may_be_text or self.is_plain(draft))
        changes = draft.turn.intent == "correct" or wants_change(draft.words)
        return asked and not changes and not _NO_PURPOSE.search(draft.words)

    def read(self, draft: Draft) -> dict[str, Any]:
        match = _PURPOSE.search(draft.words)
        said = match["what"] if match else ""
        if not said and self.claims(draft):
            said = draft.words
        elif not said and draft.get(self.slot) is None:
            known = _NAMED.search(draft.words)
            said = known.group() if known else ""
        said = said.strip(" ,。.!！用的")
        forbidden = _FORBIDDEN.search(said)
        if forbidden:
            raise Unfit(f"按监管规定，贷款不能用于{forbidden.group()}。请告诉我实际的用途。")
        if len(said) > LONGEST_PURPOSE:
            raise Unfit(f"用途请写在 {LONGEST_PURPOSE} 个字以内。")
        return {self.slot: _SAME.get(said, said)} if said else {}

    def default(self, draft: Draft) -> str | None:
        product = product_of(draft)
        fixed = {"车": "购车", "房": "购房"}
        names = [use for word, use in fixed.items() if product and word in product.name]
        return names[0] if names else None

    def question(self, draft: Draft) -> Question:
        product = product_of(draft)
        business = product is not None and "经营" in product.name
        usual = (
            ("资金周转", "进货", "购置设备")
            if business
            else ("装修", "教育", "医疗", "旅游", "家电")
        )
        replies = {use: button(self.slot, use) for use in usual}
        return Question("这笔钱打算用在哪里？可以直接写。", replies)


class Income(Amount):
    """What the customer earns a month, in fen."""

    slot = INCOME
    label = "月收入"
    words = r"收入|工资|月薪"

    def read(self, draft: Draft) -> dict[str, Any]:
        income = find_income(draft.words)
        if income is not None and income.value is not None:
            return {self.slot: income.value}
        if not speaks_of_income(draft):
            return {}
        if _NO_INCOME.fullmatch(draft.words):
            return {self.slot: 0}
        said = super().read(draft)
        if not said and not draft.is_elsewhere and (bare := find_sum(draft.words)) is not None:
            said = {self.slot: bare}
        if said and _YEARLY.search(draft.words):
            return {self.slot: round(said[self.slot] / 12)}
        return said

    def question(self, draft: Draft) -> Question:
        return Question("您每月的收入（税后）是多少？没有收入可以说“没有收入”。")


class Consent(Field):
    """The agreement to a query of the credit report: its own, and in plain words."""

    slot = CONSENT
    label = "征信授权"
    words = r"征信|授权"
    plain = (
        r"(?:好的?,?|行,?|可以,?)?我?(?:不|拒绝)?(?:同意|授权)(?:授权|你们|查询|查征信|征信)*.{0,3}"
    )

    def read(self, draft: Draft) -> dict[str, Any]:
        asked = draft.asked == self.slot
        if _NO_CONSENT.search(draft.words) and (asked or re.search(self.words, draft.words)):
            return {self.slot: NO}
        if not asked:
            return {}
        if _CONSENT.search(draft.words):
            return {self.slot: YES}
        if draft.turn.intent == "deny":
            return {self.slot: NO}
        if draft.turn.intent == "affirm":
            raise Unfit("征信授权需要您明确表示：请点“同意授权”，或回复“我同意授权”。")
        return {}

    def question(self, draft: Draft) -> Question:
        replies = {"同意授权": button(self.slot, YES), "不同意": button(self.slot, NO)}
        return Question(CONSENT_TEXT, replies)

    def show(self, draft: Draft) -> str:
        return "已同意查询征信" if draft.get(self.slot) == YES else ""
