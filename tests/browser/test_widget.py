"""The demo page and the widget, as a customer sees and uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant import Assistant

pytestmark = [pytest.mark.browser, pytest.mark.service]

ANSWER_MS = 20_000


def open_page(browser: Browser, assistant: Assistant, width: int = 1280, height: int = 800) -> Page:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.set_default_timeout(ANSWER_MS)
    page.goto(assistant.address + "/")
    if width <= 900:
        page.get_by_role("button", name="在线客服").click()
    return page


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).click()


ANSWERS = ".message:not(.customer):not(:has(.typing))"


def say(page: Page, text: str) -> None:
    before = page.locator(ANSWERS).count()
    page.get_by_label("输入您的问题").fill(text)
    page.get_by_label("输入您的问题").press("Enter")
    page.locator(ANSWERS).nth(before).wait_for()


def test_a_card_is_reported_lost_in_the_browser(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = open_page(browser, assistant)
    choose(page, "张伟")
    say(page, "查一下余额")
    expect(page.locator(".card.accounts")).to_contain_text("8866")
    say(page, "我的信用卡丢了")
    expect(page.locator(".card.confirm")).to_contain_text("5520")
    page.screenshot(path=screenshots / "desktop-confirm.png")
    page.get_by_role("button", name="确认挂失").click()
    expect(page.locator(".card.code")).to_be_visible()
    code = page.locator("#outbox b").first.inner_text()
    say(page, code)
    expect(page.locator(".card.receipt")).to_contain_text("LR")
    expect(page.locator(".log")).not_to_contain_text(code)
    page.screenshot(path=screenshots / "desktop-receipt.png")


def test_a_reload_and_a_lost_line_neither_lose_nor_double(
    browser: Browser, assistant: Assistant
) -> None:
    page = open_page(browser, assistant)
    choose(page, "未登录访客")
    say(page, "存款保险保多少钱")
    expect(page.locator(".message")).to_have_count(2)
    page.reload()
    expect(page.locator(".message")).to_have_count(2)
    page.context.set_offline(True)
    page.get_by_label("输入您的问题").fill("挂失收费吗")
    page.get_by_label("输入您的问题").press("Enter")
    expect(page.locator(".message.customer")).to_have_count(2)
    page.context.set_offline(False)
    expect(page.locator(ANSWERS)).to_have_count(2, timeout=ANSWER_MS)
    expect(page.locator(".message")).to_have_count(4)


def test_an_agent_answers_in_the_widget(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = open_page(browser, assistant, 360, 740)
    say(page, "我要找人工客服")
    expect(page.locator(".state")).to_contain_text("排队")
    page.screenshot(path=screenshots / "phone-queued.png")
    ticket = page.locator(".card.ticket dd").first.inner_text()
    agent = ("--agent", "A007")
    assistant.bankbot("desk", "claim", ticket, *agent)
    expect(page.locator(".state")).to_have_text("人工服务中")
    assistant.bankbot("desk", "reply", ticket, "您好，请问有什么可以帮您？", *agent)
    expect(page.locator(".message.agent")).to_contain_text("请问有什么可以帮您")
    page.screenshot(path=screenshots / "phone-agent.png")
    assistant.bankbot("desk", "resolve", ticket, "--code", "answered", *agent)
    expect(page.locator(".state")).to_have_text("智能助手")


def test_a_phone_has_no_sideways_scrolling(
    browser: Browser, assistant: Assistant, screenshots: Path
) -> None:
    page = open_page(browser, assistant, 360, 740)
    page.get_by_role("button", name="大字版").click()
    say(page, "你好")
    page.screenshot(path=screenshots / "phone-large.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    wide = page.evaluate(
        """() => { const log = document.querySelector('bankbot-chat').shadowRoot.querySelector('.log');
        return log.scrollWidth - log.clientWidth }"""
    )
    assert wide <= 0


def test_the_keyboard_alone_is_enough(browser: Browser, assistant: Assistant) -> None:
    page = open_page(browser, assistant, 800, 700)
    expect(page.get_by_label("输入您的问题")).to_be_focused()
    page.keyboard.type("你好")
    page.keyboard.press("Enter")
    expect(page.locator(".message.bot")).to_have_count(1)
    page.locator(".replies button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".message.customer")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="在线客服")).to_be_focused()


def test_signing_in_continues_the_request(browser: Browser, assistant: Assistant) -> None:
    page = open_page(browser, assistant)
    choose(page, "未登录访客")
    say(page, "查余额")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".card.accounts")).to_be_visible()


def test_what_is_said_is_never_run(browser: Browser, assistant: Assistant) -> None:
    page = open_page(browser, assistant)
    say(page, "<img src=x onerror=\"document.title='broken'\">**你好**")
    expect(page.locator(".message.customer")).to_contain_text("<img")
    assert page.title() != "broken"
