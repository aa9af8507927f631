"""The same extraction and projection on a Ray cluster: articles → evidence as Parquet → what follows as Parquet.

Sources are read twice: once to find texts and keys that repeat, of which only some numbers travel to this process, and
once to read what is left. Articles travel in parts (parquet.py), each to one actor that holds the model; whoever is
killed, the part is read again by somebody, and written under the same name.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import astuple, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kgraph.articles import Problem, is_feed, list_places, read_place, repeated
from kgraph.catalogue import load_catalogue
from kgraph.errors import StoreError, UsageError
from kgraph.evidence import READ, Row, rows_of
from kgraph.model import Article, digest
from kgraph.models import fingerprint
from kgraph.parquet import Parquet, Part, Run, begin, copy_catalogue, find_part, save_run, write_part
from kgraph.workers import SECONDS, Failure, in_workers

PART = 64  # articles of a part, on average
READING = 0.05  # of a core, for a task that reads files: it mostly waits for the actors
EXTRACTING = 0.9  # of a core, for an actor: so that on any number of cores something is left for who reads files


@dataclass(frozen=True, slots=True)
class Told:
    """How far a run has come: a problem with a source, or a part that is there now."""

    problem: Problem | None = None
    part: Part | None = None
    is_new: bool = False


# Ray. -----------------------------------------------------------------------------------------------------------------


@contextmanager
def connected(address: str | None = None) -> Iterator[None]:
    """A Ray cluster: the cores of this machine, or one that runs already, by its address. Raises UsageError."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its own logs go to files, not to who asked for a graph
    try:
        import ray
        import ray.data

        with warnings.catch_warnings():  # Ray warns of its own settings
            warnings.filterwarnings("ignore", r"`use_\w+` is deprecated", DeprecationWarning)
            ray.data.DataContext.get_current()
    except ImportError as error:
        raise UsageError("--engine ray needs Ray: pip install 'kgraph[ray]'") from error
    if ray.is_initialized():  # whoever started it ends it
        yield
        return
    own: dict[str, Any] = {} if address else {"include_dashboard": False}
    try:
        with _silent():
            ray.init(address or "local", log_to_driver=False, logging_level=logging.CRITICAL, **own)
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = address or "this machine"
        raise UsageError(
            f"no Ray on {where}: {' '.join(str(error).split())[:200]}; start one or name another"
        ) from error
    with redirect_stdout(sys.stderr):  # Ray prints there who died; stdout is for data
        try:
            yield
        finally:
            ray.shutdown()


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing on stderr, not even from the parts of Ray that are no Python; what matters is raised."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


@contextmanager
def _quiet(**settings: Any) -> Iterator[None]:
    """Ray Data without progress bars and talk, with some settings."""
    from ray.data import DataContext

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    context = DataContext.get_current()
    settings |= {"enable_progress_bars": False, "print_on_execution_start": False}
    before = {name: getattr(context, name) for name in settings}
    for name, value in settings.items():
        setattr(context, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)


def _cores() -> int:
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1)))  # type: ignore[no-untyped-call]


# Extraction. ----------------------------------------------------------------------------------------------------------


def read_all(
    place: Parquet,
    sources: Sequence[str | Path],
    model: str,
    reader: str,
    catalogue_files: Sequence[Path],
    *,
    count: int | None = None,
    seconds: float = SECONDS,
    again: bool = False,
    size: int = PART,
    tell: Callable[[Told], None] = lambda told: None,
) -> Run:
    """Reads articles on the cluster, unless their parts are there already, and writes what they say; the run, when whole.

    `reader` is the fingerprint of the model and the catalogue with the given files: a machine that has others refuses.
    At most `count` articles are read at a time, for at most `seconds` each; `again` tries those once more that failed.
    """
    begin(place)
    for path in catalogue_files:
        place.put(f"catalogue/{path.name}", path.read_bytes())
    units = _units(sources, size, tell)
    dropped = _find_repeats(units, tell)
    todo = [
        {"files": unit, "home": os.getcwd(), "dropped": json.dumps(sorted(some))}
        for unit, some in zip(units, dropped, strict=True)
    ]
    split = {"place": place, "reader": reader, "size": size, "again": again}
    parts = [*_extract(place, todo, split, (place, model, reader, seconds), min(count or _cores(), _cores()), tell)]
    if missing := [part.name for part in parts if not find_part(place, part.name)]:
        raise StoreError(
            f"{place.url}: {len(missing)} of {len(parts)} parts were written on other machines; name a place that all "
            "of them reach with --evidence"
        )
    names = tuple(sorted(part.name for part in parts))
    run = Run(names, sum(part.articles for part in parts), model, reader, load_catalogue(*catalogue_files).digest)
    save_run(place, run)
    return run


def _units(sources: Sequence[str | Path], size: int, tell: Callable[[Told], None]) -> list[list[str]]:
    """The files to read, as one task reads them: a feed alone, other files some together.

    Where one group ends depends on the names alone, so that further files leave the groups of the others as they are.
    """
    units: list[list[str]] = []
    is_open = False
    for where in list_places(sources):
        if isinstance(where, Problem):
            tell(Told(where))
            continue
        if where == "-":
            raise UsageError("a cluster cannot read standard input: name files, folders or URLs")
        if is_open and not is_feed(where):
            units[-1].append(where)
        else:
            units.append([where])
        is_open = not is_feed(where) and not _ends(where, len(units[-1]), size)
    return units


def _ends(key: str, count: int, size: int) -> bool:
    """Whether a part ends with an article: it depends on the article, so that parts stay when others come or go."""
    return int(digest(key), 16) % size == 0 or count >= 4 * size


def _items(unit: Sequence[str], home: str) -> Iterator[tuple[int, int, Article | Problem]]:
    """What the files of a unit hold, each with the number of its file in the unit and of its line in the file.

    Paths that are not absolute begin at `home`.
    """
    if os.path.isdir(home):
        os.chdir(home)
    for number, where in enumerate(unit):
        for place, found in read_place(where):
            line = place[len(where) + 1 :]
            yield number, int(line) if line.isdigit() else 0, found


# First pass: which texts and keys repeat. --------------------------------------------------------------------------

Numbers = Any  # numpy arrays


def _find_repeats(units: Sequence[list[str]], tell: Callable[[Told], None]) -> list[set[tuple[int, int]]]:
    """For each unit the places of the articles that are not read: repeated texts, and what a later text of its key replaces."""
    import numpy

    dropped: list[set[tuple[int, int]]] = [set() for _ in units]
    found: list[Numbers] = []
    with _quiet():
        rows = _dataset([{"unit": n, "files": unit, "home": os.getcwd()} for n, unit in enumerate(units)])
        surveyed = rows.map_batches(_survey, batch_size=1, batch_format="numpy", num_cpus=READING)
        for batch in surveyed.iter_batches(batch_size=None, batch_format="numpy"):
            for problem in batch["problem"]:
                if problem:
                    tell(Told(Problem(*json.loads(problem))))
            whole = batch["problem"] == ""
            found.append(numpy.stack([batch[name][whole] for name in ("unit", "file", "line", "version", "key")]))
    table = numpy.concatenate(found, axis=1) if found else numpy.empty((5, 0), numpy.int64)
    table = table[:, numpy.lexsort((table[2], table[1], table[0]))]
    unit, file, line, version, key = table
    _, firsts, same = numpy.unique(version, return_index=True, return_inverse=True)
    repeats = numpy.flatnonzero(firsts[same] != numpy.arange(len(version)))
    for n in repeats:
        first = firsts[same[n]]
        tell(Told(repeated(*(_place(units, *table[:3, each]) for each in (n, first)))))
    kept = numpy.setdiff1d(numpy.arange(len(version)), repeats)
    _, latest = numpy.unique(key[kept][::-1], return_index=True)
    replaced = numpy.setdiff1d(kept, kept[::-1][latest])
    for n in (*repeats, *replaced):
        dropped[unit[n]].add((int(file[n]), int(line[n])))
    return dropped


def _place(units: Sequence[list[str]], unit: int, file: int, line: int) -> str:
    where = units[unit][file]
    return f"{where}:{line}" if line else where


def _survey(batch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of each article its place and two numbers: its text's and its key's."""

    unit = int(batch["unit"][0])
    rows: list[tuple[int, int, int, int, int, str]] = []
    for file, line, found in _items([*batch["files"][0]], str(batch["home"][0])):
        if isinstance(found, Problem):
            rows.append((unit, file, line, 0, 0, json.dumps(astuple(found))))
        else:
            rows.append((unit, file, line, _number(found.version), _number(digest(found.key)), ""))
        if len(rows) == 10_000:
            yield _columns(rows)
            rows.clear()
    if rows:
        yield _columns(rows)


def _columns(rows: Sequence[tuple[int, int, int, int, int, str]]) -> dict[str, Any]:
    import numpy

    names = ("unit", "file", "line", "version", "key")
    columns = [*zip(*rows, strict=True)]
    numbers = {name: numpy.array(column, numpy.int64) for name, column in zip(names, columns, strict=False)}
    return numbers | {"problem": numpy.array(columns[5], dtype=object)}


def _number(hexadecimal: str) -> int:
    """64 bits as Parquet and numpy hold them."""
    return int(hexadecimal, 16) - (1 << 63)


def _dataset(rows: list[dict[str, Any]]) -> Any:
    import ray.data

    return ray.data.from_items(rows, override_num_blocks=max(1, min(len(rows), 50 * _cores())))


# Second pass: reading. ------------------------------------------------------------------------------------------------


def _extract(
    place: Parquet, todo: list[dict[str, Any]], split: dict[str, Any], reader: tuple[Any, ...], count: int,
    tell: Callable[[Told], None],
) -> Iterator[Part]:  # fmt: skip
    """The parts of the articles to do, as they come to be."""
    from ray.data import ActorPoolStrategy

    if not todo:
        return
    actors = ActorPoolStrategy(min_size=1, max_size=count)
    one = {"batch_size": 1, "batch_format": "numpy"}
    with _quiet(target_max_block_size=1):  # a part is a block: as soon as it is whole it travels to an actor
        parts = _dataset(todo).map_batches(_split, **one, num_cpus=READING, fn_kwargs=split)
        read = parts.map_batches(_Reader, **one, num_cpus=EXTRACTING, compute=actors, fn_constructor_args=reader)
        for row in read.iter_rows():
            part = find_part(place, row["part"]) or Part(row["part"], 0, 0, ())
            tell(Told(part=part, is_new=bool(row["new"])))
            yield part


def _split(batch: dict[str, Any], place: Parquet, reader: str, size: int, again: bool) -> Iterator[dict[str, Any]]:
    """The parts of a unit, each with its articles unless it is there already."""
    import numpy

    dropped = {(file, line) for file, line in json.loads(batch["dropped"][0])}
    articles = (
        found
        for file, line, found in _items([*batch["files"][0]], str(batch["home"][0]))
        if isinstance(found, Article) and (file, line) not in dropped
    )
    for some in _in_parts(articles, size):
        name = digest(reader, *(repr(astuple(article)) for article in some))
        known = find_part(place, name)
        data = b"" if known and not (again and known.failed) else pickle.dumps(some)
        yield {"part": numpy.array([name]), "articles": numpy.array([data], dtype=object)}


def _in_parts(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    part: list[Article] = []
    for article in articles:
        part.append(article)
        if _ends(article.key, len(part), size):
            yield part
            part = []
    if part:
        yield part


class _Reader:
    """An actor that reads parts, in a process of its own (workers.py): what an article does to that one harms no other."""

    def __init__(self, place: Parquet, model: str, reader: str, seconds: float) -> None:
        with TemporaryDirectory() as folder:
            catalogue = load_catalogue(*copy_catalogue(place, Path(folder)))
        if (own := fingerprint(model, catalogue)) != reader:
            raise StoreError(f"a machine of the cluster reads with {own}, not {reader}: install the same kgraph on all")
        self._place, self._reader = place, reader
        self._open = ExitStack()  # until this process ends
        self._read_all = self._open.enter_context(in_workers(1, seconds).open(model, catalogue))

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        name, data = str(batch["part"][0]), batch["articles"][0]
        if data:
            self._read(name, pickle.loads(data))
        return {"part": [name], "new": [bool(data)]}

    def _read(self, name: str, articles: Sequence[Article]) -> None:
        rows: dict[str, list[Row]] = {table: [] for table in READ}
        failed: list[Problem] = []
        sentences = 0
        for found in self._read_all(articles):
            if isinstance(found, Failure):
                failed.append(Problem(found.article.key, found.why, False))
                continue
            sentences += found.sentences
            for table, some in rows_of(found, self._reader).items():
                rows[table] += some
        write_part(self._place, Part(name, len(articles) - len(failed), sentences, tuple(failed)), rows)
