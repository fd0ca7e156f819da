"""Asking Rasa for the answer to one message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import httpx

from bot.conversations.log import Answer, Conversation, Message, QuickReply
from bot.conversations.models import Group
from bot.errors import Unavailable

logger = logging.getLogger(__name__)

# What Rasa takes for an intent written out; only payloads that we issued may begin so.
PAYLOAD_PREFIX = "/"
# Said for a signed-in customer who has opened a conversation.
OPENING = "/open_conversation"
# Connecting to a neighbour takes no time; waiting longer only delays the apology.
CONNECT_SECONDS = 2.0


class AssistantDown(Unavailable):
    """The assistant gave no usable answer; ``cause`` is timeout, unreachable, status, malformed or empty."""

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"assistant {cause}{': ' if detail else ''}{detail}")
        self.cause = cause


class Assistant:
    """The HTTP client to Rasa's ``bankbot`` channel.

    Args:
        url: base address of Rasa, without a trailing slash.
        timeout: longest wait for one answer, in seconds, connecting included.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self._url = f"{url.rstrip('/')}/webhooks/bankbot"
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
            # Rasa is a neighbour: a proxy in the environment is not for it.
            trust_env=False,
        )

    async def ask(self, message: Message, conversation: Conversation) -> list[Answer]:
        """The answers to one message, at least one.

        The same message may be asked again: Rasa knows it by ``message_id`` and repeats itself.

        Raises:
            AssistantDown: no answer in time, an error, or nothing in the answer.
        """
        body = {
            "sender": message.conversation_id,
            "message": message.payload or message.text,
            "kind": _kind(message),
            "message_id": f"{message.conversation_id}:{message.seq}",
            "metadata": {
                "channel": conversation.channel,
                # Asked again after an outage, it is as old as it was.
                "at": message.at.timestamp(),
                # Some FAQ entries are for customers whom the bank's app vouched for.
                "signed_in": conversation.customer_id is not None,
            },
        }
        try:
            # httpx limits each read, not the whole: an answer that trickles in would never end.
            response = await asyncio.wait_for(
                self._client.post(f"{self._url}/webhook", json=body), self._timeout
            )
        except (asyncio.TimeoutError, httpx.TimeoutException):
            raise AssistantDown("timeout", f"no answer in {self._timeout:g} s") from None
        except httpx.HTTPError as error:
            raise AssistantDown("unreachable", type(error).__name__) from None
        if response.status_code != 200:
            raise AssistantDown("status", str(response.status_code))
        try:
            found = answers(response.json())
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise AssistantDown("malformed", type(error).__name__) from None
        if not found:
            raise AssistantDown("empty")
        return found

    async def opening(self, conversation: Conversation) -> list[Answer]:
        """What is to be said to a customer who has just opened a conversation; often nothing.

        Raises:
            AssistantDown: as :meth:`ask`.
        """
        # No message of the customer's: numbers of those begin at 1.
        knock = Message(
            conversation.id, 0, "system", "", conversation.created_at, payload=OPENING
        )  # fmt: skip
        try:
            return await self.ask(knock, conversation)
        except AssistantDown as down:
            if down.cause == "empty":
                return []
            raise

    async def healthy(self) -> bool:
        """Whether Rasa answers at all."""
        return await answers_ok(self._client, f"{self._url}/")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def answers(body: Mapping[str, Any]) -> list[Answer]:
    """What is to be stored of Rasa's answer; each answer says what it came from."""
    source = body.get("source") or {}
    return [_answer(item, source) for item in body["messages"] if _says_something(item)]


async def answers_ok(client: httpx.AsyncClient, url: str, timeout: float = 2.0) -> bool:
    """Whether a GET is answered with 200."""
    try:
        return (await client.get(url, timeout=timeout)).status_code == 200
    except httpx.HTTPError:
        return False


def _kind(message: Message) -> str:
    # A customer's own text has no payload, so it can never become one.
    issued = message.payload is not None and message.payload.startswith(PAYLOAD_PREFIX)
    return "payload" if issued else "text"


def _says_something(item: Mapping[str, Any]) -> bool:
    return bool(item.get("text") or item.get("buttons") or item.get("custom"))


def _answer(item: Mapping[str, Any], source: Mapping[str, Any]) -> Answer:
    # Which entry answers is each message's own: one turn may answer two questions.
    named = {**source, **(item.get("source") or {}), "action": item.get("action")}
    return Answer(
        text=_text(item.get("text") or ""),
        quick_replies=(
            *_replies(item.get("buttons"), "business"),
            *_replies(item.get("related"), "related"),
        ),
        card=item.get("custom") or None,
        source={key: value for key, value in named.items() if value is not None},
    )


def _replies(buttons: Iterable[Mapping[str, Any]] | None, group: Group) -> list[QuickReply]:
    return [
        QuickReply(_text(button["title"]), _text(button["payload"]), group)
        for button in buttons or ()
    ]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text is due")
    return value
