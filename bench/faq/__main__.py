"""Compares ways to find the FAQ entry that a customer means, on the same bank and questions.

    python -m bench.faq [NAME ...] [--epochs N] [--markdown]

The bank is `data/faq` (approved entries), the questions those of tests/rasa/nlu that have an entry,
and its texts that are none of a bank's business. Ours is the publication in use as it is; the
baselines are fitted on every wording, each in a process of its own on one core, and decide as
:mod:`bench.faq.calibrated` says, in which the test questions have no part. "from nothing" is
training and building, for ours the encoder's training too; "edit" is the time from a saved edit to
its being answered: publishing and take-up by a running process for ours, fitting anew for the
baselines. Candidates after the third count as not found.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.faq.measure import apart, memory, now, one_core, timed
from bench.faq.tables import show

TESTS = Path("tests/rasa/nlu")
OURS, SELECTOR, BM25, TFIDF = "ours", "ResponseSelector", "BM25", "TF-IDF"
NAMES = (OURS, SELECTOR, BM25, TFIDF)
# Passes over the questions that ResponseSelector trains in a quarter of an hour on one core.
EPOCHS = 20
# Held-out wordings and foreign texts that calibrate a baseline, of each at most.
MOST_ASKED = 1500
WARM_UP = 20
FIGURES = {
    "recall_at_1": ("recall@1", ".3f"),
    "recall_at_3": ("recall@3", ".3f"),
    "mrr": ("MRR of the first three", ".3f"),
    "wrong": ("wrong among given answers", ".3f"),
    "unanswered": ("questions with neither answer nor fitting choice", ".3f"),
    "clarified": ("questions asked back", ".3f"),
    "false_answers": ("foreign texts answered", ".3f"),
    "p50": ("search p50, ms", ".2f"),
    "p95": ("search p95, ms", ".2f"),
    "build": ("from nothing, s", ".1f"),
    "edit": ("edit until answered, s", ".1f"),
    "memory": ("memory, MB", ".0f"),
}


def ask(name: str, epochs: int) -> dict[str, Any]:
    """One column; runs in a process of its own."""
    from bot.faq.evaluate import labelled_cases, summarise

    cases = labelled_cases(TESTS)
    answered, waits = [], []
    with one_core():
        answer, rest = _ours(cases) if name == OURS else _baseline(name, epochs)
        for case in cases[:WARM_UP]:
            answer(*case)
        for case in cases:
            begun = now()
            answered.append(answer(*case))
            waits.append((now() - begun) * 1000)
    known = [each for each in answered if each.wanted is not None]
    return {
        **asdict(summarise(answered)),
        "clarified": sum(each.decision == "clarify" for each in known) / max(1, len(known)),
        "p50": statistics.median(waits),
        "p95": statistics.quantiles(waits, n=20)[18],
        "memory": memory(),
        **rest(),
    }


_Answer = Callable[[str, str | None], Any]
_Rest = Callable[[], dict[str, float]]


def _ours(cases: Sequence[tuple[str, str | None]]) -> tuple[_Answer, _Rest]:
    """How it answers, and what else is measured once it has."""
    from bench.faq.ours import Ours

    ours = Ours()

    def rest() -> dict[str, float]:
        with tempfile.TemporaryDirectory() as scratch:
            edit = ours.edit(Path(scratch), cases)
            return {"edit": edit, "build": ours.from_nothing(Path(scratch))}

    return ours.answer, rest


def _baseline(name: str, epochs: int) -> tuple[_Answer, _Rest]:
    from bench.faq.baselines import Bm25, Ranker, TfIdf
    from bench.faq.calibrated import Chance
    from bench.faq.selector import Selector
    from bot.faq.bank import load_bank
    from bot.faq.encoder import held_out
    from bot.faq.surroundings import off_topic
    from bot.settings import load_settings
    from bot.text.normalise import normalise

    makers: dict[str, Callable[[], Ranker]] = {
        BM25: Bm25,
        TFIDF: TfIdf,
        SELECTOR: lambda: Selector(epochs),
    }
    questions = [
        (normalise(question), entry.id)
        for entry in load_bank(load_settings().faq_dir).entries
        if entry.status == "approved"
        for question in entry.questions
    ]
    ranker = makers[name]()
    ranker.fit([each for each in questions if not held_out(each[0])])
    unseen = [each for each in questions if held_out(each[0])]
    foreign = [(normalise(text), None) for text in off_topic()]
    asked = [*spread(unseen, MOST_ASKED), *spread(foreign, MOST_ASKED)]
    chance = Chance([(wanted, ranker.rank(text)) for text, wanted in asked])
    ranker = makers[name]()
    build = timed(lambda: ranker.fit(questions))
    return (
        lambda text, wanted: chance.decide(text, wanted, ranker.rank(text)),
        # Nothing learns an edit but by being fitted on everything again.
        lambda: {"build": build, "edit": build},
    )


def spread(items: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many, evenly spread."""
    return items[:: -(-len(items) // most)]


def main(names: list[str], epochs: int, markdown: bool) -> None:
    columns = []
    for name in names:
        columns.append(apart("bench.faq", "--ask", name, "--epochs", str(epochs)))
        print(name, columns[-1], file=sys.stderr, flush=True)
    rows = [
        [title, *(format(column[key], form) for column in columns)]
        for key, (title, form) in FIGURES.items()
    ]
    title = f"{columns[0]['questions']} questions; ResponseSelector {epochs} epochs"
    show(title, ["figure", *names], rows, markdown)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=list(NAMES), help=f"of {', '.join(NAMES)}")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of ResponseSelector")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--ask", choices=NAMES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(ask(given.ask, given.epochs)))
    else:
        main(given.names, given.epochs, given.markdown)
