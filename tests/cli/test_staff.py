"""``bankbot staff``: accounts come, change and go, and nothing shows a password."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.test_commands import bankbot, refused

PASSWORD = "correct horse battery"


def test_an_account_from_first_day_to_last(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/new/bankbot.db"

    def staff(*arguments: str) -> subprocess.CompletedProcess[str]:
        return bankbot("staff", *arguments, BANKBOT_DATABASE_URL=database)

    def said(done: subprocess.CompletedProcess[str], *words: str) -> None:
        assert done.returncode == 0, done.stderr
        assert all(word in done.stdout for word in words), done.stdout
        assert PASSWORD not in done.stdout + done.stderr

    refused(staff("add", "A001", "author", "--password", "short"), "12", "128")
    added = staff("add", "A001", "author", "publisher", "--display", "王芳", "--password", PASSWORD)
    said(added, "已新增 A001")
    refused(staff("roles", "A001", "auther"), "auther", "author、reviewer")
    refused(staff("password", "A002", "--password", PASSWORD), "没有账号 A002")
    said(staff("roles", "a001", "reviewer"), "reviewer")
    said(staff("disable", "A001"), "已停用")
    said(staff("list"), "A001", "王芳", "reviewer", "已停用")
    said(
        staff("log"), "a001  停用", "a001  修改角色  reviewer", "a001  新增账号  author、publisher"
    )
