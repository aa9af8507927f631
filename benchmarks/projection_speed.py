"""How long what follows takes from the evidence of many claims: all of it, after one article, after one decision.

python benchmarks/projection_speed.py --claims 1000000 [--keep FOLDER] [--embedded]

Each step runs in a process of its own, so that its peak memory is its own. Nothing is read: the evidence is made by number.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from kgraph.build import bring_up_to_date, rebuild
from kgraph.build.summary import Summary
from kgraph.decisions import add_decision
from kgraph.folder import Folder
from kgraph.folder.database import transaction
from kgraph.folder.digests import sign_readings
from kgraph.folder.near_copies import sign_articles
from kgraph.folder.readings import write_reading
from kgraph.records import Article, Evidence, Filler, Kind, LocalActor, Reading, Speaker, Stance, Status, digest
from kgraph.schema import RelationType, load_schema

PER_ARTICLE = 5  # claims
TEXT = 1500  # characters
STATUSES = {
    "asserted": ("affirmed", "done"), "reported": ("affirmed", "ongoing"), "planned": ("affirmed", "agreed"),
    "ended": ("affirmed", "stopped"), "denied": ("denied", "done"), "negated": ("negated", "done"),
}  # fmt: skip


# Evidence by number. -------------------------------------------------------------------------------------------------


def make(folder: Path, claims: int) -> None:
    """A graph folder with the evidence of so many claims, and nothing that follows."""
    with Folder(folder).write() as db:
        db.execute("PRAGMA cache_size = -400000")
        tables: dict[str, list[tuple[object, ...]]] = {}
        with transaction(db):
            db.execute("PRAGMA defer_foreign_keys = ON")
            for number, rows in enumerate(_articles(claims)):
                for table, some in rows.items():
                    tables.setdefault(table, []).extend(some)
                if number % 2000 == 1999:
                    _insert(db, tables)
            _insert(db, tables)
            sign_articles(db)
            sign_readings(db)


def _insert(db: object, tables: dict[str, list[tuple[object, ...]]]) -> None:
    for table, rows in tables.items():
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT OR IGNORE INTO main.{table} VALUES ({marks})", rows)  # type: ignore[attr-defined]
        rows.clear()


def _articles(claims: int) -> Iterator[dict[str, list[tuple[object, ...]]]]:
    """The rows of one article after the other. One evidence of five repeats a claim of an earlier article."""
    chance = random.Random(1)
    types = [relation for relation in load_schema().values()]
    seen: list[tuple[RelationType, tuple[tuple[str, str], ...]]] = []
    known: set[str] = set()
    number = 0
    while len(known) < claims:
        said = []
        while len(said) < PER_ARTICLE * 5 // 4:
            if seen and chance.random() < 0.2:
                said.append(seen[int(len(seen) * chance.random() ** 2)])
            else:
                relation = chance.choice(types)
                roles = tuple(_roles(relation, claims, chance))
                key = digest(relation.name, *(actor for role, actor in roles if role in relation.identity))
                if key not in known:
                    known.add(key)
                    said.append((relation, roles))
                    if len(seen) < 200_000:
                        seen.append((relation, roles))
        yield _rows(number, said, chance)
        number += 1


def _roles(relation: RelationType, claims: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    one, other = _actor(claims, chance), _actor(claims, chance)
    yield from zip(relation.roles, (one, other if other != one else f"{other} East"), strict=False)
    if "item" in relation.roles and chance.random() < 0.7:
        yield "item", f"Model {int(400 * chance.random() ** 2)}"


def _actor(claims: int, chance: random.Random) -> str:
    """A name; some are in many claims, most in a few."""
    rank = int(max(claims // 8, 50) * chance.random() ** 3)
    if rank < 30:
        return ("Russia", "Ukraine", "Iran", "Israel", "Syria", "China", "Hamas", "Hezbollah", "Mali", "Qatar")[
            rank % 10
        ]
    return f"Oban Front {rank}" if rank % 4 else f"Karibo{rank}"


def _rows(
    number: int, said: Iterable[tuple[RelationType, tuple[tuple[str, str], ...]]], chance: random.Random
) -> dict[str, list[tuple[object, ...]]]:
    key = f"https://news.example/{digest(str(number))}/{number}"
    day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    names, evidence, fillers, speakers, mentions = dict[str, str](), [], [], [], []
    sentences, at = [], 0
    for relation, roles in said:
        id = digest(key, relation.name, *(name for _, name in roles))
        words = " ".join(name for _, name in roles)
        sentence = f"{words} are said to be in {relation.name.lower()} since the meeting of {day} by the river."
        status = chance.choice((*STATUSES, "asserted", "asserted", "reported"))
        polarity, stage = STATUSES[status]
        evidence.append((
            id, digest(id), key, relation.name, sentence, at, at + len(sentence), "said", at, at + 4, "said: x",
            "frames", status, polarity, stage, "certain", 0, "author", "[]", day if chance.random() < 0.2 else None, None, None,
        ))  # fmt: skip
        for role, name in roles:
            names[name] = "WeaponSystem" if role == "item" else "Group"
            fillers.append((id, role, name, name, at, at + len(name)))
            mentions.append((key, name, at, at + len(name), name, "model"))
            at += len(name) + 1
        at += len(sentence) - len(words)
        sentences.append(sentence)
        if chance.random() < 0.3:
            speaker = next(iter(names)) if chance.random() < 0.5 else None
            speakers.append((id, 1, speaker or "officials", speaker))
    text = "\n".join(sentences).ljust(TEXT, ".")
    signature = os.urandom(504)
    article = (
        key, digest(text), f"Title {number}", text, day, f"Paper {number % 700}", key, None, None, None, "en", "[]", key,
        None, signature, "reader", "2024-01-01T00:00:00", "",
    )  # fmt: skip
    return {
        "article": [article],
        "local_actor": [(key, name, name, kind, None, None, json.dumps([name])) for name, kind in names.items()],
        "mention": mentions, "evidence": evidence, "filler": fillers, "speaker": speakers,
    }  # fmt: skip


# Steps. --------------------------------------------------------------------------------------------------------------


def recompute(folder: Path) -> str:
    """All that follows, computed anew."""
    begun = _now()
    rebuild(folder)
    return _took(begun)


def change_article(folder: Path) -> str:
    """One article is read anew and says something else, three times."""
    return _three(folder, lambda db, n: write_reading(db, _reading(_some_article(db, n), n), "reader"), "model")


def decide(folder: Path) -> str:
    """A decision on an evidence, one on a claim, and two actors that are one."""
    with Folder(folder).read() as db:
        evidence = db.execute("SELECT evidence FROM claim_evidence WHERE claim > '5' LIMIT 1").fetchone()[0]
        claim = db.execute("SELECT id FROM claim WHERE id > '7' LIMIT 1").fetchone()[0]
        actors = [id for (id,) in db.execute("SELECT id FROM actor WHERE id > 'group:oban-front-2' LIMIT 2")]
    todo = [("reject", evidence, ""), ("reject", claim, ""), ("same", *actors)]
    return _three(folder, lambda db, n: add_decision(Folder(folder).decisions, *todo[n]), None)


def _three(folder: Path, act: object, model: str | None) -> str:
    took = []
    with Folder(folder).write() as db:
        catalogue = Folder(folder).catalogue()
        for number in range(3):
            act(db, number)  # type: ignore[operator]
            begun = _now()
            bring_up_to_date(db, catalogue, Summary(), model=model)
            took.append(_took(begun))
    return ", ".join(took)


def _some_article(db: object, number: int) -> str:
    return str(db.execute("SELECT key FROM main.article WHERE key > ? LIMIT 1", (f"https://news.example/{number + 3}",)).fetchone()[0])  # type: ignore[attr-defined]  # fmt: skip


def _reading(key: str, number: int) -> Reading:
    """What an article says now: two sentences on actors whom many name."""
    pairs = [("Russia", "Syria"), ("Iran", f"Oban Front {30 + number}")]
    text, actors, evidence = "", {}, []
    for one, other in pairs:
        sentence, at = f"{one} attacked {other}.", len(text)
        fillers = (Filler("agent", one, one, at, at + 1), Filler("target", other, other, at, at + 1))
        actors |= {name: LocalActor(name, name, Kind.GROUP, forms=(name,)) for name in (one, other)}
        evidence.append(
            Evidence(digest(key, sentence), digest(sentence), key, "ATTACKS", fillers, sentence, at, at + len(sentence),
                     "attacked", at, at, "attack", "frames", 1.0, Status.ASSERTED, Stance(speakers=(Speaker("officials"),)))
        )  # fmt: skip
        text += sentence + " "
    article = Article(key, digest(text), "Corrected", text, published="2024-06-30", outlet="Paper 3", url=key)
    return Reading(article, tuple(actors.values()), (), tuple(evidence), 2)


def embed(folder: Path) -> str:
    """The embedded graph, filled anew."""
    from kgraph.graph.embedded import open_embedded

    begun = _now()
    open_embedded(folder).close()
    return _took(begun)


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _took(begun: tuple[float, float]) -> str:
    """Seconds by the clock, and of those the ones that this process computed: others may have had the machine too."""
    clock, own = (now - then for now, then in zip(_now(), begun, strict=True))
    return f"{clock:.2f} s ({own:.2f} s computing)"


STEPS = {
    "recomputed (empty tables)": recompute, "recomputed (nothing differs)": recompute,
    "one article changed": change_article, "one decision": decide, "embedded graph": embed,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a folder for the graph, which stays; a made one is used again")
    parser.add_argument("--embedded", action="store_true", help="also fill the embedded graph")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        if asked.step == "make":
            make(asked.keep, asked.claims)
        else:
            print(
                f"{STEPS[asked.step](asked.keep)}, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
            )
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch) / "g"
        if not folder.exists():
            print(f"evidence of {asked.claims} claims: {_in_own_process('make', folder, asked.claims)}", flush=True)
        for step in STEPS:
            if step != "embedded graph" or asked.embedded:
                print(f"{step}: {_in_own_process(step, folder, asked.claims)}", flush=True)
        print(_size(folder))


def _in_own_process(step: str, folder: Path, claims: int) -> str:
    command = [sys.executable, __file__, "--step", step, "--keep", str(folder), "--claims", str(claims)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip() or "made"


def _size(folder: Path) -> str:
    with Folder(folder).read() as db:
        counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("article", "evidence", "actor", "claim", "edge")}  # fmt: skip
        most = db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM claim_evidence GROUP BY claim)").fetchone()[0]
    size = (folder / "evidence.db").stat().st_size / 1e9
    return f"{counts}, at most {most} evidence a claim, {size:.2f} GB; load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
