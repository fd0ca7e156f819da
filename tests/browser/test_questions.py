"""Opening questions, suggestions while typing, related questions and the thumbs' reasons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.assistant import Assistant
from tests.browser.test_widget import ANSWERS, choose, open_page, say

pytestmark = [pytest.mark.browser, pytest.mark.service]

# Longer than the widget waits after a keystroke.
QUIET_MS = 500
FIELD = "输入您的问题"


def begin(browser: Browser, assistant: Assistant, width: int = 1280, height: int = 800) -> Page:
    page = open_page(browser, assistant, width, height)
    choose(page, "未登录访客") if width > 900 else None
    expect(page.locator(".hot")).to_be_visible()
    return page


def watched(page: Page) -> list[str]:
    """The texts asked for from here on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/faq/suggest" in request.url:
            asked.append(request.url.partition("?q=")[2])

    page.on("request", note)
    return asked


def write(page: Page, text: str) -> None:
    page.get_by_label(FIELD).fill(text)


def options(page: Page) -> Any:
    return page.get_by_role("option")


def test_an_empty_conversation_opens_with_questions_that_can_be_pressed(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = begin(browser, assistant)
    hot = page.get_by_role("region", name="大家常问").get_by_role("button")
    assert 3 <= hot.count() <= 5
    page.screenshot(path=screenshots / "desktop-hot.png")
    question = hot.first.inner_text()
    hot.first.click()
    expect(page.locator(".message.customer")).to_contain_text(question)
    expect(page.locator(".message.bot .meta")).to_contain_text("官方问答")
    expect(page.locator(".hot")).to_have_count(0)
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.reload()
    expect(page.locator(".message")).to_have_count(2)
    expect(page.locator(".hot")).to_have_count(0)


def test_opening_questions_survive_a_change_of_customer(
    browser: Browser, assistant: Assistant
) -> None:
    page = open_page(browser, assistant)
    expect(page.locator(".hot")).to_be_visible()
    hot: list[Route] = []
    opening: list[Route] = []
    page.route("**/api/faq/hot", lambda route: route.continue_() if hot else hot.append(route))
    with page.expect_request("**/api/faq/hot"):
        choose(page, "王芳")
    page.route("**/api/conversations", lambda route: opening.append(route))
    with page.expect_request("**/api/conversations"):
        choose(page, "未登录访客")
    # The former customer's questions come when the log has been cleared for the next one.
    with page.expect_response("**/api/faq/hot"):
        hot[0].continue_()
    opening[0].continue_()
    expect(page.locator(".hot")).to_have_count(1)


def test_suggestions_are_chosen_by_keyboard(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = begin(browser, assistant)
    field = page.get_by_label(FIELD)
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("xykqx", delay=20)
    expect(options(page).first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="您可能想问")).to_be_visible()
    expect(page.locator(".composer [role=status]")).to_contain_text("相近的问题")
    for key, selected in (("ArrowDown", 0), ("ArrowUp", None), ("ArrowUp", -1)):
        page.keyboard.press(key)
        if selected is None:
            expect(page.locator("[aria-selected=true]")).to_have_count(0)
            expect(field).not_to_have_attribute("aria-activedescendant", "")
        else:
            chosen = options(page).nth(selected)
            expect(chosen).to_have_attribute("aria-selected", "true")
            name = chosen.get_attribute("id") or ""
            expect(field).to_have_attribute("aria-activedescendant", name)
    page.screenshot(path=screenshots / "desktop-suggestions.png")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("xykqx")
    write(page, "信用卡年费怎么收")
    expect(options(page).first).to_be_visible()
    question = options(page).first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".message.customer .bubble")).to_contain_text(question)
    expect(field).to_have_value("")
    expect(page.locator(ANSWERS)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="在线客服")).to_be_focused()


def test_sending_what_was_typed_needs_no_look_at_the_suggestions(
    browser: Browser, assistant: Assistant
) -> None:
    page = begin(browser, assistant)
    write(page, "信用卡年费")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".message.customer .bubble")).to_have_text("我：信用卡年费")
    expect(options(page)).to_have_count(0)


def test_an_answer_that_comes_too_late_is_not_shown(browser: Browser, assistant: Assistant) -> None:
    page = begin(browser, assistant)
    held: list[Route] = []
    page.route("**/api/faq/suggest?q=*", lambda route: held.append(route))
    write(page, "信用卡")
    page.wait_for_timeout(QUIET_MS)
    write(page, "挂失")
    page.wait_for_timeout(QUIET_MS)
    assert len(held) == 2
    page.unroute("**/api/faq/suggest?q=*")
    write(page, "转账限额")
    expect(options(page).first).to_contain_text("转账")
    page.keyboard.press("Enter")
    expect(page.locator(ANSWERS)).to_have_count(1)
    expect(options(page)).to_have_count(0)


def test_an_input_method_is_left_alone(browser: Browser, assistant: Assistant) -> None:
    page = begin(browser, assistant)
    asked = watched(page)
    page.get_by_label(FIELD).focus()
    keyboard = page.context.new_cdp_session(page)
    composing = {"selectionStart": 4, "selectionEnd": 4, "text": "guashi"}
    keyboard.send("Input.imeSetComposition", composing)
    page.wait_for_timeout(QUIET_MS)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "挂失"})
    expect(options(page).first).to_contain_text("挂失")
    assert len(asked) == 1


def test_numbers_codes_and_what_is_for_a_person_are_not_sent(
    browser: Browser, assistant: Assistant
) -> None:
    page = open_page(browser, assistant)
    choose(page, "王芳")
    asked = watched(page)
    for text in ("6222020200112233445", "卡号 6222 0202", "１２３４５６是什么", "482913", "1234"):
        write(page, text)
        page.wait_for_timeout(QUIET_MS)
    write(page, "")
    assert asked == []
    say(page, "我的卡丢了")
    page.get_by_role("button", name="确认挂失").click()
    expect(page.locator(".card.code")).to_be_visible()
    write(page, "验证码没收到")
    page.wait_for_timeout(QUIET_MS)
    assert asked == []
    say(page, page.locator("#outbox b").first.inner_text())
    expect(page.locator(".card.receipt")).to_be_visible()
    write(page, "挂失")
    expect(options(page).first).to_be_visible()
    assert len(asked) == 1
    say(page, "转人工")
    expect(page.locator(".state")).to_contain_text("排队")
    write(page, "信用卡年费")
    page.wait_for_timeout(QUIET_MS)
    assert len(asked) == 1


def test_asking_too_fast_or_without_a_line_is_silent(
    browser: Browser, assistant: Assistant
) -> None:
    page = begin(browser, assistant)
    asked = watched(page)
    page.route("**/api/faq/suggest?q=*", lambda route: route.fulfill(status=429, body="{}"))
    for text in ("信用卡", "信用卡年", "信用卡年费"):
        write(page, text)
        page.wait_for_timeout(QUIET_MS)
    assert len(asked) == 1, "it pauses"
    page.keyboard.press("Enter")
    expect(page.locator(ANSWERS)).to_have_count(1)


def test_a_thumb_on_a_phone_in_large_type(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    size = {"width": 360, "height": 740}
    page = browser.new_context(viewport=size, has_touch=True, is_mobile=True).new_page()
    page.goto(assistant.address + "/")
    page.get_by_role("button", name="在线客服").tap()
    page.get_by_role("button", name="大字版").tap()
    expect(page.locator(".hot")).to_be_visible()
    page.screenshot(path=screenshots / "phone-large-hot.png")
    page.get_by_label(FIELD).tap()
    write(page, "转账多久")
    expect(options(page).first).to_be_visible()
    page.screenshot(path=screenshots / "phone-large-suggestions.png")
    box = options(page).first.bounding_box()
    assert box is not None and box["height"] >= 44 and box["x"] + box["width"] <= 360
    options(page).first.tap()
    expect(page.locator(".related")).to_be_visible()
    page.screenshot(path=screenshots / "phone-large-related.png")
    page.get_by_role("button", name="没有帮助").tap()
    page.get_by_role("button", name="看不懂").tap()
    expect(page.locator(".why .more")).to_be_visible()
    page.screenshot(path=screenshots / "phone-large-why.png")
    wide = page.locator(".log").evaluate("log => log.scrollWidth - log.clientWidth")
    assert wide <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_related_questions_stand_apart_and_can_be_asked(
    browser: Browser, assistant: Assistant
) -> None:
    page = begin(browser, assistant)
    say(page, "转账多久能到账？")
    related = page.get_by_role("region", name="相关问题").get_by_role("button")
    expect(related).to_have_count(3)
    expect(page.get_by_role("group", name="快捷回复")).not_to_contain_text(
        related.first.inner_text()
    )
    question = related.first.inner_text()
    related.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".message.customer .bubble").last).to_contain_text(question)
    expect(page.locator(ANSWERS)).to_have_count(2)
    expect(page.locator(".related")).to_have_count(1)


def test_a_thumb_down_says_why_and_may_be_changed(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = begin(browser, assistant)
    say(page, "转账多久能到账？")
    down = page.get_by_role("button", name="没有帮助")
    down.focus()
    with page.expect_response("**/feedback"):
        page.keyboard.press("Enter")
    reasons = page.get_by_role("group", name="没有帮助的原因").get_by_role("button")
    assert reasons.all_inner_texts() == ["没答到点子上", "看不懂", "信息过时或有误", "其他"]
    with page.expect_response("**/feedback") as told:
        reasons.nth(2).click()
    assert told.value.request.post_data_json == {
        "seq": 2,
        "verdict": "down",
        "cause": "outdated",
    }
    page.get_by_label("补充说明").fill("长" * 300)
    expect(page.get_by_label("补充说明")).to_have_value("长" * 200)
    page.get_by_label("补充说明").fill("到账时间和柜台说的不一样")
    page.screenshot(path=screenshots / "desktop-why.png")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".said:not([role])")).to_contain_text("谢谢")
    expect(page.locator(".why")).to_be_hidden()
    page.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    down.click()
    expect(reasons.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("补充说明")).to_have_value("到账时间和柜台说的不一样")
    page.keyboard.press("Escape")
    expect(page.locator(".why")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_response("**/feedback") as told:
        page.get_by_role("button", name="有帮助", exact=True).click()
    assert told.value.request.post_data_json == {"seq": 2, "verdict": "up"}
    assert told.value.status == 204


def test_a_reason_that_could_not_be_sent_says_so(browser: Browser, assistant: Assistant) -> None:
    page = begin(browser, assistant)
    say(page, "转账多久能到账？")
    page.route("**/feedback", lambda route: route.abort())
    page.get_by_role("button", name="没有帮助").click()
    expect(page.locator(".said:not([role])")).to_contain_text("没有提交成功")
    page.unroute("**/feedback")
    with page.expect_response("**/feedback") as told:
        page.get_by_role("button", name="没答到点子上").click()
    assert told.value.status == 204
    expect(page.locator(".said:not([role])")).to_be_hidden()
