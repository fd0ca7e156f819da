"""Speaks FAQ answers straight from the parse result.

Rasa's own generator knows only the responses that stood in the domain when the model was
trained; an entry published a minute ago is not among them. The retriever has already put the
answer beside the message, so no retraining and no action server is needed to say it.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.nlu.faq_retriever import FAQ_ACTION
from bot.nlu.offers import NONE_OF_THESE

CLARIFY_ACTION = "utter_clarify"


class FaqResponder(TemplatedNaturalLanguageGenerator):
    """Rasa's templated generator, with FAQ answers and the choices of clarifying questions added."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response as Rasa's dictionary: ``text``, ``buttons`` and so on."""
        parse = tracker.latest_message.parse_data if tracker.latest_message else {}
        if utter_action.startswith(f"{FAQ_ACTION}/"):
            return dict(parse["response_selector"]["faq"]["response"]["responses"][0])
        said = await super().generate(utter_action, tracker, output_channel, **kwargs)
        if utter_action == CLARIFY_ACTION and said is not None:
            offers = parse.get("routing", {}).get("offers", [])
            return {**said, "buttons": [*offers, NONE_OF_THESE]}
        return said
