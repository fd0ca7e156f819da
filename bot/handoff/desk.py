"""The built-in desk: what agents do with tickets, together with what each customer is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import Conflict, Invalid
from bot.handoff.aside import Aside, Note
from bot.handoff.asking import Asking
from bot.handoff.matcher import Matcher
from bot.handoff.passing import Passing, Target
from bot.handoff.port import Transcript
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import LINES, TIERS
from bot.handoff.reception import Reception
from bot.handoff.summary import Line
from bot.handoff.ticket import Ticket
from bot.storage import Database


class Desk(Reception):
    """Customers' side and agents' side over one queue; whoever is free is given work at once."""

    def __init__(self, db: Database, queue: TicketQueue, transcript: Transcript) -> None:
        super().__init__(db, queue, transcript)
        self.work = Passing(queue, self.floor)
        self.aside = Aside(queue)
        self.asking = Asking(queue, self.floor, self.work, self.aside)
        self.matcher = Matcher(queue, self.floor, self.work)

    # ── being there ──────────────────────────────────────────────────────────
    def be(self, agent: str, state: str) -> None:
        """An agent is ``ready``, ``away`` or ``off``; see :meth:`bot.handoff.floor.Floor.be`."""
        with self._db.begin():
            self.floor.be(agent, state)
            self._free()

    # ── getting a ticket ─────────────────────────────────────────────────────
    def claim(self, ticket_id: str, agent: str) -> Ticket:
        """An agent takes a waiting ticket."""
        with self._db.begin():
            return self._serve(self.work.claim(ticket_id, agent), agent)

    def accept(self, ticket_id: str, agent: str) -> Ticket:
        """An agent takes what they were offered."""
        with self._db.begin():
            return self._serve(self.work.accept(ticket_id, agent), agent)

    def decline(self, ticket_id: str, agent: str, note: str = "") -> Ticket:
        """An agent passes an offer up; the customer notices nothing."""
        with self._db.begin():
            ticket = self.work.decline(ticket_id, agent, note)
            self._free()
        return ticket

    # ── having one ───────────────────────────────────────────────────────────
    def reply(self, ticket_id: str, agent: str, text: str, client_id: str | None = None) -> int:
        """Who has the ticket, or has joined it, writes to the customer; the message's number.

        Sent once more under the same ``client_id`` it is one message.

        Raises:
            Conflict: ``client_id`` was used for something else.
        """
        text = text.strip()
        if not text:
            raise Invalid("回复内容不能为空")
        with self._db.begin():
            ticket = self.queue.get(ticket_id, lock=True)
            known = client_id and self._transcript.find(ticket.conversation_id, client_id)
            if known:
                if (known.text, (known.source or {}).get("agent")) != (text, agent):
                    raise Conflict(f"client_id {client_id} 已用于另一条消息")
                return known.seq
            joined = ticket.agent != agent and self.aside.mode_of(ticket, agent) == "join"
            self.work.replied(ticket_id, str(ticket.agent) if joined else agent)
            said = self._transcript.append(
                ticket.conversation_id, "agent", text,
                source={"agent": agent}, client_id=client_id,
            )  # fmt: skip
            # What waits for its customer weighs less; the next sweep makes use of that, for
            # everybody writes all the time.
            return said.seq

    def note(self, ticket_id: str, agent: str, text: str) -> Note:
        """Tell colleagues something that the customer never sees."""
        return self.aside.note(ticket_id, agent, text)

    def hold(self, ticket_id: str, agent: str, note: str) -> Ticket:
        """Put a conversation aside; the customer is told that it goes on."""
        with self._db.begin():
            ticket = self.work.hold(ticket_id, agent, note)
            self._tell(ticket, "客服正在为您核实，请稍候，有结果会在这里告诉您。")
            self._free()
        return ticket

    def resume(self, ticket_id: str, agent: str) -> Ticket:
        """Take a conversation up again."""
        return self.work.resume(ticket_id, agent)

    def transfer(
        self,
        ticket_id: str,
        by: str,
        *,
        line: str | None = None,
        group: str | None = None,
        tier: int | None = None,
        agent: str | None = None,
        note: str,
    ) -> Ticket:
        """Pass the ticket to a queue: of a line, of a group, of the same group's people of a higher
        tier; the customer is told. A colleague is asked to take it first, and has it and the
        customer is told once they do."""
        to = Target.one_of(line=line, group=group, tier=tier, agent=agent)
        if agent is not None:
            return self.ask(ticket_id, by, kind="take", to=agent, note=note)
        with self._db.begin():
            ticket = self.work.pass_on(ticket_id, by, to, note)
            where = {"line": LINES[ticket.line], "group": self._group(ticket)}
            self._tell(
                ticket,
                f"已为您转接到{where.get(to.kind) or TIERS[ticket.tier]}客服。"
                f"排队编号 {ticket.id}，{self.waiting(ticket)}。"
                "请稍候，您可以继续留言，客服会看到。",
            )
            self._free()
        return ticket

    # ── asking colleagues ────────────────────────────────────────────────────
    def ask(
        self, ticket_id: str, by: str, *, kind: str, to: str | None = None, note: str
    ) -> Ticket:
        """Ask a colleague to take the conversation, or a lead to look in; the customer notices
        nothing. See :meth:`bot.handoff.asking.Asking.ask`."""
        self.asking.ask(ticket_id, by, kind, to, note)
        return self.queue.get(ticket_id)

    def decline_ask(self, ticket_id: str, agent: str, ask_id: int, note: str = "") -> Ticket:
        """Who was asked would rather not, and says why if they like."""
        return self.asking.decline(ticket_id, agent, ask_id, note)

    def withdraw_ask(self, ticket_id: str, by: str, ask_id: int) -> Ticket:
        """Who asked asks no more."""
        return self.asking.withdraw(ticket_id, by, ask_id)

    def end(self, ticket_id: str, agent: str) -> Ticket:
        """The conversation is over and the assistant back; the agent still writes the record."""
        with self._db.begin():
            return self._bid_farewell(self.work.end(ticket_id, agent))

    def resolve(self, ticket_id: str, agent: str, *, code: str, note: str) -> Ticket:
        """All is done; a conversation that still lasts ends, and the assistant is back."""
        with self._db.begin():
            over = self.queue.get(ticket_id, lock=True).state == "wrap_up"
            ticket = self.work.resolve(ticket_id, agent, code, note)
            self._free()
            return ticket if over else self._bid_farewell(ticket)

    def transcript_of(self, ticket: Ticket) -> Sequence[Line]:
        """The latest messages of the ticket's conversation, oldest first."""
        return self._recent(ticket.conversation_id)

    # ── what happens by itself ───────────────────────────────────────────────
    def apologise(self, ticket: Ticket) -> None:
        """The customer's agent vanished."""
        self._tell(
            ticket,
            "抱歉，刚才的客服暂时离线了。已为您优先安排其他客服，之前的对话都在，您不用再说一遍。",
        )

    # ── inside a transaction ─────────────────────────────────────────────────
    def told_of_next(self, ticket: Ticket) -> None:
        """Somebody else goes on with the conversation."""
        self._tell(
            ticket, f"已为您转接给另一位客服（工号 {ticket.agent}），之前的对话客服可以看到。"
        )

    def _changed(self, event: str, ticket: Ticket) -> None:
        self._free()

    def _free(self) -> None:
        """Somebody waits or somebody has room: bring them together once this is committed."""
        self._db.after_commit(self.matcher.match)
