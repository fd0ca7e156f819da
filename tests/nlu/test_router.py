"""Where a message goes, by the table of routes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.channel import rasa_text
from bot.nlu.router import ROUTES, Evidence, Thresholds, decide, decision_of

LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("evidence", "intent", "reason"),
    [
        # a published question word for word goes before any classifier
        (Evidence("check_balance", 0.99, "answer", 1.0, True), "faq", "faq_exact_question"),
        (Evidence("faq", 0.9, "answer", 0.8, False), "faq", "faq_intent_answer"),
        (Evidence("faq", 0.9, "clarify", 0.4, False), "faq_clarify", "faq_intent_close"),
        (Evidence("faq", 0.9, "none", 0.1, False), "nlu_fallback", "faq_intent_not_found"),
        # doing is not asking: a sure business intent is not turned into an article
        (
            Evidence("report_card_loss", 0.9, "answer", 0.9, False),
            "report_card_loss",
            "intent_sure",
        ),
        # a topic that the classifier never saw
        (Evidence("check_balance", 0.2, "answer", 0.8, False), "faq", "faq_over_weak_intent"),
        (Evidence("check_balance", 0.2, "none", 0.0, False), "nlu_fallback", "nothing_sure"),
        (Evidence("out_of_scope", 0.9, "answer", 0.6, False), "out_of_scope", "out_of_scope_sure"),
        (Evidence("request_human", 0.4, "none", 0.0, False), "request_human", "intent_sure"),
    ],
)
def test_the_table(evidence: Evidence, intent: str, reason: str) -> None:
    assert decide(evidence, LIMITS) == (intent, reason)


@given(
    st.builds(
        Evidence,
        st.sampled_from(["faq", "check_balance", "transfer_money", "out_of_scope", "greet"]),
        st.floats(0, 1),
        st.sampled_from(["answer", "clarify", "none"]),
        st.floats(0, 1),
        st.just(False),
    )
)
def test_every_message_goes_somewhere_and_none_to_business_unsurely(evidence: Evidence) -> None:
    intent, reason = decide(evidence, LIMITS)
    assert reason in {route.reason for route in ROUTES}
    if decision_of(intent) == "business":
        assert evidence.confidence >= LIMITS.business
    if intent == "faq":
        assert evidence.faq_decision == "answer"


@given(st.text(max_size=60))
def test_a_customers_text_is_never_a_payload(text: str) -> None:
    assert not rasa_text(text, "text").startswith("/")
