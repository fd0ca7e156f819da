"""FAQ retrieval inside the pipeline, in the shape of Rasa's response selector."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.errors import ConfigError
from bot.faq.encoder import load_encoder
from bot.faq.entry import Entry
from bot.faq.publish import LiveRetriever
from bot.faq.retriever import Candidate, Retrieval, Retriever
from bot.nlu.offers import MOST, NONE_OF_THESE, Offer
from bot.settings import load_settings
from bot.text.clock import shanghai, utc_now

FAQ_INTENT = "faq"
FAQ_ACTION = "utter_faq"
# The retriever's own result, for the router; it does not leave the pipeline.
FAQ_RESULT = "faq_result"
RESPONSE_SELECTOR = "response_selector"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FaqRetriever(GraphComponent):
    """Adapter over :class:`bot.faq.publish.LiveRetriever`.

    It reads the published bank, not the training data: an entry published a moment ago is
    answered without training, a withdrawn one no more.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # The day on which entries must be in effect, YYYY-MM-DD; empty: today in Shanghai.
            "today": None,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        settings = load_settings()
        self._today = date.fromisoformat(config["today"]) if config["today"] else None
        self._live = LiveRetriever(settings.faq_publications, load_encoder(settings.encoder_path))
        # Reading the bank takes seconds: now, rather than while the first customer waits. Where
        # nothing is published yet, a message will say so.
        with suppress(ConfigError):
            self._live.current()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FaqRetriever":
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        """Search for each message and put the result beside it."""
        today = self._today or shanghai(utc_now()).date()
        retriever = self._live.current()
        for message in messages:
            audience = _audience(message)
            found = retriever.search(message.get(TEXT) or "", today, audience)
            related = related_questions(found, retriever, today, audience)
            message.set(FAQ_RESULT, found)
            message.set(RESPONSE_SELECTOR, selector_output(found, related), add_to_output=True)
        return messages


def _audience(message: Message) -> str:
    """Who is asking; the gateway vouches for it."""
    metadata = message.get("metadata") or {}
    return "signed_in" if metadata.get("signed_in") else "public"


def related_questions(
    found: Retrieval, retriever: Retriever, today: date, audience: str
) -> list[Offer]:
    """Questions to go on with behind the first candidate's answer; pressing one asks it."""
    ids = found.candidates[0].entry.related if found.candidates else ()
    entries = [entry for entry in map(retriever.entry, ids) if entry is not None]
    return [
        {"title": entry.question, "payload": entry.question}
        for entry in entries
        if entry.answers(today, audience)
    ][:MOST]


def selector_output(found: Retrieval, related: Sequence[Offer] = ()) -> dict[str, Any]:
    """What Rasa's ``ResponseSelector`` would write into the parse result."""
    ranking = [
        {"confidence": candidate.score, "intent_response_key": _key(candidate.entry)}
        for candidate in found.candidates
    ]
    response = _response(found.candidates[0], related) if found.candidates else _no_response()
    return {
        "all_retrieval_intents": [FAQ_INTENT],
        FAQ_INTENT: {"response": response, "ranking": ranking},
    }


def choice(selector: dict[str, Any], offers: list[Offer], close: bool) -> dict[str, Any]:
    """The same output, with a choice of questions instead of an answer; ``close`` says that the
    bank very likely has the answer among them."""
    said = "您想问的是……？" if close else "没有找到完全对应的答案，您想问的是不是下面的问题？"
    asked = {
        **selector[FAQ_INTENT]["response"],
        "responses": [{"text": said, "buttons": [*offers, NONE_OF_THESE]}],
        "utter_action": f"{FAQ_ACTION}/choice",
    }
    return {**selector, FAQ_INTENT: {**selector[FAQ_INTENT], "response": asked}}


def _response(best: Candidate, related: Sequence[Offer]) -> dict[str, Any]:
    buttons = [
        {"title": lead.title, "payload": f"/{lead.intent}"} for lead in best.entry.quick_replies
    ]
    return {
        # Rasa keeps a key it does not know with the bot's message, so it reaches the channel.
        "responses": [{"text": best.entry.answer, "buttons": buttons, "related": list(related)}],
        "confidence": best.score,
        "intent_response_key": _key(best.entry),
        "utter_action": f"{FAQ_ACTION}/{best.entry.id}",
    }


def _no_response() -> dict[str, Any]:
    return {
        "responses": [],
        "confidence": 0.0,
        "intent_response_key": None,
        "utter_action": f"{FAQ_ACTION}/none",
    }


def _key(entry: Entry) -> str:
    return f"{FAQ_INTENT}/{entry.id}"
