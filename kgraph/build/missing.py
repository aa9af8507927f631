"""Decisions that were there and are no longer in their file, to which one is only ever added."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kgraph.decisions import Decision
from kgraph.folder import Folder
from kgraph.folder.database import get_meta
from kgraph.projection.update.decisions import taken_over


class Seen(NamedTuple):
    """A line of decisions that was there once."""

    id: str
    action: str


def find_missing(db: sqlite3.Connection, made: Iterable[Decision]) -> list[Seen]:
    """The decisions that were there and are no longer among those made."""
    there = {one.id for one in made}
    stood = [Seen(one.id, one.action) for one in taken_over(db)]
    undone = [Seen(*one) for one in json.loads(get_meta(db, "undone") or "[]")]
    return [one for one in (*stood, *undone) if one.id not in there]


def find_undone(made: Iterable[Decision], decisions: Iterable[Decision]) -> list[Seen]:
    """The lines of decisions that do not stand: what was undone, and what undid it."""
    stands = {one.id for one in decisions}
    return [Seen(one.id, one.action) for one in made if one.id not in stands]


def said_of_missing(db: sqlite3.Connection, one: Seen) -> str:
    """What is said of a decision that is no longer in its file."""
    what = f"decision {one.id[:8]} ({one.action}) was made and is no longer in {Folder.of(db).decisions.name}"
    return f"{what}: restore it; `kgraph rebuild` does without"
