"""Readers of claims: each line of the table is a function, and evidence says which of them gave it."""

from __future__ import annotations

from importlib.resources import files

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.errors import UsageError
from kgraph.reading import read
from kgraph.reading.actors import find_cast
from kgraph.reading.documents import read_document
from kgraph.reading.mentions import find_names
from kgraph.reading.readers import DEFAULT_READERS, READERS, find_reader
from kgraph.records import Article

TEXT = (
    "The warlord's men, armed and paid by Tehran, have fought the Saudi air force for years. "
    "Riyadh has pounded Houthi positions since March, and Washington stands firmly behind its Saudi ally."
)
ARTICLE = Article("a", "1", "", TEXT)


@pytest.mark.parametrize("name", READERS)
def test_what_a_reader_finds_bears_its_name(name: str, nlp: Language, catalogue: Catalogue) -> None:
    document = read_document(ARTICLE, nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    found = list(find_reader(name)(document, cast, catalogue))
    assert found and {match.reader for match in found} == {name}
    starts = [match.trigger.sent.start for match in found]
    assert starts == sorted(starts)


def test_the_data_of_readers_are_there() -> None:
    for reader in READERS.values():
        assert all(files(reader.module.rpartition(".")[0]).joinpath(name).is_file() for name in reader.data)


def test_evidence_says_which_reader_gave_it(nlp: Language, catalogue: Catalogue) -> None:
    both = read(ARTICLE, nlp, catalogue).evidence
    assert {(each.reader, each.frame.endswith(" encoder")) for each in both} == {("frames", False), ("encoder", True)}
    assert all(0 < each.score < 1 and each.score == round(each.score, 3) for each in both)
    assert read(ARTICLE, nlp, catalogue, readers=DEFAULT_READERS).evidence == both


@pytest.mark.parametrize("name", READERS)
def test_one_reader_reads_alone(name: str, nlp: Language, catalogue: Catalogue) -> None:
    evidence = read(ARTICLE, nlp, catalogue, readers=(name,)).evidence
    assert evidence and {each.reader for each in evidence} == {name}


def test_what_both_find_is_said_once(nlp: Language, catalogue: Catalogue) -> None:
    frames, encoder, both = (
        {(each.start, each.type, *(filler.local for filler in each.fillers[:2])) for each in read(ARTICLE, nlp, catalogue, readers=readers).evidence}
        for readers in (("frames",), ("encoder",), DEFAULT_READERS)
    )  # fmt: skip
    assert frames & encoder and both <= frames | encoder
    again = read(ARTICLE, nlp, catalogue).evidence
    assert len(again) == len(both)


def test_nobody_reads_by_an_unknown_name(nlp: Language, catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="reader nobody: there is none of that name; choose among frames, encoder"):
        read(ARTICLE, nlp, catalogue, readers=("nobody",))
