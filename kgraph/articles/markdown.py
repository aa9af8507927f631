"""Markdown with front matter → article, and what is wrong with what the front matter says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

from kgraph.articles.boilerplate import merge_ranges
from kgraph.articles.datelines import to_iso
from kgraph.articles.encodings import text_of
from kgraph.articles.problems import in_one_line
from kgraph.articles.texts import article_of, plain_ends
from kgraph.records import Article

FRONT = 20_000  # characters of front matter
DEEPEST = 20  # lists and mappings in it, in each other
# no address holds a square bracket, and no description of a picture another: so each sign is looked at a few times only
_MARKUP = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|```.*$)|\*\*|__|(?<=\])\([^)\]\s]+\)|!\[[^\[\]]*\]|[\[\]]", re.M
)


@dataclass(frozen=True, slots=True)
class Noted:
    """An article, and what is wrong with what its file says of it."""

    article: Article
    notes: tuple[str, ...]


def read_markdown(data: bytes, where: str) -> Article | Noted:
    """Markdown: what stands between --- lines at the top says title, date, outlet and url; marks are not read."""
    text, front, begin = plain_ends(text_of(data)), _Front(), 0
    if block := re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", text, re.S):
        front = _front_matter(block[1])
        begin = block.end() if front.is_mapping else 0  # else it is a text between two rules
    known = front.known
    marks = tuple((m.start(), m.end()) for m in _MARKUP.finditer(text) if m.start() >= begin)
    title = known.get("title") or next(
        (line.lstrip("# ").strip() for line in text[begin:].splitlines() if line.strip()), ""
    )
    article = article_of(
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
    return Noted(article, tuple(f"front matter: {note}" for note in front.notes)) if front.notes else article


# Front matter. --------------------------------------------------------------------------------------------------------


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
        notes.append(f"no YAML: {in_one_line(error)[:200]}")
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
