"""Staff to try the pages with. They can sign in while demo mode is on, and never else."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from bot.staff.accounts import Accounts
from bot.staff.passwords import matches
from bot.storage import Database
from bot.text.clock import Clock, utc_now

# Name, what pages call them, roles. Agents are those of `data/routes.yml`.
PEOPLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("林夏", "林夏", ("author",)),
    ("陈博", "陈博", ("reviewer",)),
    ("周宁", "周宁", ("publisher",)),
    ("何雨", "何雨", ("author", "publisher")),
    ("A001", "小安", ("agent",)),
    ("A002", "小北", ("agent",)),
    ("A003", "小川", ("agent",)),
    ("A004", "小丁", ("agent",)),
    ("A005", "小方", ("agent", "complaint_handler")),
    ("L001", "高组长", ("agent", "lead", "complaint_lead")),
    ("M001", "何主管", ("agent", "lead", "supervisor", "complaint_lead")),
    ("孙悦", "孙悦", ("complaint_handler",)),
    ("郭敏", "郭敏", ("complaint_lead",)),
    ("韩松", "韩松", ("complaint_reviewer",)),
)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody whom the sign-in page offers, password and all."""

    name: str
    display: str
    roles: tuple[str, ...]
    password: str


def demo_people(secret: bytes) -> list[DemoPerson]:
    """The demo staff of an installation; each installation has passwords of its own.

    Args:
        secret: the installation's; passwords are derived from it and kept nowhere.
    """
    return [
        DemoPerson(name, display, roles, _password(secret, name)) for name, display, roles in PEOPLE
    ]


def seed_demo_staff(db: Database, secret: bytes, clock: Clock = utc_now) -> None:
    """Make the demo staff, or renew passwords that another secret made.

    An account of the same name that is nobody's demo stays as it is.
    """
    accounts = Accounts(db, clock)
    for person in demo_people(secret):
        found = accounts.with_password(person.name)
        if found is None:
            accounts.add(
                person.name, person.display, person.roles, person.password, by="demo", demo=True
            )
        elif found[0].demo and not matches(person.password, found[1]):
            accounts.set_password(person.name, person.password, by="demo")


def _password(secret: bytes, name: str) -> str:
    derived = hmac.new(secret, f"demo-staff:{name}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(derived)[:16].decode()
