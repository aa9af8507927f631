"""Whom a definite description stands for: "the Lebanese group", "this missile", "the Turkish president", "the regime".

A description finds an actor of its kind, from where it says, that is what it says: "the ministry" is no army and "the
drone" no tank. What an actor is, its names, its catalogue row and the titles beside its name tell.
"""

from __future__ import annotations

from collections import Counter

from spacy.tokens import Token

from kgraph.actors.names import add_actor, holds, offices
from kgraph.actors.salience import FAR, barred, choose
from kgraph.actors.scene import MODIFIERS, Scene, Seen
from kgraph.actors.words import kinds_described, table, words
from kgraph.catalogue import Entry
from kgraph.model import Kind, Mention

_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_HALVES = ("North", "South")
_CABINETS = frozenset("government cabinet party partner talk deal agreement partners politics building".split())
_GROUPS = ("group", "movement")  # armed ones before others
_OF_MANY = frozenset(("global", "international", "military", "western"))  # they tell no coalition from another


def described(scene: Scene, token: Token) -> tuple[str, ...]:
    """The actor that a description stands for; nobody where it says too little or nobody fits."""
    kinds, lemma = kinds_described(token), token.lemma_.lower()
    if token.text in _HALVES:
        return _half(scene, token)
    if not kinds:
        return ()
    if only := _announced(scene, token, kinds):
        return only
    if any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children):
        return ()
    if lemma in words("home") and (home := _home(scene, token)):
        return home
    if any(c.dep_ in ("relcl", "acl") for c in token.children):
        return ()
    peoples = _peoples(token)
    if not (peoples or _is_definite(token)) or (
        token.tag_ == "NNS" and lemma not in words("crowds") and Kind.WEAPON not in kinds
    ):
        return _presumed(scene, token)
    states = _states(scene, token)
    if states and (office := _in_office(scene, token, states)):
        return office
    if lemma in ("country", "nation") and (topic := _topic(scene, token)):
        return topic

    def fits(seen: Seen) -> bool:
        if seen.kind not in kinds or not _is_from(scene, seen.local, states):
            return False
        return scene.actors[seen.local].entry in peoples if peoples else _suits(scene, seen.local, lemma)

    if lemma in _GROUPS and (group := choose(scene, token, lambda seen: seen.kind is Kind.GROUP and fits(seen), FAR)):
        return group
    if found := choose(scene, token, fits, FAR):
        return found
    ahead = [local for local, actor in scene.actors.items() if actor.entry in peoples and _suits(scene, local, lemma)]
    return tuple(ahead) if len(ahead) == 1 else _presumed(scene, token)


def _is_definite(token: Token) -> bool:
    return any(child.dep_ == "det" and child.lower_ in _DEFINITE for child in token.children)


def _states(scene: Scene, token: Token) -> set[str]:
    """The states that a description says its actor is from; "" for one that the catalogue lacks."""
    return {
        scene.actors[r.local].entry or "" for c in token.children if c.dep_ in MODIFIERS for r in scene.at.get(c.i, ())
    }


def _is_from(scene: Scene, local: str, states: set[str]) -> bool:
    """Whether an actor belongs to one of some states; to any where none is said."""
    entry = scene.entry(local)
    if not states:
        return True
    held = {office.target for office in entry.offices} if entry else set[str]()
    return bool(entry and states & {*entry.country, entry.id, *held})


def _peoples(token: Token) -> frozenset[str]:
    """Who is meant by a people that has no state: "the Kurdish militia"."""
    found = (table("peoples").get(child.lower_) for child in token.children if child.dep_ in MODIFIERS)
    return next((ids for ids in found if ids), frozenset())


def _suits(scene: Scene, local: str, lemma: str) -> bool:
    """Whether an actor is what a noun says, as far as its names, its type, its offices and titles tell."""
    wanted = table("suits").get(lemma)
    entry = scene.entry(local)
    if wanted is None or (entry is None and "?" in wanted):
        return True
    if lemma in table("states"):
        return bool(entry and entry.id in table("states")[lemma])
    said = {*scene.titles.get(local, ())}
    texts = [scene.actors[local].name, *scene.forms[local]]
    if entry:
        texts += [entry.type, *entry.aliases, *(office.title for office in offices(scene, entry))]
    said |= {word for text in texts for word in text.lower().replace("-", " ").split()}
    return any(word in said or word + "s" in said for word in wanted)


def _announced(scene: Scene, token: Token, kinds: frozenset[Kind]) -> tuple[str, ...]:
    """The weapon that "a missile system" announces before its name comes: the only one of the whole article."""
    weapons = [local for local, actor in scene.actors.items() if actor.kind is Kind.WEAPON]
    spoken_of = any(seen.kind is Kind.WEAPON for seen in scene.seen)
    said = any(child.dep_ in ("amod", "compound") for child in token.children) and token.tag_ in ("NN", "NNP")
    return tuple(weapons) if kinds == {Kind.WEAPON} and len(weapons) == 1 and said and not spoken_of else ()


def _half(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "the North": North Korea, where the article names it."""
    alone = _is_definite(token) and token.dep_ not in ("compound", "amod")
    halves = [
        local
        for local, actor in scene.actors.items()
        if actor.kind is Kind.STATE and actor.name.startswith(f"{token.text} ")
    ]
    return tuple(halves) if alone and len(halves) == 1 else ()


# Of a country. -------------------------------------------------------------------------------------------------------


def _home(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whose "the government", "the regime" or "government forces" are: of the state whose places are spoken of."""
    owned = token.dep_ in MODIFIERS and token.head.lemma_.lower() in words("owned")
    bare = not any(child.dep_ in ("amod", "compound", "poss", "nmod") for child in token.children)
    if not bare or token.tag_ == "NNS" or not (owned or _is_definite(token)):
        return ()
    out, here = barred(scene, token), scene.here(token)
    for sentence in range(here, here - FAR, -1):
        for local in scene.homes.get(sentence, ()):
            if local not in out:
                return (local,)
    return choose(scene, token, lambda seen: seen.kind is Kind.STATE, FAR) if _is_definite(token) else ()


def _topic(scene: Scene, token: Token) -> tuple[str, ...]:
    """Which state "the country" is where the sentence names none before: the one spoken of most just now."""
    out, here = barred(scene, token), scene.here(token)
    if any(s.kind is Kind.STATE and s.sentence == here and s.local not in out for s in scene.seen):
        return ()
    counts = Counter(s.local for s in scene.seen if s.kind is Kind.STATE and here - s.sentence <= FAR)
    counts.update(local for n in range(here - FAR, here + 1) for local in scene.homes.get(n, ()))
    ranked = [local for local, _ in counts.most_common() if local not in out]
    return tuple(ranked[:1])


def _in_office(scene: Scene, token: Token, states: set[str]) -> tuple[str, ...]:
    """ "the Syrian president": who it was when the article was published."""
    date, lemma = scene.document.article.published, token.lemma_.lower()
    title = f"prime {lemma}" if any(child.lower_ == "prime" for child in token.children) else lemma
    if date is None or Kind.PERSON not in kinds_described(token):
        return ()
    found = [
        entry
        for entry in scene.catalogue.entries.values()
        if any(o.title == title and o.target in states and holds(o, date) for o in entry.offices)
    ]
    return (_unnamed(scene, token, found[0]),) if len(found) == 1 else ()


def _presumed(scene: Scene, token: Token) -> tuple[str, ...]:
    """Who needs no name where somebody else is named: "the coalition" against Islamic State."""
    owned = token.dep_ in MODIFIERS and token.head.lemma_.lower() not in _CABINETS
    bare = not any(child.dep_ in MODIFIERS and child.lower_ not in _OF_MANY for child in token.children)
    if not bare or not (owned or _is_definite(token)):
        return ()
    pairs = (row.split("@") for row in table("presumed").get(token.lemma_.lower(), ()))
    found = [
        scene.catalogue.entries[who] for who, near in pairs if who in scene.catalogue.entries and scene.local(near)
    ]
    return (_unnamed(scene, token, found[0]),) if len(found) == 1 else ()


def _unnamed(scene: Scene, token: Token, entry: Entry) -> str:
    """The actor that an article speaks of without its name, mentioned by a description."""
    local = add_actor(scene, entry, entry.name, entry.kind)
    start, end = scene.document.start(token), scene.document.end(token)
    scene.mentions.append(Mention(local, start, end, token.text, "reference"))
    return local
