"""The fields of a loan: product, sum, term, way of repaying."""

from __future__ import annotations

import re
from typing import Any

from actions.draft import Draft, Unfit, button
from actions.loan_queries import PRODUCT_WORDS
from actions.operation_design import Field, Question
from actions.sums import Amount
from actions.wording import percent, term
from bot.banking.models import METHOD_NAMES, LoanProduct, yuan
from bot.text.incomes import find_income
from bot.text.loan_terms import find_loan_terms

# The slot of the income, whose figures are no sums to borrow.
INCOME = "loan_income"
# The slot of the agreement to a query of the credit report.
CONSENT = "credit_consent"

_LENT = re.compile(r"贷|借|金额|额度")
# What money is wanted for names the product, where nothing else does.
_HINTS = {
    "车": re.compile(r"[买购]车|汽车|新车"),
    "房": re.compile(r"[买购]房|首套|二套|按揭"),
    "经营": re.compile(r"生意|开店|经营|周转|进货|铺货"),
    "消费": re.compile(r"装修|家装|旅游|家电|家具|学费|留学|结婚|婚礼|看病|医疗|消费"),
}
_NOT_ONLINE = {"student_loan": "助学贷款", "provident_loan": "公积金贷款"}
_BARE_TERM = re.compile(r"(?:就|选|分|要|改成|换成)*(?P<number>\d{1,3})(?:吧|就行|好了)?[。.]?")


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


class Product(Field):
    """Which loan."""

    slot = "loan_product"
    label = "贷款产品"
    words = r"产品|种类|哪种|哪个贷"
    plain = r"(?:就|选|要|办|那)*(?:云杉)?(?:消费|[购买]?车|[住买购]?房|经营)类?(?:贷款?|按揭)?(?:吧|的)?"
    # Consent was given for a loan of this kind and sum.
    dependents = ("loan_purpose", CONSENT)

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
    dependents = (CONSENT,)
    words = r"金额|数目|贷多少|额度"

    def read(self, draft: Draft) -> dict[str, Any]:
        if speaks_of_income(draft):
            return {}
        terms = find_loan_terms(draft.words)
        if terms.months is not None and terms.amount is not None and not find_income(draft.words):
            return {self.slot: terms.amount}  # 十万五年 is no sum of 十万五
        return super().read(draft)

    def is_aside(self, draft: Draft, entity: dict[str, Any]) -> bool:
        income = find_income(draft.words)
        return income is not None and income.start <= (entity.get("start") or 0) < income.end

    def question(self, draft: Draft) -> Question:
        product = product_of(draft)
        limits = (
            f"{product.name}可贷 {yuan(product.least)} 到 {yuan(product.most)}。" if product else ""
        )
        return Question(f"您想贷多少？{limits}")


def speaks_of_income(draft: Draft) -> bool:
    """Whether a figure in this message is the income that was asked for."""
    return draft.asked == INCOME and not _LENT.search(draft.words)


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
