"""Names → the article's own actors, each with its mentions: short forms, brackets, pronouns and descriptions bound."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.catalogue import Catalogue
from kgraph.documents import Document
from kgraph.mentions import Name
from kgraph.model import LocalActor, Mention


@dataclass(frozen=True, slots=True)
class Reference:
    """What a noun phrase stands for: an actor of the article, by its head token."""

    local: str  # the article's actor
    start: int  # tokens of the words that name it
    end: int
    source: str  # catalogue, designation, model, or reference (a pronoun or description)
    use: str  # name, demonym, metonym, capital, owner ("Syrian troops" without a service of its own), pronoun, description
    place: str | None = None  # for a capital: the local actor that is the city


@dataclass(frozen=True)
class Cast:
    """The actors of an article and which tokens stand for them."""

    actors: dict[str, LocalActor]
    at: dict[int, tuple[Reference, ...]]  # head token of a phrase → the actors it stands for ("both sides": two)
    mentions: tuple[Mention, ...]


def find_cast(document: Document, names: tuple[Name, ...], catalogue: Catalogue) -> Cast:
    """The article's actors, with everything in the text that stands for them."""
    raise NotImplementedError
