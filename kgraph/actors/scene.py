"""What is known while an article is read from its beginning to its end: who was named where, who was spoken of last."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from kgraph.catalogue import Catalogue, Entry
from kgraph.documents import Document
from kgraph.model import Kind, LocalActor, Mention
from kgraph.parsed import Token

BODIES = frozenset((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION))
MODIFIERS = ("amod", "compound", "poss", "nmod")
SUBJECTS = ("nsubj", "nsubjpass")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a noun phrase stands for: an actor of the article, by its head token."""

    local: str  # the article's actor
    start: int  # tokens of the words that name it
    end: int
    source: str  # catalogue, designation, model, or reference (a pronoun or description)
    use: str  # name, demonym, metonym, capital, owner ("Syrian bases"), pronoun, description
    place: str | None = None  # for a capital: the local actor that is the city


@dataclass(frozen=True)
class Cast:
    """The actors of an article and which tokens stand for them."""

    actors: dict[str, LocalActor]
    at: dict[int, tuple[Reference, ...]]  # head token of a phrase → the actors it stands for ("both sides": two)
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """An actor that was spoken of, at a place where a later pronoun may mean it."""

    token: int
    sentence: int
    local: str
    kind: Kind
    subject: bool
    main: bool  # of the sentence's main clause
    plural: bool  # "Iranian officials", "the Houthis": they
    aside: bool  # only a word before another noun: "the Syrian war"


@dataclass(slots=True)
class Scene:
    """What is known while an article is read."""

    document: Document
    catalogue: Catalogue
    actors: dict[str, LocalActor] = field(default_factory=dict)
    at: dict[int, tuple[Reference, ...]] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    forms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # words beside a person's name
    sentences: dict[int, int] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    named: dict[int, Reference] = field(default_factory=dict)  # by the head of the name
    homes: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # sentence → states of its places

    def entry(self, local: str) -> Entry | None:
        """What the catalogue knows of an actor."""
        return self.catalogue.entries.get(self.actors[local].entry or "")

    def local(self, entry: str) -> str | None:
        """The article's actor that is an entry of the catalogue, if it names it."""
        return next((actor.local for actor in self.actors.values() if actor.entry == entry), None)

    def note(self, token: Token, local: str) -> None:
        """That an actor was spoken of."""
        head = token.head if token.dep_ in MODIFIERS else token
        subject, plural = head.dep_ in SUBJECTS, token.tag_ in ("NNS", "NNPS")
        main = subject and head.head.dep_ == "ROOT"
        kind = self.actors[local].kind
        itself = head is token or token.dep_ == "poss" or any(r.local == local for r in self.at.get(head.i, ()))
        self.seen.append(Seen(token.i, self.sentences[token.i], local, kind, subject, main, plural, not itself))

    def here(self, token: Token) -> int:
        """The number of a token's sentence."""
        return self.sentences[token.i]
