"""Questions about the customer's own figures, told by their words.

To a classifier "30年月供怎么算" and "贷100万30年月供多少" are one question. The first is answered from the
FAQ bank; the second wants a figure worked out. What makes the difference is what is given (a sum
and a term, 今天, 我的), so it is read and not learned.
"""

from __future__ import annotations

import re

from bot.text.clauses import split_clauses
from bot.text.instalments import find_instalments
from bot.text.loan_terms import find_loan_terms
from bot.text.repairs import find_repair

# Nobody has less than this worked out over months: 一毛, 几块钱 belong to a story.
LEAST_LOAN_FEN = 100_000

# Asking how, why, where or about rules is no question for a figure of one's own; nor is a wish.
_GENERAL = re.compile(
    r"怎么(?!还)|如何|怎样|为什么|为啥|区别|划算|公式|工具|逾期|提前|征信|罚息|违约|规定|调[高低整]|提高|降低"
    r"|修改|设置|哪里|在哪|去哪|哪儿|哪页|菜单|快贷|想贷|要贷|申请|投诉|想问|请问|不用|不是"
)
_HOW_MUCH = r"(?:多少|几多|好多|几钱)"
_LOAN = r"(?:房贷|车贷|按揭|贷款|消费贷|经营贷|装修贷)"

_LENT = re.compile(r"贷|借|按揭|等额|月供")
_ASKS_COST = re.compile(
    rf"月供|利息|每个?月.{{0,2}}还|一个?月.{{0,2}}还|每期.{{0,2}}还|还款?{_HOW_MUCH}|算[一下算]"
)
_ASKS = re.compile(rf"{_HOW_MUCH}|几[块千百万个]|算[一下算]")
_WORK_OUT = re.compile(
    r"(?:请|麻烦|能不能|可以)?(?:你|您)?(?:帮我|给我|替我|帮忙)试?算(?:一下|一算|下|算)?.{0,6}(?:月供|房贷|车贷|贷款|按揭)(?!.*(?:信用卡|分期))"
)
_RATE_ALONE = re.compile(
    r"(?:那|如果|要是)?(?:按|换成|改成)?(?:年?利率|年化)?(?:是|按|为|换成|改成)?\s?\d{1,2}(?:\.\d{1,4})?\s?%(?:的利率)?[算呢吧]?[?。!]?"
)

_OWN_LOAN = re.compile(
    rf"{_LOAN}.{{0,4}}(?:还剩|剩余|剩下|还欠|还有)(?:{_HOW_MUCH}|几期)"
    rf"|(?:我|这个月|本月|下个月|下月|下期|上个月).{{0,4}}(?:{_LOAN}|月供).{{0,4}}(?:扣|还|交){_HOW_MUCH}"
    rf"|(?:{_LOAN}|月供)(?:下个月|下月|下期|这个月|本月|下次).{{0,8}}(?:{_HOW_MUCH}|哪天|几号|什么时候)"
    rf"|{_LOAN}(?:已经)?还(?:了|到)第?(?:几|多少)期|(?:我的|查){_LOAN}的?(?:还款计划|余额)"
)

_LIMIT = re.compile(
    rf"(?:今天|今日|当天|我|现在|目前|尾号).{{0,8}}还(?:能|可以|可)再?转(?:出|账)?{_HOW_MUCH}"
    r"|(?:转账|转出)的?(?:限额|额度).{0,6}(?:用了|已用|用掉|还剩|剩余|还有)"
    r"|(?:今天|今日).{0,6}(?:转账|转出)的?(?:限额|额度)"
    rf"|(?:我的|尾号).{{0,8}}(?:转账|转出)的?限额(?:是?{_HOW_MUCH})?[?呢啊]?$"
    rf"|(?:我这张|我那张|尾号).{{0,8}}(?:一天|每天|单日|一次|单笔|最多)(?:最多)?(?:能|可以|可)转{_HOW_MUCH}"
    rf"|今天(?:一共|总共|已经)?转(?:了|出)(?:去)?{_HOW_MUCH}(?:钱|了)?[?了呢]?$"
)

_SCHEDULE = re.compile(
    rf"(?:请|帮我|给我)?(?:看看?|查看?|查一下|看一下|我的)?(?:{_LOAN})?的?还款计划表?[呢吧?。]?"
)
_BILL_BEFORE = re.compile(r"(?:那|看看?|查)?再?上(?:一|个)?(?:期|账期)(?:的|账单|的账单)?[呢?。]?")

_THIS_DEBT = re.compile(r"账单|这期|本期|这笔|那笔|我的?信用卡")
_ASKS_FEE = re.compile(
    rf"(?:手续费|费用|每期|每个?月|一个月|一共|总共|利息|年化).{{0,8}}{_HOW_MUCH}|{_HOW_MUCH}(?:手续费|利息)"
    rf"|还{_HOW_MUCH}|试算|算[一下算]"
)

# To call back a transfer that has not arrived; not how, nor whether one can.
_CALL_BACK = re.compile(
    r"撤[销回掉].{0,10}(?:转账|汇款|转的|转出)|(?:转账|汇款|转出去?的?|转的).{0,8}撤[销回掉]"
    r"|取消.{0,8}(?:没|未|还没|次日|第二天|明天).{0,4}到账.{0,4}转账"
)
_NO_CALL_BACK = re.compile(
    r"吗|能不能|可不可以|可以.{0,6}[吗么?]|条件|多久|时间|费用|投诉|错|骗|交易|扣|功能"
)
# Not 有没有换的, and not 够不够: whoever weighs that is shown what there is.
_SPENDS_POINTS = re.compile(
    r"[兑换抵捐领扣转]|礼[品物]|奖品|商城|[整调]成|返现|(?<!信)用.{0,6}分|先用|花[掉了]|来[个一]|redeem"
)
_ASKS_POINTS = re.compile(
    rf"{_HOW_MUCH}|几[个点]?[积几]?分|[查看瞅瞧]|余额|剩|还有|明细|有没有|我的(?:信用卡)?积分"
    r"|到期|过期|失效|清零|新增|到没到|结余|总[数额]|积分数|可用积分|check|balance|how m"
)

_NEXT_PAGE = re.compile(
    r"(?:请|给我|帮我)?(?:看|查)?(?:下一页|下页|后一页|翻页|往下翻|接着看|继续看|再往前翻?|更早的)(?:看看)?(?:的?(?:明细|交易|流水|记录))?[吧呢。!]?"
)


def find_inquiry(text: str) -> str | None:
    """The intent that the words of ``text`` name by themselves, or ``None``.

    ``calculate_loan``, ``query_loans``, ``query_limits``, ``quote_instalments``,
    ``cancel_transfer``, and for what only makes sense after an answer ``query_transactions``
    (下一页), ``query_card_bill`` (再上一期), ``repeat`` (再说一遍) and ``retry`` (再试一次).
    """
    repair = find_repair(text)
    if repair in ("repeat", "retry"):
        return repair
    if _NEXT_PAGE.fullmatch(text):
        return "query_transactions"
    if _RATE_ALONE.fullmatch(text):
        return "calculate_loan"
    if _BILL_BEFORE.fullmatch(text):
        return "query_card_bill"
    if _SCHEDULE.fullmatch(text):
        return "query_loans"
    if _GENERAL.search(text):
        return None
    if _CALL_BACK.search(text) and not _NO_CALL_BACK.search(text):
        return "cancel_transfer"
    if _LIMIT.search(text):
        return "query_limits"
    if _OWN_LOAN.search(text):
        return "query_loans"
    if _wants_loan_figures(text):
        return "calculate_loan"
    split = find_instalments(text)
    if split and _THIS_DEBT.search(text) and _ASKS_FEE.search(text):
        return "quote_instalments"
    return None


def asks_points(text: str) -> bool:
    """Whether ``text``, which is about points, asks for their number and wants nothing done."""
    said = "，".join(split_clauses(text).asserted)
    return bool(_ASKS_POINTS.search(said)) and not _SPENDS_POINTS.search(said)


def _wants_loan_figures(text: str) -> bool:
    if _WORK_OUT.match(text):
        return True
    if not (_LENT.search(text) and _ASKS_COST.search(text) and _ASKS.search(text)):
        return False
    terms = find_loan_terms(text)
    return terms.months is not None and (terms.amount or 0) >= LEAST_LOAN_FEN
