"""Turning customers' messages into answers, one at a time and in order for each conversation.

A message goes *pending → taken → done* in the log, and its answers are stored in the same
transaction that marks it done. Whatever kills this process leaves the message pending or
taken, and the sweep goes on with it: Rasa recognises the repeated ``message_id``.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from bot.conversations.log import Answer, Conversation, Message, MessageLog, QuickReply
from bot.gateway.assistant import Assistant, AssistantDown
from bot.gateway.metrics import Metrics
from bot.handoff.port import HandoffPort
from bot.storage import Database
from bot.text.normalise import normalise
from bot.text.signals import Signals

logger = logging.getLogger(__name__)

# The payload of the one quick reply that the gateway answers itself.
HAND_OVER = "gateway:hand_over"
APOLOGY = Answer(
    text="抱歉，系统刚才出了点问题，您的上一条消息没有处理成功，请稍后再发一次。",
    quick_replies=(QuickReply("转人工", HAND_OVER),),
    card=None,
    source={"action": "gateway_apology"},
)
# Only needed while the assistant cannot understand for itself: short and about a person.
_WANTS_PERSON = re.compile(r"人工|真人|活人|坐席|座席|找客服|转客服|客服人员|客服电话")
WANTS_PERSON_MAX_CHARS = 30

SWEEP_SECONDS = 5.0
# After an outage everything pending begins at once; more than this would only time out in Rasa.
TURNS_AT_ONCE = 64
# A customer who writes meanwhile is not to wait for it.
OPENING_SECONDS = 3.0
# Added to the assistant's timeout before another process's unfinished turn counts as lost.
LEASE_MARGIN = timedelta(seconds=5)


@dataclass(frozen=True)
class _Taken:
    message: Message
    conversation: Conversation
    with_person: bool


class Turns:
    """Runs the turns of all conversations that this process was told of.

    Args:
        db: where messages and tickets are written together.
        signals: what is looked for where Rasa is not asked.
        wake: called with a conversation's id after something was written to it.
        lease: age after which a taken message counts as abandoned by whoever took it.
        alone: no other gateway works on this database, so whatever is taken at the start was
            left behind by this one's past life and goes on at once.
    """

    def __init__(
        self,
        db: Database,
        log: MessageLog,
        desk: HandoffPort,
        assistant: Assistant,
        metrics: Metrics,
        signals: Signals,
        wake: Callable[[str], None],
        *,
        lease: timedelta,
        alone: bool,
    ) -> None:
        self._db = db
        self._log = log
        self._desk = desk
        self._assistant = assistant
        self._metrics = metrics
        self._signals = signals
        self._wake = wake
        self._lease = lease
        self._alone = alone
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._slots = asyncio.Semaphore(TURNS_AT_ONCE)

    def begin(self, conversation_id: str) -> None:
        """See to a conversation's pending messages; returns at once."""
        if conversation_id in self._tasks:
            self._again.add(conversation_id)
            return
        self._tasks[conversation_id] = asyncio.create_task(self._drain(conversation_id))

    def opened(self, conversation: Conversation) -> None:
        """Let the assistant say what it has to a customer who comes; returns at once.

        It is said before anything is answered. What cannot be had soon is let go: nobody waits
        for it, and the customer's own messages do not depend on it.
        """
        self._tasks[conversation.id] = asyncio.create_task(self._open(conversation))

    async def _open(self, conversation: Conversation) -> None:
        try:
            opening = self._assistant.opening(conversation)
            for answer in await asyncio.wait_for(opening, OPENING_SECONDS):
                await run_in_threadpool(self._say, conversation.id, answer)
                self._wake(conversation.id)
        except (AssistantDown, asyncio.TimeoutError) as error:
            logger.info("nothing said at the opening of %s: %r", conversation.id, error)
        except Exception:
            logger.exception("the opening of %s failed", conversation.id)
        await self._drain(conversation.id)

    def _say(self, conversation_id: str, answer: Answer) -> None:
        self._log.append(
            conversation_id, "bot", answer.text,
            quick_replies=answer.quick_replies, card=answer.card, source=answer.source,
        )  # fmt: skip

    async def run(self) -> None:
        """Go on with what was left, now and again and again, until cancelled."""
        age = timedelta(0) if self._alone else self._lease
        while True:
            try:
                for conversation_id in await run_in_threadpool(self._left_behind, age):
                    self.begin(conversation_id)
                age = self._lease
            except Exception:  # the database may be away for a moment; this loop must not be
                logger.exception("looking for unfinished messages failed")
            await asyncio.sleep(SWEEP_SECONDS)

    async def stop(self, patience: float) -> None:
        """Let running turns end for ``patience`` seconds; the rest goes on at the next start."""
        tasks = list(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _left_behind(self, age: timedelta) -> list[str]:
        self._log.release_taken(older_than=age)
        return self._log.pending_conversations()

    async def _drain(self, conversation_id: str) -> None:
        try:
            while True:
                self._again.discard(conversation_id)
                while await self._next_turn(conversation_id):
                    self._wake(conversation_id)
                if conversation_id not in self._again:
                    return
        except Exception:  # stays taken: the sweep tries again when the lease is over
            logger.exception("turns of %s failed", conversation_id)
        finally:
            del self._tasks[conversation_id]

    async def _next_turn(self, conversation_id: str) -> bool:
        # The slot comes before the taking: waiting for one must not eat up the lease.
        async with self._slots:
            taken = await run_in_threadpool(self._take, conversation_id)
            if taken is None:
                return False
            try:
                await self._turn(taken)
            except Exception:  # tried again for ever, one bad turn would block the conversation
                logger.exception("turn %s:%d failed", conversation_id, taken.message.seq)
                self._metrics.failures.labels("internal").inc()
                await run_in_threadpool(self._settle, taken.message, (APOLOGY,))
            return True

    def _take(self, conversation_id: str) -> _Taken | None:
        message = self._log.take_pending(conversation_id)
        if message is None:
            return None
        with_person = self._desk.with_person(conversation_id)
        return _Taken(message, self._log.get(conversation_id), with_person)

    async def _turn(self, taken: _Taken) -> None:
        if taken.with_person:
            # The agent reads the log; Rasa has no part in it.
            await run_in_threadpool(self._pass_on, taken.message)
            return
        here = taken.message.conversation_id
        if await run_in_threadpool(self._desk.tell_announcement, here):
            self._wake(here)
        if taken.message.payload == HAND_OVER:
            await run_in_threadpool(self._hand_over, taken)
        else:
            await self._ask(taken)

    async def _ask(self, taken: _Taken) -> None:
        begun = time.perf_counter()
        try:
            answers = await self._assistant.ask(taken.message, taken.conversation)
        except AssistantDown as error:
            await run_in_threadpool(self._without_assistant, taken, error)
        else:
            await run_in_threadpool(self._settle, taken.message, answers)
        self._metrics.turn_seconds.observe(time.perf_counter() - begun)

    def _without_assistant(self, taken: _Taken, error: AssistantDown) -> None:
        message = taken.message
        if self._desk.with_person(message.conversation_id):
            # The turn handed over, and the desk told the customer already.
            self._settle(message, ())
            return
        logger.error("turn %s:%d: %s", message.conversation_id, message.seq, error)
        self._metrics.failures.labels(error.cause).inc()
        if wants_person(message.text):
            self._hand_over(taken)
        else:
            self._settle(message, (APOLOGY,))

    def _settle(self, message: Message, answers: Sequence[Answer]) -> None:
        stored = self._log.settle(message.conversation_id, message.seq, answers)
        self._metrics.messages.labels("bot").inc(len(stored))

    def _pass_on(self, message: Message) -> None:
        signals = self._signals.find(normalise(message.text))
        with self._db.begin():
            # The ticket is changed before the log, as whoever replies does: see docs/queue.md.
            self._desk.customer_wrote(message.conversation_id, message.text, signals)
            self._settle(message, ())

    def _hand_over(self, taken: _Taken) -> None:
        message = taken.message
        with self._db.begin():
            self._desk.hand_over(
                message.conversation_id,
                customer_id=taken.conversation.customer_id,
                reason="assistant_down",
                line="general",
                slots={},
            )
            self._settle(message, ())


def wants_person(text: str) -> bool:
    """Whether a short text asks for a human; for when the assistant cannot tell."""
    return len(text) <= WANTS_PERSON_MAX_CHARS and _WANTS_PERSON.search(text) is not None
