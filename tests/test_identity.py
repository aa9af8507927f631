"""Which article is which: ids of feeds, spellings of URLs, corrections, and what a graph remembers of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from kgraph.articles.addresses import canonical
from kgraph.articles.register import Named, Register, key_of
from kgraph.build import build, remove
from kgraph.build.check import check
from kgraph.build.summary import Summary
from kgraph.build.workers import in_workers
from kgraph.decisions import load_decisions
from kgraph.errors import UsageError
from kgraph.export.canonical import canonical_lines
from kgraph.folder import Folder
from kgraph.lookup.changes import history
from kgraph.review import decide, notes

ARMS = "Russia supplied S-300 missiles to Syria."
WAR = "Hamas attacked Israel on 7 October 2023."
DEAL = "North Korea agreed to send artillery shells to Russia, South Korea's Defense Ministry said."
URL = "https://news.example/story"

STORY = f"{ARMS} Iran has armed Hezbollah for decades, Israel said. {WAR} {DEAL}"

# Addresses. -----------------------------------------------------------------------------------------------------------

SPELLINGS = {
    "news.example/a": (
        "https://news.example/a", "http://news.example/a", "HTTPS://News.Example/a/", "https://news.example:443/a",
        "http://news.example:80/a", "//news.example/a", "https://news.example/a#top", "https://news.example/a?",
        " https://news.example/a ", "https://news.example./a", "https://me:secret@news.example/a",
        "https://news.example/a?utm_source=rss&UTM_Medium=x", "https://news.example/a?fbclid=1", "https://news.example/a?gclid=1#x",
    ),
    "news.example/a?id=1": ("https://news.example/a?id=1", "https://news.example/a/?utm_id=2&id=1", "http://news.example/a?id=1&fbclid"),
    "news.example/a?id=2": ("https://news.example/a?id=2",),
    "news.example/A": ("https://news.example/A",),
    "news.example": ("https://news.example", "https://news.example/", "http://NEWS.example?utm_campaign=x"),
    "news.example:8443/a": ("https://news.example:8443/a",),
    "www.news.example/a": ("https://www.news.example/a",),
    "ftp://news.example/a": ("ftp://news.example/a",),
    None: ("", "  ", "wire-17", "urn:isbn:1", "a/b.txt", "https://[", "https://news.example:port/a", "cited:x", None),
}  # fmt: skip


@pytest.mark.parametrize(("address", "url"), [(a, url) for a, urls in SPELLINGS.items() for url in urls])
def test_spellings_of_one_url_are_one_address(address: str | None, url: str | None) -> None:
    assert canonical(url) == address


@pytest.mark.parametrize(
    ("name", "key"), [("1", "1"), (URL, URL), ("cited:x", "id:cited:x"), ("text:1", "id:text:1"), ("id:1", "id:id:1")]
)
def test_no_source_has_a_key_that_kgraph_makes(name: str, key: str) -> None:
    assert key_of(name) == key


# The rule, without texts. --------------------------------------------------------------------------------------------


def named(key: str, version: str, url: str | None = URL, given: bool = False) -> Named:
    return Named(key, key if given else None, canonical(url), version)


def outcome(items: Iterable[Named], graph: Iterable[Named] = ()) -> tuple[dict[str, str], dict[str, str]]:
    """Which text each article has when all have come, and which articles of the graph are others now."""
    kept = {one.key: one for one in graph}
    register = Register(lambda address: [one for one in kept.values() if one.address == address])
    texts = {one.key: one.version for one in kept.values()}
    waiting = list[tuple[str, Named]]()
    for place, one in enumerate(items):
        if register.must_wait(one, str(place)):
            waiting.append((str(place), one))
        elif not (taken := register.take(one, str(place))).repeats:
            texts[taken.key] = one.version
    for where, one in waiting:
        if not (taken := register.take(one, where)).repeats:
            texts[taken.key] = one.version
    moved = {each.old: each.new for each in register.moved()}
    return {key: text for key, text in texts.items() if key not in moved}, moved


PAGE, SAME, OTHER = named(URL, "v"), named("1", "v", given=True), named("1", "w", given=True)
TWO, HTTP = named("2", "x", given=True), named("http://news.example/story", "v")
RULE = {
    "two ids of one URL are two articles": ((SAME, TWO), (), {"1": "v", "2": "x"}),
    "a page and a feed's line are one": ((PAGE, SAME), (), {"1": "v"}),
    "a page is the one of two with its text": ((PAGE, SAME, TWO), (), {"1": "v", "2": "x"}),
    "spellings of one page": ((PAGE, HTTP), (), {HTTP.key: "v"}),
    "an id takes the place of what the graph holds": ((SAME,), (PAGE,), {"1": "v"}),
    "of two ids the one with the text does": ((OTHER, named("2", "v", given=True)), (PAGE,), {"1": "w", "2": "v"}),
    "of two ids without it the smaller does": ((OTHER, TWO), (PAGE,), {"1": "w", "2": "x"}),
    "a page of two others is a third": ((OTHER, TWO, PAGE), (), {"1": "w", "2": "x", URL: "v"}),
    "a page with neither text stays what it is": ((TWO, OTHER), (PAGE, OTHER, TWO), {URL: "v", "1": "w", "2": "x"}),
    "what has no URL is by itself": ((named("a.txt", "v", None), named("1", "w", None, True)), (), {"a.txt": "v", "1": "w"}),
    "an id that gets a URL later": ((SAME,), (PAGE, named("1", "v", None, True)), {"1": "v"}),
}  # fmt: skip


@pytest.mark.parametrize("case", RULE)
def test_which_article_each_is_whatever_their_order(case: str) -> None:
    items, graph, texts = RULE[case]
    for order in permutations(items):
        assert outcome(order, graph)[0] == texts, order


def test_the_last_text_stands() -> None:
    assert outcome((PAGE, OTHER))[0] == {"1": "w"}
    assert outcome((OTHER, PAGE))[0] == {"1": "v"}
    assert outcome((SAME, OTHER, SAME))[0] == {"1": "v"}  # its outlet went back to the old text
    assert outcome((SAME, named("2", "v", given=True)))[0] == {"1": "v"}  # the same text under another id is skipped


# Builds. --------------------------------------------------------------------------------------------------------------


def line(text: str, **more: str) -> dict[str, str]:
    return {"text": text, **more}


def write(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in lines))
    return path


def page(path: Path, text: str, url: str = URL) -> Path:
    """A text with the URL that it was saved from."""
    path.write_text(f"---\nurl: {url}\n---\n{text} The United States said that it had condemned the attack on Monday.\n")
    return path


def rows(folder: Path, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with Folder(folder).read() as db:
        return db.execute(sql, values).fetchall()


def keys(folder: Path) -> list[str]:
    return [key for (key,) in rows(folder, "SELECT key FROM article ORDER BY key")]


def export(folder: Path) -> list[str]:
    with Folder(folder).read() as db:
        return [*canonical_lines(db)]


def said(summary: Summary) -> list[tuple[str, str]]:
    return [(problem.where, problem.why) for problem in summary.problems]


def past(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "SELECT key, text, json_array_length(said) FROM past_article ORDER BY key, read_at, until")


def test_two_ids_of_one_url_are_two_articles_and_read_once(tmp_path: Path) -> None:
    feed = write(tmp_path / "f.jsonl", line(ARMS, id="a", url=URL), line(WAR, id="b", url=URL))
    assert build(tmp_path / "g", [feed]).read == 2
    assert rows(tmp_path / "g", "SELECT key, given, url, address FROM article ORDER BY key") == [
        ("a", "a", URL, "news.example/story"), ("b", "b", URL, "news.example/story")
    ]  # fmt: skip
    again = build(tmp_path / "g", [feed])
    assert (again.read, again.unchanged, said(again), past(tmp_path / "g")) == (0, 2, [], [])


@pytest.mark.parametrize("texts", [(ARMS, WAR), (ARMS, WAR, DEAL), (ARMS, WAR, ARMS)], ids=len)
@pytest.mark.parametrize("workers", [0, 2])
def test_twice_in_one_build_is_named_and_the_first_is_in_the_history(
    texts: tuple[str, ...], workers: int, tmp_path: Path
) -> None:
    feed = write(tmp_path / "f.jsonl", *(line(text, id="a") for text in texts))
    engine = in_workers(workers) if workers else None
    first = build(tmp_path / "g", [feed], engine=engine)
    assert [where for where, _ in said(first)] == [f"{feed}:{n}" for n in range(1, len(texts))]
    assert all(f"{feed}:{n} has another text of the same article, which stands" in why for n, (_, why) in enumerate(said(first), 2))
    assert rows(tmp_path / "g", "SELECT text FROM article") == [(texts[-1],)]
    assert past(tmp_path / "g") == [("a", text, 1) for text in texts[:-1]]
    before = past(tmp_path / "g"), export(tmp_path / "g")
    again = build(tmp_path / "g", [feed], engine=engine)
    assert (again.read, again.failed, said(again)) == (0, 0, said(first))
    assert (past(tmp_path / "g"), export(tmp_path / "g")) == before and not check(tmp_path / "g")
    with Folder(tmp_path / "g").read() as db:
        assert len(history(db, "a")) == len(texts)


def test_a_correction_and_its_taking_back_over_builds(tmp_path: Path) -> None:
    for text in (ARMS, WAR, ARMS):
        summary = build(tmp_path / "g", [write(tmp_path / "f.jsonl", line(text, id="a", url=URL))])
        assert (summary.read, said(summary)) == (1, [])
        assert rows(tmp_path / "g", "SELECT key, text FROM article") == [("a", text)]
    assert {text for _, text, _ in past(tmp_path / "g")} == {ARMS, WAR}  # within one second they have no order


def test_feed_page_and_file_are_known_again(tmp_path: Path) -> None:
    feed = write(tmp_path / "f.jsonl", line(ARMS, id="a", url=f"{URL}/?utm_source=rss"), line(DEAL, id="b"))
    note = page(tmp_path / "p.md", ARMS)
    html = tmp_path / "p.html"
    html.write_text(
        f'<html><head><link rel="canonical" href="http://news.example/story#x"></head><body><article><p>{ARMS}</p>'
        f"<p>{WAR} The foreign ministry in Damascus said nothing of it on Tuesday.</p></article></body></html>"
    )
    found = []
    for order in permutations((feed, note, html)):
        folder = tmp_path / "-".join(path.name for path in order)
        build(folder, order)
        assert keys(folder) == ["a", "b"] and not check(folder)
        again = build(folder, order)
        assert again.read == 0 and keys(folder) == ["a", "b"]
        found.append((order[-1], export(folder)))
    assert all(one == other for last, one in found for end, other in found if last == end)


def test_the_same_text_from_page_and_feed_is_one_article_in_any_order(tmp_path: Path) -> None:
    feed = write(tmp_path / "f.jsonl", line(ARMS, id="a", url=URL, title=""))
    other = write(tmp_path / "u.jsonl", line(ARMS, url=f"{URL}/"))
    exports = []
    for order in ((feed, other), (other, feed)):
        folder = tmp_path / order[0].name[0]
        build(folder, order)
        assert keys(folder) == ["a"] and past(folder) == []
        assert build(folder, order).read == 0
        exports.append([text.replace(f'"{URL}/"', f'"{URL}"') for text in export(folder)])
    assert exports[0] == exports[1]


def test_a_text_that_comes_twice_is_skipped_and_both_places_are_named(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(STORY)
    feed = write(tmp_path / "f.jsonl", line(STORY, id="1"), line(STORY, id="1"), line(STORY, id="2"))
    summary = build(tmp_path / "g", [feed, tmp_path / "a.txt", tmp_path / "b.txt"])
    places = (f"{feed}:2", f"{feed}:3", f"{tmp_path}/a.txt", f"{tmp_path}/b.txt")
    assert said(summary) == [(place, f"the same text as {feed}:1") for place in places]
    assert (summary.read, summary.skipped, keys(tmp_path / "g")) == (1, 4, ["1"])


def test_an_id_takes_the_place_of_what_went_by_its_url(tmp_path: Path) -> None:
    build(tmp_path / "g", [page(tmp_path / "p.md", WAR)])
    build(tmp_path / "g", [write(tmp_path / "f.jsonl", line(ARMS, id="a", url=URL))])
    assert keys(tmp_path / "g") == ["a"] and not check(tmp_path / "g")
    ((key, text, count),) = past(tmp_path / "g")
    assert (key, count) == ("a", 1) and WAR in text
    again = build(tmp_path / "g", [tmp_path / "p.md", tmp_path / "f.jsonl"])
    assert (again.read, keys(tmp_path / "g"), len(past(tmp_path / "g"))) == (0, ["a"], 1)


# Names. ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["cited:x", "text:x", "id:x", "cited:A yearbook #12345678"])
@pytest.mark.parametrize("by_key", [False, True])
def test_any_id_can_be_removed(id: str, by_key: bool, tmp_path: Path) -> None:
    build(tmp_path / "g", [write(tmp_path / "f.jsonl", line(ARMS, id=id), line(WAR, id="b"))])
    assert remove(tmp_path / "g", [key_of(id) if by_key else id]).removed == 1
    assert keys(tmp_path / "g") == ["b"]


NAMES = {
    "a": ["a"], "https://news.example/a": ["a"], "http://NEWS.example/a/?utm_source=x": ["a"], "b": ["b"],
    "https://news.example/two": ["b", "c"], "http://news.example/two/": ["b", "c"], "t.txt": ["t.txt"],
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_articles_are_removed_by_key_id_and_any_spelling_of_their_url(name: str, tmp_path: Path) -> None:
    feed = write(
        tmp_path / "f.jsonl", line(ARMS, id="a", url="https://news.example/a"),
        line(WAR, id="b", url="https://news.example/two"), line(DEAL, id="c", url="https://news.example/two"),
    )  # fmt: skip
    (tmp_path / "t.txt").write_text("Iran has armed Hezbollah for decades, Israel said.")
    build(tmp_path / "g", [feed, tmp_path / "t.txt"])
    if len(NAMES[name]) > 1:
        with pytest.raises(UsageError, match="could be b, c; name one of them in full"):
            remove(tmp_path / "g", [name])
        return
    before = keys(tmp_path / "g")
    remove(tmp_path / "g", [name])
    (gone,) = {*before} - {*keys(tmp_path / "g")}
    assert gone.endswith(NAMES[name][0])


def test_a_citation_is_told_from_an_article_whatever_its_id(tmp_path: Path) -> None:
    folder = tmp_path / "g"
    build(folder, [write(tmp_path / "f.jsonl", line(ARMS, id="cited:https://book.example/1"), line(WAR, id="b"))])
    said = {"type": "SUPPLIES", "roles": {"supplier": ["Russia"], "recipient": ["Syria"]}, "status": "asserted"}
    for sentence in ("It did.", "It did again."):
        decide(folder, "add", "https://book.example/1", details=said | {"sentence": sentence, "source": {"outlet": "Press"}})
    (cited, *_) = [key for (key,) in rows(folder, "SELECT key FROM article WHERE fingerprint = 'cited'")]
    assert len(keys(folder)) == 4 and not check(folder) and not rows(folder, "SELECT * FROM orphan")
    with pytest.raises(UsageError, match="a citation; `kgraph undo`"):
        remove(folder, [cited])
    remove(folder, ["id:cited:https://book.example/1"])
    assert len(keys(folder)) == 3


# Decisions. -----------------------------------------------------------------------------------------------------------


def judge_all(folder: Path, article: str) -> None:
    """A decision of every kind that is about an article."""
    evidence = [id for (id,) in rows(folder, "SELECT id FROM evidence WHERE article = ? ORDER BY start, id", article)]
    assert len(evidence) >= 3
    decide(folder, "accept", evidence[0])
    decide(folder, "reject", evidence[1])
    decide(folder, "edit", evidence[2], "planned", field="status")
    decide(folder, "comment", evidence[0], "seen")
    decide(folder, "comment", article, "read twice")
    details = {"type": "ALLIED_WITH", "roles": {"party": ["Iran", "Hezbollah"]}, "status": "asserted"}
    decide(folder, "add", article, details=details | {"sentence": "Iran has armed Hezbollah for decades"})


def verdicts(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "SELECT article, sentence, type, status, review_status FROM told WHERE review_status IS NOT NULL ORDER BY 1, 2, 3, 4, 5")  # fmt: skip


@pytest.mark.parametrize("other", [(), (line(WAR, id="0", url=URL),), (line(STORY + " More.", id="0", url=URL),)], ids=len)
@pytest.mark.parametrize("text", [STORY, f"Corrected. {STORY}"], ids=["same", "corrected"])
def test_decisions_hold_when_an_article_gets_its_id(text: str, other: tuple[dict[str, str], ...], tmp_path: Path) -> None:
    folder = tmp_path / "g"
    build(folder, [write(tmp_path / "f.jsonl", line(STORY, url=f"{URL}?utm_source=x"))])
    judge_all(folder, keys(folder)[0])
    before = [row[1:] for row in verdicts(folder)]
    assert len(before) == 4
    build(folder, [write(tmp_path / "f.jsonl", *other, line(text, id="1", url=URL))])
    assert keys(folder) == [*(["0"] if other else []), "1"]
    assert [row[1:] for row in verdicts(folder)] == before
    assert not rows(folder, "SELECT * FROM orphan") and not check(folder)
    with Folder(folder).read() as db:
        found = notes(db, load_decisions(Folder(folder).decisions))
        about = {row[0] for row in db.execute("SELECT id FROM evidence UNION SELECT key FROM article")}
    assert len(found.remarks) == 2 and found.remarks.keys() | found.verdicts.keys() <= about
    if text == STORY:
        assert {row[0] for row in verdicts(folder)} == {"1"} and "1" in found.remarks
