"""Every operation by its name, which is the intent that begins it."""

from __future__ import annotations

from actions.apply_loan import ApplyLoan
from actions.card_activation import Activation
from actions.card_loss import CardLoss
from actions.card_replacement import Replacement
from actions.dispute_design import DisputeTransaction
from actions.freeze import Freeze
from actions.instalments import Instalments
from actions.operation_design import OperationDesign
from actions.pay_bill import BillPayment
from actions.points import Redemption
from actions.raise_limit import LimitRaise
from actions.repay_card import CardRepayment
from actions.transfer import TransferMoney
from actions.transfer_cancel import CancelTransferDesign
from actions.unfreeze import Reopen
from actions.withdraw_loan import WithdrawLoan

DESIGNS: dict[str, OperationDesign] = {
    design.name: design
    for design in (
        ApplyLoan(),
        Activation(),
        CardLoss(),
        Replacement(),
        DisputeTransaction(),
        Freeze(),
        Instalments(),
        BillPayment(),
        Redemption(),
        LimitRaise(),
        CardRepayment(),
        TransferMoney(),
        CancelTransferDesign(),
        Reopen(),
        WithdrawLoan(),
    )
}
