"""``bankbot desk``: the same desk as the page's, from a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bot.banking.stub import make_bank, seed_demo
from bot.cli import desk_presence
from bot.cli.customers import BankDirectory
from bot.cli.desk import app
from bot.cli.desk_parts import open_desk
from bot.conversations.log import MessageLog
from bot.errors import BankbotError, NotFound
from bot.handoff.desk import Desk
from bot.storage import Database
from tests.conftest import Hands


@pytest.fixture
def desk(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("BANKBOT_DATABASE_URL", db.url)
    found = open_desk()
    yield found
    found.queue.db.dispose()


def said(*arguments: str, agent: str = "A001") -> str:
    """What a command that goes well prints."""
    done = CliRunner().invoke(app, [*arguments, "--agent", agent])
    assert done.exception is None, done.exception
    return done.output


def refused(*arguments: str, agent: str = "A001") -> BankbotError:
    done = CliRunner().invoke(app, [*arguments, "--agent", agent])
    assert isinstance(done.exception, BankbotError), done.output
    return done.exception


def waits(desk: Desk) -> str:
    conversation = MessageLog(desk.queue.db).open().id
    desk.hand_over(conversation, customer_id=None, reason="request_human", line="general", slots={})
    ticket = desk.queue.open_ticket_of(conversation)
    assert ticket is not None
    return ticket.id


def test_a_shift_from_coming_to_going(desk: Desk) -> None:
    assert "已在线" in said("ready", "--once")
    first = waits(desk)
    assert desk.queue.get(first).agent == "A001"
    assert "已拒接" in said("decline", first, "--note", "先吃饭")
    second = waits(desk)
    assert "已接入" in said("accept", second)
    said("reply", second, "您好，请讲。")
    said("note", second, "客户手机 13812345678")
    said("hold", second, "--note", "查账")
    assert desk.queue.get(second).state == "on_hold"
    said("resume", second)
    assert "还有 1 个会话" in str(refused("off"))
    said("end", second)
    said("resolve", second, "--code", "answered", "--note", "已说明")
    assert desk.queue.get(second).resolution == "answered"
    shown = CliRunner().invoke(app, ["show", second]).output
    assert "138****5678" in shown and "已解答 已说明" in shown
    assert "小休" in said("away") and "离线" in said("off")
    assert desk.floor.state_of("A001") == "off"


@pytest.mark.parametrize(
    ("to", "told"),
    [
        (("--group", "loan"), "已转接"),
        (("--tier", "2"), "已转接"),
        (("--line", "loan"), "已转接"),
        (("--to", "A002"), "已请 A002 接手"),
        (("--to", "A009"), "没有坐席 A009"),
        (("--group", "nowhere"), "没有技能组"),
        ((), "之一"),
    ],
    ids=["group", "tier", "line", "colleague", "nobody", "no_group", "none"],
)
def test_passing_on(desk: Desk, to: tuple[str, ...], told: str) -> None:
    ticket = waits(desk)
    said("claim", ticket)
    said("ready", "--once", agent="A002")
    done = CliRunner().invoke(app, ["transfer", ticket, *to, "--agent", "A001"])
    assert told in (done.output if done.exception is None else str(done.exception))


def test_colleagues_ask_and_answer(desk: Desk) -> None:
    ticket = waits(desk)
    said("claim", ticket)
    said("ready", "--once", agent="A002")
    said("ready", "--once", agent="L001")
    for answer in (("refuse", ticket, "--note", "在忙"), ("agree", ticket)):
        said("transfer", ticket, "--to", "A002", "--note", "懂信用卡")
        assert desk.queue.get(ticket).agent == "A001"
        assert "没有等待答复" in str(refused(*answer, agent="A003"))
        said(*answer, agent="A002")
    assert desk.queue.get(ticket).agent == "A002"
    said("look", ticket, "客户要求退费", agent="A002")
    assert "没有等待答复" in str(refused("withdraw", ticket, agent="A001"))
    said("withdraw", ticket, agent="A002")
    said("look", ticket, "客户要求退费", "--to", "L001", agent="A002")
    said("transfer", ticket, "--to", "L001", agent="A002")
    assert "--kind" in str(refused("agree", ticket, agent="L001"))
    assert "已旁听" in said("agree", ticket, "--kind", "look", "--whisper", agent="L001")
    assert "已接手" in said("agree", ticket, agent="L001")
    shown = CliRunner().invoke(app, ["show", ticket]).output
    for line in (
        "请 A002 接手：懂信用卡",
        "婉拒：在忙",
        "请组长看一下：客户要求退费",
        "旁听",
        "接手",
    ):
        assert line in shown


def test_who_stays_hears_of_offers_and_loses_nothing_unsaid(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    beats = 0
    theirs = waits(desk)
    said("claim", theirs, agent="A003")

    def sleep(_seconds: float) -> None:
        nonlocal beats
        beats += 1
        if beats == 1:
            said("accept", waits(desk), agent="A001")
            waits(desk)
            said("transfer", theirs, "--to", "A001", "--note", "请帮忙", agent="A003")
        if beats == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(desk_presence, "time", SimpleNamespace(sleep=sleep))
    desk_presence.ready("A001")
    told = capsys.readouterr().out
    assert told.count("派单 T") == 1 and "手上还有会话" in told
    assert told.count("A003 请 A001 接手 T") == 1 and "请帮忙" in told
    assert desk.floor.state_of("A001") == "away"


def test_what_is_wrong_with_the_replies_is_told_with_the_routes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "条常用回复" in CliRunner().invoke(app, ["check"]).output
    path = tmp_path / "replies.yml"
    path.write_text("replies:\n  - id: hello\n    title: 问好\n", encoding="utf-8")
    monkeypatch.setenv("BANKBOT_REPLIES_FILE", str(path))
    done = CliRunner().invoke(app, ["check"])
    assert "replies.yml:2: " in done.output and "共 1 处" in str(done.exception)


def test_the_banks_customers_are_masked_and_shown_one_value_at_a_time(
    db: Database, clock: Hands
) -> None:
    seed_demo(db, clock)
    directory = BankDirectory(lambda: make_bank(db, b"secret" * 8, clock))
    card = {field.id: field for field in directory.card("C1001")}
    assert (card["name"].value, card["phone"].value) == ("*伟", "138****1001")
    assert directory.reveal("C1001", "phone") == "13810001001"
    identity = directory.reveal("C1001", "id_number")
    assert card["id_number"].value == f"{identity[:6]}********{identity[-4:]}"
    numbers = [field for key, field in card.items() if key not in ("name", "phone")]
    assert len(numbers) >= 3 and all("*" in field.value for field in numbers)
    assert len({directory.reveal("C1001", field.id) for field in numbers}) == len(numbers)
    for customer, field in (("C1001", "shoe"), ("C9999", "name")):
        with pytest.raises(NotFound):
            directory.reveal(customer, field)
