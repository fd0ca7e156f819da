"""Anybody may try anything at any time: only legal moves happen, and no deadline is brought forward."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.complaints.case import MOVES, OPEN_STATES
from bot.complaints.clock import Deadline
from bot.complaints.tables import complaint_answers
from bot.complaints.vocabulary import NOTICES
from bot.errors import BankbotError
from bot.storage import Database
from bot.storage.migrate import upgrade
from tests.complaints.desk import ANSWER, OTHER, OWNER, Sides
from tests.conftest import Hands

STAFF = st.sampled_from(["A1", "M1"])
CUSTOMERS = st.sampled_from([OWNER, OTHER])
TOLD = st.sampled_from(list(NOTICES))


# What may move a day that is due; and so may the days of a pause that runs.
MOVERS = {
    "extension_asked", "extension_approved", "told_extension", "facts_new", "paused", "told_pause",
    "resumed",
}  # fmt: skip


class Complaints(RuleBasedStateMachine):
    """One complaint among two members of staff, its owner and a stranger."""

    def __init__(self) -> None:
        super().__init__()
        self.db = Database("sqlite:///:memory:")
        upgrade(self.db)
        self.clock = Hands()
        self.sides = Sides.of(self.db, self.clock)
        self.number = self.sides.open()
        self.due = date.min
        self.overdue = False
        self.stood: Deadline | None = None
        self.moves: list[str] = []
        self.added = 0

    @initialize(steps=st.integers(0, 7))
    def begin_somewhere(self, steps: int) -> None:
        """Chance alone hardly comes to an answer, let alone to a review."""
        number, sides = self.number, self.sides
        way = (
            lambda: sides.casework.assign(number, "A1", by="M9"),
            lambda: sides.closing.write(number, ANSWER, by="A1"),
            lambda: sides.closing.approve(number, by="M1"),
            lambda: sides.tell(number, "decision"),
            lambda: sides.register.ask_review(number, OWNER, "不服", key="r"),
            lambda: sides.reviewing.assign(number, "R1", by="R9"),
            lambda: sides.reviewing.decide(number, by="R1", outcome="kept", findings="无误"),
        )
        for step in way[:steps]:
            step()

    def attempt(self, action, *arguments, **named) -> None:
        """What is refused leaves no trace."""
        before = self.sides.casework.history(self.number)
        case = self.sides.casework.get(self.number)
        try:
            action(*arguments, **named)
        except BankbotError:
            assert self.sides.casework.history(self.number) == before
            assert self.sides.casework.get(self.number) == case

    @rule(hours=st.integers(1, 24 * 6))
    def wait(self, hours: int) -> None:
        self.clock.forward(hours=hours)

    @rule(who=CUSTOMERS)
    def add_facts(self, who: str) -> None:
        self.added += 1
        self.attempt(self.sides.register.add_facts, self.number, who, "收据", f"f{self.added}")

    @rule(again=st.booleans())
    def complain_again(self, again: bool) -> None:
        """A repeat is merged into the case, or the case into it, which is refused."""
        self.added += 1
        self.clock.forward(minutes=1)
        repeat = self.sides.open(f"again{self.added}")
        pair = (repeat, self.number) if again else (self.number, repeat)
        self.attempt(self.sides.casework.merge, *pair, by="A1", why="重复")

    @rule(who=CUSTOMERS, sure=st.integers(0, 3))
    def withdraw(self, who: str, sure: int) -> None:
        if sure == 0:
            self.attempt(self.sides.register.withdraw, self.number, who, key="w")

    @rule(who=CUSTOMERS)
    def ask_review(self, who: str) -> None:
        self.attempt(self.sides.register.ask_review, self.number, who, "不服", key="r")

    @rule(to=STAFF)
    def assign(self, to: str) -> None:
        self.attempt(self.sides.casework.assign, self.number, to, by="M9")

    @rule(person=STAFF, sure=st.integers(0, 3))
    def recuse(self, person: str, sure: int) -> None:
        if sure == 0:
            self.attempt(
                self.sides.casework.recuse,
                self.number, person, by="M9", kind="interest", why="亲属",
            )  # fmt: skip

    @rule(new=st.booleans())
    def judge(self, new: bool) -> None:
        for facts in self.sides.casework.facts(self.number)[-2:]:
            self.attempt(
                self.sides.terms.judge_facts, self.number, facts.id, by="A1", new=new, why="核"
            )

    @rule(step=st.sampled_from(["complex", "special"]), by=STAFF)
    def extend(self, step: str, by: str) -> None:
        self.attempt(self.sides.terms.ask_extension, self.number, step, by=by, why="取证")

    @rule(by=STAFF)
    def approve_extension(self, by: str) -> None:
        self.attempt(self.sides.terms.approve_extension, self.number, by=by)

    @rule(kind=st.sampled_from(["appraisal", "mediation"]), stop=st.booleans())
    def pause(self, kind: str, stop: bool) -> None:
        if stop:
            self.attempt(self.sides.terms.resume, self.number, kind, by="A1")
        else:
            self.attempt(self.sides.terms.pause, self.number, kind, by="A1", why="鉴定")

    @rule(by=STAFF)
    def write(self, by: str) -> None:
        self.attempt(self.sides.closing.write, self.number, ANSWER, by=by)

    @rule(by=STAFF)
    def approve(self, by: str) -> None:
        self.attempt(self.sides.closing.approve, self.number, by=by)

    @rule(by=STAFF)
    def send_back(self, by: str) -> None:
        self.attempt(self.sides.closing.send_back, self.number, by=by, why="不清")

    @rule(what=TOLD)
    def tell(self, what: str) -> None:
        self.attempt(self.sides.tell, self.number, what)

    @rule(to=st.sampled_from(["A1", "M1", "R1", "R2"]))
    def assign_review(self, to: str) -> None:
        self.attempt(self.sides.reviewing.assign, self.number, to, by="R9")

    @rule(by=st.sampled_from(["A1", "R1", "R2"]))
    def decide_review(self, by: str) -> None:
        self.attempt(
            self.sides.reviewing.decide, self.number, by=by, outcome="kept", findings="无误"
        )

    @invariant()
    def moves_are_legal(self) -> None:
        states = [move.state for move in self.sides.casework.history(self.number)]
        assert states[0] == "received"
        for before, after in zip(states, states[1:], strict=False):
            assert before == after or after in MOVES[before]
        case = self.sides.casework.get(self.number)
        assert case.state == states[-1]
        assert (case.ended_at is None) == (case.state in OPEN_STATES)
        assert (case.handler is None) <= (case.state in ("received", "withdrawn"))

    @invariant()
    def no_deadline_is_brought_forward_or_revived(self) -> None:
        term = self.sides.casework.deadline(self.number)
        assert term.due_on >= self.due
        if self.overdue:
            assert term.overdue and term.due_on == self.due
        self.due, self.overdue = term.due_on, term.overdue

    @invariant()
    def no_deadline_moves_in_silence(self) -> None:
        term, history = self.sides.casework.deadline(self.number), self.sides.casework.history
        moves = [move.what for move in history(self.number)]
        fresh = set(moves[len(self.moves) :])
        if self.stood is not None and term.due_on != self.stood.due_on:
            assert fresh & MOVERS or self.stood.paused or term.paused
        self.stood, self.moves = term, moves

    @invariant()
    def nobody_judges_their_own_work(self) -> None:
        closing, people = self.sides.closing, set()
        with self.db.read() as tx:
            for row in tx.execute(complaint_answers.select()):
                assert row.written_by != row.approved_by
                people |= {row.written_by, row.approved_by}
        case = closing.get(self.number)
        assert case.state not in OPEN_STATES or case.handler not in closing.recused(self.number)
        review = closing.review(self.number)
        assert review is None or case.state == "decided"
        assert review is None or review.reviewer is None or review.reviewer not in people

    @invariant()
    def only_what_was_told_is_shown(self) -> None:
        view = self.sides.register.view(self.number, OWNER)
        notices = {notice.what for notice in self.sides.closing.notices(self.number)}
        assert (view.answer is not None) == ("decision" in notices) == (view.state == "decided")
        assert not (view.review and view.review.outcome) or "review" in notices

    def teardown(self) -> None:
        self.db.dispose()


TestComplaints = Complaints.TestCase
TestComplaints.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
