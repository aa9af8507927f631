"""A real Neo4j for the tests that need one: started from its jars, on free ports, in a folder that goes away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from spacy.language import Language
from synthetic import write_graph

from kgraph.build import build
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.folder import Folder
from kgraph.reading import language_model
from kgraph.reading.language_model import load_model
from kgraph.samples import samples

if TYPE_CHECKING:
    from neo4j import Driver

# Tests that run in the background are told by their shell to ignore Ctrl-C; what they start and interrupt must hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# These begin first, so that in the end no core waits for one of them.
LONGEST = ("test_stores", "test_cluster", "test_nasty", "test_breakage")

POM = Path(__file__).parent / "neo4j" / "pom.xml"
PASSWORD = "kgraph-tests"
PATIENCE = 180  # seconds for the server to answer; it takes about 15
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # it lives for minutes: compiling its code for years costs half of them
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
SETTINGS = """server.bolt.listen_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.memory.heap.max_size=1g
server.memory.pagecache.size=256m
dbms.usage_report.enabled=false
"""


@dataclass(frozen=True, slots=True)
class Neo4j:
    """Where the tests' server listens, and how to log in."""

    url: str
    user: str
    password: str
    pid: int = 0

    @property
    def login(self) -> dict[str, str]:
        return {"user": self.user, "password": self.password}

    def run(self, text: str, **parameters: object) -> list[dict[str, Any]]:
        """Runs any text, as somebody other than kgraph would."""
        with _driver(self, self.password) as driver:
            return [record.data() for record in driver.execute_query(text, parameters).records]

    def clear(self) -> None:
        with _driver(self, self.password) as driver:
            driver.execute_query("MATCH (n) DETACH DELETE n")
            for kind, several in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
                for name, type in driver.execute_query(f"SHOW {several} YIELD name, type").records:
                    if type != "LOOKUP":
                        driver.execute_query(f"DROP {kind} {name} IF EXISTS")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4j]:
    """A running Neo4j, one for all tests; what is in it, each test says itself."""
    needs("java", "mvn")
    home = tmp_path_factory.mktemp("neo4j")
    with started(home, class_path()) as server:
        yield server


@pytest.fixture
def empty_neo4j(neo4j_server: Neo4j) -> Neo4j:
    """The running Neo4j, with nothing in it, not even constraints."""
    neo4j_server.clear()
    return neo4j_server


def needs(*programs: str) -> None:
    """Gives up where one is missing."""
    if missing := [name for name in programs if not shutil.which(name)]:
        _give_up(f"a Neo4j for the tests needs Java 17 and Maven, and openssl for TLS; not found: {', '.join(missing)}")


def _give_up(why: str) -> None:
    """Skips where a person runs the tests without what they need; CI has to have it."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@cache
def class_path() -> str:
    """Where Neo4j's jars lie; Maven is asked once in this process."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "classpath.txt"
        command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:build-classpath", f"-Dmdep.outputFile={target}"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        if done.returncode:
            _give_up(f"Maven could not fetch Neo4j's jars: {(done.stdout + done.stderr).strip()[:500]}")
        return target.read_text(encoding="utf-8").strip()


@contextmanager
def started(home: Path, class_path: str, *, scheme: str = "bolt", settings: str = "") -> Iterator[Neo4j]:
    """A server with a home of its own; what is in it from an earlier start is still there."""
    bolt, http = _free_ports(2)
    fresh = not (home / "data" / "databases" / "system").exists()
    for name in ("conf", "data", "logs", "plugins", "import", "licenses"):
        (home / name).mkdir(exist_ok=True)
    (home / "conf" / "neo4j.conf").write_text(SETTINGS.format(bolt=bolt, http=http) + settings, encoding="utf-8")
    flags = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
    command = [
        "java",
        "-Xmx1g",
        *BRIEF,
        *flags,
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-cp",
        class_path,
        "org.neo4j.server.CommunityEntryPoint",
        f"--home-dir={home}",
        f"--config-dir={home / 'conf'}",
    ]
    with (home / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=home)
    try:
        server = Neo4j(f"{scheme}://127.0.0.1:{bolt}", "neo4j", PASSWORD, process.pid)
        _wait(server, process, home, fresh=fresh)
        yield server
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _driver(server: Neo4j, password: str) -> Driver:
    from neo4j import GraphDatabase

    return GraphDatabase.driver(server.url, auth=(server.user, password), notifications_min_severity="OFF")


def _wait(server: Neo4j, process: subprocess.Popen[bytes], home: Path, *, fresh: bool) -> None:
    """Until the server answers; then a fresh one gets its password."""
    from neo4j.exceptions import DriverError, Neo4jError

    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with _driver(server, "neo4j" if fresh else server.password) as driver:
                driver.verify_connectivity()
                if not fresh:
                    return
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=server.password, database_="system"
                )
                return
        except (DriverError, Neo4jError):
            time.sleep(0.5)
    _give_up(f"Neo4j did not start within {PATIENCE} s: {(home / 'output.txt').read_text(errors='replace')[-2000:]}")


# What extraction needs, loaded once. ----------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def load_once() -> None:
    """Builds in this process read with one model: it has no state that an article leaves in it."""
    language_model.load_model = cache(load_model)


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pinned model."""
    return language_model.load_model()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The shipped catalogue."""
    return load_catalogue()


@pytest.fixture(scope="session")
def sample_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder of the sample articles; tests only read it."""
    folder = tmp_path_factory.mktemp("samples") / "samples.kg"
    summary = build(folder, [samples()])
    assert summary.read >= 12 and not summary.failed, summary.problems
    return folder


@pytest.fixture(scope="session")
def synthetic_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder with everything that the tables allow; tests only read it."""
    folder = tmp_path_factory.mktemp("synthetic") / "g.kg"
    write_graph(folder, 7, actors=36, claims=200)
    return folder


@pytest.fixture
def synthetic_db(synthetic_graph: Path) -> Iterator[sqlite3.Connection]:
    """That graph's database."""
    with Folder(synthetic_graph).read() as db:
        yield db
