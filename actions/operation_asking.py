"""What an operation's form asks next: a value, whether to go on, the confirmation, the code."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.draft import Draft
from actions.operation_actions import hold
from actions.operation_design import Field, OperationDesign, Question
from actions.operation_hearing import NOT_UNDERSTOOD
from actions.operation_slots import leave_operation
from actions.turn import PERSON
from bot.banking.errors import BankUnavailable, KeptForRetry
from bot.banking.models import Assessment, Challenge
from bot.banking.requests import Request

CANCEL = {"取消": "/cancel"}
RESEND = {"重新获取验证码": "/resend_code"}


class Asking:
    """Takes an operation of ``design`` one step further, from what its ``draft`` holds."""

    def __init__(self, design: OperationDesign, draft: Draft) -> None:
        self.design = design
        self.draft = draft

    def go_on(self) -> list[EventType]:
        """Say what is to be said and ask the next question; the events that keep both."""
        draft = self.draft
        if False in (draft.get("operation_warned"), draft.get("operation_confirmed")):
            draft.values["operation_confirmed"] = False
            return draft.events(None)
        if draft.get("operation_confirmed") and self._nothing_left():
            # Done at once: a repeated turn must find its receipt, not what it changed.
            return draft.events(None)
        missing = self._settle()
        self.design.keep(draft)
        risk = self._assess(missing is None)
        if risk.verdict == "hold":
            return hold(draft.turn, risk.reason)
        pointless = self.design.pointless(draft)
        if pointless is not None:
            draft.turn.say("".join((*draft.remarks, pointless)), replies=PERSON)
            return leave_operation()
        if missing:
            return self._ask(missing.slot, missing.question(draft))
        return self._finish(risk)

    def _finish(self, risk: Assessment) -> list[EventType]:
        """Every field has a value: warn, have it confirmed, ask for the code."""
        draft = self.draft
        if not (draft.get("operation_warned") or draft.get("operation_confirmed")):
            warning = [risk.reason] if risk.verdict == "warn" else []
            concerns = [*warning, *self.design.concerns(draft)]
            if concerns:
                return self._ask_whether(concerns)
        if not draft.get("operation_confirmed"):
            return self._ask_to_confirm()
        if self._nothing_left():
            return draft.events(None)
        return self._ask_for_code()

    def _nothing_left(self) -> bool:
        given = self.draft.get("code_ref") is not None
        return given or not self.design.request(self.draft).needs_code

    def _settle(self) -> Field | None:
        """Fill in what need not be asked, drop what cannot be; the first field still missing."""
        draft = self.draft
        for field in self.design.fields:
            if draft.get(field.slot) is None and field.slot != draft.reopened:
                draft.values[field.slot] = field.default(draft)
        self.design.resolve(draft)
        for problem in self.design.problems(draft):
            draft.remarks.append(problem.text)
            for slot in problem.slots:
                wrong = self.design.field(slot)
                for each in (slot, *(wrong.dependents if wrong else ())):
                    draft.set(each, None)
        return next((f for f in self.design.fields if draft.get(f.slot) is None), None)

    def _assess(self, complete: bool) -> Assessment:
        draft = self.draft
        if not self.design.watched:
            return Assessment("pass")
        request = self.design.request(draft) if complete else self.design.foreseen(draft)
        operations = draft.turn.services.operations
        return operations.assess(draft.customer_id, request, draft.risk_context)

    # ── questions ────────────────────────────────────────────────────────────
    def _ask(
        self, slot: str, question: Question, card: dict[str, Any] | None = None
    ) -> list[EventType]:
        draft = self.draft
        if draft.turn.goes_on:  # and then this is asked, once
            if draft.remarks:
                draft.turn.say("".join(draft.remarks))
            return draft.events(slot)
        if draft.turn.has_more_behind:
            draft.remarks.append(f"好的，一件一件来，先为您办理{self.design.verb}。")
        text, replies = "".join((*draft.remarks, question.text)), question.replies
        card = card or question.card
        if draft.offers and slot != "code_ref":  # what to change is the question now
            text, replies, card = "".join(draft.remarks), {}, None
        if NOT_UNDERSTOOD in draft.remarks:
            replies = {**replies, **PERSON}
        draft.turn.say(text, card=card, replies={**draft.offers, **replies, **CANCEL})
        return draft.events(slot)

    def _ask_whether(self, concerns: list[str]) -> list[EventType]:
        text = f"{''.join(concerns)}确定要继续吗？"
        return self._ask(
            "operation_warned", Question(text, {"我已核实，继续": "/affirm", **PERSON})
        )

    def _ask_to_confirm(self) -> list[EventType]:
        draft, verb = self.draft, self.design.verb
        replies = {f"确认{verb}": "/affirm"}
        if sum(bool(field.show(draft)) for field in self.design.fields) > 1:
            replies["修改"] = "/correct"
        replies |= self.design.offers(draft)
        card = {"type": "confirm", "title": f"确认{verb}", "rows": self.design.rows(draft)}
        question = Question(self.design.confirm(draft), replies)
        return self._ask("operation_confirmed", question, card)

    def _ask_for_code(self) -> list[EventType]:
        challenge = self._send_code(self.design.request(self.draft))
        self.draft.values["code_challenge"] = challenge.id
        card = {
            "type": "one_time_code",
            "length": challenge.length,
            "phone": challenge.phone,
            "expires_in": challenge.expires_in,
        }
        text = f"请输入短信验证码（{challenge.length} 位），完成{self.design.verb}。"
        return self._ask("code_ref", Question(text, RESEND), card)

    def _send_code(self, request: Request) -> Challenge:
        """The code; where not even that can be sent, what protects the customer is kept."""
        draft = self.draft
        operations = draft.turn.services.operations
        try:
            return operations.send_code(draft.customer_id, request)
        except BankUnavailable as unavailable:
            if not request.kept_when_down:
                raise
            operations.keep(draft.customer_id, request, draft.turn.operation_key)
            raise KeptForRetry(f"{request.operation} is kept and tried again") from unavailable
