"""Measures the sentence encoder on public Chinese question-pair sets, before and after adapting.

    python -m bench.pairs --data FOLDER [SET ...] [--most N] [--markdown]

Spearman x 100 between cosine and label. FOLDER holds `afqmc/train.tsv` and `afqmc/dev.tsv`,
`atec/train.tsv`, `bq/dev.csv` and `lcqmc/dev.tsv` as published; of a set in one file a fifth of the
pairs, sharing no text with the others, is the test part. "from the bank" is the project's encoder
as trained on the FAQ bank, "adapted" after `bot.faq.adapt` on N pairs at most of the training part;
TF-IDF over characters and their bigrams is fitted on the same texts. Nothing of a test part is
trained on, and every choice was made on training parts. The last row adapts to AFQMC and ATEC and
asks BQ, of which it has seen nothing. recall@1 is the FAQ bank's own, on held-out wordings.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.faq.measure import now, one_core
from bench.faq.tables import show
from bot.errors import DataError
from bot.faq.adapt import adapt_encoder, bank_recall
from bot.faq.bank import Bank, load_bank
from bot.faq.encoder import Encoder, load_encoder
from bot.faq.pairs import COLUMNS, Pair, read_pairs, score_pairs, split_pairs
from bot.faq.surroundings import off_topic
from bot.settings import load_settings
from bot.text.clock import shanghai, utc_now

# Pairs of a training part that are learned from; all of them would take an hour.
MOST = 20_000
TEST_SHARE = 0.2
# Trained on two sets, asked a third.
ACROSS = "BQ, by AFQMC and ATEC"
SETS = ("AFQMC", "ATEC", "BQ", "LCQMC", ACROSS)


@dataclass(frozen=True)
class Parts:
    """A set's pairs; no text of ``test`` is in ``train``."""

    train: list[Pair]
    test: list[Pair]


def parts_of(name: str, data: Path) -> Parts:
    """A set as it is measured; :class:`DataError` if it is not there."""
    if name == "AFQMC":
        train, test = (read_pairs(data / "afqmc" / f"{part}.tsv") for part in ("train", "dev"))
        return apart(train, test)
    if name == ACROSS:
        train = [pair for each in ("AFQMC", "ATEC") for pair in parts_of(each, data).train]
        return apart(train, read_pairs(data / "bq" / "dev.csv"))
    if name == "ATEC":
        pairs = read_pairs(data / "atec" / "train.tsv", ("number", *COLUMNS))
    else:
        pairs = read_pairs(data / ("bq/dev.csv" if name == "BQ" else "lcqmc/dev.tsv"))
    return Parts(*split_pairs(pairs, TEST_SHARE))


def apart(train: Sequence[Pair], test: list[Pair]) -> Parts:
    asked = {text for pair in test for text in pair.texts}
    return Parts([pair for pair in train if asked.isdisjoint(pair.texts)], test)


def lexical(parts: Parts) -> float:
    """Spearman of the cosines of TF-IDF vectors."""
    counted = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
    counted.fit({text for pair in parts.train for text in pair.texts})
    first, second = (counted.transform([p.texts[n] for p in parts.test]) for n in (0, 1))
    cosines = np.asarray(first.multiply(second).sum(axis=1)).ravel()
    return float(spearmanr(cosines, [pair.label for pair in parts.test])[0])


def row(name: str, parts: Parts, most: int, bank: Bank, base: str) -> list[str]:
    """One line of the table."""
    learned = random.Random(7).sample(parts.train, min(most, len(parts.train)))
    with tempfile.TemporaryDirectory() as home:
        begun = now(processor=True)
        adapt_encoder(base, learned, Path(home, "adapted"))
        seconds = now(processor=True) - begun
        adapted = load_encoder(str(Path(home, "adapted")))
    figures = (
        lexical(Parts(learned, parts.test)),
        score_pairs(parts.test, load_encoder(base)).spearman,
        score_pairs(parts.test, adapted).spearman,
    )
    shown = [f"{100 * figure:.1f}" for figure in figures]
    recall = f"{recall_at_1(bank, adapted):.3f}"
    return [name, f"{len(learned)}", f"{len(parts.test)}", *shown, recall, f"{seconds:.0f} s"]


def recall_at_1(bank: Bank, encoder: Encoder) -> float:
    today = shanghai(utc_now()).date()
    return bank_recall(bank, encoder, off_topic(), today).recall_at_1


def main(names: Sequence[str], data: Path, most: int, markdown: bool) -> None:
    settings = load_settings()
    bank, base = load_bank(settings.faq_dir), settings.encoder_path
    rows = []
    with one_core():
        for name in track(names, "adapting", console=Console(stderr=True)):
            try:
                parts = parts_of(name, data)
            except DataError as error:
                print(f"{name}: left out: {error}", file=sys.stderr)
                continue
            rows.append(row(name, parts, most, bank, base))
        title = f"recall@1 before adapting: {recall_at_1(bank, load_encoder(base)):.3f}"
    heads = ("set", "learned", "asked", "TF-IDF", "from the bank", "adapted")
    show(title, (*heads, "recall@1", "adapting"), rows, markdown)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="SET", default=SETS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--markdown", action="store_true")
    main(**vars(parser.parse_args()))
