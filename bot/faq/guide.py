"""The questions that lead a maintainer through a new entry, one a field."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.faq.bank import Bank, SourceFile
from bot.faq.cells import from_cell
from bot.faq.checks import MIN_VARIANTS, check_bank
from bot.faq.entry import AUDIENCES, STATUSES, Entry, FieldError

# Stands for what is not answered yet.
_NEW = "new-entry"
# Fields that can be wrong beside other entries.
_BESIDE_OTHERS = ("question", "variants", "expected", "answer", "quick_replies", "related")


@dataclass(frozen=True)
class Prompt:
    """What to ask for a field. ``lines``: several, ended by an empty one; ``text``: several,
    ended by a single full stop, for an answer may have empty lines. An empty reply means
    ``default``; without one the field is needed."""

    field: str
    asks: str
    kind: Literal["line", "lines", "text"] = "line"
    default: str | None = None
    choices: tuple[str, ...] = ()

    def read(self, reply: str) -> Any:
        """The field's value; raises :class:`bot.faq.entry.FieldError`."""
        return from_cell(self.field, reply.strip() or self.default or "")


def prompts(bank: Bank, today: date) -> tuple[Prompt, ...]:
    """Everything to ask, in order."""
    topics = tuple(dict.fromkeys(source.topic for source in bank.files))
    return (
        Prompt("topic", f"主题（已有：{'、'.join(topics)}；也可以写新的）"),
        Prompt("id", "编号（主题.名称，例如 loss.replace_fee；发布后不要再改）"),
        Prompt("question", "标准问法（会出现在“您想问的是……？”里）"),
        Prompt("variants", f"客户的各种说法，一行一种，至少 {MIN_VARIANTS} 种，空行结束", "lines"),
        Prompt("expected", "回归问法（只用来检验，不参与检索），一行一种，空行结束", "lines", ""),
        Prompt("answer", "答案（先说结论，三行以内；单独一行“.”结束）", "text"),
        Prompt("quick_replies", "快捷回复，每行“标题 | 意图”，没有就直接空行", "lines", ""),
        Prompt("related", "相关条目的编号，一行一个，没有就直接空行", "lines", ""),
        Prompt("advice", "给坐席的建议（客户看不到，可不填）", default=""),
        Prompt("owner", "负责部门"),
        Prompt("source", "依据"),
        Prompt("effective", "生效日", default=today.isoformat()),
        Prompt("expires", "失效日（当天起不再回答，不填为长期）", default=""),
        Prompt("reviewed_on", "复核日", default=today.isoformat()),
        Prompt("status", "状态", default="approved", choices=STATUSES),
        Prompt("audience", "可见范围", default="public", choices=AUDIENCES),
    )


def check_field(field: str, value: Any, bank: Bank, intents: Collection[str], today: date) -> None:
    """Try one field of a new entry, so that what is wrong is told before the next question.

    Raises:
        FieldError: the value can't stand in an entry, or not beside the bank's other entries.
    """
    harmless: dict[str, Any] = {
        "id": _NEW, "topic": _NEW, "question": _NEW, "variants": (), "answer": _NEW, "owner": _NEW,
        "source": _NEW, "quick_replies": (), "related": (), "advice": "", "effective": date.min,
        "expires": None, "reviewed_on": today, "audience": "public",
        # Only an entry that is to be published needs its wordings.
        "status": "approved" if field == "variants" else "withdrawn",
    }  # fmt: skip
    entry = Entry(**{**harmless, field: value})
    if field not in _BESIDE_OTHERS:
        return
    # What Rasa would misread is looked for in the text of files.
    source = SourceFile(Path(_NEW), _NEW, entry.answer, "", (entry,), {(entry.id, "", -1): 1})
    beside = Bank((*bank.entries, entry), bank.places, (source,))
    for finding in check_bank(beside, intents, today):
        if finding.level == "error" and finding.entry_id == entry.id:
            raise FieldError(field, str(finding).partition(f"entry {entry.id}: ")[2])
