"""How a sentence puts a claim: who says it, and whether it happened, is planned, doubted or denied.

The words of cues.yaml are looked for from the claim's own word outward along the dependency tree, the innermost first;
each changes one field of the stance. The way up ends at a coordinated clause. From a clause that is taken for granted
("the drones, which Iran made") nothing but the speaker is read further out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kgraph.reading.actors import Cast
from kgraph.reading.claims.cues import EFFECTS, GOVERNING, OWN, WORDS, Cue, Effect
from kgraph.reading.claims.links import (
    NOUNS,
    VERBS,
    Link,
    cue_of,
    has_cue,
    has_subject,
    is_announced,
    is_definite,
    is_granted,
    is_open,
    kind_of_clause,
    link_of,
    modals_of,
    name_of,
    way_up,
    words_of,
)
from kgraph.reading.claims.voices import speakers_of, subject_of, voices_at
from kgraph.reading.documents import Document
from kgraph.reading.tokens import Token
from kgraph.records import Stance, Status

_NEGATORS = frozenset(("not", "n't", "n’t", "never", "no", "neither", "nor"))
_NOBODY = frozenset(("none", "nobody", "nothing", "neither"))
_WEAK = frozenset(("may", "might", "should", "must", "ought"))
_ONLY = frozenset(("only", "just", "merely", "simply", "least"))  # "not only" denies nothing
_SPANS = frozenset(("years", "decades", "generations", "centuries"))
_MODIFIERS = ("amod", "compound", "nmod", "poss", "npadvmod", "advmod", "nummod", "appos")
_ASKING = frozenset(("ask", "wonder", "investigate", "unclear", "unknown", "question", "inquire", "debate"))
# what only asks or supposes: it takes back what was said so far ("whether it will send" is neither done nor planned)
_SUPPOSED: Effect = {"hypothetical": True, "polarity": "open", "stage": "open"}
_ASKED: Effect = {"certainty": "possible", "polarity": "open", "stage": "open"}


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
        polarity=_polarity("denied" if said else stance.polarity, effect.get("polarity", "affirmed")),
        stage=_stage(stance.stage, effect.get("stage", stance.stage)),
        certainty=max(stance.certainty, effect.get("certainty", "certain"), key=_CERTAINTIES.index),
        hypothetical=stance.hypothetical or effect.get("hypothetical", False),
        voice=max(stance.voice, effect.get("voice", "author"), key=_VOICES.index),
        speakers=stance.speakers + tuple(s for s in speakers if s not in stance.speakers),
        cues=(*stance.cues, found.name),
    )


def _stage(inner: str, outer: str) -> str:
    if outer == "open":  # "whether it will send": neither done nor planned
        return "done" if inner == "planned" else inner
    return outer if inner in ("done", "ongoing") else inner


def _is_unreal(effect: Effect) -> bool:
    stage = effect.get("stage", "done")
    return bool(effect.keys() & {"polarity", "hypothetical"}) or stage not in ("done", "ongoing", "stopped")


def _polarity(inner: str, outer: str) -> str:
    if outer == "affirmed" or inner == "unobserved":
        return inner
    if outer == "open":  # "if it does not leave": neither way
        return "affirmed"
    return "affirmed" if inner in ("denied", "negated") and outer != "unobserved" else outer


def _voiced(document: Document, cast: Cast, trigger: Token, stance: Stance, spoken: set[int]) -> Stance:
    """The stance with those who speak around the sentence, by quotation marks and "according to"."""
    for voice in voices_at(document, trigger):
        if not voice.quoted and trigger.lemma_.lower() in WORDS["relational"] and trigger.dep_ not in ("attr", "ROOT"):
            continue
        effect = {"voice": "quoted" if voice.quoted else "attributed"}
        speaker = None if voice.speaker is None or voice.verb in spoken else document.doc[voice.speaker]
        stance = _apply(stance, Found(voice.cue, effect, speaker), cast)
    return stance


def _asked(trigger: Token) -> Iterator[Found]:
    """A question says nothing, but for what it takes for granted."""
    marks = {token.text for token in trigger.sent[-2:]}
    granted = any(t.dep_ in ("relcl", "acl", "amod", "appos") for t in (trigger, *trigger.ancestors))
    if "?" in marks and not granted:
        yield Found("question", _SUPPOSED)


def _is_title(trigger: Token) -> bool:
    """Whether a word only describes a name ("Syrian President X", "Russian-made"): the author's own, whoever speaks."""
    link = link_of(trigger) if trigger.dep_ in _MODIFIERS else None
    return link is not None and link.kind == "mod" and cue_of(trigger, link) is None


# --- climbing --------------------------------------------------------------------------------------------------------


def _climb(trigger: Token) -> Iterator[Found]:
    """The cues on the way from a word to the top of its sentence, innermost first."""
    used = set[int]()
    yield from _own(trigger, used)
    for node, link in way_up(trigger):
        step = _step(node, link, used)
        if step is None:
            yield from _beyond(node, link)
            return
        yield from step


def _step(node: Token, link: Link, used: set[int]) -> Iterator[Found] | None:
    """What the word above says of the one below; None where the way up ends."""
    if link.kind == "conj":
        return _shared(node, link.head, used)
    if cue := cue_of(node, link):
        return _governed(cue, link, used)
    return _own(link.head, used) if is_open(node, link) else None


def _beyond(node: Token, link: Link) -> Iterator[Found]:
    """Where the way up ends: the word that ends it, and who speaks further out."""
    if found := _ending(node, link):
        yield found
    if link.kind != "mod" and not (node.pos_ in NOUNS and is_granted(node)):
        yield from _speakers_above(node)


def _ending(node: Token, link: Link) -> Found | None:
    """The conjunction, preposition or noun that a clause ends at, and what it makes of the clause."""
    if link.kind == "if":
        return Found("if", _SUPPOSED)
    if link.kind == "whether" or (link.kind == "who" and _asks(link.head)):
        return Found(name_of(link), _ASKED)
    if any(t.lower_ == "any" for t in (*node.children, *(link.head.children if link.kind == "rel" else ()))):
        return Found("any", EFFECTS["hypothetical"])  # "will respond to any attack"
    if link.kind == "aim":
        return Found(f"{link.head.lemma_.lower()} to", EFFECTS["planned"])
    name = OWN["preposition"].get(link.kind)
    return Found(link.kind.replace("_", " "), EFFECTS[name]) if name else None


def _asks(head: Token) -> bool:
    """ "It is not clear who sent it", "they wonder who sent it"; "they know who sent it" does not ask."""
    hosts = [head, *(t for t in head.children if t.dep_ == "acomp")]
    return any(t.lemma_.lower() in _ASKING or _negators(t, set()) for t in hosts)


def _speakers_above(node: Token) -> Iterator[Found]:
    """Only who speaks further out: of what is taken for granted, nothing else is said there."""
    for below, link in way_up(node):
        cue = cue_of(below, link) if link.kind != "mod" else None
        says = cue is not None and cue.effect == EFFECTS["reported"] and link.head.pos_ in VERBS
        if says and not _negators(link.head, set()):
            yield Found(name_of(link), EFFECTS["reported"], subject_of(link.head), link.head)


def _governed(cue: Cue, link: Link, used: set[int]) -> Iterator[Found]:
    """What a governing word does, with its own negation, modals and adverbs."""
    negators = _negators(link.head, used)
    used |= {token.i for token in negators}
    effect, name = (cue.negated, f"not {name_of(link)}") if negators else (cue.effect, name_of(link))
    if "voice" not in effect:
        yield Found(name, effect)
        yield from _own(link.head, used)
        return
    speaker = _speaker(link.head)
    if not _is_impersonal(link.head, speaker):
        yield Found(name, effect, speaker, link.head)
        yield from _adverbs(link.head)


def _adverbs(verb: Token) -> Iterator[Found]:
    found = (t for t in verb.children if t.dep_ in ("advmod", "npadvmod") and t.lower_ in OWN["adverb"])
    yield from (Found(t.lower_, EFFECTS[OWN["adverb"][t.lower_]]) for t in found)


def _is_impersonal(verb: Token, speaker: Token | None) -> bool:
    """ "It is important to note that", "it should be noted that": the author says so."""
    if speaker is None:
        return verb.dep_ == "xcomp" and verb.head.pos_ == "ADJ" and verb.tag_ in ("VB", "VBG")
    return speaker.lower_ in ("it", "one") and verb.tag_ in ("VB", "VBG", "VBN")


def _speaker(head: Token) -> Token | None:
    """Who says it by a verb, or by a noun: "Beijing's claim that", "claims by Beijing"."""
    if head.pos_ in VERBS:
        return subject_of(head)
    own = [t for t in head.children if t.dep_ == "poss" and t.ent_type_ not in ("DATE", "TIME")]
    own += [t for by in head.children if by.lower_ in ("by", "from") for t in by.children if t.dep_ == "pobj"]
    return own[0] if own else None


# --- what stands beside a word ---------------------------------------------------------------------------------------


def _own(node: Token, used: set[int]) -> Iterator[Found]:
    """The cues beside a word: modals, negations, adverbs; adjectives of a noun."""
    negators = _negators(node, used)
    used |= {token.i for token in negators}
    longer = next((t for t in node.children if t.dep_ == "advmod" and t.lower_ in ("longer", "anymore")), None)
    if longer is not None and (negators or any(_negates(t) for t in longer.children)):
        yield Found("no longer", EFFECTS["stopped"])
        return
    yield from _of_noun(node) if node.pos_ in NOUNS else _of_verb(node, negators)
    if not any(m.lower_ in _WEAK for m in modals_of(node)):  # "may not have sent", "must not send" leave it open
        yield from (Found(t.lower_, EFFECTS["negated"]) for t in negators)


def _of_verb(verb: Token, negators: list[Token]) -> Iterator[Found]:
    """Modals and adverbs of a verb, and the ways to say by its form that it is planned, supposed or over."""
    children = list(verb.children)
    yield from _from_modals(verb)
    yield from (found for found in _adverbs(verb) if found.effect != EFFECTS["negated"])  # "was wrongly detained"
    if _is_inverted(verb):
        yield Found("had", EFFECTS["hypothetical"])
    if is_announced(verb):
        yield Found("to", EFFECTS["planned"])
    for subject in (t for t in children if t.dep_ == "csubj" and t.lemma_ in WORDS["speaking"]):
        yield Found(f"what ... {subject.lemma_}", EFFECTS["reported"], subject_of(subject), subject)
    schemes = (t.lemma_.lower() for t in children if t.dep_ == "nsubj" and t.lemma_.lower() in OWN["scheme"])
    if verb.lemma_ in ("be", "include", "involve", "see"):
        yield from (Found(scheme, EFFECTS[OWN["scheme"][scheme]]) for scheme in schemes)
    if any(t.dep_ == "conj" and _stops(t) for t in children):
        yield Found("stop doing so", EFFECTS["stopped"])
    past = any(t.tag_ == "VBD" for t in (verb, *(t for t in children if t.dep_ in ("aux", "auxpass"))))
    if past and not negators and any(t.lower_ in ("until", "till") for t in children if t.dep_ in ("prep", "mark")):
        yield Found("until", EFFECTS["stopped"])


def _from_modals(verb: Token) -> Iterator[Found]:
    """What modal verbs do; with a condition, or as "would have", they only suppose."""
    perfect = any(t.dep_ == "aux" and t.lemma_ == "have" for t in verb.children)
    conditional = any(t.dep_ == "advcl" and kind_of_clause(t) == "if" for t in verb.children)
    for modal in modals_of(verb):
        word = modal.lower_
        if perfect and word in ("would", "should"):
            yield Found(f"{word} have", EFFECTS["hypothetical"])
        elif conditional:
            yield Found(f"if ... {word}", EFFECTS["hypothetical"])
        elif name := OWN["modal"].get(word):
            yield Found(word, EFFECTS[name])


def _is_inverted(verb: Token) -> bool:
    """ "Had it sent them, ...", "were it to send them"."""
    subject = next((t.i for t in verb.children if t.dep_ in ("nsubj", "nsubjpass")), 0)
    return any(
        t.lower_ in ("had", "should", "were") and t.i < subject for t in verb.children if t.dep_ in ("aux", "auxpass")
    )


def _stops(verb: Token) -> bool:
    """ "... but stopped doing so"."""
    cues = (GOVERNING.get((word, "ger")) for word in words_of(verb))
    return any(cue and cue.name == "stopped" for cue in cues) and any(t.lemma_ == "do" for t in verb.children)


def _of_noun(noun: Token) -> Iterator[Found]:
    """Adjectives before a noun or before the name that it is the title of; and words before both that say it is over."""
    hosts = [noun, noun.head] if noun.dep_ in ("compound", "nmod") else [noun]
    for word in (t for host in hosts for t in host.children if t.i < noun.i):
        name = OWN["adjective"].get(word.lower_)
        if name and (word.dep_ == "amod" or (name != "negated" and word.pos_ != "PROPN")):
            yield Found(word.lower_, EFFECTS[name])
    if past := _past(noun):
        yield Found(past, EFFECTS["stopped"])


def _past(noun: Token) -> str | None:
    """ "Until then the head of", "ex-president", "once an ally", "for years its main backer"."""
    before = [t.lower_ for t in noun.doc[max(noun.left_edge.i - 3, noun.sent.start) : noun.i]]
    described = noun.dep_ in ("appos", "ROOT", "attr", "conj")
    if past := next((word for word in ("until", "ex", "formerly") if word in before), None):
        return past
    if "then" in before[-3:] and "since" not in before:
        return "then"
    if "once" in before and described:
        return "once"
    return "for years" if "for" in before and _SPANS & set(before) and described else None


def _negators(node: Token, used: set[int]) -> list[Token]:
    """What negates a word: beside it, in its subject or object ("no troops were sent"), beside the verb it depends on."""
    hosts = [node, node.head] if _leans(node) else [node]
    found = [t for host in hosts for t in host.children if _negates(t)]
    if node.pos_ in VERBS:
        found += _nobody(node)
    if node.dep_ == "conj":  # "neither confirmed nor denied"
        found += [t for t in node.head.children if t.dep_ == "cc" and t.lower_ == "nor" and t.i < node.i]
    return [t for t in found if t.i not in used]


def _leans(node: Token) -> bool:
    """Whether the verb above only carries a word: "is not ready", "did not reach a deal"."""
    if node.dep_ in ("acomp", "attr", "oprd"):
        return True
    if node.dep_ not in ("dobj", "nsubjpass") or node.pos_ != "NOUN" or is_definite(node):
        return False
    return node.head.lemma_ not in WORDS["factive"] and not has_cue(node.head, "np")


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
    if node.pos_ not in VERBS or first.pos_ not in VERBS or has_subject(node):
        return
    if any(t.dep_ in ("aux", "auxpass") for t in node.children) or node.tag_ != first.tag_:
        return
    but = any(t.lower_ in ("but", "yet") for t in first.children if t.dep_ == "cc")
    yield from (Found(m.lower_, EFFECTS[OWN["modal"][m.lower_]]) for m in modals_of(first) if m.lower_ in OWN["modal"])
    negators = [t for t in first.children if _negates(t) and t.i not in used]
    if node.tag_ in ("VB", "VBN", "VBG") and not but:
        yield from (Found(t.lower_, {"polarity": "negated"}) for t in negators)
    used |= {t.i for t in negators}
