"""Names → the article's own actors, and which of them every noun phrase stands for.

Names of one catalogue entry are one actor; a name that the catalogue lacks is one by its fullest form. Owners ("Syrian
bases"), appositions ("Hezbollah, the Lebanese group,"), relative pronouns, pronouns and descriptions ("the group", "both
sides") are bound inside the article, and only where kind and grammar agree: a wrong antecedent is worse than none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml
from spacy.tokens import Span, Token

from kgraph.catalogue import Catalogue, Entry
from kgraph.documents import Document
from kgraph.errors import KnowledgeError
from kgraph.mentions import Name
from kgraph.model import Kind, LocalActor, Mention

_BODIES = frozenset((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION))
_NEAR = 2  # sentences back in which a pronoun finds its antecedent
_FAR = 6  # the same for a description
_LOCATIVE = frozenset(("in", "at", "near", "outside", "to", "from", "around", "over", "into", "inside", "of"))


@dataclass(frozen=True, slots=True)
class Reference:
    """What a noun phrase stands for: an actor of the article, by its head token."""

    local: str  # the article's actor
    start: int  # tokens of the words that name it
    end: int
    source: str  # catalogue, designation, model, or reference (a pronoun or description)
    use: str  # name, demonym, metonym, capital, owner ("Syrian bases"), pronoun, description
    place: str | None = None  # for a capital: the local actor that is the city


@dataclass(frozen=True)
class Cast:
    """The actors of an article and which tokens stand for them."""

    actors: dict[str, LocalActor]
    at: dict[int, tuple[Reference, ...]]  # head token of a phrase → the actors it stands for ("both sides": two)
    mentions: tuple[Mention, ...]


@dataclass(slots=True)
class _Seen:
    """An actor that was spoken of, at a place where a later pronoun may mean it."""

    token: int
    sentence: int
    local: str
    kind: Kind
    subject: bool


@dataclass(slots=True)
class _Scene:
    """What is known while an article is read from its beginning to its end."""

    document: Document
    catalogue: Catalogue
    actors: dict[str, LocalActor] = field(default_factory=dict)
    at: dict[int, tuple[Reference, ...]] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    forms: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sentences: dict[int, int] = field(default_factory=dict)
    seen: list[_Seen] = field(default_factory=list)
    named: dict[int, Reference] = field(default_factory=dict)  # by the head of the name


def find_cast(document: Document, names: tuple[Name, ...], catalogue: Catalogue) -> Cast:
    """The article's actors, with everything in the text that stands for them."""
    scene = _Scene(document, catalogue)
    scene.sentences = {token.i: n for n, sentence in enumerate(document.doc.sents) for token in sentence}
    _add_names(scene, names)
    _add_owners(scene)
    _add_appositions(scene)
    for token in document.doc:
        _bind(scene, token)
    actors = {local: replace(a, forms=tuple(dict.fromkeys(scene.forms[local]))) for local, a in scene.actors.items()}
    return Cast(actors, scene.at, tuple(scene.mentions))


# Names. --------------------------------------------------------------------------------------------------------------


def _add_names(scene: _Scene, names: tuple[Name, ...]) -> None:
    """An actor for every name; a surname or short form goes to the full name before it."""
    full: dict[tuple[Kind, str], str] = {}
    for name in names:
        span = scene.document.doc[name.start : name.end]
        entry = _likeliest(name, scene)
        kind, text = (entry.kind if entry else name.kind), span.text
        if entry is None:
            text = full.setdefault((kind, text), text) if not _is_full(kind, text) else text
            for short in _short_forms(kind, text):
                full.setdefault((kind, short), text)
        local = _actor(scene, entry, text, kind)
        place = _city(scene, name, text) if name.use == "capital" else None
        reference = Reference(local, name.start, name.end, name.source, name.use, place)
        scene.at |= {token.i: (reference,) for token in span}
        scene.named[span.root.i] = reference
        _mention(scene, place if place and _is_city(span) else local, span, name.source)


def _is_full(kind: Kind, text: str) -> bool:
    return " " in text


def _short_forms(kind: Kind, text: str) -> Iterator[str]:
    words = text.split()
    if kind is Kind.PERSON and len(words) > 1:
        yield words[-1]
    elif len(words) > 2:
        yield " ".join(words[:-1])


def _likeliest(name: Name, scene: _Scene) -> Entry | None:
    """The entry that a name fits; of several people the one in office when the article was published."""
    people = [entry for entry in name.entries if entry.kind is Kind.PERSON]
    if not name.entries or name.entries[0].kind is not Kind.PERSON or len(people) < 2:
        return name.entries[0] if name.entries else None
    date = scene.document.article.published or "9"
    named = {actor.entry for actor in scene.actors.values()}
    holding = [p for p in people if any(o.since <= date and (not o.until or date <= o.until) for o in p.offices)]
    return next((p for p in people if p.id in named), (holding or people)[0])


def _actor(scene: _Scene, entry: Entry | None, text: str, kind: Kind) -> str:
    name = entry.name if entry else text
    local = f"{name} ({kind})"
    country = entry.country[0] if entry and entry.country else None
    scene.actors.setdefault(local, LocalActor(local, name, kind, entry.id if entry else None, country))
    return local


def _city(scene: _Scene, name: Name, text: str) -> str:
    entry = next((entry for entry in name.entries if entry.kind is Kind.PLACE), None)
    return _actor(scene, entry, text, Kind.PLACE)


def _is_city(span: Span) -> bool:
    """Whether a capital is named as a place: "in Moscow"."""
    root = span.root
    return root.dep_ == "pobj" and root.head.lower_ in _LOCATIVE


def _mention(scene: _Scene, local: str, span: Span, source: str) -> None:
    start, end = scene.document.start(span), scene.document.end(span)
    scene.forms[local].append(span.text)
    scene.mentions.append(Mention(local, start, end, scene.document.article.text[start:end], source))


# Owners and appositions. ---------------------------------------------------------------------------------------------


def _add_owners(scene: _Scene) -> None:
    """ "Hezbollah fighters", "Israeli and Syrian officials": the noun stands for whom it belongs to."""
    for i, reference in scene.named.items():
        owner = scene.document.doc[i]
        noun = _owned_by(owner)
        if noun is None or noun.i in scene.named or scene.actors[reference.local].kind not in _OWNERS:
            continue
        found = Reference(reference.local, i, noun.i + 1, reference.source, "owner")
        others = tuple(r for r in scene.at.get(noun.i, ()) if r.local != found.local)
        scene.at[noun.i] = (*others, found)


_OWNERS = frozenset((Kind.STATE, Kind.GROUP, Kind.ORGANIZATION, Kind.PERSON))
_MODIFIERS = ("amod", "compound", "poss", "nmod")


def _owned_by(owner: Token) -> Token | None:
    """The noun that is named after an owner, if it is one that stands for him."""
    while owner.dep_ == "conj" and owner.head.dep_ in (*_MODIFIERS, "conj"):
        owner = owner.head
    noun = owner.head
    fits = owner.dep_ in _MODIFIERS and noun.i > owner.i and noun.pos_ in ("NOUN", "PROPN")
    return noun if fits and noun.lemma_.lower() in _words()["owned"] else None


def _add_appositions(scene: _Scene) -> None:
    """ "the Lebanese group Hezbollah", "Hamas, the group behind it": the description stands for the name beside it."""
    for token in scene.document.doc:
        if token.i in scene.at or not _kinds_described(token):
            continue
        partner = next((c for c in token.children if c.dep_ == "appos" and c.i in scene.at), None) or _name_beside(
            scene, token
        )
        if partner is not None:
            scene.at[token.i] = tuple(
                replace(r, start=token.i, end=token.i + 1, source="reference", use="description", place=None)
                for r in scene.at[partner.i]
            )


def _name_beside(scene: _Scene, token: Token) -> Token | None:
    """The name beside a description: "Hamas, the group …", "the rebel group M23"."""
    if token.i + 1 in scene.named and _fits(scene, token, token.i + 1):
        return token.nbor(1)
    if token.dep_ in ("appos", "compound", "nmod") and token.head.i in scene.named:
        return token.head if _fits(scene, token, token.head.i) else None
    first = token.left_edge.i
    if first > 1 and token.nbor(first - 1 - token.i).text == "," and first - 2 in scene.named:
        return token.doc[first - 2] if _fits(scene, token, first - 2) and token.doc[first].lower_ in _ARTICLES else None
    return None


def _fits(scene: _Scene, description: Token, name: int) -> bool:
    """Whether a description can describe the actor of a name."""
    return scene.actors[scene.named[name].local].kind in _kinds_described(description)


_ARTICLES = frozenset(("the", "a", "an", "its", "their"))


# Pronouns and descriptions. ------------------------------------------------------------------------------------------


def _bind(scene: _Scene, token: Token) -> None:
    """What a token stands for, and that it was spoken of."""
    if token.i in scene.named:
        _note(scene, token, scene.named[token.i].local)
    elif token.i in scene.at:
        return
    elif token.tag_ in ("WDT", "WP", "WP$") or (
        token.lower_ == "that" and token.dep_ in ("nsubj", "nsubjpass", "dobj")
    ):
        _bind_relative(scene, token)
    elif found := _pair(scene, token) or _antecedent(scene, token):
        use = "pronoun" if token.pos_ == "PRON" else "description"
        scene.at[token.i] = tuple(Reference(local, token.i, token.i + 1, "reference", use) for local in found)
        for local in found:
            _note(scene, token, local)
        _bind_owned(scene, token)


def _note(scene: _Scene, token: Token, local: str) -> None:
    head = token.head if token.dep_ in _MODIFIERS else token
    subject = head.dep_ in ("nsubj", "nsubjpass")
    scene.seen.append(_Seen(token.i, scene.sentences[token.i], local, scene.actors[local].kind, subject))


def _bind_relative(scene: _Scene, token: Token) -> None:
    verb = token
    while verb.dep_ not in ("relcl", "ROOT"):
        verb = verb.head
    if verb.dep_ == "relcl" and verb.head.i in scene.at:
        scene.at[token.i] = tuple(
            replace(r, start=token.i, end=token.i + 1, source="reference", use="pronoun", place=None)
            for r in scene.at[verb.head.i]
        )


def _bind_owned(scene: _Scene, owner: Token) -> None:
    """ "its fighters": the noun stands for whom the pronoun stands for."""
    noun = owner.head
    if owner.dep_ == "poss" and noun.i not in scene.at and noun.lemma_.lower() in _words()["owned"]:
        scene.at[noun.i] = tuple(replace(r, end=noun.i + 1, use="owner") for r in scene.at[owner.i])


_HE = frozenset(("he", "him", "his", "himself"))
_SHE = frozenset(("she", "her", "herself", "hers"))
_IT = frozenset(("it", "its", "itself"))
_THEY = frozenset(("they", "them", "their", "themselves"))


def _antecedent(scene: _Scene, token: Token) -> tuple[str, ...]:
    """Whom a pronoun or a description stands for."""
    low = token.lower_
    if low in _HE or low in _SHE:
        return _choose(scene, token, lambda seen: seen.kind is Kind.PERSON, _NEAR + 1, low)
    if low in _IT:
        weapon = token.dep_ in ("dobj", "nsubjpass")
        return _choose(
            scene, token, lambda seen: seen.kind in _BODIES or (weapon and seen.kind is Kind.WEAPON), _NEAR, low
        )
    if low in _THEY:
        return _choose(scene, token, lambda seen: seen.kind in _BODIES or seen.kind is Kind.WEAPON, _NEAR, low)
    return _described(scene, token)


def _described(scene: _Scene, token: Token) -> tuple[str, ...]:
    """Whom "the Lebanese group" or "this missile" describes: somebody of that kind, from there."""
    kinds = _kinds_described(token)
    if only := _only_weapon(scene, token, kinds):
        return only
    definite = any(
        child.dep_ == "det" and child.lower_ in ("the", "this", "that", "these", "those") for child in token.children
    )
    if not kinds or not definite or token.pos_ != "NOUN" or any(c.dep_ in ("relcl", "acl") for c in token.children):
        return ()
    if any(child.dep_ == "prep" and child.lower_ == "of" for child in token.children):
        return ()
    if token.tag_ == "NNS" and not kinds & {Kind.WEAPON} and token.lemma_.lower() not in _CROWDS:
        return ()
    from_ = {scene.actors[r.local].entry for c in token.children if c.dep_ in _MODIFIERS for r in scene.at.get(c.i, ())}
    return _choose(scene, token, lambda seen: seen.kind in kinds and _is_from(scene, seen.local, from_), _FAR, "")


_CROWDS = frozenset(("mercenary", "rebel", "militant", "fighter", "insurgent", "terrorist"))


def _only_weapon(scene: _Scene, token: Token, kinds: frozenset[Kind]) -> tuple[str, ...]:
    """The weapon that "a missile system" announces before its name comes: the only one of the whole article."""
    weapons = [local for local, actor in scene.actors.items() if actor.kind is Kind.WEAPON]
    spoken_of = any(seen.kind is Kind.WEAPON for seen in scene.seen)
    described = any(child.dep_ in ("amod", "compound") for child in token.children) and token.tag_ in ("NN", "NNP")
    return tuple(weapons) if kinds == {Kind.WEAPON} and len(weapons) == 1 and described and not spoken_of else ()


def _is_from(scene: _Scene, local: str, states: set[str | None]) -> bool:
    """Whether an actor belongs to one of some states; to any where none is said."""
    entry = scene.catalogue.entries.get(scene.actors[local].entry or "")
    return not states or bool(entry and states & {*entry.country, entry.id})


def _choose(scene: _Scene, token: Token, fits: Callable[[_Seen], bool], reach: int, form: str) -> tuple[str, ...]:
    """The likeliest of those spoken of: what the same pronoun meant in this sentence, a subject, the latest."""
    here, barred = scene.sentences[token.i], _barred(scene, token)
    found = [s for s in scene.seen if here - s.sentence <= reach and fits(s) and s.local not in barred]
    doc = token.doc
    chained = [s for s in found if form and s.sentence == here and _same_pronoun(doc[s.token].lower_, form)]
    for pool in (
        chained[-1:],
        [s for s in found if s.sentence == here],
        [s for s in found if s.sentence == here - 1],
        found,
    ):
        subjects = [s for s in pool if s.subject]
        if subjects:
            return ((subjects[0] if pool and pool[0].sentence == here else subjects[-1]).local,)
        if pool:
            return (pool[-1].local,)
    return ()


def _same_pronoun(one: str, other: str) -> bool:
    return any(one in forms and other in forms for forms in (_HE, _SHE, _IT, _THEY))


def _barred(scene: _Scene, token: Token) -> set[str]:
    """Whom an object cannot mean: the subject of its own clause."""
    verb = token.head
    while verb.dep_ in ("prep", "pobj", "dative", "agent", "dobj") and verb.pos_ not in ("VERB", "AUX"):
        verb = verb.head
    if token.dep_ not in ("dobj", "pobj", "dative") or verb.pos_ not in ("VERB", "AUX"):
        return set()
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")]
    while not subjects and verb.dep_ in ("conj", "xcomp"):
        deps = ("dobj",) if verb.dep_ == "xcomp" and any(c.dep_ == "dobj" for c in verb.head.children) else _SUBJECTS
        verb = verb.head
        subjects = [child for child in verb.children if child.dep_ in deps]
    return {r.local for subject in subjects for t in (subject, *subject.conjuncts) for r in scene.at.get(t.i, ())}


_SUBJECTS = ("nsubj", "nsubjpass")


def _pair(scene: _Scene, token: Token) -> tuple[str, ...]:
    """ "both sides", "the two countries", "each other": two actors that were named together."""
    words = {child.lower_ for child in token.children}
    alone = token.lower_ == "both" and token.dep_ in ("nsubj", "dobj", "pobj", "nsubjpass")
    if not alone and not (token.lemma_.lower() in _words()["pairs"] and words & {"both", "two"}):
        return ()
    kinds = _BODIES | {Kind.PERSON}
    if token.lemma_.lower() in ("country", "nation", "government", "state", "neighbour", "neighbor"):
        kinds = frozenset((Kind.STATE,))
    return _latest_pair(scene, token, kinds)


def _latest_pair(scene: _Scene, token: Token, kinds: Iterable[Kind]) -> tuple[str, ...]:
    """The latest two of a kind that stand together ("A and B", "between A and B"), else the only two in reach."""
    here, barred = scene.sentences[token.i], _barred(scene, token)
    near = [s for s in scene.seen if here - s.sentence <= _FAR and s.kind in kinds and s.local not in barred]
    for one, other in reversed([*pairwise(near)]):
        first, second = token.doc[one.token], token.doc[other.token]
        if (
            one.local != other.local
            and (second.head == first or first.head == second.head)
            and one.sentence == other.sentence
        ):
            return (one.local, other.local)
    locals_ = list(dict.fromkeys(s.local for s in near if here - s.sentence <= _NEAR))
    return tuple(locals_) if len(locals_) == 2 else ()


# Words. --------------------------------------------------------------------------------------------------------------


def _kinds_described(token: Token) -> frozenset[Kind]:
    """The kinds of actor that a noun can describe; none for other words."""
    return _described_kinds().get(token.lemma_.lower(), frozenset()) if token.pos_ in ("NOUN", "PROPN") else frozenset()


@cache
def _described_kinds() -> dict[str, frozenset[Kind]]:
    found: dict[str, set[Kind]] = defaultdict(set)
    for kind, words in _data()["descriptions"].items():
        for word in words.split():
            found[word].add(Kind(kind))
    return {word: frozenset(kinds) for word, kinds in found.items()}


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(_data()[name].split()) for name in ("owned", "pairs")}


@cache
def _data() -> dict[str, Any]:
    try:
        found = yaml.safe_load(files("kgraph").joinpath("descriptions.yaml").read_text(encoding="utf-8"))
        return {name: found[name] for name in ("descriptions", "owned", "pairs")}
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise KnowledgeError(f"descriptions.yaml: {error!r}; it needs descriptions, owned and pairs") from error
