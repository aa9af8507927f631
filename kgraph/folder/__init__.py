"""The graph folder: one SQLite database and the files beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kgraph.catalogue import Catalogue
from kgraph.catalogue.kept import learn
from kgraph.copies import load_owners
from kgraph.decisions import Decision, load_decisions
from kgraph.folder.contents import Contents, Location
from kgraph.folder.database import contents_of
from kgraph.folder.identity import check_folder
from kgraph.folder.lock import PATIENCE
from kgraph.folder.opening import open_as_it_is, open_for_reading, open_for_writing

__all__ = ["Contents", "Folder", "Knowledge", "Location"]


class Knowledge(NamedTuple):
    """What the projection asks besides what was read."""

    catalogue: Catalogue
    decisions: tuple[Decision, ...]  # those that stand
    owners: dict[str, str]  # of outlets


class Folder(Contents):
    """A graph folder: what is in it, and how it is opened.

    One database (tables.sql) holds what was read and what follows from it. A reader sees either all of a build or nothing
    of it: what a build reads goes, one transaction an article, into `pending` beside the database (the same tables), and at
    the end one transaction takes it over and rewrites what follows (settling.py). A build that is killed leaves `pending`
    behind, and the next one goes on from there.
    """

    @classmethod
    def of(cls, db: sqlite3.Connection) -> Folder:
        """The folder of an open database."""
        return cls(contents_of(db))

    def check(self, *, new: bool = False) -> None:
        """Raises StoreError unless it is a graph folder that this kgraph can use (or may become one, if `new`)."""
        check_folder(self, new=new)

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Its database, to read from: all that is read inside belongs to one and the same state.

        Raises StoreError where there is no graph, or one of another schema, or a damaged one.
        """
        with open_for_reading(self) as db:
            yield db

    @contextmanager
    def read_as_it_is(self) -> Iterator[sqlite3.Connection]:
        """The same, whatever kgraph.json says, for who looks for damage."""
        with open_as_it_is(self) as db:
            yield db

    @contextmanager
    def write(
        self, *, waiting: Callable[[str], None] | None = None, patience: float = PATIENCE, blank_stays: bool = True
    ) -> Iterator[sqlite3.Connection]:
        """Its database, to write to, made where there is none. One process at a time: others wait, so many seconds.

        What was made here goes away again if nothing came into it, unless `blank_stays`. An older schema is brought up to
        date. Raises StoreError.
        """
        with open_for_writing(self, waiting=waiting, patience=patience, blank_stays=blank_stays) as db:
            yield db

    def catalogue(self) -> Catalogue:
        """The catalogue with the graph's own files. Raises KnowledgeError where one of them is wrong."""
        return learn(self.catalogue_files)

    def knowledge(self) -> Knowledge:
        """All that it knows besides its articles. Raises KnowledgeError or DecisionError where one of its files is wrong."""
        return Knowledge(self.catalogue(), load_decisions(self.decisions), load_owners(self.owners))
