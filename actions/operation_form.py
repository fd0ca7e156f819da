"""The form of every operation: what a message means for it, and what is asked next.

Rasa runs ``validate_<operation>_form`` whenever the form has its turn. A message that is none of
its business is left alone (no events), so that Rasa lets the other rules answer it and comes back.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType

from actions.draft import SURE, Draft, Unfit, button
from actions.operations import (
    CANCEL,
    Field,
    OperationAction,
    Question,
    hold,
)
from actions.turn import PERSON, Turn, leave_operation
from bot.banking.errors import BankRefused, BankUnavailable, KeptForRetry
from bot.banking.models import Assessment, Challenge
from bot.banking.requests import Request
from bot.text.repairs import find_repair, is_wrong, wants_change

NOT_UNDERSTOOD = "抱歉，这句我没有听明白。"
RESEND = {"重新获取验证码": "/resend_code"}
# Some of what values are called are questions by themselves: 多少钱, 转给谁.
ASKS = re.compile(r"多少|哪|谁")
YES_NO = ("operation_warned", "operation_confirmed")


class OperationForm(OperationAction):
    """Understands the answers to an operation's questions, and asks them."""

    def name(self) -> str:
        return f"validate_{self.design.name}_form"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        draft = self.design.draft(turn, customer_id)
        form = self.design.name
        begins, own = {f"action_begin_{form}"}, {f"{form}_form", f"action_{form}"}
        if before := turn.slot("operation_before"):  # which needs this one first, and began it
            begins |= {f"action_begin_{before['operation']}", f"action_{before['operation']}"}
            own.add(f"{before['operation']}_form")
        begun = draft.since_message & begins
        foreign = draft.since_message - begun - own
        if foreign:
            if draft.was_away:
                draft.undo_progress()
            draft.remarks.append(f"我们继续刚才的{self.design.verb}。")
        elif begun:
            self._hear(draft)
        elif f"action_{form}" not in draft.since_message and not self._heed(draft):
            return []
        return self._go_on(draft)

    # ── what the message means ───────────────────────────────────────────────
    def _heed(self, draft: Draft) -> bool:
        """Whether the message is the form's business; if so, ``draft`` holds what it says."""
        return self._resume(draft) if draft.was_away else self._take(draft)

    def _resume(self, draft: Draft) -> bool:
        """Back after a long silence: told where we were, and held to nothing said before it."""
        if draft.is_elsewhere or draft.turn.intent == "cancel":
            return False
        draft.undo_progress()
        draft.remarks.append(f"您好，刚才的{self.design.verb}还没有办完，我们接着办。")
        if draft.is_answer:
            self._hear(draft)
        return True

    def _take(self, draft: Draft) -> bool:
        if self._steered(draft):
            return True
        if draft.turn.intent == "cancel":
            return False
        if self._code_given(draft):
            return True
        before = dict(draft.values)
        heard = self._hear(draft)
        if heard and (draft.remarks or draft.values != before):
            return True
        # "对，转500给李梅" says nothing new, and still answers.
        return self._answered(draft) or heard

    def _steered(self, draft: Draft) -> bool:
        repair = find_repair(draft.words)
        asked = self._field(draft.asked)
        if repair == "skip" and not (asked and asked.optional):
            draft.remarks.append("这一步不能跳过。")
        elif repair == "skip" and asked:
            draft.set(asked.slot, "")
        elif repair == "back":
            self._back(draft)
        return repair is not None

    def _back(self, draft: Draft) -> None:
        """Ask again for the last thing that the customer decided."""
        slots = [field.slot for field in self.design.fields]
        end = slots.index(draft.asked) if draft.asked in slots else len(slots)
        for field in reversed(self.design.fields[:end]):
            value = draft.get(field.slot)
            if value is not None and value != field.default(draft):
                self._forget(draft, field)
                return
        draft.remarks.append("这已经是第一步了。")

    def _code_given(self, draft: Draft) -> bool:
        ref = draft.turn.entity("code_ref")
        if ref is None or draft.asked != "code_ref":
            return False
        draft.values["code_ref"] = ref
        return True

    def _hear(self, draft: Draft) -> bool:
        """Take over every value that the message holds; whether it held any."""
        if draft.pressed:
            return self._press(draft, *draft.pressed)
        heard = False
        claimed = [field for field in self.design.fields if field.claims(draft)]
        for field in claimed or self.design.fields:
            if draft.is_elsewhere and not field.is_plain(draft):
                continue
            try:
                said = field.read(draft)
            except Unfit as unfit:
                draft.remarks.append(str(unfit))
                self._forget(draft, field)
                heard = True
                continue
            heard = heard or bool(said)
            self._set(draft, said)
        return heard or self._renounced(draft)

    def _press(self, draft: Draft, slot: str, value: str | None) -> bool:
        field = self._field(slot)
        if field is None:
            return False
        if value is None:
            self._forget(draft, field)
        else:
            self._set(draft, field.press(draft, value))
        return True

    def _renounced(self, draft: Draft) -> bool:
        """金额不对, 换个收款人, or 金额 where all is shown: which value is wrong, not what is right."""
        elsewhere = draft.is_elsewhere and draft.turn.confidence >= SURE
        changes = wants_change(draft.words)
        for field in self.design.fields:
            named = re.search(field.words, draft.words)
            if named is None:
                continue
            shown = draft.asked in YES_NO
            alone = shown and named.group() == draft.words and not ASKS.search(draft.words)
            # 有效期不对 by itself is no question, though the FAQ bank has one like it.
            claimed = elsewhere and not (
                draft.turn.intent == "faq" and is_wrong(draft.words[named.end() :])
            )
            wrong = changes and not claimed
            if wrong or alone:
                self._forget(draft, field)
                return True
        return False

    def _answered(self, draft: Draft) -> bool:
        turn, asked = draft.turn, self._field(draft.asked)
        if is_wrong(draft.words) or turn.text == "/correct":
            self._which_is_wrong(draft)
        elif draft.asked == "operation_confirmed" and self._typed_the_button(draft):
            draft.values[draft.asked] = True
        elif draft.asked in YES_NO and turn.intent in ("affirm", "deny"):
            draft.values[draft.asked] = turn.intent == "affirm"
        elif draft.asked == "code_ref" and turn.intent == "resend_code":
            self._send_again(draft)
        elif turn.intent == "deny" and (draft.asked == "code_ref" or turn.slot("operation_before")):
            draft.values["operation_confirmed"] = False
        elif asked and asked.optional and turn.intent == "deny":
            draft.set(asked.slot, "")
        elif draft.is_answer:
            if turn.intent != self.design.name:
                draft.remarks.append(NOT_UNDERSTOOD)
        else:
            return False
        return True

    def _typed_the_button(self, draft: Draft) -> bool:
        """确认还款: it sounds like asking for the business once more."""
        return re.fullmatch(rf"确认{self.design.verb}[吧了。.!！]*", draft.words) is not None

    def _which_is_wrong(self, draft: Draft) -> None:
        shown = [field for field in self.design.fields if draft.get(field.slot) is not None]
        draft.offers = {
            f"改{field.label}": button(field.slot) for field in shown if field.show(draft)
        }
        draft.remarks.append("请问哪里要改？可以直接告诉我正确的内容。")

    def _send_again(self, draft: Draft) -> None:
        try:
            challenge = draft.turn.services.operations.send_code(
                draft.customer_id, self.design.request(draft), again=True
            )
        except BankRefused as refusal:
            draft.remarks.append(str(refusal))
            return
        draft.values["code_challenge"] = challenge.id
        draft.remarks.append("已重新发送验证码。")

    def _set(self, draft: Draft, said: dict[str, object]) -> None:
        for slot, value in said.items():
            field, warned = self._field(slot), draft.get("operation_warned")
            if field and draft.get(slot) not in (None, value):
                self._forget(draft, field)
            draft.set(slot, value)
            if field and not field.weighs:
                draft.values["operation_warned"] = warned

    def _forget(self, draft: Draft, field: Field) -> None:
        for slot in (field.slot, *field.outdated(draft)):
            draft.set(slot, None)
        draft.reopened = field.slot

    # ── what is asked next ───────────────────────────────────────────────────
    def _go_on(self, draft: Draft) -> list[EventType]:
        if False in (draft.get("operation_warned"), draft.get("operation_confirmed")):
            draft.values["operation_confirmed"] = False
            return draft.events(None)
        if draft.get("operation_confirmed") and self._nothing_left(draft):
            # Done at once: a repeated turn must find its receipt, not what it changed.
            return draft.events(None)
        missing = self._settle(draft)
        self.design.keep(draft)
        risk = self._assess(draft, missing is None)
        if risk.verdict == "hold":
            return hold(draft.turn, risk.reason)
        pointless = self.design.pointless(draft)
        if pointless is not None:
            draft.turn.say("".join((*draft.remarks, pointless)), replies=PERSON)
            return leave_operation()
        if missing:
            return self._ask(draft, missing.slot, missing.question(draft))
        if not (draft.get("operation_warned") or draft.get("operation_confirmed")):
            warning = [risk.reason] if risk.verdict == "warn" else []
            concerns = [*warning, *self.design.concerns(draft)]
            if concerns:
                return self._ask_whether(draft, concerns)
        if not draft.get("operation_confirmed"):
            return self._ask_to_confirm(draft)
        if self._nothing_left(draft):
            return draft.events(None)
        return self._ask_for_code(draft)

    def _nothing_left(self, draft: Draft) -> bool:
        return draft.get("code_ref") is not None or not self.design.request(draft).needs_code

    def _settle(self, draft: Draft) -> Field | None:
        """Fill in what need not be asked, drop what cannot be; the first field still missing."""
        for field in self.design.fields:
            if draft.get(field.slot) is None and field.slot != draft.reopened:
                draft.values[field.slot] = field.default(draft)
        self.design.resolve(draft)
        for problem in self.design.problems(draft):
            draft.remarks.append(problem.text)
            for slot in problem.slots:
                wrong = self._field(slot)
                for each in (slot, *(wrong.dependents if wrong else ())):
                    draft.set(each, None)
        return next((f for f in self.design.fields if draft.get(f.slot) is None), None)

    def _assess(self, draft: Draft, complete: bool) -> Assessment:
        if not self.design.watched:
            return Assessment("pass")
        request = self.design.request(draft) if complete else self.design.foreseen(draft)
        operations = draft.turn.services.operations
        return operations.assess(draft.customer_id, request, draft.risk_context)

    def _ask(
        self, draft: Draft, slot: str, question: Question, card: dict[str, Any] | None = None
    ) -> list[EventType]:
        text, replies = "".join((*draft.remarks, question.text)), question.replies
        card = card or question.card
        if draft.offers and slot != "code_ref":  # what to change is the question now
            text, replies, card = "".join(draft.remarks), {}, None
        if NOT_UNDERSTOOD in draft.remarks:
            replies = {**replies, **PERSON}
        draft.turn.say(text, card=card, replies={**draft.offers, **replies, **CANCEL})
        return draft.events(slot)

    def _ask_whether(self, draft: Draft, concerns: list[str]) -> list[EventType]:
        question = Question(
            f"{''.join(concerns)}确定要继续吗？", {"我已核实，继续": "/affirm", **PERSON}
        )
        return self._ask(draft, "operation_warned", question)

    def _ask_to_confirm(self, draft: Draft) -> list[EventType]:
        verb = self.design.verb
        replies = {f"确认{verb}": "/affirm"}
        if sum(bool(field.show(draft)) for field in self.design.fields) > 1:
            replies["修改"] = "/correct"
        replies |= self.design.offers(draft)
        card = {"type": "confirm", "title": f"确认{verb}", "rows": self.design.rows(draft)}
        question = Question(self.design.confirm(draft), replies)
        return self._ask(draft, "operation_confirmed", question, card)

    def _ask_for_code(self, draft: Draft) -> list[EventType]:
        request = self.design.request(draft)
        challenge = self._send_code(draft, request)
        draft.values["code_challenge"] = challenge.id
        card = {
            "type": "one_time_code",
            "length": challenge.length,
            "phone": challenge.phone,
            "expires_in": challenge.expires_in,
        }
        text = f"请输入短信验证码（{challenge.length} 位），完成{self.design.verb}。"
        return self._ask(draft, "code_ref", Question(text, RESEND), card)

    def _send_code(self, draft: Draft, request: Request) -> Challenge:
        """The code; where not even that can be sent, what protects the customer is kept."""
        operations = draft.turn.services.operations
        try:
            return operations.send_code(draft.customer_id, request)
        except BankUnavailable as unavailable:
            if not request.kept_when_down:
                raise
            operations.keep(draft.customer_id, request, draft.turn.operation_key)
            raise KeptForRetry(f"{request.operation} is kept and tried again") from unavailable

    def _field(self, slot: str | None) -> Field | None:
        return next((field for field in self.design.fields if field.slot == slot), None)
