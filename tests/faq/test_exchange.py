"""Tables come back as they went out, and a wrong row brings nothing in."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from bot.errors import DataError, Invalid
from bot.faq.bank import Bank
from bot.faq.changes import ChangeLog
from bot.faq.editing import Editor
from bot.faq.encoder import Encoder
from bot.faq.entry import Entry
from bot.faq.exchange import export_entries, import_table, read_table
from bot.faq.publish import build
from bot.faq.refusal import Refused
from bot.storage import Database
from tests.faq.small import OFF_TOPIC, entries

TODAY = date(2026, 3, 2)

EMPTY = Bank((), {})


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@given(entry=entries())
@settings(deadline=None, max_examples=60)
def test_what_goes_out_comes_back(suffix: str, entry: Entry) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bank.{suffix}"
        export_entries([entry], path)
        assert [edit.after for edit in read_table(path, EMPTY)] == [entry]
        assert read_table(path, Bank((entry,), {})) == []
        cells = _cells(path)
        assert not any(str(cell).startswith(("=", "+", "-", "@")) for cell in cells if cell)


def _cells(path: Path) -> list[object]:
    if path.suffix == ".xlsx":
        return [cell for row in load_workbook(path).active.values for cell in row]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def test_a_wrong_row_imports_nothing(editor: Editor, db: Database, tmp_path: Path) -> None:
    path, bank = tmp_path / "in.csv", editor.load()
    path.write_text(
        "id,owner,effective\nloss.fee,甲部,2026-01-01\nloss.how,,2026-13-01\n\n"
        "loss.fee,乙部,2026-01-01\ncard.x,丙部,2026-01-01\n"
    )
    with pytest.raises(Refused) as refused:
        import_table(path, bank, editor, by="甲", why="批量")
    told = "\n".join(refused.value.reasons)
    assert f"{path}:3: entry loss.how" in told and "YYYY-MM-DD" in told
    assert f"{path}:5: entry loss.fee" in told and "第 2 行" in told
    assert f"{path}:6: entry card.x" in told
    assert editor.load() == bank and ChangeLog(db).list() == []
    # What only the whole bank shows is told by its row as well.
    path.write_text("id,related\nloss.how,loss.none\n")
    with pytest.raises(Refused, match=r"in.csv:2: entry loss.how: .*不存在"):
        import_table(path, bank, editor, by="甲", why="批量")


def test_a_table_from_excel_changes_what_it_says(editor: Editor, tmp_path: Path) -> None:
    from datetime import datetime

    book, path = Workbook(), tmp_path / "in.xlsx"
    book.active.append(["id", "owner", "reviewed_on", "expires"])
    book.active.append(["loss.fee", "'=甲部", datetime(2026, 2, 1), None])
    book.active.append([None, None])
    book.active.append(["transfer.limit", 95588, "2026/2/3", "2027-01-01"])
    book.save(path)
    changes = import_table(path, editor.load(), editor, by="甲", why="批量")
    after = editor.load()
    assert [change.entry_id for change in changes] == ["loss.fee", "transfer.limit"]
    assert after.get("loss.fee").owner == "=甲部"
    assert after.get("transfer.limit").owner == "95588"
    assert after.get("transfer.limit").reviewed_on.isoformat() == "2026-02-03"
    (tmp_path / "gbk.csv").write_bytes("id,owner\nloss.fee,甲部\n".encode("gb18030"))
    import_table(tmp_path / "gbk.csv", after, editor, by="甲", why="批量")
    assert editor.load().get("loss.fee").owner == "甲部"


def test_after_an_import_every_stored_question_finds_its_own_entry(
    editor: Editor, small_encoder: Encoder, tmp_path: Path
) -> None:
    template, path = editor.load().get("loss.fee"), tmp_path / "new.csv"
    # In wordings that the encoder never saw, and near to those of the entries that are there.
    asked = ("挂失后多久能解除", "密码挂失怎么弄", "转账限额怎么改", "转错账了怎么办")
    ends = ("", "呢", "啊", "请问", "谢谢", "急", "您好", "在吗", "麻烦了")
    added = [
        replace(
            template, id=f"loss.new{n}", question=text, variants=tuple(text + e for e in ends[1:])
        )
        for n, text in enumerate(asked)
    ]
    export_entries(added, path)
    import_table(path, editor.load(), editor, by="甲", why="批量")
    bank = editor.load()
    retriever = build(bank, small_encoder, OFF_TOPIC).retriever()
    for entry in bank.entries:
        for question in entry.questions:
            found = retriever.search(question, TODAY)
            assert (found.decision, found.candidates[0].entry.id) == ("answer", entry.id), question


def test_unreadable_tables_are_one_clear_line(editor: Editor, tmp_path: Path) -> None:
    bank = editor.load()
    book, formula = Workbook(), tmp_path / "formula.xlsx"
    book.active.append(["id", "owner"])
    book.active.append(["loss.fee", '=HYPERLINK("http://x")'])
    book.save(formula)
    (tmp_path / "not.xlsx").write_text("不是表格")
    (tmp_path / "open.csv").write_text('id,owner\nloss.fee,"甲\n')
    (tmp_path / "odd.csv").write_text("id,ownr\n")
    for name, told in {
        "formula.xlsx": "公式", "not.xlsx": "XLSX", "open.csv": "引号", "odd.csv": "ownr",
        "none.csv": "读不了",
    }.items():  # fmt: skip
        with pytest.raises(DataError, match=told) as error:
            read_table(tmp_path / name, bank)
        assert "\n" not in str(error.value) and name in str(error.value)
    with pytest.raises(Invalid, match="csv"):
        read_table(tmp_path / "bank.pdf", bank)
