"""Adapting a sentence encoder to a bank's own question pairs, and what it costs the FAQ bank."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import Invalid
from bot.faq.bank import Bank
from bot.faq.encoder import (
    HELD_OUT_SHARE,
    Encoder,
    check_there,
    open_model,
    rarity,
    replace_model,
)
from bot.faq.evaluate import Report, evaluate
from bot.faq.features import features
from bot.faq.ngram_table import Vocabulary, own_module
from bot.faq.pair_training import Adaptation, Course
from bot.faq.pairs import Pair

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# What every saved model has.
MODULES = "modules.json"


def adapt_encoder(
    name: str,
    pairs: Sequence[Pair],
    folder: Path,
    adaptation: Adaptation = Adaptation(),  # noqa: B008 - frozen
    tell: Callable[[float], None] = lambda share: None,
) -> None:
    """Train a copy of an encoder on pairs and save it in ``folder`` as an ordinary model.

    A model that is there already is replaced when the new one is whole.

    Args:
        name: of the encoder to start from, as :func:`bot.faq.encoder.load_encoder` takes it.
        pairs: with two different labels at least.
        tell: called with the share that is done, in 0..1.

    Raises:
        ConfigError: there is no such encoder.
        Invalid: the folder holds that encoder, or something that is no model.
    """
    import torch

    _check_place(folder, name)
    check_there(name)
    with torch.random.fork_rng():
        torch.manual_seed(adaptation.seed)
        model = _opened(name, {text for pair in pairs for text in pair.texts})
        for share in Course(model, pairs, adaptation).steps():
            tell(share)
    replace_model(folder, model)


def _check_place(folder: Path, name: str) -> None:
    if folder.resolve() == Path(name).resolve():
        raise Invalid(f"{folder} 就是要调整的编码器，不能原地改：请换一个文件夹")
    if folder.exists() and not (folder / MODULES).exists() and any(folder.iterdir()):
        raise Invalid(f"{folder} 里不是编码器，不会覆盖：请换一个文件夹")


def _opened(name: str, texts: set[str]) -> SentenceTransformer:
    own = own_module(Path(name))
    if own is None:
        return open_model(name)
    from sentence_transformers import SentenceTransformer

    from bot.faq.ngram_embedding import NgramEmbedding

    module = NgramEmbedding.load(str(own))
    module.vocabulary = _weighted(module.vocabulary.buckets, texts)
    return SentenceTransformer(modules=[module], device="cpu")


def _weighted(buckets: int, texts: set[str]) -> Vocabulary:
    """Inverse document frequencies in these texts, which serve better than the ones of before.

    What only one text has weighs as much as what none has, so no such word is kept in the model.
    """
    counts = Counter(feature for text in texts for feature in features(text))
    total = len(texts)
    shared = {feature: count for feature, count in counts.items() if count > 1}
    return Vocabulary(buckets, rarity(shared, total), round(math.log(1 + total), 4))


def bank_recall(bank: Bank, encoder: Encoder, off_topic: Sequence[str], today: date) -> Report:
    """How well the bank answers wordings that neither its encoder nor its index has seen.

    Every second held-out wording is taken out and asked; the others calibrate.
    """
    from bot.faq.publish import build

    entries = [entry for entry in bank.entries if entry.answers(today, "public")]
    cases = [(text, entry.id) for entry in entries for text in entry.variants if _asked(text)]
    rest = [
        replace(entry, variants=tuple(text for text in entry.variants if not _asked(text)))
        for entry in entries
    ]
    built = build(Bank(tuple(rest), bank.places), encoder, off_topic)
    return evaluate(built.retriever(), cases, today)


def _asked(question: str) -> bool:
    return zlib.crc32(question.encode()) % (2 * HELD_OUT_SHARE) == 0
