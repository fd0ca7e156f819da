"""To whom money goes, as the customer calls them: 转500给小雨, 向王建国汇款, 转到李梅账上."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.names import is_payee, is_person, name_at_start, without_money_nouns
from bot.text.spans import TAKEN, Span

# How many places of a message are looked at: a limit on work, not on people.
MOST_CANDIDATES = 8
LONGEST_PAYEE = 24

_SUM = "\ue001"  # a sum of money in the hidden text
_OTHER = TAKEN + _SUM
_QUOTE = "\"'“”‘’「」『』《》()（）【】"
_NAME = rf"[^\s,.。!?;:、\d{_QUOTE}{_OTHER}]"
_HOLDS = r"(?:的|那)?(?:银行)?(?:账户|帐户|账号|帐号|对公户|账|帐|户头|卡|名下|那里|那边|那儿|这边|手里|手上|折子|存折)(?:号)?(?:上|里|里面|上面|头)?"
# Verbs that move money, and what they must not run on to.
_MOVE = (
    r"(?:转(?!人工|接|换|告|达|正|定期|活期|让|发|成|为|不了人|[一二]?类)|汇(?!率|报|丰)|(?<!首)付(?!出代价|费方式)"
    r"|打(?!电话|[了过个]{0,2}[一两三几]?[个次]?电话|印|开|算|折|听|招呼|扰|卡|单|断|不开|不通|不进|错电话)"
    rf"|划(?!算)|支付|拨款|拨(?={_SUM})|寄(?=钱|{_SUM})|还钱|塞红包|包红包"
    rf"|发(?=[了过个]{{0,2}}{_SUM}|[了过个]{{0,2}}(?:工资|奖金|红包|薪|钱|劳务费|佣金|提成))"
    rf"|交(?=[了过]?{_SUM}?(?:房租|租金|押金|定金|货款|尾款|工程款))"
    rf"|结(?=[了过]?{_SUM}?(?:工资|货款|尾款|工程款|账款)))"
)
_ADVERB = (
    r"(?:先|再|又|也|都|还|就|才|刚|刚刚|刚才|一次性|一次|多|重新|现在|马上|立刻|立即|每个?月|每周|每年|按月|自动|定时|直接|各|分别"
    r"|帮忙|单独|另外|额外|一直|已经|没|不小心|误|重复|错|连续|同时|总共|一共|想|要|能|可以|陆续|前后|怎么|如何|快速|实时)+"
)
# 给小雨转, 往周凯账户打, 向王建国汇款
_TO_VERB = re.compile(
    rf"(?<![转汇打付划还支借交发寄])(?:给|向|往|朝)(?P<name>{_NAME}{{1,{LONGEST_PAYEE}}}?)"
    rf"(?P<holds>{_HOLDS})?(?:{_ADVERB})?(?:把?{_SUM}+)?(?:{_ADVERB})?{_MOVE}"
)
# 往我妈卡里存两千
_TO_ACCOUNT = re.compile(
    rf"(?:给|向|往)(?P<name>{_NAME}{{1,{LONGEST_PAYEE}}}?){_HOLDS}(?:{_ADVERB})?存"
)
_THING = r"(?:账|帐|款|钱|现金|红包|货款|尾款|房租|工资|生活费|[^\s,。给]{1,3}[费款金])"
# 转给小雨, 转500给小雨, 转一笔钱给表哥, 转个账,给许文
_VERB_TO = re.compile(
    r"(?P<verb>转|汇|付|支付|打|划|拨|寄|发|交|还|借|退)"
    rf"(?P<gap>账|帐|款|钱)?(?:[了过去回出])?(?:[一两]?[笔点些个])?{_THING}?(?:大概|差不多)?"
    rf"(?P<sum>{_SUM}*)(?:左右)?(?:的?{_THING})?(?:出去|过去)?,?给了?[{_QUOTE}]?(?P<name>{_NAME}{{1,{LONGEST_PAYEE}}})"
)
# 转到李梅账上
_INTO = re.compile(
    rf"(?:转|汇|打|存|付|划|充)(?:账|款|钱)?[了过]?(?:[一两]?[笔点些个])?(?:钱|款)?{_SUM}*(?:块|钱)?(?:到|进|入|至|去)"
    rf"(?P<name>{_NAME}{{1,{LONGEST_PAYEE}}}?)(?P<holds>{_HOLDS})"
)
# 收款人是李梅
_NAMED = re.compile(
    rf"收款(?:人|方|账?户名?|对象|单位)(?:姓名|名字|名称)?(?P<is>(?:是|为|叫|写|填|:){{1,2}})?[{_QUOTE}]?(?P<name>{_NAME}{{1,{LONGEST_PAYEE}}})"
)
# 转小雨500, 打我妈卡上三千, 给我弟两千: only whom we know for a person, right before a sum
_DIRECT = re.compile(
    rf"(?<!到)(?:转账?|汇款?|打|付款?|支付|给)(?![钱款账])(?P<name>{_NAME}{{1,8}}?)(?P<holds>{_HOLDS})?(?={_SUM}|\d{{2,7}}(?!\d))"
)

_MONEY_BESIDE = re.compile(rf"[{_SUM}钱款租][^,.。!?]{{0,4}}$")
_SUM_NEXT = re.compile(rf"[\s,]?(?:[{_SUM}\d]|红包)")
_MONEY_SPOKEN_OF = re.compile(rf"[{_SUM}钱款薪费]|\d|工资|红包|一笔")
_AND = re.compile(r"[和跟与]")


def find_payees(hidden: str, text: str, sums: Sequence[Span[int | None]]) -> list[Span[str]]:
    """Every payee in ``text``; the value is the name as written.

    ``hidden`` is ``text`` with places that mean something else hidden (see
    :func:`bot.text.spans.hide`); ``sums`` are the sums of money in it.
    """
    if not any(mark in hidden for mark in "给向往朝转汇打付收"):
        return []
    masked = list(hidden)
    for span in sums:
        masked[span.start : span.end] = _SUM * (span.end - span.start)
    plain = "".join(masked)
    found: list[Span[str]] = []
    for start, end in _candidates(plain):
        for first, last in _split(text, start, end):
            name = text[first:last]
            if not any(span.overlaps(first, last) for span in found):
                found.append(Span(first, last, name, name))
    return found


def _candidates(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for pattern, closed in (
        (_TO_VERB, True), (_TO_ACCOUNT, True), (_INTO, True), (_VERB_TO, False), (_NAMED, False),
        (_DIRECT, True),
    ):  # fmt: skip
        for count, match in enumerate(pattern.finditer(text)):
            if count == MOST_CANDIDATES:
                break
            start, end = match.span("name")
            if closed and "打" in match.group() and not _MONEY_SPOKEN_OF.search(text):
                continue
            place = _closed(text, match) if closed else _open(text, start, end)
            if pattern is _VERB_TO and not _moves_money(text, match):
                continue
            unsure = pattern is _DIRECT or (pattern is _NAMED and not match["is"])
            if unsure and place and not is_person(text[place[0] : place[1]]):
                continue
            if place:
                found.append(place)
    return found


def _moves_money(text: str, match: re.Match[str]) -> bool:
    """打给, 发给, 交给 and 还给 are about money only where money stands beside them."""
    if "积分" in text[max(0, match.start() - 6) : match.start()]:
        return False
    if match["verb"] in ("转", "汇", "付", "支付", "划") or match["sum"] or match["gap"]:
        return True
    before = text[max(0, match.start() - 8) : match.start()]
    return bool(_MONEY_BESIDE.search(before) or _SUM_NEXT.match(text, match.end("name")))


def _closed(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    """A name between 给 and a verb or an account: all of it, or nothing."""
    start, end = match.span("name")
    name = text[start:end]
    adverb = re.search(rf"(?<=.){_ADVERB}$", name)
    if adverb and not is_person(name):
        end = start + adverb.start()
    name = text[start:end].removesuffix("的")
    if not is_person(name):
        name = without_money_nouns(name).removesuffix("的")
    parts = [text[first:last] for first, last in _split(text, start, start + len(name))]
    return (start, start + len(name)) if all(map(is_payee, parts)) else None


def _open(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A name that nothing closes: as far as its words go."""
    region = text[start:end]
    holder = re.search(rf"(?<=.)(?:{_HOLDS})(?=$|[^\u4e00-\u9fff]|吗|呢|吧|了|可|能|要)", region)
    if holder:
        region = region[: holder.start()]
    name = name_at_start(region)
    return (start, start + len(name)) if name else None


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """小雨和小明 are two."""
    joined = _AND.search(text, start + 1, end - 1)
    if joined and joined.start() - start >= 2 and end - joined.end() >= 2:
        return [(start, joined.start()), (joined.end(), end)]
    return [(start, end)]
