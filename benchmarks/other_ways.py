"""What two other ways find in the same articles, by the same scoreboard.

    python benchmarks/other_ways.py [FOLDER...] [--model NAME]

- Subject, verb, object: the model's own names, joined by the verb of which one is subject and the other object, and the
  verb looked up in a table. No reference, no nominalisations, no status: what an afternoon gives.
- kgraph itself with a stronger model: the one named, else every spaCy pipeline for English that is installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy.util
from score import Part, article_of, parts_of, read, table
from scoring import scores
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kgraph.articles import read_articles
from kgraph.reading.language_model import load_model
from kgraph.records import Article
from kgraph.schema import load_schema

VERBS = {  # verb → the relation between its subject and its object
    verb: kind
    for kind, verbs in {
        "SUPPLIES": "arm equip supply",
        "TRAINS": "train advise",
        "FUNDS": "fund finance pay",
        "HOSTS": "host shelter receive",
        "SUPPORTS": "support back help defend protect",
        "MEMBER_OF": "join",
        "LEADS": "lead head command chair",
        "CONTROLS": "control hold govern",
        "MANUFACTURES": "make build produce develop manufacture",
        "POSSESSES": "have own operate use fire field",
        "MEETS_WITH": "meet visit",
        "ATTACKS": "attack strike bomb shell raid hit kill shoot ambush",
        "FIGHTS": "fight battle",
        "SEIZES": "seize capture take occupy",
        "DETAINS": "detain arrest abduct kidnap",
        "THREATENS": "threaten warn",
        "SANCTIONS": "sanction blacklist designate",
        "CONDEMNS": "condemn accuse blame criticize denounce",
        "CUTS_TIES_WITH": "leave quit expel suspend",
    }.items()
    for verb in verbs.split()
}
KINDS = {
    "GPE": "State",
    "NORP": "State",
    "ORG": "Organization",
    "PERSON": "Person",
    "LOC": "Place",
    "FAC": "Place",
    "PRODUCT": "WeaponSystem",
}
SUBJECTS = ("nsubj", "nsubjpass")
OBJECTS = ("dobj", "dative", "attr")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="*", type=Path, default=[Path(__file__).parent.parent / "tests" / "gold"])
    options.add_argument("--model", help="a spaCy pipeline that is installed")
    chosen = options.parse_args()
    for part in parts_of(chosen.folders):
        print("\n".join(table(list(ways(part, [chosen.model] if chosen.model else stronger_models())))))
    if not chosen.model and not stronger_models():
        print("\nNo stronger model is installed: python -m spacy download en_core_web_lg, or name one with --model.")


def ways(part: Part, models: list[str]) -> Iterator[tuple[Part, Any]]:
    """The figures of every way on some articles."""
    yield Part("subject, verb, object", part.files), scores(part.files, triples(part.files, load_model()))
    for model in (None, *models):
        yield Part(f"kgraph, {model or 'its model'}"[:28], part.files), scores(part.files, read(part.files, model))


def stronger_models() -> list[str]:
    """The larger English pipelines that are installed."""
    return [name for name in spacy.util.get_installed_models() if name.startswith("en_") and "_sm" not in name]


def triples(files: tuple[Path, ...], nlp: Language) -> Iterator[dict[str, Any]]:
    """Claims and actors of some articles, as `kgraph claims` and `kgraph actors` print theirs."""
    for article in read_articles([article_of(path) for path in files]):
        if isinstance(article, Article):
            name = Path(article.path or article.key).name
            doc = nlp(article.text)
            for entity in doc.ents:
                if entity.label_ in KINDS:
                    yield {"actor": _actor(entity), "articles": [name]}
            yield from (_line(name, *triple) for triple in subject_verb_object(doc))


def subject_verb_object(doc: Doc) -> Iterator[tuple[Token, Span, Span]]:
    """Verbs of the table with a name in their subject and one in their object."""
    for verb in doc:
        if verb.pos_ == "VERB" and verb.lemma_ in VERBS:
            for one in _named(verb, SUBJECTS):
                for other in _named(verb, OBJECTS):
                    yield verb, one, other


def _named(verb: Token, roles: tuple[str, ...]) -> Iterator[Span]:
    """The names in the phrases that are in a role of a verb, or coordinated with one: also before the head of a phrase."""
    heads = [each for child in verb.children if child.dep_ in roles for each in (child, *child.conjuncts)]
    inside = {place for head in heads for place in range(head.left_edge.i, head.i + 1)}
    return (name for name in verb.doc.ents if name.label_ in KINDS and name.root.i in inside)


def _actor(name: Span) -> dict[str, Any]:
    return {"name": name.text, "kind": KINDS[name.label_], "aliases": []}


def _line(article: str, verb: Token, one: Span, other: Span) -> dict[str, Any]:
    evidence = {"article": article, "start": verb.idx, "status": "asserted"}
    return {"type": VERBS[verb.lemma_], "roles": _roles(VERBS[verb.lemma_], one, other), "evidence": [evidence]}


def _roles(kind: str, one: Span, other: Span) -> dict[str, list[dict[str, Any]]]:
    first, second = load_schema()[kind].key_roles
    if first == second:
        return {first: [_actor(one), _actor(other)]}
    return {first: [_actor(one)], second: [_actor(other)]}


if __name__ == "__main__":
    main()
