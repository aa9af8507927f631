"""What one evidence says: with the actors of the graph in its roles, where it comes from, and what a person made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kgraph.folder.rows import ArticleRow, EvidenceRow
from kgraph.projection.judgement import Judgement, Roles

# What a person has called so is said in the text, believed or not. The view `told` has the same words.
VOUCHED = frozenset(("accepted", "edited", "disbelieved", "manual"))


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
    score: float  # how surely it is right, as its reader says
    published: str | None
    origin: str
    named: int  # whether the origin has a name
    review: str | None  # accepted, edited, disbelieved or manual, where a person has looked
    roles: Roles  # in the order of the text

    @property
    def trust(self) -> float:
        """How surely the article says so: where a person has said that it does, or how, it does."""
        return 1.0 if self.review in VOUCHED else self.score

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
    row: EvidenceRow, article: ArticleRow, roles: Roles, speakers: Sequence[str], owners: Mapping[str, str],
    judgement: Judgement | None = None,
) -> Said | None:  # fmt: skip
    """What an evidence says; nothing where a person has called it a bad extraction.

    `roles` are those of the text with the actors of the graph, `speakers` too, the nearest first; UNNAMED and
    their words where they are none.
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
        row.event_from, row.event_to, row.date_precision, row.score, article.published, origin, int(named), review, roles,
    )  # fmt: skip


UNNAMED = "?"  # begins the words for a speaker who is no actor


def find_origin(article: ArticleRow, speakers: Sequence[str], owners: Mapping[str, str]) -> tuple[str, bool]:
    """Who it comes from, and whether that has a name.

    The deepest named speaker, else the deepest without a name of whom the text says where from ("Western diplomats", in the
    week of the report), else the agency that the article credits, else the group that owns its outlet, else the story that
    it is a copy of.
    """
    if named := [speaker for speaker in speakers if not speaker.startswith(UNNAMED)]:
        return named[-1], True
    known = (find_unnamed(speaker, article.published) for speaker in reversed(speakers))
    if origin := next(filter(None, known), None):
        return origin, False
    if article.credit:
        return f"agency:{article.credit}", not speakers
    if owner := owners.get((article.outlet or "").casefold()):
        return f"owner:{owner}", not speakers
    return article.cluster, bool(article.outlet) and not speakers


_LESS = frozenset(
    "a an the this that its his her their one two three four five six many several some few other another various both "
    "senior top high ranking former unnamed anonymous unidentified different local and or".split()
)
_AFTER = re.compile(r"\b(?:of|in|at|from|on|for|to|with|within|near|who|that|which|familiar|close|briefed|involved)\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def find_unnamed(speaker: str, published: str | None) -> str | None:
    """Which origin a speaker without a name is: where from, what role, and in which week; None if the text has no where."""
    text = re.sub(r"['’]s?\b", "", speaker.removeprefix(UNNAMED))
    words = [word for word in _WORD.findall(text) if word.lower() not in _LESS]
    where = [word.lower() for word in words if not word[0].islower()]
    head = [
        word for word in _WORD.findall(_AFTER.split(text, maxsplit=1)[0]) if word[0].islower() and word not in _LESS
    ]
    if not where or not head:
        return None
    role = head[-1] if head[-1].endswith("ss") else head[-1].removesuffix("s")
    week = "-W".join(map(str, date.fromisoformat(published[:10]).isocalendar()[:2])) if published else ""
    return f"unnamed:{' '.join(filter(None, (*where, role, week)))}"
