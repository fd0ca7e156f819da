"""A small published bank for tests, written as `bot.faq.publication` writes one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from bot.faq.entry import Entry
from bot.faq.publication import CURRENT, ENTRIES

QUESTIONS = {
    "credit.fee": ("信用卡年费怎么收？", "卡每年要交多少钱"),
    "credit.overdue": ("信用卡逾期了会怎样？", "忘了还信用卡"),
    "credit.repay": ("提前还款要手续费吗？", "想早点把贷款还清"),
    "loss.how": ("银行卡丢了怎么挂失？", "卡不见了"),
    "transfer.limit": ("怎么提高转账限额？", "一天想多转点"),
    "transfer.time": ("转账多久能到账？", "钱什么时候到"),
    "mobile.new": ("换了新手机怎么用手机银行？", "换手机"),
}


def entry(entry_id: str, question: str, *variants: str, **values: Any) -> Entry:
    told = {
        "topic": "测试",
        "answer": "见下。",
        "quick_replies": (),
        "related": (),
        "advice": "",
        "owner": "零售业务部",
        "source": "示例",
        "effective": date(2020, 1, 1),
        "expires": None,
        "reviewed_on": date(2026, 1, 1),
        "status": "approved",
        "audience": "public",
        **values,
    }
    return Entry(id=entry_id, question=question, variants=variants, **told)


def small_bank(**changes: dict[str, Any]) -> list[Entry]:
    """Seven entries; ``changes`` by id with ``.`` written ``_``."""
    return [
        entry(entry_id, *questions, **changes.get(entry_id.replace(".", "_"), {}))
        for entry_id, questions in QUESTIONS.items()
    ]


def publish(folder: Path, version: str, entries: list[Entry]) -> Path:
    """Write a publication and point to it, in this order; the folder."""
    (folder / version).mkdir(parents=True)
    plain = json.dumps([each.to_json() for each in entries], ensure_ascii=False)
    (folder / version / ENTRIES).write_text(plain)
    draft = folder / f"{version}.draft"
    draft.write_text(version)
    draft.replace(folder / CURRENT)
    return folder
