"""What a message means for the operation under way: values, answers, corrections."""

from __future__ import annotations

import re

from actions.draft import SURE, Draft, Unfit, button
from actions.operation_design import Field, OperationDesign
from bot.banking.errors import BankRefused
from bot.text.repairs import find_repair, is_wrong, wants_change

NOT_UNDERSTOOD = "抱歉，这句我没有听明白。"
# Some of what values are called are questions by themselves: 多少钱, 转给谁.
ASKS = re.compile(r"多少|哪|谁")
YES_NO = ("operation_warned", "operation_confirmed")


class Hearing:
    """Takes over into ``draft`` what the present message says of an operation of ``design``."""

    def __init__(self, design: OperationDesign, draft: Draft) -> None:
        self.design = design
        self.draft = draft

    def heed(self) -> bool:
        """Whether the message is the form's business; if so, the draft holds what it says."""
        return self._resume() if self.draft.was_away else self._take()

    def hear(self) -> bool:
        """Take over every value that the message holds; whether it held any."""
        draft = self.draft
        if draft.pressed:
            return self._press(*draft.pressed)
        heard = False
        claimed = [field for field in self.design.fields if field.claims(draft)]
        for field in claimed or self.design.fields:
            if draft.is_elsewhere and not field.is_plain(draft):
                continue
            try:
                said = field.read(draft)
            except Unfit as unfit:
                draft.remarks.append(str(unfit))
                self._forget(field)
                heard = True
                continue
            heard = heard or bool(said)
            self._set(said)
        return heard or self._renounced()

    def _resume(self) -> bool:
        """Back after a long silence: told where we were, and held to nothing said before it."""
        draft = self.draft
        if draft.is_elsewhere or draft.turn.intent == "cancel":
            return False
        draft.undo_progress()
        draft.remarks.append(f"您好，刚才的{self.design.verb}还没有办完，我们接着办。")
        if draft.is_answer:
            self.hear()
        return True

    def _take(self) -> bool:
        draft = self.draft
        if self._steered():
            return True
        if draft.asked == "operation_confirmed" and self.design.is_yes(draft.words):
            draft.values[draft.asked] = True
            return True
        if draft.turn.intent == "cancel":
            return False
        if self._code_given():
            return True
        before = dict(draft.values)
        heard = self.hear()
        if heard and (draft.remarks or draft.values != before):
            return True
        # "对，转500给李梅" says nothing new, and still answers.
        return self._answered() or heard

    # ── steering ─────────────────────────────────────────────────────────────
    def _steered(self) -> bool:
        draft = self.draft
        repair = find_repair(draft.words)
        asked = self.design.field(draft.asked)
        if repair == "skip" and not (asked and asked.optional):
            draft.remarks.append("这一步不能跳过。")
        elif repair == "skip" and asked:
            draft.set(asked.slot, "")
        elif repair == "back":
            self._back()
        return repair is not None or draft.turn.intent == "retry"

    def _back(self) -> None:
        """Ask again for the last thing that the customer decided."""
        draft = self.draft
        slots = [field.slot for field in self.design.fields]
        end = slots.index(draft.asked) if draft.asked in slots else len(slots)
        for field in reversed(self.design.fields[:end]):
            value = draft.get(field.slot)
            if value is not None and value != field.default(draft):
                self._forget(field)
                return
        draft.remarks.append("这已经是第一步了。")

    def _renounced(self) -> bool:
        """金额不对, 换个收款人, or 金额 where all is shown: which value is wrong, not what is right."""
        draft = self.draft
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
                self._forget(field)
                return True
        return False

    # ── answers ──────────────────────────────────────────────────────────────
    def _press(self, slot: str, value: str | None) -> bool:
        field = self.design.field(slot)
        if field is None:
            return False
        if value is None:
            self._forget(field)
        else:
            self._set(field.press(self.draft, value))
        return True

    def _code_given(self) -> bool:
        ref = self.draft.turn.entity("code_ref")
        if ref is None or self.draft.asked != "code_ref":
            return False
        self.draft.values["code_ref"] = ref
        return True

    def _answered(self) -> bool:
        draft, turn = self.draft, self.draft.turn
        asked = self.design.field(draft.asked)
        if is_wrong(draft.words) or turn.text == "/correct":
            self._which_is_wrong()
        elif draft.asked in YES_NO and turn.intent in ("affirm", "deny"):
            draft.values[draft.asked] = turn.intent == "affirm"
        elif draft.asked == "code_ref" and turn.intent == "resend_code":
            self._send_again()
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

    def _which_is_wrong(self) -> None:
        draft = self.draft
        shown = [field for field in self.design.fields if draft.get(field.slot) is not None]
        draft.offers = {
            f"改{field.label}": button(field.slot) for field in shown if field.show(draft)
        }
        draft.remarks.append("请问哪里要改？可以直接告诉我正确的内容。")

    def _send_again(self) -> None:
        draft = self.draft
        try:
            challenge = draft.turn.services.operations.send_code(
                draft.customer_id, self.design.request(draft), again=True
            )
        except BankRefused as refusal:
            draft.remarks.append(str(refusal))
            return
        draft.values["code_challenge"] = challenge.id
        draft.remarks.append("已重新发送验证码。")

    # ── values ───────────────────────────────────────────────────────────────
    def _set(self, said: dict[str, object]) -> None:
        draft = self.draft
        for slot, value in said.items():
            field, warned = self.design.field(slot), draft.get("operation_warned")
            if field and draft.get(slot) not in (None, value):
                self._forget(field)
            draft.set(slot, value)
            if field and not field.weighs:
                draft.values["operation_warned"] = warned

    def _forget(self, field: Field) -> None:
        for slot in (field.slot, *field.outdated(self.draft)):
            self.draft.set(slot, None)
        self.draft.reopened = field.slot
