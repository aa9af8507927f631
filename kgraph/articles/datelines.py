"""When an article appeared and who brought it, where its first lines say so. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

LONGEST = 1000  # characters in which a date is looked for

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"(?<![\w-])(?:{_MONTH}\s{_DAY},?\s\d{{4}}|{_DAY}\s(?:of\s)?{_MONTH},?\s\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})(?!\d)",
    re.I,
)
_PLACE = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ/ .'’-]+(?:,\s[A-Z][\w. ]{2,25})?"
_WHEN = rf"(?:{_MONTH}\s{_DAY}|{_DAY}\s{_MONTH})(?:,?\s\d{{4}})?"
_PLACE_AND_DAY = rf"[A-ZÀ-ÖØ-Þ][\w/ .'’-]{{1,40}}(?:,\s[A-Z][\w. ]{{2,25}})?,\s{_WHEN}"
_BYLINE = r"(?:By(?:\s[A-ZÀ-ÖØ-Þ][\w.'’-]+){1,4}\s)?"
# "KYIV, Oct 18, 2022 (Continental Press) - ", "WASHINGTON (AP) — ", "MOSCOW, October 18. /TASS/."
_OUTLET = re.compile(
    rf"{_BYLINE}(?:{_PLACE_AND_DAY}|{_PLACE}|)\s?\(([A-Z][^()\d]{{1,40}})\)\s*[-–—]+\s"
    rf"|{_BYLINE}{_PLACE_AND_DAY}\s\(([A-Z][^()\d]{{1,40}})\)$"
    rf"|{_BYLINE}{_PLACE_AND_DAY}\.?\s/([A-Z][\w ]{{1,20}})/"
)
_STAMP = r"(?i:(?:first\s|last\s)?(?:published|updated|posted|issued|dated|released)(?:\s(?:on|at))?\W*)"
_PAPER = r"(?i:summary|brief(?:ing)?|note|report|statement|release|analysis|interview|bulletin|update|transcript|communiqu[eé])"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s*)?"
_PLAIN_PLACE = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[\s/][A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
# what may stand before the date of a stamp: at the very top, where a headline may end in a date too, and below
_BEFORE_AT_TOP = rf"(?:{_PLACE},\s|(?:By\s.{{2,80}}?\W)?(?:{_STAMP})?|By\s.{{2,80}}\son\s){_WEEKDAY}"
_BEFORE = (
    rf"{_BEFORE_AT_TOP}|"
    rf"(?:.{{0,80}}?(?:[|·•]\s*|{_STAMP})|.{{0,60}}\b{_PAPER}(?:,|:|\s[-–—])\s|{_PLAIN_PLACE},\s){_WEEKDAY}"
)
_AFTER = re.compile(r"[.\s]*(?:$|[|·•;:()/–—-]|,?\s?(?:at\s)?(?:\d{1,2}[:.]\d{2}|\d{1,2}\s?[ap]m\b))", re.I)


def find_date(lines: list[str]) -> str | None:
    """The date of a dateline, a byline or a stamp ("Published 6 June 2025, 17:42 GMT") among an article's first lines.

    A date in a sentence or in a headline is when something happened, not when the article appeared.
    """
    for number, line in enumerate(lines[:4]):
        for match in _DATE.finditer(line[:160]):
            before, after = line[: match.start()], line[match.end() :]
            dateline = re.fullmatch(rf"{_PLACE},\s", before) or _OUTLET.match(line)
            stamp = re.fullmatch(_BEFORE if number else _BEFORE_AT_TOP, before) and _AFTER.match(after)
            if dateline or (stamp and len(line) < 140):
                return to_iso(match[0])
    return None


def find_outlet(lines: list[str]) -> str | None:
    """The outlet that a dateline names: "KYIV, Oct 18, 2022 (Continental Press) - "."""
    for line in lines[:6]:
        if match := _OUTLET.match(line):
            return next(name for name in match.groups() if name).strip()
    return None


@lru_cache(10_000)  # a feed may hold millions
def to_iso(words: str) -> str | None:
    """A date in words or figures as ISO. None where it is none, lacks a year or could be two ("10/11/2022")."""
    words = words.strip()[:LONGEST]
    if match := re.match(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)", words):
        return _date(match[1], match[3], match[4])
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", words):  # seconds or milliseconds since 1970
        return datetime.fromtimestamp(int(words[:10]), UTC).date().isoformat()
    if match := re.match(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?!\d)", words):
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12 or first == second:
            return _date(match[4], second, first)
        return _date(match[4], first, second) if second > 12 else None
    return _in_words(match[0]) if (match := _DATE.search(words)) else None


def _date(year: str, month: str | int, day: str | int) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _in_words(words: str) -> str | None:
    import dateparser

    found = dateparser.parse(words, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]})
    return found.date().isoformat() if found else None
