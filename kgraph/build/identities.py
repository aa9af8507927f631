"""Articles as they come → each under the key of the article that it is, as the graph and what came before know it."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from tempfile import TemporaryFile

from kgraph.articles import Problem
from kgraph.articles.addresses import canonical
from kgraph.articles.problems import repeated, replaced
from kgraph.articles.register import Named, Register
from kgraph.folder.articles import find_at, load_article
from kgraph.records import Article


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
