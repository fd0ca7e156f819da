"""One complaint as staff read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cli import complaints_parts as parts
from bot.complaints.case import Complaint
from bot.complaints.codes import DIMENSIONS
from bot.complaints.store import CaseStore
from bot.complaints.vocabulary import (
    ANSWER_PARTS,
    CATEGORIES,
    CHANNELS,
    NOTICES,
    OUTCOMES,
    RELATIONS,
    REVIEW_OUTCOMES,
    REVIEW_STATES,
    ROOT_CAUSES,
    SOURCES,
    STATE_NAMES,
)
from bot.text.clock import shanghai
from bot.text.masking import mask_name


def lines(number: str) -> Iterator[str]:
    """The case and everything that belongs to it, a line at a time; names masked."""
    store = parts.cases(CaseStore)
    case = store.get(number)
    yield f"{case.number}  {STATE_NAMES[case.state]}  处理人 {case.handler or '未分派'}"
    yield f"最晚答复：{parts.term_text(store.deadline(number))}"
    yield from _filing(case)
    yield from _codes(case)
    yield f"\n{case.text}\n"
    for facts in store.facts(number):
        verdict = {None: "未判断", True: "新事实", False: "重复"}[facts.new]
        yield f"补充 {facts.id}（{_at(facts.received_at)}，{verdict}）：{facts.text}"
    for notice in store.notices(number):
        yield (
            f"{NOTICES[notice.what]} {_at(notice.at)} {CHANNELS[notice.channel]} "
            f"{notice.by}（凭证：{notice.proof}）"
        )
    yield from _answer(store, number)
    yield ""
    for move in store.history(number):
        whom = f" → {move.whom}" if move.whom else ""
        yield f"  {_at(move.at)} {move.by} {move.what}{whom} {move.why}".rstrip()


def _at(moment: datetime) -> str:
    return shanghai(moment).strftime("%Y-%m-%d %H:%M")


def _filing(case: Complaint) -> Iterator[str]:
    filing = case.filing
    ref = f"（{filing.source_ref}）" if filing.source_ref else ""
    yield f"{SOURCES[filing.source]}{ref}，{CHANNELS[filing.channel]}，{_at(case.received_at)} 收到"
    who = RELATIONS[filing.relation]
    if filing.complainant:
        who += f" {mask_name(filing.complainant)}"
    crowd = f"，共 {filing.people} 人" if filing.people > 1 else ""
    yield f"客户 {case.customer_id}，投诉人：{who}{crowd}；身份和授权：{filing.proof or '未登记'}"
    if case.merged_into:
        yield f"已并入 {case.merged_into}"


def _codes(case: Complaint) -> Iterator[str]:
    table = parts.codes()
    told = [f"类别：{CATEGORIES[case.category]}"]
    for dimension, what in DIMENSIONS.items():
        code = getattr(case, f"{dimension}_code")
        told.append(f"{what}：{f'{code} {table.name(dimension, code)}' if code else '未分类'}")
    if case.root_cause:
        told.append(f"根源：{ROOT_CAUSES[case.root_cause]}，{case.root_note}")
    yield "；".join(told)


def _answer(store: CaseStore, number: str) -> Iterator[str]:
    answer, review = store.answer(number), store.review(number)
    if answer is not None:
        yield f"答复：{OUTCOMES[answer.outcome]}"
        for part, name in ANSWER_PARTS.items():
            yield f"  {name}：{getattr(answer, part)}"
    if review is not None:
        yield (
            f"核查：{REVIEW_STATES[review.state]}，{_at(review.asked_at)} 申请：{review.why}；"
            f"核查人 {review.reviewer or '未分派'}"
        )
        if review.outcome:
            yield f"  {REVIEW_OUTCOMES[review.outcome]}：{review.findings}"
