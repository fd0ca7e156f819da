"""The register as a table for the regulator and for yearly disclosure; masked unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.complaints.case import Answer, Complaint, Review
from bot.complaints.clock import STEP_NAMES, Deadline, deadline
from bot.complaints.codes import CodeTable
from bot.complaints.store import CaseStore
from bot.complaints.tables import complaints
from bot.complaints.vocabulary import (
    CATEGORIES,
    CHANNELS,
    OUTCOMES,
    RELATIONS,
    REVIEW_OUTCOMES,
    ROOT_CAUSES,
    SOURCES,
    STATE_NAMES,
    check_text,
)
from bot.text.clock import SHANGHAI, shanghai
from bot.text.masking import mask_name, mask_text


@dataclass(frozen=True)
class Line:
    """A case with what a row of the table is made of."""

    case: Complaint
    term: Deadline
    answer: Answer | None
    review: Review | None
    codes: CodeTable
    full: bool

    def name(self, text: str) -> str:
        """A name or number of a person, masked unless all is wanted."""
        return text if self.full else mask_name(text)

    def code(self, dimension: str) -> str:
        """``code name``."""
        code = getattr(self.case, f"{dimension}_code")
        return f"{code} {self.codes.name(dimension, code)}" if code else ""


def _time(moment: datetime | None) -> str:
    return f"{shanghai(moment):%Y-%m-%d %H:%M}" if moment else ""


def _days(line: Line) -> str:
    """Days from receipt to the end."""
    ended = line.case.ended_at
    if ended is None:
        return ""
    return str((shanghai(ended).date() - shanghai(line.case.received_at).date()).days)


COLUMNS: dict[str, Callable[[Line], str]] = {
    "投诉编号": lambda line: line.case.number,
    "收到时间": lambda line: _time(line.case.received_at),
    "来源": lambda line: SOURCES[line.case.source],
    "来文编号": lambda line: line.case.filing.source_ref,
    "渠道": lambda line: CHANNELS[line.case.filing.channel],
    "客户号": lambda line: line.name(line.case.customer_id),
    "投诉人": lambda line: RELATIONS[line.case.filing.relation],
    "代理人或继承人": lambda line: line.name(line.case.filing.complainant),
    "人数": lambda line: str(line.case.filing.people),
    "类别": lambda line: CATEGORIES[line.case.category],
    "投诉渠道代码": lambda line: line.code("channel"),
    "业务类别代码": lambda line: line.code("business"),
    "投诉原因代码": lambda line: line.code("cause"),
    "投诉内容": lambda line: line.case.text,
    "状态": lambda line: STATE_NAMES[line.case.state],
    "并入": lambda line: line.case.merged_into or "",
    "最晚答复": lambda line: line.term.due_on.isoformat(),
    "超期": lambda line: "是" if line.term.overdue else "否",
    "延期": lambda line: "、".join(STEP_NAMES[step] for step in line.term.granted),
    "办结时间": lambda line: _time(line.case.ended_at),
    "处理天数": _days,
    "处理结论": lambda line: OUTCOMES[line.answer.outcome] if line.answer else "",
    "处理决定": lambda line: mask_text(line.answer.decision) if line.answer else "",
    "投诉根源": lambda line: ROOT_CAUSES.get(line.case.root_cause or "", ""),
    "核查申请": lambda line: _time(line.review.asked_at) if line.review else "",
    "核查结论": lambda line: REVIEW_OUTCOMES.get((line.review and line.review.outcome) or "", ""),
}


class Export(CaseStore):
    """Makes the table."""

    def masked(self, first: date, last: date, codes: CodeTable) -> list[list[str]]:
        """The header and a row for each complaint received on these days, Shanghai's, or between."""
        return self._rows(self._received(first, last), codes, full=False)

    def full(
        self, first: date, last: date, codes: CodeTable, *, by: str, why: str
    ) -> list[list[str]]:
        """As :meth:`masked`, with who complained; each case's history says who took it out and why.

        Raises:
            Invalid: no reason.
        """
        why = check_text(why, "导出原因")
        with self._db.begin():
            cases = self._received(first, last)
            for case in cases:
                self.note(case.number, by, "exported", case.state, why)
            return self._rows(cases, codes, full=True)

    def _received(self, first: date, last: date) -> list[Complaint]:
        begin = datetime.combine(first, datetime.min.time(), SHANGHAI)
        end = datetime.combine(last, datetime.max.time(), SHANGHAI)
        return self.cases(complaints.c.received_at.between(begin, end))

    def _rows(self, cases: Sequence[Complaint], codes: CodeTable, *, full: bool) -> list[list[str]]:
        now, timelines = self._clock(), self.timelines(cases)
        rows = [list(COLUMNS)]
        for case in cases:
            number = case.number
            answer = self.answer(number) if case.state == "decided" else None
            term = deadline(timelines[number], now)
            line = Line(case, term, answer, self.review(number), codes, full)
            rows.append([cell(line) for cell in COLUMNS.values()])
        return rows
