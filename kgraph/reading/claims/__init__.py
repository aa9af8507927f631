"""Document and cast → evidence: one row a claim that a sentence makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import chain

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast
from kgraph.reading.claims.choice import best, choose, one_an_event
from kgraph.reading.claims.roles import Match
from kgraph.reading.claims.status import read_stance, status_of
from kgraph.reading.claims.words import STAGES
from kgraph.reading.documents import Document
from kgraph.reading.readers import DEFAULT_READERS, find_reader
from kgraph.reading.tokens import Token
from kgraph.records import Evidence, Filler, Stance, digest


def find_claims(
    document: Document, cast: Cast, catalogue: Catalogue, readers: Iterable[str] = DEFAULT_READERS
) -> tuple[Evidence, ...]:
    """The claims of an article that some readers find; where two of a sentence are the same, the one that says more."""
    standing, likely = defaultdict[int, list[Match]](list), defaultdict[int, list[Match]](list)  # by sentence
    for name in readers:
        for match in find_reader(name)(document, cast, catalogue):
            (standing if match.probability is None else likely)[match.trigger.sent.start].append(match)
    stance = cache(partial(_stance, document, cast))
    chosen = (match for start in sorted(likely) for match in choose(likely[start], standing.get(start, ())))
    exact = (match for start in sorted(standing) for match in one_an_event(standing[start]))
    rows = (_evidence(document, match, stance) for match in chosen if not _is_in_a_name(match, cast))
    added = (evidence for evidence in rows if not _is_only_said_by(evidence))
    return tuple(_with_unique_ids(best(chain((_evidence(document, match, stance) for match in exact), added))))


def _is_in_a_name(match: Match, cast: Cast) -> bool:
    """Whether the word that makes a claim only names somebody: "US Central Command" says nothing of who commands."""
    return any(reference.use == "name" for reference in cast.at.get(match.trigger.i, ()))


def _is_only_said_by(evidence: Evidence) -> bool:
    """Whether an end is the very phrase that says the claim: "Iran armed them, according to the United Nations"."""
    said_by = [(filler, speaker) for filler in evidence.fillers[:2] for speaker in evidence.stance.speakers]
    return any(filler.surface in speaker.text for filler, speaker in said_by if speaker.local in (filler.local, None))


def _stance(document: Document, cast: Cast, trigger: Token, stage: str | None) -> Stance:
    """How the claims of a word are put; `stage` is what the word itself says."""
    stage = stage or (STAGES.get(trigger.lemma_) if trigger.pos_ == "VERB" else None)
    return read_stance(document, cast, trigger, Stance(stage=stage) if stage else Stance())


def _evidence(document: Document, match: Match, stance_of: Callable[[Token, str | None], Stance]) -> Evidence:
    """What a match says."""
    frame, trigger = match.frame, match.trigger
    text, start = document.text(trigger.sent), document.start(trigger.sent)
    fillers = tuple(_filler(document, role, r.local, r.start, r.end) for role, r in match.fillers)
    stance = stance_of(trigger, frame.stage)
    key = digest(text, frame.relation.name, *(filler.surface for filler in fillers[:2]), document.article.key)
    where = document.start(trigger)
    return Evidence(
        key,
        digest(document.article.key, str(where), trigger.text),
        document.article.key,
        frame.relation.name,
        fillers,
        text,
        start,
        start + len(text),
        trigger.text,
        where,
        document.end(trigger),
        frame.name,
        match.reader,
        _score(match),
        status_of(stance),
        stance,
    )


def _score(match: Match) -> float:
    """How surely a match is right, rounded so that it is one number everywhere; what stands is taken to be right."""
    return 1.0 if match.probability is None else round(match.probability, 3)


def _filler(document: Document, role: str, local: str, start: int, end: int) -> Filler:
    span = document.doc[start:end]
    begin, stop = document.start(span), document.end(span)
    return Filler(role, local, document.article.text[begin:stop], begin, stop)


def _with_unique_ids(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Two claims whose words are the same ("both sides") are told apart by whom the words stand for."""
    seen: set[str] = set()
    for row in evidence:
        if row.evidence_id in seen:
            row = replace(row, evidence_id=digest(row.evidence_id, *(f.local for f in row.fillers[:2]), str(row.start)))
        seen.add(row.evidence_id)
        yield row
