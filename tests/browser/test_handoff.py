"""Waiting for a person in the widget: the card, being called back, the survey, coming back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.deaf import DeafLine
from tests.browser.house import House
from tests.gateway.peers import until

pytestmark = pytest.mark.browser

AGENT = "A001"

# Opens a visitor's window, so many pixels wide.
Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, house: House) -> Visit:
    return lambda width=1000: house.widget(browser, width, 780)


def waiting(house: House) -> Any:
    """The ticket of the one customer who has called a person."""
    return until(lambda: house.parts.queue.list())[0]


def served(house: House, page: Page) -> str:
    """The number of a ticket that an agent has taken."""
    page.get_by_role("button", name="人工", exact=True).click()
    ticket = waiting(house)
    house.desk.claim(ticket.id, AGENT)
    expect(card(page)).to_contain_text(f"客服（工号 {AGENT}）正在为您服务")
    return str(ticket.id)


def card(page: Page) -> Locator:
    return page.locator(".handoff")


def press(page: Page, name: str) -> None:
    card(page).get_by_role("button", name=name, exact=True).click()


def test_from_the_queue_to_being_called_back(house: House, visit: Visit, screenshots: Path) -> None:
    page = visit(390)
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
    assert not house.parts.queue.list()


def test_the_place_in_the_queue_is_kept_current(house: House, visit: Visit) -> None:
    first = house.parts.log.open().id
    house.desk.hand_over(first, customer_id=None, reason="request_human", line="general", slots={})
    page = visit()
    page.get_by_role("button", name="人工", exact=True).click()
    expect(card(page)).to_contain_text("前面还有 1 位客户")
    press(page, "不等了")
    house.desk.leave(first)
    expect(card(page).get_by_role("group")).to_contain_text("继续等")
    press(page, "继续等")
    expect(card(page)).to_contain_text("您是下一位")


def test_ending_it_judging_it_and_coming_back(
    house: House, visit: Visit, screenshots: Path
) -> None:
    page = visit()
    number = served(house, page)
    house.desk.reply(number, AGENT, "您好，请讲。")
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
    ticket = waiting(house)
    assert (ticket.id, ticket.state, ticket.priority) == (number, "reopened", 2)


def test_a_survey_that_is_put_aside_stays_away(house: House, visit: Visit) -> None:
    page = visit()
    number = served(house, page)
    house.desk.resolve(number, AGENT, code="done", note="")
    press(page, "以后再说")
    expect(card(page)).to_be_hidden()
    page.reload()
    expect(page.locator(".message.system").last).to_contain_text("人工服务已结束")
    expect(card(page)).to_be_hidden()


def test_both_sides_see_that_the_other_writes(house: House, visit: Visit) -> None:
    page = visit()
    number = served(house, page)
    here = house.parts.queue.get(number).conversation_id
    house.parts.typing.begin(here, "agent")
    expect(page.get_by_label("客服正在输入")).to_be_visible()
    page.get_by_label("输入您的问题").press_sequentially("我的卡")
    until(lambda: here in house.parts.typing.now("customer"))
    house.desk.reply(number, AGENT, "请讲。")
    expect(page.get_by_label("客服正在输入")).to_have_count(0)


def test_large_type_has_a_person_on_every_screen(
    house: House, visit: Visit, screenshots: Path
) -> None:
    page = visit(390)
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
    assert waiting(house).state == "waiting"


def test_an_announcement_stands_above_until_it_ends(
    house: House, visit: Visit, screenshots: Path
) -> None:
    page = visit(390)
    switch, groups = house.parts.queue.announcements, house.parts.config.routes.groups
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


def test_a_line_that_lets_nothing_in_is_noticed_and_left(house: House, browser: Browser) -> None:
    line = DeafLine(int(house.url.rpartition(":")[2]))
    page = browser.new_context().new_page()
    try:
        page.set_default_timeout(20_000)
        page.clock.install()
        page.goto(line.url + "/")
        number = served(house, page)
        line.deaf.set()
        house.desk.reply(number, AGENT, "请问是哪张卡？")
        trouble = page.get_by_text("正在重新连接")
        page.clock.fast_forward(45_000)
        expect(trouble).to_be_visible()
        page.get_by_label("输入您的问题").fill("信用卡")
        page.get_by_label("输入您的问题").press("Enter")
        here = house.parts.queue.get(number).conversation_id
        until(lambda: house.parts.log.after(here)[-1].text == "信用卡")
        expect(page.locator(".message.agent")).to_have_count(0)
        line.deaf.clear()
        for _ in range(3):  # what was asked for meanwhile is given up, and asked for again
            page.clock.fast_forward(16_000)
        expect(page.locator(".message.agent")).to_contain_text("请问是哪张卡")
        expect(trouble).to_be_hidden()
        expect(page.locator(".message.customer")).to_have_count(2)
    finally:
        page.context.close()
        line.close()
