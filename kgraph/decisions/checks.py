"""What a decision may say: its fields and their types, and for each action the value and the details that can be replayed.

`find_wrong` asks nothing but the line itself: whatever passes it can be replayed over any graph. `find_unfit` asks the
schema too: it is asked before anything is written. What the schema no longer knows stays readable, and fits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from reprlib import Repr
from typing import Any

from kgraph.records import Kind, Status
from kgraph.schema import RelationType, load_schema

# What may be decided, with what target and value are.
ACTIONS = {
    "accept": "the text says so (an evidence or a claim)",
    "reject": "the text does not say so: a bad extraction (an evidence or a claim)",
    "disbelieve": "the text says so, and it is not believed (an evidence or a claim)",
    "edit": "a field of an evidence is otherwise: `field` names it, `value` is right",
    "add": "a claim that kgraph missed: target is the article, or cited: and a source that is none; details hold type, roles, "
    "sentence and status, and of a source published and outlet",
    "comment": "a remark about anything",
    "credibility": "the Admiralty digit of a claim, 1 to 6",
    "same": "two actors are one: the second is merged into the first",
    "not_same": "two actors are not one",
    "unsure": "whether two actors are one cannot be said: it is not asked again",
    "kind": "an actor is of another kind",
    "actor": "an actor that the catalogue lacks: target is its id, details hold name, kind, aliases and country",
    "outlet": "the Admiralty letter of an outlet, A to F",
    "undo": "an earlier decision no longer stands",
}
VERDICTS = {"accept": "accepted", "reject": "rejected", "disbelieve": "disbelieved"}  # as a review status
CITED = "cited:"  # begins the target of a claim that is added from a book, a report or a page that is no article here
PAIRS = ("same", "not_same", "unsure")

VALUES: dict[str, tuple[str, ...]] = {
    "status": tuple(Status),
    "stage": (
        "requested", "offered", "planned", "agreed", "attempted", "ongoing", "done", "stopped", "failed", "threatened",
    ),
    "polarity": ("affirmed", "denied", "negated", "unobserved"),
    "certainty": ("certain", "probable", "possible"),
    "datePrecision": ("", "day", "month", "year"),
}  # fmt: skip
DATES = ("eventFrom", "eventTo")
FIELDS = (*VALUES, *DATES)  # what can be edited besides roles, whose field is "role:" and the role's name

SHORT, LONG = 10_000, 1_000_000  # characters of a name, an id or a key; of a remark or a sentence
MANY = 10_000  # actors that an anchor names
FILLERS = 50  # actors of an added claim: as many claims as they can be combined to come of it
FAR = 2**53  # no text is so long

Check = Callable[[object], str | None]  # what is wrong with a value: "is …", "needs …"; None if nothing


# Types. ---------------------------------------------------------------------------------------------------------------


def is_day(text: str) -> bool:
    """Whether a text is a date of the calendar, written like 2024-06-30."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return bool(date.fromisoformat(text))
    return False


def _text(most: int = SHORT) -> Check:
    def wrong(value: object) -> str | None:
        if not isinstance(value, str):
            return f"is to be a text, not {_shown(value)}"
        if len(value) > most:
            return f"is too long ({len(value):,} characters; at most {most:,})"
        return "holds what is no text in UTF-8 (half a character or a stray byte)" if _is_torn(value) else None

    return wrong


def _is_torn(text: str) -> bool:
    """Whether a text cannot be written down: a lone surrogate stands for a byte that is no UTF-8, or for half a sign."""
    try:
        return not text.isascii() and not text.encode()
    except UnicodeEncodeError:
        return True


_short = _text()


def _name(value: object) -> str | None:
    """A text of one line without anything that only a terminal understands."""
    if wrong := _short(value):
        return wrong
    return "holds a control character" if re.search(r"[\x00-\x1f\x7f-\x9f]", str(value)) else None


def _sentence(value: object) -> str | None:
    return _text(LONG)(value) or ("holds a NUL character" if "\0" in str(value) else None)


def _moment(value: object) -> str | None:
    if (wrong := _short(value)) or not value:
        return wrong
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return f"cannot be {_shown(value)}; write a time like 2024-06-30T12:00:00+00:00"
    return None


def _day(value: object) -> str | None:
    if value is None or value == "" or (isinstance(value, str) and is_day(value)):
        return None
    return f"cannot be {_shown(value)}; write a date like 2024-06-30"


def _place(value: object) -> str | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < FAR
    return None if fits else f"is to be a place in a text, not {_shown(value)}"


def _one_of(known: Iterable[str]) -> Check:
    words = [*known]

    def wrong(value: object) -> str | None:
        fits = isinstance(value, str) and value in words
        return None if fits else f"cannot be {_shown(value)}; known: {', '.join(filter(None, words))}"

    return wrong


def _maybe(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list_of(check: Check, most: int = MANY) -> Check:
    def wrong(value: object) -> str | None:
        if not isinstance(value, (list, tuple)):
            return f"is to be a list, not {_shown(value)}"
        if len(value) > most:
            return f"is too long ({len(value):,} entries; at most {most:,})"
        return next((f"[{place}] {problem}" for place, one in enumerate(value) if (problem := check(one))), None)

    return wrong


def _object(known: Mapping[str, Check], others: Check | None = None) -> Check:
    """What an object holds; `others` looks at what is not known, which is refused without it."""

    def find(value: object) -> str | None:
        if not isinstance(value, Mapping):
            return f"is to be an object, not {_shown(value)}"
        for name, one in value.items():
            check = known.get(name) or others
            if torn := _short(name):
                return f"{_shown(name)} {torn}"
            if check is None:
                return f"has no {_shown(name)}; known: {', '.join(known)}"
            if problem := check(one):
                return f"{_shown(name)[1:-1]} {problem}"
        return None

    return find


def _plain(value: object) -> str | None:
    """What another kgraph may note of an evidence, by which it is found again."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return None if abs(value) < FAR else "is too large a number"
    return _list_of(_text(LONG))(value) if isinstance(value, list) else _text(LONG)(value)


def _roles(value: object) -> str | None:
    """Whom an added claim names in which role."""
    if wrong := _object({}, _list_of(_filled))(value):
        return wrong
    assert isinstance(value, Mapping)
    if (count := sum(map(len, value.values()))) > FILLERS:
        return f"name {count} actors; at most {FILLERS}: add several claims"
    return next((f"has no {_shown(role)}" for role in value if _name(role)), None)


def _filled(value: object) -> str | None:
    return _short(value) or (None if value else "is empty")


_SHORTENED = Repr()
_SHORTENED.maxstring = _SHORTENED.maxother = _SHORTENED.maxlong = 60


def _shown(value: object) -> str:
    return " ".join(_SHORTENED.repr(value).split())


# What a line says. ----------------------------------------------------------------------------------------------------

LINE: dict[str, Check] = {
    "action": _short,
    "target": _short,
    "value": _text(LONG),
    "who": _short,
    "when": _moment,
    "why": _text(LONG),
    "field": _short,
    "details": _object({}, lambda value: None),
}

# By which the evidence or claim of a decision is found again, and read by people.
ANCHOR: dict[str, Check] = {
    "article": _short, "type": _short, "sentence": _text(LONG), "actors": _list_of(_short), "claim": _text(LONG),
}  # fmt: skip
# The details of each action. Those of an addition and an actor become part of the graph: there nothing else may stand.
DETAILS: dict[str, Check] = {
    "edit": _object(ANCHOR | {"instead": _short}, _plain),
    "add": _object(
        {
            "type": _name, "roles": _roles, "sentence": _sentence, "status": _one_of(VALUES["status"]),
            "source": _maybe(_object({"published": _day, "outlet": _maybe(_name)})), "start": _place, "end": _place,
            **dict.fromkeys(DATES, _day), "datePrecision": _maybe(_one_of(VALUES["datePrecision"])),
        }
    ),
    "actor": _object(
        {"name": _name, "kind": _one_of(Kind), "aliases": _list_of(_name), "country": _maybe(_name)}
    ),
}  # fmt: skip
_ANY_DETAILS = _object(ANCHOR, _plain)


def find_wrong(said: Mapping[str, Any]) -> str | None:
    """The first thing for which a decision, by its fields, cannot be replayed; None where it can."""
    return next(_problems(said), None)


def _problems(said: Mapping[str, Any]) -> Iterator[str]:
    """Each looks only at what those before let pass."""
    yield from (f"there is no field {_shown(name)}; known: {', '.join(LINE)}" for name in said if name not in LINE)
    yield from (f"{name} is missing" for name in ("action", "target") if name not in said)
    yield from (f"{name} {wrong}" for name, check in LINE.items() if name in said and (wrong := check(said[name])))
    action, details = said["action"], said.get("details", {})
    if not said["target"].strip():
        yield "target is empty"
    if action not in ACTIONS:
        yield f"unknown action {_shown(action)}; known: {', '.join(ACTIONS)}; if a newer kgraph wrote it, upgrade"
    if wrong := DETAILS.get(action, _ANY_DETAILS)(details):
        yield f"details: {wrong}"
    if (check := _CHECKS.get(action)) and (wrong := check(said["target"], said.get("value", ""), said)):
        yield wrong


def _wrong_edit(target: str, value: str, said: Mapping[str, Any]) -> str | None:
    name = said.get("field", "")
    if name in VALUES:
        return (wrong := _one_of(VALUES[name])(value)) and f"{name} {wrong}"
    if name in DATES:
        return (wrong := _day(value)) and f"{name} {wrong}"
    if name.startswith("role:") and not _name(name):
        return (wrong := _short(value)) and f"{name} {wrong}"
    return f"unknown field {_shown(name)}; known: {', '.join(FIELDS)}, role:NAME"


def _wrong_pair(target: str, value: str, said: Mapping[str, Any]) -> str | None:
    return None if value and value != target else "two actors are needed, and different ones"


def _wrong_actor(target: str, value: str, said: Mapping[str, Any]) -> str | None:
    if ":" not in target or _name(target):
        return f"an actor's id looks like group:oban-front, not {_shown(target)}"
    details = said.get("details", {})
    if not details.get("kind") or not str(details.get("name", "")).strip():
        return f"a new actor needs a name and a kind in its details; kinds: {', '.join(Kind)}"
    return None


def _wrong_addition(target: str, value: str, said: Mapping[str, Any]) -> str | None:
    details = said.get("details", {})
    if missing := [name for name in ("type", "roles", "sentence", "status") if not details.get(name)]:
        return f"an added claim needs {', '.join(missing)} in its details"
    if target.startswith(CITED) and (not target.removeprefix(CITED).strip() or _name(target)):
        return f"a citation names its source in one line: {CITED}SIPRI Yearbook 2023, p. 214"
    if details.get("start", 0) > details.get("end", FAR):
        return f"the sentence ends at {details['end']}, before it starts"
    since, until = (details.get(name) for name in DATES)
    return f"eventFrom {since} is after eventTo {until}" if since and until and since > until else None


_CHECKS: dict[str, Callable[[str, str, Mapping[str, Any]], str | None]] = {
    "kind": lambda _, value, __: None if value in set(Kind) else f"unknown kind {_shown(value)}; known: {', '.join(Kind)}",
    "outlet": lambda _, value, __: None if value in [*"ABCDEF"] else f"an outlet's letter is A to F, not {_shown(value)}",
    "credibility": lambda _, value, __: None if value in [*"123456"] else f"a digit is 1 to 6, not {_shown(value)}",
    **dict.fromkeys(PAIRS, _wrong_pair),
    "actor": _wrong_actor,
    "add": _wrong_addition,
    "edit": _wrong_edit,
}  # fmt: skip


# What the schema says of it. ------------------------------------------------------------------------------------------


def find_unfit(said: Mapping[str, Any], type: str | None = None) -> str | None:
    """Why a decision that can be replayed fits nothing all the same; `type` is what the graph says of its evidence."""
    if said["action"] == "add":
        return _unfit_addition(said["details"])
    field = said.get("field", "")
    if said["action"] == "edit" and field.startswith("role:"):
        return unfit_role(field.removeprefix("role:"), type or said.get("details", {}).get("type"))
    return None


def unfit_role(role: str, type: str | None) -> str | None:
    """Why a role cannot be corrected in evidence of a type; of none that is known, it is to be a role of some type."""
    relation = load_schema().get(type or "")
    if relation:
        return None if role in relation.roles else _no_role(relation, role)
    known = dict.fromkeys(role for each in load_schema().values() for role in each.roles)
    return None if role in known else f"there is no role {_shown(role)}; known: {', '.join(known)}"


def _unfit_addition(details: Mapping[str, Any]) -> str | None:
    relation = load_schema().get(details["type"])
    if relation is None:
        return f"{_shown(details['type'])[1:-1]}: no relation type; known: {', '.join(load_schema())}"
    roles = details["roles"]
    if wrong := [role for role in roles if role not in relation.roles]:
        return _no_role(relation, wrong[0])
    needed = {role: relation.key_roles.count(role) for role in relation.key_roles}
    if missing := [role for role, count in needed.items() if len({*roles.get(role, ())}) < count]:
        return f"{relation.name} needs {needed[missing[0]]} {missing[0]}: write {missing[0]}=NAME"
    return None


def _no_role(relation: RelationType, role: str) -> str:
    return f"{relation.name} has no role {_shown(role)[1:-1]}; its roles: {', '.join(dict.fromkeys(relation.roles))}"
