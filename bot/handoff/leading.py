"""What leads may do beside agents' work: look on, speak up, take over, and give work out."""

from __future__ import annotations

from bot.errors import Conflict, Invalid
from bot.handoff.desk import Desk
from bot.handoff.reasons import TIERS
from bot.handoff.ticket import STATE_NAMES, WITH_PERSON, Ticket


class LeadDesk(Desk):
    """The desk with its leads. Who is one, whoever calls decides."""

    def join(self, ticket_id: str, lead: str, mode: str) -> Ticket:
        """Look on: with ``join`` the customer is told, ``whisper`` only colleagues know. Whoever
        asked this lead to look in is answered by it.

        Raises:
            Conflict: no conversation is going on, or the lead has it themselves.
        """
        with self._db.begin() as tx:
            ticket = self.queue.get(ticket_id, lock=True)
            if ticket.state not in WITH_PERSON:
                raise Conflict(f"工单 {ticket_id} {STATE_NAMES[ticket.state]}，没有进行中的会话")
            if ticket.agent == lead:
                raise Conflict(f"工单 {ticket_id} 就由您负责，不用加入")
            self.asking.looked_in(tx, ticket, lead)
            before = self.aside.mode_of(ticket, lead)
            if before == mode:
                return ticket
            self.aside.join(ticket, lead, mode)
            self.queue.note(tx, ticket, lead, "加入会话" if mode == "join" else "旁听")
            if mode == "join":
                self._tell(ticket, f"{self._title(lead)}也加入了会话，一起为您处理。")
            return ticket

    def accept_ask(
        self, ticket_id: str, agent: str, ask_id: int, mode: str | None = None
    ) -> Ticket:
        """Who was asked says yes: to take the conversation, of which the customer is told, or to
        look in.

        Args:
            mode: how to look in, as for :meth:`join`.

        Raises:
            Conflict: it is asked no more, or there is no room to take it.
            Forbidden: somebody else was asked.
        """
        if self.asking.book.get(ticket_id, ask_id).kind == "look":
            with self._db.begin():
                self.asking.will_look(ticket_id, agent, ask_id)
                return self.join(ticket_id, agent, mode or "join")
        with self._db.begin():
            ticket = self.asking.take(ticket_id, agent, ask_id)
            self.told_of_next(ticket)
            self._free()
        return ticket

    def leave_to_agent(self, ticket_id: str, lead: str) -> Ticket:
        """Look on no more; nothing happens to who did not."""
        with self._db.begin() as tx:
            ticket = self.queue.get(ticket_id, lock=True)
            mode = self.aside.mode_of(ticket, lead)
            self.aside.leave(ticket_id, lead)
            if mode is not None:
                self.queue.note(tx, ticket, lead, "退出会话" if mode == "join" else "结束旁听")
            if mode == "join" and ticket.state in WITH_PERSON:
                self._tell(ticket, f"客服（工号 {ticket.agent}）继续为您服务。")
            return ticket

    def take_over(self, ticket_id: str, lead: str, why: str) -> Ticket:
        """The lead goes on in the agent's place.

        Raises:
            Invalid: no reason is given.
            Conflict: nobody has it, or the lead has no room.
        """
        self._reason(why, "接管")
        note = f"接管：{why.strip()}"
        with self._db.begin():
            before, ticket = self.work.give(ticket_id, lead, by=lead, note=note)
            if before.state not in WITH_PERSON:
                raise Conflict(f"工单 {ticket_id} {STATE_NAMES[before.state]}，不用接管")
            self._tell(
                ticket, f"{self._title(lead)}现在为您服务，之前的对话都能看到，您不用再说一遍。"
            )
            self._free()
        return ticket

    def assign(self, ticket_id: str, lead: str, *, agent: str, why: str) -> Ticket:
        """Give a ticket to an agent, whoever has it now or nobody.

        Raises:
            Invalid: no reason is given.
            NotFound: there is no such agent.
            Conflict: it is over, or the agent is not there, has it already or has no room.
        """
        self._reason(why, "指派")
        note = f"指派给 {agent}：{why.strip()}"
        with self._db.begin():
            before, ticket = self.work.give(ticket_id, agent, by=lead, note=note)
            if before.state in WITH_PERSON:
                self.told_of_next(ticket)
            else:
                self._serve(ticket, agent)
            self._free()
        return ticket

    def _title(self, lead: str) -> str:
        tier = TIERS[self.queue.routes.agent(lead).tier]
        return f"客服{'' if tier == TIERS[min(TIERS)] else tier}（工号 {lead}）"

    def _reason(self, why: str, act: str) -> None:
        if not why.strip():
            raise Invalid(f"请写明{act}的原因")
