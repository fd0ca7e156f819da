"""The built-in desk: what agents do with tickets, together with what each customer is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import Invalid
from bot.handoff.matcher import Matcher
from bot.handoff.port import Transcript
from bot.handoff.queue import TicketQueue
from bot.handoff.reasons import LINES
from bot.handoff.reception import Reception
from bot.handoff.summary import Line
from bot.handoff.ticket import Ticket
from bot.handoff.work import Work
from bot.storage import Database

RESOLUTIONS = {
    "answered": "已解答",
    "done": "已办理",
    "forwarded": "已转其他部门",
    "unreachable": "客户无应答",
}


class Desk(Reception):
    """Customers' side and agents' side over one queue; whoever is free is given work at once."""

    def __init__(self, db: Database, queue: TicketQueue, transcript: Transcript) -> None:
        super().__init__(db, queue, transcript)
        self.work = Work(queue, self.floor)
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
    def reply(self, ticket_id: str, agent: str, text: str) -> None:
        """The agent who has the ticket writes to the customer."""
        if not text.strip():
            raise Invalid("回复内容不能为空")
        with self._db.begin():
            ticket = self.work.replied(ticket_id, agent)
            self._transcript.append(ticket.conversation_id, "agent", text.strip())
            self._free()  # what waits for its customer weighs less

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
        self, ticket_id: str, by: str, *, line: str | None, agent: str | None, note: str
    ) -> Ticket:
        """Pass the ticket to a colleague or to another line's queue; the customer is told."""
        with self._db.begin():
            ticket = self.work.pass_on(ticket_id, by, line=line, agent=agent, note=note)
            if agent is not None:
                self._tell(
                    ticket, f"已为您转接给另一位客服（工号 {agent}），之前的对话客服可以看到。"
                )
            else:
                self._tell(
                    ticket,
                    f"已为您转接到{LINES[ticket.line]}客服。排队编号 {ticket.id}，"
                    f"{self.waiting(ticket)}。请稍候，您可以继续留言，客服会看到。",
                )
            self._free()
        return ticket

    def end(self, ticket_id: str, agent: str) -> Ticket:
        """The conversation is over and the assistant back; the agent still writes the record."""
        with self._db.begin():
            return self._bid_farewell(self.work.end(ticket_id, agent))

    def resolve(self, ticket_id: str, agent: str, *, code: str, note: str) -> Ticket:
        """All is done; a conversation that still lasts ends, and the assistant is back."""
        if code not in RESOLUTIONS:
            raise Invalid(f"没有办结代码 {code!r}，可选：{'、'.join(RESOLUTIONS)}")
        with self._db.begin():
            over = self.queue.get(ticket_id).state == "wrap_up"
            ticket = self.work.resolve(ticket_id, agent, f"{RESOLUTIONS[code]} {note}".strip())
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

    def remind(self, ticket: Ticket) -> None:
        """The time that was agreed on has come."""
        self._tell(ticket, f"您约的时间到了，正在为您安排客服：{self.waiting(ticket)}。")

    # ── inside a transaction ─────────────────────────────────────────────────
    def _changed(self, event: str, ticket: Ticket) -> None:
        self._free()

    def _free(self) -> None:
        """Somebody waits or somebody has room: bring them together once this is committed."""
        self._db.after_commit(self.matcher.match)
