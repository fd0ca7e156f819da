"""Several requests in one message, told apart by the trained understanding itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.pipeline import Pipeline
from bot.nlu.requests import DROPPED, THEN, find_requests, waiting
from bot.text.normalise import normalise

# Rasa and TensorFlow warn of their own matters when a model is loaded.
pytestmark = pytest.mark.filterwarnings("ignore")

MODEL = Path(__file__).parents[2] / "models" / "assistant.tar.gz"


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline.load(MODEL)


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("查一下余额，然后给张伟转500", ["查一下余额", "给张伟转500"]),
        ("先查一下余额再转500给李梅", ["先查一下余额", "转500给李梅"]),
        ("给李梅转500，再给王建国转300", ["给李梅转500", "给王建国转300"]),
        ("查8866的余额，再查一下2001的余额", ["查8866的余额", "查一下2001的余额"]),
        ("给李梅转500，备注房租，然后查余额", ["给李梅转500，备注房租", "查余额"]),
        ("查信用卡账单，另外转账限额是多少", ["查信用卡账单", "转账限额是多少"]),
        ("查余额。挂失尾号2001的卡", ["查余额", "挂失尾号2001的卡"]),
        (
            "查一下余额，再看看上个月的明细，最后给李梅转200",
            ["查一下余额", "看看上个月的明细", "给李梅转200"],
        ),
    ],
)
async def test_one_after_the_other(pipeline: Pipeline, text: str, requests: list[str]) -> None:
    assert await find_requests(normalise(text), _parse(pipeline)) == requests


@pytest.mark.parametrize(
    "text",
    [
        "给李梅转500，从8866转，备注房租",
        "转500给李梅，不对，转给王建国",
        "我的卡丢了，然后怎么办",
        "我要挂失，另外转人工",
        "卡里还有多少钱",
        "工资到底发没发，我等着再还房贷呢",
        "挂失收费吗？多久能补卡？",
    ],
)
async def test_one_request_stays_whole(pipeline: Pipeline, text: str) -> None:
    text = normalise(text)
    assert await find_requests(text, _parse(pipeline)) == [text]


def _parse(pipeline: Pipeline) -> Any:
    async def parse(text: str) -> dict[str, Any]:
        from rasa.core.channels.channel import UserMessage

        found: dict[str, Any] = await pipeline._agent.processor.parse_message(UserMessage(text))
        return found

    return parse


FIRST = UserUttered("给李梅转500", metadata={THEN: ["查余额"]})
FORM = ActiveLoop("transfer_money_form")


@pytest.mark.parametrize(
    ("events", "rest"),
    [
        ([FIRST], ["查余额"]),
        ([FIRST, FORM], []),
        ([FIRST, FORM, UserUttered("五百"), ActiveLoop(None)], ["查余额"]),
        ([FIRST, UserUttered("查余额", metadata={THEN: []})], []),
        ([FIRST, SlotSet(DROPPED, True)], []),
        ([SlotSet(DROPPED, True), FIRST], ["查余额"]),
        ([FIRST, SessionStarted()], []),
        ([], []),
    ],
)
def test_what_is_still_to_be_done(events: list[Event], rest: list[str]) -> None:
    tracker = DialogueStateTracker.from_events("c", events)
    assert list(waiting(tracker)) == rest
