"""One way of writing a message, whatever keyboard, width or script it came in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

# Longer runs of one character ("好好好好好", "？？？？") say no more than this many.
LONGEST_RUN = 3

_RUNS = re.compile(rf"(\D)\1{{{LONGEST_RUN},}}")
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}，。？！、：；])\s+|\s+(?=[{_HAN}，。？！、：；])")
_BLANKS = re.compile(r"\s+")
# Symbols that carry no words: emoji and pictographs, with their joiners and modifiers.
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2190-\u21ff\u2b00-\u2bff\ufe00-\ufe0f\u200d\u20e3"
    "\U000e0020-\U000e007f]+"
)


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


# Whoever reads a message normalises it; more than the messages at hand need not be remembered.
@lru_cache(maxsize=64)
def normalise(text: str) -> str:
    """Fold width (NFKC) and script (traditional to simplified), drop what is not seen.

    Control and zero-width characters and pictographs go, blanks beside Chinese characters go,
    other blanks become one space, runs of one character are cut to :data:`LONGEST_RUN`.
    Applying it twice changes nothing more.
    """
    folded = unicodedata.normalize("NFKC", text)
    folded = _PICTURES.sub(" ", folded)
    kept = "".join(" " if c in "\n\t\r" else c for c in folded if _visible(c))
    simplified = _to_simplified().convert(kept)
    tight = _BLANK_BESIDE_HAN.sub("", _BLANKS.sub(" ", simplified)).strip()
    return _RUNS.sub(lambda run: run.group(1) * LONGEST_RUN, tight)


def _visible(character: str) -> bool:
    return character in "\n\t\r" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
