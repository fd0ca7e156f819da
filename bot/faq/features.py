"""What a question is made of: words, characters and pairs of characters, and how it sounds."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from bot.text.normalise import normalise
from bot.text.sound import letters

_PLAIN = re.compile(r"[^\w]+")


@lru_cache(maxsize=1)
def _jieba():  # type: ignore[no-untyped-def]
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.dt


# Encoder and judges ask for the same text one after the other; more would only fill memory.
@lru_cache(maxsize=16)
def _bare(text: str) -> str:
    return _PLAIN.sub(" ", normalise(text).lower())


@lru_cache(maxsize=16)
def features(text: str) -> tuple[str, ...]:
    """The distinct features of a text, sorted: ``w:`` words, ``c:`` characters, ``b:`` bigrams."""
    bare = _bare(text)
    found = {f"w:{word}" for word in _jieba().lcut(bare) if len(word) > 1 and word.strip()}
    for run in bare.split():
        found |= {f"c:{character}" for character in run}
        found |= {f"b:{run[i : i + 2]}" for i in range(len(run) - 1)}
    return tuple(sorted(found))


def sounds(text: str) -> tuple[str, ...]:
    """The distinct runs of four and five letters of a text's pinyin, sorted.

    Homophone typos and pinyin typed as such have them in common with the written question.
    """
    heard = letters(_bare(text))
    return tuple(sorted({heard[i : i + n] for n in (4, 5) for i in range(len(heard) - n + 1)}))


def codes(found: Iterable[str]) -> np.ndarray:
    """Features as numbers that need no vocabulary: distinct CRC-32 codes, sorted, uint32.

    Two of a hundred thousand features share a code about once.
    """
    return np.unique(np.array([zlib.crc32(each.encode()) for each in found], dtype=np.uint32))
