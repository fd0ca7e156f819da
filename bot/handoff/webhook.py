"""A desk elsewhere, reached by signed webhooks: the bank's own contact centre.

The ticket stays here, for it says whose a conversation is; everything that happens to it is sent
there, and what its agents do comes back by :meth:`WebhookDesk.receive`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import httpx

from bot.errors import Invalid, Unavailable
from bot.handoff.intake import SYSTEM
from bot.handoff.outbox import Event, Outbox
from bot.handoff.port import Transcript
from bot.handoff.queue import TicketQueue
from bot.handoff.reception import Reception
from bot.handoff.signing import Signer
from bot.handoff.ticket import Ticket
from bot.handoff.work import Work
from bot.storage import Database

TIMEOUT_SECONDS = 10.0


class WebhookDesk(Reception):
    """Implements :class:`~bot.handoff.port.HandoffPort` by sending events.

    Args:
        url: where events are posted as JSON: ``{"kind", "ticket", …}``, with ``kind`` one of
            ``opened``, ``urgent``, ``reopened``, ``back``, ``left``, ``callback`` and ``message``.
        http: for tests; one is made otherwise.
    """

    def __init__(
        self,
        db: Database,
        queue: TicketQueue,
        transcript: Transcript,
        url: str,
        signer: Signer,
        http: httpx.Client | None = None,
    ) -> None:
        super().__init__(db, queue, transcript)
        self._work = Work(queue, self.floor)
        self._url = url
        self._signer = signer
        self._http = http or httpx.Client(timeout=TIMEOUT_SECONDS)
        self._outbox = Outbox(db, queue.clock)

    def customer_wrote(
        self, conversation_id: str, text: str, signals: Collection[str] = ()
    ) -> None:
        """See :meth:`bot.handoff.port.HandoffPort.customer_wrote`."""
        with self._db.begin():
            super().customer_wrote(conversation_id, text, signals)
            ticket = self.queue.open_ticket_of(conversation_id)
            if ticket is not None:
                self._outbox.add("message", ticket.id, {"text": text})

    def leave(self, conversation_id: str) -> Ticket | None:
        """See :meth:`bot.handoff.port.HandoffPort.leave`; a record is written elsewhere."""
        with self._db.begin():
            ticket = super().leave(conversation_id)
            if ticket is None or ticket.state != "wrap_up":
                return ticket
            return self.queue.move(
                ticket.id, "resolved", by=SYSTEM, note="小结在外部坐席系统", expected=("wrap_up",)
            )

    def remind(self, ticket: Ticket) -> None:
        """The time that was agreed on has come; their agents are to know too."""
        with self._db.begin():
            super().remind(ticket)
            self._changed("back", ticket)

    def deliver(self) -> None:
        """Send what is due; to be called again and again."""
        self._outbox.deliver(self._send)

    def receive(self, headers: Mapping[str, str], body: bytes) -> None:
        """What an agent elsewhere did; told twice it is done once.

        Args:
            body: JSON ``{"kind", "ticket", "agent"}``; ``kind`` is ``accepted``, ``message`` (with
                ``text``), ``returned`` (back to the queue) or ``ended`` (with ``note``).

        Raises:
            Forbidden: it is not signed by the other side.
            Invalid: it says nothing that is known.
            Conflict: the ticket is in no state for it.
        """
        message_id = self._signer.check(headers, body, self.queue.clock())
        try:
            told = json.loads(body)
            act = _ACTS[told["kind"]]
            number, agent = str(told["ticket"]), str(told["agent"])
        except (ValueError, KeyError, TypeError):
            raise Invalid(
                f"事件读不懂：kind 可用 {'、'.join(_ACTS)}，还要有 ticket 和 agent"
            ) from None
        with self._db.begin():
            if self._outbox.first_time(message_id):
                act(self, number, agent, told)

    # ── inside a transaction ─────────────────────────────────────────────────
    def _changed(self, event: str, ticket: Ticket) -> None:
        times = {"due_at": ticket.due_at, "callback_at": ticket.callback_at}
        self._outbox.add(
            event,
            ticket.id,
            {
                "conversation": ticket.conversation_id,
                "customer": ticket.customer_id,
                "state": ticket.state,
                "reason": ticket.reason,
                "line": ticket.line,
                "group": ticket.skill_group,
                "tier": ticket.tier,
                "priority": ticket.priority,
                "urgent": ticket.urgent,
                "why": list(ticket.why),
                "signals": list(ticket.signals),
                "language": ticket.language,
                "customer_tier": ticket.customer_tier,
                "summary": ticket.summary,
                "slots": ticket.slots,
                "tried": list(ticket.tried),
                **{name: moment and moment.isoformat() for name, moment in times.items()},
            },
        )

    def _send(self, event: Event) -> None:
        content = {"kind": event.kind, "ticket": event.ticket_id, **event.body}
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = self._signer.headers(event.id, body, self.queue.clock())
        headers["content-type"] = "application/json"
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(type(error).__name__) from None
        if not answer.is_success:
            raise Unavailable(f"HTTP {answer.status_code}")

    def _accepted(self, number: str, agent: str, _told: Any) -> None:
        self._serve(self._work.assign(number, agent), agent)

    def _message(self, number: str, agent: str, told: Any) -> None:
        text = str(told.get("text") or "").strip()
        if not text:
            raise Invalid("回复内容不能为空")
        ticket = self._work.replied(number, agent)
        self._transcript.append(ticket.conversation_id, "agent", text)

    def _returned(self, number: str, agent: str, _told: Any) -> None:
        ticket = self.queue.require_owner(number, agent)
        self._work.take_back(ticket, "对方系统退回排队")

    def _ended(self, number: str, agent: str, told: Any) -> None:
        self._bid_farewell(self._work.resolve(number, agent, "done", str(told.get("note") or "")))


_ACTS = {
    "accepted": WebhookDesk._accepted,
    "message": WebhookDesk._message,
    "returned": WebhookDesk._returned,
    "ended": WebhookDesk._ended,
}
