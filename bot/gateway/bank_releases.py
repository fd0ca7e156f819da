"""Publishing from the page: what would change, what stands against it, and going back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from bot.faq.bank import Bank
from bot.faq.checks import errors_in
from bot.faq.publication import kept, title_of
from bot.faq.refusal import NotPublished
from bot.faq.release import Record
from bot.gateway import bank_schemas as schemas
from bot.gateway import bank_view as view
from bot.gateway.bank_desk import BankDesk
from bot.gateway.bank_work import plain, work
from bot.gateway.errors import ApiError
from bot.gateway.parts import PartsOf
from bot.gateway.staff import Publisher, Reader, iso

# Publications that the page lists.
MOST = 100

_MESSAGES = {
    "unsound": "知识库里有错误，没有发布：请先改好。",
    "waiting": "有修改还没有别人复核通过，没有发布。",
    "worse": "有回归问法变差，没有发布：改好后再发布，或写明理由仍要发布。",
}

router = APIRouter()


@router.get("/publication", summary="发布前的变化")
async def next_publication(_: Reader, parts: PartsOf) -> dict[str, Any]:
    """与正在使用的版本相比会有哪些变化，有什么妨碍发布。不做回归比较，很快。"""
    return await work(parts, _prospect, parts.bank)


def _prospect(desk: BankDesk) -> dict[str, Any]:
    bank, in_use = desk.bank(), desk.in_use()
    findings = desk.findings(bank)
    stops = _stops(desk, bank)
    diff = desk.releases.diff(bank)
    return {
        "in_use": view.version(in_use.publication),
        "diff": [
            view.difference(each, in_use.entries.get(each.entry_id), bank.find(each.entry_id))
            for each in diff
        ],
        "stops": stops,
        "findings": [
            {"level": each.level, "entry_id": each.entry_id, "message": plain(each.text)}
            for each in findings
        ],
        "can_publish": not stops and not errors_in(findings),
    }


def _stops(desk: BankDesk, bank: Bank) -> list[dict[str, Any]]:
    return [
        {
            "id": each.entry_id,
            "question": each.present.question,
            "authors": list(each.authors),
            "why": each.standing,
        }
        for each in desk.pending(bank).values()
        if each.stops_publishing
    ]


@router.post("/publication/trial", summary="回归比较")
async def try_publication(_: Publisher, parts: PartsOf) -> dict[str, Any]:
    """用回归问法比较将要发布的内容和正在使用的版本。要花一些时间。"""
    return await work(parts, _trial, parts.bank)


def _trial(desk: BankDesk) -> dict[str, Any]:
    with desk.publishing():
        return view.verdict(desk.releases.trial(desk.bank(), desk.off_topic()))


@router.post("/publication", summary="发布")
async def publish_bank(
    body: schemas.PublishBank, session: Publisher, parts: PartsOf
) -> dict[str, Any]:
    """检查、复核、回归比较都通过才发布，立即对客户生效。

    不能发布时返回 409，代号说明原因：`unsound` 有错误、`waiting` 有待复核、
    `worse` 有回归问法变差（写明 `override` 仍可发布）、`busy` 别人正在发布。
    """
    return await work(parts, _published, parts.bank, body, session.account.name)


def _published(desk: BankDesk, body: schemas.PublishBank, by: str) -> dict[str, Any]:
    override = (body.override or "").strip() or None
    with desk.publishing():
        bank = desk.bank()
        try:
            done = desk.releases.publish(
                bank, desk.findings(bank), desk.off_topic(), by=by, why=body.why, override=override
            )
        except NotPublished as error:
            code, reasons = error.obstacle, [plain(reason) for reason in error.reasons]
            raise ApiError(409, code, _MESSAGES[code], reasons=reasons) from None
    return {
        "number": done.publication.number,
        "title": done.publication.title,
        "verdict": view.verdict(done.verdict),
    }


@router.post("/publication/rollback", summary="退回旧版")
async def roll_back(body: schemas.RollBack, session: Publisher, parts: PartsOf) -> dict[str, Any]:
    """使用以前发布的版本，立即对客户生效；知识库文件不变。"""
    return await work(parts, _rolled_back, parts.bank, body, session.account.name)


def _rolled_back(desk: BankDesk, body: schemas.RollBack, by: str) -> dict[str, Any]:
    with desk.publishing():
        used = desk.releases.rollback(body.number, by=by, why=body.why)
    return {"number": used.number, "title": used.title}


@router.get("/publications", summary="发布记录")
async def list_publications(_: Reader, parts: PartsOf) -> list[dict[str, Any]]:
    """发布和退回的记录，新的在前；`kept` 为真的可以退回。"""
    return await work(parts, _publications, parts.bank)


def _publications(desk: BankDesk) -> list[dict[str, Any]]:
    there = {each.version: each.title for each in kept(desk.publications)}
    in_use = desk.in_use().publication
    present = in_use.version if in_use else ""
    records = list(reversed(desk.releases.history(MOST)))
    # A version may come into use several times; the last of them is the one that counts.
    current = next((each.id for each in records if each.version == present), None)
    return [_record(each, there, current) for each in records]


def _record(each: Record, there: Mapping[str, str], current: int | None) -> dict[str, Any]:
    return {
        "id": each.id,
        "at": iso(each.at),
        "by": each.by,
        "kind": each.kind,
        "number": each.number,
        "title": there.get(each.version, title_of(each.number, each.version)),
        "why": each.why,
        "entries": each.entries,
        "override": each.override,
        "worse": [str(worse) for worse in each.worse],
        "kept": each.version in there,
        "in_use": each.id == current,
    }
