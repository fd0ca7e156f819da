"""The door between gateway and Rasa: one POST a turn, answered once however often it is sent.

Unlike Rasa's own REST channel it returns a response's text, buttons and card as *one* message,
says what the answer came from (intent, routing, FAQ entry), and answers a repeated
``message_id`` from the tracker instead of running the turn again. A gateway that died between
asking and storing may therefore simply ask again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.faq_retriever import ALSO, FAQ_BEFORE
from bot.nlu.requests import NOW, THEN, Requests, find_requests, pending, waiting
from bot.nlu.sessions import SILENT, keep_form, silence
from bot.nlu.tone import fitted
from bot.text.normalise import normalise

logger = logging.getLogger(__name__)

# What a response says of the FAQ entry it comes from.
ANSWERED_BY = ("faq_id", "score", "faq_version")
# What Rasa takes for an intent written out by a program; a customer never writes one.
INTENT_PREFIX = "/"
# Between a message's id and the number of a further turn that it became.
PART = "#"
# What the names of forms end with, behind the operation's.
FORM = "_form"
# A question is followed up across so many turns of small talk ("好的，谢谢").
MOST_BETWEEN = 2


class GatewayOutput(OutputChannel):
    """Collects each response whole; the answer leaves with the HTTP response."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "bankbot"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages += public_messages(message)


class GatewayInput(InputChannel):
    """``POST /webhooks/bankbot/webhook``.

    Body: ``sender`` (conversation id), ``message``, ``kind`` (``text`` as a customer typed it or
    ``payload`` of a quick reply), ``message_id`` and ``metadata``. Answer: ``messages`` (each
    ``text``, ``buttons``, ``related``, ``custom``, ``action``, ``source``) and ``source`` (``intent``, ``confidence``,
    ``decision``, ``reason``, ``faq_id``, ``score``).
    """

    @classmethod
    def name(cls) -> str:
        return "bankbot"

    def __init__(self) -> None:
        # Turns under way by message id: a repeat waits for the first instead of running beside it.
        self._running: dict[str, asyncio.Task[dict[str, Any]]] = {}

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("bankbot_gateway", __name__)

        @door.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            message_id = body["message_id"]
            turn = self._running.get(message_id)
            if turn is None:
                agent = request.app.ctx.agent
                turn = asyncio.create_task(self._turn(body, agent, on_new_message))
                self._running[message_id] = turn
                turn.add_done_callback(lambda _: self._running.pop(message_id, None))
            # A caller that goes away does not stop the turn: its answers are kept for a repeat.
            return response.json(await asyncio.shield(turn))

        return door

    async def _turn(
        self, body: dict[str, Any], agent: Agent, handle: Callable[[UserMessage], Awaitable[Any]]
    ) -> dict[str, Any]:
        """All that a message asks for, as far as it can be done now, and what was left before."""
        message_id = body["message_id"]
        output = GatewayOutput()
        run = partial(self._run, body, agent, handle, output)
        tracker = await agent.tracker_store.retrieve(body["sender"])
        told = answered(tracker, message_id) if tracker else None
        if told is None:
            silent = {SILENT: silence(tracker, (body.get("metadata") or {}).get("at"))}
            await keep_form(agent, tracker)
            asked = await _requests(body, tracker, agent)
            then = {NOW: asked.now, THEN: (*pending(tracker), *asked.later)}
            several = then if asked.now or asked.later else {}
            tracker = await run(tracker, asked.first, message_id, {**silent, **several})
        while rest := waiting(tracker):
            part = f"{message_id}{PART}{rest.left}"
            tracker = await run(tracker, rest.text, part, rest.metadata)
        if told is not None:
            messages, parse = told
            return _answer([*messages, *output.messages], parse)
        return _answer(output.messages, _latest(tracker))

    async def _run(
        self,
        body: dict[str, Any],
        agent: Agent,
        handle: Callable[[UserMessage], Awaitable[Any]],
        output: GatewayOutput,
        known: DialogueStateTracker | None,
        text: str,
        message_id: str,
        metadata: dict[str, Any],
    ) -> DialogueStateTracker | None:
        """One turn of Rasa's: the tracker after it, ``None`` if the turn is not on record."""
        said = len(output.messages)
        message = UserMessage(
            text=text,
            output_channel=output,
            sender_id=body["sender"],
            input_channel=self.name(),
            message_id=message_id,
            metadata={**(body.get("metadata") or {}), FAQ_BEFORE: faq_before(known), **metadata},
        )
        try:
            await handle(message)
        except Exception:  # the gateway apologises when no message comes back
            logger.exception("turn %s failed", message_id)
        tracker = await agent.tracker_store.retrieve(body["sender"])
        latest = tracker.latest_message if tracker else None
        if latest is None or latest.message_id != message_id:
            return None
        if THEN in metadata:
            # What one message became several turns for was not all asked for alike.
            source = _source_of(_latest(tracker))
            for each in output.messages[said:]:
                each["source"] = {**source, **each["source"]}
        return tracker


def _latest(tracker: DialogueStateTracker | None) -> Any:
    """The parse result of the latest message; empty where there is none."""
    return (tracker and tracker.latest_message and tracker.latest_message.parse_data) or {}


async def _requests(
    body: dict[str, Any], known: DialogueStateTracker | None, agent: Agent
) -> Requests:
    """What a customer's message asks for."""
    text = rasa_text(body["message"], body["kind"])
    if body["kind"] == "payload":
        return Requests(text)
    form = (known.active_loop_name or "").removesuffix(FORM) if known else ""

    async def parse(piece: str) -> dict[str, Any]:
        message = UserMessage(piece, metadata=body.get("metadata"))
        found: dict[str, Any] = await agent.processor.parse_message(message)
        return found

    return await find_requests(text, parse, form or None)


def rasa_text(text: str, kind: str) -> str:
    """What Rasa is given. A customer's text never begins with the intent prefix."""
    if kind == "payload":
        return text
    return normalise(text).lstrip(INTENT_PREFIX + " ") or "？"


def answered(
    tracker: DialogueStateTracker, message_id: str
) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    """What this message was answered before, and its parse result; ``None`` if it is new."""
    messages: list[dict[str, Any]] | None = None
    asked: UserUttered | None = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            part = (event.message_id or "").startswith(f"{message_id}{PART}")
            if messages is not None and not part:
                break
            if event.message_id == message_id or part:
                asked, messages = event, messages or []
        elif messages is not None and isinstance(event, BotUttered):
            messages += public_messages(event.message())
    return None if asked is None else (messages or [], asked.parse_data or {})


def faq_before(tracker: DialogueStateTracker | None) -> dict[str, Any] | None:
    """The question before, as :data:`FAQ_BEFORE` tells it; ``None`` if something else was spoken
    of since, or a form is asking for something."""
    if tracker is None or tracker.active_loop_name:
        return None
    for routing in islice(_routings(tracker), MOST_BETWEEN + 1):
        if routing.get("decision") == "faq":
            return {"question": routing["faq_asked"], "faq_id": routing["faq_ids"][-1]}
        if routing.get("decision") == "clarify" and routing.get("faq_id"):
            return {"question": routing["faq_asked"], "faq_id": None}
        if routing.get("decision") != "smalltalk":
            return None
    return None


def _routings(tracker: DialogueStateTracker) -> Iterator[dict[str, Any]]:
    """Where the messages of this session went, the latest first."""
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            return
        if isinstance(event, UserUttered):
            yield (event.parse_data or {}).get("routing") or {}


def public_messages(message: dict[str, Any]) -> list[dict[str, Any]]:
    """One response as the gateway gets it: a message, and one more for each further answer."""
    return [
        {
            "text": each.get("text") or "",
            "buttons": each.get("buttons") or [],
            "related": each.get("related") or [],
            "custom": each.get("custom") or None,
            "action": message.get("utter_action"),
            "source": {key: each[key] for key in ANSWERED_BY if key in each},
        }
        for each in (message, *message.get(ALSO, ()))
    ]


def _answer(messages: list[dict[str, Any]], parse: Any) -> dict[str, Any]:
    """The body of the HTTP answer, from a turn just run or read back."""
    found = _source_of(parse)
    signals = parse.get("signals") or []
    return {"messages": fitted(messages, signals, found["decision"]), "source": found}


def _source_of(parse: Any) -> dict[str, Any]:
    intent = parse.get("intent") or {}
    routing = parse.get("routing") or {}
    found: dict[str, Any] = {"intent": intent.get("name"), "confidence": intent.get("confidence")}
    return {**found, **{key: routing.get(key) for key in ("decision", "reason")}}
