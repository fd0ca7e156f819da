"""``bankbot desk announce`` and ``bankbot desk surveys``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import faq_parts
from bot.cli.main import app
from bot.conversations.log import MessageLog
from bot.errors import BankbotError
from bot.handoff.announcements import Announcements
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.handoff.routes_file import load_routes
from bot.handoff.surveys import Survey, SurveyBook
from bot.staff.accounts import Accounts
from bot.storage import Database

ROOT = Path(__file__).parents[2]
Run = Callable[..., str]


@pytest.fixture
def run(db: Database) -> Run:
    """``bankbot desk …`` in this process: what it prints, or what it refuses."""
    for name, role in (("M001", "supervisor"), ("A001", "agent")):
        Accounts(db).add(name, "", [role], "correct horse battery", by="test")

    def run(*arguments: str) -> str:
        faq_parts.database.cache_clear()
        settings = {
            "BANKBOT_DATABASE_URL": db.url,
            "BANKBOT_ROUTES_FILE": str(ROOT / "data/routes.yml"),
            "COLUMNS": "160",
        }
        done = CliRunner().invoke(app, ["desk", *arguments], env=settings)
        if isinstance(done.exception, BankbotError):
            return str(done.exception)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    return run


def test_an_announcement_from_its_beginning_to_its_end(run: Run, db: Database) -> None:
    assert run("announce") == "没有生效的公告。\n"
    said = run(
        "announce", "转账暂时不可用。", "--line", "transfer", "--to-group", "risk", "--by", "m001"
    )
    assert said.startswith("公告已生效。\n大面积故障公告：转账暂时不可用。\n")
    assert "暂停办理：转账缴费；转人工：都转到一个组（risk）" in said
    assert "M001 发布的公告正在生效" in run("announce", "第二条", "--by", "M001")
    run("announce", "第二条", "--replace", "--callbacks", "--kind", "other", "--by", "M001")
    assert run("announce").startswith("公告：第二条\n")
    assert run("announce", "--end", "--by", "M001") == "公告已结束，一切照常。\n"
    assert len(Announcements(db).history()) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--by", "A001"], "没有“主管”角色"),
        (["--by", "nobody"], "没有账号"),
        (["--line", "poetry", "--by", "M001"], "没有业务条线"),
        (["--to-group", "poets", "--by", "M001"], "没有技能组"),
        (["--to-group", "risk", "--callbacks", "--by", "M001"], "只能写一个"),
        (["--until", "2020-01-01 08:00", "--by", "M001"], "已经过去"),
    ],
    ids=["role", "account", "line", "group", "both", "past"],
)
def test_what_is_not_announced(run: Run, db: Database, arguments: list[str], says: str) -> None:
    assert says in run("announce", "系统升级。", *arguments)
    assert Announcements(db).current() is None


def test_how_customers_judge_the_service(run: Run, db: Database, tmp_path: Path) -> None:
    assert "没有结束的人工服务" in run("surveys")
    queue = TicketQueue(db, routes=load_routes(ROOT / "data/routes.yml"))
    log = MessageLog(db)
    desk, book = Desk(db, queue, log), SurveyBook(queue)
    for survey in (
        Survey(True),
        Survey(False, ("slow",), "等了半小时"),
        Survey(True, (), "", True),
    ):
        here = log.open().id
        desk.hand_over(here, customer_id=None, reason="request_human", line="general", slots={})
        ticket = queue.list()[0].id
        desk.claim(ticket, "A001")
        desk.resolve(ticket, "A001", code="done", note="")
        book.give(here, ticket, survey)
    assert "50%" in run("surveys") and "100%" in run("surveys")
    file = tmp_path / "surveys.csv"
    run("surveys", "--csv", str(file))
    whole, agent = file.read_text("utf-8-sig").splitlines()[1:]
    assert whole == "咨询,全组,3,2,1,50%,1,1,100%"
    assert agent == "咨询,A001,3,2,1,50%,1,1,100%"
    assert "已存在" in run("surveys", "--csv", str(file))
    assert "不满意（等得太久）  等了半小时" in run("surveys", "--words")
    assert "不能晚于" in run("surveys", "--from", "2026-03-02", "--to", "2026-03-01")
