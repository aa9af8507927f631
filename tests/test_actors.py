"""Reference inside an article: whom pronouns, descriptions and owned things stand for, and when they stand for nobody."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kgraph.actors import find_cast
from kgraph.catalogue import Catalogue
from kgraph.documents import read_document
from kgraph.mentions import find_names
from kgraph.model import Article

# A text, a word of it (the last one of that spelling), and whom it stands for ("" for nobody).
CASES = [
    # pronouns
    ("Iran denied it. It has armed Hezbollah.", "It", "Iran"),
    ("Hezbollah fired rockets. It did not say why.", "It", "Hezbollah"),
    ("Vladimir Putin flew to Tehran. He met nobody.", "He", "Vladimir Putin"),
    ("The Houthis shelled Marib. They retreated.", "They", "Houthis"),
    ("Egypt supports Sudan, and Iran has sent it drones.", "it", "Egypt"),
    ("Syria asked Russia to help it.", "it", "Syria"),
    # never the subject of its own clause
    ("Iran attacked it.", "it", ""),
    ("Israel struck it on Monday.", "it", ""),
    # relative pronouns
    ("Hamas, which attacked Israel, is armed.", "which", "Hamas"),
    ("The tanks of Rwanda, which denies it, rolled on.", "which", "Rwanda"),
    # owners
    ("Hezbollah fighters crossed the river.", "fighters", "Hezbollah"),
    ("Syrian bases were bombed.", "bases", "Syria"),
    ("Iranian officials met.", "officials", "Iran"),
    ("Israeli and Syrian officials met.", "officials", "Syria + Israel"),
    ("Hamas hid. Its fighters fled.", "fighters", "Hamas"),
    # descriptions and appositions
    ("Hamas, the group behind the attack, hid.", "group", "Hamas"),
    ("The rebel group M23 took Goma.", "group", "M23"),
    ("Hezbollah lost men. The Lebanese group said nothing.", "group", "Hezbollah"),
    ("NATO met in Rome. The alliance was silent.", "alliance", "NATO"),
    ("Baykar sold drones. The company is Turkish.", "company", "Baykar"),
    ("Russia sent S-300s. The missile system works.", "system", "S-300"),
    ("Officials spoke of an air-defence system. The Pantsir is Russian.", "system", "SA-22"),
    # two at once
    ("Israel and Hamas talked. Both sides left.", "sides", "Israel + Hamas"),
    ("India and Pakistan talked. The two countries left.", "countries", "India + Pakistan"),
    ("Soldiers of the Malian Army were sent north. They met nobody.", "They", "Malian Armed Forces"),
    ("US-backed fighters crossed the river.", "fighters", ""),
    ("The YPG held the town. Turkey shelled Kurdish militants.", "militants", "YPG"),
    # we: whom the speaker speaks for
    ('"We will never yield," Vladimir Putin said in Russia.', "We", "Russia"),
    ('"Our drones flew first," said Norwegian Defence Minister Odd Larsen.', "Our", "Norway"),
    ('"We won," Hezbollah said.', "We", "Hezbollah"),
    ("Canada strongly condemns the attack on Oslo. We stand with its people.", "We", "Canada"),
    # nobody
    ("We walked along the shore of Crimea.", "We", ""),
    ('"We heard a blast," a resident of Kharkiv said.', "We", ""),
    ("The coalition government of Sweden fell.", "coalition", ""),
    ("A group of men left.", "group", ""),
    ("Two countries left.", "countries", ""),
    ("The missile missed.", "missile", ""),
    ("Analysts met. They left.", "They", ""),
    ("Iran met Hamas. The Colombian group left.", "group", ""),
]


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
