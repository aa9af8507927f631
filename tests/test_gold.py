"""How well articles are read, where annotated ones lie beside the checkout (../shared/gold); skipped elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgraph.evidence import open_for_reading
from kgraph.pipeline import build
from kgraph.tables import actor_lines, actors, claim_lines, claims

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="no annotated articles beside the checkout")


def found(folder: Path, graph: Path) -> Iterator[dict[str, Any]]:
    build(graph, [folder])
    with open_for_reading(graph) as db:
        yield from claim_lines(db, claims(db))
        yield from actor_lines(db, actors(db))


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """The sums over the seed and the development articles."""
    sums: dict[str, dict[str, float]] = {}
    for name in ("seed", "dev"):
        place = tmp_path_factory.mktemp(name)
        lines = "\n".join(json.dumps(line, ensure_ascii=False) for line in found(GOLD / name, place / "g.kg"))
        (place / "found.jsonl").write_text(lines, encoding="utf-8")
        command = [sys.executable, str(GOLD / "score.py"), str(GOLD / name), str(place / "found.jsonl"), "--json"]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for part, row in result.items():
            for key, value in row.items():
                sums.setdefault(part, {}).setdefault(key, 0.0)
                sums[part][key] += value or 0
    return sums


def precision_recall_f1(row: dict[str, float]) -> tuple[float, float, float]:
    precision, recall = row["right"] / row["found"], row["hit"] / row["required"]
    return precision, recall, 2 * precision * recall / (precision + recall)


def test_claims(scores: dict[str, dict[str, float]]) -> None:
    precision, recall, f1 = precision_recall_f1(scores["claims"])
    assert precision >= 0.85 and recall >= 0.57 and f1 >= 0.69, (precision, recall, f1)


def test_status(scores: dict[str, dict[str, float]]) -> None:
    assert scores["status"]["right"] / scores["status"]["of"] >= 0.93


def test_actors(scores: dict[str, dict[str, float]]) -> None:
    precision, recall, _ = precision_recall_f1(scores["actors"])
    assert precision >= 0.85 and recall >= 0.93, (precision, recall)


SEED = [
    ("SUPPLIES", "Bashar al-Assad", "Hezbollah", "planned"),
    ("SUPPLIES", "Russia", "Syria", "asserted"),
    ("ALLIED_WITH", "Hamas", "Hezbollah", "asserted"),
    ("ATTACKS", "Hamas", "Israel", "asserted"),
    ("LEADS", "Yevgeny Prigozhin", "Wagner Group", None),
    ("ATTACKS", "Israel", "SA-22", "asserted"),
    ("HOSTS", "Russia", "Hamas", "asserted"),
    ("CONDEMNS", "Israel", "Russia", "asserted"),
    ("CONTROLS", "Russia", "Wagner Group", "negated"),
]


@pytest.mark.parametrize("type, one, other, status", SEED, ids=[" ".join(row[:3]) for row in SEED])
def test_the_article_that_started_it(
    type: str, one: str, other: str, status: str | None, seed: list[dict[str, Any]]
) -> None:
    ends = {one, other}
    fitting = [
        line
        for line in seed
        if line.get("type") == type
        and ends <= {filler["name"] for fillers in line["roles"].values() for filler in fillers}
    ]
    assert fitting
    assert status is None or status in {line["status"] for line in fitting}


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return list(found(GOLD / "seed", tmp_path_factory.mktemp("one") / "g.kg"))


def test_the_system_has_one_actor_and_a_carrier(seed: list[dict[str, Any]]) -> None:
    systems = [line["actor"] for line in seed if "actor" in line and line["actor"]["kind"] == "WeaponSystem"]
    assert [actor["name"] for actor in systems] == ["SA-22"] and "Pantsir" in systems[0]["aliases"]
    carriers = [line for line in seed if line.get("type") == "SUPPLIES" and "carrier" in line["roles"]]
    assert any(line["roles"]["carrier"][0]["name"] == "Wagner Group" for line in carriers)
