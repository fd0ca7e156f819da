"""What can be applied for at the simulated bank."""

from __future__ import annotations

from decimal import Decimal

from bot.banking.models import LoanProduct, Material, Method

_ID = Material("identity", "身份证正反面")
_INCOME = Material("income", "近六个月收入证明或工资流水")
_BOTH: tuple[Method, ...] = ("equal_instalments", "equal_principal")

PRODUCTS = {
    product.id: product
    for product in (
        LoanProduct(
            "consumer", "云杉消费贷", 100_000, 30_000_000, (6, 12, 24, 36), Decimal("0.0480"),
            _BOTH, (_ID, _INCOME, Material("purpose", "用途证明（合同或发票）")),
        ),
        LoanProduct(
            "car", "云杉购车贷", 1_000_000, 80_000_000, (12, 24, 36, 60), Decimal("0.0420"),
            _BOTH, (_ID, _INCOME, Material("contract", "购车合同"),
                    Material("licence", "驾驶证", needed=False)),
        ),
        LoanProduct(
            "home", "云杉住房贷", 10_000_000, 1_000_000_000, (120, 240, 360), Decimal("0.0310"),
            _BOTH, (_ID, _INCOME, Material("contract", "购房合同"),
                    Material("marriage", "婚姻状况证明"), Material("down_payment", "首付款凭证")),
        ),
        LoanProduct(
            "business", "云杉经营贷", 1_000_000, 300_000_000, (12, 24, 36), Decimal("0.0390"),
            _BOTH, (_ID, Material("licence", "营业执照"), Material("statements", "近一年对公流水"),
                    Material("tax", "纳税证明", needed=False)),
        ),
    )
}  # fmt: skip
