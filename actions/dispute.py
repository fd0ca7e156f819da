"""Disputing a transaction: the card is stopped first where it may be theft, the transaction is found
together, the dispute registered at the bank and handed to a specialist with all that was gathered.

Whom this does not serve goes to a person at once: who is not signed in, whoever paid a fraudster
themself (that is for the police and a specialist), what was never charged to an account, and
everybody while the bank is down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.card_loss import CardLoss
from actions.dispute_design import DisputeTransaction
from actions.dispute_fields import Entry, Reason, Stop, card_of, facts_of
from actions.dispute_record import tell_disputes
from actions.dispute_search import find
from actions.draft import Draft
from actions.human import hand_off_reason
from actions.operation_actions import BeginAction, CarryOutAction
from actions.operation_form import OperationForm
from actions.operation_hearing import Hearing
from actions.operation_slots import OPERATION_SLOTS, leave_operation
from actions.opinion_form import Question as Opinion
from actions.opinion_form import ask, settled
from actions.turn import Turn
from actions.wording import moment
from bot.banking.errors import BankRefused, BankUnavailable
from bot.banking.models import Receipt, TransferRecord, yuan
from bot.handoff.summary import NOTHING
from bot.text.disputes import find_dispute_act, find_matter, is_bare_review, is_leaked
from bot.text.masking import mask_name

LINE = "dispute_risk"
LOSS = CardLoss.name
# No matter for the bank's dispute port.
FOR_PEOPLE = ("scam", "person")
POLICE = "请马上拨打 110 报警，也可以拨打反诈专线 96110；不要再付任何“解冻费”“保证金”，聊天和转账记录先留好。"

DESIGN = DisputeTransaction()


def to_person(
    turn: Turn, matter: str | None = None, facts: Mapping[str, str] = NOTHING
) -> list[EventType]:
    """What the flow does not serve; nothing was registered."""
    reason = hand_off_reason("dispute_transaction", turn.signals)
    if matter in ("scam", "unknown") and reason == "dispute":
        reason = "fraud"
    if matter == "scam":
        turn.say(POLICE)
    turn.hand_over(reason, LINE, facts)
    return [*settled(turn), *leave_operation()]


class ActionBeginDisputeTransaction(BeginAction):
    """Begins a dispute, with the card first where it may be stolen; or tells of earlier ones."""

    design = DESIGN

    def serve(self, turn: Turn) -> list[EventType]:
        matter = find_matter(words_of(turn))
        if turn.customer_id is None:
            return to_person(turn, matter)
        act = find_dispute_act(turn.text)
        try:
            if act == "progress":
                tell_disputes(turn, turn.customer_id)
                form = turn.tracker.active_loop_name
                return [FollowupAction(form)] if form else []
            review = self._review(turn, turn.customer_id)
            if review is not None:
                return review
            if act == "withdraw" or matter in FOR_PEOPLE:
                return to_person(turn, matter)
            return super().serve(turn)
        except BankUnavailable:
            return to_person(turn, matter)

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        begun = super().serve_customer(turn, customer_id)
        draft = heard(turn, customer_id)
        if not draft.accounts:
            return to_person(turn, draft.get("dispute_reason"))
        if turn.text.startswith("/"):
            # Pressed under an answer: what was asked before tells what is wrong.
            draft.values[Reason.slot] = find_matter(words_of(turn))
            begun = [*begun, SlotSet(Reason.slot, draft.get(Reason.slot))]
        # What needs no form is found before it begins.
        record = pending_transfer(draft)
        if record is not None:
            return _still_on_its_way(draft, record)
        if draft.get(Reason.slot) is not None:
            find(draft, draft.get("dispute_search") or {})
        return self._card_first(turn, draft) or begun

    def _card_first(self, turn: Turn, draft: Draft) -> list[EventType]:
        """The loss report that comes before a dispute of what may be theft; empty if none does."""
        sure = "fraud" in turn.signals or is_leaked(turn.text)
        theft = draft.get("dispute_reason") == "unknown" and sure
        search = draft.get("dispute_search") or {}
        usable = [
            card
            for card in draft.cards
            if card.status == "normal"
            and card.account_id == search.get("account_id", card.account_id)
        ]
        if not (theft and usable) or draft.get("dispute_stop") == Stop.NO:
            return []
        turn.say(
            "您别着急，先把卡停住，再登记这笔交易，不用您再说一遍。"
            "卡还要用、不想挂失的话，点“取消”就直接登记。"
        )
        return _stop_first(draft, usable[0].id if len(usable) == 1 else None)

    def _review(self, turn: Turn, customer_id: str) -> list[EventType] | None:
        """“我要申请核查” of whoever has a decided complaint means that one."""
        if not is_bare_review(turn.text):
            return None
        mine = turn.services.casebook.register.of(customer_id)
        may = [view for view in mine if "ask_review" in view.may]
        if not may:
            return None
        return [*ask(turn, Opinion("review", may[0].number)), FollowupAction("opinion_form")]


class ValidateDisputeTransactionForm(OperationForm):
    design = DESIGN

    def serve(self, turn: Turn) -> list[EventType]:
        try:
            return super().serve(turn)
        except BankUnavailable:
            return to_person(turn, turn.slot("dispute_reason"))

    def go_on(self, draft: Draft) -> list[EventType]:
        matter = draft.get("dispute_reason")
        if matter in FOR_PEOPLE:
            return to_person(draft.turn, matter)
        if draft.get("dispute_stop") == Stop.NOW:
            return draft.events(None)
        record = pending_transfer(draft)
        if record is not None:
            return _still_on_its_way(draft, record)
        return super().go_on(draft)


class ActionDisputeTransaction(CarryOutAction):
    """Registers it and hands over; or has the card stopped first."""

    design = DESIGN

    def serve(self, turn: Turn) -> list[EventType]:
        try:
            return super().serve(turn)
        except BankRefused as refusal:
            turn.say(str(refusal))
        except BankUnavailable:
            pass
        return to_person(turn, turn.slot("dispute_reason"))

    def serve_customer(self, turn: Turn, customer_id: str) -> list[EventType]:
        if turn.slot("dispute_stop") == Stop.NOW:
            draft = self.design.draft(turn, customer_id)
            known = draft.get("dispute_entry") or draft.get("dispute_search") or {}
            card = card_of(draft, known.get("account_id"))
            form = FollowupAction(f"{LOSS}_form")
            return [*_stop_first(draft, card.id if card else None), form]
        return super().serve_customer(turn, customer_id)

    def _tell(self, draft: Draft, receipt: Receipt) -> None:
        super()._tell(draft, receipt)
        facts = {
            "已登记争议": receipt.number,
            "争议原因": Reason().show(draft),
            "交易": _named(draft),
            **facts_of(draft),
            **({"情况说明": text} if (text := draft.get("dispute_statement")) else {}),
        }
        theft = draft.get("dispute_reason") == "unknown"
        draft.turn.hand_over("fraud" if theft else "dispute_opened", LINE, facts)


def _named(draft: Draft) -> str:
    """The transaction for the agent; who was paid by a transfer is masked."""
    entry = draft.get(Entry.slot)
    payee = entry["counterparty"]
    return f"{entry['summary']} {mask_name(payee) if entry['kind'] == 'transfer' else payee}"


def words_of(turn: Turn) -> str:
    """What the customer wrote; where a button was pressed, what was written right before."""
    written = [e.get("text") or "" for e in turn.tracker.events if e.get("event") == "user"]
    if turn.text.startswith("/") and len(written) > 1:
        return "" if written[-2].startswith("/") else str(written[-2])
    return turn.text


def heard(turn: Turn, customer_id: str) -> Draft:
    """A fresh dispute with what the present message says of it."""
    draft = DESIGN.draft(turn, customer_id)
    draft.values, draft.asked = dict.fromkeys(draft.values), None
    Hearing(DESIGN, draft).hear()
    return draft


def _stop_first(draft: Draft, card_id: str | None) -> list[EventType]:
    """Put the dispute aside and begin the loss report; it comes back when that has ended."""
    aside = {"operation": DESIGN.name, **draft.values, Stop.slot: Stop.NO}
    fresh = dict.fromkeys(OPERATION_SLOTS)
    begun = {"operation": LOSS, "operation_target": card_id, "operation_before": aside}
    return [SlotSet(name, value) for name, value in {**fresh, **begun}.items()]


def pending_transfer(draft: Draft) -> TransferRecord | None:
    """The transfer that was sent to the wrong account, if it can still be called back."""
    entry = draft.get("dispute_entry")
    if entry is None or draft.get("dispute_reason") != "wrong_transfer":
        return None
    at = datetime.fromisoformat(entry["at"])
    for record in draft.turn.services.bank.transfers.records(draft.customer_id):
        same = record.account_id == entry["account_id"] and record.amount == -entry["amount"]
        if same and record.at == at and record.status == "pending":
            return record
    return None


def _still_on_its_way(draft: Draft, record: TransferRecord) -> list[EventType]:
    """Calling it back is urgent, and better than any dispute."""
    until = moment(record.arrives_at, draft.turn.today)
    draft.turn.say(
        f"这笔 {yuan(record.amount)} 的转账还没有到账，{until} 前可以撤销，撤销后退回原账户。"
    )
    facts = {"可撤销转账": record.number, "最晚撤销": until, **facts_of(draft)}
    return to_person(draft.turn, None, facts)
