"""Risk rules by our own hand, for a bank whose risk control leaves transfers to us.

A rule warns or holds; the gravest that fits decides. A restriction is told with its reason and
what the customer can do, as 《反电信网络诈骗法》 art. 32 asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.banking.models import Assessment, RiskContext
from bot.banking.ports import Accounts, Transfers
from bot.banking.requests import Transfer
from bot.text.clock import Clock, shanghai, utc_now

PASS = Assessment("pass")
# How many of the latest transfers are looked through.
RECORDS = 200
GRAVITY = {"pass": 0, "warn": 1, "hold": 2}

# What fraudsters call the account they want the money on.
SAFE_ACCOUNT = re.compile(
    r"安全(?:账|帐)[户号]|(?:公安|检察|法院|银监|反诈|专案)[^，。]{0,8}(?:账|帐)[户号]"
    r"|清查(?:账|帐)[户号]|验资|解冻(?:金|费)|保证金(?:账|帐)[户号]|刷流水|刷单|做任务"
)
_REMEDY = "如果确认无误，可以由人工客服核实后办理，或本人持身份证到网点办理；有异议可以申诉。"


@dataclass(frozen=True)
class RiskPolicy:
    """Where rules begin; fen, and hours of Shanghai's clock."""

    warn_new_payee: int = 1_000_000
    hold_new_payee: int = 3_000_000
    # From ``night_from`` on and before ``night_to`` smaller sums to new payees are warned of.
    night_from: int = 23
    night_to: int = 6
    warn_at_night: int = 200_000
    hold_at_night: int = 1_000_000


class TransferRisk:
    """Implements :class:`~bot.banking.ports.Risk` by rules over the transfers made before."""

    def __init__(
        self,
        transfers: Transfers,
        accounts: Accounts,
        clock: Clock = utc_now,
        policy: RiskPolicy = RiskPolicy(),  # noqa: B008 - frozen
    ) -> None:
        self._transfers = transfers
        self._accounts = accounts
        self._clock = clock
        self._policy = policy

    def assess(
        self, customer_id: str, request: Transfer | None, context: RiskContext
    ) -> Assessment:
        found = list(_by_words(request, context))
        if request is not None:
            found += self._by_amount(customer_id, request)
        return max(found, key=lambda each: GRAVITY[each.verdict], default=PASS)

    def _by_amount(self, customer_id: str, request: Transfer) -> Iterator[Assessment]:
        """A payee is new until saved or paid on an earlier day; what one was paid today counts
        with what is asked for now."""
        if any(request.payee_number == own.number for own in self._accounts.list(customer_id)):
            return
        now = shanghai(self._clock())
        saved = [
            payee.saved_at
            for payee in self._transfers.payees(customer_id)
            if payee.number == request.payee_number
        ]
        records = [
            record
            for record in self._transfers.records(customer_id, limit=RECORDS)
            if record.payee_number == request.payee_number and record.status != "cancelled"
        ]
        known = [*saved, *(record.at for record in records)]
        if all(shanghai(at).date() == now.date() for at in known):
            yield from self._new_payee(request.amount + sum(r.amount for r in records), now.hour)

    def _new_payee(self, amount: int, hour: int) -> Iterator[Assessment]:
        policy = self._policy
        night = hour >= policy.night_from or hour < policy.night_to
        if amount >= policy.hold_new_payee:
            yield Assessment(
                "hold",
                "new_payee_large",
                f"您是第一次给这位收款人转账，金额较大，为保护您的资金已暂缓办理，钱没有转出。{_REMEDY}",
            )
        elif night and amount >= policy.hold_at_night:
            yield Assessment(
                "hold",
                "night_large",
                f"现在是夜间，您又是第一次给这位收款人转账，金额较大，为保护您的资金已暂缓办理，钱没有转出。{_REMEDY}",
            )
        elif amount >= policy.warn_new_payee or (night and amount >= policy.warn_at_night):
            yield Assessment(
                "warn",
                "night" if night else "new_payee",
                "您是第一次向这位收款人转账，转出后可能无法追回。请先电话核实对方身份；"
                "凡是网上认识、要求转账的“客服”“领导”“投资老师”，都可能是诈骗。",
            )


def _by_words(request: Transfer | None, context: RiskContext) -> Iterator[Assessment]:
    said = [context.said, *((request.memo, request.payee_name) if request else ())]
    if any(SAFE_ACCOUNT.search(text) for text in said):
        yield Assessment(
            "hold",
            "safe_account",
            "公检法和银行没有所谓的“安全账户”，也不会要求您转账。这很可能是诈骗，已为您暂缓办理。"
            f"请不要再和对方联系，可以拨打 96110 咨询或 110 报警。{_REMEDY}",
        )
    elif "fraud" in context.signals:
        yield Assessment(
            "hold",
            "fraud_words",
            "您提到的情况可能是诈骗，为保护您的资金，已为您暂缓办理。请先不要再向对方付款，"
            f"可以拨打 96110 咨询或 110 报警。{_REMEDY}",
        )
