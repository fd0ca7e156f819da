"""The one place where spaCy is imported: without torch, which nothing here needs.

thinc, under spaCy, imports torch whenever it can, for models that we don't use: 490 MB in every
process that reads entities. It takes a missing torch for an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


@contextmanager
def without_torch() -> Iterator[None]:
    """Let ``import torch`` fail inside, unless torch is loaded already; it works again outside."""
    hidden = "torch" not in sys.modules
    if hidden:
        # ``None`` in sys.modules makes an import fail with ImportError (Python reference, 5.3.1).
        sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules["torch"]


def blank_chinese(segmenter: str = "char") -> Language:
    """An empty Chinese pipeline; ``segmenter`` is ``char`` or ``jieba``."""
    with without_torch():
        import spacy

        return spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": segmenter}}})
