"""What was learned beside the frames: looser ways to say a relation, the same each time, and nothing where there is none."""

from __future__ import annotations

from itertools import groupby

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading import read
from kgraph.reading.actors import find_cast
from kgraph.reading.claims.candidates import sights
from kgraph.reading.claims.choice import choose
from kgraph.reading.claims.frames import find_matches
from kgraph.reading.claims.learned import BOTH, FIRST, LEAST, PAIR, SECOND, TYPE, WORD, find_likely, load_weights, weigh
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.records import Article, Evidence
from kgraph.schema import load_schema


def read_text(text: str, nlp: Language, catalogue: Catalogue) -> tuple[Evidence, ...]:
    return read(Article("a", "1", "", text, None, None, None, None, "en"), nlp, catalogue).evidence


CALM = [
    "Officials in Ottawa and Oslo published the minutes on Tuesday.",
    "Kenya and Peru grow coffee, and Norway exports fish.",
    "The delegation flew over Belgium, Germany and Poland.",
]


@pytest.mark.parametrize("sentence", CALM)
def test_nothing_is_learned_into_a_calm_sentence(sentence: str, nlp: Language, catalogue: Catalogue) -> None:
    assert not read_text(sentence, nlp, catalogue)


def test_every_weight_belongs_to_a_group_and_a_type() -> None:
    weights = load_weights()
    assert set(weights.rows) == {WORD, TYPE, FIRST, SECOND, PAIR, BOTH}
    assert all(weights.rows.values())
    assert weights.weights.shape == (sum(map(len, weights.rows.values())) + 1, len(load_schema()))
    assert not weights.weights[-1].any()  # of what is not known


TEXT = (
    "The warlord's men, armed and paid by Tehran, have fought the Saudi air force for years. "
    "Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally."
)


def test_what_is_likely_is_above_the_line_and_the_same_each_time(nlp: Language, catalogue: Catalogue) -> None:
    def likely() -> list[tuple[str, int, str, str, float]]:
        document = read_document(Article("a", "1", "", TEXT, None, None, None, None, "en"), nlp, catalogue)
        cast = find_cast(document, find_names(document, catalogue), catalogue)
        found = [each for sentence in document.doc.sents for each in weigh(sentence, cast, 0.1)]
        return [(one.type, one.trigger.i, one.first.local, one.second.local, one.probability) for one in found]

    first = likely()
    assert first == likely() and first
    assert all(0.1 <= probability <= 1 for *_, probability in first)


def test_a_pair_gets_its_best_type_only(nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(Article("a", "1", "", TEXT, None, None, None, None, "en"), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    for _, some in groupby(find_likely(document, cast, catalogue, 0.05), lambda match: match.trigger.sent.start):
        found = list(some)
        firsts = {}
        for one in choose(found, []):
            firsts.setdefault(frozenset(one.ends), one.probability)
        best = {}
        for one in found:
            best[frozenset(one.ends)] = max(best.get(frozenset(one.ends), 0.0), one.probability or 0.0)
        assert firsts == best


def test_what_frames_know_is_not_said_twice(nlp: Language, catalogue: Catalogue) -> None:
    text = "Israel struck Hezbollah positions in Lebanon. Iran has armed Hezbollah with rockets."
    document = read_document(Article("a", "1", "", text, None, None, None, None, "en"), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    exact = list(find_matches(document, cast, catalogue))
    known = {(match.type, *match.ends) for match in exact}
    likely = list(find_likely(document, cast, catalogue))
    assert {(match.type, *match.ends) for match in likely} & known
    assert not {(match.type, *match.ends) for match in choose(likely, exact)} & known


SAID = [
    ("Iran has supplied the Houthis with drones, according to a panel of United Nations experts.", "United Nations"),
    ("The White House said that Moscow also trains Iranian pilots on the Su-35.", "United States"),
]


@pytest.mark.parametrize("sentence, speaker", SAID)
def test_who_says_a_thing_has_no_part_in_it(sentence: str, speaker: str, nlp: Language, catalogue: Catalogue) -> None:
    evidence = read_text(sentence, nlp, catalogue)
    assert evidence
    assert not [each for each in evidence if any(filler.local.startswith(speaker) for filler in each.fillers[:2])]


def test_a_word_whose_frames_all_fail_makes_no_candidate(nlp: Language, catalogue: Catalogue) -> None:
    text = "Russia gave Syria a warning."  # giving is supplying only where arms are given
    document = read_document(Article("a", "1", "", text, None, None, None, None, "en"), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    types = {
        name
        for sentence in document.doc.sents
        for sight in sights(sentence, cast)
        for name in sight.types
        if sight.trigger.text == "gave"
    }
    assert "SUPPLIES" not in types


def test_the_line_is_a_probability() -> None:
    assert 0.5 <= LEAST < 1


def test_evidence_scores_what_its_match_is_likely(nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(Article("a", "1", "", TEXT, None, None, None, None, "en"), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    likely = {round(match.probability or 0.0, 3) for match in find_likely(document, cast, catalogue)}
    evidence = read_text(TEXT, nlp, catalogue)
    assert {one.score for one in evidence if one.reader == "frames"} == {1.0}
    assert {one.score for one in evidence if one.reader == "learned"} <= likely
    assert {one.reader for one in evidence} == {"frames", "learned"}
