"""Event dates: what a sentence says of when something happened, and nothing that it does not say."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading import read
from kgraph.reading.dates import Span, resolve
from kgraph.records import Article

PUBLISHED = "2024-05-15"  # a Wednesday

WORDS = [
    ("7 October 2023", "2023-10-07", "2023-10-07", "day"),
    ("October 7th, 2023", "2023-10-07", "2023-10-07", "day"),
    ("2023-10-07", "2023-10-07", "2023-10-07", "day"),
    ("October 2023", "2023-10-01", "2023-10-31", "month"),
    ("2022", "2022-01-01", "2022-12-31", "year"),
    ("October 7", "2023-10-07", "2023-10-07", "day"),
    ("3 March", "2024-03-03", "2024-03-03", "day"),
    ("October", "2023-10-01", "2023-10-31", "month"),
    ("May", "2024-05-01", "2024-05-31", "month"),
    ("Monday", "2024-05-13", "2024-05-13", "day"),
    ("Wednesday", "2024-05-15", "2024-05-15", "day"),
    ("last Friday", "2024-05-10", "2024-05-10", "day"),
    ("yesterday", "2024-05-14", "2024-05-14", "day"),
    ("today", "2024-05-15", "2024-05-15", "day"),
    ("tonight", "2024-05-15", "2024-05-15", "day"),
    ("last month", "2024-04-01", "2024-04-30", "month"),
    ("earlier this month", "2024-05-01", "2024-05-31", "month"),
    ("last year", "2023-01-01", "2023-12-31", "year"),
    ("last week", "2024-05-06", "2024-05-12", "month"),
    ("three days ago", "2024-05-12", "2024-05-12", "day"),
    ("two months ago", "2024-03-01", "2024-03-31", "month"),
    ("five years ago", "2019-01-01", "2019-12-31", "year"),
]


@pytest.mark.parametrize("words, first, last, precision", WORDS)
def test_words(words: str, first: str, last: str, precision: str) -> None:
    assert resolve(words, PUBLISHED) == Span(first, last, precision)


AHEAD = [("October", "2024-10-01"), ("Friday", "2024-05-17"), ("next month", "2024-06-01"), ("tomorrow", "2024-05-16")]


@pytest.mark.parametrize("words, first", AHEAD)
def test_what_is_planned_lies_ahead(words: str, first: str) -> None:
    found = resolve(words, PUBLISHED, ahead=True)
    assert found and found.first == first


@pytest.mark.parametrize("words", ["yesterday", "Monday", "October 7", "last month"])
def test_without_a_day_of_publication_only_full_dates_count(words: str) -> None:
    assert resolve(words, None) is None
    assert resolve("October 7, 2023", None) == Span("2023-10-07", "2023-10-07", "day")


SENTENCES = [
    ("Hamas attacked Israel on 7 October 2023.", ("2023-10-07", "2023-10-07", "day")),
    ("Hamas attacked Israel.", (None, None, None)),
    ("In 2018, Russia delivered S-300 missiles to Syria.", ("2018-01-01", "2018-12-31", "year")),
    ("Israel carried out a strike on Hezbollah on Monday.", ("2024-05-13", "2024-05-13", "day")),
    ("Israel said on Monday that Hamas attacked Egypt.", (None, None, None)),
    ("The United States has funded Egypt since 1979.", ("1979-01-01", None, "year")),
    ("Russia trained Mali from 2011 to 2014.", ("2011-01-01", "2014-12-31", "year")),
    ("Russia trained Mali until March 2020.", (None, "2020-03-31", "month")),
    ("Russia supplied Syria with tanks after 2011.", (None, None, None)),
    ("Russia will deliver S-300 missiles to Syria in October.", ("2024-10-01", "2024-10-31", "month")),
    ("Israel bombed Syria last month.", ("2024-04-01", "2024-04-30", "month")),
    ("Russia may attack Ukraine.", (None, None, None)),
    ("Israel attacked Hezbollah in the 2006 war.", ("2006-01-01", "2006-12-31", "year")),
]


@pytest.mark.parametrize("sentence, expected", SENTENCES)
def test_sentences(sentence: str, expected: tuple[str | None, ...], nlp: Language, catalogue: Catalogue) -> None:
    found = read(Article("a", "1", "", sentence, published=PUBLISHED), nlp, catalogue).evidence
    assert found and {(one.event_from, one.event_to, one.date_precision) for one in found} == {expected}


def test_no_event_is_dated_by_publication_alone(nlp: Language, catalogue: Catalogue) -> None:
    text = "Russia supplied S-300 missiles to Syria. Iran attacked Israel. Turkey is allied with Qatar."
    found = read(Article("a", "1", "", text, published=PUBLISHED), nlp, catalogue).evidence
    assert len(found) >= 3 and not any(one.event_from or one.event_to or one.date_precision for one in found)
