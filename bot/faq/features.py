"""What a question is made of: words, characters and pairs of characters."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

from bot.text.normalise import normalise

_PLAIN = re.compile(r"[^\w]+")


@lru_cache(maxsize=1)
def _jieba():  # type: ignore[no-untyped-def]
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.dt


@lru_cache(maxsize=4096)
def features(text: str) -> tuple[str, ...]:
    """The distinct features of a text, sorted: ``w:`` words, ``c:`` characters, ``b:`` bigrams."""
    bare = _PLAIN.sub(" ", normalise(text).lower())
    found = {f"w:{word}" for word in _jieba().lcut(bare) if len(word) > 1 and word.strip()}
    for run in bare.split():
        found |= {f"c:{character}" for character in run}
        found |= {f"b:{run[i : i + 2]}" for i in range(len(run) - 1)}
    return tuple(sorted(found))
