"""Who fills the roles of a claim around a word: the scene that is asked, and the match that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kgraph.catalogue import Catalogue
from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims.arguments import antecedent, fill
from kgraph.reading.claims.vocabulary import Frame, loose_frame
from kgraph.reading.claims.words import CLASSES, TRANSPARENT
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Token
from kgraph.records import Kind

# Where a property's owner stands for it ("Syrian bases were bombed") and where not ("sent Iranian missiles").
_OWNER_MEANT = frozenset(("ATTACKS", "SEIZES", "FIGHTS", "DETAINS"))
_LOCATIVE = frozenset(
    ("in", "at", "near", "inside", "into", "across", "outside", "around", "over", "off", "toward", "towards")
)
_PLACES_FIRST = frozenset(("ATTACKS", "SEIZES", "CONTROLS"))


@dataclass(frozen=True, slots=True)
class Scene:
    """What a frame may ask: who stands where, what is known of them, and when it was published ("": unknown)."""

    cast: Cast
    catalogue: Catalogue
    published: str
    locals: Mapping[str, str]  # entry of the catalogue → the article's actor


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that a reader found: the word that makes it, how that word takes its roles, and who fills them."""

    reader: str  # its name in the table of readers.py
    frame: Frame
    trigger: Token
    fillers: tuple[tuple[str, Reference], ...]  # the two key roles first
    likely: float | None = None  # how likely it is a claim, by a reader that weighs; of a frame see scores.py
    required: float | None = None  # ... and, if it is one, that a careful reader would not leave it out

    @property
    def type(self) -> str:
        return self.frame.relation.name

    @property
    def ends(self) -> tuple[str, str]:
        """Its two key actors."""
        (_, one), (_, other), *_ = self.fillers
        return one.local, other.local


def scene_of(document: Document, cast: Cast, catalogue: Catalogue) -> Scene:
    """What frames may ask of an article."""
    locals_ = {actor.entry: actor.local for actor in reversed(cast.actors.values()) if actor.entry}
    return Scene(cast, catalogue, document.article.published or "", locals_)


def match_of(
    reader: str,
    frame: Frame,
    token: Token,
    one: Reference,
    other: Reference,
    more: Iterable[tuple[str, Reference]],
    likely: float | None = None,
    required: float | None = None,
) -> Match:
    """Two actors joined by a word, with who fills the further roles there; nobody fills two."""
    first, second = frame.relation.key_roles
    rest = ((role, reference) for role, reference in more if reference.local not in (one.local, other.local))
    return Match(reader, frame, token, ((first, one), (second, other), *rest), likely, required)


def loose_match(
    reader: str, name: str, token: Token, one: Reference, other: Reference, likely: float, required: float, scene: Scene
) -> Match:
    """Two actors that a reader takes to stand in a relation, with what fills its further roles around the same word."""
    frame = loose_frame(name, reader)
    return match_of(reader, frame, token, one, other, list(further(frame, token, scene)), likely, required)


def conditions_hold(frame: Frame, token: Token, cast: Cast) -> bool:
    """Whether what a frame asks by `if` and `unless` is so around a word."""
    wanted = all(_stands(slots, tests, token, cast) for slots, tests in frame.wanted)
    return wanted and not any(_stands(slots, tests, token, cast) for slots, tests in frame.unwanted)


def further(frame: Frame, token: Token, scene: Scene) -> Iterator[tuple[str, Reference]]:
    """Who fills the roles beside the two key ones."""
    for role in frame.roles:
        if role in frame.relation.roles[2:]:
            found = fillers(frame, role, token, scene) or _only_one(frame, role, token, scene)
            yield from ((role, reference) for reference in found)


def _only_one(frame: Frame, role: str, token: Token, scene: Scene) -> list[Reference]:
    """What has no slot of its own around a word, but is the only one of its kind in the clause, or the sentence."""
    if role not in ("place", "weapon", "item"):
        return []
    ends = {
        r.local
        for key in frame.roles
        if key not in frame.relation.roles[2:]
        for r in fillers(frame, key, token, scene)
    }
    for span in (_clause(token), token.sent):
        named = _places(span, scene) if role == "place" else _weapons(span, scene)
        if found := distinct(reference for reference in named if reference.local not in ends):
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


def fillers(frame: Frame, role: str, token: Token, scene: Scene) -> list[Reference]:
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
            return distinct(found)
    return []


def distinct(references: Iterable[Reference]) -> list[Reference]:
    """The first reference to each actor."""
    return list({reference.local: reference for reference in references}.values())


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
