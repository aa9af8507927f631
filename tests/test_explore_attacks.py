"""What others on the same machine, and pages of other sites, send the explorer: all of it over a real socket."""

from __future__ import annotations

import json
import logging
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kgraph.folder import Folder
from kgraph.serve.asked import MOST_DEEP
from kgraph.serve.door import LIMITS, MOST_BYTES, MOST_HEAD, Limits
from kgraph.serve.explorer import FIELDS, READS, STATIC, WRITES, Explorer, routes, server

SHORT = replace(LIMITS, head=1.0, body=1.0, unread=1.0)
ANSWERED = {200, 400, 403, 404, 405, 408, 411, 413, 415, 431}


class Attacked:
    """An explorer with its own server, and a client that sends it any bytes."""

    def __init__(self, folder: Path, limits: Limits = LIMITS) -> None:
        self.explorer = Explorer(Folder(folder))
        self.decisions = folder / "decisions.jsonl"
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.server = server(self.explorer, limits)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)
        self.explorer.asking.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body that bytes are answered with; 0 where the connection just ends."""
        with self.connect() as to:
            with suppress(ConnectionError):
                to.sendall(request)
            return read_answer(to)

    def ask(self, path: str, body: bytes = b"{}", *, method: str = "POST", **headers: str | None) -> tuple[int, Any]:
        """An answer to a request with the usual headers and others; one that is None is left out."""
        usual = {"Host": f"127.0.0.1:{self.port}", "Content-Type": "application/json", "Content-Length": str(len(body))}
        every = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in every.items() if value is not None]
        head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
        status, said = self.send(head.encode("utf-8", "surrogateescape") + body)
        return status, one_line(said) if status not in (0, 200) else said

    def review(self, body: object, name: str = "decide") -> tuple[int, Any]:
        return self.ask(f"/api/{name}", json.dumps(body).encode(), X_KGraph_Token=self.explorer.token)


def read_answer(to: socket.socket) -> tuple[int, bytes]:
    found = b""
    with suppress(ConnectionError):
        while part := to.recv(65536):
            found = (found + part).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n").removeprefix(b"HTTP/1.1 100 \r\n\r\n")
            head, end, body = found.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
            if end and length and len(body) >= int(length[1]):
                return int(found.split(b" ", 2)[1]), body[: int(length[1])]  # what else was sent may be answered, too
    if not found:
        return 0, b""
    return int(found.split(b" ", 2)[1]), found.partition(b"\r\n\r\n")[2]


def one_line(said: bytes) -> Any:
    """What a refusal says: JSON with one error in one line."""
    found = json.loads(said)
    assert found.keys() == {"error"} and "\n" not in found["error"] and "Traceback" not in found["error"]
    return found["error"]


@contextmanager
def attacked(folder: Path, limits: Limits = LIMITS) -> Iterator[Attacked]:
    made = Attacked(folder, limits)
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def folder(sample_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample graph, which no request without the token changes."""
    return Path(shutil.copytree(sample_graph, tmp_path_factory.mktemp("attacked") / "samples.kg"))


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Attacked]:
    with attacked(folder) as made:
        yield made


@pytest.fixture
def quiet(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing is printed, and nothing that went wrong is noted."""
    caplog.set_level(logging.WARNING)
    yield
    printed = capfd.readouterr()
    assert printed.err == "" and [record.getMessage() for record in caplog.records] == []


@pytest.fixture
def one_server(running: Attacked, quiet: None) -> Iterator[Attacked]:
    """The module's server, which says nothing and keeps nothing that it is sent without the token."""
    yield running
    assert not running.decisions.exists()


# Paths. ---------------------------------------------------------------------------------------------------------------

SPELLINGS = [
    "/api//{}", "//api/{}", "/api/x/{}", "/api/%2F{}", "/api%2F{}", "/%61pi/{}", "/api/{}/", "/api/{}//", "/api/{}%2F", "/api/./{}",
    "/api/../api/{}", "/x/../api/{}", "/api/{};x", "/api;x/{}", "/api/{}?x", "/api/{}?", "/api/{}%00", "/api/{}%20", "/api\\{}", "/api/%5C{}",
    "/API/{}", "/api/start/{}", "/api/start/../{}", "/static/../api/{}", "/static/{}", "/{}", "{}", "http://127.0.0.1/api/{}", "*", "/api/",
    "/api/{}#", "/api/{}.json", "/api/%252F{}", "/api/%c0%af{}", "/api/{}%0d%0a",
]  # fmt: skip


def spelt(name: str) -> list[str]:
    """Ways of writing a path that some servers take for the path."""
    others = [f"%{ord(name[0]):02x}{name[1:]}", name.title(), name.upper(), f"{name[:-1]}%{ord(name[-1]):02X}"]
    return [each.format(name) for each in SPELLINGS] + [f"/api/{other}" for other in others]


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("token", [False, True], ids=["without the token", "with it"])
def test_only_the_path_itself_is_a_path(one_server: Attacked, name: str, token: bool) -> None:
    body = json.dumps({"action": "comment", "target": "Iran", "value": "x", "id": "x"}).encode()
    headers = {"X_KGraph_Token": one_server.explorer.token if token and name != "decide" else "wrong"}
    found = {path: one_server.ask(path, body, **headers)[0] for path in spelt(name)}
    itself = found.pop(f"/api/{name}?")  # a server cannot tell an empty question from none
    assert itself in (400, 403) and {path: status for path, status in found.items() if status not in (400, 404)} == {}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "post"])
def test_only_its_method_is_answered(one_server: Attacked, name: str, method: str) -> None:
    to = one_server.connect()
    to.sendall(f"{method} /api/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert read_answer(to)[0] == 405
    to.close()


def test_every_path_has_one_route_and_the_token_is_asked_for_all_writes(running: Attacked) -> None:
    known = routes(running.explorer)
    assert {path for path, route in known.items() if route.needs_token} == {f"/api/{name}".encode() for name in WRITES}
    assert {path for path, route in known.items() if route.takes_json} == {f"/api/{name}".encode() for name in READS | WRITES}
    assert len(known) == 1 + len(STATIC) + len(READS | WRITES) and FIELDS.keys() == (READS | WRITES).keys()


TOKENS = ["", "wrong", " ", "x" * 40, "ünï", "null", "undefined", "%00"]


@pytest.mark.parametrize("token", TOKENS)
def test_no_other_token_lets_one_in(one_server: Attacked, token: str) -> None:
    assert one_server.ask("/api/decide", X_KGraph_Token=token)[0] == 403
    assert one_server.ask("/api/undo", X_KGraph_Token=one_server.explorer.token[:-1])[0] == 403


# Who asks. ------------------------------------------------------------------------------------------------------------

STRANGERS: list[dict[str, str | None]] = [
    *({"Host": host} for host in (
        "[", "]", "[::1", "[::1]", "127.0.0.1:99999", "127.0.0.1:0", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:8:8", "evil.example", "127.0.0.1.evil.example",
        "127.1", "2130706433", "0.0.0.0", "localhost.", "a@127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1/..", "127.0.0.1,evil.example", "lоcalhost", "١٢٧.0.0.1",
        "127.0.0.1:８０", "", None,
    )),
    *({"Origin": origin} for origin in (
        "null", "[", "http://[", "http://evil.example", "http://127.0.0.1", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", "http://127.0.0.1:{port}/",
        "http://localhost:{port}", "file://", "", "http://127.0.0.1:{port} http://evil.example", "ünï",
    )),
    *({"Content_Type": kind} for kind in ("text/plain", "", None, "application/json;", "application/jsonx", "application/x-www-form-urlencoded", "multipart/form-data", "ünï")),
]  # fmt: skip


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
def test_a_stranger_gets_nothing(one_server: Attacked, headers: dict[str, str | None]) -> None:
    own = {name: value and value.replace("{port}", str(one_server.port)) for name, value in headers.items()}
    for path in ("/api/start", "/api/decide"):
        status, _ = one_server.ask(path, X_KGraph_Token=one_server.explorer.token, **own)
        assert status in (400, 403)


@pytest.mark.parametrize("name", ["Host", "Origin", "Content-Type", "X-KGraph-Token", "Content-Length"])
def test_a_header_is_given_once(one_server: Attacked, name: str) -> None:
    port, token = one_server.port, one_server.explorer.token
    usual = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json", "X-KGraph-Token": token, "Content-Length": "2"}
    lines = [*usual.items(), (name, {"Content-Length": "3"}.get(name, usual[name]))]
    head = "".join(f"{key}: {value}\r\n" for key, value in lines)
    assert one_server.send(f"POST /api/decide HTTP/1.1\r\n{head}\r\n{{}}".encode())[0] == 400


def test_its_own_page_is_let_in_by_both_names(one_server: Attacked) -> None:
    for host in (f"127.0.0.1:{one_server.port}", f"localhost:{one_server.port}", "LOCALHOST:9999"):  # seen through a tunnel
        assert one_server.ask("/api/legend", Host=host, Origin=f"http://{host}".lower())[0] == 200


# Bodies. --------------------------------------------------------------------------------------------------------------


def chunked(path: str, *chunks: bytes, more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n{more}\r\n"
    return head.encode() + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def test_a_body_in_pieces_is_read_and_counted(one_server: Attacked) -> None:
    assert one_server.send(chunked("/api/search", b'{"q":', b'"iran"}', b""))[0] == 200
    many = [b" " * 50_000] * (MOST_BYTES // 50_000)
    assert one_server.send(chunked("/api/search", *many, b" ", b""))[0] == 413
    assert one_server.send(chunked("/api/search", *many, b" "))[0] == 413  # nobody waits for its end
    assert one_server.send(chunked("/api/search", *many, b""))[0] == 400  # as much as may be


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 10**12, 10**19, -1, "x", "1_0", "0x5", "+2", "2, 3", "٢"])
def test_a_length_that_is_none_is_refused_before_the_body(one_server: Attacked, length: object) -> None:
    status, _ = one_server.ask("/api/search", b"", Content_Length=str(length))
    assert status in (400, 413)


@pytest.mark.parametrize("path", ["/", "/static/explore.js", "/static/view.css"])
def test_other_paths_take_no_body(one_server: Attacked, path: str) -> None:
    get = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    for more in ("Content-Length: 2\r\n\r\n{}", "Content-Length: 2\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"):
        assert one_server.send((get + more).encode())[0] == 400
    assert one_server.send((get + "Content-Length: 0\r\n\r\n").encode())[0] == 200
    assert one_server.send((get + "\r\n").encode())[0] == 200
    assert one_server.ask(path)[0] == 405


def test_a_refused_body_ends_the_connection(one_server: Attacked) -> None:
    with one_server.connect() as to:
        to.sendall(chunked("/api/decide", b" " * 100))
        assert read_answer(to)[0] == 403
        with suppress(ConnectionError):
            to.sendall(b"5\r\nabcde\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with suppress(ConnectionError):
            assert to.recv(10) == b""


HEADS = [
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"Host: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * (MOST_HEAD + 1) + b"\r\n\r\n",
    b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nbad header\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\xff: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \x00\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET \xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x00" * 1000 + b"\r\n\r\n",
    b"CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /api/decide HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    chunked("/api/search") + b"zz\r\n",
    chunked("/api/search") + b"-5\r\nabc\r\n",
    chunked("/api/search", b"{") + b"ffffffffffffffffffffffff\r\n",
    chunked("/api/search", more="Content-Length: 2\r\n") + b"zz\r\n",
    chunked("/api/search") + b"1;" + b"x" * 100_000,
    chunked("/api/decide", b"{}") + b"zz\r\n",
    chunked("/api/search", b'{"q": "iran"}', b"", more="Content-Length: 2\r\n"),
]  # fmt: skip


@pytest.mark.parametrize("request_", HEADS, ids=range(len(HEADS)))
def test_what_is_no_request_is_refused(one_server: Attacked, request_: bytes) -> None:
    status, said = one_server.send(request_)
    assert status in ANSWERED - {200} and one_line(said)


# Waiting. -------------------------------------------------------------------------------------------------------------


def ends_within(to: socket.socket, seconds: float, drip: bytes = b"") -> int:
    """What a connection is answered at last, while some bytes come one by one."""
    begun, found = time.monotonic(), b""
    to.settimeout(0.2)
    while time.monotonic() - begun < seconds:
        with suppress(TimeoutError, ConnectionError):
            if drip:
                to.sendall(drip)
        try:
            part = to.recv(65536)
        except TimeoutError:
            continue
        except ConnectionError:
            part = b""
        if not part:
            return int(found.split(b" ", 2)[1]) if found else 0
        found += part
    raise AssertionError(f"still open after {seconds} s")


ENDLESS = {
    "nothing": (b"", b"", 0),
    "half a line": (b"GET / HT", b"", 408),
    "half a head": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"", 408),
    "a head in drops": (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X: y\r\n", 408),
    "half a body": (b'POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"q":', b"", 408),
    "a body in drops": (b"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n", b" ", 408),
    "pieces without an end": (chunked("/api/search", b"{"), b"", 408),
    "pieces in drops": (chunked("/api/search", b"{"), b"1\r\n \r\n", 408),
    "a head after an answer": (b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nG", b"", 404),
    "a head in drops after an answer": (b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\n", b"X: y\r\n", 404),
    "nothing after an answer": (b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"", 404),
}  # fmt: skip


@pytest.fixture(scope="module")
def hasty(folder: Path) -> Iterator[Attacked]:
    with attacked(folder, SHORT) as made:
        yield made


@pytest.mark.parametrize("sent, drip, status", ENDLESS.values(), ids=ENDLESS)
def test_nobody_is_waited_for_for_ever(hasty: Attacked, quiet: None, sent: bytes, drip: bytes, status: int) -> None:
    with hasty.connect() as to:
        to.sendall(sent)
        assert ends_within(to, LIMITS.head - 1, drip) == status


@pytest.mark.parametrize("times", [1, 20])
def test_an_answer_that_nobody_takes_is_given_up(hasty: Attacked, quiet: None, times: int) -> None:
    with hasty.connect() as to:
        to.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        to.sendall(b"GET /static/vis-network.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * times)
        until = time.monotonic() + 15
        while hasty.server.server_state.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not hasty.server.server_state.connections


def test_many_who_say_nothing_keep_nobody_out(folder: Path, quiet: None) -> None:
    with attacked(folder, replace(LIMITS, connections=20)) as few:
        silent = [few.connect() for _ in range(150)]
        for each in silent[::2]:
            with suppress(ConnectionError):
                each.sendall(b"POST /api/start HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        assert few.ask("/api/legend")[0] == 200
        assert len(few.server.server_state.connections) <= 21
        for each in silent:
            each.close()


def test_slow_questions_leave_room_for_others(folder: Path, quiet: None) -> None:
    """A question holds the one copy of the graph: the second waits for it, a third is sent away, search is answered."""
    limits = replace(LIMITS, turns={"reads": 8, "questions": 1, "writes": 1}, waiting=1)
    asked = json.dumps({"name": "who-arms", "values": {"actor": "Ukraine"}}).encode()
    found: list[int] = []
    with attacked(folder, limits) as slow:
        with slow.explorer.asking.lent(folder, 60):
            threads = [threading.Thread(target=lambda: found.append(slow.ask("/api/ask", asked)[0])) for _ in range(3)]
            for thread in threads:
                thread.start()
            assert slow.ask("/api/search", b'{"q": "iran"}')[0] == 200
            until = time.monotonic() + 10
            while not found and time.monotonic() < until:
                time.sleep(0.05)
            assert found == [503]
        for thread in threads:
            thread.join(60)
        assert sorted(found) == [200, 200, 503]


# What is said. --------------------------------------------------------------------------------------------------------

NONSENSE = [
    b"", b"null", b"[]", b'"x"', b"5", b"true", b"{", b"{}x", b"{'q': 1}", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"\xed\xa0\x80", b'{"q": "\xed\xa0\x80"}', b'{"q": "\xff"}',
    b"NaN", b'{"q": NaN}', b'{"q": -Infinity}', b'{"q": 1e999}', b'{"q": ' + b"9" * 5000 + b"}", b'{"\\ud800": 1}', b'{"q": "\\ud800"}', b'{"q": "\\udfff\\ud800"}', b'{"q": "a", "q": "b"}',
    b"[" * 100_000, b'{"q":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"q": ' + b"[" * 900 + b"]" * 900 + b"}", b'{"a":' * (MOST_DEEP + 1) + b"{}" + b"}" * (MOST_DEEP + 1),
    "{\"q\": \"x\"}".encode("utf-16"), "{\"q\": \"x\"}".encode("utf-32"), b'{"q": "\x01"}',
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_what_is_no_question_is_refused(one_server: Attacked, body: bytes) -> None:
    for name in ("search", "ask"):
        assert one_server.ask(f"/api/{name}", body)[0] == 400
    assert one_server.ask("/api/decide", body, X_KGraph_Token=one_server.explorer.token)[0] == 400


WRONG = [None, True, 5, 1.5, 10**400, [], ["x"], [[]], [5], {}, {"x": "y"}, {"": []}, "", "x", "\u0000", "a\nb\u2028c", "'; DROP TABLE actor; --", "x" * 20_000, "/etc/passwd", "../../x.cypher"]


@pytest.mark.parametrize("name", sorted(READS | WRITES))
def test_every_field_may_be_anything(one_server: Attacked, name: str) -> None:
    """Each field in turn is each wrong thing, while the others are right."""
    right = {"q": "iran", "id": "state:iran", "ids": ["state:iran"], "drawn": [], "a": "state:iran", "b": "state:russia", "day": "2024-01-01", "name": "who-arms", "values": {}, "trust": "all"}
    fields = {field: right.get(field, "x") for field in FIELDS[name]} | ({"details": {}} if "details" in FIELDS[name] else {})
    for field in fields:
        for wrong in WRONG:
            if name == "ask" and field == "values" and wrong == {}:
                continue
            body = json.dumps(fields | {field: wrong}).encode()
            status, _ = one_server.ask(f"/api/{name}", body, X_KGraph_Token=one_server.explorer.token)
            assert status == 400 or (status == 200 and name not in WRITES), (field, wrong)
        body = json.dumps({key: value for key, value in fields.items() if key != field}).encode()
        status, _ = one_server.ask(f"/api/{name}", body, X_KGraph_Token=one_server.explorer.token)
        assert status == 400 or field == "trust", field


DETAILS = [
    {"roles": []}, {"roles": "x"}, {"roles": {"agent": "Iran"}}, {"roles": {"agent": [None]}}, {"roles": {"agent": {"x": 1}}}, {"roles": {"zzz": ["Iran"]}}, {"roles": None},
    {"sentence": 5}, {"sentence": None}, {"sentence": ["x"]}, {"sentence": ""}, {"type": ["ATTACKS"]}, {"type": "NOTHING"}, {"type": 5}, {"status": {}}, {"status": None}, {"source": []}, {"source": "x"},
    {"source": {"published": 5}}, {"source": {"published": "yesterday"}}, {"source": {"more": "x"}}, {"more": "x"}, {"start": 0}, {"end": "x"}, {"aliases": "x"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", [*DETAILS, [], "x", 5, None], ids=str)
def test_no_addition_is_kept_with_wrong_details(one_server: Attacked, wrong: Any) -> None:
    right = {"type": "CONDEMNS", "roles": {"agent": ["Russia"], "target": ["Hamas"]}, "sentence": "Moscow condemned Hamas.", "status": "asserted", "source": {"published": "2023-06-12", "outlet": ""}}
    details = right | wrong if isinstance(wrong, dict) else wrong
    assert one_server.review({"action": "add", "target": "A book", "details": details})[0] == 400
    for name in ("type", "roles", "sentence", "status"):
        left = {key: value for key, value in right.items() if key != name}
        assert one_server.review({"action": "add", "target": "A book", "details": left})[0] == 400


def nasty(choose: random.Random) -> bytes:
    """A request that nobody means well with."""
    word = choose.choice(["iran", "x" * 5000, "\\ud800", "\u2028", "\u0000", "ع" * 300, "[", "../", "'", "\U0001f480"])
    value: Any = choose.choice([None, 5, -1, [word], {word: word}, word, [[word]], 1e308, True])
    name = choose.choice([*READS, *WRITES])
    path = choose.choice([f"/api/{name}"] * 5 + ["/", "/static/view.css", "/static/" + "x" * 50, *spelt(name)[:20]])
    fields = {field: choose.choice([value, word, [word]]) for field in FIELDS[name]}
    body = choose.choice([json.dumps(fields).encode(), json.dumps(value).encode(), *NONSENSE])
    if choose.random() < 0.3:
        at = choose.randrange(len(body) + 1)
        body = body[:at] + bytes(choose.randbytes(choose.randrange(4))) + body[at:]
    lines = [
        f"{choose.choice(['POST'] * 6 + ['GET', 'PUT', 'OPTIONS', 'x'])} {path} HTTP/1.{choose.choice('1110')}".encode(),
        b"Host: " + choose.choice([b"127.0.0.1"] * 8 + [b"[", b"\xff", b"x" * 300]),
        b"Content-Type: " + choose.choice([b"application/json"] * 8 + [b"text/plain", b"\xff"]),
        choose.choice([b"Content-Length: %d" % len(body)] * 8 + [b"Content-Length: %d" % (len(body) // 2), b"X: y"]),
        choose.choice([b"A: b", b"Origin: null", b"Expect: 100-continue", b"X-KGraph-Token: wrong", b"X-Forwarded-For: \xff", b"Accept-Encoding: \xff", b"Cookie: a=b"]),
        b"Connection: close",
    ]  # fmt: skip
    request = b"\r\n".join(lines) + b"\r\n\r\n" + body
    return request if choose.random() < 0.9 else request[: choose.randrange(len(request))]


def test_nasty_requests_get_an_answer_of_a_line(folder: Path, quiet: None) -> None:
    choose, until, found = random.Random(12), time.monotonic() + 15, []
    with attacked(folder, replace(LIMITS, head=0.2, body=0.2)) as nervous:
        while len(found) < 600 and time.monotonic() < until:
            request = nasty(choose)
            with nervous.connect() as to:
                with suppress(OSError):  # it may have been refused by now
                    to.sendall(request)
                    to.shutdown(socket.SHUT_WR) if choose.random() < 0.3 else None
                status, said = read_answer(to)
            assert status in ANSWERED | {0}, request[:500]
            assert status in (0, 200) or one_line(said) or request.startswith(b"HEAD"), request[:500]
            found.append(status)
        assert len(found) > 100 and {200, 400, 403, 404, 405} <= set(found)
        assert not nervous.decisions.exists() and nervous.ask("/api/legend")[0] == 200


# A graph in trouble. --------------------------------------------------------------------------------------------------


@pytest.fixture
def own(sample_graph: Path, tmp_path: Path, quiet: None) -> Iterator[Attacked]:
    """An explorer of a graph of its own, to be damaged."""
    shutil.copytree(sample_graph, tmp_path / "samples.kg")
    with attacked(tmp_path / "samples.kg") as made:
        yield made


DAMAGED = [b"{", b"[]\n", b'"x"\n', b"null\n", b"\xff\xfe\n", b'{"action": 5}\n', b'{"action": "accept", "target": "x", "value": {}}x\n', b"[" * 100_000 + b"\n", b"\x00\n"]


@pytest.mark.parametrize("lines", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_decisions_are_named(own: Attacked, lines: bytes) -> None:
    own.decisions.write_bytes(lines)
    status, said = own.ask("/api/dossier", b'{"id": "state:iran"}')
    assert status in (400, 503) and "decisions.jsonl" in said
    assert own.review({"action": "comment", "target": "Iran", "value": "x"})[0] in (200, 400, 503)
    assert own.review({"id": "x"}, "undo")[0] in (400, 503)
    assert own.ask("/api/search", b'{"q": "iran"}')[0] == 200


def test_a_folder_that_vanishes_is_named(own: Attacked) -> None:
    shutil.rmtree(own.explorer.folder)
    for name, body in (("start", b"{}"), ("search", b'{"q": "iran"}'), ("dossier", b'{"id": "x"}')):
        status, said = own.ask(f"/api/{name}", body)
        assert status in (400, 503) and "samples.kg" in said
    assert own.review({"action": "comment", "target": "Iran", "value": "x"})[0] in (400, 503)
    assert not own.explorer.folder.path.exists()


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100, None], ids=["empty", "other", "none"])
def test_a_database_that_is_none_is_named(own: Attacked, damage: bytes | None) -> None:
    database = own.explorer.folder.path / "evidence.db"
    database.unlink()
    if damage is not None:
        database.write_bytes(damage)
    status, said = own.ask("/api/start")
    assert status in (400, 503) and "samples.kg" in said


def test_a_locked_database_is_named(own: Attacked) -> None:
    with closing(sqlite3.connect(own.explorer.folder.path / "evidence.db", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("BEGIN EXCLUSIVE")
        status, said = own.ask("/api/search", b'{"q": "iran"}')
        assert status == 503 and "another program holds its database" in said
    assert own.ask("/api/search", b'{"q": "iran"}')[0] == 200


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_folder_may_have_any_name(sample_graph: Path, tmp_path: Path, quiet: None) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff<b>\n.kg"))
    shutil.copytree(sample_graph, folder)
    with attacked(folder) as made:
        assert made.ask("/api/start")[0] == 200
        shutil.rmtree(folder)
        assert made.ask("/api/start")[0] == 503


def test_a_mistake_of_ours_is_noted_in_one_line_without_what_was_asked(sample_graph: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.copytree(sample_graph, tmp_path / "samples.kg")
    with attacked(tmp_path / "samples.kg") as made:
        made.explorer.first = made.explorer.known = 5  # type: ignore[assignment]
        status, said = made.ask("/api/search", b'{"q": "secret"}')
    (noted,) = [record for record in caplog.records if record.name == "kgraph.serve.door"]
    assert status == 500 and "secret" not in said and noted.exc_info is None
    assert re.fullmatch(r"explorer: /api/search: AttributeError in \S+, line \d+", noted.getMessage())


# The token. -----------------------------------------------------------------------------------------------------------

RECORDS = """#!{python}
import json, os, stat, sys, urllib.parse
path = urllib.parse.unquote(sys.argv[-1].removeprefix("file://"))
lines = [open(f"/proc/{{n}}/cmdline", "rb").read().decode(errors="replace") for n in ("self", os.getppid())] if os.path.exists("/proc/self") else []
modes = [stat.S_IMODE(os.stat(each).st_mode) for each in (path, os.path.dirname(path))]
record = {{"argv": sys.argv, "lines": lines, "environment": dict(os.environ), "modes": modes, "page": open(path).read()}}
open({out!r} + ".new", "w").write(json.dumps(record))
os.rename({out!r} + ".new", {out!r})
"""


@contextmanager
def command(folder: Path, tmp_path: Path, *more: str, end: int = signal.SIGINT) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """`kgraph explore` as a person starts it, with a browser that records how it was called."""
    browser, record = tmp_path / "browser", tmp_path / "record.json"
    browser.write_text(RECORDS.format(python=sys.executable, out=str(record)))
    browser.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    environment = os.environ | {"BROWSER": str(browser), "TMPDIR": str(tmp_path / "tmp"), "PYTHONUNBUFFERED": "1"}
    line = [sys.executable, "-m", "kgraph.cli", "explore", "-g", str(folder), *more]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout
        try:
            yield running.stdout.readline().strip(), running, record
        finally:
            running.send_signal(end)
            try:
                running.wait(20)
            finally:
                running.kill()


def wait_for(path: Path) -> Any:
    for _ in range(300):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.1)
    raise AssertionError("no browser was opened")


@pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a script")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_no_command_line_has_the_token(folder: Path, tmp_path: Path, end: int) -> None:
    with command(folder, tmp_path, end=end) as (address, running, record):
        said = wait_for(record)
        token = re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=([\w-]{30,})", address)
        assert token and token[1] in said["page"] and said["modes"] == [0o600, 0o700]
        assert token[1] not in json.dumps([said["argv"], said["lines"], said["environment"]])
        own = Path(f"/proc/{running.pid}")
        if own.exists():
            assert token[1].encode() not in (own / "cmdline").read_bytes() + (own / "environ").read_bytes()
    assert list((tmp_path / "tmp").glob("kgraph-*")) == []


@pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a script")
def test_nobody_keeps_it_from_ending(folder: Path, tmp_path: Path) -> None:
    with ExitStack() as open_to:
        with command(folder, tmp_path, "--no-open") as (address, running, _):
            place = ("127.0.0.1", int(re.findall(r":(\d+)/", address)[0]))
            for sent, _, _ in ENDLESS.values():
                open_to.enter_context(socket.create_connection(place)).sendall(sent)
            open_to.enter_context(socket.create_connection(place)).sendall(b"GET /static/vis-network.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20)
            time.sleep(1)
            running.send_signal(signal.SIGINT)
            running.wait(10)
            assert running.stderr
            said = [line for line in running.stderr.read().splitlines() if line.strip()]
            assert said == ["This address lets one review, too; keep it to yourself. Ctrl-C ends.", "Aborted!"]


@pytest.mark.parametrize("port", ["-1", "65536", "99999999999999999999", "x"])
def test_a_port_that_is_none_is_refused_in_a_line(folder: Path, port: str) -> None:
    line = [sys.executable, "-m", "kgraph.cli", "explore", "-g", str(folder), f"--port={port}"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a script")
def test_no_browser_is_opened_where_none_is_wanted(folder: Path, tmp_path: Path) -> None:
    with command(folder, tmp_path, "--no-open") as (address, _, record):
        assert address.startswith("http://127.0.0.1:")
        time.sleep(1)
        assert not record.exists() and list((tmp_path / "tmp").iterdir()) == []


def test_what_leads_there_goes_away_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kgraph.serve.browser import shown

    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with shown("http://127.0.0.1:1/#token=x", seconds=0.5):
        until = time.monotonic() + 10
        while not list(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.01)
        (page,) = tmp_path.glob("kgraph-*/*")
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        while list(tmp_path.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="the browser of this test is a script")
def test_what_the_browser_is_given_leads_to_a_page_that_can_review(sample_graph: Path, tmp_path: Path) -> None:
    from browsing import chromium, show

    folder = shutil.copytree(sample_graph, tmp_path / "samples.kg")
    with command(Path(folder), tmp_path) as (address, _, record), chromium() as browser:
        given = wait_for(record)["argv"][-1]
        tab = show(browser, given if given.startswith("file:") else Path(given).as_uri())
        tab.page.wait_for_selector("#add")  # only who may review is offered to add anything
        place, token = address.split("#token=")
        assert tab.page.url == place and tab.seen("document.referrer") == ""
        assert tab.seen("document.cookie + JSON.stringify(localStorage)") == "{}"
        tab.page.locator("#rows tr").first.locator("button").nth(1).click()
        tab.page.fill("#panel blockquote input >> nth=0", "seen")
        tab.page.get_by_role("button", name="Comment", exact=True).first.click()
        tab.page.wait_for_selector("#panel .remark")
        tab.page.go_back() if tab.seen("history.length") > 1 else None
        assert token not in tab.page.url
        assert not [url for url in tab.asked if token in url.partition("#")[0]] and tab.wrong == []
        lines = [line.read_bytes() for line in Path("/proc").glob("[0-9]*/cmdline") if os.access(line, os.R_OK)]
        assert not [line for line in lines if token.encode() in line]
    (made,) = (Path(folder) / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(made)["value"] == "seen"


def test_the_token_is_in_no_representation(running: Attacked) -> None:
    assert running.explorer.token not in repr(running.explorer)
