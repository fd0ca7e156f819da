"""Which of the bank's people may do what about complaints; whoever lets them in asks here.

Who handled a case, wrote its answer or must keep out of it is told apart by the case itself.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import Forbidden

# Roles as bot.staff knows them.
HANDLER, LEAD, REVIEWER = "complaint_handler", "complaint_lead", "complaint_reviewer"
ROLE_NAMES = {HANDLER: "投诉处理人", LEAD: "投诉负责人", REVIEWER: "上级核查人"}
_OWN, _OVER, _ABOVE = (HANDLER, LEAD), (LEAD, REVIEWER), (REVIEWER,)

# action → what it is called, and who may do it
ACTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("登记投诉", _OWN),
    "customer": ("代客户登记补充、撤诉或核查申请", _OWN),
    "assign": ("分派", (LEAD,)),
    "take": ("接办", _OWN),
    "classify": ("分类", _OWN),
    "recuse": ("登记回避", _OWN),
    "merge": ("合并", _OWN),
    "judge": ("判断补充材料", _OWN),
    "pause": ("中止或恢复计时", _OWN),
    "extend": ("申请延期", _OWN),
    # The level above, or a senior manager (18).
    "approve_extension": ("审批延期", _OVER),
    "notice": ("告知客户", (*_OWN, REVIEWER)),
    "write": ("拟写答复", (HANDLER,)),
    "approve": ("审批答复", (LEAD,)),
    "cause": ("登记投诉根源", _OWN),
    # A review is the level above's (20).
    "assign_review": ("分派核查", _ABOVE),
    "decide_review": ("作出核查决定", _ABOVE),
    "export": ("导出未掩码的登记簿", (LEAD,)),
    "hold": ("设置或解除法定保留", (LEAD,)),
}


def check_may(person: str, roles: Collection[str], action: str) -> None:
    """Raises :class:`Forbidden` for somebody none of whose roles may do this."""
    what, allowed = ACTIONS[action]
    if not set(allowed) & set(roles):
        names = "或".join(f"{ROLE_NAMES[role]}（{role}）" for role in allowed)
        raise Forbidden(f"{person} 不能{what}，需要角色：{names}")
