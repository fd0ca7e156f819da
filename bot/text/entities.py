"""Entities of a bank customer's message, found by libraries' and our own readers beside this one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.text.amounts import find_money, read_amount
from bot.text.cards import find_card_tails
from bot.text.identifiers import find_identifiers
from bot.text.instalments import find_instalments
from bot.text.lexicon import Lexicon, Named
from bot.text.payees import find_payees
from bot.text.people import ORGANISATIONS
from bot.text.periods import find_periods
from bot.text.phones import find_phones
from bot.text.spans import Span, hide

# Every type that a message can hold; domain.yml lists the same.
TYPES = (
    "amount", "unclear_amount", "period", "card_tail", "account_kind", "payee", "phone",
    "instalments", "product", "bill_kind",
)  # fmt: skip


# What may stand between a payee and the number of yuan: 给小雨打500, 转给小雨,500.
_BEFORE_SUM = re.compile(
    r"[\s,:]?(?:的?(?:账户|账上|账号|卡上|卡里|那里))?[再先又各都]?(?:转账?|打|汇款?|付款?)?[了过]?[款钱]?(?:过去)?[\s,:]?"
)


@dataclass(frozen=True)
class Entity:
    """One entity of a message at ``[start, end)``.

    ``value`` by ``type``: amount fen; period a closed ISO interval; card_tail four and phone eleven
    digits; account_kind, product and bill_kind the names in :data:`bot.text.lexicon.NAMES`;
    instalments a count of months; payee and unclear_amount the text as written.
    """

    type: str
    start: int
    end: int
    text: str
    value: str | int


class EntityFinder:
    """Finds entities; building it takes a moment, finding is quick."""

    def __init__(self) -> None:
        self._lexicon = Lexicon()
        # The first word that jieba cuts makes it read its dictionary: now rather than at a customer.
        find_payees("转给小雨", "转给小雨", [])

    def find(self, text: str, today: date) -> list[Entity]:
        """Entities in order of position; a place belongs to one entity only."""
        found: list[Entity] = []
        # Each reader sees what the ones before it left: a card tail is never an amount.
        rest = hide(text, _place(found, "phone", text, find_phones(text)))
        rest = hide(rest, find_identifiers(rest))
        rest = hide(rest, _place(found, "card_tail", text, find_card_tails(rest)))
        rest = hide(rest, _place(found, "period", text, find_periods(rest, today)))
        rest = hide(rest, _place(found, "instalments", text, find_instalments(rest)))
        named = self._lexicon.find(rest)
        sums = find_money(rest)
        payees = find_payees(hide(rest, _closed_names(rest, named)), text, sums)
        _place(found, "payee", text, payees)
        sums += _sums_behind(hide(rest, sums), payees)
        for money in sums:
            kind = "amount" if money.value is not None else "unclear_amount"
            _place(found, kind, text, [money])
        for name in named:
            word = text[name.start : name.end]
            _place(found, name.type, text, [Span(name.start, name.end, word, name.value)])
        return sorted(found, key=lambda entity: entity.start)


def _place(
    found: list[Entity], kind: str, text: str, spans: Iterable[Span[Any]]
) -> list[Span[Any]]:
    """Add ``spans`` that touch nothing found so far; returns all of them."""
    spans = list(spans)
    for span in spans:
        if any(span.start < other.end and other.start < span.end for other in found):
            continue
        said = text[span.start : span.end]
        value = said if span.value is None else span.value
        found.append(Entity(kind, span.start, span.end, said, value))
    return spans


def _closed_names(text: str, named: Iterable[Named]) -> list[Span[str]]:
    """Names that end a payee; 保险公司 and 理财顾问 are payees themselves."""
    return [
        Span(name.start, name.end, text[name.start : name.end], name.value)
        for name in named
        if not text.startswith(ORGANISATIONS, name.end)
    ]


def _sums_behind(text: str, payees: Iterable[Span[str]]) -> list[Span[int | None]]:
    """Bare numbers right behind a payee: 转给小雨500."""
    found = []
    for payee in payees:
        behind = _BEFORE_SUM.match(text, payee.end)
        money = read_amount(text, behind.end()) if behind else None
        if money is not None:
            found.append(money)
    return found
