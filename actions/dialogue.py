"""Dialogue acts that belong to no single line of business: leaving, and following up."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.accounts import answer_balance, answer_transactions
from actions.turn import CustomerAction, Turn, TurnAction, leave_operation

NOTHING_NEW = "好的。请告诉我您想办理什么，例如“查余额”“挂失”，也可以直接提问。"


class ActionCancel(TurnAction):
    """“算了”: whatever was under way is left, and nothing of it was done."""

    def name(self) -> str:
        return "action_cancel"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is None:
            turn.say("好的，没有进行中的办理。还有其他需要可以随时告诉我。")
            return []
        turn.say("好的，已取消，没有办理任何业务。")
        return leave_operation()


class ActionFollowUp(CustomerAction):
    """“那上个月呢”, “尾号2001的”: the last query again, with what is new in it."""

    def name(self) -> str:
        return "action_follow_up"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is not None:
            # Inside a form the form itself asks again.
            turn.say("抱歉，这里还需要您的确认。")
            return []
        if turn.slot("last_query") is None:
            turn.say(NOTHING_NEW)
            return []
        return super().serve(turn)

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        last = turn.slot("last_query")
        answer = {"balance": answer_balance, "transactions": answer_transactions}[last["about"]]
        return answer(turn, customer_id, last)
