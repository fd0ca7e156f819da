"""What a customer wants with a complaint made before, told by the words.

A classifier hears one topic in "怎么查投诉进度" and "我的投诉到哪一步了". The first is a question for the
FAQ bank; the second is for this customer's own case. Asking how, where or whether is therefore
never an act; a case's number, "我的", "上次" or a plain wish is what makes one.
"""

from __future__ import annotations

import re
from typing import Literal

Act = Literal["progress", "chase", "add", "withdraw", "review"]

_NUMBER = re.compile(r"(?<![A-Za-z])CT(20\d{6})-?(\d{4,6})(?!\d)", re.I)
_GENERAL = re.compile(
    r"怎么(?!样|还|没|回)|如何|怎样|哪里|哪儿|在哪(?!一?[步个])|[上搁去]哪|哪个栏目|哪些|什么(?:渠道|材料|条件|流程)|来得及|几天内"
    r"|凭什么|为什么|为啥|要不要|会不会|会给|是不是|多少天|还能|能不能.*吗|不是(?:要|想)?问|别人|有人说|据说|听说|建议"
)
_ASKS_WHETHER = re.compile(r"[吗么嘛][?。!]?$|能不能|可不可以|可以.{0,8}[吗么]|行不行|还行不")
# A complaint that has been made, not one that is being made.
_MADE = (
    r"(?:我的|我?(?:上次|上回|之前|前面|前几天|上周|上个?月|昨天|那次|那个|那件|这个|这件|刚才)的?).{0,6}投诉"
    r"|我.{0,4}投诉(?:了|过|的那)"
)
_PROGRESS = re.compile(
    rf"(?:{_MADE}).{{0,12}}(?:哪一?步|到哪|什么情况|啥情况|怎么样|咋样|进度|进展|结果(?:出|呢|怎|了|如何|吗|是什么)|有.{{0,2}}结果"
    r"|(?:处理|办)(?:好|完)了?[吗没]|有(?:没有)?(?:回复|答复|消息|结论))"
    r"|(?:查|看|问)(?:一?下|查|看|问)?.{0,3}(?:我的|之前的?|上次的?|那个)投诉"
    r"|^投诉(?:处理|办理?)?得?(?:怎么样|咋样)了"
)
_CHASE = re.compile(
    rf"(?:{_MADE}).{{0,14}}(?:没人?(?:理|管|回|动静|下文|消息|处理|联系)|不理|拖|还没)|催.{{0,4}}(?:我的?|上次的?)投诉"
)
_ADD = re.compile(
    r"(?:再|还要?|要|想|给|对|把|为).{0,8}投诉.{0,6}(?:补充|补交|追加|加一条)(?!材料|资料)"
    r"|(?:我|再|还).{0,3}(?:补充|追加).{0,6}投诉|^(?:我?再|我还要?|我想再)补充(?!材料|资料)"
    r"|^(?:再)?补充.{0,4}投诉|投诉.{0,4}(?:再|还要)补充"
)
_ADD_LEAD = re.compile(
    r"^.{0,14}?(?:补充|追加)(?:一下|一点|几点|几句|点|说明|情况|内容|事实)*(?:我的|上次的|那个)?(?:投诉)?(?:的?(?:情况|内容))?"
    r"(?:CT20\d{6}-?\d{4,6})?[,，:：。.、\s]*",
    re.I,
)
_WISH = r"(?:我(?:要|想|决定|同意|申请)|帮我|给我|替我|请|麻烦|把|那就|现在)"
_TAKE_BACK = r"(?:撤[销回掉了]|取消|收回|销掉)"
_WITHDRAW = re.compile(
    rf"{_WISH}.{{0,8}}(?:撤诉|(?:撤|{_TAKE_BACK}).{{0,8}}投诉|投诉.{{0,12}}{_TAKE_BACK})"
    rf"|我?不(?:想|要)?投诉了(?:$|[吧。!]|[,，].{{0,6}}撤)|{_TAKE_BACK}(?:我的|上次的|那个|这个).{{0,4}}投诉"
)
# Whoever is pressed to withdraw complains of it; that is no withdrawal.
_PRESSED = re.compile(
    r"(?:让|叫|劝|逼|求|要求|催|威胁|骗).{0,2}我.{0,6}撤|不(?:接受|想|会|肯|愿意?|同意)?撤|没(?:想|要)撤"
)
_REVIEW = re.compile(
    r"(?=.*(?:投诉|处理(?:结果|决定|意见)|答复|结论|CT20))"
    r"(?:.*(?:申请|要求|请求|我要|提请).{0,10}(?:核查|复核|复查|复议|重新(?:处理|调查|核实)))"
)

_BARE = re.compile(
    r"(?:那|好|嗯|呃|你好|您好|麻烦|请|帮我|给我|我|要|想|需要|先|一下|刚才|的|个|一个|登记|办理?|提|提交|受理|投诉|你们|银行|举报"
    r"|[,，。.!！~\s])*"
)


def find_complaint_number(text: str) -> str | None:
    """The number of a complaint in ``text``, as the register writes it."""
    found = _NUMBER.search(text)
    return f"CT{found[1]}-{found[2]}" if found else None


def find_complaint_act(text: str) -> Act | None:
    """What ``text`` (normalised) wants with a complaint made before, if it wants that."""
    if _GENERAL.search(text):
        return None
    if _REVIEW.match(text):
        return None if _ASKS_WHETHER.search(text) else "review"
    number = _NUMBER.search(text) is not None
    if _PRESSED.search(text):
        return None
    if _WITHDRAW.search(text) or (number and re.search(rf"撤诉|{_TAKE_BACK}", text)):
        return None if _ASKS_WHETHER.search(text) and not number else "withdraw"
    if _ADD.search(text) or (number and "补充" in text):
        return None if _ASKS_WHETHER.search(text) else "add"
    if _CHASE.search(text):
        return "chase"
    return "progress" if number or _PROGRESS.search(text) else None


def said_beside(text: str) -> str:
    """What is added, without the words that say that something is: empty if nothing is."""
    return _ADD_LEAD.sub("", text, count=1).strip()


def is_bare_complaint(text: str) -> bool:
    """Whether ``text`` says that somebody complains, and nothing of what about."""
    return _BARE.fullmatch(text) is not None
