"""The agents' page: two of them, their lead, and the customers whom they serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.house import House, be
from tests.browser.test_widget import say

pytestmark = [pytest.mark.browser]

# The page holds a line for dead that says nothing for 25 s.
SILENCE_MS = 26_000
AWAKE_MS = 15_000
# What was shown in plain is hidden after a minute.
SHOWN_MS = 61_000


def offers(page: Page) -> Locator:
    return page.locator(".offer")


def mine(page: Page) -> Locator:
    return page.locator(".rows a.ticket")


def thread(page: Page) -> Locator:
    return page.get_by_role("log", name="对话内容")


def accept(page: Page) -> str:
    """Accept what is offered first; its number."""
    expect(offers(page).first).to_be_visible()
    before = page.url
    page.keyboard.press("Alt+a")
    page.wait_for_url(lambda url: url != before)
    expect(page.get_by_label("回复客户")).to_be_focused()
    return page.url.rpartition("/")[2]


def reply(page: Page, text: str) -> None:
    page.get_by_label("回复客户").fill(text)
    page.get_by_label("回复客户").press("Enter")
    expect(thread(page).locator(".message.agent:not(.pending)").last).to_contain_text(text)


def tab(page: Page, name: str) -> None:
    page.get_by_role("group", name="看哪些会话").get_by_role("button", name=name).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def confirm(page: Page, button: str, text: str | None = None) -> None:
    dialog = page.get_by_role("dialog")
    if text is not None:
        dialog.get_by_role("textbox").fill(text)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_be_hidden()


def test_two_agents_serve_six_customers_at_once(
    browser: Browser, house: House, screenshots: Path
) -> None:
    first, second = house.agent(browser, "小安"), house.agent(browser, "小北")
    windows = [house.widget(browser) for _ in range(2)]
    for window in windows:
        say(window, "转人工")
    callers = [house.customer() for _ in range(4)]
    for page in (first, second):
        for number in range(3):
            accept(page)
            reply(page, f"您好，第 {number + 1} 位")
        expect(mine(page)).to_have_count(3)
        expect(page.locator(".load")).to_have_text("接待 3/3")
    for window in windows:
        expect(window.locator(".message.agent[data-seq]")).to_contain_text("您好，第")
    for caller in callers:
        caller.say("我的卡号问好了")
        assert len(caller.told("agent")) == 1
    for window in windows:
        window.get_by_label("输入您的问题").fill("我在窗口里写")
        window.get_by_label("输入您的问题").press("Enter")
    # What came in where one is not looking is marked, and read by opening it.
    for page in (first, second):
        expect(page.locator(".fresh")).to_have_count(2)
        for left in (1, 0, 0):
            page.keyboard.press("Alt+ArrowDown")
            expect(page.locator(".fresh")).to_have_count(left)
            expect(thread(page).locator(".message.customer").last).to_contain_text("我")
    first.screenshot(path=screenshots / "desk-serving.png")


def test_typing_is_seen_on_both_sides(browser: Browser, house: House) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    typing = thread(page).get_by_text("客户正在输入")
    caller.types()
    expect(typing).to_be_visible()
    caller.say("写好了")
    expect(typing).to_be_hidden()
    window = house.widget(browser)
    say(window, "转人工")
    accept(page)
    page.get_by_label("回复客户").press_sequentially("您好，我看一下")
    expect(window.locator(".typing").first).to_be_visible()


def test_a_draft_and_its_ticket_outlive_a_reload(browser: Browser, house: House) -> None:
    page = house.agent(browser, "小安")
    house.customer(), house.customer()
    older, newer = accept(page), accept(page)
    page.get_by_label("回复客户").fill("先查一下您的")
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(f"{house.url}/desk#/chat/{older}")
    expect(page.get_by_label("回复客户")).to_have_value("")
    page.get_by_label("回复客户").fill("另一位客户的")
    page.reload()
    expect(page.get_by_label("回复客户")).to_have_value("另一位客户的")
    page.keyboard.press("Alt+ArrowDown")
    expect(page).to_have_url(f"{house.url}/desk#/chat/{newer}")
    expect(page.get_by_label("回复客户")).to_have_value("先查一下您的")


def test_whatever_happened_while_the_line_was_cut_is_there(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    reply(page, "您好")
    page.context.set_offline(True)
    expect(page.get_by_text("正在重新连接")).to_be_visible()
    caller.say("在吗")
    caller.say("我把卡号发错了")
    page.get_by_label("回复客户").fill("断线时写的")
    page.get_by_label("回复客户").press("Enter")
    failed = thread(page).locator(".pending.failed")
    expect(failed).to_contain_text("没有发出")
    page.screenshot(path=screenshots / "desk-line-cut.png")
    # Even a reload leaves it where it is.
    page.context.set_offline(False)
    page.reload()
    expect(thread(page)).to_contain_text("我把卡号发错了")
    expect(page.get_by_text("正在重新连接")).to_be_hidden()
    failed.get_by_role("button", name="重试").click()
    caller.waits_for("断线时写的")
    expect(failed).to_have_count(0)
    expect(thread(page).get_by_text("断线时写的")).to_have_count(1)
    expect(thread(page).get_by_text("在吗", exact=True)).to_have_count(1)


def test_a_gateway_that_comes_back_finds_everything_as_it_was(
    browser: Browser, house: House
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    page.get_by_label("回复客户").fill("正在写的")
    with house.away():
        expect(page.get_by_text("正在重新连接")).to_be_visible()
    expect(page.get_by_text("正在重新连接")).to_be_hidden()
    caller.say("您还在吗")
    expect(thread(page)).to_contain_text("您还在吗")
    expect(page.get_by_label("回复客户")).to_have_value("正在写的")
    page.get_by_label("回复客户").press("Enter")
    caller.waits_for("正在写的")


def test_a_line_that_says_nothing_is_opened_anew(browser: Browser, house: House) -> None:
    page = house.agent(browser, "小安", state=None)
    page.clock.install()
    page.reload()
    be(page, "ready")
    # Until this is seen it finds nobody to connect to, however fast it is.
    page.route("**/api/desk/me", lambda route: route.abort())
    page.clock.fast_forward(SILENCE_MS)
    expect(page.get_by_text("正在重新连接")).to_be_visible()
    page.unroute("**/api/desk/me")
    page.clock.fast_forward(AWAKE_MS)
    expect(page.get_by_text("正在重新连接")).to_be_hidden()
    house.customer()
    expect(offers(page)).to_have_count(1)


def test_fraud_overtakes_twenty_who_wait(browser: Browser, house: House, screenshots: Path) -> None:
    page = house.agent(browser, "小丁", state="away")
    for _ in range(20):
        house.customer()
    house.customer("有人冒充公安让我转账")
    tab(page, "排队")
    expect(mine(page)).to_have_count(21)
    expect(mine(page).first).to_contain_text("紧急")
    expect(mine(page).first).to_contain_text("冒充公安")
    page.screenshot(path=screenshots / "desk-fraud.png")
    be(page, "ready")
    expect(offers(page).first).to_contain_text("疑似诈骗或盗刷")
    accept(page)
    expect(thread(page)).to_contain_text("有人冒充公安让我转账")


def test_the_record_is_written_after_the_end(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    reply(page, "已经办好了")
    page.keyboard.press("Alt+e")
    confirm(page, "结束")
    record = page.get_by_role("region", name="办结记录")
    expect(record).to_be_visible()
    record.get_by_label("记录").fill("年费已退")
    page.screenshot(path=screenshots / "desk-record.png")
    # A code has to be chosen first.
    record.get_by_role("button", name="办结").click()
    expect(record).to_be_visible()
    record.get_by_label("结果").select_option("done")
    record.get_by_role("button", name="办结").click()
    expect(record).to_be_hidden()
    expect(mine(page)).to_have_count(0)
    tab(page, "最近")
    expect(mine(page).first).to_contain_text("已办结")
    caller.say("谢谢")
    assert "年费已退" not in " ".join(caller.told("agent", "system"))


def test_a_customer_who_ends_it_leaves_the_record_to_the_agent(
    browser: Browser, house: House
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    page.get_by_label("回复客户").fill("还想说一句")
    caller.leaves()
    record = page.get_by_role("region", name="办结记录")
    record.get_by_label("结果").select_option("answered")
    record.get_by_role("button", name="办结").click()
    expect(page.get_by_text("这张工单已办结")).to_be_visible()
    expect(mine(page)).to_have_count(0)


def test_a_lead_whispers_and_takes_over(browser: Browser, house: House, screenshots: Path) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    number = accept(page)
    reply(page, "您好")
    lead = house.agent(browser, "高组长", state="away")
    lead.goto(f"{house.url}/desk#/chat/{number}")
    press(lead, "旁听")
    lead.get_by_label("悄悄话").fill("先核对一下身份")
    lead.get_by_label("悄悄话").press("Enter")
    expect(thread(page)).to_contain_text("先核对一下身份")
    page.screenshot(path=screenshots / "desk-whisper.png")
    press(lead, "接管")
    confirm(lead, "接管会话", "客户点名要找组长")
    reply(lead, "您好，我是组长")
    caller.waits_for("您好，我是组长")
    expect(mine(page)).to_have_count(0)
    assert "先核对一下身份" not in caller.told("agent", "system")


def test_who_has_conversations_cannot_go_home(browser: Browser, house: House) -> None:
    page = house.agent(browser, "小安")
    house.customer()
    accept(page)
    page.get_by_label("我的状态").select_option("off")
    expect(page.get_by_role("alert")).to_contain_text("1 个会话")
    expect(page.get_by_label("我的状态")).to_have_value("ready")
    press(page, "退出")
    expect(page.get_by_role("alert")).to_contain_text("1 个会话")
    be(page, "away")
    expect(page.get_by_text("您在小休，不会派新单给您")).to_be_visible()


def test_a_session_that_ends_is_begun_again_over_the_page(browser: Browser, house: House) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    page.get_by_label("回复客户").fill("您好，我在")
    page.context.clear_cookies()
    page.get_by_label("回复客户").press("Enter")
    again = page.get_by_role("dialog", name="请重新登录")
    expect(again).to_be_visible()
    again.get_by_role("button", name="小安").click()
    expect(again).to_be_hidden()
    caller.waits_for("您好，我在")


def test_two_tabs_of_one_agent_do_not_disturb_each_other(browser: Browser, house: House) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    number = accept(page)
    other = page.context.new_page()
    other.goto(f"{house.url}/desk#/chat/{number}")
    other.get_by_label("回复客户").fill("另一页写的")
    page.get_by_label("回复客户").fill("这一页写的")
    page.get_by_label("回复客户").press("Enter")
    expect(thread(other)).to_contain_text("这一页写的")
    expect(other.get_by_label("回复客户")).to_have_value("另一页写的")
    other.close()
    caller.say("收到")
    expect(thread(page)).to_contain_text("收到")


def test_what_is_masked_is_shown_with_a_reason_and_hidden_again(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page = house.agent(browser, "小安", state=None)
    page.clock.install()
    page.reload()
    be(page, "ready")
    caller = house.customer(signed_in=True)
    accept(page)
    caller.say("我的手机号是13912345678")
    said = thread(page).locator(".message.customer").last
    expect(said).to_contain_text("我的手机号是")
    expect(said).not_to_contain_text("13912345678")
    said.get_by_role("button", name="显示这句话的原文").click()
    confirm(page, "显示", "回拨给客户")
    expect(said).to_contain_text("13912345678")
    phone = page.locator(".part.customer dd").last
    expect(phone).to_contain_text("138****1001")
    phone.get_by_role("button", name="显示手机号").click()
    confirm(page, "显示", "核对身份")
    expect(phone).to_contain_text("13810001001")
    expect(phone).to_contain_text("今天还可以查看 98 次")
    page.screenshot(path=screenshots / "desk-reveal.png")
    page.clock.fast_forward(SHOWN_MS)
    expect(phone).not_to_contain_text("13810001001")
    expect(said).not_to_contain_text("13912345678")


def test_canned_replies_are_found_by_a_stroke(browser: Browser, house: House) -> None:
    page, _ = house.agent(browser, "小安"), house.customer()
    accept(page)
    page.get_by_label("回复客户").press_sequentially("/稍")
    options = page.get_by_role("listbox", name="常用语").get_by_role("option")
    expect(options.first).to_contain_text("稍")
    page.keyboard.press("Enter")
    expect(options.first).to_be_hidden()
    expect(page.get_by_label("回复客户")).not_to_have_value("")
    page.keyboard.press("Escape")
    thread(page).focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")


def test_what_the_assistant_said_can_be_read_and_not_pressed(
    browser: Browser, house: House
) -> None:
    card = {
        "type": "accounts",
        "title": "账户余额",
        "items": [{"title": "借记卡", "balance": "¥88.00"}],
    }
    house.rasa.script["查余额"] = [
        {
            "text": "您的**余额**：",
            "custom": card,
            "buttons": [{"title": "查明细", "payload": "/query_transactions"}],
        }
    ]
    page, _ = house.agent(browser, "小安"), house.customer(asked="查余额")
    accept(page)
    said = thread(page).locator(".message.bot")
    expect(said.locator(".by")).to_contain_text("智能助手")
    expect(said.locator("strong").first).to_have_text("余额")
    expect(said.locator(".card")).to_contain_text("¥88.00")
    expect(said).to_contain_text("查明细")
    expect(said.get_by_role("button")).to_have_count(0)


def test_what_a_customer_says_is_never_run(browser: Browser, house: House) -> None:
    page, caller = house.agent(browser, "小安"), house.customer()
    accept(page)
    caller.say("<img src=x onerror=\"document.title='broken'\">")
    expect(thread(page)).to_contain_text("<img")
    assert "broken" not in page.title()


def test_other_staff_have_no_way_in(browser: Browser, house: House) -> None:
    page = browser.new_context().new_page()
    page.goto(house.url + "/faq")
    page.get_by_role("button", name="林夏").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.goto(house.url + "/desk")
    expect(page.get_by_role("heading", name="您的账号没有坐席台的权限")).to_be_visible()
