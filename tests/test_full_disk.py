"""A disk that is really full: every writer says so in one line, and nothing is lost or left half."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click import ClickException
from test_pipeline import ARMS, DEAL, WAR, everything

from kgraph.build import build
from kgraph.cli import main
from kgraph.decisions import add_decision, load_decisions, merge
from kgraph.errors import StoreError
from kgraph.export import EXPORTERS, export
from kgraph.folder import Folder

FULL = "the disk is full: make room and run the same command again"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    home = tmp_path / "disk"
    home.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(home)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a full disk needs the right to mount one")
    yield home
    subprocess.run(["umount", "-l", str(home)], check=True)


def fill(disk: Path, leave: int) -> None:
    """Fills a disk up to some bytes."""
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(max(0, os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - leave)))


def make_room(disk: Path) -> None:
    (disk / "filler").unlink()


def test_a_build_on_a_full_disk_goes_on_when_there_is_room(disk: Path, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for number in range(30):
        (tmp_path / "news" / f"{number}.txt").write_text(f"{ARMS} {WAR} {DEAL} This is report number {number}.")
    build(tmp_path / "whole", [tmp_path / "news"])
    for number, leave in enumerate((0, 8_192, 300_000)):  # at the very first file, and later
        fill(disk, leave)
        with pytest.raises(StoreError, match=FULL):
            build(disk / "g", [tmp_path / "news"])
        make_room(disk)
        if number == 1:
            build(disk / "g", [tmp_path / "news" / "1.txt"])  # now there is a graph to lose
    fill(disk, 500_000)
    with pytest.raises(StoreError, match=FULL):
        build(disk / "g", [tmp_path / "news"])
    with Folder(disk / "g").read() as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (1,)
    make_room(disk)
    summary = build(disk / "g", [tmp_path / "news"])
    assert summary.read + summary.unchanged == 30 and summary.unchanged > 1
    assert everything(disk / "g") == everything(tmp_path / "whole")


def test_files_are_written_whole_or_not_at_all(disk: Path, sample_graph: Path) -> None:
    names = {"neo4j-admin": "bulk"}
    with Folder(sample_graph).read() as db:
        (disk / "graph.jsonl").write_text("an older one\n")
        fill(disk, 40_000)
        there = sorted(disk.rglob("*"))
        for ending in EXPORTERS.keys() - {"training"}:  # a few lines, for which there is room
            with pytest.raises(StoreError, match=FULL):
                export(db, disk / names.get(ending, f"graph{ending}"), ending)
    with pytest.raises(ClickException, match=FULL):
        main.main(["view", "-o", str(disk / "graph.html"), "-g", str(sample_graph)], standalone_mode=False)
    assert sorted(disk.rglob("*")) == there
    assert (disk / "graph.jsonl").read_text() == "an older one\n"


def test_decisions_survive_a_full_disk(disk: Path, tmp_path: Path) -> None:
    decisions = disk / "decisions.jsonl"
    add_decision(decisions, "reject", "a1")
    add_decision(tmp_path / "theirs.jsonl", "reject", "b2", why="x" * 5000)
    before = decisions.read_bytes()
    fill(disk, 0)
    for write in (
        lambda: add_decision(decisions, "reject", "c3", why="x" * 5000),
        lambda: merge(decisions, tmp_path / "theirs.jsonl"),
    ):
        with pytest.raises(StoreError, match=FULL):
            write()
        assert decisions.read_bytes() == before
    make_room(disk)
    merge(decisions, tmp_path / "theirs.jsonl")
    assert len(load_decisions(decisions)) == 2
