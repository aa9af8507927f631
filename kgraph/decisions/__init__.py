"""Human judgement: decisions.jsonl, which is only ever appended to and replayed at every projection."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import random
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from kgraph.decisions.checks import ACTIONS as ACTIONS
from kgraph.decisions.checks import CITED as CITED
from kgraph.decisions.checks import DATES as DATES
from kgraph.decisions.checks import FIELDS as FIELDS
from kgraph.decisions.checks import PAIRS as PAIRS
from kgraph.decisions.checks import VALUES as VALUES
from kgraph.decisions.checks import VERDICTS as VERDICTS
from kgraph.decisions.checks import find_unfit, find_wrong
from kgraph.errors import DecisionError, StoreError
from kgraph.files import whole
from kgraph.records import digest


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

    def __str__(self) -> str:
        """The decision as one line for a person."""
        words = [self.action.replace("_", " "), self.target, self.field, self.value]
        about = self.details.get("sentence") or self.details.get("claim") or self.details.get("name") or ""
        made = " ".join(filter(None, (self.who, self.when[:10])))
        return f"{' '.join(filter(None, words))} ({made}){f': {self.why}' if self.why else ''}" + (
            f" [{json.dumps(about, ensure_ascii=False)[1:-1]}]" if about else ""
        )


def from_json(line: str) -> Decision:
    """The decision of a line that was one."""
    return _of({"target": ""} | json.loads(line))


def _of(found: Mapping[str, Any]) -> Decision:
    return Decision(**{each.name: found[each.name] for each in fields(Decision) if each.name in found})


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions that stand, in the order in which they were made. Raises DecisionError, naming the line."""
    return standing(read_all(path))


def standing(made: Sequence[Decision]) -> tuple[Decision, ...]:
    """Of all lines, in their order, the decisions that were not undone."""
    undone = {decision.target for decision in made if decision.action == "undo"}
    return tuple(decision for decision in made if decision.action != "undo" and decision.id not in undone)


def read_all(path: Path) -> tuple[Decision, ...]:
    """Every line, also what was undone and its undoing."""
    return tuple(_believed(path, line) for line in _lines(path))


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
    decided = made(action, target, value, who=who, why=why, field=field, details=details)
    append(path, [decided])
    return decided


def made(
    action: str,
    target: str,
    value: str = "",
    *,
    who: str = "",
    why: str = "",
    field: str = "",
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """A decision of this moment. Raises DecisionError for what nobody can replay."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    decided = Decision(action, target, value, who or os.environ.get("USER", ""), now, why, field, details or {})
    if wrong := find_wrong(said(decided)):
        raise DecisionError(f"{wrong}; nothing was decided")
    return replace(decided, details=dict(decided.details))


def said(decision: Decision) -> dict[str, Any]:
    """The fields of a decision, as they are checked."""
    return {each.name: getattr(decision, each.name) for each in fields(Decision)}


def undo(path: Path, beginning: str, *, who: str = "", why: str = "") -> Decision:
    """Takes back the one standing decision whose id begins like this, by a new line."""
    with _alone(path):
        fitting = [decision for decision in load_decisions(path) if beginning and decision.id.startswith(beginning)]
        if len(fitting) != 1:
            raise DecisionError(
                f"{path.name}: {len(fitting) or 'no'} standing decision{'s' * (len(fitting) != 1)} with an id that begins "
                f"with {beginning!r}; `kgraph decisions` lists them"
            )
        undone = made("undo", fitting[0].id, who=who, why=why)
        _write(path, [undone], keep=True)
    return undone


def append(path: Path, decisions: Iterable[Decision]) -> None:
    """Adds lines at the end: all of them or none."""
    with _alone(path):
        _write(path, decisions, keep=True)


# The file. ------------------------------------------------------------------------------------------------------------

MOST_BYTES = 100_000_000  # of a file
MOST_NAMED = 200  # lines of a colleague's file that are wrong
PATIENCE = 60.0  # seconds that a decision waits for others, each of which takes a moment


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds the lock of a file of decisions, so that nothing comes between reading it and putting another in its place.

    It is a lock of its own and held for a moment: a build that holds the folder's for minutes lets people decide. As
    there, it is SQLite's on an empty database, which ends with the process on any system.
    """
    with ExitStack() as held:
        beside = _place(path).with_suffix(".lock")
        try:
            lock = held.enter_context(closing(sqlite3.connect(beside, isolation_level=None, timeout=0)))
            _wait_for(lock)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: nothing was decided: {beside.name} {_why_no_lock(error)}") from error
        yield


def _wait_for(lock: sqlite3.Connection) -> None:
    """Asks again and again, at times made by chance: SQLite's own patience grows, and lets many starve."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")  # nothing is ever written: a full disk does not matter
            lock.execute("BEGIN EXCLUSIVE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(random.uniform(0.001, 0.01))


def _why_no_lock(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code == sqlite3.SQLITE_BUSY:
        return "is held by another kgraph; try again when it is done"
    if code == sqlite3.SQLITE_FULL:
        return "cannot be made: the disk is full: make room and run the same command again"
    if code == sqlite3.SQLITE_NOTADB:
        return "is damaged: delete it, nothing is kept in it"
    return f"cannot be made ({error}): change the permissions of its folder"


def _place(path: Path) -> Path:
    """Where a file of decisions lies, also where a link leads to it."""
    return Path(os.path.realpath(path))


def _write(path: Path, decisions: Iterable[Decision], *, keep: bool) -> None:
    """Puts a file in the place of the old one, whose lines it may `keep`: killed at any moment, one of them is there whole.

    Whoever reads meanwhile, without the lock, sees one or the other, and never half a line.
    """
    text = b"".join(map(_line, decisions))
    place = _place(path)
    with whole(place) as new:
        old = place.stat() if place.exists() else None
        if old and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if old:
            new.touch(0o600)
        if old and keep:
            shutil.copyfile(place, new)
        with new.open("ab+" if old and keep else "wb+") as lines:
            lines.write(b"" if _ends_a_line(lines) else b"\n")  # somebody's editor left the last line open
            lines.write(text)
            lines.flush()
            os.fsync(lines.fileno())  # a power cut leaves the old file or the new one
        if old:
            _give_to(new, old)


def _give_to(new: Path, old: os.stat_result) -> None:
    """Gives a file to whom the old one belongs, as far as that is allowed, with the same permissions."""
    for owner in (old.st_uid, -1):
        with suppress(OSError, AttributeError):
            os.chown(new, owner, old.st_gid)
            break
    new.chmod(stat.S_IMODE(old.st_mode))


def _ends_a_line(lines: BinaryIO) -> bool:
    if not lines.seek(0, os.SEEK_END):
        return True
    lines.seek(-1, os.SEEK_END)
    return lines.read(1) == b"\n"


# Colleagues. ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merged:
    """What came from another decisions.jsonl, and what it says otherwise than one's own."""

    added: tuple[Decision, ...]
    conflicts: tuple[tuple[Decision, Decision], ...]  # one's own, the other's


def merge(path: Path, other: Path, *, type_of: Callable[[str], str | None] = lambda evidence: None) -> Merged:
    """Adds the lines of a colleague's file that are not here yet. Where two differ the later made decision counts.

    All of them or none: raises DecisionError, naming every line that cannot be replayed or fits no relation of the schema.
    `type_of` says what type an evidence has, where the graph knows it.
    """
    if not other.exists():
        raise DecisionError(f"{other}: there is no such file")
    lines = _lines(other)
    _refuse(other, ((line.number, line.wrong) for line in lines if line.wrong))
    theirs = {line.decision.id: line for line in lines if line.decision}
    with _alone(path):
        own = read_all(path)
        known = {decision.id for decision in own}
        added = [(line.number, line.decision) for id, line in theirs.items() if id not in known and line.decision]
        _refuse(other, ((number, wrong) for number, one in added if (wrong := _unfit(one, type_of))))
        new = tuple(decision for _, decision in added)
        conflicts = conflicting(load_decisions(path), new)
        if new:
            _write(path, sorted((*own, *new), key=lambda decision: decision.when), keep=False)
    return Merged(new, conflicts)


def _unfit(decision: Decision, type_of: Callable[[str], str | None]) -> str | None:
    is_of_role = decision.action == "edit" and decision.field.startswith("role:")
    return find_unfit(said(decision), type_of(decision.target) if is_of_role else None)


def _refuse(other: Path, wrong: Iterable[tuple[int, str | None]]) -> None:
    """Raises DecisionError if anything is wrong with some lines, and names them all."""
    if problems := [f"line {number}: {why}" for number, why in wrong]:
        more = [f"and {len(problems) - MOST_NAMED:,} more"] if len(problems) > MOST_NAMED else []
        named = " | ".join([*problems[:MOST_NAMED], *more])
        raise DecisionError(f"{other}: nothing was taken; correct these lines or take them out: {named}")


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


# What they say of one matter. -----------------------------------------------------------------------------------------


def latest(decisions: Iterable[Decision], *actions: str) -> dict[str, Decision]:
    """The last decision of some actions about each target."""
    return {decision.target: decision for decision in decisions if decision.action in actions}


def rejected(decisions: Iterable[Decision]) -> dict[str, str]:
    """The last word on each evidence or claim: accept, reject or disbelieve."""
    return {target: decision.action for target, decision in latest(decisions, *VERDICTS).items()}


# Lines. ---------------------------------------------------------------------------------------------------------------

# Some programs end a line there too; in JSON they may stand as they are or so.
_NO_ENDS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\x7f\x85\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a file: the decision that it is, or what is wrong with it."""

    number: int
    decision: Decision | None
    wrong: str | None = None
    is_otherwise: bool = False  # than its id says


def _line(decision: Decision) -> bytes:
    line = decision.as_json()
    text = json.dumps(line | {"check": _check_of(line)}, ensure_ascii=False, allow_nan=False)
    return f"{text.translate(_NO_ENDS)}\n".encode()


def _check_of(line: Mapping[str, Any]) -> str:
    """What a line comes to, all of it: a flipped bit or a careless hand gives another."""
    return digest(json.dumps({name: line[name] for name in line if name != "check"}, sort_keys=True))


def _lines(path: Path) -> tuple[_Line, ...]:
    """The lines of a file that say anything."""
    return _understand(_read_bytes(path)) if path.exists() else ()


@lru_cache(maxsize=2)  # an explorer asks for the same ones again and again
def _understand(data: bytes) -> tuple[_Line, ...]:
    """A line is ended by a line feed alone."""
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    return tuple(_read(number, line, is_open=number == len(lines)) for number, line in numbered)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DecisionError(f"{path}: cannot be read ({error.strerror or error}); name a file that can be") from error
    if len(data) > MOST_BYTES:
        raise DecisionError(f"{path}: longer than {MOST_BYTES:,} bytes; no people decided so much")
    return data


def _read(number: int, line: bytes, *, is_open: bool) -> _Line:
    try:
        found = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        return _Line(number, None, f"no UTF-8 (byte {line[error.start]:#04x} at {error.start + 1})")
    except RecursionError:
        return _Line(number, None, "no decision (lists in lists without end)")
    except ValueError as error:
        is_cut = is_open and isinstance(error, json.JSONDecodeError) and error.msg != "Extra data"
        cut = "cut off: half a decision and no end of the line" if is_cut else None
        return _Line(number, None, cut or f"no decision ({error}); a line is {_A_LINE}")
    if not isinstance(found, dict):
        return _Line(number, None, f"no decision; a line is {_A_LINE}")
    return _understood(number, found)


_A_LINE = "an object with action, target, who, when and why"


def _understood(number: int, found: dict[str, Any]) -> _Line:
    if "check" in found and found["check"] != _check_of(found):
        return _Line(number, None, 'changed after it was written; if that was on purpose, take out its "check"')
    stated = {name: value for name, value in found.items() if name not in ("id", "check")}
    if wrong := find_wrong(stated):
        return _Line(number, None, wrong)
    decision = _of(stated)
    return _Line(number, decision, is_otherwise="check" not in found and found.get("id", decision.id) != decision.id)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:60]!r} stands there twice")
        found[name] = value
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _believed(path: Path, line: _Line) -> Decision:
    if line.decision is None:
        raise DecisionError(f"{path}, line {line.number}: {line.wrong}; correct the line or take it out")
    return line.decision


def list_otherwise(path: Path) -> list[str]:
    """The lines, without a check of their own, that say something else than their ids were made of."""
    advice = 'changed after it was written; if that was on purpose, take out its "id"'
    return [f"{path}, line {line.number}: {advice}" for line in _lines(path) if line.is_otherwise]
