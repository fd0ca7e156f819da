"""“我的投诉” in the widget, over the gateway: how a case stands, what was told, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.complaints.messenger import Messenger
from bot.conversations.log import MessageLog
from bot.gateway.app import create_app
from bot.storage import Database
from bot.text.clock import utc_now
from tests.complaints.desk import ANSWER, Sides
from tests.gateway.conftest import IN_TESTS, DemoHouse, make_config
from tests.gateway.peers import Rasa, Served

pytestmark = pytest.mark.browser


@dataclass
class Place:
    """A gateway, the bank's side of complaints behind it, and a way to a page."""

    browser: Browser
    url: str
    sides: Sides
    messenger: Messenger

    def page(self, width: int = 1280, height: int = 800) -> Page:
        page = self.browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_default_timeout(20_000)
        page.goto(self.url + "/")
        if width <= 900:
            page.get_by_role("button", name="在线客服").click()
        return page

    def customer(self) -> Page:
        page = self.page()
        page.get_by_role("radio", name="张伟").click()
        return page

    def tell(self, number: str, what: str) -> None:
        self.messenger.send(number, what, by="A1")

    def answer(self, number: str) -> None:
        self.sides.casework.assign(number, "A1", by="M1")
        self.sides.closing.write(number, ANSWER, by="A1")
        self.sides.closing.approve(number, by="M1")
        self.tell(number, "decision")


@pytest.fixture
def place(browser: Browser, db: Database) -> Iterator[Place]:
    rasa = Rasa()
    rasa.server.start()
    gateway = Served(create_app(make_config(rasa.url), db, demo=DemoHouse()), **IN_TESTS).start()
    sides = Sides.of(db, utc_now)  # type: ignore[arg-type]
    yield Place(browser, gateway.url, sides, Messenger(db, MessageLog(db)))
    for context in browser.contexts:
        context.close()
    gateway.stop()
    rasa.server.stop()


def test_from_acceptance_to_the_review(place: Place, screenshots: Path) -> None:
    number = place.sides.open(text="信用卡年费收了两次")
    page = place.customer()
    page.get_by_role("button", name="我的投诉：1 件处理中").click()
    case = page.get_by_role("article", name=f"投诉 {number}")
    expect(case).to_contain_text("最晚")
    expect(case).to_contain_text("信用卡年费收了两次")
    expect(page.get_by_label("输入您的问题")).to_be_hidden()

    # A notice comes while the list is open.
    place.answer(number)
    expect(case).to_contain_text("已答复")
    case.get_by_text("银行的告知（1）").click()
    expect(case).to_contain_text(ANSWER.decision)
    page.screenshot(path=screenshots / "desktop-complaints.png")
    case.get_by_role("button", name="申请核查").click()
    case.get_by_role("textbox").fill("没有人来核实过")
    case.get_by_role("button", name="提交").click()
    expect(case).to_contain_text("上级核查中，最晚")
    page.get_by_role("button", name="返回对话").click()
    expect(page.locator(".log")).to_contain_text("核查申请已受理")
    page.screenshot(path=screenshots / "desktop-decision.png")
    expect(page.get_by_role("button", name="我的投诉：1 件处理中")).to_be_focused()
    review = place.sides.casework.review(number)
    assert review is not None and review.why == "没有人来核实过"


def test_words_are_added_once_though_the_line_drops(place: Place) -> None:
    number = place.sides.open()
    page = place.customer()
    page.get_by_role("button", name="我的投诉").click()
    case = page.get_by_role("article")
    lost: list[Route] = []

    def drop_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()
        route.abort()

    page.route("**/facts", drop_the_answer)
    case.get_by_role("button", name="补充说明").click()
    case.get_by_role("textbox").fill("柜员工号是 0032")
    case.get_by_role("button", name="提交").click()
    expect(page.locator(".cases .said")).to_contain_text("请再试一次")
    case.get_by_role("button", name="提交").click()
    expect(case).to_contain_text("您的补充（1）")
    assert len(place.sides.casework.facts(number)) == 1


def test_a_withdrawal_takes_a_yes_by_keyboard(place: Place) -> None:
    number = place.sides.open()
    page = place.customer()
    page.get_by_role("button", name="我的投诉").press("Enter")
    case = page.get_by_role("article")
    case.get_by_role("button", name="撤回投诉").press("Enter")
    expect(case).to_contain_text("任何人都不能要求您撤")
    expect(page.get_by_role("button", name="先不撤回")).to_be_focused()
    page.keyboard.press("Escape")
    expect(case.get_by_role("button", name="确认撤回")).to_have_count(0)
    assert place.sides.casework.get(number).state == "received"
    case.get_by_role("button", name="撤回投诉").press("Enter")
    page.get_by_role("button", name="确认撤回").press("Enter")
    expect(case).to_contain_text("已撤诉")
    page.keyboard.press("Escape")
    expect(page.locator(".log")).to_contain_text("已按您的意思撤回")
    assert place.sides.casework.get(number).state == "withdrawn"


def test_whoever_has_none_or_is_not_signed_in_sees_nothing_of_it(place: Place) -> None:
    page = place.customer()
    expect(page.locator(".state")).to_be_visible()
    expect(page.get_by_role("button", name="我的投诉")).to_have_count(0)
    place.sides.open()
    page.reload()
    expect(page.get_by_role("button", name="我的投诉")).to_be_visible()
    page.get_by_role("radio", name="未登录访客").click()
    expect(page.get_by_role("button", name="我的投诉")).to_have_count(0)


def test_it_fits_a_phone_in_large_type(place: Place, screenshots: Path) -> None:
    number = place.sides.open(text="<b>长</b>" + "很长的话" * 60)
    page = place.page(360, 740)
    page.evaluate(
        """async () => { const people = await (await fetch('/api/demo/customers')).json();
        document.querySelector('bankbot-chat').signIn(people[0].token) }"""
    )
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="我的投诉").click()
    expect(page.get_by_role("article", name=f"投诉 {number}")).to_contain_text("<b>长</b>")
    page.screenshot(path=screenshots / "phone-complaints.png")
    wide = page.evaluate(
        """() => { const list = document.querySelector('bankbot-chat').shadowRoot.querySelector('.cases');
        return list.scrollWidth - list.clientWidth }"""
    )
    assert wide <= 0
