"""A maintainer's day with ``bankbot faq``, from an empty machine on."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.faq.bank import load_bank
from bot.faq.encoder import train_encoder
from tests.cli.test_commands import bankbot, refused
from tests.faq.conftest import QUICK
from tests.faq.small import write_bank

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def faq(tmp_path: Path) -> Run:
    """``bankbot faq`` over a small bank; there is an encoder, and nothing else yet."""
    bank = load_bank(write_bank(tmp_path / "bank"))
    train_encoder([entry.questions for entry in bank.entries], tmp_path / "var" / "encoder", QUICK)

    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return bankbot(
            "faq", *arguments, typed=typed,
            BANKBOT_FAQ_DIR=str(tmp_path / "bank"), BANKBOT_VAR_DIR=str(tmp_path / "var"),
            BANKBOT_DATABASE_URL=f"sqlite:///{tmp_path}/new/bankbot.db",
        )  # fmt: skip

    return run


def said(done: subprocess.CompletedProcess[str], *words: str) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    for word in words:
        assert word in done.stdout
    return done.stdout


def test_from_check_to_rollback(faq: Run, tmp_path: Path) -> None:
    said(faq("check"), "没有错误：4 个条目，36 种问法")
    said(faq("publish"), "已发布第 1 版", "新增 4")
    said(
        faq("edit", "loss.fee", "--set", "owner=运营部", "--by", "甲", "--why", "调整"), "→ 运营部"
    )
    said(faq("review"), "修改 loss.fee", "负责部门：个人金融部 → 运营部", "甲：调整")
    said(faq("diff"), "与正在使用的第 1 版相比", "→ 运营部", "共 1 个条目")
    refused(faq("publish"), "loss.fee：甲 改过，待复核", "没有发布")
    refused(faq("review", "approve", "loss.fee", "--by", "甲"), "不能复核自己的修改")
    said(faq("review", "reject", "loss.fee", "--by", "乙", "--note", "部门不对"), "revert loss.fee")
    refused(faq("publish"), "已退回：部门不对")
    said(faq("revert", "loss.fee", "--by", "甲", "--why", "退回"), "已恢复")
    said(faq("withdraw", "loss.how", "--by", "甲", "--why", "停办"), "待另一位同事复核")
    said(faq("review", "approve", "loss.how", "--by", "乙"), "已通过")
    said(faq("publish", "--by", "乙", "--why", "月度"), "已发布第 2 版", "撤下 1")
    said(faq("rollback", "--by", "乙", "--why", "先不撤"), "正在使用第 1 版")
    events = said(
        faq("history"), "退回到第 1 版", "发布第 2 版", "：月度", "复核退回 loss.fee"
    ).splitlines()
    assert "退回到第 1 版" in events[0]
    said(faq("try", "挂失要不要钱"), "loss.fee", "语义", "界限", "第 1 版")
    refused(faq("rollback", "7"), "第 7 版没有保留")
    refused(faq("edit", "loss.fee", "--set", "ownr=x", "--by", "甲", "--why", "试"), "ownr", "可用")


def test_guided_entry_tables_and_evaluation(faq: Run, tmp_path: Path) -> None:
    variants = [f"夜间转账第{n}种说法" for n in "一二三四五六七八"]
    rest = ["个人金融部", "示例", "2026-13-01", "2026-01-01", "", "", "", ""]
    answers = [
        "转账", "transfer.night", "夜里能转账吗？", *variants, "", "深夜可以汇款吗", "",
        "可以，**次日到账**。", ".", "办理转账 | transfer_money", "", "", "", *rest,
    ]  # fmt: skip
    done = faq("add", "--by", "甲", "--why", "常问", typed="\n".join(answers) + "\n")
    said(done, "不是日期", "已新增 transfer.night")
    table = tmp_path / "bank.xlsx"
    said(faq("export", str(table)), "5 个条目")
    said(faq("import", str(table), "--by", "甲", "--why", "试"), "新增 0 个条目，修改 0 个条目")
    (tmp_path / "bad.csv").write_text("id,effective\nloss.fee,昨天\n")
    refused(
        faq("import", str(tmp_path / "bad.csv"), "--by", "甲", "--why", "试"), "bad.csv:2", "昨天"
    )
    said(faq("review", "approve", "transfer.night", "--by", "乙"), "已通过")
    said(faq("publish"), "回归问法 1 个")
    report = tmp_path / "report.html"
    said(faq("evaluate", "--output", str(report)), "首位召回", str(report))
    assert "<svg" in report.read_text()
    # Too like another: not saved unless wanted.
    alike = [
        "转账", "transfer.copy", "转账一天最多多少呀？", "一天能转几万呀", "",
        *[f"上限的第{n}种说法" for n in "一二三四五六七"], "", "", "见公告。", ".", "", "",
        "", *rest, "n",
    ]  # fmt: skip
    done = faq("add", "--by", "甲", "--why", "常问", typed="\n".join(alike) + "\n")
    assert "只有 1 种问法" in done.stdout
    assert done.returncode == 1 and "transfer.limit" in done.stdout and "没有保存" in done.stdout
