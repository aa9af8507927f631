"""Of those spoken of, whom a word likeliest means: by kind, clause, number, subject and recency."""

from __future__ import annotations

from collections.abc import Callable

from kgraph.reading.actors.clauses import VERBS, subjects_of
from kgraph.reading.actors.scene import SUBJECTS, Scene, Seen
from kgraph.reading.actors.words import words
from kgraph.reading.tokens import Token

NEAR = 2  # sentences back in which a pronoun finds its antecedent
FAR = 6  # the same for a description
_INNER = ("prep", "pobj", "dative", "agent", "dobj")


def choose(
    scene: Scene, token: Token, fits: Callable[[Seen], bool], reach: int, same: Callable[[Seen], bool] | None = None
) -> tuple[str, ...]:
    """The likeliest of those spoken of: what the same pronoun meant in this sentence, a subject, the latest."""
    here, out = scene.here(token), barred(scene, token)
    found = [s for s in scene.lately(here, reach) if fits(s) and s.local not in out]
    chained = [s for s in found if same and s.sentence == here and same(s)]
    for pool in (
        chained[-1:],
        [s for s in found if s.sentence == here],
        [s for s in found if s.sentence == here - 1],
        found,
    ):
        subjects = [s for s in pool if s.subject]
        if subjects:
            main = [s for s in subjects if s.main] or subjects
            return ((subjects[0] if pool[0].sentence == here else main[-1]).local,)
        if pool:
            return (pool[-1].local,)
    return ()


def barred(scene: Scene, token: Token) -> set[str]:
    """Whom an object cannot mean: the subject of its own clause; nor can "its" of "came to its aid" or "shelled its army"."""
    favour = token.dep_ == "poss" and token.head.dep_ == "pobj" and token.head.lemma_.lower() in words("favours")
    verb = token.nbor(-1) if _is_after_verb(token) else token.head
    acts = [verb]
    while verb.dep_ in _INNER and verb.pos_ not in VERBS:
        verb = verb.head
        acts.append(verb)
    hostile = token.dep_ == "poss" and token.head.dep_ in ("dobj", "pobj") and _is_hostile(acts[1:])
    if not (favour or hostile or _is_object(token)) or verb.pos_ not in VERBS:
        return set()
    subjects = [child for child in subjects_of(verb) if child.i != token.i]
    while not subjects and verb.dep_ in ("conj", "xcomp", "pcomp", "advcl"):
        verb = verb.head.head if verb.dep_ == "pcomp" else verb.head
        subjects = subjects_of(verb)
    return {r.local for subject in subjects for t in (subject, *subject.conjuncts) for r in scene.at.get(t.i, ())}


def _is_hostile(acts: list[Token]) -> bool:
    """Whether what is done is done to an enemy: "shelled", "carried out strikes on"."""
    return any(act.lemma_.lower() in words("hostile") for act in acts if act.pos_ in VERBS or act.dep_ == "dobj")


def _is_object(token: Token) -> bool:
    """Whether a word is an object."""
    return token.dep_ in ("dobj", "pobj", "dative") or _is_after_verb(token)


def _is_after_verb(token: Token) -> bool:
    """Whether "it" stands straight after its verb, whatever the parser makes of it: "sold it drones"."""
    before = token.lower_ == "it" and token.i > token.sent.start and token.nbor(-1).pos_ == "VERB"
    return before and not (token.dep_ in SUBJECTS and token.head.pos_ in VERBS)
