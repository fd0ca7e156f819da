"""Asking colleagues: one to take a conversation, a lead to look in.

Until somebody has said yes the conversation stays with who asked (首问负责), and an ask that is
not answered weighs nothing.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from bot.errors import Conflict, Forbidden, Invalid, NotFound
from bot.handoff.aside import Aside
from bot.handoff.asks import ASK_KINDS, Ask, AskBook, leads_of, waited_for
from bot.handoff.floor import Floor
from bot.handoff.intake import SYSTEM
from bot.handoff.passing import Passing
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import TIERS
from bot.handoff.ticket import Ticket
from bot.text.masking import mask_text


class Asking:
    """What is asked, and what comes of it. Each method is one transaction, or part of one."""

    def __init__(self, queue: TicketQueue, floor: Floor, work: Passing, aside: Aside) -> None:
        self._queue = queue
        self._floor = floor
        self._work = work
        self._aside = aside
        self._db = queue.db
        self.book = AskBook(queue.db, queue.clock)

    def ask(self, ticket_id: str, by: str, kind: str, to: str | None, note: str) -> Ask:
        """Who has the conversation asks somebody who is there, and, to take it, has room for it.

        Args:
            kind: of ``ASK_KINDS``.
            to: the colleague, or the lead; ``None`` is any lead of the ticket's group.

        Raises:
            Invalid: there is no such kind, nobody or no lead is named, or no reason given.
            NotFound: there is no such colleague.
            Conflict: nobody is there for it, or one is asked already.
        """
        if kind not in ASK_KINDS:
            raise Invalid(f"没有请求 {kind!r}，可选：{'、'.join(ASK_KINDS)}")
        note, policy = mask_text(note.strip()), self._queue.routes.policy
        with self._db.begin() as tx:
            if kind == "take":
                self._can_take(tx, to, by)
            ticket = self._queue.require_owner(ticket_id, by)
            if kind == "look":
                self._can_look(ticket, to, note)
            for each in self.book.open_of(ticket_id):
                if each.kind == kind:
                    raise Conflict(f"已经{each.asked_for}，请等对方答复，或先撤回")
            ask = self.book.add(
                tx, policy.offer if kind == "take" else policy.look,
                ticket_id=ticket_id, kind=kind, by=by, to=to, note=note,
            )  # fmt: skip
            self._queue.note(tx, ticket, by, _with(ask.asked_for, note))
            return ask

    def take(self, ticket_id: str, agent: str, ask_id: int) -> Ticket:
        """Who was asked to takes the conversation, if they still have room for it.

        Raises:
            Conflict: they have none, or it is asked no more.
            Forbidden: somebody else was asked.
        """
        with self._db.begin() as tx:
            # To whom it is no business, how much they have is no reason.
            self._asked(self._queue.get(ticket_id), agent, ask_id, "take")
            # Agents before tickets, as everywhere: see `docs/queue.md`.
            self._floor.make_room(tx, agent)
            ticket = self._queue.get(ticket_id, lock=True)
            self.book.settle(tx, self._asked(ticket, agent, ask_id, "take"), "accepted", agent)
            return self._work.hand_on(ticket, agent, "接手")

    def will_look(self, ticket_id: str, lead: str, ask_id: int) -> None:
        """Who was asked to looks in.

        Raises:
            Conflict: it is asked no more.
            Forbidden: somebody else was asked.
        """
        with self._db.begin() as tx:
            ticket = self._queue.get(ticket_id, lock=True)
            self.book.settle(tx, self._asked(ticket, lead, ask_id, "look"), "accepted", lead)

    def looked_in(self, tx: Connection, ticket: Ticket, lead: str) -> None:
        """A lead has come, of themselves or because somebody asked; the ticket is locked."""
        for ask in self.book.open_of(ticket.id):
            if ask.kind == "look" and lead in self._concerned(ask, ticket):
                self.book.settle(tx, ask, "accepted", lead)

    def asked_of(self, agent: str, ticket: Ticket | None = None) -> list[Ask]:
        """What somebody is asked now, about one ticket if given."""
        return [
            ask
            for ask in self.book.open_of(ticket.id if ticket else None)
            if agent in self._waited_for(ask, ticket or self._queue.get(ask.ticket_id))
        ]

    def decline(self, ticket_id: str, agent: str, ask_id: int, note: str) -> Ticket:
        """Who was asked would rather not; of several leads the others may still come."""
        note = mask_text(note.strip())
        with self._db.begin() as tx:
            ticket = self._queue.get(ticket_id, lock=True)
            ask = self._asked(ticket, agent, ask_id)
            if ask.state == "open" and agent in ask.passed:
                raise Conflict("您已经答复过这个请求")
            others = (self._waited_for(ask, ticket) - {agent}) & self._floor.there()
            if ask.state == "open" and others:
                self.book.pass_up(tx, ask, agent)
            else:
                self.book.settle(tx, ask, "declined", agent, note)
            said = "婉拒" if ask.kind == "take" else "暂时不便"
            self._queue.note(tx, ticket, agent, _with(said, note))
            return ticket

    def withdraw(self, ticket_id: str, by: str, ask_id: int) -> Ticket:
        """Who asked asks no more."""
        with self._db.begin() as tx:
            ticket = self._queue.get(ticket_id, lock=True)
            ask = self.book.get(ticket_id, ask_id)
            if ask.by != by:
                raise Forbidden(f"这个请求是坐席 {ask.by} 提出的，只能由本人撤回")
            self.book.settle(tx, ask, "withdrawn", by)
            self._queue.note(tx, ticket, by, f"不再{ask.asked_for}")
            return ticket

    def lapse(self, ask: Ask) -> None:
        """Nobody answered in time: it stays where it is."""
        with self._db.begin() as tx:
            ticket = self._queue.get(ask.ticket_id, lock=True)
            # Only what is asked now stays so.
            if self.book.get(ask.ticket_id, ask.id).state != "open":
                return
            self.book.settle(tx, ask, "lapsed", SYSTEM)
            what = "接手" if ask.kind == "take" else "来看"
            self._queue.note(tx, ticket, SYSTEM, f"{ask.whom}没有及时{what}".strip())

    # ── inside a transaction ─────────────────────────────────────────────────
    def _can_take(self, tx: Connection, to: str | None, by: str) -> None:
        if to is None:
            raise Invalid("请写明请哪位同事接手")
        if to == by:
            raise Invalid("不能转接给自己")
        self._floor.check_room(tx, to, asked=False)

    def _can_look(self, ticket: Ticket, to: str | None, note: str) -> None:
        if not note:
            raise Invalid("请写明要组长看什么")
        if to is None:
            leads = leads_of(ticket.skill_group, self._queue.routes)
        else:
            leads = frozenset([self._lead(to)])
        others = leads - {str(ticket.agent)}
        here = {each for each in others if self._aside.mode_of(ticket, each) is not None}
        if others and others == here:
            raise Conflict("组长已经在这个会话里，可以直接写备注")
        if not (others - here) & self._floor.there():
            absent = f"组长 {to} 不在岗，请换一位" if to else "现在没有组长在岗，可以转给组长排队"
            raise Conflict(absent)

    def _lead(self, name: str) -> str:
        person = self._queue.routes.agents.get(name)
        if person is None:
            raise NotFound(f"没有坐席 {name}，请检查工号")
        if person.tier == min(TIERS):
            raise Invalid(f"坐席 {name} 不是组长，请换一位组长")
        return name

    def _asked(self, ticket: Ticket, agent: str, ask_id: int, kind: str | None = None) -> Ask:
        ask = self.book.get(ticket.id, ask_id)
        if kind not in (None, ask.kind):
            raise Invalid(f"这个请求是{ask.asked_for}，不能这样答复")
        if agent not in self._concerned(ask, ticket):
            raise Forbidden(f"这个请求是{ask.asked_for}，请由对方答复")
        return ask

    def _concerned(self, ask: Ask, ticket: Ticket) -> frozenset[str]:
        """Who may answer, a lead also who has thought better of it."""
        return self._waited_for(ask, ticket) | set(ask.passed)

    def _waited_for(self, ask: Ask, ticket: Ticket) -> frozenset[str]:
        return waited_for(ask, ticket.skill_group, self._queue.routes)


def _with(said: str, note: str) -> str:
    return f"{said}：{note}" if note else said
