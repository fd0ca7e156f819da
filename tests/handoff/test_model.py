"""Random lives of a desk: customers, agents, crashes and jumps of the clock, in any order.

Whatever happens, no ticket is lost or has two owners, no cap is passed, no illegal move is made,
nobody waits beside a free agent who fits, and the order is the stated one (``invariants``, held
against ``oracle``). The clock and the faults are the machine's own, so that hypothesis replays a
failure from its seed.

``pytest tests/handoff/test_model.py --hypothesis-profile=thorough`` for 10,000 lives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import delete, event

from bot.errors import BankbotError
from bot.handoff.routes import Routes
from bot.handoff.ticket import HELD, MOVES, WITH_PERSON, Ticket
from bot.storage import Database, metadata
from bot.storage.migrate import load_tables
from tests.conftest import Hands
from tests.handoff import invariants
from tests.handoff.world import ROUTES, House

# The world's groups, of which one goes home at night, and a third that does so sooner.
HOURS = Routes.parse_obj(
    {
        **ROUTES.dict(),
        "hours": {
            "day": {"workday": ["09:00-12:30", "13:30-18:00"], "weekend": ["09:00-12:00"]},
            "short": {"workday": ["10:00-12:05"]},
        },
        "groups": {
            **ROUTES.dict()["groups"],
            "consult": {"name": "咨询", "hours": "day"},
            "loan": {
                "name": "贷款", "hours": "short", "level": 2,
                "overflow": {"to": "consult", "after": "3m"},
            },
        },
        "routes": [
            {"reason": "threat", "group": "risk", "tier": 2},
            {"reason": ["fraud", "dispute", "self_harm"], "group": "risk"},
            {"line": "loan", "group": "loan"},
            {"group": "consult"},
        ],
        "agents": {
            **ROUTES.dict()["agents"],
            "bob": {
                "skills": {"consult": 3, "risk": 1, "loan": 2},
                "languages": ["zh", "en"], "capacity": 1,
            },
        },
    }
)  # fmt: skip
AGENTS = st.sampled_from(sorted(HOURS.agents))
GUEST = "zoe"
# Where a ticket may be passed on to, and where not.
PLACES = st.one_of(
    st.builds(dict, line=st.sampled_from(["loan", "general", "dispute_risk"])),
    st.builds(dict, group=st.sampled_from(["consult", "risk", "loan"])),
    st.builds(dict, tier=st.sampled_from([1, 2, 3])),
    st.builds(dict, agent=st.one_of(AGENTS, st.just(GUEST))),
)
REASONS = st.sampled_from(["request_human", "dispute", "self_harm", "threat", "complaint"])
SIGNALS = st.sampled_from([(), ("anger",), ("fraud",)])
# Seconds to hours and days; backwards too, as when a machine's clock is set.
JUMPS = st.sampled_from([1, 29, 30, 45, 60, 200, 300, 3600, 30_000, 90_000, 300_000, -40, -600])
DATABASE = Database("sqlite:///:memory:")
load_tables()
metadata.create_all(DATABASE.engine)


class Crash(BaseException):
    """The process dies at a statement; what it had not committed is gone. Nobody gets to catch
    it on the way, as they would an error."""


class Faults:
    """Lets the process die at some statement to come."""

    def __init__(self, db: Database) -> None:
        self.left: int | None = None
        self.commits = 0
        event.listen(db.engine, "before_cursor_execute", self._count)
        event.listen(db.engine, "commit", self._commit)

    def _commit(self, _connection: Any) -> None:
        self.commits += 1

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise Crash(statement)


FAULTS = Faults(DATABASE)


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        FAULTS.left = None
        with DATABASE.begin() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(delete(table))
        self.clock = Hands()
        self.house = House(DATABASE, self.clock, HOURS)
        self.desk = self.house.desk
        self.conversations: list[str] = []
        # What every ticket looked like after the last step.
        self.before: dict[str, Ticket] = {}
        # How many statements the next act lives to see.
        self.crash_after: int | None = None
        # Whether the clock ever was.
        self.set_back = False
        # Whether something was left undone that the next sweep is to do.
        self.unsettled = False

    # ── acting ───────────────────────────────────────────────────────────────
    def attempt(self, act: Callable[..., object], *arguments: Any, **named: Any) -> bool:
        """Do it, and say whether it was done; what is refused, or dies before its commit, leaves
        nothing behind."""
        told, commits = self.house.log.newest_id(), FAULTS.commits
        FAULTS.left, self.crash_after = self.crash_after, None
        try:
            act(*arguments, **named)
        except BankbotError:
            FAULTS.left = None
            assert self.house.log.newest_id() == told
            return False
        except Crash:
            self.unsettled = True
            assert FAULTS.commits > commits or self.house.log.newest_id() == told
            return False
        finally:
            FAULTS.left = None
        return True

    def tickets(self) -> dict[str, Ticket]:
        return {ticket.id: ticket for ticket in self.house.queue.list(tuple(MOVES))}

    def some(self, data: st.DataObject, states: tuple[str, ...]) -> Ticket | None:
        found = [ticket for ticket in self.before.values() if ticket.state in states]
        return data.draw(st.sampled_from(found), label="ticket") if found else None

    @rule(statements=st.integers(0, 60))
    def the_next_one_crashes(self, statements: int) -> None:
        self.crash_after = statements

    @initialize(
        there=st.sets(AGENTS), asked=st.lists(REASONS, min_size=1, max_size=4), taken=st.booleans()
    )
    def a_day_is_under_way(self, there: set[str], asked: list[str], taken: bool) -> None:
        """What would otherwise take a life's first half to come about."""
        for agent in sorted(there):
            self.desk.be(agent, "ready")
        for reason in asked:
            self.somebody_asks(reason, (), "general", "standard", None, None)
            self.all_is_well()
        for ticket in self.tickets().values():
            if taken and ticket.state == "offered":
                self.desk.accept(ticket.id, str(ticket.agent))

    @rule(seconds=JUMPS, silent=st.one_of(st.just(set()), st.just(set()), st.sets(AGENTS)))
    def time_passes(self, seconds: int, silent: set[str]) -> None:
        self.clock.forward(seconds=seconds)
        self.set_back |= seconds < 0
        for agent in set(HOURS.agents) - silent:
            self.desk.floor.beat(agent)
        if self.attempt(self.house.sweep.run):
            self.unsettled = False
            invariants.nothing_due_is_left(self.house, self.tickets())
            if not self.set_back:
                invariants.what_is_late_went_up(self.house, self.tickets())

    @rule(
        reason=REASONS,
        signals=SIGNALS,
        line=st.sampled_from(["general", "general", "loan"]),
        standing=st.sampled_from(["standard", "standard", "vip"]),
        first=st.sampled_from([None, None, "I want to talk to somebody"]),
        due=st.sampled_from([None, 15]),
    )
    def somebody_asks(
        self, reason: str, signals: tuple[str, ...], line: str, standing: str,
        first: str | None, due: int | None,
    ) -> None:  # fmt: skip
        customer = f"C{len(self.conversations) % 3}"
        conversation = self.house.log.open("web", customer).id
        self.conversations.append(conversation)
        if first:
            self.house.log.receive(conversation, first, "a", body_hash="a")
        due_at = self.clock() + timedelta(days=due) if due else None
        self.attempt(
            self.house.again, conversation, reason, customer,
            signals=signals, line=line, customer_tier=standing, due_at=due_at,
        )  # fmt: skip

    @precondition(lambda self: self.conversations)
    @rule(
        data=st.data(),
        what=st.sampled_from(["again", "leave", "wrote", "danger", "back", "meanwhile"]),
        reason=REASONS,
    )
    def a_customer_acts(self, data: st.DataObject, what: str, reason: str) -> None:
        conversation = data.draw(st.sampled_from(self.conversations), label="conversation")
        act: dict[str, Callable[[], object]] = {
            "again": lambda: self.house.again(conversation, reason),
            "leave": lambda: self.desk.leave(conversation),
            "wrote": lambda: self.desk.customer_wrote(conversation, "您好"),
            "danger": lambda: self.desk.customer_wrote(conversation, "不想活了", ("self_harm",)),
            "back": lambda: self.desk.not_resolved(conversation),
            "meanwhile": lambda: self.desk.keep_assistant(conversation),
        }
        done = self.attempt(act[what])
        ticket = self.house.ticket(conversation)
        if done and what in ("wrote", "danger") and ticket and ticket.state in WITH_PERSON:
            assert ticket.awaiting_since is not None

    @precondition(lambda self: self.conversations)
    @rule(data=st.data(), which=st.integers(0, 5))
    def a_customer_would_be_called_back(self, data: st.DataObject, which: int) -> None:
        conversation = data.draw(st.sampled_from(self.conversations), label="conversation")

        def ask() -> None:
            slots = self.desk.callback_slots(conversation)
            self.desk.ask_callback(conversation, slots[which][0])

        self.attempt(ask)

    @rule(agent=AGENTS, state=st.sampled_from(["ready", "ready", "ready", "away", "off"]))
    def an_agent_comes_or_goes(self, agent: str, state: str) -> None:
        self.attempt(self.desk.be, agent, state)

    @rule(data=st.data())
    def an_offer_is_taken(self, data: st.DataObject) -> None:
        if ticket := self.some(data, ("offered",)):
            self.attempt(self.desk.accept, ticket.id, str(ticket.agent))

    @rule(data=st.data())
    def an_offer_is_passed_up(self, data: st.DataObject) -> None:
        if ticket := self.some(data, ("offered",)):
            self.attempt(self.desk.decline, ticket.id, str(ticket.agent))

    @rule(data=st.data(), agent=st.one_of(AGENTS, st.just(GUEST)))
    def an_agent_helps_themself(self, data: st.DataObject, agent: str) -> None:
        if ticket := self.some(data, tuple(MOVES)):
            self.attempt(self.desk.claim, ticket.id, agent)

    @rule(data=st.data(), what=st.sampled_from(["reply", "hold", "resume", "end", "done"]))
    def an_agent_works(self, data: st.DataObject, what: str) -> None:
        ticket = self.some(data, HELD)
        if ticket is None:
            return
        number, agent = ticket.id, str(ticket.agent)
        act: dict[str, Callable[[], object]] = {
            "reply": lambda: self.desk.reply(number, agent, "您好"),
            "hold": lambda: self.desk.hold(number, agent, ""),
            "resume": lambda: self.desk.resume(number, agent),
            "end": lambda: self.desk.end(number, agent),
            "done": lambda: self.desk.resolve(number, agent, code="done", note=""),
        }
        self.attempt(act[what])

    @rule(data=st.data(), to=PLACES)
    def it_is_somebody_elses(self, data: st.DataObject, to: dict[str, Any]) -> None:
        if ticket := self.some(data, WITH_PERSON):
            self.attempt(self.desk.transfer, ticket.id, str(ticket.agent), note="", **to)

    @rule(
        data=st.data(),
        kind=st.sampled_from(["take", "take", "look"]),
        to=st.one_of(AGENTS, AGENTS, st.none(), st.just(GUEST)),
    )
    def a_colleague_is_asked(self, data: st.DataObject, kind: str, to: str | None) -> None:
        if ticket := self.some(data, WITH_PERSON):
            agent = str(ticket.agent)
            self.attempt(self.desk.ask, ticket.id, agent, kind=kind, to=to, note="有急事")

    @rule(
        data=st.data(),
        what=st.sampled_from(["accept", "accept", "accept", "whisper", "decline", "withdraw"]),
        stranger=st.one_of(st.none(), st.none(), AGENTS),
    )
    def somebody_answers(self, data: st.DataObject, what: str, stranger: str | None) -> None:
        """Who was asked, or nobody; and nobody twice."""
        if not (asks := self.desk.asking.book.lately(timedelta(hours=1))):
            return
        ask = data.draw(st.sampled_from(asks), label="ask")
        rightly = ask.by if what == "withdraw" else ask.to or "lea"
        number, by = ask.ticket_id, stranger or rightly
        act: dict[str, Callable[[], object]] = {
            "accept": lambda: self.desk.accept_ask(number, by, ask.id),
            "whisper": lambda: self.desk.accept_ask(number, by, ask.id, "whisper"),
            "decline": lambda: self.desk.decline_ask(number, by, ask.id, "在忙"),
            "withdraw": lambda: self.desk.withdraw_ask(number, by, ask.id),
        }
        done = self.attempt(act[what])
        assert not done or (ask.state == "open" and by == rightly)

    @rule(data=st.data(), what=st.sampled_from(["join", "whisper", "leave", "over"]))
    def a_lead_steps_in(self, data: st.DataObject, what: str) -> None:
        ticket = self.some(data, WITH_PERSON)
        if ticket is None:
            return
        act: dict[str, Callable[[], object]] = {
            "join": lambda: self.desk.join(ticket.id, "lea", "join"),
            "whisper": lambda: self.desk.join(ticket.id, "lea", "whisper"),
            "leave": lambda: self.desk.leave_to_agent(ticket.id, "lea"),
            "over": lambda: self.desk.take_over(ticket.id, "lea", "有急事"),
        }
        self.attempt(act[what])

    @rule(data=st.data(), agent=AGENTS)
    def a_lead_gives_it_out(self, data: st.DataObject, agent: str) -> None:
        if ticket := self.some(data, tuple(MOVES)):
            self.attempt(self.desk.assign, ticket.id, "lea", agent=agent, why="您来")

    @rule(data=st.data(), what=st.sampled_from(["accept", "reply", "done", "transfer"]), by=AGENTS)
    def somebody_else_would_act(self, data: st.DataObject, what: str, by: str) -> None:
        """Nobody works on what is not theirs."""
        ticket = self.some(data, HELD)
        if ticket is None or ticket.agent == by or by in self.house.guests(ticket):
            return
        act: dict[str, Callable[[], object]] = {
            "accept": lambda: self.desk.accept(ticket.id, by),
            "reply": lambda: self.desk.reply(ticket.id, by, "您好"),
            "done": lambda: self.desk.resolve(ticket.id, by, code="done", note=""),
            "transfer": lambda: self.desk.transfer(ticket.id, by, line="loan", agent=None, note=""),
        }
        assert not self.attempt(act[what])

    # ── what always holds ────────────────────────────────────────────────────
    @invariant()
    def all_is_well(self) -> None:
        now = self.tickets()
        invariants.everything_that_holds(self.house, self.before, now)
        if not self.unsettled:
            invariants.nobody_waits_beside_a_free_agent(self.house, now)
        self.before = now


TestLives = Lives.TestCase
TestLives.settings = settings(
    settings.default,
    max_examples=max(200, settings.default.max_examples),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Which lines only failing lives ran says little here and takes long to find out.
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
