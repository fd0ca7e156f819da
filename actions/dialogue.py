"""Dialogue acts that belong to no single line of business: leaving, following up, and the like."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.answers import ActionContinueQuery
from actions.designs import DESIGNS
from actions.operation_design import NOTHING_DONE
from actions.operation_slots import leave_operation, resume_operation
from actions.stall import RETRY, leave_to_person
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
            turn.say("好的，现在没有正在办理的业务。有需要随时告诉我。")
            return []
        if turn.slot("operation_before"):
            turn.say("好的，这一步先不办。")
            return resume_operation(turn)
        if left := leave_to_person(turn):
            return left
        design = DESIGNS.get(turn.slot("operation"))
        turn.say(design.left if design else NOTHING_DONE)
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
            turn.say("前面还没有可以重复的内容。请告诉我您想办理什么，也可以直接提问。")
        return []


class ActionRetry(TurnAction):
    """“再试一次” where no form waits to go on: what was asked for before it can be sent again."""

    def name(self) -> str:
        return "action_retry"

    def serve(self, turn: Turn) -> list[EventType]:
        buttons = [
            each
            for said in last_answer(turn.tracker)
            for each in (said.get("data") or {}).get("buttons") or []
            if each["title"] in RETRY
        ]
        if buttons:
            turn.say(
                "好的，点一下就按您刚才说的再试一次。",
                replies={buttons[0]["title"]: buttons[0]["payload"]},
            )
        else:
            turn.say("好的，请再说一遍要办什么，我马上为您办理。")
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
