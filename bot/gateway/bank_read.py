"""The FAQ page's calls that only look: the list, one entry, the record."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from bot.faq.audit import audit
from bot.faq.bank import Bank
from bot.faq.leads import LEADS
from bot.faq.listing import Filter, rows
from bot.gateway import bank_view as view
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_work import bare, work
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Reader

PAGE = 50

EntryId = Annotated[str, Path(max_length=128, description="条目编号")]
PageNumber = Annotated[int, Query(ge=1, le=100_000, description="第几页，每页 50 条")]
_Filter = Annotated[str, Query(max_length=128)]

router = APIRouter()


@router.get("/entries", summary="条目列表")
async def list_entries(
    _: Reader,
    parts: PartsOf,
    q: Annotated[str, Query(max_length=200, description="编号、问法、答案里的字词")] = "",
    topic: _Filter = "",
    status: Literal["", "draft", "approved", "withdrawn"] = "",
    audience: Literal["", "public", "signed_in", "agents"] = "",
    owner: _Filter = "",
    state: Annotated[
        Literal["", "waiting", "changed", "overdue", "expiring"],
        Query(description="待复核、与在用版本不同、复核过期、即将失效"),
    ] = "",
    page: PageNumber = 1,
) -> dict[str, Any]:
    """按条件列出条目。`problems` 是读不了的文件或条目；其余照常列出。"""
    wanted = Filter(q, topic, status, audience, owner, state)
    return await work(parts, _listed, parts.bank, wanted, page)


def _listed(desk: BankDesk, wanted: Filter, page: int) -> dict[str, Any]:
    bank, in_use = desk.bank(), desk.in_use()
    every = rows(bank.entries, in_use.entries, desk.pending(bank), desk.today())
    found = wanted.select(every)
    return {
        "total": len(found),
        "page": page,
        "pages": pages(len(found)),
        "entries": [view.row(each) for each in found[(page - 1) * PAGE : page * PAGE]],
        "topics": list(dict.fromkeys(source.topic for source in bank.files)),
        "owners": sorted({entry.owner for entry in bank.entries}),
        "version": view.version(in_use.publication),
        "problems": [str(error) for error in bank.errors],
        "can_compare": desk.can_compare(),
    }


def pages(total: int) -> int:
    """How many pages so many rows fill; at least one."""
    return max(1, -(-total // PAGE))


@router.get("/entries/{entry_id}", summary="一个条目")
async def get_entry(entry_id: EntryId, session: Reader, parts: PartsOf) -> dict[str, Any]:
    """条目的内容、位置、检查结果、待复核的修改和经过。"""
    return await work(parts, _entry, parts.bank, entry_id, session.account.name)


def _entry(desk: BankDesk, entry_id: str, name: str) -> dict[str, Any]:
    bank = desk.bank()
    entry = bank.get(entry_id)
    pending = desk.pending(bank).get(entry_id)
    return {
        "entry": entry.to_json(),
        "revision": view.revision(entry),
        "file": str(bank.file_of(entry_id).path),
        "line": int(bank.places[entry_id].rpartition(":")[2]),
        "live": desk.in_use().entries.get(entry_id) == entry,
        "waiting": pending and view.waiting(pending, name),
        "findings": _findings(desk, bank, entry_id),
        "timeline": [view.act(each) for each in audit(desk.db, entry_id=entry_id).acts],
        "related": view.related(entry, bank),
    }


def _findings(desk: BankDesk, bank: Bank, entry_id: str) -> list[dict[str, Any]]:
    found = [each for each in desk.findings(bank) if each.entry_id == entry_id]
    return [{"level": each.level, "field": "", "message": bare(each.text)} for each in found]


@router.get("/intents", summary="快捷回复可以引出的业务")
async def list_intents(_: Reader, parts: PartsOf) -> list[dict[str, str]]:
    """意图的名称和中文名。"""
    # Asked for when an entry is about to be written.
    parts.bank.warm()
    known = await work(parts, parts.bank.intents)
    return [{"name": name, "title": title} for name, title in LEADS.items() if name in known]


@router.get("/audit", summary="操作记录")
async def read_audit(
    _: Reader,
    parts: PartsOf,
    entry: Annotated[str, Query(max_length=128, description="只看一个条目")] = "",
    by: Annotated[str, Query(max_length=64, description="只看一个人")] = "",
    page: PageNumber = 1,
) -> dict[str, Any]:
    """修改、复核、发布和对发现的处理，新的在前。"""
    return await work(parts, _audited, parts.bank, entry, by.strip(), page)


def _audited(desk: BankDesk, entry: str, by: str, page: int) -> dict[str, Any]:
    found = audit(desk.db, entry_id=entry, by=by, offset=(page - 1) * PAGE, limit=PAGE)
    return {
        "total": found.total,
        "pages": pages(found.total),
        "rows": [view.act(each) for each in found.acts],
    }
