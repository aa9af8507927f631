"""What a graph holds, as records: actors, claims, the sentences behind them, and edges."""

from __future__ import annotations

from dataclasses import dataclass
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
    trigger: tuple[int, int]
    speakers: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]  # the words that name the actors and the relation, in the sentence
    event_from: str | None = None
    event_to: str | None = None
    date_precision: str | None = None
    review_status: str | None = None
    origin: str | None = None  # an actor, agency:…, owner:…, or the first article of the story

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
        }


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
    roles: tuple[tuple[str, Actor], ...]

    def fillers(self, role: str) -> list[Actor]:
        return [actor for name, actor in self.roles if name == role]


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
    items: tuple[str, ...]
    claims: tuple[str, ...]
