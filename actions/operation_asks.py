"""The questions of an operation's form: which, sure, and the code."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.designs import DESIGNS
from actions.operations import RESEND, OperationDesign, target_of
from actions.turn import CustomerAction, Turn
from bot.banking.errors import BankRefused


def design_of(turn: Turn) -> OperationDesign:
    return DESIGNS[turn.slot("operation")]


class ActionAskOperationTarget(CustomerAction):
    """Which card or account."""

    def name(self) -> str:
        return "action_ask_operation_target"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        design = design_of(turn)
        replies = {
            target.label: f'/inform{{"target_id": "{target.id}"}}'
            for target in design.targets(turn, customer_id)
        }
        turn.say(design.which, replies={**replies, "取消": "/cancel"})
        return []


class ActionAskOperationConfirmed(CustomerAction):
    """A card to read before anything happens."""

    def name(self) -> str:
        return "action_ask_operation_confirmed"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        design = design_of(turn)
        target = target_of(design, turn, customer_id)
        turn.say(
            design.confirm.format(target=target.label),
            card={
                "type": "confirm",
                "title": f"确认{design.verb}",
                "rows": [["业务", design.verb], ["对象", target.label]],
            },
            replies={f"确认{design.verb}": "/affirm", "取消": "/cancel"},
        )
        return []


class ActionAskCodeRef(CustomerAction):
    """Sends the one-time code, once, and asks for it."""

    def name(self) -> str:
        return "action_ask_code_ref"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        return ask_for_code(turn, customer_id, again=False)


class ActionResendCode(CustomerAction):
    """Another code, if one is being waited for."""

    def name(self) -> str:
        return "action_resend_code"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if turn.slot("requested_slot") != "code_ref":
            turn.say("现在没有需要验证码的业务。验证码只在办理业务时发送，请勿告诉任何人。")
            return []
        try:
            challenge = turn.services.operations.send_code(
                customer_id,
                design_of(turn).request(turn.slot("operation_target")),
                again=True,
            )
        except BankRefused as refusal:
            turn.say(str(refusal))
            return []
        turn.say("已重新发送验证码。")
        return [SlotSet("code_challenge", challenge.id)]


def ask_for_code(turn: Turn, customer_id: str, *, again: bool) -> list[EventType]:
    design = design_of(turn)
    challenge = turn.services.operations.send_code(
        customer_id, design.request(turn.slot("operation_target")), again=again
    )
    turn.say(
        f"请输入短信验证码（{challenge.length} 位），完成{design.verb}。",
        card={
            "type": "one_time_code",
            "length": challenge.length,
            "phone": challenge.phone,
            "expires_in": challenge.expires_in,
        },
        replies=RESEND,
    )
    return [SlotSet("code_challenge", challenge.id)]
