"""What the customer sends is stored once, as text, and without secrets."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.sealed import SealedInputs
from bot.gateway.inbox import CODE_SHOWN, one_time_code
from bot.gateway.parts import Parts
from bot.text.clock import utc_now
from tests.gateway.conftest import SECRET, Caller, customer_jwt
from tests.gateway.peers import Rasa

ASK_CODE = {
    "text": "请输入验证码",
    "custom": {"type": "one_time_code", "length": 6, "phone": "138****1234", "expires_in": 300},
}
CHOICE = {
    "text": "您要挂失哪张卡？",
    "buttons": [
        {"title": "储蓄卡 尾号 8866", "payload": '/inform{"card": "8866"}'},
        {"title": "挂失收费吗", "payload": "挂失收费吗"},
    ],
}


async def test_a_repeat_is_one_message(caller: Caller, rasa: Rasa) -> None:
    first = await caller.post("same", text="查余额")
    again = await asyncio.gather(*(caller.post("same", text="查余额") for _ in range(5)))
    assert {answer.json()["seq"] for answer in [first, *again]} == {1}
    await caller.wait(1)
    await caller.say("完")
    messages = (await caller.read())["messages"]
    assert [m["text"] for m in messages if m["role"] == "customer"] == ["查余额", "完"]
    assert [body["message"] for body in rasa.asked] == ["查余额", "完"]


async def test_the_same_client_id_with_another_body_is_a_conflict(caller: Caller) -> None:
    assert (await caller.post("same", text="查余额")).status_code == 202
    answer = await caller.post("same", text="查明细")
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "client_id_reused"


async def test_slash_text_stays_text(caller: Caller, rasa: Rasa) -> None:
    for text in ("/restart", '/inform{"card": "8866"}', "/"):
        assert (await caller.say(text))[0]["text"] == f"回声：{text}"
    assert {body["kind"] for body in rasa.asked} == {"text"}


async def test_a_quick_reply_carries_what_the_gateway_issued(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失"] = [CHOICE]
    [asked] = await caller.say("挂失")
    assert "payload" not in str(asked) and "inform" not in str(asked)
    value = asked["quick_replies"][0]["value"]
    answer = await caller.post("press", quick_reply=value)
    assert answer.status_code == 202
    await caller.wait(answer.json()["seq"])
    assert rasa.asked[-1]["kind"] == "payload"
    assert rasa.asked[-1]["message"] == '/inform{"card": "8866"}'
    shown = (await caller.read(answer.json()["seq"] - 1))["messages"][0]
    assert (shown["role"], shown["text"]) == ("customer", "储蓄卡 尾号 8866")
    # The press itself has made the button stale; its retry is still the same message.
    again = await caller.post("press", quick_reply=value)
    assert again.json()["seq"] == answer.json()["seq"]
    reused = await caller.post("press", quick_reply=asked["quick_replies"][1]["value"])
    assert reused.status_code == 409


async def test_a_plain_quick_reply_goes_as_text(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失"] = [CHOICE]
    [asked] = await caller.say("挂失")
    answer = await caller.post(quick_reply=asked["quick_replies"][1]["value"])
    await caller.wait(answer.json()["seq"])
    assert (rasa.asked[-1]["kind"], rasa.asked[-1]["message"]) == ("text", "挂失收费吗")


async def test_a_stale_or_invented_quick_reply(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失"] = [CHOICE]
    [asked] = await caller.say("挂失")
    await caller.say("等一下")
    stale = await caller.post(quick_reply=asked["quick_replies"][0]["value"])
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "quick_reply_stale")
    for value in ("99.0", f"{asked['seq']}.7", "0.0", "1.0"):
        invented = await caller.post(quick_reply=value)
        assert invented.json()["error"]["code"] == "quick_reply_unknown", value
        assert invented.status_code == 422


async def test_another_conversations_quick_reply_is_unknown(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失"] = [CHOICE]
    [asked] = await caller.say("挂失")
    other = await Caller(caller.http).open()
    await other.post(text="你好")
    answer = await other.post(quick_reply=asked["quick_replies"][0]["value"])
    assert answer.status_code == 422


async def test_an_answer_names_what_it_came_from(caller: Caller, rasa: Rasa) -> None:
    rasa.source = {"intent": "faq", "confidence": 0.97, "faq_id": "loss.fee", "score": 0.91}
    rasa.script["挂失收费吗"] = [
        {"text": "临时挂失不收费。", "action": "utter_faq", "custom": {"type": "sign_in"}}
    ]
    [told] = await caller.say("挂失收费吗")
    assert told["source"] == {**rasa.source, "action": "utter_faq"}
    assert told["card"] == {"type": "sign_in"}


def on_disk(tmp_path: Path) -> bytes:
    """Everything SQLite wrote. Its journals go when the last connection closes, perhaps between
    listing and reading them; then what they held is in the main file and we look again."""
    while True:
        with contextlib.suppress(FileNotFoundError):
            return b"".join(path.read_bytes() for path in tmp_path.glob("bankbot.db*"))


async def test_a_one_time_code_never_reaches_the_disk(
    caller: Caller, parts: Parts, rasa: Rasa, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    rasa.script["挂失"] = [ASK_CODE]
    for code in ("739154", "７３９１５４", "739 154", "验证码是739154。"):
        await caller.say("挂失")
        answer = await caller.post("retry-me-" + str(len(rasa.asked)), text=code)
        assert answer.status_code == 202
        seq = answer.json()["seq"]
        await caller.wait(seq)
        assert (await caller.read(seq - 1))["messages"][0]["text"] == CODE_SHOWN
        asked = rasa.asked[-1]
        assert asked["kind"] == "payload"
        assert asked["message"].startswith('/inform{"code_ref": "')
        ref = asked["message"].split('"')[3]
        opened = SealedInputs(parts.db, SECRET, utc_now).open(caller.id, ref)
        assert opened == "739154"
    assert b"739154" not in on_disk(tmp_path)
    assert "739154" not in caplog.text
    assert all("739154" not in str(body) for body in rasa.asked)


async def test_the_same_code_sent_twice_is_one_message(caller: Caller, rasa: Rasa) -> None:
    rasa.script["挂失"] = [ASK_CODE]
    await caller.say("挂失")
    rasa.open.clear()
    first = await caller.post("code", text="739154")
    again = await caller.post("code", text="739154")
    assert first.json()["seq"] == again.json()["seq"]
    other = await caller.post("code", text="111111")
    assert other.json()["error"]["code"] == "client_id_reused"
    rasa.open.set()
    await caller.wait(first.json()["seq"])
    late = await caller.post("code", text="739154")
    assert late.json()["seq"] == first.json()["seq"]


async def test_digits_are_plain_text_when_no_code_was_asked_for(caller: Caller, rasa: Rasa) -> None:
    assert (await caller.say("8866"))[0]["text"] == "回声：8866"
    rasa.script["挂失"] = [ASK_CODE]
    await caller.say("挂失")
    await caller.say("先等等")
    assert (await caller.say("123456"))[0]["text"] == "回声：123456"


async def test_the_code_is_recognised_after_a_digression_in_the_same_answer(
    caller: Caller, rasa: Rasa
) -> None:
    rasa.script["收费吗"] = [{"text": "不收费。"}, ASK_CODE, {"text": "没收到可点重发。"}]
    await caller.say("收费吗", answers=3)
    await caller.say("739154")
    assert rasa.asked[-1]["kind"] == "payload"


async def test_passwords_are_struck_out_before_they_are_stored(
    caller: Caller, rasa: Rasa, tmp_path: Path
) -> None:
    [told] = await caller.say("我的密码是864213，帮我查余额")
    assert "864213" not in told["text"]
    assert b"864213" not in on_disk(tmp_path)
    assert "864213" not in str(rasa.asked)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1234", "1234"),
        ("12345678", "12345678"),
        (" １２３-４５６ ", "123456"),
        ("验证码：123456", "123456"),
        ("一二三四五六", "123456"),
        ("123", None),
        ("123456789", None),
        ("不对，是尾号2001那张", None),
        ("12345a", None),
        ("转123456元", None),
    ],
)
def test_codes(text: str, code: str | None) -> None:
    assert one_time_code(text) == code


async def test_feedback(caller: Caller) -> None:
    [told] = await caller.say("你好")
    for body in (
        {"seq": told["seq"], "verdict": "up"},
        {"seq": told["seq"], "verdict": "down", "reason": "没有回答我的问题"},
        {"rating": 5},
        {"rating": 4, "reason": ""},
    ):
        assert (await caller.call("POST", "feedback", json=body)).status_code == 204, body
    for seq in (1, 99):
        answer = await caller.call("POST", "feedback", json={"seq": seq, "verdict": "up"})
        assert answer.status_code == 404, "only what was answered can be judged"
    for body in (
        {},
        {"seq": 2},
        {"verdict": "up"},
        {"rating": 6},
        {"seq": 2, "verdict": "so-so"},
        {"seq": 2, "verdict": "up", "rating": 5},
        {"seq": 2, "verdict": "up", "cause": "unclear"},
        {"seq": 2, "verdict": "down", "cause": "boring"},
        {"seq": 2, "verdict": "down", "reason": "长" * 201},
        {"rating": 5, "cause": "unclear"},
    ):
        assert (await caller.call("POST", "feedback", json=body)).status_code == 422, body


async def test_feedback_says_why_may_be_repeated_and_changed(caller: Caller) -> None:
    [told] = await caller.say("你好")

    async def give(**body: Any) -> list[dict[str, Any]]:
        answer = await caller.call("POST", "feedback", json={"seq": told["seq"], **body})
        assert answer.status_code == 204, answer.text
        return list((await caller.read())["feedback"])

    first = {"seq": told["seq"], "verdict": "down", "cause": None, "reason": None}
    assert await give(verdict="down") == [first]
    for _ in range(2):
        said = await give(verdict="down", cause="outdated", reason="密码：a1b2c3d4，年费变了")
        assert said[0]["cause"] == "outdated"
        assert "a1b2c3d4" not in said[0]["reason"]
    assert (await give(verdict="down", cause="other"))[0]["reason"] is None
    assert await give(verdict="up") == [{**first, "verdict": "up"}]
    # The survey is about no message, and older pages of the log carry their own verdicts only.
    await caller.call("POST", "feedback", json={"rating": 5})
    assert (await caller.read())["feedback"] == [{**first, "verdict": "up"}]
    assert (await caller.read(after=told["seq"]))["feedback"] == []


async def test_two_first_verdicts_at_once_are_one(caller: Caller) -> None:
    [told] = await caller.say("你好")
    body = {"seq": told["seq"], "verdict": "down"}
    answers = await asyncio.gather(*(caller.call("POST", "feedback", json=body) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [204] * 5


async def test_a_signed_in_customers_log_is_only_their_own(caller: Caller) -> None:
    mine = await Caller(caller.http).open(headers={"Authorization": f"Bearer {customer_jwt()}"})
    await mine.say("查余额")
    assert (await caller.read())["messages"] == []
