"""Sentences → what might be a claim there: a word that may make a relation, and any two actors of the sentence.

Frames say what they know by exact places around a word. A candidate is looser: any two actors in the sentence of a word that
may make a relation of a type. What can be seen of the word, of each actor and of the two together are features, plain words
like "path ^nsubj" or "kind Group name"; which candidates hold is weighed by `learned.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims.arguments import fill, is_passive
from kgraph.reading.claims.roles import conditions_hold
from kgraph.reading.claims.vocabulary import TRIGGERS, frames
from kgraph.reading.claims.words import CLASSES, LOOSE
from kgraph.reading.tokens import Span, Token
from kgraph.records import Kind
from kgraph.schema import load_schema

Features = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class End:
    """An actor where a sentence speaks of it."""

    token: Token
    reference: Reference
    kind: Kind


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen around one word: its types, the actors of its sentence, and the features of each and of each pair."""

    trigger: Token
    types: tuple[str, ...]
    ends: Sequence[End]
    pairs: Mapping[str, Sequence[tuple[int, int]]]  # type → which two may stand in it
    of_word: Features
    of_types: Mapping[str, Features]  # what the frames say of the word as one that makes a type
    of_ends: Mapping[int, Features]  # of those who are in a pair
    of_pairs: Mapping[tuple[int, int], Features]

    def of_both(self, a: int, b: int) -> Features:
        """How the word and two actors stand to each other."""
        return _of_both(self.of_ends[a], self.of_ends[b], self.of_word[1])


def sights(sentence: Span, cast: Cast) -> Iterator[Sight]:
    """What can be seen in a sentence, word by word; nothing where no two actors fit what a word may make."""
    ends = list(_ends(sentence, cast))
    if len(ends) > _MOST or len({end.reference.local for end in ends}) < 2:
        return
    fitting = cache(lambda name: _fitting(name, ends))
    tree, of_pairs = None, dict[tuple[int, int], Features]()
    for token in sentence:
        pairs = {name: found for name in _types_of(token) if (found := _beside(token, ends, fitting(name)))}
        seen = {name: features for name in pairs if (features := _of_type(token, name, cast))}
        if not seen:
            continue
        tree = tree or _tree(sentence)
        for a, b in {pair for name in seen for pair in pairs[name]} - of_pairs.keys():
            of_pairs[a, b] = _of_pair(ends[a], ends[b], tree)
        yield _sight(token, seen, ends, {name: pairs[name] for name in seen}, of_pairs, tree)


def _fitting(name: str, ends: Sequence[End]) -> list[tuple[int, int]]:
    """The pairs of actors that may fill a type: kinds agree; without a direction the earlier comes first."""
    relation = load_schema()[name]
    one, other = (relation.kinds[role] for role in relation.key_roles)
    firsts = [(n, end.reference.local) for n, end in enumerate(ends) if end.kind in one]
    seconds = [(n, end.reference.local) for n, end in enumerate(ends) if end.kind in other]
    any_order = not relation.symmetric
    return [(a, b) for a, who in firsts for b, whom in seconds if who != whom and (any_order or a < b)]


def _beside(token: Token, ends: Sequence[End], pairs: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The pairs of which nobody is named by the word itself."""
    if pairs and any(end.token is token for end in ends):
        return [(a, b) for a, b in pairs if ends[a].token is not token and ends[b].token is not token]
    return pairs


def _sight(
    token: Token,
    types: Mapping[str, Features],
    ends: Sequence[End],
    pairs: Mapping[str, Sequence[tuple[int, int]]],
    of_pairs: Mapping[tuple[int, int], Features],
    tree: _Tree,
) -> Sight:
    slots, word = _slots(token), _of_word(token, ends)
    paired = sorted({n for found in pairs.values() for pair in found for n in pair})
    seen = {n: _of_end(token, ends[n], slots, ends, tree) for n in paired}
    return Sight(token, tuple(types), ends, pairs, word, types, seen, of_pairs)


# Who and where. ------------------------------------------------------------------------------------------------------


def _ends(sentence: Span, cast: Cast) -> Iterator[End]:
    """Where a sentence speaks of an actor: once a phrase, by its head; a capital also as a place."""
    for token in sentence:
        for reference in cast.at.get(token.i, ()):
            if _is_head(token, reference):
                yield End(token, reference, cast.actors[reference.local].kind)
                if place := reference.place:
                    city = Reference(place, reference.start, reference.end, reference.source, reference.use)
                    yield End(token, city, Kind.PLACE)


def _is_head(token: Token, reference: Reference) -> bool:
    return reference.use == "owner" or not reference.start <= token.head.i < reference.end or token.head.i == token.i


@cache
def _index() -> dict[str, dict[str, frozenset[str]]]:
    """The types that each word may make, with the kinds of trigger: the words of the frames, and looser ones."""
    index: dict[str, dict[str, set[str]]] = {}
    for word, found in frames().items():
        for frame in found:
            if frame.trigger != "name":
                index.setdefault(word, {}).setdefault(frame.relation.name, set()).add(frame.trigger)
    for name, words in LOOSE.items():
        for word in words:
            index.setdefault(word, {}).setdefault(name, {"verb", "noun", "adj"})
    return {word: {name: frozenset(kinds) for name, kinds in types.items()} for word, types in index.items()}


def _types_of(token: Token) -> tuple[str, ...]:
    """The relation types that a word may make."""
    hyphened = token.i > 0 and token.nbor(-1).text in "-–" and not token.nbor(-1).whitespace_
    return _types(token.lemma_.lower(), token.lower_, token.pos_, hyphened)


@lru_cache(maxsize=50_000)
def _types(lemma: str, form: str, part: str, hyphened: bool) -> tuple[str, ...]:
    known = [_index().get(word, {}) for word in dict.fromkeys((lemma, form))]
    return tuple(
        dict.fromkeys(
            name
            for types in known
            for name, kinds in types.items()
            if any((kind == "hyphen" and hyphened) or part in TRIGGERS[kind] for kind in kinds)
        )
    )


# What can be seen. ---------------------------------------------------------------------------------------------------

_SLOTS = "subj obj iobj poss mod is giver taker by head.subj head.obj".split()
_HELD = ("prep", "prt", "neg", "aux", "det", "mark", "agent")
_MOST = 60  # places of a sentence where it speaks of actors: of more, in a list, only frames say who does what
_FAR = 6  # steps over the tree beyond which a way says nothing


def _slots(trigger: Token) -> dict[int, str]:
    """The grammatical place around a word, by the token that stands there; the first of several."""
    found: dict[int, str] = {}
    for slot in _SLOTS:
        for token in fill(trigger, slot):
            found.setdefault(token.i, slot)
    return found


def _of_word(trigger: Token, ends: Sequence[End]) -> Features:
    part = "V" if trigger.pos_ in ("VERB", "AUX") else "N" if trigger.pos_ in ("NOUN", "PROPN") else trigger.pos_
    objects = [child.lemma_.lower() for child in trigger.children if child.dep_ == "dobj"]
    return (
        "bias",
        f"word {trigger.lemma_.lower()}",
        f"part {part}{' passive' if part == 'V' and is_passive(trigger) else ''}",
        f"tag {trigger.tag_}",
        f"dep {trigger.dep_}",
        f"under {trigger.head.lemma_.lower() if part == 'N' else '-'}",
        f"actors {min(len({end.reference.local for end in ends}), 6)}",
        f"length {min(len(trigger.sent) // 12, 5)}",
        *(f"has {child.dep_} {child.lower_}" for child in trigger.children if child.dep_ in _HELD),
        *(f"object {lemma}" for lemma in objects),
        *(f"object a {name}" for lemma in objects for name, words in CLASSES.items() if lemma in words),
    )


def _of_type(trigger: Token, name: str, cast: Cast) -> Features | None:
    """Whether a frame of this type knows the word and its conditions hold; None where they fail for every one."""
    known = {trigger.lemma_.lower(), trigger.lower_}
    ways = [frame for word in known for frame in frames().get(word, ()) if frame.relation.name == name]
    if ways and not any(conditions_hold(frame, trigger, cast) for frame in ways):
        return None
    return (f"frame {bool(ways)}",)


def _of_end(trigger: Token, end: End, slots: Mapping[int, str], ends: Sequence[End], tree: _Tree) -> Features:
    token = end.token
    path, steps = tree.path(trigger, token)
    low, high = sorted((token.i, trigger.i))
    side = "<" if token.i < trigger.i else ">"
    local = end.reference.local
    between = {o.token.i for o in ends if low < o.token.i < high and o.reference.local != local}
    described = token.dep_ in ("compound", "amod", "nmod", "poss", "appos", "conj")
    beside = f"{slots[token.head.i]} {token.dep_}" if described and token.head.i in slots else "-"
    return (
        f"path {path}" if steps <= _FAR else f"far {side}",
        f"slot {slots.get(token.i) or beside}",
        f"kind {end.kind.value} {end.reference.use}",
        f"steps {min(steps, 8)}",
        f"between {side} {min(len(between), 3)}",
        f"distance {side} {_bin(high - low)}",
        f"use {end.reference.use}",
        f"dep {token.dep_}",
        f"at {token.head.lemma_.lower() if token.dep_ in ('compound', 'amod', 'poss', 'nmod') else token.dep_}",
        f"after {token.head.lower_ if token.dep_ == 'pobj' else '-'}",
    )


def _of_pair(one: End, other: End, tree: _Tree) -> Features:
    path, steps = tree.path(one.token, other.token)
    low, high = sorted((one.token.i, other.token.i))
    return (
        f"way {path}" if steps < _FAR else "far apart",
        f"order {'<' if one.token.i < other.token.i else '>'}",
        f"apart {_bin(high - low)}",
        f"joined {'conj' in path and steps < 3}",
        f"comma {tree.commas[low - tree.start] < tree.commas[high - tree.start]}",
    )


def _of_both(one: Features, other: Features, word: str) -> Features:
    slots = f"{one[1]} & {other[1]}"
    return f"{one[0]} & {other[0]}", slots, f"{slots} & {word}", f"{one[2]} & {other[2]}"


def _bin(distance: int) -> int:
    return next((n for n, limit in enumerate((1, 2, 4, 7, 12, 20)) if distance <= limit), 6)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The ways over a sentence's tree, on plain numbers: walking spaCy's tokens costs ten times as much."""

    start: int
    up: Sequence[Sequence[int]]  # each word with all that it hangs on, up to the top
    climbing: Sequence[str]
    descending: Sequence[str]
    commas: Sequence[int]  # how many stand before each word

    def path(self, start: Token, end: Token) -> tuple[str, int]:
        """The way from one word to another, with the prepositions on it; and how many steps it has."""
        rising, falling = self.up[start.i - self.start], self.up[end.i - self.start]
        shared = 0
        while shared < min(len(rising), len(falling)) and rising[-1 - shared] == falling[-1 - shared]:
            shared += 1
        if not shared:
            return "none", 99
        steps = len(rising) + len(falling) - 2 * shared
        if steps > _FAR:
            return "far", steps
        climbed = [self.climbing[n] for n in rising[: len(rising) - shared]]
        return " ".join(climbed + [self.descending[n] for n in reversed(falling[: len(falling) - shared])]), steps


def _tree(sentence: Span) -> _Tree:
    heads = [token.head.i - sentence.start for token in sentence]
    return _Tree(
        sentence.start,
        [_upward(n, heads) for n in range(len(heads))],
        [f"^{token.dep_}" for token in sentence],
        [f"{token.dep_}:{token.lower_}" if token.pos_ == "ADP" else token.dep_ for token in sentence],
        list(accumulate((token.text in ",;" for token in sentence), initial=0)),
    )


def _upward(place: int, heads: Sequence[int]) -> Sequence[int]:
    way = [place]
    while 0 <= heads[way[-1]] < len(heads) and heads[way[-1]] != way[-1]:
        way.append(heads[way[-1]])
    return way
