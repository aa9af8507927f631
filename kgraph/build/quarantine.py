"""Articles and files that crashed or hung what read them: set aside, and left alone until they change."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from kgraph.articles import Found, Problem, ReadPlaces
from kgraph.articles.places import printable, stamp_of
from kgraph.articles.register import key_of
from kgraph.build.workers import Engine, Failure
from kgraph.folder.readings import SetAside, find_set_aside, set_aside

_ADVICE = "; set aside: --reread tries it again"


def around_set_aside(db: sqlite3.Connection, engine: Engine, reader: str, patience: float) -> ReadPlaces:
    """What opens files, but none that crashed or hung what opened it and is as it was then; such a file is set aside."""

    def look(place: str | Problem) -> str | Problem:
        stamp = stamp_of(place) if isinstance(place, str) else ""
        return (stamp and still_aside(db, key_of(printable(str(place))), stamp, reader, patience)) or place

    def read(places: Iterable[str | Problem], stdin: BinaryIO | None) -> Iterator[Found]:
        for where, found in engine.read_places(map(look, places), stdin):
            if isinstance(found, Problem) and found.stamp:
                set_aside(db, key_of(found.where), SetAside(found.stamp, reader, found.why, engine.seconds))
                found = replace(found, why=found.why + _ADVICE)
            yield where, found

    return read


def problem_with(db: sqlite3.Connection, found: Failure, reader: str) -> Problem:
    """Sets an article aside that crashed or hung its reader; says of it, or of any other failure, what is wrong."""
    if not found.set_aside:
        return Problem(found.article.key, found.why, False)
    set_aside(db, found.article.key, SetAside(found.article.version, reader, found.why, found.seconds))
    return Problem(found.article.key, found.why + _ADVICE, False)


def still_aside(db: sqlite3.Connection, key: str, version: str, reader: str, patience: float) -> Problem | None:
    """What to say of an article or file that crashed or hung this very reader; None if it has changed or may be tried again."""
    known = find_set_aside(db, key)
    if not known or (known.version, known.fingerprint) != (version, reader):
        return None
    if known.seconds < patience or math.isinf(patience):
        return None
    return Problem(key, f"set aside: {known.why}; --reread tries it again", True)
