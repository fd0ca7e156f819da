"""What outlives the end of Rasa's session, in Rasa's own tracker store."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.sessions import keep_form, silence

pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).parents[2]
HOURS = 3600.0


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def agent(domain: Domain, tmp_path: Path) -> Any:
    store = SQLTrackerStore(domain, db=str(tmp_path / "tracker.db"))
    return SimpleNamespace(domain=domain, tracker_store=store)


async def stored(agent: Any, age: float, *events: Event) -> DialogueStateTracker:
    said = UserUttered("转账给李梅", {"name": "transfer_money"}, timestamp=time.time() - age)
    listen = ActionExecuted("action_listen")
    tracker = DialogueStateTracker.from_events("c", [listen, said, *events, listen])
    await agent.tracker_store.save(tracker)
    return await again(agent)


async def again(agent: Any) -> DialogueStateTracker:
    tracker: DialogueStateTracker = await agent.tracker_store.retrieve("c")
    return tracker


FORM = (
    SlotSet("operation", "transfer_money"),
    SlotSet("payee_name", "李梅"),
    SlotSet("requested_slot", "amount"),
    ActiveLoop("transfer_money_form"),
)


async def test_a_form_goes_on_in_the_next_session(agent: Any) -> None:
    known = await stored(agent, 5 * HOURS, *FORM)
    assert silence(known) == pytest.approx(5 * HOURS, abs=60)
    assert silence(known, time.time() - 4 * HOURS) == pytest.approx(HOURS, abs=60)
    await keep_form(agent, known)
    tracker = await again(agent)
    assert tracker.active_loop_name == "transfer_money_form"
    assert tracker.get_slot("payee_name") == "李梅" and tracker.get_slot("amount") is None
    assert tracker.get_slot("requested_slot") == "amount"
    assert tracker.latest_action_name == "action_listen"
    # The session is a new one: what was said before is not dragged along.
    assert tracker.get_last_event_for(UserUttered) is None


@pytest.mark.parametrize(("age", "events"), [(0.5 * HOURS, FORM), (5 * HOURS, FORM[:2])])
async def test_rasa_is_left_alone_otherwise(
    agent: Any, age: float, events: tuple[Event, ...]
) -> None:
    known = await stored(agent, age, *events)
    before = list(known.events)
    await keep_form(agent, known)
    assert list((await again(agent)).events) == before


def test_nobody_was_silent_before_the_first_word() -> None:
    assert silence(None) == 0.0
