"""Article → Document: what is worth parsing, parsed once, with every token's place in the article's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise
from typing import Any

import numpy
from spacy.language import Language
from spacy.tokens import Doc as Words
from spacy.tokens import Token as Word

from kgraph.annotation import COLUMNS, NOTHING, Annotations, annotate
from kgraph.catalogue import Catalogue, Entry
from kgraph.catalogue.spotting import Spotted, spot
from kgraph.model import Article, Kind
from kgraph.parsed import Doc, Span, Token

# "KYIV, Oct 18, 2022 (Continental Press) - ": where and when, no part of the sentence that follows
_DATELINE = re.compile(
    r"\s*[A-Z][\w.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s(?:[A-Z][a-z]+\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]+)(?:,?\s\d{4})?)?"
    r"\s?(?:\([^()]{2,40}\))\s*[-–—]+\s+"
    r"|\s*[A-Z][A-Z.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s[A-Z][a-z]+\.?\s\d{1,2}(?:,?\s\d{4})?)?\s*[-–—]+\s+"
)
_BULLET = re.compile(r"\s*(?:[•·*▪●–—-]|\(?\d{1,2}[.)])\s+")
_UNSPACED = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\xa0": " ", "‎": " ", "\u200b": " "})


@dataclass(frozen=True, slots=True)
class Known:
    """Tokens that the catalogue knows as a name."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    use: str


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed article. `doc` holds its paragraphs one after the other; boilerplate and datelines are not in it."""

    article: Article
    doc: Doc
    offsets: tuple[int, ...]  # of each token, in the article's text
    paragraphs: tuple[tuple[int, int], ...]  # token ranges
    known: tuple[Known, ...] = ()

    def start(self, span: Span | Token) -> int:
        """Where a span or token starts in the article's text."""
        return self.offsets[span.start if isinstance(span, Span) else span.i]

    def end(self, span: Span | Token) -> int:
        """Where a span or token ends in the article's text."""
        last = span[-1] if isinstance(span, Span) else span
        return self.offsets[last.i] + len(last.text)  # a token is a stretch of the text, word for word

    def is_heading(self, token: Token) -> bool:
        """Whether a token stands in a headline or heading: a paragraph without a full stop at its end."""
        start, end = next(p for p in self.paragraphs if p[0] <= token.i < p[1])
        return end - start < 25 and self.doc[end - 1].text not in '.!?"”’:;)…'


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph before it is parsed: its words, and the words that the model reads in their place."""

    words: list[str]
    proxies: list[str]
    spaces: list[bool]
    offsets: list[int]
    known: list[Known]


def read_document(
    article: Article,
    nlp: Language,
    catalogue: Catalogue | None = None,
    choose: Callable[[Sequence[Paragraph]], Sequence[bool]] | None = None,
) -> Document:
    """The article's paragraphs, parsed by one pass of the model; known names stand as one token each.

    `choose` says of which paragraphs a tree is wanted; the others have words, known names and sentences only.
    """
    text = _readable(article)
    blocks = [_block(text, start, end, nlp, catalogue) for start, end in _blocks(text)]
    wanted = choose(blocks) if choose else [True] * len(blocks)
    # each article is a batch of its own: what is read never depends on its neighbours
    trees = iter(annotate([Words(nlp.vocab, b.proxies, b.spaces) for b in compress(blocks, wanted)], nlp))
    parsed = [
        next(trees) if tree else _unparsed(block, nlp.vocab.strings) for block, tree in zip(blocks, wanted, strict=True)
    ]
    words, spaces = [w for block in blocks for w in block.words], [s for block in blocks for s in block.spaces]
    doc = Doc(words, spaces, numpy.vstack([NOTHING, *parsed]), nlp.vocab.strings)
    offsets, paragraphs, known = list[int](), list[tuple[int, int]](), list[Known]()
    for block in blocks:
        begin = len(offsets)
        paragraphs.append((begin, begin + len(block.words)))
        offsets += block.offsets
        known += [replace(name, start=name.start + begin, end=name.end + begin) for name in block.known]
    return Document(article, doc, tuple(offsets), tuple(paragraphs), tuple(known))


def _unparsed(block: Paragraph, strings: Any) -> Annotations:
    """What is said of words without a model: each stands by itself, known names are names, sentences end at full stops."""
    rows = numpy.zeros((len(block.words), len(COLUMNS)), numpy.uint64)
    rows[:, COLUMNS.index("DEP")] = strings["ROOT"]
    rows[[name.start for name in block.known], COLUMNS.index("POS")] = strings["PROPN"]
    ends = [0, *(i + 1 for i, word in enumerate(block.words[:-1]) if word in _FULL_STOPS)]
    rows[ends, COLUMNS.index("SENT_START")] = 1
    return rows


_FULL_STOPS = frozenset(".!?…")


def _block(whole: str, start: int, end: int, nlp: Language, catalogue: Catalogue | None) -> Paragraph:
    text = whole[start:end].translate(_UNSPACED)
    tokens = [token for token in nlp.tokenizer(text) if not token.is_space]
    spotted = {s.start: s for s in spot(text, catalogue)} if catalogue else {}
    block, i = Paragraph([], [], [], [], []), 0
    while i < len(tokens):
        token = tokens[i]
        name = next((spotted.pop(at) for at in range(token.idx, token.idx + len(token)) if at in spotted), None)
        stop = i + 1
        while name and stop < len(tokens) and tokens[stop].idx < name.end:
            stop += 1
        stop += _acronym(tokens[stop : stop + 3], name, catalogue, spotted)
        word = text[token.idx : tokens[stop - 1].idx + len(tokens[stop - 1])]
        if name:
            block.known.append(Known(len(block.words), len(block.words) + 1, name.entries, name.use))
        block.words.append(word)
        block.proxies.append(_proxy(word, name) if name else word.replace("’", "'"))  # it errs on "doesn’t"
        block.spaces.append(bool(tokens[stop - 1].whitespace_))
        block.offsets.append(start + token.idx)
        i = stop
    return block


def _acronym(
    after: Sequence[Word], name: Spotted | None, catalogue: Catalogue | None, spotted: dict[int, Spotted]
) -> int:
    """How many tokens after a name repeat it in brackets: "Sudanese Armed Forces (SAF)" is one name."""
    if not name or not catalogue or len(after) < 3 or (after[0].text, after[2].text) != ("(", ")"):
        return 0
    if name.entries[0] not in catalogue.lookup(after[1].text):
        return 0
    spotted.pop(after[1].idx, None)
    return 3


# What the model reads for a name that it would stumble over: "Shahed-136", "Abdel Fattah al-Burhan".
_PROXIES = {
    Kind.WEAPON: "Patriot",
    Kind.STATE: "Russia",
    Kind.PLACE: "London",
    Kind.PERSON: "Smith",
    Kind.GROUP: "Hezbollah",
    Kind.ORGANIZATION: "NATO",
}


def _proxy(word: str, name: Spotted) -> str:
    """A word that parses as the name should: itself if it is one plain word, else its last, else its kind's."""
    word = word.partition(" (")[0]
    kind, parts = name.entries[0].kind, re.split(r"[\s\-‑–]+", word.rstrip("."))
    if name.use == "demonym":
        return parts[-1]
    if word.isalpha() and kind is not Kind.WEAPON:
        return word
    if parts[-1].isalpha() and parts[-1][0].isupper() and kind not in (Kind.WEAPON, Kind.STATE) and " of " not in word:
        return parts[-1]
    if parts[-1].islower() and parts[-1].isalpha() and len(parts) > 1:
        return parts[-1]  # "Russian forces", "Syrian army"
    return _PROXIES[kind] + ("s" if kind is Kind.WEAPON and word.endswith("s") else "")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of text to parse: paragraphs without boilerplate, datelines and bullets."""
    for start, end in _paragraphs(text):
        block = text[start:end]
        if prefix := _DATELINE.match(block) or _BULLET.match(block):
            start += prefix.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if text[start:end].strip():
            yield start, start + len(text[start:end].rstrip())


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines, or runs of lines where the text is wrapped by hand; a blank line ends a run."""
    wrapped, begin = _is_wrapped(text), None
    for line in re.finditer(r"[^\n]*\n?", text):
        blank = not line[0].strip()
        if begin is not None and (blank or not wrapped or _BULLET.match(line[0])):
            yield begin, line.start()
            begin = None
        if begin is None and not blank:
            begin = line.start()
    if begin is not None:
        yield begin, len(text)


def _readable(article: Article) -> str:
    """The text with blanks in the place of boilerplate, so that offsets stay."""
    text = list(article.text)
    for start, end in article.boilerplate:
        text[start:end] = (char if char == "\n" else " " for char in article.text[start:end])
    return "".join(text)


def _is_wrapped(text: str) -> bool:
    """Whether lines were broken by hand: most that are followed by another end in the middle of a sentence."""
    lines = [line.rstrip() for line in text.split("\n")]
    followed = [line for line, after in pairwise(lines) if len(line) > 40 and after.strip()]
    return len(followed) > 2 and sum(line[-1] not in '.!?"”’:;' for line in followed) > 0.6 * len(followed)
