"""Which of an account's transactions a query wants, from its words to the bank and back."""

from __future__ import annotations

from typing import Any, cast

from actions.query import Query, figures
from actions.turn import Turn
from bot.banking.models import TRANSACTION_NAMES, TransactionFilter, yuan
from bot.text.bounds import Wanted, find_wanted

FILTERS = ("least", "most", "direction", "kinds")


def with_filters(turn: Turn, query: Query) -> Query:
    """The query with the filters of this message in the place of earlier ones of their sort."""
    wanted = find_wanted(figures(turn))
    if turn.entity("page") == "all":
        wanted = Wanted(everything=True)
    query = {**query}
    if wanted.sizes or wanted.everything:
        query.update(least=wanted.least, most=wanted.most)
    if wanted.sorts or wanted.everything:
        query.update(direction=wanted.direction, kinds=list(wanted.kinds))
    return {key: value for key, value in query.items() if key not in FILTERS or value}


def filter_of(query: Query) -> TransactionFilter:
    return TransactionFilter(
        kinds=frozenset(cast(Any, query.get("kinds") or ())),
        direction=query.get("direction"),
        least=query.get("least"),
        most=query.get("most"),
    )


def described(query: Query) -> str:
    """What is looked for in words: ``交易``, ``支出``, ``超过 ¥500.00 的支出``."""
    sort = {"in": "收入", "out": "支出"}.get(query.get("direction") or "", "")
    kinds = kinds_of(query)
    if kinds == TRANSACTION_NAMES["transfer"]:
        kinds += sort
    noun = size_of(query.get("least"), query.get("most")) + (kinds or sort or "交易")
    return f" {noun}" if noun.startswith("¥") else noun


def size_of(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"{yuan(least)} 的" if least == most else f"{yuan(least)} 至 {yuan(most)} 的"
    if least is not None:
        above = least % 100 == 1
        return f"超过 {yuan(least - 1)} 的" if above else f"{yuan(least)} 以上的"
    if most is not None:
        below = most % 100 == 99
        return f"低于 {yuan(most + 1)} 的" if below else f"{yuan(most)} 以下的"
    return ""


def kinds_of(query: Query) -> str:
    return "、".join(TRANSACTION_NAMES[kind] for kind in query.get("kinds") or ())
