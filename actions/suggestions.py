"""Suggestions and praise: written down with thanks; a person only if one is wanted."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.complaint_moves import own_words
from actions.opinion_form import Question, ask, settled, suggest
from actions.turn import Turn
from actions.turn_action import TurnAction

# Says that there is a suggestion, and not which.
_BARE = re.compile(
    r"(?:你好|您好|请|麻烦|我|想|要|给|你们|银行|有|提|反馈|反映|一个|一点|一条|个|点|条|些|小|改进|合理化|意见|建议|想法|哈|吧|呃|嗯|[,，。.!\s])*"
)


class ActionSuggestion(TurnAction):
    """“建议把字体放大一点”; “我有个建议” is asked which."""

    def name(self) -> str:
        return "action_suggestion"

    def serve(self, turn: Turn) -> list[EventType]:
        if turn.text.startswith("/") or _BARE.fullmatch(turn.text):
            return ask(turn, Question("suggest"))
        suggest(turn, own_words(turn))
        return settled(turn)
