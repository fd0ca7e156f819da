"""What of a conversation may be shown to people who have no part in it: nothing personal.

Masking is the floor, not the measure: a text is either free of numbers, secrets, names and
stories, or it is not quoted at all. A question lost is asked again; a customer's data, once shown,
cannot be taken back.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.text.cards import find_card_tails
from bot.text.masking import HIDDEN, drop_secrets, mask_text
from bot.text.normalise import normalise
from bot.text.people import KIN, LONG_SURNAMES, ROLES, SURNAMES, TITLES

if TYPE_CHECKING:
    from jieba import Tokenizer

# Questions are short, as 19 of 20 wordings of the bank are. What is longer tells a story.
LONGEST, MOST_CLAUSES = 40, 5
# What an agent writes may be an answer of some paragraphs, but not a conversation.
LONGEST_ANSWER, LONGEST_LINE = 600, 300
# Shorter than this nothing is asked, and nothing answered: "你好", "请稍等".
SHORTEST, SHORTEST_LINE = 3, 8

_HAN = re.compile("[\u3400-\u9fff]")
_CLAUSE = re.compile(r"[，。？！；,.?!;\s]+")
# From four digits on it may be a card's tail, a code, a day's exact sum; a year or a round sum is
# nobody's, and so is a hotline.
_NUMBER = re.compile(r"\d(?:[\s\-.,]?\d){3,}")
_HARMLESS = re.compile(
    r"(?<!\d)(?:20\d\d(?=年)|[1-9]\d?0{3,}(?=元|块|美元|的|以|$)|(?:95\d{3}|96110|12(?:378|363|345|333|123|315|386))(?!\d))"
)
_SPOKEN_NUMBER = re.compile("[零〇一二三四五六七八九幺两]{5,}")
_ADDRESS = re.compile(
    r"@|https?:|www\.|\d+(?:号楼|单元|栋|室|弄|号院)|路\d+号|(?:小区|花园|公寓)\d"
)

# Family names that in a bank are words far more often: 钱会, 费能, 车贷, 白户, 金卡, 解绑, 商贷.
_RATHER_WORDS = frozenset(
    "钱费时全查成保连来包和白金车高水解商房仲付贺盖安石段万申华银单应花管计原官常边莫易家"
)
_SURE = "".join(sorted(SURNAMES - _RATHER_WORDS))
_LONG = "|".join(name for name in LONG_SURNAMES if name != "东方")
_GIVEN = "[\u4e00-\u9fff]{1,2}"
_FULL_NAME = re.compile(f"(?:{_LONG}|[{_SURE}]){_GIVEN}")
_ANY_NAME = f"(?:{_LONG}|[{''.join(sorted(SURNAMES))}]){_GIVEN}"
_KNOWN_BY = "|".join(
    sorted(
        {*KIN, *ROLES} - {"公司", "单位", "学校", "财务", "学生", "物业", "医院", "会计"},
        key=len,
        reverse=True,
    )
)
_TITLE = "|".join(sorted({*TITLES, "行长", "柜员"} - {"总", "工", "董", "同学"}))
_NAMED = re.compile(
    rf"(?:我叫|名叫|名字[是叫]|姓名[是:：]?|户名[是:：]){_ANY_NAME}"
    rf"|(?:我是|本人|{_KNOWN_BY}){_FULL_NAME.pattern}(?=$|[，。,.\s]|的|能|可|在|是|想|要|去|她|他)"
    rf"|{_FULL_NAME.pattern}(?=的(?:账户|卡|账号|余额|流水|工资|存款|贷款)|名下)"
    rf"|(?:{_LONG}){_GIVEN}"
    # 张女士, 小王经理; not 理财经理 or 基金经理
    rf"|(?<![基理])[{''.join(sorted(SURNAMES))}](?:{_TITLE})"
)
# Counted cards and notes (这张卡, 办张新卡), and common words that begin like a name.
_NO_NAME = re.compile(
    r"张(?:[新旧金白假]?卡|[假新红票纸钱嘴口能要扣变好去全])|明白|周转|孙[子女]|岳[父母]母?|谢谢|顾客|韩元"
)


def quotable(text: str) -> str | None:
    """A customer's words, normalised, if they could be anybody's question; else ``None``."""
    plain = normalise(text)
    bare = "".join(filter(str.isalnum, plain))
    if len(bare) < SHORTEST or len(plain) > LONGEST or not _HAN.search(plain):
        return None
    if len([clause for clause in _CLAUSE.split(plain) if clause]) > MOST_CLAUSES:
        return None
    return None if _personal(plain) else plain


def quotable_answer(texts: list[str]) -> str:
    """An agent's lines that say something and hold nothing of the customer's, one below the other;
    empty if there is none."""
    lines = [text.strip() for text in texts]
    kept = [
        line
        for line in lines
        if SHORTEST_LINE <= len(line) <= LONGEST_LINE and not _personal(normalise(line))
    ]
    answer = "\n".join(dict.fromkeys(kept))
    return answer if len(answer) <= LONGEST_ANSWER else ""


def _personal(plain: str) -> bool:
    if HIDDEN in plain or drop_secrets(plain)[1] or mask_text(plain) != plain:
        return True
    numbers = _HARMLESS.sub("", plain)
    if _NUMBER.search(numbers) or _SPOKEN_NUMBER.search(plain) or find_card_tails(numbers):
        return True
    return bool(_ADDRESS.search(plain) or _NAMED.search(plain)) or _names_somebody(plain)


def _names_somebody(plain: str) -> bool:
    """Whether a word is a name that the dictionary has, or one built like a name that it lacks."""
    words, names = _dictionary()
    cut = words.lcut(_NO_NAME.sub("，", plain))
    # 王秀英 may be cut into family and given name.
    pairs = [
        family + given
        for family, given in zip(cut, cut[1:], strict=False)
        if len(family) == 1 and given in names
    ]
    built = [word for word in cut if word in names or not words.FREQ.get(word)]
    return any(_FULL_NAME.fullmatch(word) for word in (*built, *pairs))


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Tokenizer, frozenset[str]]:
    """jieba, and those of its words that it takes for names of people (tags ``nr…``)."""
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    with jieba.dt.get_dict_file() as file:
        rows = (line.decode().split() for line in file)
        names = frozenset(word for word, _, tag in rows if tag.startswith("nr") and len(word) > 1)
    return jieba.dt, names
