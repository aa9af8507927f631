"""The tables of folder/tables.sql as Parquet, behind a path or a URL: one dataset a table, in parts.

    URL/article/PART.parquet, local_actor/, mention/, evidence/, filler/, speaker/   what was read, columns as in SQLite
    URL/part/PART.json      written last: a part counts only when this is there; it says what could not be read
    URL/build.json          the last whole run: which parts hold its articles, and what read them
    URL/catalogue/*.csv     catalogue files besides kgraph's own
    URL/follows-ID/…        what follows from these parts, the other tables; follows.json names the one that counts

A part is named after its articles and what read them, so that a run which is repeated writes nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from kgraph.articles import Problem
from kgraph.articles.places import open_place
from kgraph.errors import StoreError, UsageError
from kgraph.folder.tables import READ, Row, empty_tables
from kgraph.records import digest
from kgraph.schema import SCHEMA_VERSION

IDENTITY = "kgraph.json"  # so that no reader takes the folder for articles


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part of the evidence, besides its rows."""

    name: str
    articles: int
    sentences: int
    failed: tuple[Problem, ...]  # articles of it that could not be read


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run: the parts that hold its articles, and what read them."""

    parts: tuple[str, ...]
    articles: int
    model: str
    reader: str  # fingerprint
    catalogue: str  # digest

    @property
    def id(self) -> str:
        """What the evidence of a run comes to."""
        return digest(self.reader, *sorted(self.parts))


@dataclass(frozen=True, slots=True)
class Follows:
    """What follows from a run: the names of the files of each table, and what it came from besides the run."""

    id: str
    run: str
    causes: str
    articles: int
    tables: Mapping[str, Sequence[str]]


class Parquet:
    """A place for Parquet datasets. It can be sent to other machines, which see the same files if the URL says so."""

    def __init__(self, url: str | Path) -> None:
        self.url = str(url) if "://" in str(url) else Path(url).absolute().as_posix()
        self._files, self._root = open_place(self.url)

    def __reduce__(self) -> tuple[type[Parquet], tuple[str]]:
        return Parquet, (self.url,)

    # Files.

    def put(self, name: str, data: bytes) -> None:
        """Writes a file, whole or not at all."""
        from fsspec.implementations.local import LocalFileSystem

        path = f"{self._root}/{name}"
        if not isinstance(self._files, LocalFileSystem):  # object stores show a file when it is whole
            self._files.pipe_file(path, data)
            return
        new = Path(f"{path}.{token_hex(4)}.new")
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(data)
        new.replace(path)

    def get(self, name: str) -> bytes | None:
        """A file, or None where there is none."""
        try:
            return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return None

    def get_json(self, name: str) -> dict[str, Any] | None:
        data = self.get(name)
        return None if data is None else json.loads(data)

    def put_json(self, name: str, value: object) -> None:
        self.put(name, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())

    def names(self, folder: str, ending: str) -> Sequence[str]:
        """The names of the files of a folder with some ending, without it, sorted."""
        self._files.invalidate_cache()
        try:
            found = self._files.ls(f"{self._root}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        names = (str(path).rpartition("/")[2] for path in found)
        return sorted(name.removesuffix(ending) for name in names if name.endswith(ending))

    def drop(self, folder: str) -> None:
        """Deletes a folder or a file, if it is there."""
        if self._files.exists(f"{self._root}/{folder}"):
            self._files.rm(f"{self._root}/{folder}", recursive=True)

    # Rows.

    def write(self, table: str, name: str, rows: Iterable[Row], *, folder: str = "") -> None:
        """Writes rows of a table of tables.sql as one file of its dataset."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema, rows = _schema(table), [*rows]
        columns = [*zip(*rows, strict=True)] if rows else [() for _ in schema]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
        self.put(f"{folder}{table}/{name}.parquet", sink.getvalue().to_pybytes())

    def read(self, table: str, name: str, columns: Sequence[str] | None = None, *, folder: str = "") -> list[Row]:
        """The rows of one file of a dataset, or some columns of them. Raises StoreError where it is missing."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        place = f"{folder}{table}/{name}.parquet"
        data = self.get(place)
        if data is None:
            raise StoreError(
                f"{self.url}/{place}: missing; run the build again, or name a place that all machines reach"
            )
        found = pq.read_table(pa.BufferReader(data), columns=[*columns] if columns else None)
        if columns:
            found = found.select([*columns])
        return [*zip(*(column.to_pylist() for column in found.columns), strict=True)]


# Parts. ---------------------------------------------------------------------------------------------------------------


def write_part(place: Parquet, part: Part, rows: Mapping[str, Iterable[Row]]) -> None:
    """Writes all that was read from the articles of a part; it counts when its last file is there."""
    for table in READ:
        place.write(table, part.name, rows[table])
    place.put_json(f"part/{part.name}.json", asdict(part))


def find_part(place: Parquet, name: str) -> Part | None:
    """A part, if it is whole."""
    found = place.get_json(f"part/{name}.json")
    return Part(**found | {"failed": tuple(Problem(**one) for one in found["failed"])}) if found else None


def read_part(place: Parquet, name: str) -> dict[str, list[Row]]:
    """The rows of a part, by their tables."""
    return {table: place.read(table, name) for table in READ}


# The last run. --------------------------------------------------------------------------------------------------------


def begin(place: Parquet) -> None:
    """Marks a place as one of evidence. Raises StoreError where it is something else."""
    known = place.get_json(IDENTITY)
    if known is None:
        if place.get("evidence.db") is not None:
            raise StoreError(f"{place.url}: a graph folder, no place for evidence; name another one with --evidence")
        place.put_json(IDENTITY, {"evidence": SCHEMA_VERSION})
    elif known.get("evidence") != SCHEMA_VERSION:
        raise StoreError(_of_another_schema(place, known))


def load_run(place: Parquet) -> Run:
    """The last whole run. Raises UsageError where there is none, StoreError where another kgraph wrote it."""
    known = place.get_json(IDENTITY)
    if known is not None and known.get("evidence") != SCHEMA_VERSION:
        raise StoreError(_of_another_schema(place, known))
    found = place.get_json("build.json")
    if found is None:
        raise UsageError(f"{place.url}: no evidence; `kgraph build … --engine ray --evidence {place.url}` writes it")
    return Run(**found | {"parts": tuple(found["parts"])})


def save_run(place: Parquet, run: Run) -> None:
    """Makes a run the one that counts."""
    place.put_json("build.json", asdict(run))


def find_follows(place: Parquet) -> Follows | None:
    """What follows from the evidence, if a cluster has computed it."""
    found = place.get_json("follows.json")
    return Follows(**found) if found else None


def save_follows(place: Parquet, follows: Follows) -> None:
    """Makes it what counts, and deletes what was there before."""
    place.put_json("follows.json", asdict(follows))
    for folder in place.names("", ""):
        if folder.startswith("follows-") and folder != f"follows-{follows.id}":
            place.drop(folder)


def read_follows(place: Parquet, follows: Follows, table: str) -> Iterator[Row]:
    """The rows of a table that follows."""
    for name in follows.tables.get(table, ()):
        yield from place.read(table, name, folder=f"follows-{follows.id}/")


def copy_catalogue(place: Parquet, folder: Path) -> list[Path]:
    """The catalogue files with which some evidence was read, copied into a folder."""
    files = read_catalogue(place)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def read_catalogue(place: Parquet) -> dict[str, bytes]:
    """These files, by name."""
    names = [f"{name}.csv" for name in place.names("catalogue", ".csv")]
    return {name: place.get(f"catalogue/{name}") or b"" for name in names}


def save_catalogue(place: Parquet, files: Mapping[str, bytes]) -> None:
    """Makes these the files, and no others."""
    for name in {*read_catalogue(place)} - {*files}:
        place.drop(f"catalogue/{name}")
    for name, data in files.items():
        place.put(f"catalogue/{name}", data)


def _of_another_schema(place: Parquet, known: Mapping[str, object]) -> str:
    if "evidence" not in known:
        return f"{place.url}: a graph folder, no place for evidence; name another one with --evidence"
    return (
        f"{place.url}: written by another kgraph (schema {known['evidence']}, this one has {SCHEMA_VERSION}); "
        "name another place with --evidence, and the articles are read again"
    )


def prune(place: Parquet, run: Run) -> int:
    """Deletes the parts of earlier runs that a run does not need; says how many."""
    unused = sorted({*place.names("part", ".json")} - {*run.parts})
    for name in unused:
        for path in (f"part/{name}.json", *(f"{table}/{name}.parquet" for table in READ)):
            place.drop(path)
    return len(unused)


# Columns. -------------------------------------------------------------------------------------------------------------


@cache
def _schema(table: str) -> Any:
    """The columns of a table of tables.sql, as Parquet has them."""
    import pyarrow as pa

    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64(), "BLOB": pa.binary()}
    return pa.schema([pa.field(name, kinds[kind], nullable=not fixed) for name, kind, fixed in _columns(table)])


def _columns(table: str) -> Iterator[tuple[str, str, bool]]:
    with closing(empty_tables()) as db:
        yield from db.execute('SELECT name, type, "notnull" OR pk FROM pragma_table_info(?)', (table,)).fetchall()
