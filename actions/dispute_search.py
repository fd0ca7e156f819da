"""Finding a disputed transaction together with the customer: from what was said to a short list.

What is looked for is a dictionary in the slot ``dispute_search``: ``account_id``, ``period``,
``amounts`` (fen), ``words`` and the ``cursor`` of the page shown. Where nothing fits all of it, the
least certain is dropped: a name is rarely written as on a statement, "多扣了一百" is no charge of 100.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from actions.draft import NO_TEXT, Draft, Unfit
from actions.wording import moment
from bot.banking.models import Page, Transaction, TransactionFilter, yuan
from bot.text.clock import shanghai
from bot.text.disputes import find_merchant, find_pointed_sum, name_in_answer
from bot.text.periods import parse_interval

Search = dict[str, Any]
# So far back it is looked; whether that is too old for a dispute is for the bank to say.
LOOK_BACK_DAYS = 180
# A page of one account; of all accounts the bank says how many.
MOST = 6
# So many pages are gone through for something charged twice.
TWIN_PAGES = 5
# Of a kind of matter only such transactions can be meant.
KINDS: dict[str | None, frozenset[Any]] = {"wrong_transfer": frozenset({"transfer"})}
# What is dropped where nothing fits, the least certain first, and how it is called.
DROPPED = {"words": "名称", "amounts": "金额", "period": "日期"}


@dataclass(frozen=True)
class Found:
    """One page of what may be meant; ``missed`` is what had to be dropped to find any."""

    items: tuple[Transaction, ...]
    page: Page
    missed: tuple[str, ...] = ()
    # Whether each was charged twice.
    twins: bool = False


def said_of(draft: Draft, asked: bool) -> Search:
    """What the message says of the transaction; ``asked``: it answers "which one".

    Raises:
        Unfit: a card is named that is not the customer's.
    """
    said: Search = {}
    for tail in (str(each["value"]) for each in draft.entities("card_tail")):
        own = [each for each in draft.accounts if each.tail == tail]
        if not own:
            raise Unfit(f"您名下没有尾号 {tail} 的卡或账户。")
        said["account_id"] = own[0].id
    for kind in (str(each["value"]) for each in draft.entities("account_kind")):
        own = [each for each in draft.accounts if each.kind == kind]
        if len(own) == 1:
            said.setdefault("account_id", own[0].id)
    periods, amounts = draft.entities("period"), draft.entities("amount")
    if periods:
        said["period"] = str(periods[-1]["value"])
    if amounts:
        said["amounts"] = [int(each["value"]) for each in amounts]
    elif (fen := find_pointed_sum(draft.words, alone=asked)) is not None:
        said["amounts"] = [fen]
    name = find_merchant(draft.words)
    if name is None and asked and not said and draft.turn.intent not in NO_TEXT:
        name = name_in_answer(draft.words)
    return {**said, "words": name} if name else said


def find(draft: Draft, search: Search) -> Found:
    """What fits the search, asked of the bank once a turn."""
    reason = draft.get("dispute_reason")
    key = repr((sorted(search.items()), reason))
    if key not in draft.known:
        draft.known[key] = _find(draft, search, reason)
    found: Found = draft.known[key]
    return found


def _find(draft: Draft, search: Search, reason: str | None) -> Found:
    missed: list[str] = []
    for name in (None, *DROPPED):
        if name is not None and not search.get(name):
            continue
        if name is not None:
            missed.append(name)
            search = {key: value for key, value in search.items() if key != name}
        for fen in search.get("amounts") or (None,):
            page = _page(draft, search, reason, fen)
            if page.items and reason == "duplicate":
                return _twins(draft, search, fen, page, tuple(missed))
            if page.items:
                return Found(page.items, page, tuple(missed))
    return Found((), Page((), False), tuple(missed))


def _page(draft: Draft, search: Search, reason: str | None, fen: int | None) -> Page:
    """A page of what left the account, or any account, in the time that is looked at."""
    today = draft.turn.today
    last, first = today, today - timedelta(LOOK_BACK_DAYS - 1)
    if search.get("period"):
        first, last = parse_interval(search["period"])
    where = TransactionFilter(
        kinds=KINDS.get(reason, frozenset()),
        direction="out",
        least=fen,
        most=fen,
        words=search.get("words") or "",
    )
    bank, cursor = draft.turn.services.bank, search.get("cursor")
    account = search.get("account_id")
    if account is None:
        return bank.disputes.candidates(draft.customer_id, first, last, where=where, cursor=cursor)
    return bank.accounts.transactions(
        draft.customer_id, account, first, last, MOST, where=where, cursor=cursor
    )


def _twins(
    draft: Draft, search: Search, fen: int | None, page: Page, missed: tuple[str, ...]
) -> Found:
    """Charges of one day of the same sum by the same payee, the later one of each lot; the first
    page where there are none."""
    first, items = page, list(page.items)
    for _ in range(TWIN_PAGES):
        lots: dict[Any, list[Transaction]] = defaultdict(list)
        for each in items:
            day = shanghai(each.at).date()
            lots[day, each.account_id, each.amount, each.summary, each.counterparty].append(each)
        twins = tuple(lot[0] for lot in lots.values() if len(lot) > 1)
        if twins:
            return Found(twins, page, missed, twins=True)
        if not page.more:
            break
        page = _page(draft, {**search, "cursor": page.cursor}, "duplicate", fen)
        items += page.items
    return Found(first.items, first, missed)


def only(draft: Draft, search: Search) -> Transaction | None:
    """The one that must be meant, where all that was said fits one only."""
    told = {key for key, value in search.items() if value and key != "cursor"}
    if not told and draft.get("dispute_reason") != "duplicate":
        return None
    found = find(draft, search)
    sure = found.twins or not (found.page.more or found.missed)
    return found.items[0] if len(found.items) == 1 and sure else None


def kept(item: Transaction) -> dict[str, Any]:
    """What the slot keeps of a transaction."""
    return {
        "id": item.id,
        "account_id": item.account_id,
        "at": item.at.isoformat(),
        "amount": item.amount,
        "kind": item.kind,
        "summary": item.summary,
        "counterparty": item.counterparty,
    }


def title_of(draft: Draft, item: Transaction) -> str:
    """``11月23日 15:04 云杉商城 ¥268.00（尾号 7783）`` for a quick reply."""
    today = draft.turn.today
    name = item.counterparty or item.summary
    tail = next((each.tail for each in draft.accounts if each.id == item.account_id), "")
    return f"{moment(item.at, today)} {name} {yuan(-item.amount)}（尾号 {tail}）"
