"""Human judgement: decisions.jsonl, which is only ever appended to and replayed at every projection."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

from kgraph.errors import DecisionError
from kgraph.model import Kind, Status, digest
from kgraph.whole import named_failures, whole

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

_DATE = re.compile(r"(\d{4}-\d\d-\d\d)?")
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


@dataclass(frozen=True, slots=True)
class Decision:
    """A judgement about evidence, a claim or an actor (their ids), an article (its key) or an outlet (its name)."""

    action: str
    target: str
    value: str = ""  # same, not_same, unsure: the other actor; kind, outlet, credibility, edit: what is right
    who: str = ""
    when: str = ""
    why: str = ""
    field: str = ""  # edit: one of FIELDS, or role:supplier
    details: Mapping[str, Any] = dataclasses.field(
        default_factory=dict, hash=False
    )  # add, actor: see ACTIONS; else the anchor

    @property
    def id(self) -> str:
        more = [self.field] if self.field else []
        if self.action in ("add", "actor"):
            more.append(json.dumps(self.details, ensure_ascii=False, sort_keys=True))
        return digest(self.action, self.target, self.value, self.who, self.when, *more)

    def as_json(self) -> dict[str, Any]:
        """The line of decisions.jsonl, without what is empty."""
        return {"id": self.id} | {name: value for name, value in asdict(self).items() if value}


def from_json(line: str) -> Decision:
    """The decision of a line that was one."""
    found = json.loads(line)
    return Decision(**{each.name: found[each.name] for each in fields(Decision) if each.name in found})


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions that stand, in the order in which they were made. Raises DecisionError, naming the line."""
    made = read_all(path)
    undone = {decision.target for decision in made if decision.action == "undo"}
    return tuple(decision for decision in made if decision.action != "undo" and decision.id not in undone)


def read_all(path: Path) -> tuple[Decision, ...]:
    """Every line, also what was undone and its undoing."""
    if not path.exists():
        return ()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return tuple(_decision(path, number, line) for number, line in lines if line.strip())


def add_decision(
    path: Path,
    action: str,
    target: str,
    value: str = "",
    *,
    who: str = "",
    why: str = "",
    field: str = "",
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """Appends a decision, made now."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    made = Decision(action, target, value, who or os.environ.get("USER", ""), now, why, field, dict(details or {}))
    append(path, [_checked(made, str(path))])
    return made


def undo(path: Path, beginning: str, *, who: str = "", why: str = "") -> Decision:
    """Takes back the one standing decision whose id begins like this, by a new line."""
    fitting = [decision for decision in load_decisions(path) if beginning and decision.id.startswith(beginning)]
    if len(fitting) != 1:
        raise DecisionError(
            f"{path.name}: {len(fitting) or 'no'} standing decision{'s' * (len(fitting) != 1)} with an id that begins "
            f"with {beginning!r}; `kgraph decisions` lists them"
        )
    return add_decision(path, "undo", fitting[0].id, who=who, why=why)


def append(path: Path, decisions: Iterable[Decision]) -> None:
    """Adds lines at the end, in one write."""
    text = "".join(json.dumps(decision.as_json(), ensure_ascii=False) + "\n" for decision in decisions)
    with named_failures(path), path.open("ab+", buffering=0) as lines:
        end = lines.seek(0, os.SEEK_END)
        if end and not _ends_a_line(lines.seek, lines.read):
            text = "\n" + text  # somebody's editor left the last line open
        _write_or_take_back(lines, text.encode(), end)


def _write_or_take_back(lines: FileIO, text: bytes, end: int) -> None:
    """Half a line would be no decision, and no later one could be read."""
    try:
        if lines.write(text) != len(text):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        lines.truncate(end)
        raise


def _ends_a_line(seek: Callable[[int, int], int], read: Callable[[int], bytes]) -> bool:
    seek(-1, os.SEEK_END)
    return read(1) == b"\n"


# Colleagues. ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """What came from another decisions.jsonl, and what it says otherwise than one's own."""

    added: tuple[Decision, ...]
    conflicts: tuple[tuple[Decision, Decision], ...]  # one's own, the other's


def merge(path: Path, other: Path) -> Merged:
    """Adds the lines of a colleague's file that are not here yet. Where two differ the later made decision counts."""
    if not other.exists():
        raise DecisionError(f"{other}: there is no such file")
    own, theirs = read_all(path), read_all(other)
    known = {decision.id for decision in own}
    new = tuple({decision.id: decision for decision in theirs if decision.id not in known}.values())
    conflicts = conflicting(load_decisions(path), new)
    in_order = sorted((*own, *new), key=lambda decision: decision.when)
    _rewrite(path, in_order)
    return Merged(new, conflicts)


def conflicting(ours: Iterable[Decision], theirs: Iterable[Decision]) -> tuple[tuple[Decision, Decision], ...]:
    """The pairs that say different things of one matter."""
    mine = {matter: decision for decision in ours if (matter := subject(decision))}
    pairs = [(mine[matter], other) for other in theirs if (matter := subject(other)) in mine and matter]
    return tuple((one, other) for one, other in pairs if _says(one) != _says(other))


def subject(decision: Decision) -> tuple[str, ...] | None:
    """What a decision is about, so that a later one of the same matter takes its place; None where several may stand."""
    if decision.action in PAIRS:
        return ("pair", *sorted((decision.target, decision.value)))
    if decision.action in VERDICTS:
        return ("verdict", decision.target)
    if decision.action in ("edit", "kind", "outlet", "credibility", "actor"):
        return (decision.action, decision.target, decision.field, str(decision.details.get("instead", "")))
    return None


def _says(decision: Decision) -> tuple[Any, ...]:
    if decision.action in PAIRS:
        return (decision.action,)
    return decision.action, decision.value, decision.details if decision.action == "actor" else None


def _rewrite(path: Path, decisions: Iterable[Decision]) -> None:
    """Puts a file in its place whole: lines of two people are sorted by when they were made."""
    with whole(path) as new:
        new.unlink(missing_ok=True)
        append(new, decisions)


# What they say of one matter. -----------------------------------------------------------------------------------------


def latest(decisions: Iterable[Decision], *actions: str) -> dict[str, Decision]:
    """The last decision of some actions about each target."""
    return {decision.target: decision for decision in decisions if decision.action in actions}


def rejected(decisions: Iterable[Decision]) -> dict[str, str]:
    """The last word on each evidence or claim: accept, reject or disbelieve."""
    return {target: decision.action for target, decision in latest(decisions, *VERDICTS).items()}


# Lines. ---------------------------------------------------------------------------------------------------------------


def _decision(path: Path, number: int, line: str) -> Decision:
    where = f"{path.name}, line {number}"
    try:
        found = json.loads(line)
        known = {field.name for field in fields(Decision)}
        return _checked(Decision(**{key: value for key, value in found.items() if key in known}), where)
    except (ValueError, TypeError, AttributeError) as error:
        raise DecisionError(
            f"{where}: no decision ({error}); a line is an object with action, target, who, when and why"
        ) from error


def _checked(decision: Decision, where: str) -> Decision:
    """The decision itself. Raises DecisionError for what nobody can replay."""
    if decision.action not in ACTIONS:
        raise DecisionError(f"{where}: unknown action {decision.action!r}; known: {', '.join(ACTIONS)}")
    if decision.action == "edit":
        _check_edit(decision, where)
    check = _CHECKS.get(decision.action)
    if check and (problem := check(decision)):
        raise DecisionError(f"{where}: {problem}")
    return decision


def _check_edit(decision: Decision, where: str) -> None:
    name, value = decision.field, decision.value
    if name in VALUES and value not in VALUES[name]:
        raise DecisionError(f"{where}: {name} cannot be {value!r}; known: {', '.join(filter(None, VALUES[name]))}")
    if name in DATES and not _DATE.fullmatch(value):
        raise DecisionError(f"{where}: {name} cannot be {value!r}; write a date like 2024-06-30")
    if name not in FIELDS and not name.startswith("role:"):
        raise DecisionError(f"{where}: unknown field {name!r}; known: {', '.join(FIELDS)}, role:NAME")


def _wrong_actor(decision: Decision) -> str | None:
    if ":" not in decision.target:
        return f"an actor's id looks like group:oban-front, not {decision.target!r}"
    if decision.details.get("kind") not in set(Kind) or not decision.details.get("name"):
        return f"a new actor needs a name and a kind in its details; kinds: {', '.join(Kind)}"
    return None


def _wrong_addition(decision: Decision) -> str | None:
    wanted = ("type", "roles", "sentence", "status")
    missing = [name for name in wanted if not decision.details.get(name)]
    if missing:
        return f"an added claim needs {', '.join(missing)} in its details"
    if decision.target == CITED:
        return f"a citation names its source: {CITED}SIPRI Yearbook 2023, p. 214"
    day = str((decision.details.get("source") or {}).get("published") or "")
    return None if _DATE.fullmatch(day) else f"published cannot be {day!r}; write a date like 2024-06-30"


_CHECKS: dict[str, Callable[[Decision], str | None]] = {
    "kind": lambda d: None if d.value in set(Kind) else f"unknown kind {d.value!r}; known: {', '.join(Kind)}",
    "outlet": lambda d: None if d.value in set("ABCDEF") else f"an outlet's letter is A to F, not {d.value!r}",
    "credibility": lambda d: None if d.value in set("123456") else f"a digit is 1 to 6, not {d.value!r}",
    "same": lambda d: None if d.value and d.value != d.target else "two actors are needed, and different ones",
    "not_same": lambda d: None if d.value and d.value != d.target else "two actors are needed, and different ones",
    "unsure": lambda d: None if d.value and d.value != d.target else "two actors are needed, and different ones",
    "actor": _wrong_actor,
    "add": _wrong_addition,
}
