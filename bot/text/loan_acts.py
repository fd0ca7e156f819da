"""What a customer wants with a loan application begun before, told by the words.

Going on with it, handing in a paper and taking it back all sound like "申请贷款" or "贷款进度" to a
classifier. A wish made in few words is an act; asking how, whether or what for is a question.
"""

from __future__ import annotations

import re
from typing import Literal

LoanAct = Literal["resume_loan", "loan_materials", "withdraw_loan"]

# Beyond this a message tells a story.
LONGEST = 24

_GENERAL = re.compile(
    r"怎么|如何|怎样|为什么|为啥|哪里|在哪|哪儿|什么|哪些|多久|几天|要不要|能不能|可不可以|可以.{0,10}[吗么]|[吗么][?。!]?$|影响"
    r"|不想(?![贷借办申要])|没[有想要]?(?!填|写|办|弄|做|交|完)|别|建议|投诉|信用卡|分期|进度|结果|还款|还贷|提前|转人工"
)
_LENT = re.compile(r"贷|按揭|借款")
_WISH = r"(?:好的?,?|那就?|我|现在|今天|还|要|想|来|请|麻烦|帮我|给我|替我|再|可以|能|,)*"
_WHICH = r"(?:我?(?:的|那笔|那个|这笔|这个|之前的?|上次的?|上回的?|昨天的?|前天的?|刚才的?|没?填?完的|保存的)*)"
_LOAN = r"(?:(?:消费|购?车|住?房|经营|个人)?贷款?|按揭|借款)"
_APPLICATION = rf"(?:{_LOAN}的?(?:申请表?|资料)?|申请表?|草稿)"
_TAIL = r"(?:了|吧|呀|啊|呢|谢谢|[,。!])*"

_NO_MORE = r"(?:(?:这笔|这个)?贷?款?我?不(?:想|打算)?(?:贷款?|借|办|申请|要)了?,?)?"

_RESUME = re.compile(
    rf"{_WISH}(?:继续|接着|恢复|完成|填完)(?:填写?|办理?|申请|做|弄|写)?(?:完)?{_WHICH}{_APPLICATION}{_TAIL}"
    rf"|{_WISH}把?{_WHICH}{_APPLICATION}(?:还?没填完|填到一半|没办完|没弄完)?,?(?:我?要|想|帮我|给我|再)*"
    rf"(?:继续|接着|填完)(?:填写?|办理?|申请|做|弄|完)?{_TAIL}"
)
_WITHDRAW = re.compile(
    rf"{_NO_MORE}{_WISH}(?:撤[回销]|撤掉|取消|作废|收回){_WHICH}{_LOAN}?的?(?:申请){_TAIL}"
    rf"|{_NO_MORE}{_WISH}(?:把|将)?{_WHICH}{_LOAN}?的?申请(?:给我|帮我)?(?:撤[回销]?|撤掉|取消|作废|收回)掉?{_TAIL}"
    rf"|{_WISH}(?:撤[回销]|取消){_WHICH}{_LOAN}{_TAIL}"
    rf"|(?:这笔|这个)?{_LOAN}我?不(?:申请|办|贷|要)了,?(?:帮我|给我)?(?:撤[回销]?|取消)(?:掉|申请)?{_TAIL}"
)
_PAPER = (
    r"(?:身份证|收入证明|工资(?:流水|单|条)|银行流水|流水|购房合同|购车合同|合同|发票|用途证明|驾驶证|驾照|营业执照|执照"
    r"|结婚证|离婚证|户口本|婚姻(?:状况)?证明|首付款?(?:凭证|收据|发票)|纳税证明|完税证明|对公流水)"
)
_HAND_IN = r"(?:上传|补传|重传|重新上传|补交|补充|提交|递交|补|交|传)"
_MATERIALS = re.compile(
    rf"(?:这|那|刚才|刚刚)?(?:个|份|张|些|传|上传|发)?的?(?:文件|图片|照片)?(?:就|都)?是我?的?.{{0,6}}{_PAPER}.{{0,6}}"
    rf"|{_WISH}{_HAND_IN}(?:一下|一份|我的)*{_PAPER}(?:正反面|照片|的照片)?{_TAIL}"
    rf"|{_WISH}{_HAND_IN}(?:一下|{_WHICH}){_LOAN}?(?:申请)?的?(?:材料|资料){_TAIL}"
    rf"|(?:{_LOAN}|申请)的?(?:材料|资料),?{_WISH}(?:上传|补传|补交|补){_TAIL}"
)


def find_loan_act(text: str) -> LoanAct | None:
    """The act that the whole of ``text`` (normalised) is, or ``None``."""
    if len(text) > LONGEST or _GENERAL.search(text):
        return None
    # 取消申请 by itself may be about anything.
    if _LENT.search(text) and _WITHDRAW.fullmatch(text):
        return "withdraw_loan"
    if _LENT.search(text) and _RESUME.fullmatch(text):
        return "resume_loan"
    return "loan_materials" if _MATERIALS.fullmatch(text) else None
