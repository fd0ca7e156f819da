"""What a customer says is wrong with a transaction, told by the words.

That something is wrong with one is the classifier's to hear; what it is decides what the bank can
do, so it is read from plain words and asked about where they are not plain.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.text.amounts import read_amount
from bot.text.numerals import CHINESE_NUMERAL

# The reasons of a bank's dispute port; ``scam``: the customer paid a fraudster themself, which is
# for the police and a specialist at once; ``person``: nothing that was charged to an account.
Matter = Literal[
    "unknown", "duplicate", "wrong_amount", "not_received", "no_refund", "wrong_transfer",
    "scam", "person",
]  # fmt: skip
Act = Literal["progress", "withdraw"]

_SCAM = (
    r"(?<!不是)(?<!没)(?<!没有)(?:被|受|遭|中)(?:人|咗|了)?[^,。]{0,4}骗|诈骗|骗子|骗[了走去光我钱]|骗案|畀人呃|俾人呃|呃咗|上当|遭骗"
    r"|被[片偏]了|我被[片偏]|刷单|杀猪盘|安全账户|冒充|假冒|假客服|假警察|公检法|网恋|zhapian|pianzi|bei pian"
    r"|scam|fraudster|扫[了开]?[^,。]{0,10}二维码"
)
# Somebody else may go on taking money: the card is stopped before anything.
_LEAKED = (
    r"验证码[^,。]{0,4}(?:给|告诉|念|报)了?|骗[^,。]{0,6}验证码|共享屏幕|屏幕共享|[点填][^,。]{0,10}链接|链接[^,。]{0,6}填|扫[^,。]{0,4}激活"
    r"|木马|输[了过]?[^,。]{0,3}密码|泄[露漏]"
)
_PERSON = (
    r"冒名.{0,6}(?:贷|开|办)|给我做了分期|分期我没(?:申请|办)|存(?:了|进去|钱时)|存款机|打过来|[给往]我卡里[转打]"
    r"|莫名[^,。]{0,4}多出来|转错给我|(?:^|我)收到一笔|给我汇的钱|定期|理财|基金|银证|公积金|对公|货款码|收款码|结算|我们?店|代发|慰问金|数字人民币"
    r"|预授权|押金.{0,6}(?:冻|释放)|乱扣利息|利息|违章费"
)
_STOLEN = (
    r"盗|[到导道][刷涮]|冒用|冒名|被?偷|(?:不是|非|勿是|唔系|唔係|不系)(?:我|俺|本人|咱)(?!忘|要|想|不|在)|不是.{0,4}(?:我|本人)(?:的|做|刷|买|消费|操作|花|用)"
    r"|(?:被|遭|俾|畀|给)(?:别?人|陌生人)?[^,。]{0,5}(?:转走|取走|划走|刷空|刷[了走]|复制|碌|消费|到耍|hack)|碌咗(?!.{0,2}[两二])"
    r"|(?:别|有|陌生)人[^,。]{0,6}(?:用|刷|买|转走)[^,。]{0,3}(?:我|咱|俺)|(?:用|刷|转走)了?我的?卡|(?:不|没)是?我.{0,2}授权"
    r"|daoshua|not m(?:y|ine)|unauthori[sz]ed|(?:used|not made by) m[ye]|bu shi (?:wo|benren)|wo mei zuo|\bds了"
)
_WRONG_TRANSFER = (
    r"(?:转|转账|汇|汇款|打|打款|打钱|过)(?:账|帐|款|钱|数)?(?:到|给|了)?[错錯岔]|(?:误|誤)[转汇转匯]|误操作.{0,8}[打转汇]|错(?:数|账号|收款人)|整岔"
    r"|(?:输|填|写|选|按|点)错[^,。]{0,6}(?:账号|卡号|收款人|人|位|尾号|户名|号)|[转打汇]到(?:别人|陌生人|前房东|另一家)|选成了"
    r"|[转打汇点][^,。]{0,12}[给到]了?[^,。]{0,8}(?:陌生(?!链接)|不认识|前房东|前妻|空号)|wrong (?:person|account)|zhuan ?cuo|zz转错|户名同音|付错收款人"
)
_NO_REFUND = (
    r"退[款欵货货钱票费机][^,。]{0,14}(?:没|未|不到|不给|无|查|追)|(?:没|未|不|冇|勿)[^,。]{0,8}退(?:款|给|回|还|到|入|,|。|$)|退款.{0,6}(?:到账|几天|天)"
    r"|(?:取消|退)了[^,。]{0,6}(?:钱|款)|(?:取消|退货|退单|退房)[^。]{0,16}(?:没|未|还扣|扣我|还在扣|不退)|退到哪|退哪去|退不回|刷退|tuikuan|refund|tk没|退款退款"
)
_NOT_RECEIVED = (
    r"(?:没|未|不|冇)[^,。]{0,4}(?:发货|收到(?:货|东西|商品)|到货)|没收到|不发货|跑路|倒闭|关门|执咗笠|货[^,。]{0,4}(?:没得|没到|不对)|没到(?:账|帐)?"
    r"|收到一块|充[了值][^,。]{0,8}没到|订单没|没货|never shipped|没坐车|货不对板"
)
_DUPLICATE = (
    r"重[复複付]|付重|发重|[两二三2-3]\s?[次遍趟回笔][^,。]{0,4}(?:都?扣|钱)?|(?:扣|付|刷|交|缴|碌|打|收)[^,。]{0,5}[两二三四五2-9]\s?(?:次|遍|趟|回|笔)"
    r"|又扣(?:了)?一(?:遍|次|笔)|又刷了一|又让我付|twice|double|chongfu"
)
_WRONG_AMOUNT = (
    r"多[扣收刷付口划]|扣宽|少(?:给|出|吐|退|到)|金额不[对符]|数[额目]不对|不对劲|扣[的得]?(?:不对|错|有误)|(?:打|算|收|刷|点)成|算错|收错|点错|不该(?:扣|付)"
    r"|没(?:有)?(?:吐|出)[钱钞]|冇出钱|卡钞|吞钞|吞了?[钱现]|吃了我|柜员机|提款机|取款机|\batm|取钱没出来|只(?:出|拿)|失败|乱扣|扣款有误|overcharg|wrong amount|多扣money|分期还在扣"
    r"|从我?卡?里?又?扣了一期|年费|手续费|服务费|mei tu chao|duo shua"
)
_UNKNOWN = (
    r"不认(?:识|得|$|[,。])|不承认|没印象|陌生|不明|莫名|无缘无故|不知道|不翼而飞|可[疑宜]|异常|来路|哪来的"
    r"|(?:没|冇|沒|未)[^,。]{0,6}(?:过|买|花|刷|消费|订|开|取|动|做|签|同意|授权|去|定|用)|(?:未经|没经)[^,。]{0,6}(?:同意|允许)|自动(?:续费|扣费?)|免密|谁(?:刷|转|扣|取|花|偷|干)"
    r"|(?:钱|账|卡)[^,。]{0,6}(?:没了|不见|少了?)|少了?[^,。]{0,2}(?:钱|\d|[一二三四五六七八九十百千万])|unknown|recogni[sz]e|what is this|冇做|打赏"
)
# The gravest and the plainest first; a bare "I don't know it" last.
_WORDS: tuple[tuple[Matter, str], ...] = (
    ("unknown", _LEAKED),
    ("scam", _SCAM),
    ("person", _PERSON),
    ("wrong_transfer", _WRONG_TRANSFER),
    ("unknown", _STOLEN),
    ("no_refund", _NO_REFUND),
    ("duplicate", _DUPLICATE),
    ("wrong_amount", _WRONG_AMOUNT),
    ("not_received", _NOT_RECEIVED),
    ("unknown", _UNKNOWN),
)
_MATTERS = tuple((matter, re.compile(words, re.I)) for matter, words in _WORDS)

_NUMBER = re.compile(r"(?<![A-Za-z])DP\d{6,14}(?!\d)", re.I)
_CASE = r"(?:争议|异议|拒付|调单|盗刷登记)"
_MADE = rf"(?:我的?|上次|之前|前面|那[笔个件]|登记|申请|提交?)(?:了|过)?的?[^,。]{{0,6}}{_CASE}"
_STANDS = (
    r"(?:哪一?步|进度|进展|怎么样|咋样|什么情况|有[^,。]{0,2}(?:结果|消息|答复)|结果(?:出|呢|如何|怎|是什么)"
    r"|处理(?:得怎|好|完)|还没(?:处理|答复|消息))"
)
_PROGRESS = re.compile(
    rf"(?:{_MADE}|^(?:查(?:一下|下|看)?)?{_CASE})[^。]{{0,10}}{_STANDS}|(?:进度|进展)[^,。]{{0,4}}{_MADE}"
)
_TAKE_BACK = r"(?:撤[销回掉]?|取消|收回|不(?:用|要)?处理)"
_WITHDRAW = re.compile(
    rf"(?:{_TAKE_BACK}[^,。]{{0,6}}(?:我的?|那[笔个件]|上次|刚才|登记的?)[^,。]{{0,6}}{_CASE}|(?:那[笔个件]|我的?)[^,。]{{0,6}}{_CASE}[^,。]{{0,6}}{_TAKE_BACK})"
)
_GENERAL = re.compile(
    r"怎么(?!样)|如何|哪里|在哪(?!一?步)|哪儿|多久|几天|能不能|可以.{0,8}吗|一般|投诉"
)
_REVIEW = re.compile(
    r"(?:那|我|请|帮我|麻烦|要|想|申请|要求|提出|由?上级|再|重新|一下|[,。!！\s])*(?:核查|复核|复查)(?:一下|吧|[。!！])*"
)
_SAFE = re.compile(
    r"(?:不用|不要|不需要|先?别|已经?|不)(?:再)?(?:挂失|停卡|锁卡|冻结)|卡(?:已经?|我已)[^,。]{0,2}(?:挂失|锁|停|冻)"
)
_QUOTED = re.compile(r"[\"“「『《](?P<name>[^\"“”「」『』《》]{1,20})[\"”」』》]")
_NAMED = re.compile(
    r"商[户家](?:名称?|名字)?(?:就?是|叫|为|写的?是)?[:\s]?(?P<name>[^\s,。的]{2,12})(?=[,。的]|$)"
)
_ABROAD = re.compile(r"境外|海外|国外|外国")
# What is left of "云杉商城那笔" beside the name.
_FILLER = re.compile(
    r"(?:应该|好像|可能)?(?:就?是|选|要|在)|[那这]?(?:一?[笔个条]|些)(?:交易|消费|支出|转账|付款|扣款|钱)?|(?:我|我的|的|了|呢|吧|呀|啊|付|扣|买|刷|消费)+$|^(?:我|那个|付|扣)+"
    r"|[,。.!！?？\s]"
)
_PLACE = re.compile(
    r"(?:第|最?[上前]面?第?)(?P<place>[一二三四五六七八1-8])[笔个条项]|(?P<first>最上面|第一|最近的?|最新的?)(?:的|那|那[一]?[笔个条])?$"
)
_LONGEST_NAME = 12
_NUMERAL = rf"[¥\d{CHINESE_NUMERAL},.]"
_SUM = re.compile(rf"(?<!第)(?P<number>{_NUMERAL}+)(?:元|块钱?)?的?那一?[笔个条]")


def find_matter(text: str) -> Matter | None:
    """What is wrong, as far as ``text`` (normalised) says it plainly."""
    return next((matter for matter, words in _MATTERS if words.search(text)), None)


def is_leaked(text: str) -> bool:
    """Whether a code, password or screen was given to somebody, or a link followed."""
    return re.search(_LEAKED, text) is not None


def find_dispute_number(text: str) -> str | None:
    """The number of a dispute in ``text``."""
    found = _NUMBER.search(text)
    return found[0].upper() if found else None


def find_dispute_act(text: str) -> Act | None:
    """What ``text`` wants with a dispute registered before, if it wants that."""
    number = _NUMBER.search(text) is not None
    if _GENERAL.search(text) and not number:
        return None
    if _WITHDRAW.search(text) or (number and re.search(_TAKE_BACK, text)):
        return "withdraw"
    return "progress" if number or _PROGRESS.search(text) else None


def is_bare_review(text: str) -> bool:
    """Whether all that is said is that something be looked at again: of a complaint's decision as
    well as of a transaction."""
    return _REVIEW.fullmatch(text) is not None


def keeps_card(text: str) -> bool:
    """Whether the card is stopped already, or is not to be."""
    return _SAFE.search(text) is not None


def find_merchant(text: str) -> str | None:
    """A merchant or payee as a statement may write it, where ``text`` names one plainly."""
    found = _QUOTED.search(text) or _NAMED.search(text)
    if found:
        return found["name"]
    return "境外" if _ABROAD.search(text) else None


def find_pointed_sum(text: str, *, alone: bool) -> int | None:
    """Fen of a bare number that points at a transaction (899那笔), or ``alone`` is the answer."""
    found = _SUM.search(text)
    whole = re.fullmatch(rf"(?P<number>{_NUMERAL}+)[吧呀。.!！]*", text) if alone else None
    found = found or whole
    span = read_amount(text, found.start("number")) if found else None
    return span.value if span else None


def name_in_answer(text: str) -> str | None:
    """The name that an answer to "which transaction" consists of (云杉商城那笔)."""
    rest = _FILLER.sub("", text)
    rest = rest.rstrip("的了吧呢呀")
    return rest if 2 <= len(rest) <= _LONGEST_NAME else None


def place_in_answer(text: str) -> int | None:
    """Which of a list is meant, from 0 (第二笔)."""
    found = _PLACE.search(text)
    if found is None:
        return None
    digit = found["place"]
    if digit is None:
        return 0
    return (int(digit) if digit.isdigit() else "一二三四五六七八".index(digit) + 1) - 1
