"""Complaints and the wall board at the desk: from a letter to the customer's window."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.complaints.case import Filing
from tests.browser.house import House, be

pytestmark = [pytest.mark.browser]

ANSWER = {
    "处理决定": "退还年费 200 元，三个工作日内到账。",
    "核实情况": "经核实，该笔年费系重复收取。",
    "依据": "领用合约第五条。",
    "理由": "系统批量扣收时重复执行，并非您的原因。",
}


def colleague(browser: Browser, house: House, name: str, place: str) -> Page:
    """A colleague's window, signed in, at a place of the desk."""
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{house.url}/desk#/{place}")
    page.get_by_role("button", name=name).click()
    expect(page.locator("h1")).to_be_visible()
    return page


def press(page: Page, name: str) -> Locator:
    """Press a button; the dialog that it opens."""
    page.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def confirm(dialog: Locator, name: str) -> None:
    dialog.get_by_role("button", name=name, exact=True).click()
    expect(dialog).to_be_hidden()


def test_from_a_letter_to_the_customers_window(
    browser: Browser, house: House, screenshots: Path
) -> None:
    window = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    window.goto(house.url + "/")
    window.get_by_role("radio", name="张伟").click()
    expect(window.locator(".state")).to_be_visible()
    handler = colleague(browser, house, "孙悦", "complaints")
    handler.get_by_role("link", name="登记投诉").click()
    handler.get_by_label("客户号").fill("C1001")
    handler.get_by_label("投诉内容").fill("信用卡年费收了两次，卡号6222020200112233445")
    handler.get_by_label("渠道").select_option("letter")
    handler.get_by_label("怎样核实的身份").fill("身份证复印件已核")
    handler.screenshot(path=screenshots / "desk-complaint-open.png", full_page=True)
    handler.get_by_role("button", name="登记", exact=True).click()
    expect(handler.locator("h1")).to_contain_text("投诉 CT")
    number = handler.locator("h1").inner_text().removeprefix("投诉 ")
    expect(handler.locator(".case blockquote").first).not_to_contain_text("0112233")
    expect(handler.locator(".case-due")).to_contain_text("还有 15 天")

    # It waits to be given to somebody; the lead gives it.
    lead = colleague(browser, house, "郭敏", "complaints")
    lead.get_by_role("link", name=number).click()
    dialog = press(lead, "分派")
    dialog.get_by_label("分派给").select_option("孙悦")
    confirm(dialog, "分派")
    expect(lead.locator(".case")).to_contain_text("处理中")

    handler.reload()
    dialog = press(handler, "申请延期")
    dialog.get_by_label("延期").select_option("complex")
    dialog.get_by_label("理由").fill("需要向收单机构查证")
    confirm(dialog, "申请延期")
    expect(handler.locator(".case-due")).to_contain_text("还有 30 天")
    expect(handler.locator(".banner")).to_contain_text("延期告知")
    dialog = press(handler, "拟写答复")
    dialog.get_by_label("处理结论").select_option("upheld")
    for label, text in ANSWER.items():
        dialog.get_by_label(label).fill(text)
    handler.screenshot(path=screenshots / "desk-complaint-answer.png")
    confirm(dialog, "提交审批")
    expect(handler.get_by_role("button", name="批准答复")).to_have_count(0)

    lead.reload()
    confirm(press(lead, "批准答复"), "批准答复")
    expect(lead.locator(".case")).to_contain_text("待告知")
    lead.screenshot(path=screenshots / "desk-complaint-case.png", full_page=True)

    handler.reload()
    dialog = press(handler, "处理决定告知")
    expect(dialog.get_by_label("凭证")).to_be_disabled()
    confirm(dialog, "告知")
    expect(handler.locator(".case-due")).to_contain_text("已答复")
    expect(handler.locator(".case")).to_contain_text("凭证：会话")

    window.reload()
    window.get_by_role("button", name="我的投诉").click()
    mine = window.get_by_role("article", name=f"投诉 {number}")
    expect(mine).to_contain_text("已答复")
    mine.get_by_text("银行的告知").click()
    expect(mine).to_contain_text("退还年费 200 元")
    expect(mine).to_contain_text("前可以申请由上级核查")
    window.screenshot(path=screenshots / "desk-complaint-window.png")


def test_the_register_shows_what_is_due_and_finds_the_rest(
    browser: Browser, house: House, screenshots: Path
) -> None:
    handler = colleague(browser, house, "孙悦", "complaints/new")
    for text, relation in (("排队两小时没人理", "self"), ("<b>催收</b>骚扰家人", "heir")):
        handler.goto(f"{house.url}/desk#/complaints/new")
        handler.get_by_label("客户号").fill("C1003")
        handler.get_by_label("投诉内容").fill(text)
        handler.get_by_label("怎样核实的身份").fill("电话核身")
        handler.get_by_label("投诉人", exact=True).select_option(relation)
        if relation == "heir":
            handler.get_by_label("受托人或继承人的姓名").fill("李四")
            handler.get_by_label("收到的时间").fill("2099-01-01T10:00")
            handler.get_by_role("button", name="登记", exact=True).click()
            # The library's own words say what is wrong.
            expect(handler.get_by_role("alert").filter(has_text="现在之前")).to_be_visible()
            handler.get_by_label("收到的时间").fill("")
        handler.get_by_role("button", name="登记", exact=True).click()
        expect(handler.locator("h1")).to_contain_text("投诉 CT")
    handler.goto(f"{house.url}/desk#/complaints")
    expect(handler.get_by_role("status").filter(has_text="全部待办：2 件")).to_be_visible()
    expect(handler.locator(".cases")).to_contain_text("<b>催收</b>骚扰家人")
    handler.screenshot(path=screenshots / "desk-complaints.png")
    handler.get_by_role("button", name="今天到期").click()
    expect(handler.locator(".register")).to_contain_text("今天没有到期的")
    handler.get_by_label("搜索全部投诉").fill("催收")
    expect(handler.locator(".cases tbody tr")).to_have_count(1)
    handler.get_by_role("button", name="导出").click()
    with handler.expect_download() as saved:
        handler.get_by_role("dialog").get_by_role("button", name="导出").click()
    assert saved.value.suggested_filename.endswith(".xlsx")
    # A supervisor looks, and cannot act.
    watcher = colleague(browser, house, "何主管", "complaints")
    watcher.locator(".cases a").first.click()
    expect(watcher.locator("h1")).to_contain_text("投诉 CT")


def test_an_agent_sees_by_when_a_customers_complaint_is_answered(
    browser: Browser, house: House
) -> None:
    case, _ = house.parts.casework.entering.open(
        "C1001", "信用卡年费收了两次", Filing("phone", proof="电话核身"), by="孙悦"
    )
    agent = house.agent(browser, "小安")
    house.customer(signed_in=True)
    expect(agent.locator(".offer").first).to_be_visible()
    agent.keyboard.press("Alt+a")
    part = agent.locator(".part.complaints")
    expect(part).to_contain_text(case.number)
    expect(part).to_contain_text("还有 15 天")
    # What it says is for who handles complaints: it is no link here.
    expect(part.get_by_role("link")).to_have_count(0)
    expect(part).not_to_contain_text("年费")


def test_a_wall_shows_who_waits_and_whom_a_lead_can_help(
    browser: Browser, house: House, screenshots: Path
) -> None:
    agent = house.agent(browser, "小安")
    for _ in range(5):
        house.customer()
    house.customer("有人冒充公安让我转账")
    expect(agent.locator(".offer").first).to_be_visible()
    agent.keyboard.press("Alt+a")
    board = colleague(browser, house, "高组长", "board")
    figures = board.locator(".wall-figures")
    expect(figures).to_contain_text("排队")
    expect(board.locator(".wall-table")).to_contain_text("交易争议与安全")
    expect(board.locator(".chip").filter(has_text="A001")).to_contain_text("小安")
    board.set_viewport_size({"width": 1920, "height": 1080})
    board.screenshot(path=screenshots / "desk-board.png", full_page=True)
    # Everything that a colleague has is one click away.
    board.locator(".chip").filter(has_text="A001").click()
    dialog = board.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="旁听").first).to_be_visible()
    dialog.get_by_role("button", name="关闭").click()
    # The line is cut: what stands there is marked as old, and comes back by itself.
    board.clock.install()
    board.route("**/api/desk/board", lambda route: route.abort())
    board.clock.run_for(20_000)
    expect(board.get_by_role("alert").filter(has_text="数据停在")).to_be_visible()
    board.unroute("**/api/desk/board")
    board.clock.run_for(6_000)
    expect(board.get_by_role("alert").filter(has_text="数据停在")).to_be_hidden()
    be(agent, "away")
    board.clock.run_for(10_000)
    expect(board.locator(".away .chip")).to_contain_text("小安")
