"""Files, folders, feeds and standard input → articles. What cannot be read is named, and the reading goes on."""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from kgraph.errors import ArticleError
from kgraph.model import Article, digest

LARGEST = 5_000_000  # bytes of a single article
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(rf"\b(?:{_MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\s{_MONTH},?\s\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})\b")
_DATELINE = re.compile(r"\(([A-Z][^()\d]{2,40})\)\s*[-–—]\s")
_MARKUP = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|```.*$)|\*\*|__|(?<=\])\([^)\s]+\)|!\[[^\]]*\]|[\[\]]", re.M)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read: where, why, and whether that is as it should be (skipped) or a failure."""

    where: str
    why: str
    skipped: bool


class _Skip(Exception):
    """There is nothing to read: not a failure."""


def read_articles(sources: Iterable[str | Path], *, stdin: BinaryIO | None = None) -> Iterator[Article | Problem]:
    """The articles of files, folders, feeds and standard input ("-"), and what is wrong with the rest.

    An article that comes twice in one reading, under whatever key, is skipped the second time.
    """
    versions: dict[str, str] = {}
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
        if str(source) == "-":
            yield from _from_stdin(stdin or sys.stdin.buffer)
        elif (path := Path(source)).is_dir():
            for inside in sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p, path)):
                if inside.suffix.lower() in READERS:
                    yield from _from_file(inside)
                else:  # a folder may hold other things too; a file that was named may not be one
                    yield (
                        inside.as_posix(),
                        Problem(inside.as_posix(), f"{inside.suffix or 'no ending'}: no article", True),
                    )
        else:
            yield from _from_file(path)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.relative_to(folder).parts) or path.suffix == ".py"


def _from_file(path: Path) -> Iterator[tuple[str, Article | Problem]]:
    where = path.as_posix()
    read = READERS.get(path.suffix.lower())
    try:
        if read is None:
            raise ArticleError(
                f"{path.suffix or 'a file without an ending'} is no format kgraph reads; it reads {', '.join(READERS)}"
            )
        if read is _read_feed:
            with path.open("rb") as lines:
                yield from _read_lines(lines, where)
            return
        if path.stat().st_size > LARGEST:
            raise ArticleError("larger than 5 MB, which is no single article")
        yield where, replace(read(path.read_bytes(), where), path=where)
    except OSError as error:
        yield where, Problem(where, error.strerror or str(error), False)
    except ArticleError as error:
        yield where, Problem(where, str(error), False)


def _from_stdin(stream: BinaryIO) -> Iterator[tuple[str, Article | Problem]]:
    """Standard input: JSON lines, a web page, or text, by how it begins."""
    start = stream.read(1024)
    rest = io.BufferedReader(_Chained(start, stream))
    head = start.lstrip(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"{"):
        yield from _read_lines(rest, "-")
        return
    data = rest.read(LARGEST + 1)
    try:
        if len(data) > LARGEST:
            raise ArticleError("larger than 5 MB, which is no single article")
        is_page = re.match(rb"<(?:!doctype html|html|head|body|article)\b", head, re.I)
        yield "-", (_read_page if is_page else _read_pdf if head.startswith(b"%PDF") else _read_text)(data, "")
    except ArticleError as error:
        yield "-", Problem("-", str(error), False)


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
        published=_iso(str(known.get("date") or "")),
        outlet=known.get("outlet"),
        url=known.get("url"),
    )
    return replace(article, boilerplate=_merged([*article.boilerplate, *marks, *([(0, begin)] if begin else [])]))


def _front_matter(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ArticleError(f"the lines between --- are no YAML: {error}".replace("\n", " ")) from error
    return found if isinstance(found, dict) else {}


def _read_page(data: bytes, where: str) -> Article:
    """A saved web page: its article without menus, banners, forms and links to other stories."""
    from trafilatura import bare_extraction

    page = _decode(data)
    if "<" not in page:
        raise ArticleError("no web page: it has no markup")
    found = bare_extraction(page, include_comments=False, favor_recall=True, with_metadata=True, as_dict=False)
    body = str(getattr(found, "text", None) or "")
    if not body.strip():
        raise ArticleError("a web page without an article")
    title, url = (str(getattr(found, name, None) or "").strip() for name in ("title", "url"))
    text = body if not title or title in body[: len(title) + 200] else f"{title}\n\n{body}"
    said = _said_date(page) or _first_date(text)
    return _article(
        text, url or where, title=title, published=said, outlet=_meta(page, "og:site_name"), url=url or None
    )


def _meta(page: str, name: str) -> str | None:
    match = re.search(rf'<meta[^>]+(?:property|name|itemprop)=["\']{re.escape(name)}["\'][^>]*>', page, re.I)
    content = re.search(r'content=["\']([^"\']+)["\']', match[0]) if match else None
    return content[1].strip() if content else None


def _said_date(page: str) -> str | None:
    """The date that the page itself gives: in its metadata or a <time>; never one that is guessed."""
    for name in ("article:published_time", "datePublished", "date", "dc.date", "pubdate"):
        if said := _iso(_meta(page, name) or ""):
            return said
    match = re.search(r'"datePublished"\s*:\s*"([^"]+)"', page) or re.search(r'<time[^>]+datetime=["\']([^"\']+)', page)
    if match:
        return _iso(match[1])
    shown = re.search(
        r"<(?:p|div|span)[^>]*class=[\"'][^\"']*(?:meta|byline|date)[^\"']*[\"'][^>]*>(.{0,300}?)</", page, re.S
    )
    return _first_date(re.sub(r"<[^>]+>", " ", shown[1])) if shown else None


def _read_pdf(data: bytes, where: str) -> Article:
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(io.BytesIO(data))
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        title = str((reader.metadata and reader.metadata.title) or "")
    except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArticleError(f"a damaged PDF: {error}") from error
    if not text.strip():
        raise ArticleError("a PDF without text (a scan?); kgraph does not read pictures")
    return _article(text, where, title=title if len(title) > 10 else "")


def _read_feed(data: bytes, where: str) -> Article:
    raise ArticleError("a feed is read line by line")


def _read_lines(lines: Iterable[bytes], where: str) -> Iterator[tuple[str, Article | Problem]]:
    """JSON lines: {"id", "title", "text", "url", "published", "outlet"}, of which only the text is needed."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{where}:{number}"
        try:
            yield place, _from_json(line)
        except (ArticleError, ValueError) as error:
            yield place, Problem(place, str(error).replace("\n", " "), False)


def _from_json(line: bytes) -> Article:
    if len(line) > LARGEST:
        raise ArticleError("larger than 5 MB, which is no single article")
    found = json.loads(line)
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise ArticleError(
            'no article: a line is {"id", "title", "text", "url", "published", "outlet"}, at least with a text'
        )
    known = {key: str(found[key]) for key in ("id", "title", "url", "published", "outlet") if found.get(key)}
    title, text = known.get("title", ""), found["text"]
    if title and title not in text[: len(title) + 200]:
        text = f"{title}\n\n{text}"
    return _article(
        text,
        known.get("url") or known.get("id") or "",
        title=title,
        published=_iso(known.get("published", "")),
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
    version = digest(text)
    noise = find_boilerplate(text)
    title = title or _title(text, noise)
    return Article(
        key or f"text:{version}",
        version,
        " ".join(title.split()),
        text,
        published or _first_date(text),
        outlet or _agency(text),
        url,
        None,
        "en",
        noise,
    )


def _decode(data: bytes) -> str:
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
    if zeros or sum(byte < 9 or 13 < byte < 32 for byte in data[:4000]) > 2:
        raise ArticleError("binary, no text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252", errors="replace")


def _decoded(data: bytes, encoding: str, errors: str = "strict") -> str:
    try:
        return data.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise ArticleError(f"damaged text ({encoding}): {error.reason} at byte {error.start}") from error


def _title(text: str, noise: tuple[tuple[int, int], ...]) -> str:
    """The first line that is no boilerplate."""
    for match in re.finditer(r"[^\n]+", text):
        if match[0].strip() and not any(start <= match.start() < end for start, end in noise):
            return match[0].strip()[:200]
    return ""


def _first_date(text: str) -> str | None:
    """A date with a year in a dateline or a byline: among the first lines, which are short or begin with it."""
    for line in [line.strip() for line in text[:1500].splitlines() if line.strip()][:4]:
        match = _DATE.search(line)
        if match and (len(line) < 100 or re.fullmatch(r"[A-Z][A-Z/ .,'-]+,\s", line[: match.start()])):
            return _iso(match[0])
    return None


@cache
def _iso(words: str) -> str | None:
    """A date in words as ISO; None where it is none, or has no year."""
    if match := re.match(r"\d{4}-\d{2}-\d{2}", words):
        return match[0]
    if not re.search(r"\d{4}", words):
        return None
    import dateparser

    found = dateparser.parse(words, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return found.date().isoformat() if found else None


def _agency(text: str) -> str | None:
    """The outlet that a dateline names: "KYIV, Oct 18, 2022 (Continental Press) -"."""
    match = _DATELINE.search(text[:1000])
    return match[1].strip() if match else None


def find_language(text: str) -> str:
    """The language of a text as two letters; very short texts count as English."""
    import py3langid

    plain = " ".join(text.split())[:5000]
    letters = sum(char.isalpha() for char in plain)
    if letters < 50:
        latin = sum("LATIN" in unicodedata.name(char, "") for char in plain if char.isalpha())
        return "en" if latin * 2 >= letters else "other"
    return str(py3langid.classify(plain.lower() if plain.isupper() else plain)[0])


@cache
def _noise() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines that are no part of an article, and lines after which it is over."""
    data = yaml.safe_load(files("kgraph").joinpath("boilerplate.yaml").read_text(encoding="utf-8"))
    return tuple(re.compile("|".join(f"(?:{p})" for p in data[name]), re.I) for name in ("lines", "ends"))  # type: ignore[return-value]


def find_boilerplate(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a text that are not the article: whole lines, by the patterns of boilerplate.yaml."""
    lines, ends = _noise()
    found, over = list[tuple[int, int]](), False
    spans = [(m.start(), m.end(), m[0].strip()) for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    for number, (start, end, line) in enumerate(spans):
        late = number > 2 and start > len(text) * 0.4
        over = over or bool(late and ends.fullmatch(line))
        if (
            over
            or lines.fullmatch(line)
            or (number < 3 and _repeats(line, [later for _, _, later in spans[number + 1 : number + 4]]))
        ):
            found.append((start, end))
    return _merged(found)


def _repeats(line: str, later: list[str]) -> bool:
    """Whether a line is a headline cut short that follows in full: "Home News Iran Sends More..."."""
    cut = re.sub(r"\s*(?:\.\.\.|…)$", "", line)
    return (
        any(cut.endswith(full[: len(cut)][-40:]) and full[:20] in cut for full in later if len(cut) > 25)
        if cut != line
        else (line in later and len(line) > 20)
    )


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
