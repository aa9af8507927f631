"""What one evidence says: with the actors of the graph in its roles, where it comes from, and what a person made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kgraph.evidence import ArticleRow, EvidenceRow
from kgraph.projection.judgement import Judgement, Roles


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
    row: EvidenceRow, article: ArticleRow, roles: Roles, speakers: Sequence[str | None], owners: Mapping[str, str],
    judgement: Judgement | None = None,
) -> Said | None:  # fmt: skip
    """What an evidence says; nothing where a person has called it a bad extraction.

    `roles` are those of the text with the actors of the graph, `speakers` too, the nearest first, None without a name.
    """
    origin, named = find_origin(article, speakers, owners)
    if judgement is None:
        return _said(row, roles, article, origin, named)
    if judgement.review == "rejected":
        return None
    for correction in judgement.roles:
        roles = correction.apply(roles)
    return _said(judgement.row, roles, article, origin, named, judgement.review)


def say_added(row: EvidenceRow, roles: Roles, article: ArticleRow, owners: Mapping[str, str]) -> Said:
    """What an evidence says that a person added."""
    return _said(row, roles, article, *find_origin(article, (), owners), "manual")


def _said(
    row: EvidenceRow, roles: Roles, article: ArticleRow, origin: str, named: bool, review: str | None = None
) -> Said:
    return Said(
        row.id, row.article, row.type, row.start, row.status, row.polarity, row.stage, row.certainty, row.hypothetical,
        row.event_from, row.event_to, row.date_precision, article.published, origin, int(named), review, roles,
    )  # fmt: skip


def find_origin(article: ArticleRow, speakers: Sequence[str | None], owners: Mapping[str, str]) -> tuple[str, bool]:
    """Who it comes from, and whether that has a name.

    The deepest named speaker, else the agency that the article credits, else the group that owns its outlet, else the
    story that it is a copy of.
    """
    if named := [speaker for speaker in speakers if speaker]:
        return named[-1], True
    if article.credit:
        return f"agency:{article.credit}", not speakers
    if owner := owners.get((article.outlet or "").casefold()):
        return f"owner:{owner}", not speakers
    return article.cluster, bool(article.outlet) and not speakers
