"""The actions that begin an operation and carry it out, whatever its design."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.draft import Draft
from actions.operation_design import OperationDesign
from actions.operation_slots import OPERATION_SLOTS, leave_operation, resume_operation
from actions.stall import KEY, RETRY, Stall, leave_to_person
from actions.turn import PERSON, Turn
from actions.turn_action import CustomerAction
from bot.banking.errors import (
    BankTimeout,
    BankUnavailable,
    CodeRejected,
    HeldForReview,
    RiskWarning,
)
from bot.banking.models import Receipt
from bot.text.clock import shanghai


class OperationAction(CustomerAction, ABC):
    """An action of one operation; where the bank does not answer, nothing of it was done."""

    @property
    @abstractmethod
    def design(self) -> OperationDesign:
        """Which operation."""

    def without_bank(self, turn: Turn) -> list[EventType]:
        if self.design.urgent:
            verb, phone = self.design.verb, turn.services.phone
            turn.hand_over(
                "system_failure",
                opening=f"抱歉，银行系统暂时没有应答，{verb}还没有办成，目前尚未生效。请马上拨打 {phone}"
                f"（24 小时）办理{verb}。也已为您转接人工客服",
            )
        else:
            turn.say(self.design.stalled(turn), replies={"再试一次": turn.text, **PERSON})
        return leave_operation()


class BeginAction(OperationAction):
    """Starts an operation afresh: nothing of an earlier one may linger in its slots."""

    def name(self) -> str:
        return self.design.begin_action

    @property
    def stops_with_its_line(self) -> bool:
        return not self.design.protects

    def serve(self, turn: Turn) -> list[EventType]:
        return super().serve(turn) or leave_operation()

    def tell(self, turn: Turn, customer_id: str) -> list[EventType] | None:
        """Answer a message that only asks, with its events; ``None`` where something is to be
        done."""
        return None

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        told = self.tell(turn, customer_id)
        if told is not None:
            # Nothing begins, and a form under way goes on: it puts its own name back.
            return [SlotSet("operation", None), *told]
        if left := leave_to_person(turn):
            return left
        if turn.slot("operation"):
            turn.say("刚才的业务先放下了，没有办理。")
        elif turn.is_next_request:
            turn.say(f"接下来为您办理{self.design.verb}。")
        draft = self.design.draft(turn, customer_id)
        why_not = self._kept(turn, customer_id) or self.design.why_not(draft)
        if why_not is not None:
            turn.say(why_not, replies={**self.design.instead(draft), **PERSON})
            return leave_operation()
        values = self.design.begin_with(draft)
        fresh = [SlotSet(name, values.get(name)) for name in OPERATION_SLOTS if name != "operation"]
        return [SlotSet("operation", self.design.name), *fresh]

    def _kept(self, turn: Turn, customer_id: str) -> str | None:
        """That it was asked for already, while the bank did not answer, and is still to be done."""
        kept = turn.services.operations.kept(customer_id) if self.design.urgent else ()
        if not any(each.waiting and each.request.operation == self.design.urgent for each in kept):
            return None
        return (
            f"您的{self.design.verb}申请已经保存，银行系统恢复后会自动办理，目前还没有办成、尚未生效，"
            f"办成后在这里通知您。情况紧急请拨打 {turn.services.phone}（24 小时）。"
        )


class CarryOutAction(OperationAction):
    """Verifies the code and does it, or says why not."""

    def name(self) -> str:
        return self.design.action

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if turn.slot("operation") is None:
            return []  # ended inside the form, which said why
        if not turn.slot("operation_confirmed"):
            if left := leave_to_person(turn):
                return left
            more = "" if turn.slot("operation_before") else "还有其他需要可以随时告诉我。"
            turn.say(f"{self.design.not_done}{more}")
            return resume_operation(turn)
        draft = self.design.draft(turn, customer_id)
        try:
            receipt = self._carry_out(draft)
        except CodeRejected as rejected:
            turn.say(str(rejected))
            return self._again(["code_ref", *(["code_challenge"] if rejected.final else [])])
        except RiskWarning:  # it was harmless when it was confirmed; the form warns of it now
            return self._again(["operation_warned", "operation_confirmed", "code_ref"])
        except HeldForReview as held:
            return hold(turn, str(held))
        except BankTimeout:
            return self._stall(turn, unknown=True)
        self._tell(draft, receipt)
        return resume_operation(turn)

    def _carry_out(self, draft: Draft) -> Receipt:
        turn, ref = draft.turn, draft.get("code_ref")
        return turn.services.operations.carry_out(
            draft.customer_id,
            self.design.request(draft),
            challenge=draft.get("code_challenge") or "",
            code=turn.services.sealed.open(turn.conversation_id, ref) if ref else None,
            key=draft.get(KEY) or turn.operation_key,
            context=draft.risk_context,
            warned=bool(draft.get("operation_warned")),
        )

    def without_bank(self, turn: Turn) -> list[EventType]:
        return self._stall(turn, unknown=False)

    def _stall(self, turn: Turn, unknown: bool) -> list[EventType]:
        """Back to the form, which keeps everything for another try; the second time to a person."""
        if turn.slot(KEY) or not self.design.waits:
            turn.hand_over("outcome_unknown" if unknown else "system_failure")
            return leave_operation()
        if unknown:
            turn.say(
                f"抱歉，银行系统没有及时应答，这笔{self.design.verb}有没有办成暂时不能确定，请先不要"
                "重复办理。点“再试一次”，我先向银行查清结果：已经办成就告诉您，没有办成再接着办，"
                "不会办两次。",
                replies={**RETRY, **PERSON},
            )
        else:
            turn.say(self.design.stalled(turn), replies={**RETRY, **PERSON})
        stall = Stall(turn.operation_key, heard=True, unknown=unknown)
        kept = SlotSet(KEY, turn.operation_key)
        return [kept, stall.event(), *self._again(["code_ref", "code_challenge"])]

    def broken(self, turn: Turn) -> list[EventType]:
        turn.hand_over("outcome_unknown")  # it may have been done before it broke
        return leave_operation()

    def _tell(self, draft: Draft, receipt: Receipt) -> None:
        at = shanghai(receipt.at)
        rows = [
            ["业务", self.design.verb],
            *([fact.label, fact.text] for fact in receipt.facts),
            ["受理编号", receipt.number],
            ["办理时间", f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"],
        ]
        card = {"type": "receipt", "title": self.design.receipt_title, "rows": rows}
        try:
            text, replies = self.design.done(draft, receipt), self.design.after(draft)
        except BankUnavailable:  # it is done all the same
            text, replies = f"{self.design.verb}已经办成，受理编号 {receipt.number}。", {}
        draft.turn.say(text, card=card, replies=replies)

    def _again(self, forget: list[str]) -> list[EventType]:
        forgotten = [SlotSet(name, None) for name in forget]
        return [*forgotten, FollowupAction(self.design.form)]


def hold(turn: Turn, reason: str) -> list[EventType]:
    """Risk control takes over; nothing was done."""
    turn.say(reason)
    turn.hand_over("fraud", line="dispute_risk")
    return leave_operation()
