"""What tells one operation from another: its fields, what is asked, refused and confirmed.

An operation is begun, its fields are gathered by a form (:mod:`actions.operation_form`), the
customer reads and confirms it, a one-time code is given, it is carried out
(:mod:`actions.operation_actions`). What differs is told by an :class:`OperationDesign` and its
:class:`Field` objects; all that keeps it safe is there once.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from actions.draft import Draft
from actions.turn import Turn
from bot.banking.models import Receipt
from bot.banking.requests import Request

NOTHING_DONE = "好的，已取消，没有办理任何业务。"


class Question(NamedTuple):
    """What is asked, the quick replies beside 取消 (title → what pressing it sends), and the card
    that shows what there is to choose from."""

    text: str
    replies: dict[str, str] = {}
    card: dict[str, Any] | None = None


class Problem(NamedTuple):
    """Values that cannot stay, and why, for the customer."""

    slots: tuple[str, ...]
    text: str


class Field(ABC):
    """One value of an operation, kept in the slot of the same name.

    ``label`` is its name on cards, ``words`` a regular expression of what customers call it.
    ``dependents`` are slots that are worth nothing once this one changes.
    """

    slot: ClassVar[str]
    label: ClassVar[str]
    words: ClassVar[str]
    # What is its value whatever else it may look like (a bank's bare name looks like a question).
    plain: ClassVar[str | None] = None
    optional: ClassVar[bool] = False
    # Whether another value makes it another risk, so that a warning has to be read again.
    weighs: ClassVar[bool] = True
    dependents: ClassVar[tuple[str, ...]] = ()

    def outdated(self, draft: Draft) -> tuple[str, ...]:
        """The slots that are worth nothing once this one's present value is given up."""
        return self.dependents

    @abstractmethod
    def read(self, draft: Draft) -> dict[str, Any]:
        """What the message says of it, by slot; it may settle other fields, too.

        Raises:
            Unfit: it says something that cannot be.
        """

    def is_plain(self, draft: Draft) -> bool:
        """Whether the whole message is plainly a value of this field."""
        return self.plain is not None and re.fullmatch(self.plain, draft.words) is not None

    def claims(self, draft: Draft) -> bool:
        """Whether the whole message is this field's, whatever else it may hold."""
        return False

    def press(self, draft: Draft, value: str) -> dict[str, Any]:
        """What a pressed button means."""
        return {self.slot: value}

    def default(self, draft: Draft) -> Any:
        """The value that need not be asked for, ``None`` if there is none."""
        return None

    @abstractmethod
    def question(self, draft: Draft) -> Question:
        """How it is asked for."""

    def show(self, draft: Draft) -> str:
        """The value on a card; empty: not shown."""
        return str(draft.get(self.slot))


class OperationDesign(ABC):
    """What tells one operation from another. Texts are for the customer."""

    # The intent that begins it and the slot ``operation``'s value; the verb on the button.
    name: ClassVar[str]
    verb: ClassVar[str]
    # In the order in which they are asked for.
    fields: ClassVar[tuple[Field, ...]]
    # Money goes to others: risk control hears every message.
    watched: ClassVar[bool] = False
    # It protects the customer: the bank's operation that is kept and retried while the bank does
    # not answer (see :attr:`Request.kept_when_down`).
    urgent: ClassVar[str | None] = None
    # It protects the customer's money: tried even while its line is announced not to work.
    protects: ClassVar[bool] = False
    # Whether it stays open, with all that was gathered, until the bank answers again; what cannot
    # wait goes to a person.
    waits: ClassVar[bool] = True
    # What is said when the customer leaves it.
    left: ClassVar[str] = NOTHING_DONE

    @property
    def begin_action(self) -> str:
        """The name of the action that begins it; the two below likewise."""
        return f"action_begin_{self.name}"

    @property
    def form(self) -> str:
        return f"{self.name}_form"

    @property
    def action(self) -> str:
        return f"action_{self.name}"

    def draft(self, turn: Turn, customer_id: str) -> Draft:
        slots = [field.slot for field in self.fields]
        return Draft(turn, customer_id, self.name, slots)

    def field(self, slot: str | None) -> Field | None:
        """The field kept in this slot, if it is one of these."""
        return next((field for field in self.fields if field.slot == slot), None)

    def why_not(self, draft: Draft) -> str | None:
        """Why the operation cannot even begin, if it cannot."""
        return None

    def resolve(self, draft: Draft) -> None:
        """Work out values that were told by what they depend on (全部余额)."""
        return

    def instead(self, draft: Draft) -> dict[str, str]:
        """Quick replies to what can be done where this cannot begin."""
        return {}

    def problems(self, draft: Draft) -> Iterable[Problem]:
        """Gathered values that do not go together, or that the bank would refuse."""
        return ()

    def pointless(self, draft: Draft) -> str | None:
        """Why the gathered values end it here (nothing is due, consent is refused …), if they do."""
        return None

    def concerns(self, draft: Draft) -> list[str]:
        """What the customer has to accept before confirming (a duplicate …)."""
        return []

    @abstractmethod
    def request(self, draft: Draft) -> Request:
        """What the bank is asked to do, once every field has a value."""

    def foreseen(self, draft: Draft) -> Request | None:
        """The request as far as it matters to risk control, before every field has a value."""
        return None

    def begin_with(self, draft: Draft) -> dict[str, Any]:
        """Values by slot that are known before anything is asked (what was saved another day)."""
        return {}

    def keep(self, draft: Draft) -> None:  # noqa: B027 — most operations keep nothing
        """Save what is gathered so far, where an operation can be left and resumed."""

    @abstractmethod
    def confirm(self, draft: Draft) -> str:
        """The question before it is done."""

    def is_yes(self, words: str) -> bool:
        """Whether these words answer :meth:`confirm` though they sound like asking for the
        business once more: 确认还款."""
        return re.fullmatch(rf"确认{self.verb}[吧了。.!！]*", words) is not None

    def offers(self, draft: Draft) -> dict[str, str]:
        """Quick replies under the confirmation beside yes and no."""
        return {}

    def rows(self, draft: Draft) -> list[list[str]]:
        """The lines of the confirmation card."""
        shown = ([field.label, field.show(draft)] for field in self.fields)
        return [["业务", self.verb], *(row for row in shown if row[1])]

    @property
    def not_done(self) -> str:
        """What is said when the customer does not confirm it."""
        return f"好的，没有办理{self.verb}。"

    def stalled(self, turn: Turn) -> str:
        """What is said when the bank does not answer and nothing of it was done."""
        return (
            f"抱歉，银行系统暂时没有应答，{self.verb}没有办理，您的资金没有变动。前面说的都替您"
            f"留着，稍后点“再试一次”就能接着办。急事请拨打 {turn.services.phone}（24 小时），"
            "也可以转人工登记，由客服跟进。"
        )

    @property
    def receipt_title(self) -> str:
        """The receipt card's."""
        return f"{self.verb}成功"

    @abstractmethod
    def done(self, draft: Draft, receipt: Receipt) -> str:
        """What is said when it is done."""

    def after(self, draft: Draft) -> dict[str, str]:
        """Quick replies under the receipt."""
        return {}
