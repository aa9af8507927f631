"""Files, folders, feeds and standard input → articles. What cannot be read is named, and the reading goes on."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import logging
import os
import re
import stat
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import yaml

from kgraph.articles.boilerplate import find_boilerplate, merge_ranges
from kgraph.articles.datelines import find_date, find_outlet, to_iso
from kgraph.articles.register import key_of
from kgraph.errors import ArticleError, KgraphError, UsageError
from kgraph.records import Article, digest

if TYPE_CHECKING:
    from pypdf import PdfReader

log = logging.getLogger(__name__)

LARGEST = 5_000_000  # bytes of a single article
BLANK = 1_000_000  # bytes of blank lines in a row, behind which a feed is left
ENDLESS = 200_000_000  # bytes of one line, or of lines that are only counted
NAMED = 1_000  # lines of a feed that are not read and are named one by one; of more, those in a row together
ROW = 1_000  # lines of such a row
BINARY = 10  # lines at the start of a feed that are no text, after which the rest is only counted
PAGES = 2_000  # of a PDF
FRONT = 20_000  # characters of front matter
DEEPEST = 20  # lists and mappings in it, in each other
_TOO_LARGE = "larger than 5 MB, which is no single article"
_PAGE = re.compile(r"<.*?(?<=<)(?:!doctype html|html|head|body|article|main|div|section|p|h1)\b", re.I | re.S)
# no address holds a square bracket, and no description of a picture another: so each sign is looked at a few times only
_MARKUP = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|```.*$)|\*\*|__|(?<=\])\([^)\]\s]+\)|!\[[^\[\]]*\]|[\[\]]", re.M
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read: where, why, and whether that is as it should be (skipped) or a failure."""

    where: str
    why: str
    skipped: bool
    stamp: str = ""  # of a file that crashed or hung what opened it: which state of it did
    lines: int = 1  # of a feed that it is about


Found = tuple[str, Article | Problem]  # and the place in which it stands: a file, or a line of one


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

    Which of them are one article, and which repeat another, says a Register (identity.py). `read` opens and reads the files:
    here, or in other processes (intake.py).
    """
    for _, found in read(list_places(sources), stdin):
        yield found


def repeated(where: str, first: str) -> Problem:
    """What is said of a text that came before."""
    return Problem(where, f"the same text as {first}", True)


def replaced(where: str, later: str) -> Problem:
    """What is said of a text that another one of the same article corrects in the same reading."""
    return Problem(where, f"corrected: {later} has another text of the same article, which stands", True)


def list_places(sources: Iterable[str | Path]) -> Iterator[str | Problem]:
    """The files of sources, in the order in which they are read: paths, URLs, or "-"; and what is no article."""
    for source in map(str, sources):
        try:
            if "://" in source:
                yield from _list_url(source)
            elif source != "-" and Path(source).is_dir():
                yield from _list_folder(Path(source))
            else:
                yield source if source == "-" else Path(source).as_posix()
        except Exception as error:  # of a foreign file system it may be any
            yield _problem(printable(source), error)


def _list_folder(folder: Path) -> Iterator[str | Problem]:
    closed = list[OSError]()
    paths = sorted(Path(top, name) for top, _, names in os.walk(folder, onerror=closed.append) for name in names)
    yield from _without_others([(path.relative_to(folder).as_posix(), path.as_posix()) for path in paths])
    for error in closed:
        if not _is_hidden(PurePosixPath(Path(error.filename).relative_to(folder).as_posix())):
            yield Problem(printable(Path(error.filename).as_posix()), error.strerror or str(error), False)


# What is no UTF-8 in a file's name. -----------------------------------------------------------------------------------

_ODD = re.compile(r"(\\+)(?=x[89a-f][0-9a-f]|[\ud800-\udfff])")


def printable(path: str) -> str:
    """A path as it is kept and shown: bytes of its name that are no UTF-8 as "\\xe9". No two paths look alike."""
    doubled = _ODD.sub(r"\1\1", path)
    return re.sub("[\ud800-\udfff]", lambda m: f"\\x{ord(m[0]) & 0xFF:02x}", doubled)


def true_path(shown: str) -> str:
    """The path that `printable` shows so."""

    def undo(match: re.Match[str]) -> str:
        kept = "\\" * (len(match[1]) // 2)
        return kept + (chr(0xDC00 + int(match[2], 16)) if len(match[1]) % 2 else f"x{match[2]}")

    return re.sub(r"(\\+)x([89a-f][0-9a-f])", undo, shown)


def _list_url(url: str) -> Iterator[str | Problem]:
    """The file behind a URL, or the files of the folder behind it."""
    files, path = open_place(url)
    if not files.isdir(path):
        yield url
        return
    found = sorted(map(str, files.find(path)))
    yield from _without_others([(name[len(path) :].lstrip("/"), files.unstrip_protocol(name)) for name in found])


def open_place(url: str) -> tuple[Any, str]:
    """The file system behind a URL (fsspec's), and the path in it. Raises UsageError where it cannot be reached."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{url}: needs fsspec; pip install 'kgraph[ray]'") from error
    try:
        files, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:  # it says which package is missing, or that it knows no such protocol
        raise UsageError(f"{url}: cannot be reached: {_in_one_line(error)}") from error
    return files, str(path)


_OWN = ("evidence.db", "kgraph.json")  # in a graph folder, or one of evidence, that lies among its articles


def _without_others(names: Sequence[tuple[str, str]]) -> Iterator[str | Problem]:
    """Of the files of a folder, by their path in it and in full, those that may be articles, and problems for the rest."""
    own = {PurePosixPath(name).parent for name, _ in names if PurePosixPath(name).name in _OWN}
    for name, where in names:
        parts = PurePosixPath(name)
        if _is_hidden(parts) or own.intersection(parts.parents):
            continue
        if _ending(name) in (*READERS, *FEEDS):
            yield where
        else:  # a folder may hold other things too; a file that was named may not be one
            yield Problem(printable(where), f"{printable(parts.suffix) or 'no ending'}: no article", True)


def _is_hidden(path: PurePosixPath) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts) or path.suffix == ".py"


def is_feed(where: str) -> bool:
    """Whether a file holds many articles."""
    return _ending(where) in FEEDS


def stamp_of(where: str) -> str:
    """What differs as soon as somebody writes to a file of this machine; nothing for what cannot be seen."""
    try:
        about = os.stat(where)
    except (OSError, ValueError):
        return ""
    return f"{about.st_size} bytes, {about.st_mtime_ns} ns"


def _ending(name: str) -> str:
    """The ending of a file's name, with the one before where it is packed."""
    endings = PurePosixPath(name.lower()).suffixes
    return "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])


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
        yield shown, _problem(shown, error)


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


def _problem(place: str, error: Exception) -> Problem:
    """What a reader stumbled over, in one line. What concerns more than this article is raised again."""
    if isinstance(error, FileNotFoundError):
        return Problem(place, "no such file or folder", False)
    if isinstance(error, OSError) and error.strerror:
        return Problem(place, error.strerror, False)
    if isinstance(error, ArticleError):
        return Problem(place, _in_one_line(error), False)
    if isinstance(error, KgraphError):
        raise error
    log.debug("%s: cannot be read", place, exc_info=error)
    what = "it needs more memory than there is" if isinstance(error, MemoryError) else _in_one_line(error)[:200]
    return Problem(place, f"cannot be read: {type(error).__name__}: {what}".removesuffix(": "), False)


def _suited(where: str, found: Article) -> Article | Problem:
    if not found.text.strip():
        return Problem(where, "empty", True)
    try:
        language = find_language(found.text)
    except Exception as error:
        return _problem(where, error)
    return found if language == "en" else Problem(where, f"not English but {language}", True)


def _from_file(where: str, shown: str, after: int, left: str) -> Iterator[Found]:
    ending = _ending(where)
    if "://" not in where and not os.path.lexists(where):
        raise ArticleError("no such file or folder")
    if ending not in READERS and ending not in FEEDS:
        known = ", ".join((*READERS, *FEEDS))
        raise ArticleError(
            f"{printable(ending) or 'a file without an ending'} is no format kgraph reads; it reads {known}"
        )
    with _opened(where) as file:
        if ending in FEEDS:
            yield from FEEDS[ending](file, shown, after, left)
        else:
            yield from _with_notes(shown, READERS[ending](_whole(file), shown), shown)


def _with_notes(where: str, found: Article | _Noted, path: str | None) -> Iterator[Found]:
    article, notes = (found.article, found.notes) if isinstance(found, _Noted) else (found, ())
    yield from ((where, Problem(where, note, True)) for note in notes)
    yield where, replace(article, path=path)


def _opened(where: str) -> AbstractContextManager[BinaryIO]:
    if "://" not in where:
        _check_kind(os.stat(where))  # opening some devices does something
        file = open(where, "rb", opener=_without_waiting)
        _check_kind(os.fstat(file.fileno()))  # it may be another by now
        return file
    files, path = open_place(where)
    if getattr(files, "local_file", False):
        _check_kind(os.stat(path))
    return cast(AbstractContextManager[BinaryIO], files.open(path, "rb"))


_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def _check_kind(about: os.stat_result) -> None:
    """Only files are opened: what else lies in a folder may never end, or wait for somebody for ever."""
    if not stat.S_ISREG(about.st_mode):
        raise ArticleError(f"{_KINDS.get(stat.S_IFMT(about.st_mode), 'something else')}, not a file")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _whole(file: BinaryIO) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ArticleError(_TOO_LARGE)
    return data


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _from_stdin(stream: BinaryIO, after: int, left: str) -> Iterator[Found]:
    """Standard input: JSON lines, a web page, a PDF or text, by how it begins."""
    start = stream.read(4096)
    rest = io.BufferedReader(_Chained(start, stream))
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    head = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n\0")
    if head.startswith("{"):
        yield from _read_lines(rest, "-", after, left)
        return
    read = _read_page if _PAGE.match(head) else _read_pdf if head.startswith("%PDF") else _read_text
    yield from _with_notes("-", read(_whole(rest), ""), None)


class _Chained(io.RawIOBase):
    """Some bytes that were read already, and the stream after them."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._read = getattr(stream, "read1", stream.read)  # what there is: behind it a packed one may be damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._start[: len(buffer)] or self._read(len(buffer))
        self._start = self._start[len(data) :] if self._start else b""
        buffer[: len(data)] = data
        return len(data)


# Formats. ------------------------------------------------------------------------------------------------------------


def _read_text(data: bytes, where: str) -> Article:
    return _article(_decode(data), where)


@dataclass(frozen=True, slots=True)
class _Noted:
    """An article, and what is wrong with what its file says of it."""

    article: Article
    notes: tuple[str, ...]


def _read_markdown(data: bytes, where: str) -> Article | _Noted:
    """Markdown: what stands between --- lines at the top says title, date, outlet and url; marks are not read."""
    text, front, begin = _plain_ends(_decode(data)), _Front(), 0
    if block := re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", text, re.S):
        front = _front_matter(block[1])
        begin = block.end() if front.is_mapping else 0  # else it is a text between two rules
    known = front.known
    marks = tuple((m.start(), m.end()) for m in _MARKUP.finditer(text) if m.start() >= begin)
    title = known.get("title") or next(
        (line.lstrip("# ").strip() for line in text[begin:].splitlines() if line.strip()), ""
    )
    article = _article(
        text,
        known.get("url") or where,
        title=title,
        published=to_iso(known.get("date", "")),
        outlet=known.get("outlet"),
        url=known.get("url"),
    )
    article = replace(
        article, boilerplate=merge_ranges([*article.boilerplate, *marks, *([(0, begin)] if begin else [])])
    )
    return _Noted(article, tuple(f"front matter: {note}" for note in front.notes)) if front.notes else article


@dataclass(frozen=True, slots=True)
class _Front:
    """What front matter says, all of it text, and what is wrong with it."""

    known: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_mapping: bool = False


_SAID = ("title", "date", "outlet", "url", "<<")
_PLAIN_TAGS = (None, *(f"tag:yaml.org,2002:{tag}" for tag in ("str", "int", "float", "bool", "null", "timestamp")))
_NOTHING = ("", "~", "null", "Null", "NULL")


def _front_matter(text: str) -> _Front:
    """What front matter says: its keys and values.

    Values are the text that stands there, whatever YAML would make of it; lists, mappings and references to other values are
    left out. Nothing is built from it but this, so that it takes no more than its length.
    """
    known, notes, is_mapping = dict[str, str](), list[str](), bool(re.match(r"[\w-]+:(?:\s|\Z)", text))
    if len(text) > FRONT:
        return _Front(notes=(f"longer than {FRONT:,} characters, read as text",))
    try:
        for key, value in _pairs(text):
            is_mapping = True
            if key not in _SAID:
                continue
            known.pop(key, None)
            if not isinstance(value, yaml.ScalarEvent) or value.tag not in _PLAIN_TAGS:
                notes.append(f"{key}: left out, for it is no plain text")
            elif value.style or value.value not in _NOTHING:
                known[key] = value.value.strip()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        notes.append(f"no YAML: {_in_one_line(error)[:200]}")
    if fault := _fault_of_date(known.get("date", "")):
        notes.append(f"date: {known['date'][:40]!r} {fault}")
    return _Front(known, tuple(notes), is_mapping)


def _fault_of_date(date: str) -> str:
    time = re.match(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?", date)
    if date and not to_iso(date):
        return "is no day"
    if time and any(int(value or 0) > most for value, most in zip(time.groups(), (24, 59, 60), strict=True)):
        return "has a time that is none; only the day is taken"
    return ""


def _pairs(text: str) -> Iterator[tuple[str, yaml.Event]]:
    """The keys of a mapping, each with the event with which its value begins. Raises ValueError for what is too deep."""
    depth, key = 0, None
    for event in yaml.parse(text, yaml.BaseLoader):
        if isinstance(event, yaml.DocumentEndEvent):
            return
        if isinstance(event, yaml.NodeEvent) and depth == 1:
            if key is None:
                key = event.value if isinstance(event, yaml.ScalarEvent) else ""
            else:
                yield key, event
                key = None
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth == 1 and not isinstance(event, yaml.MappingStartEvent):
                return
            if depth > DEEPEST:
                raise ValueError("lists in lists without end")


def _read_page(data: bytes, where: str) -> Article:
    from kgraph.articles.pages import read_page

    page = read_page(_decode(data, _declared(data)))
    return _article(
        page.text, page.url or where, title=page.title, published=page.published, outlet=page.outlet, url=page.url
    )


def _declared(data: bytes) -> str:
    """The encoding that a page declares, which counts where it is no Unicode."""
    match = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.I)
    return match[1].decode() if match and _is_for_pages(match[1].decode()) else "cp1252"


_NOT_FOR_PAGES = {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}


def _is_for_pages(encoding: str) -> bool:
    """Whether a page may stand in an encoding: one of text, in which the words that declare it are what they are."""
    try:
        found = codecs.lookup(encoding)
        words = b'<meta charset="Aa09-">'
        return found.name.replace("_", "-") not in _NOT_FOR_PAGES and words.decode(found.name) == words.decode()
    except Exception:  # unknown; or none of text, which decode says with many kinds of exceptions
        return False


def _read_pdf(data: bytes, where: str) -> Article:
    """The text of a PDF; what stands at the head or foot of each page is marked as boilerplate."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it talks of each flaw that it gets over
    if b"%%EOF" not in data[-2048:]:
        raise ArticleError("a damaged PDF: it was cut off")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError("a PDF that asks for a password")
        pages = _pages(reader)
        title = str((reader.metadata and reader.metadata.title) or "")
    except ArticleError:
        raise
    except Exception as error:  # a damaged file makes it raise what it may; the run goes on
        raise ArticleError(f"a damaged PDF: {error!r}") from error
    if not any(page.strip() for page in pages):
        raise ArticleError("a PDF without text (a scan?); kgraph does not read pictures")
    article = _article("\n".join(pages), where, title=title if len(title) > 10 else "")
    return replace(article, boilerplate=merge_ranges([*article.boilerplate, *_running_heads(pages)]))


def _pages(reader: PdfReader) -> list[str]:
    """The text of each page, as long as it may be one article."""
    pages, length = list[str](), 0
    for number, page in enumerate(reader.pages):
        pages.append(page.extract_text().strip("\n"))
        length += len(pages[-1])
        if number >= PAGES or length > LARGEST:
            raise ArticleError(f"a PDF of more than {PAGES:,} pages or 5 MB of text, which is no single article")
    return pages


def _running_heads(pages: list[str]) -> Iterator[tuple[int, int]]:
    """The first and last lines of pages that stand on most of them, page numbers aside."""
    ends = list[tuple[int, int, str]]()
    begin = 0
    for page in pages:
        found = [m for m in re.finditer(r".+", page) if m[0].strip()]
        ends += [
            (begin + m.start(), begin + m.end(), re.sub(r"\d+", "#", m[0].strip())) for m in found[:1] + found[-1:]
        ]
        begin += len(page) + 1
    counts = Counter(line for _, _, line in ends)
    for start, end, line in ends:
        is_number = re.fullmatch(r"(?:page )?#(?: (?:of|/) #)?", line, re.I)
        if len(pages) > 1 and (is_number or counts[line] > max(1, len(pages) // 2)):
            yield start, end


def _read_lines(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
    """JSON lines: {"id", "title", "text", "url", "published", "outlet"}, of which only the text is needed."""
    lines, blank, strange = enumerate(_lines(feed), 1), 0, 0
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
                f"no feed: it begins with {BINARY} lines that are no text; {_count(lines)} more are not read"
            )


def _count(lines: Iterator[tuple[int, bytes]]) -> str:
    """How many lines are left, in words; or how many at least, where there is no end to them."""
    count = size = 0
    for _, line in lines:
        count, size = count + 1, size + len(line)
        if size > ENDLESS:
            return f"more than {count:,} lines"
    return f"{count:,} lines"


def _lines(feed: BinaryIO) -> Iterator[bytes]:
    """The lines of a feed, one at a time; of a line that is too long only its beginning."""
    read = _line_by_line(feed)
    while line := read():
        yield line
        skipped = 0
        while len(line) > LARGEST and not line.endswith(b"\n"):  # the rest of it
            line = read()
            skipped += len(line)
            if skipped > ENDLESS:
                raise ArticleError(f"a line of more than {ENDLESS:,} bytes; what follows is not read")


# How a feed begins that is in UTF-16, or in UTF-32: its first two signs are of ASCII; a lone NUL is damage of a line.
_WIDE = {
    "utf-32": rb"\xff\xfe\0\0[^\0]\0\0\0|\0\0\xfe\xff",
    "utf-16": rb"\xff\xfe|\xfe\xff",
    "utf-32-le": rb"[^\0]\0\0\0",
    "utf-32-be": rb"\0\0\0[^\0]",
    "utf-16-le": rb"[^\0]\0[^\0]\0",
    "utf-16-be": rb"\0[^\0]\0[^\0]",
}


def _line_by_line(feed: BinaryIO) -> Callable[[], bytes]:
    """What gives the next line of a feed as UTF-8, or the beginning of one that is too long; at the end nothing."""
    start = feed.read(8)
    raw = io.BufferedReader(_Chained(start.removeprefix(codecs.BOM_UTF8), feed))
    if encoding := next((name for name, begin in _WIDE.items() if re.match(begin, start)), None):
        # what is damaged in it costs one line, not the feed
        whole = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="\n")
        return lambda: whole.readline(LARGEST + 1).encode()
    return lambda: raw.readline(LARGEST + 1)


def _from_json(line: bytes, place: str) -> Article | Problem:
    try:
        if len(line) > LARGEST:
            raise ArticleError(_TOO_LARGE)
        return _from_record(json.loads(_decode(line)))
    except RecursionError:
        return Problem(place, "no article: brackets in brackets without end", False)
    except ValueError as error:
        return Problem(place, _in_one_line(error), False)
    except Exception as error:
        return _problem(place, error)


FIELDS = ("id", "title", "text", "url", "published", "outlet")


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
    return _article(
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


def _read_packed_lines(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
    """JSON lines packed by gzip."""
    place = where
    try:
        with gzip.open(feed) as lines:
            for place, found in _read_lines(cast(BinaryIO, lines), where, after, left):
                yield place, found
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        behind = "" if place == where else f" behind line {place[len(where) + 1 :]}"
        yield where, Problem(where, f"damaged or cut off{behind}: {_in_one_line(error)}", False)


def _read_parquet(feed: BinaryIO, where: str, after: int = 0, left: str = "") -> Iterator[Found]:
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
        yield where, Problem(where, f"damaged Parquet behind row {number}: {_in_one_line(error)}", False)


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
            raise ArticleError(_TOO_LARGE)
        return _from_record(row)
    except Exception as error:
        return _problem(place, error)


READERS: dict[str, Callable[[bytes, str], Article | _Noted]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_page,
    ".htm": _read_page,
    ".pdf": _read_pdf,
}

# the file, what it is called, after how many lines to begin, and why the first of them is not read ("" for no reason)
FEEDS: dict[str, Callable[[BinaryIO, str, int, str], Iterator[Found]]] = {
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".jsonl.gz": _read_packed_lines,
    ".ndjson.gz": _read_packed_lines,
    ".parquet": _read_parquet,
}


PACKAGES = {".html": "trafilatura", ".htm": "trafilatura", ".pdf": "pypdf"}  # that take their time until they are there


def load_reader(where: str) -> None:
    """Loads what reads a file, so that it is no part of the time that this takes."""
    if name := PACKAGES.get(_ending(where)):
        import_module(name)


# What all have in common. --------------------------------------------------------------------------------------------


def _article(
    text: str,
    key: str,
    *,
    title: str = "",
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    given: str | None = None,
) -> Article:
    """An article by its text and what names it: the id that a feed gave, else a URL, else a path, else nothing."""
    text, key, title = _plain_ends(_clean(text)), _clean(key), _clean(title)
    outlet, url, given = outlet and _clean(outlet), url and _clean(url), given and _clean(given)
    version, noise = digest(text), find_boilerplate(text)
    top = _first_lines(text, noise)
    title = " ".join((title or "".join(top[:1])[:200]).split())
    published, outlet = published or find_date(top), outlet or find_outlet(top)
    key = key_of(key) if key else f"text:{version}"
    return Article(key, version, title, text, published, outlet, url, boilerplate=noise, given=given)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _clean(text: str) -> str:
    """Without what no text holds and nothing could keep: half a character of UTF-16, and NUL."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\x00", " ")


def _first_lines(text: str, noise: tuple[tuple[int, int], ...]) -> list[str]:
    """The first lines that are no boilerplate: the headline is one of them, and a dateline or byline may be."""
    lines = (m for m in re.finditer(r"[^\n]+", text[:5000]) if m[0].strip())
    return [m[0].strip() for m in lines if not any(start <= m.start() < end for start, end in noise)][:6]


def _decode(data: bytes, otherwise: str = "cp1252") -> str:
    """Text from UTF-8, UTF-16, UTF-32 or Windows-1252. Raises ArticleError for what is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    zeros = data[:4000].count(0)
    if zeros and abs(zeros * 2 - len(data[:4000])) < len(data[:4000]) * 0.2:
        return _decoded(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    if zeros or len(re.findall(rb"[\x00-\x08\x0e-\x1f]", data[:4000])) > 2:
        raise ArticleError("binary, no text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise ArticleError(f"damaged or cut off text (utf-8): {error.reason} at byte {error.start}") from error
        return _decoded(data, otherwise)


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether more of what is not ASCII fits UTF-8 than not: then some of it is damaged, and it is no Windows-1252."""
    read = data.decode("utf-8", "replace")
    return sum(char > "\x7f" and char != "\ufffd" for char in read) > read.count("\ufffd")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"damaged text ({encoding}): {error.reason} at byte {error.start}") from error


def find_language(text: str) -> str:
    """The language of a text as two letters; very short texts count as English."""
    import py3langid

    plain = " ".join(text.split())[:5000]
    letters = sum(char.isalpha() for char in plain[:400])
    if letters < 50:
        latin = sum("LATIN" in unicodedata.name(char, "") for char in plain if char.isalpha())
        return "en" if latin * 2 >= letters else "other"
    return str(py3langid.classify(plain.lower() if plain.isupper() else plain)[0])
