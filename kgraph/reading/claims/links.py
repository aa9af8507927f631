"""What a word stands under, and how: the steps by which a claim's status is read outward from its own word.

A link has the kinds of cues.yaml (`governing`: "inf", "that", "np", a preposition ...) and some that no cue has: "is" under
a copula, "conj" beside the first of a coordination, "participle" and "absolute" ("armed with rifles, they ...") for a clause
that shares what stands above, "aim" for an infinitive after any noun, "if", "whether", "who" and "how" for what is only
asked, "rel" and "time" for clauses that are taken for granted, "mod" for a word that only describes another. Where the
small model often errs, the words beside count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kgraph.reading.claims.cues import GOVERNING, OWN, WORDS, Cue
from kgraph.reading.tokens import Token

VERBS, NOUNS = ("VERB", "AUX"), ("NOUN", "PROPN")
FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_SUBJECTS, _AUXILIARIES = ("nsubj", "nsubjpass"), ("aux", "auxpass")
_COPULAS = ("be", "seem", "remain", "prove")
_CLAUSES = ("ccomp", "xcomp", "advcl", "acl", "relcl", "csubj", "csubjpass", "dep", "parataxis")
_PLAIN = {"dobj": "np", "nsubjpass": "np", "dative": "np", "nsubj": "subj", "attr": "is", "acomp": "is"}
_OPEN = frozenset(
    ("inf", "ger", "that", "is", "participle", "absolute", "purpose")
)  # they share what stands above them
_CONDITIONS = frozenset(("if", "unless", "lest"))
_DEFINITE = frozenset(("the", "this", "that", "these", "those", "both"))
_FIRST = frozenset(("first", "second", "third", "last", "latest", "only", "next"))  # "the first country to send"
_INCLUSIVE = frozenset(("with", "in", "by", "through", "under", "into"))  # "would respond with strikes"
_MOVING = frozenset(("come", "go", "rush", "resort", "turn"))  # "did not come to its aid"
_BEING = frozenset(
    ("act", "serve", "work", "function", "operate", "emerge", "remain", "continue")
)  # "acts as its agent"
_TRAVELLING = frozenset(("travel", "arrive", "fly", "go", "head", "visit", "return", "come", "meet", "gather", "host"))
_MISREAD = {"hop": "hope"}  # lemmas that the model gets wrong: "hopes", "hoped", "hoping"


@dataclass(frozen=True, slots=True)
class Link:
    """The word above, and how the one below stands under it."""

    head: Token
    kind: str


def link_of(node: Token) -> Link | None:
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
    if node.dep_ == "oprd":
        return Link(head, "as" if has_cue(head, "as") else "is")
    return Link(head, _PLAIN.get(node.dep_, "mod"))


def way_up(node: Token) -> Iterator[tuple[Token, Link]]:
    """A word and its link, then the word above and its link, and so on to the top; no word comes twice."""
    seen = set[int]()
    while node.i not in seen and (link := link_of(node)):
        yield node, link
        seen.add(node.i)
        node = link.head


# --- cues and what shares them ---------------------------------------------------------------------------------------


def cue_of(node: Token, link: Link) -> Cue | None:
    """The cue that a link makes, if it makes one."""
    if node.pos_ in NOUNS and link.kind not in ("is", "as", "mod", "conj") and is_granted(node):
        return None
    cue = next((GOVERNING[word, kind] for word, kind in _ways(link) if (word, kind) in GOVERNING), None)
    if cue and cue.name == "stopped" and link.kind == "subj" and node.lemma_.lower() in WORDS["meetings"]:
        return None  # talks that end have been held
    if cue and cue.name in ("agreed", "planned") and _is_made_by(node, link):
        return cue if (link.kind, cue.name) == ("np", "planned") else None
    return cue


def _ways(link: Link) -> Iterator[tuple[str, str]]:
    """The entries of cues.yaml that a link may be; "it is possible that" is possible + that."""
    heads = [link.head]
    if link.kind in ("subj", "that") and link.head.lemma_ in _COPULAS:
        heads += [t for t in link.head.children if t.dep_ in ("acomp", "attr", "oprd", "advmod")]
    kinds = {"purpose": ("inf", "purpose"), "participle": ("ger",)}.get(link.kind, (link.kind,))
    yield from ((word, kind) for head in heads for kind in kinds for word in words_of(head))


def _is_made_by(node: Token, link: Link) -> bool:
    """Whether a verb makes what the noun is: to agree to a truce is no plan, it is the claim itself."""
    return node.lemma_.lower() in WORDS["agreements"] and link.head.pos_ == "VERB"


def has_cue(head: Token, kind: str) -> bool:
    """Whether a word is a cue for what stands under it in some way."""
    return any((word, kind) in GOVERNING for word in words_of(head))


def words_of(head: Token) -> list[str]:
    """How cues.yaml may name a word: by a special form, with its particle, by its lemma."""
    lemma = _MISREAD.get(head.lemma_, head.lemma_.lower())
    return [*_special(head, lemma), *(f"{lemma}+{t.lower_}" for t in head.children if t.dep_ == "prt"), lemma]


def _special(head: Token, lemma: str) -> list[str]:
    """ "Used to", "going to", "has yet to"; but "was used to" is none."""
    after = head.nbor().lower_ if head.i + 1 < len(head.doc) else ""
    if after == "yet" and lemma in ("have", "be"):
        return ["yet+to"]
    passive = any(t.dep_ == "auxpass" for t in head.children)
    return [f"{head.lower_}+to"] if after == "to" and head.lower_ in ("used", "going", "yet") and not passive else []


def name_of(link: Link) -> str:
    """A cue as a reader should see it: "agree to", "say that"."""
    word = next((word for word, kind in _ways(link) if (word, kind) in GOVERNING), words_of(link.head)[0])
    ending = {"inf": "to", "np": "", "ger": "doing", "subj": "", "mod": "", "purpose": "to", "who": "whether"}
    word = word.removesuffix("+to") if link.kind == "inf" else word
    return f"{word.replace('+', ' ')} {ending.get(link.kind, link.kind)}".strip()


def is_open(node: Token, link: Link) -> bool:
    """Whether a word's own modals and negations bear on what stands under it."""
    lemma = words_of(link.head)[0]
    if link.kind in _OPEN or (link.kind == "as" and lemma in _BEING):
        return True
    if node.pos_ in NOUNS and is_granted(node):
        return False
    match link.kind:
        case "under":  # "under a deal with Turkey, Libya will allow drilling": there is a deal
            return node.lemma_.lower() not in WORDS["agreements"] and link.head.pos_ in VERBS and not is_definite(node)
        case "np":
            return lemma in WORDS["light"] or (not is_definite(node) and lemma not in WORDS["factive"])
        case "subj":
            return lemma in WORDS["occurring"] or lemma in WORDS["light"]
        case "of":
            return link.head.lemma_.lower() in WORDS["counting"]
        case "to":
            return lemma in _MOVING
        case "for":  # "will travel to Ankara for talks"
            return lemma in _TRAVELLING and not is_definite(node)
    shares = lemma in WORDS["light"] or not is_definite(node)
    return link.kind in _INCLUSIVE and link.head.pos_ in VERBS and shares


def is_granted(noun: Token) -> bool:
    """Whether a noun is about what there is, whatever is done with it: a name, an office, "the accusation"."""
    lemma = noun.lemma_.lower()
    return noun.pos_ == "PROPN" or lemma in WORDS["relational"] or (lemma in WORDS["spoken"] and is_definite(noun))


def is_definite(noun: Token) -> bool:
    """Whether a noun is about something known: "the delivery", "its delivery"."""
    return any((t.dep_ == "det" and t.lower_ in _DEFINITE) or t.dep_ == "poss" for t in noun.children)


# --- clauses ---------------------------------------------------------------------------------------------------------


def _clausal(node: Token) -> Link:
    """What a clause stands under, wherever the model hung it."""
    if node.dep_ == "acl" and node.tag_ == "VBG" and (link := _participial(node)):
        return link
    kind = kind_of_clause(node)
    if kind == "inf" and node.head.pos_ in (*NOUNS, "PRON"):
        return _under_noun(node.head)
    if kind in ("inf", "purpose") and node.head.pos_ == "VERB" and not has_cue(node.head, "inf"):
        named = [t for t in node.head.children if t.dep_ == "dobj" and t.i < node.i and has_cue(t, "inf")]
        return Link(named[0], "inf") if named else Link(node.head, kind)  # "ignored calls to stop"
    return Link(node.head, kind)


def _participial(node: Token) -> Link | None:
    """ "The possibility of Iran acquiring"; "had seen no change suggesting that", "halted a programme funding the police"."""
    noun = node.head
    if noun.dep_ == "pobj" and has_cue(noun.head.head, noun.head.lower_):
        return Link(noun.head.head, noun.head.lower_)
    if is_definite(noun):
        return None
    above = link_of(noun)
    return Link(noun, "participle" if above and above.kind == "np" and cue_of(noun, above) else "rel")


def _under_noun(noun: Token) -> Link:
    """ "A plan to send"; "is expected on Thursday to send" stands under the verb, not under the day."""
    host = noun
    while host.dep_ in ("pobj", "prep", "dobj", "npadvmod", "dative", "nsubjpass") and not has_cue(host, "inf"):
        host = host.head
    if has_cue(host, "inf") and (host is noun or host.pos_ in ("VERB", "ADJ", *NOUNS)):
        return Link(host, "inf")
    return Link(noun, "rel" if any(t.lower_ in _FIRST for t in noun.children) else "aim")


def kind_of_clause(node: Token) -> str:
    """The kind of a clause under its head."""
    marks = {t.lower_ for t in node.children if t.dep_ == "mark" or (node.dep_ == "advcl" and t.tag_ == "WRB")}
    complement = node.dep_ == "ccomp" and node.i > node.head.i
    if "whether" in marks or ("if" in marks and complement):
        return "whether"
    if marks & _CONDITIONS:
        return "if"
    if complement and (word := _question_word(node)):
        return "how" if word.tag_ == "WRB" else "who"
    if _has_to(node) and not is_announced(node):
        return "purpose" if node.dep_ == "advcl" else "inf"
    return _finite_kind(node, marks)


def _finite_kind(node: Token, marks: set[str]) -> str:
    gerund = _is_gerund(node)
    match node.dep_:
        case "advcl":
            shares = not marks and (gerund or node.tag_ in ("VBN", "VBD"))
            return ("participle" if gerund or node.i > node.head.i else "absolute") if shares else "time"
        case "acl" | "relcl":
            return "that" if "that" in marks or (node.dep_ == "acl" and has_subject(node)) else "rel"
        case "xcomp":
            return "ger" if gerund else "inf" if node.tag_ == "VB" else "is"
    return "ger" if gerund and node.dep_ == "ccomp" and node.i > node.head.i else "that"


def _is_gerund(verb: Token) -> bool:
    """ "Sending", "having sent"; not "is sending", nor "the army sending"."""
    auxiliaries = {t.tag_ for t in verb.children if t.dep_ in _AUXILIARIES}
    bare = (verb.tag_ == "VBG" and not auxiliaries) or ("VBG" in auxiliaries and not auxiliaries & FINITE)
    return bare and not any(t.dep_ == "nsubj" for t in verb.children)


def _question_word(clause: Token) -> Token | None:
    words = (t for t in clause.children if t.tag_ in ("WP", "WRB", "WDT") and clause.head.i < t.i < clause.i)
    return next(words, None)


def _has_to(verb: Token) -> bool:
    return any(t.tag_ == "TO" for aux in verb.children if aux.dep_ in _AUXILIARIES for t in (aux, *aux.children))


def has_subject(verb: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return any(t.dep_ in (*_SUBJECTS, "expl") for t in verb.children)


def is_announced(verb: Token) -> bool:
    """ "Germany to send tanks": an infinitive with its subject before it, as headlines put what is planned."""
    children = list(verb.children)
    passive = verb.tag_ == "VBN" and any(t.dep_ == "auxpass" and t.tag_ == "VB" for t in children)
    if not (verb.tag_ == "VB" or passive) or (verb.dep_ != "ROOT" and verb.head.dep_ != "ROOT"):
        return False
    if verb.dep_ not in ("ROOT", "conj", "dep") and verb.head.lemma_ not in WORDS["speaking"]:
        return False
    to = next((t for t in children if t.tag_ == "TO"), None)
    subjects = (*_SUBJECTS, "dep", "npadvmod") if verb.dep_ == "ROOT" else _SUBJECTS
    before = [t for t in children if to is not None and t.i < to.i]
    return any(t.dep_ in subjects for t in before) and not any(t.lower_ == "for" for t in before)


def _stands_beside(clause: Token) -> bool:
    """Whether a clause only precedes another, whatever the model says: "Kosovo blames Serbia; it says ..."."""
    if clause.dep_ not in ("ccomp", "dep", "parataxis") or clause.i > clause.head.i:
        return False
    between = clause.doc[clause.i + 1 : clause.head.i]
    return not has_cue(clause.head, "that") or any(t.text in (";", ":") for t in between)


def _finite(node: Token, head: Token) -> Token:
    """The clause that a coordinated one is beside: "agreed to stop and sent" joins "sent" to "agreed"."""
    if node.pos_ not in VERBS or node.tag_ not in FINITE:
        return head
    while head.tag_ in ("VB", "VBG") and head.dep_ in ("xcomp", "advcl", "pcomp", "acl") and not modals_of(head):
        head = head.head.head if head.dep_ == "pcomp" else head.head
    return head


def modals_of(verb: Token) -> list[Token]:
    """The modal verbs beside a verb."""
    return [t for t in verb.children if t.dep_ in _AUXILIARIES and t.tag_ == "MD"]


# --- prepositions and gerunds ----------------------------------------------------------------------------------------


def _prepositional(preposition: Token) -> Link:
    """The word that a preposition belongs to; "accused Iran of sending" belongs to the verb wherever the model hung it."""
    kind, host = preposition.lower_, preposition.head
    if preposition.i and (pair := f"{preposition.nbor(-1).lower_}_{kind}") in OWN["preposition"]:
        return Link(host, pair)
    while host.pos_ in ("ADP", "ADV", "SCONJ") and host.dep_ in ("prep", "advmod", "cc", "pcomp"):
        kind, host = f"{host.lower_}_{kind}", host.head
    if host.dep_ == "pobj" and (triple := f"{host.head.lower_}_{host.lower_}_{kind}") in OWN["preposition"]:
        return Link(host.head.head, triple)
    above = host
    while _may_be_skipped(above) and not has_cue(above, kind):
        above = above.head
    return Link(above if above.pos_ == "VERB" and has_cue(above, kind) else host, kind)


def _may_be_skipped(word: Token) -> bool:
    """Whether the model may have hung on a word what belongs to its verb: on its object, agent or date."""
    if word.dep_ == "pobj":
        return word.head.dep_ == "agent" or word.ent_type_ in ("DATE", "TIME")
    dated = word.dep_ == "prep" and word.lower_ in ("on", "by")
    return dated or word.dep_ in ("dobj", "nsubjpass", "agent", "npadvmod")


def _misread_gerund(participle: Token) -> Link | None:
    """What "backing" stands under in "denied backing rebels", which the model takes for "rebels that back"."""
    before = participle.nbor(-1) if participle.i else participle
    before = before.head if before.dep_ == "prt" else before
    if before.pos_ == "VERB" and has_cue(before, "ger"):
        return Link(before, "ger")
    link = _prepositional(before) if before.dep_ == "prep" else None
    return link if link and has_cue(link.head, link.kind) and link.head.pos_ == "VERB" else None
