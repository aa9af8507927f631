"""A saved web page → its article, without menus, banners, forms and links to other stories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

from kgraph.articles.datelines import find_date, to_iso
from kgraph.errors import ArticleError

_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
)
_FURNITURE = ["//nav", "//footer", "//aside", "//form[not(.//h1)]", "//*[@role='dialog']"]
# what stands around an article: a date in there is another story's, or today's
_AROUND = re.compile(
    r"\b(?:related|recommend\w*|most|sidebar|comments?|trending|promo|teaser|newsletter|recirc\w*)\b", re.I
)
_BYLINE = re.compile(r"(?<![a-z])(?:meta|byline|date|dateline|published|pubdate|posted|timestamp|time)(?![a-z])", re.I)


@dataclass(frozen=True, slots=True)
class Page:
    """What a saved page says of itself, and its text."""

    title: str
    text: str
    published: str | None
    outlet: str | None
    url: str | None


def read_page(markup: str) -> Page:
    """The article of a page; its headline stands first in the text, once. Raises ArticleError."""
    from trafilatura import bare_extraction

    if markup.rfind("<") > markup.rfind(">"):
        raise ArticleError("a web page that was cut off: it ends inside a tag")
    markup = re.sub(r"\A\s*<\?xml[^>]*\?>", "", markup)  # it was decoded already, whatever it declares
    tree = _tree(markup) if "<" in markup else None
    if tree is None:
        raise ArticleError("no web page: it has no markup")
    try:
        found = bare_extraction(
            markup, include_comments=False, favor_recall=True, with_metadata=True, as_dict=False, prune_xpath=_FURNITURE
        )
    except Exception as error:  # whatever a foreign page makes it stumble over, the run goes on
        raise ArticleError(f"a damaged web page: {error!r}") from error
    body = str(getattr(found, "text", None) or "").strip()
    if not body:
        raise ArticleError("a web page without an article")
    meta, linked = _metas(tree), list(_linked(tree))
    title = _plain(getattr(found, "title", None) or "")
    return Page(
        title,
        _with_headline(body, title, _headline(tree)),
        _said_date(tree, meta, linked),
        meta.get("og:site_name") or _publisher(linked),
        _address(getattr(found, "url", None)),
    )


def _tree(markup: str) -> Any:
    from trafilatura import load_html

    try:
        return load_html(markup)
    except Exception as error:
        raise ArticleError(f"a damaged web page: {error!r}") from error


def _plain(text: str) -> str:
    return " ".join(text.split())


def _headline(tree: Any) -> str:
    return next((text for node in tree.xpath("//h1") if (text := _plain(node.text_content()))), "")


def _with_headline(body: str, title: str, headline: str) -> str:
    """The text with its headline before it, unless it begins with one."""
    top = _plain(body[: len(title) + len(headline) + 300]).casefold()
    if any(known and known.casefold() in top for known in (title, headline)):
        return body
    return f"{headline or title}\n\n{body}" if headline or title else body


def _address(url: object) -> str | None:
    """A page's own address. That of a whole site names no article."""
    parts = urlsplit(str(url or "").strip())
    is_article = parts.scheme in ("http", "https") and (parts.path.strip("/") or parts.query)
    return parts.geturl() if is_article else None


# What a page says of itself. -------------------------------------------------------------------------------------------


def _metas(tree: Any) -> dict[str, str]:
    """The first content of each <meta>, by its name in lower case."""
    metas: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        if content := _plain(node.get("content") or ""):
            metas.setdefault(name.lower(), content)
    return metas


def _linked(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of a page's JSON-LD that are an article."""
    for node in tree.xpath("//script[@type='application/ld+json']"):
        try:
            yield from _articles(json.loads(node.text or ""))
        except (ValueError, RecursionError):
            continue  # a page may carry broken metadata; its text is still its text


def _articles(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for one in data:
            yield from _articles(one)
    elif isinstance(data, dict):
        if re.search(r"Article|Posting|Report", str(data.get("@type"))):
            yield data
        yield from _articles(data.get("@graph"))


def _publisher(linked: list[dict[str, Any]]) -> str | None:
    publishers = (article.get("publisher") for article in linked)
    names = (publisher.get("name") for publisher in publishers if isinstance(publisher, dict))
    return next((_plain(name) for name in names if isinstance(name, str) and name.strip()), None)


def _said_date(tree: Any, meta: dict[str, str], linked: list[dict[str, Any]]) -> str | None:
    """The date that a page gives its article: metadata, a <time>, a byline; never a copyright line or today's."""
    said = [meta.get(name, "") for name in _PUBLISHED]
    said += [str(article.get("datePublished") or "") for article in linked]
    place = _Places(tree)
    inner = [node for node in tree.iter("time", "p", "div", "span", "li") if not place.is_around(node)]
    said += [node.get("datetime") or "" for node in inner if node.tag == "time"]
    shown = (_beginning(node) for node in inner if _BYLINE.search(node.get("class") or ""))
    dates = (to_iso(one) for one in said if one)
    return next((one for one in dates if one), None) or next(
        (one for line in shown if len(line) < 200 and (one := find_date(["", line]))), None
    )


def _beginning(node: Any) -> str:
    """The first words of a node: enough to see that they are no byline."""
    parts, length = list[str](), 0
    for part in node.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > 1000:
            break
    return _plain(" ".join(parts))


class _Places:
    """Where on a page a node stands. Each node is looked at once, however many there are."""

    def __init__(self, tree: Any) -> None:
        headlines = list(tree.iter("h1"))
        self._above: set[Any] = set()  # what stands before the first <h1>
        if headlines:
            self._above.update(
                takewhile(lambda node: node is not headlines[0], tree.iter()), headlines[0].iterdescendants()
            )
            self._above -= {headlines[-1], *headlines[-1].iterancestors()}
            self._above -= {*headlines[-1].iterdescendants()} if len(headlines) == 1 else set()
        self._known: dict[Any, bool] = {}

    def is_around(self, node: Any) -> bool:
        """Whether a node stands outside the article: in a side column, the site's head or foot, or among comments."""
        for above in (node, *node.iterancestors()):
            if above.tag in ("article", "main"):
                return False
            if above.tag == "body":
                return node in self._above
            if self._is_furniture(above):
                return True
        return False

    def _is_furniture(self, node: Any) -> bool:
        if node not in self._known:
            self._known[node] = node.tag in ("aside", "footer", "nav") or bool(
                _AROUND.search(f"{node.get('class')} {node.get('id')}")
            )
        return self._known[node]
