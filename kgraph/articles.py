"""Files, folders, feeds and standard input → articles. What cannot be read is named, and the reading goes on."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import logging
import re
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import yaml

from kgraph.boilerplate import find_boilerplate, merge_ranges
from kgraph.datelines import find_date, find_outlet, to_iso
from kgraph.errors import ArticleError, UsageError
from kgraph.identity import key_of
from kgraph.model import Article, digest

LARGEST = 5_000_000  # bytes of a single article
_TOO_LARGE = "larger than 5 MB, which is no single article"
_PAGE = re.compile(r"<.*?(?<=<)(?:!doctype html|html|head|body|article|main|div|section|p|h1)\b", re.I | re.S)
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|```.*$)|\*\*|__|(?<=\])\([^)\s]+\)|!\[[^\]]*\]|[\[\]]", re.M)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read: where, why, and whether that is as it should be (skipped) or a failure."""

    where: str
    why: str
    skipped: bool


def read_articles(sources: Iterable[str | Path], *, stdin: BinaryIO | None = None) -> Iterator[Article | Problem]:
    """The articles of files, folders, feeds, URLs and standard input ("-"), and what is wrong with the rest.

    Which of them are one article, and which repeat another, says a Register (identity.py).
    """
    for _, found in _items(sources, stdin):
        yield found


def repeated(where: str, first: str) -> Problem:
    """What is said of a text that came before."""
    return Problem(where, f"the same text as {first}", True)


def replaced(where: str, later: str) -> Problem:
    """What is said of a text that another one of the same article corrects in the same reading."""
    return Problem(where, f"corrected: {later} has another text of the same article, which stands", True)


def _items(sources: Iterable[str | Path], stdin: BinaryIO | None) -> Iterator[tuple[str, Article | Problem]]:
    for place in list_places(sources):
        if isinstance(place, Problem):
            yield place.where, place
        else:
            yield from read_place(place, stdin=stdin)


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
        except OSError as error:
            yield Problem(source, error.strerror or str(error), False)


def _list_folder(folder: Path) -> Iterator[str | Problem]:
    paths = sorted(folder.rglob("*"))
    names = [(path.relative_to(folder).as_posix(), path.as_posix()) for path in paths if _may_be_file(path)]
    yield from _without_others(names)


def _may_be_file(path: Path) -> bool:
    return path.is_file() or not path.exists()  # a link that leads nowhere is named


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
            yield Problem(where, f"{parts.suffix or 'no ending'}: no article", True)


def _is_hidden(path: PurePosixPath) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts) or path.suffix == ".py"


def is_feed(where: str) -> bool:
    """Whether a file holds many articles."""
    return _ending(where) in FEEDS


def _ending(name: str) -> str:
    """The ending of a file's name, with the one before where it is packed."""
    endings = PurePosixPath(name.lower()).suffixes
    return "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])


def read_place(where: str, *, stdin: BinaryIO | None = None) -> Iterator[tuple[str, Article | Problem]]:
    """The articles of one file, each with its place in it, and what is wrong with the rest."""
    found = _from_stdin(stdin or sys.stdin.buffer) if where == "-" else _from_file(where)
    for place, item in found:
        suited = _suited(place, item)
        yield place, suited if isinstance(suited, Problem) else replace(suited, place=place)


def _suited(where: str, found: Article | Problem) -> Article | Problem:
    if isinstance(found, Problem):
        return found
    if not found.text.strip():
        return Problem(where, "empty", True)
    language = find_language(found.text)
    return found if language == "en" else Problem(where, f"not English but {language}", True)


def _from_file(where: str) -> Iterator[tuple[str, Article | Problem]]:
    ending = _ending(where)
    try:
        if "://" not in where and not Path(where).exists():
            raise ArticleError("no such file or folder")
        if ending not in READERS and ending not in FEEDS:
            known = ", ".join((*READERS, *FEEDS))
            raise ArticleError(f"{ending or 'a file without an ending'} is no format kgraph reads; it reads {known}")
        with _opened(where) as file:
            if ending in FEEDS:
                yield from FEEDS[ending](file, where)
            else:
                yield where, replace(READERS[ending](_whole(file), where), path=where)
    except FileNotFoundError:
        yield where, Problem(where, "no such file or folder", False)
    except OSError as error:
        yield where, Problem(where, error.strerror or str(error), False)
    except ArticleError as error:
        yield where, Problem(where, _in_one_line(error), False)


def _opened(where: str) -> AbstractContextManager[BinaryIO]:
    if "://" not in where:
        return Path(where).open("rb")
    files, path = open_place(where)
    return cast(AbstractContextManager[BinaryIO], files.open(path, "rb"))


def _whole(file: BinaryIO) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ArticleError(_TOO_LARGE)
    return data


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _from_stdin(stream: BinaryIO) -> Iterator[tuple[str, Article | Problem]]:
    """Standard input: JSON lines, a web page, a PDF or text, by how it begins."""
    start = stream.read(4096)
    rest = io.BufferedReader(_Chained(start, stream))
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    head = start.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        yield from _read_lines(rest, "-")
        return
    read = _read_page if _PAGE.match(head) else _read_pdf if head.startswith("%PDF") else _read_text
    try:
        yield "-", read(_whole(rest), "")
    except ArticleError as error:
        yield "-", Problem("-", _in_one_line(error), False)


class _Chained(io.RawIOBase):
    """Some bytes that were read already, and the stream after them."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start, self._stream = start, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._start[: len(buffer)] or self._stream.read(len(buffer))
        self._start = self._start[len(data) :] if self._start else b""
        buffer[: len(data)] = data
        return len(data)


# Formats. ------------------------------------------------------------------------------------------------------------


def _read_text(data: bytes, where: str) -> Article:
    return _article(_decode(data), where)


def _read_markdown(data: bytes, where: str) -> Article:
    """Markdown: what stands between --- lines at the top says title, date, outlet and url; marks are not read."""
    text, known, begin = _decode(data), dict[str, Any](), 0
    if front := re.match(r"---\n(.*?)\n---\n", text, re.S):
        known, begin = _front_matter(front[1]), front.end()
    marks = tuple((m.start(), m.end()) for m in _MARKUP.finditer(text) if m.start() >= begin)
    title = known.get("title") or next(
        (line.lstrip("# ").strip() for line in text[begin:].splitlines() if line.strip()), ""
    )
    article = _article(
        text,
        known.get("url") or where,
        title=str(title),
        published=to_iso(str(known.get("date") or "")),
        outlet=known.get("outlet"),
        url=known.get("url"),
    )
    return replace(article, boilerplate=merge_ranges([*article.boilerplate, *marks, *([(0, begin)] if begin else [])]))


def _front_matter(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ArticleError(f"the lines between --- are no YAML: {error}".replace("\n", " ")) from error
    return found if isinstance(found, dict) else {}


def _read_page(data: bytes, where: str) -> Article:
    from kgraph.pages import read_page

    page = read_page(_decode(data, _declared(data)))
    return _article(
        page.text, page.url or where, title=page.title, published=page.published, outlet=page.outlet, url=page.url
    )


def _declared(data: bytes) -> str:
    """The encoding that a page declares, which counts where it is no Unicode."""
    match = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4096], re.I)
    try:
        return codecs.lookup(match[1].decode()).name if match else "cp1252"
    except LookupError:
        return "cp1252"


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
        pages = [page.extract_text().strip("\n") for page in reader.pages]
        title = str((reader.metadata and reader.metadata.title) or "")
    except ArticleError:
        raise
    except Exception as error:  # a damaged file makes it raise what it may; the run goes on
        raise ArticleError(f"a damaged PDF: {error!r}") from error
    if not any(page.strip() for page in pages):
        raise ArticleError("a PDF without text (a scan?); kgraph does not read pictures")
    article = _article("\n".join(pages), where, title=title if len(title) > 10 else "")
    return replace(article, boilerplate=merge_ranges([*article.boilerplate, *_running_heads(pages)]))


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


def _read_lines(feed: BinaryIO, where: str) -> Iterator[tuple[str, Article | Problem]]:
    """JSON lines: {"id", "title", "text", "url", "published", "outlet"}, of which only the text is needed."""
    for number, line in enumerate(_lines(feed), 1):
        if not line.strip():
            continue
        place = f"{where}:{number}"
        try:
            yield place, _from_json(line)
        except RecursionError:
            yield place, Problem(place, "no article: brackets in brackets without end", False)
        except (ArticleError, ValueError) as error:
            yield place, Problem(place, _in_one_line(error), False)
            if b"\x00" in line:  # no feed at all: its "lines" would be named by the thousand
                return


def _lines(feed: BinaryIO) -> Iterator[bytes]:
    """The lines of a feed, one at a time; of a line that is too long only its beginning."""
    start = feed.readline(LARGEST + 1)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        whole = io.TextIOWrapper(io.BufferedReader(_Chained(start, feed)), encoding="utf-16", newline="\n")
        yield from (line.encode("utf-8", "surrogatepass") for line in whole)
        return
    line = start.removeprefix(codecs.BOM_UTF8)
    while line:
        yield line
        while len(line) > LARGEST:  # the rest of it
            line = feed.readline(LARGEST + 1)
        line = feed.readline(LARGEST + 1)


def _from_json(line: bytes) -> Article:
    if len(line) > LARGEST:
        raise ArticleError(_TOO_LARGE)
    return _from_record(json.loads(_decode(line)))


FIELDS = ("id", "title", "text", "url", "published", "outlet")


def _from_record(found: object) -> Article:
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ArticleError(f"no article: a line is {{{', '.join(map(json.dumps, FIELDS))}}}, at least with a text")
    known = {
        key: str(found[key]).strip()
        for key in FIELDS
        if key != "text" and isinstance(found.get(key), str | int | float | date) and str(found[key]).strip()
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


def _read_packed_lines(feed: BinaryIO, where: str) -> Iterator[tuple[str, Article | Problem]]:
    """JSON lines packed by gzip."""
    try:
        with gzip.open(feed) as lines:
            yield from _read_lines(cast(BinaryIO, lines), where)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield where, Problem(where, f"damaged or cut off: {_in_one_line(error)}", False)


def _read_parquet(feed: BinaryIO, where: str) -> Iterator[tuple[str, Article | Problem]]:
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
            for row in batch.to_pylist():
                number += 1
                yield f"{where}:{number}", _from_row(row, f"{where}:{number}")
    except ArrowException as error:
        yield where, Problem(where, f"damaged Parquet: {_in_one_line(error)}", False)


def _from_row(row: dict[str, object], place: str) -> Article | Problem:
    try:
        if len(str(row.get("text", ""))) > LARGEST:
            raise ArticleError(_TOO_LARGE)
        return _from_record(row)
    except ArticleError as error:
        return Problem(place, _in_one_line(error), False)


READERS: dict[str, Callable[[bytes, str], Article]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_page,
    ".htm": _read_page,
    ".pdf": _read_pdf,
}

FEEDS: dict[str, Callable[[BinaryIO, str], Iterator[tuple[str, Article | Problem]]]] = {
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".jsonl.gz": _read_packed_lines,
    ".ndjson.gz": _read_packed_lines,
    ".parquet": _read_parquet,
}


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
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    version, noise = digest(text), find_boilerplate(text)
    top = _first_lines(text, noise)
    title = " ".join((title or "".join(top[:1])[:200]).split())
    published, outlet = published or find_date(top), outlet or find_outlet(top)
    key = key_of(key) if key else f"text:{version}"
    return Article(key, version, title, text, published, outlet, url, boilerplate=noise, given=given)


def _first_lines(text: str, noise: tuple[tuple[int, int], ...]) -> list[str]:
    """The first lines that are no boilerplate: the headline is one of them, and a dateline or byline may be."""
    lines = (m for m in re.finditer(r"[^\n]+", text[:5000]) if m[0].strip())
    return [m[0].strip() for m in lines if not any(start <= m.start() < end for start, end in noise)][:6]


def _decode(data: bytes, otherwise: str = "cp1252") -> str:
    """Text from UTF-8, UTF-16 or Windows-1252. Raises ArticleError for what is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
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
