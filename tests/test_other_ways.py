"""What kgraph is measured against, too: names joined by the verb between them."""

from __future__ import annotations

import pytest
from other_ways import VERBS, subject_verb_object
from spacy.language import Language

from kgraph.schema import load_schema

CASES = [
    ("Russia attacked Ukraine.", {("ATTACKS", "Russia", "Ukraine")}),
    ("Russian troops attacked Ukraine.", {("ATTACKS", "Russian", "Ukraine")}),
    ("France and Germany condemned Russia.", {("CONDEMNS", "France", "Russia"), ("CONDEMNS", "Germany", "Russia")}),
    ("Germany is a member of NATO.", set()),
    ("France signed a treaty with Germany.", set()),
]


@pytest.mark.parametrize("text, expected", CASES)
def test_triples(nlp: Language, text: str, expected: set[tuple[str, str, str]]) -> None:
    found = {(VERBS[verb.lemma_], one.text, other.text) for verb, one, other in subject_verb_object(nlp(text))}
    assert found == expected


def test_every_verb_gives_a_relation_of_the_schema() -> None:
    assert set(VERBS.values()) <= load_schema().keys()
