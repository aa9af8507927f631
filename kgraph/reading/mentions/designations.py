"""Names of weapons, ships and units by their form: "Su-57", "the frigate Admiral Essen", "the 444th Brigade"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kgraph.catalogue import Catalogue
from kgraph.reading.documents import Document
from kgraph.reading.mentions.name import Name
from kgraph.reading.tokens import Doc, Token
from kgraph.records import Kind

WEAPON_NOUNS = frozenset(
    """missile rocket drone uav ucav jet fighter bomber tank howitzer mortar torpedo helicopter gunship
    interceptor radar launcher battery aircraft warplane bomb munition mlrs artillery gun rifle vehicle apc ifv corvette
    frigate destroyer submarine warship""".split()
)
SHIP_NOUNS = frozenset(
    """ship vessel tanker freighter frigate destroyer corvette cruiser submarine carrier trawler
    warship boat cutter yacht icebreaker minesweeper freighter flagship""".split()
)
_DESIGNATION = re.compile(
    r"(?P<prefix>[A-Z][A-Za-z]{0,11})[- ]?(?P<number>\d{1,4}[A-Z]{0,4}\d{0,2})s?|Type \d{1,3}[A-Z]?"
)
_SHIP_PREFIX = re.compile(r"USS|HMS|HMAS|HMCS|INS|BRP|ROKS|JS|RFS|IRIS|USNS|FNS|TCG|MV|M/V|MT")
_UNIT = re.compile(r"\d{1,3}(?:st|nd|rd|th)")
_UNIT_NOUNS = frozenset("Brigade Division Regiment Battalion Corps Army Fleet Wing Squadron Group Company".split())
_NO_WEAPON = frozenset("Covid COVID G Article Resolution Euro Channel Radio May Boeing Route Highway Section".split())


def designations(document: Document, catalogue: Catalogue, part: range) -> Iterator[Name]:
    """Weapons and units that the catalogue need not know."""
    doc, prefixes = document.doc, _prefixes(catalogue)
    i = part.start
    while i < part.stop:
        end, kind = _weapon(doc, i, prefixes) or _ship(doc, i) or _unit(doc, i) or (i, Kind.WEAPON)
        if end > i:
            yield Name(i, end, kind, catalogue.lookup(doc[i:end].text), "designation")
        i = max(end, i + 1)


def _weapon(doc: Doc, i: int, prefixes: frozenset[str]) -> tuple[int, Kind] | None:
    """ "Kh-101", "Type 054A", "Mohajer-6"; without a known prefix only where a word for a weapon follows."""
    if not doc[i].text[:1].isupper():
        return None
    for end in (i + 1, i + 2, i + 3):
        if end > len(doc) or any(token.is_sent_start for token in doc[i + 1 : end]):
            break
        match = _DESIGNATION.fullmatch(doc[i:end].text)
        if not match or match["prefix"] in _NO_WEAPON:
            continue
        spaced = " " in doc[i:end].text
        if match["prefix"] is None or _is_weapon_ahead(doc, end) or (match["prefix"] in prefixes and not spaced):
            return end, Kind.WEAPON
    if _is_name_part(doc[i]) and not (i and _is_name_part(doc[i - 1])):
        end = i + 1
        while end < len(doc) and _is_name_part(doc[end]):
            end += 1
        if end - i <= 2 and end < len(doc) and _is_weapon_ahead(doc, end, only_common=True):
            return end, Kind.WEAPON
    return None


def _is_weapon_ahead(doc: Doc, end: int, only_common: bool = False) -> bool:
    """Whether the next words are a weapon's, with at most three words before it: "anti-ship missiles"."""
    for token in doc[end : end + 5]:
        if token.lemma_.lower() in WEAPON_NOUNS:
            return token.pos_ != "PROPN" if only_common else True
        if token.is_sent_start or not (
            token.pos_ in ("ADJ", "NOUN") or token.text in "-" or token.lower_ in ("anti", "air")
        ):
            return False
        if only_common and token.pos_ == "NOUN" and token.dep_ != "compound":
            return False
    return False


def _is_name_part(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and token.ent_type_ not in _PEOPLE and token.is_alpha


_PEOPLE = frozenset(("PERSON", "GPE", "NORP", "DATE", "LOC", "ORG", "CARDINAL"))


def _ship(doc: Doc, i: int) -> tuple[int, Kind] | None:
    """ "USS Mason", "the tanker Suez Rajan"."""
    if _SHIP_PREFIX.fullmatch(doc[i].text):
        start = i + 1
    elif i and doc[i - 1].lemma_.lower() in SHIP_NOUNS and doc[i - 1].pos_ == "NOUN":
        start = i
    else:
        return None
    end = start
    while (
        end < len(doc)
        and end - start < 4
        and doc[end].text[:1].isupper()
        and not doc[end].is_sent_start
        and (doc[end].is_alpha or doc[end].text.endswith("."))
    ):
        end += 1
    return (end, Kind.WEAPON) if end > start else None


def _unit(doc: Doc, i: int) -> tuple[int, Kind] | None:
    """ "the 444th Brigade", "82nd Airborne Division"."""
    if not _UNIT.fullmatch(doc[i].text):
        return None
    for end in range(i + 1, min(i + 6, len(doc))):
        if not doc[end].text[:1].isupper():
            return None
        if doc[end].text in _UNIT_NOUNS:
            return end + 1, Kind.ORGANIZATION
    return None


_prefixes_of: dict[int, tuple[Catalogue, frozenset[str]]] = {}


def _prefixes(catalogue: Catalogue) -> frozenset[str]:
    """The letters with which designations of known weapons begin: "Su", "SA", "KN"."""
    if id(catalogue) not in _prefixes_of:
        _prefixes_of.clear()
        names = (
            name
            for entry in catalogue.entries.values()
            if entry.kind is Kind.WEAPON
            for name in (entry.name, *entry.aliases)
        )
        found = (match["prefix"] for name in names if "-" in name and (match := _DESIGNATION.match(name)))
        _prefixes_of[id(catalogue)] = (catalogue, frozenset(prefix for prefix in found if prefix))
    return _prefixes_of[id(catalogue)][1]
