"""The embedded copy: an ArcadeDB inside the graph folder, made when first asked for after a change, never edited.

`graph/current` names the folder of the copy that counts and says what it was made from. A copy is built whole into a
folder of its own, checked, and only then named there, so that a kill leaves the old one or the new one. Every reader
holds a lock on the copy it reads; what nobody reads any more is deleted by the next one that opens the graph.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b, file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.folder import Folder, Location
from kgraph.folder.database import get_meta
from kgraph.folder.journal import find_state
from kgraph.graph import NO_LIMITS, Answer, Limits
from kgraph.graph.cypher import READS_ONLY, check_reading, columns
from kgraph.graph.nodes import (
    META,
    NODE_TYPES,
    OWNER,
    Link,
    Tally,
    batches,
    iter_links,
    iter_nodes,
    link_types,
    roll_up,
)
from kgraph.graph.process import EngineError, Process, lacking
from kgraph.lookup import lifted
from kgraph.schema import SCHEMA_VERSION

SETTINGS = "configuration.json"  # a copy's own settings, as the engine reads them when it opens the folder
READ = (SETTINGS, "schema.json", "*.v*.*")  # what the engine reads of a copy; the rest it writes whenever it closes one
COPY_VERSION = 4  # grows when nodes.py or this file lays the graph out otherwise

Say = Callable[[str], None]
Narrow = Callable[[sqlite3.Connection], object]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy was made from; another one is stale."""

    graph: str
    changes: str  # number and name of the last one: numbers come again in a restored folder
    schema: int
    engine: str
    level: str  # to which actors are rolled up, if at all
    period: str = ""  # which reports count, if not all
    copy: int = COPY_VERSION

    @property
    def pointer(self) -> str:
        """The file that names the copy."""
        return "-".join(filter(None, ("current", self.level, "period" if self.period else "")))


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `current` says: where the copy is, what it was made from, and how one sees that it is whole."""

    folder: str
    origin: dict[str, Any]  # an Origin, perhaps of another version of kgraph
    counts: dict[str, int]  # of each label and type
    files: dict[str, str]  # the digest of each file, since the engine answers from a damaged one without complaint
    stamps: dict[str, list[int]]  # of each file as it was then: where all are the same, no file is read for its digest


class Embedded:
    """An open copy, which a process of its own reads. Implements Store."""

    def __init__(self, process: Process, place: Path, pointer: Pointer, lock: sqlite3.Connection) -> None:
        self.origin = pointer.origin
        self._process = process
        self._place = place
        self._counts = pointer.counts
        self._let_go = weakref.finalize(self, lock.close)  # until then the copy stays, whether the process lives or not
        self._asking = threading.Lock()

    def ask(self, text: str, parameters: Mapping[str, object], limits: Limits = NO_LIMITS) -> Answer:
        check_reading(text)
        patience = threading.TIMEOUT_MAX if limits.seconds is None else min(limits.seconds, threading.TIMEOUT_MAX)
        if not self._asking.acquire(timeout=patience):
            raise UsageError("another question is still being answered; ask again")
        try:
            rows = self._rows(text, parameters, limits)
        finally:
            self._asking.release()
        cut = limits.rows is not None and len(rows) > limits.rows
        return Answer(tuple(rows[0]) if rows else columns(text), rows[: limits.rows], cut)

    def _rows(self, text: str, parameters: Mapping[str, object], limits: Limits) -> list[dict[str, Any]]:
        try:
            if not self._process.runs:  # the last question was cut off
                self._process.open(self._place, self._counts)
            return self._process.ask(text, parameters, limits)
        except EngineError as error:
            raise _as_ours(str(error)) from error
        except ValueError as error:
            raise StoreError(f"{self._place}: the copy cannot be opened any more ({error}); ask again") from error

    def close(self) -> None:
        self._process.close()
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Warm:
    """The copy of a folder that is asked again and again: it stays open between questions, until the graph is another."""

    def __init__(self) -> None:
        self._store: Embedded | None = None
        self._lending = threading.Lock()

    @contextmanager
    def lent(self, folder: Location, patience: float) -> Iterator[Embedded]:
        """The open copy, for one question at a time; others wait for it so many seconds."""
        if not self._lending.acquire(timeout=patience):
            raise UsageError("other questions are still being answered; ask again in a moment")
        try:
            yield self._of(Folder(folder))
        except StoreError:
            self.close()
            raise
        finally:
            self._lending.release()

    def _of(self, folder: Folder) -> Embedded:
        with folder.read() as db:
            origin = asdict(_origin(db, None, ""))
        if self._store and self._store.origin != origin:
            self.close()
        self._store = self._store or open_embedded(folder)
        return self._store

    def close(self) -> None:
        if self._store:
            self._store.close()
        self._store = None


# Opening. -------------------------------------------------------------------------------------------------------------


def open_embedded(
    folder: Location, say: Say | None = None, level: str | None = None, period: str = "", narrow: Narrow | None = None
) -> Embedded:
    """The copy of a graph folder, made anew where it is missing, old or damaged; a rolled-up one is a further copy.

    So is the one of a period, to which `narrow` restricts the connection before it is copied; only the last is kept.
    """
    folder = Folder(folder)
    home = folder.copies
    process = Process()  # it starts while the copy is looked for
    try:
        with folder.read() as db:
            opened = _open_or_build(process, home, db, _origin(db, level, period), say, narrow)
    except BaseException:
        process.close()
        raise
    _delete_old(home)
    return opened


def _open_or_build(
    process: Process, home: Path, db: sqlite3.Connection, origin: Origin, say: Say | None, narrow: Narrow | None
) -> Embedded:
    if opened := _open_current(process, home, origin, say):
        return opened
    with _building(home):
        opened = _open_current(process, home, origin, None)  # another process may have made it meanwhile
        if not opened:
            if narrow:
                narrow(db)
            _build(process, home, db, origin)
            opened = _open_current(process, home, origin, None)
    if not opened:
        raise StoreError(f"{home}: the copy cannot be opened right after it was made; delete {home} and ask again")
    return opened


def _engine() -> ModuleType:
    os.environ.setdefault("ARCADEDB_LOG_CONSOLE", "0")
    try:
        import arcadedb
    except ImportError as error:
        raise lacking(error) from error
    engine: ModuleType = arcadedb
    return engine


def _origin(db: sqlite3.Connection, level: str | None, period: str) -> Origin:
    try:
        engine = version("arcadedb")
    except PackageNotFoundError:
        engine = "unknown"
    graph, state = get_meta(db, "graphId") or "", find_state(db)
    changes = f"{state.change} {state.name}" if state else get_meta(db, "changes") or "0"
    return Origin(graph, changes, SCHEMA_VERSION, engine, level or "", period)


def _open_current(process: Process, home: Path, origin: Origin, say: Say | None) -> Embedded | None:
    """The copy that `current` names, if it is of this origin and whole."""
    try:
        pointer = _read_pointer(home / origin.pointer)
        if pointer is None:
            return None
        if pointer.origin["graph"] != origin.graph:
            raise ValueError("it is the copy of another graph")
        return _open(process, home, pointer, origin.pointer) if pointer.origin == asdict(origin) else None
    except (*NO_POINTER, sqlite3.Error) as error:
        if say:
            say(f"{home}: the copy for questions cannot be used ({_first_line(str(error))}); making it anew")
        return None


NO_POINTER = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)  # what comes of a damaged one


def _read_pointer(path: Path) -> Pointer | None:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if written["origin"].get("copy") != COPY_VERSION:
        return None
    if Path(written["folder"]).name != written["folder"]:
        raise ValueError("it names a folder elsewhere")
    files, stamps = dict(written["files"]), dict(written["stamps"])
    return Pointer(written["folder"], dict(written["origin"]), dict(written["counts"]), files, stamps)


def _open(process: Process, home: Path, pointer: Pointer, name: str) -> Embedded:
    """The copy that a pointer in the file of a name describes."""
    lock = _share(home, pointer.folder)
    try:
        _check_files(home, pointer, name)
        place = (home / pointer.folder).absolute()
        _check_counts(process.open(place, pointer.counts), pointer.counts)
    except BaseException:
        lock.close()
        raise
    return Embedded(process, place, pointer, lock)


def _check_files(home: Path, pointer: Pointer, name: str) -> None:
    """Raises ValueError where a file of a copy is not what it was; notes that they are where they were touched."""
    place = home / pointer.folder
    stamps = {file: _stamp(place / file) for file in pointer.files}
    if stamps == pointer.stamps:
        return
    for file in pointer.files:
        _check_file(place, file, pointer.files[file])
    if name:
        with suppress(OSError):  # of a folder that cannot be written to the files are read each time
            _point_to(home / name, replace(pointer, stamps=stamps))


def _check_file(place: Path, file: str, wanted: str) -> None:
    if _digest(place / file) != wanted:
        raise ValueError(f"{file} is not what was written")


def _stamp(path: Path) -> list[int]:
    """What changes with whatever is written into a file, and where it is copied."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, lambda: blake2b(digest_size=16)).hexdigest()


def find_spoilt(folder: Folder) -> Iterator[str]:
    """The copies of a graph folder that count and are not what was written, a line each."""
    home = folder.copies
    for path in sorted(home.glob("current*")):
        try:
            pointer = _read_pointer(path)
            if pointer:
                for file, wanted in pointer.files.items():
                    _check_file(home / pointer.folder, file, wanted)
        except NO_POINTER as error:
            yield f"{path}: the copy for questions is damaged ({_first_line(str(error))}); `kgraph query` makes it anew"


def _check_counts(found: Mapping[str, int], counts: Mapping[str, int]) -> None:
    for name, wanted in counts.items():
        if found[name] != wanted:
            raise ValueError(f"{found[name]} of {name} where {wanted} belong")


# Building. ------------------------------------------------------------------------------------------------------------


def _build(process: Process, home: Path, db: sqlite3.Connection, origin: Origin) -> None:
    arcadedb = _engine()
    name = f"copy-{secrets.token_hex(6)}"
    place = (home / name).absolute()  # the engine knows only the working folder in which it was started
    with closing(_share(home, name, new=True)):
        try:
            counts = _fill(arcadedb, place, db, origin)
            pointer = _describe(place, asdict(origin), counts)
            _check_counts(process.open(place, counts), counts)
        except (arcadedb.ArcadeDBError, ValueError) as error:
            raise StoreError(f"{home}: the copy for questions cannot be made ({_first_line(str(error))})") from error
        _point_to(home / origin.pointer, pointer)


def _describe(place: Path, origin: dict[str, Any], counts: dict[str, int]) -> Pointer:
    names = sorted(path.name for glob in READ for path in place.glob(glob))
    files = {name: _digest(place / name) for name in names}
    return Pointer(place.name, origin, counts, files, {name: _stamp(place / name) for name in names})


def _fill(arcadedb: ModuleType, place: Path, db: sqlite3.Connection, origin: Origin) -> dict[str, int]:
    tally = Tally()
    if origin.level:
        roll_up(db, lifted(db, origin.level))
    with arcadedb.create_database(str(place)) as database:
        _declare(database)
        with database.graph_batch() as batch:
            places = {node.label: _add_nodes(batch, db, node, tally) for node in NODE_TYPES}
            for link in link_types():
                ends = places[link.source], places[link.target]
                for links in batches(tally.watch(link.type, iter_links(db, link))):
                    _add_links(batch, link.type, links, *ends)
            meta = {"owner": "kgraph", "graphId": origin.graph, "schemaVersion": origin.schema, "digest": tally.digest}
            batch.create_vertices(META, [meta])
    return tally.counts


def _declare(database: Any) -> None:
    """Types and keys; kinds stand under Actor, and all types under the owner's, so that labels are those of Neo4j."""
    database.command("sql", f"CREATE VERTEX TYPE {OWNER}")
    for node in NODE_TYPES:
        database.command("sql", f"CREATE VERTEX TYPE {node.label} EXTENDS {OWNER}")
        database.command("sql", f"CREATE PROPERTY {node.label}.{node.key} STRING")
        database.command("sql", f"CREATE INDEX ON {node.label} ({node.key}) UNIQUE")
        for kind in node.kinds:
            database.command("sql", f"CREATE VERTEX TYPE `{kind}` EXTENDS {node.label}")
    database.command("sql", f"CREATE VERTEX TYPE {META} EXTENDS {OWNER}")
    for link in link_types():
        database.command("sql", f"CREATE EDGE TYPE `{link.type}`")


def _add_nodes(batch: Any, db: sqlite3.Connection, kind: Any, tally: Tally) -> dict[str, str]:
    """Where the engine put each node, by its key."""
    places: dict[str, str] = {}
    for nodes in batches(tally.watch(kind.label, iter_nodes(db, kind))):
        for label in sorted({node.kind or kind.label for node in nodes}):
            these = [node for node in nodes if (node.kind or kind.label) == label]
            ids = batch.create_vertices(label, [{**node.properties, "hash": node.hash} for node in these])
            places.update(zip((node.key for node in these), ids, strict=True))
    return places


def _add_links(batch: Any, kind: str, links: list[Link], sources: dict[str, str], targets: dict[str, str]) -> None:
    batch.new_edges(
        [sources[link.source] for link in links], kind, [targets[link.target] for link in links],
        [{**link.properties, "hash": link.hash} for link in links],
    )  # fmt: skip


def _point_to(path: Path, pointer: Pointer) -> None:
    fresh = path.with_name(f"new-{pointer.folder}")
    fresh.write_text(json.dumps(asdict(pointer), indent=2) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def _delete_old(home: Path) -> None:
    """Deletes the copies that are named nowhere and that nobody reads, and what killed builds left.

    Nothing while another process builds, whose copy is named nowhere yet, and nothing where it may not.
    """
    if _unnamed(home):
        with suppress(StoreError), _building(home, patience=0):
            _delete(home, _unnamed(home))


def _unnamed(home: Path) -> list[Path]:
    keep = {name for path in home.glob("current*") if (name := _named_in(path))}
    return [path for path in home.glob("*copy-*") if path.name.removesuffix(".lock") not in keep]


def _delete(home: Path, old: Iterable[Path]) -> None:
    for path in old:
        name = path.name.removesuffix(".lock")
        if name.startswith("new-"):
            path.unlink(missing_ok=True)
        elif (path.is_dir() or not (home / name).exists()) and _nobody_reads(home, name):
            shutil.rmtree(home / name, ignore_errors=True)
            if not (home / name).exists():
                (home / f"{name}.lock").unlink(missing_ok=True)


def _named_in(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["folder"])
    except NO_POINTER:
        return None


# Locks: SQLite's own, on empty databases, since they end with the process on every system. ----------------------------


@contextmanager
def _building(home: Path, patience: float = 600) -> Iterator[None]:
    """Held by the one process that builds; others wait for it, since they want the same copy."""
    try:
        home.mkdir(exist_ok=True)
        with closing(sqlite3.connect(home / "build.lock", isolation_level=None, timeout=patience)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{home}: the copy for questions cannot be written ({error}); make it writable") from error


def _share(home: Path, name: str, *, new: bool = False) -> sqlite3.Connection:
    """A reader's lock on a copy."""
    path = home / f"{name}.lock"
    if new:
        path.touch()
    lock = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5, check_same_thread=False
    )
    try:
        lock.execute("BEGIN")
        lock.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        lock.close()
        raise
    return lock


def _nobody_reads(home: Path, name: str) -> bool:
    with closing(sqlite3.connect(home / f"{name}.lock", isolation_level=None, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
        return True


# Errors. --------------------------------------------------------------------------------------------------------------


def _as_ours(said: str) -> KgraphError:
    if "QueryNotIdempotent" in said or "ReadOnly" in said:
        return UsageError(f"{READS_ONLY}; `kgraph build` and `kgraph remove` change a graph")
    return UsageError(f"the query does not work: {_first_line(said)[:500]}")


def _first_line(said: str) -> str:
    """What an error says, without the names of the engine's classes."""
    words = (said.splitlines() or ["no word of why"])[0].split(" (caused by ")[0]
    for lead in ("Query failed: ", "Reading the result set failed: "):
        words = words.removeprefix(lead)
    before, colon, after = words.partition(": ")
    return after if colon and before.startswith(("com.arcadedb.", "java.", "org.")) else words
