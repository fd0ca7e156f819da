"""Handing over to a person: asked for, complained, disputed, or simply not understood."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.turn import Turn, TurnAction, leave_operation

# After so many turns in a row without a useful answer a person takes over.
UNRESOLVED_LIMIT = 2
# Deception and theft are urgent; a wrong fee is not.
FRAUD = re.compile(r"盗刷|诈骗|骗|盗用|盗取|被偷|不是我(本人)?(刷|转|操作|消费|买)|冒用")


class ActionHandOff(TurnAction):
    """A person is asked for, or what was said needs one."""

    def name(self) -> str:
        return "action_hand_off"

    def serve(self, turn: Turn) -> list[EventType]:
        reason = {"complaint": "complaint", "dispute_transaction": "dispute"}.get(
            turn.intent or "", "request_human"
        )
        if reason == "dispute" and FRAUD.search(turn.text):
            reason = "fraud"
        turn.hand_over(reason)
        return leave_operation()


class ActionUnresolved(TurnAction):
    """Nothing fitting was found; the second time in a row goes to a person."""

    def name(self) -> str:
        return "action_unresolved"

    def serve(self, turn: Turn) -> list[EventType]:
        if unresolved_before(turn) + 1 >= UNRESOLVED_LIMIT:
            turn.hand_over("unresolved")
            return leave_operation()
        if turn.intent == "out_of_scope":
            text = "这个问题超出了我的业务范围。银行业务方面的问题可以继续问我。"
        else:
            text = "抱歉，我没有完全明白。您可以换个说法，或者直接找人工客服。"
        turn.say(text, replies={"转人工": "/request_human"})
        return []


def unresolved_before(turn: Turn) -> int:
    """How many turns directly before this one brought the customer no further.

    A clarifying question counts once the customer has said that none of its candidates fits.
    """
    fruitless = {"action_unresolved"}
    if turn.text.startswith("/"):
        fruitless.add("utter_faq_clarify")
    count = 0
    actions: set[str] = set()
    asked = 0
    for event in reversed(turn.tracker.events):
        if event.get("event") == "action":
            actions.add(event.get("name") or "")
        elif event.get("event") == "user":
            asked += 1
            # The first one met is the message being answered now.
            if asked > 1:
                if not actions & fruitless:
                    break
                count += 1
            actions = set()
    return count
