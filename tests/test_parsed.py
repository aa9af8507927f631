"""Parsed text answers as spaCy's own Doc, Span and Token do."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.language import Language

from kgraph.articles import read_articles
from kgraph.reading.annotation import COLUMNS
from kgraph.reading.tokens import Doc
from kgraph.records import Article
from kgraph.samples import samples

FORMS = "text lower_ lemma_ pos_ tag_ dep_ ent_type_ whitespace_ is_alpha is_stop".split()
ONE = "head left_edge right_edge".split()
SEVERAL = "children lefts rights subtree ancestors conjuncts sent".split()

Both = tuple[Doc, Any]  # the same text, here and in spaCy


@pytest.fixture(scope="module")
def texts(nlp: Language) -> list[Both]:
    articles = [each for each in read_articles([samples()]) if isinstance(each, Article)]
    theirs = [*nlp.pipe(" ".join(article.text.split()) for article in articles), nlp("Go. 5 km on, it’s 'it'.")]
    return [(of(doc), doc) for doc in theirs]


def of(doc: Any) -> Doc:
    return Doc([t.text for t in doc], [bool(t.whitespace_) for t in doc], doc.to_array(COLUMNS), doc.vocab.strings)


def places(tokens: Any) -> list[int]:
    return [token.i for token in tokens]


def edges(spans: Any) -> list[tuple[int, int, str, str, int]]:
    return [(span.start, span.end, span.label_, span.text, span.root.i) for span in spans]


def test_words(texts: list[Both]) -> None:
    for ours, theirs in texts:
        for one, other in zip(ours, theirs, strict=True):
            assert [getattr(one, name) for name in FORMS] == [getattr(other, name) for name in FORMS]
            assert [getattr(one, name).i for name in ONE] == [getattr(other, name).i for name in ONE]
            assert [places(getattr(one, name)) for name in SEVERAL] == [
                places(getattr(other, name)) for name in SEVERAL
            ]
            assert bool(one.is_sent_start) == bool(other.is_sent_start) and len(one) == len(other)
            assert one.nbor(-one.i).i == other.nbor(-one.i).i == 0


def test_sentences_and_names(texts: list[Both]) -> None:
    for ours, theirs in texts:
        assert edges(ours.sents) == edges(theirs.sents)
        assert edges(ours.ents) == edges(theirs.ents)
        assert edges(name.sent for name in ours.ents) == edges(name.sent for name in theirs.ents)


def test_parts(texts: list[Both]) -> None:
    for ours, theirs in texts:
        for start, end in ((0, 5), (3, 9), (-4, -1), (-3, None), (5, 3), (2, 10**6)):
            one, other = ours[start:end], theirs[start:end]
            assert (one.start, one.end, one.text) == (other.start, other.end, other.text)
            if len(other) > 1:
                assert (one.root.i, one[0].i, one[-1].i) == (other.root.i, other[0].i, other[-1].i)
                assert edges([one[1:], one[:-1]]) == edges([other[1:], other[:-1]])


@pytest.mark.parametrize("at", [99, -99])
def test_beyond_the_end(texts: list[Both], at: int) -> None:
    ours, theirs = texts[-1]
    for doc in (ours, theirs):
        with pytest.raises(IndexError):
            doc[0].nbor(at)
        with pytest.raises(IndexError):
            doc[0:3][at]


def test_nothing(nlp: Language) -> None:
    empty = of(nlp.make_doc(""))
    assert (len(empty), list(empty.sents), empty.ents, empty[0:3].text) == (0, [], (), "")
