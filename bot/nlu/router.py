"""Decides where a message goes, and says why."""

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.faq.found import Found
from bot.nlu.calibration import Calibration
from bot.nlu.component import Untrained
from bot.nlu.faq_retriever import FAQ_RESULT, RESPONSE_SELECTOR, FaqRetriever, choice
from bot.nlu.offers import MOST, Offer, faq_offers, intent_offers
from bot.nlu.routes import FALLBACK, FAQ, Evidence, Routed, decide, judged
from bot.nlu.signals import SIGNALS, SignalDetector
from bot.text.complaint_acts import find_complaint_act
from bot.text.disputes import find_dispute_act
from bot.text.inquiries import find_inquiry
from bot.text.loan_acts import find_loan_act

ROUTING = "routing"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Router(Untrained):
    """Rewrites the intent by :data:`bot.nlu.routes.ROUTES`; records decision and reason as
    ``routing``."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [FaqRetriever, SignalDetector]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Thresholds, as `bankbot nlu calibrate` derived them.
            "calibration": "data/routing.yml",
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._limits = Calibration.load(Path(config["calibration"])).thresholds

    def process(self, messages: list[Message]) -> list[Message]:
        """Route each message; expects intent, signals and FAQ result to be set."""
        for message in messages:
            evidence = evidence_of(message)
            routed = decide(evidence, self._limits)
            offers = self._offers(message, routed)
            self._write(message, evidence, routed, offers)
        return messages

    def _offers(self, message: Message, routed: Routed) -> list[Offer]:
        if routed.decision != "clarify":
            return []
        first: Found = message.get(FAQ_RESULT)[0]
        result = first.retrieval
        if routed.intent == FAQ:
            return faq_offers(result.candidates, self._limits.faq_offer)[:MOST]
        ranking = message.get(INTENT_RANKING_KEY) or []
        likely = intent_offers(ranking, message.get(ENTITIES) or [], self._limits.confirm)
        asked = result.candidates if result.decision != "none" else ()
        return [*likely, *faq_offers(asked, self._limits.confirm)][:MOST]

    def _write(
        self, message: Message, evidence: Evidence, routed: Routed, offers: list[Offer]
    ) -> None:
        if routed.intent != evidence.intent:
            chosen = {"name": routed.intent, "confidence": confidence_in(routed, evidence)}
            message.set(INTENT, chosen, add_to_output=True)
            ranking = [chosen, *(message.get(INTENT_RANKING_KEY) or [])]
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        found: tuple[Found, ...] = message.get(FAQ_RESULT)
        first = found[0]
        if routed.decision == "clarify" and routed.intent == FAQ:
            selector = message.get(RESPONSE_SELECTOR)
            close = first.retrieval.decision != "none"
            message.set(RESPONSE_SELECTOR, choice(selector, offers, close), add_to_output=True)
        routing = {
            "decision": routed.decision,
            "reason": routed.reason,
            "classifier": {"intent": evidence.intent, "confidence": evidence.confidence},
            "faq_id": first.entry.id if first.entry else None,
            "faq_ids": [each.entry.id for each in found if each.entry],
            "score": evidence.faq_score,
            "faq_decision": evidence.faq_decision,
            "faq_exact": evidence.faq_exact,
            "faq_completed": evidence.faq_completed,
            # What was understood of the last question; a follow-up goes on from it.
            "faq_asked": found[-1].asked,
            "offers": offers,
        }
        message.set(ROUTING, routing, add_to_output=True)


def confidence_in(routed: Routed, evidence: Evidence) -> float:
    """How sure the judge is whose word was followed instead of the classifier's first."""
    if routed.reason in ("figures_asked", "act_named"):
        return 1.0  # its words are plain
    if routed.decision == "hand_off":
        return evidence.person_confidence
    return evidence.faq_score


def evidence_of(message: Message) -> Evidence:
    """What classifier, retriever and signals say of a message."""
    ranking = message.get(INTENT_RANKING_KEY) or [{"name": FALLBACK, "confidence": 0.0}]
    found: tuple[Found, ...] = message.get(FAQ_RESULT)
    text = message.get(TEXT) or ""
    return judged(
        {each["name"]: each["confidence"] for each in ranking},
        found[0].retrieval.decision,
        min(each.score for each in found),
        found[0].retrieval.exact and len(found) == 1,
        message.get(SIGNALS) or (),
        any(each.completed for each in found),
        *_named(text),
    )


def _named(text: str) -> tuple[str | None, bool]:
    """The intent that the words alone name, and whether they leave no doubt of it."""
    # What is wanted with a complaint or dispute made before is that one's own business.
    if find_complaint_act(text):
        return "complaint", False
    if find_dispute_act(text):
        return "dispute_transaction", False
    act, inquiry = find_loan_act(text), find_inquiry(text)
    # Till a transfer arrives the customer is quicker than any person to call it back; what cannot
    # be called back says so.
    return act or inquiry, act is not None or inquiry == "cancel_transfer"
