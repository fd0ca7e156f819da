"""The bank's side: nobody judges their own work, and what was told is proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from bot.complaints.case import Answer
from bot.complaints.tables import complaint_moves
from bot.errors import Conflict, Forbidden, Invalid
from bot.storage import Database
from tests.complaints.desk import ANSWER, OWNER, Sides


def test_new_facts_send_an_answer_back(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    added = sides.register.add_facts(number, OWNER, "还有一笔", "f1")
    with pytest.raises(Conflict, match="未判断"):
        sides.tell(number, "decision")
    sides.terms.judge_facts(number, added.id, by="A1", new=True, why="另一笔收费")
    assert sides.casework.get(number).state == "handling"
    with pytest.raises(Conflict, match="没有待审批"):
        sides.closing.approve(number, by="M1")


def test_a_repeat_is_merged_and_moves_nothing(sides: Sides) -> None:
    number = sides.open()
    sides.clock.forward(days=5)
    added = sides.register.add_facts(number, OWNER, "怎么还没处理", "f1")
    after = sides.terms.judge_facts(number, added.id, by="A1", new=False, why="同一投诉")
    assert after.due_on == date(2026, 3, 17)


def test_extensions_need_what_law_asks(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    with pytest.raises(Conflict, match="请先按"):
        sides.terms.ask_extension(number, "special", by="A1", why="跨行取证")
    assert sides.terms.ask_extension(number, "complex", by="A1", why="需要核对流水").due_on == date(
        2026, 4, 1
    )
    sides.tell(number, "extension")
    sides.clock.forward(days=30)
    sides.terms.ask_extension(number, "special", by="A1", why="跨行取证")
    with pytest.raises(Forbidden):
        sides.terms.approve_extension(number, by="A1")
    with pytest.raises(Conflict, match="没有待告知的延期"):
        sides.tell(number, "extension")
    assert sides.terms.approve_extension(number, by="M1").due_on == date(2026, 4, 1)
    with pytest.raises(Conflict, match="没有待审批"):
        sides.terms.approve_extension(number, by="M2")
    sides.tell(number, "extension")
    assert sides.casework.deadline(number).due_on == date(2026, 5, 1)
    sides.clock.forward(days=31)
    assert sides.casework.deadline(number).overdue
    with pytest.raises(Conflict, match="届满"):
        sides.terms.ask_extension(number, "special", by="A1", why="还要")


def test_an_appraisal_pauses_once_it_is_told(sides: Sides) -> None:
    number = sides.open()
    sides.clock.forward(days=3)
    assert sides.terms.pause(number, "appraisal", by="A1", why="笔迹鉴定").paused is None
    sides.clock.forward(days=2)
    sides.tell(number, "pause")
    assert sides.casework.deadline(number).paused == "appraisal"
    with pytest.raises(Conflict):
        sides.terms.pause(number, "appraisal", by="A1", why="又一次")
    sides.clock.forward(days=20)
    assert not sides.casework.deadline(number).overdue
    assert sides.terms.resume(number, "appraisal", by="A1").due_on == date(2026, 4, 6)
    with pytest.raises(Conflict, match="没有进行中"):
        sides.terms.resume(number, "appraisal", by="A1")
    sides.clock.forward(days=30)
    with pytest.raises(Conflict, match="届满"):
        sides.terms.pause(number, "mediation", by="A1", why="调解")


def test_whoever_wrote_it_does_not_approve_it(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    with pytest.raises(Forbidden, match="A1"):
        sides.closing.write(number, ANSWER, by="A2")
    sides.closing.write(number, ANSWER, by="A1")
    with pytest.raises(Forbidden):
        sides.closing.approve(number, by="A1")
    with pytest.raises(Conflict, match="先退回"):
        sides.casework.assign(number, "M2", by="M1")
    sides.closing.send_back(number, by="M1", why="依据不足")
    sides.closing.write(number, replace(ANSWER, outcome="partly"), by="A1")
    sides.closing.approve(number, by="M1")
    with pytest.raises(Conflict, match="没有待审批"):
        sides.closing.approve(number, by="M1")
    sides.tell(number, "decision")
    assert sides.register.view(number, OWNER).answer == replace(ANSWER, outcome="partly")
    with pytest.raises(Conflict):
        sides.closing.send_back(number, by="M1", why="反悔")


@pytest.mark.parametrize("part", ["decision", "findings", "grounds", "reasons", "remedies"])
def test_an_answer_needs_all_its_parts(part: str) -> None:
    with pytest.raises(Invalid, match="1 到"):
        Answer(**{**ANSWER.__dict__, part: " "})


def test_nobody_with_an_interest_has_a_hand_in_it(sides: Sides) -> None:
    number = sides.open()
    sides.casework.recuse(number, "A3", by="M1", kind="complained_of", why="柜员")
    with pytest.raises(Forbidden, match="被投诉人"):
        sides.casework.assign(number, "A3", by="M1")
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    with pytest.raises(Forbidden):
        sides.closing.approve(number, by="A3")
    back = sides.casework.recuse(number, "A1", by="M1", kind="interest", why="亲属")
    assert (back.state, back.handler) == ("received", None)
    sides.casework.assign(number, "A2", by="M1")
    sides.closing.write(number, ANSWER, by="A2")
    sides.closing.approve(number, by="M2")
    assert (
        sides.casework.recuse(number, "M2", by="M1", kind="other", why="同事").state == "handling"
    )
    assert (
        sides.casework.recuse(number, "M2", by="M1", kind="other", why="同事").state == "handling"
    )
    assert set(sides.casework.recused(number)) == {"A1", "A3", "M2"}


def test_a_notice_has_its_time_and_proof(sides: Sides) -> None:
    number = sides.open()
    now = sides.clock()

    def tell(what: str, at: datetime, proof: str = "短信 8823") -> None:
        sides.closing.tell(number, what, by="A1", channel="sms", at=at, proof=proof)

    tell("acceptance", now)
    for at, proof in (
        (now + timedelta(minutes=1), "x"),
        (now - timedelta(minutes=1), "x"),
        (now.replace(tzinfo=None), "x"),
        (now, " "),
    ):
        with pytest.raises(Invalid):
            tell("acceptance", at, proof)
    with pytest.raises(Conflict, match="没有待告知的处理决定"):
        tell("decision", now)
    with pytest.raises(Conflict, match="没有待告知的核查决定"):
        tell("review", now)
    with pytest.raises(Invalid, match="acceptance"):
        tell("whatever", now)
    assert [(n.what, n.proof) for n in sides.closing.notices(number)] == [
        ("acceptance", "短信 8823")
    ]


def test_the_day_of_telling_counts_not_that_of_recording(sides: Sides) -> None:
    number = sides.open()
    sides.casework.assign(number, "A1", by="M1")
    sides.closing.write(number, ANSWER, by="A1")
    sides.closing.approve(number, by="M1")
    sides.clock.forward(days=15)
    told = sides.clock()
    sides.clock.forward(days=1)
    sides.closing.tell(number, "decision", by="A1", channel="phone", at=told, proof="录音")
    assert not sides.casework.deadline(number).overdue
    [notice] = sides.closing.notices(number)
    assert notice.recorded_at - notice.at == timedelta(days=1)


def test_a_notice_is_about_what_happened_last(sides: Sides) -> None:
    number = sides.open()
    first = sides.register.add_facts(number, OWNER, "收据", "f1")
    second = sides.register.add_facts(number, OWNER, "怎么还没处理", "f2")
    sides.terms.judge_facts(number, second.id, by="A1", new=False, why="重复")
    sides.clock.forward(days=1)
    sides.terms.judge_facts(number, first.id, by="A1", new=True, why="此前未提供")
    sides.tell(number, "facts")
    assert "新情况" in sides.closing.notices(number)[-1].text
    sides.terms.pause(number, "mediation", by="A1", why="双方同意")
    sides.terms.pause(number, "appraisal", by="A1", why="笔迹")
    sides.clock.forward(days=1)
    sides.terms.resume(number, "mediation", by="A1")
    sides.tell(number, "resume")
    assert "调解已经结束" in sides.closing.notices(number)[-1].text
    sides.tell(number, "pause")
    assert "外部鉴定" in sides.closing.notices(number)[-1].text
    sides.terms.ask_extension(number, "complex", by="A1", why="取证")
    sides.terms.ask_extension(number, "special", by="A1", why="还要取证")
    sides.tell(number, "extension")
    assert "情况复杂（取证）" in sides.closing.notices(number)[-1].text


def test_a_review_is_somebody_elses(sides: Sides) -> None:
    number = sides.answered()
    sides.clock.forward(days=30)
    asked = sides.register.ask_review(number, OWNER, "金额不对", key="r1")
    sides.clock.forward(days=30)
    assert sides.register.ask_review(number, OWNER, "金额不对", key="r1") == asked
    view = sides.register.view(number, OWNER)
    assert view.review_deadline and view.review_deadline.due_on == date(2026, 5, 1)
    assert view.may == ()
    sides.casework.recuse(number, "R1", by="M9", kind="interest", why="亲属")
    for person in ("A1", "M1", "R1"):
        with pytest.raises(Forbidden):
            sides.reviewing.assign(number, person, by="R9")
    with pytest.raises(Conflict, match="还没有分派"):
        sides.reviewing.decide(number, by="R2", outcome="kept", findings="无误")
    sides.reviewing.assign(number, "R3", by="R9")
    sides.reviewing.assign(number, "R2", by="R9")
    with pytest.raises(Forbidden, match="R2 负责"):
        sides.reviewing.decide(number, by="R3", outcome="kept", findings="无误")
    sides.reviewing.decide(number, by="R2", outcome="changed", findings="应退 400 元")
    seen = sides.register.view(number, OWNER).review
    assert seen and (seen.state, seen.outcome) == ("asked", None)
    with pytest.raises(Conflict, match="没有待核查"):
        sides.reviewing.decide(number, by="R2", outcome="kept", findings="x")
    sides.tell(number, "review")
    seen = sides.register.view(number, OWNER).review
    assert seen and (seen.state, seen.outcome, seen.findings) == ("told", "changed", "应退 400 元")
    with pytest.raises(Conflict, match="已经核查过"):
        sides.register.ask_review(number, OWNER, "还是不服", key="r2")


def test_the_root_cause_is_kept(sides: Sides) -> None:
    number = sides.answered()
    with pytest.raises(Invalid, match="pricing"):
        sides.casework.set_root_cause(number, "whatever", by="A1", note="x")
    kept = sides.casework.set_root_cause(number, "system", by="A1", note="批处理重复扣收")
    assert (kept.root_cause, kept.root_note, kept.state) == ("system", "批处理重复扣收", "decided")


def test_history_says_who_when_and_why_and_stays(sides: Sides, db: Database) -> None:
    number = sides.answered()
    assert [(m.by, m.what, m.state) for m in sides.casework.history(number)] == [
        ("customer", "opened", "received"), ("M1", "assigned", "handling"),
        ("A1", "drafted", "drafted"), ("M1", "approved", "approved"),
        ("A1", "decided", "decided"),
    ]  # fmt: skip
    with pytest.raises(IntegrityError, match="not rewritten"), db.begin() as tx:
        tx.execute(update(complaint_moves).values(by="X"))
    with db.begin() as tx:
        tx.execute(delete(complaint_moves))
