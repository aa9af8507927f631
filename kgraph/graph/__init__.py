"""Where the graph can be asked in Cypher: the embedded copy in the graph folder, or a Neo4j that holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from kgraph.errors import UsageError
from kgraph.folder import Location

MOST_BYTES = 64 * 2**20  # of an answer
SERVERS = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question, each a value for every column, in order."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    cut: bool = False  # whether there were more rows than asked for


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a question may take, and how many rows it may give."""

    seconds: float | None = None
    rows: int | None = None

    @property
    def bytes(self) -> int | None:
        """About how large an answer may be: where rows are counted, they are weighed too."""
        return None if self.rows is None else MOST_BYTES

    def too_long(self) -> UsageError:
        return UsageError(
            f"the query was cut off after {self.seconds:g} s, without rows; narrow it, or allow it more time"
        )


NO_LIMITS = Limits()


def too_much() -> UsageError:
    return UsageError(
        f"the answer is larger than {MOST_BYTES // 2**20} MB; ask for fewer rows or columns, or for parts"
    )


class Store(Protocol):
    """A graph that can be asked and not changed."""

    def ask(self, text: str, parameters: Mapping[str, object], limits: Limits = NO_LIMITS) -> Answer:
        """The rows for a Cypher text. Raises UsageError for a text that is wrong, too slow, or would change something."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


def open_store(
    folder: Location, url: str | None = None, *, user: str = "neo4j", password: str = "", roll_up: str | None = None,
    say: Callable[[str], None] | None = None, period: str = "",
    narrow: Callable[[sqlite3.Connection], object] | None = None,
) -> Store:  # fmt: skip
    """The embedded copy of a graph folder, made if it is missing or old; with a URL, the Neo4j that listens there.

    `roll_up` names a level of tables.ROLL_UPS: roles and edges then name the states or families above the actors.
    `period` names the reports that count, to which `narrow` restricts a connection.
    """
    if url is None:
        from kgraph.graph.embedded import open_embedded

        return open_embedded(folder, say, roll_up, period, narrow)
    if period:
        raise UsageError("a Neo4j holds the graph as it is now; ask for a period without --store")
    if roll_up:
        raise UsageError("a Neo4j holds the graph as the texts name it; roll up without --store")
    from kgraph.graph.neo4j import open_server

    return open_server(check_url(url), user=user, password=password)


def check_url(url: str) -> str:
    """Raises UsageError unless the URL is one of a Neo4j; a password in it would end up in logs and histories."""
    parts = urlsplit(url)
    if parts.scheme not in SERVERS or not parts.hostname:
        raise UsageError(f"{url}: not the address of a Neo4j; write it like bolt://localhost:7687")
    if parts.username or parts.password:
        raise UsageError("leave user and password out of the address; set KGRAPH_NEO4J_USER and KGRAPH_NEO4J_PASSWORD")
    return url
