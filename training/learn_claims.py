"""Learns the weights of kgraph/reading/claims/learned.npz from annotated articles, and says what they bring on others.

    python -m pip install scikit-learn
    python training/learn_claims.py GOLD_FOLDER… [--windows TEXTS.json ANNOTATIONS.jsonl…] [--exclude REGEX] [--write]

A gold folder holds articles and, beside each, a YAML file of its actors and claims. Annotated windows are texts (a JSON list
of id and text) and lines {id, actors, claims}. What is learned from is not part of this repository; the script is, so that
the weights can be made again from other annotations. Figures are by five-fold cross-validation over whole articles.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kgraph.articles import read_articles
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.reading.actors import find_cast
from kgraph.reading.claims.candidates import Sight, sights
from kgraph.reading.claims.choice import SURER
from kgraph.reading.claims.frames import find_matches
from kgraph.reading.claims.learned import BOTH, FIRST, LEAST, PAIR, SECOND, TYPE, WORD
from kgraph.reading.documents import read_document
from kgraph.reading.language_model import load_model
from kgraph.reading.mentions import find_names
from kgraph.records import Article
from kgraph.schema import load_schema

SCHEMA = load_schema()
HARDNESS = 0.2  # the regression's C; between 0.1 and 0.3 the figures hardly differ
RARE = 3  # a feature seen in fewer candidates is left out
OPTIONAL = 0.6  # how much a claim counts that a careful reader may leave out
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """What a reader found: the type, the names of both ends, words of the sentence, the word that makes it."""

    type: str
    first: frozenset[str] | None
    second: frozenset[str] | None
    words: str
    trigger: str
    optional: bool


@dataclass(slots=True)
class Row:
    """A candidate with what a reader says of it: 1 a claim, 0 none, -1 a claim that another word makes."""

    names: list[tuple[str, str]]
    label: int
    optional: bool
    claim: tuple[str, str, str]
    gold: tuple[int, ...]
    sentence: int


@dataclass(slots=True)
class Annotated:
    """An article with its gold, its candidates, and what the frames give (with the gold that it meets)."""

    key: str
    gold: list[Claim]
    rows: list[Row] = field(default_factory=list)
    frames: list[tuple[tuple[str, str, str], tuple[int, ...], int]] = field(default_factory=list)


# Reading what is annotated. ------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", re.sub(r"\bthe\b", " ", text))


def known_by(actors: list[dict[str, Any]]) -> dict[str, frozenset[str]]:
    return {a["name"]: frozenset(map(plain, [a["name"], *(a.get("also") or [])])) for a in actors}


def names_of(value: Any, known: dict[str, frozenset[str]]) -> frozenset[str] | None:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return frozenset().union(*(known.get(name, frozenset([plain(name)])) for name in values)) if values else None


def from_folder(folder: Path, exclude: re.Pattern[str]) -> Iterator[tuple[Article, list[Claim]]]:
    for path in sorted(folder.glob("*.yaml")):
        if exclude.search(path.stem):
            continue
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        known, claims = known_by(data["actors"]), []
        for entry in data["claims"]:
            roles = ("a", "b") if SCHEMA[entry["type"]].symmetric else SCHEMA[entry["type"]].key_roles
            one, other = (names_of(entry.get(role), known) for role in roles)
            claims.append(Claim(entry["type"], one, other, plain(entry.get("words") or ""), "", "optional" in entry))
        yield from ((a, claims) for a in read_articles([folder / data["article"]]) if isinstance(a, Article))


def from_windows(texts: Path, annotations: Iterable[Path]) -> Iterator[tuple[Article, list[Claim]]]:
    by_id = {entry["id"]: entry["text"] for entry in json.loads(texts.read_text(encoding="utf-8"))}
    lines = [line for path in annotations for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for data in (entry for entry in map(json.loads, lines) if entry["id"] in by_id):
        known = known_by(data["actors"])
        claims = [
            Claim(
                c["type"],
                names_of(c["first"], known),
                names_of(c["second"], known),
                plain(c.get("w") or ""),
                plain(c.get("t") or ""),
                bool(c.get("o")),
            )
            for c in data["claims"]
            if c["type"] in SCHEMA
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{data['id']}.txt"
            path.write_text(by_id[data["id"]], encoding="utf-8")
            yield from ((a, claims) for a in read_articles([path]) if isinstance(a, Article))


def from_schema() -> Iterator[tuple[Article, list[Claim]]]:
    """The examples beside the frames: what they say, and what looks alike and does not."""
    with tempfile.TemporaryDirectory() as folder:
        for relation in SCHEMA.values():
            told = {sentence: tuple(map(str.strip, words.split(">"))) for sentence, words in relation.holds}
            for number, sentence in enumerate((*told, *relation.lookalikes)):
                path = Path(folder) / f"{relation.name} {number}.txt"
                path.write_text(sentence, encoding="utf-8")
                ends = [frozenset([plain(name)]) for name in told.get(sentence, ())]
                claims = [Claim(relation.name, *ends, plain(sentence), "", False)] if ends else []
                yield from ((a, claims) for a in read_articles([path]) if isinstance(a, Article))


# Candidates with their labels. ---------------------------------------------------------------------------------------


def annotate(article: Article, gold: list[Claim], nlp: Any, catalogue: Catalogue) -> Annotated:
    document = read_document(article, nlp, catalogue)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    names = {}
    for local, actor in cast.actors.items():
        entry = catalogue.entries.get(actor.entry or "")
        also = (entry.name, *entry.aliases) if entry else ()
        names[local] = frozenset(map(plain, (actor.name, *actor.forms, *also)))

    def meets(type_: str, one: str, other: str) -> tuple[int, ...]:
        return tuple(n for n, claim in enumerate(gold) if is_meant(claim, type_, names[one], names[other]))

    found = Annotated(article.key, gold)
    for match in find_matches(document, cast, catalogue):
        claim = (match.type, *match.ends)
        found.frames.append((claim, meets(*claim), match.trigger.sent.start))
    for sentence in document.doc.sents:
        text = plain(sentence.text)
        here = {n for n, claim in enumerate(gold) if stands_in(claim.words, text)}
        for sight in sights(sentence, cast):
            found.rows += rows(sight, gold, here, meets, sentence.start)
    return found


def is_meant(claim: Claim, type_: str, one: frozenset[str], other: frozenset[str]) -> bool:
    if claim.type != type_ or claim.first is None or claim.second is None:
        return False
    straight = bool(one & claim.first and other & claim.second)
    return straight or (SCHEMA[type_].symmetric and bool(one & claim.second and other & claim.first))


def stands_in(words: str, text: str) -> bool:
    return words in text or (len(words) > 20 and (words[:16] in text or words[-16:] in text))


def rows(sight: Sight, gold: list[Claim], here: set[int], meets: Any, sentence: int) -> Iterator[Row]:
    trigger = plain(sight.trigger.text)
    for type_ in sight.types:
        for a, b in sight.pairs[type_]:
            claim = (type_, sight.ends[a].reference.local, sight.ends[b].reference.local)
            fits = meets(*claim)
            made = [
                n
                for n in fits
                if n in here and (gold[n].trigger == trigger if gold[n].trigger else trigger in gold[n].words)
            ]
            label = 1 if made else -1 if fits else 0
            optional = all(gold[n].optional for n in made)
            yield Row(list(columns(sight, a, b, type_)), label, optional, claim, fits, sentence)


def columns(sight: Sight, a: int, b: int, type_: str) -> Iterator[tuple[str, str]]:
    """The weights that a candidate sums: every feature for all types of its direction, and for its own type."""
    direction = str(int(SCHEMA[type_].symmetric))
    parts = (WORD, sight.of_word), (TYPE, sight.of_types[type_]), (FIRST, sight.of_ends[a]), (SECOND, sight.of_ends[b])
    for group, features in (*parts, (PAIR, sight.of_pairs[a, b]), (BOTH, sight.of_both(a, b))):
        for feature in features:
            yield f"{group} {feature}", direction
            yield f"{group} {feature}", type_


# Learning and measuring. ---------------------------------------------------------------------------------------------


class Table:
    """All candidates as one sparse matrix, with the article that each is from."""

    def __init__(self, articles: list[Annotated]) -> None:
        index: dict[tuple[str, str], int] = {}
        places, starts = [], [0]
        self.rows = [(n, row) for n, article in enumerate(articles) for row in article.rows]
        for _, row in self.rows:
            places += [index.setdefault(name, len(index)) for name in row.names]
            starts.append(len(places))
        ones = numpy.ones(len(places))
        matrix = csr_matrix((ones, numpy.array(places, "i4"), numpy.array(starts, "i4")), (len(self.rows), len(index)))
        matrix.sum_duplicates()
        matrix.data[:] = 1
        often = numpy.flatnonzero(numpy.asarray(matrix.sum(axis=0)).ravel() >= RARE)
        names = list(index)
        self.names = [names[n] for n in often]
        self.matrix = matrix[:, often]
        self.article = numpy.array([n for n, _ in self.rows])
        self.label = numpy.array([row.label for _, row in self.rows])
        self.counts = numpy.array([OPTIONAL if row.label == 1 and row.optional else 1.0 for _, row in self.rows])

    def learn(self, chosen: numpy.ndarray) -> LogisticRegression:
        mask = chosen & (self.label >= 0)
        model = LogisticRegression(C=HARDNESS, solver="liblinear", max_iter=100, tol=1e-3)
        return model.fit(self.matrix[mask], self.label[mask], sample_weight=self.counts[mask])


def cross_validated(table: Table, count: int) -> numpy.ndarray:
    """The probability of each candidate by weights that have not seen its article."""
    probability = numpy.zeros(len(table.rows))
    for fold in range(FOLDS):
        test = table.article % FOLDS == fold
        if test.any():
            probability[test] = table.learn(~test).predict_proba(table.matrix[test])[:, 1]
    return probability


def measure(articles: list[Annotated], table: Table, probability: numpy.ndarray, least: float) -> str:
    """Precision, recall and F1 of frames and learned claims together; above a probability of 1 of the frames alone."""
    likely: dict[int, list[tuple[float, Row]]] = defaultdict(list)
    for (n, row), p in zip(table.rows, probability, strict=True):
        if p >= least:
            likely[n].append((p, row))
    found = right = hit = required = 0
    for n, article in enumerate(articles):
        claims: dict[tuple[str, ...], set[int]] = defaultdict(set)
        taken: dict[tuple[int, frozenset[str]], set[str]] = defaultdict(set)
        for claim, gold, sentence in article.frames:
            claims[identity(claim)].update(gold)
            taken[sentence, frozenset(claim[1:])].add(claim[0])
        for p, row in sorted(likely[n], key=lambda each: -each[0]):
            types = taken[row.sentence, frozenset(row.claim[1:])]
            if row.claim[0] not in types and (not types or p >= SURER):
                types.add(row.claim[0])
                claims[identity(row.claim)].update(row.gold)
        met = set().union(*claims.values()) if claims else set()
        wanted = {i for i, claim in enumerate(article.gold) if not claim.optional}
        found, right = found + len(claims), right + sum(map(bool, claims.values()))
        hit, required = hit + len(met & wanted), required + len(wanted)
    precision, recall = right / max(found, 1), hit / max(required, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  ({right} of {found} right)"


def identity(claim: tuple[str, str, str]) -> tuple[str, ...]:
    return (claim[0], *sorted(claim[1:])) if SCHEMA[claim[0]].symmetric else claim


def write(table: Table, model: LogisticRegression, path: Path) -> None:
    """The weights in the form that kgraph/reading/claims/learned.py reads."""
    weights = model.coef_[0].astype(numpy.float16)
    names = sorted({name for (name, _), weight in zip(table.names, weights, strict=True) if weight})
    rows, types = {name: n for n, name in enumerate(names)}, list(SCHEMA)
    shared = numpy.zeros((len(names), 2), numpy.float16)
    typed = []
    for (name, column), weight in zip(table.names, weights, strict=True):
        if weight and column in ("0", "1"):
            shared[rows[name], int(column)] = weight
        elif weight:
            typed.append((rows[name], types.index(column), weight))
    bias = numpy.float16(model.intercept_[0])
    shared[rows[f"{WORD} bias"]] += bias
    numpy.savez_compressed(
        path,
        names=numpy.frombuffer("\n".join(names).encode(), numpy.uint8),
        types=numpy.frombuffer(" ".join(types).encode(), numpy.uint8),
        shared=shared,
        typed_row=numpy.array([row for row, _, _ in typed], "i4"),
        typed_column=numpy.array([column for _, column, _ in typed], "i1"),
        typed=numpy.array([weight for _, _, weight in typed], numpy.float16),
    )
    print(f"{len(names)} features, {len(typed)} weights of single types, {path.stat().st_size / 1e6:.2f} MB: {path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--windows", nargs="+", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--exclude", default="^$", type=re.compile, help="articles by name that are never read")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    nlp, catalogue = load_model(), load_catalogue()
    pairs = [pair for folder in options.folders for pair in from_folder(folder, options.exclude)]
    pairs += [pair for texts, *lines in options.windows for pair in from_windows(texts, lines)]
    pairs += from_schema()
    articles = [annotate(article, gold, nlp, catalogue) for article, gold in pairs]
    table = Table(articles)
    print(f"{len(articles)} articles, {len(table.rows)} candidates, {(table.label == 1).sum()} of them claims")
    probability = cross_validated(table, len(articles))
    print(f"frames alone             {measure(articles, table, probability, 1.1)}")
    for least in sorted({0.3, 0.4, 0.5, LEAST, 0.6, 0.7, 0.8}):
        print(f"with learned from {least:.2f}   {measure(articles, table, probability, least)}")
    if options.write:
        model = table.learn(numpy.ones(len(table.rows), bool))
        write(table, model, Path(__file__).parent.parent / "kgraph" / "reading" / "claims" / "learned.npz")


if __name__ == "__main__":
    main()
