"""How well articles are read, where annotated ones lie beside the checkout (../shared/gold); skipped elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from score import read
from scoring import Scores, scores

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="no annotated articles beside the checkout")
FOLDERS = ("seed", "dev")


def gold_files(folder: str) -> tuple[Path, ...]:
    return tuple(sorted((GOLD / folder).glob("*.yaml")))


@pytest.fixture(scope="module")
def found() -> dict[str, list[dict[str, Any]]]:
    """By folder: what is found in its articles."""
    return {folder: read(gold_files(folder)) for folder in FOLDERS}


@pytest.fixture(scope="module")
def seed() -> list[dict[str, Any]]:
    """All that is kept of the article that started it, however sure."""
    return read(gold_files("seed"), trust="all")


@pytest.fixture(scope="module")
def both(found: dict[str, list[dict[str, Any]]]) -> Scores:
    """The figures of the seed and the development articles."""
    files = [path for folder in FOLDERS for path in gold_files(folder)]
    return scores(files, [line for folder in FOLDERS for line in found[folder]])


def test_claims(both: Scores) -> None:
    assert both.precision() >= 0.86 and both.recall() >= 0.57 and both.f1() >= 0.69


def test_status(both: Scores) -> None:
    assert both.share("status") >= 0.93


def test_actors(both: Scores) -> None:
    assert both.precision("actors") >= 0.85 and both.recall("actors") >= 0.93


PARTS = {"claims": "claims", "type ignored": "types ignored", "actors": "actors"}  # as each scoreboard calls them


@pytest.mark.parametrize("folder", FOLDERS)
def test_another_scoreboard_counts_the_same(
    folder: str, found: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    lines = tmp_path / "found.jsonl"
    lines.write_text("\n".join(json.dumps(line) for line in found[folder]), encoding="utf-8")
    command = [sys.executable, str(GOLD / "score.py"), str(GOLD / folder), str(lines), "--json"]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours = scores(gold_files(folder), found[folder]).total
    for name, part in PARTS.items():
        assert {what: theirs[name][what] for what in ("found", "right", "required", "hit")} == {
            what: ours[part, what] for what in ("found", "right", "required", "hit")
        }
    for part in ("status", "further roles"):
        assert (theirs[part]["right"], theirs[part]["of"]) == (ours[part, "share"], ours[part, "of"])


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


def test_the_system_has_one_actor_and_a_carrier(seed: list[dict[str, Any]]) -> None:
    systems = [line["actor"] for line in seed if "actor" in line and line["actor"]["kind"] == "WeaponSystem"]
    assert [actor["name"] for actor in systems] == ["SA-22"] and "Pantsir" in systems[0]["aliases"]
    carriers = [line for line in seed if line.get("type") == "SUPPLIES" and "carrier" in line["roles"]]
    assert any(line["roles"]["carrier"][0]["name"] == "Wagner Group" for line in carriers)
