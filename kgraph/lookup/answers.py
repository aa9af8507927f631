"""What is answered about a graph in one piece: dossiers, ways between actors, what changed, remarks of people."""

from __future__ import annotations

from dataclasses import dataclass, field

from kgraph.lookup.changes import Change, as_note
from kgraph.lookup.records import Actor, Claim, Quote, Sentences
from kgraph.trust import least


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person remarked on something. As text: the words, with who and when."""

    words: str
    who: str
    when: str  # ISO time

    def __str__(self) -> str:
        return f"{self.words} ({', '.join(filter(None, (self.who, self.when[:16].replace('T', ' '))))})"


@dataclass(frozen=True, slots=True)
class Background:
    """What the catalogue says of an actor: an office, what it is part of, what it is a variant of."""

    label: str
    name: str  # of the other actor
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All about one actor."""

    actor: Actor
    ties: tuple[Background, ...]
    claims: tuple[Claim, ...]  # the newest first
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A claim with what people remarked on it and on its sentences."""

    claim: Claim
    remarks: tuple[Remark, ...]
    remarks_on: dict[str, tuple[Remark, ...]]  # by the id of a sentence, where there are any

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences behind it, the oldest article first."""
        return self.claim.quotes


@dataclass(frozen=True, slots=True)
class Line:
    """An edge on a way, with the actors that it joins as the texts name them."""

    id: str
    type: str
    source: Actor
    target: Actor
    status: str
    realised: bool
    trust: float
    articles: int
    claims: tuple[str, ...]  # their ids
    sentences: Sentences = field(repr=False, compare=False)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences behind its claims."""
        return tuple(quote for claim in self.claims for quote in self.sentences.behind(claim))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a way: two actors and everything that joins them."""

    start: Actor
    end: Actor
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """Actors with more ties among them than to others, and how that was otherwise before. Each in the order of the names."""

    members: tuple[Actor, ...]
    joined: tuple[Actor, ...] = ()
    left: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """How a claim or an article was at some time."""

    at: str  # ISO time
    what: str
    text: str
    status: str
    counts: str
    id: str  # its beginning


class Changes(tuple[Change, ...]):
    """What is new, changed and gone, in this order. As text: a note to paste."""

    @property
    def counts(self) -> str:
        """How many claims come, change and go."""
        words = {"new": "gained", "changed": "changed", "gone": "lost"}
        return ", ".join(f"{sum(one.what == what for one in self)} {word}" for what, word in words.items())

    def shown(self, trust: str) -> Changes:
        """Those of claims that a level of trust shows, before or after."""
        needed = least(trust)
        return Changes(one for one in self if any(state and state.trust >= needed for state in (one.before, one.after)))

    def note(self, title: str = "Changes") -> str:
        """The changes under a title: a heading for each kind, a line for each claim."""
        return as_note(self, title)

    def __str__(self) -> str:
        return self.note()
