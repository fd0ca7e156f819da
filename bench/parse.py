"""Measures how long the trained understanding takes for a message, on one core.

    python -m bench.parse [--every N]

Asks every N-th message of the regression set of the model in `models/`, several times, and prints the
quickest pass beside the seconds of a loop of 20 million additions, which tell how fast the machine is now.
"""

from __future__ import annotations

import argparse
import statistics
import timeit
from pathlib import Path

from bench.faq.measure import one_core, quickest_pass
from bot.nlu.development import read_labelled
from bot.nlu.pipeline import Pipeline

MODEL, TESTS = Path("models/assistant.tar.gz"), Path("tests/rasa/nlu")
PASSES, WARM_UP = 3, 30


def main(every: int) -> None:
    texts = [each.text for each in read_labelled(TESTS)][::every]
    with one_core():
        pipeline = Pipeline.load(MODEL)
        for text in texts[:WARM_UP]:
            pipeline.parse(text)
        waits = quickest_pass(pipeline.parse, texts, PASSES)
        loop = timeit.timeit("s += 1", "s = 0", number=20_000_000)
    p95 = statistics.quantiles(waits, n=20)[18]
    print(f"{len(texts)} messages: p50 {statistics.median(waits):.1f} ms, p95 {p95:.1f} ms")
    print(f"loop of 20 million additions: {loop:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=8)
    main(**vars(parser.parse_args()))
