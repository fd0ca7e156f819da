"""An entry's values as the text of one cell, and back: for tables and for the command line.

A list is one item a line; a quick reply is ``title | intent``; a day is YYYY-MM-DD, none is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from bot.errors import Invalid
from bot.faq.entry import DATES, LISTS, PARAGRAPHS, Entry, FieldError, Lead

LIST_FIELDS = LISTS
FIELDS = tuple(field.name for field in fields(Entry))
# Fields that an entry need not have, and what they are then.
DEFAULTS: Mapping[str, Any] = {
    "expected": (), "quick_replies": (), "related": (), "advice": "", "expires": None,
}  # fmt: skip
LEAD = " | "


def to_lines(name: str, value: Any) -> list[str]:
    """A list field's items as text."""
    if name == "quick_replies":
        return [f"{lead.title}{LEAD}{lead.intent}" for lead in value]
    return list(value)


def to_cell(name: str, value: Any) -> str:
    """A field's value as text."""
    if name in LIST_FIELDS:
        return "\n".join(to_lines(name, value))
    if name in DATES:
        return value.isoformat() if value else ""
    return str(value)


def from_cell(name: str, cell: str) -> Any:
    """The value that :func:`to_cell` wrote.

    Raises:
        FieldError: it is no value of this field.
    """
    text = cell.strip()
    if name in LIST_FIELDS:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if name == "quick_replies":
            return tuple(_lead(number, line) for number, line in enumerate(lines))
        return tuple(lines)
    if name in DATES:
        return _date(name, text)
    return text


def _lead(number: int, line: str) -> Lead:
    title, found, intent = line.rpartition(LEAD)
    if not found:
        raise FieldError("quick_replies", f"{line!r} 要写成“标题{LEAD}意图”", number)
    return Lead(title.strip(), intent.strip())


def _date(name: str, text: str) -> date | None:
    if not text and name in DEFAULTS:
        return None
    # A spreadsheet may write the day as it shows it.
    plain = re.sub(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", _iso, text)
    try:
        return date.fromisoformat(plain)
    except ValueError:
        raise FieldError(name, f"{text!r} 不是日期（请写成 YYYY-MM-DD）") from None


def _iso(found: re.Match[str]) -> str:
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"


def entry_of(values: Mapping[str, Any], base: Entry | None = None) -> Entry:
    """An entry of field values; those not given are ``base``'s, or what an entry need not have.

    Raises:
        FieldError: a needed field is missing, or a value is wrong.
    """
    if base is not None:
        return replace(base, **values)
    for name in FIELDS:
        if name not in values and name not in DEFAULTS:
            raise FieldError(name, "缺少（请补上）")
    return Entry(**{**DEFAULTS, **values})


def with_settings(entry: Entry, settings: list[str]) -> Entry:
    """The entry after ``field=value``, ``list+=item`` and ``list-=item``, in this order.

    Raises:
        Invalid: a setting cannot be read, or its value is wrong.
    """
    for setting in settings:
        name, sign, text = _parts(setting)
        value: Any
        if sign == "=":
            value = from_cell(name, text)
        else:
            value = _with_item(name, getattr(entry, name), sign, text)
        entry = replace(entry, **{name: value})
    return entry


def _parts(setting: str) -> tuple[str, str, str]:
    found = re.match(r"(\w+)\s*(\+=|-=|=)(.*)$", setting, re.DOTALL)
    if not found:
        raise Invalid(
            f"--set {setting!r} 看不懂：请写成 字段=值，列表也可以 字段+=一项、字段-=一项"
        )
    name, sign, text = found.groups()
    if name not in FIELDS or name in ("id", "topic"):
        able = "、".join(field for field in FIELDS if field not in ("id", "topic"))
        raise Invalid(f"--set：字段 {name!r} 不能这样修改（可用：{able}）")
    if sign != "=" and name not in LIST_FIELDS:
        raise Invalid(f"--set：{name} 不是列表，请用 {name}=值")
    return name, sign, text if name in PARAGRAPHS else text.strip()


def _with_item(name: str, present: tuple[Any, ...], sign: str, text: str) -> tuple[Any, ...]:
    (item,) = from_cell(name, text) or (None,)
    if item is None:
        raise Invalid(f"--set {name}{sign} 后面是空的：请写上要增减的一项")
    if sign == "+=":
        return present if item in present else (*present, item)
    if item not in present:
        raise Invalid(f"--set {name}-=：没有这一项 {text!r}，请照原文写")
    return tuple(each for each in present if each != item)
