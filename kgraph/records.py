"""What flows through kgraph: frozen records, with ids hashed from content."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b


def digest(*parts: str) -> str:
    """A stable id of 16 hexadecimal digits for some texts; their boundaries count."""
    return blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


class Kind(StrEnum):
    """What an actor is."""

    STATE = "State"
    GROUP = "Group"
    ORGANIZATION = "Organization"
    PERSON = "Person"
    WEAPON = "WeaponSystem"
    PLACE = "Place"


class Status(StrEnum):
    """What an article says of a claim, strongest first (the order in which a claim takes its status)."""

    ASSERTED = "asserted"
    REPORTED = "reported"
    ENDED = "ended"
    PLANNED = "planned"
    POSSIBLE = "possible"
    DENIED = "denied"
    NEGATED = "negated"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. Offsets everywhere are code points of `text`, which is never cut."""

    key: str  # the id that a feed gave it, else its URL, else its path, else the hash of its text: says which article it is
    version: str  # hash of the text: says whether it changed
    title: str
    text: str
    published: str | None = None  # ISO date, only where the source says it
    outlet: str | None = None
    url: str | None = None
    path: str | None = None
    language: str = "en"
    boilerplate: tuple[tuple[int, int], ...] = ()  # ranges that are not the article: menus, forms, teasers
    given: str | None = None  # the id that a feed gave it
    place: str = field(default="", compare=False, repr=False)  # where it was found: the file, in a feed with the line


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that stands for an actor of the article."""

    local: str
    start: int
    end: int
    text: str
    source: str  # catalogue, designation, model or reference


@dataclass(frozen=True, slots=True)
class LocalActor:
    """An actor as one article knows it. Which actor of the graph it is, is decided at projection."""

    local: str  # unique in the article, e.g. "Hezbollah (Group)"
    name: str  # the catalogue's name, else the fullest form in the article
    kind: Kind
    entry: str | None = None  # the catalogue row that the text fits, if any
    country: str | None = None  # id of a state, where the text says it
    forms: tuple[str, ...] = ()  # the names by which the article calls it, without pronouns and descriptions


@dataclass(frozen=True, slots=True)
class Filler:
    """Who takes a role in a claim: an actor of the article and the words that name it there."""

    role: str
    local: str
    surface: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says so; `local` is None for a speaker without a name ("two officials")."""

    text: str
    local: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence puts a claim. The fields are independent; `status` is what they come to (see reading/claims/status.py)."""

    polarity: str = "affirmed"  # affirmed, denied (by a speaker), negated (by the author), unobserved
    stage: str = "done"  # requested offered planned agreed attempted ongoing done | stopped failed threatened
    certainty: str = "certain"  # certain, probable, possible
    hypothetical: bool = False
    voice: str = "author"  # author, attributed, quoted
    speakers: tuple[Speaker, ...] = ()  # the nearest first
    cues: tuple[str, ...] = ()  # the cues that said so, innermost first


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim made by one sentence."""

    evidence_id: str
    event_id: str  # rows of one trigger share it, so that lists and claims with three places stay joined
    article: str
    type: str
    fillers: tuple[Filler, ...]
    sentence: str
    start: int
    end: int
    trigger: str
    trigger_start: int
    trigger_end: int
    frame: str
    reader: str  # which reader of claims found it
    score: float  # how surely it is right, from 0 to 1
    status: Status
    stance: Stance
    event_from: str | None = None  # ISO date, only where the sentence says it
    event_to: str | None = None
    date_precision: str | None = None  # day, month, year

    def __str__(self) -> str:
        """The claim as a person reads it, by the words that name its actors."""
        return f"{self.type} {', '.join(f'{each.role} {each.surface}' for each in self.fillers)} ({self.status})"


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """All that was read from one article."""

    article: Article
    actors: tuple[LocalActor, ...]
    mentions: tuple[Mention, ...]
    evidence: tuple[Evidence, ...]
    sentences: int = 0  # how many were read
    credit: str | None = None  # the agency or outlet whose story it says it brings
    signature: bytes | None = None  # by which near-copies of it are found

    @property
    def claims(self) -> tuple[Evidence, ...]:
        """What it says: claims, each made by one of its sentences."""
        return self.evidence

    def __repr__(self) -> str:
        words = self.article.title or " ".join(self.article.text[:60].split())
        counts = f"{self.sentences} sentences, {len(self.actors)} actors, {len(self.evidence)} claims"
        return "\n  ".join((f"<Reading of {words!r}: {counts}>", *map(str, self.evidence)))
