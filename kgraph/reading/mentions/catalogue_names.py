"""Names that the catalogue knows; they were found before the text was parsed (see documents.py)."""

from __future__ import annotations

from collections.abc import Iterator

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import Document
from kgraph.reading.mentions.name import Name


def known_names(document: Document, catalogue: Catalogue, part: range) -> Iterator[Name]:
    """The names of catalogue entries in a part of a document; they do not overlap."""
    for known in document.known_in(part):
        yield Name(known.start, known.end, known.entries[0].kind, known.entries, "catalogue", known.use)
