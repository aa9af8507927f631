"""Article → Reading: everything that kgraph takes from one article, by one function, `read`.

It is loaded, and spaCy with it, when it is first asked for: who wants to know only what would read does without.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kgraph.reading.article import read

__all__ = ["read"]


def __getattr__(name: str) -> object:
    if name != "read":
        raise AttributeError(name)
    from kgraph.reading.article import read

    return read
