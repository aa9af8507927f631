"""Nouns beside a name that stand for it: what is named after its owner, and appositions."""

from __future__ import annotations

import re
from dataclasses import replace

from kgraph.reading.actors.names import add_actor, offices
from kgraph.reading.actors.principals import principal
from kgraph.reading.actors.scene import MODIFIERS, Reference, Scene
from kgraph.reading.actors.words import kinds_described, words
from kgraph.reading.tokens import Token
from kgraph.records import Kind

_OWNERS = frozenset((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION, Kind.PERSON))
_BACKED = re.compile(r"[-–][a-z]+ed$|[-–]led$")  # "US-backed fighters" are not the US's own
_ARTICLES = frozenset(("the", "a", "an", "its", "their"))


def add_owners(scene: Scene, part: range) -> None:
    """ "Hezbollah fighters", "Israeli and Syrian officials": the noun stands for whom it belongs to."""
    for i, reference in scene.named_in(part):
        owner = scene.document.doc[i]
        noun = None if _BACKED.search(owner.text) else _owned_by(owner)
        if (
            noun is None
            or noun.i in scene.named
            or _place_of(scene, noun)
            or scene.actors[reference.local].kind not in _OWNERS
        ):
            continue
        whose = reference.local
        if noun.lemma_.lower() in words("home"):  # "the Assad government" is Syria's
            whose = principal(scene, whose) or _led_by(scene, whose) or whose
        found = Reference(whose, i, noun.i + 1, reference.source, "owner")
        others = tuple(r for r in scene.at.get(noun.i, ()) if r.local != found.local)
        scene.at[noun.i] = (*others, found)


def _place_of(scene: Scene, noun: Token) -> bool:
    """Whether a noun only says what a place is: "the Syrian town of Ber"."""
    of = [place.i for c in noun.children if c.dep_ == "prep" and c.lower_ == "of" for place in c.children]
    return Kind.PLACE in kinds_described(noun) and any(
        i in scene.named and scene.actors[scene.named[i].local].kind is Kind.PLACE for i in of
    )


def _led_by(scene: Scene, local: str) -> str | None:
    """The state that somebody led then, though the article does not name it: "the Biden administration"."""
    states = (office.target for office in offices(scene, scene.entry(local)) if office.target.startswith("state:"))
    entry = scene.catalogue.entries.get(next(states, ""))
    return add_actor(scene, entry, entry.name, entry.kind) if entry else None


def add_people(scene: Scene, part: range) -> None:
    """ "Soldiers of the Korean People's Army", "rebels from M23", "the town of Ber", "the government of President X"."""
    for i, reference in scene.named_in(part):
        name = scene.document.doc[i]
        if name.dep_ in MODIFIERS and kinds_described(name.head) & {scene.actors[reference.local].kind}:
            name = name.head  # "of the M23 group"
        noun = name.head.head
        if name.dep_ != "pobj" or name.head.lower_ not in ("of", "from") or noun.i in scene.at:
            continue
        kind, lemma = scene.actors[reference.local].kind, noun.lemma_.lower()
        if kind in _OWNERS and lemma in words("people"):
            scene.at[noun.i] = (replace(reference, use="owner"),)
        elif kind is Kind.PLACE and _place_of(scene, noun):
            scene.at[noun.i] = (replace(reference, use="owner"),)
        elif kind is Kind.PERSON and lemma in words("home"):
            state = principal(scene, reference.local) or _led_by(scene, reference.local)
            scene.at[noun.i] = (replace(reference, local=state, use="owner"),) if state else ()


def add_led(scene: Scene, part: range) -> None:
    """ "Zarqawi's group": whom he leads."""
    for i, reference in scene.named_in(part):
        owner, entry = scene.document.doc[i], scene.entry(reference.local)
        noun = owner.head
        if entry is None or owner.dep_ != "poss" or noun.i in scene.at or noun.lemma_.lower() not in _LED:
            continue
        led = [target for office in entry.offices if (target := scene.local(office.target))]
        kinds = kinds_described(noun)
        fitting = [local for local in dict.fromkeys(led) if scene.actors[local].kind in kinds]
        if len(fitting) == 1:
            scene.at[noun.i] = (Reference(fitting[0], noun.i, noun.i + 1, "reference", "description"),)


_LED = frozenset(("group", "movement", "organization", "organisation", "militia", "party", "faction", "network"))


def _owned_by(owner: Token) -> Token | None:
    """The noun that is named after an owner, if it is one that stands for him."""
    while owner.dep_ == "conj" and owner.head.dep_ in (*MODIFIERS, "conj"):
        owner = owner.head
    noun = owner.head
    fits = owner.dep_ in MODIFIERS and noun.i > owner.i and noun.pos_ in ("NOUN", "PROPN")
    return noun if fits and noun.lemma_.lower() in words("owned") else None


def bind_owned(scene: Scene, owner: Token) -> None:
    """ "its fighters", "his country": the noun stands for whom the pronoun stands for, or for his state."""
    noun, references = owner.head, scene.at[owner.i]
    if owner.dep_ not in MODIFIERS or noun.i < owner.i or noun.i in scene.at:
        return
    person = scene.actors[references[0].local].kind is Kind.PERSON
    lemma = noun.lemma_.lower()
    if person and lemma in ("country", "nation"):
        state = principal(scene, references[0].local) or _led_by(scene, references[0].local)
        references = tuple(replace(r, local=state) for r in references) if state else ()
    elif lemma not in words("owned") or (person and lemma in words("companions")):
        return
    if references:
        scene.at[noun.i] = tuple(replace(r, end=noun.i + 1, use="owner") for r in references)


def add_appositions(scene: Scene, part: range) -> None:
    """ "the Lebanese group Hezbollah", "Hamas, the group behind it": the description stands for the name beside it."""
    for token in scene.document.doc.between(part.start, part.stop):
        references = scene.at.get(token.i, ())
        if not _kinds(token) or any(reference.use != "owner" for reference in references):
            continue
        partner = next((c for c in token.children if c.dep_ == "appos" and c.i in scene.at), None) or _name_beside(
            scene, token
        )
        if partner is not None:
            scene.at[token.i] = tuple(
                replace(r, start=token.i, end=token.i + 1, source="reference", use="description", place=None)
                for r in scene.at[partner.i]
            )


def _name_beside(scene: Scene, token: Token) -> Token | None:
    """The name beside a description: "Hamas, the group …", "the rebel group M23"."""
    if token.i + 1 in scene.named and _fits(scene, token, token.i + 1):
        return token.nbor(1)
    if token.dep_ in ("appos", "compound", "nmod") and token.head.i in scene.named:
        return token.head if _fits(scene, token, token.head.i) else None
    first = token.left_edge.i
    if first > 1 and token.doc[first - 1].text == "," and token.doc[first].lower_ in _ARTICLES:
        head = scene.ends.get(first - 1)
        return token.doc[head] if head is not None and _fits(scene, token, head) else None
    return None


def _fits(scene: Scene, description: Token, name: int) -> bool:
    """Whether a description can describe the actor of a name."""
    return scene.actors[scene.named[name].local].kind in _kinds(description)


def _kinds(token: Token) -> frozenset[Kind]:
    """What a noun beside a name can describe: "the army chief" too is somebody."""
    return kinds_described(token) or frozenset((Kind.PERSON,) if token.lemma_.lower() in words("somebody") else ())
