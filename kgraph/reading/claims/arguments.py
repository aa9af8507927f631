"""Who stands where around a word: its arguments by grammatical role, however the sentence puts it.

A slot is named `subj`, `obj`, `iobj`, by a preposition ("to", "from"), or, around a noun, `poss`, `mod`, `is`, `giver`,
`taker`. Subject and object are meant as in the plain active sentence: "S-300s were sent to Syria by Russia" has the
subject Russia. `obj.of` is the slot `of` around what stands in the slot `obj`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from kgraph.reading.claims.words import (
    CLASSES,
    DITRANSITIVE,
    GIVING,
    MEDIATING,
    OBJECT_CONTROL_PREPOSITIONS,
    SUBJECT_CONTROL,
    TAKING,
)
from kgraph.reading.tokens import Token

Slot = Callable[[Token], Iterable[Token]]


def fill(token: Token, slot: str) -> list[Token]:
    """The heads of what stands in a slot around a token, with everything coordinated with them, in text order."""
    first, _, rest = slot.partition(".")
    found = SLOTS[first](token) if first in SLOTS else _prepositional(token, first)
    alone = first in ("self", "head") or (first == "is" and _is_title_of_one(token))
    heads = {t.i: t for head in found for t in ([head] if alone else _coordinated(head))}
    if rest:
        heads = {t.i: t for head in heads.values() for t in fill(antecedent(head), rest)}
    return [heads[i] for i in sorted(heads)]


def _is_title_of_one(noun: Token) -> bool:
    """ "President Obama and Putin": the title before a name is not also that of the next."""
    return noun.dep_ in ("compound", "nmod") and noun.tag_ in ("NN", "NNP") and noun.head.i > noun.i


def _coordinated(token: Token) -> Iterator[Token]:
    """A token and what is joined to it by "and", "or" or a comma."""
    todo = [token]
    while todo:
        token = todo.pop()
        yield token
        joined = [c for c in token.children if c.dep_ == "conj" and c.i > token.i and c.pos_ not in ("VERB", "AUX")]
        todo += reversed(joined)


def _children(token: Token, *deps: str) -> list[Token]:
    return [child for child in token.children if child.dep_ in deps]


# --- verbs -----------------------------------------------------------------------------------------------------------


def is_passive(verb: Token) -> bool:
    """Whether a verb's surface subject is its object: "was sent", "missiles sent by Russia"."""
    while verb.tag_ != "VBG":
        if _children(verb, "nsubjpass", "auxpass"):  # "which the ministry says is (auxpass) backed by Iran"
            return True
        if any(child.dep_ == "nsubj" for child in verb.children):
            return False
        if verb.tag_ in ("VBN", "VBD") and verb.dep_ in ("acl", "amod", "advcl") and not _children(verb, "aux", "dobj"):
            return True
        shared = verb.dep_ == "conj" and verb.tag_ == "VBN" and not _children(verb, "aux")
        if not shared or verb.head.pos_ != "VERB":
            return False
        verb = verb.head
    return False


def _subjects(verb: Token) -> Iterator[Token]:
    """The subjects of the active sentence."""
    if misread := _misread(verb):
        yield misread[0]
    else:
        yield from (_agents(verb) if is_passive(verb) else surface_subjects(verb))
        yield from _companions(verb)


def _companions(verb: Token) -> Iterator[Token]:
    """Who does it "together with" or "along with" the subject, wherever the model hung it."""
    hosts = [verb, *_children(verb, "nsubj", "dobj")] if verb.pos_ == "VERB" and not is_passive(verb) else []
    for phrase in (child for host in hosts for child in _children(host, "prep") if child.lower_ == "with"):
        if phrase.i and phrase.nbor(-1).lower_ in ("together", "along"):
            yield from _children(phrase, "pobj")


def is_misread_verb(token: Token) -> bool:
    """Whether the one verb of a sentence was taken for a noun: "The Houthis control most of Yemen"."""
    return token.pos_ == "NOUN" and _misread(token) is not None


def _misread(token: Token) -> tuple[Token, Token] | None:
    """The subject and object of a verb that the tagger missed, in a sentence that has no other: "Peru hosts envoys"."""
    as_noun = token.pos_ == "NOUN" and token.dep_ == "ROOT"
    as_participle = token.tag_ == "VBN" and token.dep_ == "amod" and token.head.dep_ == "ROOT"
    if not (as_noun or as_participle) or token.i == token.sent.start:
        return None
    before = token.nbor(-1)
    after = (
        token.head
        if as_participle
        else next((t for t in token.rights if t.dep_ in ("appos", "npadvmod", "dobj")), None)
    )
    names = before.pos_ == "PROPN" and before.dep_ in ("compound", "nmod") and before.head.i in (token.i, token.head.i)
    if not names or after is None or any(t.tag_ in ("VBZ", "VBP", "VBD", "MD") for t in token.sent):
        return None
    return None if any(t.text == "," for t in token.doc[token.i : after.left_edge.i]) else (before, after)


def _agents(verb: Token) -> list[Token]:
    """What stands after "by"; also where the parser hung it on a noun in between ("attacked with water cannon by")."""
    phrase = [verb]
    for host in phrase:
        if found := _prepositional(host, "by") if host.pos_ != "VERB" else _governed(host, "by"):
            return found
        phrase += [
            t
            for child in host.children
            if child.i > verb.i
            for t in ([child] if child.dep_ == "dobj" else _children(child, "pobj") if child.dep_ == "prep" else [])
        ]
    return []


def _objects(verb: Token) -> Iterator[Token]:
    """The objects of the active sentence; a relative clause without one is about the noun that it stands at."""
    if misread := _misread(verb):
        yield misread[1]
        return
    own = _children(verb, "dobj")
    if verb.pos_ not in ("VERB", "AUX") and not own:
        return
    if own or not is_passive(verb):
        yield from own or _gap(verb) or _shared_objects(verb) or _caused(verb)
    else:
        yield from surface_subjects(verb)


def _gap(verb: Token) -> list[Token]:
    if verb.dep_ == "relcl" and _children(verb, "nsubj") and not any(t.tag_ in ("WDT", "WP") for t in verb.subtree):
        return [verb.head]
    return []


def _shared_objects(verb: Token) -> list[Token]:
    """ "train and equip the army": the object stands at the last verb."""
    other: Token | None = verb
    while other is not None:
        last = other
        near = (t for t in _children(last, "conj") if t.pos_ == "VERB" and t.i - last.i <= 4)
        other = next((t for t in near if not _children(t, "nsubj")), None)
        if other is not None and (objects := _children(other, "dobj")):
            return objects
    return []


def _caused(verb: Token) -> list[Token]:
    """Whom a verb makes or lets do something: "allowed Russia to station missiles"."""
    acts = [t for t in _children(verb, "ccomp") if t.tag_ == "VB" and not any(c.tag_ == "MD" for c in t.children)]
    return [t for act in acts for t in _children(act, "nsubj")]


def _indirect_objects(verb: Token) -> Iterator[Token]:
    for dative in _children(verb, "dative"):
        yield from _children(dative, "pobj") if dative.pos_ == "ADP" else [dative]
    if is_passive(verb) and _children(verb, "dobj"):
        yield from surface_subjects(verb)
    if verb.lemma_ in DITRANSITIVE and not _children(verb, "dative"):
        yield from (
            t
            for o in _children(verb, "dobj")
            for t in o.children  # "sent Syria missiles" is no Syrian missile
            if t.dep_ in ("compound", "nmod") and t.pos_ == "PROPN" and t.i == verb.i + 1
        )


def surface_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The grammatical subjects of a verb, borrowed from where it hangs if it has none of its own."""
    own = _children(verb, "nsubj", "nsubjpass") or _before_verb(verb)
    own = own or [t for aux in _children(verb, "aux", "auxpass") for t in _children(aux, "nsubj", "nsubjpass")]
    if own or depth > 5:
        return own
    head = verb.head
    match verb.dep_:
        case "conj" if head.pos_ in ("VERB", "AUX"):
            return surface_subjects(head, depth + 1)
        case "xcomp" | "advcl" | "ccomp" | "dep" if head.pos_ in ("VERB", "AUX"):
            if verb.dep_ in ("ccomp", "dep") and verb.tag_ not in ("VB", "VBG"):
                return []
            gerund = verb.tag_ == "VBG" and head.lemma_ not in _SENSING  # "denied sending arms to X, a client"
            return _controllers(head, depth + 1, complement=verb.dep_ in ("xcomp", "ccomp") and not gerund)
        case "xcomp" | "advcl" | "ccomp" | "acl" if head.pos_ == "ADJ":
            return _of_adjective(head, depth + 1)
        case "acl" | "relcl":
            return [head] if verb.tag_ in ("VBG", "VBN", "VBD") else _of_noun(head, depth + 1)
        case "pcomp":
            return _of_preposition(head, depth + 1)
    return []


def _before_verb(verb: Token) -> list[Token]:
    """A name straight before a finite verb that the parser took for a part of it: "in which Oman mediates"."""
    if verb.tag_ not in ("VBZ", "VBP", "VBD") or verb.i == 0:
        return []
    return [t for t in _children(verb, "compound", "nmod") if t.i == verb.i - 1 and t.pos_ == "PROPN"]


_SENSING = frozenset(("see", "hear", "catch", "find", "watch", "observe", "leave", "keep", "have", "show", "film"))
_APPEALING = frozenset(("call", "appeal"))


def _controllers(matrix: Token, depth: int, *, complement: bool) -> list[Token]:
    """Who does what an infinitive says: "ordered the army to", "agreed to", "called on Rwanda to"."""
    if matrix.lemma_ in _APPEALING and (asked := [*_governed(matrix, "on"), *_governed(matrix, "to")]):
        return asked
    objects = _children(matrix, "dobj", "dative")
    if complement and objects and matrix.lemma_ not in SUBJECT_CONTROL:
        return [t for o in objects for t in ([o] if o.pos_ != "ADP" else _children(o, "pobj"))]
    return surface_subjects(matrix, depth)


def _of_preposition(preposition: Token, depth: int) -> list[Token]:
    """ "accused Iran of sending", "the group responsible for attacking", "the task of delivering", "after attacking"."""
    head = preposition.head
    if head.pos_ in ("VERB", "AUX"):
        objects = _children(head, "dobj")
        if objects and preposition.lower_ in OBJECT_CONTROL_PREPOSITIONS:
            return objects
        return surface_subjects(head, depth)
    return _of_adjective(head, depth) if head.pos_ == "ADJ" else _of_noun(head, depth)


def _of_adjective(adjective: Token, depth: int) -> list[Token]:
    """The noun of "responsible for", "able to"."""
    head = adjective.head
    if adjective.dep_ in ("acomp", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
        return surface_subjects(head, depth)
    return [head] if adjective.dep_ in ("amod", "acl", "relcl") else []


def _of_noun(noun: Token, depth: int) -> list[Token]:
    """Whose plan, agreement or task it is."""
    if own := [*_children(noun, "poss"), *_modifiers(noun)]:
        return own
    if by := _prepositional(noun, "by"):
        return by
    head = noun.head
    if noun.dep_ in ("dobj", "attr", "nsubjpass") and head.pos_ in ("VERB", "AUX") and depth < 5:
        return _agents_or_subjects(head, noun, depth)
    return []


def _agents_or_subjects(verb: Token, noun: Token, depth: int) -> list[Token]:
    found = list(_agents(verb)) if noun.dep_ == "nsubjpass" else surface_subjects(verb, depth + 1)
    return [t for t in found if t.i != noun.i]


# --- nouns -----------------------------------------------------------------------------------------------------------


def _possessors(noun: Token) -> list[Token]:
    return _children(noun, "poss")


def _modifiers(noun: Token) -> list[Token]:
    """Words before a noun, or before the name that it is the title of: "Syrian", "US" in "US air strikes"."""
    own = _before(noun, "amod", "compound", "nmod", "npadvmod")
    own += [deeper for part in own if part.dep_ == "compound" for deeper in _before(part, "amod", "compound", "nmod")]
    if noun.dep_ in ("compound", "nmod", "amod") and noun.head.pos_ in ("NOUN", "PROPN"):
        own += [child for child in _before(noun.head, "amod", "compound", "nmod", "poss") if child.i < noun.i]
    return own


def _before(noun: Token, *deps: str) -> list[Token]:
    return [child for child in _children(noun, *deps) if child.i < noun.i]


def _identified(noun: Token) -> Iterator[Token]:
    """Who is said to be what a noun says: "X is an ally", "X, an ally", "the ally X", "President X", "X as mediator"."""
    own = _children(noun, "appos")
    if own and noun.dep_ not in ("attr", "oprd", "acomp"):
        yield from own
        yield from _examples(noun)
        return
    head = noun.head
    while noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
        noun, head = head, head.head
    if noun.dep_ in ("attr", "oprd", "acomp") and head.pos_ in ("VERB", "AUX"):
        yield from surface_subjects(head)
    elif noun.dep_ == "appos":
        yield head
    elif noun.dep_ in ("compound", "nmod") and head.pos_ in ("NOUN", "PROPN") and head.i > noun.i:
        yield head
    elif noun.dep_ == "pobj" and head.lower_ == "as" and head.i and head.nbor(-1).dep_ == "pobj":
        yield head.nbor(-1)  # "with Oman as mediator"
    elif noun.dep_ == "pobj" and head.lower_ == "as":
        governor = head.head
        yield from (
            [governor]
            if governor.pos_ in ("NOUN", "PROPN")
            else (_children(governor, "dobj") or surface_subjects(governor))
        )
    yield from _examples(noun)


def _named_after(noun: Token) -> Iterator[Token]:
    """ "The head of Mossad, David Barnea": the name that the model hangs on what he is the head of."""
    yield from (t for whose in _governed(noun, "of") for t in _children(whose, "appos"))


def _examples(noun: Token) -> Iterator[Token]:
    """Who is named as an example: "proxies such as X", "groups including Y"."""
    for such in _children(noun, "prep"):
        said = such.lower_ in ("including", "like") or any(c.lower_ == "such" for c in (*such.children, *noun.children))
        if such.lower_ in ("including", "like", "as") and said:
            yield from _children(such, "pobj")


_CARRIERS = frozenset(
    ("under", "with", "in", "into")
)  # "came under attack", "provided with training", "put in control"


def _governor(noun: Token) -> tuple[Token, str] | None:
    """The verb that a noun belongs to and how: "carried out a strike", "a strike was launched", "came under attack"."""
    while noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        noun = noun.head
    head = noun.head
    if noun.dep_ in ("dobj", "nsubjpass") and head.pos_ == "VERB":
        return head, "object"
    if noun.dep_ == "pobj" and head.dep_ == "prep" and head.head.pos_ in ("VERB", "AUX") and head.lower_ in _CARRIERS:
        return head.head, head.lower_
    return None


def _givers(noun: Token) -> Iterator[Token]:
    """Who does what a noun says by a verb that says little: "Israel carried out strikes", "strikes carried out by"."""
    governor = _governor(noun)
    if governor and governor[0].lemma_ in GIVING and governor[1] in ("object", "with", "in", "into"):
        yield from (t for t in _subjects(governor[0]) if t.i != noun.i)
    elif governor and governor[0].lemma_ in TAKING and governor[1] in ("object", "under"):
        yield from _prepositional(governor[0], "from")
    elif governor and governor[1] == "in" and governor[0].lemma_ in CLASSES["harm"]:  # "killed him in a strike on"
        yield from _subjects(governor[0])
    for verb in _children(noun, "acl"):
        if verb.lemma_ in GIVING and verb.tag_ == "VBN":
            yield from _agents(verb)
    for verb in _children(noun, "relcl"):
        if verb.lemma_ in GIVING:
            yield from (t for t in _subjects(verb) if t.tag_ not in ("WDT", "WP"))


def _signers(deal: Token) -> Iterator[Token]:
    """Whose deal it is, by the verb that it is the object of: "the truce that A and B accepted"."""
    governor = _governor(deal)
    if governor and governor[0].lemma_ not in MEDIATING:
        yield from _subjects(governor[0])
    for verb in _children(deal, "relcl"):
        if verb.lemma_ not in MEDIATING:
            yield from (t for t in _subjects(verb) if t.tag_ not in ("WDT", "WP"))


def _takers(noun: Token) -> Iterator[Token]:
    """To whom it is done: "provided Ukraine with training", "gave Hamas support", "received support", "came under attack"."""
    governor = _governor(noun)
    if governor and governor[0].lemma_ in GIVING and not (governor[1] == "with" and _governed(noun, "from")):
        verb, how = governor
        yield from _indirect_objects(verb)
        for name in ("to", "on", "against", "for"):
            yield from _prepositional(verb, name)
        if how == "with":
            yield from _objects(verb)
    elif governor and governor[1] == "in" and governor[0].lemma_ in CLASSES["harm"]:
        yield from _objects(governor[0]) if governor[0].lemma_ != "die" else surface_subjects(governor[0])
    elif governor and (governor[0].lemma_ in TAKING or governor[1] == "with" or governor == (governor[0], "under")):
        yield from (doer for t in surface_subjects(governor[0]) if t.i != noun.i for doer in _doers(t))


def _doers(subject: Token) -> list[Token]:
    """Whose act a subject is: "X hosted Y, an action that drew condemnation" is X's; anybody else himself."""
    act = antecedent(subject)
    if act.lemma_.lower() not in CLASSES["acts"]:
        return [subject]
    verb = act.head
    while verb.pos_ not in ("VERB", "AUX") and verb.dep_ != "ROOT":
        verb = verb.head
    return [act, *(t for t in surface_subjects(verb) if t.i < act.i)]


def _involved(talks: Token) -> Iterator[Token]:
    """ "talks involving A, B and C"."""
    for verb in _children(talks, "acl"):
        if verb.lemma_ in ("involve", "include"):
            yield from _children(verb, "dobj")


def _acted_upon(verb: Token) -> Iterator[Token]:
    """Whom the infinitive after a verb is about: "threatened to resume attacks on Israel"."""
    for act in _children(verb, "xcomp"):
        for target in (
            *_objects(act),
            *_prepositional(act, "on"),
            *_prepositional(act, "against"),
            *_prepositional(act, "at"),
        ):
            yield target
            yield from _prepositional(target, "on")
            yield from _prepositional(target, "against")


def _used(verb: Token) -> Iterator[Token]:
    """With what something is done: "used HIMARS to hit a depot", "using drones, it destroyed"."""
    users = [verb.head] if verb.dep_ in ("xcomp", "advcl") and verb.head.pos_ == "VERB" else []
    users += [t for t in verb.children if t.dep_ in ("advcl", "prep", "xcomp") and t.tag_ == "VBG"]
    for user in users:
        if user.lemma_ in ("use", "employ", "fire", "launch", "deploy"):
            yield from _children(user, "dobj", "pobj")


def antecedent(token: Token) -> Token:
    """The noun that a relative pronoun stands for; any other token itself."""
    if token.tag_ not in ("WDT", "WP"):
        return token
    verb = token
    while verb.dep_ not in ("relcl", "ROOT"):
        verb = verb.head
    return verb.head if verb.dep_ == "relcl" else token


# --- prepositions ----------------------------------------------------------------------------------------------------


def _prepositional(token: Token, name: str) -> list[Token]:
    """What a preposition joins to a token; to a verb also where the parser hung it on the verb's object."""
    hosts = [token]
    if token.pos_ == "VERB":
        hosts += [
            t for t in token.children if t.dep_ in ("nsubjpass", "prt", "advmod", "acomp") and name not in _OF_NOUNS
        ]
        hosts += [t for o in _children(token, "dobj") if name not in _OF_NOUNS for t in _of_chain(o)]
        hosts += [other for other in _children(token, "conj") if other.pos_ == "VERB" and other.i - token.i <= 3]
    return [t for host in hosts for t in _governed(host, name)]


_OF_NOUNS = frozenset(("of", "between", "by"))


def _of_chain(noun: Token) -> Iterator[Token]:
    """A noun and what its "of" speaks about: "delivery of a battery of missiles"."""
    todo = [noun]
    while todo:
        noun = todo.pop()
        yield noun
        todo += reversed(_governed(noun, "of"))


def _governed(host: Token, name: str) -> list[Token]:
    first, _, rest = name.partition("_")  # "out_of": a preposition after another
    found = [
        prep
        for prep in host.children
        if prep.dep_ in ("prep", "dative", "agent", "advmod", "prt") and prep.lower_ == first
    ]
    found += [again for prep in found for again in _children(prep, "conj") if again.pos_ == "ADP"]
    return [t for prep in found for t in (_prepositional(prep, rest) if rest else _children(prep, "pobj"))]


SLOTS: dict[str, Slot] = {
    "subj": _subjects,
    "obj": _objects,
    "iobj": _indirect_objects,
    "poss": _possessors,
    "mod": _modifiers,
    "is": _identified,
    "giver": _givers,
    "signers": _signers,
    "advmod": lambda token: [t for host in (token, *_children(token, "prep")) for t in _children(host, "advmod")],
    "amod": lambda token: _children(token, "amod"),
    "npadvmod": lambda token: _children(token, "npadvmod"),
    "taker": _takers,
    "act": _acted_upon,
    "used": _used,
    "clause": lambda token: _children(token, "acl"),
    "does": lambda token: _children(token, "xcomp", "ccomp"),
    "called": lambda token: _children(token, "oprd"),
    "involving": _involved,
    "named": _named_after,
    "surface": surface_subjects,
    "head": lambda token: [token.head],
    "examples": _examples,
    "self": lambda token: [token],
}
