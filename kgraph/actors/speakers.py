"""Whom "we" and "our" stand for: the state or body for which a speaker speaks."""

from __future__ import annotations

from spacy.tokens import Token

from kgraph.actors.names import holds
from kgraph.actors.owners import bind_owned
from kgraph.actors.scene import BODIES, SUBJECTS, Reference, Scene
from kgraph.model import Kind

_WE = frozenset(("we", "our", "us", "ours", "ourselves"))
_SAYING = frozenset(("say", "tell", "add", "warn", "declare", "announce", "state", "note", "insist", "write", "argue"))


def add_speakers(scene: Scene) -> None:
    """ "We" in every quote; last, when it is known who "she said" is."""
    for token in scene.document.doc:
        if token.i not in scene.at and (found := _first_person(scene, token)):
            scene.at[token.i] = tuple(Reference(local, token.i, token.i + 1, "reference", "pronoun") for local in found)
            bind_owned(scene, token)


def _first_person(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whom the speaker of a quote speaks for; nobody outside of quotes."""
    own = token.lower_ in _WE and (token.pos_ == "PRON" or token.tag_ == "PRP$")
    ours = token.lemma_ in ("country", "nation") and any(child.lower_ == "our" for child in token.children)
    if not (own or ours):
        return ()
    for verb in _verbs_of_saying(scene, token):
        for subject in verb.children:
            if subject.dep_ in SUBJECTS and (principal := _principal(scene, subject)):
                return (principal,)
    return ()


def _verbs_of_saying(scene: Scene, token: Token) -> list[Token]:
    """The verbs in a quote's paragraph that say who speaks, the nearest first."""
    paragraph = next((p for p in scene.document.paragraphs if p[0] <= token.i < p[1]), None)
    if paragraph is None:
        return []
    quoted, verbs = False, list[Token]()
    inside = False
    for t in token.doc[paragraph[0] : paragraph[1]]:
        if t.text in ('"', "“", "”", "''", "``"):
            quoted = not quoted
        if t.i == token.i:
            inside = quoted
        if not quoted and t.pos_ == "VERB" and t.lemma_ in _SAYING:
            verbs.append(t)
    return sorted(verbs, key=lambda verb: abs(verb.i - token.i)) if inside else []


def _principal(scene: Scene, speaker: Token) -> str | None:
    """Whom a speaker speaks for: his office's state or body, else where his title says that he is from."""
    references = scene.at.get(speaker.i, ())
    if not references:
        return None
    reference = references[0]
    actor = scene.actors[reference.local]
    if actor.kind in BODIES:
        return reference.local
    if actor.kind is not Kind.PERSON:
        return None
    entry, date = scene.entry(reference.local), scene.document.article.published or "9"
    for office in entry.offices if entry else ():
        if holds(office, date) and (local := scene.local(office.target)):
            return local
    return _said_of(scene, reference.local)


def _said_of(scene: Scene, local: str) -> str | None:
    """The state or body in a person's title: "South Korean Foreign Minister X", "X, the foreign minister of Y"."""
    for i in (i for i, reference in scene.named.items() if reference.local == local):
        name = scene.document.doc[i]
        title = name.head if name.dep_ == "appos" else name
        for token in title.subtree:
            found = scene.named.get(token.i)
            if found and scene.actors[found.local].kind in BODIES and abs(token.i - i) < 8:
                return found.local
    return None
