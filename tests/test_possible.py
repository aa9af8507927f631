"""What is not parsed can hold no claim: readings with and without it say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

from kgraph.articles import read_articles
from kgraph.catalogue import Catalogue
from kgraph.reading import read
from kgraph.reading.actors.possible import may_hold_claims
from kgraph.reading.documents import Paragraph, read_document
from kgraph.records import Article
from kgraph.samples import samples

GOLD = sorted(path for path in (Path(__file__).parent / "gold").iterdir() if path.suffix in (".txt", ".html"))


def chosen(text: str, nlp: Language, catalogue: Catalogue) -> list[bool]:
    """Of which paragraphs of a text a tree is wanted."""
    found: list[bool] = []

    def choose(paragraphs: list[Paragraph]) -> list[bool]:
        found.extend(may_hold_claims(paragraphs))
        return found

    read_document(article(text), nlp, catalogue, choose)  # type: ignore[arg-type]
    return found


def article(text: str) -> Article:
    return Article("a", "1", "", text, "2024-05-01")


RUSSIA = "Russia is large."
PARAGRAPHS = [
    ("Israel struck Hezbollah.", True),
    ("Talks with Ankara failed.", True),  # a capital is a state and a city
    ("The rain went on until morning.", False),
    ("But it snowed.", False),  # one who may be somebody
    ("They attacked it.", True),
    ("The group shelled the army.", True),
    ("Russia waited.", False),
    ("Russia attacked them.", True),
    ("Nobody knows what Zembla wants.", True),  # a name that only the model may find
    ("May said nothing.", True),
]


@pytest.mark.parametrize("text, wanted", PARAGRAPHS)
def test_two_who_may_be_somebody_need_a_tree(text: str, wanted: bool, nlp: Language, catalogue: Catalogue) -> None:
    assert chosen(f"{RUSSIA}\n\n{text}", nlp, catalogue)[1] == wanted


def test_where_nobody_is_named_nothing_is_parsed(nlp: Language, catalogue: Catalogue) -> None:
    text = "the guerrillas attacked the army in the morning.\n\nthey killed its commander, and he was buried."
    assert chosen(text, nlp, catalogue) == [False, False]
    reading = read(article(text + " nobody came."), nlp, catalogue)
    assert (reading.actors, reading.mentions, reading.evidence, reading.sentences) == ((), (), (), 3)


def test_a_name_in_a_paragraph_without_a_tree_is_an_actor(nlp: Language, catalogue: Catalogue) -> None:
    text = "Hezbollah waited for an answer.\n\nIt has received missiles from Iran."
    assert chosen(text, nlp, catalogue) == [False, True]
    reading = read(article(text), nlp, catalogue)
    (claim,) = reading.evidence
    assert claim.type == "SUPPLIES" and {f.local.split(" (")[0] for f in claim.fillers[:2]} == {"Iran", "Hezbollah"}
    assert reading.evidence == read(article(text), nlp, catalogue, parse_all=True).evidence


@pytest.mark.parametrize("source", [samples(), *GOLD], ids=lambda source: Path(source).stem)
def test_no_claim_is_lost(source: Path, nlp: Language, catalogue: Catalogue) -> None:
    for one in read_articles([source]):
        if isinstance(one, Article):
            assert read(one, nlp, catalogue).evidence == read(one, nlp, catalogue, parse_all=True).evidence
