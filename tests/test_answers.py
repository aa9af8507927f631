"""What saved questions answer, beside what one finds by reading the tables row by row, in Python alone."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from synthetic import write_graph

from kgraph.folder import Folder
from kgraph.graph import Store, open_store
from kgraph.graph.questions import GIVEN, find_question, read_values

Rows = list[tuple[Any, ...]]


class Tables:
    """The tables as lists of dictionaries, with claims and edges from some trust on."""

    def __init__(self, db: sqlite3.Connection, trust: float) -> None:
        db.row_factory = sqlite3.Row

        def read(table: str) -> list[dict[str, Any]]:
            return [dict(row) for row in db.execute(f"SELECT * FROM {table}")]

        self.claim, self.claim_role, self.claim_evidence = read("claim"), read("claim_role"), read("claim_evidence")
        self.evidence, self.speaker, self.article = read("evidence"), read("speaker"), read("article")
        self.edge, self.resolution = read("edge"), read("resolution")
        self.claim, self.edge = ([row for row in rows if row["trust"] >= trust] for rows in (self.claim, self.edge))
        ids = {claim["id"] for claim in self.claim}
        self.claim_evidence = [row for row in self.claim_evidence if row["claim"] in ids]

    def edges(self, *types: str) -> list[dict[str, Any]]:
        return [edge for edge in self.edge if edge["type"] in types]

    def fillers(self, claim: str, role: str) -> list[str]:
        return [row["actor"] for row in self.claim_role if (row["claim"], row["role"]) == (claim, role)]

    def behind(self, claim: str) -> list[dict[str, Any]]:
        ids = {row["evidence"] for row in self.claim_evidence if row["claim"] == claim}
        return [row for row in self.evidence if row["id"] in ids]

    def published(self, evidence: dict[str, Any]) -> str | None:
        return next(row["published"] for row in self.article if row["key"] == evidence["article"])


@pytest.fixture(scope="module", params=[(3, 0.0), (8, 0.0), (3, 0.6)], ids=str)
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tables, Store, float]]:
    folder: Path = tmp_path_factory.mktemp("answers") / "g.kg"
    seed, trust = request.param
    write_graph(folder, seed, actors=36, claims=300)
    with Folder(folder).read() as db, open_store(folder) as store:
        yield Tables(db, trust), store, trust


def fights(t: Tables) -> set[tuple[str, str]]:
    return {tuple(sorted((e["source"], e["target"]))) for e in t.edges("FIGHTS", "ATTACKS") if e["source"] != e["target"]}  # type: ignore[misc]


def money_flows(t: Tables) -> Rows:
    return [(e["id"],) for e in t.edges("FUNDS")]


def arms_both_sides(t: Tables) -> Rows:
    """Every two supplies of one supplier to the two sides, for each type of fight between them."""
    found = set()
    for x, y in product(t.edges("SUPPLIES"), repeat=2):
        for f in t.edges("FIGHTS", "ATTACKS"):
            if x["source"] == y["source"] and x["target"] < y["target"] and {x["target"], y["target"]} == {f["source"], f["target"]}:
                found.add((x["id"], y["id"], f["type"]))
    return sorted(found)


def single_origin(t: Tables) -> Rows:
    return [(c["id"], c["articles"]) for c in t.claim if c["origins"] == 1]


def agreed_then_done(t: Tables) -> Rows:
    rows: Rows = []
    for claim in t.claim:
        days = [(t.published(e), e) for e in t.behind(claim["id"])]
        agreed = [d for d, e in days if d and e["stage"] in ("agreed", "planned", "requested")]
        done = [d for d, e in days if d and e["stage"] == "done" and e["polarity"] == "affirmed"]
        pairs = [(a, b) for a in agreed for b in done if b > a]
        if pairs:
            rows.append((claim["id"], min(a for a, _ in pairs), min(b for _, b in pairs)))
    return rows


def known_on(t: Tables) -> Rows:
    rows: Rows = []
    for claim in t.claim:
        days = [t.published(e) for e in t.behind(claim["id"]) if e["polarity"] == "affirmed"]
        if until := [day for day in days if day and day <= "2023-09-01"]:
            rows.append((claim["id"], len(until), min(until)))
    return rows


def contradicted(t: Tables) -> Rows:
    actor_of = {(row["article"], row["local"]): row["actor"] for row in t.resolution}
    article_of = {row["id"]: row["article"] for row in t.evidence}
    disputed = {c["id"]: c["disputed"] for c in t.claim}
    said: dict[str, set[str]] = {}
    for speaker in t.speaker:
        if actor := actor_of.get((article_of[speaker["evidence"]], speaker["local"])):
            claims = {row["claim"] for row in t.claim_evidence if row["evidence"] == speaker["evidence"]}
            said.setdefault(actor, set()).update(claims)
    return [(actor, len(claims), sum(disputed[claim] for claim in claims)) for actor, claims in said.items()]


def most_connected(t: Tables) -> Rows:
    ties, others, real = Counter[str](), dict[str, set[str]](), Counter[str]()
    for edge in t.edge:
        for own, other in {(edge["source"], edge["target"]), (edge["target"], edge["source"])}:
            ties[own] += 1
            real[own] += edge["realised"]
            others.setdefault(own, set()).add(other)
    return [(actor, n, len(others[actor]), real[actor]) for actor, n in ties.items()]


def shortest_ties(t: Tables) -> Rows:
    near: dict[str, set[str]] = {}
    for edge in t.edge:
        if edge["realised"]:
            near.setdefault(edge["source"], set()).add(edge["target"])
            near.setdefault(edge["target"], set()).add(edge["source"])
    seen, rim = {"state:000": 0}, {"state:000"}
    for step in (1, 2, 3):
        rim = {other for actor in rim for other in near.get(actor, ())} - seen.keys()
        seen |= dict.fromkeys(rim, step)
    return [(actor, steps) for actor, steps in seen.items() if steps]


def carriers(t: Tables) -> Rows:
    """A row for each way to choose one of each role."""
    rows: Rows = []
    for claim in t.claim:
        if claim["type"] == "SUPPLIES":
            roles = [t.fillers(claim["id"], role) for role in ("supplier", "carrier", "recipient")]
            rows += [(claim["id"],) for _ in product(*roles, t.fillers(claim["id"], "item") or [None])]
    return rows


def maker_to_user(t: Tables) -> Rows:
    had = t.edges("ACQUIRES", "POSSESSES")
    return [
        (p["id"], q["id"]) for p in t.edges("MANUFACTURES") for q in had
        if p["target"] == q["target"] and p["source"] != q["source"]
    ]  # fmt: skip


def brokers(t: Tables) -> Rows:
    ties = t.edges("MEDIATES", "MEETS_WITH", "AGREES_WITH")
    found: Rows = []
    for a, b in fights(t):
        for r, q in product(ties, repeat=2):
            ends_r, ends_q = {r["source"], r["target"]}, {q["source"], q["target"]}
            if a in ends_r and b in ends_q:
                found += [(r["id"], q["id"]) for m in (ends_r - {a}) & (ends_q - {b}) if m not in (a, b)]
    return found


def shared_suppliers(t: Tables) -> Rows:
    of: dict[str, set[str]] = {}
    for edge in t.edges("SUPPLIES"):
        of.setdefault(edge["target"], set()).add(edge["source"])
    return [(len(of[a] & of[b]),) for a, b in combinations(sorted(of), 2) if of[a] & of[b]]


def who_is_where(t: Tables) -> Rows:
    return [(e["id"],) for e in t.edges("ACTIVE_IN", "DEPLOYS_TO", "CONTROLS", "SEIZES", "ATTACKS") if e["target"] == "state:000"]


# Each question, what is asked, the columns that are compared, and the reading.
CASES: list[tuple[str, dict[str, str], tuple[str, ...], Callable[[Tables], Rows]]] = [
    ("money-flows", {}, ("edge",), money_flows),
    ("arms-both-sides", {}, ("edge1", "edge2", "between"), arms_both_sides),
    ("single-origin", {}, ("claim", "articles"), single_origin),
    ("agreed-then-done", {}, ("claim", "agreed", "done"), agreed_then_done),
    ("known-on", {"day": "2023-09-01"}, ("claim", "sentences", "since"), known_on),
    ("contradicted", {}, ("actor", "claims", "disputed"), contradicted),
    ("most-connected", {"most": "1000"}, ("id", "ties", "others", "realised"), most_connected),
    ("shortest-ties", {"actor": "state:000"}, ("id", "steps"), shortest_ties),
    ("carriers", {}, ("claim",), carriers),
    ("maker-to-user", {}, ("edge1", "edge2"), maker_to_user),
    ("brokers", {}, ("edge1", "edge2"), brokers),
    ("shared-suppliers", {}, ("shared",), shared_suppliers),
    ("who-is-where", {"place": "state:000"}, ("edge",), who_is_where),
]


@pytest.mark.parametrize(("name", "values", "compared", "read"), CASES, ids=[case[0] for case in CASES])
def test_answers_are_what_the_tables_say(
    graph: tuple[Tables, Store, float], name: str, values: dict[str, str], compared: tuple[str, ...], read: Callable[[Tables], Rows]
) -> None:
    tables, store, trust = graph
    question = find_question(name)
    rows = store.ask(question.text, read_values(question, values, str) | {GIVEN: trust}).rows
    wanted = read(tables)
    assert wanted, "the graph has nothing of this: the test says nothing"
    assert Counter(tuple(row[column] for column in compared) for row in rows) == Counter(wanted)
