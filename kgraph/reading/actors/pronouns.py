"""Whom pronouns of the third person and relative pronouns stand for."""

from __future__ import annotations

from dataclasses import replace

from kgraph.reading.actors.clauses import VERBS, governing, judged
from kgraph.reading.actors.salience import NEAR, barred, choose
from kgraph.reading.actors.scene import BODIES, SUBJECTS, Reference, Scene, Seen
from kgraph.reading.actors.words import kinds_described, words
from kgraph.reading.tokens import Token
from kgraph.records import Kind

_HE = frozenset(("he", "him", "his", "himself"))
_SHE = frozenset(("she", "her", "herself", "hers"))
_IT = frozenset(("it", "its", "itself"))
_THEY = frozenset(("they", "them", "their", "themselves"))
_LADIES = frozenset(("mrs", "mrs.", "ms", "ms.", "queen", "princess", "chairwoman", "spokeswoman", "lady"))
_LORDS = frozenset(("mr", "mr.", "king", "prince", "chairman", "spokesman", "lord", "sheikh", "emir", "ayatollah"))
_MANY = frozenset((Kind.GROUP, Kind.ORGANIZATION, Kind.WEAPON))  # one of them is many: "Hamas … they"
_CALLING = ("call", "deem", "label", "term", "brand", "consider")
_FORMS = {form: forms for forms in (_HE, _SHE, _IT, _THEY) for form in forms}


def is_relative(token: Token) -> bool:
    """Whether a word opens a relative clause: "which", "who", "that"."""
    return token.tag_ in ("WDT", "WP", "WP$") or (
        token.lower_ == "that" and token.dep_ in ("nsubj", "nsubjpass", "dobj")
    )


def bind_relative(scene: Scene, token: Token) -> None:
    """ "Hamas, which attacked": the pronoun stands for what its clause hangs on, or the name before it if that fits better."""
    verb = token
    while verb.dep_ not in ("relcl", "ROOT"):
        verb = verb.head
    if verb.dep_ != "relcl" or verb.head.i not in scene.at:
        return
    found = scene.at[verb.head.i]
    if token.lower_ == "who" and _is_within(verb.head):
        found = tuple(r for r in found if scene.actors[r.local].kind is not Kind.STATE or r.use != "name")
    if token.lower_ == "which" and all(scene.actors[r.local].kind is Kind.PERSON for r in found):
        found = _before_comma(scene, token)  # "X, the head of the bank, which failed"
    if found:
        scene.at[token.i] = tuple(
            replace(r, start=token.i, end=token.i + 1, source="reference", use="pronoun", place=None) for r in found
        )


def _is_within(noun: Token) -> bool:
    """Whether a noun only says whose or where others are: "visitors to Chad who"."""
    return noun.dep_ == "pobj" and noun.head.head.tag_ == "NNS"


def _before_comma(scene: Scene, token: Token) -> tuple[Reference, ...]:
    """What stands straight before ", which", if it is nobody by name."""
    before = scene.at.get(token.i - 2, ()) if token.i > 1 and token.nbor(-1).text == "," else ()
    return tuple(r for r in before if scene.actors[r.local].kind is not Kind.PERSON)


def meant(scene: Scene, token: Token) -> tuple[str, ...]:
    """Whom "he", "she", "it" and "they" stand for: who is judged, a subject that governs them, else the likeliest."""
    forms = _FORMS.get(token.lower_)
    if forms is None or _is_empty(token):
        return ()
    if ahead := _ahead(scene, token, forms):
        return ahead
    for found in (_judged(scene, token, forms), _governor(scene, token, forms)):
        if found is not None:
            return found
    return () if _is_other(scene, token, forms) else _likeliest(scene, token, forms)


def _judged(scene: Scene, token: Token, forms: frozenset[str]) -> tuple[str, ...] | None:
    """ "Condemned Iran for its attack": Iran."""
    for object_ in judged(token):
        if fitting := _fitting(scene, token, object_, forms):
            return fitting
    return None


def _governor(scene: Scene, token: Token, forms: frozenset[str]) -> tuple[str, ...] | None:
    """The nearest subject around a pronoun that it can mean; nobody where that one is somebody unknown."""
    out = set[str]() if token.lower_.endswith(("self", "selves")) else barred(scene, token)
    for subject in governing(token):
        fitting = _fitting(scene, token, subject, forms)
        if subject.i in scene.at or fitting:
            if fitting and not out & {*fitting}:
                return () if forms is _THEY and len(fitting) == 1 and _is_many_else(scene, token, subject) else fitting
        elif not out and _agrees(subject, forms):
            return ()
    return None


def _fitting(scene: Scene, token: Token, noun: Token, forms: frozenset[str]) -> tuple[str, ...]:
    """Whom a noun stands for, where a pronoun can mean it: several only for "they"."""
    if forms is _THEY:  # "ties between Chad and Mali … their"
        between = (c for c in noun.children if c.lower_ == "between" and noun.i not in scene.at)
        noun = next((o for prep in between for o in prep.children if o.dep_ == "pobj"), noun)
    several = [t for t in (noun, *noun.conjuncts) if t.i < token.i] if forms is _THEY else [noun]
    plural = len(several) > 1 or noun.tag_ in ("NNS", "NNPS")
    found = (r.local for t in several for r in scene.at.get(t.i, ()))
    return tuple(dict.fromkeys(local for local in found if _can_be(scene, local, plural, forms)))


def _can_be(scene: Scene, local: str, plural: bool, forms: frozenset[str]) -> bool:
    """Whether a pronoun can mean an actor, by kind, number and sex."""
    kind = scene.actors[local].kind
    if forms in (_HE, _SHE):
        other = _is_woman if forms is _HE else _is_man
        return kind is Kind.PERSON and not other(scene, local)
    return kind in BODIES and (forms is _THEY or not plural)


def _is_many_else(scene: Scene, token: Token, subject: Token) -> bool:
    """Whether "they" after one body is rather a plural between them: "the ministry condemned the moves, saying they"."""
    between = token.doc[subject.i + 1 : token.i]
    return (
        not subject.conjuncts
        and subject.tag_ not in ("NNS", "NNPS")
        and token.dep_ != "poss"
        and any(
            t.tag_ == "NNS" and t.dep_ in ("dobj", "pobj", "nsubj", "nsubjpass") and t.i not in scene.at
            for t in between
        )
    )


def _agrees(noun: Token, forms: frozenset[str]) -> bool:
    """Whether a noun for nobody known is what a pronoun may well mean: "the boats … they", "a spokesman … he"."""
    if forms is _THEY:
        return noun.tag_ == "NNS" or noun.lower_ in ("they", "who") or any(c.pos_ == "NOUN" for c in noun.conjuncts)
    if forms is _IT:
        return False
    person = Kind.PERSON in kinds_described(noun) or noun.lemma_.lower() in words("somebody")
    return noun.lower_ in forms or (noun.tag_ == "NN" and person)


def _is_other(scene: Scene, token: Token, forms: frozenset[str]) -> bool:
    """Whether a sentence goes on about the subject of the one before, and that is nobody known."""
    start = token.sent.start
    if start == 0 or token.dep_ not in SUBJECTS or token.head.dep_ != "ROOT":
        return False
    before = token.doc[start - 1].sent.root
    subject = next((child for child in before.children if child.dep_ in SUBJECTS), None)
    if subject is None or subject.i in scene.at:
        return False
    thing = forms is _IT and subject.tag_ == "NN" and subject.lemma_.lower() not in words("somebody")
    return thing or _agrees(subject, forms)


def _likeliest(scene: Scene, token: Token, forms: frozenset[str]) -> tuple[str, ...]:
    """Of those spoken of in the sentence and before it."""

    def same(seen: Seen) -> bool:
        return token.doc[seen.token].lower_ in forms

    def fits(seen: Seen) -> bool:
        return not seen.aside and _can_be(scene, seen.local, seen.plural, forms)

    if forms is _SHE and (her := choose(scene, token, lambda seen: _is_woman(scene, seen.local), NEAR + 1, same)):
        return her
    if forms in (_HE, _SHE):
        return choose(scene, token, fits, NEAR + 1, same)
    if forms is _IT:
        weapon = token.dep_ in ("dobj", "nsubjpass")
        return choose(scene, token, lambda s: fits(s) or (weapon and s.kind is Kind.WEAPON), NEAR, same)
    if _is_object_else(scene, token):
        return ()
    several = choose(scene, token, lambda s: s.plural and (fits(s) or s.kind is Kind.WEAPON), NEAR, same)
    return several or choose(scene, token, lambda s: _is_many(scene, s) and not s.aside, NEAR, same)


def _is_many(scene: Scene, seen: Seen) -> bool:
    """Whether one actor may be "they": a group, a weapon by its type, a body that is known as one."""
    return seen.kind in _MANY and (seen.kind is not Kind.ORGANIZATION or scene.entry(seen.local) is not None)


def _is_object_else(scene: Scene, token: Token) -> bool:
    """Whether "them" is rather the latest unknown objects: "fired missiles. Two of them"."""
    if token.lower_ != "them":
        return False
    start = token.doc[token.sent.start - 1].sent.start if token.sent.start else 0
    latest = next(
        (t for t in reversed(token.doc[start : token.i]) if t.tag_ in ("NNS", "NNPS") and t.dep_ == "dobj"), None
    )
    return latest is not None and latest.i not in scene.at


def _is_woman(scene: Scene, local: str) -> bool:
    """Whether a person is known as a woman, by title or given name."""
    actor = scene.actors[local]
    if actor.kind is not Kind.PERSON:
        return False
    return bool(_LADIES & scene.titles[local]) or actor.name.split()[0].lower() in words("women")


def _is_man(scene: Scene, local: str) -> bool:
    known = scene.entry(local) is not None and not _is_woman(scene, local)
    return known or bool(_LORDS & scene.titles[local])


def _ahead(scene: Scene, token: Token, forms: frozenset[str]) -> tuple[str, ...]:
    """The subject after a phrase that begins a sentence: "With its air base, Oman is …"."""
    phrase = token
    while phrase.dep_ != "prep" or phrase.head.pos_ not in VERBS:
        if phrase.dep_ == "ROOT" or phrase.pos_ in VERBS:
            return ()
        phrase = phrase.head
    verb = phrase.head
    subject = next((child for child in verb.children if child.dep_ in SUBJECTS and child.i in scene.named), None)
    if token.dep_ != "poss" or subject is None or subject.i < token.i or phrase.left_edge.i != token.sent.start:
        return ()
    local = scene.named[subject.i].local
    fitting = BODIES if forms in (_IT, _THEY) else {Kind.PERSON}
    wrong = (forms is _HE and _is_woman(scene, local)) or (forms is _SHE and _is_man(scene, local))
    return (local,) if scene.actors[local].kind in fitting and not wrong else ()


def _is_empty(token: Token) -> bool:
    """Whether "it" stands for nobody: "it is claimed that", "it is likely", "calling it a violation"."""
    if token.lower_ == "it" and token.i and token.nbor(-1).lemma_ in _CALLING:
        said = next(
            (t for t in token.doc[token.i + 1 : token.i + 8] if t.pos_ == "NOUN" and t.dep_ != "compound"), None
        )
        return said is None or not BODIES & kinds_described(said)
    if token.lower_ != "it" or token.dep_ not in ("nsubj", "nsubjpass", "expl"):
        return token.dep_ == "expl"
    verb = token.head
    clause = any(child.dep_ in ("ccomp", "csubj", "csubjpass") for child in verb.children)
    if token.dep_ == "nsubjpass" and clause:
        return True
    judgements = (c for c in verb.children if c.dep_ in ("acomp", "attr"))
    if verb.lemma_ == "be" and any(c.lemma_.lower() in words("evaluations") for c in judgements):
        return True
    return verb.lemma_ == "be" and any(
        child.dep_ == "acomp"
        and (clause or any(c.dep_ in ("ccomp", "xcomp") for c in (*child.children, *verb.children)))
        for child in verb.children
    )
