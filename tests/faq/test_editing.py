"""Changing entries touches nothing else, loses nobody's work and leaves a record."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import given, settings
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from bot.errors import Conflict, Invalid
from bot.faq.bank import Bank, load_bank, read_file
from bot.faq.cells import with_settings
from bot.faq.changes import ChangeLog, Edit
from bot.faq.differences import changed_fields
from bot.faq.editing import Editor
from bot.faq.entry import Entry
from bot.faq.refusal import Refused
from bot.faq.tables import faq_changes
from bot.faq.yaml_text import FileText, heading
from bot.storage import Database
from tests.faq.small import entries


def test_only_the_lines_of_the_field_change(editor: Editor, folder: Path, db: Database) -> None:
    bank = editor.load()
    before = (folder / "loss.yml").read_text().splitlines()
    other = (folder / "transfer.yml").read_bytes()
    entry = bank.get("loss.fee")
    changes = ["owner=运营部", "variants-=挂失多少钱", "variants+=挂失贵不贵", "expected=报失收不收钱", "expires=2027-01-01"]  # fmt: skip
    editor.edit(bank, with_settings(entry, changes), by="甲", why="试")
    after = (folder / "loss.yml").read_text().splitlines()
    changed = [line for line in ndiff(before, after) if line[0] in "+-"]
    assert changed == [
        "-       - 挂失多少钱", "+       - 挂失贵不贵", "+     expected:",
        "+       - 报失收不收钱", "-     owner: 个人金融部  # 谁负责", "+     owner: 运营部    # 谁负责",
        "-     expires: null", "+     expires: 2027-01-01",
    ]  # fmt: skip
    assert (folder / "transfer.yml").read_bytes() == other
    (change,) = ChangeLog(db).list()
    assert (change.by, change.action, change.why, change.before) == ("甲", "edit", "试", entry)
    assert change.after == editor.load().get("loss.fee")


def test_every_style_of_line_end_stays(editor: Editor, folder: Path) -> None:
    path = folder / "loss.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n"))
    bank = editor.load()
    editor.withdraw(bank, "loss.how", by="甲", why="停办")
    editor.edit(
        editor.load(), with_settings(bank.get("loss.fee"), ["advice=一\n二"]), by="甲", why="补"
    )
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert editor.load().get("loss.how").status == "withdrawn"
    assert editor.load().get("loss.fee").advice == "一\n二"


def test_a_file_changed_meanwhile_is_not_overwritten(
    editor: Editor, folder: Path, db: Database
) -> None:
    bank = editor.load()
    path = folder / "loss.yml"
    path.write_text(path.read_text().replace("挂失收费吗？", "挂失要收费吗？"))
    content = path.read_bytes()
    with pytest.raises(Conflict, match="重新读取"):
        editor.withdraw(bank, "loss.how", by="甲", why="停办")
    assert path.read_bytes() == content
    assert ChangeLog(db).list() == []
    # The other file is nobody's conflict.
    editor.withdraw(bank, "transfer.limit", by="甲", why="停办")


def test_what_would_break_the_bank_is_not_saved(editor: Editor, folder: Path, db: Database) -> None:
    bank = editor.load()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    fee = bank.get("loss.fee")
    wrong = {
        "相同": with_settings(fee, ["variants+=转账限额"]),
        "不存在": with_settings(fee, ["related+=loss.nothing"]),
        "Rasa": with_settings(fee, ["answer=好\nstories: 无"]),
        "至少": with_settings(fee, ["variants=只有一种"]),
    }
    for told, entry in wrong.items():
        with pytest.raises(Refused, match=told):
            editor.edit(bank, entry, by="甲", why="试")
    with pytest.raises(Invalid, match="没有任何变化"):
        editor.edit(bank, fee, by="甲", why="试")
    with pytest.raises(Conflict, match="已有条目"):
        editor.add(bank, fee, by="甲", why="试")
    with pytest.raises(Invalid, match="--by"):
        editor.withdraw(bank, "loss.fee", by="  ", why="试")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert ChangeLog(db).list() == []


def test_a_new_topic_gets_its_file(editor: Editor, folder: Path) -> None:
    bank = editor.load()
    words = tuple(f"新问法{number}" for number in "一二三四五六七八")
    entry = replace(
        bank.get("loss.fee"), id="card.new", topic="新卡", question="新？", variants=words
    )
    editor.add(bank, entry, by="甲", why="新增")
    more = replace(entry, id="card.more", question="再？", variants=tuple(w + "再" for w in words))
    editor.add(editor.load(), more, by="甲", why="新增")
    assert (folder / "card.yml").read_text().startswith("topic: 新卡\nentries:\n  - id: card.new\n")
    assert load_bank(folder).get("card.more") == more


def test_two_files_or_none(
    editor: Editor, folder: Path, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = editor.load()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    edits = [
        Edit(bank.get(key), replace(bank.get(key), owner="乙部")) for key in ("loss.fee", "transfer.limit")
    ]  # fmt: skip
    real = Path.replace

    def full(self: Path, target: Path) -> Path:
        if "transfer" in str(target):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Conflict, match="没有任何改动"):
        editor.save(bank, edits, "import", by="甲", why="试")
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert [change.action for change in ChangeLog(db).list()] == ["import"] * 2 + ["undo"] * 2


def test_history_only_grows(editor: Editor, db: Database) -> None:
    editor.withdraw(editor.load(), "loss.how", by="甲", why="停办")
    for statement in (update(faq_changes).values(by="乙"), delete(faq_changes)):
        with pytest.raises(DatabaseError, match="only grows"), db.begin() as tx:
            tx.execute(statement)


@given(entries(), entries())
@settings(deadline=None, max_examples=60)
def test_any_text_is_written_and_read_back(first: Entry, second: Entry) -> None:
    text = FileText(heading("主题"))
    text.add(changed_fields(None, first))
    text.add(changed_fields(None, replace(second, id="c.d")))
    path = Path(tempfile.gettempdir()) / "x.yml"

    def read() -> tuple[Entry, ...]:
        source = read_file(path, text.text.encode())
        assert not source.errors
        return source.entries

    assert read() == (first, replace(second, id="c.d"))
    wanted = replace(second, id="a.b")
    text.change("a.b", changed_fields(first, wanted))
    assert read() == (wanted, replace(second, id="c.d"))
    assert isinstance(Bank(read(), {}).get("a.b"), Entry)
