"""Articles → kept readings: what is new, changed or read by something else is read, the rest is counted."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from kgraph.articles import Problem
from kgraph.build.quarantine import problem_with, still_aside
from kgraph.build.summary import Progress, Summary, note
from kgraph.build.workers import Failure, ReadAll
from kgraph.folder.articles import load_article, was
from kgraph.folder.readings import Known, find_known, write_reading
from kgraph.records import Article, Reading

log = logging.getLogger(__name__)


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
        keep_reading(db, found, reader, summary)
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
            found = None if is_kept else still_aside(db, item.key, item.version, reader, patience) or item
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


def keep_reading(db: sqlite3.Connection, found: Reading | Failure, reader: str, summary: Summary) -> None:
    """Keeps what an article says, or notes why it could not be read."""
    if isinstance(found, Reading):
        write_reading(db, found, reader)
        summary.read += 1
        summary.sentences += found.sentences
        return
    if found.trace:
        log.error("%s: kgraph made a mistake; please report it with these lines\n%s", found.article.key, found.trace)
    note(problem_with(db, found, reader), summary)


def _is_kept(db: sqlite3.Connection, article: Article, reader: str) -> bool:
    """Whether this very article was read by the same reader. Where its file lies does not matter."""
    known = find_known(db, article.key)
    if known != Known(article.version, reader):
        return False
    try:
        return replace(load_article(db, article.key), path=article.path) == article  # a date or a title may be new
    except (ValueError, TypeError, RecursionError, sqlite3.OperationalError):  # what is kept is damaged
        return False
