"""Handing in a file in the widget, over the gateway and a Rasa that only speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.gateway.app import create_app
from bot.storage import Database
from tests.gateway.conftest import IN_TESTS, DemoHouse, make_config
from tests.gateway.peers import Rasa, Served

pytestmark = [pytest.mark.browser, pytest.mark.service]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(60) + b"IEND\xaeB`\x82"
CLIP = "上传文件"


@pytest.fixture
def page(browser: Browser, db: Database) -> Iterator[Page]:
    """A customer at the demo page, asked for a paper."""
    rasa = Rasa()
    card = {"type": "upload", "title": "身份证正反面"}
    rasa.script["上传身份证"] = [{"text": "好的，请上传身份证正反面。", "custom": card}]
    rasa.server.start()
    gateway = Served(create_app(make_config(rasa.url), db, demo=DemoHouse()), **IN_TESTS).start()
    opened = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    opened.set_default_timeout(20_000)
    opened.goto(gateway.url + "/")
    opened.get_by_role("radio", name="张伟").click()
    write(opened, "上传身份证")
    expect(opened.locator(".card.upload")).to_be_visible()
    yield opened
    opened.context.close()
    gateway.stop()
    rasa.server.stop()


def write(page: Page, text: str) -> None:
    page.get_by_label("输入您的问题").fill(text)
    page.get_by_label("输入您的问题").press("Enter")


def choose(
    page: Page, button: Locator, name: str, kind: str = "image/png", of: bytes = PNG
) -> None:
    """Open the chooser by keyboard and pick a file."""
    with page.expect_file_chooser() as chooser:
        button.press("Enter")
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": of})


def test_a_paper_is_handed_in_by_keyboard(page: Page, screenshots: Path) -> None:
    page.screenshot(path=screenshots / "desktop-upload.png")
    card = page.locator(".card.upload").get_by_role("button", name="选择文件")
    choose(page, card, "身份证 正面.png")
    mine = page.locator(".message.customer")
    expect(mine.last).to_contain_text("身份证 正面.png（1 KB）")
    expect(page.locator(".message.bot").last).to_contain_text("/upload_file")
    choose(page, page.get_by_role("button", name=CLIP), "反面.png")
    expect(mine).to_have_count(3)
    page.reload()
    expect(mine).to_have_count(3)


def test_progress_is_shown_and_a_lost_line_tried_again(page: Page) -> None:
    held: list[Route] = []
    page.route("**/files?*", lambda route: held.append(route) if not held else route.continue_())
    choose(page, page.get_by_role("button", name=CLIP), "身份证.png")
    expect(page.locator(".message.customer").last).to_contain_text("上传中")
    expect(page.get_by_label("上传进度")).to_be_visible()
    held[0].abort()
    expect(page.locator(".message.customer").last).to_contain_text("（1 KB）")
    expect(page.locator(".message.customer")).to_have_count(2)


@pytest.mark.parametrize(
    ("name", "kind", "content", "why"),
    [
        ("说明.txt", "text/plain", b"words", "只支持 JPG、PNG 图片和 PDF"),
        ("空的.png", "image/png", b"", "文件是空的"),
        ("太大.png", "image/png", bytes(10_000_001), "不能超过 10 MB"),
        ("假的.png", "image/png", b"no picture", "未发送：只支持 JPG、PNG"),
        ("一半.png", "image/png", PNG[:40], "未发送：文件不完整"),
    ],
    ids=["kind", "empty", "large", "no picture", "half"],
)
def test_why_a_file_is_not_taken(
    page: Page, name: str, kind: str, content: bytes, why: str
) -> None:
    choose(page, page.get_by_role("button", name=CLIP), name, kind, content)
    expect(page.locator(".log")).to_contain_text(why)


def test_a_visitor_is_told_to_sign_in(page: Page) -> None:
    page.get_by_role("radio", name="未登录访客").click()
    expect(page.locator(".card.upload")).to_have_count(0)
    choose(page, page.get_by_role("button", name=CLIP), "身份证.png")
    expect(page.locator(".log")).to_contain_text("请先登录，再上传材料")
