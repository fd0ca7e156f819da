"""The command line says what is wrong in one line, and does what it says."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def bankbot(*arguments: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *told: str) -> None:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    for words in told:
        assert words in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1


def test_help_names_every_group() -> None:
    shown = bankbot("--help").stdout
    for name in ("run", "faq", "desk", "stub", "chat"):
        assert name in shown


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = bankbot("run", BANKBOT_GATEWAY_PORT=port, BANKBOT_VAR_DIR=str(tmp_path))
    refused(done, port, "BANKBOT_GATEWAY_PORT")


def test_wrong_settings_and_numbers(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/x.db"
    refused(bankbot("gateway", BANKBOT_GATEWAY_PORT="http"), "BANKBOT_GATEWAY_PORT")
    assert bankbot("prepare", BANKBOT_DATABASE_URL=database).returncode == 0
    refused(bankbot("desk", "claim", "T1", "--agent", "A1", BANKBOT_DATABASE_URL=database), "T1")
    refused(bankbot("desk", "claim", "T1", BANKBOT_DATABASE_URL=database), "--agent")
    refused(bankbot("chat", BANKBOT_GATEWAY_PORT="1"), "make run")


def test_a_faulty_bank_publishes_nothing(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "a.yml").write_text("topic: 甲\nentries:\n  - id: a.b\n")
    done = bankbot("faq", "publish", BANKBOT_FAQ_DIR=str(tmp_path / "faq"),
                   BANKBOT_VAR_DIR=str(tmp_path),
                   BANKBOT_DATABASE_URL=f"sqlite:///{tmp_path}/new/bankbot.db")  # fmt: skip
    refused(done, "a.yml:3", "question", "1 处需要修改")
    assert not (tmp_path / "faq" / "CURRENT").exists()


def test_a_kept_process_is_started_again_until_it_is_hopeless(tmp_path: Path) -> None:
    done = bankbot("keep", "gateway", BANKBOT_VAR_DIR=str(tmp_path), BANKBOT_DEMO="false")
    assert done.returncode != 0
    assert done.stderr.count("正在重新启动") == 4
    assert "Traceback" not in done.stderr
    assert "BANKBOT_SECRET_KEY" in (tmp_path / "log" / "gateway.log").read_text()
