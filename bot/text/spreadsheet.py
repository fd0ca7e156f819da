"""Rows of text as a CSV or XLSX file that a spreadsheet shows as they are."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

from bot.errors import Invalid

SUFFIXES = (".csv", ".xlsx")
# A spreadsheet program cuts longer cells silently.
LONGEST_CELL = 32_767
WIDTH = 16

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection"); the wide forms
# are taken likewise under Chinese and Japanese settings.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")


def neutralise(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would compute."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """What :func:`neutralise` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def check_suffix(path: Path) -> str:
    """The suffix of a table's file.

    Raises:
        Invalid: it is none of :data:`SUFFIXES`.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Invalid(f"{path}：只认 {'、'.join(SUFFIXES)} 文件")
    return suffix


def table_bytes(
    suffix: str, title: str, rows: Sequence[Sequence[str]], widths: Sequence[int] = ()
) -> bytes:
    """A file's content: CSV in UTF-8 with BOM, so that Excel reads it, or XLSX with one sheet.

    Args:
        rows: the header first; cells are text, neutralised here.
        widths: of the first columns, in characters; any other is ``WIDTH``.
    """
    safe = [[neutralise(cell) for cell in row] for row in rows]
    if suffix == ".xlsx":
        return _xlsx(title, safe, widths)
    stream = StringIO(newline="")
    csv.writer(stream).writerows(safe)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(title: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = text or None
            # Text even where it looks like a number, a day or an error value.
            if text:
                cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column in range(1, len(rows[0]) + 1):
        width = widths[column - 1] if column <= len(widths) else WIDTH
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
