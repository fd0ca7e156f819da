"""Where a message goes, by the table of routes, and where the lines of the table come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import DataError
from bot.nlu.calibrate import calibrate, expected_calibration_error
from bot.nlu.calibration import Calibration
from bot.nlu.channel import faq_before, rasa_text
from bot.nlu.development import Case, Labelled
from bot.nlu.routes import FAQ, MONEY, ROUTES, Evidence, Thresholds, decide, judged, least

LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("evidence", "decision", "intent", "reason"),
    [
        # a published question word for word goes before any classifier
        (Evidence("check_balance", 0.99, "answer", 1.0, True), "faq", "faq", "faq_exact_question"),
        (Evidence("faq", 0.9, "answer", 0.8), "faq", "faq", "question_answered"),
        (Evidence("faq", 0.9, "clarify", 0.4), "clarify", "faq", "question_close"),
        # a clear question without a clear answer is shown what is nearest
        (Evidence("faq", 0.9, "none", 0.1), "clarify", "faq", "question_close"),
        (Evidence("faq", 0.9, "none", 0.01), "fallback", "nlu_fallback", "question_unknown"),
        # doing is not asking: a sure business intent is not turned into an article
        (
            Evidence("report_card_loss", 0.9, "answer", 0.9),
            "business", "report_card_loss", "intent_sure",
        ),
        # topics that the classifier never saw
        (Evidence("check_balance", 0.2, "answer", 0.8), "faq", "faq", "faq_over_weak_intent"),
        (Evidence("out_of_scope", 0.9, "answer", 0.95), "faq", "faq", "foreign_but_in_bank"),
        (Evidence("out_of_scope", 0.9, "answer", 0.6), "out_of_scope", "out_of_scope", "intent_sure"),
        # money is asked about where other business would go ahead
        (Evidence("transfer_money", 0.6, "none", 0.0), "clarify", "clarify", "intent_unsure"),
        (Evidence("check_balance", 0.6, "none", 0.0), "business", "check_balance", "intent_sure"),
        (Evidence("check_balance", 0.1, "none", 0.0), "fallback", "nlu_fallback", "nothing_sure"),
        # a person is called though another intent is a little likelier
        (
            Evidence(
                "query_transactions", 0.5, "none", 0.0,
                person="dispute_transaction", person_confidence=0.4,
            ),
            "hand_off", "dispute_transaction", "person_likely",
        ),
        # of half a question the classifier knows little, unless something to do is plain
        (
            Evidence("query_card_bill", 0.6, "answer", 0.8, faq_completed=True),
            "faq", "faq", "follow_up_answered",
        ),
        (
            Evidence("report_card_loss", 0.9, "answer", 0.8, faq_completed=True),
            "business", "report_card_loss", "intent_sure",
        ),
        (Evidence("greet", 0.9, "none", 0.0), "smalltalk", "greet", "intent_sure"),
        (Evidence("affirm", 0.9, "none", 0.0), "act", "affirm", "intent_sure"),
        # a question for one's own figures is worked out, unless it is a stored one word for word
        (
            Evidence("faq", 0.99, "answer", 0.9, inquiry="calculate_loan"),
            "business", "calculate_loan", "figures_asked",
        ),
        (
            Evidence("faq", 0.99, "answer", 1.0, True, inquiry="calculate_loan"),
            "faq", "faq", "faq_exact_question",
        ),
        # an act that the whole message names needs no person, however complaining it sounds
        (
            Evidence(
                "complaint", 0.55, "none", 0.0, person="complaint", person_confidence=0.55,
                inquiry="loan_materials", wholly=True,
            ),
            "business", "loan_materials", "act_named",
        ),
        # words of self-harm bring a person whatever was asked
        (
            Evidence("check_balance", 0.99, "none", 0.0, signals=frozenset({"self_harm"})),
            "hand_off", "request_human", "urgent_signal",
        ),
    ],
)  # fmt: skip
def test_the_table(evidence: Evidence, decision: str, intent: str, reason: str) -> None:
    assert decide(evidence, LIMITS) == (decision, intent, reason)


@given(
    st.builds(
        Evidence,
        st.sampled_from(["faq", "check_balance", "transfer_money", "out_of_scope", "greet"]),
        st.floats(0, 1),
        st.sampled_from(["answer", "clarify", "none"]),
        st.floats(0, 1),
    )
)
def test_every_message_goes_somewhere_and_none_to_business_unsurely(evidence: Evidence) -> None:
    routed = decide(evidence, LIMITS)
    assert routed.reason in {route.reason for route in ROUTES}
    if routed.decision == "business":
        assert evidence.confidence >= least(evidence.intent, LIMITS)
    if routed.decision == "faq":
        assert routed.intent == FAQ and evidence.faq_decision == "answer"


def _case(intent: str, guessed: str, margin: float) -> Case:
    return Case(
        Labelled("", intent, "plain"),
        {guessed: margin, **{other: 0.0 for other in ("thank", "greet", "deny")}},
        Evidence("", 0.0, "none", 0.0),
    )


def test_the_lines_follow_from_the_development_split() -> None:
    """Where low margins were wrong about money, only high ones may move it."""
    cases = [_case("greet", "transfer_money", 0.2) for _ in range(30)]
    cases += [_case("transfer_money", "transfer_money", 0.6) for _ in range(60)]
    cases += [_case("check_balance", "check_balance", 0.4) for _ in range(60)]
    found = calibrate(cases)
    wrong = cases[0].evidence(found.sharpness).confidence
    right = cases[30].evidence(found.sharpness).confidence
    assert wrong < found.thresholds.money <= right
    assert expected_calibration_error(cases, found.sharpness) < 0.2
    for intent in MONEY:
        assert least(intent, found.thresholds) == found.thresholds.money


def test_derived_lines_are_read_back_and_a_spoilt_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "routing.yml"
    Calibration(5.25, LIMITS).save(path)
    assert Calibration.load(path) == Calibration(5.25, LIMITS)
    path.write_text(path.read_text().replace("money", "mony"))
    with pytest.raises(DataError, match="money、mony.*calibrate"):
        Calibration.load(path)
    with pytest.raises(DataError, match="calibrate"):
        Calibration.load(tmp_path / "none.yml")


@given(st.text(max_size=60))
def test_a_customers_text_is_never_a_payload(text: str) -> None:
    assert not rasa_text(text, "text").startswith("/")


ASKED = {"decision": "faq", "faq_asked": "挂失收费吗", "faq_ids": ["loss.fee"]}
SMALL, BUSINESS = {"decision": "smalltalk"}, {"decision": "business"}


@pytest.mark.parametrize(
    ("routings", "followed"),
    [
        ([ASKED], True),
        ([ASKED, SMALL, SMALL], True),
        ([ASKED, SMALL, SMALL, SMALL], False),
        ([ASKED, BUSINESS], False),
        ([SMALL], False),
        ([ASKED, None], False),
    ],
)
def test_a_question_is_followed_up_across_small_talk(
    routings: list[dict[str, str] | None], followed: bool
) -> None:
    """``None`` is the beginning of a new session."""
    events = [
        UserUttered("…", parse_data={"routing": each}) if each else SessionStarted()
        for each in routings
    ]
    tracker = DialogueStateTracker.from_events("c", events)
    assert faq_before(tracker) == (
        {"question": "挂失收费吗", "faq_id": "loss.fee"} if followed else None
    )


@pytest.mark.parametrize(
    ("likelier", "named", "intent"),
    [
        ("complaint", "dispute_transaction", "dispute_transaction"),
        ("dispute_transaction", "complaint", "complaint"),
        ("request_human", "complaint", "request_human"),
    ],
)
def test_words_tell_a_complaint_from_a_dispute(likelier: str, named: str, intent: str) -> None:
    """CT… and DP… name what is meant, however alike the rest sounds; a person is never lost."""
    evidence = judged({likelier: 0.7, named: 0.2}, "none", 0.0, False, (), inquiry=named)
    assert decide(evidence, LIMITS).intent == intent
