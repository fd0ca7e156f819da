"""Entities of a bank customer's message, found by spaCy's rulers and our own readers.

Account kinds are patterns of a spaCy entity ruler; amounts, periods and card tails come from the
readers beside this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.text.amounts import find_amounts
from bot.text.cards import find_card_tails
from bot.text.periods import find_periods
from bot.text.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language

# What customers call their accounts, by the kind they mean.
ACCOUNT_KINDS = {
    "debit": ("储蓄卡", "借记卡", "工资卡", "一类卡", "二类卡", "I类户", "II类户"),
    "credit": ("信用卡", "贷记卡", "xyk"),
    "savings": ("存折", "定期", "定期存款", "活期", "活期存款", "存款账户", "存单"),
    "all": (
        "所有账户", "全部账户", "所有的账户", "全部的账户", "每个账户", "各个账户", "名下账户",
        "所有卡", "所有的卡", "全部的卡", "每张卡", "几张卡", "所有账号",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Entity:
    """One entity: ``type`` card_tail, account_kind, period or amount; ``value`` as its reader
    gives it (four digits; debit/credit/savings/all; an ISO interval; fen)."""

    type: str
    start: int
    end: int
    text: str
    value: str | int


class EntityFinder:
    """Finds entities; building it takes a moment, finding is quick."""

    def __init__(self) -> None:
        self._words = _ruler()

    def find(self, text: str, today: date) -> list[Entity]:
        """Entities in order of position; a place belongs to one entity only."""
        found: list[Entity] = []
        # Earlier readers win a contested place: a card tail is never an amount.
        for kind, spans in (
            ("card_tail", find_card_tails(text)),
            ("period", find_periods(text, today)),
            ("amount", find_amounts(text)),
        ):
            _add(found, kind, spans)
        for span in self._words(text).ents:
            _place(
                found,
                Entity("account_kind", span.start_char, span.end_char, span.text, span.ent_id_),
            )
        return sorted(found, key=lambda entity: entity.start)


def _add(found: list[Entity], kind: str, spans: Iterable[Span[str] | Span[int]]) -> None:
    for span in spans:
        _place(found, Entity(kind, span.start, span.end, span.text, span.value))


def _place(found: list[Entity], entity: Entity) -> None:
    if all(entity.end <= other.start or other.end <= entity.start for other in found):
        found.append(entity)


def _ruler() -> Language:
    import spacy

    # Character tokens: an account kind is found wherever it stands, however jieba would cut.
    language = spacy.blank("zh")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "account_kind", "pattern": name, "id": kind}
            for kind, names in ACCOUNT_KINDS.items()
            for name in names
        ]
    )
    return language
