"""Silence: how long the customer was away, and what outlives the end of Rasa's session."""

from __future__ import annotations

import time

from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

# In a message's metadata: the seconds since the customer's message before.
SILENT = "silent"
LISTEN = "action_listen"


def silence(known: DialogueStateTracker | None, at: float | None = None) -> float:
    """Seconds between the customer's message before and one written ``at`` (a time stamp; now if
    unknown); 0 where there is none before in this session."""
    latest = known.get_last_event_for(UserUttered) if known else None
    return (at or time.time()) - latest.timestamp if latest else 0.0


async def keep_form(agent: Agent, known: DialogueStateTracker | None) -> None:
    """Let a form go on in the next session, where Rasa would begin it with nothing.

    What bounds a tracker's growth is no reason to forget what a customer has told; the form itself
    asks anew for whatever silence has made worthless.
    """
    lasts = agent.domain.session_config.session_expiration_time * 60
    if known is None or not known.active_loop_name or silence(known) <= lasts:
        return
    loop = known.active_loop_name
    values = {name: slot.value for name, slot in known.slots.items() if slot.value is not None}
    # Made in this order: the store takes what is older than the session's start for another's.
    started = SessionStarted()
    kept = [SlotSet(name, value) for name, value in values.items()]
    for event in (started, *kept, ActiveLoop(loop), ActionExecuted(LISTEN)):
        known.update(event, agent.domain)
    await agent.tracker_store.save(known)
