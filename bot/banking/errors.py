"""What can go wrong between us and a bank's systems.

::

    BankError
    ├── BankRefused           the bank says no; the message is fit for the customer
    │   ├── CodeRejected      a one-time code is wrong, expired or used up
    │   ├── RiskWarning       to be read and confirmed again before it is done
    │   └── HeldForReview     risk control has to look at it first; nothing was done
    └── BankUnavailable       the bank does not answer; nothing was done
        ├── KeptForRetry      not done yet, but kept and tried again until it is
        └── BankTimeout       the bank did not answer in time; what was done is unknown
            └── BankBadAnswer it answered what cannot be true; what was done is unknown
"""

from __future__ import annotations

from bot.errors import BankbotError, Unavailable


class BankError(BankbotError):
    """Base of all errors that an adapter may raise."""


class BankRefused(BankError):
    """The bank refuses. ``code`` is for programs, the message (Chinese) for the customer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class CodeRejected(BankRefused):
    """The one-time code does not complete the step; ``final`` when a new one must be sent."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__("code_rejected", message)
        self.final = final


class RiskWarning(BankRefused):
    """Done only once the customer has read the message and confirmed; ``code`` names the rule."""


class HeldForReview(BankRefused):
    """Held by risk control, nothing was done; ``code`` names the rule."""


class BankUnavailable(BankError, Unavailable):
    """The bank's system does not answer and has done nothing."""


class BankTimeout(BankUnavailable):
    """No answer in time. Ask :meth:`~bot.banking.ports.Outcomes.of` what became of the key."""


class BankBadAnswer(BankTimeout):
    """The answer cannot be true, so nothing of it is shown; the key tells what was done."""


class KeptForRetry(BankUnavailable):
    """The request is on our disk and tried again until the bank does it. It is not done yet."""
