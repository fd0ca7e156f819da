"""Dialogue acts that belong to no single line of business: leaving, following up, and the like."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.answers import ActionContinueQuery
from actions.operation_design import OperationDesign
from actions.operation_slots import leave_operation, resume_operation
from actions.turn import Turn
from actions.turn_action import TurnAction

# 都不办了: what else was asked for in the same message is called off, too.
_ALL = re.compile("都|全部|所有|一起|通通|统统")


class ActionCancel(TurnAction):
    """“算了”: whatever was under way is left, and nothing of it was done."""

    def name(self) -> str:
        return "action_cancel"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is None:
            turn.say("好的，没有进行中的办理。还有其他需要可以随时告诉我。")
            return []
        if turn.slot("operation_before"):
            turn.say("好的，这一步先不办。")
            return resume_operation(turn)
        designs = {design.name: design for design in OperationDesign.__subclasses__()}
        turn.say(designs.get(turn.slot("operation"), OperationDesign).left)
        dropped = [SlotSet("requests_dropped", True)] if _ALL.search(turn.text) else []
        return [*leave_operation(), *dropped]


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


class ActionRepeat(TurnAction):
    """“再说一遍”: the last answer again, with its buttons and card. A form repeats itself."""

    def name(self) -> str:
        return "action_repeat"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.tracker.active_loop_name is not None:
            return []
        said = last_answer(turn.tracker)
        for each in said:
            data = each.get("data") or {}
            turn.dispatcher.utter_message(
                text=each.get("text"),
                buttons=data.get("buttons"),
                json_message=data.get("custom"),
            )
        if not said:
            turn.say("我还没有说过什么呢。请告诉我您想办理什么，也可以直接提问。")
        return []


def last_answer(tracker: Tracker) -> list[dict[str, Any]]:
    """Everything that was said to the message before this one, in order."""
    said: list[dict[str, Any]] = []
    ours = True
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            if not ours:
                break
            ours = False
        elif event.get("event") == "bot":
            said.insert(0, event)
    return said
