"""Who is let in: one table of paths, what a request must be like, and an end to all waiting.

Knows nothing of graphs. A request is looked up once, in the table and exactly as it was sent; what is found there says
by which method, with which body and whether with the token it is asked for, and is also what answers.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import h11
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from kgraph.serve.asked import as_json

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000  # of a body
MOST_HEAD = 32_000  # bytes of a request's headers
QUEUE = 128  # connections that the system keeps until they are taken up, all at once
PORTS = range(1, 65536)
HOST = re.compile(rb"(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?", re.IGNORECASE)
HEADERS = {
    # vis-network sets styles on the elements that it makes; nothing else may
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a connection may keep the server waiting, in seconds, and how much there may be at once."""

    head: float = 10.0  # until the head of a request is there, from the first to the last byte
    body: float = 15.0  # until its body is there
    unread: float = 60.0  # until an answer is taken
    connections: int = 100
    waiting: int = 24  # requests of one kind that wait for their turn
    turns: Mapping[str, int] = field(default_factory=lambda: {"reads": 8, "questions": 4, "writes": 2})  # at once


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Route:
    """What stands at a path, and how it is asked for."""

    answer: Callable[[bytes], Reply]  # from the body, in a thread
    method: str = "GET"
    takes_json: bool = False
    needs_token: bool = False
    turn: str = "reads"  # which of the turns it waits for


class Refused(Exception):
    """A request that is not answered: the status, and why in one line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Gone(Exception):
    """Who asked does not wait for the answer."""


def refusal(status: int, why: str) -> Reply:
    return Reply(status, as_json({"error": why}))


# One request. ---------------------------------------------------------------------------------------------------------


def application(routes: Mapping[bytes, Route], token: str, limits: Limits = LIMITS) -> ASGIApp:
    """What stands at some paths, as an ASGI application."""
    turns = {name: Turns(many, many + limits.waiting) for name, many in limits.turns.items()}

    async def respond(scope: Scope, receive: Receive) -> Reply:
        try:
            route = admitted(scope, routes, token)
            body = await _body(receive, limits.body) if route.takes_json else b""
            async with turns[route.turn].taken():
                return await run_in_threadpool(route.answer, body)
        except Refused as refused:
            return refusal(refused.status, str(refused))
        except Gone:
            raise
        except Exception as error:
            _note(scope["raw_path"], error)
            return refusal(500, "kgraph made a mistake; the line that `kgraph explore` printed says where")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        with suppress(Gone):
            reply = await respond(scope, receive)
            left = reply.status != 200 and _has_body(scope)  # what was not read may never end
            headers = HEADERS | ({"Connection": "close"} if left else {})
            await Response(reply.body, reply.status, headers, reply.media_type)(scope, receive, send)

    return application


def admitted(scope: Scope, routes: Mapping[bytes, Route], token: str) -> Route:
    """The one place in the table that a request names. Raises Refused: another site's page may send one, too."""
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEAD:
        raise Refused(431, f"the headers of a request have at most {MOST_HEAD} bytes")
    _check_sender(scope)
    route = routes.get(scope.get("raw_path") or b"") if not scope["query_string"] else None
    if route is None:
        raise Refused(404, "there is nothing at this address")
    if scope["method"] != route.method:
        raise Refused(405, f"this is asked for by {route.method}")
    if route.takes_json:
        _check_json(scope)
    elif _has_body(scope):
        raise Refused(400, "nothing is sent along with this question")
    if route.needs_token and not secrets.compare_digest(_only(scope, b"x-kgraph-token") or b"", token.encode()):
        raise Refused(403, "reviews need the address that `kgraph explore` printed, with its token")
    return route


def _check_sender(scope: Scope) -> None:
    """A name that leads here may be anybody's; so may a page in the browser."""
    host = _only(scope, b"host") or b""
    named = HOST.fullmatch(host)
    if not named or (named[1] and int(named[1]) not in PORTS):
        raise Refused(403, "this explorer answers only to 127.0.0.1")
    origin = _only(scope, b"origin")
    if origin is not None and origin.lower() != b"http://" + host.lower():
        raise Refused(403, "this explorer answers only to its own page")


def _check_json(scope: Scope) -> None:
    if _only(scope, b"content-type") != b"application/json":
        raise Refused(403, "questions are posted as JSON")
    if _only(scope, b"transfer-encoding") and _only(scope, b"content-length"):
        raise Refused(400, "a question comes in pieces or with its length, not both")
    if int(_only(scope, b"content-length") or 0) > MOST_BYTES:
        raise Refused(413, f"a question has at most {MOST_BYTES} bytes")


def _has_body(scope: Scope) -> bool:
    names = [name for name, value in scope["headers"] if name != b"content-length" or value.strip(b"0 ")]
    return b"content-length" in names or b"transfer-encoding" in names


def _only(scope: Scope, name: bytes) -> bytes | None:
    """The value of a header, which may be given once."""
    found = [value for key, value in scope["headers"] if key == name]
    if len(found) > 1:
        raise Refused(400, f"{name.decode()} is given {len(found)} times")
    return found[0] if found else None


async def _body(receive: Receive, seconds: float) -> bytes:
    """A body, counted while it comes: what its length is said to be counts for nothing."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Gone
                body += message.get("body", b"")
                if len(body) > MOST_BYTES:
                    raise Refused(413, f"a question has at most {MOST_BYTES} bytes")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, f"the rest of the question did not come within {seconds:g} seconds") from None


def _note(path: bytes, error: Exception) -> None:
    """Says where a mistake of ours is, in one line, and nothing of what was read or asked."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    log.error("explorer: %s: %s in %s, line %s", path.decode("ascii"), type(error).__name__, at.filename, at.lineno)


class Turns:
    """Some requests are answered at once, some more wait, and the others are told so."""

    def __init__(self, at_once: int, most: int) -> None:
        self.free, self.most, self.here = asyncio.Semaphore(at_once), most, 0

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        if self.here >= self.most:
            raise Refused(503, "too many questions wait for an answer already; ask again in a moment")
        self.here += 1
        try:
            async with self.free:
                yield
        finally:
            self.here -= 1


# One connection. ------------------------------------------------------------------------------------------------------


class Connection(H11Protocol):
    """A connection that keeps nobody waiting for ever: not by half a head, not by idling, not by taking no answer."""

    limits: ClassVar[Limits] = LIMITS
    waiting: asyncio.TimerHandle | None = None  # for a request
    sending: asyncio.TimerHandle | None = None  # what is not taken
    since = 0.0  # when it began to wait for a request
    dropped = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_asked() and self.waiting:
            self.waiting.cancel()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_asked():  # the next request was there already
            self._wait()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.sending = self.loop.call_later(self.limits.unread, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.sending:
            self.sending.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in filter(None, (self.waiting, self.sending)):
            timer.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """At the end nobody is waited for but those who wait for an answer."""
        with suppress(h11.LocalProtocolError):
            super().shutdown()
        if not self._is_being_answered():
            self.loop.call_later(1.0, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._end(400, "this is no request that kgraph understands")

    def _is_asked(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _is_being_answered(self) -> bool:
        return self._is_asked() and not self.cycle.more_body and not self.flow.write_paused

    def _wait(self) -> None:
        """Waits for a whole head: bytes that come one by one do not make it longer."""
        if self.waiting:
            self.waiting.cancel()
        self.since = self.loop.time()
        self.waiting = self.loop.call_later(self.limits.head, self._give_up)

    def _give_up(self) -> None:
        if self.conn.trailing_data[0]:
            self._end(408, f"the rest of the request did not come within {self.limits.head:g} seconds")
        self.transport.close()
        self.waiting = self.loop.call_later(self.limits.unread, self.transport.abort)

    def _end(self, status: int, why: str) -> None:
        """The last answer; none where one has begun."""
        if self.cycle:
            self.cycle.disconnected = True
        body = refusal(status, why).body
        more = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        with suppress(h11.LocalProtocolError):
            head = h11.Response(status_code=status, headers=list((HEADERS | more).items()))
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _make_room(self) -> None:
        """Where there are too many, who has waited the longest without asking anything goes."""
        there = [one for one in self.connections if isinstance(one, Connection) and not one.dropped]
        idle = [one for one in there if not one._is_being_answered()]
        if len(there) > self.limits.connections and idle:
            oldest = min(idle, key=lambda one: one.since)
            oldest.dropped = True
            oldest.transport.abort()


def server(app: ASGIApp, limits: Limits = LIMITS) -> uvicorn.Server:
    """A server of an application that waits for nobody for ever and prints nothing of what others send it."""
    import uvicorn

    protocol: Any = type("Bounded", (Connection,), {"limits": limits})
    config = uvicorn.Config(
        app, http=protocol, ws="none", lifespan="off", loop="asyncio", log_config=None, log_level="critical",
        access_log=False, proxy_headers=False, server_header=False, backlog=QUEUE,
    )  # fmt: skip
    return uvicorn.Server(config)
