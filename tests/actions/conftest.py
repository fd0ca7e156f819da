"""The simulated bank behind the actions, and conversations with them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

import actions
from actions.casebook import Casebook
from actions.services import Services
from bot.banking.operations import Operations
from bot.banking.ports import Bank
from bot.banking.stub import Outbox
from bot.conversations.log import MessageLog
from bot.conversations.reminders import Reminders
from bot.conversations.sealed import SealedInputs
from bot.conversations.uploads import Uploads
from bot.handoff.announcements import Announcements
from bot.handoff.desk import Desk
from bot.handoff.queue import TicketQueue
from bot.storage import Database
from tests.actions.talk import ROOT, Begin, Talk
from tests.banking.conftest import bank, db, operations, outbox, seeded  # noqa: F401
from tests.conftest import Hands


@pytest.fixture(scope="session")
def every_action() -> dict[str, Action]:
    """Every action by name, as the action server finds them."""
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    found: dict[str, Action] = {}
    kinds: list[Any] = list(Action.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("actions.") and not inspect.isabstract(kind):
            found[kind().name()] = kind()
    return found


@pytest.fixture(scope="session")
def rules() -> dict[str, str]:
    """The action that answers each intent where no form is asking."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data/rules").glob("*.yml")):
        for rule in YAML(typ="safe").load(path)["rules"]:
            intents = [step["intent"] for step in rule["steps"] if "intent" in step]
            acts = [step["action"] for step in rule["steps"] if "action" in step]
            if intents:
                found.setdefault(intents[0], acts[0])
    return found


@pytest.fixture
def services(
    db: Database,  # noqa: F811
    bank: Bank,  # noqa: F811
    operations: Operations,  # noqa: F811
    clock: Hands,
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    log = MessageLog(db, clock)
    shared = Services(
        log=log,
        desk=Desk(db, TicketQueue(db, clock), log),
        announcements=Announcements(db, clock),
        bank=bank,
        operations=operations,
        sealed=SealedInputs(db, b"secret", clock),
        uploads=Uploads(db, b"secret", clock),
        casebook=Casebook(db, log, clock),
        reminders=Reminders(db, clock),
        clock=clock,
        phone="400-000-9527",
    )
    monkeypatch.setattr("actions.turn_action.services", lambda: shared)
    return shared


@pytest.fixture
def talk(
    services: Services,
    outbox: Outbox,  # noqa: F811
    every_action: dict[str, Action],
    rules: dict[str, str],
) -> Begin:
    """Opens a conversation of a customer."""

    def begin(customer_id: str = "C1001") -> Talk:
        return Talk(services, customer_id, outbox=outbox, actions=every_action, rules=rules)

    return begin
