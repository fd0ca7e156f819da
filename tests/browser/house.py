"""A gateway without an assistant, its staff, and customers who want to speak to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.desk import Desk
from bot.handoff.replies import load_replies
from bot.handoff.routes_file import load_routes
from bot.staff import passwords
from bot.staff.demo import seed_demo_staff
from tests import sqlite
from tests.gateway.agents import Directory
from tests.gateway.conftest import IN_TESTS, SECRET, DemoHouse, customer_jwt, make_config
from tests.gateway.desk import CHEAP
from tests.gateway.peers import Rasa, Served, until

# What a customer writes to be handed over, and why they then are.
WISHES: dict[str, tuple[str, str]] = {
    "转人工": ("request_human", "general"),
    "有人冒充公安让我转账": ("fraud", "dispute_risk"),
    "贷款的事要找人": ("request_human", "loan"),
}


@dataclass
class Customer:
    """Somebody who writes over the public API."""

    http: httpx.Client
    id: str
    token: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def say(self, text: str) -> None:
        body = {"text": text, "client_id": f"m{next(self.numbers)}"}
        self.http.post(f"{self._path}/messages", json=body, headers=self._key).raise_for_status()

    def types(self) -> None:
        self.http.post(f"{self._path}/typing", json={}, headers=self._key).raise_for_status()

    def leaves(self) -> None:
        self.http.post(f"{self._path}/handoff/leave", json={}, headers=self._key).raise_for_status()

    def told(self, *roles: str) -> list[str]:
        """What this customer can read of what people of these roles said."""
        page = self.http.get(f"{self._path}/messages", headers=self._key).json()
        return [each["text"] for each in page["messages"] if each["role"] in roles]

    def waits_for(self, text: str, role: str = "agent") -> None:
        until(lambda: text in self.told(role))

    @property
    def _path(self) -> str:
        return f"/api/conversations/{self.id}"

    @property
    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class House:
    """The gateway behind an address."""

    url: str
    parts: Parts
    http: httpx.Client
    # What the assistant answers; its ``script`` may be written.
    rasa: Rasa
    gateway: Served
    serve: Callable[[int], tuple[Served, Parts]]

    @property
    def desk(self) -> Desk:
        found = self.parts.desk
        assert isinstance(found, Desk)
        return found

    @contextmanager
    def away(self) -> Iterator[None]:
        """The gateway is gone meanwhile; then another process has its address."""
        self.gateway.stop()
        yield
        self.gateway, self.parts = self.serve(self.gateway.port)

    def customer(
        self, wish: str = "转人工", *, asked: str | None = None, signed_in: bool = False
    ) -> Customer:
        """Somebody who waits for a person, having ``asked`` the assistant something before."""
        known = {"Authorization": f"Bearer {customer_jwt()}"} if signed_in else {}
        opened = self.http.post("/api/conversations", headers=known).json()
        customer = Customer(self.http, opened["conversation_id"], opened["token"])
        if asked is not None:
            customer.say(asked)
            until(lambda: customer.told("bot"))
        customer.say(wish)
        until(lambda: self.desk.with_person(customer.id))
        return customer

    def widget(self, browser: Browser, width: int = 1000, height: int = 720) -> Page:
        """A visitor's window with the widget open."""
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.goto(self.url + "/")
        if width <= 900:
            page.get_by_role("button", name="在线客服").click()
            return page
        page.get_by_role("radio", name="未登录访客").click()
        return page

    def agent(self, browser: Browser, name: str, state: str | None = "ready", **size: int) -> Page:
        """A colleague's window, signed in and in this state."""
        viewport = {"width": 1366, "height": 768, **size}
        page = browser.new_context(viewport=viewport, locale="zh-CN").new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(self.url + "/desk")
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("region", name="会话列表")).to_be_visible()
        if state is not None:
            be(page, state)
        return page


def be(page: Page, state: str) -> None:
    page.get_by_label("我的状态").select_option(state)
    expect(page.locator(".presence")).to_have_attribute("data-state", state)


@contextmanager
def open_house(folder: Path, **values: Any) -> Iterator[House]:
    """A gateway with its own database; whoever writes one of ``WISHES`` is handed over."""
    db = sqlite.database(folder / "bankbot.db")
    rasa = Rasa()
    rasa.server.start()
    routes, replies = load_routes(Path("data/routes.yml")), load_replies(Path("data/replies.yml"))
    config = make_config(
        rasa.url, routes=routes, replies=replies, sign_ins_per_minute=1000, **values
    )
    rasa.script.update({wish: [] for wish in WISHES})

    def serve(port: int | None = None) -> tuple[Served, Parts]:
        app = create_app(config, db, demo=DemoHouse(), directory=Directory())
        parts: Parts = app.state.parts
        rasa.during = lambda body: _hand_over(parts, body)
        return Served(app, port, **IN_TESTS).start(), parts

    served, parts = serve()
    house = None
    try:
        with (
            pytest.MonkeyPatch.context() as patch,
            httpx.Client(base_url=served.url, timeout=30) as http,
        ):
            patch.setattr(passwords, "LOG2_COST", CHEAP)
            seed_demo_staff(db, SECRET)
            house = House(served.url, parts, http, rasa, served, serve)
            yield house
    finally:
        (house.gateway if house else served).stop()
        rasa.server.stop()
        db.dispose()


def _hand_over(parts: Parts, body: dict[str, Any]) -> None:
    if body["message"] in WISHES:
        reason, line = WISHES[body["message"]]
        customer = parts.log.get(body["sender"]).customer_id
        parts.desk.hand_over(
            body["sender"], customer_id=customer, reason=reason, line=line, slots={}
        )
