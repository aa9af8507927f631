"""Cypher texts, before an engine sees them: that they only read, that they name what exists, what their columns are.

What is called must be on a list here, whatever its spelling: the engines know functions and procedures that sleep, that open
files and addresses, and that run other texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from kgraph.errors import UsageError
from kgraph.graph.nodes import KEYS, META, NODE_TYPES, OWNER, columns_of, link_types
from kgraph.graph.tokens import NUMBER, PARAMETER, QUOTED, SIGN, STRING, Token, at, depths, tokens
from kgraph.records import Kind

READS_ONLY = "only reading is allowed here"
MOST_LETTERS, MOST_DEEP = 1_000_000, 200  # of a text, of brackets inside each other: what looks at it has no other limit

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

# The functions that may be called: Cypher's own, in small letters. Of those with a point in their names, which a server can
# be given more of, only these.
FUNCTIONS = set(
    """
    abs acos all allshortestpaths any asin atan atan2 avg btrim ceil ceiling char_length character_length coalesce collect cos
    cosh cot coth count date datetime degrees duration e elementid endnode exists exp floor haversin head id isempty isnan keys
    labels last left length localdatetime localtime log log10 lower ltrim max min nodes none normalize nullif percentilecont
    percentiledisc pi point properties radians rand randomuuid range reduce relationships replace reverse right round rtrim
    shortestpath sign sin single sinh size split sqrt startnode stdev stdevp substring sum tail tan tanh time timestamp
    toboolean tobooleanlist tobooleanornull tofloat tofloatlist tofloatornull tointeger tointegerlist tointegerornull tolower
    tostring tostringlist tostringornull toupper trim type upper valuetype
    date.truncate date.realtime date.statement date.transaction datetime.truncate datetime.fromepoch datetime.fromepochmillis
    datetime.realtime datetime.statement datetime.transaction duration.between duration.inmonths duration.indays
    duration.inseconds localdatetime.truncate localtime.truncate time.truncate point.distance point.withinbbox
    """.split()
)

# Words of the language that may stand before a bracket and call nothing.
_BEFORE_BRACKETS = set(
    """
    ALL AND ANY AS ASC BOTH BY CALL CASE CONTAINS DESC DISTINCT ELEMENT ELEMENTS ELSE FILTER FROM GROUP GROUPS IN IS LEADING
    LIMIT MATCH NOT OFFSET ON OPTIONAL OR PATH PATHS RELATIONSHIP RELATIONSHIPS RETURN SHORTEST SKIP THEN TRAILING UNWIND WHEN
    WHERE WITH XOR YIELD
    """.split()
)
_CHANGES = {"CREATE", "DELETE", "DETACH", "DROP", "FOREACH", "INSERT", "MERGE", "NODETACH", "REMOVE", "SET"}
_OPERATORS = {
    "AND",
    "AS",
    "CONTAINS",
    "ELSE",
    "END",
    "ENDS",
    "IN",
    "IS",
    "OR",
    "ORDER",
    "STARTS",
    "THEN",
    "WHEN",
    "XOR",
}
_LEADS = {"AND", "NOT", "OR", "WHERE", "XOR"}  # to a condition
_AFTER_RETURN = {"ORDER", "SKIP", "OFFSET", "LIMIT", "UNION", "NEXT"}
_JOINS = {"|", "&", "!", ":", "%", "(", ")"}  # labels and types with one another


# That a text only reads. ----------------------------------------------------------------------------------------------


def check_reading(text: str) -> None:
    """Raises UsageError for a text that does more than read the graph.

    The engines refuse writes themselves. They do let a reading query open files and addresses, sleep, and call procedures
    that act on the server: these are refused here, on both engines alike.
    """
    if len(text) > MOST_LETTERS:
        raise UsageError(f"the query has {len(text):,} letters; at most {MOST_LETTERS:,} are read")
    found = tokens(text)
    if max(depths(found), default=0) > MOST_DEEP:  # engines go down them by calling themselves
        raise UsageError(f"the query has more than {MOST_DEEP} brackets inside each other")
    if not found:
        raise UsageError("the query is empty; try 'MATCH (a:Actor) RETURN a.name AS name LIMIT 10'")
    first = next((token for token in found if token.value not in "({"), found[0])
    if first.word not in BEGINNINGS:
        raise UsageError(
            f"{READS_ONLY}; a text begins with one of {', '.join(sorted(BEGINNINGS))}, not {first.value!r}"
        )
    for place, token in enumerate(found):
        if token.word:
            _check_word(found, place)
        elif token.value == "(" and at(found, place - 1).names:
            _check_function(found, place - 1)
        elif token.value == ";" and token.kind == SIGN and place + 1 < len(found):
            raise UsageError("one question at a time: nothing may follow the ;")


def _check_word(found: Sequence[Token], place: int) -> None:
    word, after = found[place].word, at(found, place + 1)
    if word == "LOAD" and after.word == "CSV":
        raise UsageError("LOAD CSV is not allowed here: a question reads the graph, no files and no addresses")
    if word == "CALL" and after.names:
        _check_procedure(_called_from(found, place + 1))
    if word == "USE" and after.names and _is_clause(found, place):
        raise UsageError(f"USE is not allowed here: a question reads this graph, not {after.value}")
    if word in _CHANGES and _is_clause(found, place):
        raise UsageError(f"{READS_ONLY}; {word} would change the graph, which `kgraph build` and `kgraph remove` do")
    if word in ("TRANSACTION", "TRANSACTIONS") and _is_batched(found, place):
        raise UsageError(f"{READS_ONLY}; leave IN TRANSACTIONS out: a question is one transaction")


def _is_clause(found: Sequence[Token], place: int) -> bool:
    """Whether such a word begins a clause there; it may also name a property, a variable, a column."""
    before, after = at(found, place - 1), at(found, place + 1)
    if before.value in (".", ":", "|", "&", "!") and at(found, place - 2).kind != NUMBER:
        return False
    if before.word == "AS" and at(found, place - 2).word != "AS":
        return False
    return after.value == "(" or (after.names and after.word not in _OPERATORS)


def _is_batched(found: Sequence[Token], place: int) -> bool:
    """Whether TRANSACTIONS stands behind a subquery: `} IN 2 CONCURRENT TRANSACTIONS`."""
    before = [at(found, each).value.upper() for each in range(place - 4, place)]
    return any(pair == ("}", "IN") for pair in pairwise(before))


def _check_procedure(name: str) -> None:
    if name.lower() not in PROCEDURES:
        raise UsageError(f"the procedure {name[:80]} is not allowed here; allowed: {', '.join(sorted(PROCEDURES))}")


def _called_from(found: Sequence[Token], place: int) -> str:
    """The name that begins at a place: `db . labels` is db.labels."""
    parts = [found[place].value]
    while at(found, place + 1).value == "." and at(found, place + 2).names:
        place += 2
        parts.append(found[place].value)
    return ".".join(parts)


def _check_function(found: Sequence[Token], last: int) -> None:
    """Raises UsageError unless the name before a bracket is a word of the language, or that of a function on the list."""
    first = last
    while at(found, first - 1).value == "." and at(found, first - 2).names:
        first -= 2
    before = at(found, first - 1)
    if before.word == "CALL" or (first == last and _calls_nothing(found, last)):
        return  # a procedure is looked at by itself
    name = _called_from(found, first)
    if before.value == "." or name.lower() not in FUNCTIONS:
        raise UsageError(_no_function(name))


def _calls_nothing(found: Sequence[Token], place: int) -> bool:
    hint = {at(found, place - 3).word, at(found, place - 4).word} & {"INDEX", "SEEK"}  # USING INDEX a:Actor(name)
    return found[place].word in _BEFORE_BRACKETS or (at(found, place - 1).value == ":" and bool(hint))


def _no_function(name: str) -> str:
    from rapidfuzz import process

    likely = process.extractOne(name[:80].lower(), sorted(FUNCTIONS), score_cutoff=75)
    hint = (
        f"did you mean {likely[0]}?"
        if likely
        else "allowed are Cypher's own, such as count, collect, coalesce and size"
    )
    return f"the function {name[:80]} is not allowed here; {hint}"


# That a text names what exists. ---------------------------------------------------------------------------------------


def check_names(text: str) -> None:
    """Raises UsageError for a label or type that no graph of ours has; an engine would just find nothing."""
    found = tokens(text)
    for bracket, _, labels in _patterns(found):
        known = known_labels() if bracket == "(" else known_types()
        for name in (token.value for token in labels if token.names):
            if name not in known:
                raise UsageError(_unknown(name, known, "label" if bracket == "(" else "relationship type"))
    for name in _conditions(found):
        if name not in known_labels() | known_types():
            raise UsageError(_unknown(name, known_labels() | known_types(), "label or relationship type"))


def _conditions(found: Sequence[Token]) -> Iterator[str]:
    """The labels and types that conditions ask for: `WHERE a:Group AND NOT b:State`."""
    for place, token in enumerate(found):
        if token.names and at(found, place - 1).word in _LEADS and at(found, place + 1).value == ":":
            yield from (label.value for label in _labels(found, place + 1) if label.names)


def _patterns(found: Sequence[Token]) -> Iterator[tuple[str, str, list[Token]]]:
    """The brackets that name labels or types: which bracket, the variable if there is one, and how they are named."""
    begins = 0
    for place, token in enumerate(found):
        if place >= begins and token.kind == SIGN and token.value in ("(", "[") and not _is_index(found, place):
            named = at(found, place + 1).names
            if at(found, place + 1 + named).value == ":":
                labels = list(_labels(found, place + 1 + named))
                begins = place + 1 + named + len(labels)  # brackets among labels begin no pattern
                yield token.value, found[place + 1].value if named else "", labels


def _is_index(found: Sequence[Token], place: int) -> bool:
    """Whether a square bracket picks from a list or map: `names[from..to]`."""
    before = at(found, place - 1)
    picks = before.names or before.kind in (STRING, PARAMETER) or before.value in (")", "]", "}")
    return found[place].value == "[" and picks and before.word != "IN"


def _labels(found: Sequence[Token], place: int) -> Iterator[Token]:
    """Names with signs between them, as `:A|B&!(C|D)`."""
    depth = 0
    for before, token in ((at(found, each - 1), found[each]) for each in range(place, len(found))):
        depth += (token.value == "(") - (token.value == ")")
        joined = token.kind == SIGN and token.value in _JOINS and depth >= 0 and not (token.value == "(" and before.names)
        if not joined and not (token.names and before.kind == SIGN):
            return
        yield token


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


# Properties that nothing has: their values are null, and a column of them is empty. -----------------------------------


def doubts(text: str) -> list[str]:
    """What to warn of: properties that nothing in the graph has, asked of what a pattern names."""
    found = tokens(text)
    bound = _bound(found)
    asked = {(name, bound[token.value]) for token, name in _asked(found) if token.value in bound}
    asked |= {*_asked_of_nameless(found)}
    known = known_properties() if asked else {}
    lacking = [(name, named) for name, named in sorted(asked, key=_in_order) if name not in _of_any(named, known)]
    return list(dict.fromkeys(_lacks(name, named, known) for name, named in lacking))


def _in_order(asked: tuple[str, frozenset[str]]) -> tuple[str, list[str]]:
    return asked[0], sorted(asked[1])


def _asked_of_nameless(found: Sequence[Token]) -> Iterator[tuple[str, frozenset[str]]]:
    """The properties asked of what has a label or type and no variable: `(:Actor {name: …})`."""
    for place, token in enumerate(found):
        if token.kind == SIGN and token.value in ("(", "[") and at(found, place + 1).value == ":":
            labels = [] if _is_index(found, place) else [*_labels(found, place + 1)]
            brace = place + 1 + len(labels)
            if labels and at(found, brace).value == "{":
                yield from ((key, _named_by(token.value, labels)) for key in _keys(found, brace))


def _named_by(bracket: str, labels: Sequence[Token]) -> frozenset[str]:
    """A bracket with the labels or types in it; those that are ruled out say nothing."""
    without = any(token.value in ("!", "%") for token in labels)
    return frozenset((bracket, *(token.value for token in labels if token.names and not without)))


def _bound(found: Sequence[Token]) -> dict[str, frozenset[str]]:
    """The variables that stand for nodes and links only: for which of them, by its bracket, and its labels or types."""
    bound: dict[str, frozenset[str]] = {}
    for bracket, variable, labels in _patterns(found):
        bound[variable] = bound.get(variable, frozenset()) | _named_by(bracket, labels)
    for place, token in enumerate(found):
        if token.names and _is_bare(found, place):
            bound[token.value] = bound.get(token.value, frozenset()) | {found[place - 1].value}
    named = [place for place, token in enumerate(found) if token.names and _is_named_otherwise(found, place)]
    others = set[str]()
    for place in named:
        name, before = found[place].value, at(found, place - 2).value
        if before in bound and before not in others and _is_renamed(found, place):
            bound[name] = bound.get(name, frozenset()) | bound[before]
        else:
            others.add(name)
    return {variable: kinds for variable, kinds in bound.items() if variable and variable not in others}


def _is_renamed(found: Sequence[Token], place: int) -> bool:
    """Whether a name is given to what has another one: `WITH a AS b`."""
    return at(found, place - 1).word == "AS" and (
        at(found, place - 3).word in ("WITH", "DISTINCT", "RETURN") or at(found, place - 3).value == ","
    )


def _is_bare(found: Sequence[Token], place: int) -> bool:
    """Whether a name stands in a pattern without label or type: `MATCH (a)`, `-[r]-`, `MATCH (a {name: …})`."""
    before, bracket, after = at(found, place - 2), at(found, place - 1).value, at(found, place + 1).value
    leads = at(found, place - 3).value + before.value
    if bracket == "[":
        return leads in (")-", "<-") and after in ("]", "{")
    follows = at(found, place + 2).value + at(found, place + 3).value
    joined = follows in ("--", "-[", "<-") or leads in ("--", "->", "]-")
    matched = before.word == "MATCH"
    return bracket == "(" and ((after == ")" and (joined or matched)) or (after == "{" and matched))


def _is_named_otherwise(found: Sequence[Token], place: int) -> bool:
    """Whether a name is given elsewhere than in a pattern, and may be anything: `x AS a`, `[a IN list | …]`, `a = (…)`."""
    before, after = at(found, place - 1), at(found, place + 1)
    return before.word == "AS" or after.word == "IN" or (after.value == "=" and before.value != ".")


def _asked(found: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Variables with the properties asked of them: `a.name`, `(a {name: …})`, `a {.name}`."""
    for place, token in enumerate(found):
        if not token.names or at(found, place - 1).value == ".":
            continue
        name, beyond = at(found, place + 2), at(found, place + 3).value
        if at(found, place + 1).value == "." and name.names and beyond not in ("(", "."):
            yield token, name.value
        if brace := _brace_of(found, place):
            yield from ((token, key) for key in _keys(found, brace))


def _brace_of(found: Sequence[Token], place: int) -> int:
    """Where the braces begin that belong to a variable, in a pattern or behind it; 0 where there are none."""
    here, in_pattern = place + 1, at(found, place - 1).value in ("(", "[")
    while in_pattern and at(found, here).value in (":", "|", "&") and at(found, here + 1).names:
        here += 2
    return here if at(found, here).value == "{" else 0


def _keys(found: Sequence[Token], brace: int) -> Iterator[str]:
    """The properties that braces ask for, those of maps inside them left out."""
    depth = 0
    for place in range(brace, len(found)):
        token, before = found[place], at(found, place - 1).value
        depth += (token.kind == SIGN and token.value in "([{") - (token.kind == SIGN and token.value in ")]}")
        if not depth:
            return
        if depth == 1 and token.names and before in ("{", ","):
            if at(found, place + 1).value == ":" and not _projects(found, brace):
                yield token.value
        elif depth == 1 and token.names and before == "." and at(found, place - 2).value in ("{", ","):
            yield token.value


def _projects(found: Sequence[Token], brace: int) -> bool:
    """Whether braces make a map of a variable, `a {.name, x: 1}`, rather than ask for what has such properties."""
    before, leads = at(found, brace - 2).value, at(found, brace - 3)
    if before == "(":
        return leads.names and leads.word not in _BEFORE_BRACKETS
    return leads.value != "-" if before == "[" else before not in (":", "|", "&")


@cache
def known_properties() -> Mapping[str, frozenset[str]]:
    """The properties that each label and type can have, and under "(" and "[" those of any."""
    from kgraph.folder.digests import empty_tables  # only here: it takes its time, and few ask for it

    db = empty_tables()
    nodes = {kind.label: frozenset((*columns_of(db, kind), "hash")) for kind in NODE_TYPES}
    links = {link.type: frozenset((*columns_of(db, link), "hash")) for link in link_types()}
    db.close()
    meta = frozenset(("owner", "graphId", "schemaVersion", "digest", "hash"))
    kinds = {kind: nodes[node.label] for node in NODE_TYPES for kind in node.kinds}
    every_node = meta.union(*nodes.values())
    return {
        **nodes,
        **kinds,
        **links,
        META: meta,
        OWNER: every_node,
        "(": every_node,
        "[": frozenset().union(*links.values()),
    }


def _of_any(named: frozenset[str], known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The properties of what has one of some labels or types; where there are none, of what stands in such brackets."""
    labels = _without_brackets(named & known.keys())
    return frozenset().union(*(known[name] for name in labels or named & known.keys()))


def _without_brackets(named: frozenset[str]) -> frozenset[str]:
    return named - {"(", "["}


def _lacks(name: str, named: frozenset[str], known: Mapping[str, frozenset[str]]) -> str:
    from rapidfuzz import fuzz, process

    likely = process.extractOne(name, sorted(_of_any(named, known)), scorer=fuzz.ratio, score_cutoff=55)
    hint = f"; did you mean {likely[0]}?" if likely else ", so its values are empty"
    labels = " or ".join(sorted(_without_brackets(named)))
    where = f"of {labels} " if labels and name in known["("] | known["["] else ""
    return f"no property {name} {where}in the graph{hint}"


# What else a text says. -----------------------------------------------------------------------------------------------


def columns(text: str) -> tuple[str, ...]:
    """The names of a query's columns, for engines that do not say them when there are no rows; none for RETURN *."""
    found = tokens(text)
    levels = depths(found)
    outer = [place for place, level in enumerate(levels) if not level]
    returns = [place for place in outer if found[place].word == "RETURN" and _stands_alone(found, place)]
    if not returns:
        return ()
    start = returns[-1] + 1
    parts: list[list[Token]] = [[]]
    for place, (token, level) in enumerate(zip(found[start:], levels[start:], strict=True), start):
        ends = token.word in _AFTER_RETURN and _stands_alone(found, place)
        if not level and parts[-1] and (ends or (token.kind == SIGN and token.value == ";")):
            break
        if not level and token.kind == SIGN and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    if parts[0] and parts[0][0].word == "DISTINCT":
        parts[0].pop(0)
    return tuple(_column(text, part) for part in parts if part and [token.value for token in part] != ["*"])


def _stands_alone(found: Sequence[Token], place: int) -> bool:
    """Whether a word is one of the language there, and names no property, label or column."""
    return at(found, place - 1).value not in (".", ":", "|") and at(found, place - 1).word != "AS"


def _column(text: str, part: Sequence[Token]) -> str:
    if len(part) > 2 and part[-2].word == "AS" and part[-1].names:
        return part[-1].value
    return text[part[0].start : part[-1].end]


def orders(text: str) -> bool:
    """Whether a text says the order of its rows."""
    found = tokens(text)
    return any(a.word == "ORDER" and b.word == "BY" for a, b in pairwise(found))


def parameters(text: str) -> set[str]:
    """The names of the parameters that a text uses."""
    return {token.value for token in tokens(text) if token.kind == PARAMETER}


def blank(text: str) -> str:
    """The text with spaces in place of strings, quoted names and comments; as long as before, with the same lines."""
    kept = ["\n" if sign == "\n" else " " for sign in text]
    for token in tokens(text):
        if token.kind not in (STRING, QUOTED):
            kept[token.start : token.end] = text[token.start : token.end]
    return "".join(kept)
