"""Rasa's ResponseSelector as a ranker, trained and loaded by Rasa itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML

from bench.faq.baselines import MOST, Ranking
from bot.faq.evaluate import FAQ_INTENT
from bot.nlu.pipeline import Pipeline

CONFIG = Path(__file__).with_name("selector.yml")


class Selector:
    """``epochs``: passes over the questions; Rasa's default of 300 takes hours on one core."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs

    def fit(self, questions: Sequence[tuple[str, str]]) -> None:
        """Train and load."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            self._write(folder, questions)
            subprocess.run(
                [sys.executable, "-m", "rasa", "train", "nlu", "--config", "config.yml"]
                + ["--nlu", "nlu.yml", "--out", ".", "--fixed-model-name", "model"],
                cwd=folder,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Nothing is taken from Rasa's cache.
                env={**os.environ, "RASA_MAX_CACHE_SIZE": "0"},
            )
            self._pipeline = Pipeline.load(folder / "model.tar.gz")

    def _write(self, folder: Path, questions: Sequence[tuple[str, str]]) -> None:
        yaml = YAML(typ="safe")
        config = yaml.load(CONFIG)
        config["pipeline"][-1]["epochs"] = self._epochs
        texts: dict[str, list[str]] = {}
        for text, owner in questions:
            texts.setdefault(owner, []).append(text)
        nlu = [
            {"intent": f"{FAQ_INTENT}/{owner}", "examples": "".join(f"- {t}\n" for t in group)}
            for owner, group in texts.items()
        ]
        # The answers' wording takes no part: labels are the entries themselves.
        responses = {f"utter_{FAQ_INTENT}/{owner}": [{"text": owner}] for owner in texts}
        yaml.dump(config, folder / "config.yml")
        yaml.dump({"version": "3.1", "nlu": nlu, "responses": responses}, folder / "nlu.yml")

    def rank(self, text: str) -> Ranking:
        ranking = self._pipeline.parse(text)["response_selector"][FAQ_INTENT]["ranking"]
        return [
            (each["intent_response_key"].partition("/")[2], each["confidence"])
            for each in ranking[:MOST]
        ]
