"""What customers asked that the bank might learn, and what an author makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path

from bot.faq.bank import Bank
from bot.faq.changes import Change
from bot.faq.editing import Editor
from bot.gateway import bank_schemas as schemas
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_work import work
from bot.gateway.bank_write import refuse_stale, saved, written
from bot.gateway.errors import ApiError
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Author, Reader, iso

if TYPE_CHECKING:
    from bot.faq.mined import Mined, MinedQueue

MinedId = Annotated[str, Path(max_length=128, description="发现的编号")]

router = APIRouter()


@router.get("/mined", summary="客户问过的")
async def list_mined(
    _: Reader,
    parts: PartsOf,
    state: Literal["open", "accepted", "rejected"] = "open",
    kind: Literal["", "cluster", "variant", "answer"] = "",
) -> list[dict[str, Any]]:
    """客户问过、知识库也许该学会的：没答上来的问题、新问法、没用的答案；问得多的在前。"""
    return await work(parts, _listed, parts.bank, state, kind)


def _listed(desk: BankDesk, state: Any, kind: Any) -> list[dict[str, Any]]:
    bank = desk.bank()
    return [_shown(each, bank) for each in _queue(desk).list(state, kind or None)]


def _queue(desk: BankDesk) -> MinedQueue:
    # Loads numpy and FAISS, which a gateway without maintainers need not hold.
    from bot.faq.mined import MinedQueue

    return MinedQueue(desk.db, desk.clock)


def _shown(each: Mined, bank: Bank) -> dict[str, Any]:
    entry = bank.find(each.entry_id) if each.entry_id else None
    return {
        "id": each.id,
        "kind": each.kind,
        "state": each.state,
        "texts": [{"text": wording.text, "count": wording.count} for wording in each.texts],
        "entry_id": each.entry_id,
        "entry_question": entry.question if entry else None,
        "suggestion": each.suggestion,
        "draft_answer": each.draft_answer,
        "signals": dict(each.signals),
        "causes": dict(each.causes),
        "remarks": list(each.remarks),
        "first_at": iso(each.first_at),
        "last_at": iso(each.last_at),
    }


@router.post("/mined/run", summary="现在挖掘")
async def mine_now(_: Author, parts: PartsOf) -> dict[str, int]:
    """从会话记录里找新的发现；返回新增了几条。"""
    return await work(parts, _mined, parts.bank)


def _mined(desk: BankDesk) -> dict[str, int]:
    from bot.conversations.questions import read_questions

    queue, encoder = _queue(desk), desk.comparing()
    try:
        retriever = desk.answering().retriever()
    except ApiError:
        # Nothing is published: then nothing was answered by it either.
        retriever = None
    talks = read_questions(desk.db, queue.mined_to())
    return {"found": queue.refresh(talks, encoder, retriever, desk.bank(), desk.today())}


@router.post("/mined/{mined_id}/accept", summary="采纳", response_model=schemas.Saved)
async def accept_mined(
    mined_id: MinedId, body: schemas.AcceptMined, session: Author, parts: PartsOf
) -> dict[str, str]:
    """新问题存为草稿条目，新问法加到它的条目里；之后照常复核、发布。"""
    by = session.account.name

    def accept(desk: BankDesk) -> dict[str, str]:
        entry = written(body.entry, desk) if body.entry else None

        def change(editor: Editor, bank: Bank) -> Change:
            if entry is not None and bank.find(entry.id) is not None:
                refuse_stale(bank, entry.id, body.revision)
            return _queue(desk).accept(editor, bank, mined_id, entry, by=by, why=body.why)

        return saved(desk, change)

    return await work(parts, accept, parts.bank)


@router.post("/mined/{mined_id}/reject", summary="不采纳")
async def reject_mined(
    mined_id: MinedId, body: schemas.Reason, session: Author, parts: PartsOf
) -> dict[str, str]:
    """放到一边并写明为什么；又有好几位客户问到时才会再出现。"""

    def reject(desk: BankDesk) -> dict[str, str]:
        _queue(desk).reject(mined_id, by=session.account.name, why=body.why)
        return {"id": mined_id}

    return await work(parts, reject, parts.bank)
