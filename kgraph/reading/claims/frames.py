"""Role frames over the dependency tree: which words make a relation, and where its roles stand around them.

The frames stand in schema.yaml, beside the relation they give. A frame names its trigger words by kind (verb, noun,
adj, name, or hyphen for the second part of "Iran-backed"), and for every role the slots (see arguments.py) where its filler may
stand, the likeliest first: the first slot whose filler has the right kind wins. `a` and `b` are the two sides of a
relation without direction, `pair` a slot that holds both. `if` and `unless` ask what stands in a slot: a class of
words.yaml, a kind of actor, "named" (some actor) or "empty". `kinds` narrows who may fill a role, `stage` says that the
words themselves put the relation in a stage ("lifted sanctions": stopped).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, islice, product

from kgraph.catalogue import Catalogue
from kgraph.errors import KnowledgeError
from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims.arguments import antecedent, fill, is_misread_verb
from kgraph.reading.claims.words import CLASSES, TRANSPARENT
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Span, Token
from kgraph.records import Kind
from kgraph.schema import RelationType, kinds_of_words, load_schema

TRIGGERS = {"verb": ("VERB", "AUX"), "noun": ("NOUN", "PROPN"), "adj": ("ADJ", "ADV", "VERB"), "hyphen": (), "name": ()}
_OPTIONS = {"if", "unless", "kinds", "stage", *TRIGGERS}
_TESTS = {"named", "empty", *CLASSES, *(kind.value for kind in Kind)}
# Where a property's owner stands for it ("Syrian bases were bombed") and where not ("sent Iranian missiles").
_OWNER_MEANT = frozenset(("ATTACKS", "SEIZES", "FIGHTS", "DETAINS"))
_LOCATIVE = frozenset(
    ("in", "at", "near", "inside", "into", "across", "outside", "around", "over", "off", "toward", "towards")
)
_JOINED = frozenset(("secretary", "co", "counter", "air", "drone", "missile", "rocket", "cyber"))  # "air-strikes"
_MOST_PAIRS = 5000  # of actors that one word joins: a hundred who sign one pact
_PLACES_FIRST = frozenset(("ATTACKS", "SEIZES", "CONTROLS"))


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say a relation."""

    name: str
    relation: RelationType
    trigger: str
    words: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]]
    wanted: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    unwanted: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    kinds: Mapping[str, frozenset[Kind]] = field(default_factory=dict)
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a frame may ask: who stands where, what is known of them, and when it was published ("": unknown)."""

    cast: Cast
    catalogue: Catalogue
    published: str
    locals: Mapping[str, str]  # entry of the catalogue → the article's actor


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found in a sentence: its trigger and who fills its roles."""

    frame: Frame
    trigger: Token
    fillers: tuple[tuple[str, Reference], ...]


def scene_of(document: Document, cast: Cast, catalogue: Catalogue) -> Scene:
    """What frames may ask of an article."""
    locals_ = {actor.entry: actor.local for actor in reversed(cast.actors.values()) if actor.entry}
    return Scene(cast, catalogue, document.article.published or "", locals_)


def find_matches(document: Document, cast: Cast, catalogue: Catalogue) -> Iterator[Match]:
    """Every frame that fits somewhere in a document, in the order of the text; one match a pair of key actors."""
    scene = scene_of(document, cast, catalogue)
    for sentence in document.doc.sents:
        yield from matches_in(sentence, scene)


def matches_in(sentence: Span, scene: Scene) -> Iterator[Match]:
    """Every frame that fits somewhere in a sentence."""
    index = frames()
    for token in sentence:
        for frame in _frames_for(token, scene.cast, index):
            if _is_triggered(frame, token):
                yield from _matches(frame, token, scene)


def _frames_for(token: Token, cast: Cast, index: Mapping[str, tuple[Frame, ...]]) -> Iterator[Frame]:
    """The frames that a token may trigger: by its lemma, its form, its verb with a particle, or as a name ("*")."""
    named = bool(cast.at.get(token.i)) and cast.at[token.i][0].use == "name"
    for word in dict.fromkeys((token.lemma_.lower(), token.lower_, _with_particle(token), "*" if named else "")):
        yield from index.get(word, ())


def _with_particle(token: Token) -> str:
    return next((f"{token.lemma_.lower()}+{child.lower_}" for child in token.children if child.dep_ == "prt"), "")


def _is_triggered(frame: Frame, token: Token) -> bool:
    if frame.trigger == "hyphen":
        return token.i > 1 and token.nbor(-1).text in "-–" and not token.nbor(-1).whitespace_
    if frame.trigger == "name":
        return True
    hyphened = token.i > 1 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_
    if hyphened and token.pos_ == "NOUN" and token.nbor(-2).lower_ in _JOINED:
        hyphened = False
    if frame.trigger == "verb" and token.pos_ == "ADJ" and any(child.dep_ == "dobj" for child in token.children):
        return True  # "to have armed Hezbollah", where the tagger sees an adjective
    if frame.trigger == "verb" and (is_misread_verb(token) or (hyphened and _is_compound_verb(token))):
        return True
    return token.pos_ in TRIGGERS[frame.trigger] and not hyphened


def _is_compound_verb(token: Token) -> bool:
    """ "Test-fired", "air-dropped": a verb for all its hyphen, unless it only describes a noun."""
    return token.pos_ == "VERB" and token.dep_ not in ("amod", "acl", "compound", "nmod")


def _matches(frame: Frame, token: Token, scene: Scene) -> Iterator[Match]:
    if not conditions_hold(frame, token, scene.cast):
        return
    pairs = list(_key_pairs(frame, token, scene))
    further = list(_further(frame, token, scene)) if pairs else []
    for one, other in pairs:
        yield _match(frame, token, one, other, further)


def _further(frame: Frame, token: Token, scene: Scene) -> Iterator[tuple[str, Reference]]:
    """Who fills the roles beside the two key ones."""
    for role in frame.roles:
        if role in frame.relation.roles[2:]:
            found = _fillers(frame, role, token, scene) or _only_one(frame, role, token, scene)
            yield from ((role, reference) for reference in found)


def _only_one(frame: Frame, role: str, token: Token, scene: Scene) -> list[Reference]:
    """What has no slot of its own around a word, but is the only one of its kind in the clause, or the sentence."""
    if role not in ("place", "weapon", "item"):
        return []
    ends = {
        r.local
        for key in frame.roles
        if key not in frame.relation.roles[2:]
        for r in _fillers(frame, key, token, scene)
    }
    for span in (_clause(token), token.sent):
        named = _places(span, scene) if role == "place" else _weapons(span, scene)
        if found := _distinct(reference for reference in named if reference.local not in ends):
            return found if len(found) == 1 else []
    return []


def _clause(token: Token) -> list[Token]:
    """The words under the verb that a word is or hangs on."""
    while token.pos_ not in ("VERB", "AUX") and token.dep_ not in ("ROOT", "conj", "relcl", "acl"):
        token = token.head
    return list(token.subtree)


def _weapons(span: Iterable[Token], scene: Scene) -> Iterator[Reference]:
    found = (reference for token in span for reference in scene.cast.at.get(token.i, ()))
    yield from (r for r in found if scene.cast.actors[r.local].kind is Kind.WEAPON)


def _places(span: Iterable[Token], scene: Scene) -> Iterator[Reference]:
    """The places after "in", "near" and the like; a state is too wide to guess."""
    located = (other for other in span if other.dep_ == "pobj" and other.head.lower_ in _LOCATIVE)
    found = (_as_place(reference) for other in located for reference in scene.cast.at.get(other.i, ()))
    yield from (r for r in found if scene.cast.actors[r.local].kind is Kind.PLACE)


def _as_place(reference: Reference) -> Reference:
    """A capital as the city that it is."""
    return replace(reference, local=reference.place) if reference.place else reference


def _match(
    frame: Frame, token: Token, one: Reference, other: Reference, further: Iterable[tuple[str, Reference]]
) -> Match:
    first, second = frame.relation.key_roles
    rest = ((role, reference) for role, reference in further if reference.local not in (one.local, other.local))
    return Match(frame, token, ((first, one), (second, other), *rest))


def loose_match(name: str, token: Token, one: Reference, other: Reference, scene: Scene) -> Match:
    """Two actors that were learned to stand in a relation, with what fills its further roles around the same word."""
    frame = _loose_frame(name)
    return _match(frame, token, one, other, list(_further(frame, token, scene)))


def conditions_hold(frame: Frame, token: Token, cast: Cast) -> bool:
    """Whether what a frame asks by `if` and `unless` is so around a word."""
    wanted = all(_stands(slots, tests, token, cast) for slots, tests in frame.wanted)
    return wanted and not any(_stands(slots, tests, token, cast) for slots, tests in frame.unwanted)


def _key_pairs(frame: Frame, token: Token, scene: Scene) -> Iterator[tuple[Reference, Reference]]:
    """The pairs of actors that a frame joins; nobody is joined with himself."""
    names = ("a", "b") if frame.relation.symmetric else frame.relation.key_roles
    one, other = ([*_fillers(frame, name, token, scene)] for name in names)
    pairs: Iterable[tuple[Reference, Reference]] = product(one, other)
    if not (one and other) and "pair" in frame.roles:
        pairs = combinations(_distinct(_fillers(frame, "pair", token, scene)), 2)
    yield from islice(((a, b) for a, b in pairs if a.local != b.local), _MOST_PAIRS)


def _distinct(references: Iterable[Reference]) -> list[Reference]:
    return list({reference.local: reference for reference in references}.values())


def _fillers(frame: Frame, role: str, token: Token, scene: Scene) -> list[Reference]:
    """Who fills a role: what stands in the first of its slots that holds an actor of a kind that may."""
    allowed = frame.kinds.get(role) or frame.relation.kinds["party" if role in ("a", "b", "pair") else role]
    for slot in frame.roles.get(role, ()):
        if slot == "office":
            found = [reference for leader in fill(token, "is") for reference in _held(leader, token, scene)]
        else:
            heads = _around_hyphen(token, slot) if frame.trigger == "hyphen" else fill(token, slot)
            found = [
                reference for head in heads for reference in _fitting(frame, role, slot, head, allowed, scene.cast)
            ]
        if found:
            return _distinct(found)
    return []


def _fitting(
    frame: Frame, role: str, slot: str, head: Token, allowed: frozenset[Kind], cast: Cast
) -> Iterator[Reference]:
    owner_meant = frame.relation.name in _OWNER_MEANT or slot.partition(".")[0] in (
        "subj",
        "giver",
        "poss",
        "mod",
        "by",
    )
    for reference in stands_for(head, cast):
        if reference.use == "owner" and not owner_meant and head.lemma_.lower() in CLASSES["arms"] | CLASSES["money"]:
            continue
        as_place = (
            reference.place
            and Kind.PLACE in allowed
            and (slot in _LOCATIVE or role == "place" or (frame.relation.name in _PLACES_FIRST and role == "target"))
        )
        found = _as_place(reference) if as_place else reference
        if cast.actors[found.local].kind in allowed:
            yield found


def _around_hyphen(token: Token, slot: str) -> list[Token]:
    """Around the second part of "Iran-backed": the first part, or the noun that both describe."""
    if slot == "left":  # "US- and Russian-brokered"
        first = token.nbor(-2)
        return [first.head, first] if first.dep_ == "conj" and first.head.i < first.i else [first]
    slot, _, rest = slot.partition(".")
    if token.dep_ == "amod" and token.head.i > token.i:
        noun = token.head
    else:  # where the parser went astray: the end of the noun phrase that follows
        after = list(token.doc[token.i + 1 : min(token.i + 6, token.sent.end)])
        nouns = [
            t
            for n, t in enumerate(after)
            if t.pos_ in ("NOUN", "PROPN") and all(b.pos_ in ("NOUN", "PROPN", "ADJ") for b in after[:n])
        ]
        noun = nouns[-1] if nouns else token.head
    return fill(noun, rest) if rest else [noun]


def _held(leader: Token, title: Token, scene: Scene) -> Iterator[Reference]:
    """What somebody leads by his title, which the catalogue knows though the sentence leaves it out: "President X"."""
    for reference in scene.cast.at.get(leader.i, ()):
        entry = scene.catalogue.entries.get(scene.cast.actors[reference.local].entry or "")
        for office in entry.offices if entry else ():
            held = office.since <= (scene.published or "9") and (not office.until or scene.published <= office.until)
            local = scene.locals.get(office.target)
            if held and local and title.lower_ in office.title.split():
                yield Reference(local, title.i, title.i + 1, "reference", "description")


def stands_for(token: Token, cast: Cast, depth: int = 0) -> tuple[Reference, ...]:
    """The actors that the phrase of a head noun stands for: itself, its apposition, or what its "of" speaks about."""
    lemma = token.lemma_.lower()
    if lemma in CLASSES["strip"]:  # "the Syrian town of Dabiq"
        named = tuple(r for head in fill(token, "of") for r in cast.at.get(head.i, ()))
        if named:
            return named
    own = cast.at.get(token.i, ())
    if depth > 4 or (own and not (lemma in CLASSES["arms"] and all(reference.use == "owner" for reference in own))):
        return own
    for child in (part for part in _parts(token) if part.i in cast.at):
        if child.dep_ == "appos" or (
            lemma in CLASSES["arms"] and cast.actors[cast.at[child.i][0].local].kind is Kind.WEAPON
        ):
            return cast.at[child.i]
    if own:
        return own
    if token.dep_ == "appos" and token.head.i in cast.at:
        return cast.at[token.head.i]
    if lemma in CLASSES["offices"]:  # "the head of Mossad, David Barnea": the model hangs the name on Mossad
        holders = [head for head in fill(token, "named") if head.i in cast.at]
        if holders and cast.actors[cast.at[holders[0].i][0].local].kind is Kind.PERSON:
            return cast.at[holders[0].i]
    if lemma in CLASSES["blows"]:  # "killed by a coalition airstrike": whose it was
        return tuple(
            r
            for slot in ("poss", "mod", "by", "from", "giver")
            for head in fill(token, slot)
            for r in cast.at.get(head.i, ())
        )
    if lemma in CLASSES["people"] | CLASSES["troops"] and (sent := fill(token, "from")):
        return tuple(r for head in sent for r in cast.at.get(head.i, ()))
    if sworn := [to for child in token.children if child.lemma_ in ("loyal", "allied") for to in fill(child, "to")]:
        return tuple(r for head in sworn for r in cast.at.get(head.i, ()))
    if examples := fill(token, "examples"):
        return tuple(r for head in examples for r in cast.at.get(head.i, ()))
    if lemma in TRANSPARENT or token.pos_ in ("NUM", "DET", "PRON"):
        return tuple(r for head in fill(token, "of") for r in stands_for(head, cast, depth + 1))
    return ()


def _parts(token: Token) -> Iterator[Token]:
    """What stands beside a noun or before it, however deep: "Harop" in "Harop loitering munitions"."""
    todo = [*reversed(token.children)]
    while todo:
        child = todo.pop()
        if child.dep_ in ("appos", "compound", "nmod"):
            yield child
            todo += reversed(child.children)


def _stands(slots: tuple[str, ...], tests: frozenset[str], token: Token, cast: Cast) -> bool:
    """Whether something in one of the slots passes one of the tests."""
    heads = [head for slot in slots for head in fill(token, slot)]
    return ("empty" in tests and not heads) or any(_passes(head, test, cast) for head in heads for test in tests)


def _passes(head: Token, test: str, cast: Cast) -> bool:
    if test in CLASSES and antecedent(head).lemma_.lower() in CLASSES[test]:
        return True
    kinds = {cast.actors[reference.local].kind for reference in stands_for(head, cast)}
    if test in ("arms", "money"):
        return Kind.WEAPON in kinds if test == "arms" else head.ent_type_ == "MONEY" or head.text in "$€£"
    return bool(kinds) if test == "named" else test in kinds


# --- loading ---------------------------------------------------------------------------------------------------------


@cache
def frames() -> dict[str, tuple[Frame, ...]]:
    """All frames by trigger word."""
    index: dict[str, list[Frame]] = {}
    for relation in load_schema().values():
        for number, entry in enumerate(relation.frames, 1):
            frame = _frame(relation, number, entry)
            for word in frame.words:
                index.setdefault(word, []).append(frame)
    return {word: tuple(found) for word, found in index.items()}


@cache
def _loose_frame(name: str) -> Frame:
    """The frame of a claim that was learned (claims/learned.py): its further roles stand where any frame has them."""
    relation = load_schema()[name]
    own = [_frame(relation, number, entry) for number, entry in enumerate(relation.frames, 1) if "hyphen" not in entry]
    slots = {role: [slot for frame in own for slot in frame.roles.get(role, ())] for role in relation.roles[2:]}
    return Frame(
        f"{name} learned", relation, "learned", (), {role: tuple(dict.fromkeys(s)) for role, s in slots.items()}
    )


def _frame(relation: RelationType, number: int, entry: Mapping[str, object]) -> Frame:
    where = f"schema.yaml: {relation.name}, frame {number}"
    triggers = [key for key in entry if key in TRIGGERS]
    roles = {key: tuple(str(value).split()) for key, value in entry.items() if key not in _OPTIONS}
    known = {*relation.roles, "a", "b", "pair"} if relation.symmetric else {*relation.roles}
    if len(triggers) != 1 or roles.keys() - known:
        raise KnowledgeError(
            f"{where}: has triggers {triggers} and roles {sorted(roles)}; "
            f"it needs one of {', '.join(TRIGGERS)} and roles among {', '.join(sorted(known))}"
        )
    words = tuple(str(entry[triggers[0]]).split())
    kinds = {str(role): kinds_of_words(str(value)) for role, value in _mapping(entry.get("kinds")).items()}
    return Frame(
        f"{relation.name} {triggers[0]} {number}",
        relation,
        triggers[0],
        words,
        roles,
        _tests(entry.get("if"), where),
        _tests(entry.get("unless"), where),
        kinds,
        str(entry["stage"]) if "stage" in entry else None,
    )


def _tests(entry: object, where: str) -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    tests = tuple((tuple(slots.split()), frozenset(str(words).split())) for slots, words in _mapping(entry).items())
    if unknown := {test for _, words in tests for test in words} - _TESTS:
        raise KnowledgeError(f"{where}: unknown test {sorted(unknown)[0]!r}; known: {', '.join(sorted(_TESTS))}")
    return tests


def _mapping(entry: object) -> Mapping[str, object]:
    return entry if isinstance(entry, Mapping) else {}
