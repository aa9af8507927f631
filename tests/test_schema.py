"""Every frame of schema.yaml: its sentences give the relation, its lookalikes do not."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.reading import read
from kgraph.reading.claims.vocabulary import frames
from kgraph.records import Article
from kgraph.schema import RelationType, load_schema

HOLDS = [(relation, *pair) for relation in load_schema().values() for pair in relation.holds]
LOOKALIKES = [(relation, sentence) for relation in load_schema().values() for sentence in relation.lookalikes]


def claims(sentence: str, nlp: Language, catalogue: Catalogue) -> set[tuple[str, str]]:
    """What the frames say."""
    reading = read(Article("a", "1", "", sentence), nlp, catalogue, readers=("frames",))
    names = {actor.local: actor.name for actor in reading.actors}
    return {(row.type, " > ".join(names[filler.local] for filler in row.fillers[:2])) for row in reading.evidence}


@pytest.mark.parametrize("relation, sentence, actors", HOLDS, ids=[sentence for _, sentence, _ in HOLDS])
def test_sentence_gives_the_relation(
    relation: RelationType, sentence: str, actors: str, nlp: Language, catalogue: Catalogue
) -> None:
    found = claims(sentence, nlp, catalogue)
    either_way = {actors, " > ".join(reversed(actors.split(" > ")))} if relation.symmetric else {actors}
    assert any((relation.name, pair) in found for pair in either_way), found


@pytest.mark.parametrize("relation, sentence", LOOKALIKES, ids=[sentence for _, sentence in LOOKALIKES])
def test_lookalike_does_not(relation: RelationType, sentence: str, nlp: Language, catalogue: Catalogue) -> None:
    assert relation.name not in {type for type, _ in claims(sentence, nlp, catalogue)}


def test_every_relation_has_frames_and_sentences() -> None:
    for relation in load_schema().values():
        assert relation.frames and relation.holds and relation.lookalikes, relation.name
    assert frames()
