"""The names that complaints are kept under, and what each is called.

Articles are those of 《银行业保险业消费投诉处理管理办法》 (银保监会令2020年第3号) unless another rule
is named.
"""

from __future__ import annotations

from bot.errors import Invalid

STATE_NAMES = {
    "received": "已受理",
    "handling": "处理中",
    "drafted": "待审批",
    "approved": "待告知",
    "decided": "已答复",
    "withdrawn": "已撤诉",
    "merged": "已合并",
}
REVIEW_STATES = {"asked": "待分派", "handling": "核查中", "decided": "待告知", "told": "已答复"}

# What a complaint is about in the customer's eyes, guessed at once. The codes of JR/T 0169-2018
# are staff's and come from a table (see bot.complaints.codes).
CATEGORIES = {
    "account": "账户与存款",
    "card": "借记卡",
    "credit_card": "信用卡",
    "loan": "贷款",
    "transfer": "转账支付",
    "wealth": "理财与代销",
    "fee": "收费",
    "service": "服务态度与效率",
    "collection": "催收",
    "privacy": "个人信息",
    "digital": "手机银行与网银",
    "other": "其他",
}
# Why it came about, found at closing.
ROOT_CAUSES = {
    "staff": "服务态度与质量",
    "process": "制度与业务流程",
    "system": "信息系统",
    "facilities": "服务设施",
    "pricing": "定价收费",
    "terms": "合同条款",
    "marketing": "营销方式",
    "disclosure": "信息披露",
    "choice": "自主选择权",
    "collection": "债务催收",
    "funds": "资金安全",
    "information": "信息安全",
    "other": "其他",
}
# Who passed it to the handling unit; this decides whose deadlines count.
SOURCES = {
    "customer": "客户直接投诉",
    "nfra": "金融监管部门转送",
    "pbc": "人民银行转交",
    "other": "其他单位转来",
}
CHANNELS = {
    "chat": "在线客服",
    "app": "手机银行消息",
    "phone": "电话",
    "sms": "短信",
    "email": "电子邮件",
    "letter": "信函",
    "branch": "网点当面",
    "regulator": "监管渠道",
}
# An agent or an heir may complain too (14).
RELATIONS = {"self": "本人", "agent": "受托人", "heir": "继承人"}
PAUSES = {"appraisal": "外部鉴定、检测或评估", "mediation": "调解"}
# Why somebody keeps out of a case (17).
RECUSALS = {
    "interest": "与投诉有直接利益关系",
    "complained_of": "被投诉人",
    "other": "其他可能影响公正的情形",
}
OUTCOMES = {
    "upheld": "投诉成立",
    "partly": "部分成立",
    "settled": "协商一致",
    "unfounded": "投诉不成立",
}
# The parts of an answer (19), in the order in which they are told.
ANSWER_PARTS = {
    "decision": "处理决定",
    "findings": "核实情况",
    "grounds": "依据",
    "reasons": "理由",
    "remedies": "救济途径",
}
REVIEW_OUTCOMES = {"kept": "维持原处理决定", "changed": "变更原处理决定"}
# What a customer is told, each with its words, channel, time and proof (21).
NOTICES = {
    "acceptance": "受理告知",
    "extension": "延期告知",
    "pause": "中止计时告知",
    "resume": "恢复计时告知",
    "facts": "补充材料处理告知",
    "merge": "合并处理告知",
    "withdrawal": "撤诉告知",
    "decision": "处理决定告知",
    "review_acceptance": "核查受理告知",
    "review": "核查决定告知",
}
# Lines of a case's history.
MOVE_NAMES = {
    "opened": "登记",
    "assigned": "分派",
    "recused": "登记回避",
    "classified": "分类",
    "categorised": "更正类别",
    "merged_from": "并入另一件",
    "merged": "并入",
    "facts_added": "客户补充",
    "facts_new": "判断为新事实",
    "facts_repeat": "判断为重复",
    "extension_asked": "申请延期",
    "extension_approved": "批准延期",
    "paused": "中止计时",
    "resumed": "恢复计时",
    "drafted": "提交答复",
    "sent_back": "退回答复",
    "approved": "批准答复",
    "decided": NOTICES["decision"],
    **{f"told_{what}": name for what, name in NOTICES.items()},
    "withdrawn": "撤诉",
    "root_cause": "登记根源",
    "review_asked": "申请核查",
    "review_assigned": "分派核查",
    "review_decided": "核查决定",
    "exported": "未掩码导出",
    "held": "法定保留",
    "released": "解除法定保留",
}

MOST_CHARS = 5000


def check_name(value: str, names: dict[str, str], what: str) -> None:
    """Raises :class:`Invalid` when ``value`` is none of ``names``."""
    if value not in names:
        raise Invalid(f"没有{what} {value!r}，可选：{'、'.join(names)}")


def check_text(text: str, what: str) -> str:
    """The text without blanks around it.

    Raises:
        Invalid: it is empty or too long.
    """
    text = text.strip()
    if not 0 < len(text) <= MOST_CHARS:
        raise Invalid(f"{what}需要 1 到 {MOST_CHARS} 个字，现在是 {len(text)} 个")
    return text
