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


def _bare(text: str) -> str:
    return _PLAIN.sub(" ", normalise(text).lower())


def features(text: str) -> set[str]:
    """The features of a text: ``w:`` words, ``c:`` characters, ``b:`` bigrams."""
    bare = _bare(text)
    found = {f"w:{word}" for word in _jieba().lcut(bare) if len(word) > 1 and word.strip()}
    for run in bare.split():
        found |= {f"c:{character}" for character in run}
        found |= {f"b:{run[i : i + 2]}" for i in range(len(run) - 1)}
    return found


def sounds(text: str) -> set[str]:
    """The runs of four and five letters of a text's pinyin.

    Homophone typos and pinyin typed as such have them in common with the written question.
    """
    heard = letters(_bare(text))
    return {heard[i : i + n] for n in (4, 5) for i in range(len(heard) - n + 1)}


def code(found: Iterable[str]) -> np.ndarray:
    """Features as numbers that need no vocabulary: CRC-32 codes, uint32, in the same order.

    Two of a hundred thousand features share a code about once.
    """
    return np.array([zlib.crc32(each.encode()) for each in found], dtype=np.uint32)


# Encoder and judges ask for the same text one after the other; more would only fill memory.
@lru_cache(maxsize=16)
def written_codes(text: str) -> np.ndarray:
    """Codes of :func:`features`, ascending."""
    return np.unique(code(features(text)))


def sound_codes(text: str) -> np.ndarray:
    """Codes of :func:`sounds`, ascending."""
    return np.unique(code(sounds(text)))


def look_up(asked: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the ``asked`` codes are among ``codes``, which ascend; and the places of those.

    Asking in ascending order is quicker.
    """
    if not len(codes):
        return np.zeros(len(asked), dtype=bool), np.zeros(0, dtype=np.int64)
    places = np.minimum(np.searchsorted(codes, asked), len(codes) - 1)
    there = codes[places] == asked
    return there, places[there]
