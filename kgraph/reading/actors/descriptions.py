"""Whom a definite description stands for: "the Lebanese group", "this missile", "the Turkish president", "the regime".

A description finds an actor of its kind, from where it says, that is what it says: "the ministry" is no army and "the
drone" no tank. What an actor is, its names, its catalogue row and the titles beside its name tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from kgraph.catalogue import Entry
from kgraph.reading.actors.names import add_actor, holds, offices
from kgraph.reading.actors.salience import FAR, barred, choose
from kgraph.reading.actors.scene import MODIFIERS, Scene, Seen
from kgraph.reading.actors.words import kinds_described, table, words
from kgraph.reading.tokens import Token
from kgraph.records import Kind, Mention

_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
_HALVES = ("North", "South")
_CABINETS = frozenset("government cabinet party partner talk deal agreement partners politics building".split())
_GROUPS = ("group", "movement")  # armed ones before others
_PAST = frozenset(("former", "ex", "ousted", "deposed", "late", "then", "toppled", "exiled"))
_OF_MANY = frozenset(("global", "international", "military", "western"))  # they tell no coalition from another


def described(scene: Scene, token: Token) -> tuple[str, ...]:
    """The actor that a description stands for; nobody where it says too little or nobody fits."""
    kinds, lemma = kinds_described(token), token.lemma_.lower()
    if token.text in _HALVES:
        return _half(scene, token)
    if short := _short(scene, token):
        return short
    if not kinds or (Kind.PERSON in kinds and any(child.lower_ in _PAST for child in token.children)):
        return ()
    if only := _announced(scene, token, kinds):
        return only
    if any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children) and not _is_accused(token):
        return ()
    if seated := _seated(scene, token):
        return seated
    alone = lemma == "state" and token.dep_ not in MODIFIERS
    if (lemma in words("home") or alone) and (home := _home(scene, token)):
        return () if alone and scene.actors[home[0]].entry in table("states")["federal"] else home
    if group := _force(scene, token):
        return group
    if any(c.dep_ == "acl" or (c.dep_ == "relcl" and not _is_aside(c)) for c in token.children):
        return ()
    peoples = _peoples(token)
    if not (peoples or _is_definite(token)) or (
        token.tag_ == "NNS" and lemma not in words("crowds") and Kind.WEAPON not in kinds
    ):
        return _service(scene, token, _states(scene, token)) or _presumed(scene, token)
    states, region = _states(scene, token), _region(token)
    if states and (office := _in_office(scene, token, states)):
        return office
    if region:
        return choose(scene, token, lambda seen: scene.actors[seen.local].entry in region, FAR)
    if lemma in ("country", "nation") and (topic := _topic(scene, token)):
        return topic
    field, near = _field(token), _near(scene, token)

    def fits(seen: Seen) -> bool:
        if seen.kind not in kinds or not _is_from(scene, seen.local, states):
            return False
        if peoples:
            return scene.actors[seen.local].entry in peoples
        return _suits(scene, seen.local, lemma) and _is_for(scene, seen.local, field) and near(seen.local)

    if lemma in _GROUPS and (group := choose(scene, token, lambda seen: seen.kind is Kind.GROUP and fits(seen), FAR)):
        return group
    if found := choose(scene, token, fits, FAR):
        return found
    ahead = [local for who in sorted(peoples) if (local := scene.local(who)) and _suits(scene, local, lemma)]
    return tuple(ahead) if len(ahead) == 1 else _service(scene, token, states) or _presumed(scene, token)


def _is_aside(clause: Token) -> bool:
    """Whether a relative clause only adds something: "the militia, which fled,"."""
    first = clause.left_edge
    return first.i > 0 and first.nbor(-1).text == ","


def _is_accused(token: Token) -> bool:
    """Whether "of" belongs to the verb: "accused the kingdom of lying"."""
    return token.dep_ == "dobj" and token.head.lemma_ in ("accuse", "suspect", "convict", "warn", "rid")


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


def _region(token: Token) -> frozenset[str]:
    """The states of a region that a description of a state names: "the West African nation", "the Gulf state"."""
    if Kind.STATE not in kinds_described(token):
        return frozenset()
    own = " ".join(t.lower_ for t in token.doc[token.left_edge.i : token.i] if t.is_alpha and t.lower_ not in _DEFINITE)
    return table("regions").get(own.replace(" ", "-").removesuffix("-island"), frozenset())


def _field(token: Token) -> frozenset[str]:
    """What a ministry or department is said to be for: "the foreign ministry"."""
    if token.lemma_.lower() not in ("ministry", "department"):
        return frozenset()
    return frozenset(_plain(c.lower_) for c in token.children if c.dep_ in ("amod", "compound") and c.i < token.i)


def _near(scene: Scene, token: Token) -> Callable[[str], bool]:
    """Which service "the army" can be, where those of several states were spoken of: of the only state its sentence names."""
    here, lemma = scene.here(token), token.lemma_.lower()
    if lemma not in table("services"):
        return lambda local: True
    bodies = (s for s in scene.lately(here, FAR) if s.kind is Kind.ORGANIZATION)
    owners = {_state_of(scene, s.local) for s in bodies if _suits(scene, s.local, lemma)}
    named = {state for s in scene.lately(here, 0) if (state := _state_of(scene, s.local))}
    own = {_state_of(scene, local) for local in _own_state(scene, token)}
    return lambda local: (
        own == {_state_of(scene, local)} or (not own and (len(owners) < 2 or named == {_state_of(scene, local)}))
    )


def _is_for(scene: Scene, local: str, field: frozenset[str]) -> bool:
    """Whether an actor's names tell what it is said to be for."""
    entry = scene.entry(local)
    names = [scene.actors[local].name, *(entry.aliases if entry else ()), *scene.forms[local]]
    return not field or field <= {_plain(word.lower()) for name in names for word in name.split()}


def _plain(word: str) -> str:
    return word.replace("defense", "defence")


def _suits(scene: Scene, local: str, lemma: str) -> bool:
    """Whether an actor is what a noun says, as far as its names, its type, its offices and titles tell."""
    wanted = table("suits").get(lemma)
    entry = scene.entry(local)
    if wanted is None or (entry is None and "?" in wanted):
        return True
    if lemma in table("states"):
        return bool(entry and entry.id in table("states")[lemma])
    if entry and lemma in table("services"):
        called = {word for name in (entry.name, *entry.aliases) for word in name.lower().split()}
        return bool({*entry.type.split()} & table("services")[lemma]) and lemma in called
    said = {*scene.titles.get(local, ())}
    texts = [scene.actors[local].name, *scene.forms[local]]
    if entry:
        texts += [entry.type, *entry.aliases, *(office.title for office in offices(scene, entry))]
    said |= {word for text in texts for word in text.lower().replace("-", " ").split()}
    return any(word in said or word + "s" in said for word in wanted)


def _announced(scene: Scene, token: Token, kinds: frozenset[Kind]) -> tuple[str, ...]:
    """The weapon that "a missile system" announces before its name comes: the only one of the whole article."""
    weapons = scene.of_kind[Kind.WEAPON]
    spoken_of = not scene.spoken_of.isdisjoint(weapons)
    said = any(child.dep_ in ("amod", "compound") for child in token.children) and token.tag_ in ("NN", "NNP")
    return tuple(weapons) if kinds == {Kind.WEAPON} and len(weapons) == 1 and said and not spoken_of else ()


def _short(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "The Observatory", "the Front": the only body of the article with that word in its name."""
    if token.pos_ != "PROPN" or not _is_definite(token) or not token.text.istitle() or token.dep_ in MODIFIERS:
        return ()
    found = scene.bodies.get(token.text, ())
    return tuple(found) if len(found) == 1 else ()


def _force(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "The guerrilla force", "the rebel army": the group that is so."""
    said = next((c.lemma_.lower() for c in token.children if c.lemma_.lower() in words("crowds")), None)
    if (
        said is None
        or token.lemma_.lower() not in ("force", "army", "organisation", "organization")
        or not _is_definite(token)
    ):
        return ()
    return choose(scene, token, lambda seen: seen.kind is Kind.GROUP and _suits(scene, seen.local, said), FAR)


def _half(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "the North": North Korea, where the article names it."""
    alone = _is_definite(token) and token.dep_ not in ("compound", "amod")
    halves = [local for local in scene.of_kind[Kind.STATE] if scene.actors[local].name.startswith(f"{token.text} ")]
    return tuple(halves) if alone and len(halves) == 1 else ()


# Of a country. -------------------------------------------------------------------------------------------------------


def _home(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whose "the government", "the regime" or "government forces" are: of the state whose places are spoken of."""
    owned = token.dep_ in MODIFIERS and token.head.lemma_.lower() in words("owned")
    bare = not any(child.dep_ in ("amod", "compound", "poss", "nmod") for child in token.children)
    definite = _is_definite(token) or (owned and _is_definite(token.head))
    if not bare or token.tag_ == "NNS" or not (owned or definite):
        return ()
    out, here = barred(scene, token), scene.here(token)
    for sentence in range(here, here - FAR, -1):
        for local in scene.homes.get(sentence, ()):
            if local not in out:
                return (local,)
    if found := _own_state(scene, token) or _spoken_of(scene, token, 1 / 2):
        return found
    return choose(scene, token, lambda seen: seen.kind is Kind.STATE, FAR) if definite else ()


def _seated(scene: Scene, token: Token) -> tuple[str, ...]:
    """ "The regime in Bamako", "the Defence Ministry in Moscow": the state of that capital, or its service."""
    seats = (place for c in token.children if c.dep_ == "prep" and c.lower_ == "in" for place in c.children)
    state = next((r.local for place in seats for r in scene.at.get(place.i, ()) if r.use == "capital"), None)
    lemma = token.lemma_.lower()
    if state is None or not _is_definite(token):
        return ()
    if lemma in table("services"):
        return _service_of(scene, token, state)
    return (state,) if lemma in words("home") or lemma in ("authority", "leadership") else ()


def _topic(scene: Scene, token: Token) -> tuple[str, ...]:
    """Which state "the country" is where the sentence names none before: the one spoken of most just now."""
    out, here = barred(scene, token), scene.here(token)
    if own := _own_state(scene, token):
        return own
    if any(s.kind is Kind.STATE and s.local not in out for s in scene.lately(here, 0)):
        return ()
    counts = Counter(s.local for s in scene.lately(here, FAR) if s.kind is Kind.STATE)
    counts.update(local for n in range(here - FAR, here + 1) for local in scene.homes.get(n, ()))
    ranked = [local for local, _ in counts.most_common() if local not in out]
    return tuple(ranked[:1]) or _spoken_of(scene, token, 1 / 2)


def _own_state(scene: Scene, token: Token) -> tuple[str, ...]:
    """The only state whose service or ministry the sentence names before a word; else whose alone acted in the one before."""
    here = scene.here(token)
    lately = scene.lately(here, 1)
    for near in ([s for s in lately if s.sentence == sentence] for sentence in (here, here - 1)):
        states = {state for s in near if s.kind is Kind.ORGANIZATION and (state := _state_of(scene, s.local))}
        foreign = any(s.kind is Kind.STATE and (s.main or s.sentence == here) for s in near)
        if len(states) == 1 and not foreign:
            return (_unnamed(scene, token, scene.catalogue.entries[states.pop()]),)
        if near:
            return ()
    return ()


def _spoken_of(scene: Scene, token: Token, share: float) -> tuple[str, ...]:
    """The state to which more than a share of what is spoken of belongs: places, services and people in office too."""
    here, counts = scene.here(token), Counter[str]()
    for n in range(here - FAR, here + 1):
        counts.update(scene.actors[local].entry or "" for local in scene.homes.get(n, ()))
    for seen in scene.lately(here, FAR):
        if state := _state_of(scene, seen.local):
            counts[state] += 1
    counts.pop("", None)
    state = next((state for state, n in counts.most_common(1) if n > share * counts.total()), None)
    return (_unnamed(scene, token, scene.catalogue.entries[state]),) if state else ()


def _state_of(scene: Scene, local: str) -> str | None:
    """The state that an actor is, belongs to or leads."""
    entry = scene.entry(local)
    if entry is None:
        return None
    if entry.kind is Kind.STATE:
        return entry.id
    if entry.kind is Kind.PERSON:
        return next((o.target for o in offices(scene, entry) if o.target.startswith("state:")), None)
    own = entry.kind in (Kind.PLACE, Kind.ORGANIZATION) and len(entry.country) == 1
    return entry.country[0] if own else None


def _service(scene: Scene, token: Token, states: set[str]) -> tuple[str, ...]:
    """ "The army", "the foreign ministry", "an army base": of the state whose places are named here, or that is spoken of."""
    lemma, out = token.lemma_.lower(), barred(scene, token)
    armed = lemma == "force" and any(child.lower_ in ("armed", "security") for child in token.children)
    if not (armed or lemma in table("services")) or states or not (_is_definite(token) or token.dep_ == "compound"):
        return ()
    homes = [local for local in scene.homes.get(scene.here(token), ()) if local not in out and lemma != "ministry"]
    state = next(iter(_own_state(scene, token) or homes[:1] or _spoken_of(scene, token, 3 / 4)), None)
    return _service_of(scene, token, state) if state else ()


def _service_of(scene: Scene, token: Token, local: str) -> tuple[str, ...]:
    """The service of a state that a word with those before it names: "the foreign ministry"."""
    before = [c.lower_ for c in token.children if c.dep_ in (*MODIFIERS, "nummod") and c.i < token.i]
    state = scene.entry(local)
    named = (
        " ".join((state.demonyms[0], *before, token.lower_ if token.tag_ == "NNS" else token.lemma_.lower()))
        if state and state.demonyms
        else ""
    )
    found = [entry for entry in scene.catalogue.lookup(named) if entry.kind is Kind.ORGANIZATION]
    return (_unnamed(scene, token, found[0]),) if found else ()


def _in_office(scene: Scene, token: Token, states: set[str]) -> tuple[str, ...]:
    """ "The Syrian president", "the US defense secretary": who it was when the article was published."""
    date = scene.document.article.published
    if date is None or Kind.PERSON not in kinds_described(token):
        return ()
    titles = _titles(scene, token)
    found = [
        entry
        for entry in scene.catalogue.entries.values()
        if any(o.title in titles and o.target in states and holds(o, date) for o in entry.offices)
    ]
    return (_unnamed(scene, token, found[0]),) if len(found) == 1 else ()


def _titles(scene: Scene, token: Token) -> frozenset[str]:
    """How the catalogue may call an office: "defence minister", "secretary of defense"."""
    own = [c.lower_ for c in token.children if c.dep_ in MODIFIERS and c.i < token.i and c.i not in scene.at]
    of, lemma = " ".join(own).replace("defense", "defence"), token.lemma_.lower()
    titles = {f"{of} {lemma}".strip()}
    if lemma == "secretary" and of:
        titles.add(f"secretary of {of.replace('defence', 'defense')}")
    return frozenset(titles)


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
