"""What is in a graph folder: where each file of it lies. Nobody else joins its path with a name."""

from __future__ import annotations

import os
from pathlib import Path

Location = str | os.PathLike[str]  # of a graph folder, as a person or a program names it


class Contents(os.PathLike[str]):
    """A graph folder and the files in it, whether they are there or not.

    It stands for its path wherever one is asked for, in messages too.
    """

    def __init__(self, path: Location) -> None:
        self.path = Path(path)

    @property
    def database(self) -> Path:
        """What was read and what follows from it (tables.sql)."""
        return self.path / "evidence.db"

    @property
    def migrated(self) -> Path:
        """The database while it is brought from an older schema to today's."""
        return self.path / "evidence.db.new"

    def backup(self, schema: int) -> Path:
        """The database as it was in an older schema."""
        return self.path / f"evidence.schema{schema}.db"

    @property
    def pending(self) -> Path:
        """What a build has read and nobody sees yet: the same tables."""
        return self.path / "pending.db"

    @property
    def identity(self) -> Path:
        """Which graph it is, and up to which change it was finished."""
        return self.path / "kgraph.json"

    @property
    def lock(self) -> Path:
        """An empty database, whose lock is that of the folder."""
        return self.path / "lock.db"

    @property
    def decisions(self) -> Path:
        """What people decided, a line each."""
        return self.path / "decisions.jsonl"

    @property
    def owners(self) -> Path:
        """To which group an outlet belongs."""
        return self.path / "owners.csv"

    @property
    def catalogue_files(self) -> Path:
        """The folder of the actors that people gave."""
        return self.path / "catalogue"

    @property
    def copies(self) -> Path:
        """The folder of the copies that are asked in Cypher."""
        return self.path / "graph"

    @property
    def parquet(self) -> Path:
        """Where a cluster writes what it read, unless somewhere else is said."""
        return self.path / "evidence"

    @property
    def title(self) -> str:
        """What a view of it is called."""
        return self.path.stem

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Contents) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)
