"""The quick replies of a clarifying question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.faq.retriever import Candidate

# What business is called on a quick reply.
TITLES = {
    "check_balance": "查余额",
    "query_transactions": "查交易明细",
    "transfer_money": "转账",
    "pay_bill": "生活缴费",
    "report_card_loss": "卡片挂失",
    "unfreeze_account": "解锁账户",
    "query_card_bill": "查信用卡账单",
    "repay_card": "信用卡还款",
    "apply_installment": "办理分期",
    "redeem_points": "积分查询与兑换",
    "apply_loan": "申请贷款",
    "query_loan_progress": "查贷款进度",
    "dispute_transaction": "交易有问题",
    "complaint": "我要投诉",
    "suggestion": "提建议",
    "request_human": "转人工",
}
# Offered under every clarifying question, so that a wrong guess is never a dead end.
NONE_OF_THESE = {"title": "都不是", "payload": "/nlu_fallback"}
MOST = 3

Offer = dict[str, str]


def intent_offers(
    ranking: Sequence[Mapping[str, Any]], entities: Iterable[Mapping[str, Any]], least: float
) -> list[Offer]:
    """Business that may be meant; what the customer said already goes along with it."""
    said = {entity["entity"]: entity["value"] for entity in entities}
    carried = json.dumps(said, ensure_ascii=False) if said else ""
    return [
        {"title": TITLES[each["name"]], "payload": f"/{each['name']}{carried}"}
        for each in ranking[:2]
        if each["name"] in TITLES and each["confidence"] >= least
    ]


def faq_offers(candidates: Iterable[Candidate], least: float) -> list[Offer]:
    """Questions that may be meant; pressing one asks it word for word."""
    return [
        {"title": each.entry.question, "payload": each.entry.question}
        for each in candidates
        if each.score >= least
    ]
