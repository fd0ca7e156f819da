"""Several requests in one message: "查一下余额，然后给张伟转500" is done one after the other.

Rasa understands one thing a turn, so such a message becomes several turns: the first at once, each
further one as soon as nothing is under way. Inside a form what answers it comes first, and what is
only looked up does not wait for its end. What is still to be done stands in the metadata of the
latest turn that had something behind it, so it survives whatever a tracker survives.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, NamedTuple

from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.pieces import Joint, Piece, cut, is_asked_for, is_command
from bot.text.repairs import wants_change

# In a turn's metadata: the texts to be done after it, and those that the form under way allows at once.
THEN, NOW = "then", "now"
AFTER = "after"
# The slot by which an action says that nothing of the rest is to be begun.
DROPPED = "requests_dropped"

# A message that asks more, or is longer, is a story and read as one.
MOST = 3
LONGEST = 80
# No request is shorter: "看看", "多少" belong to what stands before.
SHORTEST = 3
# What is longer and neither an answer nor a request tells a form something, and is read as a whole.
LONGEST_ANSWER = 12
# Each request of a split message is as sure as money demands, and each question as its answer.
SURE = 0.8
SURE_ANSWER = 0.7

# What is only looked up: a form under way goes on right after it.
LOOK_UPS = frozenset({
    "check_balance", "query_transactions", "query_card_bill", "quote_instalments",
    "query_loan_progress", "query_loans", "calculate_loan", "query_limits", "track_card",
})  # fmt: skip
# What of these stands behind another with a comma alone is a word more on the same matter.
ONE_MATTER = (
    {"report_card_loss", "freeze_account", "unfreeze_account", "replace_card", "activate_card",
     "track_card"},
    {"apply_loan", "resume_loan", "withdraw_loan", "loan_materials", "calculate_loan",
     "query_loans", "query_loan_progress"},
    {"apply_installment", "quote_instalments"},
    {"transfer_money", "cancel_transfer"},
)  # fmt: skip
# What money is sent for: 给房东转3000，交房租 is one transfer.
PURPOSES = {"transfer_money": {"pay_bill", "repay_card"}}
# Forms that take whatever a customer tells.
STORIES = frozenset({"opinion", "dispute_transaction"})
# What tells two requests of one kind apart.
_TELLING = ("payee", "card_tail", "account_kind", "bill_kind", "product")

Parsed = dict[str, Any]
Parse = Callable[[str], Awaitable[Parsed]]


class Requests(NamedTuple):
    """What a message asks for: ``first`` at once, ``now`` after it even while a form asks
    something, ``later`` as soon as nothing is under way."""

    first: str
    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()


class Next(NamedTuple):
    """A text to be done next, and the metadata of its turn; ``left`` are to be done with it."""

    text: str
    metadata: dict[str, Any]
    left: int


class _Found(NamedTuple):
    text: str
    parsed: Parsed
    joint: Joint


async def find_requests(text: str, parse: Parse, form: str | None = None) -> Requests:
    """The requests of a message (normalised), in order; the message itself where it is one.

    ``parse`` gives the parse result of a text, ``form`` is the operation whose form is asking
    something. Whatever is unsure stays whole.
    """
    whole = Requests(text)
    pieces = cut(text) if len(text) <= LONGEST and form not in STORIES else []
    if not any(_may_begin(pieces, place, form) for place in range(len(pieces))):
        return whole
    found: list[_Found] = []
    leading = ""
    for place, piece in enumerate(pieces):
        parsed = await parse(piece.text)
        if parsed["routing"]["decision"] == "hand_off":
            return whole  # a person takes it
        begins = _is_request(piece.text, parsed)
        if form and not found:
            found.append(_Found(piece.text, parsed if begins else _answer(form), "part"))
            if not (begins or _may_answer(piece.text, parsed, form)):
                return whole
        elif begins and (
            not found
            or (_may_begin(pieces, place, form) and _is_another(parsed, found[-1].parsed, piece))
        ):
            found.append(_Found(leading + piece.text, parsed, piece.joint))
            leading = ""
        elif found:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}，{piece.text}")
        else:
            leading += f"{piece.text}，"
    does_business = form or any(each.parsed["routing"]["decision"] == "business" for each in found)
    if not (1 < len(found) <= MOST and does_business):
        return whole
    if (await parse(text))["routing"]["decision"] == "hand_off":
        return whole
    return _in_order(found, form)


def waiting(tracker: DialogueStateTracker | None) -> Next | None:
    """What is to be begun now of what was asked for; while a form asks something only what does
    not disturb it."""
    if tracker is None:
        return None
    now: Sequence[str] = next(_turns(tracker), {}).get(NOW) or ()
    then = pending(tracker)
    if now:
        return Next(now[0], {NOW: now[1:], THEN: then}, len(now) + len(then))
    if then and not tracker.active_loop_name:
        return Next(then[0], {THEN: then[1:], AFTER: True}, len(then))
    return None


def pending(tracker: DialogueStateTracker | None) -> Sequence[str]:
    """What was asked for and is to be begun as soon as nothing is under way."""
    turns = _turns(tracker) if tracker else iter(())
    return next((metadata[THEN] for metadata in turns if THEN in metadata), ())


def _turns(tracker: DialogueStateTracker) -> Iterator[dict[str, Any]]:
    """The metadata of this session's turns, the latest first; none before all was called off."""
    for event in reversed(tracker.events):
        if isinstance(event, SessionStarted):
            return
        if isinstance(event, SlotSet) and event.key == DROPPED and event.value:
            return
        if isinstance(event, UserUttered):
            yield event.metadata or {}


def _may_begin(pieces: Sequence[Piece], place: int, form: str | None) -> bool:
    """Whether the words allow another request to begin with this piece."""
    joint = pieces[place].joint
    if joint == "bare":
        return form is not None or any(is_command(each.text) for each in pieces[:place])
    return joint != "part"


def _is_request(text: str, parsed: Parsed) -> bool:
    if len(text) < SHORTEST or (wants_change(text) and not is_command(text)):
        return False
    routing = parsed["routing"]
    if routing["decision"] == "faq":
        return bool(routing["score"] >= SURE_ANSWER)
    return bool(routing["decision"] == "business" and parsed["intent"]["confidence"] >= SURE)


def _may_answer(text: str, parsed: Parsed, form: str) -> bool:
    """Whether a piece may be what the form has asked for."""
    short = len(text) <= LONGEST_ANSWER
    return short or parsed["routing"]["decision"] == "act" or parsed["intent"]["name"] == form


def _answer(form: str) -> Parsed:
    """What answers a form, whatever it may look like by itself."""
    return {"intent": {"name": form}, "routing": {"decision": "business"}, "entities": []}


def _is_another(parsed: Parsed, last: Parsed, piece: Piece) -> bool:
    """Whether a request is another than the one before, and not something added to it."""
    ours, theirs = parsed["intent"]["name"], last["intent"]["name"]
    decision = parsed["routing"]["decision"]
    if piece.joint == "bare":
        meant_for = ours in PURPOSES.get(theirs, ()) and not is_asked_for(piece.text)
        one = any({ours, theirs} <= matter for matter in ONE_MATTER)
        both = {decision, last["routing"]["decision"]} == {"business"}
        return both and ours != theirs and not (one or meant_for)
    if ours != theirs:
        return True
    if decision == "faq":
        return bool(parsed["routing"]["faq_id"] != last["routing"]["faq_id"])
    told, before = _told(parsed), _told(last)
    return any(told[kind] != before[kind] for kind in told.keys() & before.keys())


def _told(parsed: Parsed) -> dict[str, Any]:
    return {e["entity"]: e["value"] for e in parsed["entities"] if e["entity"] in _TELLING}


def _in_order(found: Sequence[_Found], form: str | None) -> Requests:
    """What is done when. A form that is left for other business allows nothing beside that."""
    first, *rest = found
    now: list[str] = []
    later: list[str] = []
    stays = form is not None and (_is_looked_up(first) or first.parsed["intent"]["name"] == form)
    for each in rest:
        answers = each.parsed["intent"]["name"] == form and _is_looked_up(first)
        at_once = answers or (_is_looked_up(each) and each.joint != "then")
        (now if stays and at_once and not later else later).append(each.text)
    return Requests(first.text, tuple(now), tuple(later))


def _is_looked_up(found: _Found) -> bool:
    routed = found.parsed["routing"]["decision"], found.parsed["intent"]["name"]
    return routed[0] == "faq" or routed[1] in LOOK_UPS
