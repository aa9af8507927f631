"""Files opened in processes of their own: what crashes, hangs or never ends there costs no other file."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from test_articles import STORY
from test_pipeline import counts
from test_workers import children

from kgraph.articles import Problem, read_articles
from kgraph.articles.intake import read_apart
from kgraph.build import build, remove
from kgraph.build.workers import in_this_process, in_workers
from kgraph.errors import UsageError
from kgraph.records import Article
from kgraph.samples import samples

SLOW = "ab\n" * 1_100_000  # lines that are looked at one by one: seconds, where an article has a part of one
LIMIT = 0.7  # seconds


def line(name: str, text: str = STORY) -> str:
    return json.dumps({"id": name, "text": f"{text} {name}"}) + "\n"


def apart(*sources: Path | str, seconds: float = 60, count: int = 2, stdin: bytes = b"") -> list[Article | Problem]:
    return [*read_articles(sources, stdin=io.BytesIO(stdin), read=partial(read_apart, count=count, seconds=seconds))]


def said(found: list[Article | Problem]) -> list[str]:
    return [
        Path(each.key).name if isinstance(each, Article) else f"{Path(each.where).name}: {each.why}" for each in found
    ]


@pytest.fixture
def nasty(tmp_path: Path) -> Path:
    """Good files, and some that hang, end or flood what reads them."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{STORY} a")
    (folder / "b.txt").write_text(SLOW)
    (folder / "c.txt").write_text(f"{STORY} c")
    (folder / "d.jsonl").write_text(line("1") + "\n" + line("2", SLOW) + line("3") + "{oops\n" + line("5"))
    with gzip.open(folder / "e.jsonl.gz", "wt", compresslevel=1) as packed:
        packed.write(line("one") + "".join(line(str(n), SLOW) for n in range(5)) + line("last"))
    (folder / "f.txt").write_text(f"{STORY} f")
    return folder


def test_files_and_lines_that_hang_their_reader_are_left_out(nasty: Path) -> None:
    late = f"not read within {LIMIT:.0f} s"
    assert said(apart(nasty, seconds=LIMIT)) == [
        "a.txt", f"b.txt: {late}", "c.txt",
        "1", f"d.jsonl:3: {late}", "3", "d.jsonl:5: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", "5",
        "one", *(f"e.jsonl.gz:{n}: {late}" for n in (2, 3, 4)), f"e.jsonl.gz: not read from line 5 on: {late}",
        "f.txt",
    ]  # fmt: skip
    assert not children(os.getpid())


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_processes_finds_the_same(tmp_path: Path, count: int) -> None:
    for n in range(40):
        (tmp_path / f"{n}.html").write_text(f"<html><body><article><p>{STORY} {n % 30}</p></article></body></html>")
        (tmp_path / f"{n}.jsonl").write_text(line(str(n)) * 2 + "{}\n")
    sources = [samples(), tmp_path, tmp_path / "nothing.txt", samples()]
    assert apart(*sources, count=count) == [*read_articles(sources)]


def test_a_process_killed_from_outside_loses_nothing(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.jsonl").write_text("".join(line(f"{name}{n}") for n in range(300)))
    found = list[Article | Problem]()
    for each in read_articles([tmp_path], read=partial(read_apart, count=1)):
        found.append(each)
        if len(found) in (5, 500):
            for child in children(os.getpid()):
                child.kill()
    assert found == [*read_articles([tmp_path])]


def test_a_feed_without_end_is_read_as_it_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(line(str(n), STORY * 50) for n in range(20_000)))  # 100 MB
    found: Iterator[Article | Problem] = read_articles([tmp_path], read=partial(read_apart, count=2))
    first = [next(found) for _ in range(20)]
    time.sleep(1)
    assert said(first) == [str(n) for n in range(20)]
    assert all(child.memory_info().rss < 400_000_000 for child in children(os.getpid()))
    assert psutil.Process().num_threads() < 100
    found.close()  # type: ignore[attr-defined]
    assert not children(os.getpid())


STDIN = {
    "text": (STORY.encode(), ["-"]),
    "feed": ((line("1") + "{oops\n" + line("3")).encode(), ["1", "-:2: Expecting", "3"]),
    "nothing": (b"", ["-: empty"]),
    "slow": (SLOW.encode(), ["-: not read within"]),
    "a slow line": (
        (line("1") + line("2", SLOW) + line("3")).encode(),
        ["1", "-: not read from line 2 on: not read within"],
    ),
    "large": (b"a" * 6_000_000, ["-: larger than 5 MB"]),
}


@pytest.mark.parametrize("name", STDIN)
def test_standard_input_goes_through_a_process_too(name: str) -> None:
    data, wanted = STDIN[name]
    found = said(apart("-", seconds=LIMIT if "slow" in name else 60, stdin=data))
    found = ["-" if one.startswith("text:") else one for one in found]
    assert len(found) == len(wanted) and all(one.startswith(start) for one, start in zip(found, wanted, strict=True)), (
        found
    )


def test_wrong_use_is_said_as_it_is_here(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    with pytest.raises(UsageError, match="nowhere://x: cannot be reached"):
        apart(tmp_path / "a.txt", "nowhere://x")


BOUND = """
import resource
from kgraph.processes import limits
for _ in range(2):
    with limits(60):
        small = bytearray(500_000_000)
        try:
            large = bytearray(3_000_000_000)
        except MemoryError:
            print("refused")
    del small
assert resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where the system counts what a process takes")
def test_an_article_gets_no_more_memory_than_it_may_take() -> None:
    done = subprocess.run([sys.executable, "-c", BOUND], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("refused\nrefused\n", "")


def test_lines_without_number_that_are_no_article_are_named_in_rows(tmp_path: Path) -> None:
    feed, lines = tmp_path / "a.jsonl.gz", "{}\n" * 3_500
    feed.write_bytes(
        gzip.compress((line("1") + lines + line("2") + '{"text": ""}\n' * 3 + "{}\n" + line("3")).encode())
    )
    found = apart(feed)
    assert [each for each in found if isinstance(each, Article)] == [found[0], found[-4], found[-1]]
    rows = [each for each in found if isinstance(each, Problem) and each.lines > 1]
    assert [(Path(row.where).name, row.lines, row.skipped) for row in rows] == [
        ("a.jsonl.gz:1002 to :2001: 1,000 lines, the last", 1_000, False),
        ("a.jsonl.gz:2002 to :3001: 1,000 lines, the last", 1_000, False),
        ("a.jsonl.gz:3002 to :3501: 500 lines, the last", 500, False),
        ("a.jsonl.gz:3503 to :3505: 3 lines, the last", 3, True),
    ]
    assert len(found) == 1_000 + len(rows) + 1 + 3
    summary = build(tmp_path / "g", [feed])
    assert (summary.read, summary.failed, summary.skipped) == (3, 3_501, 3)


def test_a_file_that_hangs_its_reader_is_set_aside_until_it_changes(tmp_path: Path) -> None:
    graph, file = tmp_path / "g", tmp_path / "a.txt"
    file.write_text(SLOW)
    short, again = in_workers(1, seconds=LIMIT), f"not read within {LIMIT:.0f} s; --reread tries it again"
    assert said([*build(graph, [file], engine=short).problems]) == [
        f"a.txt: not read within {LIMIT:.0f} s; set aside: --reread tries it again"
    ]
    second = build(graph, [file], engine=in_this_process())  # would take seconds here
    assert said([*second.problems]) == [f"a.txt: set aside: {again}"] and counts(second) == (0, 0, 1, 0)
    assert counts(build(graph, [file], engine=short, reread=True)) == (0, 0, 0, 1)
    file.write_text(STORY)
    assert counts(build(graph, [file], engine=in_workers(1))) == (1, 0, 0, 0)


def test_a_build_reads_around_what_is_nasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "b.md").write_text(f"---\nurl: [1]\n---\n{STORY}")
    (tmp_path / "in" / os.fsdecode(b"c\xe9.txt")).write_text(f"{STORY} c")
    (tmp_path / "in" / "d.html").write_text(f'<meta charset="hex"><article><p>{STORY}</p></article> d')

    command = [sys.executable, "-m", "kgraph.cli", "build", "in", "-g", "g", "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "Traceback" not in done.stderr and done.returncode == 1
    assert "failed: in/a.txt: a pipe, not a file" in done.stderr
    assert "skipped: in/b.md: front matter: url: left out" in done.stderr
    assert "Articles: 3 read" in done.stderr, done.stderr
    monkeypatch.chdir(tmp_path)
    assert counts(build(Path("g"), ["in"])) == (0, 3, 1, 1)
    assert remove(Path("g"), [r"c\xe9.txt"]).removed == 1
    assert remove(Path("g"), ["d.html", "in/b.md"]).removed == 2
