"""Measures of the graph on small graphs whose answers one can see."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import networkx
import pytest
from click.testing import CliRunner

from kgraph.cli import main
from kgraph.errors import UsageError
from kgraph.lookup import networks
from kgraph.lookup.networks import (
    EDGE_VALUES,
    brokers,
    central,
    communities,
    community_changes,
    load_graph,
    neighbourhood,
)


def graph_of(*edges: str) -> networkx.MultiDiGraph:
    graph = networkx.MultiDiGraph()
    graph.add_edges_from((edge[0], edge[1]) for edge in edges)
    return graph


def test_the_graph_has_everything(synthetic_db: sqlite3.Connection) -> None:
    graph = load_graph(synthetic_db)
    rows = synthetic_db.execute(
        "SELECT id, source, target, type, status, articles FROM edge WHERE source <> target"
    ).fetchall()
    found = [(key, a, b, d["type"], d["status"], d["articles"]) for a, b, key, d in graph.edges(keys=True, data=True)]
    assert sorted(found) == sorted(rows)
    assert all({*EDGE_VALUES, "tie"} == data.keys() for *_, data in graph.edges(data=True))
    assert all({"name", "kind", "country", "aliases", "articles"} == data.keys() for _, data in graph.nodes(data=True))


def test_slices(synthetic_db: sqlite3.Connection) -> None:
    arms = load_graph(synthetic_db, types=("SUPPLIES",), realised=True)
    assert arms.number_of_edges()
    assert {(d["type"], d["realised"]) for *_, d in arms.edges(data=True)} == {("SUPPLIES", True)}
    early = load_graph(synthetic_db, until="2023-06-01")
    assert 0 < early.number_of_edges() < load_graph(synthetic_db).number_of_edges()
    assert all(d["firstReported"] <= "2023-06-01" for *_, d in early.edges(data=True))
    late = load_graph(synthetic_db, since="2024-01-01")
    assert late.number_of_edges() and all(d["lastReported"] >= "2024-01-01" for *_, d in late.edges(data=True))
    assert (
        len(load_graph(synthetic_db, everyone=True)) == synthetic_db.execute("SELECT count(*) FROM actor").fetchone()[0]
    )


def test_central_counts_whom_one_reaches() -> None:
    [first, second, *_] = central(graph_of("ab", "bc", "cd", "xc"))
    assert (first.actor, first.reaches, first.out, first.into, first.neighbours) == ("a", 3, 1, 0, 1)
    assert (second.actor, second.reaches) == ("b", 2)


def test_brokers_stand_between_who_has_no_tie() -> None:
    found = {one.actor: one for one in brokers(graph_of("am", "bm", "cm", "ab"))}
    assert found.keys() == {"m"}
    assert (found["m"].pairs, found["m"].cuts) == (2, True)
    assert found["m"].between == pytest.approx(2 / 3, abs=1e-6)


def test_communities_and_what_became_of_them() -> None:
    early = communities(graph_of("ab", "bc", "ca", "xy", "yz", "zx", "cx"))
    assert early == [frozenset("abc"), frozenset("xyz")]
    late = communities(graph_of("ab", "bx", "xa", "yz", "zw", "wy", "xy"))
    changes = community_changes(early, late)
    assert [(set(c.members), set(c.joined), set(c.left)) for c in changes] == [
        (set("abx"), {"x"}, {"c"}),
        (set("wyz"), {"w"}, {"x"}),
    ]


def test_a_community_that_is_gone_is_said() -> None:
    [kept, gone] = community_changes([frozenset("ab"), frozenset("xy")], [frozenset("abc")])
    assert (kept.joined, gone.members, gone.left) == (frozenset("c"), frozenset(), frozenset("xy"))


def test_communities_are_always_the_same(synthetic_db: sqlite3.Connection) -> None:
    assert communities(load_graph(synthetic_db)) == communities(load_graph(synthetic_db))


def test_neighbourhood() -> None:
    graph = graph_of("ab", "cb", "cd", "de")
    assert set(neighbourhood(graph, "b")) == set("abc")
    assert set(neighbourhood(graph, "b", 2)) == set("abcd")
    with pytest.raises(UsageError, match="no ties"):
        neighbourhood(graph, "z")


def test_conflict_joins_nobody() -> None:
    assert "ATTACKS" not in networks.friendly_types() and "SUPPLIES" in networks.friendly_types()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["central", "--type", "SUPPLIES", "--most", "3"], "reaches"),
        (["brokers", "--format", "csv"], "name,kind,pairs,between,cuts,actor"),
        (["communities", "--before", "2023-06-01", "--after", "2024-06-01"], "joined"),
        (["near", "state:000", "--hops", "2", "--realised"], "edge"),
    ],
)
def test_commands(synthetic_graph: Path, arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(main, [*arguments, "-g", str(synthetic_graph)])
    assert done.exit_code == 0, done.output
    assert words in done.stdout.splitlines()[0]
    assert len(done.stdout.splitlines()) > 1


def test_wrong_types_are_said(synthetic_graph: Path) -> None:
    done = CliRunner().invoke(main, ["central", "--type", "SUPPLYS", "-g", str(synthetic_graph)])
    assert done.exit_code == 2 and "no edges of type SUPPLYS" in done.stderr
