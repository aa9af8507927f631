"""A file of many articles, JSON lines or Parquet → each of them with its place, or why it is none."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO, cast

from kgraph.articles.datelines import to_iso
from kgraph.articles.encodings import text_of
from kgraph.articles.lines import count_left, lines_of
from kgraph.articles.problems import LARGEST, TOO_LARGE, Found, Problem, in_one_line, problem_of
from kgraph.articles.texts import article_of
from kgraph.errors import ArticleError
from kgraph.records import Article

BLANK = 1_000_000  # bytes of blank lines in a row, behind which a feed is left
BINARY = 10  # lines at the start of a feed that are no text, after which the rest is only counted
FIELDS = ("id", "title", "text", "url", "published", "outlet")


def read_lines(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
    """JSON lines: {"id", "title", "text", "url", "published", "outlet"}, of which only the text is needed."""
    lines, blank, strange = enumerate(lines_of(feed), 1), 0, 0
    for number, line in lines:
        if number <= after:
            continue
        if not line.strip():
            blank += len(line)
            if blank > BLANK:
                raise ArticleError(f"{blank:,} bytes of blank lines up to line {number}; what follows is not read")
            continue
        place, blank = f"{where}:{number}", 0
        found, left = (Problem(place, left, False) if left else _from_json(line, place)), ""
        yield place, found
        if isinstance(found, Article):
            strange = -1
        elif strange >= 0:
            strange += 1 if strange or b"\x00" in line else 0
        if strange == BINARY:  # no feed at all: its "lines" would be named by the thousand
            raise ArticleError(
                f"no feed: it begins with {BINARY} lines that are no text; {count_left(lines)} more are not read"
            )


def _from_json(line: bytes, place: str) -> Article | Problem:
    try:
        if len(line) > LARGEST:
            raise ArticleError(TOO_LARGE)
        return _from_record(json.loads(text_of(line)))
    except RecursionError:
        return Problem(place, "no article: brackets in brackets without end", False)
    except ValueError as error:
        return Problem(place, in_one_line(error), False)
    except Exception as error:
        return problem_of(place, error)


def _from_record(found: object) -> Article:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ArticleError(f"no article: a line is {{{', '.join(map(json.dumps, FIELDS))}}}, at least with a text")
    known = {
        key: str(found[key]).strip()
        for key in FIELDS
        if key != "text" and _is_said(found.get(key)) and str(found[key]).strip()
    }
    title, text = known.get("title", ""), found["text"]
    if title and title not in text[: len(title) + 200] and text.strip():
        text = f"{title}\n\n{text}"
    return article_of(
        text,
        known.get("id") or known.get("url") or "",
        title=title,
        published=to_iso(known.get("published", "")),
        outlet=known.get("outlet"),
        url=known.get("url"),
        given=known.get("id"),
    )


def _is_said(value: object) -> bool:
    return isinstance(value, str | int | float | date) and not isinstance(value, bool) and value == value  # NaN is not


def read_packed_lines(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
    """JSON lines packed by gzip."""
    place = where
    try:
        with gzip.open(feed) as lines:
            for place, found in read_lines(cast(BinaryIO, lines), where, after, left):
                yield place, found
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        behind = "" if place == where else f" behind line {place[len(where) + 1 :]}"
        yield where, Problem(where, f"damaged or cut off{behind}: {in_one_line(error)}", False)


# Parquet. -------------------------------------------------------------------------------------------------------------


def read_parquet(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
    """Parquet with the columns of a feed, of which only the text is needed."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ArticleError("Parquet needs pyarrow; pip install 'kgraph[ray]'") from error
    number = 0
    try:
        file = ParquetFile(feed)
        columns = [name for name in FIELDS if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=256, columns=columns):
            for row in _rows(batch):
                number += 1
                if number > after:
                    place = f"{where}:{number}"
                    yield place, Problem(place, left, False) if left else _from_row(row, place)
                    left = ""
    except ArrowException as error:
        yield where, Problem(where, f"damaged Parquet behind row {number}: {in_one_line(error)}", False)


def _rows(batch: Any) -> Iterator[dict[str, object] | Exception]:
    """The rows of a batch, or why one has values that Python does not know, such as a day in the year 100,000."""
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError):
        for number in range(len(batch)):
            try:
                yield from batch.slice(number, 1).to_pylist()
            except (ValueError, OverflowError) as error:
                yield error


def _from_row(row: dict[str, object] | Exception, place: str) -> Article | Problem:
    try:
        if isinstance(row, Exception):
            raise row
        if len(str(row.get("text", ""))) > LARGEST:
            raise ArticleError(TOO_LARGE)
        return _from_record(row)
    except Exception as error:
        return problem_of(place, error)
