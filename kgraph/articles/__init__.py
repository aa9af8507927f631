"""Files, folders, feeds and standard input → articles. What cannot be read is named, and the reading goes on."""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from kgraph.articles.feeds import read_lines
from kgraph.articles.formats import FEEDS, READERS, ending_of, read_html, read_text
from kgraph.articles.language import find_language
from kgraph.articles.lines import Chained
from kgraph.articles.markdown import Noted
from kgraph.articles.pdf import read_pdf
from kgraph.articles.places import list_places, opened, printable
from kgraph.articles.problems import LARGEST, TOO_LARGE, Found, Problem, problem_of
from kgraph.errors import ArticleError
from kgraph.records import Article

__all__ = ["Found", "Problem", "ReadPlaces", "read_articles", "read_here", "read_place"]

NAMED = 1_000  # lines of a feed that are not read and are named one by one; of more, those in a row together
ROW = 1_000  # lines of such a row
_PAGE = re.compile(r"<.*?(?<=<)(?:!doctype html|html|head|body|article|main|div|section|p|h1)\b", re.I | re.S)


def read_here(places: Iterable[str | Problem], stdin: BinaryIO | None = None) -> Iterator[Found]:
    """What stands in some places, one after the other, read in this process."""
    for place in places:
        if isinstance(place, Problem):
            yield place.where, place
        else:
            yield from read_place(place, stdin=stdin)


ReadPlaces = Callable[[Iterable[str | Problem], BinaryIO | None], Iterator[Found]]


def read_articles(
    sources: Iterable[str | Path], *, stdin: BinaryIO | None = None, read: ReadPlaces = read_here
) -> Generator[Article | Problem]:
    """The articles of files, folders, feeds, URLs and standard input ("-"), and what is wrong with the rest.

    Which of them are one article, and which repeat another, says a Register (register.py). `read` opens and reads the files:
    here, or in other processes (intake.py).
    """
    for _, found in read(list_places(sources), stdin):
        yield found


# One place. ----------------------------------------------------------------------------------------------------------


def read_place(where: str, *, stdin: BinaryIO | None = None, after: int = 0, left: str = "") -> Iterator[Found]:
    """The articles of one file, each with its place in it, and what is wrong with the rest.

    Whatever goes wrong is said of the article that it is about. Of a feed that was begun before what stands `after` so
    many lines is given; `left` says why the first of it is not read.
    """
    shown, is_empty = printable(where), not (after or left)
    try:
        if where == "-":
            items = _from_stdin(stdin or sys.stdin.buffer, after, left)
        else:
            items = _from_file(where, shown, after, left)
        suited = ((place, _suited(place, item) if isinstance(item, Article) else item) for place, item in items)
        for place, item in _in_rows(suited):
            is_empty = False
            yield place, replace(item, place=place) if isinstance(item, Article) else item
        if is_empty:  # a feed without a line
            yield shown, Problem(shown, "empty", True)
    except Exception as error:
        yield shown, problem_of(shown, error)


def _in_rows(items: Iterator[Found]) -> Iterator[Found]:
    """The same; but where many lines are not read, further ones in a row are named together, at the place of the last.

    A small packed file may hold millions, each of which would else be remembered and printed.
    """
    named, row = 0, list[Problem]()

    def together() -> Iterator[Found]:
        if row:
            last, first = row[-1], row[0].where
            more = f" to :{last.where.rpartition(':')[2]}: {len(row):,} lines, the last" if len(row) > 1 else ""
            yield last.where, replace(last, where=first + more, lines=len(row))
            row.clear()

    try:
        for place, item in items:
            if isinstance(item, Article) or named < NAMED:
                named += isinstance(item, Problem)
                yield from together()
                yield place, item
                continue
            if row and (row[-1].skipped != item.skipped or len(row) == ROW):
                yield from together()
            row.append(item)
    except Exception:
        yield from together()
        raise
    yield from together()


def _suited(where: str, found: Article) -> Article | Problem:
    if not found.text.strip():
        return Problem(where, "empty", True)
    try:
        language = find_language(found.text)
    except Exception as error:
        return problem_of(where, error)
    return found if language == "en" else Problem(where, f"not English but {language}", True)


def _from_file(where: str, shown: str, after: int, left: str) -> Iterator[Found]:
    ending = ending_of(where)
    if "://" not in where and not os.path.lexists(where):
        raise ArticleError("no such file or folder")
    if ending not in READERS and ending not in FEEDS:
        known = ", ".join((*READERS, *FEEDS))
        raise ArticleError(
            f"{printable(ending) or 'a file without an ending'} is no format kgraph reads; it reads {known}"
        )
    with opened(where) as file:
        if ending in FEEDS:
            yield from FEEDS[ending](file, shown, after, left)
        else:
            yield from _with_notes(shown, READERS[ending](_whole(file), shown), shown)


def _with_notes(where: str, found: Article | Noted, path: str | None) -> Iterator[Found]:
    article, notes = (found.article, found.notes) if isinstance(found, Noted) else (found, ())
    yield from ((where, Problem(where, note, True)) for note in notes)
    yield where, replace(article, path=path)


def _whole(file: BinaryIO) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ArticleError(TOO_LARGE)
    return data


def _from_stdin(stream: BinaryIO, after: int, left: str) -> Iterator[Found]:
    """Standard input: JSON lines, a web page, a PDF or text, by how it begins."""
    start = stream.read(4096)
    rest = io.BufferedReader(Chained(start, stream))
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    head = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n\0")
    if head.startswith("{"):
        yield from read_lines(rest, "-", after, left)
        return
    read = read_html if _PAGE.match(head) else read_pdf if head.startswith("%PDF") else read_text
    yield from _with_notes("-", read(_whole(rest), ""), None)
