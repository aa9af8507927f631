"""Questions in Cypher: the saved ones of `queries/`, with typed parameters, and any text that only reads.

A saved question is a file. Its first comment is the question; each line `// $name: type = default - what it means`
declares a parameter; without a default it must be given, with `null` it may be left out. `$trust`, the least trust of what
is shown, is given to all. `// theme: words` says under what it is listed, `// > column: meaning` what a column says;
meanings that many share are in `columns.yaml`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kgraph.errors import KgraphError, KnowledgeError, UsageError
from kgraph.graph import NO_LIMITS, Answer, Limits, Store
from kgraph.graph.cypher import check_names, check_reading, columns, orders, parameters
from kgraph.graph.nodes import BACKGROUND_TYPES
from kgraph.schema import load_schema

_HEADER = re.compile(r"(?:[ \t]*//[^\n]*\n)+")
_PARAMETER = re.compile(r"\$(\w+): *(\w+)(?: *= *(.*?))?(?: +- +(.*))?")

GIVEN = "trust"  # the parameter that every text may use and no question declares: the least trust

Resolve = Callable[[str], str]  # the id of an actor, for a name of it


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question wants to know first."""

    name: str
    type: str
    required: bool
    default: str | None  # as one would type it; None where it may be left out
    meaning: str


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question."""

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    meanings: dict[str, str]  # of the columns
    theme: str
    text: str


# Asking. --------------------------------------------------------------------------------------------------------------


def ask(
    store: Store,
    question: Question,
    values: Mapping[str, str],
    db: sqlite3.Connection | None = None,
    *,
    trust: float = 0.0,
    roll_up: str | None = None,
    limits: Limits = NO_LIMITS,
) -> Answer:
    """The rows that answer a saved question, of what has at least some trust.

    Actors may be given by any name; they are looked up in the tables of a graph folder, else in what the store holds.
    Of a store that is rolled up, one asks by the same names: they too are lifted to the level.
    """
    resolve = _resolver(store, db, roll_up)
    asked = read_values(question, values, resolve) | _trusted(question.text, trust)
    answer = store.ask(question.text, asked, limits)
    return Answer(question.columns, answer.rows, answer.cut)


def read_values(question: Question, values: Mapping[str, str], resolve: Resolve) -> dict[str, object]:
    """A question's parameters, with defaults, from what was typed. Raises UsageError for what is wrong."""
    _check_given(question, values)
    typed = {parameter: values.get(parameter.name, parameter.default) for parameter in question.parameters}
    return {each.name: None if value is None else _read(each, value, resolve) for each, value in typed.items()}


def cypher(store: Store, text: str, limits: Limits = NO_LIMITS, *, trust: float = 0.0) -> Answer:
    """The rows for a Cypher text of one's own. Raises UsageError unless it only reads, and only what can be there."""
    check_reading(text)
    check_names(text)
    return store.ask(text, _trusted(text, trust), limits)


def _trusted(text: str, trust: float) -> dict[str, object]:
    """The least trust as a parameter, where a text asks for it."""
    return {GIVEN: trust} if GIVEN in parameters(text) else {}


def _check_given(question: Question, given: Mapping[str, str]) -> None:
    known = [parameter.name for parameter in question.parameters]
    for name in given:
        if name not in known:
            hint = f"did you mean {likely}?" if (likely := _likely(name, known)) else _usage(question)
            raise UsageError(f"{question.name} has no parameter {name}; {hint}")
    missing = [each.name for each in question.parameters if each.required and each.name not in given]
    if missing:
        raise UsageError(f"{question.name} needs {' and '.join(missing)}; {_usage(question)}")


def _usage(question: Question) -> str:
    """How one would type the question."""
    parts = [f"{each.name}=…" if each.required else f"[{each.name}=…]" for each in question.parameters]
    return " ".join(("write: kgraph query", question.name, *parts))


def _likely(name: str, known: list[str]) -> str | None:
    from rapidfuzz import process

    found = process.extractOne(name, known, score_cutoff=60)
    return found[0] if found else None


def _resolver(store: Store, db: sqlite3.Connection | None, level: str | None) -> Resolve:
    """What turns a name into an actor's id; asks the store for its actors only if a name comes."""
    found: list[sqlite3.Connection] = [db] if db else []

    def by_name(name: str) -> str:
        from kgraph.lookup import lifted, resolve

        if not found:
            found.append(_tables_of(store))
        actor = resolve(found[0], name)
        return lifted(found[0], level).get(actor, actor) if level else actor

    return by_name


def _tables_of(store: Store) -> sqlite3.Connection:
    """The actors of a store as the tables have them, so that names mean the same everywhere."""
    from kgraph.folder.tables import empty_tables  # only here: it takes its time, and few ask for it

    db = empty_tables()
    text = """MATCH (a:Actor) RETURN a.actorId AS id, a.name AS name, a.kind AS kind, a.aliases AS aliases,
        a.country AS country, a.articles AS articles"""
    rows = [{**row, "aliases": json.dumps(row["aliases"], ensure_ascii=False)} for row in store.ask(text, {}).rows]
    db.executemany("INSERT INTO actor VALUES (:id, :name, :kind, :aliases, :country, :articles, 0)", rows)
    text = f"""MATCH (a:Actor)-[r:{"|".join(BACKGROUND_TYPES)}]->(b:Actor)
        RETURN type(r) AS type, a.actorId AS source, b.actorId AS target, r.from AS since, r.to AS until"""
    ties = [{**row, "until": row["until"] or ""} for row in store.ask(text, {}).rows]
    db.executemany("INSERT INTO background VALUES (:type, :source, :target, :since, :until)", ties)
    return db


# Values as they are typed. --------------------------------------------------------------------------------------------


def _read(parameter: Parameter, typed: str, resolve: Resolve) -> object:
    if parameter.type == "actor":
        return resolve(typed)
    try:
        return READERS[parameter.type](typed.strip())
    except ValueError as error:
        raise UsageError(f"{parameter.name}={typed}: {error}") from error


def _date(typed: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
        raise ValueError("a date is written like 2024-06-30")
    return date.fromisoformat(typed).isoformat()


def _number(typed: str) -> int:
    if not re.fullmatch(r"\d{1,9}", typed):
        raise ValueError("a number is wanted, like 10")
    return int(typed)


def _type(typed: str) -> str:
    name = typed.upper().replace("-", "_").replace(" ", "_")
    if name not in load_schema():
        likely = _likely(name, list(load_schema()))
        raise ValueError(f"no relation type; {f'did you mean {likely}?' if likely else ', '.join(load_schema())}")
    return name


READERS: dict[str, Callable[[str], object]] = {"date": _date, "type": _type, "number": _number, "text": str}
TYPES = ("actor", *READERS)


# The saved questions. -------------------------------------------------------------------------------------------------


def find_question(name: str) -> Question:
    """The saved question of a name, or in a file. Raises UsageError where there is none."""
    known = _files()
    if name in known:
        return load_question(known[name])
    if name.endswith(".cypher"):
        return load_question(Path(name))
    hint = f"did you mean {likely}?" if (likely := _likely(name, list(known))) else "`kgraph queries` lists them"
    raise UsageError(f"there is no question {name}; {hint}")


@cache
def questions() -> dict[str, Question]:
    """All saved questions by name, in the order of their names."""
    return {name: load_question(file) for name, file in _files().items()}


def _files() -> dict[str, Traversable]:
    found = sorted((file for file in _folder().iterdir() if file.name.endswith(".cypher")), key=lambda file: file.name)
    return {file.name.removesuffix(".cypher"): file for file in found}


def by_theme() -> list[Question]:
    """All saved questions in the order of their themes."""
    return sorted(questions().values(), key=lambda question: (question.theme, question.name))


@cache
def _shared_meanings() -> dict[str, str]:
    import yaml

    found: dict[str, str] = yaml.safe_load(_folder().joinpath("columns.yaml").read_text(encoding="utf-8"))
    return found


def _folder() -> Traversable:
    """In a wheel the folder lies inside the package, in a checkout beside it."""
    inside = files("kgraph").joinpath("queries")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "queries"


def load_question(file: Traversable) -> Question:
    """The question in a file. Raises KnowledgeError where its header and its text do not fit."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file.name}: cannot be read ({error.strerror})") from error
    try:
        return _parse(file.name.removesuffix(".cypher"), text)
    except KgraphError as error:
        raise KnowledgeError(f"{file.name}: {error}") from error


def _parse(name: str, text: str) -> Question:
    header = _HEADER.match(text)
    lines = [line.strip().removeprefix("//").strip() for line in header[0].split("\n")] if header else []
    theme = next((line.removeprefix("theme:").strip() for line in lines if line.startswith("theme:")), "of your own")
    own = dict(line[1:].strip().partition(": ")[::2] for line in lines if line.startswith(">"))
    words = " ".join(line for line in lines if line and not line.startswith(("$", ">", "theme:")))
    declared = tuple(_parameter(line) for line in lines if line.startswith("$"))
    if not words.endswith("?"):
        raise KnowledgeError("the first comment must be the question, with its question mark")
    _check_used(declared, text)
    check_reading(text)
    check_names(text)
    names = columns(text)
    if not names or not all(re.fullmatch(r"\w+", column) for column in names):
        raise KnowledgeError("every column needs a name of one word: RETURN a.name AS name")
    if not orders(text):
        raise KnowledgeError("the rows need an order that leaves no ties: add ORDER BY")
    if strange := sorted(own.keys() - set(names)):
        raise KnowledgeError(f"there is no column {strange[0]}; columns: {', '.join(names)}")
    meanings = {column: own.get(column) or _shared_meanings().get(column, "") for column in names}
    return Question(name, words, declared, names, meanings, theme, text)


def _parameter(line: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if not found or found[2] not in TYPES:
        raise KnowledgeError(f"{line!r}: write '$name: type = default - meaning', with one of {', '.join(TYPES)}")
    name, kind, default, meaning = found.groups()
    parameter = Parameter(name, kind, default is None, None if default == "null" else default, meaning or "")
    if parameter.default is not None:
        _read(parameter, parameter.default, lambda name: name)
    return parameter


def _check_used(those: tuple[Parameter, ...], text: str) -> None:
    declared = {parameter.name for parameter in those}
    used = parameters(text) - {GIVEN}
    if GIVEN in declared:
        raise KnowledgeError(f"${GIVEN} is given by --{GIVEN}: do not declare it")
    if declared != used:
        raise KnowledgeError(f"declared and used parameters differ: {', '.join(sorted(declared ^ used))}")
