"""Several requests in one message: "查一下余额，然后给张伟转500" is done one after the other.

Rasa understands one thing a turn, so such a message becomes several turns: the first at once, each
further one as soon as nothing is under way. What is still to be done stands in the metadata of the
latest turn that had something behind it, so it survives whatever a tracker survives.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.text.repairs import wants_change

# In a turn's metadata: the texts to be done after it; that it was asked for with another one.
THEN = "then"
AFTER = "after"
# The slot by which an action says that nothing of the rest is to be begun.
DROPPED = "requests_dropped"

# A message that asks more, or is longer, is a story and read as one.
MOST = 3
LONGEST = 80
# No request is shorter: "看看", "多少" belong to what stands before.
SHORTEST = 3
# Each request of a split message is as sure as money demands, and each question as its answer.
SURE = 0.8
SURE_ANSWER = 0.7

_VERB = r"(?:给我|帮我|替我|帮忙|请|给)?(?:查|看|转|给|打|汇|交|缴|还|挂|冻|办|算|问)"
# Behind a mark, or in running text, where "卡里还有多少" and "最后一期" are no second request.
_NEXT = rf"(?:然后|接着|顺便|另外|同时|再(?={_VERB}))"
_NEXT_CLAUSE = rf"(?:{_NEXT}|还[有要](?={_VERB})|最后|之后|完了|完事|并且|以及)"
_PIECES = re.compile(rf"(?P<mark>[，,。；;！!]+)|(?<=\w\w)(?={_NEXT})")
_JOINT = re.compile(rf"\s*(?:{_NEXT_CLAUSE}[，,\s]*)+(?:再|就|也)?")
# What tells two requests of one kind apart.
_TELLING = ("payee", "card_tail", "account_kind", "bill_kind", "product")

Parse = Callable[[str], Awaitable[dict[str, Any]]]


class _Piece(NamedTuple):
    """A part of a message; ``joined`` says that what stands before it may be another request."""

    text: str
    joined: bool


async def find_requests(text: str, parse: Parse) -> list[str]:
    """The requests of a message (normalised), in order; the message itself where it is one.

    ``parse`` gives the parse result of a text. Whatever is unsure stays whole.
    """
    pieces = _pieces(text) if len(text) <= LONGEST else []
    if not any(piece.joined for piece in pieces):
        return [text]
    found: list[tuple[str, dict[str, Any]]] = []
    leading = ""
    for piece in pieces:
        parsed = await parse(piece.text)
        if parsed["routing"]["decision"] == "hand_off":
            return [text]  # a person takes the whole
        begins = len(piece.text) >= SHORTEST and _is_request(parsed)
        begins = begins and not wants_change(piece.text)
        if begins and (not found or (piece.joined and _is_another(parsed, found[-1][1]))):
            found.append((leading + piece.text, parsed))
            leading = ""
        elif found:
            found[-1] = (f"{found[-1][0]}，{piece.text}", found[-1][1])
        else:
            leading += f"{piece.text}，"
    several = 1 < len(found) <= MOST
    does_business = any(parsed["routing"]["decision"] == "business" for _, parsed in found)
    if not (several and does_business) or (await parse(text))["routing"]["decision"] == "hand_off":
        return [text]
    return [request for request, _ in found]


def waiting(tracker: DialogueStateTracker | None) -> Sequence[str]:
    """What is to be begun now of what was asked for; nothing while something is under way."""
    if tracker is None or tracker.active_loop_name:
        return ()
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            break
        if isinstance(event, SlotSet) and event.key == DROPPED and event.value:
            break
        if isinstance(event, UserUttered) and THEN in (event.metadata or {}):
            rest: Sequence[str] = event.metadata[THEN]
            return rest
    return ()


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    start, parted = 0, False
    for cut in [*_PIECES.finditer(text), None]:
        whole = text[start : cut.start() if cut else len(text)]
        joint = _JOINT.match(whole)
        said = whole[joint.end() :] if joint else whole
        if said.strip():
            found.append(_Piece(said.strip(), bool(found) and (joint is not None or parted)))
        if cut is None:
            break
        parted = bool(cut["mark"]) and not set(cut["mark"]) <= set("，,")
        start = cut.end()
    return found


def _is_request(parsed: dict[str, Any]) -> bool:
    routing = parsed["routing"]
    if routing["decision"] == "faq":
        return bool(routing["score"] >= SURE_ANSWER)
    return bool(routing["decision"] == "business" and parsed["intent"]["confidence"] >= SURE)


def _is_another(parsed: dict[str, Any], last: dict[str, Any]) -> bool:
    """Whether a request is another than the one before, and not something added to it."""
    if parsed["intent"]["name"] != last["intent"]["name"]:
        return True
    if parsed["routing"]["decision"] == "faq":
        return bool(parsed["routing"]["faq_id"] != last["routing"]["faq_id"])
    ours, theirs = _told(parsed), _told(last)
    return any(ours[kind] != theirs[kind] for kind in ours.keys() & theirs.keys())


def _told(parsed: dict[str, Any]) -> dict[str, Any]:
    return {e["entity"]: e["value"] for e in parsed["entities"] if e["entity"] in _TELLING}
