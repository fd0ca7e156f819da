"""Complaints into the register from the desk, and the register out of it as a table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from bot.complaints.case import Filing
from bot.complaints.roles import HANDLER, LEAD
from bot.errors import Invalid
from bot.gateway import desk_complaint_schemas as schemas
from bot.gateway import staff_work
from bot.gateway.complaint_desk import ComplaintDesk
from bot.gateway.desk_complaints import Reader, Worker
from bot.gateway.parts import PartsOf
from bot.gateway.staff import needs
from bot.gateway.tables import download, media_type
from bot.staff.accounts import Account
from bot.staff.door import Session
from bot.text.spreadsheet import table_bytes

router = APIRouter()

Day = Annotated[date, Query(description="YYYY-MM-DD，北京时间")]
Opener = Annotated[Session, Depends(needs(HANDLER, LEAD))]
TITLE = "投诉登记簿"


@router.post("", summary="登记投诉", response_model=schemas.Opened)
async def open_case(body: schemas.OpenCase, session: Opener, parts: PartsOf) -> dict[str, Any]:
    """登记一件从电话、网点、信函、监管等渠道来的投诉；同样的内容一天内只登记一次。"""
    desk = parts.casework
    return await staff_work.run(desk.limiter, _opened, desk, session.account, body)


def _opened(desk: ComplaintDesk, account: Account, body: schemas.OpenCase) -> dict[str, Any]:
    filing = Filing(
        body.channel, body.source, body.source_ref, body.relation, body.complainant, body.proof,
        body.people,
    )  # fmt: skip
    if not body.proof.strip():
        raise Invalid("请写明怎样核实的身份，例如“身份证原件已核”")
    case, new = desk.entering.open(
        body.customer_id.strip(),
        body.text,
        filing,
        by=desk.officer(account, "open"),
        category=body.category or None,
        against=[desk.accounts.spelling(each) for each in body.against if each.strip()],
        received=body.received,
    )
    due = desk.casework.deadline(case.number).due_on
    return {"number": case.number, "new": new, "due_on": due.isoformat()}


@router.get("/export.{kind}", summary="导出登记簿", response_class=Response)
async def export_masked(
    kind: str, first: Day, last: Day, session: Reader, parts: PartsOf
) -> Response:
    """`export.csv` 或 `export.xlsx`：这些天收到的投诉，客户号和姓名掩码；导出有记录。"""
    suffix = media_type(kind)[0]

    def made(desk: ComplaintDesk) -> bytes:
        rows = desk.exports.masked(first, last, desk.codes())
        what = f"{TITLE} {first} 至 {last}"
        desk.audit.record(session.account.name, "exported", field=what, why=f"{len(rows) - 1} 件")
        return table_bytes(suffix, TITLE, rows)

    content = await staff_work.run(parts.casework.limiter, made, parts.casework)
    return download(content, kind, f"complaints-{first}-{last}")


@router.post("/export", summary="导出未掩码的登记簿", response_class=Response)
async def export_full(body: schemas.ExportFull, session: Worker, parts: PartsOf) -> Response:
    """不掩码，要投诉负责人写明理由；每一件的经过里都会记下。"""
    suffix = media_type(body.kind)[0]

    def made(desk: ComplaintDesk) -> bytes:
        who = desk.officer(session.account, "export")
        rows = desk.exports.full(body.first, body.last, desk.codes(), by=who, why=body.why)
        return table_bytes(suffix, TITLE, rows)

    content = await staff_work.run(parts.casework.limiter, made, parts.casework)
    return download(content, body.kind, f"complaints-full-{body.first}-{body.last}")


@router.get("/retention", summary="保存期限")
async def read_retention(
    _: Reader, parts: PartsOf, deletable: bool = False
) -> list[dict[str, Any]]:
    """每件投诉要保存到哪天；法定保留的不论多久都不能删。系统不自动删除。"""
    desk = parts.casework
    found = await staff_work.run(desk.limiter, desk.retention.of_all)
    return [
        {
            "number": each.number,
            "until": each.until and each.until.isoformat(),
            "held": each.held,
            "deletable": each.deletable,
        }
        for each in found
        if each.deletable or not deletable
    ]
