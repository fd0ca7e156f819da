"""How a message sounds: typos of a pinyin keyboard, and pinyin itself, meet there."""

from __future__ import annotations

import os
from functools import lru_cache

# Characters are read one by one here; the table of phrases would only cost 45 MB of memory.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")


@lru_cache(maxsize=8192)
def _syllables(character: str) -> str:
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(character))


def letters(text: str) -> str:
    """``text`` as toneless pinyin letters without blanks.

    ``转账``, ``转帐``, ``zhuan zhang`` and ``ZhuanZhang`` are all ``zhuanzhang``; what has no
    pinyin stays. Each character is read by itself, so one reading stands for all its others.
    """
    return "".join(_syllables(c) for c in text.lower() if not c.isspace())
