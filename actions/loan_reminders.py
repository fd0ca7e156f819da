"""Reminding customers of what their loan applications still wait for."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType

from actions.loan_materials import button, name_of, open_applications, upload_replies
from actions.turn import Turn
from actions.turn_action import TurnAction
from bot.banking.errors import BankUnavailable
from bot.banking.models import LoanApplication

ABOUT = "loan_applications"
RESUME = {"继续我的贷款申请": "/resume_loan"}


class ActionRemindLoans(TurnAction):
    """When a conversation is opened, and behind a greeting or a question about loans: what the
    customer's applications still wait for, once a day. Nothing else is worth a word there, and a
    bank that does not answer is no reason to trouble anybody."""

    def name(self) -> str:
        return "action_remind_loans"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.customer_id is None or turn.tracker.active_loop_name is not None:
            return []
        try:
            found = open_applications(turn, turn.customer_id)
            text = "".join(reminder(turn, turn.customer_id, each) for each in found)
        except BankUnavailable:
            return []
        if found and turn.services.reminders.take(turn.customer_id, ABOUT):
            turn.say(text, replies=steps(found))
        return []


def reminder(turn: Turn, customer_id: str, application: LoanApplication) -> str:
    """What an application waits for."""
    name = name_of(turn, customer_id, application)
    if application.status == "draft":
        return f"您的{name}申请还没有填完，随时可以接着办。"
    missing = "、".join(each.name for each in application.missing)
    return f"提醒您：{name}申请还差{missing}，补齐后继续审核。"


def steps(found: Sequence[LoanApplication]) -> dict[str, str]:
    """Quick replies to what they wait for."""
    drafts = [each for each in found if each.status == "draft"]
    submitted = [each for each in found if each.status != "draft"]
    papers = upload_replies(submitted[0]) if len(submitted) == 1 else {"上传材料": button()}
    return {**(papers if submitted else {}), **(RESUME if drafts else {})}
