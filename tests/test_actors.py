"""Reference inside an article: whom pronouns, descriptions and owned things stand for, and when they stand for nobody."""

from __future__ import annotations

import pytest
from reference_cases import CASES
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import find_cast
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.records import Article


@pytest.mark.parametrize("text, word, expected", CASES, ids=[text for text, _, _ in CASES])
def test_reference(text: str, word: str, expected: str, nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    token = [token for token in document.doc if token.text == word][-1]
    found = {cast.actors[reference.local].name for reference in cast.at.get(token.i, ())}
    assert found == set(filter(None, expected.split(" + ")))


# Names of one text that must be different actors, or one.
TRAPS = [
    ("North Korea and South Korea", 2),
    ("Niger and Nigeria", 2),
    ("Sudan and South Sudan", 2),
    ("Guinea and Guinea-Bissau", 2),
    ("the Democratic Republic of the Congo and the Republic of the Congo", 2),
    ("the Su-24 and the Su-27", 2),
    ("the Pantsir and the SA-22", 1),
    ("Hezbollah and Hizbollah", 1),
    ("the Kremlin and Russia", 1),
    ("ISIS and Daesh", 1),
    ("Islamic State and Islamic State Khorasan Province", 2),
    ("the Russian Ministry of Defence and the Ukrainian Ministry of Defence", 2),
]


@pytest.mark.parametrize("names, actors", TRAPS, ids=[names for names, _ in TRAPS])
def test_who_is_one(names: str, actors: int, nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(Article("a", "1", "", f"They spoke of {names}."), nlp, catalogue)
    assert len(find_cast(document, find_names(document, catalogue), catalogue).actors) == actors


def test_a_short_name_goes_to_the_full_one_before_it(nlp: Language, catalogue: Catalogue) -> None:
    text = "Ferran Oddvik met Milena Harrowby in Oslo. Harrowby left early."
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    people = [
        a.name
        for a in find_cast(document, find_names(document, catalogue), catalogue).actors.values()
        if a.kind == "Person"
    ]
    assert people.count("Milena Harrowby") == 1 and "Harrowby" not in people
