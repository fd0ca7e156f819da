"""Dialogue acts that belong to no single line of business: leaving, and following up."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.answers import ActionContinueQuery
from actions.operations import OperationDesign
from actions.turn import Turn, TurnAction, leave_operation


class ActionCancel(TurnAction):
    """“算了”: whatever was under way is left, and nothing of it was done."""

    def name(self) -> str:
        return "action_cancel"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is None:
            turn.say("好的，没有进行中的办理。还有其他需要可以随时告诉我。")
            return []
        designs = {design.name: design for design in OperationDesign.__subclasses__()}
        turn.say(designs.get(turn.slot("operation"), OperationDesign).left)
        return leave_operation()


class ActionFollowUp(ActionContinueQuery):
    """“那上个月呢”, “尾号2001的”: the last query again, with what is new in it."""

    def name(self) -> str:
        return "action_follow_up"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is not None:
            # Inside a form the form itself asks again.
            turn.say("抱歉，这里还需要您的确认。")
            return []
        return super().serve(turn)
