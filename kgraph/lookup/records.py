"""What a graph holds, as records: actors, claims, the sentences behind them, and edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the graph."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    country: str | None
    articles: int

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "aliases": list(self.aliases), "id": self.id}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence behind a claim: who says it, how, and where."""

    id: str
    claim: str
    article: str
    title: str
    outlet: str | None
    published: str | None
    path: str | None
    sentence: str
    start: int
    end: int
    status: str
    polarity: str
    stage: str
    certainty: str
    voice: str
    cues: tuple[str, ...]
    frame: str
    reader: str  # which reader of claims found it; "person" where one added it
    score: float  # how surely it is right: of so many such in 1, those that are; 1 where a person says so
    trigger: tuple[int, int]
    speakers: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]  # the words that name the actors and the relation, in the sentence
    event_from: str | None = None
    event_to: str | None = None
    date_precision: str | None = None
    review_status: str | None = None
    origin: str | None = None  # an actor, agency:…, owner:…, or the first article of the story

    @property
    def read_by(self) -> str:
        """Who read it so, and how surely, in a few words."""
        if self.reader == "person":
            return "added by a person"
        if self.review_status:
            return f"read by {self.reader}, judged by a person"
        return f"read by {self.reader}, right in {round(self.score * 100)} of 100"

    def as_json(self) -> dict[str, Any]:
        return {
            "article": self.path or self.article,
            "start": self.start,
            "end": self.end,
            "sentence": self.sentence,
            "status": self.status,
            "speakers": list(self.speakers),
            "id": self.id,
            "key": self.article,
            "eventFrom": self.event_from,
            "eventTo": self.event_to,
            "datePrecision": self.date_precision,
            "reviewStatus": self.review_status,
            "origin": self.origin,
            "reader": self.reader,
            "score": self.score,
        }


@dataclass(slots=True)
class Sentences:
    """The sentences behind some claims: looked up all together, when those of the first are asked for."""

    look: Callable[[], Mapping[str, Sequence[Quote]]]
    found: Mapping[str, Sequence[Quote]] | None = None

    def behind(self, claim: str) -> tuple[Quote, ...]:
        if self.found is None:
            self.found = self.look()
        return tuple(self.found.get(claim, ()))


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, with who takes which role (the roles of its type in their order)."""

    id: str
    type: str
    text: str
    status: str
    latest_status: str
    realised: bool
    current: bool
    disputed: bool
    stage: str
    articles: int
    origins: int
    denying_origins: int
    first_reported: str | None
    last_reported: str | None
    event_from: str | None
    event_to: str | None
    valid_from: str | None
    valid_to: str | None
    review_status: str | None
    credibility: str | None  # Admiralty digit; with a star it is a machine's proposal
    trust: float  # 0 to 1: the best score of its sentences
    roles: tuple[tuple[str, Actor], ...]
    sentences: Sentences = field(repr=False, compare=False)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The sentences behind it, the oldest article first; of all claims of a list they are looked up at once."""
        return self.sentences.behind(self.id)

    def fillers(self, role: str) -> list[Actor]:
        """Who takes a role in it."""
        return [actor for name, actor in self.roles if name == role]

    def as_json(self) -> dict[str, Any]:
        """The claim with its roles and the sentences behind it, as `kgraph claims --format jsonl` prints it."""
        roles: dict[str, list[dict[str, Any]]] = {}
        for role, actor in self.roles:
            roles.setdefault(role, []).append(actor.as_json())
        return {
            "id": self.id,
            "type": self.type,
            "text": self.text,
            "roles": roles,
            "status": self.status,
            "latestStatus": self.latest_status,
            "realised": self.realised,
            "current": self.current,
            "disputed": self.disputed,
            "stage": self.stage,
            "articles": self.articles,
            "origins": self.origins,
            "denyingOrigins": self.denying_origins,
            "firstReported": self.first_reported,
            "lastReported": self.last_reported,
            "eventFrom": self.event_from,
            "eventTo": self.event_to,
            "validFrom": self.valid_from,
            "validTo": self.valid_to,
            "reviewStatus": self.review_status,
            "credibility": self.credibility,
            "trust": self.trust,
            "evidence": [quote.as_json() for quote in self.quotes],
        }


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two actors."""

    id: str
    type: str
    source: str
    target: str
    status: str
    latest_status: str
    realised: bool
    current: bool
    disputed: bool
    stage: str
    articles: int
    origins: int
    first_reported: str | None
    last_reported: str | None
    trust: float  # 0 to 1: the best of its claims
    items: tuple[str, ...]
    claims: tuple[str, ...]
