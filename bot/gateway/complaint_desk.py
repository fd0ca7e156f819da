"""What the desk's calls about complaints work with: the library, put together over one database."""

from __future__ import annotations

from pathlib import Path

from anyio import CapacityLimiter

from bot.complaints.casefile import CaseFile, CaseFiles
from bot.complaints.casework import Casework
from bot.complaints.closing import Closing
from bot.complaints.codes import CodeTable, load_codes
from bot.complaints.entering import Entering
from bot.complaints.export import Export
from bot.complaints.messenger import Messenger, Transcript
from bot.complaints.options import check_clear
from bot.complaints.retention import Retention
from bot.complaints.reviewing import Reviewing
from bot.complaints.roles import ROLE_NAMES, check_may
from bot.complaints.termwork import TermWork
from bot.complaints.worklist import Worklist
from bot.handoff.audit import DeskAudit
from bot.staff.accounts import Account, Accounts
from bot.storage import Database
from bot.text.clock import Clock

# How many of these calls run at once; customers' have threads of their own.
THREADS = 4


class ComplaintDesk:
    """The bank's side of complaints for people at the page.

    Args:
        transcript: where customers are told.
        codes: the bank's table of codes; it is read when it is asked for.
        demo: whether demo accounts may be used.
    """

    def __init__(
        self, db: Database, transcript: Transcript, codes: Path, clock: Clock, *, demo: bool
    ) -> None:
        self.clock = clock
        self.limiter = CapacityLimiter(THREADS)
        self.files = CaseFiles(db, clock)
        self.casework = Casework(db, clock)
        self.terms = TermWork(db, clock)
        self.closing = Closing(db, clock)
        self.reviewing = Reviewing(db, clock)
        self.entering = Entering(db, clock)
        self.worklist = Worklist(db, clock)
        self.exports = Export(db, clock)
        self.retention = Retention(db, clock)
        self.messenger = Messenger(db, transcript, clock)
        self.accounts = Accounts(db, clock)
        self.audit = DeskAudit(db, clock)
        self._codes = codes
        self._demo = demo

    def codes(self) -> CodeTable:
        """The table of codes as it is now; raises :class:`DataError` for a wrong one."""
        return load_codes(self._codes)

    def officer(self, account: Account, action: str, number: str | None = None) -> str:
        """The name of whoever acts, if they may, and need not keep out of the case.

        Raises:
            Forbidden: none of their roles may do this, or they must keep out.
        """
        check_may(account.name, account.roles, action)
        if number is not None:
            check_clear(self.casework, number, account.name, action)
        return account.name

    def colleague(self, name: str, action: str) -> str:
        """Somebody who is to do something, in their one spelling.

        Raises:
            NotFound: no such account. Forbidden: it is disabled, or may not.
        """
        account = self.accounts.usable(name, demo=self._demo)
        check_may(account.name, account.roles, action)
        return account.name

    def people(self) -> list[Account]:
        """Everybody who works on complaints."""
        return [
            each
            for each in self.accounts.list()
            if not each.disabled
            and (self._demo or not each.demo)
            and set(each.roles) & set(ROLE_NAMES)
        ]

    def look(self, account: Account, number: str) -> CaseFile:
        """The case file, for somebody who need not keep out of the case.

        Raises:
            NotFound: no such case. Forbidden: they must keep out.
        """
        # Whom a customer complains of is not to read it either.
        self.casework.check_impartial(number, account.name)
        return self.files.read(number)
