"""Article → Document: what is worth parsing, parsed once, with every token's place in the article's text.

A long article is parsed in slices of whole paragraphs. What a slice takes is given up before the next one comes; only what
the model says of its words is kept (tokens.py). Everything that looks at the document sees all of it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise
from typing import Any, NamedTuple

import numpy
from spacy.language import Language
from spacy.tokens import Doc as Words

from kgraph.catalogue import Catalogue, Entry
from kgraph.catalogue.spotting import Spotted, spot
from kgraph.reading.annotation import COLUMNS, Annotations, annotate
from kgraph.reading.tokens import Doc, Span, Token
from kgraph.records import Article, Kind

# "KYIV, Oct 18, 2022 (Continental Press) - ": where and when, no part of the sentence that follows
_DATELINE = re.compile(
    r"\s*[A-Z][\w.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s(?:[A-Z][a-z]+\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]+)(?:,?\s\d{4})?)?"
    r"\s?(?:\([^()]{2,40}\))\s*[-–—]+\s+"
    r"|\s*[A-Z][A-Z.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s[A-Z][a-z]+\.?\s\d{1,2}(?:,?\s\d{4})?)?\s*[-–—]+\s+"
)
_BULLET = re.compile(r"\s*(?:[•·*▪●–—-]|\(?\d{1,2}[.)])\s+")
_UNSPACED = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\xa0": " ", "‎": " ", "\u200b": " "})

SLICE = 5000  # words that are parsed at once: the model takes some 15 kB a word; an ordinary article is one slice
_LONGEST = 16_000  # characters of a paragraph that is parsed in one piece
_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z])")  # where a longer one is cut, if it can be
# What has no blank for so long is no word of a language; the tokenizer would look at its ends again and again.
_BLANKLESS = 500
_UNBROKEN = re.compile(rf"\S{{{_BLANKLESS + 1},}}")
_RUN = re.compile(r"(\S{1,4}?)\1{15,}")
_ADDRESS = re.compile(r"[\"'“‘(<\[]*(?:\w{2,9}://|www\.)")
_SOLID = re.compile(rf"\w{{{_BLANKLESS},}}")


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
    offsets: Sequence[int]  # of each token, in the article's text
    paragraphs: tuple[tuple[int, int], ...]  # token ranges
    known: tuple[Known, ...] = ()

    def start(self, span: Span | Token) -> int:
        """Where a span or token starts in the article's text."""
        return self.offsets[span.start if isinstance(span, Span) else span.i]

    def end(self, span: Span | Token) -> int:
        """Where a span or token ends in the article's text."""
        last = span[-1] if isinstance(span, Span) else span
        return self.offsets[last.i] + len(last.text)  # a token is a stretch of the text, word for word

    def text(self, span: Span) -> str:
        """The article's text of a span, as it was written."""
        return self.article.text[self.start(span) : self.end(span)]

    def known_in(self, part: range) -> tuple[Known, ...]:
        """The known names in a part of the document."""
        first, stop = (bisect_left(self.known, at, key=lambda name: name.start) for at in (part.start, part.stop))
        return self.known[first:stop]

    def paragraph(self, token: Token) -> tuple[int, int]:
        """The tokens of the paragraph that a token stands in."""
        return self.paragraphs[bisect_right(self.paragraphs, (token.i, len(self.doc))) - 1]

    def is_heading(self, token: Token) -> bool:
        """Whether a token stands in a headline or heading: a paragraph without a full stop at its end."""
        start, end = self.paragraph(token)
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
    choose: Callable[..., Sequence[bool]] | None = None,
    words_at_once: int = SLICE,
) -> Document:
    """The article's paragraphs, parsed slice by slice; known names stand as one token each.

    `choose` says of which paragraphs a tree is wanted; the others have words, known names and sentences only. Of an article of
    several slices it is told that somebody is named in it.
    """
    doc, offsets, paragraphs, known = Doc(), array("Q"), list[tuple[int, int]](), list[Known]()
    for blocks, is_all in _slices(article, nlp, catalogue, words_at_once):
        wanted = [*(choose(blocks) if is_all else choose(blocks, True))] if choose else [True] * len(blocks)
        _parse(doc, blocks, wanted, nlp)
        for block in blocks:
            begin = len(offsets)
            paragraphs.append((begin, begin + len(block.words)))
            offsets.extend(block.offsets)
            known += [replace(name, start=name.start + begin, end=name.end + begin) for name in block.known]
    return Document(article, doc, offsets, tuple(paragraphs), tuple(known))


def _slices(
    article: Article, nlp: Language, catalogue: Catalogue | None, words_at_once: int
) -> Iterator[tuple[list[Paragraph], bool]]:
    """The paragraphs, as many together as are parsed at once, and whether these are all.

    What the model meets first in a slice is forgotten again when the next is asked for: memory stays flat.
    """
    text, number = _readable(article), 0
    ranges = [*_blocks(text)]
    while number < len(ranges):
        with nlp.memory_zone():
            first, found, size = number, list[Paragraph](), 0
            while number < len(ranges) and (not found or size < words_at_once):
                block = _block(text, *ranges[number], nlp, catalogue)
                found += [block] if block.words else []  # separators alone are no paragraph
                size += len(block.words)
                number += 1
            if found:
                yield found, first == 0 and number == len(ranges)


def _parse(doc: Doc, blocks: Sequence[Paragraph], wanted: Sequence[bool], nlp: Language) -> None:
    """Adds paragraphs to a document, with a tree where one is wanted."""
    # each article is a batch of its own: what is read never depends on its neighbours
    trees = iter(annotate([Words(nlp.vocab, b.proxies, b.spaces) for b in compress(blocks, wanted)], nlp))
    parsed = [
        next(trees) if tree else _unparsed(block, nlp.vocab.strings) for block, tree in zip(blocks, wanted, strict=True)
    ]
    words, spaces = [w for block in blocks for w in block.words], [s for block in blocks for s in block.spaces]
    doc.add(words, spaces, numpy.vstack(parsed), nlp.vocab.strings)


def _unparsed(block: Paragraph, strings: Any) -> Annotations:
    """What is said of words without a model: each stands by itself, known names are names, sentences end at full stops."""
    rows = numpy.zeros((len(block.words), len(COLUMNS)), numpy.uint64)
    rows[:, COLUMNS.index("DEP")] = strings["ROOT"]
    rows[[name.start for name in block.known], COLUMNS.index("POS")] = strings["PROPN"]
    ends = [0, *(i + 1 for i, word in enumerate(block.words[:-1]) if word in _FULL_STOPS)]
    rows[ends, COLUMNS.index("SENT_START")] = 1
    return rows


_FULL_STOPS = frozenset(".!?…")


class _Word(NamedTuple):
    """A word where it stands in its paragraph."""

    at: int
    text: str
    blank: bool  # whether one follows


def _block(whole: str, start: int, end: int, nlp: Language, catalogue: Catalogue | None) -> Paragraph:
    text = whole[start:end].translate(_UNSPACED)
    words = _words(text, nlp)
    spotted = {s.start: s for s in spot(text, catalogue)} if catalogue else {}
    block, i = Paragraph([], [], [], [], []), 0
    while i < len(words):
        first = words[i]
        inside = range(first.at, first.at + min(len(first.text), _BLANKLESS))
        name = next((spotted.pop(at) for at in inside if at in spotted), None)
        name = name if len(first.text) <= _BLANKLESS else None
        stop = i + 1
        while name and stop < len(words) and words[stop].at < name.end:
            stop += 1
        stop += _acronym(words[stop : stop + 3], name, catalogue, spotted)
        last = words[stop - 1]
        word = text[first.at : last.at + len(last.text)]
        if name:
            block.known.append(Known(len(block.words), len(block.words) + 1, name.entries, name.use))
        block.words.append(word)
        plain = word.replace("’", "'") if len(word) <= _BLANKLESS else "."  # it errs on "doesn’t", and on long runs
        block.proxies.append(_proxy(word, name) if name else plain)
        block.spaces.append(last.blank)
        block.offsets.append(start + first.at)
        i = stop
    return block


def _words(text: str, nlp: Language) -> list[_Word]:
    """The words of a paragraph. What has no blank for very long is cut first; what is still long then stands as it is."""
    found, done = list[_Word](), 0
    for match in _UNBROKEN.finditer(text):
        found += _tokens(text, done, match.start(), nlp)
        for start, end in _pieces(text, *match.span()):
            short = end - start <= _BLANKLESS
            found += _tokens(text, start, end, nlp) if short else [_Word(start, text[start:end], False)]
        done = match.end()
        found[-1] = found[-1]._replace(blank=text[done : done + 1] == " ")
    return found + _tokens(text, done, len(text), nlp)


def _tokens(text: str, start: int, end: int, nlp: Language) -> list[_Word]:
    tokens = nlp.tokenizer(text[start:end])
    return [_Word(start + t.idx, t.text, bool(t.whitespace_)) for t in tokens if not t.is_space]


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where to cut what has no blank: around runs of a few signs, and after some sign between them; an address nowhere."""
    if _ADDRESS.match(text, start):
        yield start, end
        return
    whole = end - start > _LONGEST
    for match in _RUN.finditer(text, start, end):
        yield from _between_runs(text, start, match.start(), whole)
        yield match.span()
        start = match.end()
    yield from _between_runs(text, start, end, whole)


def _between_runs(text: str, start: int, end: int, whole: bool) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = end
        if end - start > _BLANKLESS and not whole:
            word = _SOLID.match(text, start, end)
            stop = word.end() if word else start + _BLANKLESS
            while not word and stop > start + 1 and text[stop - 1].isalnum() and text[stop].isalnum():
                stop -= 1
        yield start, stop
        start = stop


def _acronym(
    after: Sequence[_Word], name: Spotted | None, catalogue: Catalogue | None, spotted: dict[int, Spotted]
) -> int:
    """How many tokens after a name repeat it in brackets: "Sudanese Armed Forces (SAF)" is one name."""
    if not name or not catalogue or len(after) < 3 or (after[0].text, after[2].text) != ("(", ")"):
        return 0
    if name.entries[0] not in catalogue.lookup(after[1].text):
        return 0
    spotted.pop(after[1].at, None)
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
    """A word that parses as the name should: itself if it is one plain word, else its last, else its kind's; never empty."""
    word = word.partition(" (")[0]
    kind, parts = name.entries[0].kind, [part for part in _JOINTS.split(word.rstrip(".")) if part]
    last = parts[-1] if parts else ""
    if name.use == "demonym" and last:
        return last
    if word.isalpha() and kind is not Kind.WEAPON:
        return word
    if last.isalpha() and last[0].isupper() and kind not in (Kind.WEAPON, Kind.STATE) and " of " not in word:
        return last
    if last.islower() and last.isalpha() and len(parts) > 1:
        return last  # "Russian forces", "Syrian army"
    return _PROXIES[kind] + ("s" if kind is Kind.WEAPON and word.endswith("s") else "")


_JOINTS = re.compile(r"[\s\-‑–]+")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of text to parse: paragraphs without boilerplate, datelines and bullets."""
    for start, end in _paragraphs(text):
        block = text[start:end]
        if prefix := _DATELINE.match(block) or _BULLET.match(block):
            start += prefix.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
        for first, last in _cut(text, start, start + len(text[start:end].rstrip())):
            first += len(text[first:last]) - len(text[first:last].lstrip())
            if first < last:
                yield first, first + len(text[first:last].rstrip())


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph in pieces that are not too long: cut after a sentence, else at a blank."""
    while end - start > _LONGEST:
        middle, limit = start + _LONGEST // 2, start + _LONGEST
        after = [match.end() for match in _END.finditer(text, middle, limit)]
        blank = next((m.end() for m in _BLANK.finditer(text, middle, end) if m.end() > limit - _BLANKLESS), end)
        stop = after[-1] if after else blank
        yield start, stop
        start = stop
    yield start, end


_BLANK = re.compile(r"\s+")


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
    parts, done = list[str](), 0
    for start, end in article.boilerplate:
        blanks = _NO_BREAK.sub(" ", article.text[start:end])
        parts += [article.text[done:start], blanks]
        done = end
    return "".join([*parts, article.text[done:]])


_NO_BREAK = re.compile(r"[^\n]")


def _is_wrapped(text: str) -> bool:
    """Whether lines were broken by hand: most that are followed by another end in the middle of a sentence."""
    lines = [line.rstrip() for line in text.split("\n")]
    followed = [line for line, after in pairwise(lines) if len(line) > 40 and after.strip()]
    return len(followed) > 2 and sum(line[-1] not in '.!?"”’:;' for line in followed) > 0.6 * len(followed)
