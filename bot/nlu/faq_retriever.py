"""FAQ retrieval inside the pipeline, in the shape of Rasa's response selector."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.errors import ConfigError
from bot.faq.compound import Compounds
from bot.faq.ellipsis import Vocabulary
from bot.faq.encoder import load_encoder
from bot.faq.entry import Entry
from bot.faq.found import Before, Found, Lookup
from bot.faq.publish import LiveRetriever
from bot.nlu.component import Untrained
from bot.nlu.offers import MOST, NONE_OF_THESE, Offer
from bot.settings import load_settings
from bot.text.clock import shanghai, utc_now

FAQ_INTENT = "faq"
FAQ_ACTION = "utter_faq"
# The retriever's own result, one part for each question of the message, for the router; it does not
# leave the pipeline.
FAQ_RESULT = "faq_result"
RESPONSE_SELECTOR = "response_selector"
# In a response: the answers to further questions of the same message, each one more message.
ALSO = "also"
# In a message's metadata: the question before and the id of the entry that answered it.
FAQ_BEFORE = "faq_before"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FaqRetriever(Untrained):
    """Adapter over :class:`bot.faq.publish.LiveRetriever`.

    It reads the published bank, not the training data: an entry published a moment ago is
    answered without training, a withdrawn one no more.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # The day on which entries must be in effect, YYYY-MM-DD; empty: today in Shanghai.
            "today": None,
            # What follow-ups leave out and how questions are joined.
            "words": "data/follow_up.yml",
        }

    def __init__(self, config: dict[str, Any]) -> None:
        settings = load_settings()
        self._today = date.fromisoformat(config["today"]) if config["today"] else None
        self._compounds = Compounds(Vocabulary.load(Path(config["words"])))
        self._live = LiveRetriever(settings.faq_publications, load_encoder(settings.encoder_path))
        # Reading the bank takes seconds: now, rather than while the first customer waits. Where
        # nothing is published yet, a message will say so.
        with suppress(ConfigError):
            self._live.current()

    def process(self, messages: list[Message]) -> list[Message]:
        """Search for each message and put the result beside it."""
        today = self._today or shanghai(utc_now()).date()
        retriever = self._live.current()
        for message in messages:
            bank = Lookup(retriever, today, _audience(message))
            found = self._compounds.understand(message.get(TEXT) or "", _before(message), bank)
            message.set(FAQ_RESULT, found)
            message.set(RESPONSE_SELECTOR, selector_output(found, bank), add_to_output=True)
        return messages


def _audience(message: Message) -> str:
    """Who is asking; the gateway vouches for it."""
    metadata = message.get("metadata") or {}
    return "signed_in" if metadata.get("signed_in") else "public"


def _before(message: Message) -> Before | None:
    """What was asked just before, as the channel read it from the conversation."""
    told = (message.get("metadata") or {}).get(FAQ_BEFORE)
    return Before(told["question"], told["faq_id"]) if told else None


def related_questions(entry: Entry, bank: Lookup) -> list[Offer]:
    """Questions to go on with behind an entry's answer; pressing one asks it."""
    entries = [bank.entry(each) for each in entry.related]
    return [
        {"title": each.question, "payload": each.question} for each in entries if each is not None
    ][:MOST]


def selector_output(found: Sequence[Found], bank: Lookup) -> dict[str, Any]:
    """What Rasa's ``ResponseSelector`` would write into the parse result; of several questions
    the first one's, with the others' answers beside it."""
    ranking = [
        {"confidence": candidate.score, "intent_response_key": _key(candidate.entry)}
        for candidate in found[0].retrieval.candidates
    ]
    spoken = [_spoken(each.entry, each.score, bank) for each in found if each.entry is not None]
    return {
        "all_retrieval_intents": [FAQ_INTENT],
        FAQ_INTENT: {"response": _response(found[0], spoken), "ranking": ranking},
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


def _spoken(entry: Entry, score: float, bank: Lookup) -> dict[str, Any]:
    """An answer as Rasa says it. Rasa keeps keys it does not know with the bot's message, so that
    they reach the channel."""
    return {
        "text": entry.answer,
        "buttons": [
            {"title": lead.title, "payload": f"/{lead.intent}"} for lead in entry.quick_replies
        ],
        "related": related_questions(entry, bank),
        "faq_id": entry.id,
        "score": score,
        "faq_version": bank.retriever.version,
    }


def _response(first: Found, spoken: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if first.entry is None:
        return {
            "responses": [],
            "confidence": 0.0,
            "intent_response_key": None,
            "utter_action": f"{FAQ_ACTION}/none",
        }
    return {
        "responses": [{**spoken[0], ALSO: list(spoken[1:])}],
        "confidence": first.score,
        "intent_response_key": _key(first.entry),
        "utter_action": f"{FAQ_ACTION}/{first.entry.id}",
    }


def _key(entry: Entry) -> str:
    return f"{FAQ_INTENT}/{entry.id}"
