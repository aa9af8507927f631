"""What a person made of the evidence: decisions replayed over what was read, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from kgraph.decisions import CITED, PAIRS, VERDICTS, Decision
from kgraph.decisions.checks import unfit_role
from kgraph.decisions.citations import key_of
from kgraph.folder.rows import EvidenceRow
from kgraph.projection.actors import Row, Who
from kgraph.schema import load_schema

Roles = tuple[tuple[str, str], ...]  # role and actor

ABOUT_EVIDENCE = (*VERDICTS, "edit")


class Kept(Protocol):
    """Where decisions are looked up: what was read, and whom and what the graph holds."""

    def evidence(self, id: str) -> EvidenceRow | None:
        """An evidence as it was read."""

    def evidence_of(self, article: str, sentence: str, type: str) -> Iterable[tuple[str, set[str]]]:
        """The evidence that a sentence gives for a type, each with its actors."""

    def articles(self, key: str) -> Sequence[str]:
        """The article of a key, or those that it may have become, the likeliest first."""

    def find(self, article: str, words: str, start: int) -> int:
        """Where some words stand in an article: at `start`, if they do, else where they do first; -1 if nowhere."""

    def has_outlet(self, name: str) -> bool:
        """Whether an article comes from an outlet, by its name without case."""

    def is_mentioned(self, actor: str) -> bool: ...

    def is_actor(self, actor: str) -> bool:
        """Whether an article or a decision names an actor."""

    def is_claim(self, claim: str) -> bool:
        """Whether some evidence gives a claim, be it rejected or not."""


class Correction(NamedTuple):
    """Who takes a role: nobody if empty. Of several in the role it may be about one."""

    role: str
    actor: str
    instead: str  # who is wrong there; empty for all

    def apply(self, roles: Roles) -> Roles:
        """The roles of an evidence, corrected."""
        right = ((self.role, self.actor),) if self.actor else ()
        if (wrong := (self.role, self.instead)) in roles:
            return tuple(dict.fromkeys(pair for one in roles for pair in (right if one == wrong else (one,))))
        return (*(pair for pair in roles if pair[0] != self.role), *right)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What decisions make of one evidence."""

    row: EvidenceRow  # as a person left it
    review: str  # accepted, edited, rejected, disbelieved
    roles: tuple[Correction, ...]  # in the order in which they were made


@dataclass(frozen=True, slots=True)
class Judged:
    """What decisions make of all the evidence."""

    evidence: Mapping[str, Judgement]
    about: Mapping[str, str]  # decision → the evidence that it is about
    additions: Mapping[str, tuple[EvidenceRow, Roles]]  # evidence that a person added
    lost: Mapping[str, str]  # additions and edits that fit nothing, and why

    @property
    def actors(self) -> set[str]:
        """Whom decisions name in claims, whether or not an article does."""
        edited = (
            [correction.actor for correction in judgement.roles]
            for judgement in self.evidence.values()
            if judgement.review != "rejected"
        )
        added = ((actor for _, actor in roles) for _, roles in self.additions.values())
        return {actor for some in (*edited, *added) for actor in some if actor}


# What an evidence says that a person calls so.
FIELDS_OF_STATUS: dict[str, dict[str, Any]] = {
    "asserted": {"polarity": "affirmed", "certainty": "certain", "hypothetical": 0, "voice": "author"},
    "reported": {"polarity": "affirmed", "certainty": "certain", "hypothetical": 0, "voice": "attributed"},
    "ended": {"polarity": "affirmed", "stage": "stopped", "hypothetical": 0},
    "planned": {"polarity": "affirmed", "stage": "planned", "hypothetical": 0},
    "possible": {"polarity": "affirmed", "certainty": "possible"},
    "denied": {"polarity": "denied", "voice": "attributed"},
    "negated": {"polarity": "negated", "voice": "author"},
}
_COLUMNS = {"eventFrom": "event_from", "eventTo": "event_to", "datePrecision": "date_precision"}


def judge(decisions: Sequence[Decision], kept: Kept, who: Who) -> Judged:
    """Replays the decisions about evidence."""
    evidence, about, lost = dict[str, Judgement](), dict[str, str](), dict[str, str]()
    for decision in decisions:
        if decision.action in ABOUT_EVIDENCE and (row := find_evidence(decision, kept, who)):
            if wrong := _unfit_edit(decision, row, kept, who):
                lost[decision.id] = wrong
                continue
            about[decision.id] = row.id
            evidence[row.id] = _judged(evidence.get(row.id) or Judgement(row, "", ()), decision, who)
    additions = dict[str, tuple[EvidenceRow, Roles]]()
    for decision in decisions:
        if decision.action == "add":
            made = _addition(decision, kept, who)
            if isinstance(made, str):
                lost[decision.id] = made
            else:
                additions[decision.id] = made
    return Judged(evidence, about, additions, lost)


def find_evidence(decision: Decision, kept: Kept, who: Who) -> EvidenceRow | None:
    """The evidence that a decision is about, also where its id has changed: by article (as it is now), sentence, actors."""
    if row := kept.evidence(decision.target):
        return row
    anchor = decision.details
    if not anchor.get("sentence"):
        return None
    actors = {who.final(str(actor)) for actor in anchor.get("actors", ())}
    for article in kept.articles(str(anchor.get("article"))):
        alike = kept.evidence_of(article, str(anchor["sentence"]), str(anchor.get("type")))
        found = [id for id, named in alike if named == actors]
        if len(found) == 1:
            return kept.evidence(found[0])
    return None


def _unfit_edit(decision: Decision, row: EvidenceRow, kept: Kept, who: Who) -> str | None:
    """Why a role cannot be corrected: an older kgraph or another schema knew it, or there is nobody of that id."""
    if decision.action != "edit" or not decision.field.startswith("role:"):
        return None
    unfit = unfit_role(decision.field.removeprefix("role:"), row.type)
    return unfit or (_unknown_actor(who.final(decision.value), kept, who) if decision.value else None)


def _unknown_actor(actor: str, kept: Kept, who: Who) -> str | None:
    is_known = actor in who.catalogue.entries or kept.is_mentioned(actor)
    return None if is_known else f"there is no actor {actor}"


def _judged(before: Judgement, decision: Decision, who: Who) -> Judgement:
    if decision.action in VERDICTS:
        return replace(before, review=VERDICTS[decision.action])
    if decision.field.startswith("role:"):
        right, wrong = (who.final(str(id)) if id else "" for id in (decision.value, decision.details.get("instead")))
        correction = Correction(decision.field.removeprefix("role:"), right, wrong)
        return replace(before, review="edited", roles=(*before.roles, correction))
    return replace(before, review="edited", row=_edited(before.row, decision.field, decision.value))


def _edited(row: EvidenceRow, name: str, value: str) -> EvidenceRow:
    if name == "status":
        changes = FIELDS_OF_STATUS[value]
        if value in ("asserted", "reported", "possible") and row.stage not in ("ongoing", "done"):
            changes = changes | {"stage": "done"}
        return row._replace(status=value, **changes)
    changed: dict[str, Any] = {_COLUMNS.get(name, name): value or None}
    return row._replace(**changed)


def _addition(decision: Decision, kept: Kept, who: Who) -> tuple[EvidenceRow, Roles] | str:
    """The evidence that a person added, with its actors; else why it fits no longer."""
    details = decision.details
    relation = load_schema().get(str(details["type"]))
    if relation is None:
        return f"there is no relation type {details['type']}"
    cited, articles = decision.target.startswith(CITED), kept.articles(key_of(decision))
    if not articles:
        return f"the article {decision.target} is not in the graph"
    sentence, start = str(details["sentence"]), 0 if cited else int(details.get("start", 0))
    places = [(key, place) for key in articles if (place := kept.find(key, sentence, start)) >= 0]
    article, start = places[0] if places else (articles[0], start)
    roles = tuple((role, who.final(actor)) for role, some in details["roles"].items() for actor in some)
    for role, actor in roles:
        if role not in relation.roles:
            return f"{relation.name} has no role {role}"
        if unknown := _unknown_actor(actor, kept, who):
            return unknown
    row = EvidenceRow(
        decision.id, decision.id, article, relation.name, sentence, start, start + len(sentence), "",
        1.0, "asserted", "affirmed", "done", "certain", 0, "author",
        details.get("eventFrom") or None, details.get("eventTo") or None, details.get("datePrecision") or None,
    )  # fmt: skip
    return _edited(row, "status", str(details["status"])), roles


# Rows. ---------------------------------------------------------------------------------------------------------------


def revision_row(judgement: Judgement) -> Row:
    """An evidence as a person left it."""
    row = judgement.row
    return (
        row.id, judgement.review, row.status, row.polarity, row.stage, row.certainty, row.hypothetical, row.voice,
        row.event_from, row.event_to, row.date_precision,
    )  # fmt: skip


def added_row(row: EvidenceRow) -> Row:
    """An evidence that a person added, with the columns of evidence."""
    return (
        row.id, row.event, row.article, row.type, row.sentence, row.start, row.end, "", row.start, row.start, "manual",
        "person", row.score, row.status, row.polarity, row.stage, row.certainty, row.hypothetical, row.voice, "[]",
        row.event_from, row.event_to, row.date_precision,
    )  # fmt: skip


def orphan_rows(decisions: Iterable[Decision], judged: Judged, kept: Kept, who: Who) -> Iterator[Row]:
    """The decisions whose target is gone, and why; they stay in the file and stand again when it comes back."""
    for decision in decisions:
        if why := judged.lost.get(decision.id) or _why_orphaned(decision, judged, kept, who):
            yield (decision.id, why)


def _why_orphaned(decision: Decision, judged: Judged, kept: Kept, who: Who) -> str | None:
    target = decision.target
    if decision.action in ABOUT_EVIDENCE:
        known = decision.id in judged.about or target in judged.additions or kept.is_claim(target)
        return None if known else "no article says that any more"
    if decision.action == "credibility":
        return None if kept.is_claim(target) else "no article says that any more"
    if decision.action in (*PAIRS, "kind"):
        ends = [target, decision.value] if decision.action in PAIRS else [target]
        gone = [end for end in ends if not kept.is_actor(end) and not kept.is_actor(who.final(end))]
        return f"no article names {gone[0]} any more" if gone else None
    if decision.action == "outlet" and not kept.has_outlet(target.casefold()):
        return f"no article comes from {target}"
    return None
