"""The canned replies' file: what is wrong with it is told by line and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.handoff.reasons import LINES
from bot.handoff.replies import inspect_replies, load_replies

SHIPPED = Path(__file__).parents[2] / "data" / "replies.yml"

GOOD = """\
replies:
  - id: hello
    title: 问好
    text: 您好，请讲。
  - id: loan
    title: 贷款进度
    lines: [loan]
    text: 我来查一下您的申请进度。
"""


def write(folder: Path, content: str) -> Path:
    path = folder / "replies.yml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_shipped_replies_are_right_and_every_line_has_some() -> None:
    replies = load_replies(SHIPPED)
    assert len(replies) >= 25
    assert {line for reply in replies for line in reply.lines} >= set(LINES) - {"general"}
    assert all(reply.text[-1] in "。？！" for reply in replies)


def test_a_good_file_is_read_as_it_stands(tmp_path: Path) -> None:
    hello, loan = load_replies(write(tmp_path, GOOD))
    assert (hello.title, hello.lines, loan.lines) == ("问好", (), ("loan",))


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("id: loan", "id: hello", 2, "编号 hello 重复"),
        ("title: 贷款进度", "title: 问好", 3, "标题“问好”重复"),
        ("[loan]", "[loans]", 7, "没有业务条线 'loans'"),
        ("    text: 您好，请讲。\n", "", 2, "缺少这一项"),
        ("text: 您好，请讲。", "text: ' '", 4, "不能为空"),
        ("您好，请讲。", "请打 13812345678。", 4, "像卡号、手机号"),
        ("您好，请讲。", "好" * 301, 4, "超过 300 字"),
        ("title: 问好", "titel: 问好", 3, "没有这一项"),
        ("replies:\n", "replies\n", 2, "不是有效的 YAML"),
        (GOOD, "- hello\n", 1, "缺少 replies"),
    ],
    ids=[
        "id", "title", "line", "missing", "empty", "number", "long", "misspelt", "yaml", "list",
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_line_and_mend(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    errors = [str(error) for error in inspect_replies(path).errors]
    assert any(f"replies.yml:{line}: " in error and what in error for error in errors), errors
    with pytest.raises(DataError):
        load_replies(path)
