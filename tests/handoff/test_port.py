"""What holds for every human desk, the built-in one and one that is reached by webhooks; and what
holds for the webhooks themselves."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, Protocol

import httpx
import pytest

from bot.conversations.log import MessageLog
from bot.errors import ConfigError, Conflict, Forbidden, Invalid
from bot.handoff.desk import Desk
from bot.handoff.port import HandoffPort
from bot.handoff.queue import TicketQueue
from bot.handoff.signing import SIGNATURE, Signer
from bot.handoff.sweep import sweep_of
from bot.handoff.webhook import WebhookDesk
from bot.storage import Database
from tests.conftest import Hands
from tests.handoff.world import ROUTES

KEY = b"a key that both sides have, long enough"


class Agents(Protocol):
    """The other side of a desk, as the tests move it."""

    port: HandoffPort
    queue: TicketQueue

    def accept(self, ticket: str) -> None: ...
    def reply(self, ticket: str, text: str) -> None: ...
    def end(self, ticket: str) -> None: ...


class BuiltIn:
    def __init__(self, db: Database, clock: Hands, log: MessageLog) -> None:
        self.queue = TicketQueue(db, clock, ROUTES)
        self.port = Desk(db, self.queue, log)

    def accept(self, ticket: str) -> None:
        self.port.claim(ticket, "ann")

    def reply(self, ticket: str, text: str) -> None:
        self.port.reply(ticket, "ann", text)

    def end(self, ticket: str) -> None:
        self.port.resolve(ticket, "ann", code="done", note="")


class ContactCentre:
    """A bank's own desk: takes events over HTTP, checks them, and answers with its own."""

    def __init__(self, db: Database, clock: Hands, log: MessageLog) -> None:
        self.clock = clock
        self.signer = Signer(KEY)
        self.queue = TicketQueue(db, clock, ROUTES)
        self.down = False
        self.refused: set[str] = set()
        self.calls: list[str] = []
        self.took: dict[str, dict[str, Any]] = {}
        http = httpx.Client(transport=httpx.MockTransport(self.take))
        self.port = WebhookDesk(
            db, self.queue, log, "https://desk.bank.test/events", Signer(KEY), http
        )
        self.sent = 0

    def take(self, request: httpx.Request) -> httpx.Response:
        message_id = self.signer.check(request.headers, request.content, self.clock())
        self.calls.append(message_id)
        event = json.loads(request.content)
        if self.down or event["ticket"] in self.refused:
            return httpx.Response(503)
        self.took.setdefault(message_id, event)
        return httpx.Response(204)

    def kinds(self) -> list[str]:
        return [event["kind"] for event in self.took.values()]

    def tell(self, kind: str, ticket: str, **more: Any) -> tuple[dict[str, str], bytes]:
        self.sent += 1
        body = json.dumps({"kind": kind, "ticket": ticket, "agent": "X9", **more}).encode()
        headers = self.signer.headers(f"theirs-{self.sent}", body, self.clock())
        self.port.receive(headers, body)
        return headers, body

    def accept(self, ticket: str) -> None:
        self.tell("accepted", ticket)

    def reply(self, ticket: str, text: str) -> None:
        self.tell("message", ticket, text=text)

    def end(self, ticket: str) -> None:
        self.tell("ended", ticket)


@pytest.fixture
def log(either_db: Database, clock: Hands) -> MessageLog:
    return MessageLog(either_db, clock)


@pytest.fixture(params=[BuiltIn, ContactCentre])
def agents(
    request: pytest.FixtureRequest, either_db: Database, clock: Hands, log: MessageLog
) -> Agents:
    made: Callable[..., Agents] = request.param
    return made(either_db, clock, log)


@pytest.fixture
def centre(either_db: Database, clock: Hands, log: MessageLog) -> ContactCentre:
    return ContactCentre(either_db, clock, log)


def call(port: HandoffPort, conversation: str, **more: Any) -> Any:
    more = {"reason": "request_human", "line": "general", "slots": {}, **more}
    return port.hand_over(conversation, customer_id="C1", **more)


def texts(log: MessageLog, conversation: str) -> str:
    return "\n".join(message.text for message in log.after(conversation))


# ── every desk ───────────────────────────────────────────────────────────────


def test_the_way_of_a_conversation(agents: Agents, log: MessageLog) -> None:
    port, conversation = agents.port, log.open().id
    assert not port.with_person(conversation)
    called = call(port, conversation)
    assert called.new and called.position == 1
    assert called.ticket.id in texts(log, conversation)
    assert port.with_person(conversation)
    agents.accept(called.ticket.id)
    assert agents.queue.state_of(conversation) == "human"
    port.customer_wrote(conversation, "您好")
    agents.reply(called.ticket.id, "您好，请讲。")
    agents.end(called.ticket.id)
    assert not port.with_person(conversation)
    told = [message.role for message in log.after(conversation)]
    assert told == ["system", "system", "agent", "system"]
    port.customer_wrote(conversation, "谢谢")
    assert not port.with_person(conversation)


def test_calling_twice_is_one_ticket_told_once(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    first, again = call(agents.port, conversation), call(agents.port, conversation)
    assert (again.ticket.id, again.new) == (first.ticket.id, False)
    assert len(log.after(conversation)) == 1


def test_what_the_caller_has_to_tell_is_told_whatever_becomes_of_it(
    agents: Agents, log: MessageLog
) -> None:
    conversation = log.open().id
    call(agents.port, conversation, opening="挂失还没有办成。也已为您转接人工客服")
    (told,) = log.after(conversation)
    assert told.text.startswith("挂失还没有办成。也已为您转接人工客服。排队编号")
    agents.port.keep_assistant(conversation)
    call(agents.port, conversation, opening="解挂也没有办成。也已为您转接人工客服")
    said = log.after(conversation)[-1].text
    assert said.startswith("解挂也没有办成。您已经在排队了")


def test_an_unknown_name_is_refused_and_leaves_nothing(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    for wrong in ({"reason": "bored"}, {"line": "poetry"}, {"customer_tier": "king"}):
        with pytest.raises(Invalid):
            call(agents.port, conversation, **wrong)
    assert not agents.port.with_person(conversation) and not log.after(conversation)


def test_the_deadline_travels_and_is_never_moved(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    due = datetime(2026, 3, 17, 15, 59, tzinfo=timezone.utc)
    ticket = call(agents.port, conversation, reason="complaint").ticket.id
    agents.port.set_deadline(conversation, due)
    agents.accept(ticket)
    agents.end(ticket)
    assert agents.queue.get(ticket).due_at == due


def test_leaving_is_told_and_final(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    ticket = call(agents.port, conversation).ticket.id
    agents.port.leave(conversation)
    assert agents.port.leave(conversation) is None
    assert not agents.port.with_person(conversation)
    with pytest.raises(Conflict):
        agents.accept(ticket)
    assert call(agents.port, conversation).ticket.id != ticket


def test_the_assistant_meanwhile(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    with pytest.raises(Conflict):
        agents.port.keep_assistant(conversation)
    ticket = call(agents.port, conversation).ticket.id
    agents.port.keep_assistant(conversation)
    assert not agents.port.with_person(conversation)
    agents.accept(ticket)
    assert agents.port.with_person(conversation)
    with pytest.raises(Conflict):
        agents.port.keep_assistant(conversation)


def test_being_called_back(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    ticket = call(agents.port, conversation).ticket.id
    begin, _ = agents.port.callback_slots(conversation)[2]
    agents.port.ask_callback(conversation, begin)
    assert not agents.port.with_person(conversation)
    with pytest.raises(Conflict):
        agents.port.ask_callback(conversation, begin)
    agents.accept(ticket)  # an agent may be early
    assert agents.port.with_person(conversation)


def test_not_resolved_is_one_more_life(agents: Agents, log: MessageLog) -> None:
    conversation = log.open().id
    with pytest.raises(Conflict):
        agents.port.not_resolved(conversation)
    ticket = call(agents.port, conversation).ticket.id
    agents.accept(ticket)
    agents.end(ticket)
    back = agents.port.not_resolved(conversation)
    assert back.new and back.ticket.id == ticket and agents.port.with_person(conversation)
    assert not agents.port.not_resolved(conversation).new
    agents.accept(ticket)
    assert agents.queue.state_of(conversation) == "human"


# ── the webhooks ─────────────────────────────────────────────────────────────


def test_events_arrive_whole_and_in_order(centre: ContactCentre, log: MessageLog) -> None:
    conversation = log.open().id
    log.receive(conversation, "卡号6222020200112233445被盗刷", "a", body_hash="a")
    ticket = call(centre.port, conversation, reason="fraud", signals=("anger",)).ticket.id
    centre.port.customer_wrote(conversation, "有人吗")
    centre.port.leave(conversation)
    centre.port.deliver()
    assert centre.kinds() == ["opened", "message", "left"]
    opened = next(iter(centre.took.values()))
    assert (opened["ticket"], opened["group"], opened["urgent"]) == (ticket, "risk", True)
    assert "盗刷" in opened["summary"] and "0200112" not in json.dumps(opened)
    centre.port.deliver()
    assert len(centre.calls) == 3


def test_what_does_not_arrive_is_sent_again_under_its_old_id(
    centre: ContactCentre, log: MessageLog, clock: Hands
) -> None:
    conversation, other = log.open().id, log.open().id
    call(centre.port, conversation)
    centre.port.leave(conversation)
    centre.down = True
    centre.port.deliver()
    assert len(centre.calls) == 1  # what came later waits for what came first
    centre.port.deliver()
    assert len(centre.calls) == 1
    clock.forward(seconds=2)
    centre.port.deliver()
    assert len(centre.calls) == 2 and len(set(centre.calls)) == 1
    centre.down = False
    call(centre.port, other)
    centre.port.deliver()
    assert centre.kinds() == ["opened"]  # the other customer's does not wait
    clock.forward(seconds=4)
    centre.port.deliver()
    assert sorted(centre.kinds()) == ["left", "opened", "opened"]


def test_what_is_never_taken_stands_in_nobody_elses_way(
    centre: ContactCentre, log: MessageLog, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handoff.outbox.AT_ONCE", 3)
    refused, other = log.open().id, log.open().id
    centre.refused = {call(centre.port, refused).ticket.id}
    for _ in range(5):
        centre.port.customer_wrote(refused, "有人吗")
    call(centre.port, other)
    for _ in range(5):
        centre.port.customer_wrote(other, "您好")
    centre.port.deliver()
    assert centre.kinds() == ["opened", *["message"] * 5]


def test_what_was_agreed_on_is_kept_at_a_desk_elsewhere_too(
    centre: ContactCentre, log: MessageLog, clock: Hands
) -> None:
    conversation = log.open().id
    ticket = call(centre.port, conversation).ticket.id
    begin, _ = centre.port.callback_slots(conversation)[1]
    centre.port.ask_callback(conversation, begin)
    sweep = sweep_of(centre.port)
    sweep.run()
    assert centre.queue.state_of(conversation) == "bot"
    clock.now = begin
    sweep.run()
    assert centre.kinds() == ["opened", "callback", "back"]
    assert centre.queue.state_of(conversation) == "queued"
    assert texts(log, conversation).count("您约的时间到了") == 1
    centre.accept(ticket)
    centre.end(ticket)
    clock.forward(hours=72)
    sweep.run()
    assert centre.queue.get(ticket).state == "closed"
    with pytest.raises(Conflict):
        centre.port.not_resolved(conversation)


def test_a_message_from_there_counts_once(centre: ContactCentre, log: MessageLog) -> None:
    conversation = log.open().id
    ticket = call(centre.port, conversation).ticket.id
    headers, body = centre.tell("accepted", ticket)
    centre.port.receive(headers, body)
    headers, body = centre.tell("message", ticket, text="您好")
    centre.port.receive(headers, body)
    assert [m.role for m in log.after(conversation)] == ["system", "system", "agent"]
    with pytest.raises(Invalid):
        centre.tell("message", ticket, text=" ")
    with pytest.raises(Invalid):
        centre.tell("danced", ticket)
    centre.tell("returned", ticket)
    assert centre.queue.state_of(conversation) == "queued"


def test_only_the_other_side_is_heard(centre: ContactCentre, log: MessageLog, clock: Hands) -> None:
    ticket = call(centre.port, log.open().id).ticket.id
    body = json.dumps({"kind": "accepted", "ticket": ticket, "agent": "X9"}).encode()
    good = Signer(KEY).headers("m1", body, clock())
    bad = Signer(bytes(reversed(KEY))).headers("m1", body, clock())
    for headers, content in (
        (bad, body),
        ({}, body),
        (good, body.replace(b"X9", b"X8")),
        ({**good, "webhook-id": "m2"}, body),
    ):
        with pytest.raises(Forbidden):
            centre.port.receive(headers, content)
    clock.forward(minutes=6)
    with pytest.raises(Forbidden, match="过期"):
        centre.port.receive(good, body)
    fresh = Signer(KEY).headers("m1", body, clock())
    both = {**fresh, SIGNATURE: f"{bad[SIGNATURE]} {fresh[SIGNATURE]}"}
    centre.port.receive(both, body)  # while the key is being replaced
    assert centre.queue.get(ticket).state == "active"


def test_a_signature_is_the_standards_own() -> None:
    headers = Signer(KEY).headers("msg_1", b"{}", datetime(2026, 1, 1, tzinfo=timezone.utc))
    digest = hmac.digest(KEY, b"msg_1.1767225600.{}", "sha256")
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1767225600",
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    with pytest.raises(ConfigError):
        Signer(b"short")
