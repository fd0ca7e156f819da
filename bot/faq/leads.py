"""The business that a quick reply may lead to, and what it is called on one."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "check_balance": "查余额",
    "query_transactions": "查交易明细",
    "transfer_money": "转账",
    "pay_bill": "生活缴费",
    "report_card_loss": "卡片挂失",
    "activate_card": "激活卡片",
    "replace_card": "补办新卡",
    "track_card": "查新卡寄送",
    "freeze_account": "临时冻结账户",
    "unfreeze_account": "解锁账户",
    "query_card_bill": "查信用卡账单",
    "repay_card": "信用卡还款",
    "apply_installment": "办理分期",
    "raise_limit": "信用卡临时提额",
    "redeem_points": "积分查询与兑换",
    "apply_loan": "申请贷款",
    "query_loan_progress": "查贷款进度",
    "dispute_transaction": "交易有问题",
    "complaint": "我要投诉",
    "suggestion": "提建议",
    "request_human": "转人工",
}
# Told by their words and never learned: an answer may lead to them, no clarifying question does.
LEADS: dict[str, str] = TITLES | {
    "query_limits": "查转账限额",
    "cancel_transfer": "撤销转账",
    "query_loans": "查我的贷款",
    "calculate_loan": "贷款试算",
    "quote_instalments": "分期试算",
}
