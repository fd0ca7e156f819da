"""The fields of a loan application: product, sum, term, way of repaying, purpose, income, consent."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit, button
from actions.loan_queries import PRODUCT_WORDS
from actions.operations import Field, Question
from actions.sums import Amount
from actions.wording import percent, term
from bot.banking.models import METHOD_NAMES, LoanProduct, yuan
from bot.text.amounts import find_money
from bot.text.loan_terms import find_loan_terms
from bot.text.repairs import wants_change

YES, NO = "yes", "no"
LONGEST_PURPOSE = 30

_LENT = re.compile(r"贷|借|金额|额度")
# What money is wanted for names the product, where nothing else does.
_HINTS = {
    "车": re.compile(r"[买购]车|汽车|新车"),
    "房": re.compile(r"[买购]房|首套|二套|按揭"),
    "经营": re.compile(r"生意|开店|经营|周转|进货|铺货"),
    "消费": re.compile(r"装修|家装|旅游|家电|家具|学费|留学|结婚|婚礼|看病|医疗|消费"),
}
_NOT_ONLINE = {"student_loan": "助学贷款", "provident_loan": "公积金贷款"}
_INCOME = re.compile(
    r"(?P<yearly>年薪|年收入|一年(?:能|大概)?[挣赚])|月入|月薪|月收入|每?个?月(?:能|大概)?[挣赚]|工资|收入|到手"
)
_CLAUSE_END = re.compile(r"[,，。;；!！?？]|想贷|要贷|贷|借")
_NO_INCOME = re.compile(
    r"(?:我?(?:现在|目前)?(?:还)?(?:没有?|无)(?:固定|稳定)?(?:收入|工作|工资)?|失业).{0,3}"
)
_BARE_TERM = re.compile(r"(?:就|选|分|要|改成|换成)*(?P<number>\d{1,3})(?:吧|就行|好了)?[。.]?")
_FORBIDDEN = re.compile(
    r"炒股|股票|股市|期货|基金|理财|证券|赌\w?|比特币|虚拟币|炒币|炒房|放贷|转借|还信用卡|还网贷|还贷|以贷养贷"
)
_PURPOSE = re.compile(
    r"(?:用途|用来|用于|用作|拿来|拿去|是为了)(?:是|为|:|就|改成|改为|换成)*(?P<what>[^,，。;；!！?？]+)"
)
_KNOWN = "装修|教育|留学|旅游|医疗|家电|家具|结婚|购车|购房|进货|资金周转|设备"
_SAME = {"买车": "购车", "买房": "购房", "学费": "教育", "看病": "医疗", "周转": "资金周转"}
_NAMED = re.compile(rf"(?:{_KNOWN}|{'|'.join(_SAME)})")
_NO_PURPOSE = re.compile(r"等额本|\d+\s?(?:万|年|期|个月)|收入|月薪|征信")
_CONSENT = re.compile(r"同意|授权")
_NO_CONSENT = re.compile(
    r"(?:不|没有?|拒绝|取消|撤[回销])(?:想|愿意|能|接受)?.{0,3}(?:同意|授权|接受|查征信|查询)|拒绝"
)
CONSENT_TEXT = (
    "还需要您单独授权：为审核这笔贷款申请，同意云杉银行向金融信用信息基础数据库查询您的个人信用报告。"
    "查询只用于本次审批和贷后管理，会在您的信用报告里留下一条查询记录。您同意吗？"
)


def products(draft: Draft) -> list[LoanProduct]:
    """What the customer may apply for, asked for once a turn."""
    if "products" not in draft.known:
        bank = draft.turn.services.bank
        draft.known["products"] = bank.loans.products(draft.customer_id)
    found: list[LoanProduct] = draft.known["products"]
    return found


def product_of(draft: Draft) -> LoanProduct | None:
    chosen = draft.get("loan_product")
    return next((each for each in products(draft) if each.id == chosen), None)


def income_clause(text: str) -> re.Match[str] | None:
    """月入一万五: where income is spoken of; it ends before what is borrowed."""
    return _INCOME.search(text)


def _clause(text: str, start: int) -> tuple[int, str]:
    end = _CLAUSE_END.search(text, start)
    return start, text[start : end.start() if end else len(text)]


class Product(Field):
    """Which loan."""

    slot = "loan_product"
    label = "贷款产品"
    words = r"产品|种类|哪种|哪个贷"
    plain = r"(?:就|选|要|办|那)*(?:云杉)?(?:消费|[购买]?车|[住买购]?房|经营)类?(?:贷款?|按揭)?(?:吧|的)?"
    dependents = ("loan_purpose",)

    def read(self, draft: Draft) -> dict[str, Any]:
        named = [str(each["value"]) for each in draft.entities("product")]
        for kind in reversed(named):
            if kind in _NOT_ONLINE:
                raise Unfit(f"{_NOT_ONLINE[kind]}目前不能在线申请，请到网点办理。")
            if kind in PRODUCT_WORDS:
                found = self._only(draft, PRODUCT_WORDS[kind])
                if found:
                    return {self.slot: found.id}
        return self._hinted(draft)

    def _hinted(self, draft: Draft) -> dict[str, Any]:
        for product in products(draft):
            if product.name in draft.words:
                return {self.slot: product.id}
        if draft.get(self.slot) is not None and draft.asked != self.slot:
            return {}
        meant = [word for word, hint in _HINTS.items() if hint.search(draft.words)]
        if draft.asked == self.slot:
            meant = meant or [word for word in _HINTS if word in draft.words]
        found = self._only(draft, meant[0]) if len(meant) == 1 else None
        return {self.slot: found.id} if found else {}

    def _only(self, draft: Draft, word: str) -> LoanProduct | None:
        found = [each for each in products(draft) if word in each.name]
        return found[0] if len(found) == 1 else None

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value} if any(each.id == value for each in products(draft)) else {}

    def question(self, draft: Draft) -> Question:
        replies = {
            f"{each.name}（年利率 {percent(each.annual_rate)}）": button(self.slot, each.id)
            for each in products(draft)
        }
        return Question("您想申请哪一种贷款？", replies)

    def show(self, draft: Draft) -> str:
        product = product_of(draft)
        return product.name if product else ""


class LoanAmount(Amount):
    """How much is borrowed; a sum earned is not one."""

    label = "贷款金额"
    words = r"金额|数目|贷多少|额度"

    def read(self, draft: Draft) -> dict[str, Any]:
        if speaks_of_income(draft):
            return {}
        terms = find_loan_terms(draft.words)
        if terms.months is not None and terms.amount is not None and not income_clause(draft.words):
            return {self.slot: terms.amount}  # 十万五年 is no sum of 十万五
        return super().read(draft)

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        found = income_clause(draft.words)
        if not found:
            return False
        start, clause = _clause(draft.words, found.start())
        return start <= (entity.get("start") or 0) < start + len(clause)

    def question(self, draft: Draft) -> Question:
        product = product_of(draft)
        limits = (
            f"{product.name}可贷 {yuan(product.least)} 到 {yuan(product.most)}。" if product else ""
        )
        return Question(f"您想贷多少？{limits}")


def speaks_of_income(draft: Draft) -> bool:
    """Whether a figure in this message is the income that was asked for."""
    return draft.asked == Income.slot and not _LENT.search(draft.words)


class Months(Field):
    """For how long."""

    slot = "loan_months"
    label = "期限"
    words = r"期限|年限|期数|几年|多久|时间"
    plain = (
        r"(?:就|选|分|要|改成|换成)*[一二两三四五六七八九十半\d]{1,3}(?:年半?|个月|期)(?:吧|的)?"
    )

    def read(self, draft: Draft) -> dict[str, Any]:
        if speaks_of_income(draft):
            return {}
        months = find_loan_terms(draft.words).months
        said = [int(each["value"]) for each in draft.entities("instalments")]
        if months is None and said:
            months = said[-1]
        bare = _BARE_TERM.fullmatch(draft.words) if draft.asked == self.slot else None
        if months is None and bare:
            months = self._months(draft, int(bare["number"]))
        return {} if months is None else {self.slot: months}

    def _months(self, draft: Draft, number: int) -> int:
        """A bare number means months, or years where only those are sold."""
        product = product_of(draft)
        terms = product.terms if product else ()
        return number * 12 if number not in terms and number * 12 in terms else number

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: int(value)}

    def question(self, draft: Draft) -> Question:
        product = product_of(draft)
        terms = product.terms if product else ()
        return Question(
            "打算分多久还？", {term(each): button(self.slot, str(each)) for each in terms}
        )

    def show(self, draft: Draft) -> str:
        return term(draft.get(self.slot))


class Method(Field):
    """Equal instalments, unless the customer says otherwise."""

    slot = "loan_method"
    label = "还款方式"
    words = r"还款方式|还款方法|怎么还"
    plain = r".{0,5}等额本[息金].{0,3}"

    def read(self, draft: Draft) -> dict[str, Any]:
        method = find_loan_terms(draft.words).method
        return {self.slot: method} if method else {}

    def default(self, draft: Draft) -> str | None:
        product = product_of(draft)
        return product.methods[0] if product else None

    def question(self, draft: Draft) -> Question:
        product = product_of(draft)
        methods = product.methods if product else ()
        replies = {METHOD_NAMES[each]: button(self.slot, each) for each in methods}
        return Question(
            "您想用哪种还款方式？等额本息每月还一样多，等额本金先多后少、总利息更少。", replies
        )

    def show(self, draft: Draft) -> str:
        return METHOD_NAMES[draft.get(self.slot)]


class Purpose(Field):
    """What the money is for; some things may not be paid with a loan."""

    slot = "loan_purpose"
    label = "贷款用途"
    words = r"用途|用来|干什么用"
    plain = rf"(?:用于|用来|拿来|就是|是)?(?:{_KNOWN}|{'|'.join(_SAME)}|日常消费|{_FORBIDDEN.pattern}).{{0,4}}"

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
    """What the customer earns a month, in fen; a yearly figure is divided."""

    slot = "loan_income"
    label = "月收入"
    words = r"收入|工资|月薪"

    def read(self, draft: Draft) -> dict[str, Any]:
        found = income_clause(draft.words)
        start, clause = _clause(draft.words, found.start()) if found else (0, "")
        sums = [each.value for each in find_money(clause) if each.value is not None]
        if found and sums:
            value = int(sums[0])
            return {self.slot: round(value / 12) if found["yearly"] else value}
        if not speaks_of_income(draft):
            return {}
        if _NO_INCOME.fullmatch(draft.words):
            return {self.slot: 0}
        return super().read(draft)

    def question(self, draft: Draft) -> Question:
        return Question("您每月的收入（税后）是多少？没有收入可以说“没有收入”。")


class Consent(Field):
    """The agreement to a query of the credit report: its own, and in plain words."""

    slot = "credit_consent"
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
