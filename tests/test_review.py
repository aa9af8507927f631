"""Review: what a person decides is kept as lines, replayed at every projection, and can be taken back."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kgraph import decisions, lookup
from kgraph.build import build, rebuild, refresh, remove
from kgraph.build.check import check
from kgraph.cli import main
from kgraph.decisions import add_decision, load_decisions, merge
from kgraph.errors import DecisionError, UsageError
from kgraph.export import export
from kgraph.folder import Folder
from kgraph.review import decide, list_orphans, notes, parts, undo
from kgraph.review import merge as merge_into

TEXT = "Russia supplied S-300 missiles to Syria. Hamas attacked Israel. The Oban Front attacked Mali."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "news.txt").write_text(TEXT)
    build(folder / "g", [folder / "news.txt"])
    return folder


@pytest.fixture
def news(built: Path) -> Path:
    """The article of the graph, as it was."""
    (built / "news.txt").write_text(TEXT)
    return built / "news.txt"


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """A graph folder of one article, to be changed."""
    shutil.copytree(built / "g", tmp_path / "g")
    return tmp_path / "g"


def ask(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with Folder(folder).read() as db:
        return db.execute(sql, values).fetchall()


def one(folder: Path, sql: str, *values: object) -> str:
    ((value,),) = ask(folder, sql, *values)
    return str(value)


def arms(folder: Path) -> str:
    return one(folder, "SELECT id FROM evidence WHERE type = 'SUPPLIES'")


def test_what_is_rejected_is_no_claim_and_comes_back_when_undone(graph: Path) -> None:
    evidence = arms(graph)
    made = decide(graph, "reject", evidence[:10], why="a headline")
    assert not ask(graph, "SELECT 1 FROM claim WHERE type = 'SUPPLIES'")
    assert one(graph, "SELECT review_status FROM told WHERE id = ?", evidence) == "rejected"
    undo(graph, made.id[:8], why="it does")
    assert ask(graph, "SELECT review_status FROM claim WHERE type = 'SUPPLIES'") == [(None,)]
    assert len((graph / "decisions.jsonl").read_text().splitlines()) == 2  # nothing is ever deleted


SURE = [
    ("accept", {}, 1.0), ("disbelieve", {}, 1.0), ("edit", {"field": "status", "value": "planned"}, 1.0), ("reject", {}, 0.625),
]  # fmt: skip


@pytest.mark.parametrize("action, more, score", SURE)
def test_what_a_person_has_read_scores_one_wherever_it_is_looked_at(
    graph: Path, action: str, more: dict[str, str], score: float
) -> None:
    evidence = arms(graph)
    with closing(sqlite3.connect(graph / "evidence.db")) as db:
        db.execute("UPDATE evidence SET score = 0.625 WHERE id = ?", (evidence,))
        db.commit()
    assert ask(graph, "SELECT score FROM told WHERE id = ?", evidence) == [(0.625,)]
    decide(graph, action, evidence, **more)
    assert ask(graph, "SELECT score FROM told WHERE id = ?", evidence) == [(score,)]
    assert ask(graph, "SELECT score FROM evidence WHERE id = ?", evidence) == [(0.625,)]


def test_what_a_person_added_is_sure(graph: Path) -> None:
    roles = {"party": ["state:russia", "state:syria"]}
    details = {"type": "ALLIED_WITH", "roles": roles, "sentence": "Russia supplied S-300 missiles to Syria.", "status": "asserted"}
    decide(graph, "add", one(graph, "SELECT key FROM article"), details=details)
    assert ask(graph, "SELECT reader, score FROM told WHERE review_status = 'manual'") == [("person", 1.0)]
    assert ask(graph, "SELECT trust FROM claim WHERE type = 'ALLIED_WITH'") == [(1.0,)]
    assert ask(graph, "SELECT trust FROM edge WHERE type = 'ALLIED_WITH'") == [(1.0,)]


def test_a_claim_that_is_not_believed_is_kept_and_not_realised(graph: Path) -> None:
    claim = one(graph, "SELECT id FROM claim WHERE type = 'SUPPLIES'")
    decide(graph, "disbelieve", claim)
    assert ask(graph, "SELECT realised, origins, review_status FROM claim WHERE id = ?", claim) == [
        (0, 0, "disbelieved")
    ]
    decide(graph, "accept", claim)
    assert ask(graph, "SELECT realised, review_status FROM claim WHERE id = ?", claim) == [(1, "accepted")]


EDITS: list[tuple[str, str, str, object]] = [
    ("status", "planned", "SELECT status FROM claim WHERE type = 'SUPPLIES'", "planned"),
    ("status", "planned", "SELECT realised FROM claim WHERE type = 'SUPPLIES'", 0),
    ("status", "denied", "SELECT denying_origins FROM claim WHERE type = 'SUPPLIES'", 1),
    ("eventFrom", "2015-03-01", "SELECT event_from FROM claim WHERE type = 'SUPPLIES'", "2015-03-01"),
    ("role:recipient", "Mali", "SELECT text FROM claim WHERE type = 'SUPPLIES'", "Russia supplies Mali with S-300"),
    ("role:item", "", "SELECT text FROM claim WHERE type = 'SUPPLIES'", "Russia supplies Syria"),
]


@pytest.mark.parametrize("field, value, sql, expected", EDITS)
def test_edits(graph: Path, field: str, value: str, sql: str, expected: object) -> None:
    decide(graph, "edit", arms(graph), value, field=field)
    assert ask(graph, sql) == [(expected,)]
    assert one(graph, "SELECT review_status FROM told WHERE type = 'SUPPLIES'") == "edited"


def parties(folder: Path, evidence: str) -> set[str]:
    sql = """SELECT a.name FROM claim_evidence AS e JOIN claim_role AS r ON r.claim = e.claim JOIN actor AS a ON a.id = r.actor
             WHERE e.evidence = ?"""
    return {str(name) for (name,) in ask(folder, sql, evidence)}


def test_of_several_in_a_role_one_is_corrected(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "deal.txt").write_text("Qatar signed an agreement with Hamas.")
    build(graph, [tmp_path / "deal.txt"])
    id = one(graph, "SELECT id FROM evidence WHERE type = 'AGREES_WITH'")
    made = decide(graph, "edit", id, "Israel", field="role:party", details={"instead": "Hamas"})
    assert parties(graph, id) == {"Qatar", "Israel"}
    with Folder(graph).read() as db:
        roles = [part for part in parts(db, load_decisions(graph / "decisions.jsonl"), id) if part.field == "role:party"]
    assert {part.shown for part in roles} == {"Qatar", "Israel"} and all(part.instead for part in roles)
    undo(graph, made.id)
    assert parties(graph, id) == {"Qatar", "Hamas"}


def test_what_a_person_added_is_undone_and_not_rejected(graph: Path) -> None:
    made = decide(graph, "add", BOOK, details=CITED)
    with pytest.raises(UsageError, match=f"kgraph undo {made.id[:8]}"):
        decide(graph, "reject", made.id)


def test_a_claim_that_was_missed_is_added_with_its_citation(graph: Path) -> None:
    details = {
        "type": "CONDEMNS",
        "roles": {"agent": ["Russia"], "target": ["Hamas"]},
        "sentence": "Hamas attacked Israel.",
        "status": "reported",
    }
    decide(graph, "add", "news.txt", details=details)
    assert ask(graph, "SELECT text, status, review_status FROM claim WHERE type = 'CONDEMNS'") == [
        ("Russia condemns Hamas", "reported", "manual")
    ]
    assert ask(graph, "SELECT start, end FROM told WHERE type = 'CONDEMNS'") == [(41, 63)]
    with pytest.raises(UsageError, match="it does not contain 'Hamas fled'"):
        decide(graph, "add", "news.txt", details=details | {"sentence": "Hamas fled"})


def test_actors_are_merged_kept_apart_retyped_and_made(graph: Path) -> None:
    same = decide(graph, "same", "Mali", "Oban Front")
    assert not ask(graph, "SELECT 1 FROM actor WHERE name = 'Oban Front'")
    undo(graph, same.id)
    decide(graph, "kind", "Oban Front", "Organization")
    assert one(graph, "SELECT kind FROM actor WHERE name = 'Oban Front'") == "Organization"
    local = one(graph, "SELECT kind FROM local_actor WHERE name = 'Oban Front'")
    details = {"name": "Front for Oban", "kind": local, "aliases": ["Oban Front"], "country": "state:mali"}
    decide(graph, "actor", "group:oban", details=details)
    assert ask(graph, "SELECT name, country FROM actor WHERE id = 'group:oban'") == [("Front for Oban", "state:mali")]
    assert one(graph, "SELECT kind FROM actor WHERE id = 'group:oban'") == "Organization"  # the older id leads here


def test_decisions_that_fit_nothing_are_listed_and_stand_again(graph: Path, news: Path) -> None:
    made = decide(graph, "reject", arms(graph))
    for text, orphans in (("Hamas attacked Israel.", {made.id}), (TEXT, set())):
        news.write_text(text)
        build(graph, [news])
        with Folder(graph).read() as db:
            assert set(list_orphans(db)) == orphans
    assert not ask(graph, "SELECT 1 FROM claim WHERE type = 'SUPPLIES'")


def test_an_anchor_finds_what_an_upgrade_calls_otherwise(graph: Path) -> None:
    made = decide(graph, "reject", arms(graph))
    moved = made.as_json() | {"target": "an id of an older extractor"}
    (graph / "decisions.jsonl").write_text(json.dumps(moved) + "\n")
    refresh(graph)
    assert not ask(graph, "SELECT 1 FROM claim WHERE type = 'SUPPLIES'")
    assert not ask(graph, "SELECT 1 FROM orphan")


def test_a_colleagues_file_is_merged_and_conflicts_are_named(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl"
    add_decision(mine, "accept", "e1", who="ada")
    add_decision(mine, "same", "group:a", "group:b", who="ada")
    add_decision(theirs, "reject", "e1", who="bea")
    add_decision(theirs, "not_same", "group:b", "group:a", who="bea")
    add_decision(theirs, "accept", "e2", who="bea")
    done = merge(mine, theirs)
    assert len(done.added) == 3
    assert {(own.action, other.action) for own, other in done.conflicts} == {("accept", "reject"), ("same", "not_same")}
    assert decisions.rejected(load_decisions(mine)) == {"e1": "reject", "e2": "accept"}  # the later one counts
    assert merge(mine, theirs).added == () and len(load_decisions(mine)) == 5


WRONG: list[tuple[Callable[[Path], object], str]] = [
    (lambda file: add_decision(file, "edit", "e", "x", field="status"), "status cannot be 'x'"),
    (lambda file: add_decision(file, "edit", "e", "x", field="colour"), "unknown field 'colour'"),
    (lambda file: add_decision(file, "edit", "e", "May", field="eventFrom"), "write a date like 2024-06-30"),
    (lambda file: add_decision(file, "outlet", "The Daily", "G"), "A to F, not 'G'"),
    (lambda file: add_decision(file, "same", "a", "a"), "different ones"),
    (lambda file: add_decision(file, "actor", "oban"), "looks like group:oban-front"),
    (lambda file: add_decision(file, "add", "article"), "needs type, roles, sentence, status"),
    (lambda file: decisions.undo(file, "beef"), "no standing decision"),
]


@pytest.mark.parametrize("wrong, message", WRONG)
def test_what_makes_no_sense_is_refused(tmp_path: Path, wrong: Callable[[Path], object], message: str) -> None:
    with pytest.raises(DecisionError, match=message):
        wrong(tmp_path / "decisions.jsonl")
    assert not (tmp_path / "decisions.jsonl").exists()


def test_a_line_left_open_by_an_editor_stays_a_line(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text('{"action": "accept", "target": "e0"}')
    add_decision(file, "reject", "e1")
    assert [decision.target for decision in load_decisions(file)] == ["e0", "e1"]


def test_what_was_decided_is_shown(graph: Path) -> None:
    decide(graph, "edit", arms(graph), "2018-03-01", field="eventFrom")
    with Folder(graph).read() as db:
        (claim,) = lookup.claims(db, type="SUPPLIES")
        (quote,) = lookup.quotes(db, claim.id)[claim.id]
    assert (claim.event_from, claim.review_status, claim.credibility) == ("2018-03-01", "edited", "6*")
    assert (quote.event_from, quote.review_status) == ("2018-03-01", "edited") and quote.origin == quote.article
    shown = CliRunner().invoke(main, ["explain", claim.id, "-g", str(graph)]).stdout
    assert arms(graph)[:8] in shown and "edited" in shown and "event 2018-03-01 to …" in shown


REMARKS = [
    # on what, and which command shows it
    ("{evidence}", ["explain", "{claim}"]),
    ("{claim}", ["explain", "{claim}"]),
    ("Syrian Arab Republic", ["show", "Syria"]),
]


@pytest.mark.parametrize("target, command", REMARKS, ids=[target for target, _ in REMARKS])
def test_remarks_are_shown_where_they_belong(graph: Path, target: str, command: list[str]) -> None:
    ids = {"evidence": arms(graph)[:8], "claim": one(graph, "SELECT id FROM claim WHERE type = 'SUPPLIES'")[:8]}
    decide(graph, "comment", target.format(**ids), "ask the embassy", who="ada")
    shown = CliRunner().invoke(main, [*(word.format(**ids) for word in command), "-g", str(graph)]).stdout
    assert "comment: ask the embassy (ada, 20" in shown


def test_a_remark_on_nothing_is_refused(graph: Path) -> None:
    with pytest.raises(UsageError, match="no actor goes by 'Nobody At All'"):
        decide(graph, "comment", "Nobody At All", "who is it?")


def test_a_remark_finds_its_sentence_after_an_upgrade(graph: Path) -> None:
    made = decide(graph, "comment", arms(graph), "ask the embassy")
    (graph / "decisions.jsonl").write_text(json.dumps(made.as_json() | {"target": "an older id"}) + "\n")
    with Folder(graph).read() as db:
        assert [remark.value for remark in notes(db, load_decisions(graph / "decisions.jsonl")).remarks[arms(graph)]] == ["ask the embassy"]


BOOK = "SIPRI Yearbook 2023, p. 214"
CITED = {
    "type": "CONDEMNS",
    "roles": {"agent": ["Russia"], "target": ["Hamas"]},
    "sentence": "Moscow condemned Hamas in 2021.",
    "status": "asserted",
    "source": {"published": "2023-06-12", "outlet": "SIPRI"},
}


def kept(folder: Path, name: str) -> str:
    with Folder(folder).read() as db:
        export(db, folder.parent / name)
    return (folder.parent / name).read_text()


def test_a_source_that_is_no_article_is_cited_and_survives(graph: Path) -> None:
    before = kept(graph, "before.jsonl")
    made = decide(graph, "add", BOOK, details=CITED)
    assert ask(graph, "SELECT text, articles, origins, review_status, first_reported FROM claim WHERE type = 'CONDEMNS'") == [
        ("Russia condemns Hamas", 1, 1, "manual", "2023-06-12")
    ]
    (claim,) = ask(graph, "SELECT id FROM claim WHERE type = 'CONDEMNS'")[0]
    shown = CliRunner().invoke(main, ["explain", str(claim), "-g", str(graph)]).stdout
    assert "manual" in shown and f"{BOOK}, 2023-06-12" in shown and "Moscow condemned Hamas in 2021." in shown
    with_it = kept(graph, "with.jsonl")
    assert BOOK in with_it
    for _ in range(2):
        rebuild(graph, extract=True)
        assert kept(graph, "again.jsonl") == with_it
    assert check(graph) == []
    undo(graph, made.id)
    assert kept(graph, "after.jsonl") == before and check(graph) == []


def test_quotations_of_one_outlet_are_one_origin(graph: Path) -> None:
    more = {"sentence": "It condemned Hamas again.", "source": {"outlet": "SIPRI"}}
    for source, details in ((BOOK, CITED), ("SIPRI Fact Sheet", CITED | more), ("https://example.org/report", CITED | {"source": {}})):
        decide(graph, "add", source, details=details)
    assert ask(graph, "SELECT articles, origins FROM claim WHERE type = 'CONDEMNS'") == [(3, 2)]
    assert ask(graph, "SELECT url FROM article WHERE url IS NOT NULL") == [("https://example.org/report",)]


def test_a_citation_comes_from_a_colleagues_file(graph: Path, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "g", tmp_path / "theirs")
    decide(tmp_path / "theirs", "add", BOOK, details=CITED, who="bea")
    merge_into(graph, tmp_path / "theirs" / "decisions.jsonl")
    assert ask(graph, "SELECT title FROM article WHERE key LIKE 'cited:%'") == [(BOOK,)]
    assert ask(graph, "SELECT review_status FROM claim WHERE type = 'CONDEMNS'") == [("manual",)]


WRONG_CITATIONS = [
    ("news.txt", CITED, "an article of the graph; leave --cite away"),
    ("No such article", {name: value for name, value in CITED.items() if name != "source"}, "with --cite"),
    (BOOK, CITED | {"source": {"published": "June"}}, "write a date like 2024-06-30"),
]


@pytest.mark.parametrize("source, details, message", WRONG_CITATIONS)
def test_wrong_citations_are_refused(graph: Path, source: str, details: dict[str, object], message: str) -> None:
    with pytest.raises((UsageError, DecisionError), match=message):
        decide(graph, "add", source, details=details)


def test_a_citation_is_not_removed_but_undone(graph: Path) -> None:
    decide(graph, "add", BOOK, details=CITED)
    with pytest.raises(UsageError, match="kgraph undo"):
        remove(graph, [one(graph, "SELECT key FROM article WHERE key LIKE 'cited:%'")])
