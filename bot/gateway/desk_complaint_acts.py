"""What staff do with a complaint from the desk: each call answers with the case as it is then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from bot.complaints.case import Answer
from bot.complaints.codes import Classification
from bot.complaints.messenger import CHAT
from bot.complaints.options import right
from bot.gateway import desk_complaint_schemas as schemas
from bot.gateway import staff_work
from bot.gateway.complaint_desk import ComplaintDesk
from bot.gateway.desk_complaints import Number, Worker, shown_or_barred
from bot.gateway.parts import PartsOf

router = APIRouter()


@dataclass(frozen=True)
class Act:
    """Somebody's act on a case: ``who`` may, and need not keep out of it."""

    desk: ComplaintDesk
    number: str
    who: str


@dataclass(frozen=True)
class Verb:
    """A call: its name, what it is called and does, what is sent, and how it is done."""

    name: str
    title: str
    about: str
    body: type[schemas.Body]
    do: Callable[[Act, Any], object]


# ── who has it ───────────────────────────────────────────────────────────────
def _assign(act: Act, body: schemas.Assign) -> None:
    to = act.desk.colleague(body.to, "write")
    act.desk.casework.assign(act.number, to, by=act.who, why=body.why)


def _take(act: Act, body: schemas.Nothing) -> None:
    # Who takes a case writes its answer.
    me = act.desk.colleague(act.who, "write")
    act.desk.casework.assign(act.number, me, by=act.who)


def _recuse(act: Act, body: schemas.Recuse) -> None:
    person = act.desk.accounts.spelling(body.person)
    act.desk.casework.recuse(act.number, person, by=act.who, kind=body.kind, why=body.why)


def _classify(act: Act, body: schemas.Classify) -> None:
    casework, codes = act.desk.casework, Classification(**body.dict(exclude={"category", "why"}))
    if body.category and body.category != casework.get(act.number).category:
        casework.recategorise(act.number, body.category, by=act.who, why=body.why)
    if any(codes.__dict__.values()):
        casework.classify(act.number, codes, act.desk.codes(), by=act.who, why=body.why)


def _merge(act: Act, body: schemas.Merge) -> None:
    act.desk.casework.check_impartial(body.into, act.who)
    act.desk.casework.merge(act.number, body.into, by=act.who, why=body.why)


# ── its term ─────────────────────────────────────────────────────────────────
def _judge(act: Act, body: schemas.Judge) -> None:
    act.desk.terms.judge_facts(act.number, body.facts, by=act.who, new=body.new, why=body.why)


def _pause(act: Act, body: schemas.Pausing) -> None:
    act.desk.terms.pause(act.number, body.kind, by=act.who, why=body.why)


def _resume(act: Act, body: schemas.Pausing) -> None:
    act.desk.terms.resume(act.number, body.kind, by=act.who, why=body.why)


def _extend(act: Act, body: schemas.Extend) -> None:
    act.desk.terms.ask_extension(act.number, body.step, by=act.who, why=body.why)


def _approve_extension(act: Act, body: schemas.Nothing) -> None:
    act.desk.terms.approve_extension(act.number, by=act.who)


# ── its answer ───────────────────────────────────────────────────────────────
def _notify(act: Act, body: schemas.Notify) -> None:
    if body.channel == CHAT and not body.proof.strip():
        act.desk.messenger.send(act.number, body.what, by=act.who)
        return
    act.desk.closing.tell(
        act.number,
        body.what,
        by=act.who,
        channel=body.channel,
        at=body.at or act.desk.clock(),
        proof=body.proof,
    )


def _write(act: Act, body: schemas.WriteAnswer) -> None:
    act.desk.closing.write(act.number, Answer(**body.dict()), by=act.who)


def _approve(act: Act, body: schemas.Nothing) -> None:
    act.desk.closing.approve(act.number, by=act.who)


def _send_back(act: Act, body: schemas.Reason) -> None:
    act.desk.closing.send_back(act.number, by=act.who, why=body.why)


def _cause(act: Act, body: schemas.RootCause) -> None:
    act.desk.casework.set_root_cause(act.number, body.cause, by=act.who, note=body.note)


# ── what the customer said by other ways ─────────────────────────────────────
def _add_facts(act: Act, body: schemas.Entered) -> None:
    act.desk.entering.add_facts(act.number, body.text, by=act.who, received=body.received)


def _withdraw(act: Act, body: schemas.Entered) -> None:
    act.desk.entering.withdraw(act.number, body.text, by=act.who, received=body.received)


def _ask_review(act: Act, body: schemas.Entered) -> None:
    act.desk.entering.ask_review(act.number, body.text, by=act.who, received=body.received)


# ── the level above, and what is kept ────────────────────────────────────────
def _assign_review(act: Act, body: schemas.Reviewer) -> None:
    to = act.desk.colleague(body.to, "decide_review")
    act.desk.reviewing.assign(act.number, to, by=act.who)


def _decide_review(act: Act, body: schemas.DecideReview) -> None:
    act.desk.reviewing.decide(act.number, by=act.who, outcome=body.outcome, findings=body.findings)


def _hold(act: Act, body: schemas.Reason) -> None:
    act.desk.retention.hold(act.number, by=act.who, why=body.why)


def _release(act: Act, body: schemas.Reason) -> None:
    act.desk.retention.release(act.number, by=act.who, why=body.why)


VERBS = (
    Verb("assign", "分派", "分派或改派；有利害关系的人不能处理。", schemas.Assign, _assign),
    Verb("take", "接办", "自己接办。", schemas.Nothing, _take),
    Verb("recuse", "登记回避", "是处理人时，退回重新分派。", schemas.Recuse, _recuse),
    Verb("classify", "分类", "按代码表分类，或更正类别。", schemas.Classify, _classify),
    Verb("merge", "合并", "并入同一客户更早的一件，期限按早的算。", schemas.Merge, _merge),
    Verb("judge", "判断补充材料", "新事实从收到之日重新计算期限。", schemas.Judge, _judge),
    Verb("pause", "中止计时", "外部鉴定告知客户以后才不计入。", schemas.Pausing, _pause),
    Verb("resume", "恢复计时", "结束中止，期限接着算。", schemas.Pausing, _resume),
    Verb("extend", "申请延期", "特别复杂的要审批并告知以后才生效。", schemas.Extend, _extend),
    Verb(
        "approve_extension", "审批延期", "由申请人和经办人以外的上级审批。", schemas.Nothing,
        _approve_extension,
    ),
    Verb("notice", "告知客户", "发到客户的会话，或登记渠道和凭证。", schemas.Notify, _notify),
    Verb("write", "提交答复", "处理人提交，等另一人审批。", schemas.WriteAnswer, _write),
    Verb("approve", "批准答复", "拟写人不能审批自己的答复。", schemas.Nothing, _approve),
    Verb("send_back", "退回答复", "退回给处理人重写。", schemas.Reason, _send_back),
    Verb("cause", "投诉根源", "登记根源；以后可以更正。", schemas.RootCause, _cause),
    Verb("add_facts", "登记补充", "客户用别的方式补充的。", schemas.Entered, _add_facts),
    Verb("withdraw", "登记撤诉", "只能由客户提出。", schemas.Entered, _withdraw),
    Verb("ask_review", "登记核查申请", "收到决定后 30 天内。", schemas.Entered, _ask_review),
    Verb("assign_review", "分派核查", "给没有经办过的核查人。", schemas.Reviewer, _assign_review),
    Verb("decide_review", "核查决定", "由核查人作出。", schemas.DecideReview, _decide_review),
    Verb("hold", "法定保留", "诉讼等期间不得删除。", schemas.Reason, _hold),
    Verb("release", "解除法定保留", "此后按保存期限。", schemas.Reason, _release),
)  # fmt: skip


def _call_of(verb: Verb) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def call(number: Number, body: Any, session: Worker, parts: PartsOf) -> dict[str, Any]:
        desk, account = parts.casework, session.account

        def run() -> dict[str, Any]:
            who = desk.officer(account, right(verb.name), number)
            verb.do(Act(desk, number, who), body)
            return shown_or_barred(parts, account, number)

        return await staff_work.run(desk.limiter, run)

    call.__annotations__["body"] = verb.body
    call.__name__ = verb.name
    return call


for each in VERBS:
    router.add_api_route(
        f"/{{number}}/{each.name}",
        _call_of(each),
        methods=["POST"],
        summary=each.title,
        description=each.about,
    )
