"""Whatever changes: what follows is brought up to date to exactly what computing everything gives, and the journal knows."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from plain_projection import load_rows, project

from kgraph.build import bring_up_to_date
from kgraph.build.summary import Summary
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.decisions import Decision, add_decision, load_decisions, undo
from kgraph.export.canonical import canonical_lines
from kgraph.folder import Folder
from kgraph.folder.articles import list_keys
from kgraph.folder.journal import find_state, touched_since
from kgraph.folder.readings import write_reading
from kgraph.folder.tables import FOLLOWS
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types
from kgraph.projection.update import FEW, lay_over
from kgraph.projection.update.decisions import can_follow
from kgraph.records import (
    Article,
    Evidence,
    Filler,
    Kind,
    LocalActor,
    Mention,
    Reading,
    Speaker,
    Stance,
    Status,
    digest,
)
from kgraph.schema import load_schema
from kgraph.trust import LEVELS, level_of

# Who is named: some in the catalogue, some with a row that the text fits, some nobody outside their article.
NAMES = [
    ("Russia", "State", None), ("Syria", "State", None), ("Quds Force", "Organization", None), ("Hezbollah", "Group", None),
    ("Bashar al-Assad", "Person", None), ("Oban Front", "Group", None), ("OBAN FRONT", "Group", "group:hezbollah"),
    ("Oban Front", "Organization", "state:syria"), ("Obani", "Group", None), ("Obani", "Group", "group:hezbollah"),
    ("Oban Army", "Group", None), ("Raqqa", "Place", None), ("Karibo Pass", "Place", None), ("S-300", "WeaponSystem", None),
]  # fmt: skip
TYPES = ("SUPPLIES", "CONTROLS", "ALLIED_WITH", "LEADS", "ATTACKS", "CONTROLS")


@cache
def small_catalogue() -> Catalogue:
    """The rows of the catalogue that the names need, and what they are part of."""
    whole = load_catalogue()
    wanted = {entry.id for name, _, _ in NAMES for entry in whole.lookup(name)}
    for _ in range(3):
        ties = [whole.entries[id] for id in wanted]
        wanted |= {part.partition("@")[0] for entry in ties for part in entry.part_of}
        wanted |= {office.target for entry in ties for office in entry.offices} | {e.family for e in ties if e.family}
    entries = {id: entry for id, entry in whole.entries.items() if id in wanted}
    names = {name: kept for name, some in whole.names.items() if (kept := tuple(e for e in some if e.id in wanted))}
    return Catalogue(entries, names, "small")


def made_reading(chance: random.Random) -> Reading:
    """One of eight articles, as it is now: up to four sentences on anybody."""
    key = f"article {chance.randrange(8)}"
    named = [LocalActor(f"{name} {number}", name, Kind(kind), entry, chance.choice((None, "state:mali")), (name, f"the {name}"))
             for number, (name, kind, entry) in enumerate(chance.sample(NAMES, 6))]  # fmt: skip
    text, evidence, mentions = chance.choice(("(Reuters) - ", "")), [], []
    for _ in range(chance.randrange(5)):
        type = load_schema()[chance.choice(TYPES)]
        fillers, at = [], len(text)
        for role in type.roles:
            for actor in chance.sample(named, chance.choice((0, 1, 1, 1, 1, 2))):
                fillers.append(Filler(role, actor.local, actor.name, len(text), len(text) + len(actor.name)))
                mentions.append(Mention(actor.local, len(text), len(text) + len(actor.name), actor.name, "model"))
                text += actor.name + " "
        sentence, status = f"{text[at:]}{type.name.lower()}.", chance.choice([*Status])
        text = f"{text[:at]}{sentence} "
        speakers = tuple(Speaker(a.name, a.local if chance.random() < 0.7 else None) for a in chance.sample(named, chance.randrange(3)))  # fmt: skip
        stance = Stance(
            "denied" if status is Status.DENIED else "negated" if status is Status.NEGATED else "affirmed",
            chance.choice(("done", "ongoing", "agreed", "stopped")), chance.choice(("certain", "certain", "possible")),
            chance.random() < 0.1, "attributed" if speakers else "author", speakers,
        )  # fmt: skip
        id = digest(key, sentence, type.name, str(len(evidence)))
        evidence.append(Evidence(id, id, key, type.name, tuple(fillers), sentence, at, at + len(sentence), "x", at, at + 1, "f",
                                 "frames", chance.choice((0.3, 0.61, 0.7, 0.95, 1.0)), status, stance, chance.choice((None, "2024-01-01"))))  # fmt: skip
    day, outlet = chance.choice((None, "2024-05-01", "2024-05-02")), chance.choice((None, "The Daily", "Reuters"))
    return Reading(Article(key, digest(text), key, text, day, outlet), tuple(named), tuple(mentions), tuple(evidence), 1)


class Life:
    """A graph folder to which anything happens, and what its articles say."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance, self.left = folder, random.Random(seed), dict[str, Reading]()

    def step(self) -> None:
        """Some articles come, change or go, some decisions are made or taken back; then all is brought up to date."""
        chance, gone = self.chance, list[str]()
        with Folder(self.folder).write() as db:
            for _ in range(chance.choice((0, 1, 1, 2))):
                reading = made_reading(chance)
                write_reading(db, reading, "reader")
                self.left[reading.article.key] = reading
            for _ in range(chance.choice((0, 0, 1, 1, 2))):
                self.decide(db)
            if chance.random() < 0.3 and (keys := list_keys(db)):
                gone = [key for key in [chance.choice(keys)] if not db.execute("SELECT 1 FROM pending.article WHERE key = ?", (key,)).fetchone()]  # fmt: skip
                for key in gone:
                    del self.left[key]
            bring_up_to_date(db, small_catalogue(), Summary(), model="model", gone=gone)

    def some(self, db: sqlite3.Connection, sql: str, other: str) -> str:
        """An id that a query gives, or at times one that nothing has."""
        ids = [id for (id,) in db.execute(sql)]
        return str(self.chance.choice(ids)) if ids and self.chance.random() < 0.95 else other

    def decide(self, db: sqlite3.Connection) -> None:
        chance, file = self.chance, Folder(self.folder).decisions
        if chance.random() < 0.25 and (standing := load_decisions(file)):
            undo(file, chance.choice(standing).id)
            return
        evidence = self.some(db, "SELECT id FROM told ORDER BY id", "no evidence")
        claim = self.some(db, "SELECT id FROM claim UNION SELECT claim FROM rejected ORDER BY 1", "no claim")
        one, other = (self.some(db, "SELECT id FROM actor UNION SELECT old FROM redirect ORDER BY 1", "group:nobody") for _ in "12")
        article = self.some(db, "SELECT key FROM main.article ORDER BY key", "no article")
        anchor = db.execute("SELECT article, sentence, type FROM evidence WHERE id = ?", (evidence,)).fetchone()
        actors = [actor for (actor,) in db.execute("SELECT DISTINCT r.actor FROM filler AS f JOIN evidence AS e ON e.id = f.evidence JOIN resolution AS r ON r.article = e.article AND r.local = f.local WHERE e.id = ?", (evidence,))]  # fmt: skip
        lost = {"article": anchor[0], "sentence": anchor[1], "type": anchor[2], "actors": actors} if anchor else {}
        role = chance.choice(("supplier", "recipient", "agent", "target", "party", "leader"))
        if one == other:
            other = "state:mali" if one != "state:mali" else "state:iran"
        verdict = chance.choice(("accept", "reject", "disbelieve"))
        made = chance.choice((
            (verdict, evidence), (verdict, claim), (verdict, "an older id", "", "", lost),
            ("edit", evidence, chance.choice(("asserted", "planned", "denied")), "status"),
            ("edit", evidence, chance.choice((one, "")), f"role:{role}"), ("edit", evidence, "2023-01-01", "eventFrom"),
            ("add", article, "", "", {"type": "SUPPLIES", "roles": {"supplier": [one], "recipient": [other]}, "sentence": "x", "status": "asserted"}),
            ("edit", evidence, chance.choice((one, "")), f"role:{role}", {"instead": chance.choice(actors or [other])}),
            ("add", "cited:A yearbook", "", "", {"type": "CONTROLS", "roles": {"agent": [one], "target": ["place:karibo-pass"]},
             "sentence": chance.choice(("one", "two")), "status": "asserted", "source": {"outlet": "The Press", "published": "2024-05-01"}}),
            ("same", one, other), ("same", one, other), ("not_same", one, other), ("unsure", one, other),
            ("kind", one, "Organization"), ("credibility", claim, "5"), ("outlet", "the daily", "B"), ("comment", evidence),
            ("actor", "group:karibo", "", "", {"name": chance.choice(("Karibo", "Obani")), "kind": "Group"}),
        ))  # fmt: skip
        action, target, value, field, details = (*made, "", "", {})[:5]
        add_decision(file, action, target, value, field=field, details=details)  # type: ignore[arg-type]


def graph(db: sqlite3.Connection) -> dict[tuple[str, str], set[int]]:
    """What a store would hold, by what its journal notes of it."""
    found: dict[tuple[str, str], set[int]] = {}
    for node in NODE_TYPES:
        for one in iter_nodes(db, node):
            found.setdefault((node.label.lower(), one.key), set()).add(one.hash)
    for link in link_types():
        for each in iter_links(db, link):
            if link.source != "Actor":
                found.setdefault((link.source.lower(), each.source), set()).add(each.hash ^ each.identity)
    return found


def assert_follows(db: sqlite3.Connection, folder: Path) -> None:
    """The stored tables are those that all the evidence gives."""
    decisions = load_decisions(Folder(folder).decisions)
    plain = project(load_rows(db), small_catalogue(), decisions)
    lay_over(db, small_catalogue(), decisions, {})
    for table in FOLLOWS:
        kept, fresh = ({*db.execute(f"SELECT * FROM {home}.{table}")} for home in ("main", "temp"))
        assert kept == fresh, table
        assert kept == {*getattr(plain, table, kept)}, table
        db.execute(f"DROP TABLE temp.{table}")
    untrue = """SELECT id FROM claim AS c WHERE trust <> iif(review_status IS NULL, (SELECT max(score) FROM claim_evidence AS e
                JOIN told ON told.id = e.evidence WHERE e.claim = c.id), 1.0)"""
    assert not db.execute(untrue).fetchall()


def assert_remembered(db: sqlite3.Connection) -> None:
    """The history of claims ends with what they are."""
    last = dict(db.execute("SELECT claim, what FROM past_claim AS p WHERE change = (SELECT max(change) FROM past_claim WHERE claim = p.claim)"))  # fmt: skip
    now = {id for (id,) in db.execute("SELECT id FROM claim")}
    assert now == {claim for claim, what in last.items() if what != "gone"}
    state = "id, type, text, status, latest_status, stage, realised, current, disputed, articles, origins, denying_origins, review_status"
    past = "SELECT claim, type, text, status, latest_status, stage, realised, current, disputed, articles, origins, denying_origins, review_status FROM past_claim AS p WHERE change = (SELECT max(change) FROM past_claim WHERE claim = p.claim) AND what <> 'gone'"  # fmt: skip
    assert {*db.execute(f"SELECT {state} FROM claim")} == {*db.execute(past)}
    trusts = {id: (now, before) for id, now, before in db.execute(f"SELECT c.id, c.trust, p.trust FROM claim AS c JOIN ({past.replace('SELECT claim', 'SELECT claim, trust', 1)}) AS p ON p.claim = c.id")}  # fmt: skip
    assert trusts.keys() == now and all(level_of(one) == level_of(other) for one, other in trusts.values())


def steps(life: Life, count: int) -> Iterator[None]:
    for _ in range(count):
        life.step()
        yield


@pytest.mark.parametrize("seed", range(6))
def test_what_follows_is_always_what_all_the_evidence_gives(seed: int, tmp_path: Path) -> None:
    life, before, state = Life(tmp_path / "g", seed), dict[tuple[str, str], set[int]](), None
    articles: dict[tuple[str, str], tuple[str, str]] = {}  # on which what an evidence says by whom and when hangs too
    for _ in steps(life, 25):
        with Folder(life.folder).read() as db:
            now, journal = graph(db), state and touched_since(db, state)
            differing = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
            if journal is not None:
                noted = {(what, key) for what, keys in journal.items() for key in keys}
                articles |= {("evidence", id): ("article", key) for id, key in db.execute("SELECT id, article FROM told")}
                assert all(one in noted or articles.get(one) in noted for one in differing)
            assert_remembered(db)
            assert_follows(db, life.folder)
            before, state = now, find_state(db)
    assert state
    with Folder(tmp_path / "anew").write() as db:
        for reading in life.left.values():
            write_reading(db, reading, "reader")
        if Folder(life.folder).decisions.exists():
            Folder(tmp_path / "anew").decisions.write_bytes(Folder(life.folder).decisions.read_bytes())
        bring_up_to_date(db, small_catalogue(), Summary(), model="model")
    with Folder(life.folder).read() as one, Folder(tmp_path / "anew").read() as other:
        assert [*canonical_lines(one)] == [*canonical_lines(other)]


def test_decisions_in_another_order_are_computed_anew(tmp_path: Path) -> None:
    first, second = Decision("kind", "a", "Group"), Decision("kind", "a", "Person")
    with Folder(tmp_path / "g").write() as db:
        Folder(tmp_path / "g").decisions.write_text("")
        for one in (first, second):
            add_decision(Folder(tmp_path / "g").decisions, one.action, one.target, one.value)
        kept = load_decisions(Folder(tmp_path / "g").decisions)
        bring_up_to_date(db, small_catalogue(), Summary())
        assert can_follow(db, kept) and can_follow(db, kept[1:]) and not can_follow(db, kept[::-1])
        assert not can_follow(db, (*kept, Decision("actor", "group:new", details={"name": "New", "kind": "Group"})))


def test_many_articles_at_once_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FEW > 1
    monkeypatch.setattr("kgraph.projection.update.FEW", 0)
    life = Life(tmp_path / "g", 99)
    for _ in steps(life, 5):
        with Folder(life.folder).read() as db:
            assert_follows(db, life.folder)


def attack(score: float) -> Reading:
    """An article that says one thing, read with a score."""
    actors = tuple(LocalActor(name, name, Kind.STATE, "", None, (name,)) for name in ("Iran", "Russia"))
    fillers = (Filler("attacker", "Iran", "Iran", 0, 4), Filler("target", "Russia", "Russia", 14, 20))
    evidence = Evidence("e", "e", "a", "ATTACKS", fillers, "Iran attacked Russia.", 0, 21, "attacked", 5, 13, "f", "frames",
                        score, Status.ASSERTED, Stance())  # fmt: skip
    return Reading(Article("a", f"{score}", "a", "Iran attacked Russia.", None, None), actors, (), (evidence,), 1)


def test_history_has_a_change_of_trust_only_where_it_is_another_level(tmp_path: Path) -> None:
    sure, likely = LEVELS["sure"], LEVELS["likely"]
    nearly_sure, unlikely = round(sure - 0.001, 3), round(likely - 0.001, 3)
    read = [sure, 1.0, nearly_sure, likely, unlikely, 0.0, likely]
    states: list[tuple[object, ...]] = []
    for score in read:
        with Folder(tmp_path / "g").write() as db:
            write_reading(db, attack(score), "reader")
            bring_up_to_date(db, small_catalogue(), Summary(), model="model")
            states += db.execute("SELECT c.trust, e.trust FROM claim AS c, edge AS e").fetchall()
    assert states == [(score, score) for score in read]
    with Folder(tmp_path / "g").read() as db:
        noted = db.execute("SELECT change, what, trust FROM past_claim ORDER BY change").fetchall()
        journal = {key for (key,) in db.execute("SELECT key FROM touched WHERE what = 'claim'")}
        assert journal == {id for (id,) in db.execute("SELECT id FROM claim")}
    assert noted == [(1, "new", sure), (3, "changed", nearly_sure), (5, "changed", unlikely), (7, "changed", likely)]


def test_levels_go_by_the_least_trust_of_each() -> None:
    assert [level_of(trust) for trust in (1.0, LEVELS["sure"], LEVELS["sure"] - 0.001)] == ["sure", "sure", "likely"]
    assert [level_of(trust) for trust in (LEVELS["likely"], LEVELS["likely"] - 0.001, 0.0)] == ["likely", "all", "all"]
