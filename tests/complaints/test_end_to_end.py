"""A complaint from the first word to the review: each side does its part, the customer sees it all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.services import Services
from bot.complaints.messenger import Messenger
from bot.complaints.view import View
from bot.errors import Conflict
from bot.storage import Database
from tests.complaints.desk import ANSWER, OTHER, Sides
from tests.complaints.talk import Talk, services_of
from tests.conftest import Hands

FIRST = "CT20260302-0001"


@pytest.fixture
def services(db: Database, clock: Hands) -> Iterator[Services]:
    with services_of(db, clock) as shared:
        yield shared


@pytest.fixture
def messenger(services: Services, db: Database, clock: Hands) -> Messenger:
    return Messenger(db, services.log, clock)


def read(talk: Talk) -> list[str]:
    """What the system said in the conversation, oldest first."""
    log = talk.services.log.after(talk.conversation)
    return [message.text for message in log if message.role == "system"]


def seen(talk: Talk) -> View:
    return talk.services.casebook.register.view(FIRST, "C1001")


def test_from_the_first_word_to_the_review(
    services: Services, messenger: Messenger, sides: Sides, clock: Hands
) -> None:
    zhang = Talk(services)
    assert f"编号 {FIRST}，最晚 3月17日 答复您" in zhang.say("我要投诉信用卡年费重复收了两次")
    zhang.served()
    sides.casework.assign(FIRST, "A1", by="M1")

    # Two extensions: the first takes effect at once, the second approved and told.
    clock.forward(days=14)
    sides.terms.ask_extension(FIRST, "complex", by="A1", why="需要调取流水")
    messenger.send(FIRST, "extension", by="A1")
    assert "情况复杂（需要调取流水）" in read(zhang)[-1] and "延长到 4月1日" in read(zhang)[-1]
    clock.forward(days=10)
    sides.terms.ask_extension(FIRST, "special", by="A1", why="需要收单机构配合")
    sides.terms.approve_extension(FIRST, by="M1")
    assert seen(zhang).deadline.due_on.isoformat() == "2026-04-01"
    messenger.send(FIRST, "extension", by="A1")
    assert "情况特别复杂" in read(zhang)[-1] and "延长到 5月1日" in read(zhang)[-1]
    assert "最晚 5月1日" in zhang.say("我的投诉到哪一步了")

    # The answer is nobody's to see before it is told.
    sides.closing.write(FIRST, ANSWER, by="A1")
    sides.closing.approve(FIRST, by="M1")
    assert ANSWER.decision not in zhang.say("我的投诉到哪一步了")
    messenger.send(FIRST, "decision", by="A1")
    for part in (ANSWER.decision, ANSWER.findings, ANSWER.grounds, ANSWER.reasons, ANSWER.remedies):
        assert part in read(zhang)[-1]
    assert "4月25日（含）前可以申请由上级核查" in read(zhang)[-1]

    # The level above looks again.
    clock.forward(days=20)
    assert "最晚 5月15日 答复您" in zhang.say("我对投诉结果不满意，申请复核")
    sides.reviewing.assign(FIRST, "R1", by="R9")
    sides.reviewing.decide(FIRST, by="R1", outcome="changed", findings="应退还 400 元。")
    assert "400" not in zhang.say("我的投诉到哪一步了")
    messenger.send(FIRST, "review", by="R1")
    assert read(zhang)[-1] == f"投诉 {FIRST} 的核查结果：变更原处理决定。应退还 400 元。"
    assert [notice.what for notice in seen(zhang).notices] == [
        "acceptance", "extension", "extension", "decision", "review_acceptance", "review",
    ]  # fmt: skip
    assert [notice.text for notice in seen(zhang).notices[1:]] == read(zhang)[-5:]
    answer = zhang.say("我的投诉到哪一步了")
    assert "变更原处理决定" in answer
    rows = [row[0] for row in next(m["custom"] for m in zhang.told if m.get("custom"))["rows"]]
    assert rows.count("延期告知") == 2 and "核查决定告知" in rows


def test_every_change_of_the_day_that_is_due_can_be_told(
    services: Services, messenger: Messenger, sides: Sides, clock: Hands
) -> None:
    zhang = Talk(services)
    zhang.say("我要投诉你们乱收年费")
    zhang.served()
    sides.casework.assign(FIRST, "A1", by="M1")
    clock.forward(days=1)
    sides.terms.pause(FIRST, "mediation", by="A1", why="双方同意")
    messenger.send(FIRST, "pause", by="A1")
    assert "正在调解，从 3月3日起这段时间不计入处理期限" in read(zhang)[-1]
    with pytest.raises(Conflict, match="没有待告知的恢复计时"):
        messenger.send(FIRST, "resume", by="A1")
    clock.forward(days=4)
    sides.terms.resume(FIRST, "mediation", by="A1")
    messenger.send(FIRST, "resume", by="A1")
    assert read(zhang)[-1] == f"投诉 {FIRST} 的调解已经结束，现在继续处理，最晚 3月21日 答复您。"
    zhang.say("再补充一下，我找到了收据")
    (facts,) = sides.casework.facts(FIRST)
    sides.terms.judge_facts(FIRST, facts.id, by="A1", new=False, why="已有")
    messenger.send(FIRST, "facts", by="A1")
    assert read(zhang)[-1] == f"您补充的内容已并入投诉 {FIRST} 一起处理，最晚 3月21日 答复您。"
    clock.forward(days=30)
    messenger.send(FIRST, "facts", by="A1")
    assert "已经超期，非常抱歉" in read(zhang)[-1] and "最晚" not in read(zhang)[-1]


def test_what_could_not_be_told_is_not_on_record(
    services: Services, messenger: Messenger, sides: Sides, db: Database
) -> None:
    number = sides.open(customer=OTHER)
    with pytest.raises(Conflict, match="没有在线会话"):
        messenger.send(number, "acceptance")
    li = Talk(services, OTHER)
    with pytest.raises(Conflict, match="没有待告知的延期"):
        messenger.send(number, "extension")
    assert read(li) == [] and sides.casework.notices(number) == ()


def test_a_withdrawal_is_told_once_and_kept(services: Services, sides: Sides) -> None:
    zhang = Talk(services)
    zhang.say("我要投诉你们乱收年费")
    zhang.served()
    zhang.say("我要撤诉")
    assert "3月2日起不再处理" in zhang.press("确认撤回")
    assert [notice.what for notice in sides.casework.notices(FIRST)] == ["acceptance", "withdrawal"]
