"""A local explorer: the page's scripts, served, and answers in JSON. Listens to this machine only."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kgraph import review
from kgraph.decisions import ACTIONS, VALUES, Decision, load_decisions
from kgraph.errors import KgraphError, UsageError
from kgraph.evidence import get_meta, open_for_reading
from kgraph.graph.embedded import Warm
from kgraph.pipeline import DECISIONS
from kgraph.query import ask, find_question, questions
from kgraph.schema import load_schema
from kgraph.tables import edges_with
from kgraph.view import evidence, near, remark_records
from kgraph.view.look import legend
from kgraph.view.page import SHARED, part

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 1_000_000  # of a request
AT_FIRST = 300  # actors
SECONDS, MOST_ROWS = 60, 500  # of an answer to a saved question
REVIEWS = tuple(action for action in ACTIONS if action != "undo")  # which is asked for by a name of its own
HEADERS = {
    # vis-network sets styles on the elements that it makes; nothing else may
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass
class Explorer:
    """A graph folder that is being looked at."""

    folder: Path
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    known: near.Survey | None = None
    first: dict[str, Any] = field(default_factory=dict)  # the first picture of the graph as it is known
    looking: threading.Lock = field(
        default_factory=threading.Lock
    )  # one request looks the whole graph over, others wait
    asking: Warm = field(default_factory=Warm)  # the graph's copy, open for one saved question after the other

    def survey(self, db: sqlite3.Connection) -> near.Survey:
        """What search and start need; looked up again when the graph has changed."""
        with self.looking:
            if self.known is None or self.known.changes != get_meta(db, "changes"):
                self.known, self.first = near.survey(db), {}
            return self.known

    def start(self, db: sqlite3.Connection) -> dict[str, Any]:
        """The first picture, laid out once for each state of the graph."""
        known = self.survey(db)
        with self.looking:
            if not self.first:
                (edges,) = db.execute("SELECT count(*) FROM edge").fetchone()
                total = {"actors": len(known.actors), "edges": edges}
                self.first = {**near.start(db, known, AT_FIRST), "total": total}
            return self.first

    def look_over(self) -> None:
        """Looks the graph over before anybody asks."""
        with suppress(KgraphError), open_for_reading(self.folder) as db:
            self.start(db)


# What can be asked. ---------------------------------------------------------------------------------------------------


def _start(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return {"title": explorer.folder.resolve().stem, **explorer.start(db)}


def _search(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return near.search(db, explorer.survey(db), str(asked["q"]))


def _dossier(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    found = near.dossier(db, str(asked["id"]))
    said = review.notes(db, load_decisions(explorer.folder / DECISIONS))
    return found | {"actor": found["actor"] | {"remarks": remark_records(said, str(asked["id"]))}}


def _evidence(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    found = edges_with(db, [str(asked["id"])])
    if not found:
        raise UsageError("this line is no longer in the graph; reload the page")
    return evidence(db, found[0], load_decisions(explorer.folder / DECISIONS))


def _among(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return near.among(db, _ids(asked, "ids"))


def _expand(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return near.expand(db, str(asked["id"]), _ids(asked, "drawn"))


def _paths(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    ways = near.paths(db, str(asked["a"]), str(asked["b"]))
    return {"paths": ways, **near.among(db, sorted({actor for way in ways for actor in way}))}


def _since(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    try:
        return near.since(db, date.fromisoformat(str(asked["day"])).isoformat())
    except ValueError:
        raise UsageError("a date is written like 2024-06-30") from None


def _legend(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return legend()


def _questions(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return [
        {
            "name": each.name,
            "question": each.question,
            "theme": each.theme,
            "meanings": each.meanings,
            "parameters": [
                {"name": p.name, "type": p.type, "required": p.required, "default": p.default, "meaning": p.meaning}
                for p in each.parameters
            ],
        }
        for each in questions().values()
    ]


def _ask(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    """Rows that answer a saved question, each with the actors and lines that it tells of, to be drawn."""
    from kgraph.graph import Limits

    values = {str(name): str(value) for name, value in dict(asked["values"]).items() if value != ""}
    with explorer.asking.lent(explorer.folder, SECONDS) as store:
        answer = ask(store, find_question(str(asked["name"])), values, db, limits=Limits(SECONDS, MOST_ROWS))
    rows = answer.rows
    return {
        "columns": answer.columns,
        "cut": answer.cut,
        "rows": [list(row.values()) for row in rows],
        "actors": [_told(db, r) for r in rows],
    }


def _told(db: sqlite3.Connection, row: dict[str, Any]) -> list[str]:
    """The actors of the claims and lines that a row names by their ids."""
    words = [word for value in row.values() for word in (value if isinstance(value, list) else [value])]
    found = db.execute(
        """SELECT actor FROM json_each(:ids) JOIN claim_role ON claim = value UNION
           SELECT source FROM json_each(:ids) JOIN edge ON edge.id = value UNION
           SELECT target FROM json_each(:ids) JOIN edge ON edge.id = value ORDER BY 1 LIMIT 50""",
        {"ids": json.dumps([word for word in words if isinstance(word, str)])},
    )
    return [actor for (actor,) in found]


def _decide(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    if asked.get("action") not in REVIEWS:
        raise UsageError(f"{asked.get('action')!r} is no review; known: {', '.join(REVIEWS)}")
    action, target, value, why, field = (str(asked.get(n, "")) for n in ("action", "target", "value", "why", "field"))
    details = {**asked.get("details", {})}
    made = review.decide(explorer.folder, action, target, value, why=why, field=field, details=details)
    return _kept(explorer, made)


def _additions(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    """What can be added, and to what: types with their roles, articles, outlets with their letters."""
    articles = db.execute("SELECT key, title FROM article ORDER BY published DESC, key LIMIT 2000")
    return {
        "types": {name: list(dict.fromkeys(relation.roles)) for name, relation in load_schema().items()},
        "symmetric": [name for name, relation in load_schema().items() if relation.symmetric],
        "articles": [list(row) for row in articles],
        "outlets": [list(row) for row in db.execute("SELECT name, letter FROM outlet ORDER BY articles DESC, name")],
    }


def _parts(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    """What of an evidence may be corrected, what it is now, and what it can be."""
    found = review.parts(db, load_decisions(explorer.folder / DECISIONS), str(asked["id"]))
    return [
        {"field": part.field, "now": part.shown, "instead": part.instead, "known": list(VALUES.get(part.field, ()))}
        for part in found
    ]


def _undo(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return _kept(explorer, review.undo(explorer.folder, str(asked["id"])))


def _kept(explorer: Explorer, made: Decision) -> dict[str, Any]:
    threading.Thread(target=explorer.look_over, daemon=True).start()  # so that the next search need not wait for it
    return made.as_json()


def _ids(asked: dict[str, Any], name: str) -> list[str]:
    found = [str(id) for id in list(asked[name])]
    if len(found) > near.MOST_ACTORS:
        raise UsageError(f"{len(found)} actors are too many to draw at once (at most {near.MOST_ACTORS}); hide some")
    return found


Answer = Callable[[Explorer, sqlite3.Connection, dict[str, Any]], Any]
READS: dict[str, Answer] = {
    "start": _start, "search": _search, "dossier": _dossier, "evidence": _evidence, "among": _among, "expand": _expand,
    "paths": _paths, "since": _since, "questions": _questions, "ask": _ask, "legend": _legend,
    "parts": _parts, "additions": _additions,
}  # fmt: skip
WRITES: dict[str, Answer] = {"decide": _decide, "undo": _undo}  # these need the token

STATIC = {
    **{name: "text/javascript" for name in (*SHARED, "explore.js")},
    "view.css": "text/css",
    "vis-network.min.js": "text/javascript",
    "vis-network.css": "text/css",
}


def _static(name: str) -> str:
    if name.startswith("vis-network"):
        return files("pyvis").joinpath("templates", "lib", "vis-9.1.2", name).read_text(encoding="utf-8")
    return part(name)


# Serving. -------------------------------------------------------------------------------------------------------------


def application(explorer: Explorer) -> Starlette:
    """The explorer as an ASGI application."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def handle(request: Request) -> Response:
        if problem := _refusal(request, explorer):
            return JSONResponse({"error": problem}, 403, headers=HEADERS)
        body = await request.body() if request.method == "POST" else b""
        return await run_in_threadpool(respond, request.url.path, body)

    def respond(path: str, body: bytes) -> Response:
        name = path.rsplit("/", 1)[-1]
        if path == "/":
            return Response(_home(), media_type="text/html", headers=HEADERS)
        if path.startswith("/static/") and name in STATIC:
            return Response(_static(name), media_type=STATIC[name], headers=HEADERS)
        if path.startswith("/api/") and name in READS | WRITES:
            status, said = _answered(explorer, (READS | WRITES)[name], body)
            return JSONResponse(said, status, headers=HEADERS)
        return JSONResponse({"error": f"there is nothing at {path}"}, 404, headers=HEADERS)

    return Starlette(routes=[Route("/{path:path}", handle, methods=["GET", "POST"])])


def _home() -> str:
    return part("explore.html").replace("BODY", part("body.html"))


def _refusal(request: Request, explorer: Explorer) -> str | None:
    """Why a request is not answered: another site's page may send one, or name another host for this machine."""
    host = urlsplit(f"//{request.headers.get('host', '')}")
    if host.hostname not in HOSTS:
        return "this explorer answers only to 127.0.0.1"
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{host.netloc}":
        return "this explorer answers only to its own page"
    path = request.url.path
    if path.startswith("/api/"):
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            return "questions are posted as JSON"
        if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
            return f"a question has a length, and at most {MOST_BYTES} bytes"
    if path.removeprefix("/api/") in WRITES:
        given = request.headers.get("x-kgraph-token", "")
        if not secrets.compare_digest(given.encode(), explorer.token.encode()):
            return "reviews need the address that `kgraph explore` printed, with its token"
    return None


def _answered(explorer: Explorer, answer: Answer, body: bytes) -> tuple[int, Any]:
    try:
        asked = json.loads(body)
        with open_for_reading(explorer.folder) as db:
            return 200, answer(explorer, db, asked)
    except KgraphError as error:
        return 400, {"error": str(error)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return 400, {"error": f"the question cannot be understood ({type(error).__name__}: {error})"}


def serve(explorer: Explorer, port: int, ready: Callable[[str], None]) -> None:
    """Serves until interrupted; says where, with the token in the part of the address that is never sent."""
    import socket

    import uvicorn

    listening = socket.socket()
    try:
        listening.bind((HOSTS[0], port))
    except OSError as error:
        raise KgraphError(f"port {port} cannot be used ({error.strerror}); name another one with --port") from error
    server = uvicorn.Server(uvicorn.Config(application(explorer), log_level="warning", server_header=False))
    threading.Thread(target=explorer.look_over, daemon=True).start()
    ready(f"http://{HOSTS[0]}:{listening.getsockname()[1]}/#token={explorer.token}")
    server.run(sockets=[listening])
