"""PDF → article: the text of its pages, without what stands at the head or foot of each."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from kgraph.articles.boilerplate import merge_ranges
from kgraph.articles.problems import LARGEST
from kgraph.articles.texts import article_of
from kgraph.errors import ArticleError
from kgraph.records import Article

if TYPE_CHECKING:
    from pypdf import PdfReader

PAGES = 2_000  # of a PDF


def read_pdf(data: bytes, where: str) -> Article:
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
    article = article_of("\n".join(pages), where, title=title if len(title) > 10 else "")
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
