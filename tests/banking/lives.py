"""What customers do at the bank, drawn at random, and how a sequence of it is lived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from bot.banking import requests as ask
from bot.banking.card_numbers import with_check_digit
from bot.banking.errors import BankRefused, BankUnavailable
from bot.banking.ports import Bank
from bot.banking.requests import Request
from bot.banking.stub.faults import KINDS
from bot.banking.stub.people import CUSTOMERS
from bot.banking.stub.rules import OWN_BANK
from bot.errors import NotFound
from tests.banking.world import World

PEOPLE = {customer.id: customer for customer in CUSTOMERS}
SUMS = (
    1, 100, 50_000, 499_900, 500_001, 2_999_999, 5_000_000, 5_000_001, 9_999_999, 10_000_000,
    10_000_000, 10_000_001, 10**12,
)  # fmt: skip
PAYEES = (
    *(payee for customer in CUSTOMERS for payee in customer.payees),
    ("刘洋", "6217001004564419", OWN_BANK),
    ("周小雨", "0200100678906", OWN_BANK),
    ("钱多多", with_check_digit("62220210099887"), "工商银行"),
)
BILLS = (
    *(bill for customer in CUSTOMERS for bill in customer.dues),
    ("mobile", "13810001001", 5_000),
    ("mobile", "13810001003", 777),
)
GIFTS = ("phone10", "coffee", "suitcase", "nothing")


@dataclass(frozen=True)
class Draw:
    """What is drawn for one request: chances, and whose accounts and cards it is about."""

    chance: Random
    owner: str
    world: World

    def pick(self, choices: Sequence[Any]) -> Any:
        return self.chance.choice(choices)

    def account(self, *kinds: str) -> str:
        """One of the owner's accounts, of these kinds if there are any."""
        mine = list(enumerate(PEOPLE[self.owner].accounts, 1))
        fitting = [number for number, each in mine if each.kind in kinds] or [n for n, _ in mine]
        return f"{self.owner}-{self.pick(fitting)}"

    def card(self, *kinds: str) -> str:
        return f"{self.account(*kinds)}-card"

    def earlier(self, kind: type[Any]) -> list[Any]:
        """What the owner has asked for before, of this kind and about their own: they may have
        tried others' as well."""
        asked, mine = self.world.asked.items(), f"{self.owner}-"
        return [
            each
            for (who, _), each in asked
            if who == self.owner
            and isinstance(each, kind)
            and any(str(value).startswith(mine) for value in vars(each).values())
        ]

    def lost(self) -> str:
        """A card that the owner has reported lost, if there is one."""
        reported = self.earlier(ask.ReportLoss)
        return str(self.pick(reported).card_id) if reported else self.card()

    def paused(self) -> str:
        """An account that the owner has stopped, if there is one."""
        stopped = self.earlier(ask.FreezeAccount)
        return str(self.pick(stopped).account_id) if stopped else self.account()

    def fresh(self) -> str:
        """A card sent to replace a lost one, or one of the cards the owner began with."""
        for (who, key), receipt in self.world.given.items():
            request = self.world.asked[who, key]
            if who == self.owner and isinstance(request, ask.OrderReplacement):
                account = "-".join(request.card_id.split("-")[:2])
                return f"{account}-{receipt.number[-10:]}"
        return self.card("credit")

    def raise_limit(self) -> Request:
        granted = max(each.credit_limit for each in PEOPLE[self.owner].accounts)
        times = self.pick((1.0, 1.1, 1.2, 1.2, 1.5, 1.6))
        amount = int(granted * times) or 1
        return ask.RaiseLimit(self.card("credit"), amount, self.pick((3, 7, 30, 30, 60, 61)))

    def instalments(self) -> Request:
        purchase, amount = self.pick((("C1001-3-phone", 499_900), (None, 50_000), (None, 5)))
        return ask.TakeInstalments(
            self.card("credit"), amount, self.pick((3, 12, 12, 13)), purchase
        )

    def dispute(self) -> Request:
        number = self.chance.randrange(1, 30)
        return ask.OpenDispute(f"{self.owner}-1", f"{self.owner}-1-{number}", "unknown")

    def deposit(self) -> str:
        return self.account("debit", "savings")

    def transfer(self) -> Request:
        near = PEOPLE[self.owner].payees or PAYEES
        name, number, bank = self.pick(near if self.chance.random() < 0.6 else PAYEES)
        # The rich try how much can be moved in a day.
        usual = SUMS[-5:] if self.owner == RICH else SUMS[:4]
        amount = self.pick(usual if self.chance.random() < 0.6 else SUMS)
        return ask.Transfer(
            self.deposit(), name, number, bank, amount,
            speed=self.pick(("instant", "next_day")), save_payee=self.pick((True, False)),
        )  # fmt: skip

    def bill(self) -> Request:
        biller, number, fen = self.pick(BILLS)
        return ask.PayBill(self.deposit(), biller, number, self.pick((fen, fen, fen, 1)) or 1)


# By weight, operation at the bank, and request. What is about an account or a card is also tried
# at somebody else's.
OWNED: dict[str, tuple[int, str, Callable[[Draw], Request]]] = {
    "transfer": (12, "transfers.execute", Draw.transfer),
    "freeze": (2, "accounts.freeze", lambda d: ask.FreezeAccount(d.account())),
    "unfreeze": (2, "accounts.unfreeze", lambda d: ask.UnfreezeAccount(d.paused())),
    "unlock": (1, "accounts.unlock", lambda d: ask.UnlockAccount(d.account())),
    "loss": (3, "cards.report_loss", lambda d: ask.ReportLoss(d.card(), d.pick((True, False)))),
    "lift": (4, "cards.lift_loss", lambda d: ask.LiftLoss(d.lost())),
    "replace": (3, "cards.replace", lambda d: ask.OrderReplacement(d.lost())),
    "renew": (1, "cards.replace", lambda d: ask.OrderReplacement(d.card(), d.pick(("damaged", "expiring", "returned")))),
    "activate": (1, "cards.activate", lambda d: ask.ActivateCard(d.fresh())),
    "repay": (3, "cards.repay", lambda d: ask.RepayCard(d.card("credit"), d.deposit(), d.pick(SUMS[:4]))),
    "raise": (4, "cards.raise_limit", Draw.raise_limit),
    "instalments": (4, "cards.take_instalments", Draw.instalments),
    "dispute": (2, "disputes.open", Draw.dispute),
}  # fmt: skip
OTHERS: dict[str, tuple[int, str, Callable[[Draw], Request]]] = {
    "pay": (5, "payments.pay", Draw.bill),
    "redeem": (4, "rewards.redeem", lambda d: ask.RedeemPoints(d.pick(GIFTS), d.pick((1, 2, 5)))),
    "apply": (1, "loans.save", lambda d: ask.SaveApplication("consumer", amount=d.pick(SUMS[2:6]))),
}
CANCEL = {"cancel": (4, "transfers.cancel", None)}
ACTIONS = {**OWNED, **OTHERS, **CANCEL}
# What people do about what they have just done.
FOLLOWS = {
    "freeze_account": ("unfreeze",),
    "report_loss": ("lift", "replace"),
    "order_replacement": ("activate",),
    "transfer": ("cancel", "transfer", "transfer", "transfer"),
}
# Who has what it takes.
LIKELY = {"unlock": "C1002", "replace": "C1008", "raise": "C1004", "instalments": "C1001"}
RICH = "C1005"
# Most is done by a few, or nobody would come near a limit.
WHO = [*PEOPLE, *["C1001", "C1004", RICH, RICH] * 3, "C1008"]


# What can be looked up by an account's id.
DAYS = (date(2026, 1, 1), date(2026, 12, 31))
LOOKS: dict[str, Callable[[Bank, str, str], Any]] = {
    "accounts.details": lambda bank, who, id_: bank.accounts.details(who, id_),
    "accounts.transactions": lambda bank, who, id_: bank.accounts.transactions(who, id_, *DAYS, 5),
    "accounts.summary": lambda bank, who, id_: bank.accounts.summary(who, id_, *DAYS),
    "transfers.limits": lambda bank, who, id_: bank.transfers.limits(who, id_),
    "cards.bill": lambda bank, who, id_: bank.cards.bill(who, f"{id_}-card"),
    "cards.limit": lambda bank, who, id_: bank.cards.limit(who, f"{id_}-card"),
    "cards.instalments": lambda bank, who, id_: bank.cards.instalments(who, f"{id_}-card"),
}


def live(world: World, seed: int, length: int) -> None:
    """A sequence of ``length`` things that happen, the same for the same seed."""
    chance = Random(seed)
    weights = [weight for weight, _, _ in ACTIONS.values()]
    for number in range(length):
        [action] = chance.choices(list(ACTIONS), weights)
        customer = chance.choice(WHO)
        if chance.random() < 0.6:
            customer = LIKELY.get(action, customer)
        if world.given and chance.random() < 0.45:
            (customer, _), last = list(world.given.items())[-1]
            action = chance.choice(FOLLOWS.get(last.operation, (action,)))
        else:
            world.clock.forward(hours=chance.choice((0, 0, 0, 0, 1, 9, 25, 800)))
        world.faults.clear()
        if chance.random() < 0.25:
            broken = ACTIONS[action][1] if chance.random() < 0.8 else "outcomes.of"
            world.faults.set(broken, chance.choice(sorted(KINDS)))
        take(world, chance, customer, action, f"k{number}")
        if chance.random() < 0.3:
            look(world, chance)
        world.operations.retry_kept()
        world.operations.settle_doubts(world.found)


def take(world: World, chance: Random, customer: str, action: str, key: str) -> None:
    somebody = chance.choice(WHO)
    if world.asked and chance.random() < 0.15:
        again = list(world.asked.items())
        (customer, key), request = again[chance.randrange(len(again))]
        world.ask(customer, request, key)
    elif action == "cancel":
        cancel(world, chance, customer, key)
    elif action in OWNED and somebody != customer and chance.random() < 0.12:
        # Nobody gets at what is another's: there is no such thing, as far as they can tell.
        outcome = world.ask(customer, OWNED[action][2](Draw(chance, somebody, world)), key)
        assert isinstance(outcome, (NotFound, BankUnavailable)), outcome
    else:
        world.ask(customer, {**OWNED, **OTHERS}[action][2](Draw(chance, customer, world)), key)


def cancel(world: World, chance: Random, customer: str, key: str) -> None:
    """Call back one of everybody's transfers; only the own can be."""
    slow = chance.random() < 0.8
    made = [
        (owner, receipt.number)
        for (owner, key_), receipt in world.given.items()
        if isinstance(request := world.asked[owner, key_], ask.Transfer)
        and (request.speed == "next_day" or not slow)
    ]
    if not made:
        return
    owner, number = chance.choice(made)
    asker = owner if chance.random() < 0.8 else customer
    outcome = world.ask(asker, ask.CancelTransfer(number), key)
    if owner != asker:
        assert isinstance(outcome, (NotFound, BankUnavailable))


def look(world: World, chance: Random) -> None:
    """Somebody looks at an account: whose it is sees it, nobody else learns that it is there."""
    asker, owner = chance.choice(WHO), chance.choice(WHO)
    operation = chance.choice(sorted(LOOKS))
    if chance.random() < 0.2:
        world.faults.set(operation, chance.choice(sorted(KINDS)))
    try:
        LOOKS[operation](world.bank, asker, Draw(chance, owner, world).account())
    except NotFound:
        # An account without a card is the owner's own and still has no bill.
        assert asker != owner or operation.startswith("cards.")
    except BankUnavailable:
        pass
    except BankRefused:
        assert asker == owner
    else:
        assert asker == owner, f"{asker} saw {operation} of {owner}"
