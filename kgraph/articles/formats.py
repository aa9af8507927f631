"""Which endings of files are read, and by what: the files of one article, and the feeds of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import BinaryIO

from kgraph.articles.encodings import declared, text_of
from kgraph.articles.feeds import read_lines, read_packed_lines, read_parquet
from kgraph.articles.markdown import Noted, read_markdown
from kgraph.articles.pdf import read_pdf
from kgraph.articles.problems import Found
from kgraph.articles.texts import article_of
from kgraph.records import Article


def read_text(data: bytes, where: str) -> Article:
    """A file that is nothing but its text."""
    return article_of(text_of(data), where)


def read_html(data: bytes, where: str) -> Article:
    """The article of a saved web page, under the address that the page gives itself."""
    from kgraph.articles.pages import read_page

    page = read_page(text_of(data, declared(data)))
    return article_of(
        page.text, page.url or where, title=page.title, published=page.published, outlet=page.outlet, url=page.url
    )


READERS: dict[str, Callable[[bytes, str], Article | Noted]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
}

# the file, what it is called, after how many lines to begin, and why the first of them is not read ("" for no reason)
FEEDS: dict[str, Callable[[BinaryIO, str, int, str], Iterator[Found]]] = {
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".jsonl.gz": read_packed_lines,
    ".ndjson.gz": read_packed_lines,
    ".parquet": read_parquet,
}
PACKAGES = {".html": "trafilatura", ".htm": "trafilatura", ".pdf": "pypdf"}  # that take their time until they are there


def load_reader(where: str) -> None:
    """Loads what reads a file, so that it is no part of the time that this takes."""
    if name := PACKAGES.get(ending_of(where)):
        import_module(name)


def is_feed(where: str) -> bool:
    """Whether a file holds many articles."""
    return ending_of(where) in FEEDS


def ending_of(name: str) -> str:
    """The ending of a file's name, with the one before where it is packed."""
    endings = PurePosixPath(name.lower()).suffixes
    return "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])
