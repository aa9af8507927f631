"""Annotated texts → what a reader learns from: windows with the pairs that are claims, those that are not, and those left open.

    python training/examples.py EXAMPLES.jsonl --texts TEXTS.jsonl… --claims CLAIMS.jsonl… [--held-out FILE…] [--workers N]

Texts and claims stand as in `kgraph export --format training` (docs/training.md): {"id", "sents"} and {"id", "actors",
"claims"}. A gold claim is found again where kgraph itself sees both actors in the sentence: by the place of the words, else
by the name of the actor nearest to it. Where place and name do not agree the pair is left open for that type, as are other
places of the text where the same two actors meet, and what the desk that wrote the file left open. Texts that share eight words
in a row with held-out ones (those whose id ends in 7, and those of --held-out) are left out and named: nothing may be learned
from them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from overlaps import load_texts, overlapping

from kgraph.articles import read_articles
from kgraph.catalogue import Catalogue, load_catalogue
from kgraph.reading.actors import Cast, find_cast
from kgraph.reading.actors.possible import may_hold_claims
from kgraph.reading.claims.encoder.windows import KINDS, USES, Window, windows
from kgraph.reading.documents import Document, read_document
from kgraph.reading.language_model import load_model
from kgraph.reading.mentions import find_names
from kgraph.records import Article
from kgraph.schema import load_schema

HELD_OUT = re.compile("7$")  # by their ids
TYPES = tuple(load_schema())
STATUSES = ("asserted", "reported", "planned", "possible", "denied", "negated", "ended")


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of a pair: the type, whether a careful reader may leave it out, its statuses, the pieces of its words."""

    pair: tuple[int, int]
    type: int
    optional: bool
    statuses: tuple[int, ...]
    words: tuple[int, ...]
    claim: int  # which of the text's


@dataclass(slots=True)
class Example:
    """A window in numbers, with what is said there; `open` has the pairs and types of which nothing is known."""

    text: str
    pieces: list[int]
    words: list[int]  # the token of each piece, -1 for markers
    markers: list[int]
    starts: list[int]
    ends: list[int]
    kinds: list[int]
    uses: list[int]
    sentences: list[int]
    locals: list[int]
    pairs: list[tuple[int, int]]
    said: list[Said] = field(default_factory=list)
    open: list[tuple[tuple[int, int], int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with its annotation, and where each of its sentences begins."""

    id: str
    text: str
    sentences: Sequence[str]
    begins: Sequence[int]
    actors: Mapping[str, frozenset[str]]
    claims: Sequence[Mapping[str, Any]]
    undecided: Sequence[Mapping[str, Any]]  # claims of which nothing is known
    unread: Sequence[tuple[int, int]]  # where sentences stand of which nothing is known


def entries_of(path: Path) -> Iterator[dict[str, Any]]:
    """What a file of JSON lines holds."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def load_examples(path: Path) -> Iterator[Example]:
    """The windows of a file that this script wrote, those without a pair left out."""
    for data in entries_of(path):
        said = [Said(**{**each, "pair": tuple(each["pair"])}) for each in data.pop("said")]
        open_ = [((a, b), type_) for (a, b), type_ in data.pop("open")]
        pairs = [(a, b) for a, b in data.pop("pairs")]
        if pairs:
            yield Example(**data, pairs=pairs, said=said, open=open_)


def plain(name: str) -> str:
    """A name without case, accents, punctuation and "the"."""
    text = "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", re.sub(r"\bthe\b", " ", text))


def annotated(texts: Sequence[Path], claims: Sequence[Path]) -> Iterator[Annotated]:
    known = {entry["id"]: entry for path in texts for entry in entries_of(path)}
    for path in claims:
        for entry in entries_of(path):
            if entry["id"] in known:
                sentences = known[entry["id"]]["sents"]
                text, begins, clean = "", [], []
                for number, sentence in enumerate(sentences):
                    words = sentence.lstrip("¶").strip() if sentence.startswith("¶") else sentence
                    if number:
                        text += "\n\n" if sentence.startswith("¶") else " "
                    begins.append(len(text) - (len(sentence) - len(words)))
                    clean.append(sentence)
                    text += words
                actors = {a[0]: frozenset(map(plain, [a[0], *a[2:]])) for a in entry["actors"]}
                unread = [(begins[n - 1], begins[n - 1] + len(clean[n - 1])) for n in entry.get("unread", ())]
                undecided = entry.get("undecided", ())
                yield Annotated(entry["id"], text, clean, begins, actors, entry["claims"], undecided, unread)


def place(words: str, number: int, entry: Annotated) -> tuple[int, int, int] | None:
    """The sentence and the characters of words like "it", "it#2", "@3 the group"; None where they do not stand there."""
    if match := re.match(r"@(\d+) (.*)", words, re.S):
        number, words = int(match[1]), match[2]
    nth = 1
    if match := re.match(r"(.*)#(\d+)$", words, re.S):
        words, nth = match[1], int(match[2])
    if not 1 <= number <= len(entry.sentences) or not words:
        return None
    pattern = r"(?<!\w)" + re.escape(words) + r"(?!\w)"
    found = [*islice(re.finditer(pattern, entry.sentences[number - 1]), nth - 1, nth)]
    begin = entry.begins[number - 1]
    return (number, begin + found[0].start(), begin + found[0].end()) if found else None


@cache
def parts() -> tuple[Any, Catalogue]:
    return load_model(), load_catalogue()


def examples(entry: Annotated) -> tuple[list[Example], dict[str, int]]:
    """The windows of a text; and how its claims were found again."""
    read = as_read(entry)
    if read is None or read[0].article.text != entry.text:
        return [], {"text not read": 1}
    document, cast, names = read
    order = {local: n for n, local in enumerate(cast.actors)}
    made, counts = [], defaultdict[str, int](int)
    met = set[int]()
    for window in windows(document, cast):
        example = _numbers(entry.id, window, order)
        _label(example, window, entry, document, names, met)
        made.append(example)
    whole = [n for n, claim in enumerate(entry.claims) if claim.get("a") and claim.get("b")]
    counts["claims"] = len(whole)
    counts["met"] = len(met & {*whole})
    counts["required"] = sum(not entry.claims[n].get("o") for n in whole)
    counts["required met"] = sum(not entry.claims[n].get("o") for n in met & {*whole})
    return made, counts


def as_read(entry: Annotated) -> tuple[Document, Cast, dict[str, frozenset[str]]] | None:
    """A text as kgraph reads it, and by which names its actors are known; None where it cannot be read."""
    nlp, catalogue = parts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text(entry.text, encoding="utf-8")
        articles = [a for a in read_articles([path]) if isinstance(a, Article)]
    if not articles:
        return None
    document = read_document(articles[0], nlp, catalogue, may_hold_claims)
    cast = find_cast(document, find_names(document, catalogue), catalogue)
    return document, cast, names_of(cast, catalogue)


def names_meant(entry: Annotated, claim: Mapping[str, Any], side: str) -> frozenset[str]:
    """All names that are right for an end of a claim; none where the text leaves it out."""
    meant = [claim[side][0], *(claim.get("alt") or {}).get(side, ())] if claim.get(side) else []
    return frozenset().union(*(entry.actors.get(name, frozenset([plain(name)])) for name in meant))


def names_of(cast: Cast, catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """All by which an actor of the article is known, reduced."""
    names = {}
    for local, actor in cast.actors.items():
        known = catalogue.entries.get(actor.entry or "")
        also = (known.name, *known.aliases) if known else ()
        names[local] = frozenset(map(plain, (actor.name, *actor.forms, *also)))
    return names


def _numbers(text: str, window: Window, order: Mapping[str, int]) -> Example:
    return Example(
        text,
        [*window.pieces],
        [-1 if word is None else word.i for word in window.words],
        [*window.markers],
        [*window.starts],
        [*window.ends],
        [KINDS.index(place.kind) for place in window.places],
        [USES.index(place.reference.use) for place in window.places],
        [place.sentence for place in window.places],
        [order[place.reference.local] for place in window.places],
        [*window.pairs],
    )


def _label(
    example: Example,
    window: Window,
    entry: Annotated,
    document: Document,
    names: Mapping[str, frozenset[str]],
    met: set[int],
) -> None:
    spans = [
        (document.offsets[p.reference.start], document.end(document.doc[p.reference.end - 1])) for p in window.places
    ]
    hidden = {n for n, (s, _) in enumerate(spans) for low, high in entry.unread if low <= s < high}
    example.open += [(pair, n) for pair in example.pairs if hidden & {*pair} for n in range(len(TYPES))]
    for number, claim in enumerate([*entry.claims, *entry.undecided]):
        if not (claim.get("a") and claim.get("b")):
            continue
        relation = load_schema()[claim["t"]]
        ends = []
        for side in "ab":
            wanted = names_meant(entry, claim, side)
            where = place(claim[side][1], claim["n"], entry)
            named = [n for n, p in enumerate(window.places) if names[p.reference.local] & wanted]
            there = [n for n, (s, e) in enumerate(spans) if where and s < where[2] and e > where[1]]
            exact = [n for n in named if n in there]
            if not exact and where:  # the same actor nearest to it in that sentence
                low = entry.begins[where[0] - 1]
                high = low + len(entry.sentences[where[0] - 1])
                near = [n for n in named if low <= spans[n][0] < high]
                exact = sorted(near, key=lambda n: abs(spans[n][0] - where[1]))[:1]
            ends.append((exact, named, there))
        (exact_a, named_a, there_a), (exact_b, named_b, there_b) = ends
        sides = [(exact_a, exact_b)] + ([(exact_b, exact_a)] if relation.symmetric else [])
        words = place(claim["w"], claim["n"], entry)
        pieces = ()
        if words:
            pieces = tuple(
                n
                for n, token in enumerate(window.words)
                if token is not None and words[1] <= document.offsets[token.i] < words[2]
            )
        statuses = claim["st"] if isinstance(claim["st"], list) else [claim["st"]]
        numbers = tuple(STATUSES.index(s) for s in statuses)
        type_ = TYPES.index(claim["t"])
        allowed = set(example.pairs)
        for one, other in sides:
            for a in one:
                for b in other:
                    if (a, b) in allowed and number < len(entry.claims):
                        met.add(number)
                        example.said.append(Said((a, b), type_, bool(claim.get("o")), numbers, pieces, number))
        loose = [(named_a, named_b), (there_a, there_b)]
        loose += [(y, x) for x, y in loose] if relation.symmetric else []
        for one, other in loose:
            example.open += [((a, b), type_) for a in one for b in other if (a, b) in allowed]


def without_overlaps(entries: Sequence[Annotated], held_out: Sequence[Path]) -> Iterator[Annotated]:
    """Texts whose words are not those of held-out ones, which are in it, too: whoever learns leaves them out by their ids."""
    held = [entry.text for entry in entries if HELD_OUT.search(entry.id)]
    open_ = {entry.id: entry.text for entry in entries if not HELD_OUT.search(entry.id)}
    shared = overlapping(open_, [*held, *load_texts(held_out).values()])
    for id, words in shared.items():
        print(f"left out: {id} shares with a held-out text: {words}", file=sys.stderr)
    yield from (entry for entry in entries if entry.id not in shared)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("output", type=Path)
    options.add_argument("--texts", nargs="+", type=Path, required=True)
    options.add_argument("--claims", nargs="+", type=Path, required=True)
    options.add_argument("--held-out", nargs="+", type=Path, default=[], help="further texts, or folders, not learned from")
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    entries = [*without_overlaps(list(annotated(chosen.texts, chosen.claims)), chosen.held_out)]
    made, counts = list[Example](), defaultdict[str, int](int)
    with get_context("spawn").Pool(chosen.workers) as pool:
        for found, seen in pool.imap(examples, entries, chunksize=8):
            made += found
            for name, count in seen.items():
                counts[name] += count
    chosen.output.write_text("".join(f"{json.dumps(asdict(each))}\n" for each in made), encoding="utf-8")
    pairs = sum(len(example.pairs) for example in made)
    print(f"{len(entries)} texts, {len(made)} windows, {pairs} pairs, {dict(counts)}")


if __name__ == "__main__":
    main()
