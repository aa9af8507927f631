"""Whom somebody speaks and acts for: a president for his state, a spokesman for his group."""

from __future__ import annotations

from kgraph.reading.actors.names import offices
from kgraph.reading.actors.scene import BODIES, Scene
from kgraph.reading.tokens import Token
from kgraph.records import Kind


def principal_of(scene: Scene, speaker: Token) -> str | None:
    """Whom the speaker at a token speaks for."""
    references = scene.at.get(speaker.i, ())
    return principal(scene, references[0].local) if references else None


def principal(scene: Scene, local: str) -> str | None:
    """Whom an actor speaks for: his office's state or body, else where his title says that he is from."""
    kind = scene.actors[local].kind
    if kind in BODIES:
        return local
    if kind is not Kind.PERSON:
        return None
    for office in offices(scene, scene.entry(local)):
        if held := scene.local(office.target):
            return held
    return _said_of(scene, local)


def _said_of(scene: Scene, local: str) -> str | None:
    """The state or body in a person's title: "South Korean Foreign Minister X", "X, the foreign minister of Y"."""
    if scene.titled is None:
        scene.titled = {}
        for i, reference in scene.named.items():
            person = scene.actors[reference.local].kind is Kind.PERSON
            if person and reference.local not in scene.titled and (body := _body_in_title(scene, i)):
                scene.titled[reference.local] = body
    return scene.titled.get(local)


def _body_in_title(scene: Scene, i: int) -> str | None:
    name = scene.document.doc[i]
    title = name.head if name.dep_ == "appos" else name
    for token in title.subtree:
        found = scene.named.get(token.i)
        if found and scene.actors[found.local].kind in BODIES and abs(token.i - i) < 8:
            return found.local
    return None
