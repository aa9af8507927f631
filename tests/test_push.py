"""Pushing makes a real Neo4j hold the graph, writes only what differs, and touches nothing that is not ours."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from conftest import Neo4j
from lines import line_to
from synthetic import change_graph, write_graph

from kgraph.errors import StoreError, UsageError
from kgraph.folder import Folder
from kgraph.graph import open_store
from kgraph.graph import statements as of
from kgraph.graph.neo4j import check_version, connect
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types
from kgraph.graph.push import PushSummary, push

NOTHING = PushSummary()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g.kg", 5)
    return tmp_path / "g.kg"


def hashes(folder: Path) -> Counter[int]:
    """The hash of every node and relationship that the tables give."""
    with Folder(folder).read() as db:
        nodes = [node.hash for kind in NODE_TYPES for node in iter_nodes(db, kind)]
        return Counter([*nodes, *(link.hash for kind in link_types() for link in iter_links(db, kind))])


def held(server: Neo4j) -> Counter[int]:
    nodes = server.run("MATCH (n:KGraph) WHERE n.hash IS NOT NULL RETURN n.hash AS hash")
    links = server.run("MATCH (:KGraph)-[r]->(:KGraph) WHERE r.hash IS NOT NULL RETURN r.hash AS hash")
    return Counter(row["hash"] for row in nodes + links)


def last_transaction(server: Neo4j) -> frozenset[str]:
    """A bookmark: it moves with every transaction that commits something."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver, driver.session() as session:
        session.run("RETURN 1").consume()
        return session.last_bookmarks().raw_values


def test_push_makes_it_hold_the_graph(folder: Path, empty_neo4j: Neo4j) -> None:
    summary = push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)
    assert summary == PushSummary(created=hashes(folder).total())


def test_second_push_writes_nothing(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    before = last_transaction(empty_neo4j)
    assert before == last_transaction(empty_neo4j)
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == NOTHING
    assert last_transaction(empty_neo4j) == before  # not even an empty transaction was committed


def test_push_after_a_change_writes_what_differs(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    before = hashes(folder)
    change_graph(
        folder,
        "UPDATE actor SET name = 'Renamed', kind = 'Group' WHERE id = 'person:003'",
        "UPDATE edge SET articles = articles + 1 WHERE type = 'SUPPLIES'",
        "INSERT INTO actor VALUES ('group:new', 'New', 'Group', '[]', NULL, 1, 0)",
        "INSERT INTO background VALUES ('PART_OF', 'group:new', 'state:000', '2001', '')",
        "DELETE FROM edge WHERE type = 'FUNDS'",
        "DELETE FROM claim WHERE id IN (SELECT id FROM claim WHERE type = 'TRAINS' ORDER BY id LIMIT 2)",
        "DELETE FROM conflict",
    )
    after = hashes(folder)
    summary = push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == after
    assert summary.created + summary.changed == (after - before).total()
    assert summary.deleted + summary.changed == (before - after).total()
    assert summary.created == 2
    assert summary.changed > 2
    [row] = empty_neo4j.run("MATCH (a {actorId: 'person:003'}) RETURN labels(a) AS labels, a.name AS name")
    assert (sorted(row["labels"]), row["name"]) == (["Actor", "Group", "KGraph"], "Renamed")
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == NOTHING


def test_what_is_not_ours_stays(folder: Path, empty_neo4j: Neo4j) -> None:
    empty_neo4j.run("CREATE (:Actor {actorId: 'mine', name: 'Mine'})-[:SUPPLIES {note: 'mine'}]->(:Note {text: 'x'})")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    empty_neo4j.run(
        "MATCH (m:Actor {actorId: 'mine'}), (s:Actor {actorId: 'state:000'}) "
        "CREATE (m)-[:KNOWS]->(s), (s)-[:SUPPLIES {note: 'drawn by hand'}]->(s)"
    )
    change_graph(folder, "DELETE FROM edge")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)
    assert empty_neo4j.run("MATCH (m {actorId: 'mine'}) RETURN labels(m) AS labels") == [{"labels": ["Actor"]}]
    links = empty_neo4j.run("MATCH ()-[r]->() WHERE r.hash IS NULL RETURN type(r) AS t ORDER BY t")
    assert links == [{"t": "KNOWS"}, {"t": "SUPPLIES"}, {"t": "SUPPLIES"}]


def test_what_somebody_broke_is_mended(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    empty_neo4j.run("MATCH (e:Evidence) WITH e ORDER BY e.evidenceId LIMIT 5 DETACH DELETE e")
    empty_neo4j.run("MATCH (:Actor)-[r:SUPPLIES]->() DELETE r")
    empty_neo4j.run("MATCH (a:Actor {actorId: 'state:000'}) REMOVE a.hash")
    assert push(folder, empty_neo4j.url, **empty_neo4j.login).created
    assert held(empty_neo4j) == hashes(folder)


def test_a_relationship_that_stands_twice_is_made_one(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    empty_neo4j.run("MATCH (a:Actor)-[r:SUPPLIES]->(b) WITH a, r, b LIMIT 3 CREATE (a)-[q:SUPPLIES]->(b) SET q = properties(r)")
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == PushSummary(created=3, deleted=6)
    assert held(empty_neo4j) == hashes(folder)


def edit(server: Neo4j) -> None:
    """What a person may do there by hand, which leaves the sums as they are."""
    server.run("MATCH (a:Actor {actorId: 'state:000'}) SET a.name = 'Another', a.mine = 1 REMOVE a:State")
    server.run("MATCH ()-[r:ABOUT|MENTIONS]->() WITH r ORDER BY r.hash LIMIT 4 SET r.n = 77")


def shown(server: Neo4j) -> list[str]:
    nodes = server.run("MATCH (n:KGraph) WHERE n.hash IS NOT NULL RETURN labels(n) AS l, properties(n) AS p")
    links = server.run("MATCH (:KGraph)-[r]->(:KGraph) WHERE r.hash IS NOT NULL RETURN [type(r)] AS l, properties(r) AS p")
    return sorted(repr((sorted(row["l"]), sorted(row["p"].items()))) for row in nodes + links)


def test_a_full_push_mends_what_was_edited(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    before = shown(empty_neo4j)
    edit(empty_neo4j)
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == NOTHING
    assert push(folder, empty_neo4j.url, **empty_neo4j.login, full=True) == PushSummary(changed=5)
    assert shown(empty_neo4j) == before
    assert push(folder, empty_neo4j.url, **empty_neo4j.login, full=True) == NOTHING


def test_only_what_changed_is_looked_at(folder: Path, empty_neo4j: Neo4j) -> None:
    """Seen by what it leaves alone: edits by hand, which comparing all hashes would not see, but reading them would."""
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    [row] = empty_neo4j.run("MATCH (c:Claim)-[r:ABOUT|AGENT|TARGET|PARTY]-() WITH c, r ORDER BY r.hash LIMIT 1 RETURN c.claimId AS id")
    # two swapped hashes: the sums stay, a comparison of all would write both
    empty_neo4j.run(
        "MATCH (a:Actor {actorId: 'state:000'}), (b:Actor {actorId: 'person:003'}) "
        "WITH a, b, a.hash AS one, b.hash AS other SET a.hash = other, b.hash = one"
    )
    change_graph(folder, f"UPDATE claim SET articles = articles + 1 WHERE id = '{row['id']}'")
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == PushSummary(changed=1)
    assert held(empty_neo4j) == hashes(folder)
    assert push(folder, empty_neo4j.url, **empty_neo4j.login, full=True) == PushSummary(changed=2)


CHANGES = (
    "UPDATE article SET published = '2021-01-01' WHERE key IN (SELECT key FROM article ORDER BY key LIMIT 2)",
    "DELETE FROM article WHERE key IN (SELECT key FROM article ORDER BY key DESC LIMIT 2);"
    "DELETE FROM claim_evidence WHERE evidence NOT IN (SELECT id FROM told)",
    "UPDATE resolution SET actor = 'state:000' WHERE actor = 'person:003'",
    "UPDATE speaker SET text = text || '!' WHERE evidence IN (SELECT evidence FROM speaker ORDER BY evidence LIMIT 3)",
    "UPDATE claim_role SET evidence = evidence + 1 WHERE claim IN (SELECT id FROM claim ORDER BY id LIMIT 3)",
    "DELETE FROM claim WHERE id IN (SELECT id FROM claim ORDER BY id DESC LIMIT 3)",
    "DELETE FROM background WHERE source IN (SELECT source FROM background ORDER BY source LIMIT 3)",
    "DELETE FROM edge WHERE id IN (SELECT id FROM edge ORDER BY id LIMIT 2)",
    "UPDATE edge SET items = '[\"x\"]' WHERE id IN (SELECT id FROM edge ORDER BY id DESC LIMIT 2)",
    "DELETE FROM conflict WHERE claim IN (SELECT claim FROM conflict ORDER BY claim LIMIT 2)",
    "UPDATE actor SET kind = 'Place' WHERE id IN (SELECT id FROM actor ORDER BY id DESC LIMIT 1)",
)


def test_changes_one_after_another(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    for change in CHANGES:
        before = hashes(folder)
        change_graph(folder, *change.split(";"))
        after = hashes(folder)
        assert after != before, change
        summary = push(folder, empty_neo4j.url, **empty_neo4j.login)
        assert held(empty_neo4j) == after, change
        assert summary.created + summary.changed == (after - before).total(), change
        assert summary.deleted + summary.changed == (before - after).total(), change
    assert push(folder, empty_neo4j.url, **empty_neo4j.login, full=True) == NOTHING


def test_a_folder_restored_from_a_backup(folder: Path, tmp_path: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    shutil.copytree(folder, tmp_path / "backup.kg")
    change_graph(folder, "UPDATE claim SET articles = articles + 1 WHERE type = 'SUPPLIES'")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    push(tmp_path / "backup.kg", empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(tmp_path / "backup.kg")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    change_graph(tmp_path / "backup.kg", "DELETE FROM conflict")  # change 2, as the lost one was
    push(tmp_path / "backup.kg", empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(tmp_path / "backup.kg")


# Broken off. ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lasts", [3_000, 20_000, 60_000, 120_000])
def test_a_push_that_is_broken_off_goes_on(folder: Path, empty_neo4j: Neo4j, lasts: int) -> None:
    with line_to(empty_neo4j.url, lasts=lasts, again=False) as url:
        with pytest.raises(StoreError, match="answers there") as caught:
            push(folder, url, **empty_neo4j.login, patience=0)
    assert "\n" not in str(caught.value)
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)
    assert push(folder, empty_neo4j.url, **empty_neo4j.login) == NOTHING


@pytest.mark.parametrize("lasts", [20_000, 60_000])
def test_a_change_that_is_broken_off_goes_on(folder: Path, empty_neo4j: Neo4j, lasts: int) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    change_graph(folder, "UPDATE claim SET articles = articles + 1", "DELETE FROM edge WHERE type = 'FUNDS'")
    with line_to(empty_neo4j.url, lasts=lasts, again=False) as url, pytest.raises(StoreError):
        push(folder, url, **empty_neo4j.login, patience=0)
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)


def test_a_line_that_breaks_once_is_tried_again(folder: Path, empty_neo4j: Neo4j) -> None:
    with line_to(empty_neo4j.url, lasts=60_000, again=True) as url:
        push(folder, url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)


# What a server refuses. -----------------------------------------------------------------------------------------------


def test_a_constraint_of_somebody_else_is_said(folder: Path, empty_neo4j: Neo4j) -> None:
    empty_neo4j.run("CREATE CONSTRAINT theirs FOR (a:Actor) REQUIRE a.kind IS UNIQUE")
    with pytest.raises(StoreError, match=r"refuses: .*already exists.*kind") as caught:
        push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert "\n" not in str(caught.value)
    empty_neo4j.run("DROP CONSTRAINT theirs")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)


def test_nodes_of_somebody_else_that_share_a_key_are_said(folder: Path, empty_neo4j: Neo4j) -> None:
    empty_neo4j.run("CREATE (:Actor {actorId: 'twice'}), (:Actor {actorId: 'twice'})")
    with pytest.raises(StoreError, match="refuses: ") as caught:
        push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert "\n" not in str(caught.value)


def test_a_server_without_tls_is_said(folder: Path, neo4j_server: Neo4j) -> None:
    with pytest.raises(StoreError, match=r"no Neo4j answers.*bolt://"):
        push(folder, neo4j_server.url.replace("bolt://", "bolt+s://"), **neo4j_server.login)


def test_types_the_schema_no_longer_has_go(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    empty_neo4j.run("MATCH (a:KGraph), (b:KGraph {actorId: 'state:000'}) CREATE (a)-[:ONCE_KNOWN {hash: 'x'}]->(b)")
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == hashes(folder)


def test_another_graph_is_refused(folder: Path, tmp_path: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    write_graph(tmp_path / "other.kg", 6)
    before = held(empty_neo4j)
    with pytest.raises(StoreError, match="belongs to another graph"):
        push(tmp_path / "other.kg", empty_neo4j.url, **empty_neo4j.login)
    assert held(empty_neo4j) == before


def test_constraints_and_indexes_are_there(folder: Path, empty_neo4j: Neo4j) -> None:
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    unique = empty_neo4j.run(
        "SHOW CONSTRAINTS YIELD labelsOrTypes AS l, properties AS p RETURN l[0] + '.' + p[0] AS on"
    )
    keys = {"Actor.actorId", "Article.articleKey", "Claim.claimId", "Evidence.evidenceId", "Meta.owner"}
    assert {row["on"] for row in unique} == keys
    found = empty_neo4j.run(
        "CALL db.index.fulltext.queryNodes('kgraph_names', $words) YIELD node RETURN node.name AS name", words="Türkiye"
    )
    assert found


def test_all_steps_use_indexes(folder: Path, empty_neo4j: Neo4j) -> None:
    """No statement of a push looks at all nodes for each of its rows."""
    push(folder, empty_neo4j.url, **empty_neo4j.login)
    statements = [of.change_nodes(kind, "KGraph:Claim") for kind in NODE_TYPES]
    statements += [of.delete_nodes(kind) for kind in NODE_TYPES]
    for kind in link_types():
        statements += [of.create_links(kind, ("status",)), of.change_links(kind), of.delete_links_between(kind)]
    statements += [of.held_some_nodes(), of.held_some_links()]
    lists = {name: [] for name in (*(kind.label for kind in NODE_TYPES), "ties", "rows")}
    with connect(empty_neo4j.url, **empty_neo4j.login) as driver:
        for statement in statements:
            plan = driver.execute_query(f"EXPLAIN {statement}", lists).summary.plan
            assert not [step for step in operators(plan) if "Scan" in step], statement
        for kind in link_types():  # what goes is looked for once, not row by row
            plan = driver.execute_query(f"EXPLAIN {of.delete_links(kind)}", rows=[]).summary.plan
            assert "Apply" not in operators(plan), kind


def operators(plan: dict) -> list[str]:
    return [plan["operatorType"], *(each for child in plan.get("children", []) for each in operators(child))]


@pytest.mark.parametrize(
    ("url", "login", "words"),
    [
        (None, {"user": "neo4j", "password": "wrong"}, "wrong user or password"),
        ("bolt://127.0.0.1:1", {"user": "neo4j", "password": "x"}, "no Neo4j answers"),
        ("bolt://nowhere.invalid:7687", {"user": "neo4j", "password": "x"}, "no Neo4j answers"),
    ],
)
def test_failures_are_one_line(
    folder: Path, neo4j_server: Neo4j, url: str | None, login: dict[str, str], words: str
) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        push(folder, url or neo4j_server.url, **login)
    assert "\n" not in str(caught.value)
    assert login["password"] not in str(caught.value).replace("wrong user or password", "")


@pytest.mark.parametrize("url", ["http://localhost:7474", "localhost", "bolt://", "bolt://me:secret@localhost"])
def test_wrong_addresses(folder: Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        push(folder, url, user="neo4j", password="x")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("agent", ["Neo4j/4.4.38", "Neo4j/3.5.0", "Memgraph/2.0", ""])
def test_old_servers_are_refused(agent: str) -> None:
    with pytest.raises(StoreError, match="Neo4j 5 or newer"):
        check_version(agent)


@pytest.mark.parametrize("agent", ["Neo4j/5.26.12", "Neo4j/2025.09.0", "Neo4j/5.0.0-drop01"])
def test_new_servers_are_taken(agent: str) -> None:
    check_version(agent)


def test_a_server_without_a_graph_says_so(folder: Path, empty_neo4j: Neo4j) -> None:
    with pytest.raises(StoreError, match="kgraph push"):
        open_store(folder, empty_neo4j.url, **empty_neo4j.login)
