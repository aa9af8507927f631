"""A corpus of nasty inputs through all of kgraph: no traceback, no neighbour lost, no limit passed, nothing lively comes out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import networkx
import pytest
from nasty import SIGNS, Neighbour, write_nasty
from test_explore import Served

from kgraph.build.check import check
from kgraph.export import EXPORTERS, export
from kgraph.folder import Folder

MEMORY = 2_500_000  # KB of the largest process
MINUTES = 2
# What no terminal may be sent from a text: escapes and other control characters, what turns the order of letters around.
LIVELY = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Built:
    """The graph of the corpus, and what was said while it was built."""

    graph: Path
    bad: list[Path]
    good: list[Neighbour]
    said: str
    code: int
    seconds: float
    memory: int


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    home = tmp_path_factory.mktemp("nasty")
    bad, good = write_nasty(home / "news")
    graph, names = home / "g", home / "hostile.csv"
    _write_catalogue(names)
    before = _computed()
    done = kgraph(
        "build", str(home / "news"), "-g", str(graph), "--catalogue", str(names), "--seconds-per-article", "5"
    )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Built(graph, bad, good, done.stderr, done.returncode, _computed() - before, memory)


def _computed() -> float:
    """Seconds that the processes of this one have computed: by the clock a busy machine would need longer."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write_catalogue(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(("id", "name", "kind", "aliases"))
        rows.writerows(
            (f"group:h{n}", f"Oban{n} {sign} Front", "Group", f"{sign} Oban{n}") for n, sign in enumerate(SIGNS)
        )
        rows.writerow(("group:oban", "Oban Front", "Group", "|".join(SIGNS)))


def kgraph(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kgraph.cli", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", errors="surrogateescape", timeout=300)


def test_every_input_is_read_or_named_and_nothing_breaks(built: Built) -> None:
    assert "Traceback" not in built.said and "made a mistake" not in built.said, built.said[-3000:]
    assert built.code == 1 and len(built.bad) >= 300
    with Folder(built.graph).read() as db:
        read = " ".join(str(path) for (path,) in db.execute("SELECT coalesce(path, '') || ' ' || key FROM article"))
    lost = [path.name for path in built.bad if (mark := f"/{path.name[:4]}") not in read and mark not in built.said]
    assert lost == []


def test_no_neighbour_is_lost(built: Built) -> None:
    with Folder(built.graph).read() as db:
        texts = "\n".join(text for (text,) in db.execute("SELECT text FROM article"))
        claimed = {sentence for (sentence,) in db.execute("SELECT sentence FROM evidence WHERE type = 'ATTACKS'")}
    assert [one.path.name for one in built.good if one.words not in claimed] == []
    lines = [path.read_text("utf-8", "replace") for path in built.bad if re.match(r"\d+-feed-", path.name)]
    good = [number for text in lines for number in re.findall(r"Syria attacked Mali in feed (\d+)\.", text)]
    assert len(good) == 36 and [number for number in good if f"in feed {number}." not in texts] == []


def test_no_limit_is_passed(built: Built) -> None:
    assert built.memory < MEMORY and built.seconds < 60 * MINUTES, (built.memory, built.seconds)


def test_the_graph_is_whole(built: Built) -> None:
    assert check(built.graph) == []


@pytest.mark.parametrize("ending", [ending for ending in EXPORTERS if ending != "training"])  # nobody decided anything
def test_exports_can_be_read(ending: str, built: Built, tmp_path: Path) -> None:
    file = tmp_path / f"graph{ending if ending.startswith('.') else ''}"
    with Folder(built.graph).read() as db:
        export(db, file, ending)
    READ.get(ending, lambda path: None)(file)


def _read_lines(path: Path) -> None:
    assert all(json.loads(line) for line in path.read_bytes().decode().split("\n") if line)


def _read_json(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))


def _read_csv(path: Path) -> None:
    for file in (path, path.with_name(f"{path.stem}-actors.csv")):
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))
        assert len(rows) > 5 and len({len(row) for row in rows}) == 1
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?\d+(?:\.\d+)?", cell)]
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []


READ = {
    ".jsonl": _read_lines, ".csv": _read_csv, ".graphml": networkx.read_graphml, ".gexf": networkx.read_gexf,
    ".jsonld": _read_json, ".stix.json": _read_json, ".ftm.json": _read_lines,
}  # fmt: skip

COMMANDS = (
    ("actors",), ("claims",), ("show", "Oban Front"), ("show", "Mali"), ("explain", ""), ("stats",), ("path", "Russia", "Mali", "--sentences"),
    ("history", "Mali"), ("outlets",), ("decisions",), ("near", "Mali"), ("query", "between", "a=Russia", "b=Ukraine"),
    ("actors", "--format", "csv"), ("claims", "--format", "csv"), ("show", "nobody \x1b[31m at all"), ("build", "no-\x1b[31m-such.txt"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_lively_reaches_the_terminal(command: tuple[str, ...], built: Built) -> None:
    if command == ("explain", ""):
        with Folder(built.graph).read() as db:
            command = ("explain", db.execute("SELECT id FROM claim ORDER BY articles DESC, id").fetchone()[0])
    done = kgraph(*command, "-g", str(built.graph))
    assert "Traceback" not in done.stderr and (done.stdout or done.stderr)
    csv_only = "\x0b\x0c\x1c" if "csv" in command else ""  # into a pipe: data, quoted
    assert [sign for sign in LIVELY.findall(done.stderr + ("" if csv_only else done.stdout))] == []
    assert LIVELY.findall(built.said) == []


@pytest.fixture(scope="module")
def served(built: Built) -> Iterator[Served]:
    made = Served(built.graph)
    yield made
    made.stop()


def test_the_explorer_answers_whatever_the_names_are(built: Built, served: Served) -> None:
    status, first = served.ask("/api/start")
    assert status == 200 and first
    with Folder(built.graph).read() as db:
        actors = [id for (id,) in db.execute("SELECT id FROM actor ORDER BY id")]
        edges = [id for (id,) in db.execute("SELECT id FROM edge ORDER BY id")]
    asked = [("/api/search", {"q": sign}) for sign in SIGNS]
    asked += [("/api/dossier", {"id": id}) for id in actors[:60]] + [
        ("/api/expand", {"id": id, "drawn": []}) for id in actors[:20]
    ]
    asked += [("/api/evidence", {"id": id}) for id in edges[:60]] + [("/api/additions", {}), ("/api/questions", {})]
    assert [(path, body) for path, body in asked if served.ask(path, body)[0] != 200] == []


def test_the_page_carries_it_as_text(built: Built, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = kgraph("view", "-g", str(built.graph), "-o", str(page))
    assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert "onerror=alert(1)" not in text and "document.title='x'" not in text


def test_a_pipe_among_the_files_does_not_hold_the_build(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "z.txt").write_text("Russia attacked Ukraine on Monday, officials said.")
    done = kgraph("build", str(tmp_path), "-g", str(tmp_path / "g"), "--workers", "0")
    assert "pipe.txt" in done.stderr and "1 read" in done.stderr
