"""What a short text says and what it leaves out: "多久到账" asks of nothing, "那信用卡呢" asks nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.errors import DataError

WORDS = Path("data/follow_up.yml")
# Kinds of words; what each is for stands in the file.
KINDS = (
    "openers", "leads", "pronouns", "things", "likewise", "tags", "asking", "aspects", "particles",
)  # fmt: skip

_BREAKS = re.compile(r"[，。？！、；：,.?!;:…~\s“”\"'‘’（）()《》]+")
# "这个月" and "那天" are times, and no pronouns.
_TIME = "(?!月|礼拜|星期|周|年|日|天|时候|点)"
_PARTICLES_AT_END = "的了吗嘛呢呀啊哦呗哈吧么啦也都就要能会我您是"
_CLOSING = "呢呀啊哦呗哈吧啦"


@dataclass(frozen=True)
class Reading:
    """A text taken apart.

    Attributes:
        core: the text without what leads in, the pronoun it begins with and closing particles.
        refers: it points back: "那……", "它……", "……呢".
        things: things a customer may ask about that it names.
        content: what is neither grammar nor asked of almost anything, things included.
        asks: it holds a question word or ends like a question.
        likewise: it says nothing of a thing but that it is asked about too ("信用卡也收吗").
    """

    core: str
    refers: bool
    things: tuple[str, ...]
    content: tuple[str, ...]
    asks: bool
    likewise: bool


class Vocabulary:
    """The words of :data:`WORDS`; reading a text with them takes microseconds."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        kinds = {kind: tuple(words[kind]) for kind in KINDS}
        self._opener = re.compile(rf"^(?:(?:{_any(kinds['openers'])})[,，:：]?)+")
        self._lead = re.compile(rf"^(?:(?:{_any(kinds['leads'])})[,，]?)+")
        self._pronoun = re.compile(rf"^(?:{_any(kinds['pronouns'])}){_TIME}|它们?$")
        self._thing = re.compile(_any(kinds["things"]), re.I)
        self._likewise = re.compile(rf"(?:{_any(kinds['likewise'])})*")
        self._tag = re.compile(rf"(?:{_any(kinds['tags'])})")
        self._asking = re.compile(_any(kinds["asking"]))
        known = (*kinds["asking"], *kinds["aspects"], *kinds["things"])
        self._known = re.compile(_any(known), re.I)
        self._asking_words = frozenset(kinds["asking"])
        self._things = frozenset(word.lower() for word in kinds["things"])
        self._particles = frozenset("".join(kinds["particles"]))

    @classmethod
    @cache
    def load(cls, path: Path = WORDS) -> Vocabulary:
        """Read the file, once in a process.

        Raises:
            DataError: it is missing, or a kind of words is unknown or missing.
        """
        if not path.exists():
            raise DataError(f"{path}: 没有这个文件（请在项目的根目录运行）")
        content = YAML(typ="safe").load(path)
        if not isinstance(content, dict) or set(content) != set(KINDS):
            raise DataError(f"{path}: 应恰好有这些词表：{'、'.join(KINDS)}")
        for kind, line in content.items():
            if not isinstance(line, str):
                raise DataError(f"{path}: {kind}: 应是用空格分开的词（{line!r}）")
        return cls({kind: line.split() for kind, line in content.items()})

    def read(self, text: str) -> Reading:
        """Take a normalised text apart."""
        core = self.opened(text)
        without = self._lead.sub("", core, count=1)
        spoken = self._pronoun.sub("", without, count=1)
        bare = spoken.rstrip(_CLOSING)
        things = self.things(bare)
        rest = self._thing.sub("", bare)
        return Reading(
            core=bare,
            refers=without != core or spoken != without or spoken.endswith("呢"),
            things=things,
            content=self._parts(bare, aspects=False),
            asks=self.asks(bare),
            likewise=bool(things) and self._likewise.fullmatch(rest) is not None,
        )

    def opened(self, text: str) -> str:
        """The text without polite openers ("请问", "对了") and marks at its ends."""
        return self._opener.sub("", text.strip(" ，。？！；,.?!;~…"), count=1)

    def asks(self, text: str) -> bool:
        """Whether a clause holds a question word or ends like a question."""
        end = _BREAKS.sub("", text[-4:])
        return self._asking.search(text) is not None or end.endswith(("吗", "么", "嘛", "不", "没"))

    def tags(self, clause: str) -> bool:
        """Whether a clause only asks on about the one before: "对吗", "怎么办"."""
        return self._tag.fullmatch(_BREAKS.sub("", clause)) is not None

    def things(self, text: str) -> tuple[str, ...]:
        """Things that a text names, in order; of overlapping names the longest."""
        return tuple(dict.fromkeys(self._thing.findall(text)))

    def replaced(self, question: str, by: str) -> list[str]:
        """``question`` asked of something else."""
        asked = question
        for part in self._parts(question, aspects=False):
            asked = asked.replace(part, "", 1)
        found = self._thing.search(question)
        if found is None:
            return [by + asked]
        ahead, behind = question[: found.start()], question[found.end() :]
        # "外币呢" after "存款利率" narrows down what was asked about rather than replacing it.
        return [ahead + by + behind, ahead + by + found.group() + behind, by + asked]

    def subjects(self, question: str) -> list[str]:
        """What a question may be about, from all it says down to the one thing it names."""
        said = "".join(self._parts(question, aspects=True))
        about = "".join(self._parts(question, aspects=False))
        things = self.things(question)
        within = [each for thing in things for each in self._inside(thing)]
        found = [said, about, "".join(things), *things[:1], *within[:1]]
        return [each for each in dict.fromkeys(found) if each]

    def names(self, question: str) -> list[str]:
        """The things a question names, and those that a longer thing's name holds."""
        things = self.things(question)
        return [*things, *(each for thing in things for each in self._inside(thing))]

    def _inside(self, thing: str) -> list[str]:
        """Things whose name a longer one's holds: "分期" of "现金分期", "理财" of "理财产品"."""
        ends = [thing[n:] for n in range(1, len(thing) - 1)]
        starts = [thing[:n] for n in range(len(thing) - 1, 1, -1)]
        held = [each for each in ends if each.lower() in self._things]
        return held or [each for each in starts if each.lower() in self._things]

    def _parts(self, text: str, *, aspects: bool) -> tuple[str, ...]:
        found, last = [], 0
        for match in self._known.finditer(text):
            found.append(self._tidy(text[last : match.start()]))
            word = match.group()
            if word.lower() in self._things or (aspects and word not in self._asking_words):
                found.append(word)
            last = match.end()
        found.append(self._tidy(text[last:]))
        return tuple(filter(None, found))

    def _tidy(self, piece: str) -> str:
        plain = _BREAKS.sub("", piece)
        if self._particles.issuperset(plain):
            return ""
        return plain.strip(_PARTICLES_AT_END)


def _any(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
