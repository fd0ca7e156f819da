"""Operations that change something: the shape they share.

An operation is begun, its fields are gathered by a form (:mod:`actions.operation_form`), the
customer reads and confirms it, a one-time code is given, it is carried out. What differs is told
by an :class:`OperationDesign` and its :class:`Field` objects; all that keeps it safe is here once.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.draft import Draft
from actions.turn import (
    OPERATION_SLOTS,
    PERSON,
    CustomerAction,
    Turn,
    leave_operation,
    resume_operation,
)
from bot.banking.errors import BankTimeout, CodeRejected, HeldForReview, RiskWarning
from bot.banking.models import Receipt
from bot.banking.requests import Request
from bot.text.clock import shanghai

CANCEL = {"取消": "/cancel"}


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
    # What is said when the customer leaves it.
    left: ClassVar[str] = "好的，已取消，没有办理任何业务。"

    def draft(self, turn: Turn, customer_id: str) -> Draft:
        slots = [field.slot for field in self.fields]
        return Draft(turn, customer_id, self.name, slots)

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


class OperationAction(CustomerAction, ABC):
    """An action of one operation; where the bank does not answer, nothing of it was done."""

    @property
    @abstractmethod
    def design(self) -> OperationDesign:
        """Which operation."""

    def without_bank(self, turn: Turn) -> list[EventType]:
        verb, phone = self.design.verb, turn.services.phone
        if self.design.urgent:
            turn.say(
                f"抱歉，银行系统暂时没有应答，{verb}还没有办成，目前尚未生效。请马上拨打 {phone}"
                f"（24 小时）办理{verb}，也可以过几分钟再对我说一次。"
            )
            turn.hand_over("system_failure")
        else:
            turn.say(
                f"抱歉，银行业务系统暂时没有应答，{verb}没有办理，您的资金没有变动。请稍后再试；"
                f"急事请拨打 {phone}（24 小时），也可以转人工登记，由客服跟进。常见问题我照常可以回答。",
                replies=PERSON,
            )
        return leave_operation()


class BeginAction(OperationAction):
    """Starts an operation afresh: nothing of an earlier one may linger in its slots."""

    def name(self) -> str:
        return f"action_begin_{self.design.name}"

    def serve(self, turn: Turn) -> list[EventType]:
        return super().serve(turn) or leave_operation()

    def tell(self, turn: Turn, customer_id: str) -> list[EventType] | None:
        """Answer a message that only asks, with its events; ``None`` where something is to be
        done."""
        return None

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        told = self.tell(turn, customer_id)
        if told is not None:
            # Nothing begins, and a form under way goes on: it puts its own name back.
            return [SlotSet("operation", None), *told]
        if turn.slot("operation"):
            turn.say("刚才的业务先放下了，没有办理。")
        elif turn.is_next_request:
            turn.say(f"接下来为您办理{self.design.verb}。")
        draft = self.design.draft(turn, customer_id)
        why_not = self._kept(turn, customer_id) or self.design.why_not(draft)
        if why_not is not None:
            turn.say(why_not, replies={**self.design.instead(draft), **PERSON})
            return leave_operation()
        values = self.design.begin_with(draft)
        fresh = [SlotSet(name, values.get(name)) for name in OPERATION_SLOTS if name != "operation"]
        return [SlotSet("operation", self.design.name), *fresh]

    def _kept(self, turn: Turn, customer_id: str) -> str | None:
        """That it was asked for already, while the bank did not answer, and is still to be done."""
        kept = turn.services.operations.kept(customer_id) if self.design.urgent else ()
        if not any(each.waiting and each.request.operation == self.design.urgent for each in kept):
            return None
        return (
            f"您的{self.design.verb}申请已经保存，银行系统恢复后会自动办理，目前还没有办成、尚未生效，"
            f"办成后在这里通知您。情况紧急请拨打 {turn.services.phone}（24 小时）。"
        )


class CarryOutAction(OperationAction):
    """Verifies the code and does it, or says why not."""

    def name(self) -> str:
        return f"action_{self.design.name}"

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if turn.slot("operation") is None:
            return []  # ended inside the form, which said why
        if not turn.slot("operation_confirmed"):
            more = "" if turn.slot("operation_before") else "还有其他需要可以随时告诉我。"
            turn.say(f"{self.design.not_done}{more}")
            return resume_operation(turn)
        draft = self.design.draft(turn, customer_id)
        ref = draft.get("code_ref")
        code = turn.services.sealed.open(turn.conversation_id, ref) if ref else None
        try:
            receipt = turn.services.operations.carry_out(
                customer_id,
                self.design.request(draft),
                challenge=draft.get("code_challenge") or "",
                code=code,
                key=turn.operation_key,
                context=draft.risk_context,
                warned=bool(draft.get("operation_warned")),
            )
        except CodeRejected as rejected:
            turn.say(str(rejected))
            return self._again(["code_ref", *(["code_challenge"] if rejected.final else [])])
        except RiskWarning:  # it was harmless when it was confirmed; the form warns of it now
            return self._again(["operation_warned", "operation_confirmed", "code_ref"])
        except HeldForReview as held:
            return hold(turn, str(held))
        except BankTimeout:
            turn.hand_over("outcome_unknown")
            return leave_operation()
        self._tell(draft, receipt)
        return resume_operation(turn)

    def without_bank(self, turn: Turn) -> list[EventType]:
        turn.hand_over("system_failure")
        return leave_operation()

    def broken(self, turn: Turn) -> list[EventType]:
        turn.hand_over("outcome_unknown")  # it may have been done before it broke
        return leave_operation()

    def _tell(self, draft: Draft, receipt: Receipt) -> None:
        at = shanghai(receipt.at)
        rows = [
            ["业务", self.design.verb],
            *([fact.label, fact.text] for fact in receipt.facts),
            ["受理编号", receipt.number],
            ["办理时间", f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"],
        ]
        card = {"type": "receipt", "title": self.design.receipt_title, "rows": rows}
        draft.turn.say(
            self.design.done(draft, receipt), card=card, replies=self.design.after(draft)
        )

    def _again(self, forget: list[str]) -> list[EventType]:
        forgotten = [SlotSet(name, None) for name in forget]
        return [*forgotten, FollowupAction(f"{self.design.name}_form")]


def hold(turn: Turn, reason: str) -> list[EventType]:
    """Risk control takes over; nothing was done."""
    turn.say(reason)
    turn.hand_over("fraud", line="dispute_risk")
    return leave_operation()
