"""Cypher texts, before an engine sees them: that they only read, that they name what exists, what their columns are."""

from __future__ import annotations

import re
from functools import cache

from kgraph.errors import UsageError
from kgraph.graph.model import KEYS, META, OWNER, link_types
from kgraph.model import Kind

# Strings, names in backticks and comments: nothing inside them is a word of the language.
_APART = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_LOADS = re.compile(r"\bLOAD\s+CSV\b", re.I)
_CALLS = re.compile(r"\bCALL\s+([A-Za-z_][\w.]*)", re.I)
_FIRST = re.compile(r"[\s({]*(\w*)")
_NAMED = re.compile(r"(?<![\w.])([(\[])\s*\w*\s*:\s*([\w\s|&!:]*)")
READS_ONLY = "only reading is allowed here"
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.I)
_AFTER_RETURN = re.compile(r"\b(ORDER\s+BY|SKIP|LIMIT|UNION)\b", re.I)
_ALIAS = re.compile(r"\bAS\s+(\w+|`[^`]*`)\s*$", re.I)

# The words with which a text that reads begins; others administer the server or change the graph.
BEGINNINGS = {"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL"}

# The procedures that may be called: they only look at the graph itself.
PROCEDURES = {
    "db.labels",
    "db.relationshiptypes",
    "db.propertykeys",
    "db.index.fulltext.querynodes",
    "db.schema.visualization",
}


def check_reading(text: str) -> None:
    """Raises UsageError for a text that does more than read the graph.

    The engines refuse writes themselves. They do let a reading query open files and addresses, and call procedures that
    act on the server: these are refused here, on both engines alike.
    """
    words = blank(text)
    if not words.strip():
        raise UsageError("the query is empty; try 'MATCH (a:Actor) RETURN a.name AS name LIMIT 10'")
    first = _FIRST.match(words)
    if first and first[1].upper() not in BEGINNINGS:
        raise UsageError(f"{READS_ONLY}; a text begins with one of {', '.join(sorted(BEGINNINGS))}, not {first[1]!r}")
    if _LOADS.search(words):
        raise UsageError("LOAD CSV is not allowed here: a question reads the graph, no files and no addresses")
    for name in _CALLS.findall(words):
        if name.lower() not in PROCEDURES:
            raise UsageError(f"the procedure {name} is not allowed here; allowed: {', '.join(sorted(PROCEDURES))}")


def check_names(text: str) -> None:
    """Raises UsageError for a label or type that no graph of ours has; an engine would just find nothing."""
    for bracket, names in _NAMED.findall(blank(text)):
        known = known_labels() if bracket == "(" else known_types()
        for name in re.findall(r"\w+", names):
            if name not in known:
                raise UsageError(_unknown(name, known, "label" if bracket == "(" else "relationship type"))


def _unknown(name: str, known: frozenset[str], what: str) -> str:
    from rapidfuzz import process, utils

    likely = process.extractOne(name, sorted(known), score_cutoff=60, processor=utils.default_process)
    hint = f"did you mean {likely[0]}?" if likely else f"known: {', '.join(sorted(known))}"
    return f"no {what} {name} in the graph; {hint}"


@cache
def known_labels() -> frozenset[str]:
    return frozenset((*KEYS, *Kind, OWNER, META))


@cache
def known_types() -> frozenset[str]:
    return frozenset(link.type for link in link_types())


def columns(text: str) -> tuple[str, ...]:
    """The names of a query's columns, for engines that do not say them when there are no rows; none for RETURN *."""
    words = blank(text)
    returns = list(_RETURN.finditer(words))
    if not returns:
        return ()
    start = returns[-1].end()
    end = _AFTER_RETURN.search(words, start)
    parts = _split(text[start : end.start() if end else None], words[start : end.start() if end else None])
    return tuple(_column(part) for part in parts if part and part != "*")


def _column(part: str) -> str:
    alias = _ALIAS.search(part)
    return alias[1].strip("`") if alias else part


def _split(text: str, words: str) -> list[str]:
    """A list at its commas, except those inside brackets."""
    depth, start, parts = 0, 0, []
    for place, char in enumerate(words):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip().rstrip(";").strip()]


def blank(text: str) -> str:
    """The text with spaces in place of strings, quoted names and comments; as long as before."""
    return _APART.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
