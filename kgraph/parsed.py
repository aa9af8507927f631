"""Parsed text: words with what the model says of them, and the tree over each sentence, in plain Python.

The names and meanings are those of spaCy's Doc, Span and Token, of which this has what kgraph asks for. What takes claims
from a text asks each word many times; a plain attribute answers in a tenth of the time that a view into spaCy's arrays
takes. Nothing here refers to a vocabulary, so that it holds when spaCy has forgotten the words of an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, overload

from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lang.lex_attrs import is_punct

from kgraph.annotation import COLUMNS

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
    sent: Span

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
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def left_edge(self) -> Token:
        """The first word of its subtree."""
        return min(self.subtree, key=lambda token: token.i)

    @property
    def right_edge(self) -> Token:
        """The last word of its subtree."""
        return max(self.subtree, key=lambda token: token.i)

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
        return self.doc.tokens[self.i + steps]


class Span:
    """Words that follow each other; a part of a span has no label."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

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
        return self.doc.tokens[(self.start if at >= 0 else self.end) + at]

    @property
    def text(self) -> str:
        """Its words with the blanks between them."""
        tokens = self.doc.tokens[self.start : self.end]
        return "".join([token.text + token.whitespace_ for token in tokens[:-1]]) + tokens[-1].text if tokens else ""

    @property
    def sent(self) -> Span:
        """The sentence in which it begins."""
        return self.doc.tokens[self.start].sent

    @property
    def root(self) -> Token:
        """The word on which the others hang; of several that which is nearest to the top, then the first."""
        tops = [t for t in self if t.head is t or not self.start <= t.head.i < self.end]
        return min(tops, key=_depth) if len(tops) > 1 else tops[0]


def _depth(token: Token) -> int:
    """How far a word is from the top; punctuation counts as far away."""
    lone = not token.children and token.head is not token and is_punct(token.text)
    return len(token.doc) - 1 if lone else sum(1 for _ in token.ancestors)


class Doc:
    """The words of a document."""

    __slots__ = ("ents", "sents", "tokens", "user_data")

    tokens: list[Token]
    sents: list[Span]
    ents: tuple[Span, ...]  # the names that the model found
    user_data: dict[Any, Any]  # what was found out about it and is asked again

    def __init__(self, words: Sequence[str], spaces: Sequence[bool], annotations: NDArray[Any], strings: Any) -> None:
        """`annotations` has a row a word (annotation.COLUMNS); `strings` says what their numbers stand for."""
        self.user_data = {}
        rows = annotations.tolist()
        spelt = {value: strings[value] if value else "" for row in rows for value in (row[n] for n in _NAMED)}
        self.tokens = [
            _token(self, i, word, space, row, spelt)
            for i, (word, space, row) in enumerate(zip(words, spaces, rows, strict=True))
        ]
        _hang(self.tokens, [_signed(row[_HEAD]) for row in rows])
        self.sents = list(_sentences(self))
        self.ents = tuple(_entities(self, [row[_ENT_IOB] for row in rows]))

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self.tokens))
            return Span(self, start, max(start, stop))
        return self.tokens[at]


def _token(doc: Doc, i: int, word: str, space: bool, row: list[int], spelt: dict[int, str]) -> Token:
    token = Token()
    token.doc, token.i, token.text = doc, i, word
    token.lower_, token.is_alpha, token.whitespace_ = word.lower(), word.isalpha(), " " if space else ""
    token.dep_, token.tag_, token.pos_, token.lemma_, token.ent_type_ = [spelt[row[n]] for n in _NAMED]
    token.is_sent_start, token.children = row[_SENT_START] == 1, []
    return token


def _hang(tokens: list[Token], heads: list[int]) -> None:
    """Hangs each word on the one so many words away; a document's first word begins a sentence."""
    for token, steps in zip(tokens, heads, strict=True):
        token.head = tokens[token.i + steps]
        if steps:
            token.head.children.append(token)
    if tokens:
        tokens[0].is_sent_start = True


def _signed(value: int) -> int:
    """A number that may be below nothing, as it stands in an array of unsigned ones."""
    return value - (1 << 64) if value >> 63 else value


def _sentences(doc: Doc) -> Iterator[Span]:
    starts = [token.i for token in doc.tokens if token.is_sent_start]
    for start, end in pairwise([*starts, len(doc)]):
        sentence = Span(doc, start, end)
        for token in doc.tokens[start:end]:
            token.sent = sentence
        yield sentence


def _entities(doc: Doc, marks: list[int]) -> Iterator[Span]:
    start = None
    for i, mark in enumerate([*marks, 0]):
        if start is not None and mark != _INSIDE:
            yield Span(doc, start, i, doc.tokens[start].ent_type_)
            start = None
        if mark == _BEGIN:
            start = i
