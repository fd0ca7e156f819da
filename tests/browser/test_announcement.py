"""The emergency switch, from the supervisor's page to a customer's widget and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House
from tests.gateway.peers import until

pytestmark = pytest.mark.browser

TEXT = "手机银行转账暂时不可用，正在抢修。"


def switch(house: House, browser: Browser, name: str) -> Page:
    page = house.agent(browser, name, None)
    page.get_by_role("link", name="公告").click()
    expect(page.get_by_role("heading", name="应急公告")).to_be_visible()
    return page


def test_from_the_switch_to_the_widget_and_back(
    house: House, browser: Browser, screenshots: Path
) -> None:
    widget = house.widget(browser)
    page = switch(house, browser, "何主管")
    expect(page.get_by_text("没有生效的公告")).to_be_visible()
    page.get_by_label("对客户说").fill(TEXT)
    page.get_by_label("转账缴费").check()
    page.get_by_label("这些业务的客户找人工时").select_option("group")
    page.get_by_label("转到哪个组").select_option("risk")
    page.screenshot(path=screenshots / "switch-form.png", full_page=True)
    page.get_by_role("button", name="发布公告").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("暂停办理：转账缴费")
    dialog.get_by_role("button", name="发布公告").click()
    expect(page.get_by_text("正在生效").first).to_be_visible()
    expect(widget.locator(".notice")).to_contain_text(TEXT)
    page.screenshot(path=screenshots / "switch-on.png", full_page=True)

    customer = house.customer("贷款的事要找人")
    assert f"大面积故障公告：{TEXT}" in customer.told("system")
    page.get_by_role("button", name="结束公告").click()
    page.get_by_role("dialog").get_by_role("button", name="结束公告").click()
    expect(page.get_by_text("没有生效的公告")).to_be_visible()
    expect(widget.locator(".notice")).to_be_hidden()
    expect(page.get_by_role("table")).to_contain_text("都转到交易争议与安全组")
    page.screenshot(path=screenshots / "switch-off.png", full_page=True)


def test_a_lead_reads_and_changes_nothing(house: House, browser: Browser) -> None:
    groups = house.parts.config.routes.groups
    house.parts.queue.announcements.announce(TEXT, by="M001", kind="outage", groups=groups)
    page = switch(house, browser, "高组长")
    expect(page.get_by_text(TEXT).first).to_be_visible()
    expect(page.get_by_role("button", name="结束公告")).to_be_disabled()
    expect(page.get_by_label("对客户说")).to_have_count(0)


def test_who_was_overtaken_keeps_what_was_written(house: House, browser: Browser) -> None:
    page = switch(house, browser, "何主管")
    page.get_by_label("对客户说").fill("系统升级。")
    groups = house.parts.config.routes.groups
    house.parts.queue.announcements.announce(TEXT, by="M002", groups=groups)
    page.get_by_role("button", name="发布公告").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="发布公告").click()
    expect(dialog).to_contain_text("M002 发布的公告正在生效")
    dialog.get_by_role("button", name="取消").click()
    expect(page.get_by_label("对客户说")).to_have_value("系统升级。")
    assert until(lambda: house.parts.queue.announcements.current()).set_by == "M002"
