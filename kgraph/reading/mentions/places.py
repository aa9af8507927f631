"""Places that only the words before them tell: "the village of X", "near X"; the model often takes them for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import Document
from kgraph.reading.mentions.name import Name
from kgraph.records import Kind

_NOUNS = frozenset(
    "town village city district province suburb neighbourhood neighborhood outskirts region port".split()
)
_LONGEST = 3  # words of such a name


def said_places(document: Document, catalogue: Catalogue, part: range) -> Iterator[Name]:
    """Capitalised words after "the town of" or "near"."""
    doc = document.doc
    for i, token in enumerate(doc.between(part.start, part.stop), part.start):
        if not (token.lower_ == "near" or (token.lower_ == "of" and i and doc[i - 1].lemma_.lower() in _NOUNS)):
            continue
        end = i + 1
        while end < len(doc) and end - i <= _LONGEST and doc[end].pos_ == "PROPN" and doc[end].text.istitle():
            end += 1
        if end > i + 1 and (end == len(doc) or not doc[end].text[:1].isupper()):
            yield Name(i + 1, end, Kind.PLACE, catalogue.lookup(doc[i + 1 : end].text), "model")
