"""The FAQ page's calls that change entries; each change then waits for somebody else's review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from bot.errors import Conflict
from bot.faq.bank import Bank
from bot.faq.changes import Change
from bot.faq.differences import FIELD_NAMES
from bot.faq.draft import Remark, check_draft, read_draft
from bot.faq.editing import Editor
from bot.faq.entry import Entry
from bot.gateway import bank_schemas as schemas
from bot.gateway import bank_view as view
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_read import EntryId
from bot.gateway.bank_work import work
from bot.gateway.errors import ApiError
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Author, Reader

router = APIRouter()

_CHANGED = "这个条目刚被别人改过，您的修改没有保存：请看看新的内容，再改一次。"


@router.post("/entries", status_code=201, summary="新增条目", response_model=schemas.Saved)
async def add_entry(body: schemas.AddEntry, session: Author, parts: PartsOf) -> dict[str, str]:
    """写入知识库文件并记录；由另一位同事复核、发布后才对客户生效。"""
    by = session.account.name

    def add(desk: BankDesk) -> dict[str, str]:
        entry = written(body.entry, desk)
        return saved(desk, lambda editor, bank: editor.add(bank, entry, by=by, why=body.why))

    return await work(parts, add, parts.bank)


@router.put("/entries/{entry_id}", summary="修改条目", response_model=schemas.Saved)
async def edit_entry(
    entry_id: EntryId, body: schemas.EditEntry, session: Author, parts: PartsOf
) -> dict[str, str]:
    """保存修改；`revision` 不是最新的内容时返回 409，不会覆盖别人的修改。"""
    by = session.account.name

    def edit(desk: BankDesk) -> dict[str, str]:
        entry = written(body.entry, desk)
        if entry.id != entry_id:
            raise ApiError(422, "refused", "编号不能修改。", reasons=["编号不能修改。"])

        def change(editor: Editor, bank: Bank) -> Change:
            refuse_stale(bank, entry_id, body.revision)
            return editor.edit(bank, entry, by=by, why=body.why)

        return saved(desk, change)

    return await work(parts, edit, parts.bank)


@router.post("/entries/{entry_id}/withdraw", summary="撤下条目", response_model=schemas.Saved)
async def withdraw_entry(
    entry_id: EntryId, body: schemas.ChangeEntry, session: Author, parts: PartsOf
) -> dict[str, str]:
    """复核、发布之后不再回答。"""
    by = session.account.name

    def change(editor: Editor, bank: Bank) -> Change:
        refuse_stale(bank, entry_id, body.revision)
        return editor.withdraw(bank, entry_id, by=by, why=body.why)

    return await work(parts, saved, parts.bank, change)


@router.post("/entries/{entry_id}/revert", summary="恢复条目", response_model=schemas.Saved)
async def revert_entry(
    entry_id: EntryId, body: schemas.ChangeEntry, session: Author, parts: PartsOf
) -> dict[str, str]:
    """把没有通过复核的修改恢复成原样；新增的条目改为草稿。"""
    by = session.account.name

    def revert(desk: BankDesk) -> dict[str, str]:
        def change(editor: Editor, bank: Bank) -> Change:
            refuse_stale(bank, entry_id, body.revision)
            base = desk.reviews.get(bank, entry_id).base
            return editor.revert(bank, entry_id, base, by=by, why=body.why)

        return saved(desk, change)

    return await work(parts, revert, parts.bank)


@router.post("/preview", summary="检查还没保存的条目")
async def preview_entry(body: schemas.PreviewEntry, _: Reader, parts: PartsOf) -> dict[str, Any]:
    """逐项指出要修改的地方，并列出其他条目里相近的问法。不写入任何内容；可以不完整。"""
    return await work(parts, _previewed, parts.bank, body)


def _previewed(desk: BankDesk, body: schemas.PreviewEntry) -> dict[str, Any]:
    bank = desk.bank()
    draft = check_draft(body.entry.dict(), bank, desk.intents(), desk.today(), body.id)
    near = _near(desk, bank, draft.entry, body.id) if draft.asks else []
    return {
        "findings": [asdict(remark) for remark in draft.remarks],
        "near": near or [],
        "can_compare": near is not None,
    }


def _near(desk: BankDesk, bank: Bank, entry: Entry, of: str | None) -> list[dict[str, Any]] | None:
    """Wordings of other entries that resemble its own; ``None`` without an encoder."""
    from bot.faq.similarity import similar_to

    try:
        encoder = desk.comparing()
    except ApiError:
        return None
    others = Bank(tuple(each for each in bank.entries if each.id != of), {})
    return [
        {
            "id": near.other_id,
            "question": bank.get(near.other_id).question,
            "mine": near.question,
            "theirs": near.other,
            "cosine": near.cosine,
        }
        for near in similar_to(entry, others, encoder)
    ]


def written(typed: schemas.TypedEntry, desk: BankDesk) -> Entry:
    """The entry that was typed.

    Raises:
        ApiError: 422 ``refused`` if a field is missing or wrong.
    """
    draft = read_draft(typed.dict(), desk.today())
    if draft.remarks:
        reasons = [_named(remark) for remark in draft.remarks]
        raise ApiError(422, "refused", f"没有保存：{reasons[0]}", reasons=reasons)
    return draft.entry


def _named(remark: Remark) -> str:
    item = "" if remark.item is None else f"第 {remark.item + 1} 项"
    return f"{FIELD_NAMES[remark.field]}{item}：{remark.message}"


def saved(desk: BankDesk, change: Callable[[Editor, Bank], Change]) -> dict[str, str]:
    """Make a change of the bank as it is now; what became of it."""
    with desk.editing:
        made = change(desk.editor(), desk.bank())
    assert made.after is not None
    return {"id": made.entry_id, "revision": view.revision(made.after)}


def refuse_stale(bank: Bank, entry_id: str, seen: str | None) -> None:
    """Raise :class:`Conflict` if an entry is not what somebody saw; ``None`` asks nothing."""
    if seen is not None and view.revision(bank.get(entry_id)) != seen:
        raise Conflict(_CHANGED)
