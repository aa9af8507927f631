"""The same extraction and projection on a Ray cluster: articles → evidence as Parquet → what follows as Parquet.

Sources are read twice: once to find texts and keys that repeat, of which only some numbers travel to this process, and
once to read what is left. Articles travel in parts (parquet.py), each to one actor that holds the model; whoever is
killed, the part is read again by somebody, and written under the same name.
"""

from __future__ import annotations

import io
import json
import logging
import os
import pickle
import re
import sys
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from dataclasses import astuple, dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from kgraph.articles import Problem, read_here
from kgraph.articles.addresses import canonical
from kgraph.articles.formats import is_feed
from kgraph.articles.intake import SLOW, Intake
from kgraph.articles.places import list_places, printable, true_path
from kgraph.articles.problems import repeated, replaced
from kgraph.articles.register import Named, Register, id_of
from kgraph.build.workers import Failure, in_workers
from kgraph.catalogue import Catalogue, load_catalogue, load_texts
from kgraph.catalogue.kept import texts_of
from kgraph.cluster.parquet import (
    Follows,
    Parquet,
    Part,
    Run,
    begin,
    copy_catalogue,
    find_follows,
    find_part,
    save_catalogue,
    save_follows,
    save_run,
    write_part,
)
from kgraph.copies import Signed, bands, join, pair_up
from kgraph.errors import StoreError, UsageError
from kgraph.folder.rows import ArticleRow, EvidenceRow, FillerRow, LocalActorRow, SpeakerRow, rows_of
from kgraph.folder.tables import FOLLOWS, READ, Row
from kgraph.processes import SECONDS
from kgraph.projection.actors import Naming, actor_row, base_id, find_background, find_name, own_id, prevailing
from kgraph.projection.claims import Claim, claim_row, evidence_rows, identify, role_rows
from kgraph.projection.conflicts import conflict_rows, contested, holdings
from kgraph.projection.edges import Ends, edge_id, edge_row, find_ends
from kgraph.projection.judgement import Roles
from kgraph.projection.statements import UNNAMED, Said, say
from kgraph.reading.fingerprint import fingerprint
from kgraph.reading.readers import DEFAULT_READERS
from kgraph.records import Article, digest
from kgraph.safe_text import one_line
from kgraph.schema import load_schema

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
    os.environ.setdefault("RAY_raylet_start_wait_time_s", "300")  # a busy machine takes its time
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # its own logs go to files, not to who asked for a graph
    try:
        import ray
        import ray.data
        from ray.data.exceptions import SystemException

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
    with redirect_stdout(_Notices()):  # stdout is for data
        try:
            yield
        except (ray.exceptions.RayError, SystemException) as error:
            raise StoreError(f"the cluster gave up: {_cause(error)}") from error
        finally:
            ray.shutdown()


def _cause(error: BaseException) -> str:
    """What went wrong on another machine, from the traces that Ray gives: what kgraph said, else the last line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" ^~")]
    ours = [line.partition(": ")[2] for line in lines if line.startswith("kgraph.errors.")]
    return (ours or lines or [repr(error.__cause__ or error)])[-1]


class _Notices(io.TextIOBase):
    """Takes what Ray prints of workers that died, and says it in a short line on stderr."""

    def write(self, text: str) -> int:
        line = re.sub(r"\x1b\[\d+m", "", text.strip().partition("\n")[0])
        if line:
            print(f"Ray: {one_line(line[:160])}", file=sys.stderr)
        return len(text)


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
    catalogue_files: Mapping[str, bytes],
    *,
    readers: Sequence[str] = DEFAULT_READERS,
    count: int | None = None,
    seconds: float = SECONDS,
    again: bool = False,
    size: int = PART,
    tell: Callable[[Told], None] = lambda told: None,
) -> Run:
    """Reads articles on the cluster, unless their parts are there already, and writes what they say; the run, when whole.

    `reader` is the fingerprint of the model, the catalogue with the given files and the readers: a machine that has others
    refuses.
    At most `count` articles are read at a time, for at most `seconds` each; `again` tries those once more that failed.
    """
    begin(place)
    save_catalogue(place, catalogue_files)
    units = _units(sources, size, tell)
    home = os.getcwd()
    todo = [
        {"files": unit, "home": home, "dropped": json.dumps(sorted(some.dropped)), "named": json.dumps(some.named)}
        for unit, some in zip(units, _identify(units, seconds, tell), strict=True)
    ]
    split = {"place": place, "reader": reader, "size": size, "again": again, "seconds": seconds}
    parts = [*_extract(todo, split, (place, model, readers, reader, seconds), min(count or _cores(), _cores()), tell)]
    if missing := {part.name for part in parts} - {*place.names("part", ".json")}:
        raise StoreError(
            f"{place.url}: {len(missing)} of {len(parts)} parts were written on other machines; name a place that all "
            "of them reach with --evidence"
        )
    names = tuple(sorted(part.name for part in parts))
    run = Run(names, sum(part.articles for part in parts), model, reader, load_texts(texts_of(catalogue_files)).digest)
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
        where = printable(where)  # what is no UTF-8 would not travel
        if is_open and not is_feed(where):
            units[-1].append(where)
        else:
            units.append([where])
        is_open = not is_feed(where) and not _ends(where, len(units[-1]), size)
    return units


def _ends(key: str, count: int, size: int) -> bool:
    """Whether a part ends with an article: it depends on the article, so that parts stay when others come or go."""
    return int(digest(key), 16) % size == 0 or count >= 4 * size


def _items(unit: Sequence[str], home: str, seconds: float) -> Iterator[tuple[int, int, Article | Problem]]:
    """What the files of a unit hold, each with the number of its file in the unit and of its line in the file.

    Paths that are not absolute begin at `home`. Pages and PDFs, which may hang who reads them, are read in a process with
    a time limit for each.
    """
    if os.path.isdir(home):
        os.chdir(home)
    with ExitStack() as stack:
        may_hang = any(where.lower().endswith(SLOW) for where in unit)
        read = stack.enter_context(closing(Intake(1, seconds))).read if may_hang else read_here
        for number, where in enumerate(unit):
            for place, found in read([true_path(where)]):
                line = place[len(where) + 1 :]
                yield number, int(line) if line.isdigit() else 0, found


# First pass: which article each one is. ----------------------------------------------------------------------------

Numbers = Any  # numpy arrays
Place = tuple[int, int]  # the number of a file in its unit, and of a line in the file


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the articles of a unit before they are read."""

    dropped: set[Place]  # repeated texts, and what a later text of its article replaces
    named: list[tuple[int, int, str, str | None]]  # what goes by another key: its place, that key, the id


def _identify(units: Sequence[list[str]], seconds: float, tell: Callable[[Told], None]) -> list[Known]:
    """Which article each one is, as the local build says it (articles/register.py): for each unit what is dropped or renamed.

    Only what shares its text, key or address with another one is looked at, in the order in which all are read.
    """
    return _known(units, _surveyed(units, seconds, tell), partial(_names, seconds=seconds), tell)


Names = Mapping[int, str]  # keys, by their numbers


def _known(
    units: Sequence[list[str]], table: Numbers, name: Callable[[Sequence[list[str]], Numbers], Names],
    tell: Callable[[Told], None],
) -> list[Known]:  # fmt: skip
    """The same from what a survey found, and from what says the names of some rows of it."""
    known = [Known(set(), []) for _ in units]
    version, key, address = table[3:6]
    some = table[:, _several(version) | _several(key) | (_several(address) & (address != 0))]
    names = name(units, some[:, _several_keys(some[5], some[4])])
    rows = [(_place(units, *row[:3].tolist()), _named(row, names)) for row in some.T]
    stands = _decide(rows, tell)
    for n, (row, (_, one)) in enumerate(zip(some.T, rows, strict=True)):
        unit, file, line = row[:3].tolist()
        if n not in stands:
            known[unit].dropped.add((file, line))
        elif stands[n] != one[:2]:
            known[unit].named.append((file, line, *stands[n]))
    return known


def _decide(rows: Sequence[tuple[str, Named]], tell: Callable[[Told], None]) -> dict[int, tuple[str, str | None]]:
    """Of articles, each with its place, those that stand when all have come, with their keys and ids; tells the rest."""
    register, stands = Register(), dict[str, tuple[int, str | None]]()
    for n in _in_turn(register, rows):
        where, one = rows[n]
        taken = register.take(one, where)
        if taken.repeats:
            tell(Told(repeated(where, taken.repeats)))
            continue
        if taken.corrects:
            tell(Told(replaced(taken.corrects, where)))
        stands[taken.key] = n, taken.given
    for each in register.moved():
        del stands[each.old]
        if each.corrected:
            tell(Told(replaced(*each.corrected)))
    return {n: (key, given) for key, (n, given) in stands.items()}


def _in_turn(register: Register, rows: Sequence[tuple[str, Named]]) -> Iterator[int]:
    """The numbers of articles in the order in which the register is to take them."""
    waiting = []
    for n, (where, one) in enumerate(rows):
        if register.must_wait(one, where):
            waiting.append(n)
        else:
            yield n
    yield from waiting


def _surveyed(units: Sequence[list[str]], seconds: float, tell: Callable[[Told], None]) -> Numbers:
    """Of each article a column of numbers, in the order in which all are read; tells what is no article."""
    import numpy

    found: list[Numbers] = []
    with _quiet():
        rows = _dataset([{"unit": n, "files": unit, "home": os.getcwd()} for n, unit in enumerate(units)])
        surveyed = rows.map_batches(
            _survey, batch_size=1, batch_format="numpy", num_cpus=READING, fn_kwargs={"seconds": seconds}
        )
        for batch in surveyed.iter_batches(batch_size=None, batch_format="numpy"):
            for problem in batch["problem"]:
                if problem:
                    tell(Told(Problem(*json.loads(problem))))
            whole = batch["problem"] == ""
            found.append(numpy.stack([batch[name][whole] for name in COLUMNS]))
    table = numpy.concatenate(found, axis=1) if found else numpy.empty((len(COLUMNS), 0), numpy.int64)
    return table[:, numpy.lexsort((table[2], table[1], table[0]))]


def _several(numbers: Numbers) -> Numbers:
    """Which of some numbers come more than once."""
    import numpy

    _, same, counts = numpy.unique(numbers, return_inverse=True, return_counts=True)
    return counts[same] > 1


def _several_keys(address: Numbers, key: Numbers) -> Numbers:
    """Which of some rows are of an address that several keys have."""
    import numpy

    pairs = numpy.unique(numpy.stack([address, key]), axis=1)
    shared = pairs[0][_several(pairs[0])]
    return numpy.isin(address, shared[shared != 0])


def _names(units: Sequence[list[str]], some: Numbers, seconds: float) -> Names:
    """The keys of some rows, by their numbers: their files are looked at once more."""
    wanted: dict[int, list[Place]] = defaultdict(list)
    for unit, file, line in some[:3].T.tolist():
        wanted[unit].append((file, line))
    rows = [
        {"files": units[n], "home": os.getcwd(), "wanted": json.dumps(places)} for n, places in sorted(wanted.items())
    ]
    if not rows:
        return {}
    with _quiet():
        found = _dataset(rows).map_batches(
            _name, batch_size=1, batch_format="numpy", num_cpus=READING, fn_kwargs={"seconds": seconds}
        )
        named = [json.loads(row["named"]) for row in found.iter_rows()]
    return {_number(digest(key)): key for some in named for key in some}


def _name(batch: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The keys of some articles of a unit."""
    wanted = {(file, line) for file, line in json.loads(batch["wanted"][0])}
    items = _items([*batch["files"][0]], str(batch["home"][0]), seconds)
    named = [one.key for file, line, one in items if (file, line) in wanted and isinstance(one, Article)]
    return {"named": [json.dumps(named)]}


def _named(row: Numbers, names: Names) -> Named:
    """A row as identity sees it. Where no other key has its address, numbers serve for names."""
    _, _, _, version, key, address, given = row.tolist()
    name = names.get(key, f"#{key}")
    return Named(name, id_of(name) if given else None, str(address) if address else None, str(version))


def _place(units: Sequence[list[str]], unit: int, file: int, line: int) -> str:
    where = units[unit][file]
    return f"{where}:{line}" if line else where


def _survey(batch: dict[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
    """Of each article its place and four numbers: its text's, its key's, its address's, and whether it has an id."""

    unit = int(batch["unit"][0])
    rows: list[tuple[int | str, ...]] = []
    for file, line, found in _items([*batch["files"][0]], str(batch["home"][0]), seconds):
        if isinstance(found, Problem):
            rows.append((unit, file, line, 0, 0, 0, 0, json.dumps(astuple(found))))
        else:
            address = canonical(found.url)
            numbers = _number(found.version), _number(digest(found.key)), _number(digest(address)) if address else 0
            rows.append((unit, file, line, *numbers, int(found.given is not None), ""))
        if len(rows) == 10_000:
            yield _columns(rows)
            rows.clear()
    if rows:
        yield _columns(rows)


COLUMNS = ("unit", "file", "line", "version", "key", "address", "given")


def _columns(rows: Sequence[tuple[int | str, ...]]) -> dict[str, Any]:
    import numpy

    columns = [*zip(*rows, strict=True)]
    numbers = {name: numpy.array(column, numpy.int64) for name, column in zip(COLUMNS, columns, strict=False)}
    return numbers | {"problem": numpy.array(columns[-1], dtype=object)}


def _number(hexadecimal: str) -> int:
    """64 bits as Parquet and numpy hold them."""
    return int(hexadecimal, 16) - (1 << 63)


def _dataset(rows: list[dict[str, Any]]) -> Any:
    import ray.data

    return ray.data.from_items(rows, override_num_blocks=max(1, min(len(rows), 50 * _cores())))


# Second pass: reading. ------------------------------------------------------------------------------------------------


def _extract(
    todo: list[dict[str, Any]], split: dict[str, Any], reader: tuple[Any, ...], count: int,
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
            part = pickle.loads(row["part"])
            tell(Told(part=part, is_new=bool(row["new"])))
            yield part


def _split(
    batch: dict[str, Any], place: Parquet, reader: str, size: int, again: bool, seconds: float
) -> Iterator[dict[str, Any]]:
    """The parts of a unit, each with its articles unless it is there already."""
    import numpy

    dropped = {(file, line) for file, line in json.loads(batch["dropped"][0])}
    named = {(file, line): (key, given) for file, line, key, given in json.loads(batch["named"][0])}
    articles = (
        _as_named(found, named.get((file, line)))
        for file, line, found in _items([*batch["files"][0]], str(batch["home"][0]), seconds)
        if isinstance(found, Article) and (file, line) not in dropped
    )
    for some in _in_parts(articles, size):
        name = digest(reader, *(repr(astuple(article)) for article in some))
        known = find_part(place, name)
        is_done = known and not (again and known.failed)
        data = pickle.dumps((known, ()) if is_done else (Part(name, 0, 0, ()), some))
        yield {"part": numpy.array([data], dtype=object)}


def _as_named(article: Article, name: tuple[str, str | None] | None) -> Article:
    """An article as the one that it is, without its place, which is no part of what a part is named after."""
    key, given = name or (article.key, article.given)
    return replace(article, key=key, given=given, place="")


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
    """An actor that reads parts, in a process of its own (build/workers.py): what an article does there harms no other."""

    def __init__(self, place: Parquet, model: str, readers: Sequence[str], reader: str, seconds: float) -> None:
        with TemporaryDirectory() as folder:
            catalogue = load_catalogue(*copy_catalogue(place, Path(folder)))
        if (own := fingerprint(model, catalogue, readers)) != reader:
            raise StoreError(f"a machine of the cluster reads with {own}, not {reader}: install the same kgraph on all")
        self._place, self._reader = place, reader
        self._open = ExitStack()  # until this process ends
        self._read_all = self._open.enter_context(in_workers(1, seconds).open(model, catalogue, readers))

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        part, articles = pickle.loads(batch["part"][0])
        if articles:
            part = self._read(part.name, articles)
        return {"part": [pickle.dumps(part)], "new": [bool(articles)]}

    def _read(self, name: str, articles: Sequence[Article]) -> Part:
        rows: dict[str, list[Row]] = {table: [] for table in READ}
        failed: list[Problem] = []
        sentences = 0
        for found in self._read_all(articles):
            if isinstance(found, Failure):
                advice = "; set aside: --reread tries it again" if found.set_aside else ""
                failed.append(Problem(found.article.key, found.why + advice, False))
                continue
            sentences += found.sentences
            for table, some in rows_of(found, self._reader).items():
                rows[table] += some
        part = Part(name, len(articles) - len(failed), sentences, tuple(failed))
        write_part(self._place, part, rows)
        return part


# What follows. --------------------------------------------------------------------------------------------------------
#
# Rows travel in packets: all that one part or one group has for one bucket of the next group-by. What becomes of them the
# functions of the projection say; here is only who comes together with whom.

Packet = dict[str, Any]  # two columns: bucket, and pickled lists of values
_BUCKET = 2_000  # articles for each bucket of a group-by: some tens of megabytes of what they say


def follow_all(place: Parquet, run: Run, owners: Mapping[str, str], causes: str) -> Follows:
    """Computes on the cluster what follows from a run, and writes it beside the evidence, unless it is there already.

    `owners` says to which group an outlet belongs; `causes` is the digest of all that the result comes from but the run.
    What people decided is in a graph folder, and taken over there.
    """
    id = digest(run.id, causes)
    known = find_follows(place)
    if known and known.id == id:
        return known
    folder, count = f"follows-{id}/", max(run.articles // _BUCKET, 2 * _cores())
    place.drop(folder.rstrip("/"))
    common = {"place": place, "folder": folder, "count": count}
    with _quiet():
        stories = _find_stories(place, run, count)
        rows = [{"part": part, "stories": json.dumps(stories.get(part, {}))} for part in run.parts]
        told = _dataset(rows).map_batches(_tell, **_ONE, fn_kwargs=common | {"owners": dict(owners)}).materialize()
        named = _grouped(told, ("actor", "learnt", "outlet"), _sum_names, common)
        claims = _grouped(told.union(named), ("claim",), _sum_claims, common)
        _grouped(claims, ("edge", "place"), _sum_edges, common)
        _write_rest(place, folder, _take(named, "known"), _take(named, "outlets"), owners)
    tables = {table: tuple(place.names(f"{folder}{table}", ".parquet")) for table in FOLLOWS}
    follows = Follows(id, run.id, causes, run.articles, tables)
    save_follows(place, follows)
    return follows


_ONE = {"batch_size": 1, "batch_format": "numpy"}


def _grouped(packets: Any, kinds: Sequence[str], sum_up: Callable[..., Packet], common: dict[str, Any]) -> Any:
    """What a function makes of the packets of some kinds, bucket by bucket."""
    wanted = packets.map_batches(_only, batch_format="numpy", fn_kwargs={"kinds": kinds})
    groups = wanted.groupby("bucket", num_partitions=min(4 * _cores(), len(kinds) * common["count"]))
    return groups.map_groups(sum_up, batch_format="numpy", fn_kwargs=common).materialize()


def _take(packets: Any, kind: str) -> list[Any]:
    """The values that come to this process."""
    rows = packets.map_batches(_only, batch_format="numpy", fn_kwargs={"kinds": (kind,)}).iter_rows()
    return [value for row in rows for value in pickle.loads(row["values"])]


def _only(packets: Packet, kinds: Sequence[str]) -> Packet:
    import numpy

    wanted = numpy.array([str(bucket).partition("-")[0] in kinds for bucket in packets["bucket"]], bool)
    return {name: values[wanted] for name, values in packets.items()}


class _Sorter:
    """Values by the bucket to which they go."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._found: dict[str, list[Any]] = defaultdict(list)

    def add(self, kind: str, key: str, value: Any) -> None:
        """A value that goes where all with its key go."""
        self._found[f"{kind}-{zlib.crc32(key.encode()) % self._count}"].append(value)

    def add_all(self, kind: str, values: Iterable[Any]) -> None:
        """Values that go to the process that runs it all."""
        self._found[kind] += values

    def packets(self) -> Packet:
        import numpy

        found = {bucket: pickle.dumps(values, pickle.HIGHEST_PROTOCOL) for bucket, values in self._found.items()}
        found = found or {"none": pickle.dumps([])}  # Ray wants to see what columns there are
        return {
            name: numpy.array(values, dtype=object)
            for name, values in (("bucket", [*found]), ("values", [*found.values()]))
        }


def _values(packets: Packet) -> Iterator[Any]:
    for data in packets["values"]:
        yield from pickle.loads(data)


@cache
def _catalogue(url: str) -> Catalogue:
    """The catalogue of some evidence, once in each process."""
    with TemporaryDirectory() as folder:
        return load_catalogue(*copy_catalogue(Parquet(url), Path(folder)))


# Stories: who shares a band with whom. --------------------------------------------------------------------------------


def _find_stories(place: Parquet, run: Run, count: int) -> dict[str, dict[str, str]]:
    """For each part its articles that are copies of others, with the story they tell."""
    rows = [{"part": part} for part in run.parts]
    signed = _dataset(rows).map_batches(_sign, **_ONE, fn_kwargs={"place": place, "count": count}).materialize()
    pairs = _take(_grouped(signed, ("band",), _pair, {"count": count}), "pairs")
    part_of = {key: part for pair in pairs for key, part in pair}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for key, story in join(part_of, ((one, other) for (one, _), (other, _) in pairs)).items():
        found[part_of[key]][key] = story
    return found


def _sign(batch: dict[str, Any], place: Parquet, count: int) -> Packet:
    part, sorter = str(batch["part"][0]), _Sorter(count)
    for key, *signed in place.read("article", part, ("key", "published", "version", "signature")):
        for number, band in enumerate(bands(str(signed[1]), cast(bytes | None, signed[2]))):
            sorter.add("band", str(band), (band, number, key, part, *signed))
    return sorter.packets()


def _pair(packets: Packet, count: int) -> Packet:
    groups: dict[tuple[int, int], list[tuple[str, str, Signed]]] = defaultdict(list)
    for band, number, key, part, *signed in _values(packets):
        groups[band, number].append((key, part, Signed(*signed)))
    sorter, pairs = _Sorter(count), set[tuple[tuple[str, str], tuple[str, str]]]()
    for (_, number), some in groups.items():
        parts = {key: part for key, part, _ in some}
        found = pair_up({key: signed for key, _, signed in some}, same_text=number == 0)
        pairs.update(((one, parts[one]), (other, parts[other])) for one, other in found)
    sorter.add_all("pairs", sorted(pairs))
    return sorter.packets()


# From the rows of a part to who says what of whom. --------------------------------------------------------------------


def _tell(batch: dict[str, Any], place: Parquet, folder: str, count: int, owners: Mapping[str, str]) -> Packet:
    """What a part says, for the buckets of its claims, actors and outlets; writes who its local actors are."""
    part, stories, sorter = str(batch["part"][0]), json.loads(batch["stories"][0]), _Sorter(count)
    catalogue, locals_ = _catalogue(place.url), _load(place, part, "local_actor", LocalActorRow)
    who = {(one.article, one.local): base_id(one, catalogue, {}) for one in locals_}
    place.write("resolution", part, sorted((*key, actor) for key, actor in who.items()), folder=folder)
    articles = [
        one._replace(cluster=stories.get(one.key, one.key)) for one in _load(place, part, "article", ArticleRow)
    ]
    for outlet, seen in Counter(one.outlet for one in articles if one.outlet).items():
        sorter.add("outlet", outlet, (outlet, seen))
    _tell_names(locals_, who, sorter)
    asked = set[tuple[str, str]]()
    for said in _say(place, part, articles, who, owners):
        for id, identity in identify(said):
            sorter.add("claim", id, (id, identity, said))
            asked.update((actor, id) for _, actor in identity)
    for actor, id in sorted(asked):
        sorter.add("actor", actor, (actor, id))
    return sorter.packets()


def _load(place: Parquet, part: str, table: str, record: Any) -> list[Any]:
    return [record._make(row) for row in place.read(table, part, record._fields)]


def _tell_names(locals_: Sequence[LocalActorRow], who: Mapping[tuple[str, str], str], sorter: _Sorter) -> None:
    """How the actors of a part are named, in how many articles, and by which ids they would go without the catalogue."""
    namings, learnt = Counter[tuple[str, str, str, str, str]](), Counter[tuple[str, str]]()
    for one in locals_:
        actor, own = who[one.article, one.local], own_id(one)
        namings[actor, one.name, one.kind, one.country or "", one.forms] += 1
        if own != actor:
            learnt[own, actor] += 1
    for (actor, name, kind, country, forms), locals in namings.items():
        sorter.add("actor", actor, (actor, Naming(name, kind, country, forms, locals)))
    for actor, articles in Counter(actor for actor, _ in {(actor, key) for (key, _), actor in who.items()}).items():
        sorter.add("actor", actor, (actor, articles))
    for (own, actor), locals in learnt.items():
        sorter.add("learnt", own, (own, actor, locals))


def _say(
    place: Parquet, part: str, articles: Iterable[ArticleRow], who: Mapping[tuple[str, str], str], owners: Mapping[str, str]
) -> Iterator[Said]:  # fmt: skip
    fillers, speakers = defaultdict[str, list[Any]](list), defaultdict[str, list[Any]](list)
    for filler in sorted(_load(place, part, "filler", FillerRow)):
        fillers[filler.evidence].append(filler)
    for speaker in sorted(_load(place, part, "speaker", SpeakerRow), key=lambda one: (one.evidence, one.depth)):
        speakers[speaker.evidence].append(speaker)
    by_key = {one.key: one for one in articles}
    for row in _load(place, part, "evidence", EvidenceRow):
        roles = tuple((one.role, who[row.article, one.local]) for one in fillers[row.id])
        told_by = [who[row.article, one.local] if one.local else UNNAMED + one.text for one in speakers[row.id]]
        if said := say(row, by_key[row.article], roles, told_by, owners):
            yield said


# Group-bys. -----------------------------------------------------------------------------------------------------------


def _sum_names(packets: Packet, place: Parquet, folder: str, count: int) -> Packet:
    """Actors and redirections, written; what claims ask for, and what the catalogue and the outlets need."""
    bucket, sorter = str(packets["bucket"][0]), _Sorter(count)
    found: dict[str, list[Any]] = defaultdict(list)
    for key, *rest in _values(packets):
        found[key].append(rest)
    if bucket.startswith("outlet"):
        sorter.add_all("outlets", ((name, sum(seen for (seen,) in some)) for name, some in found.items()))
    elif bucket.startswith("learnt"):
        _write_learnt(place, folder, bucket, found)
    else:
        _write_actors(place, folder, bucket, found, sorter)
    return sorter.packets()


def _write_learnt(place: Parquet, folder: str, bucket: str, found: Mapping[str, list[tuple[str, int]]]) -> None:
    counts = {own: Counter[str]() for own in found}
    for own, some in found.items():
        for actor, locals in some:
            counts[own][actor] += locals
    redirects = ((own, prevailing(some)) for own, some in counts.items())
    place.write("redirect", bucket, sorted(redirects), folder=folder)
    rows = ((own, new, locals) for own, some in counts.items() for new, locals in some.items())
    place.write("learnt", bucket, sorted(rows), folder=folder)


def _write_actors(place: Parquet, folder: str, bucket: str, found: Mapping[str, list[Any]], sorter: _Sorter) -> None:
    catalogue, rows, written = _catalogue(place.url), list[Row](), list[Row]()
    for actor, some in sorted(found.items()):
        values = [value for (value,) in some]
        namings = Counter[tuple[str, str, str, str]]()
        for one in values:
            if isinstance(one, Naming):
                namings[one[:4]] += one.locals
        name = find_name(actor, (Naming(*key, locals=locals) for key, locals in namings.items()), catalogue)
        rows.append(actor_row(actor, name, sum(one for one in values if isinstance(one, int))))
        written += ((actor, *key, locals) for key, locals in sorted(namings.items()))
        for claim in sorted({one for one in values if isinstance(one, str)}):
            sorter.add("claim", claim, (claim, actor, name.name))
    sorter.add_all("known", found.keys() & catalogue.entries.keys())
    place.write("actor", bucket, rows, folder=folder)
    place.write("naming", bucket, written, folder=folder)


def _sum_claims(packets: Packet, place: Parquet, folder: str, count: int) -> Packet:
    """Claims, written, and what they give edges and conflicts."""
    bucket, sorter, catalogue = str(packets["bucket"][0]), _Sorter(count), _catalogue(place.url)
    names: dict[str, dict[str, str]] = defaultdict(dict)
    found: dict[tuple[str, str, Roles], list[Said]] = defaultdict(list)
    for id, one, other in _values(packets):
        if isinstance(other, Said):
            found[id, other.type, one].append(other)
        else:
            names[id][one] = other
    rows: dict[str, list[Row]] = {"claim": [], "claim_role": [], "claim_evidence": []}
    for (id, type, identity), some in sorted(found.items(), key=lambda item: item[0]):
        claim = Claim(id, load_schema()[type], identity, tuple(sorted(some, key=lambda said: said.id)))
        rows["claim"].append(claim_row(claim, names[id].__getitem__, None, catalogue))
        rows["claim_role"] += role_rows(claim)
        rows["claim_evidence"] += evidence_rows(claim)
        for ends in find_ends(claim):
            sorter.add("edge", edge_id(ends), (ends, id, type, identity, claim.said))
        if where := contested(claim):
            sorter.add("place", where, (where, holdings(claim)))
    for table, some_rows in rows.items():
        place.write(table, bucket, some_rows, folder=folder)
    return sorter.packets()


def _sum_edges(packets: Packet, place: Parquet, folder: str, count: int) -> Packet:
    """Edges and conflicts, written."""
    bucket = str(packets["bucket"][0])
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, *rest in _values(packets):
        found[key].append(rest)
    if bucket.startswith("place"):
        pairs = (pair for some in found.values() for pair in conflict_rows(one for (held,) in some for one in held))
        place.write("conflict", bucket, sorted(pairs), folder=folder)
    else:
        place.write("edge", bucket, (_edge(ends, some, place) for ends, some in sorted(found.items())), folder=folder)
    return _Sorter(count).packets()


def _edge(ends: Ends, some: Iterable[tuple[str, str, Roles, tuple[Said, ...]]], place: Parquet) -> Row:
    schema = load_schema()
    claims = [Claim(id, schema[type], identity, said) for id, type, identity, said in sorted(some)]
    return edge_row(ends, claims, _catalogue(place.url))


def _write_rest(
    place: Parquet, folder: str, known: Sequence[str], outlets: Sequence[tuple[str, int]], owners: Mapping[str, str]
) -> None:  # fmt: skip
    """What the catalogue adds, and the outlets."""
    catalogue = _catalogue(place.url)
    background = sorted(find_background(known, catalogue))
    above = {str(end) for row in background for end in row[1:3]} & catalogue.entries.keys() - {*known}
    rows = [actor_row(actor, find_name(actor, (), catalogue), 0) for actor in sorted(above)]
    place.write("actor", "above", rows, folder=folder)
    place.write("background", "all", background, folder=folder)
    brought = ((name, articles, None, owners.get(name.casefold())) for name, articles in outlets)
    place.write("outlet", "all", sorted(brought), folder=folder)
