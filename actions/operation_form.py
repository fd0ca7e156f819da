"""The form of every operation: whose turn it is, what was heard, what is asked next.

Rasa runs ``validate_<operation>_form`` whenever the form has its turn. A message that is none of
its business is left alone (no events), so that Rasa lets the other rules answer it and comes back.
Where something fails, the form stays open and keeps what it has (:mod:`actions.stall`).
"""

from __future__ import annotations

import logging

from rasa_sdk.events import EventType, SlotSet

from actions.draft import Draft
from actions.operation_actions import OperationAction
from actions.operation_asking import CANCEL, Asking
from actions.operation_hearing import Hearing
from actions.stall import INTENT, KEY, RETRY, SLOT, Stall, leave_to_person
from actions.turn import PERSON, Turn
from bot.banking.errors import BankUnavailable, KeptForRetry

logger = logging.getLogger(__name__)


class OperationForm(OperationAction):
    """Understands the answers to an operation's questions, and asks them."""

    def name(self) -> str:
        return f"validate_{self.design.name}_form"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        stall = Stall.of(turn)
        if stall and stall.message == turn.operation_key:
            return self._stay(turn, stall)  # what failed was told in this turn already
        again = stall if stall and turn.intent == INTENT else None
        draft = self.design.draft(again.replayed(turn) if again else turn, customer_id)
        if stall and not again and self._digressed(draft):
            turn.say(f"刚才的{self.design.verb}还没有办完，随时可以再试。", replies=self._waiting)
            return self._stay(turn, stall)
        heard = self._heard_before(again, draft)
        try:
            heard = heard or self._understand(draft)
            if not heard:
                return []
            if stall and stall.unknown and self._was_done(draft):
                return self._finished()
            return self.go_on(draft)
        except KeptForRetry:
            raise
        except BankUnavailable as unavailable:
            if not self.design.waits:
                raise
            logger.warning("%s: the bank does not answer: %s", self.name(), unavailable)
            return self._stall(turn, draft, stall, heard)

    def go_on(self, draft: Draft) -> list[EventType]:
        """What the form says and asks next."""
        return Asking(self.design, draft).go_on()

    def broken(self, turn: Turn) -> list[EventType]:
        """Once more is worth a try; what fails twice is left."""
        stall = Stall.of(turn)
        if stall or not self.design.waits:
            return leave_to_person(turn) or super().broken(turn)
        turn.say(
            f"抱歉，系统出了点问题，刚才这一步没有办成，{self.design.verb}没有办理。"
            "前面说的都还在，可以再试一次，或转人工协助。",
            replies=self._waiting,
        )
        return self._stay(turn, Stall(turn.operation_key, heard=False))

    # ── whose turn it is ─────────────────────────────────────────────────────
    def _understand(self, draft: Draft) -> bool:
        """Whether the form goes on; if so, ``draft`` holds what the message says for it."""
        hearing = Hearing(self.design, draft)
        if self._digressed(draft):
            if draft.was_away:
                draft.undo_progress()
            if not draft.turn.goes_on:
                draft.remarks.append(f"我们继续刚才的{self.design.verb}。")
        elif draft.since_message & self._beginning(draft.turn):
            hearing.hear()
        else:
            return self.design.action in draft.since_message or hearing.heed()
        return True

    def _digressed(self, draft: Draft) -> bool:
        """Whether something else was answered since the message."""
        own = {self.design.form, self.design.action}
        if before := draft.turn.slot("operation_before"):
            own.add(f"{before['operation']}_form")
        return bool(draft.since_message - self._beginning(draft.turn) - own)

    def _beginning(self, turn: Turn) -> set[str]:
        """The actions that begin this form."""
        begins = {self.design.begin_action}
        if before := turn.slot("operation_before"):  # which needs this one first, and began it
            begins |= {f"action_begin_{before['operation']}", f"action_{before['operation']}"}
        return begins

    # ── when something fails ─────────────────────────────────────────────────
    @property
    def _waiting(self) -> dict[str, str]:
        return {**RETRY, **PERSON, **CANCEL}

    def _heard_before(self, again: Stall | None, draft: Draft) -> bool:
        """Whether the turn that is tried again had heard its message."""
        if again is None or not again.heard:
            return False
        if draft.was_away:
            draft.undo_progress()
        return True

    def _was_done(self, draft: Draft) -> bool:
        """Whether the bank, asked what became of the operation, has done it after all."""
        operations = draft.turn.services.operations
        if operations.outcome(draft.customer_id, draft.turn.slot(KEY)) is not None:
            return True
        draft.remarks.append(f"已向银行核实，刚才的{self.design.verb}没有办成，我们接着办。")
        return False

    def _finished(self) -> list[EventType]:
        """On to the receipt, with the values that it was done with."""
        kept = {"operation_confirmed": True, SLOT: None, "requested_slot": None}
        return [SlotSet(name, value) for name, value in kept.items()]

    def _stall(
        self, turn: Turn, draft: Draft, before: Stall | None, heard: bool
    ) -> list[EventType]:
        """Say so, and keep the form open with all that is known."""
        remarks = "".join(draft.remarks)
        if before and before.unknown:
            # What it was asked to do stands as it is until that is known.
            turn.say(
                f"抱歉，银行系统还是没有应答，刚才的{self.design.verb}是否办成暂时查不到，请先不要"
                "重复办理。可以过一会儿再试一次，也可以转人工核实。",
                replies={**RETRY, **PERSON},
            )
            return self._stay(turn, before)
        turn.say(f"{remarks}{self.design.stalled(turn)}", replies=self._waiting)
        stall = Stall(draft.turn.operation_key, heard)
        values = draft.events(self._asked(turn)) if heard else []
        return [*values, *self._stay(turn, stall)]

    def _stay(self, turn: Turn, stall: Stall) -> list[EventType]:
        """The form goes on asking for what it asked for."""
        return [stall.event(), SlotSet("requested_slot", self._asked(turn))]

    def _asked(self, turn: Turn) -> str:
        """What it asked for; nothing does before the first question and after the last answer."""
        last = "operation_confirmed"
        first = last if turn.slot(last) else self.design.fields[0].slot
        return turn.slot("requested_slot") or first
