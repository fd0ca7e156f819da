"""Over all complaints: what is due, what is alarming, what is reported and what is kept."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.complaints.alarms import AlarmRules, find_alarms
from bot.complaints.case import Filing
from bot.complaints.codes import Classification, load_codes
from bot.complaints.export import Export
from bot.complaints.retention import Retention, keep_until
from bot.complaints.roles import ACTIONS, check_may
from bot.complaints.worklist import Worklist
from bot.errors import Conflict, Forbidden, Invalid
from bot.storage import Database
from bot.text.clock import SHANGHAI
from bot.text.spreadsheet import table_bytes
from tests.complaints.desk import OWNER, Sides

CODES = load_codes(Path(__file__).parents[2] / "data/complaints/codes-example.csv")
DAY = date(2026, 3, 2)


# ── what is due ──────────────────────────────────────────────────────────────


@pytest.fixture
def work(db: Database, sides: Sides) -> Worklist:
    return Worklist(db, sides.clock)


def test_the_most_pressing_comes_first(sides: Sides, work: Worklist) -> None:
    late, soon = sides.open("a"), sides.open("b")
    sides.terms.ask_extension(late, "complex", by="A1", why="取证")
    sides.answered("c")
    assert [task.case.number for task in work.open()] == [soon, late]
    sides.clock.forward(days=16)
    assert [task.term.overdue for task in work.open()] == [True, False]


def test_due_today_this_week_and_overdue(sides: Sides, work: Worklist) -> None:
    first = sides.open("a")  # Monday; due Tuesday the 17th
    sides.clock.forward(days=5)
    sunday = sides.open("b")  # due Sunday the 22nd
    sides.clock.forward(days=1)
    monday = sides.open("c")  # due Monday the 23rd
    due = {span: [task.case.number for task in work.due(span)] for span in ("today", "week")}
    assert due == {"today": [], "week": []}
    sides.clock.now = datetime(2026, 3, 17, 23, 59, tzinfo=SHANGHAI)
    assert [task.case.number for task in work.due("today")] == [first]
    assert [task.case.number for task in work.due("week")] == [first, sunday]
    sides.clock.forward(minutes=1)
    assert [task.case.number for task in work.due("overdue")] == [first]
    assert [task.case.number for task in work.due("week")] == [sunday]
    assert monday in [task.case.number for task in work.open()]
    with pytest.raises(Invalid, match="today、week、overdue"):
        work.due("month")


def test_an_open_review_is_due_too(sides: Sides, work: Worklist) -> None:
    number = sides.answered()
    assert work.open() == []
    sides.register.ask_review(number, OWNER, "不服", key="r1")
    (task,) = work.open()
    assert task.review and task.term.due_on == date(2026, 4, 1) and task.handler is None
    sides.reviewing.assign(number, "R1", by="R9")
    assert work.open()[0].handler == "R1"
    sides.reviewing.decide(number, by="R1", outcome="kept", findings="无误")
    assert len(work.open()) == 1, "a decision that was not told is still due"
    sides.tell(number, "review")
    assert work.open() == []


# ── alarms ───────────────────────────────────────────────────────────────────


def alarms(sides: Sides, **rules: int) -> list[tuple[str, bool, int, int]]:
    found = find_alarms(sides.casework.cases(), sides.clock(), AlarmRules(**rules))
    return [(each.cause, each.group, len(each.numbers), each.people) for each in found]


def test_twenty_people_are_a_group_whatever_the_number_of_cases(sides: Sides) -> None:
    for count in range(18):
        sides.open(customer=f"C{count}")
    sides.open("again", customer="C1")  # the same person once more
    assert alarms(sides, cases=100) == []
    sides.open(customer="C99", filing=Filing("letter", people=2))
    assert alarms(sides, cases=100) == [("fee", True, 20, 20)]


def test_many_cases_of_one_cause(sides: Sides) -> None:
    numbers = [sides.open(f"k{count}", category="card" if count else "fee") for count in range(3)]
    assert alarms(sides, cases=3) == []
    for number in numbers:
        coded = Classification("EX-C1.1", "EX-B2.1", "EX-R3")
        sides.casework.classify(number, coded, CODES, by="A1", why="同因")
    assert alarms(sides, cases=3) == [("EX-R3", False, 3, 1)]
    sides.clock.forward(days=30)
    assert alarms(sides, cases=3) == []


def test_a_merged_repeat_is_counted_once(sides: Sides) -> None:
    first, second = sides.open("a"), sides.open("b")
    assert alarms(sides, cases=2) == [("fee", False, 2, 1)]
    sides.casework.merge(second, first, by="A1", why="重复")
    assert alarms(sides, cases=2) == []


# ── export ───────────────────────────────────────────────────────────────────


def test_the_export_is_masked_unless_a_reason_is_given(sides: Sides, db: Database) -> None:
    agent = Filing("branch", relation="agent", complainant="李四光", proof="授权书")
    number = sides.open(filing=agent)
    export = Export(db, sides.clock)
    header, row = export.masked(DAY, DAY, CODES)
    line = dict(zip(header, row, strict=True))
    assert line["投诉编号"] == number and line["最晚答复"] == "2026-03-17"
    assert "1001" not in str(row) and line["代理人或继承人"] == "**光"
    with pytest.raises(Invalid, match="导出原因"):
        export.full(DAY, DAY, CODES, by="L1", why=" ")
    line = dict(zip(*export.full(DAY, DAY, CODES, by="L1", why="监管检查"), strict=True))
    assert (line["客户号"], line["代理人或继承人"]) == (OWNER, "李四光")
    taken = sides.casework.history(number)[-1]
    assert (taken.by, taken.what, taken.why) == ("L1", "exported", "监管检查")


def test_an_answered_case_is_reported_whole(sides: Sides, db: Database) -> None:
    number = sides.answered()
    coded = Classification("EX-C1.1", "EX-B2.1", "EX-R3")
    sides.casework.classify(number, coded, CODES, by="A1", why="收费")
    sides.casework.set_root_cause(number, "system", by="A1", note="批处理重复")
    header, row = Export(db, sides.clock).masked(DAY, DAY, CODES)
    line = dict(zip(header, row, strict=True))
    assert line["投诉原因代码"] == "EX-R3 示例：定价收费"
    assert (line["处理结论"], line["投诉根源"]) == ("投诉成立", "信息系统")
    assert (line["处理天数"], line["超期"]) == ("0", "否")
    assert Export(db, sides.clock).masked(date(2026, 3, 3), date(2026, 3, 9), CODES) == [header]


def test_a_cell_is_never_a_formula_in_either_format(sides: Sides, db: Database) -> None:
    sides.open(text='=HYPERLINK("http://x","退款")')
    rows = Export(db, sides.clock).masked(DAY, DAY, CODES)
    read = list(csv.reader(StringIO(table_bytes(".csv", "x", rows).decode("utf-8-sig"))))
    sheet = load_workbook(BytesIO(table_bytes(".xlsx", "x", rows))).active
    at = rows[0].index("投诉内容")
    assert read[1][at].startswith("'=") and sheet.cell(2, at + 1).data_type == "s"
    assert read[0] == [cell.value for cell in sheet[1]] == rows[0]


# ── keeping ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("over", "until"),
    [
        ("2026-03-02 23:59", date(2029, 3, 2)),
        ("2028-02-29 10:00", date(2031, 3, 1)),
        ("2025-02-28 10:00", date(2028, 2, 28)),
    ],
)
def test_three_years_are_never_shorter(over: str, until: date) -> None:
    assert keep_until(datetime.fromisoformat(over).replace(tzinfo=SHANGHAI)) == until
    with pytest.raises(Invalid, match="至少保存 3 年"):
        keep_until(datetime(2026, 3, 2, tzinfo=SHANGHAI), 2)


def test_what_is_open_reviewed_or_held_stays(sides: Sides, db: Database) -> None:
    keeping = Retention(db, sides.clock)
    still_open, reviewed, held, over = (sides.open("a"), *map(sides.answered, "bcd"))
    repeat = sides.open("e")
    sides.casework.merge(repeat, still_open, by="A1", why="重复")
    sides.register.ask_review(reviewed, OWNER, "不服", key="r1")
    keeping.hold(held, by="L1", why="诉讼")
    sides.clock.forward(days=3 * 366)
    assert [each.number for each in keeping.of_all() if each.deletable] == [over]
    assert not [each for each in keeping.of_all(5) if each.deletable]
    with pytest.raises(Conflict, match="已在法定保留中"):
        keeping.hold(held, by="L1", why="诉讼")
    keeping.release(held, by="L1", why="判决生效")
    with pytest.raises(Conflict, match="没有法定保留"):
        keeping.release(held, by="L1", why="判决生效")
    assert {each.number for each in keeping.of_all() if each.deletable} == {held, over}
    assert not {repeat, reviewed} & {each.number for each in keeping.of_all() if each.deletable}


def test_on_the_last_day_it_is_still_kept(sides: Sides, db: Database) -> None:
    sides.answered()
    keeping = Retention(db, sides.clock)
    sides.clock.now = datetime(2029, 3, 2, 23, 59, tzinfo=SHANGHAI)
    assert not keeping.of_all()[0].deletable
    sides.clock.forward(minutes=1)
    assert keeping.of_all()[0].deletable


# ── who may ──────────────────────────────────────────────────────────────────


def test_each_action_has_its_people() -> None:
    check_may("L1", ["complaint_lead"], "approve")
    for roles, action in (
        (["complaint_handler"], "approve"),
        (["complaint_lead"], "decide_review"),
        (["complaint_handler"], "approve_extension"),
        (["author"], "notice"),
        ([], "open"),
    ):
        with pytest.raises(Forbidden, match="需要角色"):
            check_may("A1", roles, action)
    assert all(people for _, people in ACTIONS.values())
