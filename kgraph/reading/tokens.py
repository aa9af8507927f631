"""Parsed text: words with what the model says of them, and the tree over each sentence, in plain Python.

The names and meanings are those of spaCy's Doc, Span and Token, of which this has what kgraph asks for. What takes claims
from a text asks each word many times; a plain attribute answers in a tenth of the time that a view into spaCy's arrays
takes. Nothing here refers to a vocabulary, so that it holds when spaCy has forgotten the words of an article.

A document is kept as numbers, part by part; its tokens are made when they are asked for, those of a part at once, and are
given up again when other parts are looked at. So a long article costs little more memory than a short one. What holds a
token holds its part: the same word is the same object as long as anybody holds it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, overload
from weakref import WeakValueDictionary

import numpy
from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lang.lex_attrs import is_punct

from kgraph.reading.annotation import COLUMNS

_HEAD, _SENT_START, _ENT_IOB = (COLUMNS.index(name) for name in ("HEAD", "SENT_START", "ENT_IOB"))
_NAMED = [COLUMNS.index(name) for name in ("DEP", "TAG", "POS", "LEMMA", "ENT_TYPE")]
_BEGIN, _INSIDE = 3, 1  # as in ENT_IOB


class Token:
    """A word: its forms, what the model says of it, and what it hangs on. At the top of a sentence it is its own head."""

    __slots__ = (
        "children", "dep_", "doc", "ent_type_", "head", "i", "is_alpha", "is_sent_start", "lemma_", "lower_", "pos_",
        "sent", "tag_", "text", "whitespace_",
    )  # fmt: skip

    doc: Doc
    i: int  # in the document
    text: str
    lower_: str
    lemma_: str
    pos_: str
    tag_: str
    dep_: str
    ent_type_: str  # the kind of name that it is a part of, "" for none
    whitespace_: str  # what follows it: a blank or nothing
    is_alpha: bool
    is_sent_start: bool
    head: Token
    children: list[Token]  # what hangs on it, in the order of the text
    sent: Sentence

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> list[Token]:
        """What hangs on it and stands before it."""
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list[Token]:
        """What hangs on it and stands after it."""
        return [child for child in self.children if child.i > self.i]

    @property
    def subtree(self) -> Iterator[Token]:
        """It and all that hangs on it, however deep."""
        todo = [(self, False)]
        while todo:
            token, is_next = todo.pop()
            if is_next or not token.children:
                yield token
            else:
                todo += [(child, False) for child in reversed(token.children) if child.i > token.i]
                todo.append((token, True))
                todo += [(child, False) for child in reversed(token.children) if child.i < token.i]

    @property
    def left_edge(self) -> Token:
        """The first word of its subtree."""
        return self.doc[_edges(self)[0]] if self.children else self

    @property
    def right_edge(self) -> Token:
        """The last word of its subtree."""
        return self.doc[_edges(self)[1]] if self.children else self

    @property
    def ancestors(self) -> Iterator[Token]:
        """What it hangs on, what that hangs on, up to the top."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """What is coordinated with it."""
        first = self
        while first.dep_ == "conj" and first.head is not first:
            first = first.head
        found = [first]
        for token in found:
            found += [child for child in token.rights if child.dep_ == "conj"]
        return tuple(token for token in found if token is not self)

    @property
    def is_stop(self) -> bool:
        """Whether it is one of the words that are in any text."""
        return self.lower_ in STOP_WORDS

    def nbor(self, steps: int = 1) -> Token:
        """The word some steps away. Raises IndexError where the document ends."""
        if self.i + steps < 0:
            raise IndexError(self.i + steps)
        doc, at = self.doc, self.i + steps
        return doc._tokens[at - doc._first] if doc._first <= at < doc._stop else doc[at]


class Span:
    """Words that follow each other; a part of a span has no label."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        doc, start, end = self.doc, self.start, self.end
        if doc._first <= start and end <= doc._stop:
            return iter(doc._tokens[start - doc._first : end - doc._first])
        return iter(doc.between(start, end))

    def __repr__(self) -> str:
        return self.text

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            return Span(self.doc, self.start + start, self.start + max(start, stop))
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self.doc[(self.start if at >= 0 else self.end) + at]

    @property
    def text(self) -> str:
        """Its words with the blanks between them."""
        return self.doc.text(self.start, self.end)

    @property
    def sent(self) -> Span:
        """The sentence in which it begins."""
        return self.doc[self.start].sent

    @property
    def root(self) -> Token:
        """The word on which the others hang; of several that which is nearest to the top, then the first."""
        tops = [t for t in self if t.head is t or not self.start <= t.head.i < self.end]
        return min(tops, key=_depth) if len(tops) > 1 else tops[0]


class Sentence(Span):
    """A sentence; it holds the part of the document that it stands in, and what was found out about its tree."""

    __slots__ = ("edges", "part")

    def __init__(self, doc: Doc, start: int, end: int, part: _Made) -> None:
        super().__init__(doc, start, end)
        self.part, self.edges = part, dict[int, tuple[int, int]]()


def _depth(token: Token) -> int:
    """How far a word is from the top; punctuation counts as far away."""
    lone = not token.children and token.head is not token and is_punct(token.text)
    return len(token.doc) - 1 if lone else sum(1 for _ in token.ancestors)


def _edges(token: Token) -> tuple[int, int]:
    """Where the first and the last word of a subtree stand; each subtree of a sentence is gone through once."""
    known = token.sent.edges
    if token.i not in known:
        order = [token]
        for each in order:
            order += [child for child in each.children if child.i not in known]
        for each in reversed(order):
            ends = [known[child.i] for child in each.children]
            known[each.i] = min([each.i, *(first for first, _ in ends)]), max([each.i, *(last for _, last in ends)])
    return known[token.i]


class Doc:
    """The words of a document."""

    __slots__ = (
        "_alive", "_codes", "_ents", "_first", "_kept", "_parts", "_size", "_spelt", "_starts", "_stop", "_tokens",
        "_words", "user_data",
    )  # fmt: skip

    user_data: dict[Any, Any]  # what was found out about it and is asked again

    def __init__(
        self,
        words: Sequence[str] = (),
        spaces: Sequence[bool] = (),
        annotations: NDArray[Any] | None = None,
        strings: Any = None,
    ) -> None:
        """A document of one part (see `add`), or one without words yet."""
        self.user_data = {}
        self._parts, self._starts, self._size = list[_Part](), list[int](), 0
        self._spelt, self._codes, self._ents = list[str](), dict[str, int](), list[Span]()
        self._alive, self._kept = WeakValueDictionary[int, _Made](), list[_Made]()
        self._first, self._stop, self._tokens = 0, 0, list[Token]()
        self._words: tuple[int, list[str]] = (-1, [])
        if annotations is not None:
            self.add(words, spaces, annotations, strings)

    def add(self, words: Sequence[str], spaces: Sequence[bool], annotations: NDArray[Any], strings: Any) -> None:
        """One more part: whole sentences. `annotations` has a row a word (annotation.COLUMNS); no word holds a line break.

        `strings` says what the numbers stand for.
        """
        if not words:
            return
        values, places = numpy.unique(annotations[:, _NAMED], return_inverse=True)
        codes = numpy.array([self._code(strings[value] if value else "") for value in values.tolist()], numpy.int32)
        rows = numpy.empty((len(words), len(_NAMED) + 2), numpy.int32)
        rows[:, 0] = annotations[:, _HEAD].astype(numpy.int64)  # may be below nothing
        rows[:, 1] = annotations[:, _SENT_START] == 1
        rows[0, 1] = 1
        rows[:, 2:] = codes[places].reshape(len(words), len(_NAMED))
        self._parts.append(_Part("\n".join(words), bytes(map(bool, spaces)), rows))
        self._starts.append(self._size)
        for start, end in _entities(annotations[:, _ENT_IOB]):
            label = self._spelt[rows[start, 2 + _LABEL]]
            self._ents.append(Span(self, self._size + start, self._size + end, label))
        self._size += len(words)

    def _code(self, word: str) -> int:
        code = self._codes.setdefault(word, len(self._spelt))
        if code == len(self._spelt):
            self._spelt.append(word)
        return code

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Token]:
        for start, end in self.parts:
            yield from self.between(start, end)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, stop, _ = at.indices(self._size)
            return Span(self, start, max(start, stop))
        if self._first <= at < self._stop:
            return self._tokens[at - self._first]
        at += self._size if at < 0 else 0
        self._turn_to(at)
        return self._tokens[at - self._first]

    @property
    def sents(self) -> Iterator[Sentence]:
        """The sentences, in order."""
        for start in self._starts:
            yield from self[start].sent.part.sentences

    @property
    def ents(self) -> tuple[Span, ...]:
        """The names that the model found."""
        return tuple(self._ents)

    def ents_in(self, part: range) -> list[Span]:
        """The names that the model found in a part."""
        first, stop = (bisect_left(self._ents, at, key=lambda name: name.start) for at in (part.start, part.stop))
        return self._ents[first:stop]

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """Where the parts begin and end: who goes through a document part by part makes its tokens once."""
        return tuple(pairwise((*self._starts, self._size)))

    def between(self, start: int, end: int) -> list[Token]:
        """Some tokens that follow each other."""
        if self._first <= start and end <= self._stop:
            return self._tokens[start - self._first : end - self._first]
        found = list[Token]()
        while start < end:
            self._turn_to(start)
            found += self._tokens[start - self._first : end - self._first]
            start = self._stop
        return found

    def text(self, start: int, end: int) -> str:
        """Some words with the blanks between them."""
        if self._first <= start and end <= self._stop:
            tokens = self._tokens[start - self._first : end - self._first]
            return "".join([t.text + t.whitespace_ for t in tokens[:-1]]) + tokens[-1].text if tokens else ""
        return "".join(self._spell(i) for i in range(start, end)).removesuffix(" ")

    def word(self, at: int) -> str:
        """A word, without its token."""
        words, first = self._words_at(at)
        return words[at - first]

    def words(self) -> Iterator[tuple[int, str]]:
        """All words with their places, without their tokens."""
        for start, _ in self.parts:
            yield from enumerate(self._words_at(start)[0], start)

    def find(self, word: str) -> Iterator[Token]:
        """The tokens that are a word."""
        for number, part in enumerate(self._parts):
            if word in part.words:
                start = self._starts[number]
                yield from (self[i] for i, each in enumerate(part.words.split("\n"), start) if each == word)

    def sentence_numbers(self) -> Sequence[int]:
        """In which sentence each word stands, counted from the first."""
        starts = numpy.concatenate([numpy.zeros(0, numpy.int32), *(part.rows[:, 1] for part in self._parts)])
        return array("i", (numpy.cumsum(starts) - 1).astype(numpy.int32).tobytes())

    def count_sentences(self) -> int:
        """How many sentences there are."""
        return sum(int(part.rows[:, 1].sum()) for part in self._parts)

    def _number(self, at: int) -> int:
        if not 0 <= at < self._size:
            raise IndexError(at)
        return bisect_right(self._starts, at) - 1

    def _words_at(self, at: int) -> tuple[list[str], int]:
        """The words of the part that a word stands in, and where it begins."""
        number = self._number(at)
        if self._words[0] != number:
            self._words = number, self._parts[number].words.split("\n")
        return self._words[1], self._starts[number]

    def _spell(self, at: int) -> str:
        words, first = self._words_at(at)
        return words[at - first] + (" " if self._parts[self._number(at)].spaces[at - first] else "")

    def _turn_to(self, at: int) -> None:
        """Makes the tokens of the part that a word stands in the ones at hand."""
        number = self._number(at)
        made = self._alive.get(number)
        if made is None:
            made = self._alive[number] = _Made(self, self._starts[number], self._parts[number], self._spelt)
        others = [each for each in self._kept if each is not made]
        self._kept = [*others[1 - _KEPT :], made]
        self._first, self._tokens = made.start, made.tokens
        self._stop = made.start + len(made.tokens)


_KEPT = 3  # parts whose tokens are kept
_LABEL = 4  # of _NAMED


class _Part:
    """Words that follow each other, as they are kept."""

    __slots__ = ("rows", "spaces", "words")

    def __init__(self, words: str, spaces: bytes, rows: NDArray[numpy.int32]) -> None:
        self.words = words  # a line each
        self.spaces = spaces  # whether a blank follows
        self.rows = rows  # a word each: steps to its head, whether it begins a sentence, where _NAMED are spelt


class _Made:
    """A part with its tokens."""

    __slots__ = ("__weakref__", "sentences", "start", "tokens")

    def __init__(self, doc: Doc, start: int, part: _Part, spelt: Sequence[str]) -> None:
        rows = part.rows.tolist()
        words = part.words.split("\n")
        self.start = start
        self.tokens = [
            _token(doc, i, word, space, row, spelt)
            for i, word, space, row in zip(range(start, start + len(words)), words, part.spaces, rows, strict=True)
        ]
        for place, (token, row) in enumerate(zip(self.tokens, rows, strict=True)):
            token.head = self.tokens[place + row[0]]
            if row[0]:
                token.head.children.append(token)
        self.sentences = list(_sentences(doc, self))


def _token(doc: Doc, i: int, word: str, space: int, row: list[int], spelt: Sequence[str]) -> Token:
    token = Token()
    token.doc, token.i, token.text = doc, i, word
    token.lower_, token.is_alpha, token.whitespace_ = word.lower(), word.isalpha(), " " if space else ""
    _, start, dep, tag, pos, lemma, label = row
    token.dep_, token.tag_, token.pos_ = spelt[dep], spelt[tag], spelt[pos]
    token.lemma_, token.ent_type_ = spelt[lemma], spelt[label]
    token.is_sent_start, token.children = start == 1, []
    return token


def _sentences(doc: Doc, part: _Made) -> Iterator[Sentence]:
    starts = [token.i for token in part.tokens if token.is_sent_start]
    for start, end in pairwise([*starts, part.start + len(part.tokens)]):
        sentence = Sentence(doc, start, end, part)
        for token in part.tokens[start - part.start : end - part.start]:
            token.sent = sentence
        yield sentence


def _entities(marks: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Where names begin and end, by the marks of their words (ENT_IOB)."""
    outside = numpy.append(numpy.flatnonzero(marks != _INSIDE), len(marks))
    begins = numpy.flatnonzero(marks == _BEGIN)
    yield from zip(begins.tolist(), outside[numpy.searchsorted(outside, begins) + 1].tolist(), strict=True)
