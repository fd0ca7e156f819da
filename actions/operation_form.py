"""The form of every operation: whose turn it is, what was heard, what is asked next.

Rasa runs ``validate_<operation>_form`` whenever the form has its turn. A message that is none of
its business is left alone (no events), so that Rasa lets the other rules answer it and comes back.
"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.draft import Draft
from actions.operation_actions import OperationAction
from actions.operation_asking import Asking
from actions.operation_hearing import Hearing
from actions.turn import Turn


class OperationForm(OperationAction):
    """Understands the answers to an operation's questions, and asks them."""

    def name(self) -> str:
        return f"validate_{self.design.name}_form"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        draft = self.design.draft(turn, customer_id)
        hearing = Hearing(self.design, draft)
        begins, own = self._actions(turn)
        begun = draft.since_message & begins
        if draft.since_message - begun - own:  # something else was answered in between
            if draft.was_away:
                draft.undo_progress()
            if not turn.goes_on:
                draft.remarks.append(f"我们继续刚才的{self.design.verb}。")
        elif begun:
            hearing.hear()
        elif self.design.action not in draft.since_message and not hearing.heed():
            return []
        return self.go_on(draft)

    def go_on(self, draft: Draft) -> list[EventType]:
        """What the form says and asks next."""
        return Asking(self.design, draft).go_on()

    def _actions(self, turn: Turn) -> tuple[set[str], set[str]]:
        """The actions that begin this form, and those that belong to it."""
        begins, own = {self.design.begin_action}, {self.design.form, self.design.action}
        if before := turn.slot("operation_before"):  # which needs this one first, and began it
            begins |= {f"action_begin_{before['operation']}", f"action_{before['operation']}"}
            own.add(f"{before['operation']}_form")
        return begins, own
