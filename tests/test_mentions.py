"""Names in a text: known ones whole and longest first, designations by their form, the model's trimmed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.records import Article

# A text, and the names in it as "words (Kind)"; "entry" names what the catalogue knows them as.
NAMES = [
    ("Syria thanked Russia.", ["Syria (State)", "Russia (State)"]),
    ("They asked us about the US.", ["US (State)"]),
    ("North Korea warned South Korea.", ["North Korea (State)", "South Korea (State)"]),
    ("Nigeria borders Niger.", ["Nigeria (State)", "Niger (State)"]),
    ("South Sudan left Sudan.", ["South Sudan (State)", "Sudan (State)"]),
    ("Su-24 jets are not Su-27 jets.", ["Su-24 (WeaponSystem)", "Su-27 (WeaponSystem)"]),
    ("The S-300s arrived.", ["S-300s (WeaponSystem)"]),
    ("A new Zolfaqar-9 missile was shown.", ["Zolfaqar-9 (WeaponSystem)"]),
    ("The 93rd Mechanized Brigade held.", ["93rd Mechanized Brigade (Organization)"]),
    ("The tanker Ocean Pearl was boarded.", ["Ocean Pearl (WeaponSystem)"]),
    ("The US-led talks failed.", ["US (State)"]),
    ("U.S. officials agreed.", ["U.S. (State)"]),
    ("Nicolás Maduro spoke.", ["Nicolás Maduro (Person)"]),
    ("Covid-19 spread.", []),
    # kinds by the words of a name and beside it
    ("They left Tarnova Military Airfield at dawn.", ["Tarnova Military Airfield (Place)"]),
    ("They shelled the village of Kharab Zeitun on Monday.", ["Kharab Zeitun (Place)"]),
    ("Shells fell near Beni Kharif.", ["Beni Kharif (Place)"]),
    ("The rebel group Sahel Vanguard attacked.", ["Sahel Vanguard (Group)"]),
    ("Nato met, and so did Unicef.", ["Nato (Organization)", "Unicef (Organization)"]),
    # a surname that comes back is the same person, whatever the model takes it for
    ("Senator Odo Branwick flew home. Branwick slept.", ["Odo Branwick (Person)", "Branwick (Person)"]),
    ("They named Ren Jung-taek as envoy.", ["Ren Jung-taek (Person)"]),
    # bodies in full
    ("They joined the Supreme Council for Border Trade.", ["Supreme Council for Border Trade (Organization)"]),
    ("They sued the Ministry of Mines and Energy.", ["Ministry of Mines and Energy (Organization)"]),
    ("They left the Dune Liberation Front.", ["Dune Liberation Front (Group)"]),
    ("The Foreign Ministry spoke.", []),
    # deals and texts are nobody
    ("They signed the Reciprocal Access Agreement in Manila.", ["Manila (State)"]),
]


@pytest.mark.parametrize("text, names", NAMES, ids=[text for text, _ in NAMES])
def test_names(text: str, names: list[str], nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    found = [f"{document.doc[name.start : name.end].text} ({name.kind})" for name in find_names(document, catalogue)]
    assert all(name in found for name in names), found
    assert len(found) == len(names) or names, found


def test_names_do_not_overlap(nlp: Language, catalogue: Catalogue) -> None:
    text = "The University of Aleppo in Syria hosted Kim Jong Un and Kim Yo Jong of North Korea's Workers' Party."
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    names = find_names(document, catalogue)
    assert all(one.end <= other.start for one, other in pairwise(names))


def test_a_known_name_is_one_token(nlp: Language, catalogue: Catalogue) -> None:
    text = "Bashar al-Assad met Hassan Nasrallah."
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    assert [token.text for token in document.doc] == ["Bashar al-Assad", "met", "Hassan Nasrallah", "."]
    assert all(text[document.start(token) : document.end(token)] == token.text for token in document.doc)
