"""Operations that need identity, confirmation and a one-time code: the shape they share.

Each operation has four turns: begin (which card or account), confirm, code, done. What differs
is told by an :class:`OperationDesign`; everything that keeps it safe is here once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.turn import CustomerAction, Turn, leave_operation, turn_of
from bot.banking.errors import BankUnavailable, CodeRejected
from bot.banking.models import Receipt
from bot.banking.requests import Request
from bot.errors import NotFound
from bot.text.clock import shanghai

CONFIRM_REPLIES = {"取消": "/cancel"}
RESEND = {"重新获取验证码": "/resend_code", "取消": "/cancel"}


@dataclass(frozen=True)
class Target:
    """A card or account that an operation may be about; ``id`` is the bank's."""

    id: str
    label: str
    tail: str
    kind: str


class OperationDesign(ABC):
    """What tells one operation from another. Texts are for the customer."""

    # The slot ``operation``'s value and the verb on the button.
    name: str
    verb: str
    which: str
    confirm: str

    @abstractmethod
    def request(self, target_id: str) -> Request:
        """What the bank is asked to do."""

    @abstractmethod
    def targets(self, turn: Turn, customer_id: str) -> list[Target]:
        """What the customer has that the operation may be about."""

    def impossible(self, turn: Turn, customer_id: str) -> str | None:
        """Why the operation cannot be done on what this message names, if it cannot."""
        return None

    @abstractmethod
    def nothing(self, turn: Turn, customer_id: str) -> str:
        """Why there is nothing to do."""

    @abstractmethod
    def done(self, target: Target, receipt: Receipt) -> str:
        """What is said when it is done."""


class BeginAction(CustomerAction):
    """Starts an operation afresh: nothing of an earlier one may linger in its slots."""

    @property
    @abstractmethod
    def design(self) -> OperationDesign:
        """Which operation."""

    def name(self) -> str:
        return f"action_begin_{self.design.name}"

    def serve(self, turn: Turn) -> list[EventType]:
        events = super().serve(turn)
        return events or leave_operation()

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        targets = self.design.targets(turn, customer_id)
        if not targets:
            turn.say(self.design.nothing(turn, customer_id), replies={"转人工": "/request_human"})
            return leave_operation()
        chosen = pick(turn, targets)
        why_not = None if chosen else self.design.impossible(turn, customer_id)
        if why_not is not None:
            turn.say(why_not, replies={"转人工": "/request_human"})
            return leave_operation()
        another = chosen is None and asked_for_another(turn, targets)
        if another:
            turn.say(unknown_target(turn))
        # A fresh start is a named operation and, where it is clear, its target.
        values: dict[str, Any] = {"operation": self.design.name}
        if chosen is not None:
            values["operation_target"] = chosen.id
        elif len(targets) == 1 and not another:
            values["operation_target"] = targets[0].id
        fresh = [e for e in leave_operation() if e["event"] == "slot" and e["name"] not in values]
        return [*fresh, *(SlotSet(name, value) for name, value in values.items())]


class OperationValidation(FormValidationAction, ABC):
    """Understands the answers to the form's questions."""

    @property
    @abstractmethod
    def design(self) -> OperationDesign:
        """Which operation."""

    def name(self) -> str:
        return f"validate_{self.design.name}_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """A declined confirmation ends the form; there is nothing more to ask."""
        if tracker.get_slot("operation_confirmed") is False:
            return ["operation_target", "operation_confirmed"]
        return domain_slots

    async def extract_operation_target(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """A card named in this message, also where it corrects the one chosen before."""
        turn = turn_of(dispatcher, tracker)
        if turn.customer_id is None or not names_target(turn):
            return {}
        try:
            targets = self.design.targets(turn, turn.customer_id)
        except BankUnavailable:
            return {}
        chosen = pick(turn, targets)
        if chosen is None:
            if asked_for_another(turn, targets):
                dispatcher.utter_message(text=unknown_target(turn))
            return {}
        if chosen.id == tracker.get_slot("operation_target"):
            return {}
        # Another target needs another confirmation and another code.
        return {
            "operation_target": chosen.id,
            "operation_confirmed": None,
            "code_ref": None,
            "code_challenge": None,
        }


class CarryOutAction(CustomerAction):
    """Verifies the code and does it, or says why not."""

    @property
    @abstractmethod
    def design(self) -> OperationDesign:
        """Which operation."""

    def name(self) -> str:
        return f"action_{self.design.name}"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if not turn.slot("operation_confirmed"):
            turn.say(f"好的，没有办理{self.design.verb}。还有其他需要可以随时告诉我。")
            return leave_operation()
        target = target_of(self.design, turn, customer_id)
        ref = turn.slot("code_ref")
        code = turn.services.sealed.open(turn.conversation_id, ref) if ref else None
        try:
            receipt = turn.services.operations.carry_out(
                customer_id,
                self.design.request(target.id),
                challenge=turn.slot("code_challenge") or "",
                code=code,
                key=turn.operation_key,
            )
        except CodeRejected as rejected:
            return self._ask_again(turn, rejected)
        rows = [
            ["业务", self.design.verb],
            ["对象", target.label],
            ["受理编号", receipt.number],
            ["办理时间", shanghai(receipt.at).strftime("%Y-%m-%d %H:%M")],
        ]
        card = {"type": "receipt", "title": f"{self.design.verb}成功", "rows": rows}
        turn.say(self.design.done(target, receipt), card=card)
        return leave_operation()

    def _ask_again(self, turn: Turn, rejected: CodeRejected) -> list[EventType]:
        turn.say(str(rejected))
        forget = ["code_ref", "code_challenge"] if rejected.final else ["code_ref"]
        return [
            *(SlotSet(name, None) for name in forget),
            FollowupAction(f"{self.design.name}_form"),
        ]


def target_of(design: OperationDesign, turn: Turn, customer_id: str) -> Target:
    """The chosen target, still the customer's own."""
    chosen = turn.slot("operation_target")
    for target in design.targets(turn, customer_id):
        if target.id == chosen:
            return target
    raise NotFound(f"没有 {chosen}")


def names_target(turn: Turn) -> bool:
    return bool(turn.entity("target_id") or turn.entity("card_tail") or turn.entity("account_kind"))


def pick(turn: Turn, targets: list[Target]) -> Target | None:
    """The one target that this message names; ``None`` where it names none or several."""
    by_id = [target for target in targets if target.id == turn.entity("target_id")]
    by_tail = [target for target in targets if target.tail == turn.entity("card_tail")]
    by_kind = [target for target in targets if target.kind == turn.entity("account_kind")]
    named = by_id or by_tail
    if not named and turn.entity("card_tail") is None:
        named = by_kind
    return named[0] if len(named) == 1 else None


def asked_for_another(turn: Turn, targets: list[Target]) -> bool:
    """Whether a card was named that is not among the customer's."""
    tail = turn.entity("card_tail")
    return tail is not None and all(target.tail != tail for target in targets)


def unknown_target(turn: Turn) -> str:
    return f"您名下没有可以办理的尾号{turn.entity('card_tail')}的卡或账户。"
