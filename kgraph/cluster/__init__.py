"""Parquet in, graph out: evidence that was read elsewhere, or on a Ray cluster just now, taken into a graph folder."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.articles.register import Named
from kgraph.build import Ready, bring_up_to_date, choose_model, choose_readers
from kgraph.build.causes import digest_of_causes
from kgraph.build.summary import Progress, Summary, note
from kgraph.build.workers import Engine, in_workers
from kgraph.catalogue import load_texts
from kgraph.catalogue.kept import Given, find_kept, learn, name_apart, read_given, texts_of
from kgraph.cluster.parquet import (
    Parquet,
    find_follows,
    find_part,
    load_run,
    prune,
    read_catalogue,
    read_follows,
    read_part,
)
from kgraph.copies import load_owners
from kgraph.errors import StoreError, UsageError
from kgraph.folder import Folder, Location
from kgraph.folder.articles import count_stale, find_at, find_moved
from kgraph.folder.blank import is_blank
from kgraph.folder.database import transaction
from kgraph.folder.digests import find_damaged_in
from kgraph.folder.identity import forget_lost
from kgraph.folder.readings import holds, write_rows
from kgraph.reading.fingerprint import fingerprint
from kgraph.reading.language_model import DEFAULT_MODEL
from kgraph.reading.readers import DEFAULT_READERS, check_readers

if TYPE_CHECKING:
    from kgraph.cluster.ray import Told


def build_on_ray(
    folder: Location | None,
    sources: Sequence[str | Path],
    *,
    evidence: str | None = None,
    address: str | None = None,
    model: str | None = None,
    readers: Sequence[str] = (),
    catalogue_files: Sequence[Path] = (),
    reread: bool = False,
    tidy: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Summary:
    """As `build`, on the Ray cluster at an address or on this machine's cores; the graph is the same.

    What is read goes to Parquet files behind the URL `evidence` (else in the graph folder), and from there into the graph
    folder, if one is given; `tidy` deletes parts of earlier runs that this one has not. Of the engine the number of
    processes and the time limit count.
    """
    from kgraph.cluster import ray

    folder = Folder(folder) if folder else None
    begun, summary, engine = time.monotonic(), Summary(), engine or in_workers()
    check_readers(readers)
    given = read_given(catalogue_files)
    if folder:
        folder.check(new=True)
        learn(folder.catalogue_files, given, keep=False)  # what is wrong with them is said before a folder is made
        with folder.write(waiting=waiting) as db:
            model, reread = choose_model(db, model, DEFAULT_MODEL, reread)
            readers = choose_readers(db, readers)
            catalogue = learn(folder.catalogue_files, given, waiting)
        files = {path.name: path.read_bytes() for path in find_kept(folder.catalogue_files)}
    else:
        files = name_apart(given)
        model, readers, catalogue = model or DEFAULT_MODEL, readers or DEFAULT_READERS, load_texts(texts_of(files))
    place = Parquet(_place(folder, evidence))
    with ray.connected(address):
        run = ray.read_all(
            place, sources, model, fingerprint(model, catalogue, readers), files, readers=readers, count=engine.count,
            seconds=engine.seconds, again=reread, tell=lambda told: _hear(told, summary, progress),
        )  # fmt: skip
        if not folder or not find_follows(place) or summary.read * 4 > run.articles:  # else it is quicker here
            owners = folder.owners if folder else None
            causes = digest_of_causes(catalogue, owners)
            ray.follow_all(place, run, load_owners(owners) if owners else {}, causes)
    if tidy:
        prune(place, run)
    if folder:
        loaded = load(folder, place.url, waiting=waiting)
        summary.actors, summary.claims, summary.edges = loaded.actors, loaded.claims, loaded.edges
        summary.stale, summary.blank = loaded.stale, loaded.blank
    summary.seconds = time.monotonic() - begun
    return summary


def _place(folder: Folder | None, evidence: str | None) -> str | Path:
    """Where the evidence goes."""
    if evidence:
        return evidence
    if not folder:
        raise UsageError("--no-load needs --evidence: where the evidence is to stay")
    return folder.parquet


def _hear(told: Told, summary: Summary, progress: Progress | None) -> None:
    """Counts what a cluster has done."""
    if told.problem:
        note(told.problem, summary)
    if told.part:
        for problem in told.part.failed:
            note(problem, summary)
        summary.sentences += told.part.sentences * told.is_new
        summary.read += told.part.articles * told.is_new
        summary.unchanged += told.part.articles * (not told.is_new)
    if progress:
        progress(summary)


def load(
    folder: Location,
    evidence: str | Path,
    *,
    progress: Progress | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Summary:
    """Takes evidence that was written as Parquet into a graph folder, with the catalogue files it was read with.

    So is what follows from it, if a cluster has computed that and the graph holds nothing else.
    """
    folder = Folder(folder)
    begun, summary, place = time.monotonic(), Summary(), Parquet(evidence)
    run, follows = load_run(place), find_follows(place)
    files = {f"{place.url}/catalogue/{name}": data for name, data in read_catalogue(place).items()}
    given = [Given(url, url, data) for url, data in files.items()]
    with folder.write(waiting=waiting) as db:
        choose_model(db, run.model, run.model, False)
        catalogue = learn(folder.catalogue_files, given, waiting)
        for name in run.parts:
            _take_in(db, place, name, summary)
            if progress:
                progress(summary)
        ready = Ready(follows.causes, run.articles, partial(read_follows, place, follows)) if follows else None
        is_of_run = follows and follows.run == run.id
        bring_up_to_date(
            db, catalogue, summary, model=run.model, moved=find_moved(db), ready=ready if is_of_run else None
        )
        forget_lost(db)
        summary.stale = count_stale(db, run.reader)
        summary.blank = is_blank(db)
    summary.seconds = time.monotonic() - begun
    return summary


def _take_in(db: sqlite3.Connection, place: Parquet, name: str, summary: Summary) -> None:
    """Keeps what a part of the evidence says of articles that are new or changed."""
    part, articles = find_part(place, name), place.read("article", name)
    names = (Named(*row) for row in place.read("article", name, NAMED))  # type: ignore[arg-type]
    named = {one.key for one in names if _is_under_an_id(db, one)}
    fresh = {row[0] for row in articles if row[0] not in named and not holds(db, row)}
    if fresh:
        rows = read_part(place, name)
        evidence = [row for row in rows["evidence"] if row[2] in fresh]
        told = {row[0] for row in evidence}
        some = {
            table: [row for row in rows[table] if row[0] in fresh] for table in ("article", "local_actor", "mention")
        }
        some |= {table: [row for row in rows[table] if row[0] in told] for table in ("filler", "speaker")}
        some |= {"evidence": evidence}
        for key in find_damaged_in(some):
            advice = f"delete {place.url}/part/{name}.json and build again, and it is read anew"
            raise StoreError(f"{place.url}: part {name}: what was read of {key} is not as written; {advice}")
        with transaction(db):
            write_rows(db, some)
    summary.read += len(fresh)
    summary.unchanged += len(articles) - len(fresh)
    for problem in part.failed if part else ():
        note(problem, summary)


NAMED = Named._fields[:4]


def _is_under_an_id(db: sqlite3.Connection, article: Named) -> bool:
    """Whether an article without an id is one that the graph has under an id, from a feed."""
    if article.given is not None or article.address is None:
        return False
    others = (one for one in find_at(db, article.address) if one.key != article.key)
    named = [one for one in others if one.given is not None and not one.is_new]
    return len(named) == 1 or any(one.version == article.version for one in named)
