"""Derives the router's numbers from the development split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from bot.nlu.calibration import Calibration
from bot.nlu.development import UNNAMED, Case
from bot.nlu.routes import (
    ACTS,
    FAQ,
    HAND_OFF,
    MONEY,
    OUT_OF_SCOPE,
    SMALLTALK,
    Evidence,
    Routed,
    Thresholds,
    decide,
)

# What each mistake costs, in clarifying questions: a customer would rather be asked so often than
# have this happen once.
WRONG_MONEY = 25.0
MISSED_PERSON = 9.0
# Who asks for a person is not to be asked back.
ASKED_BEFORE_PERSON = 3.0
WRONG_BUSINESS = 4.0
WRONG_ANSWER = 3.0
WRONG_PERSON = 3.0
WRONG_CHAT = 2.0
NOTHING = 2.0
ASKED = 1.0

# Nothing less likely than one in twenty is worth a customer's reading.
GRID = tuple(round(float(step), 2) for step in np.arange(0.05, 0.99, 0.03))
ROUNDS = 3


def calibrate(cases: Sequence[Case]) -> Calibration:
    """Sharpness by likelihood, then thresholds by cost, one at a time until none moves."""
    sharpness = fit_sharpness(cases)
    judged = [(case.evidence(sharpness), case.labelled.intent) for case in cases]
    limits = Thresholds()
    for _ in range(ROUNDS):
        before = limits
        for field in fields(Thresholds):
            limits = _best(judged, limits, field.name)
        if limits == before:
            break
    return Calibration(round(sharpness, 2), limits)


def fit_sharpness(cases: Sequence[Case]) -> float:
    """The sharpness at which the right intents are likeliest."""
    from scipy.optimize import minimize_scalar

    def loss(sharpness: float) -> float:
        chances = [c.probabilities(sharpness).get(c.labelled.intent, 0.0) for c in cases]
        return -float(np.mean(np.log(np.maximum(chances, UNNAMED))))

    return float(minimize_scalar(loss, bounds=(0.5, 20.0), method="bounded").x)


def expected_calibration_error(cases: Sequence[Case], sharpness: float, bins: int = 10) -> float:
    """Mean distance of confidence and accuracy over equal-width bins (Naeini et al. 2015)."""
    judged = [case.evidence(sharpness) for case in cases]
    confidences = np.array([each.confidence for each in judged])
    right = np.array([e.intent == c.labelled.intent for e, c in zip(judged, cases, strict=True)])
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(confidences[places == n].mean() - right[places == n].mean()) * (places == n).mean()
        for n in range(bins)
        if (places == n).any()
    ]
    return float(sum(gaps))


def cost(routed: Routed, label: str) -> float:
    """What it costs that a message of intent ``label`` was sent there."""
    if routed.decision == "clarify":
        if label in HAND_OFF:
            return ASKED_BEFORE_PERSON
        return 0.0 if routed.intent == label == FAQ else ASKED
    if routed.intent == label:
        return 0.0
    if routed.intent in MONEY:
        return WRONG_MONEY
    if label in HAND_OFF:
        return MISSED_PERSON
    if routed.decision == "fallback":
        return ASKED if label == OUT_OF_SCOPE else NOTHING
    if routed.intent in HAND_OFF:
        return WRONG_PERSON
    if routed.intent == FAQ:
        return WRONG_ANSWER
    return WRONG_CHAT if routed.intent in (*SMALLTALK, *ACTS, OUT_OF_SCOPE) else WRONG_BUSINESS


def _best(judged: Sequence[tuple[Evidence, str]], limits: Thresholds, name: str) -> Thresholds:
    """``limits`` with the cheapest value for one threshold; of equally cheap ones the nearest to
    the default, which is what the costs say of well-calibrated confidences."""
    default = getattr(Thresholds(), name)
    costs = {}
    for value in sorted({*GRID, default}):
        tried = replace(limits, **{name: value})
        costs[value] = sum(cost(decide(evidence, tried), label) for evidence, label in judged)
    least = min(costs.values())
    cheapest = [value for value in costs if costs[value] == least]
    return replace(limits, **{name: min(cheapest, key=lambda value: abs(value - default))})
