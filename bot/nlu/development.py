"""The development split: messages that neither train nor test, by which confidences are calibrated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from scipy.special import log_softmax

from bot.nlu.pipeline import Pipeline
from bot.nlu.routes import Evidence, judged

# The classifier names its likeliest intents only; one it does not name has about this chance.
UNNAMED = 1e-4


@dataclass(frozen=True)
class Labelled:
    """A message, its intent (``faq/<id>`` counts as ``faq``) and its style (the file's name)."""

    text: str
    intent: str
    style: str


@dataclass(frozen=True)
class Case:
    """What the judges said of a labelled message; ``margins`` by intent, up to a constant."""

    labelled: Labelled
    margins: dict[str, float]
    faq: Evidence

    def probabilities(self, sharpness: float) -> dict[str, float]:
        """The classifier's confidences at this sharpness."""
        logs = log_softmax(np.array(list(self.margins.values())) * sharpness)
        return {name: float(np.exp(each)) for name, each in zip(self.margins, logs, strict=True)}

    def evidence(self, sharpness: float) -> Evidence:
        """What the router would see at this sharpness."""
        faq = self.faq
        return judged(
            self.probabilities(sharpness),
            faq.faq_decision, faq.faq_score, faq.faq_exact, faq.signals,
        )  # fmt: skip


def read_labelled(folder: Path) -> list[Labelled]:
    """Every example below ``folder``, file by file."""
    found = []
    for path in sorted(folder.rglob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            intent = block["intent"].split("/")[0]
            lines = [line.removeprefix("- ") for line in block["examples"].splitlines()]
            found += [Labelled(line.strip(), intent, path.stem) for line in lines if line.strip()]
    return found


def judge(pipeline: Pipeline, messages: Iterable[Labelled], sharpness: float) -> list[Case]:
    """Ask the pipeline, whose classifier now runs at ``sharpness``, of every message."""
    return [_case(each, pipeline.parse(each.text), sharpness) for each in messages]


def _case(labelled: Labelled, parse: dict[str, Any], sharpness: float) -> Case:
    routing = parse["routing"]
    ranking = parse["intent_ranking"]
    if ranking[0]["name"] != routing["classifier"]["intent"]:
        ranking = ranking[1:]  # the router's own choice stands before the classifier's
    margins = {each["name"]: float(np.log(each["confidence"] + 1e-12)) for each in ranking}
    return Case(
        labelled,
        {name: each / sharpness for name, each in margins.items()},
        Evidence(
            "", 0.0, routing["faq_decision"], routing["score"], routing["faq_exact"],
            frozenset(parse["signals"]),
        ),
    )  # fmt: skip
