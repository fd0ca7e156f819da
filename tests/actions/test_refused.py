"""A value that is refused takes nothing else of the message with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.talk import Begin

TRANSFER, BILL, REPAY = "transfer_money", "pay_bill", "repay_card"
RAISE, LOAN, SPLIT, REDEEM = "raise_limit", "apply_loan", "apply_installment", "redeem_points"


@pytest.mark.parametrize(
    ("begun", "intent", "said", "why", "kept"),
    [
        # Sums that nobody can know, or that are too much.
        ("转账给李梅", TRANSFER, "两三百吧，从8866出，备注房租", "准确的金额", {"pay_from": "C1001-1"}),
        ("转账给李梅", TRANSFER, "一百万，从8866出，备注房租", "限额",
         {"pay_from": "C1001-1", "memo": "房租"}),
        # A number that cannot be, an account that is not there.
        ("我要转账", TRANSFER, "转500给李四，卡号6228481001123450，从8866出", "卡号",
         {"payee_name": "李四", "amount": 50_000, "pay_from": "C1001-1"}),
        ("我要转账", TRANSFER, "从9999转500给李梅，备注房租", "没有尾号 9999",
         {"payee_name": "李梅", "amount": 50_000, "memo": "房租"}),
        ("我要转账", TRANSFER, "转500给李梅，卡号6217001003406612，从8866出，备注定金", "姓名与账号不一致",
         {"amount": 50_000, "pay_from": "C1001-1", "memo": "定金"}),
        ("我要缴费", BILL, "给1380013800充50话费，用8866付", "11 位",
         {"biller": "mobile", "amount": 5_000, "pay_from": "C1001-1"}),
        ("我要缴费", BILL, "给13900139000充80话费，用8866付", "不能充",
         {"bill_number": "13900139000", "pay_from": "C1001-1"}),
        ("我要缴费", BILL, "给13900139000充50话费，用9999付", "没有尾号 9999",
         {"bill_number": "13900139000", "amount": 5_000}),
        ("我要缴费", BILL, "交电费，户号9999999999，用8866付", "没有查到",
         {"biller": "power", "pay_from": "C1001-1"}),
        ("还信用卡", REPAY, "还9万，用8866还", "不能多还", {"pay_from": "C1001-1"}),
        ("还信用卡", REPAY, "用尾号9999的卡还最低还款", "9999", {"repay_part": "minimum"}),
        ("临时提额", RAISE, "提到90万，用30天", "最高", {"until": "2026-04-01"}),
        ("临时提额", RAISE, "提到6万，用300天", "60", {"amount": 6_000_000}),
        ("申请消费贷", LOAN, "贷900万分24个月，用于装修，月入1万5", "不在",
         {"loan_months": 24, "loan_purpose": "装修", "loan_income": 1_500_000}),
        ("申请消费贷", LOAN, "贷10万分24个月，用于炒股，月入1万5", "炒股",
         {"amount": 10_000_000, "loan_months": 24, "loan_income": 1_500_000}),
        ("申请消费贷", LOAN, "贷10万分23个月，用于装修，月入1万5", "期限",
         {"amount": 10_000_000, "loan_purpose": "装修", "loan_income": 1_500_000}),
        ("账单分期", SPLIT, "分1000，分13期", "13 期", {"amount": 100_000}),
        ("账单分期", SPLIT, "分1万，分12期", "可以分期的金额", {"periods": 12}),
        ("我要兑换积分", REDEEM, "换30件咖啡券", "不够", {"gift": "coffee"}),
    ],
)  # fmt: skip
def test_the_rest_is_kept(
    talk: Begin, begun: str, intent: str, said: str, why: str, kept: dict[str, Any]
) -> None:
    zhang = talk()
    zhang.say(begun, intent)
    assert why in zhang.say(said)
    assert {slot: zhang.slots[slot] for slot in kept} == kept
