"""Every format is read back by a library of its own, and says the same as the tables."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest
from conftest import BRIEF, class_path, started

from kgraph import lookup
from kgraph.errors import UsageError
from kgraph.export import EXPORTERS, LEVELS_OF, export
from kgraph.folder import Folder
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types
from kgraph.graph.push import push
from kgraph.safe_text import as_said
from kgraph.trust import LEVELS


def edges_of(graph: networkx.MultiDiGraph) -> dict[str, tuple[object, ...]]:
    """By id: ends, type, status and counts."""
    rows = graph.edges(keys=True, data=True)
    return {str(key): (a, b, d.get("relation", d.get("type")), d["status"], d["realised"], d["articles"]) for a, b, key, d in rows}


def wanted(synthetic_db: sqlite3.Connection) -> dict[str, tuple[object, ...]]:
    return {
        e.id: (e.source, e.target, e.type, e.status, e.realised, e.articles) for e in lookup.edges(synthetic_db) if e.source != e.target
    }


def test_graphml(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    export(synthetic_db, tmp_path / "g.graphml")
    graph = networkx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert edges_of(graph) == wanted(synthetic_db)
    assert {id: data["label"] for id, data in graph.nodes(data=True)} == dict(synthetic_db.execute("SELECT id, name FROM actor"))


def test_gexf_has_the_days_of_every_line(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    export(synthetic_db, tmp_path / "g.gexf")
    graph = networkx.read_gexf(tmp_path / "g.gexf")
    assert edges_of(graph) == wanted(synthetic_db)
    text = (tmp_path / "g.gexf").read_text(encoding="utf-8")
    assert 'mode="dynamic"' in text and 'timeformat="date"' in text
    days = {str(key): data.get("start") for *_, key, data in graph.edges(keys=True, data=True)}
    assert days == {e.id: e.first_reported for e in lookup.edges(synthetic_db) if e.id in days}
    assert sum(day is not None for day in days.values()) > 10


def test_csv(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    export(synthetic_db, tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as lines:
        found = [(r["sourceId"], r["targetId"], r["type"], r["status"], r["articles"]) for r in csv.DictReader(lines)]
    assert sorted(found) == sorted((a, b, t, s, str(n)) for a, b, t, s, _, n in wanted(synthetic_db).values())
    with (tmp_path / "g-actors.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["id"]: row["name"] for row in csv.DictReader(lines)} == dict(synthetic_db.execute("SELECT id, name FROM actor"))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's reader warns of rdflib's own classes
def test_jsonld(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    from rdflib import RDF, Graph, Namespace

    export(synthetic_db, tmp_path / "g.jsonld")
    graph, ns = Graph().parse(tmp_path / "g.jsonld", format="json-ld"), Namespace("https://kgraph.invalid/ns#")
    statuses = sorted(str(status) for claim in graph.subjects(RDF.type, ns.Claim) for status in graph.objects(claim, ns.status))
    assert statuses == sorted(status for (status,) in synthetic_db.execute("SELECT status FROM claim"))
    about = len(list(graph.subject_objects(ns.about)))
    assert about == synthetic_db.execute("SELECT count(*) FROM claim_evidence").fetchone()[0]
    likely = lookup.edges(synthetic_db, trust=LEVELS["likely"])
    plain = {(e.type, e.source, e.target) for e in likely if e.realised and not e.disputed}
    assert sum(len(list(graph.subject_objects(ns[type]))) for type in {type for type, *_ in plain}) == len(plain)


def test_stix(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    import stix2

    export(synthetic_db, tmp_path / "g.stix.json")
    bundle = stix2.parse((tmp_path / "g.stix.json").read_text(encoding="utf-8"), allow_custom=True)
    by_type: dict[str, list] = {}
    for each in bundle.objects:
        by_type.setdefault(each.type, []).append(each)
    ours = [next(iter(json.loads(each.serialize())["extensions"].values())) for each in by_type["relationship"]]
    assert {each["edge"]: each["status"] for each in ours} == {e.id: e.status for e in lookup.edges(synthetic_db)}
    [claims] = synthetic_db.execute("SELECT count(*) FROM claim").fetchone()
    assert len(by_type["grouping"]) == claims
    behind = [quote for quotes in lookup.quotes(synthetic_db).values() for quote in quotes]
    assert len(by_type["note"]) + len(by_type["opinion"]) == len(behind)
    assert sorted(each.explanation for each in by_type["opinion"]) == sorted(
        quote.sentence for quote in behind if quote.polarity in ("denied", "negated")
    )
    known = {each.id for each in bundle.objects}
    assert all({*each.object_refs} <= known for kind in ("grouping", "note", "opinion", "report") for each in by_type[kind])


def test_ftm(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    from followthemoney import model

    export(synthetic_db, tmp_path / "g.ftm.json")
    lines = (tmp_path / "g.ftm.json").read_text(encoding="utf-8").splitlines()
    entities = [model.get_proxy(json.loads(line)) for line in lines]
    links = {entity.first("recordId"): entity for entity in entities if entity.schema.name == "UnknownLink"}
    assert {(id, one.first("role"), one.first("status")) for id, one in links.items()} == {
        (e.id, e.type, e.status) for e in lookup.edges(synthetic_db, trust=LEVELS["likely"]) if e.realised
    }
    known = {entity.id for entity in entities}
    assert all({*one.get("subject"), *one.get("object"), *one.get("proof")} <= known for one in links.values())
    assert any(one.get("summary") for one in links.values())


def test_every_format_is_tested() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*export.py"))
    assert all(f'"{form}"' in text or f'"g{form}"' in text for form in EXPORTERS if form != ".jsonl")


@pytest.mark.parametrize("level", list(LEVELS))
def test_networks_hold_what_a_level_shows(synthetic_db: sqlite3.Connection, tmp_path: Path, level: str) -> None:
    trusts = {e.id: e.trust for e in lookup.edges(synthetic_db, trust=LEVELS[level]) if e.source != e.target}
    assert trusts and (level == "all") == (len(trusts) == len(wanted(synthetic_db)))
    export(synthetic_db, tmp_path / "g.graphml", trust=level)
    found = networkx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert {key: data["trust"] for _, _, key, data in found.edges(keys=True, data=True)} == trusts
    export(synthetic_db, tmp_path / "g.csv", trust=level)
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as lines:
        assert sorted(float(row["trust"]) for row in csv.DictReader(lines)) == sorted(trusts.values())


def test_what_holds_the_whole_graph_takes_no_level(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    for form in EXPORTERS.keys() - LEVELS_OF.keys():
        with pytest.raises(UsageError, match=r"holds all that was read, each claim with its trust: leave --trust away"):
            export(synthetic_db, tmp_path / "g", form, "likely")
    with pytest.raises(UsageError, match="there is no such level"):
        export(synthetic_db, tmp_path / "g.csv", trust="surely")


def test_every_format_says_how_surely_an_article_says_so(sample_graph: Path, tmp_path: Path) -> None:
    """All claims and lines can go out, whatever their trust; the sentences with who read them and how surely."""
    shutil.copytree(sample_graph, tmp_path / "g")
    with Folder(tmp_path / "g").read() as db:
        (id, edge), *_ = db.execute("SELECT c.id, e.id FROM claim AS c JOIN edge AS e ON e.claims = json_array(c.id) WHERE e.realised")
    with closing(sqlite3.connect(tmp_path / "g" / "evidence.db")) as writing:
        writing.execute("UPDATE evidence SET score = 0.125 WHERE id IN (SELECT evidence FROM claim_evidence WHERE claim = ?)", (id,))
        writing.execute("UPDATE claim SET trust = 0.125 WHERE id = ?", (id,))
        writing.execute("UPDATE edge SET trust = 0.125 WHERE id = ?", (edge,))
        writing.commit()
    with Folder(tmp_path / "g").read() as db:
        for ending in (".jsonl", ".csv", ".graphml", ".gexf", ".jsonld", ".stix.json", ".ftm.json"):
            export(db, tmp_path / f"g{ending}", trust="all" if ending == ".ftm.json" else None)
        claims, lines = (db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("claim", "edge"))

    def found(ending: str) -> str:
        return (tmp_path / f"g{ending}").read_text(encoding="utf-8")

    rows = [json.loads(line) for line in found(".jsonl").splitlines()]
    assert {row["trust"] for row in rows if row.get("id") in (id, edge)} == {0.125}
    evidence = [row for row in rows if row["table"] == "evidence"]
    assert {(row["reader"], row["score"]) for row in evidence if row["score"] == 0.125} == {("frames", 0.125)}
    assert len([row for row in rows if row["table"] == "claim"]) == claims
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as table:
        assert sorted(row["trust"] for row in csv.DictReader(table))[0] == "0.125"
    graphml = networkx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    gexf = networkx.read_gexf(tmp_path / "g.gexf")
    for graph in (graphml, gexf):
        trusts = {str(key): data["trust"] for *_, key, data in graph.edges(keys=True, data=True)}
        assert trusts[edge] == 0.125 and len(trusts) == lines and {*map(type, trusts.values())} == {float}
    nodes = json.loads(found(".jsonld"))["@graph"]
    assert [node["trust"] for node in nodes if node["@type"] == "Claim" and node["claimId"] == id] == [0.125]
    assert {(node["reader"], node["score"]) for node in nodes if "prov:Entity" in node["@type"] and "score" in node} >= {("frames", 0.125)}
    ours = [next(iter(each["extensions"].values())) for each in json.loads(found(".stix.json"))["objects"] if "extensions" in each]
    assert {each["trust"] for each in ours if edge == each.get("edge") or id == each.get("claim")} == {0.125}
    assert {(each["reader"], each["score"]) for each in ours if "evidence" in each} >= {("frames", 0.125)}
    links = [json.loads(line)["properties"] for line in found(".ftm.json").splitlines()]
    assert [one["description"] for one in links if one.get("recordId") == [edge]] == [["trust 0.125"]]


def test_a_wrong_ending_lists_the_formats(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.jsonl, .*neo4j-admin"):
        export(synthetic_db, tmp_path / "g.xls")


# neo4j-admin. ---------------------------------------------------------------------------------------------------------


def test_neo4j_takes_the_folder(synthetic_graph: Path, synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    """The import of the same release reads it into a fresh database, and a push finds nothing to write."""
    home = tmp_path / "neo4j"
    home.mkdir()
    jars = class_path()
    export(synthetic_db, tmp_path / "bulk", "neo4j-admin")
    command = (tmp_path / "bulk" / "import.txt").read_text(encoding="utf-8").partition("\n#")[0].replace("\\\n", " ")
    for name in ("conf", "data", "logs", "plugins", "import", "licenses"):
        (home / name).mkdir()
    done = subprocess.run(
        ["java", *BRIEF, "-cp", jars, f"-Dbasedir={home}", "org.neo4j.cli.AdminTool", *command.split()[1:]],
        cwd=tmp_path / "bulk", capture_output=True, text=True, env={"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf"), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with started(home, jars) as server:
        for statement in (tmp_path / "bulk" / "declare.cypher").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                server.run(statement)
        for kind in NODE_TYPES:
            rows = server.run(f"MATCH (n:{kind.label}) RETURN properties(n) AS own, labels(n) AS labels")
            found = sorted((row["own"] for row in rows), key=lambda own: own[kind.key])
            assert found == [without_empty({**node.properties, "hash": node.hash}) for node in iter_nodes(synthetic_db, kind)]
        for link in link_types():
            rows = server.run(f"MATCH ()-[r:{link.type}]->() RETURN properties(r) AS own")
            wished = [without_empty({**each.properties, "hash": each.hash}) for each in iter_links(synthetic_db, link)]
            assert sorted(map(repr_of, (row["own"] for row in rows))) == sorted(map(repr_of, wished))
        summary = push(synthetic_graph, server.url, **server.login)
        assert (summary.created, summary.changed, summary.deleted) == (0, 0, 0)


def without_empty(properties: dict) -> dict:
    """The import makes no property of an empty list."""
    return {name: value for name, value in properties.items() if value != []}


def repr_of(properties: dict) -> str:
    return repr(sorted(properties.items()))


def test_the_folder_has_types(synthetic_db: sqlite3.Connection, tmp_path: Path) -> None:
    export(synthetic_db, tmp_path / "bulk", "neo4j-admin")
    header = (tmp_path / "bulk" / "Claim.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert {"claimId:ID(Claim)", "realised:boolean", "articles:long", "status:string", "hash:long", ":LABEL"} <= {*header}
    assert "trust:double" in header
    for name, column in {"Evidence": "score:double", "SUPPLIES": "trust:double"}.items():
        with (tmp_path / "bulk" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            rows = [*csv.DictReader(lines)]
        assert {float(row[column]) for row in rows} <= {0.2, 0.3, 0.7, 0.95, 1.0} and len(rows) > 5
    assert re.search(r"\baliases:string\[\]", (tmp_path / "bulk" / "Actor.csv").read_text(encoding="utf-8"))


# Hostile names. -------------------------------------------------------------------------------------------------------

EVIL = "=Oban\x1b[31m\x00\x08\ufffe\uffff\u202e\r\n\x85 <b>&\"' Front"


@pytest.fixture
def hostile_db(synthetic_graph: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The graph with names, titles and ids that hold what no format wants."""
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(synthetic_graph / "evidence.db")) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for table, column in (("edge", "source"), ("edge", "target"), ("claim_role", "actor"), ("background", "source"), ("background", "target"), ("actor", "id")):
            db.execute(f"UPDATE {table} SET {column} = {column} || ? || substr({column}, -1)", ("\x01",))
        db.execute("UPDATE actor SET name = ? || id, aliases = ?", (EVIL, json.dumps(["a\x1f|b", EVIL])))
        db.execute("UPDATE edge SET status = status || ?", ("\x02",))
        db.execute("UPDATE article SET title = ? || key, outlet = ?", (EVIL, EVIL))
        yield db


def test_graphml_and_gexf_of_hostile_names_are_read(hostile_db: sqlite3.Connection, tmp_path: Path) -> None:
    actors = hostile_db.execute("SELECT count(*) FROM actor").fetchone()[0]
    for name, read in (("g.graphml", networkx.read_graphml), ("g.gexf", networkx.read_gexf)):
        export(hostile_db, tmp_path / name)
        ElementTree.parse(tmp_path / name)
        graph = read(tmp_path / name)
        assert len(graph) == actors
        assert all("Oban\ufffd[31m" in data["label"] for _, data in graph.nodes(data=True))


def test_csv_of_hostile_names_runs_nothing_and_reads_back(hostile_db: sqlite3.Connection, tmp_path: Path) -> None:
    export(hostile_db, tmp_path / "g.csv")
    for name, columns in (("g.csv", ("source", "target")), ("g-actors.csv", ("name",))):
        with (tmp_path / name).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert rows and all(row[column].startswith(f"'{EVIL}") for row in rows for column in columns)
        assert all(as_said(row[column]).startswith(EVIL) for row in rows for column in columns)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_the_other_formats_hold_hostile_names(hostile_db: sqlite3.Connection, tmp_path: Path) -> None:
    from rdflib import Graph

    for name in ("g.jsonl", "g.jsonld", "g.stix.json", "g.ftm.json"):
        export(hostile_db, tmp_path / name)
        text = (tmp_path / name).read_text(encoding="utf-8")
        found = [json.loads(line) for line in text.split("\n") if line] if name in ("g.jsonl", "g.ftm.json") else json.loads(text)
        assert found and "Oban" in text and "\x1b" not in text
    assert len(Graph().parse(tmp_path / "g.jsonld", format="json-ld"))
    export(hostile_db, tmp_path / "bulk", "neo4j-admin")
    actors = (tmp_path / "bulk" / "Actor.csv").read_text(encoding="utf-8")
    assert '"=Oban' in actors and "'=Oban" not in actors  # a database takes what was said
    assert "a\ufffd|b\x1f=Oban" in actors  # and a list of two stays one of two
