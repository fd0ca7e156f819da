"""Who is meant by a piece of text: whether it names somebody, and how far the name goes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.text.people import KIN, LONG_SURNAMES, ORGANISATIONS, ROLES, SURNAMES, TITLES
from bot.text.spacy_zh import blank_chinese
from bot.text.wordlist import words

if TYPE_CHECKING:
    from spacy.language import Language

LONGEST_IN_WORDS = 4

_NOBODY = re.compile(
    r"(?:我们?|俺|咱们?|你们?|您|他们?|她们?|它|自己|本人|别人|他人|对方|人家|其他人?|另外?.*|别的.*|谁|哪.*|大家|某.*"
    r"|人工|客服.*|坐席|专员|真人|银行|工作人员|经理|主管|柜台|网点|支付宝|微信.*|余额宝|零钱.*|他行.*|跨行.*|本行|行内|同行|同名.*|陌生人?"
    r"|去|安全.*|尾号.*|卡号.*|.{1,2}个人|人|上次.*|新|旧|金|白金|主|副|附属|[贵你我]行|那人|这人|.*自己|外国.*|内地.*|国际.*|境外.*|国外.*|海外|外地|异地|国内|外省|美国|香港|里面?|这里?|那里?|这边|那边|卡里?|账[户号上里]?|我的?卡.*|不同.*|多[个人].*"
    r"|证券.*|股票.*|资金.*|对公.*|公积金.*|社保.*|手机|.{0,4}银行|[中工农建交招]行|个人|个|我自己.*|一[个张下类].*|二类.*|这[个张].*|那[个张].*)"
)
# Words that no longer belong to a name, at the start of a word that jieba cuts.
_STOP_WORDS = frozenset(
    words(
        "可以 可 能 能不能 能否 行 行不行 行吗 吗 呢 吧 啊 呀 嘛 了 过 的 地 得 "
        "着 要 想 需要 需 多久 多少 怎么 怎样 咋 咋办 咋整 为什么 为啥 什么 没 "
        "没有 没到账 到账 到 在 是 不是 会 不会 不 失败 成功 一直 提示 显示 被 刚 "
        "刚才 就 先 再 又 然后 谢谢 快 急 急用 备注 附言 那里 那边 这边 那儿 一下 "
        "一笔 点 一点 些 钱 款 现在 马上 今天 明天 用 从 把 将 请 麻烦 帮 帮我 "
        "帮忙 手续费 限额 还是 还 也 都 和 跟 跟我 以及 转 转账 汇 汇款 打 打款 "
        "付 付款 发 交 过去 过来 出去 时 时候 后 之后 以后 前 之前 怎么办 如何 "
        "是否 有 有没有 吗? 对 好 好的 好吗 但 但是 结果 却 因为 所以 如果 的话 "
        "看 查 查询 办 弄 搞 搞定 操作 收 收到 退 退回 撤回 撤销 取消 错 错了 "
        "银行卡 卡 卡上 卡里 账户 账上 账号 户头 作为 当 做 买 还款 交易 每 每月 "
        "每个 咧 哩 哈 哦 噢 喔 嘞 啦 唉 哎 呗 么 咯 喽 诶 哒 一个 非得 必须 "
        "应该 晓得 分 分期 算 收费 免费 需不需要 实时 最快 最多 最高 限制 上限 额度 "
        "次 笔 元 块 块钱 开 开通 设置 说 告诉 说明 解释 调 改 修改 解 解冻 解绑 "
        "用来 够 够不够 够吗 另外 剩下 剩 "
    )
)
_MONEY_NOUN = re.compile(
    r"(?:.+[费款租]|押金|定金|租金|红包|工资|奖金|零花钱|现金|钱|货款|彩礼|礼金|房租)$"
)
_KNOWN = sorted(set(KIN) | set(ROLES), key=len, reverse=True)
_KNOWN_PERSON = re.compile(
    rf"(?:我们|我家|咱家|咱们|他们|你们|我|俺|咱|你|他|她)?的?(?:大学|高中|初中|小学|远房|亲|前|老)?(?:{'|'.join(_KNOWN)})"
)
_TITLED = re.compile(
    rf"(?:[小老阿大](?![额])[\u4e00-\u9fff]|(?:{'|'.join(LONG_SURNAMES)}|[{''.join(sorted(SURNAMES))}])(?:{'|'.join(TITLES)}))"
)
_FULL_NAME = re.compile(
    rf"(?:(?:{'|'.join(LONG_SURNAMES)})[\u4e00-\u9fff]{{1,2}}|[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff]{{1,2}})"
)
_PRONOUNS = "我你您俺咱他她"
# 宁波的丽姐, 装修的王工
_DESCRIBED = re.compile(r"([^的]{1,6})的")
_OFFICE = re.compile("|".join(ORGANISATIONS))
_ORGANISATION = re.compile(rf".*(?:{'|'.join(ORGANISATIONS)})$")


def without_money_nouns(name: str) -> str:
    """给孙子压岁钱转过去: the money is not part of the name."""
    parts = _cut(name)
    while len(parts) > 1 and _MONEY_NOUN.fullmatch(parts[-1]):
        parts.pop()
    return "".join(parts)


def is_payee(name: str) -> bool:
    """Whether all of ``name`` is somebody whom money can go to."""
    if not name or _NOBODY.fullmatch(name):
        return False
    if is_person(name) or _ORGANISATION.fullmatch(name):
        return True
    return name[0] not in _PRONOUNS and not any(word in _STOP_WORDS for word in _cut(name))


def name_at_start(text: str) -> str:
    """The name that ``text`` begins with, as far as its words go; empty if it names nobody."""
    length = _name_length(text)
    described = _DESCRIBED.match(text)
    if described and not _KNOWN_PERSON.fullmatch(described[1]):
        place = described.end()
        person = _KNOWN_PERSON.match(text, place) or _TITLED.match(text, place)
        length = person.end() if person else length
    name = text[:length]
    if not name or _NOBODY.fullmatch(name) or (name[0] in _PRONOUNS and not is_person(name)):
        return ""
    return name


def _name_length(text: str) -> int:
    known = _KNOWN_PERSON.match(text)
    if known:
        return known.end() + _length_behind_known(text[known.end() :])
    parts = _cut(text)
    if not _ORGANISATION.match(text):
        parts = parts[:LONGEST_IN_WORDS]
    length = 0
    for index, part in enumerate(parts):
        if _ends_name(part) and not (index == 1 and _is_given_name(parts)):
            break
        length += len(part)
    titled = _TITLED.match(text)
    return max(length, titled.end() if titled else 0)


def _is_given_name(parts: list[str]) -> bool:
    """Whether the second of ``parts`` is one: jieba may take it for a word (李 想)."""
    family = parts[0] in SURNAMES or parts[0] in LONG_SURNAMES
    return family and len(parts[1]) == 1 and len(parts) == 2


def _ends_name(part: str) -> bool:
    return part in _STOP_WORDS or bool(_MONEY_NOUN.fullmatch(part))


def _length_behind_known(rest: str) -> int:
    """Of the name that follows a role (房东李姐, 中介公司), 0 if none does."""
    behind = _KNOWN_PERSON.match(rest) or _TITLED.match(rest) or _OFFICE.match(rest)
    if behind:
        return behind.end()
    word = next(iter(_cut(rest)), "")
    return len(word) if _FULL_NAME.fullmatch(word) and word not in _STOP_WORDS else 0


def is_person(name: str) -> bool:
    """Whether ``name`` is kin, a role, a title or a full name (我妈, 房东李姐, 张总, 王建国)."""
    known = _KNOWN_PERSON.match(name)
    if known and _length_behind_known(name[known.end() :]) == len(name) - known.end():
        return True
    return bool(_TITLED.fullmatch(name) or _FULL_NAME.fullmatch(name))


def is_full_name(name: str) -> bool:
    """Whether ``name`` is a family name and a given name, as a bank knows people (王建国)."""
    return bool(_FULL_NAME.fullmatch(name)) and not (
        _KNOWN_PERSON.fullmatch(name) or _TITLED.fullmatch(name)
    )


def is_organisation(name: str) -> bool:
    """Whether ``name`` is a company's, a school's or the like (云杉物业公司)."""
    return bool(_ORGANISATION.fullmatch(name))


@lru_cache(maxsize=1)
def _segmenter() -> Language:
    return blank_chinese("jieba")


def _cut(text: str) -> list[str]:
    return [token.text for token in _segmenter().tokenizer(text)]
