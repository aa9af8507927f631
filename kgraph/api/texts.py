"""Reading one text without a graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.api.options import Several, day_of, names_of, paths_of

if TYPE_CHECKING:
    from datetime import date

    from kgraph.catalogue import Catalogue
    from kgraph.records import Reading


def read(
    text: str,
    *,
    title: str = "",
    published: str | date | None = None,
    outlet: str | None = None,
    model: str | None = None,
    readers: str | Sequence[str] = (),
    catalogue: Several = None,
) -> Reading:
    """The claims of one text, without a graph.

        for claim in kgraph.read("Iran sent Hezbollah drones.").claims:
            print(claim.type, claim.status, claim.sentence)

    title, published, outlet: what is known of the text; "last week" is counted from the day of publication.
    model: another spaCy pipeline with a parser and names.
    readers: who finds claims, such as "frames"; all of the usual ones if not given.
    catalogue: a CSV file with actors of your own, or several.

    Returns what was read: `claims` (each with its `reader` and `score`), `actors`, `mentions`. Model and catalogue are
    loaded once and kept. Raises UsageError for a model or reader that there is not, KnowledgeError for a wrong catalogue
    file.
    """
    from kgraph.articles.texts import article_of
    from kgraph.reading import read as read_article
    from kgraph.reading.readers import DEFAULT_READERS

    day = None if published is None else day_of(str(published)[:10])
    article = article_of(text, "", title=title, published=day, outlet=outlet)
    readers = names_of(readers) or DEFAULT_READERS
    return read_article(article, _model(model), _catalogue(_stamped(paths_of(catalogue))), readers=readers)


@cache
def _model(name: str | None) -> Any:
    from kgraph.reading import language_model

    return language_model.load_model(name)


Stamped = tuple[tuple[Path, int, int], ...]  # files, and when they were written to


def _stamped(files: Sequence[Path]) -> Stamped:
    from kgraph.errors import KnowledgeError

    try:
        return tuple((file, (known := file.stat()).st_mtime_ns, known.st_size) for file in files)
    except OSError as error:
        raise KnowledgeError(f"{error.filename}: cannot be read ({error.strerror}); name a CSV file") from error


@cache
def _catalogue(files: Stamped) -> Catalogue:
    from kgraph.catalogue import load_catalogue

    return load_catalogue(*(file for file, *_ in files))
