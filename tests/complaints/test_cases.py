"""What a case is and belongs to: how it came in, its codes, repeats, who keeps out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.complaints.case import Filing
from bot.complaints.codes import Classification, CodeTable, load_codes
from bot.complaints.register import Arrival
from bot.errors import Conflict, DataError, Forbidden, Invalid
from tests.complaints.desk import ANSWER, OTHER, OWNER, Sides

LETTER = Filing("letter", proof="身份证复印件已核")
PBC = Filing("regulator", "pbc", "银消转〔2026〕12号", proof="转办函")
CODES = Classification("EX-C1.1", "EX-B2.2", "EX-R3")


@pytest.fixture(scope="module")
def table() -> CodeTable:
    return load_codes(Path(__file__).parents[2] / "data/complaints/codes-example.csv")


# ── how it came in ───────────────────────────────────────────────────────────


def test_a_letter_counts_from_the_day_it_was_received(sides: Sides) -> None:
    came = Arrival("A1", sides.clock() - timedelta(days=3))
    number = sides.open(filing=LETTER, arrival=came)
    assert sides.casework.deadline(number).due_on == date(2026, 3, 14)
    assert [move.by for move in sides.casework.history(number)] == ["A1"]
    with pytest.raises(Invalid, match="现在之前"):
        sides.open("k2", arrival=Arrival("A1", sides.clock() + timedelta(hours=1)))
    with pytest.raises(Invalid, match="受理之后"):
        early = Arrival("A1", sides.clock() - timedelta(days=4))
        sides.register.withdraw(number, OWNER, key="w1", arrival=early)


def test_what_the_pbc_passed_on_has_its_own_steps(sides: Sides) -> None:
    number = sides.open(filing=PBC)
    with pytest.raises(Invalid, match="complex"):
        sides.terms.ask_extension(number, "complex", by="A1", why="取证")
    sides.terms.ask_extension(number, "special", by="A1", why="取证")
    sides.terms.approve_extension(number, by="M1")
    sides.tell(number, "extension")
    assert sides.casework.deadline(number).due_on == date(2026, 5, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "pigeon"},
        {"relation": "friend"},
        {"relation": "agent", "proof": "授权书"},
        {"relation": "heir", "complainant": "李四"},
        {"source": "nfra"},
        {"people": 0},
    ],
)
def test_a_filing_says_who_and_with_what_right(wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Filing(**{"channel": "branch", **wrong})  # type: ignore[arg-type]


def test_an_agent_with_proof_complains_for_the_customer(sides: Sides) -> None:
    agent = Filing("branch", relation="agent", complainant="李四", proof="授权委托书原件")
    number = sides.open(filing=agent)
    assert sides.casework.get(number).filing == agent
    assert sides.register.view(number, OWNER).number == number


# ── who keeps out ────────────────────────────────────────────────────────────


def test_whoever_is_named_in_it_has_no_hand_in_it(sides: Sides) -> None:
    number = sides.open(text="你们柜员A1态度很差，a10 倒是不错")
    with pytest.raises(Forbidden, match="提到 A1"):
        sides.casework.assign(number, "A1", by="M1")
    sides.casework.assign(number, "A", by="M1")
    sides.register.add_facts(number, OWNER, "主管M1也包庇他", "f1")
    facts = sides.casework.facts(number)[0]
    sides.terms.judge_facts(number, facts.id, by="A", new=False, why="同一件事")
    sides.closing.write(number, ANSWER, by="A")
    with pytest.raises(Forbidden, match="提到 M1"):
        sides.closing.approve(number, by="M1")


def test_a_reviewer_with_an_interest_gives_the_review_back(sides: Sides) -> None:
    number = sides.answered()
    sides.register.ask_review(number, OWNER, "不服", key="r1")
    sides.reviewing.assign(number, "R1", by="R9")
    sides.casework.recuse(number, "R1", by="R9", kind="interest", why="亲属")
    review = sides.casework.review(number)
    assert review and (review.state, review.reviewer) == ("asked", None)
    with pytest.raises(Forbidden):
        sides.reviewing.assign(number, "R1", by="R9")


# ── codes ────────────────────────────────────────────────────────────────────


def test_staff_classify_and_reclassify(sides: Sides, table: CodeTable) -> None:
    number = sides.answered()
    sides.casework.classify(number, CODES, table, by="A1", why="初步分类")
    again = replace(CODES, cause_code="EX-R4")
    case = sides.casework.classify(number, again, table, by="A1", why="系统重复扣收")
    assert (case.channel_code, case.business_code, case.cause_code) == (
        "EX-C1.1",
        "EX-B2.2",
        "EX-R4",
    )
    assert "EX-R3 → EX-C1.1/EX-B2.2/EX-R4: 系统" in sides.casework.history(number)[-1].why
    case = sides.casework.recategorise(number, "credit_card", by="A1", why="年费属于信用卡")
    assert case.category == "credit_card" and case.cause_code == "EX-R4"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cause_code": "R3"}, "没有投诉原因代码 'R3'"),
        ({"cause_code": ""}, "没有投诉原因"),
        ({"channel_code": "EX-B1"}, "没有投诉渠道"),
        ({"business_code": "EX-B2"}, "还要细分，请用：EX-B2.1、EX-B2.2"),
    ],
)
def test_a_code_is_one_of_the_tables_finest(
    table: CodeTable, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(Invalid, match=told):
        table.check(replace(CODES, **wrong))


def test_the_example_says_that_it_is_one(table: CodeTable) -> None:
    assert table.example and "示例" in table.title
    assert all(code.code.startswith("EX-") for code in table.codes.values())
    assert table.name("business", "EX-B2.2") == "示例：银行卡 / 示例：信用卡"
    assert table.name("business", "1999") == "1999"


HEADER = "dimension,code,parent,name\n"
WHOLE = "channel,1,,甲\nbusiness,1,,乙\ncause,1,,丙\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,name\n", ":1: 表头应为"),
        (HEADER + WHOLE + "place,2,,x\n", ":5: dimension 'place'"),
        (HEADER + WHOLE + "cause,1,,x\n", ":5: 代码 1 重复"),
        (HEADER + WHOLE + "cause,1.1,2,x\n", ":5: 上级代码 2"),
        ("# title: 表\n" + HEADER + WHOLE + "cause,2,\n", ":6: 列数不对"),
        (HEADER + WHOLE + "cause,二,,x\n", ":5: 代码 '二'"),
        (HEADER + "channel,1,,甲\n", "缺少投诉业务类别、投诉原因"),
    ],
)
def test_a_wrong_table_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "codes.csv"
    file.write_text(text)
    with pytest.raises(DataError, match=f"codes.csv.*{told}"):
        load_codes(file)


def test_a_banks_own_table(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("# title: 本行代码\n" + HEADER + WHOLE, encoding="utf-8-sig")
    own = load_codes(file)
    assert (own.title, own.example) == ("本行代码", False)
    own.check(Classification("1", "1", "1"))


# ── repeats ──────────────────────────────────────────────────────────────────


def test_a_repeat_becomes_part_of_the_earlier_one(sides: Sides) -> None:
    first = sides.open()
    sides.clock.forward(days=5)
    second = sides.open("k2", text="年费又多收了一次")
    sides.register.add_facts(second, OWNER, "有短信", "f1")
    sides.casework.merge(second, first, by="A1", why="同一张卡的年费")
    assert sides.casework.deadline(first).due_on == date(2026, 3, 17)
    (facts,) = sides.casework.facts(first)
    assert facts.text == "年费又多收了一次\n有短信" and facts.new is None
    sides.terms.judge_facts(first, facts.id, by="A1", new=True, why="又一笔")
    assert sides.casework.deadline(first).due_on == date(2026, 3, 22)
    view = sides.register.view(second, OWNER)
    assert (view.state, view.merged_into, view.may) == ("merged", first, ())
    sides.tell(second, "merge")
    (notice,) = sides.register.view(second, OWNER).notices
    assert f"已并入 {first} 一起处理，最晚 3月22日" in notice.text
    with pytest.raises(Conflict, match="已合并"):
        sides.casework.assign(second, "A1", by="M1")


def test_no_term_is_lost_by_merging(sides: Sides) -> None:
    first = sides.open()
    sides.clock.forward(days=1)
    second, passed_on = sides.open("k2"), sides.open("k3", filing=PBC)
    others = sides.open(customer=OTHER)
    for number, into, told in (
        (first, second, "收到得更晚"),
        (passed_on, first, "外部单位转来"),
        (others, first, "不是同一位客户"),
        (first, first, "不是同一位客户的另一件"),
    ):
        with pytest.raises(Invalid, match=told):
            sides.casework.merge(number, into, by="A1", why="重复")
    done = sides.answered("k4")
    with pytest.raises(Conflict, match="已答复"):
        sides.casework.merge(second, done, by="A1", why="重复")


# ── requests made once ───────────────────────────────────────────────────────


def test_a_request_of_one_key_is_made_once(sides: Sides) -> None:
    number = sides.answered()
    asked = sides.register.ask_review(number, OWNER, "金额不对", key="r1")
    with pytest.raises(Conflict, match="r1"):
        sides.register.ask_review(number, OWNER, "别的", key="r1")
    sides.reviewing.assign(number, "R1", by="R9")
    sides.reviewing.decide(number, by="R1", outcome="kept", findings="无误")
    sides.tell(number, "review")
    again = sides.register.ask_review(number, OWNER, "金额不对", key="r1")
    assert again.asked_at == asked.asked_at and again.outcome == "kept"


def test_a_late_letter_is_measured_by_its_arrival(sides: Sides) -> None:
    number = sides.answered()
    sides.clock.forward(days=31)
    in_time = Arrival("A1", sides.clock() - timedelta(days=1))
    review = sides.register.ask_review(number, OWNER, "不服", key="r1", arrival=in_time)
    assert review.asked_at == in_time.at
