"""Reviewing a graph: decisions about what is there now, made findable again and taken over at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kgraph import decisions
from kgraph.decisions import PAIRS, VERDICTS, Decision, Merged, add_decision
from kgraph.decisions import undo as undo_decision
from kgraph.errors import UsageError
from kgraph.evidence import check_folder, find_articles, open_for_reading
from kgraph.pipeline import DECISIONS, refresh
from kgraph.schema import load_schema
from kgraph.tables import resolve

ABOUT_EVIDENCE = (*VERDICTS, "edit")
ABOUT_ACTORS = (*PAIRS, "kind")


def decide(
    folder: Path,
    action: str,
    target: str,
    value: str = "",
    *,
    field: str = "",
    who: str = "",
    why: str = "",
    details: Mapping[str, Any] | None = None,
    settle: bool = True,
    waiting: Callable[[str], None] | None = None,
) -> Decision:
    """Writes a decision about something in the graph and, unless `settle` is false, computes what follows.

    Evidence and claims go by the beginning of their ids, actors by any name, articles by key, URL or end of path.
    Raises UsageError for what is not there, DecisionError for what makes no sense.
    """
    check_folder(folder)
    with open_for_reading(folder) as db:
        target, value, found = _found(db, action, target, value, field, dict(details or {}))
    made = add_decision(folder / DECISIONS, action, target, value, who=who, why=why, field=field, details=found)
    if settle:
        refresh(folder, waiting=waiting)
    return made


def undo(
    folder: Path, beginning: str, *, who: str = "", why: str = "", waiting: Callable[[str], None] | None = None
) -> Decision:
    """Takes back a decision and computes what follows."""
    check_folder(folder)
    made = undo_decision(folder / DECISIONS, beginning, who=who, why=why)
    refresh(folder, waiting=waiting)
    return made


def merge(folder: Path, other: Path, *, waiting: Callable[[str], None] | None = None) -> Merged:
    """Adds the decisions of a colleague's file and computes what follows."""
    check_folder(folder)
    done = decisions.merge(folder / DECISIONS, other)
    refresh(folder, waiting=waiting)
    return done


def _found(
    db: sqlite3.Connection, action: str, target: str, value: str, field: str, details: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Target, value and details with ids in the place of what was typed."""
    if action in ABOUT_EVIDENCE or action == "credibility":
        target, details = _anchored(db, target, action)
        if field.startswith("role:") and value:
            value = resolve(db, value)
    elif action in ABOUT_ACTORS:
        target = resolve(db, target)
        value = resolve(db, value) if action in PAIRS else value
    elif action == "add":
        target, details = _cited(db, target, details)
    return target, value, details


def _anchored(db: sqlite3.Connection, beginning: str, action: str) -> tuple[str, dict[str, Any]]:
    """The evidence or claim whose id begins so, with what finds it again when an upgrade has changed its id."""
    evidence, claims = (
        [id for (id,) in db.execute(f"SELECT id FROM {table} WHERE substr(id, 1, ?) = ?", (len(beginning), beginning))]
        for table in ("told", "claim")
    )
    if action == "edit" and claims and not evidence:
        raise UsageError(f"{beginning}: a claim; edit one of its evidence (`kgraph explain {beginning}` prints them)")
    if action == "credibility":
        evidence = []
    if not beginning or len(evidence) + len(claims) != 1:
        raise UsageError(
            f"{len(evidence) + len(claims) or 'no'} claims and evidence have an id that begins with {beginning!r}; "
            "`kgraph claims` and `kgraph explain` print the ids"
        )
    return (evidence[0], _anchor(db, evidence[0])) if evidence else (claims[0], _claim_anchor(db, claims[0]))


def _anchor(db: sqlite3.Connection, evidence: str) -> dict[str, Any]:
    article, type_, sentence = db.execute(
        "SELECT article, type, sentence FROM told WHERE id = ?", (evidence,)
    ).fetchone()
    actors = db.execute(
        """SELECT DISTINCT r.actor FROM filler AS f JOIN resolution AS r ON r.article = ? AND r.local = f.local
           WHERE f.evidence = ? ORDER BY 1""",
        (article, evidence),
    )
    return {"article": article, "type": type_, "sentence": sentence, "actors": [actor for (actor,) in actors]}


def _claim_anchor(db: sqlite3.Connection, claim: str) -> dict[str, Any]:
    """What a person reads in the file: which claim it was."""
    return {"claim": db.execute("SELECT text FROM claim WHERE id = ?", (claim,)).fetchone()[0]}


def _cited(db: sqlite3.Connection, article: str, details: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The article of an added claim, with the place of the sentence in it and its actors by their ids."""
    keys = find_articles(db, article, pending=False)
    if len(keys) != 1:
        raise UsageError(f"{article}: {len(keys) or 'no'} such articles in the graph; name one by its key, URL or path")
    relation = load_schema().get(str(details.get("type")))
    if relation is None:
        raise UsageError(f"{details.get('type')}: no relation type; known: {', '.join(load_schema())}")
    (text,) = db.execute("SELECT text FROM article WHERE key = ?", keys).fetchone()
    start = text.find(details["sentence"])
    if start < 0:
        raise UsageError(f"{article}: it does not contain {details['sentence']!r}; quote it word for word")
    roles = {role: [resolve(db, name) for name in names] for role, names in details["roles"].items()}
    if wrong := [role for role in roles if role not in relation.roles]:
        raise UsageError(
            f"{relation.name} has no role {wrong[0]}; its roles: {', '.join(dict.fromkeys(relation.roles))}"
        )
    needed = {role: relation.key_roles.count(role) for role in relation.key_roles}
    if missing := [role for role, count in needed.items() if len(roles.get(role, ())) < count]:
        raise UsageError(f"{relation.name} needs {needed[missing[0]]} {missing[0]}: write {missing[0]}=NAME")
    return keys[0], details | {"roles": roles, "start": start, "end": start + len(details["sentence"])}


def list_orphans(db: sqlite3.Connection) -> dict[str, str]:
    """The decisions that fit nothing now, by their ids, and why."""
    return dict(db.execute("SELECT decision, why FROM orphan ORDER BY decision"))


def shown(decision: Decision) -> str:
    """A decision as one line for a person."""
    words = [decision.action.replace("_", " "), decision.target, decision.field, decision.value]
    about = decision.details.get("sentence") or decision.details.get("claim") or decision.details.get("name") or ""
    made = " ".join(filter(None, (decision.who, decision.when[:10])))
    return f"{' '.join(filter(None, words))} ({made}){f': {decision.why}' if decision.why else ''}" + (
        f" [{json.dumps(about, ensure_ascii=False)[1:-1]}]" if about else ""
    )
