"""Fields whose value is chosen from what there is."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, NamedTuple

from actions.draft import Draft, Unfit, button
from actions.operation_design import Field, Question
from bot.text.cards import Direction, direction_of
from bot.text.places import find_place


class Choice(NamedTuple):
    """One that may be chosen; ``id`` is the bank's."""

    id: str
    label: str
    tail: str
    kind: str
    note: str = ""


class ChoiceField(Field):
    """Chosen by pressing it, by its tail or its kind; need not be asked for where there is one."""

    @abstractmethod
    def choices(self, draft: Draft) -> list[Choice]:
        """What the customer may choose from."""

    @abstractmethod
    def ask(self, draft: Draft) -> str:
        """The question above the choices."""

    def is_meant(self, draft: Draft, direction: Direction | None) -> bool:
        """Whether a card named with this direction is this field's."""
        return True

    def unknown(self, draft: Draft, tail: str) -> str:
        """What is said of a tail that is not among the choices."""
        return f"您名下没有可以办理的尾号 {tail} 的卡或账户。"

    def read(self, draft: Draft) -> dict[str, Any]:
        choices = self.choices(draft)
        for tail in self._named(draft, "card_tail"):
            chosen = [each for each in choices if each.tail == tail]
            if not chosen:
                raise Unfit(self.unknown(draft, tail))
            return {self.slot: chosen[0].id}
        for kind in self._named(draft, "account_kind"):
            chosen = [each for each in choices if each.kind == kind]
            if len(chosen) == 1:
                return {self.slot: chosen[0].id}
        return self._spelt(draft, choices)

    def _spelt(self, draft: Draft, choices: list[Choice]) -> dict[str, Any]:
        """Where it is asked for, a choice's tail anywhere is the answer, or its place: 从8866出,
        第二张."""
        if draft.asked != self.slot:
            return {}
        runs = re.findall(r"\d+", draft.words)
        chosen = [each for each in choices if each.tail in runs]
        place = find_place(draft.words, len(choices))
        if not chosen and place is not None:
            chosen = [choices[place]]
        return {self.slot: chosen[0].id} if len(chosen) == 1 else {}

    def _named(self, draft: Draft, entity: str) -> list[str]:
        return [
            str(each["value"])
            for each in draft.entities(entity)
            if self.is_meant(draft, direction_of(draft.words, each.get("start") or 0))
        ]

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        return {self.slot: value} if self.chosen(draft, value) else {}

    def default(self, draft: Draft) -> str | None:
        choices = self.choices(draft)
        return choices[0].id if len(choices) == 1 else None

    def question(self, draft: Draft) -> Question:
        replies = {
            f"{each.label}{each.note}": button(self.slot, each.id) for each in self.choices(draft)
        }
        return Question(self.ask(draft), replies)

    def chosen(self, draft: Draft, value: str | None) -> Choice | None:
        return next((each for each in self.choices(draft) if each.id == value), None)

    def show(self, draft: Draft) -> str:
        chosen = self.chosen(draft, draft.get(self.slot))
        return chosen.label if chosen else ""


class Target(ChoiceField):
    """The one card or account that an operation is about."""

    slot = "operation_target"
    label = "对象"
    words = r"卡|账户"
