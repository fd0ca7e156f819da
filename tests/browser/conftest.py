"""Headless Chromium as Debian packages it, and a house to look at with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.house import House, open_house

# Keeps the browser from calling home, which a closed network refuses many times a second.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine is slow, not wrong.
PATIENCE_MS = 20_000


# Not for the session: while Playwright is started no other test can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    if found is None:
        message = "浏览器测试需要 Chromium：请安装（Debian：apt install chromium）后重试"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        opened = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def screenshots() -> Path:
    """Where a person looks at what the tests saw."""
    folder = Path("results/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def house(browser: Browser, tmp_path: Path) -> Iterator[House]:
    """A gateway with agents and customers, whose windows are closed afterwards."""
    with open_house(tmp_path) as opened:
        yield opened
        for context in browser.contexts:
            context.close()
