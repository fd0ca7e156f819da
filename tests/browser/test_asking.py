"""Colleagues who ask each other at the desk: one to take a conversation, a lead to look in."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.house import House, be
from tests.browser.test_desk import accept, confirm, mine, press, reply, thread

pytestmark = [pytest.mark.browser]


def asked(page: Page) -> Locator:
    """What colleagues ask of whoever looks at this page."""
    return page.locator(".strip.ask")


def pending(page: Page) -> Locator:
    """What stands beneath the head of the ticket that is open."""
    return page.locator(".asks")


def hand(page: Page, agent: str, note: str) -> None:
    press(page, "转接")
    page.get_by_label("转到").select_option("agent")
    page.get_by_label("转给谁").select_option(agent)
    confirm(page, "转接", note)


def test_a_colleague_takes_over_with_all_that_was_said(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    number = accept(page)
    reply(page, "您好")
    # Who comes only now was offered nothing.
    other = house.agent(browser, "小北")
    before = caller.told("system")
    hand(page, "A002", "客户的信用卡年费重复扣了")
    expect(pending(page)).to_contain_text("已请 小北 接手，等答复")
    expect(asked(other)).to_contain_text("小安 请您接手")
    expect(asked(other)).to_contain_text("年费重复扣了")
    page.screenshot(path=screenshots / "desk-asking.png")
    # Until then it is whose it was, and a draft stays where it is.
    reply(page, "请稍候")
    page.get_by_label("回复客户").fill("还没写完")
    assert caller.told("system") == before
    press(other, "先看看")
    expect(thread(other)).to_contain_text("请稍候")
    expect(other.get_by_text("答应以后才能回复")).to_be_visible()
    other.screenshot(path=screenshots / "desk-asked.png")
    press(other, "接手")
    expect(mine(page)).to_have_count(0)
    expect(page.get_by_text("小北 已接手")).to_be_visible()
    expect(asked(other)).to_have_count(0)
    expect(mine(other)).to_have_count(1)
    assert other.url.endswith(number)
    reply(other, "我接着为您处理")
    caller.waits_for("我接着为您处理")
    assert "已为您转接给另一位客服（工号 A002）" in caller.told("system")[-1]
    other.get_by_text("经过", exact=True).click()
    expect(other.locator(".moves")).to_contain_text("请 A002 接手：客户的信用卡年费重复扣了")


def test_who_declines_says_why_and_who_asked_may_think_again(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    other = house.agent(browser, "小北")
    hand(page, "A002", "请帮忙")
    press(other, "婉拒")
    confirm(other, "告诉同事", "在接急事")
    expect(asked(other)).to_have_count(0)
    expect(pending(page)).to_contain_text("小北 婉拒接手：在接急事")
    page.screenshot(path=screenshots / "desk-declined.png")
    page.get_by_role("button", name="知道了").click()
    expect(pending(page)).to_be_empty()
    hand(page, "A002", "再请一次")
    expect(asked(other)).to_have_count(1)
    press(page, "撤回")
    expect(asked(other)).to_have_count(0)
    expect(pending(page)).to_be_empty()
    # Nobody but the two knew.
    assert not [each for each in caller.told("system") if "转接给" in each]


def test_a_lead_looks_in_when_asked_wherever_they_are(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    lead = house.agent(browser, "高组长")
    lead.get_by_role("link", name="看板").click()
    expect(lead.get_by_role("heading", name="看板")).to_be_visible()
    page.keyboard.press("Alt+g")
    confirm(page, "请组长", "客户要求退年费，能不能破例")
    expect(pending(page)).to_contain_text("已请组长看一下，等答复")
    expect(asked(lead)).to_contain_text("小安 请您看一下")
    expect(asked(lead)).to_contain_text("能不能破例")
    lead.screenshot(path=screenshots / "desk-asked-lead.png")
    press(lead, "旁听")
    lead.get_by_label("悄悄话").fill("可以减免一年")
    lead.get_by_label("悄悄话").press("Enter")
    expect(thread(page)).to_contain_text("可以减免一年")
    expect(pending(page)).to_be_empty()
    assert not [each for each in caller.told("system") if "加入了会话" in each]


def test_a_lead_who_has_no_time_says_so(browser: Browser, house: House) -> None:
    page, lead = house.agent(browser, "小安"), house.agent(browser, "高组长", state="away")
    house.customer()
    accept(page)
    press(page, "请组长看一下")
    page.get_by_label("请谁").select_option("L001")
    confirm(page, "请组长", "客户情绪激动")
    press(lead, "暂时不便")
    confirm(lead, "告诉同事")
    expect(pending(page)).to_contain_text("高组长 暂时不便")
    # Nobody is asked in vain.
    be(lead, "off")
    press(page, "请组长看一下")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("再请看一下")
    dialog.get_by_role("button", name="请组长", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("现在没有组长在岗")


def test_what_is_asked_is_answered_by_the_keyboard_alone(browser: Browser, house: House) -> None:
    page = house.agent(browser, "小安")
    house.customer()
    accept(page)
    other = house.agent(browser, "小北")
    hand(page, "A002", "请帮忙")
    expect(asked(other)).to_have_count(1)
    other.keyboard.press("Alt+a")
    expect(other.get_by_label("回复客户")).to_be_focused()
    expect(mine(page)).to_have_count(0)
