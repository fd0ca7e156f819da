"""Waiting for a person in the widget: the card, being called back, the survey, coming back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page, expect

from bot.gateway.app import create_app
from bot.gateway.parts import Parts
from bot.handoff.desk import Desk
from bot.storage import Database
from tests.browser.deaf import DeafLine
from tests.gateway.conftest import IN_TESTS, DemoHouse, make_config
from tests.gateway.peers import Rasa, Served, until

pytestmark = pytest.mark.browser

AGENT = "A001"


@dataclass
class Place:
    """A gateway whose assistant calls a person at “转人工”, and the desk behind it."""

    browser: Browser
    url: str
    app: FastAPI

    @property
    def parts(self) -> Parts:
        found: Parts = self.app.state.parts
        return found

    @property
    def desk(self) -> Desk:
        found = self.parts.desk
        assert isinstance(found, Desk)
        return found

    def page(self, width: int = 1280, height: int = 800) -> Page:
        page = self.browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_default_timeout(20_000)
        page.goto(self.url + "/")
        if width <= 900:
            page.get_by_role("button", name="在线客服").click()
        return page

    def waiting(self) -> Any:
        """The ticket of the one customer who has called a person."""
        return until(lambda: self.parts.queue.list())[0]

    def served(self, page: Page) -> str:
        """The number of a ticket that an agent has taken."""
        page.get_by_role("button", name="人工", exact=True).click()
        ticket = self.waiting()
        self.desk.claim(ticket.id, AGENT)
        expect(card(page)).to_contain_text(f"客服（工号 {AGENT}）正在为您服务")
        return str(ticket.id)


@pytest.fixture
def place(browser: Browser, db: Database) -> Iterator[Place]:
    rasa = Rasa()
    rasa.script["转人工"] = []
    rasa.server.start()
    app = create_app(make_config(rasa.url), db, demo=DemoHouse())
    gateway = Served(app, **IN_TESTS).start()
    found = Place(browser, gateway.url, app)

    def call_person(body: dict[str, Any]) -> None:
        if body["message"] == "转人工":
            found.desk.hand_over(
                body["sender"], customer_id=None, reason="request_human", line="general", slots={}
            )

    rasa.during = call_person
    yield found
    for context in browser.contexts:
        context.close()
    gateway.stop()
    rasa.server.stop()


def card(page: Page) -> Locator:
    return page.locator(".handoff")


def press(page: Page, name: str) -> None:
    card(page).get_by_role("button", name=name, exact=True).click()


def test_from_the_queue_to_being_called_back(place: Place, screenshots: Path) -> None:
    page = place.page(390, 780)
    page.get_by_role("button", name="人工", exact=True).click()
    expect(card(page)).to_contain_text("您是下一位")
    page.screenshot(path=screenshots / "wait-card.png")
    press(page, "先问问智能助手")
    expect(card(page)).to_contain_text("名次不变")
    page.get_by_label("输入您的问题").fill("手续费多少")
    page.get_by_label("输入您的问题").press("Enter")
    expect(page.locator(".message.bot").last).to_contain_text("回声：手续费多少")
    press(page, "约回访")
    slots = card(page).get_by_role("group").get_by_role("button")
    expect(slots).to_have_count(7)
    page.screenshot(path=screenshots / "wait-slots.png")
    chosen = slots.nth(1).inner_text()
    slots.nth(1).click()
    expect(card(page)).to_contain_text(chosen)
    page.reload()
    page.get_by_role("button", name="在线客服").click()
    expect(card(page)).to_contain_text("已约好时间联系您")
    page.screenshot(path=screenshots / "wait-callback.png")
    press(page, "取消预约")
    press(page, "先不取消")
    press(page, "取消预约")
    card(page).get_by_role("group").get_by_role("button", name="取消预约").click()
    expect(card(page)).to_be_hidden()
    assert not place.parts.queue.list()


def test_the_place_in_the_queue_is_kept_current(place: Place) -> None:
    first = place.parts.log.open().id
    place.desk.hand_over(first, customer_id=None, reason="request_human", line="general", slots={})
    page = place.page()
    page.get_by_role("button", name="人工", exact=True).click()
    expect(card(page)).to_contain_text("前面还有 1 位客户")
    press(page, "不等了")
    place.desk.leave(first)
    expect(card(page).get_by_role("group")).to_contain_text("继续等")
    press(page, "继续等")
    expect(card(page)).to_contain_text("您是下一位")


def test_ending_it_judging_it_and_coming_back(place: Place, screenshots: Path) -> None:
    page = place.page()
    number = place.served(page)
    place.desk.reply(number, AGENT, "您好，请讲。")
    page.screenshot(path=screenshots / "with-person.png")
    press(page, "结束人工服务")
    expect(card(page)).to_contain_text("结束和客服的对话吗")
    press(page, "结束")
    expect(card(page)).to_contain_text("您满意吗")
    press(page, "不满意")
    press(page, "等得太久")
    card(page).get_by_label("补充说明").fill("等了半小时")
    page.screenshot(path=screenshots / "survey-why.png")
    press(page, "提交评价")
    expect(card(page)).to_contain_text("您的评价：不满意")
    page.reload()
    expect(card(page)).to_contain_text("您的评价：不满意")
    page.screenshot(path=screenshots / "survey-said.png")
    press(page, "没有解决，继续找客服")
    expect(card(page)).to_contain_text("正在为您转接人工客服")
    expect(page.locator(".message.system").last).to_contain_text("很抱歉上次没有帮您解决")
    ticket = place.waiting()
    assert (ticket.id, ticket.state, ticket.priority) == (number, "reopened", 2)


def test_a_survey_that_is_put_aside_stays_away(place: Place) -> None:
    page = place.page()
    number = place.served(page)
    place.desk.resolve(number, AGENT, code="done", note="")
    press(page, "以后再说")
    expect(card(page)).to_be_hidden()
    page.reload()
    expect(page.locator(".message.system").last).to_contain_text("人工服务已结束")
    expect(card(page)).to_be_hidden()


def test_both_sides_see_that_the_other_writes(place: Place) -> None:
    page = place.page()
    number = place.served(page)
    here = place.parts.queue.get(number).conversation_id
    place.parts.typing.begin(here, "agent")
    expect(page.get_by_label("客服正在输入")).to_be_visible()
    page.get_by_label("输入您的问题").press_sequentially("我的卡")
    until(lambda: here in place.parts.typing.now("customer"))
    place.desk.reply(number, AGENT, "请讲。")
    expect(page.get_by_label("客服正在输入")).to_have_count(0)


def test_large_type_has_a_person_on_every_screen(place: Place, screenshots: Path) -> None:
    page = place.page(390, 780)
    page.get_by_role("button", name="大字版").click()
    person = page.get_by_role("button", name="找人工客服")
    expect(person).to_be_in_viewport()
    size = person.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 20
    page.get_by_label("输入您的问题").fill("挂失收费吗")
    page.get_by_label("输入您的问题").press("Enter")
    expect(page.locator(".message.bot").last).to_contain_text("挂失")
    page.screenshot(path=screenshots / "large.png")
    small = page.evaluate(
        """() => [...document.querySelector('bankbot-chat').shadowRoot.querySelectorAll('button')]
        .filter((node) => node.offsetParent && node.offsetHeight < 56).map((node) => node.textContent)"""
    )
    assert small == []
    page.reload()
    page.get_by_role("button", name="在线客服").click()
    page.get_by_role("button", name="找人工客服").click()
    expect(card(page)).to_contain_text("您是下一位")
    expect(page.get_by_role("button", name="找人工客服")).to_be_hidden()
    page.screenshot(path=screenshots / "large-waiting.png")
    assert place.waiting().state == "waiting"


def test_an_announcement_stands_above_until_it_ends(place: Place, screenshots: Path) -> None:
    page = place.page(390, 780)
    switch, groups = place.parts.queue.announcements, place.parts.config.routes.groups
    switch.announce("手机银行转账暂时不可用，正在抢修。", by="M001", kind="outage", groups=groups)
    expect(page.get_by_text("大面积故障公告")).to_be_visible()
    page.get_by_label("输入您的问题").fill("手续费多少")
    page.get_by_label("输入您的问题").press("Enter")
    expect(page.locator(".message.system")).to_contain_text(re.compile("^提示：大面积故障公告"))
    expect(page.locator(".message.bot").last).to_contain_text("回声")
    page.screenshot(path=screenshots / "announcement.png")
    page.reload()
    page.get_by_role("button", name="在线客服").click()
    expect(page.locator(".notice")).to_contain_text("手机银行转账暂时不可用")
    switch.end("M001")
    expect(page.locator(".notice")).to_be_hidden()


def test_a_line_that_lets_nothing_in_is_noticed_and_left(place: Place) -> None:
    line = DeafLine(int(place.url.rpartition(":")[2]))
    try:
        page = place.browser.new_context().new_page()
        page.set_default_timeout(20_000)
        page.clock.install()
        page.goto(line.url + "/")
        number = place.served(page)
        line.deaf.set()
        place.desk.reply(number, AGENT, "请问是哪张卡？")
        trouble = page.get_by_text("正在重新连接")
        page.clock.fast_forward(45_000)
        expect(trouble).to_be_visible()
        page.get_by_label("输入您的问题").fill("信用卡")
        page.get_by_label("输入您的问题").press("Enter")
        here = place.parts.queue.get(number).conversation_id
        until(lambda: place.parts.log.after(here)[-1].text == "信用卡")
        expect(page.locator(".message.agent")).to_have_count(0)
        line.deaf.clear()
        for _ in range(3):  # what was asked for meanwhile is given up, and asked for again
            page.clock.fast_forward(16_000)
        expect(page.locator(".message.agent")).to_contain_text("请问是哪张卡")
        expect(trouble).to_be_hidden()
        expect(page.locator(".message.customer")).to_have_count(2)
    finally:
        line.close()
