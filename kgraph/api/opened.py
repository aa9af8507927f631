"""A graph folder that is opened: for one lookup or for many, as it is now or as it was in a period."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, Self

from kgraph.api.options import Location, Say, day_of, level_of
from kgraph.errors import StoreError, UsageError

if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager
    from datetime import date

    from kgraph.lookup import Actor
    from kgraph.lookup.periods import Period


log = logging.getLogger("kgraph")


def _here() -> str:
    """Where the program is; "" where somebody has deleted that folder."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


class Opened:
    """A graph folder, and how its database is opened; what is done with it is in the other classes of this room."""

    def __init__(self, folder: Location, *, say: Say | None = None) -> None:
        self._folder = Path(folder)
        self._begun = "" if self._folder.is_absolute() else _here()
        self._say: Say = say or log.info
        self._period: Period | None = None
        self._held: sqlite3.Connection | None = None
        self._closing: AbstractContextManager[Any] | None = None
        self._thread = 0  # that opened it, the only one that SQLite lets use it
        self._told = False  # what its period leaves out

    @property
    def folder(self) -> Path:
        """Where the graph is or will be; as it was given, until the program goes elsewhere."""
        return self._folder if self._begun in ("", _here()) else self._begun / self._folder

    def __repr__(self) -> str:
        days = {name: getattr(self._period, name, None) for name in ("as_of", "since", "until")}
        shown = ", ".join(f"{name}={day!r}" for name, day in days.items() if day)
        return f"Graph({str(self.folder)!r}){f'.during({shown})' if shown else ''}"

    def __fspath__(self) -> str:
        return str(self.folder)

    def __enter__(self) -> Self:
        if self._held is not None:
            raise UsageError(f"{self.folder}: this Graph is opened already; make another Graph of the folder")
        self._closing = self._opened()
        self._held, self._thread = self._closing.__enter__(), get_ident()
        return self

    def __exit__(self, *error: Any) -> None:
        closing, self._held, self._closing = self._closing, None, None
        if closing:
            closing.__exit__(*error)

    def during(
        self,
        *,
        as_of: str | date | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
    ) -> Self:
        """The graph as it was known by a day, or from what was reported between two days: exactly that of those articles.

        as_of: only what was known by this day; `current` then says what held on it.
        since: only what was reported from this day on.
        until: only what was reported until this day.

        Days are dates, or written like 2024-06-30. Articles without a date are in no period; `say` is told how many.

            with graph.during(as_of="2024-06-30") as then:
                print(len(then.claims(about="Iran")), "claims of", then.stats().articles, "articles")

        Returns a Graph to look at. Every lookup computes it anew, `with graph.during(…) as then:` once for many. Raises
        UsageError for what is no day.
        """
        then = type(self)(self._now(), say=self._say)
        if as_of or since or until:
            from kgraph.lookup.periods import Period

            then._period = Period(*(day_of(day) if day else None for day in (as_of, since, until)))
        return then

    @contextmanager
    def naming_damage(self) -> Iterator[None]:
        """Where what is done inside fails over what is in the graph, looks whether it is whole, and says so if not.

        Raises StoreError with what is damaged, else what was raised inside.
        """
        try:
            yield
        except Exception as error:
            from kgraph.build.check import STALE, check
            from kgraph.folder.damage import FAILED

            if not isinstance(error, FAILED):
                raise
            found = [line for line in check(self.folder) if not line.startswith(STALE)]
            if found:
                words = f"{self.folder}: damaged: {found[0]} (`kgraph check -g {self.folder}` says all)"
                raise StoreError(words) from error
            raise

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Its database, or what it held in its period."""
        if self._held is not None:
            if get_ident() != self._thread:
                raise UsageError(f"{self.folder}: this Graph is opened in another thread; make another Graph of the folder")
            with self.naming_damage():
                yield self._held
            return
        with self.naming_damage(), self._opened() as db:
            yield db

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        from kgraph.folder import Folder
        from kgraph.folder.blank import check_not_blank

        with Folder(self.folder).read() as db:
            check_not_blank(db)
            if self._period:
                from kgraph.lookup.periods import restrict

                undated = restrict(db, self._period)
                if undated and not self._told:
                    self._say(f"{undated} article{'s' * (undated != 1)} without a date left out.")
                self._told = True
            yield db

    def _now(self) -> Path:
        """The folder, for what is done to the graph as it is now."""
        if self._period:
            raise UsageError(f"{self!r}: a period of a graph is there to be looked at; do this to the graph itself")
        return self.folder

    def _id_of(self, db: sqlite3.Connection, actor: str | Actor) -> str:
        from kgraph import lookup

        return lookup.resolve(db, actor if isinstance(actor, str) else actor.id)

    def _lifted(self, db: sqlite3.Connection, roll_up: str | None) -> dict[str, str]:
        from kgraph import lookup

        return lookup.lifted(db, level_of(roll_up)) if roll_up else {}
