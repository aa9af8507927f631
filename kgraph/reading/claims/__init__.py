"""Document and cast → evidence: one row a claim that a sentence makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast
from kgraph.reading.claims.choice import Candidate, candidates, choose, one_an_event
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
    """The claims of an article that some readers find, each with how surely it is right (see choice.py)."""
    used = [*readers]
    found = defaultdict[int, list[Match]](list)  # by sentence
    for name in used:
        for match in find_reader(name)(document, cast, catalogue):
            found[match.trigger.sent.start].append(match)
    stance = cache(partial(_stance, document, cast))
    rows = (
        _evidence(document, match, score, stance)
        for start in sorted(found)
        for match, score in choose(candidates_in(found[start], cast, "encoder" in used))
    )
    return tuple(_with_unique_ids(row for row in rows if row.reader == "frames" or not _is_only_said_by(row)))


def candidates_in(matches: Sequence[Match], cast: Cast, weighed: bool) -> list[Candidate]:
    """The claims that a sentence may make, by what readers found there."""
    written = one_an_event([match for match in matches if match.likely is None])
    seen = (match for match in matches if match.likely is not None and not _is_in_a_name(match, cast))
    return candidates([*written, *seen], weighed)


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


def _evidence(
    document: Document, match: Match, score: float, stance_of: Callable[[Token, str | None], Stance]
) -> Evidence:
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
        score,
        status_of(stance),
        stance,
    )


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
