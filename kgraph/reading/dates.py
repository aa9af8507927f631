"""When it happened, where the sentence says so: words for dates, resolved against the day the article appeared.

A date counts for a claim only where the tree hangs it on the claim's trigger or on the verb that carries the trigger
("carried out a strike on Monday"); "said on Monday" dates the saying. Where no words say when, nothing does: the day of
publication is never taken for the day of the event.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from kgraph.reading.documents import Document
from kgraph.reading.tokens import Token
from kgraph.records import Evidence, Status
from kgraph.schema import load_schema

_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_NUMBER = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
_BEFORE = r"(?:since|from|until|till|through|by|before|after|between|to|and|in|on|during|of|over|throughout)"
_DATE = re.compile(
    rf"""(?<![\w-])(?:(?P<before>{_BEFORE})\s)?(?:the\s)?(?P<part>(?:early|late|mid)[\s-]|(?:the\s)?(?:start|end|beginning)\sof\s)?(?:
    (?P<full>{_MONTHS}\s{_DAY},?\s{_YEAR}|{_DAY}\s(?:of\s)?{_MONTHS},?\s{_YEAR}|{_YEAR}-\d\d-\d\d)
    |(?P<month_of_year>{_MONTHS},?\s{_YEAR})
    |(?P<day_of_month>{_MONTHS}\s{_DAY}(?!\w)(?!\s(?:people|troops|missiles|drones))|{_DAY}\s(?:of\s)?{_MONTHS})
    |(?P<month>(?:(?:last|next|this)\s)?{_MONTHS})
    |(?P<year>{_YEAR})
    |(?P<weekday>(?:(?:last|next|this)\s)?{_DAYS})
    |(?P<relative>yesterday|today|tonight|tomorrow|this\s(?:morning|afternoon|evening)
        |(?:(?:earlier|later)\s)?(?:last|past|this|next)\s(?:week|month|year)|{_NUMBER}\s(?:day|week|month|year)s?\sago)
    )(?![\w-])""",
    re.X | re.I,
)
_WORDS = {"tonight": "today", "this morning": "today", "this afternoon": "today", "this evening": "today"}
_OPENS = frozenset(("since", "from", "between"))
_CLOSES = frozenset(("until", "till", "through", "to", "and", "by"))
_BESIDE = frozenset(("before", "after"))  # they date something else
_AHEAD = frozenset((Status.PLANNED, Status.POSSIBLE))


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, as far as words say, and how exactly: day, month (or week), year."""

    first: str
    last: str
    precision: str


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    before: str
    span: Span


def date_evidence(document: Document, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """The same evidence, with dates where the sentence has them."""
    rows = [*evidence]
    for n in sorted(
        range(len(rows)), key=lambda n: rows[n].start
    ):  # in the order of the text: its tokens are made once
        one = rows[n]
        dates = _find(one.sentence, document.article.published, one.status in _AHEAD)
        moved = (replace(each, start=one.start + each.start, end=one.start + each.end) for each in dates)
        dated = _dated(one, [each for each in moved if _belongs(document, one, each)])
        rows[n] = one if _is_wrong(dated, document.article.published) else dated
    yield from rows


@lru_cache(maxsize=16)  # a sentence may make many claims
def _find(sentence: str, published: str | None, ahead: bool) -> tuple[_Found, ...]:
    """The dates that a sentence names."""
    found = []
    for match in _DATE.finditer(sentence):
        kind = match.lastgroup or ""
        if kind in ("month", "year") and not (match["before"] or match["part"] or " " in match[kind]):
            continue  # "the 2006 war", "may"
        words = match[kind] if kind != "full" else match[kind].replace(" of ", " ")
        if kind == "month" and words.islower():
            continue
        if span := resolve(words, published, ahead):
            found.append(_Found(match.start(kind), match.end(), (match["before"] or "").lower(), span))
    return tuple(found)


def _dated(one: Evidence, found: list[_Found]) -> Evidence:
    """An evidence with the dates of its trigger: "from … to …" both, "since" only the first, else the nearest."""
    own = [each for each in found if each.before not in _BESIDE]
    closing = [each for each in own if each.before in _CLOSES]
    for first in (each for each in own if each.before in ("from", "between")):
        for last in closing:
            if last.start > first.start:
                return _with(one, first.span.first, last.span.last, last.span.precision)
    nearest = min(own, key=lambda each: (abs(each.start - one.trigger_start), each.start), default=None)
    if nearest is None:
        return one
    span = nearest.span
    if nearest.before in _OPENS:
        return _with(one, span.first, None, span.precision)
    if nearest.before in _CLOSES:
        return _with(one, None, span.last, span.precision)
    return _with(one, span.first, span.last, span.precision)


def _with(one: Evidence, first: str | None, last: str | None, precision: str) -> Evidence:
    return replace(one, event_from=first, event_to=last, date_precision=precision)


def _is_wrong(one: Evidence, published: str | None) -> bool:
    """Whether something that happened is dated after it was reported: then the words were misread."""
    return bool(published and one.event_from and one.event_from > published[:10] and one.status not in _AHEAD)


# What a date hangs on. ------------------------------------------------------------------------------------------------


def _belongs(document: Document, one: Evidence, found: _Found) -> bool:
    trigger, when = _token(document, one.trigger_start), _token(document, found.start)
    clause = when
    for clause in when.ancestors:
        if clause == trigger:
            return True
        if clause.pos_ in ("VERB", "AUX"):
            break
    carrier: Token | None = trigger
    if trigger.pos_ not in ("VERB", "AUX"):  # "met the prime minister today" dates no office
        carried = not load_schema()[one.type].lasting and one.status not in _AHEAD
        carrier = _carrier(trigger) if carried else None
    return carrier is not None and clause in (carrier, *_beside(carrier))


def _token(document: Document, offset: int) -> Token:
    return document.doc[max(bisect_right(document.offsets, offset) - 1, 0)]


def _carrier(trigger: Token) -> Token | None:
    """The verb that carries a noun: "launched" for the strike in "launched a strike"."""
    token = trigger
    while token.dep_ in ("dobj", "obj", "nsubj", "nsubjpass", "pobj", "prep", "conj", "attr", "compound", "agent"):
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None


def _beside(verb: Token) -> Iterator[Token]:
    """The verbs that share a verb's clause: "attacked and killed … on Monday"."""
    yield from (child for child in verb.children if child.dep_ == "conj" and child.pos_ == "VERB")
    if verb.dep_ in ("conj", "xcomp") and verb.head.pos_ == "VERB" and verb.head.lemma_ not in _SAYING:
        yield verb.head


_SAYING = frozenset(
    ("say", "agree", "promise", "plan", "pledge", "vow", "want", "threaten", "refuse", "decide", "order")
)


# What words for a date mean. ------------------------------------------------------------------------------------------


def resolve(words: str, published: str | None, ahead: bool = False) -> Span | None:
    """From when to when some words are, seen from the day of publication; None where that cannot be said."""
    whole = bool(re.search(_YEAR, words))
    if not published and not whole:
        return None
    return _resolved(" ".join(words.lower().replace(",", " ").split()), (published or "2000-01-01")[:10], ahead)


@lru_cache(maxsize=50_000)
def _resolved(words: str, published: str, ahead: bool) -> Span | None:
    day = date.fromisoformat(published)
    if re.fullmatch(_YEAR, words):
        return Span(f"{words}-01-01", f"{words}-12-31", "year")
    words = re.sub(r"^(?:earlier|later) ", "", _WORDS.get(words, words))
    if match := re.fullmatch(r"(last|past|this|next) (week|month|year)", words):
        return _around(day, {"last": -1, "past": -1, "this": 0, "next": 1}[match[1]], match[2])
    direction = "future" if (ahead and not words.startswith("last")) or words.startswith("next") else "past"
    plain = re.sub(r"^(?:last|next|this) |(?<=\d)(?:st|nd|rd|th)\b|\bof ", "", words)
    base = day + timedelta(direction == "past")  # "on Monday" in Monday's paper is that day
    if words.endswith(("ago", "day")) and not re.search(_DAYS, words, re.I):  # yesterday, today, three days ago
        base = day
    parsed = _parser(direction, datetime(base.year, base.month, base.day)).get_date_data(plain)
    if parsed.date_obj is None:
        return None
    found = parsed.date_obj.date()
    if re.fullmatch(_MONTHS, plain, re.I):  # "in March" in March's paper is this one
        year = day.year - (found.month > day.month) if direction == "past" else day.year + (found.month < day.month)
        found, period = date(year, found.month, 1), "month"
    else:
        period = parsed.period
    return _around(found, 0, period)


def _parser(direction: str, base: datetime) -> Any:
    from dateparser.date import DateDataParser  # takes its time to import

    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": direction, "RETURN_AS_TIMEZONE_AWARE": False}
    return DateDataParser(languages=["en"], settings=settings)


def _around(day: date, steps: int, unit: str) -> Span:
    """The day, week, month or year some steps away."""
    if unit == "week":
        monday = day - timedelta(day.weekday()) + timedelta(7 * steps)
        return Span(monday.isoformat(), (monday + timedelta(6)).isoformat(), "month")
    if unit == "month":
        months = day.year * 12 + day.month - 1 + steps
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return Span(date(year, month + 1, 1).isoformat(), date(year, month + 1, last).isoformat(), "month")
    if unit == "year":
        return Span(f"{day.year + steps}-01-01", f"{day.year + steps}-12-31", "year")
    return Span(day.isoformat(), day.isoformat(), "day")
