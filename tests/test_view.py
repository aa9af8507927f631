"""The page in a real browser: offline, hostile words inert, a click opens the sentences."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import KgraphError
from kgraph.evidence import open_for_reading
from kgraph.view import picture
from kgraph.view.page import MOST_ACTORS, page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("the page's tests need Chromium; none is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()


def shown(browser: Any, html: str, tmp_path: Path) -> tuple[Any, list[str], list[str]]:
    """The page in a tab, with what it asked the network for and what went wrong in it."""
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    tab, asked, wrong = browser.new_page(), list[str](), list[str]()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.goto((tmp_path / "page.html").as_uri())
    tab.wait_for_selector("body[data-drawn=yes]")
    return tab, asked, wrong


def sample_picture(folder: Path, **options: Any) -> dict[str, Any]:
    with open_for_reading(folder) as db:
        return picture(db, title="samples", **options)


def test_page_works_offline_and_opens_evidence(browser: Any, sample_graph: Path, tmp_path: Path) -> None:
    drawn = sample_picture(sample_graph)
    tab, asked, wrong = shown(browser, page(drawn), tmp_path)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert tab.locator("#rows tr").count() == len(drawn["edges"])
    edge = drawn["edges"][0]
    tab.evaluate(
        "id => { const [a, b] = network.getConnectedNodes(id); network.body.emitter.emit('click', {nodes: [], edges: [id]}); }",
        edge["id"],
    )
    sentence = drawn["evidence"][edge["evidence"][0]]["sentence"]
    assert sentence[:40] in tab.locator("#panel blockquote").first.inner_text()
    assert wrong == []


def test_a_line_can_be_clicked_with_the_mouse(browser: Any, sample_graph: Path, tmp_path: Path) -> None:
    tab, _, wrong = shown(browser, page(sample_picture(sample_graph, about="group:m23")), tmp_path)
    spot = tab.evaluate("""() => { const edge = edges.get().find(e => !e.hidden); const p = network.getPositions([edge.from, edge.to]);
        const middle = {x: (p[edge.from].x + p[edge.to].x) / 2, y: (p[edge.from].y + p[edge.to].y) / 2};
        const at = network.canvasToDOM(middle); const box = document.querySelector('#mynetwork').getBoundingClientRect();
        return {x: box.left + at.x, y: box.top + at.y}; }""")
    tab.mouse.click(spot["x"], spot["y"])
    tab.wait_for_selector("#panel blockquote")
    assert wrong == []


def test_filters_search_and_dossier(browser: Any, sample_graph: Path, tmp_path: Path) -> None:
    tab, _, wrong = shown(browser, page(sample_picture(sample_graph)), tmp_path)
    before = tab.locator("#rows tr").count()
    tab.locator("#families input").first.uncheck()
    assert tab.locator("#rows tr").count() < before
    tab.fill("#find", "Ansar Allah")
    tab.locator("#find").dispatch_event("change")
    assert tab.locator("#panel h2").inner_text() == "Houthis"
    assert wrong == []


HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(2)</script>",
    "href=javascript:alert(3)",
    "\u2028';alert(4)//",
]


def hostile_picture() -> dict[str, Any]:
    words = " ".join(HOSTILE)
    actors = [
        {"id": f"{n}{words}", "name": word, "kind": "State", "aliases": HOSTILE, "country": word}
        for n, word in enumerate(HOSTILE)
    ]
    edge = {
        "id": words,
        "type": "SUPPLIES",
        "label": words,
        "family": "support",
        "source": actors[0]["id"],
        "target": actors[1]["id"],
        "directed": True,
        "status": words,
        "realised": True,
        "disputed": True,
        "articles": 1,
        "origins": 1,
        "lastReported": words,
        "items": HOSTILE,
        "evidence": ["e"],
    }
    quote = {
        "sentence": words,
        "status": words,
        "speakers": HOSTILE,
        "marks": [[0, 5]],
        "title": words,
        "outlet": words,
        "published": words,
    }
    return {"title": words, "actors": actors, "edges": [edge], "evidence": {"e": quote}}


def test_hostile_words_do_nothing(browser: Any, tmp_path: Path) -> None:
    tab, asked, wrong = shown(browser, page(hostile_picture()), tmp_path)
    tab.locator("#rows button").nth(1).click()
    tab.locator("#rows button").first.click()
    tab.mouse.move(300, 300)
    assert wrong == [] and tab.locator("#panel img, #rows img").count() == 0
    assert len(asked) == 1


def test_too_many_actors_are_refused_with_a_way_out() -> None:
    actors = [
        {"id": str(n), "name": str(n), "kind": "State", "aliases": [], "country": None} for n in range(MOST_ACTORS + 1)
    ]
    with pytest.raises(KgraphError, match="--about"):
        page({"title": "", "actors": actors, "edges": [], "evidence": {}})


def test_the_same_graph_gives_the_same_page(sample_graph: Path) -> None:
    assert page(sample_picture(sample_graph)) == page(sample_picture(sample_graph))
