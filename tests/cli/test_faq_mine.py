"""``bankbot faq mine`` and ``mined``: from the log to a draft, in a maintainer's words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.faq.bank import load_bank
from bot.text.clock import utc_now
from tests import sqlite
from tests.cli.test_commands import refused
from tests.cli.test_faq import Run, faq, said
from tests.conftest import Hands
from tests.conversations.talk import Talk

__all__ = ["faq"]

FEE, LIMIT = "挂失收费吗？", "转账一天最多多少？"
ANSWER = "夜市贷请在手机银行“贷款”里申请。"


def test_from_the_log_to_a_draft(faq: Run, tmp_path: Path, clock: Hands) -> None:  # noqa: F811
    (tmp_path / "new").mkdir()
    db = sqlite.database(tmp_path / "new/bankbot.db")
    # The command looks at the real time, and not at what was asked half a year ago.
    clock.now = utc_now() - timedelta(hours=1)
    for text in ("夜市贷怎么申请", "夜市贷如何申请"):
        talk = Talk(db, clock)
        talk.unanswered(text)
        talk.agent(ANSWER)
    for text in ("报失要掏钱吗", "报失要掏钱不"):
        talk = Talk(db, clock)
        talk.offered(text, FEE, LIMIT)
        talk.picks(FEE, "loss.fee")
    db.dispose()
    said(faq("mined"), "没有待处理的内容")
    said(faq("mine"), "新找到 3 项，共 3 项待处理")
    lines = said(faq("mined"), "新问题（坐席答过）：“夜市贷", "新问法：“报失要掏钱吗” → loss.fee")
    ids = {line.split("  ")[1][:3]: line.split()[0] for line in lines.splitlines()}
    said(faq("mined", "show", ids["新问题"]), "2 个会话", "没有答上 2，人工作答 2", ANSWER)
    how = ("--by", "甲", "--why", "常问")
    told = ("--topic", "贷款", "--owner", "个贷部", "--source", "示例")
    # What was not said is asked for; the agent's answer is taken with a single full stop.
    typed = "loan.night\n\n.\n"
    done = faq("mined", "accept", ids["新问题"], *how, *told, typed=typed)
    said(done, "坐席当时的回答", "已写入 loan.night，是草稿，待另一位同事复核")
    draft = load_bank(tmp_path / "bank").get("loan.night")
    assert (draft.status, draft.answer, draft.owner) == ("draft", ANSWER, "个贷部")
    assert len(draft.questions) == 2
    refused(faq("mined", "accept", ids["新问题"], *how, *told), "已采纳")
    wordings = [line.split()[0] for line in lines.splitlines() if "新问法" in line]
    said(faq("mined", "accept", wordings[0], *how), "已写入 loss.fee，待另一位同事复核")
    said(faq("mined", "reject", wordings[1], *how), "已放到一边")
    said(faq("mine"), "新找到 0 项，共 0 项")
    said(faq("mined", "list", "--state", "rejected"), "新问法")
    refused(faq("mined", "list", "--kind", "x"), "--kind 'x' 无效", "cluster")
