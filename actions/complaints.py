"""Complaints in conversation: a new one is a case and a person at once; older ones are followed up.

Nothing is asked before a person is called: the case is opened from what was said, what it is about
is guessed, and the bank knows whom to ring up. What the customer goes on writing while they wait
stands in the conversation, which the case names.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence

from rasa_sdk.events import EventType

from actions.casebook import Said
from actions.complaint_moves import MINE, add_facts, ask_review, own_words, tell_progress
from actions.human import hand_off_reason
from actions.operation_slots import leave_operation
from actions.opinion_form import FORM, Question, ask, settled
from actions.turn import PERSON, Turn
from actions.turn_action import TurnAction
from bot.complaints.clock import REVIEW_ASK_DAYS
from bot.complaints.view import View
from bot.complaints.vocabulary import CATEGORIES, check_text
from bot.errors import BankbotError
from bot.text.complaint_acts import (
    find_complaint_act,
    find_complaint_number,
    is_bare_complaint,
    said_beside,
)
from bot.text.masking import drop_secrets, mask_text

logger = logging.getLogger(__name__)

# More cases than this are not read out in one answer.
MOST_SHOWN = 3
NOT_NOW = frozenset({"anger", "fraud", "self_harm", "threat"})


class ActionComplaint(TurnAction):
    """“我要投诉……”, “我的投诉到哪一步了”, “再补充一下”, “我要撤诉”, “申请核查”."""

    def name(self) -> str:
        return "action_complaint"

    def serve(self, turn: Turn) -> list[EventType]:
        pressed = turn.entity("complaint_act")
        act = pressed or (None if turn.text.startswith("/") else find_complaint_act(turn.text))
        if turn.customer_id is None:
            return _stranger(turn, act)
        try:
            return self._serve(turn, turn.customer_id, act)
        except BankbotError as refusal:
            turn.say(f"{refusal}。", replies={**MINE, **PERSON})
            return settled(turn)

    def _serve(self, turn: Turn, customer_id: str, act: str | None) -> list[EventType]:
        if act not in _ACTS:
            return complain(turn, customer_id)
        number = turn.entity("complaint_number") or find_complaint_number(turn.text)
        register = turn.services.casebook.register
        mine = (register.view(number, customer_id),) if number else register.of(customer_id)
        return _ACTS[act](turn, customer_id, mine)


# ── a new one ────────────────────────────────────────────────────────────────


def complain(turn: Turn, customer_id: str) -> list[EventType]:
    """A person is called and the case opened, together; failing that, a person is called."""
    try:
        return _take_in(turn, customer_id)
    except Exception:  # whatever is wrong with the register, it must not keep the person away
        logger.exception("complaint of %s could not be opened", turn.conversation_id)
        _call_person(turn)
    return [*settled(turn), *leave_operation()]


def _take_in(turn: Turn, customer_id: str) -> list[EventType]:
    casebook = turn.services.casebook
    known = [view for view in casebook.register.of(customer_id) if "withdraw" in view.may]
    said = _matter(turn)
    again = next((view for view in known if _same(view, said)), None)
    if again is not None:
        return _chase(turn, customer_id, (again,))
    with casebook.together():
        _call_person(turn)
        brief = not NOT_NOW.isdisjoint(turn.signals)
        case = casebook.open(turn.conversation_id, customer_id, said, brief=brief)
        if case.ended_at is not None:  # told of before, withdrawn, and now meant after all
            anew = Said(turn.operation_key, said.text)
            case = casebook.open(turn.conversation_id, customer_id, anew, brief=brief)
    _pass_deadline(turn, casebook.register.view(case.number, customer_id))
    return [*settled(turn), *leave_operation()]


def _stranger(turn: Turn, act: str | None) -> list[EventType]:
    if act in _ACTS and act != "chase":
        turn.ask_to_sign_in()
        return settled(turn)
    _call_person(turn)
    turn.say(
        "您还没有登录，所以这次投诉暂时没有编号，客服会先接待您。"
        "想要投诉编号和答复期限，请登录，人工服务结束后对我说“登记投诉”，我会用您说过的内容登记，不用重说。",
        card={"type": "sign_in"},
    )
    return [*settled(turn), *leave_operation()]


def _call_person(turn: Turn) -> None:
    turn.hand_over(hand_off_reason("complaint", turn.signals), "complaint")


def _pass_deadline(turn: Turn, view: View) -> None:
    """The agent sees by when the law wants an answer."""
    turn.services.desk.set_deadline(turn.conversation_id, view.deadline.due_at)


def _matter(turn: Turn) -> Said:
    """What is complained of. Of “登记投诉” it is what was complained of before in this conversation,
    when nobody was signed in perhaps."""
    now = Said(turn.operation_key, own_words(turn))
    if not _bare(turn.text):
        return now
    for event in reversed(turn.tracker.events[:-1]):
        parse = event.get("parse_data") or {}
        if event.get("event") != "user" or (parse.get("intent") or {}).get("name") != "complaint":
            continue
        text = event.get("text") or ""
        if _bare(text) or text.startswith("/") or find_complaint_act(text):
            continue
        message_id = str(event.get("message_id"))
        words = turn.services.casebook.words(turn.conversation_id, message_id) or text
        return Said(message_id, words)
    return now


def _bare(text: str) -> bool:
    return text.startswith("/") or is_bare_complaint(text)


def _same(view: View, said: Said) -> bool:
    """Whether the open case is what is said once more: word for word, or no matter is named."""
    return is_bare_complaint(said.text) or view.text == mask_text(
        drop_secrets(check_text(said.text, "投诉内容"))[0]
    )


# ── one made before ──────────────────────────────────────────────────────────


def _progress(turn: Turn, customer_id: str, mine: Sequence[View]) -> list[EventType]:
    # A decided case whose review is under way is not over either.
    reviewed = [view for view in mine if view.review and not view.review.told_at]
    shown = [*_open(mine), *reviewed] or mine[:1]
    if not shown:
        turn.say("您名下还没有投诉记录。想投诉的话，直接告诉我发生了什么就可以。", replies=PERSON)
        return settled(turn)
    for view in shown[:MOST_SHOWN]:
        tell_progress(turn, view)
    if len(shown) > MOST_SHOWN:
        turn.say(f"还有 {len(shown) - MOST_SHOWN} 件，说出编号就可以查。")
    # A question of ours that is open is asked again.
    return [] if turn.tracker.active_loop_name == FORM else settled(turn)


def _chase(turn: Turn, customer_id: str, mine: Sequence[View]) -> list[EventType]:
    """Whoever has waited in vain gets a person, and is told how the case stands."""
    if not _open(mine):
        return complain(turn, customer_id)
    _call_person(turn)
    _pass_deadline(turn, _open(mine)[0])
    _progress(turn, customer_id, mine)
    return [*settled(turn), *leave_operation()]


def _add(turn: Turn, customer_id: str, mine: Sequence[View]) -> list[EventType]:
    view = _one(turn, "add", mine, "补充")
    if view is None:
        return settled(turn)
    earlier = turn.entity("complaint_message")
    said = Said(earlier or turn.operation_key, own_words(turn, earlier))
    if not said_beside(said.text) or (turn.text.startswith("/") and earlier is None):
        return ask(turn, Question("add", view.number))
    add_facts(turn, customer_id, view.number, said)
    return settled(turn)


def _withdraw(turn: Turn, customer_id: str, mine: Sequence[View]) -> list[EventType]:
    view = _one(turn, "withdraw", mine, "撤回")
    return settled(turn) if view is None else ask(turn, Question("withdraw", view.number))


def _review(turn: Turn, customer_id: str, mine: Sequence[View]) -> list[EventType]:
    may = [view for view in mine if "ask_review" in view.may]
    if not mine:
        return complain(turn, customer_id)
    if not may and _open(mine):
        turn.say(
            f"投诉 {_open(mine)[0].number} 还没有处理决定。收到决定后 {REVIEW_ASK_DAYS} 天内，可以申请由上级核查。",
            replies={**MINE, **PERSON},
        )
        return settled(turn)
    view = (may or mine)[0]
    if turn.text.startswith("/"):
        return ask(turn, Question("review", view.number))
    ask_review(turn, customer_id, view.number, own_words(turn))
    return settled(turn)


def _open(mine: Sequence[View]) -> Sequence[View]:
    return [view for view in mine if "withdraw" in view.may]


def _one(turn: Turn, act: str, mine: Sequence[View], verb: str) -> View | None:
    """The open case that is meant; None after asking which, or saying that there is none."""
    found = _open(mine)
    if len(found) == 1:
        return found[0]
    if not found:
        turn.say(f"您名下没有进行中的投诉，暂时不能{verb}。", replies={**MINE, **PERSON})
        return None
    replies = {}
    for view in found[:MOST_SHOWN]:
        values = {"complaint_act": act, "complaint_number": view.number}
        if act == "add":
            # What was written already goes along with the choice.
            values["complaint_message"] = turn.operation_key
        replies[f"{view.number} {CATEGORIES[view.category]}"] = "/complaint" + json.dumps(values)
    turn.say(
        f"您有 {len(found)} 件进行中的投诉，请问要{verb}哪一件？", replies={**replies, **PERSON}
    )
    return None


_ACTS: dict[str, Callable[[Turn, str, Sequence[View]], list[EventType]]] = {
    "progress": _progress,
    "chase": _chase,
    "add": _add,
    "withdraw": _withdraw,
    "review": _review,
}
