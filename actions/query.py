"""Looking something up: the shape that every query shares.

What a query is about and what it asks for is one dictionary, kept in the slot ``last_query``, so
that "那上个月呢" can be answered by the same query with one thing changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.turn import PERSON, Turn
from actions.turn_action import CustomerAction
from bot.banking.errors import BankRefused
from bot.banking.models import KIND_NAMES, Account
from bot.text.spans import Span, hide

Query = dict[str, Any]

# What of a message goes into its query, by the entity's name.
SAID = {
    "card_tail": "card_tail",
    "account_kind": "kind",
    "period": "period",
    "product": "product",
    "instalments": "instalments",
    "annual_rate": "annual_rate",
}
# Numbers that these hold are no amounts.
NUMBERED = ("card_tail", "period", "phone", "instalments")


_MORE = re.compile(
    r"^.{0,4}(?:再看|再来|下一页|下页|后一页|翻页|往下翻|往前翻|接着看|继续看|更早)(?!一下).{0,8}$"
)


class QueryAction(CustomerAction):
    """Looks something up. Where it cannot, that ends the query and nothing else: a form goes on."""

    @property
    def stops_with_its_line(self) -> bool:
        return True

    def serve(self, turn: Turn) -> list[EventType]:
        try:
            return super().serve(turn)
        except BankRefused as refusal:
            turn.say(str(refusal), replies=PERSON)
            return []

    def without_bank(self, turn: Turn) -> list[EventType]:
        super().without_bank(turn)
        return []

    def broken(self, turn: Turn) -> list[EventType]:
        super().broken(turn)
        return []


def words(turn: Turn) -> str:
    """What the customer wrote; empty where a quick reply was pressed."""
    return "" if turn.text.startswith("/") else turn.text


def figures(turn: Turn) -> str:
    """The words with card tails, dates and the like hidden: what is left to be read as money."""
    text = words(turn)
    spans = [
        Span(each["start"], each["end"], text[each["start"] : each["end"]], None)
        for each in turn.tracker.latest_message.get("entities") or []
        if each["entity"] in NUMBERED and text and "start" in each
    ]
    return hide(text, spans)


def last_query(turn: Turn) -> Query:
    return dict(turn.slot("last_query") or {})


def merged(turn: Turn, last: Query, about: str) -> Query:
    """The query of this message; what it does not say is taken from ``last``."""
    said = {key: _value(turn, entity) for entity, key in SAID.items()}
    query = {key: value for key, value in last.items() if key != "about"}
    if said["card_tail"] or said["kind"]:
        # A newly named account replaces the former one altogether.
        query.pop("card_tail", None)
        query.pop("kind", None)
    query.update({key: value for key, value in said.items() if value is not None})
    return {**query, "about": about}


def _value(turn: Turn, entity: str) -> Any:
    values = list(turn.tracker.get_latest_entity_values(entity))
    if not values:
        return None
    # 不是8866，是2001: what is right comes last.
    return values[-1] if turn.intent == "correct" else values[0]


def asked(query: Query) -> list[EventType]:
    """Remember the query for what may follow it up."""
    return [SlotSet("last_query", query)]


def again(**changed: Any) -> str:
    """A quick reply that asks the last query again with something changed."""
    return "/continue_query" + json.dumps(changed, ensure_ascii=False)


def wants_more(turn: Turn) -> bool:
    """Whether the next page is asked for: 再看几笔, 下一页, 更早的."""
    return turn.entity("page") == "next" or _MORE.search(words(turn)) is not None


def named(accounts: Sequence[Account], query: Query) -> list[Account]:
    """The accounts that the query names; all if it names none."""
    chosen = list(accounts)
    if query.get("card_tail"):
        chosen = [account for account in chosen if account.tail == query["card_tail"]]
    if query.get("kind") and query["kind"] != "all":
        # 「我的卡」 of any kind answers to its tail alone.
        chosen = [a for a in chosen if a.kind == query["kind"]] or (
            chosen if query.get("card_tail") else []
        )
    return chosen


def accounts_asked(turn: Turn, customer_id: str, query: Query) -> list[Account]:
    """The accounts that the query names; where there are none the customer is told so."""
    accounts = turn.services.bank.accounts.list(customer_id)
    chosen = named(accounts, query)
    if not accounts:
        turn.say("您名下目前没有账户。")
    elif not chosen:
        turn.say(not_found(query, accounts))
    return chosen


def not_found(query: Query, accounts: Sequence[Account]) -> str:
    wanted = (
        f"尾号 {query['card_tail']} 的账户" if query.get("card_tail") else KIND_NAMES[query["kind"]]
    )
    return f"您名下没有{wanted}。您现有：{'、'.join(account.label for account in accounts)}。"


def which(labels: dict[str, str]) -> dict[str, str]:
    """Quick replies that choose among ``labels`` by tail."""
    return {label: again(card_tail=tail) for tail, label in labels.items()}
