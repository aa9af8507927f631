"""Files, folders, feeds and standard input → articles. What cannot be read is named, and the reading goes on."""

from __future__ import annotations

import codecs
import io
import json
import logging
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from kgraph.boilerplate import find_boilerplate, merge_ranges
from kgraph.datelines import find_date, find_outlet, to_iso
from kgraph.errors import ArticleError
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
    """The articles of files, folders, feeds and standard input ("-"), and what is wrong with the rest.

    A text that comes twice in one reading, under whatever key, is skipped the second time; of two texts of one key both are
    given, since the later is a correction.
    """
    versions = dict[str, str]()
    for where, found in _items(sources, stdin):
        if isinstance(found, Problem):
            yield found
        elif not found.text.strip():
            yield Problem(where, "empty", True)
        elif found.version in versions:
            yield Problem(where, f"the same text as {versions[found.version]}", True)
        elif (language := find_language(found.text)) != "en":
            yield Problem(where, f"not English but {language}", True)
        else:
            versions[found.version] = where
            yield found


def _items(sources: Iterable[str | Path], stdin: BinaryIO | None) -> Iterator[tuple[str, Article | Problem]]:
    for source in sources:
        path = Path(source)
        try:
            if str(source) == "-":
                yield from _from_stdin(stdin or sys.stdin.buffer)
            elif path.is_dir():
                yield from _from_folder(path)
            else:
                yield from _from_file(path)
        except OSError as error:
            yield str(source), Problem(path.as_posix(), error.strerror or str(error), False)


def _from_folder(folder: Path) -> Iterator[tuple[str, Article | Problem]]:
    graphs = {kept.parent for kept in folder.rglob("evidence.db")}  # a graph that lies among its articles
    for path in sorted(folder.rglob("*")):
        if _is_hidden(path, folder) or graphs.intersection(path.parents) or (path.is_dir() and not path.is_symlink()):
            continue
        where = path.as_posix()
        if path.suffix.lower() in READERS or not path.exists():
            yield from _from_file(path)
        elif path.is_file():  # a folder may hold other things too; a file that was named may not be one
            yield where, Problem(where, f"{path.suffix or 'no ending'}: no article", True)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(folder).parts) or path.suffix == ".py"


def _from_file(path: Path) -> Iterator[tuple[str, Article | Problem]]:
    where = path.as_posix()
    read = READERS.get(path.suffix.lower())
    try:
        if not path.exists():
            raise ArticleError("no such file or folder")
        if read is None:
            raise ArticleError(
                f"{path.suffix or 'a file without an ending'} is no format kgraph reads; it reads {', '.join(READERS)}"
            )
        if read is _read_feed:
            with path.open("rb") as lines:
                yield from _read_lines(lines, where)
            return
        with path.open("rb") as file:
            data = _whole(file)
        yield where, replace(read(data, where), path=where)
    except OSError as error:
        yield where, Problem(where, error.strerror or str(error), False)
    except ArticleError as error:
        yield where, Problem(where, _in_one_line(error), False)


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


def _read_feed(data: bytes, where: str) -> Article:
    raise ArticleError("a feed is read line by line")


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
    found = json.loads(_decode(line))
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ArticleError(
            'no article: a line is {"id", "title", "text", "url", "published", "outlet"}, at least with a text'
        )
    known = {
        key: str(found[key]).strip()
        for key in ("id", "title", "url", "published", "outlet")
        if isinstance(found.get(key), str | int | float) and str(found[key]).strip()
    }
    title, text = known.get("title", ""), found["text"]
    if title and title not in text[: len(title) + 200] and text.strip():
        text = f"{title}\n\n{text}"
    return _article(
        text,
        known.get("url") or known.get("id") or "",
        title=title,
        published=to_iso(known.get("published", "")),
        outlet=known.get("outlet"),
        url=known.get("url"),
    )


READERS: dict[str, Callable[[bytes, str], Article]] = {
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_page,
    ".htm": _read_page,
    ".pdf": _read_pdf,
    ".jsonl": _read_feed,
    ".ndjson": _read_feed,
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
) -> Article:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    version, noise = digest(text), find_boilerplate(text)
    top = _first_lines(text, noise)
    title = " ".join((title or "".join(top[:1])[:200]).split())
    published, outlet = published or find_date(top), outlet or find_outlet(top)
    return Article(key or f"text:{version}", version, title, text, published, outlet, url, boilerplate=noise)


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
