"""Names → actors: one an entry of the catalogue, one a name that it lacks by its fullest form in the article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from kgraph.catalogue import Catalogue, Entry, Office
from kgraph.reading.actors.scene import Reference, Scene
from kgraph.reading.actors.words import kinds_described, words
from kgraph.reading.mentions import Name
from kgraph.reading.mentions.short_forms import WITH_INITIALS, in_brackets, initials
from kgraph.reading.tokens import Span, Token
from kgraph.records import Kind, LocalActor, Mention

_LOCATIVE = frozenset(("in", "at", "near", "outside", "to", "from", "around", "over", "into", "inside", "of"))


def add_names(scene: Scene, names: tuple[Name, ...]) -> None:
    """An actor for every name; a short form goes to the only full name in the article that it can be short for."""
    full, doc = _full_names(scene, names), scene.document.doc
    surnames = dict[str, Entry | None]()
    short, states = _letters(scene, names), {e.id for name in names for e in name.entries if e.kind is Kind.STATE}
    for name in names:
        span = doc[name.start : name.end]
        entry = _likeliest(name, scene)
        kind, text = (entry.kind if entry else name.kind), span.text
        if text in short:
            text, entry, kind = short[text]
        elif entry is None and len(fuller := full.get((kind, text), {})) == 1:
            text, entry = next(iter(fuller.items()))
            kind = entry.kind if entry else kind
        elif entry is None and kind is Kind.PERSON:
            if text not in surnames:
                surnames[text] = _by_surname(scene, text, states)
            entry = surnames[text]
        local = add_actor(scene, entry, text, kind)
        place = _city(scene, name, text) if name.use == "capital" else None
        reference = Reference(local, name.start, name.end, name.source, name.use, place)
        scene.at |= {token.i: (reference,) for token in span}
        scene.named[span.root.i] = reference
        scene.heads.append(span.root.i)
        scene.ends[name.end] = span.root.i
        if kind is Kind.PERSON:
            scene.titles[local] |= _titles(span.root)
        _mention(scene, place if place and _is_city(span) else local, span, name.source)
    _add_homes(scene)


def _full_names(scene: Scene, names: tuple[Name, ...]) -> dict[tuple[Kind, str], dict[str, Entry | None]]:
    """What each short form of a kind can be short for: surnames, names without their last word."""
    full: dict[tuple[Kind, str], dict[str, Entry | None]] = defaultdict(dict)
    for one in names:
        text, entry = scene.document.doc[one.start : one.end].text, next(iter(one.entries), None)
        kind = entry.kind if entry else one.kind
        if kind is Kind.PERSON or entry is None:
            for short in _short_forms(kind, text):
                full[kind, short][entry.name if entry else text] = entry
    return full


def _letters(scene: Scene, names: tuple[Name, ...]) -> dict[str, tuple[str, Entry | None, Kind]]:
    """What letters stand for in this article: a name before them in brackets, or the only unknown name with such initials."""
    doc, said = scene.document.doc, dict[str, tuple[str, Entry | None, Kind]]()
    long = [name for name in names if name.kind in WITH_INITIALS and " " in doc[name.start : name.end].text]
    for name in long:
        entry, text = next(iter(name.entries), None), doc[name.start : name.end].text
        letters, given = initials(text), in_brackets(doc, name)
        meant = (entry.name if entry else text, entry, entry.kind if entry else name.kind)
        if given and (given.upper() in letters or not scene.catalogue.lookup(given)):
            said[given] = meant
        said |= {own: meant for own in letters if own not in said and entry is None and not scene.catalogue.lookup(own)}
    return said


def _by_surname(scene: Scene, surname: str, states: set[str]) -> Entry | None:
    """The only one of that surname who led or represented one of the article's states: news gives others their full name."""
    found = [
        entry
        for entry in _surnames(scene.catalogue).get(surname, ())
        if any(office.target in states and office.title in _PROMINENT for office in entry.offices)
    ]
    if not found or any(_has_given_name(token) for token in scene.document.doc.find(surname)):
        return None
    if len(found) > 1 and _is_lady(scene, surname):
        found = [entry for entry in found if entry.name.split()[0].lower() in words("women")]
    return found[0] if len(found) == 1 else None


def _is_lady(scene: Scene, surname: str) -> bool:
    """Whether a text calls a surname a woman's, or speaks of "she" in sentences that name it."""
    doc = scene.document.doc
    if any(doc.word(token.i - 1).lower() in ("mrs", "mrs.", "ms", "ms.") for token in doc.find(surname) if token.i):
        return True
    return any(t.lower_ in ("she", "her") for named in doc.find(surname) for t in named.sent)


def _has_given_name(surname: Token) -> bool:
    """Whether a surname stands after another part of the name: "al-Harith Idris" is no Kamil Idris."""
    before = surname.nbor(-1) if surname.i else surname
    titled = Kind.PERSON in kinds_described(before) or before.lower_ in ("mr", "mrs", "ms", "dr")
    return before.i < surname.i and before.is_alpha and before.text[0].isupper() and not titled


_PROMINENT = frozenset(
    """president#prime minister#king#chancellor#supreme leader#secretary of state#foreign minister#vice president
    secretary of defense#defence minister""".replace("\n    ", "#").split("#")
)


@lru_cache(maxsize=2)
def _surnames(catalogue: Catalogue) -> dict[str, list[Entry]]:
    """The catalogue's people by their last names."""
    people: dict[str, list[Entry]] = defaultdict(list)
    for entry in catalogue.entries.values():
        if entry.kind is Kind.PERSON:
            people[entry.name.split()[-1]].append(entry)
    return people


def _add_homes(scene: Scene) -> None:
    """The states of the places that each sentence names."""
    states = {actor.entry: local for local, actor in scene.actors.items() if actor.kind is Kind.STATE}
    for i, reference in sorted(scene.named.items()):
        actor = scene.actors[reference.local]
        if actor.kind is Kind.PLACE and (state := states.get(actor.country)):
            scene.homes[scene.sentences[i]].append(state)


def _short_forms(kind: Kind, text: str) -> Iterator[str]:
    words = text.split()
    if kind is Kind.PERSON and len(words) > 1:
        yield words[-1]
    elif len(words) > 2:
        yield " ".join(words[:-1])


def _titles(name: Token) -> set[str]:
    """The words that say what somebody is: "the Turkish foreign minister, X", "General X", "X, the commander"."""
    beside = [child for child in name.children if child.dep_ in ("appos", "compound", "nmod")]
    if name.dep_ == "appos":
        beside.append(name.head)
    return {token.lemma_.lower() for token in beside}


def _likeliest(name: Name, scene: Scene) -> Entry | None:
    """The entry that a name fits; of several people the one in office when the article was published."""
    people = [entry for entry in name.entries if entry.kind is Kind.PERSON]
    if not name.entries or name.entries[0].kind is not Kind.PERSON or len(people) < 2:
        return name.entries[0] if name.entries else None
    holding = [p for p in people if any(holds(o, scene.document.article.published or "9") for o in p.offices)]
    return next((p for p in people if scene.local(p.id)), (holding or people)[0])


def holds(office: Office, date: str) -> bool:
    """Whether an office was held at a date."""
    return office.since <= date and (not office.until or date <= office.until)


def offices(scene: Scene, entry: Entry | None) -> tuple[Office, ...]:
    """What somebody held when the article was published; all that he ever did where it has no date."""
    date = scene.document.article.published
    return tuple(o for o in entry.offices if date is None or holds(o, date)) if entry else ()


def add_actor(scene: Scene, entry: Entry | None, text: str, kind: Kind) -> str:
    """The article's actor for an entry or a name, new where it was not spoken of before."""
    name = entry.name if entry else text
    local = f"{name} ({kind})"
    country = entry.country[0] if entry and entry.country else None
    scene.add(LocalActor(local, name, kind, entry.id if entry else None, country))
    return local


def _city(scene: Scene, name: Name, text: str) -> str:
    entry = next((entry for entry in name.entries if entry.kind is Kind.PLACE), None)
    return add_actor(scene, entry, text, Kind.PLACE)


def _is_city(span: Span) -> bool:
    """Whether a capital is named as a place: "in Moscow"."""
    root = span.root
    return root.dep_ == "pobj" and root.head.lower_ in _LOCATIVE


def _mention(scene: Scene, local: str, span: Span, source: str) -> None:
    start, end = scene.document.start(span), scene.document.end(span)
    scene.forms[local].append(span.text)
    scene.mentions.append(Mention(local, start, end, scene.document.article.text[start:end], source))
