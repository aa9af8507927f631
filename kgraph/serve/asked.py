"""What is asked over HTTP: JSON, read strictly, and every field of the kind that its answer expects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from kgraph.errors import UsageError

MOST_DEEP = 8  # lists and objects inside each other
MOST_NAME = 10_000  # letters of an id, a name, a date
MOST_TYPED = 1_000  # letters of a value of a saved question
_SURROGATE = re.compile("[\ud800-\udfff]")

Reader = Callable[[str, Any], Any]  # gets the field's name and its value; raises UsageError
Fields = Mapping[str, tuple[Reader, Any]]  # with what stands for a field that is left out: MISSING where none may be
MISSING = object()


def as_json(said: Any) -> bytes:
    """JSON as UTF-8. A half of a sign, as a file's name may have, is written as JSON writes it."""
    return json.dumps(said, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        errors="backslashreplace"
    )


def read_asked(body: bytes, fields: Fields) -> dict[str, Any]:
    """The fields of a question. Raises UsageError for what is no question."""
    found = _parsed(body)
    if not isinstance(found, dict):
        raise UsageError("a question is an object of fields in JSON")
    return _fields(found, fields)


def _parsed(body: bytes) -> Any:
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_named_once)
        _check(found, MOST_DEEP)
    except RecursionError:
        raise UsageError(f"a question has at most {MOST_DEEP} levels") from None
    except ValueError as error:
        raise UsageError(f"the question is no JSON in UTF-8 ({str(error)[:100]})") from None
    return found


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; which of two values of one name would count is a matter of who reads it."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number in JSON")


def _check(found: Any, deep: int) -> None:
    """Raises UsageError for what could be kept, and read back by nobody."""
    if isinstance(found, str):
        if _SURROGATE.search(found):
            raise UsageError("the question has half of a sign (a lone surrogate)")
    elif isinstance(found, dict | list):
        if not deep:
            raise UsageError(f"a question has at most {MOST_DEEP} levels")
        for each in [*found, *found.values()] if isinstance(found, dict) else found:
            _check(each, deep - 1)


def _fields(found: dict[str, Any], fields: Fields) -> dict[str, Any]:
    if missing := [name for name, (_, default) in fields.items() if default is MISSING and name not in found]:
        raise UsageError(f"the question has no {missing[0]}")
    return {name: read(name, found[name]) if name in found else default for name, (read, default) in fields.items()}


# Readers. -------------------------------------------------------------------------------------------------------------


def words(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name} is a text, not {_kind(value)}")
    return value


def short(name: str, value: Any) -> str:
    """An id, a name, a date."""
    if len(words(name, value)) > MOST_NAME:
        raise UsageError(f"{name} has {len(value)} letters; at most {MOST_NAME} are looked up")
    return str(value)


def list_of(read: Reader) -> Reader:
    def several(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise UsageError(f"{name} is a list, not {_kind(value)}")
        return [read(f"{name}[{n}]", each) for n, each in enumerate(value)]

    return several


def object_of(read: Reader) -> Reader:
    """An object whose names are anybody's."""

    def named(name: str, value: Any) -> dict[str, Any]:
        return {short(name, key): read(f"{name}.{key[:50]}", each) for key, each in _object(name, value).items()}

    return named


def object_with(readers: Mapping[str, Reader]) -> Reader:
    """An object of known names, which may be left out; no others."""

    def known(name: str, value: Any) -> dict[str, Any]:
        if strange := sorted(_object(name, value).keys() - readers.keys()):
            raise UsageError(f"{name} has no {strange[0][:50]!r}; known: {', '.join(readers)}")
        return {key: readers[key](f"{name}.{key}", each) for key, each in value.items()}

    return known


def typed(name: str, value: Any) -> str:
    """A value as one would type it: a text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f"{name} is a text or a number, not {_kind(value)}")
    if len(str(value)) > MOST_TYPED:
        raise UsageError(f"{name} has more than {MOST_TYPED} letters")
    return str(value)


def _object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{name} is an object, not {_kind(value)}")
    return value


_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "null")
