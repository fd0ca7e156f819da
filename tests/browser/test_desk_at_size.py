"""The desk beside a long queue, customers who need time, files they handed in, and who has left."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.handoff.live import FRONT
from tests.browser.house import House, be
from tests.browser.test_desk import accept, mine, offers, tab
from tests.gateway.peers import until
from tests.handoff.world import crowd

pytestmark = [pytest.mark.browser]

BEHIND = 5
# What a page does that a test cannot hear or look away from.
SENSES = """
    window.tones = 0;
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
    window.turnedAway = false;
    Object.defineProperty(document, "hidden", { get: () => window.turnedAway });
"""


def long_queue(house: House) -> list[str]:
    """More who wait than a desk shows; their numbers in order."""
    first = house.parts.queue.open_ticket_of(house.customer().id)
    assert first is not None
    return crowd(house.parts.db, first, FRONT + BEHIND)


def picture(width: int = 320, height: int = 200) -> bytes:
    """A PNG of a slope from dark to light."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = b"".join(b"\0" + bytes(x * 255 // width for x in range(width)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def test_a_long_queue_shows_its_front_and_whoever_is_looked_for(
    browser: Browser, house: House, screenshots: Path
) -> None:
    numbers = long_queue(house)
    page = house.agent(browser, "小安", state=None)
    tab(page, f"排队 {len(numbers)}")
    expect(mine(page)).to_have_count(FRONT)
    rest = page.locator(".rest")
    expect(rest).to_contain_text(f"还有 {BEHIND} 位在等。")
    rest.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "desk-long-queue.png")
    rest.get_by_role("button", name="往后看").click()
    expect(mine(page)).to_have_count(len(numbers))
    page.get_by_role("button", name="看现在的").click()
    expect(mine(page)).to_have_count(FRONT)
    looking = page.get_by_role("search").get_by_role("searchbox")
    looking.fill(numbers[-1][-4:])
    looking.press("Enter")
    expect(mine(page)).to_have_count(1)
    expect(mine(page)).to_contain_text(f"K{FRONT + BEHIND - 1:04}")
    expect(page.get_by_text("找到 1 位。")).to_be_visible()
    page.screenshot(path=screenshots / "desk-queue-search.png")
    looking.fill("不存在")
    looking.press("Enter")
    expect(page.get_by_text("没有找到，请核对工单编号或客户号。")).to_be_visible()
    page.get_by_role("button", name="看现在的").click()
    # The front moves up as one is taken.
    house.desk.claim(numbers[1], "A002")
    expect(rest).to_contain_text(f"还有 {BEHIND - 1} 位在等。")
    expect(mine(page)).to_have_count(FRONT)


def test_who_reads_in_large_type_is_seen_to_need_time(
    browser: Browser, house: House, screenshots: Path
) -> None:
    window = house.widget(browser)
    window.get_by_role("button", name="大字版").click()
    window.get_by_role("button", name="找人工客服").click()
    page = house.agent(browser, "小安")
    expect(offers(page).first).to_contain_text("大字版")
    accept(page)
    expect(page.locator(".ticket-head .tag", has_text="大字版")).to_be_visible()
    expect(page.locator(".part.summary")).to_contain_text("请用短句，一次说一件事")
    page.screenshot(path=screenshots / "desk-large-type.png")
    window.get_by_role("button", name="大字版").click()
    expect(page.locator(".ticket-head .tag", has_text="大字版")).to_be_hidden()


def test_files_that_a_customer_handed_in_are_opened_at_the_desk(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page, caller = house.agent(browser, "小安"), house.customer(signed_in=True)
    uploads = house.parts.uploads
    uploads.keep("a1", caller.id, "C1001", "身份证正面.png", "image/png", picture())
    uploads.keep("b2", caller.id, "C1001", "收入证明.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
    accept(page)
    files = page.locator(".part.files")
    expect(files).to_contain_text("身份证正面.png")
    files.get_by_role("button", name="打开 身份证正面.png").click()
    shown = page.get_by_role("dialog", name="身份证正面.png").get_by_role("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 320
    page.screenshot(path=screenshots / "desk-file.png")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    with page.expect_download() as saved:
        files.get_by_role("button", name="下载 收入证明.pdf").click()
    assert saved.value.suggested_filename == "收入证明.pdf"
    agents = house.parts.agents
    assert agents is not None
    kinds = [each.kind for each in agents.audit.list(customer_id="C1001")]
    assert kinds.count("opened_file") == 2


def idle(browser: Browser, house: House) -> Page:
    """An agent's window whose time a test turns."""
    page = house.agent(browser, "小安", state=None)
    page.clock.install()
    page.reload()
    be(page, "ready")
    return page


def test_who_has_left_the_desk_is_signed_out_and_gets_nobody_new(
    browser: Browser, house: House, screenshots: Path
) -> None:
    page = idle(browser, house)
    page.clock.fast_forward("29:10")
    warned = page.get_by_role("dialog", name="您还在吗？")
    expect(warned).to_contain_text("秒 后自动退出")
    page.screenshot(path=screenshots / "desk-idle.png")
    page.keyboard.press("Shift")
    expect(warned).to_be_hidden()
    page.clock.fast_forward("28:00")
    expect(warned).to_be_hidden()
    page.clock.fast_forward("02:00")
    expect(warned).to_be_visible()
    page.clock.fast_forward("01:01")
    expect(page.get_by_text("已自动退出。登录后继续")).to_be_visible()
    expect(page.get_by_role("region", name="会话列表")).to_be_hidden()
    assert house.desk.floor.state_of("A001") == "away"


def test_a_board_on_the_wall_stays(browser: Browser, house: House) -> None:
    page = house.agent(browser, "高组长", state=None)
    page.clock.install()
    page.goto(house.url + "/desk#/board")
    page.reload()
    expect(page.get_by_role("heading", name="看板")).to_be_visible()
    for _ in range(3):
        page.clock.fast_forward("29:50")
    expect(page.get_by_role("heading", name="看板")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_offer_sounds_and_flashes_where_nobody_looks(browser: Browser, house: House) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    page.add_init_script(SENSES)
    page.goto(house.url + "/desk")
    page.get_by_role("button", name="小安").click()
    be(page, "ready")
    page.evaluate("window.turnedAway = true")
    house.customer()
    until(lambda: page.title() == "【新派单】请应答")
    until(lambda: page.evaluate("window.tones") >= 4)
    until(lambda: page.title() != "【新派单】请应答")  # it comes and goes
    page.evaluate("window.turnedAway = false; dispatchEvent(new Event('visibilitychange'))")
    accept(page)
    until(lambda: "请应答" not in page.title())
    page.get_by_role("button", name="声音 开").click()
    before = page.evaluate("window.tones")
    house.customer()
    expect(offers(page).first).to_be_visible()
    assert page.evaluate("window.tones") == before
