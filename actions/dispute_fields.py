"""The fields of a dispute: what is wrong, with which transaction, and whether its card is stopped."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from actions.dispute_search import DROPPED, Search, find, kept, only, said_of, title_of
from actions.draft import Draft, button
from actions.operation_design import Field, Question
from actions.query import wants_more
from actions.turn import PERSON
from actions.wording import moment
from bot.banking.models import REASON_NAMES, Card, Transaction, yuan
from bot.text.disputes import find_matter, keeps_card, place_in_answer
from bot.text.masking import drop_secrets, mask_text

# How a customer says it, for the quick replies.
CHOICES = {
    "unknown": "不是我本人交易",
    "duplicate": "重复扣款",
    "wrong_amount": "金额不对",
    "not_received": "没收到商品或服务",
    "no_refund": "退款没到账",
    "wrong_transfer": "转错账户",
    "scam": "我被骗了",
}
LONGEST_STATEMENT = 200
# Shorter than this a message says no more than that something is wrong.
LEAST_STATEMENT = 6
# How a message begins that only adds to what was said.
ADDED = ("补充", "再补充", "说明", "情况是")
_POINTED = re.compile(r"(?:[那这第]|最)[一二三四五六七八1-8上新近]?[面]?的?[那]?[笔个条]")
LONGEST_POINTED = 20


class Reason(Field):
    """What is wrong, asked only where it was not said; may turn out to be a person's matter."""

    slot = "dispute_reason"
    label = "争议原因"
    words = r"原因|类型|情况"

    def read(self, draft: Draft) -> dict[str, Any]:
        if draft.asked not in (None, self.slot) and draft.turn.intent not in (
            "correct",
            draft.operation,
        ):
            return {}
        matter = find_matter(draft.words)
        return {self.slot: matter} if matter else {}

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value} if value in CHOICES else {}

    def question(self, draft: Draft) -> Question:
        replies = {title: button(self.slot, value) for value, title in CHOICES.items()}
        return Question("请问这笔交易是哪种情况？", {**replies, **PERSON})

    def show(self, draft: Draft) -> str:
        return REASON_NAMES.get(draft.get(self.slot), "")


class Entry(Field):
    """The transaction; what is said of it narrows the search until one is left or chosen."""

    slot = "dispute_entry"
    label = "交易"
    words = r"交易|哪笔|这笔|那笔"
    MORE = "more"

    def is_plain(self, draft: Draft) -> bool:
        """云杉商城那笔, 第二笔, 更早的: never a query where it is asked which one."""
        if draft.asked != self.slot or not draft.words:
            return False
        pointed = _POINTED.search(draft.words) and len(draft.words) <= LONGEST_POINTED
        return bool(pointed) or wants_more(draft.turn)

    def read(self, draft: Draft) -> dict[str, Any]:
        asked = draft.asked == self.slot
        search: Search = draft.get("dispute_search") or {}
        if asked and draft.words:
            place = place_in_answer(draft.words)
            shown = find(draft, search).items
            if place is not None and place < len(shown):
                return {self.slot: kept(shown[place])}
            if wants_more(draft.turn):
                return self._next(draft, search)
        said = said_of(draft, asked)
        if not said or (draft.asked == "dispute_stop" and set(said) <= {"account_id"}):
            return {}
        search = {**search, **said, "cursor": None}
        one = only(draft, search)
        return {"dispute_search": search, self.slot: kept(one) if one else None}

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        search: Search = draft.get("dispute_search") or {}
        if value == self.MORE:
            return self._next(draft, search)
        chosen = [each for each in find(draft, search).items if _key(each) == value]
        return {self.slot: kept(chosen[0])} if chosen else {}

    def _next(self, draft: Draft, search: Search) -> dict[str, Any]:
        page = find(draft, search).page
        if not page.more:
            draft.remarks.append("已经是全部了，没有更早的支出。")
            return {"dispute_search": search}
        return {"dispute_search": {**search, "cursor": page.cursor}}

    def default(self, draft: Draft) -> dict[str, Any] | None:
        if draft.get("dispute_reason") is None or draft.asked == self.slot:
            return None
        one = only(draft, draft.get("dispute_search") or {})
        return kept(one) if one else None

    def question(self, draft: Draft) -> Question:
        found = find(draft, draft.get("dispute_search") or {})
        if not found.items:
            return Question(
                "没有找到可以登记的支出。可以换个日期、金额或卡再试，也可以由人工客服查找。", PERSON
            )
        missed = "、".join(DROPPED[name] for name in found.missed)
        text = f"没有{missed}完全符合的交易，最近的支出如下。" if missed else ""
        replies = {title_of(draft, each): button(self.slot, _key(each)) for each in found.items}
        if found.page.more:
            replies["看更早的"] = button(self.slot, self.MORE)
        ask = "是哪一笔？点选就可以，也可以告诉我日期、金额或商户名称。"
        return Question(text + ask, {**replies, **PERSON})

    def show(self, draft: Draft) -> str:
        entry = draft.get(self.slot)
        return " ".join(filter(None, (entry["summary"], entry["counterparty"])))


class Stop(Field):
    """Whether the card is reported lost first, where somebody else may have used it."""

    slot = "dispute_stop"
    label = "挂失"
    words = r"挂失|停卡"
    NOW, NO = "now", "no"

    def read(self, draft: Draft) -> dict[str, Any]:
        if keeps_card(draft.words):
            return {self.slot: self.NO}
        if self.is_plain(draft):
            return {self.slot: self.NOW}
        answers = {"affirm": self.NOW, "deny": self.NO} if draft.asked == self.slot else {}
        answer = answers.get(draft.turn.intent or "")
        return {self.slot: answer} if answer else {}

    def is_plain(self, draft: Draft) -> bool:
        """帮我把卡挂失: at any question, and the dispute comes back."""
        return draft.turn.intent == "report_card_loss" and draft.asked is not None

    def default(self, draft: Draft) -> str | None:
        """Nothing to ask where it is nobody's theft, or no card of the account is in use."""
        reason, entry = draft.get("dispute_reason"), draft.get("dispute_entry")
        if reason is None or entry is None:
            return None
        theft = reason == "unknown" and card_of(draft, entry["account_id"]) is not None
        return None if theft else self.NO

    def question(self, draft: Draft) -> Question:
        card = card_of(draft, draft.get("dispute_entry")["account_id"])
        assert card is not None
        return Question(
            f"为防止再被扣款，建议先挂失{card.label}，挂失立即生效。现在挂失吗？",
            {
                "先挂失": button(self.slot, self.NOW),
                "不用挂失": button(self.slot, self.NO),
                **PERSON,
            },
        )

    def show(self, draft: Draft) -> str:
        return ""


class Statement(Field):
    """What the customer wrote of it in their own words; never asked for."""

    slot = "dispute_statement"
    label = "情况说明"
    words = r"说明|补充"

    def claims(self, draft: Draft) -> bool:
        """A sum or a day in what is added is no other transaction."""
        return draft.words.startswith(ADDED)

    def read(self, draft: Draft) -> dict[str, Any]:
        text = draft.words.strip()
        first = draft.asked is None and len(text) >= LEAST_STATEMENT
        if not (first or self.claims(draft)):
            return {}
        safe = mask_text(drop_secrets(text)[0])
        return {self.slot: safe[:LONGEST_STATEMENT]}

    def default(self, draft: Draft) -> str:
        return ""

    def question(self, draft: Draft) -> Question:
        return Question("还有什么要补充的吗？以“补充”开头写下来就可以。")

    def show(self, draft: Draft) -> str:
        return draft.get(self.slot) or ""


def card_of(draft: Draft, account_id: str | None) -> Card | None:
    """A card in use that draws on the account."""
    found = (c for c in draft.cards if c.account_id == account_id and c.status == "normal")
    return next(found, None)


def facts_of(draft: Draft) -> dict[str, str]:
    """The transaction by its labels, for the card and for the agent."""
    entry = draft.get(Entry.slot)
    today = draft.turn.today
    account = next((a.label for a in draft.accounts if a.id == entry["account_id"]), "")
    return {
        "账户": account,
        "交易金额": yuan(-entry["amount"]),
        "交易时间": moment(datetime.fromisoformat(entry["at"]), today),
    }


def _key(item: Transaction) -> str:
    return f"{item.account_id}|{item.id}"
