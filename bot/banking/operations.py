"""Operations that change something: code, bank, audit, in that order and never twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.banking.audit import AuditTrail
from bot.banking.errors import BankRefused, BankTimeout, BankUnavailable, CodeRejected
from bot.banking.models import Challenge, Receipt
from bot.banking.ports import Bank
from bot.storage import Database
from bot.text.clock import Clock, utc_now

REPORT_LOSS = "report_loss"
UNLOCK = "unlock"
# After a time-out the core is asked what became of the key, and the call repeated under it.
ATTEMPTS = 2


class Operations:
    """Confirmed operations of a signed-in customer.

    A repeated ``key`` gives the first receipt, however far the first attempt came.
    """

    def __init__(self, db: Database, bank: Bank, clock: Clock = utc_now) -> None:
        self._bank = bank
        self._audit = AuditTrail(db, clock)

    def send_code(
        self, customer_id: str, operation: str, target: str, *, again: bool = False
    ) -> Challenge:
        """Send the code for an operation on ``target`` (the bank's id of a card or account)."""
        facts = {"target": target}
        return self._bank.codes.send(customer_id, operation, facts, again=again)

    def carry_out(
        self,
        customer_id: str,
        operation: str,
        target: str,
        *,
        challenge: str,
        code: str | None,
        key: str,
    ) -> Receipt:
        """Verify the code and do the operation.

        Args:
            code: what the customer entered; ``None`` when it can no longer be read.
            key: idempotency key; the same for a repeated turn.

        Raises:
            CodeRejected: the code does not fit; nothing was done.
            BankRefused: the bank refuses; the message is for the customer.
            BankUnavailable: not done, or unknown after asking again (the audit says which).
        """
        done = self._bank.outcomes.of(customer_id, key)
        if done is not None:
            return done
        if code is None:
            raise CodeRejected("没有读到验证码，请再输入一次。", final=False)
        self._bank.codes.verify(customer_id, challenge, operation, {"target": target}, code)
        return self._once(customer_id, operation, target, key)

    def _once(self, customer_id: str, operation: str, target: str, key: str) -> Receipt:
        facts = {"target": target, "key": key}
        try:
            receipt = self._despite_timeouts(
                customer_id, self._call(customer_id, operation, target, key), key
            )
        except BankRefused as refusal:
            self._audit.record(customer_id, operation, facts, f"refused {refusal.code}")
            raise
        except BankTimeout:
            self._audit.record(customer_id, operation, facts, "unknown")
            raise
        except BankUnavailable:
            self._audit.record(customer_id, operation, facts, "not done")
            raise
        self._audit.record(customer_id, operation, facts, f"done {receipt.number}")
        return receipt

    def _call(
        self, customer_id: str, operation: str, target: str, key: str
    ) -> Callable[[], Receipt]:
        calls: Mapping[str, Callable[..., Receipt]] = {
            REPORT_LOSS: self._bank.cards.report_loss,
            UNLOCK: self._bank.accounts.unlock,
        }
        return lambda: calls[operation](customer_id, target, idempotency_key=key)

    def _despite_timeouts(self, customer_id: str, call: Callable[[], Receipt], key: str) -> Receipt:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return call()
            except BankTimeout:
                done = self._bank.outcomes.of(customer_id, key)
                if done is not None:
                    return done
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")
