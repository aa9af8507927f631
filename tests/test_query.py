"""Saved questions: their headers, their parameters, and what is said when something is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from synthetic import change_graph, write_graph

from kgraph.errors import KnowledgeError, UsageError
from kgraph.folder import Folder
from kgraph.graph import Store, open_store
from kgraph.graph.cypher import blank, check_names, check_reading, columns
from kgraph.graph.questions import ask, cypher, find_question, load_question, questions, read_values

HEADER = "// Who?\n"
BODY = "MATCH (a:Actor) RETURN a.name AS name ORDER BY name"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "g.kg"
    write_graph(folder, 4)
    add = "INSERT INTO {} VALUES ({})"
    change_graph(
        folder,
        add.format("actor", "'group:hz', 'Hezbollah', 'Group', '[\"Hizbullah\", \"Party of God\"]', NULL, 3, 1"),
        add.format("actor", "'state:ru', 'Russia', 'State', '[\"the Kremlin\"]', NULL, 3, 1"),
        add.format("actor", "'state:nk', 'North Korea', 'State', '[\"Korea\"]', NULL, 3, 1"),
        add.format("actor", "'state:sk', 'South Korea', 'State', '[\"Korea\"]', NULL, 3, 1"),
        add.format("redirect", "'group:hezbollah-lebanon', 'group:hz'"),
        add.format(
            "claim",
            "'c1', 'SUPPLIES', 'Russia supplies Hezbollah', 'planned', 'planned', 0, 0, 0, 'agreed', 1, 1, 0, "
            "'2023-11-03', '2023-11-03', NULL, NULL, NULL, NULL, NULL, 0.95, NULL",
        ),
        add.format("claim_role", "'c1', 'supplier', 'state:ru', 1"),
        add.format("claim_role", "'c1', 'recipient', 'group:hz', 1"),
    )
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with open_store(folder) as store:
        yield store


@pytest.fixture
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    with Folder(folder).read() as db:
        yield db


@pytest.mark.parametrize("name", ["Hezbollah", "hizbullah", "Party of God", "group:hz"])
@pytest.mark.parametrize("from_tables", [True, False])
def test_actors_are_found_by_any_name(store: Store, db: sqlite3.Connection, name: str, from_tables: bool) -> None:
    answer = ask(store, find_question("who-arms"), {"actor": name}, db if from_tables else None)
    assert [row["supplier"] for row in answer.rows] == ["Russia"]


def test_old_ids_are_found_in_the_tables(store: Store, db: sqlite3.Connection) -> None:
    assert ask(store, find_question("who-arms"), {"actor": "group:hezbollah-lebanon"}, db).rows


def test_an_ambiguous_name_lists_the_choices(store: Store) -> None:
    with pytest.raises(UsageError, match=r"state:nk.*state:sk"):
        ask(store, find_question("who-arms"), {"actor": "Korea"})


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("who-arms", {}, r"needs actor; write: kgraph query who-arms actor="),
        ("who-arms", {"actro": "Hezbollah"}, r"no parameter actro; did you mean actor\?"),
        ("between", {"a": "Russia"}, r"needs b;"),
        ("who-arms", {"actor": "Hezbolah"}, "did you mean Hezbollah"),
        ("new-between", {"since": "yesterday"}, r"since=yesterday: a date is written like 2024-06-30"),
        ("new-between", {"since": "2024-13-01"}, r"since=2024-13-01"),
        ("new-between", {"since": "2024-01-01", "type": "SUPPLYS"}, r"did you mean SUPPLIES\?"),
    ],
)
def test_wrong_parameters(store: Store, name: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        ask(store, find_question(name), values)
    assert "\n" not in str(caught.value)


def test_wrong_name_of_a_question() -> None:
    with pytest.raises(UsageError, match="did you mean who-arms"):
        find_question("who-arm")


def test_types_are_taken_as_people_write_them() -> None:
    question = find_question("new-between")
    values = read_values(question, {"since": "2024-01-01", "type": "allied with"}, str)
    assert values == {"since": "2024-01-01", "until": "9999-12-31", "actor": None, "type": "ALLIED_WITH"}


def test_a_question_of_ones_own(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.cypher").write_text(
        "// Which actors are there, at most?\n// $kind: text = Group - their kind\n// $most: number = 2 - how many\n"
        "MATCH (a:Actor {kind: $kind}) RETURN a.actorId AS id ORDER BY id LIMIT $most"
    )
    question = find_question(str(tmp_path / "mine.cypher"))
    assert question.question == "Which actors are there, at most?"
    assert ask(store, question, {"most": "1"}).rows == [{"id": "group:001"}]
    assert len(ask(store, question, {}).rows) == 2


def test_there_are_enough_and_all_say_what_they_want() -> None:
    assert len(questions()) >= 30
    assert len({question.theme for question in questions().values()}) > 5
    for question in questions().values():
        assert question.question.endswith("?")
        assert all(parameter.meaning for parameter in question.parameters)
        assert all(question.meanings.values()), question.name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BODY, "must be the question"),
        ("// A statement.\n" + BODY, "must be the question"),
        (HEADER + "// $x: actor\n" + BODY, "differ: x"),
        (HEADER + "MATCH (a:Actor {actorId: $x}) RETURN a.name AS name ORDER BY name", "differ: x"),
        (HEADER + "// > nmae: whose\n" + BODY, "no column nmae"),
        (HEADER + "// $x: actr - who\n" + BODY, "with one of actor"),
        (HEADER + "// $x: date = tomorrow - when\n" + BODY, "a date is written"),
        (HEADER + "MATCH (a:Actor) RETURN a.name ORDER BY a.name", "needs a name"),
        (HEADER + "MATCH (a:Actor) RETURN a.name AS name", "add ORDER BY"),
        (HEADER + "MATCH (a:Aktor) RETURN a.name AS name ORDER BY name", "did you mean Actor"),
        (HEADER + "MATCH (:Actor)-[:SUPPLYS]->(a) RETURN a.name AS name ORDER BY name", "did you mean SUPPLIES"),
        (HEADER + "CREATE (a:Actor) RETURN a.name AS name ORDER BY name", "only reading"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "wrong.cypher").write_text(text)
    with pytest.raises(KnowledgeError, match=words) as caught:
        load_question(tmp_path / "wrong.cypher")
    assert str(caught.value).startswith("wrong.cypher: ")


# Free texts. ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Actr) RETURN a.name AS name",
        "MATCH (a:Actor)-[:SUPPLYS]->(b) RETURN b.name AS name",
        "MATCH (a:Actor)-[r:SUPPLIES|FUND*1..2]->(b) RETURN b.name AS name",
        "MATCH (a:Actor:Gruop) RETURN a.name AS name",
    ],
)
def test_misspelt_names_are_said(store: Store, text: str) -> None:
    with pytest.raises(UsageError, match=r"did you mean \w+\?"):
        cypher(store, text)


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Actor {name: '(x:Nobody)'}) RETURN a.name AS name",
        'MATCH (a) WHERE a.name = "[:NOTHING]" RETURN a.name AS name // (b:Noone)',
        "MATCH (a:Group|State)-[r:SUPPLIES*1..2]-(:KGraph) RETURN [x IN [1, 2] | x][0..1] AS l",
        "MATCH (e:Evidence) RETURN e.start AS start, e.end AS end",
        "match (a:Actor) return {name: a.name, set: 1} as create",
        "CALL db.labels() YIELD label RETURN label",
        "MATCH (a:Actor) CALL { WITH a MATCH (a)-[:SUPPLIES]->(b) RETURN count(b) AS n } RETURN n AS n",
    ],
)
def test_what_only_reads_is_let_through(text: str) -> None:
    check_reading(text)
    check_names(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MATCH (a) RETURN a.name AS name, count(*) AS n ORDER BY n", ("name", "n")),
        ("MATCH (a) WITH a RETURN a.name, a.kind LIMIT 3", ("a.name", "a.kind")),
        ("RETURN 'x, RETURN y' AS text, {a: 1, b: [1, 2]} AS map", ("text", "map")),
        ("MATCH (a) CALL { WITH a RETURN 1 AS one } RETURN DISTINCT one AS last", ("last",)),
        ("RETURN 1 AS a UNION RETURN 2 AS a", ("a",)),
        ("RETURN *", ()),
    ],
)
def test_columns(text: str, names: tuple[str, ...]) -> None:
    assert columns(text) == names


def test_blanking_keeps_places() -> None:
    text = "RETURN 'it\\'s' /* a\nb */ AS `odd` // end"
    assert len(blank(text)) == len(text)
    assert blank(text).split() == ["RETURN", "AS"]
