"""The table of reasons by which a message is sent somewhere; pure, so that it can be read and tested.

The classifier knows what customers usually want; the retriever knows what the FAQ bank can answer.
Neither alone may decide: a new FAQ entry is a topic the classifier never saw, and a confident
retriever must not turn "帮我挂失" into an article about losing cards. The first route that applies wins,
and its name goes into the parse result.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Decision = Literal[
    "business", "faq", "clarify", "smalltalk", "act", "out_of_scope", "hand_off", "fallback"
]

FAQ = "faq"
CLARIFY = "clarify"
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
REQUEST_HUMAN = "request_human"
HAND_OFF = (REQUEST_HUMAN, "complaint", "dispute_transaction")
# Moves the customer's money: started only when it is very likely meant, asked about otherwise.
MONEY = ("transfer_money", "pay_bill", "repay_card")
SMALLTALK = ("greet", "goodbye", "thank", "ask_bot", "chitchat")
ACTS = ("affirm", "deny", "cancel", "correct", "inform", "resend_code", "repeat", "retry")
# Signals that bring a person whatever else was said.
URGENT_SIGNALS = frozenset({"self_harm", "threat"})


@dataclass(frozen=True)
class Evidence:
    """What the judges say of one message; confidences and scores are calibrated, in 0..1.

    ``faq_decision`` is the retriever's own: answer, clarify or none; ``faq_exact`` says that the
    message is a stored question word for word, ``faq_completed`` that it goes on from the question
    before, which the classifier does not see. ``person`` is the likeliest of the intents that need
    a person, first or not: missing one is worse than asking a person in vain. ``inquiry`` is the
    intent that a question for the customer's own figures names by its words, if it is one;
    ``wholly`` says that every word of the message belongs to it.
    """

    intent: str
    confidence: float
    faq_decision: str
    faq_score: float
    faq_exact: bool = False
    signals: frozenset[str] = frozenset()
    person: str = REQUEST_HUMAN
    person_confidence: float = 0.0
    faq_completed: bool = False
    inquiry: str | None = None
    wholly: bool = False


@dataclass(frozen=True)
class Thresholds:
    """Where the lines are drawn; `bankbot nlu calibrate` derives them on the development split."""

    # Below these the classifier's word alone starts nothing.
    money: float = 0.8
    business: float = 0.45
    # A person called in vain costs a third of one refused: 1 / (1 + 3).
    hand_off: float = 0.25
    other: float = 0.35
    out_of_scope: float = 0.35
    # An FAQ hit this sure is answered whatever the classifier thinks of a topic it never saw.
    faq_sure: float = 0.9
    # Of a clear question even weak candidates are worth showing, from this score on.
    faq_offer: float = 0.05
    # Business this likely is offered as "您是想……？".
    confirm: float = 0.3


class Routed(NamedTuple):
    """Where a message goes: kind of destination, the intent it is given, and why."""

    decision: Decision
    intent: str
    reason: str


class Route(NamedTuple):
    """One line of the table; ``leads`` is ``intent`` where the classifier's intent is followed."""

    reason: str
    leads: Literal["intent", "faq", "clarify", "fallback", "person", "human", "inquiry"]
    applies: Callable[[Evidence, Thresholds], bool]


def least(intent: str, limits: Thresholds) -> float:
    """The confidence from which an intent is followed."""
    if intent in MONEY:
        return limits.money
    if intent == OUT_OF_SCOPE:
        return limits.out_of_scope
    # Whoever needs a person at less than `hand_off` is asked whether it is so.
    if intent in HAND_OFF:
        return limits.hand_off
    return limits.other if intent in SMALLTALK + ACTS else limits.business


def _sure(e: Evidence, t: Thresholds) -> bool:
    return e.confidence >= least(e.intent, t)


def _faq_sure(e: Evidence, t: Thresholds) -> bool:
    return e.faq_decision == "answer" and e.faq_score >= t.faq_sure


def _asked_for(e: Evidence, t: Thresholds) -> bool:
    """Whether something other than an answer is meant, as surely as money demands it: of a text
    that leaves out what it is about the classifier knows the half. It takes "那信用卡呢" for a form's
    answer, but no follow-up is looked for while a form asks."""
    return e.intent not in (FAQ, *ACTS) and e.confidence >= t.money


ROUTES: tuple[Route, ...] = (
    Route("urgent_signal", "human", lambda e, t: bool(e.signals & URGENT_SIGNALS)),
    Route("faq_exact_question", "faq", lambda e, t: e.faq_exact and e.faq_decision == "answer"),
    Route("act_named", "inquiry", lambda e, t: e.wholly),
    Route("person_likely", "person", lambda e, t: e.person_confidence >= t.hand_off),
    Route("figures_asked", "inquiry", lambda e, t: e.inquiry is not None),
    Route("follow_up_answered", "faq",
          lambda e, t: e.faq_completed and e.faq_decision == "answer" and not _asked_for(e, t)),
    Route("question_answered", "faq", lambda e, t: e.intent == FAQ and e.faq_decision == "answer"),
    Route("question_close", "clarify", lambda e, t: e.intent == FAQ and e.faq_score >= t.faq_offer),
    Route("question_unknown", "fallback", lambda e, t: e.intent == FAQ),
    # Both are probabilities: where the classifier is surer that it is none of ours, it is believed.
    Route("foreign_but_in_bank", "faq", lambda e, t:
          e.intent == OUT_OF_SCOPE and _faq_sure(e, t) and e.faq_score >= e.confidence),
    Route("intent_sure", "intent", _sure),
    Route("faq_over_weak_intent", "faq", lambda e, t: e.faq_decision == "answer"),
    Route("intent_unsure", "clarify",
          lambda e, t: e.intent != OUT_OF_SCOPE and e.confidence >= t.confirm),
    Route("faq_close", "clarify", lambda e, t: e.faq_decision == "clarify"),
    Route("foreign_unsure", "intent", lambda e, t: e.intent == OUT_OF_SCOPE),
    Route("nothing_sure", "fallback", lambda e, t: True),
)  # fmt: skip


def judged(
    chances: Mapping[str, float],
    faq_decision: str,
    faq_score: float,
    faq_exact: bool,
    signals: Collection[str],
    faq_completed: bool = False,
    inquiry: str | None = None,
    wholly: bool = False,
) -> Evidence:
    """The evidence, from the classifier's confidence in each intent and the rest."""
    best = max(chances, key=lambda name: chances[name])
    person = max(HAND_OFF, key=lambda name: chances.get(name, 0.0))
    # A complaint and a dispute sound alike; the words of either decide. A person asked for comes.
    if inquiry in HAND_OFF and person != REQUEST_HUMAN:
        person = inquiry
    return Evidence(
        best, chances[best], faq_decision, faq_score, faq_exact, frozenset(signals),
        person, chances.get(person, 0.0), faq_completed, inquiry, wholly,
    )  # fmt: skip


def decide(evidence: Evidence, limits: Thresholds) -> Routed:
    """Where the message goes, by the first route that applies."""
    route = next(route for route in ROUTES if route.applies(evidence, limits))
    if route.leads == "faq":
        return Routed("faq", FAQ, route.reason)
    if route.leads == "clarify":
        # A question stays one: which of its answers is meant is a matter of wording the reply.
        return Routed("clarify", FAQ if evidence.intent == FAQ else CLARIFY, route.reason)
    if route.leads == "fallback":
        return Routed("fallback", FALLBACK, route.reason)
    if route.leads == "inquiry":
        named = evidence.inquiry or FALLBACK
        return Routed(kind_of(named), named, route.reason)
    if route.leads in ("person", "human"):
        person = evidence.person if route.leads == "person" else REQUEST_HUMAN
        return Routed("hand_off", person, route.reason)
    return Routed(kind_of(evidence.intent), evidence.intent, route.reason)


def kind_of(intent: str) -> Decision:
    """The kind of destination that an intent followed by itself leads to."""
    if intent in HAND_OFF:
        return "hand_off"
    if intent in SMALLTALK:
        return "smalltalk"
    if intent in ACTS:
        return "act"
    named: dict[str, Decision] = {
        FAQ: "faq", CLARIFY: "clarify", FALLBACK: "fallback", OUT_OF_SCOPE: "out_of_scope"
    }  # fmt: skip
    return named.get(intent, "business")
