"""Text → article, as all formats have it in common: cleaned, with title, date and outlet, boilerplate marked."""

from __future__ import annotations

import re

from kgraph.articles.boilerplate import find_boilerplate
from kgraph.articles.datelines import find_date, find_outlet
from kgraph.articles.register import key_of
from kgraph.records import Article, digest


def article_of(
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
    text, key, title = plain_ends(_clean(text)), _clean(key), _clean(title)
    outlet, url, given = outlet and _clean(outlet), url and _clean(url), given and _clean(given)
    version, noise = digest(text), find_boilerplate(text)
    top = _first_lines(text, noise)
    title = " ".join((title or "".join(top[:1])[:200]).split())
    published, outlet = published or find_date(top), outlet or find_outlet(top)
    key = key_of(key) if key else f"text:{version}"
    return Article(key, version, title, text, published, outlet, url, boilerplate=noise, given=given)


def plain_ends(text: str) -> str:
    """The text with a line feed, and nothing else, at the end of each line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _clean(text: str) -> str:
    """Without what no text holds and nothing could keep: half a character of UTF-16, and NUL."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\x00", " ")


def _first_lines(text: str, noise: tuple[tuple[int, int], ...]) -> list[str]:
    """The first lines that are no boilerplate: the headline is one of them, and a dateline or byline may be."""
    lines = (m for m in re.finditer(r"[^\n]+", text[:5000]) if m[0].strip())
    return [m[0].strip() for m in lines if not any(start <= m.start() < end for start, end in noise)][:6]
