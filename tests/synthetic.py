"""A graph folder filled by a seed: everything that the tables allow, whether or not a text would ever say it."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import date, timedelta
from pathlib import Path

from kgraph.articles.addresses import canonical
from kgraph.folder import Folder
from kgraph.folder.database import get_meta, set_meta, transaction
from kgraph.folder.digests import sign_readings
from kgraph.records import Kind, digest
from kgraph.schema import RelationType, load_schema

STATUSES = ("asserted", "reported", "ended", "planned", "possible", "denied", "negated")
STAGES = ("done", "ongoing", "agreed", "planned", "requested", "stopped")
SCORES = (1.0, 0.3, 0.95, 0.7, 0.2)  # of evidence, in turn
NAMES = (
    "Wagner",
    "Hezbollah",
    "Ansar 'Allah",
    'Kata"ib',
    "Türkiye",
    "Россия",
    "Quds Force",
    "Pantsir",
    "Syria",
    "O\\Neill",
)


def write_graph(folder: Path, seed: int, *, actors: int = 40, claims: int = 120) -> None:
    """Fills a new graph folder."""
    with Folder(folder).write() as db, transaction(db):
        Synthetic(db, random.Random(seed)).write(actors, claims)
        sign_readings(db)
        set_meta(db, "changes", "1")


def change_graph(folder: Path, *statements: str) -> None:
    """Changes a graph folder behind the back of everything that computes one."""
    with Folder(folder).write() as db, transaction(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        for statement in statements:
            db.execute(statement)
        set_meta(db, "changes", str(int(get_meta(db, "changes") or 0) + 1))


class Synthetic:
    """Writes rows into the tables of tables.sql, by chance."""

    def __init__(self, db: sqlite3.Connection, chance: random.Random) -> None:
        self.db, self.chance = db, chance
        self.actors: dict[str, str] = {}  # id → kind
        self.articles: list[str] = []
        self.evidence = 0

    def write(self, actors: int, claims: int) -> None:
        for number in range(actors):
            self.add_actor(number)
        for number in range(max(claims // 6, 2)):
            self.add_article(number)
        types = list(load_schema().values())
        for _ in range(claims):
            self.add_claim(self.chance.choice([*types, types[0], types[0], *types[:7]]))
        self.add_conflicts()
        self.add_edges()
        self.add_background()

    def day(self) -> str:
        return (date(2023, 1, 1) + timedelta(self.chance.randrange(500))).isoformat()

    def maybe(self, value: str, often: float = 0.7) -> str | None:
        return value if self.chance.random() < often else None

    def add_actor(self, number: int) -> None:
        kind = list(Kind)[number % len(Kind)] if number < 24 else self.chance.choice(list(Kind))
        name = self.chance.choice(NAMES)
        key = f"{kind.value.lower()}:{number:03}"
        aliases = sorted({f"{name[:3]}-{n}" for n in range(self.chance.randrange(4))})
        self.actors[key] = kind.value
        self.insert(
            "actor",
            key,
            f"{name} {number}",
            kind.value,
            json.dumps(aliases, ensure_ascii=False),
            self.maybe("state:000", 0.4),
            self.chance.randrange(1, 9),
            int(number % 3 > 0),
        )

    def add_article(self, number: int) -> None:
        key = f"https://news.example/{number:03}?a=\"b\"&c='d'"
        self.articles.append(key)
        self.insert(
            "article",
            key,
            digest(key),
            f'Title "{number}"',
            "The text.",
            self.maybe(self.day(), 0.8),
            self.maybe("The Daily"),
            key,
            None,
            None,
            canonical(key),
            "en",
            "[]",
            self.chance.choice(self.articles),
            None,
            None,
            "f",
            "2024-01-01T00:00:00",
            "",
        )
        for actor in self.chance.sample(sorted(self.actors), 12):
            self.insert("local_actor", key, actor, actor, self.actors[actor], actor, None, "[]")
            self.insert("resolution", key, actor, actor)
            for start in range(self.chance.randrange(1, 4)):
                self.insert("mention", key, actor, start, start + 3, "abc", "catalogue")

    def fill(self, relation: RelationType) -> dict[str, list[str]]:
        """Fillers for the roles: both key roles mostly, further ones at times."""
        filled: dict[str, list[str]] = {}
        for role in relation.roles:
            fitting = [actor for actor, kind in self.actors.items() if Kind(kind) in relation.kinds[role]]
            if role in relation.key_roles[:1] or self.chance.random() < (0.95 if role in relation.key_roles else 0.5):
                taken = filled.setdefault(role, [])
                taken.append(self.chance.choice([each for each in fitting[:8] if each not in taken]))
        return filled

    def add_claim(self, relation: RelationType) -> None:
        filled = self.fill(relation)
        key = digest(relation.name, json.dumps([filled.get(role) for role in relation.identity]))
        if self.db.execute("SELECT 1 FROM claim WHERE id = ?", (key,)).fetchone():
            return
        status = self.chance.choice(STATUSES)
        realised = status in ("asserted", "reported", "ended")
        published = sorted(filter(None, (self.maybe(self.day(), 0.85) for _ in range(2))))
        self.insert(
            "claim", key, relation.name, f"{relation.name} of {filled}", status, self.chance.choice((status, *STATUSES)),
            int(realised), int(realised and status != "ended"), int(self.chance.random() < 0.2),
            "done" if realised else self.chance.choice(STAGES), self.chance.randrange(1, 5), self.chance.randrange(0, 4),
            self.chance.randrange(0, 2), published[0] if published else None, published[-1] if published else None,
            self.maybe(self.day(), 0.3), None, self.maybe(self.day(), 0.3), self.maybe(self.day(), 0.2), None, 0.0, None,
        )  # fmt: skip
        for role, actors in filled.items():
            for actor in set(actors):
                self.insert("claim_role", key, role, actor, self.chance.randrange(1, 5))
        for _ in range(self.chance.randrange(1, 4)):
            self.add_evidence(key, relation.name, status)
        best = "SELECT max(score) FROM claim_evidence JOIN evidence ON id = evidence WHERE claim = claim.id"
        self.db.execute(f"UPDATE claim SET trust = ({best}) WHERE id = ?", (key,))

    def add_evidence(self, claim: str, relation: str, status: str) -> None:
        self.evidence += 1
        key, article = f"e{self.evidence:05}", self.chance.choice(self.articles)
        status = self.chance.choice((status, status, *STATUSES))
        polarity = status if status in ("denied", "negated") else "affirmed"
        self.insert(
            "evidence", key, digest(claim), article, relation, f'Sentence {self.evidence}: "it\'s so", said Türkiye.', 10, 40,
            "say", 12, 15, "said: x", "frames", SCORES[self.evidence % len(SCORES)], status, polarity, self.chance.choice(STAGES), self.chance.choice(("certain", "possible")),
            int(self.chance.random() < 0.1), self.chance.choice(("author", "attributed")), '["say"]',
            self.maybe(self.day(), 0.3), None, None,
        )  # fmt: skip
        self.insert("claim_evidence", claim, key, self.chance.choice(self.articles))
        locals_ = [row[0] for row in self.db.execute("SELECT local FROM resolution WHERE article = ?", (article,))]
        for depth in range(1, self.chance.randrange(1, 4)):
            self.insert("speaker", key, depth, "a speaker", self.chance.choice([None, *locals_[:3]]))

    def add_conflicts(self) -> None:
        claims = [row[0] for row in self.db.execute("SELECT id FROM claim ORDER BY id")]
        for one, other in zip(claims[::9], claims[1::9], strict=False):
            self.insert("conflict", one, other)

    def add_edges(self) -> None:
        """An edge wherever a claim that is not denied has both ends, as its projections say."""
        held: dict[tuple[str, str, str], list[str]] = {}
        for claim, name in self.db.execute(
            "SELECT id, type FROM claim WHERE status NOT IN ('denied', 'negated') ORDER BY id"
        ):
            for edge in load_schema()[name].projections:
                sources, targets = self.role(claim, edge.source), self.role(claim, edge.target)
                for one in sources:
                    for other in targets if edge.source != edge.target else [each for each in sources if each > one]:
                        held.setdefault((edge.type, one, other), []).append(claim)
        for (name, one, other), claims in held.items():
            self.add_edge(name, one, other, claims)

    def role(self, claim: str, role: str) -> list[str]:
        rows = self.db.execute(
            "SELECT actor FROM claim_role WHERE claim = ? AND role = ? ORDER BY actor", (claim, role)
        )
        return [actor for (actor,) in rows]

    def add_edge(self, name: str, source: str, target: str, claims: list[str]) -> None:
        marks = ", ".join("?" * len(claims))
        realised, current, first, last, articles, trust = self.db.execute(
            f"SELECT max(realised), max(current), min(first_reported), max(last_reported), max(articles), max(trust) "
            f"FROM claim WHERE id IN ({marks})", claims).fetchone()  # fmt: skip
        items = self.db.execute(
            f"SELECT DISTINCT actor FROM claim_role WHERE role = 'item' AND claim IN ({marks})", claims
        )
        self.insert(
            "edge",
            digest(name, source, target),
            name,
            source,
            target,
            "asserted" if realised else "planned",
            self.chance.choice(STATUSES),
            realised,
            current,
            int(self.chance.random() < 0.2),
            "done" if realised else "agreed",
            articles,
            self.chance.randrange(1, 4),
            first,
            last,
            None,
            None,
            trust,
            json.dumps(sorted(item for (item,) in items)),
            json.dumps(sorted(claims)),
        )

    def add_background(self) -> None:
        states = [actor for actor, kind in self.actors.items() if kind == "State"]
        for actor, kind in self.actors.items():
            if kind in ("Group", "Organization") and self.chance.random() < 0.5:
                self.insert("background", "PART_OF", actor, self.chance.choice(states), "", "")
            if kind == "Person":
                self.insert(
                    "background",
                    "OFFICE_OF",
                    actor,
                    self.chance.choice(states),
                    "2000-07-17",
                    self.maybe(self.day()) or "",
                )
        weapons = [actor for actor, kind in self.actors.items() if kind == "WeaponSystem"]
        for one, other in zip(weapons[::2], weapons[1::2], strict=False):
            self.insert("background", "VARIANT_OF", one, other, "", "")

    def insert(self, table: str, *values: object) -> None:
        self.db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values))})", values)
