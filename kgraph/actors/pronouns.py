"""Whom pronouns of the third person and relative pronouns stand for."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kgraph.actors.salience import NEAR, choose
from kgraph.actors.scene import BODIES, Scene, Seen
from kgraph.model import Kind

_HE = frozenset(("he", "him", "his", "himself"))
_SHE = frozenset(("she", "her", "herself", "hers"))
_IT = frozenset(("it", "its", "itself"))
_THEY = frozenset(("they", "them", "their", "themselves"))
_FORMS = {form: forms for forms in (_HE, _SHE, _IT, _THEY) for form in forms}


def is_relative(token: Token) -> bool:
    """Whether a word opens a relative clause: "which", "who", "that"."""
    return token.tag_ in ("WDT", "WP", "WP$") or (
        token.lower_ == "that" and token.dep_ in ("nsubj", "nsubjpass", "dobj")
    )


def bind_relative(scene: Scene, token: Token) -> None:
    """ "Hamas, which attacked": the pronoun stands for what its clause hangs on."""
    verb = token
    while verb.dep_ not in ("relcl", "ROOT"):
        verb = verb.head
    if verb.dep_ == "relcl" and verb.head.i in scene.at:
        scene.at[token.i] = tuple(
            replace(r, start=token.i, end=token.i + 1, source="reference", use="pronoun", place=None)
            for r in scene.at[verb.head.i]
        )


def meant(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whom "he", "she", "it" and "they" stand for."""
    forms = _FORMS.get(token.lower_)
    if forms is None or _is_empty(token):
        return ()

    def same(seen: Seen) -> bool:
        return token.doc[seen.token].lower_ in forms

    if forms in (_HE, _SHE):
        return choose(scene, token, lambda seen: seen.kind is Kind.PERSON, NEAR + 1, same)
    if forms is _IT:
        weapon = token.dep_ in ("dobj", "nsubjpass")
        return choose(
            scene,
            token,
            lambda s: (s.kind in BODIES and not s.plural) or (weapon and s.kind is Kind.WEAPON),
            NEAR,
            same,
        )
    kinds = BODIES | {Kind.WEAPON}
    several = choose(scene, token, lambda seen: seen.kind in kinds and seen.plural, NEAR, same)
    return several or choose(scene, token, lambda seen: seen.kind in kinds, NEAR, same)


def _is_empty(token: Token) -> bool:
    """Whether "it" stands for nobody: "it is claimed that", "it is likely", "it was reported"."""
    if token.lower_ != "it" or token.dep_ not in ("nsubj", "nsubjpass", "expl"):
        return token.dep_ == "expl"
    verb = token.head
    clause = any(child.dep_ in ("ccomp", "csubj", "csubjpass") for child in verb.children)
    if token.dep_ == "nsubjpass" and clause:
        return True
    return verb.lemma_ == "be" and any(
        child.dep_ == "acomp"
        and (clause or any(c.dep_ in ("ccomp", "xcomp") for c in (*child.children, *verb.children)))
        for child in verb.children
    )
