"""Which article is which, of feeds made at random: a cluster and one machine say the same, and a second build says it again."""

from __future__ import annotations

import json
import random
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from kgraph.articles import Problem, read_articles
from kgraph.build import build
from kgraph.build.identities import identify
from kgraph.build.workers import Engine
from kgraph.cluster.ray import COLUMNS, Told, _as_named, _items, _known, _name, _number, _survey
from kgraph.folder import Folder
from kgraph.records import Article, Reading, digest

URLS = ("https://n.example/1", "http://n.example/1/", "https://n.example/1?utm_source=x", "https://n.example/2", None)
TEXTS = tuple(f"The government said on {day} that it had sent nothing." for day in ("Monday", "Tuesday", "Friday", "Sunday"))


def write(folder: Path, chance: random.Random) -> list[list[str]]:
    """Feeds and files in which ids, URLs and texts come together at random: the units of a cluster."""
    units = list[list[str]]()
    for n in range(chance.randrange(1, 5)):
        rows = [
            {"id": chance.choice(("a", "b", URLS[0], None)), "url": chance.choice(URLS), "text": chance.choice(TEXTS)}
            for _ in range(chance.randrange(1, 4))
        ]
        path = folder / f"{n}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        units.append([str(path)])
    return units


def names(units: list[list[str]], some: Any) -> dict[int, str]:
    found = list[str]()
    for unit, file, line in some[:3].T.tolist():
        batch = {"files": [units[unit]], "home": ["."], "wanted": [json.dumps([(file, line)])]}
        found += json.loads(_name(batch, 60.0)["named"][0])
    return {_number(digest(key)): key for key in found}


def on_a_cluster(units: list[list[str]]) -> tuple[dict[str, tuple[str, str | None]], list[Problem]]:
    batches = [one for n, unit in enumerate(units) for one in _survey({"unit": [n], "files": [unit], "home": ["."]}, 60.0)]
    table = numpy.concatenate([numpy.stack([one[name] for name in COLUMNS]) for one in batches], axis=1)
    told = list[Told]()
    texts = dict[str, tuple[str, str | None]]()
    for unit, known in zip(units, _known(units, table, names, told.append), strict=True):  # type: ignore[arg-type]
        named = {(file, line): (key, given) for file, line, key, given in known.named}
        for file, line, found in _items(unit, ".", 60.0):
            assert isinstance(found, Article)
            if (file, line) not in known.dropped:
                one = _as_named(found, named.get((file, line)))
                assert one.key not in texts
                texts[one.key] = one.version, one.given
    return texts, [one.problem for one in told if one.problem]


def on_one_machine(units: list[list[str]], folder: Path) -> tuple[dict[str, tuple[str, str | None]], list[Problem]]:
    moved, problems, texts = dict[str, str](), list[Problem](), dict[str, tuple[str, str | None]]()
    with Folder(folder).write() as db:
        for found in identify(db, read_articles(name for unit in units for name in unit), moved):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                texts[found.key] = found.version, found.given
    return {key: said for key, said in texts.items() if key not in moved}, problems


@pytest.mark.parametrize("seed", range(60))
def test_a_cluster_and_one_machine_say_the_same(seed: int, tmp_path: Path) -> None:
    units = write(tmp_path, random.Random(seed))
    assert on_a_cluster(units) == on_one_machine(units, tmp_path / "g")


def without_reading() -> Engine:
    """An engine that takes articles in, and says nothing of them."""
    said = Reading(Article("", "", "", ""), (), (), ())
    return Engine(lambda model, catalogue, readers: nullcontext(lambda some: (replace(said, article=one) for one in some)))


def kept(folder: Path) -> tuple[dict[str, tuple[str, str | None]], list[tuple[str, str]]]:
    """The texts of a graph, and those that were."""
    with Folder(folder).read() as db:
        texts = {key: (version, given) for key, version, given in db.execute("SELECT key, version, given FROM article")}
        return texts, db.execute("SELECT key, version FROM past_article ORDER BY key, version, until").fetchall()


@pytest.mark.parametrize("seed", range(40))
def test_a_second_build_of_the_same_files_reads_nothing_and_remembers_nothing(seed: int, tmp_path: Path) -> None:
    files, graph, engine = [name for (name,) in write(tmp_path, random.Random(seed))], tmp_path / "g", without_reading()
    build(graph, files, engine=engine)
    before = kept(graph)
    assert before[0] == on_one_machine([[name] for name in files], tmp_path / "other")[0]
    for _ in range(2):  # the first may find another spelling of a URL
        again = build(graph, files, engine=engine)
        assert kept(graph) == before, again.problems
    assert again.read == 0
