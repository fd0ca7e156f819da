"""Which port's method carries out which request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.banking import requests as ask
from bot.banking.models import Receipt
from bot.banking.ports import Bank

CALLS: Mapping[type[ask.Request], Callable[[Bank], Callable[..., Receipt]]] = {
    ask.UnlockAccount: lambda bank: bank.accounts.unlock,
    ask.FreezeAccount: lambda bank: bank.accounts.freeze,
    ask.UnfreezeAccount: lambda bank: bank.accounts.unfreeze,
    ask.ReportLoss: lambda bank: bank.cards.report_loss,
    ask.LiftLoss: lambda bank: bank.cards.lift_loss,
    ask.OrderReplacement: lambda bank: bank.cards.replace,
    ask.ActivateCard: lambda bank: bank.cards.activate,
    ask.RepayCard: lambda bank: bank.cards.repay,
    ask.RaiseLimit: lambda bank: bank.cards.raise_limit,
    ask.TakeInstalments: lambda bank: bank.cards.take_instalments,
    ask.PayBill: lambda bank: bank.payments.pay,
    ask.Transfer: lambda bank: bank.transfers.execute,
    ask.CancelTransfer: lambda bank: bank.transfers.cancel,
    ask.SaveApplication: lambda bank: bank.loans.save,
    ask.AddMaterial: lambda bank: bank.loans.add_material,
    ask.SubmitApplication: lambda bank: bank.loans.submit,
    ask.WithdrawApplication: lambda bank: bank.loans.withdraw,
    ask.RedeemPoints: lambda bank: bank.rewards.redeem,
    ask.OpenDispute: lambda bank: bank.disputes.open,
}


def call(bank: Bank, customer_id: str, request: ask.Request, key: str) -> Receipt:
    """Ask the bank to carry out ``request`` under ``key``; errors as the port names them."""
    method: Callable[..., Any] = CALLS[type(request)](bank)
    receipt: Receipt = method(customer_id, request, idempotency_key=key)
    return receipt
