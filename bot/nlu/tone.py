"""Fits what the assistant says to how it stands with the customer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

REGRET = "抱歉让您着急了。"
WARNING = (
    "如果您或家人已经转了钱，或者卡可能被盗用，请先不要再转账、不要把验证码告诉任何人，"
    "并马上找人工客服，我们优先处理。"
)
HUMAN = {"title": "转人工", "payload": "/request_human"}


def fitted(
    messages: Sequence[dict[str, Any]], signals: Collection[str], decision: str | None
) -> list[dict[str, Any]]:
    """The messages of one answer, with a word of regret for an angry customer (one is enough)
    and a warning where fraud was spoken of. What a hand-off says is the desk's own."""
    if not messages or decision == "hand_off":
        return list(messages)
    fitting = list(messages)
    if "anger" in signals and "抱歉" not in fitting[0]["text"]:
        fitting[0] = {**fitting[0], "text": REGRET + fitting[0]["text"]}
    if "fraud" in signals:
        fitting.append({"text": WARNING, "buttons": [HUMAN], "custom": None, "action": None})
    return fitting
