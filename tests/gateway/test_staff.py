"""Signing in and staying in: who gets in, who does not, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from bot.errors import BankbotError
from bot.gateway.app import create_app
from bot.staff.accounts import ROLES, Accounts
from bot.staff.demo import seed_demo_staff
from bot.staff.events import StaffEvents
from bot.storage import Database
from tests.conftest import Hands
from tests.gateway.conftest import SECRET, DemoHouse, make_config
from tests.gateway.desk import PASSWORD, Browser, browser, cheap_passwords, hire  # noqa: F401

SESSION = "/api/staff/session"


@pytest.fixture
def house(db: Database, clock: Hands, tmp_path: Path) -> FastAPI:
    hire(db, clock, "Li.Na", "author", "reviewer")
    return create_app(make_config("http://127.0.0.1:1", faq_dir=tmp_path), db, clock=clock)


@pytest.fixture
async def visitor(house: FastAPI) -> AsyncIterator[Browser]:
    async with browser(house) as found:
        yield found


async def here(visitor: Browser) -> bool:
    answer = await visitor.call("GET", SESSION)
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_signing_in_and_out(visitor: Browser, db: Database) -> None:
    assert not await here(visitor)
    # However the name is written: full width and another case are the same person.
    answer = await visitor.sign_in("ｌｉ.NA")
    assert answer.json()["name"] == "Li.Na" and answer.json()["roles"] == ["author", "reviewer"]
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/api"):
        assert part in cookie
    assert answer.headers["cache-control"] == "no-store"
    token = visitor.http.cookies["bankbot_staff"]
    with db.read() as tx:
        kept = tx.execute(text("select token from staff_sessions")).scalar_one()
    assert token not in kept
    assert await here(visitor)
    assert (await visitor.call("DELETE", SESSION)).status_code == 204
    visitor.http.cookies.set("bankbot_staff", token, domain="bank.test", path="/api")
    assert not await here(visitor)
    kinds = [event.kind for event in StaffEvents(db).list("li.na")]
    assert kinds == ["signed_out", "signed_in", "added"]


async def test_wrong_names_and_passwords_look_alike_and_lock(
    visitor: Browser, db: Database, clock: Hands
) -> None:
    for name in ("Li.Na", "nobody"):
        told = [(await visitor.sign_in(name, f"wrong password {n}")).json() for n in range(5)]
        assert {each["error"]["code"] for each in told} == {"wrong_password"}
        # Now even the right one has to wait.
        locked = await visitor.sign_in(name)
        assert (locked.status_code, locked.json()["error"]["code"]) == (429, "locked")
        assert 0 < int(locked.headers["Retry-After"]) <= 900
    clock.forward(minutes=16)
    assert (await visitor.sign_in("Li.Na")).status_code == 200
    with db.read() as tx:
        rows = str(tx.execute(text("select * from staff_events")).all())
    # Somebody may have typed a password where the name belongs.
    assert PASSWORD not in rows and "wrong password" not in rows and "nobody" not in rows


async def test_many_tries_at_once_count_too(visitor: Browser) -> None:
    tries = [visitor.sign_in("Li.Na", f"wrong password {n}") for n in range(10)]
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(401) == 5 and statuses.count(429) == 5


async def test_too_many_tries_from_one_address(db: Database, clock: Hands) -> None:
    app = create_app(make_config("http://127.0.0.1:1", sign_ins_per_minute=2), db, clock=clock)
    async with browser(app) as visitor:
        codes = [(await visitor.sign_in(f"who{n}")).json()["error"]["code"] for n in range(3)]
    assert codes == ["wrong_password", "wrong_password", "too_many_requests"]


async def test_a_session_ends(visitor: Browser, clock: Hands) -> None:
    await visitor.sign_in("Li.Na")
    for _ in range(23):
        clock.forward(minutes=29)
        assert await here(visitor)
    # Twelve hours are a working day, however busy.
    clock.forward(minutes=29)
    clock.forward(minutes=24)
    assert not await here(visitor)
    await visitor.sign_in("Li.Na")
    clock.forward(minutes=31)
    assert not await here(visitor)


async def test_a_new_password_and_disabling_end_it(
    visitor: Browser, db: Database, clock: Hands
) -> None:
    accounts = Accounts(db, clock)
    await visitor.sign_in("Li.Na")
    accounts.set_password("li.na", "another long password", by="test")
    assert not await here(visitor)
    assert (await visitor.sign_in("Li.Na")).status_code == 401
    assert (await visitor.sign_in("Li.Na", "another long password")).status_code == 200
    accounts.disable("li.na", by="test")
    assert not await here(visitor)
    assert (await visitor.sign_in("Li.Na", "another long password")).status_code == 401
    accounts.enable("li.na", by="test")
    assert (await visitor.sign_in("Li.Na", "another long password")).status_code == 200
    accounts.set_roles("li.na", ["publisher"], by="test")
    assert (await visitor.call("GET", SESSION)).json()["roles"] == ["publisher"]


@pytest.mark.parametrize(
    ("name", "roles", "password", "told"),
    [
        ("li.na", ["author"], PASSWORD, "已存在"),
        ("system", ["author"], PASSWORD, "保留"),
        ("a b", ["author"], PASSWORD, "无效"),
        ("wang", ["boss"], PASSWORD, "boss"),
        ("wang", [], PASSWORD, "没有写角色"),
        ("wang", ["author"], "short", "12 到 128"),
        ("wang", ["author"], "wang wang wang", "容易猜"),
    ],
)
def test_accounts_that_may_not_be(
    house: FastAPI, db: Database, name: str, roles: list[str], password: str, told: str
) -> None:
    with pytest.raises(BankbotError, match=told):
        Accounts(db).add(name, "", roles, password, by="test")


async def test_another_page_can_do_nothing(visitor: Browser) -> None:
    body = {"name": "Li.Na", "password": PASSWORD}
    refused = await visitor.call("POST", SESSION, json=body, headers={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf")
    await visitor.sign_in("Li.Na")
    refused = await visitor.bank("POST", "/preview", json={"entry": {}}, headers={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "csrf")


async def test_demo_staff_work_in_demo_mode_only(db: Database, clock: Hands) -> None:
    seed_demo_staff(db, SECRET, clock)
    seed_demo_staff(db, SECRET, clock)
    config = make_config("http://127.0.0.1:1")
    async with browser(create_app(config, db, demo=DemoHouse(), clock=clock)) as visitor:
        people = (await visitor.call("GET", "/api/demo/staff")).json()
        # Whatever can be tried somebody can try.
        assert {role for person in people for role in person["roles"]} == set(ROLES)
        for person in people:
            assert (await visitor.sign_in(person["name"], person["password"])).status_code == 200
        token = visitor.http.cookies["bankbot_staff"]
    async with browser(create_app(config, db, clock=clock)) as visitor:
        assert (await visitor.call("GET", "/api/demo/staff")).status_code == 404
        visitor.http.cookies.set("bankbot_staff", token, domain="bank.test", path="/api")
        assert not await here(visitor)
        refused = await visitor.sign_in(people[0]["name"], people[0]["password"])
        assert refused.json()["error"]["code"] == "wrong_password"
    # Another installation's secret makes other passwords.
    seed_demo_staff(db, b"another secret, long enough too", clock)
    async with browser(create_app(config, db, demo=DemoHouse(), clock=clock)) as visitor:
        assert (await visitor.sign_in(people[0]["name"], people[0]["password"])).status_code == 401


@pytest.mark.parametrize("path", ["/faq", "/desk"])
async def test_the_page_may_be_seen_by_all_and_framed_by_none(visitor: Browser, path: str) -> None:
    page = await visitor.call("GET", path)
    assert page.status_code == 200 and "text/html" in page.headers["content-type"]
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "script-src 'self'" in policy.split("; ")
