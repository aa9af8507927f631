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
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from kgraph import review
from kgraph.decisions import ACTIONS, VALUES, Decision, load_decisions
from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.graph.embedded import Warm
from kgraph.graph.questions import ask, find_question, questions
from kgraph.lookup import edges_with
from kgraph.schema import load_schema
from kgraph.serve import door
from kgraph.serve.asked import (
    MISSING,
    Fields,
    as_json,
    list_of,
    object_of,
    object_with,
    read_asked,
    short,
    typed,
    words,
)
from kgraph.serve.door import HEADERS, LIMITS, MOST_BYTES, Limits, Reply, Route, refusal
from kgraph.trust import DEFAULT, LEVELS, least
from kgraph.view import evidence, remark_records, subgraphs
from kgraph.view.legend import legend
from kgraph.view.page import SHARED, part

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

__all__ = ["HEADERS", "MOST_BYTES", "READS", "WRITES", "Explorer", "application", "routes", "serve"]

HOST = "127.0.0.1"
AT_FIRST = 300  # actors
SECONDS, MOST_ROWS = 60, 500  # of an answer to a saved question
REVIEWS = tuple(action for action in ACTIONS if action != "undo")  # which is asked for by a name of its own


@dataclass
class Explorer:
    """A graph folder that is being looked at."""

    folder: Folder
    trust: str = DEFAULT  # the level of who asks without one
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    known: subgraphs.Survey | None = None
    first: dict[float, dict[str, Any]] = field(default_factory=dict)  # the first picture of the graph as it is known, by trust
    looking: threading.Lock = field(
        default_factory=threading.Lock
    )  # one request looks the whole graph over, others wait
    asking: Warm = field(default_factory=Warm)  # the graph's copy, open for one saved question after the other

    def survey(self, db: sqlite3.Connection) -> subgraphs.Survey:
        """What search needs; looked up again when the graph has changed."""
        with self.looking:
            if self.known is None or self.known.changes != get_meta(db, "changes"):
                self.known, self.first = subgraphs.survey(db), {}
            return self.known

    def start(self, db: sqlite3.Connection, trust: float) -> dict[str, Any]:
        """The first picture, laid out once for each state of the graph and each level of trust."""
        known = self.survey(db)
        with self.looking:
            if trust not in self.first:
                count = "SELECT count(*) FROM edge WHERE trust >= ?"
                edges = {level: db.execute(count, (needed,)).fetchone()[0] for level, needed in LEVELS.items()}
                total = {"actors": len(known.actors), "edges": edges}
                self.first[trust] = {**subgraphs.start(db, AT_FIRST, trust), "total": total}
            return self.first[trust]

    def look_over(self) -> None:
        """Looks the graph over before anybody asks; who asks is told what is wrong with it."""
        with suppress(KgraphError, OSError, ValueError, sqlite3.Error), self.folder.read() as db:
            self.start(db, least(self.trust))


# What can be asked. ---------------------------------------------------------------------------------------------------


def _start(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    level = asked["trust"] or explorer.trust
    return {"title": explorer.folder.path.resolve().stem, "trust": level, **explorer.start(db, least(level))}


def _trust(explorer: Explorer, asked: dict[str, Any]) -> float:
    """The least trust of what is shown to who asks."""
    return least(asked["trust"] or explorer.trust)


def _search(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return subgraphs.search(db, explorer.survey(db), str(asked["q"]))


def _dossier(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    found = subgraphs.dossier(db, str(asked["id"]), _trust(explorer, asked))
    said = review.notes(db, load_decisions(explorer.folder.decisions))
    return found | {"actor": found["actor"] | {"remarks": remark_records(said, str(asked["id"]))}}


def _evidence(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    found = edges_with(db, [str(asked["id"])])
    if not found:
        raise UsageError("this line is no longer in the graph; reload the page")
    return evidence(db, found[0], load_decisions(explorer.folder.decisions), trust=_trust(explorer, asked))


def _among(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return subgraphs.among(db, _ids(asked, "ids"), _trust(explorer, asked))


def _expand(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    return subgraphs.expand(db, str(asked["id"]), _ids(asked, "drawn"), _trust(explorer, asked))


def _paths(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    trust = _trust(explorer, asked)
    ways = subgraphs.paths(db, str(asked["a"]), str(asked["b"]), trust)
    return {"paths": ways, **subgraphs.among(db, sorted({actor for way in ways for actor in way}), trust)}


def _since(explorer: Explorer, db: sqlite3.Connection, asked: dict[str, Any]) -> Any:
    try:
        day = date.fromisoformat(str(asked["day"])).isoformat()
    except ValueError:
        raise UsageError("a date is written like 2024-06-30") from None
    return subgraphs.since(db, day, _trust(explorer, asked))


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
        question, limits = find_question(str(asked["name"])), Limits(SECONDS, MOST_ROWS)
        answer = ask(store, question, values, db, trust=_trust(explorer, asked), limits=limits)
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
    action, target, value, why, field, details = (asked[name] for name in FIELDS["decide"])
    if action not in REVIEWS:
        raise UsageError(f"{action!r} is no review; known: {', '.join(REVIEWS)}")
    if missing := [name for name in ADDED if action == "add" and not details.get(name)]:
        raise UsageError(f"an added claim needs {', '.join(missing)} in its details")
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
    found = review.parts(db, load_decisions(explorer.folder.decisions), str(asked["id"]))
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
    found: list[str] = asked[name]
    if len(found) > subgraphs.MOST_ACTORS:
        raise UsageError(f"{len(found)} actors are too many to draw at once (at most {subgraphs.MOST_ACTORS}); hide some")
    return found


Answer = Callable[[Explorer, sqlite3.Connection, dict[str, Any]], Any]
READS: dict[str, Answer] = {
    "start": _start, "search": _search, "dossier": _dossier, "evidence": _evidence, "among": _among, "expand": _expand,
    "paths": _paths, "since": _since, "questions": _questions, "ask": _ask, "legend": _legend,
    "parts": _parts, "additions": _additions,
}  # fmt: skip
WRITES: dict[str, Answer] = {"decide": _decide, "undo": _undo}  # these need the token


def _saved(name: str, value: Any) -> str:
    """The name of a saved question; not of a file, which `kgraph query` also takes."""
    if short(name, value) not in questions():
        raise UsageError(f"there is no saved question {value!r}; known: {', '.join(questions())}")
    return str(value)


def _level(name: str, value: Any) -> str:
    """The name of a level of trust."""
    least(short(name, value))
    return str(value)


ADDED = ("type", "roles", "sentence", "status")  # what an added claim needs
DETAILS = object_with(
    {
        **{name: words for name in ("type", "sentence", "status", "name", "kind", "country", "instead")},
        "roles": object_of(list_of(short)),
        "aliases": list_of(short),
        "source": object_with({"published": short, "outlet": short}),
    }
)
TRUST: Fields = {"trust": (_level, "")}  # "": the one with which the explorer was started
FIELDS: dict[str, Fields] = {
    **{name: {"id": (short, MISSING)} for name in ("parts", "undo")},
    **{name: {"id": (short, MISSING), **TRUST} for name in ("dossier", "evidence")},
    **{name: {} for name in ("questions", "legend", "additions")},
    "start": TRUST,
    "search": {"q": (short, MISSING)},
    "among": {"ids": (list_of(short), MISSING), **TRUST},
    "expand": {"id": (short, MISSING), "drawn": (list_of(short), MISSING), **TRUST},
    "paths": {"a": (short, MISSING), "b": (short, MISSING), **TRUST},
    "since": {"day": (short, MISSING), **TRUST},
    "ask": {"name": (_saved, MISSING), "values": (object_of(typed), MISSING), **TRUST},
    "decide": {
        "action": (short, ""), "target": (short, ""), "value": (words, ""), "why": (words, ""), "field": (short, ""),
        "details": (DETAILS, {}),
    },
}  # fmt: skip

STATIC = {
    **{name: "text/javascript" for name in (*SHARED, "explore.js")},
    "view.css": "text/css",
    "vis-network.min.js": "text/javascript",
    "vis-network.css": "text/css",
}


# Serving. -------------------------------------------------------------------------------------------------------------


def application(explorer: Explorer, limits: Limits = LIMITS) -> ASGIApp:
    """The explorer as an ASGI application."""
    return door.application(routes(explorer), explorer.token, limits)


def routes(explorer: Explorer) -> dict[bytes, Route]:
    """All that can be asked for, by the path as it is sent."""
    found = {"/": Route(_home), **{f"/static/{name}": Route(partial(_static, name)) for name in STATIC}}
    for name, answer in (READS | WRITES).items():
        turn = "writes" if name in WRITES else "questions" if name == "ask" else "reads"
        answered = partial(_answered, explorer, answer, FIELDS[name])
        found[f"/api/{name}"] = Route(answered, "POST", takes_json=True, needs_token=name in WRITES, turn=turn)
    return {path.encode("ascii"): route for path, route in found.items()}


def _home(_: bytes) -> Reply:
    return Reply(200, part("explore.html").replace("BODY", part("body.html")).encode(), "text/html")


def _static(name: str, _: bytes) -> Reply:
    return Reply(200, _text(name).encode(), STATIC[name])


def _text(name: str) -> str:
    if name.startswith("vis-network"):
        return files("pyvis").joinpath("templates", "lib", "vis-9.1.2", name).read_text(encoding="utf-8")
    return part(name)


def _answered(explorer: Explorer, answer: Answer, fields: Fields, body: bytes) -> Reply:
    try:
        asked = read_asked(body, fields)
        with explorer.folder.read() as db:
            return Reply(200, as_json(answer(explorer, db, asked)))
    except StoreError as error:
        return refusal(503, _in_one_line(error))
    except KgraphError as error:
        return refusal(400, _in_one_line(error))
    except (UnicodeError, RecursionError) as error:  # of the file; the question was read
        return refusal(503, _in_one_line(f"{explorer.folder.decisions}: a line is no decision ({error})"))
    except (OSError, sqlite3.Error) as error:
        return refusal(503, _in_one_line(f"{explorer.folder}: cannot be read ({error}); is it still there?"))


def _in_one_line(words: object) -> str:
    return " ".join(str(words)[:1000].split())


def server(explorer: Explorer, limits: Limits = LIMITS) -> uvicorn.Server:
    """A server of the explorer that waits for nobody for ever."""
    return door.server(application(explorer, limits), limits)


def serve(explorer: Explorer, port: int, ready: Callable[[str], None]) -> None:
    """Serves until interrupted; says where, with the token in the part of the address that is never sent."""
    import socket

    listening = socket.socket()
    try:
        listening.bind((HOST, port))
        listening.listen(door.QUEUE)  # a browser may come before the first answer can be given
    except OSError as error:
        raise KgraphError(f"port {port} cannot be used ({error.strerror}); name another one with --port") from error
    threading.Thread(target=explorer.look_over, daemon=True).start()
    ready(f"http://{HOST}:{listening.getsockname()[1]}/#token={explorer.token}")
    server(explorer).run(sockets=[listening])
