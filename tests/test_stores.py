"""One behaviour, every store: the embedded copy and a real Neo4j give the same rows, and asking changes neither."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Neo4j
from neo4j.exceptions import Neo4jError
from synthetic import write_graph

from kgraph.errors import UsageError
from kgraph.folder import Folder
from kgraph.folder.database import transaction
from kgraph.graph import Limits, Store, open_store
from kgraph.graph.neo4j import Server, _explain
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types
from kgraph.graph.push import push
from kgraph.graph.questions import GIVEN, Question, cypher, questions, read_values
from kgraph.records import digest
from kgraph.trust import LEVELS, least

GRAPHS = ("few", "many", "samples")


@dataclass(frozen=True, slots=True)
class Both:
    """The same graph in both engines."""

    graph: str
    folder: Path
    embedded: Store
    server: Store


@pytest.fixture(scope="module", params=GRAPHS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, neo4j_server: Neo4j
) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("both") / "g.kg"
    if request.param == "samples":
        shutil.copytree(request.getfixturevalue("sample_graph"), folder, ignore=shutil.ignore_patterns("graph"))
    else:
        WRITERS[request.param](folder)
    neo4j_server.clear()
    push(folder, neo4j_server.url, **neo4j_server.login)
    with open_store(folder) as embedded, open_store(folder, neo4j_server.url, **neo4j_server.login) as server:
        yield Both(request.param, folder, embedded, server)


def write_rows(folder: Path, file: Path) -> None:
    """A graph folder with the rows in a file, by table."""
    with Folder(folder).write() as db, transaction(db):
        for table, kept in json.loads(gzip.decompress(file.read_bytes())).items():
            names, marks = (", ".join(each) for each in ([f'"{name}"' for name in kept["columns"]], "?" * len(kept["columns"])))
            db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", kept["rows"])
        db.execute("UPDATE meta SET value = '1' WHERE name = 'changes'")


WRITERS: dict[str, Callable[[Path], object]] = {
    "few": lambda folder: write_rows(folder, Path(__file__).parent / "neo4j" / "few.json.gz"),
    "many": lambda folder: write_graph(folder, 2, actors=60, claims=700),
}
one_graph = pytest.mark.parametrize("both", ["few"], indirect=True, scope="module")


@pytest.fixture(params=["embedded", "server"])
def store(request: pytest.FixtureRequest, both: Both) -> Store:
    found: Store = getattr(both, request.param)
    return found


# The graph. -----------------------------------------------------------------------------------------------------------


def test_both_hold_what_the_tables_say(both: Both) -> None:
    with Folder(both.folder).read() as db:
        for kind in NODE_TYPES:
            text = f"MATCH (n:{kind.label}) RETURN n.hash AS hash, properties(n) AS properties ORDER BY n.{kind.key}"
            expected = sorted((node.hash, {**node.properties, "hash": node.hash}) for node in iter_nodes(db, kind))
            assert expected, kind.label
            for store in (both.embedded, both.server):
                found = sorted((row["hash"], row["properties"]) for row in store.ask(text, {}).rows)
                assert found == expected
        for link in link_types():
            text = f"MATCH ()-[r:`{link.type}`]->() RETURN r.hash AS hash, properties(r) AS properties"
            wanted = sorted((each.hash, {**each.properties, "hash": each.hash}) for each in iter_links(db, link))
            for store in (both.embedded, both.server):
                assert sorted((row["hash"], row["properties"]) for row in store.ask(text, {}).rows) == wanted


@pytest.mark.parametrize("level", LEVELS)
def test_trust_is_asked_of_both_as_of_the_tables(both: Both, level: str) -> None:
    wanted = []
    with Folder(both.folder).read() as db:
        for table in ("claim WHERE trust", "edge WHERE type = 'SUPPLIES' AND trust", "told WHERE score"):
            wanted += db.execute(f"SELECT count(*) FROM {table} >= ?", (least(level),)).fetchone()
    texts = (
        "MATCH (x:Claim) WHERE x.trust >= $trust", "MATCH ()-[x:SUPPLIES]->() WHERE x.trust >= $trust",
        "MATCH (x:Evidence) WHERE x.score >= $trust AND x.reader IS NOT NULL",
    )  # fmt: skip
    for store in (both.embedded, both.server):
        rows = [store.ask(f"{text} RETURN count(x) AS n", {"trust": least(level)}).rows for text in texts]
        assert [row["n"] for (row,) in rows] == wanted


def test_kinds_and_the_owner_are_labels(both: Both) -> None:
    text = "MATCH (a) UNWIND labels(a) AS label RETURN label, count(*) AS n ORDER BY label"
    assert both.embedded.ask(text, {}).rows == both.server.ask(text, {}).rows
    assert {row["label"] for row in both.server.ask(text, {}).rows} > {"Actor", "Group", "WeaponSystem", "KGraph"}


# The saved questions. -------------------------------------------------------------------------------------------------


def parameter_sets(db: sqlite3.Connection, question: Question) -> list[dict[str, str]]:
    """What one might type: busy actors, others, all types, with and without what may be left out."""
    busiest = (
        "SELECT actor FROM claim_role JOIN actor ON id = actor WHERE (kind = 'WeaponSystem') = ? "
        "GROUP BY actor ORDER BY count(*) DESC, actor"
    )
    actors, weapons = ([name for (name,) in db.execute(busiest, (weapon,))] for weapon in (False, True))
    actors = [*actors[:3], *weapons[:2], *actors[3:]]
    choices = {
        "actor": actors[:20], "date": ["2023-06-01", "2024-01-15"], "type": ["SUPPLIES", "ALLIED_WITH", "ATTACKS"],
        "number": ["5"], "text": ["Group", "State", "No'such"],
    }  # fmt: skip
    choices["edge"] = [id for (id,) in db.execute("SELECT id FROM edge ORDER BY id LIMIT 8")]
    required = [parameter for parameter in question.parameters if parameter.required]
    optional = [parameter for parameter in question.parameters if not parameter.required]
    sets = [
        dict(zip((each.name for each in required), values, strict=True))
        for values in itertools.product(*(choices.get(each.name, choices[each.type])[: 8 if len(required) == 1 else 4] for each in required))
    ]
    for each in optional:
        sets += [{**sets[number % len(sets)], each.name: value} for number, value in enumerate(choices[each.type])]
    return sets


@pytest.mark.parametrize("name", sorted(questions()))
def test_questions_give_the_same_rows(both: Both, name: str) -> None:
    question = questions()[name]
    with Folder(both.folder).read() as db:
        sets = parameter_sets(db, question)
    seen = 0
    for number, values in enumerate(sets):
        trust = [*LEVELS.values()][-1 - number % len(LEVELS)]  # all first, so that each question has rows
        parameters = read_values(question, values, lambda actor: actor) | {GIVEN: trust}
        answer, expected = (store.ask(question.text, parameters) for store in (both.embedded, both.server))
        assert answer.columns == expected.columns
        assert answer.rows == expected.rows, values
        seen += len(answer.rows)
    assert seen or both.graph == "samples", "no set of parameters gave a row: the test says nothing"


# Free texts. ----------------------------------------------------------------------------------------------------------

WRITES = """
CREATE (:Actor {actorId: 'x'})
MERGE (a:Actor {actorId: 'x'}) RETURN a.name AS name
MATCH (a:Actor) DETACH DELETE a
MATCH (a:Actor) SET a.name = 'x' RETURN a.name AS name
MATCH (a:Actor) REMOVE a.name RETURN 1 AS one
MATCH (a:Actor) CREATE (a)-[:SUPPLIES]->(a)
MATCH (a:Actor) FOREACH (x IN [1] | SET a.name = 'y')
MATCH (a:Actor) CALL { WITH a SET a.name = 'x' RETURN 1 AS one } RETURN one AS one
UNWIND [1] AS x CREATE (:Actor)
RETURN 1 AS one UNION CREATE (:Actor) RETURN 1 AS one
DROP INDEX kgraph_names
CREATE INDEX FOR (a:Actor) ON (a.country)
ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'
SHOW USERS
TERMINATE TRANSACTIONS 'neo4j-transaction-1'
USE system MATCH (n) RETURN n.name AS name
/* MATCH */ CREATE (:Actor)
EXPLAIN CREATE (:Actor)
CALL db.createLabel('x')
CALL dbms.killQuery('1')
CALL apoc.cypher.doIt('CREATE (:Actor)', {})
MATCH (a:Actor) CALL db.createLabel('x') RETURN 1 AS one
LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line AS line
MATCH (a:Actor) LOAD /* x */ CSV FROM 'https://news.example/' AS line RETURN line AS line
""".strip().splitlines()


@one_graph
@pytest.mark.parametrize("text", WRITES)
def test_asking_changes_nothing(both: Both, store: Store, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.ask(text, {})
    assert "\n" not in str(caught.value)
    assert everything(store) == all_there(both)


def everything(store: Store) -> Counter[str]:
    nodes = store.ask("MATCH (n) RETURN n.hash AS hash, properties(n) AS own", {}).rows
    links = store.ask("MATCH ()-[r]->() RETURN r.hash AS hash, properties(r) AS own", {}).rows
    return Counter(f"{row['hash']} {len(row['own'])}" for row in nodes + links if row["hash"])


def all_there(both: Both) -> Counter[str]:
    """The same, from the tables."""
    with Folder(both.folder).read() as db:
        nodes = [node for kind in NODE_TYPES for node in iter_nodes(db, kind)]
        links = [link for kind in link_types() for link in iter_links(db, kind)]
    return Counter(f"{each.hash} {len(each.properties) + 1}" for each in [*nodes, *links])


@one_graph
@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Actor RETURN a",
        "RETURN",
        "MATCH (a:Actor) RETURN b AS b",
        "MATCH (a) RETURN a.name AS n; MATCH (b) RETURN b",
        "RETURN nosuch(1) AS one",
        "RETURN 1/0 AS one",
        "MATCH (a:Actor) WHERE a.actorId = $id RETURN a.name AS name",
        "",
        "// only",
    ],
)
def test_a_wrong_text_is_one_line(store: Store, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.ask(text, {})
    assert "\n" not in str(caught.value)
    assert "Exception" not in str(caught.value)


@one_graph
def test_values_travel_as_parameters(store: Store) -> None:
    hostile = "x'}) DETACH DELETE a //\x00 \u2028 😀 \"`"
    assert store.ask("RETURN $text AS text", {"text": hostile}).rows == [{"text": hostile}]
    assert store.ask("MATCH (a:Actor {name: $text}) RETURN a.name AS name", {"text": hostile}).rows == []


@one_graph
def test_columns_are_said_even_without_rows(store: Store) -> None:
    text = "MATCH (a:Actor) WHERE false RETURN DISTINCT a.actorId, count(*) AS n, [1, 2][0] AS `odd one` LIMIT 3"
    assert store.ask(text, {}).columns == ("a.actorId", "n", "odd one")


@one_graph
def test_nodes_are_their_properties(store: Store) -> None:
    [row] = cypher(store, "MATCH (a:Actor {actorId: 'state:000'}) RETURN a AS actor").rows
    assert row["actor"]["actorId"] == "state:000"
    assert not [name for name in row["actor"] if name.startswith("@")]


@one_graph
def test_rows_are_cut_and_said(store: Store) -> None:
    text = "UNWIND range(1, 10) AS n RETURN n AS n"
    assert (len(store.ask(text, {}, Limits(rows=3)).rows), store.ask(text, {}, Limits(rows=3)).cut) == (3, True)
    assert not store.ask(text, {}, Limits(rows=10)).cut


@one_graph
@pytest.mark.parametrize(
    "text",
    [
        "UNWIND range(1, 60000) AS n UNWIND range(1, 10000) AS m WITH n, m WHERE (n * m) % 7 = 8 RETURN count(*) AS n",
        "MATCH (a:Actor), (b:Actor), (c:Actor), (d:Actor), (e:Actor), (f:Actor) RETURN max(a.name + f.name) AS n",
        "MATCH (a:Actor)-[*1..14]-(b:Claim) WHERE a.name = b.text RETURN count(*) AS n",
        "MATCH (a:Actor), (b:Actor), (c:Actor), (d:Actor), (e:Actor), (f:Actor), (g:Actor), (h:Actor), (i:Actor) "
        "WITH a.name + b.name + c.name + d.name + e.name + f.name + g.name + h.name + i.name AS n WHERE size(n) < 9 "
        "RETURN n AS n ORDER BY n",
    ],
)
def test_what_takes_too_long_is_cut_off(store: Store, text: str) -> None:
    """Each text would take minutes: a server looks after the time only every other second."""
    with pytest.raises(UsageError, match=r"cut off after 0\.2 s"):
        store.ask(text, {}, Limits(seconds=0.2, rows=10))


MUCH = "range(1, 15000)"  # each with each takes either engine much longer than it gets, and a server soon ends it


@one_graph
@pytest.mark.parametrize(
    "text",
    [
        f"RETURN size([x IN {MUCH} WHERE any(y IN {MUCH} WHERE y = -x)]) AS n",
        f"RETURN reduce(s = 0, x IN {MUCH} | s + size([y IN {MUCH} WHERE y = x])) AS n",
        f"MATCH (a:Actor) WHERE all(x IN {MUCH} WHERE none(y IN {MUCH} WHERE x = -y)) RETURN a.name AS name",
    ],
)
def test_one_expression_is_cut_off_from_outside(store: Store, text: str) -> None:
    """An engine looks after the time between rows only; the next question is answered as ever."""
    began = time.monotonic()
    with pytest.raises(UsageError, match=r"cut off after 1 s"):
        store.ask(text, {}, Limits(seconds=1, rows=10))
    assert time.monotonic() - began < 1 + 30
    assert store.ask("RETURN 1 AS n", {}, Limits(seconds=30, rows=10)).rows == [{"n": 1}]


@one_graph
def test_a_server_ends_what_nobody_waits_for(both: Both, neo4j_server: Neo4j) -> None:
    with pytest.raises(UsageError, match="cut off"):
        both.server.ask(f"UNWIND {MUCH} AS x UNWIND {MUCH} AS y RETURN count(*) AS n", {}, Limits(seconds=0.5, rows=10))
    until = time.monotonic() + 120
    while _running(neo4j_server) and time.monotonic() < until:  # it looks between rows whether it was asked to end
        time.sleep(0.5)
    assert not _running(neo4j_server)


def _running(server: Neo4j) -> list[dict[str, Any]]:
    shown = server.run("SHOW TRANSACTIONS YIELD metaData, status RETURN metaData AS named, status")
    return [each for each in shown if "kgraph" in each["named"] and each["status"] == "Running"]


@one_graph
@pytest.mark.parametrize(
    "text",
    [
        "RETURN reduce(s = 'abcdefgh', x IN range(1, 24) | s + s) AS text",
        "UNWIND range(1, 5000) AS n RETURN reduce(s = 'abcdefgh', x IN range(1, 11) | s + s) AS text",
    ],
)
def test_a_huge_answer_is_refused(store: Store, text: str) -> None:
    with pytest.raises(UsageError, match="larger than 64 MB"):
        store.ask(text, {}, Limits(rows=10_000))


@one_graph
def test_what_is_quick_enough_is_answered_within_any_limit(store: Store) -> None:
    for seconds in (60.0, None, 61.5):
        assert store.ask("UNWIND [1, 2] AS n RETURN n AS n", {}, Limits(seconds)).rows == [{"n": 1}, {"n": 2}]


@one_graph
@pytest.mark.parametrize("text", ["MATCH (a:Actor)\nRETURN a.name AS name,, 1 AS one", "MATCH (a:Actor\nRETURN a"])
def test_an_error_says_where(store: Store, text: str) -> None:
    with pytest.raises(UsageError, match="line 2"):
        store.ask(text, {})


@one_graph
def test_the_server_itself_says_what_writes(both: Both) -> None:
    """What would get through the check of words is refused by its plan, before it runs."""
    assert isinstance(both.server, Server)
    driver = both.server._connected()
    texts = ("CREATE (:Actor)", "CALL db.createLabel('x')", "SHOW USERS", "LOAD CSV FROM 'file:///x' AS l RETURN l AS l",
             "CALL dbms.listConfig() YIELD name RETURN name AS name")  # fmt: skip
    for text in texts:
        with driver.session(default_access_mode="READ") as session, pytest.raises((UsageError, Neo4jError)) as caught:
            _explain(session, text, {})
        assert not isinstance(caught.value, Neo4jError) or text == "SHOW USERS", text


# Patterns by chance. --------------------------------------------------------------------------------------------------

EDGES = ("SUPPLIES", "FUNDS", "ALLIED_WITH", "ATTACKS", "SUPPORTS", "SANCTIONS", "ACTS_FOR", "PART_OF")
ON_NODES = (
    "{}.kind = 'State'",
    "{}.country IS NULL",
    "{}.articles > 3",
    "any(x IN {}.aliases WHERE x STARTS WITH 'W')",
)
ON_EDGES = (
    "{}.realised",
    "NOT {}.realised",
    "{}.articles > 1",
    "{}.lastReported > '2023-09-01'",
    "{}.status <> 'planned'",
)
SUBQUERIES = (
    "EXISTS {{ MATCH ({0})-[:SUPPLIES]->(:Actor) }}",
    "NOT EXISTS {{ MATCH ({0})<-[:ATTACKS]-(y:Actor) WHERE y.kind = 'State' }}",
    "COUNT {{ MATCH ({0})--(:Claim) }} > 4",
    "({0})-[:ALLIED_WITH]-(:Actor)",
)


def pattern(chance: random.Random) -> str:
    """A text of one to three steps with conditions, whose rows have one possible order."""
    steps = chance.randint(1, 3)
    text, nodes, edges = "(n0:Actor)", ["n0"], []
    for step in range(steps):
        types = "|".join(chance.sample(EDGES, chance.randint(1, 4)))
        left, right = chance.choice((("-", "->"), ("<-", "-"), ("-", "-")))
        text += f"{left}[r{step}:{types}]{right}(n{step + 1}:Actor)"
        nodes.append(f"n{step + 1}")
        edges.append(f"r{step}")
    conditions = [chance.choice(ON_NODES).format(chance.choice(nodes)) for _ in range(chance.randint(0, 1))]
    conditions += [chance.choice(ON_EDGES).format(chance.choice(edges)) for _ in range(chance.randint(0, 2))]
    conditions += [chance.choice(SUBQUERIES).format(chance.choice(nodes)) for _ in range(chance.randint(0, 1))]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"MATCH {text}{where} {chance.choice((rows_of, groups_of, optional_of))(nodes, edges, chance)}"


def rows_of(nodes: list[str], edges: list[str], chance: random.Random) -> str:
    items = [f"{node}.actorId AS c{node}" for node in nodes] + [
        f"coalesce({edge}.edgeId, {edge}.hash) AS c{edge}" for edge in edges
    ]
    limit = f" LIMIT {chance.randint(5, 40)}" if chance.random() < 0.3 else ""
    return f"RETURN {', '.join(items)} ORDER BY {', '.join(item.split(' AS ')[1] for item in items)}{limit}"


def groups_of(nodes: list[str], edges: list[str], chance: random.Random) -> str:
    return (
        f"WITH {nodes[0]}, count(*) AS n, count(DISTINCT {nodes[-1]}.kind) AS kinds, max({edges[0]}.articles) AS most "
        f"WHERE n > {chance.randint(0, 2)} RETURN {nodes[0]}.actorId AS id, n AS times, kinds AS kinds, most AS most "
        "ORDER BY id"
    )


def optional_of(nodes: list[str], edges: list[str], chance: random.Random) -> str:
    return (
        f"OPTIONAL MATCH ({nodes[-1]})-[q:{chance.choice(EDGES)}]->(z:Actor) WHERE q.articles > {chance.randint(0, 3)} "
        f"RETURN {nodes[0]}.actorId AS id, {nodes[-1]}.actorId AS other, z.actorId AS last, q.status AS status, "
        "count(*) AS n "
        "ORDER BY id, other, last IS NULL, last, status IS NULL, status"
    )


def test_patterns_by_chance_give_the_same_rows(both: Both) -> None:
    chance = random.Random(11)
    seen = 0
    for _ in range(350):  # on each of three graphs
        text = pattern(chance)
        answer, expected = both.embedded.ask(text, {}), both.server.ask(text, {})
        assert answer.rows == expected.rows, text
        seen += bool(answer.rows)
    assert seen > 100


# Rows recorded from a Neo4j, for machines that have no Java. ----------------------------------------------------------

RECORD = Path(__file__).parent / "neo4j" / "rows.json"
AGAIN = "record anew: KGRAPH_RECORD=1 python -m pytest tests/test_stores.py -k record"


def told(folder: Path, store: Store) -> Iterator[tuple[str, str]]:
    """What a store answers on the graph "few": of each question and pattern how many rows, and a hash of them."""
    with Folder(folder).read() as db:
        for name, question in sorted(questions().items()):
            for values in parameter_sets(db, question):
                asked = read_values(question, values, lambda actor: actor) | {GIVEN: 0.5}  # whatever is called likely
                rows = store.ask(question.text, asked).rows
                yield f"{name} {json.dumps(values, sort_keys=True)} {digest(question.text)}", shortened(rows)
    chance = random.Random(12)
    for text in (pattern(chance) for _ in range(150)):
        yield text, shortened(store.ask(text, {}).rows)


def shortened(rows: list[dict[str, Any]]) -> str:
    return f"{len(rows)} {digest(json.dumps(rows, sort_keys=True))}"


def test_rows_are_those_recorded_from_a_neo4j(tmp_path: Path) -> None:
    """Without a server: what was recorded for questions and patterns as they are now."""
    WRITERS["few"](tmp_path / "g.kg")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    with open_store(tmp_path / "g.kg") as store:
        found = dict(told(tmp_path / "g.kg", store))
    both_know = found.keys() & recorded.keys()
    assert len(both_know) > len(recorded) / 2, f"the record is of other questions; with Java, {AGAIN}"
    assert {key: found[key] for key in both_know} == {key: recorded[key] for key in both_know}


@one_graph
def test_what_is_recorded_is_fresh(both: Both) -> None:
    found = dict(told(both.folder, both.server))
    if os.environ.get("KGRAPH_RECORD"):
        RECORD.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    assert json.loads(RECORD.read_text(encoding="utf-8")) == found, AGAIN
