"""Claims in every construction: who, whom, with what, through whom. Sentences of our own."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading import read
from kgraph.records import Article, Evidence

# A sentence, and what it must give: "TYPE first > second; role filler" (several joined by " + "), or "" for nothing.
CONSTRUCTIONS = [
    # active, passive, with and without an agent
    ("Germany delivered IRIS-T systems to Ukraine.", "SUPPLIES Germany > Ukraine; item IRIS-T"),
    ("IRIS-T systems were delivered to Ukraine by Germany.", "SUPPLIES Germany > Ukraine; item IRIS-T"),
    ("Ukraine was supplied with IRIS-T systems by Germany.", "SUPPLIES Germany > Ukraine; item IRIS-T"),
    ("Hezbollah was attacked by Israel.", "ATTACKS Israel > Hezbollah"),
    # two objects
    ("France sent Ukraine CAESAR howitzers.", "SUPPLIES France > Ukraine; item CAESAR"),
    ("Kyiv was promised Patriot batteries by Washington.", "SUPPLIES United States > Ukraine; item Patriot"),
    # relative clauses and participles
    ("Syria, which received S-300s from Russia, thanked the Kremlin.", "SUPPLIES Russia > Syria; item S-300"),
    ("The S-300s that Russia shipped to Syria have arrived.", "SUPPLIES Russia > Syria; item S-300"),
    ("Missiles supplied by Iran to the Houthis hit Eilat.", "SUPPLIES Iran > Houthis"),
    ("Hamas, funded by Qatar, rejected the plan.", "FUNDS Qatar > Hamas"),
    # converse verbs
    ("Egypt bought Rafale jets from France.", "SUPPLIES France > Egypt; item Rafale"),
    ("Mali acquired Bayraktar TB2 drones from Turkey.", "SUPPLIES Turkey > Mali; item Bayraktar TB2"),
    # nominalisations and possessives
    ("Russia's delivery of S-400s to India drew criticism.", "SUPPLIES Russia > India; item S-400"),
    ("The sale of F-16s to Turkey by the United States was approved.", "SUPPLIES United States > Turkey; item F-16"),
    ("Israeli strikes on Hezbollah continued.", "ATTACKS Israel > Hezbollah"),
    ("Turkey's support for Azerbaijan grew.", "SUPPORTS Turkey > Azerbaijan"),
    ("The alliance between Russia and Belarus is old.", "ALLIED_WITH Belarus > Russia"),
    # light verbs
    ("Israel carried out a strike on Hezbollah.", "ATTACKS Israel > Hezbollah"),
    ("The United States imposed sanctions on Russia.", "SANCTIONS United States > Russia"),
    ("Canada provides training to Ukraine.", "TRAINS Canada > Ukraine"),
    ("Hodeidah came under attack from Israel.", "ATTACKS Israel > Hudaydah"),
    ("Hezbollah receives support from Iran.", "SUPPORTS Iran > Hezbollah"),
    # coordination
    ("Britain and France sanctioned Iran.", "SANCTIONS United Kingdom > Iran + SANCTIONS France > Iran"),
    ("Iran has funded and equipped Hezbollah.", "FUNDS Iran > Hezbollah + SUPPLIES Iran > Hezbollah"),
    ("Russia attacked Kyiv and Odesa.", "ATTACKS Russia > Kyiv + ATTACKS Russia > Odesa"),
    # control, raising, causatives
    ("Poland agreed to train Ukraine.", "TRAINS Poland > Ukraine"),
    ("Iran is believed to have armed Hezbollah.", "SUPPLIES Iran > Hezbollah"),
    ("Russia ordered Wagner to attack Ukraine.", "ATTACKS Wagner Group > Ukraine"),
    ("Israel accused Iran of arming Hezbollah.", "CONDEMNS Israel > Iran + SUPPLIES Iran > Hezbollah"),
    # compound modifiers and titles
    ("Iran-backed Hezbollah denied it.", "SUPPORTS Iran > Hezbollah"),
    ("The Turkish-made Bayraktar TB2 crashed.", "MANUFACTURES Turkey > Bayraktar TB2"),
    ("Hezbollah leader Naim Qassem spoke.", "LEADS Naim Qassem > Hezbollah"),
    # apposition and copula
    ("Hezbollah, an ally of Hamas, stayed out.", "ALLIED_WITH Hamas > Hezbollah"),
    ("Iran is Syria's main backer.", "SUPPORTS Iran > Syria"),
    ("The Radwan Force, a unit of Hezbollah, was hit.", "MEMBER_OF Radwan Force > Hezbollah"),
    # several places
    ("Russia attacked Kyiv with Shahed-136 drones.", "ATTACKS Russia > Kyiv; weapon Shahed-136"),
    ("Oman mediated between Iran and the United States.", "MEDIATES Oman > Iran + MEDIATES Oman > United States"),
    ("Putin met Xi Jinping in Beijing.", "MEETS_WITH Vladimir Putin > Xi Jinping; place Beijing"),
    ("Ukraine used HIMARS to hit Russian depots.", "ATTACKS Ukraine > Russia; weapon HIMARS"),
    ("The strike, with Iskander missiles, was Russia's third attack on Odesa.", "ATTACKS Russia > Odesa; weapon Iskander"),
    ("Qassem Soleimani was killed in a US strike in Baghdad.", "ATTACKS United States > Qassem Soleimani; place Baghdad"),
    ("The UAE denied sending weapons to the RSF.", "SUPPLIES United Arab Emirates > Rapid Support Forces"),
    ("Mali has ended its defence agreement with France.", "CUTS_TIES_WITH Mali > France"),
    # what is none
    ("Russia and Iran were discussed.", ""),
    ("The fighting cut supply lines to Syria.", ""),
    ("Germany sent a letter to Ukraine.", ""),
]


@pytest.mark.parametrize("sentence, expected", CONSTRUCTIONS, ids=[sentence for sentence, _ in CONSTRUCTIONS])
def test_construction(sentence: str, expected: str, nlp: Language, catalogue: Catalogue) -> None:
    reading = read(Article("a", "1", "", sentence), nlp, catalogue, readers=("frames",))
    names = {actor.local: actor.name for actor in reading.actors}
    found = {form for row in reading.evidence for form in forms(row, names)}
    if not expected:
        assert not found
    for claim in filter(None, expected.split(" + ")):
        assert claim in found, found


def forms(row: Evidence, names: dict[str, str]) -> set[str]:
    """A claim as the table writes it, with and without its further roles; sides without direction in order."""
    ends = [names[filler.local] for filler in row.fillers[:2]]
    if row.fillers[0].role == row.fillers[1].role:
        ends.sort()
    short = f"{row.type} {' > '.join(ends)}"
    return {short} | {f"{short}; {filler.role} {names[filler.local]}" for filler in row.fillers[2:]}


def test_offsets_give_the_words(nlp: Language, catalogue: Catalogue) -> None:
    text = "Old news.\n\nRussia’s delivery of S-400s to India\ndrew criticism, and Israel struck Hezbollah."
    reading = read(Article("a", "1", "", text), nlp, catalogue)
    assert reading.evidence
    for row in reading.evidence:
        assert text[row.start : row.end] == row.sentence
        assert text[row.trigger_start : row.trigger_end] == row.trigger
        assert all(text[filler.start : filler.end] == filler.surface for filler in row.fillers)
    assert all(text[mention.start : mention.end] == mention.text for mention in reading.mentions)


def test_ids_are_unique_and_the_same_each_time(nlp: Language, catalogue: Catalogue) -> None:
    text = "Oman mediated between Iran and the United States. Israel struck Hezbollah and Hamas in Lebanon."
    one, other = (read(Article("a", "1", "", text), nlp, catalogue) for _ in range(2))
    assert one == other
    assert len({row.evidence_id for row in one.evidence}) == len(one.evidence)
