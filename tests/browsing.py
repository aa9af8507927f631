"""A real Chromium for the tests of the page and the explorer, and what goes wrong in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Tab:
    """A page in the browser, with what it asked the network for and what went wrong in it."""

    page: Any
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def rows(self) -> int:
        return int(self.page.locator("#rows tr").count())

    def panel(self) -> str:
        return str(self.page.locator("#panel").inner_text())

    def seen(self, words: str) -> Any:
        """What an expression of the page's own network says: `nodes`, `edges`, `network`."""
        return self.page.evaluate(words)

    def until(self, words: str) -> None:
        """Waits for an expression to hold. (The browser's own way needs `eval`, which the pages forbid.)"""
        for _ in range(300):
            if self.page.evaluate(words):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never came true: {words}")


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium; tests are skipped where there is none, but not in CI."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("these tests need Chromium; none is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def show(browser: Any, url: str, **options: Any) -> Tab:
    """The page at an address, once it has drawn."""
    tab = Tab(browser.new_page(viewport={"width": 1280, "height": 800}, accept_downloads=True, **options))
    tab.page.set_default_timeout(30000)
    tab.page.on("request", lambda request: tab.asked.append(request.url))
    tab.page.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.page.on("console", lambda said: said.type == "error" and tab.wrong.append(said.text))
    tab.page.on("dialog", lambda dialog: (tab.wrong.append(dialog.message), dialog.dismiss()))
    tab.page.goto(url)
    tab.page.wait_for_selector("body[data-drawn=yes]")
    return tab


def spot(tab: Tab, id: str) -> tuple[float, float]:
    """Where on the screen an actor stands."""
    at = tab.page.evaluate(
        """id => { const p = network.getPositions([id])[id], at = network.canvasToDOM(p);
        const box = document.querySelector('#mynetwork').getBoundingClientRect(); return [box.left + at.x, box.top + at.y]; }""",
        id,
    )
    return at[0], at[1]
