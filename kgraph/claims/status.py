"""How a sentence puts a claim: cues from the claim's own word outward along the tree, each changing one field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from spacy.tokens import Span, Token

from kgraph.actors import Cast
from kgraph.documents import Document
from kgraph.model import Speaker, Stance, Status

_WEAKER = ("certain", "probable", "possible")
_PLANNED = frozenset(("requested", "offered", "planned", "agreed", "attempted", "threatened"))
_ENDED = frozenset(("stopped",))


def status_of(stance: Stance) -> Status:
    """The word for a stance: the first that fits."""
    if stance.polarity == "denied":
        return Status.DENIED
    if stance.polarity in ("negated", "unobserved"):
        return Status.NEGATED
    if stance.stage in _ENDED:
        return Status.ENDED
    if stance.stage in _PLANNED:
        return Status.PLANNED
    if stance.certainty != "certain" or stance.hypothetical:
        return Status.POSSIBLE
    return Status.ASSERTED if stance.voice == "author" else Status.REPORTED


@dataclass(frozen=True)
class _Cues:
    governing: dict[tuple[str, str], tuple[str, dict[str, Any]]]
    own: dict[str, dict[str, str]]
    speaking: frozenset[str]


@cache
def _cues() -> _Cues:
    data = yaml.safe_load(files("kgraph.claims").joinpath("cues.yaml").read_text(encoding="utf-8"))
    governing: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for name, entry in data["governing"].items():
        for complement, words in entry.items():
            if complement != "effect":
                for word in words.split():
                    governing.setdefault((word, complement), (name, entry["effect"]))
    own = {kind: {w: effect for effect, words in table.items() for w in words} for kind, table in data["own"].items()}
    return _Cues(governing, own, frozenset(data["speaking"].split()))


_EFFECTS: dict[str, dict[str, Any]] = {
    "planned": {"stage": "planned"}, "possible": {"certainty": "possible"}, "requested": {"stage": "requested"},
    "reported": {"voice": "attributed"}, "stopped": {"stage": "stopped"}, "negated": {"polarity": "negated"},
}


def read_stance(document: Document, cast: Cast, trigger: Token, base: Stance = Stance()) -> Stance:
    """The stance of a sentence towards the claim that a word in it makes."""
    stance, node, outside = base, trigger, False
    for _ in range(12):
        stance = _own(stance, node, trigger, outside)
        if node.dep_ == "ROOT":
            break
        head, complement, boundary = _step(node)
        outside = outside or boundary
        cue = _cues().governing.get((head.lemma_.lower(), complement)) if complement else None
        if cue and not (outside and cue[0] not in ("reported", "denied", "possible")):
            stance = _apply(stance, cue[0], cue[1], f"{head.lemma_} {complement}")
            if cue[0] in ("reported", "denied"):
                stance = _said(stance, head, cast, node)
        node = head
    return _quoted(_according(stance, trigger, cast), document, trigger, cast)


def _step(node: Token) -> tuple[Token, str, bool]:
    """The word above, what the node is to it, and whether a clause of its own ends here."""
    head, dep = node.head, node.dep_
    to = any(c.lower_ == "to" and c.dep_ == "aux" for c in node.children)
    if any(c.lower_ == "whether" for c in node.children if c.dep_ == "mark"):
        return head, "whether", False
    if dep in ("xcomp", "acl", "ccomp", "advcl", "oprd") and node.pos_ in ("VERB", "AUX") and to:
        return head, "inf", dep == "advcl"
    if dep == "ccomp" or dep == "parataxis":
        return head, "that", False
    if dep == "acl" and node.pos_ == "VERB":
        mark = any(c.lower_ == "that" and c.dep_ in ("mark",) for c in node.children)
        return head, "that" if mark else "", not mark
    if dep in ("pcomp",):
        return head.head, "ger" if head.lower_ == "of" else head.lower_, False
    if dep == "xcomp":
        return head, "ger" if node.tag_ == "VBG" else "that", False
    if dep in ("dobj", "nsubjpass", "attr"):
        return head, "np", False
    if dep == "pobj":
        return head.head, head.lower_, False
    if dep in ("relcl", "advcl", "appos"):
        return head, "", True
    if dep == "conj":
        return head, "", False
    return head, "", False


def _own(stance: Stance, node: Token, trigger: Token, outside: bool) -> Stance:
    """What stands at a word itself: modals, negation, adverbs, adjectives, "if"."""
    if outside and node is not trigger:
        return stance
    own = _cues().own
    for child in node.children:
        low = child.lower_
        if child.dep_ in ("aux", "auxpass") and low in own["modal"]:
            effect = own["modal"][low]
            stance = _apply(stance, effect, _EFFECTS[effect], low)
        elif child.dep_ == "neg" or (child.dep_ in ("det", "nsubj", "dobj", "preconj") and low in ("no", "neither", "none", "nobody")):
            longer = any(c.lower_ == "longer" for c in child.children) or (child.i + 1 < len(child.doc) and child.nbor(1).lower_ in ("longer", "more"))
            stance = _apply(stance, "stopped", {"stage": "stopped"}, "no longer") if longer else _flip(stance, low, node)
        elif child.dep_ in ("advmod", "npadvmod", "amod", "det", "compound", "nmod") and low in own["adverb"]:
            stance = _apply(stance, own["adverb"][low], _EFFECTS[own["adverb"][low]], low)
        elif child.dep_ == "advmod" and low == "longer":
            stance = _apply(stance, "stopped", {"stage": "stopped"}, "no longer")
        elif child.dep_ in ("amod", "det", "advmod", "compound") and low in own["adjective"] and node.pos_ in ("NOUN", "PROPN"):
            stance = _apply(stance, own["adjective"][low], _EFFECTS[own["adjective"][low]], low)
        elif child.dep_ == "mark" and low in ("if", "unless"):
            stance = _apply(stance, "if", {"hypothetical": True}, low)
    if node.dep_ == "conj" and node.pos_ == "VERB" and node.head.pos_ == "VERB" and not any(c.dep_ in ("aux", "nsubj", "nsubjpass") for c in node.children):
        shared = [c for c in node.head.children if c.dep_ == "aux" and c.lower_ in own["modal"]]
        for child in shared:
            effect = own["modal"][child.lower_]
            stance = _apply(stance, effect, _EFFECTS[effect], child.lower_)
        joined = any(c.lower_ in ("or", "nor") for c in node.head.children if c.dep_ == "cc")
        if joined and any(c.dep_ == "neg" for c in node.head.children):
            stance = _flip(stance, "not", node)
    if node.lemma_ in ("be",) and any(c.dep_ == "acomp" and c.lemma_ in ("unclear", "unknown") for c in node.children):
        stance = _apply(stance, "possible", {"certainty": "possible"}, "unclear")
    return stance


def _flip(stance: Stance, word: str, node: Token) -> Stance:
    if node.lemma_ in ("observe", "see", "confirm", "find", "detect"):
        return replace(stance, polarity="unobserved", cues=(*stance.cues, f"{word} {node.lemma_}"))
    if stance.polarity in ("negated",):
        return replace(stance, polarity="affirmed", cues=(*stance.cues, word))
    return replace(stance, polarity="negated", cues=(*stance.cues, word))


def _apply(stance: Stance, name: str, effect: dict[str, Any], cue: str) -> Stance:
    for key, value in effect.items():
        if key == "certainty":
            value = max(value, stance.certainty, key=_WEAKER.index)
        if key == "stage" and stance.stage not in ("done", "ongoing"):
            value = stance.stage
        if key == "polarity" and stance.polarity == "negated" and value == "denied":
            value = "affirmed"
        if key == "voice" and stance.voice == "quoted":
            value = "quoted"
        stance = replace(stance, **{key: value})
    return replace(stance, cues=(*stance.cues, cue))


def _said(stance: Stance, verb: Token, cast: Cast, content: Token) -> Stance:
    who = [c for c in verb.children if c.dep_ in ("nsubj", "agent") and c.i != content.i]
    who = [g for c in who for g in ([c] if c.dep_ == "nsubj" else [x for x in c.children if x.dep_ == "pobj"])]
    return replace(stance, speakers=(*stance.speakers, *(_speaker(w, cast) for w in who[:1])))


def _speaker(head: Token, cast: Cast) -> Speaker:
    left = min((t.i for t in head.subtree if t.i <= head.i and head.i - t.i < 6), default=head.i)
    reference = cast.at.get(head.i, ())
    return Speaker(head.doc[left:head.i + 1].text, reference[0].local if reference else None)


def _according(stance: Stance, trigger: Token, cast: Cast) -> Stance:
    for token in trigger.sent:
        if token.lower_ == "according" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "to":
            who = [t for t in token.nbor(1).children if t.dep_ == "pobj"]
            return replace(_apply(stance, "reported", {"voice": "attributed"}, "according to"),
                           speakers=(*stance.speakers, *(_speaker(w, cast) for w in who[:1])))
    return stance


def _quoted(stance: Stance, document: Document, trigger: Token, cast: Cast) -> Stance:
    quote = next(((a, b) for a, b in _quotes(document) if a < trigger.i < b and b - a > 4), None)
    if quote is None:
        return stance
    polarity = "denied" if stance.polarity == "negated" else stance.polarity
    who = stance.speakers or tuple(_speaker(w, cast) for w in _near(document, quote))
    return replace(stance, voice="quoted", polarity=polarity, speakers=who, cues=(*stance.cues, "quotation"))


def _near(document: Document, quote: tuple[int, int]) -> list[Token]:
    doc = document.doc
    for token in [*doc[quote[1]:quote[1] + 12], *reversed(doc[max(0, quote[0] - 12):quote[0]])]:
        if token.lemma_.lower() in _cues().speaking and token.pos_ == "VERB":
            if who := [c for c in token.children if c.dep_ == "nsubj"]:
                return who[:1]
    return []


@lru_cache(maxsize=4)
def _quotes_of(text: str, key: int) -> tuple[tuple[int, int], ...]:
    return ()


def _quotes(document: Document) -> list[tuple[int, int]]:
    found, begin = [], None
    for start, end in document.paragraphs:
        begin = None
        for token in document.doc[start:end]:
            if token.text in ("“", '"', "``") and begin is None:
                begin = token.i
            elif token.text in ("”", '"', "''") and begin is not None:
                found.append((begin, token.i))
                begin = None
    return found
