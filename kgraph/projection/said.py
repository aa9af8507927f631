"""What one evidence says: with the actors of the graph in its roles, where it comes from, and what a person made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from kgraph.evidence import ArticleRow, EvidenceRow, FillerRow, SpeakerRow
from kgraph.projection.judgement import Judgement, Roles

Find = Callable[[str], str]  # which actor a local actor of the article is


class Said(NamedTuple):
    """One evidence, with all that counts when claims are summed up."""

    id: str
    article: str
    type: str
    start: int
    status: str
    polarity: str
    stage: str
    certainty: str
    hypothetical: int
    event_from: str | None
    event_to: str | None
    date_precision: str | None
    published: str | None
    origin: str
    named: int  # whether the origin has a name
    review: str | None  # accepted, edited, disbelieved or manual, where a person has looked
    roles: Roles  # in the order of the text

    @property
    def disbelieved(self) -> bool:
        return self.review == "disbelieved"

    @property
    def affirmed(self) -> bool:
        return self.polarity == "affirmed"

    @property
    def holds(self) -> bool:
        """Whether it says that the thing is or was so."""
        return (
            self.polarity == "affirmed"
            and not self.hypothetical
            and self.certainty == "certain"
            and self.stage in ("ongoing", "done", "stopped")
        )

    @property
    def age(self) -> tuple[str, str, int, str]:
        """What newer evidence has more of."""
        return (self.published or "", self.article, self.start, self.id)


def say(
    row: EvidenceRow, article: ArticleRow, fillers: Iterable[FillerRow], speakers: Iterable[SpeakerRow],
    find: Find, owners: Mapping[str, str], judgement: Judgement | None = None,
) -> Said | None:  # fmt: skip
    """What an evidence says, in the order of its fillers; nothing where a person has called it a bad extraction."""
    origin, named = find_origin(article, speakers, find, owners)
    if judgement is None:
        return _said(row, tuple([(filler.role, find(filler.local)) for filler in fillers]), article, origin, named)
    if judgement.review == "rejected":
        return None
    right = judgement.roles
    read = ((filler.role, find(filler.local)) for filler in fillers if filler.role not in right)
    roles = (*read, *((role, actor) for role, actor in right.items() if actor))
    return _said(judgement.row, roles, article, origin, named, judgement.review)


def say_added(row: EvidenceRow, roles: Roles, article: ArticleRow, owners: Mapping[str, str]) -> Said:
    """What an evidence says that a person added."""
    return _said(row, roles, article, *find_origin(article, (), str, owners), "manual")


def _said(
    row: EvidenceRow, roles: Roles, article: ArticleRow, origin: str, named: bool, review: str | None = None
) -> Said:
    return Said(
        row.id, row.article, row.type, row.start, row.status, row.polarity, row.stage, row.certainty, row.hypothetical,
        row.event_from, row.event_to, row.date_precision, article.published, origin, int(named), review, roles,
    )  # fmt: skip


def find_origin(
    article: ArticleRow, speakers: Iterable[SpeakerRow], find: Find, owners: Mapping[str, str]
) -> tuple[str, bool]:
    """Who it comes from, and whether that has a name.

    The deepest named speaker, else the agency that the article credits, else the group that owns its outlet, else the
    story that it is a copy of.
    """
    chain = sorted(speakers, key=lambda speaker: speaker.depth)
    named = [speaker.local for speaker in chain if speaker.local]
    if named:
        return find(named[-1]), True
    if article.credit:
        return f"agency:{article.credit}", not chain
    if owner := owners.get((article.outlet or "").casefold()):
        return f"owner:{owner}", not chain
    return article.cluster, bool(article.outlet) and not chain
