"""Articles in, graph out: the whole flow. What is read is kept article by article and made seen at once at the end."""

from __future__ import annotations

import json
import logging
import math
import sqlite3
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kgraph.articles import Problem, read_articles
from kgraph.articles.places import printable
from kgraph.build.causes import digest_of_causes, digest_of_file
from kgraph.build.identities import identify
from kgraph.build.missing import find_missing, find_undone, said_of_missing
from kgraph.build.quarantine import around_set_aside
from kgraph.build.readings import keep, keep_reading
from kgraph.build.summary import Progress, Summary, note
from kgraph.build.workers import Engine, in_this_process
from kgraph.catalogue import Catalogue
from kgraph.catalogue.kept import learn, read_given
from kgraph.copies import load_owners
from kgraph.decisions import read_all, standing
from kgraph.decisions.citations import citations
from kgraph.errors import UsageError
from kgraph.folder import Folder, Location
from kgraph.folder.articles import (
    count_articles,
    count_stale,
    find_articles,
    find_stale,
    is_citation,
    list_keys,
    load_article,
)
from kgraph.folder.blank import check_not_blank, is_blank
from kgraph.folder.damage import checked_readings, said_of
from kgraph.folder.database import get_meta, set_meta
from kgraph.folder.digests import find_damaged
from kgraph.folder.identity import forget_lost
from kgraph.folder.mending import mend_identity, mend_rows
from kgraph.folder.near_copies import sign_anew
from kgraph.folder.pending import forget_pending, has_pending, is_pending
from kgraph.folder.readings import forget_read
from kgraph.folder.settling import Difference, NotKept, Touched, settle
from kgraph.folder.tables import Row
from kgraph.projection.update import follow_change, is_much
from kgraph.projection.update.decisions import can_follow, mend_taken_over
from kgraph.projection.update.from_cluster import follow_ready
from kgraph.reading.fingerprint import fingerprint
from kgraph.reading.language_model import DEFAULT_MODEL
from kgraph.reading.readers import DEFAULT_READERS, READERS, check_readers
from kgraph.records import Article

log = logging.getLogger(__name__)


def build(
    folder: Location,
    sources: Sequence[str | Path],
    *,
    model: str | None = None,
    readers: Sequence[str] = (),
    catalogue_files: Sequence[Path] = (),
    reread: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
    blank_stays: bool = False,
) -> Summary:
    """Reads articles into a graph folder and brings up to date what follows from them.

    What is unchanged is not read again, unless something else has read it and `reread` asks for that. Articles are read
    in this process, or where `engine` says (see workers.py), by some `readers` or those of the last time. Where there was
    no graph and nothing is read, there is none afterwards, unless `blank_stays`.
    """
    folder = Folder(folder)
    begun, summary, engine = time.monotonic(), Summary(), engine or in_this_process()
    folder.check(new=True)
    check_readers(readers)
    given = read_given(catalogue_files)
    learn(folder.catalogue_files, given, keep=False)  # what is wrong with them is said before a folder is made
    with folder.write(waiting=waiting, blank_stays=blank_stays) as db:
        model, reread = choose_model(db, model, DEFAULT_MODEL, reread)
        readers = choose_readers(db, readers)
        catalogue = learn(folder.catalogue_files, given, waiting)
        reader = fingerprint(model, catalogue, readers)
        patience = math.inf if reread else engine.seconds
        moved = dict[str, str]()
        with engine.open(model, catalogue, readers) as read_all:
            opened = around_set_aside(db, engine, reader, patience)
            with closing(read_articles(sources, read=opened)) as found:
                keep(db, identify(db, found, moved), read_all, reader, summary, progress, patience=patience)
            if reread:
                keep(db, _stored(db, reader), read_all, reader, summary, progress, patience=patience)
        bring_up_to_date(db, catalogue, summary, model=model, moved=moved)
        forget_lost(db)
        summary.stale, summary.blank = count_stale(db, reader), is_blank(db)
    summary.seconds = time.monotonic() - begun
    return summary


def remove(folder: Location, articles: Sequence[str], *, waiting: Callable[[str], None] | None = None) -> Summary:
    """Takes articles out of a graph, each named by key, id, URL or the end of its path, and all that they said."""
    folder = Folder(folder)
    folder.check()
    begun, summary = time.monotonic(), Summary()
    with folder.write(waiting=waiting) as db:
        keys = sorted({_find_article(db, name) for name in articles})
        forget_read(db, keys)
        bring_up_to_date(db, folder.catalogue(), summary, gone=keys)
    summary.removed, summary.seconds = len(keys), time.monotonic() - begun
    return summary


def refresh(folder: Location, *, waiting: Callable[[str], None] | None = None) -> Summary:
    """Brings up to date what follows from the articles, after a change of decisions or catalogue."""
    folder = Folder(folder)
    folder.check()
    begun, summary = time.monotonic(), Summary()
    with folder.write(waiting=waiting) as db:
        bring_up_to_date(db, folder.catalogue(), summary)
    summary.seconds = time.monotonic() - begun
    return summary


def rebuild(
    folder: Location,
    *,
    extract: bool = False,
    readers: Sequence[str] = (),
    engine: Engine | None = None,
    look: Callable[[sqlite3.Connection], None] | None = None,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Summary:
    """Computes all that follows anew; with `extract` also reads every kept article again, from its stored text.

    It is read by some `readers`, or those of the last time.
    `look` sees the result before it is kept, and raises NotKept to leave everything as it was.
    """
    folder = Folder(folder)
    check_readers(readers)
    if readers and not extract:
        raise UsageError("readers read: choose them where articles are read, with extract")

    def look_at(db: sqlite3.Connection) -> None:
        check_not_blank(db)
        if look:
            look(db)

    if mend_identity(folder) and waiting:
        waiting(f"{folder}: kgraph.json written anew, from what the database says of itself")
    folder.check()
    begun, summary = time.monotonic(), Summary()
    with folder.write(waiting=waiting) as db:
        for words in (*mend_rows(db), *mend_taken_over(db)):
            if waiting:
                waiting(f"{folder}: {words}")
        catalogue, model, named = folder.catalogue(), None, set[str]()
        if extract:
            model, engine = get_meta(db, "model") or DEFAULT_MODEL, engine or in_this_process()
            readers = choose_readers(db, readers)
            reader = fingerprint(model, catalogue, readers)
            with engine.open(model, catalogue, readers) as read_all:
                for found in read_all(_readable(db, summary, named)):
                    keep_reading(db, found, reader, summary)
                    if progress:
                        progress(summary)
            sign_anew(db)
        try:
            bring_up_to_date(db, catalogue, summary, model=model, force=True, look=look_at, named=named)
        except NotKept:
            forget_pending(db)
            raise
        model = get_meta(db, "model") or DEFAULT_MODEL
        summary.stale = count_stale(db, fingerprint(model, catalogue, choose_readers(db)))
        if summary.stale and waiting:
            words = f"{summary.stale} articles were read by another version, catalogue or reader"
            waiting(f"{folder}: {words}: `kgraph rebuild --extract` reads them again")
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


def choose_readers(db: sqlite3.Connection, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Who finds claims: those that are asked for, else of those of the last time whom there still is, else the usual ones.

    The usual ones are remembered as such: a later kgraph may have others.
    """
    begun = get_meta(db, "readers", schema="pending")  # by a build that was killed
    remembered = (get_meta(db, "readers") if begun is None else begun) or ""
    check_readers(asked)
    wanted = asked or remembered.split()
    readers = tuple(name for name in READERS if name in wanted) or DEFAULT_READERS
    chosen = "" if {*readers} == {*DEFAULT_READERS} else " ".join(readers)
    if chosen != remembered:
        set_meta(db, "readers", chosen, schema="pending")
    return readers


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


@dataclass(frozen=True, slots=True)
class Ready:
    """What follows from so many articles and nothing that people decided, computed elsewhere."""

    causes: str  # digest_of_causes
    articles: int
    rows: Callable[[str], Iterable[Row]]  # of each table


def bring_up_to_date(
    db: sqlite3.Connection,
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
    folder = Folder.of(db)
    causes, asked = digest_of_causes(catalogue, folder.owners), digest_of_file(folder.decisions)
    stands = get_meta(db, "causes") == causes and not force
    if stands and get_meta(db, "decisions") == asked and not gone and not moved and not (model and has_pending(db)):
        return  # all that follows stands already
    made, owners = read_all(folder.decisions), load_owners(folder.owners)
    decisions, missing = standing(made), find_missing(db, made)
    for one in missing:
        log.warning("%s", said_of_missing(db, one))
    known = [*find_undone(made, decisions), *(() if force else missing)]  # a rebuild takes the file as it is
    meta = {"causes": causes, "decisions": asked, "undone": json.dumps(known)}
    meta |= {"model": model} if model else {}
    if model and (readers := get_meta(db, "readers", schema="pending")) is not None:
        meta["readers"] = readers

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
