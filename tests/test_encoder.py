"""The reader `encoder`: windows in which every pair of actors is asked about once, and the same figures each time."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from itertools import product

import numpy
import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast, find_cast
from kgraph.reading.claims.encoder.network import find_scored, run
from kgraph.reading.claims.encoder.windows import MARKERS, MOST_PIECES, PIECES, Window, pieces_of, windows
from kgraph.reading.documents import Document, read_document
from kgraph.reading.mentions import find_names
from kgraph.records import Article, Kind
from kgraph.schema import load_schema

Open = Callable[[str], tuple[Document, Cast]]

SHORT = (
    "Iran sent drones to Russia. Its president met Vladimir Putin in Moscow. The weather was fine. Nobody spoke of it."
)
# three sentences in which actors meet, one without, one more: longer than a window
LONG = "\n\n".join(
    f"On day {n}, Israel struck Hezbollah positions near Tyre, and Iran accused the United States of helping it. "
    f"Qatar and Egypt offered to mediate between Israel and Hamas. It rained. Hamas thanked Qatar."
    for n in range(1, 12)
)


@pytest.fixture(scope="module")
def opened(nlp: Language, catalogue: Catalogue) -> Open:
    def opened(text: str) -> tuple[Document, Cast]:
        document = read_document(Article("a", "1", "", text), nlp, catalogue)
        return document, find_cast(document, find_names(document, catalogue), catalogue)

    return opened


def asked(window: Window) -> list[tuple[int, str, int, str]]:
    """The pairs of a window, by where their heads stand and whom they mean."""
    places = [(place.token.i, place.reference.local) for place in window.places]
    return [(*places[a], *places[b]) for a, b in window.pairs]


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
def test_every_two_places_in_neighbouring_sentences_are_asked_about_once(text: str, opened: Open) -> None:
    document, cast = opened(text)
    numbers = {token.i: n for n, sentence in enumerate(document.doc.sents) for token in sentence}
    heads = [(i, r.local) for i, found in cast.at.items() for r in found]
    heads += [(i, r.place) for i, found in cast.at.items() for r in found if r.place]
    near = {
        (*one, *other)
        for one, other in product(heads, heads)
        if one[1] != other[1] and abs(numbers[one[0]] - numbers[other[0]]) <= 1
    }
    counts = Counter(pair for window in windows(document, cast) for pair in asked(window))
    assert set(counts.values()) == {1}
    # what is not asked about is named inside another name
    assert counts.keys() <= near and len(near - counts.keys()) <= 0.05 * len(near)


def test_a_text_longer_than_a_window_has_several(opened: Open) -> None:
    found = list(windows(*opened(LONG)))
    assert len(found) > 2 and max(len(window.pieces) for window in found) <= PIECES + 40


def test_before_every_place_stands_a_marker_of_its_kind(opened: Open) -> None:
    for window in windows(*opened(SHORT + "\n\n" + LONG)):
        assert window.pieces[0] == 101 and window.pieces[-1] == 102
        assert len(window.pieces) == len(window.words)
        for place, marker, start, end in zip(window.places, window.markers, window.starts, window.ends, strict=True):
            assert window.pieces[marker] == MARKERS[place.kind] and window.words[marker] is None
            tokens = [word for word in window.words[start : end + 1] if word is not None]
            assert (tokens[0].i, tokens[-1].i) == (place.reference.start, place.reference.end - 1)
            spelt = [piece for token in dict.fromkeys(tokens) for piece in pieces_of(token.text)]
            assert [p for p in window.pieces[start : end + 1] if p not in MARKERS.values()] == spelt


def test_a_capital_is_asked_about_as_a_state_and_as_a_city(opened: Open) -> None:
    (window,) = windows(*opened("Missiles from Iran fell on Kyiv."))
    assert [(p.reference.local, p.kind) for p in window.places] == [
        ("Iran (State)", Kind.STATE), ("Ukraine (State)", Kind.STATE), ("Kyiv (Place)", Kind.PLACE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "It rained.", "Iran is large. It rains there.", "Iran and the Islamic Republic of Iran."]
)
def test_where_no_two_actors_meet_nothing_is_read(text: str, opened: Open) -> None:
    assert list(windows(*opened(text))) == []


def test_a_sentence_without_end_is_read_as_far_as_the_network_goes(opened: Open) -> None:
    text = "Iran, " + "which is large and old and " * 300 + "far away, struck Israel."
    document, cast = opened(f"Russia armed Iran. {text}")
    found = list(windows(document, cast))
    assert max(len(window.pieces) for window in found) <= MOST_PIECES + 1
    assert all(max(window.ends) < len(window.pieces) - 1 for window in found)


def test_words_without_letters_have_pieces() -> None:
    assert (
        pieces_of("\u0378") == [100]
        and pieces_of("Iran") != pieces_of("Iraq")
        and pieces_of("IRAN") == pieces_of("Iran")
    )
    assert len(pieces_of("a1" * 2000)) <= 40


def test_only_what_the_schema_allows_is_claimed(opened: Open, catalogue: Catalogue) -> None:
    document, cast = opened(SHORT + "\n\n" + LONG)
    for match in find_scored(document, cast, catalogue, 0.0001):
        relation = load_schema()[match.type]
        roles = ("party", "party") if relation.symmetric else relation.key_roles
        kinds = [cast.actors[local].kind for local in match.ends]
        assert all(kind in relation.kinds[role] for kind, role in zip(kinds, roles, strict=True))


def test_a_window_has_the_same_figures_whatever_was_read_before(opened: Open) -> None:
    found = list(windows(*opened(LONG)))
    forward = [run(window) for window in found]
    backward = [run(window) for window in reversed(found)][::-1]
    for one, other in zip(forward, backward, strict=True):
        assert all(numpy.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_claim_is_made_by_a_word_of_its_sentences(opened: Open, catalogue: Catalogue) -> None:
    document, cast = opened(LONG)
    for match in find_scored(document, cast, catalogue, 0.5):
        tokens = [document.doc[reference.start] for _, reference in match.fillers[:2]]
        assert match.trigger.sent.start in {token.sent.start for token in tokens}
        assert any(char.isalnum() for char in match.trigger.text)


def test_who_only_looks_loads_no_network() -> None:
    code = (
        "import kgraph.cli, kgraph.reading, sys; sys.exit('onnxruntime' in sys.modules or 'tokenizers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
