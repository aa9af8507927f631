"""The page in a real browser: offline, every feature, hostile words inert."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from browsing import Tab, chromium, show, spot

from kgraph import Graph
from kgraph.build import build
from kgraph.folder import Folder
from kgraph.samples import samples
from kgraph.view import Picture, picture
from kgraph.view.layout import MOST_AT_ONCE, communities, places
from kgraph.view.page import page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


def sample_picture(folder: Path, **options: Any) -> Picture:
    with Folder(folder).read() as db:
        return picture(db, title="samples", **options)


def opened(browser: Any, drawn: Picture, tmp_path: Path, **options: Any) -> Tab:
    (tmp_path / "page.html").write_text(page(drawn), encoding="utf-8")
    return show(browser, (tmp_path / "page.html").as_uri(), **options)


@pytest.fixture(scope="module")
def samples_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Picture]:
    """The sample articles as the frames read them: fewer lines than the 300 that the table lists at once."""
    folder = tmp_path_factory.mktemp("page")
    build(folder / "g", [samples()], readers=("frames",))
    file, drawn = folder / "page.html", sample_picture(folder / "g", trust="all")
    file.write_text(page(drawn), encoding="utf-8")
    return file, drawn


@pytest.fixture
def tab(browser: Any, samples_page: tuple[Path, Picture]) -> Iterator[Tab]:
    """The page of the sample articles; whatever a test did, nothing was asked for and nothing went wrong."""
    made = show(browser, samples_page[0].as_uri())
    yield made
    assert [url for url in made.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert made.wrong == []
    made.page.close()


# Looking. -------------------------------------------------------------------------------------------------------------


def test_the_table_lists_all_that_is_drawn(tab: Tab, samples_page: tuple[Path, Picture]) -> None:
    drawn = samples_page[1]
    assert tab.rows() == len(drawn["edges"])
    assert tab.seen("edges.length") == len(drawn["edges"]) and tab.seen("nodes.length") == len(drawn["actors"])
    tab.page.click("#show-actors")
    assert tab.page.locator("#people tr:visible").count() == len(drawn["actors"])


def test_a_relation_opens_its_sentences_with_marks(tab: Tab, samples_page: tuple[Path, Picture]) -> None:
    drawn = samples_page[1]
    tab.page.locator("#rows tr").first.locator("button").nth(1).click()
    quote = drawn["evidence"][drawn["edges"][0]["evidence"][0]]
    shown = tab.page.locator("#panel blockquote").first.inner_text()
    assert quote["sentence"][:40] in shown and quote["status"] in shown and quote["title"] in shown
    start, end = quote["marks"][0]
    assert tab.page.locator("#panel mark").first.inner_text() == quote["sentence"][start:end]


def test_a_line_can_be_clicked_with_the_mouse(browser: Any, sample_graph: Path, tmp_path: Path) -> None:
    tab = opened(browser, sample_picture(sample_graph, about="group:m23"), tmp_path)
    ends = tab.seen("(({from, to}) => [from, to])(edges.get()[0])")
    (x, y), (u, v) = spot(tab, ends[0]), spot(tab, ends[1])
    tab.page.mouse.click((x + u) / 2, (y + v) / 2)
    tab.page.wait_for_selector("#panel blockquote")
    assert tab.wrong == []


def test_search_by_an_alias_jumps_to_the_dossier(tab: Tab) -> None:
    tab.page.fill("#find", "ansar allah")
    assert "Ansar Allah" in tab.page.locator("#found li").first.inner_text()
    tab.page.press("#find", "Enter")
    tab.until("document.querySelector('#panel h2').textContent === 'Houthis'")
    assert "Group" in tab.panel() and "attacks" in tab.panel()
    assert tab.seen("network.getSelectedNodes()") == ["group:houthis"]
    x, y = spot(tab, "group:houthis")
    assert 200 < x < 900 and 50 < y < 640


def test_search_without_case_and_accents_and_of_nobody(tab: Tab) -> None:
    tab.page.fill("#find", "TURKÍYE")
    assert "Turkey" in tab.page.locator("#found li").first.inner_text()
    tab.page.fill("#find", "qqqq")
    assert tab.page.locator("#found").inner_text() == "nobody goes by that name"


# Filters. -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fieldset", ["families", "kinds", "statuses"])
def test_the_legend_filters_and_undo_brings_back(tab: Tab, fieldset: str) -> None:
    before = tab.rows()
    tab.page.locator(f"#{fieldset} input").first.uncheck()
    assert 0 < tab.rows() < before == tab.seen("edges.length") + before - tab.rows()
    tab.page.click("#undo")
    assert tab.rows() == before and tab.page.locator(f"#{fieldset} input").first.is_checked()


def test_one_type_of_relation(tab: Tab) -> None:
    tab.page.locator("#families summary").nth(1).click(position={"x": 3, "y": 8})
    tab.page.get_by_label("supplies", exact=True).uncheck()
    assert "supplies" not in tab.page.locator("#rows").inner_text().split("\t")


def test_at_least_so_many_articles(tab: Tab, samples_page: tuple[Path, Picture]) -> None:
    tab.page.fill("#least-articles", "2")
    tab.page.press("#least-articles", "Tab")
    assert tab.rows() == sum(edge["articles"] >= 2 for edge in samples_page[1]["edges"])


def test_only_disputed(tab: Tab, samples_page: tuple[Path, Picture]) -> None:
    tab.page.get_by_label("only disputed").check()
    assert tab.rows() == sum(edge["disputed"] for edge in samples_page[1]["edges"])


def test_dates_by_slider_and_playing(tab: Tab) -> None:
    before = tab.rows()
    tab.page.locator("#to").fill("0")
    few = tab.rows()
    assert few < before
    tab.page.click("#play")
    tab.until(f"document.querySelectorAll('#rows tr').length > {few}")
    tab.page.click("#play")


def test_reset_brings_everything_back(tab: Tab) -> None:
    before = tab.rows()
    tab.page.locator("#families input").first.uncheck()
    tab.page.locator("#kinds input").first.uncheck()
    tab.page.click("#reset")
    assert tab.rows() == before


# The picture. ---------------------------------------------------------------------------------------------------------


def test_solid_is_realised_and_dashed_is_not(tab: Tab, samples_page: tuple[Path, Picture]) -> None:
    dashed = tab.seen("edges.get().filter(edge => edge.dashes).length")
    assert dashed == sum(not edge["realised"] for edge in samples_page[1]["edges"]) > 0
    marked = tab.seen("edges.get().filter(edge => (edge.label || '').includes('disputed')).length")
    assert marked == sum(edge["disputed"] for edge in samples_page[1]["edges"])


def test_lines_between_the_same_two_are_bent_apart(tab: Tab) -> None:
    together = tab.seen(
        """() => { const bends = {}; for (const e of edges.get()) {
        const turn = e.smooth.enabled ? e.smooth.roundness * (e.smooth.type === 'curvedCW' ? 1 : -1) * (e.from < e.to ? 1 : -1) : 0;
        (bends[[e.from, e.to].sort()] ||= []).push(turn.toFixed(3)); }
        return Object.values(bends).filter(some => some.length > 1).map(some => [some.length, new Set(some).size]); }"""
    )
    assert together and all(lines == ways for lines, ways in together)


def test_labels_do_not_cover_each_other(tab: Tab) -> None:
    assert 10 < tab.seen("nodes.get().filter(node => node.label.trim()).length") < tab.seen("nodes.length")


@pytest.mark.parametrize("measure", ["articles", "betweenness", "pagerank", "same"])
def test_size_by_a_measure(tab: Tab, measure: str) -> None:
    sizes = "JSON.stringify(nodes.get().map(node => node.size))"
    before = tab.seen(sizes)
    tab.page.select_option("#size", measure)
    assert tab.seen(sizes) != before


def test_the_pointer_dims_what_is_not_tied(tab: Tab) -> None:
    tab.page.mouse.move(*spot(tab, "state:ukraine"))
    tab.page.wait_for_selector("body[data-dimmed=yes]")
    assert tab.page.locator("#hint").inner_text().startswith("Ukraine: ")
    tab.page.mouse.move(5, 5)


def test_pin_and_hide(tab: Tab) -> None:
    tab.page.fill("#find", "Ukraine")
    tab.page.press("#find", "Enter")
    tab.page.get_by_role("button", name="Pin", exact=True).click()
    assert tab.seen("nodes.get('state:ukraine').physics") is False
    tab.page.get_by_role("button", name="Hide").click()
    assert tab.seen("nodes.get('state:ukraine')") is None
    tab.page.click("#undo")
    assert tab.seen("nodes.get('state:ukraine').borderWidth") == 4


@pytest.mark.parametrize("by", ["community", "country"])
def test_groups_and_opening_one(tab: Tab, by: str) -> None:
    before = tab.seen("nodes.length")
    tab.page.select_option("#group", by)
    grouped = tab.seen("nodes.length")
    assert grouped < before
    group = tab.seen("nodes.get().find(node => node.shape === 'box').id")
    tab.page.evaluate("id => network.body.emitter.emit('doubleClick', {nodes: [id], edges: []})", group)
    assert grouped < tab.seen("nodes.length") < before and tab.seen("nodes.get()").count(group) == 0
    tab.page.click("#undo")
    assert tab.seen("nodes.length") == grouped


def test_every_group_is_named_and_none_covers_another(tab: Tab) -> None:
    tab.page.select_option("#group", "community")
    tab.page.click("#fit")
    boxes = tab.seen("nodes.get().filter(node => node.shape === 'box').map(node => [node.label.trim(), ...Object.values(network.getBoundingBox(node.id))])")
    assert len(boxes) > 5 and all(label for label, *_ in boxes)
    for n, (_, top, left, right, bottom) in enumerate(boxes):
        assert not any(left < x2 and right > x1 and top < y2 and bottom > y1 for _, y1, x1, x2, y2 in boxes[n + 1 :])


def test_physics_is_off_until_switched_on(tab: Tab) -> None:
    places = "JSON.stringify(network.getPositions())"
    before = tab.seen(places)
    tab.page.wait_for_timeout(300)
    assert tab.seen(places) == before
    tab.page.get_by_label("let them move").check()
    tab.until(f"{places} !== {json.dumps(before)}")


def test_a_link_brings_back_the_view(browser: Any, tab: Tab) -> None:
    tab.page.locator("#families input").first.uncheck()
    tab.page.select_option("#size", "pagerank")
    tab.page.click("#theme")
    tab.page.fill("#find", "Ukraine")
    tab.page.press("#find", "Enter")
    tab.until("document.querySelector('#panel h2').textContent === 'Ukraine'")
    tab.page.click("#link")
    again = show(browser, tab.page.url)
    state = "JSON.stringify([network.getViewPosition(), network.getScale(), nodes.get().map(n => [n.id, n.x, n.y, n.size]).sort(), edges.getIds().sort(), document.documentElement.dataset.theme])"
    assert again.seen(state) == tab.seen(state)
    assert "Ukraine" in again.panel() and again.rows() == tab.rows() and again.wrong == []


def test_an_address_that_makes_no_sense_shows_the_whole(browser: Any, samples_page: tuple[Path, Picture]) -> None:
    tab = show(browser, samples_page[0].as_uri() + "#view=bm9uc2Vuc2U")
    assert tab.rows() == len(samples_page[1]["edges"]) and tab.wrong == []


def test_dark_and_light(tab: Tab) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = tab.seen(ground)
    tab.page.click("#theme")
    assert tab.seen(ground) != before
    assert tab.seen("nodes.get().find(node => node.label.trim()).font.color") == "#e8eaec"


# Files. ---------------------------------------------------------------------------------------------------------------


def saved(tab: Tab, button: str) -> bytes:
    with tab.page.expect_download() as download:
        tab.page.click(f"#{button}")
    return Path(download.value.path()).read_bytes()


def test_png(tab: Tab) -> None:
    assert saved(tab, "png").startswith(b"\x89PNG\r\n\x1a\n")


def test_svg_has_what_is_seen(tab: Tab) -> None:
    root = ElementTree.fromstring(saved(tab, "svg"))
    texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    seen = tab.seen("[...nodes.get(), ...edges.get()].map(one => (one.label || '').trim()).filter(Boolean)")
    assert texts == set(seen) and len(texts) > 20
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == tab.rows()


def test_csv_has_what_is_seen(tab: Tab) -> None:
    tab.page.locator("#families input").first.uncheck()
    rows = list(csv.DictReader(io.StringIO(saved(tab, "csv").decode("utf-8-sig"))))
    assert len(rows) == tab.rows() and {"source", "type", "target", "status"} <= rows[0].keys()


# By keyboard, on a phone. ---------------------------------------------------------------------------------------------


def test_the_table_is_enough_to_read_by_keyboard(tab: Tab) -> None:
    tab.page.locator("#rows button").nth(1).focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#panel blockquote")
    nameless = tab.seen(
        """[...document.querySelectorAll('button, input, select')].filter(one => !one.textContent.trim() && !one.labels?.length
        && !one.ariaLabel && one.offsetParent).map(one => one.outerHTML)"""
    )
    assert nameless == []


def test_the_table_is_sorted_and_gets_the_focus_back(tab: Tab) -> None:
    articles = "[...document.querySelectorAll('#rows td:nth-child(5)')].map(cell => Number(cell.innerText))"
    for turn in (1, -1):
        tab.page.locator("#table-relations th button", has_text="Articles").press("Enter")
        shown = tab.seen(articles)
        assert shown == sorted(shown)[::turn] and len(set(shown)) > 1
    tab.page.locator("#rows tr").nth(2).locator("button").first.press("Enter")
    assert tab.seen("document.activeElement.id") == "panel"
    tab.page.keyboard.press("Escape")
    assert tab.seen("document.activeElement.closest('tr') === document.querySelectorAll('#rows tr')[2]")
    tab.page.focus("#to-list")
    tab.page.keyboard.press("Enter")
    assert tab.seen("document.activeElement.id") == "show-relations"


def test_the_picture_is_reached_and_moved_by_keyboard(tab: Tab) -> None:
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    assert tab.seen("document.activeElement.ariaLabel").startswith("The picture")
    before = tab.seen("network.getViewPosition().x")
    tab.page.keyboard.down("ArrowRight")
    tab.until(f"network.getViewPosition().x !== {before}")
    tab.page.keyboard.up("ArrowRight")


def test_a_click_beside_everything_selects_nothing(tab: Tab) -> None:
    tab.page.locator("#rows tr").first.locator("button").first.click()
    box = tab.page.locator("#mynetwork canvas").bounding_box()
    tab.page.mouse.click(box["x"] + 4, box["y"] + box["height"] - 4)
    tab.until("document.querySelector('#panel h2').textContent === 'Click a line'")


def test_names_of_lines_go_when_there_are_too_many(tab: Tab) -> None:
    tab.page.get_by_label("name the lines").check()
    assert tab.seen("edges.get().every(edge => edge.label.trim())")
    tab.page.get_by_label("name the lines").uncheck()
    assert tab.seen("edges.get().filter(edge => edge.label.trim()).every(edge => edge.label.includes('disputed'))")
    assert tab.seen("Object.values(network.body.edges).every(edge => edge.options.label.trim() === edges.get(edge.id).label.trim())")


def test_the_search_is_used_by_arrow_keys(tab: Tab) -> None:
    tab.page.fill("#find", "united")
    tab.page.wait_for_selector("#found button")
    tab.page.press("#find", "ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    second = tab.page.locator("#found button").nth(1).inner_text()
    tab.page.keyboard.press("Enter")
    assert tab.page.locator("#panel h2").inner_text() in second


def test_on_a_phone_nothing_is_wider_than_the_screen(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 390, "height": 844})
    assert tab.seen("document.documentElement.scrollWidth") <= 390


# Hostile words. -------------------------------------------------------------------------------------------------------

HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(2)</script>",
    "href=javascript:alert(3)",
    "\u2028';alert(4)//",
    "<svg/onload=alert(5)>",
    "\u202egnp.exe\u2066",
    '=HYPERLINK("http://evil.example")',
    "]]>--><!--",
    "${alert(6)}`'\"\\",
    "__proto__",
    "\x00\x07\x1b[31m",
    "ع" * 100_000,
]


def hostile_picture() -> Picture:
    actors = [
        {
            "id": f"{n}{word}",
            "name": word,
            "kind": "State",
            "aliases": HOSTILE,
            "country": word,
            "articles": n,
            "ties": [{"label": word, "name": word, "from": word, "to": word}],
            "remarks": [{"words": word, "who": word, "when": word}],
        }
        for n, word in enumerate(HOSTILE)
    ]
    edges = [
        {
            "id": f"edge {word}", "type": "SUPPLIES", "label": word, "family": "support", "source": actors[n - 1]["id"], "target": actors[n]["id"], "directed": True,
            "status": word, "realised": True, "disputed": True, "articles": 1, "origins": 1, "firstReported": word, "lastReported": word, "trust": word, "shownAt": "sure", "dates": [word], "items": HOSTILE, "evidence": [word],
        }
        for n, word in enumerate(HOSTILE)
    ]  # fmt: skip
    evidence = {
        word: {
            "id": word,
            "sentence": f"{word} and {word}",
            "before": word,
            "after": word,
            "status": word,
            "speakers": HOSTILE,
            "readBy": word,
            "shownAt": "sure",
            "marks": [[0, 5]],
            "title": word,
            "outlet": word,
            "published": word,
            "article": word,
            "event": [word, word],
            "review": word,
            "verdict": {"who": word, "when": word, "why": word},
            "remarks": [{"words": word, "who": word, "when": word}],
        }
        for word in HOSTILE
    }
    return {"title": HOSTILE[1], "trust": "likely", "actors": actors, "edges": edges, "evidence": evidence}


def test_hostile_words_are_only_text(browser: Any, tmp_path: Path) -> None:
    tab = opened(browser, hostile_picture(), tmp_path)
    for row in range(len(HOSTILE)):
        for cell in (0, 1):
            tab.page.locator("#rows tr").nth(row).locator("button").nth(cell).click()
            tab.page.wait_for_timeout(30)
    tab.page.mouse.move(500, 300)
    for word in HOSTILE[:9]:
        tab.page.fill("#find", word)
        tab.page.press("#find", "Enter")
    for by in ("community", "country", ""):
        tab.page.select_option("#group", by)
    table = list(csv.reader(io.StringIO(saved(tab, "csv").decode("utf-8-sig"))))
    assert not [cell for row in table for cell in row if cell.lstrip("\u202e").startswith(("=", "+", "-", "@"))]
    assert ElementTree.fromstring(saved(tab, "svg")).tag.endswith("svg")
    tab.page.click("#link")
    made = tab.seen(
        "document.querySelectorAll('#panel img, #rows img, #found img, body svg[onload], #panel script').length"
    )
    assert made == 0 and tab.wrong == []
    assert [url for url in tab.asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_page_lets_no_other_script_run(browser: Any, samples_page: tuple[Path, Picture]) -> None:
    tab = show(browser, samples_page[0].as_uri())
    tab.seen("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"window.ran = 1\">')")
    tab.page.wait_for_timeout(200)
    assert tab.seen("window.ran") is None and any("Content Security Policy" in words for words in tab.wrong)


def test_a_notebook_shows_the_page_in_a_frame(browser: Any, sample_graph: Path, tmp_path: Path) -> None:
    shown = Graph(sample_graph).view(about="Ukraine")
    (tmp_path / "notebook.html").write_text(shown._repr_html_(), encoding="utf-8")
    tab = Tab(browser.new_page())
    tab.page.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.page.on("request", lambda request: tab.asked.append(request.url))
    tab.page.goto((tmp_path / "notebook.html").as_uri())
    frame = tab.page.frame_locator("iframe")
    frame.locator("#rows button").nth(1).click()
    assert frame.locator("#panel mark").count() > 0
    frame.locator("#link").click()
    assert tab.wrong == [] and [url for url in tab.asked if url.startswith("http")] == []


# Large graphs, and places. --------------------------------------------------------------------------------------------


def test_too_many_actors_become_communities_that_open(browser: Any, tmp_path: Path) -> None:
    count = MOST_AT_ONCE + 500
    actors = [
        {
            "id": f"a{n}",
            "name": f"Actor {n}",
            "kind": "Group",
            "aliases": [],
            "country": None,
            "articles": 1,
            "ties": [],
        }
        for n in range(count)
    ]
    pairs = [(n, n + 1) for n in range(count - 1) if n % 30 != 29] + [
        (n, n + 2) for n in range(count - 2) if n % 30 < 28
    ]
    edges = [
        {"id": f"e{a} {b}", "type": "SUPPLIES", "label": "supplies", "family": "support", "source": f"a{a}", "target": f"a{b}", "directed": True, "status": "asserted", "realised": True,
         "disputed": False, "articles": 1, "origins": 1, "firstReported": None, "lastReported": None, "trust": 1.0, "shownAt": "sure", "dates": [], "items": [], "evidence": []}
        for a, b in pairs
    ]  # fmt: skip
    tab = opened(browser, {"title": "many", "trust": "likely", "actors": actors, "edges": edges, "evidence": {}}, tmp_path)
    assert f"{count} actors are too many" in tab.page.locator("#note").inner_text()
    few = tab.seen("nodes.length")
    assert 1 < few <= MOST_AT_ONCE
    tab.page.fill("#find", "Actor 77")
    tab.page.press("#find", "Enter")
    assert few < tab.seen("nodes.length") <= MOST_AT_ONCE and tab.seen("nodes.get('a77').id") == "a77"
    assert tab.wrong == []


def test_places_are_the_same_each_time_and_apart() -> None:
    ids = [f"a{n}" for n in range(60)]
    pairs = {(f"a{n}", f"a{n // 2}") for n in range(1, 50)}
    groups = communities(ids, pairs)
    at = places(ids, pairs, groups)
    assert at == places(list(reversed(ids)), {(b, a) for a, b in pairs}, groups)
    assert len(set(at.values())) == len(ids) and set(groups) == set(ids)


def test_the_same_graph_gives_the_same_page(sample_graph: Path) -> None:
    assert page(sample_picture(sample_graph)) == page(sample_picture(sample_graph))
