"""Operations that change something: code, risk, bank, audit, in that order and never twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.banking.audit import AuditTrail
from bot.banking.calls import call
from bot.banking.doubts import Doubt, Doubts
from bot.banking.errors import (
    BankBadAnswer,
    BankRefused,
    BankTimeout,
    BankUnavailable,
    CodeRejected,
    HeldForReview,
    KeptForRetry,
    RiskWarning,
)
from bot.banking.kept import Kept, KeptRequests
from bot.banking.models import Assessment, Challenge, Receipt, RiskContext
from bot.banking.ports import Bank
from bot.banking.requests import Request, Transfer
from bot.errors import Conflict, Invalid, NotFound
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# After a time-out the core is asked what became of the key, and the call repeated under it.
ATTEMPTS = 2
NOTHING_KNOWN = RiskContext()
# A core that answers again may still be working on what it was asked; that it has nothing under a
# key means so long after the asking that it will have nothing.
SETTLED_AFTER = timedelta(minutes=2)


class Operations:
    """Confirmed operations of a signed-in customer.

    A repeated ``key`` gives the first receipt, however far the first attempt came. One key is
    good for one request.
    """

    def __init__(self, db: Database, bank: Bank, clock: Clock = utc_now) -> None:
        self._db = db
        self._bank = bank
        self._audit = AuditTrail(db, clock)
        self._kept = KeptRequests(db, clock)
        self._doubts = Doubts(db, clock)
        self._clock = clock

    def send_code(self, customer_id: str, request: Request, *, again: bool = False) -> Challenge:
        """Send the code that confirms exactly this request, amounts and payee included."""
        return self._bank.codes.send(customer_id, request.operation, request.facts(), again=again)

    def assess(
        self, customer_id: str, request: Request | None, context: RiskContext = NOTHING_KNOWN
    ) -> Assessment:
        """What risk control says; requests that move no money to others pass. ``None`` is a
        payment of which only the ``context`` is known yet; of a bill no more is judged."""
        if request is not None and not request.pays_others:
            return Assessment("pass")
        transfer = request if isinstance(request, Transfer) else None
        return self._bank.risk.assess(customer_id, transfer, context)

    def carry_out(
        self,
        customer_id: str,
        request: Request,
        *,
        key: str,
        challenge: str = "",
        code: str | None = None,
        context: RiskContext = NOTHING_KNOWN,
        warned: bool = False,
    ) -> Receipt:
        """Verify the code where one is needed, assess the risk and do it.

        Args:
            key: idempotency key; the same for a repeated turn.
            code: what the customer entered; ``None`` when it can no longer be read.
            warned: the customer has read the warning of :meth:`assess` and confirmed.

        Raises:
            CodeRejected: the code does not fit; nothing was done.
            RiskWarning: to be confirmed first; nothing was done.
            HeldForReview: risk control has to look at it; nothing was done.
            BankRefused: the bank refuses; the message is for the customer.
            KeptForRetry: not done, but kept and tried until it is.
            BankTimeout: unknown after asking again, as the audit says; :meth:`settle_doubts` goes
                on asking.
            BankUnavailable: not done.
            Conflict: the key was used for another operation.
        """
        done = self._known(customer_id, request, key)
        if done is not None:
            self._doubts.settle(customer_id, key)
            return done
        if self._kept.waiting(customer_id, key):
            raise KeptForRetry(f"{request.operation} is kept and tried again")
        if request.needs_code:
            if code is None:
                raise CodeRejected("没有读到验证码，请再输入一次。", final=False)
            self._bank.codes.verify(
                customer_id, challenge, request.operation, request.facts(), code
            )
        return self._audited(customer_id, request, key, context, warned)

    def outcome(self, customer_id: str, key: str) -> Receipt | None:
        """What the bank did under ``key``; ``None`` if nothing.

        Raises:
            BankUnavailable: it cannot be asked.
        """
        return self._bank.outcomes.of(customer_id, key)

    def keep(self, customer_id: str, request: Request, key: str) -> None:
        """Keep a protecting request when not even a code can be sent; identity must be sure.

        Raises:
            Invalid: the request is not one that may be kept.
        """
        if not request.kept_when_down:
            raise Invalid(f"{request.operation} is not kept: only what protects the customer is")
        self._record(customer_id, request, key, "kept")
        self._kept.keep(customer_id, request, key)

    def kept(self, customer_id: str) -> Sequence[Kept]:
        """What is or was kept for a customer, newest first."""
        return self._kept.of(customer_id)

    def retry_kept(self, tell: Callable[[Kept], None] = lambda _kept: None) -> int:
        """Try again what was kept while the bank did not answer.

        Args:
            tell: called with what was done or refused, in the transaction that notes it.

        Returns:
            How many were settled, done or refused.
        """
        settled = 0
        for kept in self._kept.due():
            try:
                receipt = self._recorded(kept.customer_id, kept.request, kept.key)
            except (BankRefused, NotFound) as refusal:
                outcome = replace(kept, refusal=str(refusal))
            except BankUnavailable:
                self._kept.settle(kept)
                continue
            else:
                outcome = replace(kept, receipt=receipt.number)
            with self._db.begin():
                self._kept.settle(outcome)
                tell(outcome)
            settled += 1
        return settled

    def in_doubt(self, customer_id: str, key: str) -> bool:
        """Whether it is not known for sure yet what became of an operation."""
        return self._doubts.open(customer_id, key)

    def settle_doubts(self, tell: Callable[[Doubt, Receipt | None], None]) -> int:
        """Ask the bank once more what became of operations that it left unanswered.

        Args:
            tell: called with the receipt, or ``None`` for what was not done, in the transaction
                that notes it.

        Returns:
            How many are known now.
        """
        settled = 0
        for doubt in self._doubts.due():
            try:
                receipt = self._bank.outcomes.of(doubt.customer_id, doubt.key)
            except BankUnavailable:
                self._doubts.later(doubt)
                continue
            if receipt is None and self._clock() - doubt.since < SETTLED_AFTER:
                self._doubts.later(doubt)
                continue
            found = f"done {receipt.number}" if receipt else "not done"
            with self._db.begin():
                # Unless the customer's next try found it out meanwhile, and told it.
                if self._doubts.settle(doubt.customer_id, doubt.key):
                    self._audit.record(
                        doubt.customer_id, doubt.operation, {"key": doubt.key}, f"found {found}"
                    )
                    tell(doubt, receipt)
                    settled += 1
        return settled

    def _known(self, customer_id: str, request: Request, key: str) -> Receipt | None:
        try:
            done = self._bank.outcomes.of(customer_id, key)
        except BankUnavailable:
            # Nobody knows, so the bank itself must hold the key apart; it is asked all the same.
            if request.kept_when_down:
                return None
            raise
        if done is not None and done.operation != request.operation:
            raise Conflict(
                f"key {key} has done {done.operation}: use another key for {request.operation}"
            )
        return done

    def _audited(
        self, customer_id: str, request: Request, key: str, context: RiskContext, warned: bool
    ) -> Receipt:
        verdict = self.assess(customer_id, request, context)
        if verdict.verdict == "hold" or (verdict.verdict == "warn" and not warned):
            self._record(customer_id, request, key, f"{verdict.verdict} {verdict.rule}")
            held = HeldForReview if verdict.verdict == "hold" else RiskWarning
            raise held(verdict.rule, verdict.reason)
        try:
            return self._recorded(customer_id, request, key)
        except BankUnavailable as unavailable:
            if not request.kept_when_down:
                raise
            self._kept.keep(customer_id, request, key)
            raise KeptForRetry(f"{request.operation} is kept and tried again") from unavailable

    def _recorded(self, customer_id: str, request: Request, key: str) -> Receipt:
        """Do it and record what became of it."""
        try:
            receipt = self._despite_timeouts(customer_id, request, key)
        except (BankRefused, NotFound) as refusal:
            code = refusal.code if isinstance(refusal, BankRefused) else "not_found"
            self._record(customer_id, request, key, f"refused {code}")
            self._doubts.settle(customer_id, key)
            raise
        except BankTimeout:
            self._record(customer_id, request, key, "unknown")
            if not request.kept_when_down:
                self._doubts.note(customer_id, request.operation, key)
            raise
        except BankUnavailable:
            self._record(customer_id, request, key, "not done")
            raise
        self._record(customer_id, request, key, f"done {receipt.number}")
        self._doubts.settle(customer_id, key)
        return receipt

    def _record(self, customer_id: str, request: Request, key: str, outcome: str) -> None:
        facts = {**request.masked(), "key": key}
        self._audit.record(customer_id, request.operation, facts, outcome)

    def _despite_timeouts(self, customer_id: str, request: Request, key: str) -> Receipt:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                receipt = call(self._bank, customer_id, request, key)
                if receipt.operation != request.operation:
                    raise BankBadAnswer(f"a receipt of {receipt.operation} for {key}")
                return receipt
            except BankTimeout:
                done = self._outcome(customer_id, key)
                if done is not None:
                    return done
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _outcome(self, customer_id: str, key: str) -> Receipt | None:
        try:
            return self._bank.outcomes.of(customer_id, key)
        except BankUnavailable as unavailable:
            raise BankTimeout(f"what became of {key} cannot be asked") from unavailable
