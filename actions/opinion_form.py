"""The one thing that may have to be asked about a complaint or suggestion, and its answer.

It is a form of a single slot, so that questions and queries in between are answered and it comes
back; a person, or “算了”, ends it at any time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions.casebook import Said
from actions.complaint_moves import MINE, add_facts, ask_review, own_words, withdraw
from actions.operation_slots import leave_operation
from actions.turn import PERSON, Turn
from actions.turn_action import TurnAction
from bot.errors import BankbotError
from bot.text.complaint_acts import find_complaint_act

FORM = "opinion_form"
SLOTS = ("opinion_asked", "opinion_question", "opinion_answer")
CANCEL = {"取消": "/cancel"}
SKIP = {"跳过": "/deny"}
NO_ANSWER = ("cancel", "request_human", "thank", "goodbye", "repeat")
NO = ""
YES = "yes"
# Other business is meant from this confidence on, as in every form.
SURE = 0.8
_NO_WITHDRAWAL = re.compile(
    r"(?:那就?|先|还是)*(?:不|别|暂不)(?:要|想|用)?撤|.{0,4}继续(?:投诉|处理)"
)
_YES_WITHDRAWAL = re.compile(
    r"(?:确认|确定|同意|是的?|对|好的?|那就?|请|帮我|[,，])*撤[回销掉诉]?(?:投诉|它|这件|了|吧|[。!！])*"
)
_NOTHING = re.compile(
    r"(?:先|就|请)?(?:跳过|略过|不说了?|不填|没有?了?|没什么|不用了?|不补充了?)[。.!！了吧]*"
)
_QUESTION = re.compile(r"[吗么呢][?。!]?$|\?$|怎么|如何|多久|多少|哪里|在哪")


class Question(NamedTuple):
    """What is asked: ``withdraw``, ``add``, ``review`` (of a complaint) or ``suggest``."""

    act: str
    number: str | None = None

    @property
    def text(self) -> str:
        return {
            "withdraw": f"确定要撤回投诉 {self.number} 吗？撤回后今天就停止处理。是否撤回完全由您决定，任何人都不能要求您撤。",
            "add": f"请写下要补充到投诉 {self.number} 的内容，一条消息写完就好。",
            "review": "处理决定的哪些地方您不认可？一句话就好，也可以跳过。",
            "suggest": "好的，请说说您的建议，一条消息写完就好。",
        }[self.act]

    @property
    def replies(self) -> dict[str, str]:
        if self.act == "withdraw":
            return {"确认撤回": "/affirm", "先不撤回": "/deny", **PERSON}
        return {**(SKIP if self.act == "review" else CANCEL), **PERSON}


def ask(turn: Turn, question: Question) -> list[EventType]:
    """Open the form with this question."""
    if turn.slot("operation"):
        turn.say("刚才的业务先放下了，没有办理。")
    asked = {"opinion_asked": True, "opinion_question": list(question), "opinion_answer": None}
    return [*leave_operation(), *(SlotSet(name, value) for name, value in asked.items())]


def settled(turn: Turn) -> list[EventType]:
    """Nothing has to be asked; a question of ours that was open is closed."""
    ours = turn.tracker.active_loop_name == FORM
    loop = [ActiveLoop(None), SlotSet("requested_slot", None)] if ours else []
    return [*loop, *(SlotSet(name, None) for name in SLOTS)]


class ActionAskOpinionAnswer(TurnAction):
    """Says the question; Rasa runs it whenever the form has its turn."""

    def name(self) -> str:
        return "action_ask_opinion_answer"

    def serve(self, turn: Turn) -> list[EventType]:
        question = _question(turn)
        if question is not None:
            turn.say(question.text, replies=question.replies)
        return []


class OpinionForm(TurnAction):
    """Tells an answer to the question from a digression, which is left alone."""

    def name(self) -> str:
        return "validate_opinion_form"

    def serve(self, turn: Turn) -> list[EventType]:
        question = _question(turn)
        if question is None or turn.slot("requested_slot") is None:
            return []
        if turn.intent == "affirm" and question.act != "withdraw":
            return [SlotSet("opinion_answer", None)]  # "好的": what it is is still to come
        answer = _yes_or_no(turn) if question.act == "withdraw" else _text(turn)
        return [] if answer is None else [SlotSet("opinion_answer", answer)]


class ActionOpinionAnswered(TurnAction):
    """Does what was asked about."""

    def name(self) -> str:
        return "action_opinion_answered"

    def serve(self, turn: Turn) -> list[EventType]:
        question, answer = _question(turn), turn.slot("opinion_answer")
        if question is not None:
            try:
                _do(turn, question, answer or NO)
            except BankbotError as refusal:
                turn.say(f"{refusal}。", replies={**MINE, **PERSON})
        return settled(turn)


def suggest(turn: Turn, text: str) -> None:
    """Write a suggestion down, with thanks."""
    turn.services.casebook.suggestions.add(
        text,
        key=turn.operation_key,
        customer_id=turn.customer_id,
        conversation_id=turn.conversation_id,
    )
    turn.say("谢谢您，已经记下了，会转给相关部门和人员。还有其他想法可以接着说。", replies=PERSON)


def _do(turn: Turn, question: Question, answer: str) -> None:
    if question.act == "suggest":
        if answer:
            suggest(turn, answer)
        else:
            turn.say("好的，以后想到了随时告诉我。")
        return
    assert turn.customer_id is not None and question.number is not None
    customer_id, number = turn.customer_id, question.number
    if question.act == "review":
        ask_review(turn, customer_id, number, answer)
    elif not answer:
        kept = "投诉继续处理" if question.act == "withdraw" else "没有补充"
        turn.say(f"好的，{kept}。", replies=MINE)
    elif question.act == "withdraw":
        withdraw(turn, customer_id, number)
    else:
        add_facts(turn, customer_id, number, Said(turn.operation_key, answer))


def _question(turn: Turn) -> Question | None:
    kept = turn.slot("opinion_question")
    return Question(*kept) if kept else None


def _yes_or_no(turn: Turn) -> str | None:
    words = "" if turn.text.startswith("/") else turn.text
    if turn.intent == "deny" or _NO_WITHDRAWAL.match(words):
        return NO
    if turn.intent == "affirm" or _YES_WITHDRAWAL.fullmatch(words):
        return YES
    return YES if find_complaint_act(words) == "withdraw" else None


def _text(turn: Turn) -> str | None:
    """What was written as the answer; ``NO`` where nothing is to be said."""
    if turn.intent == "deny" or _NOTHING.fullmatch(turn.text):
        return NO
    if turn.text.startswith("/") or turn.intent in NO_ANSWER:
        return None
    decision = turn.routing.get("decision")
    own = turn.intent in ("complaint", "suggestion", "dispute_transaction", "inform")
    if decision == "business" and turn.confidence >= SURE and not own:
        return None
    if decision == "faq" and _QUESTION.search(turn.text):
        return None
    return own_words(turn)
