"""Messages through the gateway's door: Rasa with its trained model and the actions, in one process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.services import Services
from bot.banking.stub import Outbox
from bot.nlu.channel import GatewayInput
from bot.nlu.responder import FaqResponder
from tests.actions.conftest import (  # noqa: F401
    bank,
    db,
    operations,
    outbox,
    seeded,
    services,
)

# Rasa and TensorFlow warn of their own matters when a model is loaded.
pytestmark = pytest.mark.filterwarnings("ignore")

MODEL = Path(__file__).parents[2] / "models" / "assistant.tar.gz"


class InProcess(EndpointConfig):
    """The action server without the network."""

    def __init__(self) -> None:
        super().__init__("http://nowhere", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package("actions")

    async def request(self, *_: Any, **options: Any) -> Any:
        # Through JSON, as over the network.
        call = json.loads(json.dumps(options["json"], default=str))
        return await self.executor.run(call)


@pytest.fixture(scope="module")
def trained() -> Agent:
    return Agent.load(str(MODEL), action_endpoint=InProcess())


@dataclass
class Door:
    """A customer's messages, and what comes back of each."""

    agent: Agent
    services: Services
    outbox: Outbox
    conversation: str
    channel: GatewayInput = field(default_factory=GatewayInput)
    count: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)

    def say(self, text: str, kind: str = "text", *, again: bool = False) -> str:
        self.count += not again
        message_id = f"{self.conversation}:{self.count}"
        body = {
            "sender": self.conversation, "message": text, "kind": kind, "message_id": message_id,
        }  # fmt: skip
        turn = self.channel._turn(body, self.agent, self.agent.handle_message)
        answer = asyncio.get_event_loop().run_until_complete(turn)
        self.told = answer["messages"]
        return "\n".join(each["text"] for each in self.told)

    def press(self, title: str) -> str:
        buttons = [b for each in reversed(self.told) for b in each["buttons"]]
        return self.say(next(b["payload"] for b in buttons if title in b["title"]), "payload")

    def code(self) -> str:
        code = str(self.outbox.outbox("C1001", 1)[0]["code"])
        ref = self.services.sealed.seal(self.conversation, code)
        return self.say("/inform" + json.dumps({"code_ref": ref}), "payload")

    @property
    def cards(self) -> list[str]:
        return [each["custom"]["type"] for each in self.told if each["custom"]]


@pytest.fixture
def door(
    trained: Agent,
    services: Services,  # noqa: F811
    outbox: Outbox,  # noqa: F811
    tmp_path: Path,
) -> Iterator[Door]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    assert trained.processor and trained.domain
    trained.tracker_store = SQLTrackerStore(trained.domain, db=str(tmp_path / "tracker.db"))
    trained.processor.tracker_store = trained.tracker_store
    trained.processor.nlg = FaqResponder(EndpointConfig(), trained.domain)
    yield Door(trained, services, outbox, services.log.open("web", "C1001").id)
    loop.close()


def test_a_query_and_a_transfer_of_one_message(door: Door) -> None:
    answer = door.say("查一下余额，然后从8866给王建国转66块，备注早饭")
    assert door.cards == ["accounts", "confirm"], answer
    assert "接下来为您办理转账" in answer
    assert [each["source"]["intent"] for each in door.told][0] == "check_balance"
    # A gateway that died before it stored the answers asks again and gets the same.
    assert door.say("查一下余额，然后从8866给王建国转66块，备注早饭", again=True) == answer


def test_two_transfers_are_confirmed_one_by_one(door: Door) -> None:
    door.say("给李梅转11块，再给王建国转12块")
    for name in ("李梅", "王建国"):
        door.press("8866")
        door.press("跳过")
        assert name in str(door.told[-1]["custom"]["rows"])
        door.press("确认转账")
        answer = door.code()
        assert f"已向{name}转出" in answer and "receipt" in door.cards
    made = door.services.bank.transfers.records("C1001")
    assert sorted(each.amount for each in made if each.amount in (1_100, 1_200)) == [1_100, 1_200]
    assert "接下来" not in door.say("谢谢")


def test_the_first_is_called_off_and_the_second_begins(door: Door) -> None:
    door.say("给李梅转13块，然后查一下余额")
    assert door.cards == []
    door.say("算了不转了")
    assert door.cards == ["accounts"]


def test_a_person_takes_all_of_it(door: Door) -> None:
    door.say("给李梅转13块，然后查一下余额")
    door.say("转人工")
    assert door.cards == []


def test_a_look_up_beside_an_answer_asks_the_next_thing_once(door: Door) -> None:
    door.say("转账给李梅")
    answer = door.say("14块，顺便查下余额")
    assert door.cards == ["accounts"]
    assert answer.count("从哪个账户转出") == 1 and answer.endswith("从哪个账户转出？"), answer
    # A gateway that died before it stored the answers asks again and gets the same.
    assert door.say("14块，顺便查下余额", again=True) == answer


def test_what_is_to_be_done_afterwards_waits_for_the_form_and_for_what_waited_before(
    door: Door,
) -> None:
    assert "一件一件来，先为您办理转账" in door.say("给李梅转13块，然后查一下余额")
    assert "一件一件来" in door.say("从8866转，然后帮我查信用卡账单") and door.cards == []
    door.press("跳过")
    door.press("确认转账")
    answer = door.code()
    assert door.cards[:2] == ["receipt", "accounts"] and "账单" in answer, answer


def test_an_answer_behind_a_look_up_is_heard(door: Door) -> None:
    door.say("转账给李梅")
    answer = door.say("先查一下余额，然后转15块")
    assert door.cards == ["accounts"] and "转多少" not in answer
    door.press("8866")
    door.press("跳过")
    assert dict(door.told[-1]["custom"]["rows"])["金额"] == "¥15.00"


def test_what_cannot_be_is_said_though_something_follows(door: Door) -> None:
    door.say("转500给李梅")
    answer = door.say("从尾号9999的卡转，顺便查信用卡账单")
    assert "9999" in answer and "从哪个账户转出" in door.told[-1]["text"], answer


def test_a_form_that_is_called_off_goes_on_to_the_rest(door: Door) -> None:
    door.say("转账给李梅")
    assert "没有办理" in door.say("算了不转了，帮我查余额") and door.cards == ["accounts"]


READY = "从8866转500给李梅，备注房租"


def test_a_form_outlives_the_session(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.say(READY)
    assert door.cards == ["confirm"]
    now = time.time
    monkeypatch.setattr("time.time", lambda: now() + 3 * 3600)
    assert "转账还没有办完，我们接着办" in door.say("你好")
    assert door.cards == ["confirm"] and "房租" in str(door.told[-1]["custom"]["rows"])
    monkeypatch.setattr("time.time", lambda: now() + 6 * 3600)
    assert "接着办" in door.say("确认") and door.cards == ["confirm"]
    door.say("确认")
    door.code()
    assert door.cards == ["receipt"]


def test_every_value_corrected_with_a_question_at_each_step(door: Door) -> None:
    def digress() -> None:
        assert "我们继续刚才的转账" in door.say("手机银行转账限额是多少")
        assert door.told[0]["source"]["faq_id"]

    for said in ("我要转账", "转给李梅", "五百", "用尾号2001的", "房租"):
        door.say(said)
        digress()
    for said in ("不对，转给李四", "6228481001123459", "改成三百", "从8866转", "备注改成饭钱"):
        door.say(said)
    digress()
    door.say("次日到账")
    digress()
    door.say("保存这个收款人")
    rows = dict(door.told[-1]["custom"]["rows"])
    assert rows["收款人"] == "李四" and rows["收款账户"] == "农业银行 尾号 3459"
    assert rows["金额"] == "¥300.00" and rows["付款账户"] == "储蓄卡 尾号 8866"
    assert rows["附言"] == "饭钱" and rows["到账方式"].startswith("24 小时")
    assert "保存收款人" in rows
    door.press("确认转账")
    digress()
    door.code()
    made = door.services.bank.transfers.records("C1001")[0]
    assert (made.payee_name, made.amount, made.status) == ("李四", 30_000, "pending")


@pytest.mark.parametrize("said", ["全部余额", "把8866的钱都转走", "不是全部余额，转300"])
def test_all_there_is(door: Door, said: str) -> None:
    door.say("转账给王芳")
    door.say(said)
    asked = door.told[-1]["text"]
    assert "从哪个账户转出" in asked or "留言" in asked, asked
