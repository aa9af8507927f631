"""Options as they are given: names of kinds, types and levels, whatever their capitals, one or several files."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from kgraph.build.workers import Engine

Location = str | os.PathLike[str]  # of a file or folder
Say = Callable[[str], None]  # takes a line of talk
Password = str | Callable[[], str]  # or what gives it, when it is needed
Several = Location | Sequence[Location] | None  # one, several or none


def paths_of(given: Several) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, str | os.PathLike) else [*map(Path, given)]


def names_of(given: str | Sequence[str]) -> tuple[str, ...]:
    """One name or several."""
    return (given,) if isinstance(given, str) else tuple(given)


def day_of(given: str | date) -> str:
    """A day as the graph writes it; of a time its day. Raises UsageError for what is none."""
    from kgraph.lookup.periods import check_date

    return check_date(given if isinstance(given, str) else given.isoformat()[:10])


def password_of(given: Password) -> str:
    return given if isinstance(given, str) else given()


def engine_of(workers: int | None, seconds: float | None) -> Engine:
    from kgraph.build.workers import in_this_process, in_workers
    from kgraph.processes import SECONDS, check_guard

    if workers is not None and workers < 0:
        raise UsageError(f"{workers} processes cannot read: say how many may, or 0 to read in this one")
    if workers == 0 and seconds:
        raise UsageError("a limit of seconds per article ends a process that reads; with 0 workers there is none")
    if workers == 0:
        return in_this_process()
    check_guard()
    return in_workers(workers, seconds or SECONDS)


def _one_of(what: str, known: Sequence[str], typed: str) -> str:
    """One of some words, whatever its capitals. Raises UsageError."""
    for word in known:
        if word.casefold() == typed.casefold():
            return word
    raise UsageError(f"no {what} {typed!r}; known: {', '.join(known)}")


def kind_of(typed: str) -> str:
    from kgraph.records import Kind

    return _one_of("kind", [*Kind], typed)


def status_of(typed: str) -> str:
    from kgraph.records import Status

    return _one_of("status", [*Status], typed)


def type_of(typed: str) -> str:
    from kgraph.schema import load_schema

    return _one_of("relation type", [*load_schema()], typed)


def level_of(typed: str) -> str:
    from kgraph.lookup.levels import ROLL_UPS

    return _one_of("level", [*ROLL_UPS], typed)


def edge_types(given: str | Sequence[str]) -> list[str]:
    """Types of edges as they are stored. Raises UsageError for another."""
    from kgraph.schema import load_schema

    known = sorted({edge.type for relation in load_schema().values() for edge in relation.projections})
    wanted = [name.upper().replace(" ", "_") for name in ([given] if isinstance(given, str) else given)]
    if strange := [name for name in wanted if name not in known]:
        raise UsageError(f"no edges of type {strange[0]}; known: {', '.join(known)}")
    return wanted
