"""The explorer in a real browser, and what its server refuses."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Tab, chromium, show
from synthetic import change_graph

from kgraph.decisions import load_decisions
from kgraph.errors import UsageError
from kgraph.folder import Folder
from kgraph.serve.explorer import HEADERS, READS, WRITES, Explorer, server
from kgraph.trust import DEFAULT, least
from kgraph.view import subgraphs


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


class Served:
    """An explorer that listens on a free port."""

    def __init__(self, folder: Path) -> None:
        self.explorer = Explorer(Folder(folder))
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.server = server(self.explorer)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listening]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(self, path: str, body: object = None, *, method: str = "POST", **headers: str) -> tuple[int, Any]:
        own = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, None if method == "GET" else json.dumps(body or {}), own)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, json.loads(text) if answer.headers["Content-Type"] == "application/json" else text

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.explorer.asking.close()


@pytest.fixture
def served(sample_graph: Path, tmp_path: Path) -> Iterator[Served]:
    """An explorer of a copy of the sample graph."""
    shutil.copytree(sample_graph, tmp_path / "samples.kg")
    made = Served(tmp_path / "samples.kg")
    yield made
    made.stop()


@pytest.fixture
def tab(browser: Any, served: Served) -> Iterator[Tab]:
    made = opened(browser, served, token=True)
    yield made
    assert [url for url in made.asked if not url.startswith((served.url, "data:", "blob:"))] == []
    assert made.wrong == []
    made.page.close()


def opened(browser: Any, served: Served, *, token: bool = False) -> Tab:
    made = show(browser, served.url + (f"#token={served.explorer.token}" if token else ""))
    made.page.wait_for_selector("body[data-ready=yes]")
    return made


def find(tab: Tab, words: str, name: str) -> None:
    tab.page.fill("#find", words)
    tab.page.press("#find", "Enter")
    tab.until(f"document.querySelector('#panel h2').textContent === {json.dumps(name)}")


# Looking. -------------------------------------------------------------------------------------------------------------


def test_it_starts_with_the_busiest_and_finds_any_alias(tab: Tab) -> None:
    assert tab.seen("nodes.length") > 50 and tab.rows() == tab.seen("edges.length") > 50
    find(tab, "ansar allah", "Houthis")
    assert "attacks" in tab.panel()
    assert "token" not in tab.page.url


def test_only_this_then_expand_collapse_and_undo(tab: Tab) -> None:
    find(tab, "Ukraine", "Ukraine")
    tab.page.get_by_role("button", name="Only this").click()
    tab.until("nodes.length === 1")
    tab.page.get_by_role("button", name="Expand").click()
    tab.until("nodes.length > 5")
    many = tab.seen("nodes.length")
    tab.page.get_by_role("button", name="Collapse").click()
    tab.until("nodes.length === 1")
    tab.page.click("#undo")
    tab.until(f"nodes.length === {many}")
    tab.page.evaluate("network.body.emitter.emit('doubleClick', {nodes: ['state:germany'], edges: []})")
    tab.until(f"nodes.length > {many}")


def test_a_relation_opens_its_sentences(tab: Tab) -> None:
    tab.page.locator("#rows tr").first.locator("button").nth(1).click()
    tab.page.wait_for_selector("#panel blockquote mark")


def test_all_shortest_paths_with_their_evidence(tab: Tab) -> None:
    tab.page.click("#paths > summary")
    tab.page.fill("#path-a", "North Korea")
    tab.page.fill("#path-b", "Ansar Allah")
    tab.page.get_by_role("button", name="Find the shortest").click()
    tab.page.wait_for_selector("#panel ol")
    assert "North Korea –" in tab.page.locator("#panel h3").first.inner_text()
    tab.page.locator("#panel ol summary").first.click()
    tab.page.wait_for_selector("#panel ol blockquote")


def test_what_is_new_since_a_day(tab: Tab, served: Served) -> None:
    tab.page.click("#new > summary")
    tab.page.fill("#since", "2025-01-01")
    tab.page.get_by_role("button", name="Show what is new").click()
    tab.until("document.querySelector('#panel h2').textContent.includes('first reported')")
    with Folder(served.explorer.folder).read() as db:
        (count,) = db.execute("SELECT count(*) FROM edge WHERE first_reported >= '2025-01-01' AND trust >= ?", (least(DEFAULT),)).fetchone()
    assert tab.panel().startswith(f"{count} relations") and tab.page.locator("#panel li").count() == count


def test_a_saved_question_and_its_rows_drawn(tab: Tab) -> None:
    tab.page.locator("#panel summary", has_text="arms and money").click()
    tab.page.click("#panel button[data-name=who-arms]")
    tab.page.fill("#ask input[name=actor]", "Ukr")
    tab.until("[...document.querySelectorAll('#ask option')].some(option => option.value === 'Ukraine')")
    tab.page.fill("#ask input[name=actor]", "Ukraine")
    tab.page.get_by_role("button", name="Ask", exact=True).click()
    tab.page.wait_for_selector("#panel table", timeout=30000)
    assert "Germany" in tab.panel()
    tab.page.get_by_role("button", name="Draw only these").click()
    tab.until("nodes.length < 20 && nodes.getIds().includes('state:germany')")
    assert tab.page.locator("#panel table tr").count() > 5  # the rows stay while one looks


def test_a_link_brings_back_what_was_drawn(browser: Any, tab: Tab, served: Served) -> None:
    find(tab, "Ukraine", "Ukraine")
    tab.page.get_by_role("button", name="Only this").click()
    tab.until("nodes.length === 1")
    tab.page.get_by_role("button", name="Expand").click()
    tab.until("nodes.length > 5")
    tab.page.click("#link")
    again = show(browser, tab.page.url)
    state = "JSON.stringify([network.getScale(), nodes.get().map(n => [n.id, n.x, n.y]).sort(), edges.getIds().sort()])"
    assert again.seen(state) == tab.seen(state) and again.wrong == []


def test_filters_groups_and_exports_are_those_of_the_page(tab: Tab) -> None:
    before = tab.rows()
    tab.page.locator("#families input").first.uncheck()
    assert 0 < tab.rows() < before
    nodes = tab.seen("nodes.length")
    tab.page.select_option("#group", "community")
    assert tab.seen("nodes.length") < nodes
    with tab.page.expect_download() as download:
        tab.page.click("#csv")
    assert download.value.suggested_filename == "graph.csv"


# Review. --------------------------------------------------------------------------------------------------------------


def test_a_rejected_sentence_takes_its_line_along_and_comes_back(tab: Tab, served: Served) -> None:
    before = tab.rows()
    find(tab, "South Korea", "South Korea")
    tab.page.locator("#panel li button", has_text="South Korea → Ukraine").first.click()
    tab.page.wait_for_selector("#panel blockquote")
    assert tab.page.locator("#panel blockquote").count() == 1
    tab.page.fill("#panel blockquote input", "only a plan")
    tab.page.get_by_role("button", name="Bad extraction").click()
    tab.until(f"document.querySelectorAll('#rows tr').length < {before}")
    (made,) = load_decisions(served.explorer.folder.path / "decisions.jsonl")
    assert (made.action, made.why) == ("reject", "only a plan")
    status, _ = served.ask("/api/undo", {"id": made.id}, X_KGraph_Token=served.explorer.token)
    assert status == 200 and load_decisions(served.explorer.folder.path / "decisions.jsonl") == ()


def test_comment_and_accept_are_kept_and_shown_with_who_and_when(tab: Tab, served: Served) -> None:
    tab.page.locator("#rows tr").first.locator("button").nth(1).click()
    tab.page.wait_for_selector("#panel blockquote input")
    tab.page.fill("#panel blockquote input", "seen twice")
    tab.page.get_by_role("button", name="Comment", exact=True).first.click()
    tab.page.wait_for_selector("#panel .remark")
    tab.page.get_by_role("button", name="Right", exact=True).first.click()
    tab.page.wait_for_selector("#panel .remark.status")
    comment, accept = load_decisions(served.explorer.folder.path / "decisions.jsonl")
    assert (comment.action, accept.action) == ("comment", "accept")
    said = tab.page.locator("#panel blockquote").first.inner_text()
    assert f"“seen twice” – {', '.join(filter(None, (comment.who, comment.when[:10])))}" in said and "right – " in said
    tab.page.get_by_role("button", name="Take it back", exact=True).first.click()
    tab.page.get_by_role("button", name="Take the last comment back").first.click()
    tab.until("!document.querySelector('#panel .remark')")
    assert load_decisions(served.explorer.folder.path / "decisions.jsonl") == ()


def test_a_sentence_is_corrected(tab: Tab, served: Served) -> None:
    find(tab, "South Korea", "South Korea")
    tab.page.locator("#panel li button", has_text="South Korea → Ukraine").first.click()
    for field, value in (("status", "planned"), ("recipient", "Poland")):
        tab.page.wait_for_selector("#panel .edit")
        tab.page.locator("#panel .edit summary").first.click()
        tab.page.get_by_label("what is wrong").select_option(label=field)
        right = tab.page.get_by_label("what is right")
        right.select_option(value) if field == "status" else right.fill(value)
        tab.page.get_by_role("button", name="Correct", exact=True).click()
        tab.page.wait_for_selector("#panel .remark.status") if field == "status" else None
    tab.until("edges.get().length && [...document.querySelectorAll('#rows tr')].some(r => r.innerText.includes('South Korea') && r.innerText.includes('Poland'))")
    made = load_decisions(served.explorer.folder.path / "decisions.jsonl")
    assert [(d.action, d.field, d.value) for d in made] == [("edit", "status", "planned"), ("edit", "role:recipient", "state:poland")]


def test_a_claim_an_actor_and_a_letter_are_added(tab: Tab, served: Served) -> None:
    tab.page.wait_for_selector("#add")
    tab.page.click("#add > summary")
    tab.page.select_option("#add-type", "CONDEMNS")
    tab.page.fill("#add-agent-1", "Russia")
    tab.page.fill("#add-target-1", "Hamas")
    tab.page.fill("#add-sentence", "Moscow condemned Hamas.")
    tab.page.fill("#add-source", "SIPRI Yearbook 2023, p. 214")
    tab.page.get_by_label("the source is no article of this graph").check()
    tab.page.fill("#add-published", "2023-06-12")
    tab.page.get_by_role("button", name="Add", exact=True).click()
    tab.until("document.querySelector('#hint').textContent === 'Added.'")
    row = tab.page.locator("#rows tr", has_text="Russia").filter(has_text="condemns").filter(has_text="Hamas")
    row.locator("button").nth(1).click()
    tab.page.wait_for_selector("#panel blockquote")
    assert "SIPRI Yearbook 2023, p. 214 · 2023-06-12" in tab.panel() and "added by a person" in tab.panel()
    tab.page.click("#new-actor > summary")
    for name, value in (("id", "group:oban"), ("name", "Oban Front"), ("aliases", "OF, Front of Oban"), ("country", "Mali")):
        tab.page.fill(f"#actor-{name}", value)
    tab.page.select_option("#actor-kind", "Group")
    tab.page.get_by_role("button", name="Make").click()
    tab.until("document.querySelector('#hint').textContent.startsWith('Made')")
    tab.page.click("#outlet > summary")
    tab.page.select_option("#outlet-letter", "B")
    tab.page.get_by_role("button", name="Grade").click()
    tab.until("document.querySelector('#hint').textContent === 'Graded.'")
    add, actor, outlet = load_decisions(served.explorer.folder.path / "decisions.jsonl")
    assert (add.action, add.details["source"]["published"]) == ("add", "2023-06-12")
    assert (actor.target, actor.details["aliases"], actor.details["country"]) == ("group:oban", ["OF", "Front of Oban"], "state:mali")
    assert (outlet.action, outlet.value) == ("outlet", "B")


def test_a_kind_is_corrected(tab: Tab) -> None:
    find(tab, "Africa Corps", "Africa Corps")
    tab.page.click("#panel .edit summary")
    tab.page.get_by_label("kind", exact=True).select_option("Organization")
    tab.page.get_by_role("button", name="is its kind").click()
    tab.until("document.querySelector('#panel p.faint')?.innerText.startsWith('Organization')")


def test_two_actors_are_said_to_be_the_same(tab: Tab, served: Served) -> None:
    find(tab, "Africa Corps", "Africa Corps")
    tab.page.click("#panel .edit summary")
    tab.page.fill("#panel input[aria-label='another actor']", "Wagner Group")
    before = tab.seen("nodes.length")
    tab.page.get_by_role("button", name="is the same").click()
    tab.until(f"nodes.length === {before - 1}")
    assert [d.action for d in load_decisions(served.explorer.folder.path / "decisions.jsonl")] == ["same"]


def test_without_the_token_one_only_reads(browser: Any, served: Served) -> None:
    tab = opened(browser, served)
    tab.page.locator("#rows tr").first.locator("button").nth(1).click()
    tab.page.wait_for_selector("#panel blockquote")
    assert tab.page.locator("#panel blockquote button").count() == 0 and tab.wrong == []


# What the server refuses. ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("token", ["", "wrong", "ünicode".encode().decode("latin-1")])
def test_writing_needs_the_token(served: Served, name: str, token: str) -> None:
    status, said = served.ask(f"/api/{name}", {"action": "comment", "target": "x"}, X_KGraph_Token=token)
    assert status == 403 and "kgraph explore" in said["error"]
    assert not (served.explorer.folder.path / "decisions.jsonl").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Content_Type": "text/plain"},
    ],
    ids=str,
)
def test_another_site_gets_nothing(served: Served, headers: dict[str, str]) -> None:
    assert served.ask("/api/start", **headers)[0] == 403


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/static/../explore.py", "/static/page.py", "/static/evidence.db", "/x"]
)
def test_only_what_is_listed_is_served(served: Served, path: str) -> None:
    assert served.ask(path)[0] == 404


@pytest.mark.parametrize("name", [name for name in READS if name not in ("start", "legend", "questions")])
@pytest.mark.parametrize("body", [[], {}, {"id": 1}, {"ids": 5}, {"q": None, "id": "'; DROP TABLE actor"}], ids=str)
def test_nonsense_is_answered_in_one_line(served: Served, name: str, body: object) -> None:
    status, said = served.ask(f"/api/{name}", body)
    assert status in (200, 400) and (status == 200 or "\n" not in said["error"])


def test_every_answer_has_the_policy(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe-inline" not in HEADERS["Content-Security-Policy"].replace("style-src-attr 'unsafe-inline'", "")


# Hostile words. -------------------------------------------------------------------------------------------------------


def test_hostile_words_in_every_field_are_only_text(browser: Any, served: Served) -> None:
    from test_view import HOSTILE

    served.stop()
    words = " ".join(HOSTILE[:-1]).replace("\x00", "").replace("'", "''") + "ع" * 5000
    change_graph(
        served.explorer.folder.path,
        f"UPDATE actor SET name = '{words}' || id, aliases = json_array('{words}')",
        f"UPDATE article SET title = '{words}', outlet = '{words}', path = '{words}', text = '{words}'",
        f"UPDATE evidence SET sentence = '{words}', start = 0, \"end\" = 50",
        f"UPDATE speaker SET text = '{words}'",
        f"UPDATE claim SET text = '{words}'",
    )
    again = Served(served.explorer.folder.path)
    try:
        tab = opened(browser, again, token=True)
        for cell in (0, 1, 2):
            tab.page.locator("#rows tr").nth(3).locator("button").nth(cell).click()
            tab.page.wait_for_timeout(300)
        for word in HOSTILE[:9]:
            tab.page.fill("#find", word)
            tab.page.wait_for_timeout(50)
        tab.page.get_by_role("button", name="Expand").click() if tab.page.get_by_role(
            "button", name="Expand"
        ).count() else None
        tab.page.fill("#path-a", HOSTILE[0]) if tab.page.locator("#path-a").is_visible() else None
        assert tab.wrong == []
        assert [url for url in tab.asked if not url.startswith((again.url, "data:", "blob:"))] == []
        assert tab.seen("document.querySelectorAll('#panel img, #rows img, #found img').length") == 0
    finally:
        again.stop()


def test_hostile_words_that_people_gave_are_only_text(browser: Any, served: Served) -> None:
    """Ids and names of a catalogue, an outlet, a comment and why, the rows of a question, what a refusal repeats."""
    from test_view import HOSTILE

    served.stop()
    words = " ".join(HOSTILE[:-2])
    quoted, marked = words.replace("'", "''"), "state:ukraine<img src=x onerror=alert(7)>"
    change_graph(
        served.explorer.folder.path,
        "PRAGMA defer_foreign_keys = ON",
        *(f"UPDATE {table} SET {column} = '{marked}' WHERE {column} = 'state:ukraine'" for table, column in ACTORS_IN),
        f"UPDATE actor SET name = '{quoted}', aliases = json_array('{quoted}') WHERE id = '{marked}'",
        f"UPDATE outlet SET name = name || '{quoted}'",
        f"UPDATE article SET title = '{quoted}', outlet = '{quoted}'",
    )
    line = {"action": "comment", "target": marked, "value": words, "who": words, "when": "2024-01-01T00:00:00", "why": words}
    (served.explorer.folder.path / "decisions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    again = Served(served.explorer.folder.path)
    try:
        tab = opened(browser, again, token=True)
        for form in ("paths", "new", "add", "new-actor", "outlet"):
            tab.page.click(f"#{form} > summary")
        tab.page.fill("#find", "onerror")
        tab.page.press("#find", "Enter")
        tab.page.wait_for_selector("#panel .remark")
        assert "“<img src=x" not in tab.page.content() and "alert(1)" in tab.panel()
        tab.page.locator("#panel li button").first.click()
        tab.page.wait_for_selector("#panel blockquote")
        tab.page.fill("#path-a", words)
        tab.page.fill("#path-b", words)
        tab.page.get_by_role("button", name="Find the shortest").click()
        tab.until("document.querySelector('#hint').textContent.length > 20")
        tab.page.click("#start")
        tab.page.locator("#panel summary", has_text="arms and money").click()
        tab.page.click("#panel button[data-name=who-arms]")
        tab.page.fill("#ask input[name=actor]", words)
        tab.page.get_by_role("button", name="Ask", exact=True).click()
        tab.page.wait_for_selector("#answer [role=alert], #answer table", timeout=30000)
        assert tab.seen("document.querySelectorAll('[onerror], [onload], img, iframe, script:not([src])').length") == 0
        assert [said for said in tab.wrong if "status of 400" not in said] == []
        assert [url for url in tab.asked if not url.startswith((again.url, "data:", "blob:"))] == []
        tab.page.close()
    finally:
        again.stop()


ACTORS_IN = [
    ("actor", "id"), ("actor", "country"), ("edge", "source"), ("edge", "target"), ("claim_role", "actor"), ("resolution", "actor"),
    ("background", "source"), ("background", "target"), ("redirect", "new"),
]  # fmt: skip


# Search. --------------------------------------------------------------------------------------------------------------

# id, name, aliases and articles of those who are there
NAMED = [
    ("group:a", "Army of Nowhere", ["Nowhere Army"], 9),
    ("group:b", "Nowhere", [], 1),
    ("group:c", "Nowhere Front", [], 5),
    ("group:d", "Ünowhere", [], 7),
    ("group:e", "The Front", ["Front"], 2),
    *((f"group:f{n:02}", f"Front {n:02}", [], 3) for n in range(20)),
]
SEARCHES = [
    ("nowhere", ["Nowhere", "Army of Nowhere", "Nowhere Front", "Ünowhere"]),  # whole, beginnings by articles, any part
    ("UNOWHERE", ["Ünowhere"]),
    ("front", ["The Front", *(f"Front {n:02}" for n in range(11))]),
    ("rmy of n", ["Army of Nowhere"]),
    ("front\nfront", []),
    ("", []),
    ("zz", []),
]


@pytest.mark.parametrize("words, names", SEARCHES)
def test_search_gives_the_best_fit_first(tmp_path: Path, words: str, names: list[str]) -> None:
    rows = [(id, name, "Group", json.dumps(aliases), None, n, 0) for id, name, aliases, n in NAMED]
    with Folder(tmp_path / "g").write() as db:
        db.executemany("INSERT INTO actor VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        assert [hit["name"] for hit in subgraphs.search(db, subgraphs.survey(db), words)] == names


# Bounded reading. -----------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(sample_graph: Path, tmp_path: Path) -> Path:
    """A graph of two ways from a to d, and of one that is too long."""
    shutil.copytree(sample_graph, tmp_path / "chain.kg")
    ties = [("a", "b1"), ("b1", "d"), ("b2", "a"), ("b2", "d"), ("a", "c1"), ("c1", "c2"), ("c2", "d")]
    change_graph(
        tmp_path / "chain.kg",
        "DELETE FROM edge",
        *(
            f"""INSERT INTO edge (id, type, source, target, status, latest_status, realised, current, disputed, stage, articles, origins, trust, items, claims)
            VALUES ('{a}{b}', 'SUPPLIES', '{a}', '{b}', 'asserted', 'asserted', 1, 1, 0, 'done', 1, 1, 1.0, '[]', '[]')"""
            for a, b in ties
        ),
        *(
            f"INSERT INTO actor VALUES ('{id}', '{id}', 'Group', '[]', NULL, 1, 0)"
            for id in ("a", "b1", "b2", "c1", "c2", "d", "e")
        ),
    )
    return tmp_path / "chain.kg"


def test_paths_are_all_shortest_ones(chain: Path) -> None:
    with Folder(chain).read() as db:
        assert subgraphs.paths(db, "a", "d") == [["a", "b1", "d"], ["a", "b2", "d"]]
        assert subgraphs.paths(db, "d", "c1") == [["d", "c2", "c1"]]
        with pytest.raises(UsageError, match="no path"):
            subgraphs.paths(db, "a", "e")


def test_expanding_says_how_many_are_left(chain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Folder(chain).read() as db:
        assert subgraphs.neighbours(db, "a", most=2) == ["b1", "b2"]
        assert subgraphs.count_neighbours(db, "a", but=["b1"]) == 2
        found = subgraphs.expand(db, "a", ["a", "b1"])
    assert {actor["id"] for actor in found["actors"]} == {"a", "b2", "c1"} and found["left"] == 0
    assert {edge["id"] for edge in found["edges"]} == {"ab1", "b2a", "ac1"}
