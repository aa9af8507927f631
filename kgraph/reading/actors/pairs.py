"""Two actors at once: "both sides", "the two countries", "the two leaders"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from kgraph.reading.actors.salience import FAR, NEAR, barred
from kgraph.reading.actors.scene import BODIES, SUBJECTS, Scene, Seen
from kgraph.reading.actors.words import words
from kgraph.reading.tokens import Token
from kgraph.records import Kind

_STATES = ("country", "nation", "government", "state", "neighbour", "neighbor")
_BODIES = ("side", "force", "army", "group", "party")
_NEIGHBOURS = ("neighbour", "neighbor")
_ONE_OF_TWO = {"former": slice(0, 1), "latter": slice(1, 2)}
_LEADERS = ("leader", "president", "minister")


def pair(scene: Scene, token: Token) -> tuple[str, ...]:
    """Which two were named together; one of them for "the former" and "the latter"."""
    if token.lower_ in _ONE_OF_TWO and token.dep_ in (*SUBJECTS, "dobj", "pobj") and _is_definite(token):
        both = _latest(scene, token, BODIES | {Kind.PERSON})
        return both[_ONE_OF_TWO[token.lower_]]
    if token.tag_ == "NNS" and token.lemma_.lower() in _NEIGHBOURS and _is_definite(token) and not _is_of(token):
        return _latest(scene, token, frozenset((Kind.STATE,)))
    alone = token.lower_ == "both" and token.dep_ in ("nsubj", "dobj", "pobj", "nsubjpass")
    if not alone and not (
        token.lemma_.lower() in words("pairs") and any(child.lower_ in ("both", "two") for child in token.children)
    ):
        return ()
    lemma = token.lemma_.lower()
    if lemma in _STATES:
        return _latest(scene, token, frozenset((Kind.STATE,)))
    if lemma in _LEADERS:
        people = _latest(scene, token, frozenset((Kind.PERSON,)))
        return people or _latest(scene, token, frozenset((Kind.STATE,)))
    if lemma in _BODIES:
        return _latest(scene, token, BODIES - {Kind.STATE} if lemma != "side" else BODIES)
    return _latest(scene, token, BODIES | {Kind.PERSON})


def _is_of(token: Token) -> bool:
    """Whether a word says of whom: "the rivals of Chad", "the country's neighbours"."""
    return any(child.dep_ in ("prep", "poss") for child in token.children)


def _is_definite(token: Token) -> bool:
    return any(child.lower_ == "the" for child in token.children)


def _latest(scene: Scene, token: Token, kinds: Iterable[Kind]) -> tuple[str, ...]:
    """The latest two of a kind that stand together ("A and B", "between A and B"), else the only two in reach."""
    here, out = scene.here(token), barred(scene, token) | _agents(scene, token)
    lately = scene.lately(here, FAR)
    spoken = [*_as_states(scene, lately)] if kinds == {Kind.STATE} else lately
    near = [s for s in spoken if s.kind in kinds and s.local not in out]
    for one, other in reversed([*pairwise(near)]):
        first, second = token.doc[one.token], token.doc[other.token]
        if (
            one.local != other.local
            and (second.head == first or first.head == second.head)
            and one.sentence == other.sentence
            and not _is_list(scene, first)
        ):
            return (one.local, other.local)
    locals_ = list(dict.fromkeys(s.local for s in near if here - s.sentence <= NEAR))
    return tuple(locals_) if len(locals_) == 2 else _prominent(near)


def _as_states(scene: Scene, spoken: Iterable[Seen]) -> Iterator[Seen]:
    """Who was spoken of, with a named state in the place of its army or ministry."""
    for seen in spoken:
        entry = scene.entry(seen.local)
        body = entry is not None and seen.kind is Kind.ORGANIZATION and len(entry.country) == 1
        state = scene.local(entry.country[0]) if body and entry else None
        yield replace(seen, local=state, kind=Kind.STATE) if state else seen


def _is_list(scene: Scene, token: Token) -> bool:
    """Whether more than two stand together: "A, B and C"."""
    return len({r.local for t in (token, *token.conjuncts) for r in scene.at.get(t.i, ())}) > 2


def _agents(scene: Scene, token: Token) -> set[str]:
    """Who did something to the two: "mediated by Oman"."""
    agents = (t for by in token.sent if by.dep_ == "agent" for t in by.subtree)
    return {reference.local for t in agents for reference in scene.at.get(t.i, ())}


def _prominent(near: list[Seen]) -> tuple[str, ...]:
    """The two that were spoken of far more than any third."""
    ranked = Counter(s.local for s in near).most_common(3)
    if len(ranked) < 2 or (len(ranked) == 3 and ranked[1][1] < 2 * ranked[2][1]):
        return ()
    return (ranked[0][0], ranked[1][0])
