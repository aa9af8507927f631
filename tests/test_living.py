"""A graph that lives: random operations, builds, review and questions at once, and folders that are watched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from kgraph.build import build
from kgraph.build.check import ORPHANS, check
from kgraph.decisions import load_decisions
from kgraph.folder import Folder

PROGRAM = Path(__file__).parent.parent / "benchmarks" / "random_operations.py"
COUNT = 80  # python benchmarks/random_operations.py --count 10000 does the rest


def test_a_graph_is_whole_after_random_operations(tmp_path: Path) -> None:
    spec = spec_from_file_location("random_operations", PROGRAM)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    operations = module.Operations(tmp_path / "g", 7)
    assert operations.run(COUNT) == []
    assert operations.done.total() == COUNT and min(operations.done.values()) > 0


def start(*arguments: str, graph: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "KGRAPH_GRAPH": str(graph)}
    command = [sys.executable, "-m", "kgraph.cli", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def test_builds_review_and_questions_at_the_same_time(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Russia attacked Ukraine. Iran armed Hezbollah.")
    graph = tmp_path / "g"
    build(graph, [tmp_path / "one.txt"])
    with Folder(graph).read() as db:
        (claim,) = db.execute("SELECT id FROM claim WHERE text LIKE 'Russia attacks%'").fetchone()
    for number in range(6):
        (tmp_path / f"more{number}.txt").write_text(f"Hamas attacked Israel. Syria condemned Mali {number} times.")
    writers = [
        start("build", *(str(tmp_path / f"more{n}.txt") for n in range(3)), graph=graph),
        start("reject", claim, graph=graph),
        start("build", *(str(tmp_path / f"more{n}.txt") for n in range(3, 6)), graph=graph),
        start("same", "Iran", "Hezbollah", graph=graph),
    ]
    looks = 0
    while any(writer.poll() is None for writer in writers):
        with Folder(graph).read() as db:  # whatever state it is, it is a whole one
            assert not [row for sql in ORPHANS.values() for row in db.execute(sql)]
        looks += 1
    said = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4, said
    assert looks > 1 and len(load_decisions(graph / "decisions.jsonl")) == 2
    assert check(graph) == []
    with Folder(graph).read() as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (7,)


def test_what_arrives_in_a_watched_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.txt").write_text("Russia attacked Ukraine.")
    watching = start("build", str(tmp_path / "in"), "--watch", graph=tmp_path / "g")
    assert watching.stderr
    lines = iter(watching.stderr.readline, "")
    assert any("Watching" in line for line in lines)
    (tmp_path / "in" / "two.txt").write_text("Hamas attacked Israel.")
    assert any("1 read" in line for line in lines)
    assert any("The graph is in" in line for line in lines)
    time.sleep(0.2)
    watching.send_signal(signal.SIGINT)
    assert "Stopped." in watching.communicate(timeout=60)[1] and watching.returncode == 0
    with Folder(tmp_path / "g").read() as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (2,)
