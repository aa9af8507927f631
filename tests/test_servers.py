"""A real Neo4j behind TLS, one that is killed in the middle of a push, and one that refuses writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Neo4j, class_path, needs, started
from lines import line_to
from synthetic import change_graph, write_graph

from kgraph.errors import StoreError, UsageError
from kgraph.folder import Folder
from kgraph.graph import open_store
from kgraph.graph.nodes import NODE_TYPES, iter_links, iter_nodes, link_types
from kgraph.graph.push import PushSummary, push

TLS = """server.bolt.tls_level=REQUIRED
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory=certificates/bolt
dbms.ssl.policy.bolt.private_key=private.key
dbms.ssl.policy.bolt.public_certificate=public.crt
dbms.ssl.policy.bolt.client_auth=NONE
"""
CERTIFY = ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost "
           "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout private.key -out public.crt")  # fmt: skip
COUNT = "MATCH (a:Actor) RETURN count(a) AS n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a server with a certificate that nobody has signed."""
    home = tmp_path_factory.mktemp("tls")
    place = home / "certificates" / "bolt"
    place.mkdir(parents=True)
    needs("java", "mvn", "openssl")
    subprocess.run(CERTIFY.split(), cwd=place, check=True, capture_output=True)
    return home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph") / "g.kg"
    write_graph(folder, 5)
    return folder


@pytest.fixture(scope="module")
def secure(home: Path, folder: Path) -> Iterator[Neo4j]:
    """The server, started again after it was killed in the middle of the first push."""
    jars = class_path()
    with started(home, jars, scheme="bolt+ssc", settings=TLS) as server:
        kill_in_the_middle(server, folder)
    with started(home, jars, scheme="bolt+ssc", settings=TLS) as server:
        yield server


def kill_in_the_middle(server: Neo4j, folder: Path) -> None:
    with line_to(server.url, lasts=60_000, again=False, then=lambda: os.kill(server.pid, signal.SIGKILL)) as url:
        with pytest.raises(StoreError, match="no Neo4j answers there, or it went away") as caught:
            push(folder, url, **server.login, patience=1)
    assert "\n" not in str(caught.value)


def hashes(folder: Path) -> Counter[int]:
    with Folder(folder).read() as db:
        nodes = [node.hash for kind in NODE_TYPES for node in iter_nodes(db, kind)]
        return Counter([*nodes, *(link.hash for kind in link_types() for link in iter_links(db, kind))])


def held(server: Neo4j) -> Counter[int]:
    nodes = server.run("MATCH (n:KGraph) WHERE n.hash IS NOT NULL RETURN n.hash AS hash")
    return Counter(row["hash"] for row in nodes + server.run("MATCH (:KGraph)-[r]->(:KGraph) RETURN r.hash AS hash"))


def at(server: Neo4j, scheme: str, host: str = "localhost") -> str:
    return f"{scheme}://{host}:{server.url.rpartition(':')[2]}"


def test_after_a_kill_the_next_push_completes(secure: Neo4j, folder: Path) -> None:
    push(folder, secure.url, **secure.login)
    assert held(secure) == hashes(folder)
    assert push(folder, secure.url, **secure.login) == PushSummary()


@pytest.mark.parametrize("scheme", ["bolt+ssc", "neo4j+ssc"])
def test_a_certificate_of_its_own_is_taken_where_one_says_so(secure: Neo4j, folder: Path, scheme: str) -> None:
    push(folder, at(secure, scheme), **secure.login)
    with open_store(folder, at(secure, scheme), **secure.login) as store:
        assert store.ask(COUNT, {}).rows == [{"n": 40}]


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_a_certificate_that_nobody_signed_is_said(secure: Neo4j, folder: Path, scheme: str) -> None:
    with pytest.raises(StoreError, match=r"certificate.*\+ssc://") as caught:
        push(folder, at(secure, scheme), **secure.login)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_wants_tls_is_said(secure: Neo4j, folder: Path, scheme: str) -> None:
    with pytest.raises(StoreError, match=r"\+s://") as caught:
        push(folder, at(secure, scheme), **secure.login)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["bolt+s", "neo4j+s"])
def test_a_certificate_that_the_system_trusts(secure: Neo4j, home: Path, folder: Path, scheme: str) -> None:
    trusts = {"SSL_CERT_FILE": str(home / "certificates" / "bolt" / "public.crt"), "KGRAPH_NEO4J_PASSWORD": secure.password}
    command = [sys.executable, "-m", "kgraph.cli", "push", at(secure, scheme), "-g", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **trusts})
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.startswith("0 created, 0 changed, 0 deleted")


def test_a_server_that_takes_no_writes_is_said(secure: Neo4j, home: Path, folder: Path) -> None:
    """Started once more on the same database, read-only now: asking goes on, pushing does not."""
    push(folder, secure.url, **secure.login)
    os.kill(secure.pid, signal.SIGKILL)
    change_graph(folder, "UPDATE actor SET articles = articles + 1")
    with started(home, class_path(), scheme="bolt+ssc", settings=f"{TLS}server.databases.read_only=neo4j\n") as server:
        before = held(server)
        with pytest.raises(StoreError, match="takes no writes") as caught:
            push(folder, server.url, **server.login)
        assert "\n" not in str(caught.value)
        assert held(server) == before
        with open_store(folder, server.url, **server.login) as store:
            assert store.ask(COUNT, {}).rows == [{"n": 40}]
            with pytest.raises(UsageError, match="only reading"):
                store.ask("CREATE (:Actor)", {})
