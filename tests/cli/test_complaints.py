"""A complaint officer's work with ``bankbot complaints``, from the letter to the regulator's table."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import faq_parts
from bot.cli.main import app
from bot.conversations.log import MessageLog
from bot.errors import BankbotError
from bot.staff.accounts import Accounts
from bot.storage import Database
from bot.text.clock import SHANGHAI
from tests import sqlite
from tests.cli.test_commands import bankbot, refused

Run = Callable[..., subprocess.CompletedProcess[str]]
PEOPLE = {
    "H1": "complaint_handler",
    "H2": "complaint_handler",
    "L1": "complaint_lead",
    "R1": "complaint_reviewer",
    "W1": "author",
}
FORM = """\
outcome: upheld
decision: 退还年费 200 元。
findings: 经核实，该笔年费系重复收取。
grounds: 领用合约第五条。
reasons: 系统重复扣收，并非客户原因。
remedies: 可在 30 日内申请核查，也可调解、仲裁或诉讼。
"""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    db = sqlite.database(tmp_path / "bankbot.db")
    for name, role in PEOPLE.items():
        Accounts(db).add(name, "", [role], "correct horse battery", by="test")
    return db


@pytest.fixture
def complaints(database: Database) -> Iterator[Run]:
    """``bankbot complaints`` in this process: a case takes too many commands for one of its own each."""

    def run(*arguments: str, by: str = "") -> subprocess.CompletedProcess[str]:
        settings = {"BANKBOT_DATABASE_URL": database.url, "BANKBOT_AGENT": by or None}
        done = CliRunner().invoke(app, ["complaints", *arguments], env=settings)
        if done.exception is not None and not isinstance(done.exception, BankbotError | SystemExit):
            raise done.exception
        told = str(done.exception) if isinstance(done.exception, BankbotError) else ""
        return subprocess.CompletedProcess(arguments, done.exit_code, done.output, told)

    faq_parts.database.cache_clear()
    yield run
    faq_parts.database().dispose()
    faq_parts.database.cache_clear()


def said(done: subprocess.CompletedProcess[str], *words: str) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    for word in words:
        assert word in done.stdout, done.stdout
    return done.stdout


def opened(complaints: Run, *more: str) -> str:
    filed = ("C1001", "信用卡年费收了两次", "--channel", "letter", "--proof", "身份证已核", *more)
    return said(complaints("open", *filed, by="H1"), "最晚答复").split()[1]


def test_from_a_letter_to_the_review(complaints: Run, database: Database, tmp_path: Path) -> None:
    conversation = MessageLog(database).open("web", "C1001").id
    number = opened(complaints)
    assert opened(complaints) == number, "entered twice on one day is one"
    said(complaints("notice", number, "acceptance", by="H1"), "受理告知", f"编号 {number}")
    said(complaints("assign", number, "--to", "H1", by="L1"), "由 H1 处理")
    said(complaints("classify", number, "--channel", "EX-C1.4", "--business", "EX-B2.2",
                    "--cause", "EX-R3", "--why", "年费", by="H1"))  # fmt: skip
    said(complaints("extend", number, "complex", "--why", "调取流水", by="H1"), "还有 30 天")
    said(complaints("notice", number, "extension", by="H1"), "情况复杂（调取流水）")

    form = tmp_path / "form.yml"
    form.write_text(FORM.replace("reasons: 系统重复扣收，并非客户原因。\n", ""))
    refused(complaints("close", number, str(form), by="H1"), "reasons")
    form.write_text(FORM)
    said(complaints("close", number, str(form), by="H1"), "已提交")
    said(complaints("approve", number, by="L1"), "已批准")
    said(complaints("notice", number, "decision", by="H1"), "退还年费 200 元")
    said(complaints("cause", number, "system", "--note", "批处理重复", by="H1"))
    said(complaints("register"), "没有待办")

    said(complaints("ask-review", number, "--why", "金额不对", by="H1"), "还有 30 天")
    said(complaints("register"), number, "核查：待分派")
    said(complaints("review", number, "--assign", "R1", by="R1"), "由 R1 核查")
    said(complaints("review", number, "--outcome", "kept", "--findings", "金额无误。", by="R1"))
    said(complaints("notice", number, "review", by="R1"), "维持原处理决定。金额无误。")

    log = [m.text for m in MessageLog(database).after(conversation)]
    assert len(log) == 4 and "核查结果" in log[-1]
    shown = said(complaints("show", number), "已答复", "EX-R3", "信息系统", "核查决定告知")
    assert shown.count("会话 ") == 4 and "H1 drafted" in shown


def test_who_may_not_is_told_in_one_line(complaints: Run, database: Database) -> None:
    number = opened(complaints, "--against", "H2")
    refused(complaints("assign", number, "--to", "H2", by="L1"), "H2 须回避", "被投诉人")
    refused(complaints("assign", number, "--to", "W1", by="L1"), "W1 不能拟写答复")
    refused(complaints("assign", number, "--to", "X9", by="L1"), "没有账号 X9")
    refused(complaints("assign", number, "--to", "H1"), "--by")
    refused(complaints("approve", number, by="H1"), "投诉负责人（complaint_lead）")
    refused(complaints("review", number, "--assign", "R1", by="L1"), "complaint_reviewer")
    lost = bankbot("complaints", "show", "CT20200101-0001", BANKBOT_DATABASE_URL=database.url)
    refused(lost, "没有投诉 CT20200101-0001")
    refused(complaints("notice", number, "extension", by="H1"), "没有在线会话")
    refused(complaints("notice", number, "thanks", by="H1"), "acceptance")
    refused(
        complaints("classify", number, "--cause", "X", "--why", "x", by="H1"), "没有投诉渠道代码"
    )
    refused(complaints("extend", number, by="H1"), "--approve")
    refused(complaints("list", "--state", "lost"), "received")


def test_who_must_keep_out_does_nothing_however_the_name_is_written(complaints: Run) -> None:
    number = opened(complaints, "--against", "h2")
    for command in (("assign",), ("pause", "mediation", "--why", "x"), ("notice", "acceptance")):
        verb, *rest = command
        refused(complaints(verb, number, *rest, by="H2"), "H2 须回避投诉")
    said(complaints("assign", number, by="H1"))
    said(
        complaints("recuse", number, "h1", "--kind", "interest", "--why", "亲戚", by="H1"), "未分派"
    )
    refused(complaints("merge", number, "CT20260101-0001", "--why", "x", by="H1"), "H1 须回避")


def test_facts_repeats_and_pauses(complaints: Run) -> None:
    first = opened(complaints)
    agent = ("--relation", "agent", "--complainant", "李四光", "--people", "21")
    second = said(
        complaints("open", "C1001", "还是年费的事", "--channel", "branch", "--proof", "授权书",
                   *agent, by="H1"),
    ).split()[1]  # fmt: skip
    said(complaints("show", second), "受托人 **光，共 21 人")
    said(complaints("alarms"), "群体投诉：收费（未分类），30 天内 2 件、21 人", first, second)
    said(complaints("merge", second, first, "--why", "同一件事", by="H1"), f"notice {second} merge")
    said(complaints("judge", first, "1", "--repeat", "--why", "一样", by="H1"), "已判断")
    said(complaints("add", first, "找到了收据", by="H1"), "judge")
    said(complaints("pause", first, "mediation", "--why", "双方同意", by="H1"), "计时中止")
    said(complaints("resume", first, "mediation", "--why", "谈妥", by="H1"), "最晚答复")
    phone = ("--channel", "phone", "--proof", "录音 17")
    said(complaints("notice", first, "resume", *phone, by="H1"), "调解已经结束")
    said(complaints("withdraw", first, "--why", "录音 18", by="H1"), "已撤诉")
    said(complaints("list", "--customer", "C1001"), "已合并", "已撤诉")


def test_the_register_by_the_day_that_is_due(complaints: Run) -> None:
    now = datetime.now(SHANGHAI)
    days = {"today": 15, "overdue": 16}
    numbers = {
        span: opened(complaints, "--received", f"{now - timedelta(days=back):%Y-%m-%d %H:%M}")
        for span, back in days.items()
    }
    said(complaints("register", "--due", "today"), numbers["today"], "今天到期")
    overdue = said(complaints("register", "--due", "overdue"), "已超期 1 天")
    assert numbers["overdue"] in overdue and numbers["today"] not in overdue
    assert numbers["overdue"] not in said(complaints("register", "--due", "week"))
    said(complaints("register"), *numbers.values())


def test_what_leaves_the_house_and_what_stays(complaints: Run, tmp_path: Path) -> None:
    number = opened(complaints)
    span = ("--from", "2020-01-01", "--to", "2099-12-31")
    masked, full = tmp_path / "masked.csv", tmp_path / "full.xlsx"
    said(complaints("export", str(masked), *span), "已导出 1 件")
    assert "C1001" not in masked.read_text("utf-8-sig") and number in masked.read_text("utf-8-sig")
    refused(complaints("export", str(masked), *span), "已存在")
    refused(complaints("export", str(full), *span, "--full", by="L1"), "导出原因")
    assert not full.exists()
    refused(
        complaints("export", str(full), *span, "--full", "--why", "检查", by="H1"), "complaint_lead"
    )
    said(complaints("export", str(full), *span, "--full", "--why", "检查", by="L1"))
    assert full.stat().st_mode & 0o077 == 0
    said(complaints("hold", number, "--why", "诉讼", by="L1"))
    said(complaints("retention"), number, "未办结", "法定保留：诉讼")
    said(complaints("release", number, "--why", "撤回起诉", by="L1"))
    refused(complaints("retention", "--years", "2"), "至少保存 3 年")
    said(complaints("codes", "cause"), "示例", "EX-R3")
