"""Articles in, graph out: the whole flow. What is read is kept article by article and made seen at once at the end."""

from __future__ import annotations

import json
import logging
import math
import pickle
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from kgraph.articles import Found, Problem, ReadPlaces, read_articles
from kgraph.articles.addresses import canonical
from kgraph.articles.places import printable, stamp_of
from kgraph.articles.problems import repeated, replaced
from kgraph.articles.register import Named, Register, key_of
from kgraph.build.workers import Engine, Failure, ReadAll, in_this_process
from kgraph.catalogue import Catalogue
from kgraph.catalogue.kept import learn, read_given
from kgraph.copies import load_owners
from kgraph.decisions import Decision, load_decisions, read_all, standing
from kgraph.decisions.citations import citations
from kgraph.errors import StoreError, UsageError
from kgraph.folder import (
    Difference,
    Known,
    NotKept,
    Row,
    SetAside,
    Touched,
    check_folder,
    check_not_blank,
    checked_readings,
    count_articles,
    count_stale,
    find_articles,
    find_at,
    find_known,
    find_set_aside,
    find_stale,
    forget_lost,
    forget_pending,
    forget_read,
    get_meta,
    has_pending,
    is_blank,
    is_citation,
    is_pending,
    list_keys,
    load_article,
    mend_identity,
    mend_rows,
    open_for_writing,
    said_of,
    set_aside,
    set_meta,
    settle,
    was,
    write_reading,
)
from kgraph.folder.digests import find_damaged
from kgraph.folder.near_copies import sign_anew
from kgraph.projection.update import follow_change, is_much
from kgraph.projection.update.decisions import can_follow, mend_taken_over, taken_over
from kgraph.projection.update.from_cluster import follow_ready
from kgraph.reading.language_model import DEFAULT_MODEL, fingerprint
from kgraph.records import Article, Reading, digest

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Summary:
    """What a command did to a graph; it grows while the command runs."""

    read: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    removed: int = 0
    blank: bool = False  # no article is in the graph, and none ever was
    stale: int = 0  # articles that another extractor, model or catalogue has read
    problems: list[Problem] = field(default_factory=list)  # what was skipped or failed, and why
    sentences: int = 0
    seconds: float = 0.0
    actors: Difference = field(default_factory=Difference)
    claims: Difference = field(default_factory=Difference)
    edges: Difference = field(default_factory=Difference)


Progress = Callable[[Summary], None]  # called after each article


def build(
    folder: Path,
    sources: Sequence[str | Path],
    *,
    model: str | None = None,
    catalogue_files: Sequence[Path] = (),
    reread: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
    blank_stays: bool = False,
) -> Summary:
    """Reads articles into a graph folder and brings up to date what follows from them.

    What is unchanged is not read again, unless something else has read it and `reread` asks for that. Articles are read
    in this process, or where `engine` says (see workers.py). Where there was no graph and nothing is read, there is none
    afterwards, unless `blank_stays`.
    """
    begun, summary, engine = time.monotonic(), Summary(), engine or in_this_process()
    check_folder(folder, new=True)
    given = read_given(catalogue_files)
    learn(folder, given, keep=False)  # what is wrong with them is said before a folder is made
    with open_for_writing(folder, waiting=waiting, blank_stays=blank_stays) as db:
        model, reread = choose_model(db, model, DEFAULT_MODEL, reread)
        catalogue = learn(folder, given, waiting)
        reader = fingerprint(model, catalogue)
        patience = math.inf if reread else engine.seconds
        moved = dict[str, str]()
        with engine.open(model, catalogue) as read_all:
            opened = around_set_aside(db, engine, reader, patience)
            with closing(read_articles(sources, read=opened)) as found:
                keep(db, identify(db, found, moved), read_all, reader, summary, progress, patience=patience)
            if reread:
                keep(db, _stored(db, reader), read_all, reader, summary, progress, patience=patience)
        bring_up_to_date(db, folder, catalogue, summary, model=model, moved=moved)
        forget_lost(db)
        summary.stale, summary.blank = count_stale(db, reader), is_blank(db)
    summary.seconds = time.monotonic() - begun
    return summary


def remove(folder: Path, articles: Sequence[str], *, waiting: Callable[[str], None] | None = None) -> Summary:
    """Takes articles out of a graph, each named by key, id, URL or the end of its path, and all that they said."""
    check_folder(folder)
    begun, summary = time.monotonic(), Summary()
    with open_for_writing(folder, waiting=waiting) as db:
        keys = sorted({_find_article(db, name) for name in articles})
        forget_read(db, keys)
        bring_up_to_date(db, folder, learn(folder), summary, gone=keys)
    summary.removed, summary.seconds = len(keys), time.monotonic() - begun
    return summary


def refresh(folder: Path, *, waiting: Callable[[str], None] | None = None) -> Summary:
    """Brings up to date what follows from the articles, after a change of decisions or catalogue."""
    check_folder(folder)
    begun, summary = time.monotonic(), Summary()
    with open_for_writing(folder, waiting=waiting) as db:
        bring_up_to_date(db, folder, learn(folder), summary)
    summary.seconds = time.monotonic() - begun
    return summary


def rebuild(
    folder: Path,
    *,
    extract: bool = False,
    engine: Engine | None = None,
    look: Callable[[sqlite3.Connection], None] | None = None,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Summary:
    """Computes all that follows anew; with `extract` also reads every kept article again, from its stored text.

    `look` sees the result before it is kept, and raises NotKept to leave everything as it was.
    """

    def look_at(db: sqlite3.Connection) -> None:
        check_not_blank(db, folder)
        if look:
            look(db)

    if mend_identity(folder) and waiting:
        waiting(f"{folder}: kgraph.json written anew, from what the database says of itself")
    check_folder(folder)
    begun, summary = time.monotonic(), Summary()
    with open_for_writing(folder, waiting=waiting) as db:
        for words in (*mend_rows(db), *mend_taken_over(db)):
            if waiting:
                waiting(f"{folder}: {words}")
        catalogue, model, named = learn(folder), None, set[str]()
        if extract:
            model, engine = get_meta(db, "model") or DEFAULT_MODEL, engine or in_this_process()
            with engine.open(model, catalogue) as read_all:
                for found in read_all(_readable(db, summary, named)):
                    _keep(db, found, fingerprint(model, catalogue), summary)
                    if progress:
                        progress(summary)
            sign_anew(db)
        try:
            bring_up_to_date(db, folder, catalogue, summary, model=model, force=True, look=look_at, named=named)
        except NotKept:
            forget_pending(db)
            raise
    summary.seconds = time.monotonic() - begun
    return summary


def _readable(db: sqlite3.Connection, summary: Summary, named: set[str]) -> Iterator[Article]:
    """The kept articles, to be read again; those whose stored text is damaged are named, and stay as they are."""
    for key in list_keys(db):
        damage = next(find_damaged(db, keys=[key]), None) if not is_pending(db, key) else None
        if damage and damage.of_source:
            named.add(key)
            note(Problem(key, said_of(damage), False), summary)
        else:
            yield load_article(db, key)


def watch(sources: Sequence[str | Path], *, pause: float = 2.0) -> Iterator[list[Path]]:
    """The files that arrive or change in some folders from now on, each once it is no longer being written."""
    return _arrivals(sources, _stamps(sources), pause)


def _arrivals(sources: Sequence[str | Path], seen: dict[Path, str], pause: float) -> Iterator[list[Path]]:
    last = seen
    while True:
        time.sleep(pause)
        now = _stamps(sources)
        arrived = [path for path, stamp in now.items() if stamp != seen.get(path) and stamp == last.get(path)]
        last = now
        if arrived:
            seen = seen | {path: now[path] for path in arrived}
            yield arrived


def _stamps(sources: Sequence[str | Path]) -> dict[Path, str]:
    """What each file differs in when somebody has written to it."""
    found = {}
    for source in map(Path, sources):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            try:
                is_hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
                if path.is_file() and not is_hidden and (stamp := stamp_of(str(path))):
                    found[path] = stamp
            except OSError:  # moved away meanwhile, or not for us to see: whoever builds names it
                continue
    return found


# Reading. -------------------------------------------------------------------------------------------------------------


def identify(
    db: sqlite3.Connection, items: Iterable[Article | Problem], moved: dict[str, str]
) -> Iterator[Article | Problem]:
    """The articles under the keys of those that they are, and what repeats or is corrected later in the same build.

    When all have come, `moved` holds the articles that turned out to be others, with the keys of those.
    """
    register, waiting = Register(lambda address: find_at(db, address)), Spool()
    with closing(waiting):
        for item in items:
            if isinstance(item, Problem):
                yield item
            elif register.must_wait(_named(item), item.place or item.key):
                waiting.add(item)
            else:
                yield from _taken(db, register, item)
        for article in waiting:
            yield from _taken(db, register, article)
    for each in register.moved():
        moved[each.old] = each.new
        if each.corrected:
            yield replaced(*each.corrected)


def _taken(db: sqlite3.Connection, register: Register, article: Article) -> Iterator[Article | Problem]:
    """An article under its key, and what is to be said of it."""
    where = article.place or article.key
    taken = register.take(_named(article), where)
    if taken.repeats:
        yield repeated(where, taken.repeats)
    elif taken.is_known:
        yield load_article(db, taken.key)
    else:
        if taken.corrects:
            yield replaced(taken.corrects, where)
        yield replace(article, key=taken.key, given=taken.given)


def _named(article: Article) -> Named:
    return Named(article.key, article.given, canonical(article.url), article.version)


class Spool:
    """Articles that wait on disk, in their order; few have to, but they may be long."""

    def __init__(self) -> None:
        self._file = TemporaryFile()
        self._count = 0

    def add(self, article: Article) -> None:
        pickle.dump(article, self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[Article]:
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)

    def close(self) -> None:
        self._file.close()


def keep(
    db: sqlite3.Connection,
    items: Iterable[Article | Problem],
    read_all: ReadAll,
    reader: str,
    summary: Summary,
    progress: Progress | None = None,
    *,
    patience: float = 0.0,
) -> None:
    """Reads the articles that are new, changed or read by something else, and keeps what they say, one by one.

    One that was set aside is tried again if `patience`, in seconds, is more than it had then, or infinite.
    """
    under_way = Counter[str]()
    for found in read_all(_unread(db, items, reader, summary, progress, patience, under_way)):
        _keep(db, found, reader, summary)
        under_way -= Counter((found.article.key,))
        if progress:
            progress(summary)


def _unread(
    db: sqlite3.Connection,
    items: Iterable[Article | Problem],
    reader: str,
    summary: Summary,
    progress: Progress | None,
    patience: float,
    under_way: Counter[str],
) -> Iterator[Article]:
    """The articles to read; the rest is counted. Engines look ahead: what is under way is in no database yet."""
    read = set[str]()  # the keys of what was given to read
    for item in _without_corrected(db, items, read, reader):
        found: Article | Problem | None = item
        if isinstance(item, Article):
            is_kept = not under_way[item.key] and _is_kept(db, item, reader)
            found = None if is_kept else _find_set_aside(db, item.key, item.version, reader, patience) or item
        if isinstance(found, Article):
            read.add(found.key)
            under_way[found.key] += 1
            yield found
            continue
        if found:
            note(found, summary)
        else:
            summary.unchanged += 1
        if progress:
            progress(summary)


def _without_corrected(
    db: sqlite3.Connection, items: Iterable[Article | Problem], read: Set[str], reader: str
) -> Iterator[Article | Problem]:
    """Holds back the texts that are known to have been corrected, until it is clear that no later one comes.

    What a feed still has and what corrects it in the same feed would else be read in turns at every build.
    """
    held = dict[str, Article]()
    for item in items:
        if isinstance(item, Article):
            held.pop(item.key, None)
            if item.key not in read and _is_past(db, item, reader):
                held[item.key] = item
                continue
        yield item
    yield from held.values()


def _is_past(db: sqlite3.Connection, article: Article, reader: str) -> bool:
    """Whether an article was like this before, or has this text with another date, title or URL."""
    known = find_known(db, article.key)
    if known is None or known.version != article.version:
        return known is not None and was(db, article.key, article.version)
    return known.fingerprint == reader and not _is_kept(db, article, reader)


def _keep(db: sqlite3.Connection, found: Reading | Failure, reader: str, summary: Summary) -> None:
    """Keeps what an article says, or notes why it could not be read."""
    if isinstance(found, Reading):
        write_reading(db, found, reader)
        summary.read += 1
        summary.sentences += found.sentences
        return
    if found.trace:
        log.error("%s: kgraph made a mistake; please report it with these lines\n%s", found.article.key, found.trace)
    advice = _ADVICE if found.set_aside else ""
    note(Problem(found.article.key, found.why + advice, False), summary)
    if found.set_aside:
        set_aside(db, found.article.key, SetAside(found.article.version, reader, found.why, found.seconds))


_ADVICE = "; set aside: --reread tries it again"


def around_set_aside(db: sqlite3.Connection, engine: Engine, reader: str, patience: float) -> ReadPlaces:
    """What opens files, but none that crashed or hung what opened it and is as it was then; such a file is set aside."""

    def look(place: str | Problem) -> str | Problem:
        stamp = stamp_of(place) if isinstance(place, str) else ""
        return (stamp and _find_set_aside(db, key_of(printable(str(place))), stamp, reader, patience)) or place

    def read(places: Iterable[str | Problem], stdin: BinaryIO | None) -> Iterator[Found]:
        for where, found in engine.read_places(map(look, places), stdin):
            if isinstance(found, Problem) and found.stamp:
                set_aside(db, key_of(found.where), SetAside(found.stamp, reader, found.why, engine.seconds))
                found = replace(found, why=found.why + _ADVICE)
            yield where, found

    return read


def _find_set_aside(db: sqlite3.Connection, key: str, version: str, reader: str, patience: float) -> Problem | None:
    """What to say of an article or file that crashed or hung this very reader; None if it has changed or may be tried again."""
    known = find_set_aside(db, key)
    if not known or (known.version, known.fingerprint) != (version, reader):
        return None
    if known.seconds < patience or math.isinf(patience):
        return None
    return Problem(key, f"set aside: {known.why}; --reread tries it again", True)


def _is_kept(db: sqlite3.Connection, article: Article, reader: str) -> bool:
    """Whether this very article was read by the same reader. Where its file lies does not matter."""
    known = find_known(db, article.key)
    if known != Known(article.version, reader):
        return False
    try:
        return replace(load_article(db, article.key), path=article.path) == article  # a date or a title may be new
    except (ValueError, TypeError, RecursionError, sqlite3.OperationalError):  # what is kept is damaged
        return False


def note(problem: Problem, summary: Summary) -> None:
    summary.problems.append(problem)
    if problem.skipped:
        summary.skipped += problem.lines
    else:
        summary.failed += problem.lines


def _stored(db: sqlite3.Connection, reader: str) -> Iterator[Article]:
    """The kept articles that something else has read."""
    return (load_article(db, key) for key in find_stale(db, reader))


# What a graph remembers. ----------------------------------------------------------------------------------------------


def choose_model(db: sqlite3.Connection, asked: str | None, default: str, reread: bool) -> tuple[str, bool]:
    """The model to read with, and whether to read everything again: a graph never mixes two models."""
    settled, begun = get_meta(db, "model"), get_meta(db, "model", schema="pending")  # begun: by a build that was killed
    remembered = begun or settled
    model = asked or remembered or default
    if remembered and model != remembered and not reread:
        raise UsageError(
            f"this graph was read with the model {remembered}, not {model}: leave --model away, build into another "
            "folder with -g, or add --reread to read all of it again"
        )
    set_meta(db, "model", model, schema="pending")
    return model, reread or bool(settled and model != settled)


def _find_article(db: sqlite3.Connection, name: str) -> str:
    name = name if name.isprintable() else printable(name)  # as a shell gives it, or as it is shown
    keys = find_articles(db, name)
    if len(keys) == 1 and is_citation(db, keys[0]):
        raise UsageError(f"{name}: a citation; `kgraph undo` takes back the decision that cites it")
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise UsageError(f"{name}: could be {', '.join(keys[:5])}{' …' * (len(keys) > 5)}; name one of them in full")
    from rapidfuzz import process

    ends = {key: key.rpartition("/")[2] or key for key in list_keys(db)}
    likely = [key for _, _, key in process.extract(name, ends, limit=3, score_cutoff=60)]
    hint = f"did you mean {' or '.join(likely)}?" if likely else "nothing in it goes by a name like that"
    raise UsageError(f"{name}: no such article in the graph; {hint}")


# What follows. --------------------------------------------------------------------------------------------------------

DECISIONS = "decisions.jsonl"
OWNERS = "owners.csv"  # in the graph folder: to which group an outlet belongs
CAUSES = (  # and all of projection/
    "decisions/__init__.py", "decisions/checks.py", "schema.py", "schema.yaml", "folder/tables.sql",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ready:
    """What follows from so many articles and nothing that people decided, computed elsewhere."""

    causes: str  # digest_of_causes
    articles: int
    rows: Callable[[str], Iterable[Row]]  # of each table


def bring_up_to_date(
    db: sqlite3.Connection,
    folder: Path,
    catalogue: Catalogue,
    summary: Summary,
    *,
    model: str | None = None,
    gone: Sequence[str] = (),
    moved: Mapping[str, str] | None = None,
    force: bool = False,
    look: Callable[[sqlite3.Connection], None] | None = None,
    ready: Ready | None = None,
    named: Container[str] = (),
) -> None:
    """Makes seen what a build read (with a model), takes out articles that are gone, and computes what follows.

    What is `ready` is taken where it is of just the articles in the graph, all of which the caller has made pending.
    Raises StoreError before everything is computed from readings that are damaged, unless the caller has `named` them.
    """
    causes, asked = digest_of_causes(catalogue, folder / OWNERS), _digest(folder / DECISIONS)
    stands = get_meta(db, "causes") == causes and not force
    if stands and get_meta(db, "decisions") == asked and not gone and not moved and not (model and has_pending(db)):
        return  # all that follows stands already
    made, owners = read_all(folder / DECISIONS), load_owners(folder / OWNERS)
    decisions, missing = standing(made), find_missing(db, made)
    for one in missing:
        log.warning("%s", said_of_missing(one))
    known = [*_undone(made, decisions), *(() if force else missing)]  # a rebuild takes the file as it is
    meta = {"causes": causes, "decisions": asked, "undone": json.dumps(known)}
    meta |= {"model": model} if model else {}

    def follow(db: sqlite3.Connection, touched: Touched) -> Mapping[str, Difference]:
        if ready and ready.causes == causes and not decisions and ready.articles == count_articles(db):
            return follow_ready(db, touched, ready.rows)
        known = stands and can_follow(db, decisions) and not is_much(db, touched)
        if known:
            return follow_change(db, touched, catalogue, decisions, owners, whole=False)
        with checked_readings(db, named):
            return follow_change(db, touched, catalogue, decisions, owners, whole=True)

    cited = citations(decisions)
    differences = settle(
        db, follow, gone=gone, moved=moved, cited=cited, take_over=model is not None, meta=meta, look=look
    )
    summary.actors, summary.claims, summary.edges = (differences[table] for table in ("actor", "claim", "edge"))


def _undone(made: Iterable[Decision], decisions: Iterable[Decision]) -> list[Seen]:
    """The lines of decisions that do not stand: what was undone, and what undid it."""
    stands = {one.id for one in decisions}
    return [Seen(one.id, one.action) for one in made if one.id not in stands]


class Seen(NamedTuple):
    """A line of decisions that was there once."""

    id: str
    action: str


def find_missing(db: sqlite3.Connection, made: Iterable[Decision]) -> list[Seen]:
    """The decisions that were there and are no longer among those made, to which one is only ever added."""
    there = {one.id for one in made}
    stood = [Seen(one.id, one.action) for one in taken_over(db)]
    undone = [Seen(*one) for one in json.loads(get_meta(db, "undone") or "[]")]
    return [one for one in (*stood, *undone) if one.id not in there]


def said_of_missing(one: Seen) -> str:
    """What is said of a decision that is no longer in its file."""
    what = f"decision {one.id[:8]} ({one.action}) was made and is no longer in {DECISIONS}"
    return f"{what}: restore it; `kgraph rebuild` does without"


def load_knowledge(
    folder: Path, catalogue: Catalogue | None = None
) -> tuple[Catalogue, tuple[Decision, ...], dict[str, str]]:
    """What the projection asks besides the evidence: the graph's catalogue, its decisions, the owners of outlets."""
    return catalogue or learn(folder), load_decisions(folder / DECISIONS), load_owners(folder / OWNERS)


def is_up_to_date(db: sqlite3.Connection, folder: Path, catalogue: Catalogue) -> bool:
    """Whether what follows was computed by this kgraph, with these decisions, catalogue files and owners."""
    causes, asked = digest_of_causes(catalogue, folder / OWNERS), _digest(folder / DECISIONS)
    return get_meta(db, "causes") == causes and get_meta(db, "decisions") == asked


def digest_of_causes(catalogue: Catalogue, owners: Path | None) -> str:
    """What the tables that follow come from besides articles and decisions: when this changes all is computed anew."""
    return digest(_digest_of_code(), catalogue.digest, _digest(owners) if owners else "")


@cache
def _digest_of_code() -> str:
    package = Path(str(files("kgraph")))
    modules = sorted((package / "projection").rglob("*.py"))
    return digest(*(file.read_text(encoding="utf-8") for file in (*map(package.joinpath, CAUSES), *modules)))


def _digest(file: Path) -> str:
    """Of the bytes: whether they are a text is said by who understands the file."""
    try:
        return digest(file.read_bytes().decode("latin-1")) if file.exists() else ""
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror or error}); change its permissions") from error
