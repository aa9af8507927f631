"""Document and cast → evidence: one row a claim that a sentence makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast
from kgraph.reading.claims.frames import Match, Scene, loose_match, matches_in, scene_of
from kgraph.reading.claims.learned import choose, weigh
from kgraph.reading.claims.status import read_stance, status_of
from kgraph.reading.claims.words import STAGES
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Span, Token
from kgraph.records import Evidence, Filler, Stance, digest
from kgraph.schema import load_schema


def find_claims(document: Document, cast: Cast, catalogue: Catalogue) -> tuple[Evidence, ...]:
    """The claims of an article; where two frames of a sentence give the same one, the one that says more."""
    exact, learned = list[Evidence](), list[Evidence]()
    scene = scene_of(document, cast, catalogue)
    for sentence in document.doc.sents:
        matches = list(matches_in(sentence, scene))
        likely = list(_likely_matches(sentence, scene, matches))
        if not (matches or likely):
            continue
        text = document.text(sentence)
        stance = cache(partial(_stance, document, cast))
        exact += (_evidence(document, match, text, stance) for match in _one_an_event(matches))
        rows = (_evidence(document, match, text, stance) for match in likely)
        learned += (evidence for evidence in rows if not _is_only_said_by(evidence))
    return tuple(_with_unique_ids(_best(chain(exact, learned))))


def _best(found: Iterable[Evidence]) -> Iterable[Evidence]:
    """Of those that claim the same in one sentence the one that says more."""
    best: dict[tuple[object, ...], Evidence] = {}
    for evidence in found:
        ends = [filler.local for filler in evidence.fillers[:2]]
        keys = sorted(ends) if load_schema()[evidence.type].symmetric else ends
        known = best.get(key := (evidence.start, evidence.type, *keys))
        if known is None or len(evidence.fillers) > len(known.fillers):
            best[key] = evidence
    return best.values()


def _one_an_event(matches: Sequence[Match]) -> Iterator[Match]:
    """A sentence's without what only says again, by another word, what one says: "ended its pact with" is no agreement."""
    covering = [match for match in matches if match.frame.relation.name in _COVERED]
    yield from (match for match in matches if not any(_covers(other, match) for other in covering))


def _covers(other: Match, match: Match) -> bool:
    """Whether a match of another type is about the same event and says more of it."""
    if match.frame.relation.name not in _COVERED.get(other.frame.relation.name, ()):
        return False
    ends = _ends(match)
    if match.frame.relation.name == "POSSESSES":  # "sent Hezbollah drones" is a supply and no more
        return {reference.local for _, reference in other.fillers}.issuperset(ends)
    above = match.trigger.head.head if match.trigger.dep_ == "pobj" else match.trigger.head
    return set(ends) == {reference.local for _, reference in other.fillers[:2]} and above.i == other.trigger.i


_COVERED = {
    "SUPPLIES": ("POSSESSES", "SUPPORTS"),
    "DEPLOYS_TO": ("POSSESSES",),
    "SEIZES": ("POSSESSES",),
    "CUTS_TIES_WITH": ("AGREES_WITH", "ALLIED_WITH", "COOPERATES_WITH", "FUNDS", "SUPPORTS", "TRAINS"),
}


def _likely_matches(sentence: Span, scene: Scene, exact: Iterable[Match]) -> Iterator[Match]:
    """What no frame knows exactly and what was learned makes likely, beside what frames found in the same sentence."""
    known = [(match.frame.relation.name, *_ends(match)) for match in exact]
    for likely in choose(weigh(sentence, scene.cast), known):
        if any(reference.use == "name" for reference in scene.cast.at.get(likely.trigger.i, ())):
            continue  # "US Central Command" says nothing of who commands
        yield loose_match(likely.type, likely.trigger, likely.first, likely.second, scene)


def _ends(match: Match) -> tuple[str, str]:
    (_, one), (_, other), *_ = match.fillers
    return one.local, other.local


def _is_only_said_by(evidence: Evidence) -> bool:
    """Whether an end is the very phrase that says the claim: "Iran armed them, according to the United Nations"."""
    said_by = [(filler, speaker) for filler in evidence.fillers[:2] for speaker in evidence.stance.speakers]
    return any(filler.surface in speaker.text for filler, speaker in said_by if speaker.local in (filler.local, None))


def _stance(document: Document, cast: Cast, trigger: Token, stage: str | None) -> Stance:
    """How the claims of a word are put; `stage` is what the word itself says."""
    stage = stage or (STAGES.get(trigger.lemma_) if trigger.pos_ == "VERB" else None)
    return read_stance(document, cast, trigger, Stance(stage=stage) if stage else Stance())


def _evidence(
    document: Document, match: Match, text: str, stance_of: Callable[[Token, str | None], Stance]
) -> Evidence:
    """What a match says; `text` is its sentence."""
    frame, trigger = match.frame, match.trigger
    start = document.start(trigger.sent)
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
