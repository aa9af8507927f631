"""Extraction on a real Ray: two nodes on this machine, each a process of its own. The graph is that of one machine."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from socket import create_server
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from test_workers import POISONED

from kgraph.build import build
from kgraph.build.summary import Summary
from kgraph.cli import main
from kgraph.cluster.parquet import Parquet, find_follows, read_follows
from kgraph.export import canonical_lines
from kgraph.folder import Folder
from kgraph.folder.tables import FOLLOWS
from kgraph.samples import samples

PATIENCE = 600  # seconds; on an idle machine it takes about ten
WAITING = {"RAY_idle_worker_killing_time_threshold_ms": "600000"}  # processes wait for the next step: each start costs 2 s


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster listens, and the token that lets one in."""

    address: str
    token: dict[str, str]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Ray cluster of two nodes."""
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    home, one = tmp_path_factory.mktemp("ray"), "--num-cpus=1"
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token_hex(32)}  # who has it may join
    found = Cluster(f"127.0.0.1:{port}", token)
    head = started(home / "head.txt", token, "--head", f"--port={port}", "--include-dashboard=false", one)
    with head, started(home / "node.txt", token, f"--address={found.address}", one):
        yield found


@contextmanager
def started(output: Path, token: dict[str, str], *arguments: str) -> Iterator[None]:
    """A node of a cluster, which goes away with all its processes."""
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats", *arguments]
    with output.open("wb") as written:
        environment = os.environ | token | WAITING | {"PYTHONWARNINGS": "ignore", "RAY_raylet_start_wait_time_s": "300"}
        process = subprocess.Popen(command, stdout=written, stderr=written, env=environment, start_new_session=True)
    try:
        until = time.monotonic() + PATIENCE
        while "Ray runtime started" not in output.read_text():
            assert process.poll() is None and time.monotonic() < until, output.read_text()[-2000:]
            time.sleep(0.1)
        yield
    finally:
        for one in family(process.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        process.wait()


def family(ancestor: int) -> set[int]:
    """A process and all that descend from it."""
    parents = dict[int, int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = {ancestor}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


STORY = "Country {n} story. Russia supplied S-300 missiles to Syria in 20{n:02}. Iran has armed Hezbollah, Israel said."


URL = "https://news.example/story"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Articles of every kind: files, feeds, packed ones and Parquet, by path and by URL, with flaws and repetitions."""
    folder = tmp_path_factory.mktemp("news")
    rows: list[dict[str, Any]] = [
        {"id": f"f{n}", "text": STORY.format(n=n), "published": f"2024-05-{n:02}"} for n in range(1, 25)
    ]
    wire = (samples() / "sudan-drones.txt").read_text()  # near-copies of it are one story
    rows += [{"id": f"w{n}", "text": f"{wire}\n\nEdited by {n}."} for n in range(3)]
    feed = [json.dumps(row) for row in rows]
    feed += [
        "{oops",
        json.dumps({"id": "again", "text": rows[3]["text"]}),
        json.dumps({"id": "f7", "text": "Iran attacked Israel."}),
        *(json.dumps({"id": f"u{n}", "url": URL, "text": STORY.format(n=80 + n)}) for n in range(2)),  # two of one URL
        json.dumps({"id": "u2", "url": f"{URL}/2?utm_source=x", "text": STORY.format(n=82)}),
        json.dumps({"url": f"{URL}/3", "text": STORY.format(n=83)}),
        json.dumps({"url": f"{URL}/3/", "text": STORY.format(n=84)}),
    ]
    (folder / "a.jsonl").write_text("\n".join(feed))
    with gzip.open(folder / "b.jsonl.gz", "wt") as packed:
        packed.writelines(json.dumps({"id": f"g{n}", "text": STORY.format(n=n)}) + "\n" for n in range(23, 40))
    pq.write_table(
        pa.Table.from_pylist([{"url": f"https://p.org/{n}", "text": STORY.format(n=n)} for n in range(40, 60)]),
        folder / "c.parquet",
    )
    (folder / "d.txt").write_text(
        "Die Bundesregierung hat am Montag weitere Waffen an die Ukraine geliefert, teilte das Ministerium mit."
    )
    (folder / "e.xlsx").write_bytes(b"PK")
    os.mkfifo(folder / "f.txt")
    nasty = tmp_path_factory.mktemp("nasty")
    (nasty / "a.md").write_text(f"---\ndate: 2024-99-99\n---\n{STORY.format(n=61)}")
    (nasty / os.fsdecode(b"b\xe9.txt")).write_text(STORY.format(n=62))
    (nasty / "c.html").write_text(f'<meta charset="hex"><article><p>{STORY.format(n=63)}</p></article>')
    (nasty / "d.pdf").write_bytes(b"%PDF-1.4 %%EOF")
    return [str(samples()), folder.as_uri(), str(nasty)]


@pytest.fixture(scope="module")
def one_machine(sources: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("one") / "one.kg"
    return folder, build(folder, sources)


def lines(folder: Path) -> list[str]:
    with Folder(folder).read() as db:
        return [*canonical_lines(db)]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command said: how many articles it read and knew already, and the lines on those that it could not."""

    read: int
    unchanged: int
    problems: list[str]
    rest: list[str]


def run(*arguments: str, environment: dict[str, str] | None = None, during: Callable[[], None] | None = None) -> Done:
    """Runs `kgraph build --engine ray` as a process; warnings are errors, and stderr is for what kgraph says."""
    command = [sys.executable, "-W", "error", "-m", "kgraph.cli", "build", "--engine", "ray", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | WAITING | (environment or {})
    ) as process:
        if during:
            during()
        output, talk = process.communicate(timeout=PATIENCE)
    counts = re.search(r"Articles: (\d+) read, (\d+) unchanged", talk)
    assert counts and not output and process.returncode == 1, talk
    lines = talk.splitlines()
    problems = sorted(line for line in lines if line.startswith(("failed: ", "skipped: ")))
    return Done(int(counts[1]), int(counts[2]), problems, [line for line in lines if line not in problems])


def as_told(summary: Summary) -> list[str]:
    return sorted(f"{'skipped' if one.skipped else 'failed'}: {one.where}: {one.why}" for one in summary.problems)


def followed(place: Path) -> dict[str, list[Any]]:
    """All rows of the tables that follow: from Parquet files or from a graph folder."""
    if not (place / "evidence.db").exists():
        parquet = Parquet(place)
        follows = find_follows(parquet)
        assert follows
        return {table: sorted(read_follows(parquet, follows, table), key=repr) for table in FOLLOWS}
    with Folder(place).read() as db:
        return {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in FOLLOWS}


def kill_a_reader(parts: Path) -> int:
    """Kills a process of Ray that reads articles, once some are read; its id."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for entry in Path("/proc").iterdir() if parts.exists() else ():
            try:
                is_reader = entry.name.isdigit() and b"MapBatches(_Reader)" in (entry / "cmdline").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
            if is_reader:
                os.kill(int(entry.name), signal.SIGKILL)
                return int(entry.name)
        time.sleep(0.05)
    raise TimeoutError("no process read anything")


def test_same_graph_as_one_machine_with_a_worker_killed_in_the_middle(
    cluster: Cluster, sources: list[str], one_machine: tuple[Path, Summary], tmp_path: Path
) -> None:
    local, expected = one_machine
    evidence = tmp_path / "g" / "evidence"
    parts = evidence / "part"
    killed: list[int] = []
    command = ("--ray-address", cluster.address, "-g", str(tmp_path / "g"), *sources)
    done = run(*command, environment=cluster.token, during=lambda: killed.append(kill_a_reader(parts)))
    assert killed and lines(tmp_path / "g") == lines(local)
    assert followed(evidence) == followed(local)
    assert done.problems == as_told(expected)
    assert (done.read, done.unchanged) == (expected.read - 2, 0)  # of two texts of one article only the later

    before = {path: path.stat().st_mtime_ns for path in parts.parent.rglob("*.parquet")}
    part = min(parts.iterdir())
    articles = json.loads(part.read_text())["articles"]
    part.unlink()  # as if a run had been killed before this one was whole
    (parts / "old.json").write_text("{}")  # of an earlier run
    again = run("--tidy", *command, environment=cluster.token)
    assert not (parts / "old.json").exists()
    assert (again.read, again.unchanged) == (articles, done.read - articles)
    assert {"Actors: 0 added, 0 changed, 0 removed.", "Claims: 0 added, 0 changed, 0 removed."} <= {*again.rest}
    assert {path.stem for path, time in before.items() if path.stat().st_mtime_ns != time} == {part.stem}


def test_command_on_this_machines_cores_with_a_text_that_crashes_the_model(sources: list[str], tmp_path: Path) -> None:
    """Ray's own way with every kind of source is the other test's matter: here are a feed and what is nasty."""
    stories = [json.dumps({"id": f"s{n}", "text": STORY.format(n=n)}) for n in range(1, 20)]
    feed, few = tmp_path / "feed.jsonl", [sources[2], str(tmp_path / "feed.jsonl")]
    feed.write_text("\n".join(stories))
    expected = build(tmp_path / "one.kg", few)
    feed.write_text("\n".join([*stories, json.dumps({"id": "p", "text": f"{STORY} Segfaultia was not asked."})]))
    evidence = (tmp_path / "evidence").as_uri()
    (tmp_path / "poisoned_model").mkdir()
    (tmp_path / "poisoned_model" / "__init__.py").write_text(POISONED)
    (tmp_path / "poisoned_model" / "meta.json").write_text('{"lang": "en", "name": "poisoned", "version": "1"}')
    (tmp_path / "poisoned_model-1.dist-info").mkdir()
    metadata = "Metadata-Version: 2.1\nName: poisoned_model\nVersion: 1\n"
    (tmp_path / "poisoned_model-1.dist-info" / "METADATA").write_text(metadata)
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    command = ("--no-load", "--evidence", evidence, "--model", "poisoned_model", *few)
    done = run(*command, environment={"PYTHONPATH": path})
    crashed = "failed: p: it crashes what reads it (SIGSEGV); set aside: --reread tries it again"
    assert done.problems == sorted([*as_told(expected), crashed]) and len(done.rest) == 1
    loaded = CliRunner().invoke(main, ["load", evidence, "-g", str(tmp_path / "g")])
    assert loaded.exit_code == 0 and crashed in loaded.output
    assert lines(tmp_path / "g") == lines(tmp_path / "one.kg")


WRONG = [
    (["news", "--no-load", "--engine", "ray"], "--no-load needs --evidence"),
    (["news", "--engine", "ray", "--watch"], "--watch goes with --engine local only"),
    (["news", "--evidence", "x"], "go with --engine ray only"),
    (["memory://x", "--watch"], "a URL cannot be watched"),
]


@pytest.mark.parametrize("arguments, words", WRONG)
def test_wrong_use(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", *arguments, "-g", str(tmp_path / "g")])
    assert done.exit_code == 2 and words in done.output


def test_without_ray_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    done = CliRunner().invoke(main, ["build", "news", "--engine", "ray", "-g", str(tmp_path / "g")])
    assert done.exit_code == 2 and "pip install 'kgraph[ray]'" in done.output
