"""What is known while an article is read from its beginning to its end: who was named where, who was spoken of last."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kgraph.catalogue import Catalogue, Entry
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Token
from kgraph.records import Kind, LocalActor, Mention

BODIES = frozenset((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION))
MODIFIERS = ("amod", "compound", "poss", "nmod")
SUBJECTS = ("nsubj", "nsubjpass")
_WITH_WORDS = frozenset((Kind.GROUP, Kind.ORGANIZATION))


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
    sentences: Sequence[int] = ()  # in which one each token stands
    seen: list[Seen] = field(default_factory=list)  # in the order of the text
    spoken_of: set[str] = field(default_factory=set)  # who is among them
    bodies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # ... by the words of their names
    named: dict[int, Reference] = field(default_factory=dict)  # by the head of the name, in the order of the text
    heads: list[int] = field(default_factory=list)  # the same heads
    ends: dict[int, int] = field(default_factory=dict)  # where a name ends → its head
    of_kind: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))
    locals: dict[str, str] = field(default_factory=dict)  # entry of the catalogue → the article's actor
    titled: dict[str, str] | None = None  # person → the state or body in his title, once it was asked for
    homes: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))  # sentence → states of its places

    def entry(self, local: str) -> Entry | None:
        """What the catalogue knows of an actor."""
        return self.catalogue.entries.get(self.actors[local].entry or "")

    def local(self, entry: str) -> str | None:
        """The article's actor that is an entry of the catalogue, if it names it."""
        return self.locals.get(entry)

    def add(self, actor: LocalActor) -> None:
        """One more actor, if it is not there yet."""
        if actor.local not in self.actors:
            self.actors[actor.local] = actor
            self.of_kind[actor.kind].append(actor.local)
            if actor.entry:
                self.locals.setdefault(actor.entry, actor.local)

    def named_in(self, part: range) -> list[tuple[int, Reference]]:
        """The names in a part of the document by their heads, in order."""
        first, stop = bisect_left(self.heads, part.start), bisect_left(self.heads, part.stop)
        return [(i, self.named[i]) for i in self.heads[first:stop]]

    def lately(self, here: int, reach: int) -> list[Seen]:
        """Who was spoken of in a sentence and in some before it."""
        return self.seen[bisect_left(self.seen, here - reach, key=lambda seen: seen.sentence) :]

    def note(self, token: Token, local: str) -> None:
        """That an actor was spoken of."""
        head = token.head if token.dep_ in MODIFIERS else token
        subject, plural = head.dep_ in SUBJECTS, token.tag_ in ("NNS", "NNPS")
        main = subject and head.head.dep_ == "ROOT"
        kind = self.actors[local].kind
        itself = head is token or token.dep_ == "poss" or any(r.local == local for r in self.at.get(head.i, ()))
        if local not in self.spoken_of:
            self.spoken_of.add(local)
            for word in {*self.actors[local].name.split()[-4:]} if kind in _WITH_WORDS else ():
                self.bodies[word].append(local)
        self.seen.append(Seen(token.i, self.sentences[token.i], local, kind, subject, main, plural, not itself))

    def here(self, token: Token) -> int:
        """The number of a token's sentence."""
        return self.sentences[token.i]
