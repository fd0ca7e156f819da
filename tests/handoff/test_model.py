"""Random lives of a desk: customers, agents, crashes and jumps of the clock, in any order.

Whatever happens, no ticket is lost or has two owners, no cap is passed, no illegal move is made,
nobody waits beside a free agent who fits, and the order is the stated one. The clock and the
faults are the machine's own, so that hypothesis replays a failure from its seed.

``pytest tests/handoff/test_model.py --hypothesis-profile=thorough`` for 10,000 lives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import delete, event

from bot.errors import BankbotError
from bot.handoff.fit import CHAT, fits
from bot.handoff.ticket import HELD, MOVES, OPEN_STATES, QUEUED, Ticket
from bot.storage import Database, metadata
from bot.storage.migrate import load_tables
from tests.conftest import Hands
from tests.handoff.world import ROUTES, House

AGENTS = st.sampled_from(sorted(ROUTES.agents))
REASONS = st.sampled_from(["request_human", "dispute", "self_harm", "threat", "complaint"])
DATABASE = Database("sqlite:///:memory:")
load_tables()
metadata.create_all(DATABASE.engine)


def weight(ticket: Ticket) -> int:
    """What the page says that a held ticket weighs."""
    replied = ticket.first_reply_at is not None and ticket.awaiting_since is None
    idle = ticket.state == "on_hold" or (ticket.state == "active" and replied)
    return ROUTES.policy.idle_weight if idle else CHAT


class Crash(Exception):
    """The process dies at a statement; what it had not committed is gone."""


class Faults:
    """Lets the process die at some statement to come."""

    def __init__(self, db: Database) -> None:
        self.left: int | None = None
        self.struck = False
        event.listen(db.engine, "before_cursor_execute", self._count)

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left, self.struck = None, True
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
        self.house = House(DATABASE, self.clock)
        self.desk = self.house.desk
        self.conversations: list[str] = []
        # What every ticket looked like after the last step.
        self.before: dict[str, Ticket] = {}
        # How many statements the next act lives to see.
        self.crash_after: int | None = None
        # Whether something was left undone that the next sweep is to do.
        self.unsettled = False

    # ── acting ───────────────────────────────────────────────────────────────
    def attempt(self, act: Callable[..., object], *arguments: Any, **named: Any) -> None:
        """Do it; what is refused or dies half-way leaves nothing behind."""
        told = self.house.log.newest_id()
        FAULTS.left, FAULTS.struck, self.crash_after = self.crash_after, False, None
        try:
            act(*arguments, **named)
        except (BankbotError, Crash):
            FAULTS.left = None
            assert self.house.log.newest_id() == told
        self.unsettled |= FAULTS.struck
        FAULTS.left = None

    def tickets(self) -> list[Ticket]:
        return list(self.house.queue.list(tuple(MOVES)))

    def some(self, data: st.DataObject, states: tuple[str, ...]) -> Ticket | None:
        found = [ticket for ticket in self.tickets() if ticket.state in states]
        return data.draw(st.sampled_from(found), label="ticket") if found else None

    @rule(statements=st.integers(0, 25))
    def the_next_one_crashes(self, statements: int) -> None:
        self.crash_after = statements

    @rule(seconds=st.sampled_from([1, 29, 30, 45, 60, 300, 3600, 90_000]), beating=st.booleans())
    def time_passes(self, seconds: int, beating: bool) -> None:
        self.clock.forward(seconds=seconds)
        if beating:
            for agent in ROUTES.agents:
                self.desk.floor.beat(agent)
        self.house.sweep.run()
        self.unsettled = False

    @rule(reason=REASONS, signals=st.sampled_from([(), ("anger",), ("fraud",)]))
    def somebody_asks(self, reason: str, signals: tuple[str, ...]) -> None:
        conversation = self.house.log.open("web", f"C{len(self.conversations) % 3}").id
        self.conversations.append(conversation)
        customer = f"C{len(self.conversations) % 3}"
        self.attempt(self.house.again, conversation, reason, customer, signals=signals)

    @precondition(lambda self: self.conversations)
    @rule(
        data=st.data(),
        what=st.sampled_from(["again", "leave", "wrote", "back", "meanwhile"]),
        reason=REASONS,
    )
    def a_customer_acts(self, data: st.DataObject, what: str, reason: str) -> None:
        conversation = data.draw(st.sampled_from(self.conversations), label="conversation")
        act: dict[str, Callable[[], object]] = {
            "again": lambda: self.house.again(conversation, reason),
            "leave": lambda: self.desk.leave(conversation),
            "wrote": lambda: self.desk.customer_wrote(conversation, "您好"),
            "back": lambda: self.desk.not_resolved(conversation),
            "meanwhile": lambda: self.desk.keep_assistant(conversation),
        }
        self.attempt(act[what])

    @precondition(lambda self: self.conversations)
    @rule(data=st.data())
    def a_customer_would_be_called_back(self, data: st.DataObject) -> None:
        conversation = data.draw(st.sampled_from(self.conversations), label="conversation")

        def ask() -> None:
            slots = self.desk.callback_slots(conversation)
            self.desk.ask_callback(conversation, slots[1][0])

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

    @rule(data=st.data(), agent=AGENTS)
    def an_agent_helps_themself(self, data: st.DataObject, agent: str) -> None:
        if ticket := self.some(data, tuple(MOVES)):
            self.attempt(self.desk.claim, ticket.id, agent)

    @rule(data=st.data(), what=st.sampled_from(["reply", "hold", "resume", "end", "done", "line"]))
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
            "line": lambda: self.desk.transfer(number, agent, line="loan", agent=None, note=""),
        }
        self.attempt(act[what])

    @rule(data=st.data(), agent=AGENTS)
    def a_colleague_gets_it(self, data: st.DataObject, agent: str) -> None:
        if ticket := self.some(data, ("active",)):
            self.attempt(
                self.desk.transfer, ticket.id, str(ticket.agent), line=None, agent=agent, note=""
            )

    # ── what always holds ────────────────────────────────────────────────────
    @invariant()
    def all_is_well(self) -> None:
        now = {ticket.id: ticket for ticket in self.tickets()}
        self.nothing_is_lost(now)
        for ticket in now.values():
            if ticket != self.before.get(ticket.id):
                self.its_moves_are_legal(ticket)
        self.no_cap_is_passed(now)
        if not self.unsettled:
            self.nobody_waits_beside_a_free_agent(now)
        self.offers_follow_the_order(now)
        self.before = now

    def nothing_is_lost(self, now: dict[str, Ticket]) -> None:
        assert set(self.before) <= set(now)
        held = [t.conversation_id for t in now.values() if t.state in OPEN_STATES]
        assert len(held) == len(set(held))
        for ticket in now.values():
            if ticket.state in HELD:
                assert ticket.agent is not None
            if ticket.state in (*QUEUED, "callback"):
                assert ticket.agent is None
            if ticket.id not in self.before:
                # A ticket and its customer's being told are one.
                assert ticket.id in self.house.texts(ticket.conversation_id)

    def its_moves_are_legal(self, ticket: Ticket) -> None:
        path = self.house.queue.history(ticket.id)
        assert path[0].state in ("waiting", "callback") and path[-1].state == ticket.state
        for former, latter in zip(path, path[1:], strict=False):
            escalated = former.state == latter.state and "升级" in latter.note
            assert escalated or latter.state in MOVES[former.state], (former, latter)

    def no_cap_is_passed(self, now: dict[str, Ticket]) -> None:
        for agent, person in ROUTES.agents.items():
            mine = [t for t in now.values() if t.state in HELD and t.agent == agent]
            assert len(mine) <= person.at_most
            if any(not self.had(agent, ticket.id) for ticket in mine):
                assert sum(map(weight, mine)) <= person.capacity * CHAT

    def had(self, agent: str, number: str) -> bool:
        was = self.before.get(number)
        return was is not None and was.state in HELD and was.agent == agent

    def nobody_waits_beside_a_free_agent(self, now: dict[str, Ticket]) -> None:
        waiting = [ticket for ticket in now.values() if ticket.state in QUEUED]
        ready = self.desk.floor.ready() if waiting else []
        for ticket in waiting:
            for agent in ready:
                if fits(ticket, agent.id, agent.person, ROUTES, self.clock()):
                    assert not agent.load.and_one().fits(agent.person), (ticket, agent)

    def offers_follow_the_order(self, now: dict[str, Ticket]) -> None:
        def place(ticket: Ticket) -> tuple[bool, Any, str]:
            return (not ticket.urgent, ticket.sort_at, ticket.id)

        for offered in now.values():
            was = self.before.get(offered.id)
            if offered.state != "offered" or (was and was.state == "offered"):
                continue
            for waiting in now.values():
                if waiting.state in QUEUED and place(waiting) < place(offered):
                    person = ROUTES.agents[str(offered.agent)]
                    assert not fits(waiting, str(offered.agent), person, ROUTES, self.clock())


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
