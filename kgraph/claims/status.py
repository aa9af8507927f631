"""How a sentence puts a claim: who says it, and whether it happened, is planned, doubted or denied.

The words of cues.yaml are looked for from the claim's own word outward along the dependency tree, the innermost first;
each changes one field of the stance. The way up ends at a coordinated clause. From a clause that is taken for granted
("the drones, which Iran made") nothing but the speaker is read further out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from kgraph.actors import Cast
from kgraph.claims.cues import EFFECTS, GOVERNING, OWN, WORDS, Cue, Effect
from kgraph.claims.voices import speakers_of, subject_of, voices_of
from kgraph.documents import Document
from kgraph.model import Stance, Status

_VERBS, _NOUNS = ("VERB", "AUX"), ("NOUN", "PROPN")
_NEGATORS = frozenset(("not", "n't", "n’t", "never", "no", "neither", "nor"))
_NOBODY = frozenset(("none", "nobody", "nothing", "neither"))
_WEAK = frozenset(("may", "might", "should", "must", "ought"))
_ONLY = frozenset(("only", "just", "merely", "simply", "least"))  # "not only" denies nothing
# what only asks or supposes: it takes back what was said so far ("whether it will send" is neither done nor planned)
_ASKED: dict[str, Effect] = {
    "if": {"hypothetical": True, "polarity": "open", "stage": "open"},
    "whether": {"certainty": "possible", "polarity": "open", "stage": "open"},
}
_SPANS = frozenset(("years", "decades", "generations", "centuries"))
_MODIFIERS = ("amod", "compound", "nmod", "poss", "npadvmod", "advmod", "nummod", "appos")
_CONDITIONS = frozenset(("if", "unless", "lest"))
_DEFINITE = frozenset(("the", "this", "that", "these", "those", "both"))
_INCLUSIVE = frozenset(("with", "in", "by", "through", "under", "into"))  # "would respond with strikes"
_FIRST = frozenset(("first", "second", "third", "last", "latest", "only", "next"))  # "the first country to send"
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_MISREAD = {"hop": "hope"}  # lemmas that the model gets wrong: "hopes", "hoped", "hoping"
_CLAUSES = ("ccomp", "xcomp", "advcl", "acl", "relcl", "csubj", "csubjpass", "dep", "parataxis")
_ASKING = frozenset(("ask", "wonder", "investigate", "unclear", "unknown", "question", "inquire", "debate"))
_OPEN = frozenset(("inf", "ger", "that", "is", "participle", "purpose"))  # clauses that share what stands above them


@dataclass(frozen=True, slots=True)
class Found:
    """A cue in the text: its name, what it changes, and the head of the phrase that names who says so."""

    name: str
    effect: Effect
    speaker: Token | None = None
    verb: Token | None = None


def read_stance(document: Document, cast: Cast, trigger: Token, base: Stance | None = None) -> Stance:
    """The stance of the claim that a word makes; `base` is what the word itself says ("lifted sanctions": stopped)."""
    stance, spoken = base or Stance(), set[int]()
    for found in (*_climb(trigger), *_asked(trigger)):
        stance = _apply(stance, found, cast)
        spoken |= {found.verb.i} if found.verb else set()
    return stance if _is_title(trigger) else _voiced(document, cast, trigger, stance, spoken)


def status_of(stance: Stance) -> Status:
    """What the fields come to: the first that fits."""
    if stance.polarity == "denied":
        return Status.DENIED
    if stance.polarity != "affirmed" or stance.stage == "failed":
        return Status.NEGATED
    if stance.stage == "stopped":
        return Status.ENDED
    if stance.stage not in ("done", "ongoing"):
        return Status.PLANNED
    if stance.certainty == "possible" or stance.hypothetical:
        return Status.POSSIBLE
    return Status.ASSERTED if stance.voice == "author" else Status.REPORTED


# --- the fold --------------------------------------------------------------------------------------------------------

_CERTAINTIES, _VOICES = ("certain", "probable", "possible"), ("author", "attributed", "quoted")


def _apply(stance: Stance, found: Found, cast: Cast) -> Stance:
    """The stance after one more cue: the innermost stage, the weaker certainty, the closer voice; negations turn over."""
    effect, speakers = found.effect, speakers_of(found.speaker, cast)
    if stance.stage == "stopped" and _is_unreal(effect):  # what one plans, fails or is not seen to end goes on
        stance, effect = replace(stance, stage="ongoing"), {key: effect[key] for key in effect if key == "voice"}
    said = stance.polarity == "negated" and "voice" in effect
    return replace(
        stance,
        polarity=_polarity(_spoken_negative(found) if said else stance.polarity, effect.get("polarity", "affirmed")),
        stage=_stage(stance.stage, effect.get("stage", stance.stage)),
        certainty=max(stance.certainty, effect.get("certainty", "certain"), key=_CERTAINTIES.index),
        hypothetical=stance.hypothetical or effect.get("hypothetical", False),
        voice=max(stance.voice, effect.get("voice", "author"), key=_VOICES.index),
        speakers=stance.speakers + tuple(s for s in speakers if s not in stance.speakers),
        cues=(*stance.cues, found.name),
    )


_WATCHING = frozenset(("observe", "see", "detect", "find", "confirm", "verify"))


def _spoken_negative(found: Found) -> str:
    """What a negative comes to that somebody speaks: who says no, denies; who has not seen it, has only not seen it."""
    return "unobserved" if found.name.split()[0] in _WATCHING else "denied"


def _stage(inner: str, outer: str) -> str:
    if outer == "open":  # "whether it will send": neither done nor planned
        return "done" if inner == "planned" else inner
    return outer if inner in ("done", "ongoing") else inner


def _is_unreal(effect: Effect) -> bool:
    return bool(effect.keys() & {"polarity", "hypothetical"}) or effect.get("stage", "done") not in (
        "done",
        "ongoing",
        "stopped",
    )


def _polarity(inner: str, outer: str) -> str:
    if outer == "affirmed" or inner == "unobserved":
        return inner
    if outer == "open":  # "if it does not leave": neither way
        return "affirmed"
    return "affirmed" if inner in ("denied", "negated") and outer != "unobserved" else outer


def _voiced(document: Document, cast: Cast, trigger: Token, stance: Stance, spoken: set[int]) -> Stance:
    """The stance with those who speak around the sentence, by quotation marks and "according to"."""
    for voice in voices_of(document).get(trigger.i, ()):
        if not voice.quoted and trigger.lemma_.lower() in WORDS["relational"] and trigger.dep_ not in ("attr", "ROOT"):
            continue
        effect = {"voice": "quoted" if voice.quoted else "attributed"}
        known = voice.verb is not None and voice.verb.i in spoken
        stance = _apply(stance, Found(voice.cue, effect, None if known else voice.speaker, voice.verb), cast)
    return stance


def _asked(trigger: Token) -> Iterator[Found]:
    """A question says nothing."""
    if trigger.sent[-1].text == "?" or (len(trigger.sent) > 1 and trigger.sent[-2].text == "?"):
        if not _granted_within(trigger):
            yield Found("question", _ASKED["if"])


def _granted_within(trigger: Token) -> bool:
    return any(t.dep_ in ("relcl", "acl", "amod", "appos") for t in (trigger, *trigger.ancestors))


def _is_title(trigger: Token) -> bool:
    """Whether a word only describes a name ("Syrian President X", "Russian-made"): the author's own, whoever speaks."""
    link = _link(trigger) if trigger.dep_ in _MODIFIERS else None
    return link is not None and link.kind == "mod" and _cue_under(trigger, link) is None


# --- climbing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """What a word stands under, and how (the kinds of cues.yaml, `governing`, and "conj", "rel", "time", "if")."""

    head: Token
    kind: str


def _climb(trigger: Token) -> Iterator[Found]:
    """The cues on the way from a word to the top of its sentence, innermost first."""
    used, node = set[int](), trigger
    yield from _own(node, used)
    while link := _link(node):
        step = _step(node, link, used)
        if step is None:
            yield from _beyond(node, link)
            return
        yield from step
        node = link.head


def _step(node: Token, link: Link, used: set[int]) -> Iterator[Found] | None:
    """What the word above says of the one below; None where the way up ends."""
    if link.kind == "conj":
        return _shared(node, link.head, used)
    if cue := _cue_under(node, link):
        return _governed(cue, link, used)
    return _own(link.head, used) if _is_open(node, link) else None


def _beyond(node: Token, link: Link) -> Iterator[Found]:
    """Where the way up ends: the conjunction or preposition that ends it, and who speaks further out."""
    if link.kind in ("if", "whether"):
        yield Found(_name(link) if link.kind == "whether" else "if", _ASKED[link.kind])
    elif node.pos_ in _NOUNS and any(t.lower_ == "any" for t in node.children):
        yield Found("any", EFFECTS["hypothetical"])  # "will respond to any attack"
    elif link.kind == "aim":
        yield Found(f"{link.head.lemma_.lower()} to", EFFECTS["planned"])
    elif link.kind == "rel" and any(t.lower_ == "any" for t in link.head.children):
        yield Found("any", EFFECTS["hypothetical"])
    elif name := OWN["preposition"].get(link.kind):
        yield Found(link.kind.replace("_", " "), EFFECTS[name])
    if link.kind != "mod" and not (node.pos_ in _NOUNS and _is_granted(node)):
        yield from _speakers_above(node)


def _speakers_above(node: Token) -> Iterator[Found]:
    """Only who speaks further out: of what is taken for granted, nothing else is said there."""
    while link := _link(node):
        cue = _cue_under(node, link) if link.kind != "mod" else None
        says = cue and cue.effect == {"voice": "attributed"} and link.head.pos_ in _VERBS
        if cue and says and not _negators(link.head, set()):
            yield Found(_name(link), cue.effect, subject_of(link.head), link.head)
        node = link.head


def _governed(cue: Cue, link: Link, used: set[int]) -> Iterator[Found]:
    """What a governing word does, with its own negation, modals and adverbs."""
    negators = _negators(link.head, used)
    effect, name = (cue.negated, f"not {_name(link)}") if negators else (cue.effect, _name(link))
    used |= {token.i for token in negators}
    speaker = _speaker(link.head) if "voice" in effect else None
    if "voice" in effect and _is_impersonal(link.head, speaker):
        return  # "it is important to note that", "it should be noted": the author says so
    yield Found(name, effect, speaker, link.head if "voice" in effect else None)
    if "voice" not in effect:
        yield from _own(link.head, used)
    else:
        yield from (
            Found(t.lower_, EFFECTS[OWN["adverb"][t.lower_]])
            for t in link.head.children
            if t.dep_ == "advmod" and t.lower_ in OWN["adverb"]
        )


def _is_impersonal(verb: Token, speaker: Token | None) -> bool:
    if speaker is None:
        return verb.dep_ == "xcomp" and verb.head.pos_ == "ADJ" and verb.tag_ in ("VB", "VBG")
    return speaker.lower_ in ("it", "one") and verb.tag_ in ("VB", "VBG", "VBN")


def _speaker(head: Token) -> Token | None:
    """Who says it by a verb, or by a noun: "Beijing's claim that", "claims by Beijing"."""
    if head.pos_ in _VERBS:
        return subject_of(head)
    own = [t for t in head.children if t.dep_ == "poss" and t.ent_type_ not in ("DATE", "TIME")]
    own += [t for by in head.children if by.lower_ in ("by", "from") for t in by.children if t.dep_ == "pobj"]
    return own[0] if own else None


def _name(link: Link) -> str:
    ending = {"inf": " to", "np": "", "ger": " doing", "subj": "", "mod": "", "whether": " whether"}
    return _words(link.head)[0].replace("+", " ") + ending.get(link.kind, f" {link.kind}")


def _words(head: Token) -> list[str]:
    """How cues.yaml may name a word: with its particle, by special form, by its lemma."""
    lemma = _MISREAD.get(head.lemma_, head.lemma_.lower())
    after = head.nbor().lower_ if head.i + 1 < len(head.doc) else ""
    special = [f"{head.lower_}+to"] if after == "to" and head.lower_ in ("used", "going", "yet") else []
    if lemma in ("have", "be") and after == "yet":
        special = ["yet+to"]
    if head.lower_ == "used" and any(t.dep_ == "auxpass" for t in head.children):
        special = []
    return [*special, *(f"{lemma}+{t.lower_}" for t in head.children if t.dep_ == "prt"), lemma]


def _cue_under(node: Token, link: Link) -> Cue | None:
    """The cue that a link makes; to agree to a truce is no plan, it is the claim itself."""
    kinds = {"purpose": ("inf", "purpose"), "participle": ("ger",)}.get(link.kind, (link.kind,))
    if node.pos_ in _NOUNS and link.kind not in ("is", "as", "mod", "conj") and _is_granted(node):
        return None
    heads = [link.head]
    if link.kind in ("subj", "that") and link.head.lemma_ in ("be", "seem", "remain", "prove"):
        heads += [t for t in link.head.children if t.dep_ in ("acomp", "attr", "oprd", "advmod")]
    cue = next(
        (
            GOVERNING[word, kind]
            for head in heads
            for kind in kinds
            for word in _words(head)
            if (word, kind) in GOVERNING
        ),
        None,
    )
    if (
        cue
        and cue.name in ("agreed", "planned")
        and node.lemma_.lower() in WORDS["agreements"]
        and link.head.pos_ == "VERB"
    ):
        return cue if link.kind == "np" and cue.name == "planned" else None
    return cue


def _is_open(node: Token, link: Link) -> bool:
    """Whether a word's own modals and negations bear on what stands under it."""
    lemma = _words(link.head)[0]
    if link.kind in _OPEN:
        return True
    if node.pos_ in _NOUNS and _is_granted(node):
        return False
    if link.kind == "np":
        return lemma in WORDS["light"] or (not _is_definite(node) and lemma not in WORDS["factive"])
    if link.kind == "subj":
        return lemma in WORDS["occurring"] or lemma in WORDS["light"]
    if link.kind == "of":
        return link.head.lemma_.lower() in WORDS["counting"]
    if link.kind == "to" and lemma in ("come", "go", "rush", "resort", "turn"):
        return True
    return link.kind in _INCLUSIVE and (lemma in WORDS["light"] or not _is_definite(node)) and link.head.pos_ in _VERBS


def _is_granted(noun: Token) -> bool:
    """Whether a noun is about what there is, whatever is done with it: a name, an office, "the accusation"."""
    lemma = noun.lemma_.lower()
    return noun.pos_ == "PROPN" or lemma in WORDS["relational"] or (lemma in WORDS["spoken"] and _is_definite(noun))


def _is_definite(noun: Token) -> bool:
    return any((t.dep_ == "det" and t.lower_ in _DEFINITE) or t.dep_ == "poss" for t in noun.children)


# --- links -----------------------------------------------------------------------------------------------------------


def _link(node: Token) -> Link | None:
    """What a word stands under and how; None at the top."""
    head = node.head
    if node.dep_ == "ROOT" or head.i == node.i:
        return None
    if node.dep_ in ("pobj", "pcomp"):
        return _prepositional(head)
    if node.dep_ == "conj":
        return Link(_finite(node, head), "conj")
    if node.dep_ in _CLAUSES:
        return None if _stands_beside(node) else _clausal(node)
    if node.dep_ in ("amod", "compound") and node.lower_.endswith("ing") and (link := _misread_gerund(node)):
        return link
    if node.dep_ in ("dobj", "nsubjpass", "dative"):
        return Link(head, "np")
    if node.dep_ == "nsubj":
        return Link(head, "subj")
    if node.dep_ in ("attr", "acomp"):
        return Link(head, "is")
    if node.dep_ == "oprd":
        return Link(head, "as" if (head.lemma_.lower(), "as") in GOVERNING else "is")
    return Link(head, "mod")


def _misread_gerund(participle: Token) -> Link | None:
    """What "backing" stands under in "denied backing rebels", "accused of backing rebels", which the model takes for "rebels
    that back"."""
    before = participle.nbor(-1) if participle.i else participle
    before = before.head if before.dep_ == "prt" else before
    if before.pos_ == "VERB" and _has_cue(before, "ger"):
        return Link(before, "ger")
    link = _prepositional(before) if before.dep_ == "prep" else None
    return link if link and _has_cue(link.head, link.kind) and link.head.pos_ == "VERB" else None


def _stands_beside(clause: Token) -> bool:
    """Whether a clause only precedes another, whatever the model says: "Kosovo blames Serbia; it says ..."."""
    if clause.dep_ not in ("ccomp", "dep", "parataxis") or clause.i > clause.head.i:
        return False
    if not _has_cue(clause.head, "that"):
        return True
    between = clause.doc[clause.i + 1 : clause.head.i]
    return any(t.text in (";", ":") for t in between)


def _clausal(node: Token) -> Link:
    """What a clause stands under; "is expected on Thursday to blacklist" stands under the verb, not under the day."""
    head, kind = node.head, _clause(node)
    if node.dep_ == "acl" and node.tag_ == "VBG" and head.dep_ == "pobj" and _has_cue(head.head.head, head.head.lower_):
        return Link(head.head.head, head.head.lower_)  # "the possibility of Iran acquiring"
    if node.dep_ == "acl" and node.tag_ == "VBG" and not _is_definite(head):
        above = _link(head)  # "had seen no change suggesting that", "halted a programme funding the police"
        return Link(head, "participle" if above and above.kind == "np" and _cue_under(head, above) else "rel")
    if kind == "inf" and head.pos_ in (*_NOUNS, "PRON") and not _has_cue(head, "inf"):
        host = head
        while host.dep_ in ("pobj", "prep", "dobj", "npadvmod", "dative", "nsubjpass") and not _has_cue(host, "inf"):
            host = host.head
        if host.pos_ in ("VERB", "ADJ") and _has_cue(host, "inf"):
            return Link(host, "inf")
        return Link(head, "rel" if any(t.lower_ in _FIRST for t in head.children) else "aim")
    if kind in ("inf", "purpose") and head.pos_ == "VERB" and not _has_cue(head, "inf"):  # "ignored calls to stop"
        named = [t for t in head.children if t.dep_ == "dobj" and t.i < node.i and _has_cue(t, "inf")]
        return Link(named[0], "inf") if named else Link(head, kind)
    return Link(head, kind)


def _prepositional(preposition: Token) -> Link:
    """The word that a preposition belongs to; "accused Iran of sending" belongs to the verb wherever the model hung it."""
    kind, host = preposition.lower_, preposition.head
    if preposition.i and (pair := f"{preposition.nbor(-1).lower_}_{kind}") in OWN["preposition"]:
        return Link(host, pair)
    while (
        host.pos_ in ("ADP", "ADV", "SCONJ")
        and host.dep_ in ("prep", "advmod", "cc", "pcomp")
        and host.head.i != host.i
    ):
        kind, host = f"{host.lower_}_{kind}", host.head
    if host.dep_ == "pobj" and f"{host.head.lower_}_{host.lower_}_{kind}" in OWN["preposition"]:
        return Link(host.head.head, f"{host.head.lower_}_{host.lower_}_{kind}")
    above = host
    while _may_be_skipped(above) and not _has_cue(above, kind):
        above = above.head
    return Link(above if above.pos_ == "VERB" and _has_cue(above, kind) else host, kind)


def _may_be_skipped(noun: Token) -> bool:
    """Whether the model may have hung on a noun what belongs to its verb: on its object, agent or date."""
    if noun.dep_ == "pobj":
        return noun.head.dep_ == "agent" or noun.ent_type_ in ("DATE", "TIME")
    return noun.dep_ in ("dobj", "nsubjpass", "agent", "npadvmod") or (
        noun.dep_ == "prep" and noun.lower_ in ("on", "by")
    )


def _has_cue(head: Token, kind: str) -> bool:
    return any((word, kind) in GOVERNING for word in _words(head))


def _finite(node: Token, head: Token) -> Token:
    """The clause that a coordinated one is beside: "agreed to stop and sent" joins "sent" to "agreed"."""
    if node.pos_ not in _VERBS or node.tag_ not in _FINITE:
        return head
    while head.tag_ in ("VB", "VBG") and head.dep_ in ("xcomp", "advcl", "pcomp", "acl") and not _modals(head):
        head = head.head.head if head.dep_ == "pcomp" else head.head
    return head


def _clause(node: Token) -> str:
    """The kind of a clause under its head."""
    marks = {t.lower_ for t in node.children if t.dep_ == "mark" or (node.dep_ == "advcl" and t.tag_ == "WRB")}
    infinitive = _has_to(node) and not _is_announced(node)
    if "whether" in marks or ("if" in marks and node.dep_ == "ccomp" and node.i > node.head.i):
        return "whether"
    if marks & _CONDITIONS:
        return "if"
    if node.dep_ == "ccomp" and node.i > node.head.i and (asked := _asked_for(node)):
        return asked
    if infinitive:
        return "purpose" if node.dep_ == "advcl" else "inf"
    auxiliaries = {t.tag_ for t in node.children if t.dep_ in ("aux", "auxpass")}
    bare = (node.tag_ == "VBG" and not auxiliaries) or ("VBG" in auxiliaries and not auxiliaries & _FINITE)
    bare = bare and not any(t.dep_ == "nsubj" for t in node.children)
    if node.dep_ == "advcl":
        return (
            "participle" if not marks and node.tag_ in ("VBG", "VBN", "VBD") and bare | (node.tag_ != "VBG") else "time"
        )
    if node.dep_ in ("acl", "relcl"):
        return "that" if "that" in marks or (node.dep_ == "acl" and _has_subject(node)) else "rel"
    if node.dep_ == "xcomp":
        return "ger" if bare else "inf" if node.tag_ == "VB" else "is"
    return "ger" if bare and node.dep_ == "ccomp" and node.i > node.head.i else "that"


def _asked_for(clause: Token) -> str | None:
    """ "It is not clear who sent it" asks; "he explained how it was sent" takes it for granted."""
    words = [t for t in clause.children if t.tag_ in ("WP", "WRB", "WDT") and clause.head.i < t.i < clause.i]
    if not words:
        return None
    head = clause.head
    hosts = [head, *(t for t in head.children if t.dep_ == "acomp")]
    asking = any(t.lemma_.lower() in _ASKING or _negators(t, set()) for t in hosts)
    return "whether" if asking and words[0].tag_ != "WRB" else "how"


def _has_to(verb: Token) -> bool:
    return any(t.tag_ == "TO" for aux in verb.children if aux.dep_ in ("aux", "auxpass") for t in (aux, *aux.children))


def _has_subject(verb: Token) -> bool:
    return any(t.dep_ in ("nsubj", "nsubjpass", "expl") for t in verb.children)


def _is_announced(verb: Token) -> bool:
    """ "Germany to send tanks": an infinitive with its subject before it, as headlines put what is planned."""
    children = list(verb.children)
    passive = verb.tag_ == "VBN" and any(t.dep_ == "auxpass" and t.tag_ == "VB" for t in children)
    if not (verb.tag_ == "VB" or passive) or (verb.dep_ != "ROOT" and verb.head.dep_ != "ROOT"):
        return False
    if verb.dep_ not in ("ROOT", "conj", "dep") and verb.head.lemma_ not in WORDS["speaking"]:
        return False
    to = next((t for t in children if t.tag_ == "TO"), verb)
    deps = ("nsubj", "nsubjpass", "dep", "npadvmod") if verb.dep_ == "ROOT" else ("nsubj", "nsubjpass")
    before = [t for t in children if t.i < to.i and t.dep_ in deps]
    return to is not verb and bool(before) and not any(t.lower_ == "for" and t.dep_ == "mark" for t in children)


# --- what stands beside a word ---------------------------------------------------------------------------------------


def _own(node: Token, used: set[int]) -> Iterator[Found]:
    """The cues beside a word: modals, negations, adverbs; adjectives of a noun."""
    negators = _negators(node, used)
    used |= {token.i for token in negators}
    longer = next((t for t in node.children if t.dep_ == "advmod" and t.lower_ in ("longer", "anymore")), None)
    if longer is not None and (negators or any(_negates(t) for t in longer.children)):
        yield Found("no longer", EFFECTS["stopped"])
        return
    yield from _of_noun(node) if node.pos_ in _NOUNS else _of_verb(node, negators)
    if not any(m.lower_ in _WEAK for m in _modals(node)):  # "may not have sent", "must not send" leave it open
        yield from (Found(t.lower_, EFFECTS["negated"]) for t in negators)


def _modals(verb: Token) -> list[Token]:
    return [t for t in verb.children if t.dep_ in ("aux", "auxpass") and t.tag_ == "MD"]


def _of_verb(verb: Token, negators: list[Token]) -> Iterator[Found]:
    children = list(verb.children)
    for modal in _modals(verb):
        unreal = modal.lower_ in ("would", "should") and any(
            t.lower_ in ("have", "'ve") for t in children if t.dep_ == "aux"
        )
        name = OWN["modal"].get(modal.lower_)
        if unreal or any(t.dep_ == "advcl" and _clause(t) == "if" for t in children):
            yield Found(f"{modal.lower_} have" if unreal else f"if ... {modal.lower_}", {"hypothetical": True})
        elif name:
            yield Found(modal.lower_, EFFECTS[name])
    for adverb in (t for t in children if t.dep_ in ("advmod", "npadvmod") and t.lower_ in OWN["adverb"]):
        if OWN["adverb"][adverb.lower_] != "negated":
            yield Found(adverb.lower_, EFFECTS[OWN["adverb"][adverb.lower_]])
    subject = next((t.i for t in children if t.dep_ in ("nsubj", "nsubjpass")), 0)
    if any(t.lower_ in ("had", "should", "were") and t.i < subject for t in children if t.dep_ in ("aux", "auxpass")):
        yield Found("had", EFFECTS["hypothetical"])  # "had it sent them, ..."
    for claim in (t for t in children if t.dep_ == "csubj" and t.lemma_ in WORDS["speaking"]):
        yield Found(f"what ... {claim.lemma_}", EFFECTS["reported"], subject_of(claim), claim)
    if _is_announced(verb):
        yield Found("to", EFFECTS["planned"])
    if scheme := next(
        (
            OWN["scheme"][t.lemma_.lower()]
            for t in children
            if t.dep_ == "nsubj"
            and t.lemma_.lower() in OWN["scheme"]
            and verb.lemma_ in ("be", "include", "involve", "see")
        ),
        None,
    ):
        yield Found("option", EFFECTS[scheme])
    if any(t.dep_ == "conj" and _cue_is(t, "stopped") and any(c.lemma_ == "do" for c in t.children) for t in children):
        yield Found("stop doing so", EFFECTS["stopped"])
    past = verb.tag_ == "VBD" or any(t.tag_ == "VBD" for t in children if t.dep_ in ("aux", "auxpass"))
    if past and not negators and any(t.lower_ in ("until", "till") for t in children if t.dep_ in ("prep", "mark")):
        yield Found("until", EFFECTS["stopped"])


def _cue_is(verb: Token, name: str) -> bool:
    return any((cue := GOVERNING.get((word, "ger"))) and cue.name == name for word in _words(verb))


def _of_noun(noun: Token) -> Iterator[Found]:
    """Adjectives before a noun, or before the name that it is the title of; "until then", "for years" before both."""
    hosts = [noun, noun.head] if noun.dep_ in ("compound", "nmod") else [noun]
    for word in (t for host in hosts for t in host.children if t.i < noun.i):
        name = OWN["adjective"].get(word.lower_)
        if name and (word.dep_ == "amod" or (name != "negated" and word.pos_ != "PROPN")):
            yield Found(word.lower_, EFFECTS[name])
    before = [t.lower_ for t in noun.doc[max(noun.left_edge.i - 3, noun.sent.start) : noun.i]]
    if past := next((word for word in ("until", "ex", "formerly") if word in before), None):
        yield Found(past, EFFECTS["stopped"])
    elif ("then" in before[-3:] and "since" not in before) or (
        "once" in before and noun.dep_ in ("appos", "attr", "conj")
    ):
        yield Found("then" if "then" in before else "once", EFFECTS["stopped"])
    elif "for" in before and _SPANS & set(before) and noun.dep_ in ("appos", "ROOT", "attr", "conj"):
        yield Found("for years", EFFECTS["stopped"])


def _negators(node: Token, used: set[int]) -> list[Token]:
    """What negates a word: beside it, in its subject or object ("no troops were sent"), beside the verb it depends on."""
    hosts = [node, node.head] if _leans(node) else [node]
    found = [t for host in hosts for t in host.children if _negates(t)]
    if node.pos_ in _VERBS:
        found += _nobody(node)
    if node.dep_ == "conj":  # "neither confirmed nor denied"
        found += [t for t in node.head.children if t.dep_ == "cc" and t.lower_ == "nor" and t.i < node.i]
    return [t for t in found if t.i not in used]


def _leans(node: Token) -> bool:
    """Whether the verb above only carries a word: "is not ready", "did not reach a deal"."""
    if node.dep_ in ("acomp", "attr", "oprd"):
        return True
    if node.dep_ not in ("dobj", "nsubjpass") or node.pos_ != "NOUN" or _is_definite(node):
        return False
    return node.head.lemma_ not in WORDS["factive"] and not _has_cue(node.head, "np")


def _nobody(verb: Token) -> list[Token]:
    arguments = [t for t in verb.children if t.dep_ in ("nsubj", "nsubjpass", "dobj", "attr")]
    empty = [t for t in arguments if t.lower_ in _NOBODY]
    return empty + [t for argument in arguments for t in argument.children if t.lower_ in ("no", "neither")]


def _negates(token: Token) -> bool:
    if token.lower_ not in _NEGATORS or token.dep_ not in ("neg", "det", "advmod", "preconj", "cc"):
        return False
    if token.lower_ in ("no", "neither", "nor") and token.dep_ == "cc":
        return False
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    return after not in _ONLY


def _shared(node: Token, first: Token, used: set[int]) -> Iterator[Found]:
    """What a coordinated verb shares with the first: modals and negation where it has none and is of the same form."""
    if node.pos_ not in _VERBS or first.pos_ not in _VERBS or _has_subject(node):
        return
    if any(t.dep_ in ("aux", "auxpass") for t in node.children) or node.tag_ != first.tag_:
        return
    but = any(t.lower_ in ("but", "yet") for t in first.children if t.dep_ == "cc")
    yield from (Found(m.lower_, EFFECTS[OWN["modal"][m.lower_]]) for m in _modals(first) if m.lower_ in OWN["modal"])
    negators = [t for t in first.children if _negates(t) and t.i not in used]
    if node.tag_ in ("VB", "VBN", "VBG") and not but:
        yield from (Found(t.lower_, {"polarity": "negated"}) for t in negators)
    used |= {t.i for t in negators}
