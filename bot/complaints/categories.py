"""What a complaint is about, guessed from its words, so that the customer need not choose."""

from __future__ import annotations

import re

from bot.complaints.vocabulary import CATEGORIES

# The first that fits counts. What was done to the customer goes before the product it was done with.
_WORDS: tuple[tuple[str, str], ...] = (
    ("collection", r"催收|催款|催债|爆通讯录|骚扰我?的?(?:家|亲|朋|同事|单位)"),
    ("privacy", r"泄露|泄漏|个人信息|隐私|推销电话|营销电话|骚扰电话|查我(?:的)?(?:征信|流水)"),
    ("fee", r"(?:乱|多|重复|莫名|违规)(?:收|扣).{0,4}(?:费|钱)|收费|手续费|年费|管理费|服务费|工本费|短信费|违约金|滞纳金"),
    ("wealth", r"理财|基金|保险|信托|黄金|国债|结构性存款|代销|收益|亏(?:了|损|掉)|净值"),
    ("credit_card", r"信用卡|账单|分期|最低还款|临时额度|提额|降额"),
    ("loan", r"贷款|房贷|车贷|按揭|月供|放款|抵押|提前还"),
    ("transfer", r"转账|汇款|转错|到账|支付|缴费|扣款|限额|收款码"),
    ("digital", r"app|手机银行|网银|网上银行|小程序|闪退|登录|登陆|人脸识别|系统|页面|验证码"),
    ("service", r"态度|柜员|柜台|大堂|经理|保安|客服|排队|窗口|叫号|工作人员|员工|推诿|敷衍|踢皮球|没人(?:理|管|接)|骂人|挂我?电话|服务"),
    ("card", r"借记卡|储蓄卡|银行卡|工资卡|社保卡|挂失|补卡|换卡|吞卡|卡(?:片|号)|办卡|atm|取款机"),
    ("account", r"账户|开户|销户|存款|存折|存单|定期|活期|利息|冻结|取钱|取款"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(words, re.I)) for name, words in _WORDS)
assert {name for name, _ in _WORDS} <= set(CATEGORIES)


def guess_category(text: str) -> str:
    """One of :data:`bot.complaints.case.CATEGORIES`; ``other`` where no word tells."""
    return next((name for name, words in _PATTERNS if words.search(text)), "other")
