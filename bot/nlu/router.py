"""Decides where a message goes, and says why.

The classifier knows what customers usually want; the retriever knows what the FAQ bank can
answer. Neither alone may decide: a new FAQ entry is a topic the classifier never saw, and a
confident retriever must not turn "帮我挂失" into an article about losing cards. One table holds
every reason; the first that applies wins, and its name goes into the parse result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.faq_retriever import FAQ_RESULT, FaqRetriever

FAQ = "faq"
CLARIFY = "faq_clarify"
FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
HAND_OFF = ("request_human", "complaint", "dispute_transaction")
SMALLTALK = ("greet", "goodbye", "thank", "ask_bot", "chitchat")

ROUTING = "routing"


@dataclass(frozen=True)
class Evidence:
    """What the two judges say of one message; scores are in 0..1."""

    intent: str
    confidence: float
    faq_decision: str
    faq_score: float
    faq_exact: bool


@dataclass(frozen=True)
class Thresholds:
    """Where the router draws its lines; config.yml may override each by name."""

    # Below this the classifier's word alone starts no business.
    business: float = 0.45
    # A person is asked for in many ways and refusing one is the worse mistake.
    hand_off: float = 0.35
    # Smalltalk and dialogue acts: short texts, seldom wrong, harmless when they are.
    other: float = 0.35
    # A classifier this sure that the message is foreign overrules a middling FAQ hit.
    out_of_scope: float = 0.6
    # An FAQ hit this sure is answered whatever the classifier thinks of a topic it never saw.
    faq_sure: float = 0.9


class Route(NamedTuple):
    """One line of the table: its reason, the intent it leads to (``None`` keeps the
    classifier's), and when it applies."""

    reason: str
    intent: Any
    applies: Callable[[Evidence, Thresholds], bool]


def _minimum(evidence: Evidence, limits: Thresholds) -> float:
    if evidence.intent in HAND_OFF:
        return limits.hand_off
    return limits.business if evidence.intent not in SMALLTALK else limits.other


ROUTES: tuple[Route, ...] = (
    Route("faq_exact_question", FAQ, lambda e, t: e.faq_exact and e.faq_decision == "answer"),
    Route("faq_intent_answer", FAQ, lambda e, t: e.intent == FAQ and e.faq_decision == "answer"),
    Route("faq_intent_close", CLARIFY, lambda e, t: e.intent == FAQ and e.faq_decision == "clarify"),
    Route("faq_intent_not_found", FALLBACK, lambda e, t: e.intent == FAQ),
    Route("out_of_scope_sure", None,
          lambda e, t: e.intent == OUT_OF_SCOPE and e.confidence >= t.out_of_scope
          and not (e.faq_decision == "answer" and e.faq_score >= t.faq_sure)),
    Route("intent_sure", None,
          lambda e, t: e.intent != OUT_OF_SCOPE and e.confidence >= _minimum(e, t)),
    Route("faq_over_weak_intent", FAQ, lambda e, t: e.faq_decision == "answer"),
    Route("faq_close_over_weak_intent", CLARIFY, lambda e, t: e.faq_decision == "clarify"),
    Route("out_of_scope_weak", None, lambda e, t: e.intent == OUT_OF_SCOPE),
    Route("nothing_sure", FALLBACK, lambda e, t: True),
)  # fmt: skip


def decide(evidence: Evidence, limits: Thresholds) -> tuple[str, str]:
    """The intent a message is given and the reason, by the first route that applies."""
    route = next(route for route in ROUTES if route.applies(evidence, limits))
    return route.intent or evidence.intent, route.reason


def decision_of(intent: str) -> str:
    """The kind of destination: faq, clarify, hand_off, smalltalk, out_of_scope, fallback or
    business."""
    kinds = {FAQ: "faq", CLARIFY: "clarify", FALLBACK: "fallback", OUT_OF_SCOPE: "out_of_scope"}
    if intent in HAND_OFF:
        return "hand_off"
    if intent in SMALLTALK:
        return "smalltalk"
    return kinds.get(intent, "business")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Router(GraphComponent):
    """Rewrites the intent by :data:`ROUTES` and records decision and reason as ``routing``."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [FaqRetriever]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return dict(Thresholds().__dict__)

    def __init__(self, config: dict[str, Any]) -> None:
        names = Thresholds.__dataclass_fields__
        self._limits = Thresholds(**{key: config[key] for key in names if key in config})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Router":
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Route each message; expects intent and FAQ result to be set."""
        for message in messages:
            self._route(message)
        return messages

    def _route(self, message: Message) -> None:
        guess = message.get(INTENT) or {}
        result = message.get(FAQ_RESULT)
        best = result.candidates[0] if result.candidates else None
        evidence = Evidence(
            intent=guess.get("name") or FALLBACK,
            confidence=float(guess.get("confidence") or 0.0),
            faq_decision=result.decision,
            faq_score=best.score if best else 0.0,
            faq_exact=result.exact,
        )
        intent, reason = decide(evidence, self._limits)
        score = evidence.confidence if intent == evidence.intent else evidence.faq_score
        if intent != evidence.intent:
            chosen = {"name": intent, "confidence": score}
            message.set(INTENT, chosen, add_to_output=True)
            ranking = [chosen, *(message.get(INTENT_RANKING_KEY) or [])]
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(
            ROUTING,
            {
                "decision": decision_of(intent),
                "reason": reason,
                "classifier": {"intent": evidence.intent, "confidence": evidence.confidence},
                "faq_id": best.entry.id if best else None,
                "score": evidence.faq_score,
                "candidates": [candidate.entry.question for candidate in result.candidates[:3]],
            },
            add_to_output=True,
        )
