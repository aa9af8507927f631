"""Whom pronouns of the third person and relative pronouns stand for."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from kgraph.actors.salience import NEAR, choose
from kgraph.actors.scene import BODIES, SUBJECTS, Scene, Seen
from kgraph.actors.words import words
from kgraph.model import Kind

_HE = frozenset(("he", "him", "his", "himself"))
_SHE = frozenset(("she", "her", "herself", "hers"))
_IT = frozenset(("it", "its", "itself"))
_THEY = frozenset(("they", "them", "their", "themselves"))
_LADIES = frozenset(("mrs", "mrs.", "ms", "ms.", "queen", "princess", "chairwoman", "spokeswoman", "lady"))
_LORDS = frozenset(("mr", "mr.", "king", "prince", "chairman", "spokesman", "lord", "sheikh", "emir", "ayatollah"))
_VERBS = ("VERB", "AUX")
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

    if ahead := _ahead(scene, token, forms):
        return ahead
    if forms is _SHE and (her := choose(scene, token, lambda seen: _is_woman(scene, seen.local), NEAR + 1, same)):
        return her
    if forms in (_HE, _SHE):

        def fits(seen: Seen) -> bool:
            other = _is_woman if forms is _HE else _is_man
            return seen.kind is Kind.PERSON and not other(scene, seen.local)

        return choose(scene, token, fits, NEAR + 1, same)
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


def _is_woman(scene: Scene, local: str) -> bool:
    """Whether a person is known as a woman, by title or given name."""
    actor = scene.actors[local]
    if actor.kind is not Kind.PERSON:
        return False
    return bool(_LADIES & scene.titles[local]) or actor.name.split()[0].lower() in words("women")


def _is_man(scene: Scene, local: str) -> bool:
    return bool(_LORDS & scene.titles[local])


def _ahead(scene: Scene, token: Token, forms: frozenset[str]) -> tuple[str, ...]:
    """The subject after a phrase that begins a sentence: "With its air base, Oman is …"."""
    phrase = token
    while phrase.dep_ != "prep" or phrase.head.pos_ not in _VERBS:
        if phrase.dep_ == "ROOT" or phrase.pos_ in _VERBS:
            return ()
        phrase = phrase.head
    verb = phrase.head
    subject = next((child for child in verb.children if child.dep_ in SUBJECTS and child.i in scene.named), None)
    if token.dep_ != "poss" or subject is None or subject.i < token.i or phrase.left_edge.i != token.sent.start:
        return ()
    local = scene.named[subject.i].local
    fitting = BODIES if forms in (_IT, _THEY) else {Kind.PERSON}
    wrong = (forms is _HE and _is_woman(scene, local)) or (forms is _SHE and _is_man(scene, local))
    return (local,) if scene.actors[local].kind in fitting and not wrong else ()


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
