"""The bank as a table out of the page, and a table into the bank."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bot.errors import DataError
from bot.faq.exchange import export_entries, import_table
from bot.faq.refusal import Refused
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_schemas import WHY_MAX_CHARS
from bot.gateway.bank_work import bare, work
from bot.gateway.errors import ApiError
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Author, Reader
from bot.gateway.tables import download, media_type
from bot.text.spreadsheet import SUFFIXES

_NAME = "bank"

router = APIRouter()


@router.get("/export.{kind}", summary="导出表格", response_class=Response)
async def export_bank(kind: str, _: Reader, parts: PartsOf) -> Response:
    """`export.csv` 或 `export.xlsx`：一行一个条目，改完可以再导入。"""
    suffix, _type = media_type(kind)
    content = await work(parts, _exported, parts.bank, suffix)
    return download(content, kind, f"faq-{parts.bank.today().isoformat()}")


def _exported(desk: BankDesk, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{_NAME}{suffix}"
        export_entries(desk.bank().entries, path)
        return path.read_bytes()


@router.post("/import", summary="导入表格")
async def import_bank(
    request: Request,
    session: Author,
    parts: PartsOf,
    filename: Annotated[str, Query(max_length=255, description="文件名，.csv 或 .xlsx")],
    why: Annotated[str, Query(max_length=WHY_MAX_CHARS, pattern=r"\s*\S", description="为什么")],
) -> dict[str, int]:
    """请求体是文件本身。新增没有的编号，修改已有的编号；有一行不对就什么都不导入。"""
    content = await request.body()
    by = session.account.name
    return await work(parts, _imported, parts.bank, filename, content, by, why)


def _imported(desk: BankDesk, filename: str, content: bytes, by: str, why: str) -> dict[str, int]:
    suffix = Path(filename).suffix.lower()
    if suffix not in SUFFIXES:
        raise ApiError(422, "invalid", f"只能导入 {'、'.join(SUFFIXES)} 文件。")
    with tempfile.TemporaryDirectory() as folder, desk.editing:
        path = Path(folder) / f"{_NAME}{suffix}"
        path.write_bytes(content)
        bank = desk.bank()
        try:
            changes = import_table(path, bank, desk.editor(), by=by, why=why)
        except Refused as error:
            raise _refused([_by_row(path, reason) for reason in error.reasons]) from None
        except DataError as error:
            raise _refused([_by_row(path, str(error))]) from None
    added = sum(change.before is None for change in changes)
    return {"added": added, "changed": len(changes) - added}


def _by_row(path: Path, reason: str) -> str:
    """A reason with the row it is about, which the maintainer's file has no other name for."""
    found = re.match(
        rf"{re.escape(str(path))}:(\d+)?:? ?(?:entry ([^:]*): )?(.*)$", reason, re.DOTALL
    )
    if found is None:
        return bare(reason)
    row, entry, what = found.groups()
    place = "，".join([f"第 {row} 行"] * bool(row) + [f"条目 {entry}"] * bool(entry))
    return f"{place}：{what}" if place else what


def _refused(reasons: list[str]) -> ApiError:
    more = f"（另有 {len(reasons) - 1} 处）" if len(reasons) > 1 else ""
    return ApiError(422, "refused", f"没有导入任何内容：{reasons[0]}{more}", reasons=reasons)
