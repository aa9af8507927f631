"""Document and cast → windows: stretches of sentences as the network reads them, with the pairs of actors it is asked about.

A window is some sentences and the one before them, as word pieces. Before every place where an actor is spoken of stands a
marker of its kind. A pair is two of these places at most one sentence apart, in both orders: the first may be who does
something, the second whom it is done to. Each pair stands in one window, so nothing is asked twice. Sentences in which no two
actors meet are left out, unless they come before one in which they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tokenizers import Tokenizer

from kgraph.reading.actors import Cast, Reference
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Sentence, Token
from kgraph.records import Kind

PIECES = 256  # of a window, unless one sentence alone has more
MOST_PIECES = 500  # of a window with such a sentence: what the network knows places for is 512
_CONTEXT = 80  # pieces of the sentence before, its last ones
_MOST_PLACES = 60  # in a sentence: of more, in a list, only frames say who does what
_LONGEST_WORD = 40  # pieces

KINDS = tuple(Kind)
USES = ("name", "demonym", "metonym", "capital", "owner", "pronoun", "description")
MARKERS = {kind: 1 + n for n, kind in enumerate(KINDS)}  # pieces that the vocabulary keeps for such ends
_CLS, _SEP = 101, 102


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence speaks of an actor."""

    token: Token  # the head of the words that do
    reference: Reference
    kind: Kind
    sentence: int  # counted over the document


@dataclass(frozen=True, slots=True)
class Window:
    """What the network reads at once. `words` is the token of each piece, None for a marker; places stand in pieces."""

    pieces: Sequence[int]
    words: Sequence[Token | None]
    places: Sequence[Place]
    markers: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]  # of the last piece
    pairs: Sequence[tuple[int, int]]


def windows(document: Document, cast: Cast) -> Iterator[Window]:
    """The windows of a document, in order."""
    before, context = None, None
    run = list[_Sentence]()
    for sentence in _sentences(document, cast):
        asked = _meet(sentence.places if before is None else (*before.places, *sentence.places), sentence)
        size = sum(len(each.pieces) for each in run)
        if run and (not asked or size + len(sentence.pieces) > PIECES - _CONTEXT):
            yield from _window(context, run)
            run = []
        if asked:
            if not run:
                context = before
            run.append(sentence)
        before = sentence
    if run:
        yield from _window(context, run)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in pieces; `at` has for each place its marker and the pieces of its words."""

    pieces: list[int]
    words: list[Token | None]
    places: list[Place]
    at: list[tuple[int, int, int]]


def _sentences(document: Document, cast: Cast) -> Iterator[_Sentence]:
    for number, sentence in enumerate(document.doc.sents):
        yield _in_pieces(sentence, number, list(_places(sentence, number, cast)))


def _places(sentence: Sentence, number: int, cast: Cast) -> Iterator[Place]:
    """Where a sentence speaks of an actor: once a phrase, by its head; a capital also as the city."""
    for token in sentence:
        for reference in cast.at.get(token.i, ()):
            if _is_head(token, reference):
                yield Place(token, reference, cast.actors[reference.local].kind, number)
                if city := reference.place:
                    place = Reference(city, reference.start, reference.end, reference.source, reference.use)
                    yield Place(token, place, Kind.PLACE, number)


def _is_head(token: Token, reference: Reference) -> bool:
    return reference.use == "owner" or not reference.start <= token.head.i < reference.end or token.head.i == token.i


def _in_pieces(sentence: Sentence, number: int, places: list[Place]) -> _Sentence:
    places = places if len(places) <= _MOST_PLACES else []
    starting: dict[int, list[int]] = {}
    for n, place in enumerate(places):
        starting.setdefault(max(place.reference.start, sentence.start), []).append(n)
    pieces, words = list[int](), list[Token | None]()
    markers, firsts, lasts = dict[int, int](), dict[int, int](), dict[int, int]()
    for token in sentence:
        for n in starting.get(token.i, ()):
            markers[n] = len(pieces)
            pieces.append(MARKERS[places[n].kind])
            words.append(None)
        firsts[token.i] = len(pieces)
        new = pieces_of(token.text)
        pieces += new
        words += [token] * len(new)
        lasts[token.i] = len(pieces) - 1
    at = [
        (
            markers[n],
            firsts[max(place.reference.start, sentence.start)],
            lasts[min(place.reference.end, sentence.end) - 1],
        )
        for n, place in enumerate(places)
    ]
    return _Sentence(pieces, words, places, at)


def _meet(places: Sequence[Place], sentence: _Sentence) -> bool:
    return bool(sentence.places) and len({place.reference.local for place in places}) > 1


def _window(before: _Sentence | None, sentences: Sequence[_Sentence]) -> Iterator[Window]:
    pieces, words = [_CLS], list[Token | None]([None])
    places, at = list[Place](), list[tuple[int, int, int]]()
    context = 0
    if before is not None:
        cut = max(0, len(before.pieces) - _CONTEXT)
        pieces += before.pieces[cut:]
        words += before.words[cut:]
        for place, where in zip(before.places, before.at, strict=True):
            if min(where) >= cut:
                places.append(place)
                at.append((where[0] - cut + 1, where[1] - cut + 1, where[2] - cut + 1))
        context = len(places)
        pieces.append(_SEP)
        words.append(None)
    for sentence in sentences:
        shift = len(pieces)
        pieces += sentence.pieces
        words += sentence.words
        for place, where in zip(sentence.places, sentence.at, strict=True):
            if shift + max(where) < MOST_PIECES:
                places.append(place)
                at.append((where[0] + shift, where[1] + shift, where[2] + shift))
    pieces, words = [*pieces[:MOST_PIECES], _SEP], [*words[:MOST_PIECES], None]
    pairs = [
        (a, b)
        for a, one in enumerate(places)
        for b, other in enumerate(places)
        if (a >= context or b >= context)
        and one.reference.local != other.reference.local
        and abs(one.sentence - other.sentence) <= 1
    ]
    if pairs:
        yield Window(pieces, words, places, [m for m, _, _ in at], [s for _, s, _ in at], [e for _, _, e in at], pairs)


def pieces_of(word: str) -> list[int]:
    """The pieces of a word, at most forty."""
    found = _pieces().get(word)
    if found is None:
        found = _pieces()[word] = _tokenizer().encode(word, add_special_tokens=False).ids[:_LONGEST_WORD] or [_UNKNOWN]
        if len(_pieces()) > _MOST_WORDS:
            _pieces().clear()
    return found


_UNKNOWN, _MOST_WORDS = 100, 50_000


@cache
def _pieces() -> dict[str, list[int]]:
    return {}


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_str(
        files("kgraph.reading.claims.encoder").joinpath("tokenizer.json").read_text(encoding="utf-8")
    )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
