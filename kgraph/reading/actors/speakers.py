"""Whom "we" and "our" stand for: the state or body for which a speaker speaks."""

from __future__ import annotations

from kgraph.reading.actors.owners import bind_owned
from kgraph.reading.actors.principals import principal_of
from kgraph.reading.actors.scene import SUBJECTS, Reference, Scene
from kgraph.reading.tokens import Token

_WE = frozenset(("we", "our", "us", "ours", "ourselves"))
_MAY_BE_OURS = _WE | {"country", "nation"}
_SAYING = frozenset(("say", "tell", "add", "warn", "declare", "announce", "state", "note", "insist", "write", "argue"))


def add_speakers(scene: Scene) -> None:
    """ "We" in every quote; last, when it is known who "she said" is."""
    doc = scene.document.doc
    for token in (doc[i] for i, word in doc.words() if word.lower() in _MAY_BE_OURS and i not in scene.at):
        if found := _first_person(scene, token):
            scene.at[token.i] = tuple(Reference(local, token.i, token.i + 1, "reference", "pronoun") for local in found)
            bind_owned(scene, token)


def _first_person(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whom the speaker of a quote speaks for; outside of quotes, whom the article does if it is a statement."""
    own = token.lower_ in _WE and (token.pos_ == "PRON" or token.tag_ == "PRP$")
    ours = token.lower_ in ("country", "nation") and any(child.lower_ == "our" for child in token.children)
    if not (own or ours):
        return ()
    verbs = _verbs_of_saying(scene, token)
    if verbs is None:
        return _author(scene)
    for verb in verbs:
        for subject in verb.children:
            if subject.dep_ in SUBJECTS and (principal := principal_of(scene, subject)):
                return (principal,)
    return ()


def _verbs_of_saying(scene: Scene, token: Token) -> list[Token] | None:
    """The verbs in a quote's paragraph that say who speaks, the nearest first; None outside of quotes."""
    start, end = scene.document.paragraph(token)
    inside, quoted, verbs = False, False, list[Token]()
    for t in token.doc[start:end]:
        if t.text in _QUOTES:
            quoted = not quoted
        if t.i == token.i:
            inside = quoted
        if not quoted and t.pos_ == "VERB" and t.lemma_ in _SAYING:
            verbs.append(t)
    return sorted(verbs, key=lambda verb: abs(verb.i - token.i)) if inside else None


def _author(scene: Scene) -> tuple[str, ...]:
    """Who issues a statement: "Statement by Minister X", "Ruritania strongly condemns …" as its first sentence."""
    doc = scene.document.doc
    for start, end in scene.document.paragraphs[:2]:
        first = doc[start]
        if first.lemma_.lower() in _STATEMENTS and any(
            t.lower_ in ("by", "of", "from") for t in doc[start + 1 : start + 3]
        ):
            speakers = [t for t in doc[start:end] if t.i in scene.named]
        else:
            verb = first.sent.root
            official = verb.lemma_ in _OFFICIAL and not any(t.text in _QUOTES for t in first.sent)
            speakers = [t for t in verb.children if t.dep_ in SUBJECTS] if official else []
        for speaker in speakers:
            if principal := principal_of(scene, speaker):
                return (principal,)
    return ()


_QUOTES = frozenset(('"', "“", "”", "''", "``"))
_STATEMENTS = frozenset(("statement", "remark", "remarks", "message", "readout"))
_OFFICIAL = frozenset(("condemn", "welcome", "commend", "congratulate", "reaffirm", "travel"))
