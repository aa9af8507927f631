"""Human judgement: decisions.jsonl, which is only ever appended to and replayed at every projection."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from kgraph.errors import DecisionError
from kgraph.model import Kind, digest

ACTIONS = {
    "same": "two actors are one: the second is merged into the first",
    "not_same": "two actors are not one",
    "accept": "the text says so",
    "reject": "the text does not say so: a bad extraction",
    "disbelieve": "the text says so, and it is not believed",
    "kind": "an actor is of another kind",
    "undo": "an earlier decision no longer stands",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A judgement about actors (their ids) or evidence (its id)."""

    action: str
    target: str
    value: str = ""  # same, not_same: the other actor; kind: the kind; undo: nothing
    who: str = ""
    when: str = ""
    why: str = ""

    @property
    def id(self) -> str:
        return digest(self.action, self.target, self.value, self.who, self.when)


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions that stand, in the order in which they were made. Raises DecisionError, naming the line."""
    if not path.exists():
        return ()
    made = [
        _decision(path, number, line)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]
    undone = {decision.target for decision in made if decision.action == "undo"}
    return tuple(decision for decision in made if decision.action != "undo" and decision.id not in undone)


def add_decision(path: Path, action: str, target: str, value: str = "", *, who: str = "", why: str = "") -> Decision:
    """Appends a decision, made now."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    decision = _checked(Decision(action, target, value, who or os.environ.get("USER", ""), now, why), str(path))
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": decision.id} | asdict(decision), ensure_ascii=False) + "\n")
    return decision


def rejected(decisions: Iterable[Decision]) -> dict[str, str]:
    """The last word on each evidence: accept, reject or disbelieve."""
    return {d.target: d.action for d in decisions if d.action in ("accept", "reject", "disbelieve")}


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
    if decision.action not in ACTIONS:
        raise DecisionError(f"{where}: unknown action {decision.action!r}; known: {', '.join(ACTIONS)}")
    if decision.action == "kind" and decision.value not in set(Kind):
        raise DecisionError(f"{where}: unknown kind {decision.value!r}; known: {', '.join(Kind)}")
    return decision
