"""Reviewing a graph: decisions about what is there now, made findable again and taken over at once."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kgraph import decisions
from kgraph.decisions import CITED, DATES, PAIRS, VALUES, VERDICTS, Decision, Merged, add_decision, load_decisions, said
from kgraph.decisions import undo as undo_decision
from kgraph.decisions.checks import find_unfit, find_wrong, unfit_role
from kgraph.errors import DecisionError, StoreError, UsageError
from kgraph.folder import Folder, Location
from kgraph.folder.articles import find_articles, find_today, is_citation
from kgraph.lookup import resolve
from kgraph.projection.judgement import Correction
from kgraph.schema import load_schema

ABOUT_EVIDENCE = (*VERDICTS, "edit")
ABOUT_ACTORS = (*PAIRS, "kind")


def decide(
    folder: Location,
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
    folder = Folder(folder)
    folder.check()
    asked = Decision(action, target, value, who, "", why, field, {} if details is None else details)
    if wrong := find_wrong(said(asked)):
        raise DecisionError(f"{wrong}; nothing was decided")
    standing = load_decisions(folder.decisions)
    with folder.read() as db:
        target, value, found = _found(db, action, target, value, field, dict(asked.details))
        if action == "edit" and field in DATES and value:
            _check_order(db, standing, target, field, value)
    made = add_decision(folder.decisions, action, target, value, who=who, why=why, field=field, details=found)
    if settle:
        _follow(folder, waiting)
    return made


def _follow(folder: Folder, waiting: Callable[[str], None] | None) -> None:
    from kgraph.build import refresh  # here, since it takes its time to load: who only looks does without

    refresh(folder, waiting=waiting)


def _check_order(db: sqlite3.Connection, standing: Iterable[Decision], evidence: str, field: str, value: str) -> None:
    """What begins does not begin after its end."""
    dates = {part.field: part.shown for part in parts(db, standing, evidence)} | {field: value}
    since, until = (dates[name] for name in DATES)
    if since and until and since > until:
        other = DATES[field == DATES[0]]
        raise UsageError(f"eventFrom {since} would be after eventTo {until}; correct {other} first")


def undo(
    folder: Location, beginning: str, *, who: str = "", why: str = "", waiting: Callable[[str], None] | None = None
) -> Decision:
    """Takes back a decision and computes what follows."""
    folder = Folder(folder)
    folder.check()
    made = undo_decision(folder.decisions, beginning, who=who, why=why)
    _follow(folder, waiting)
    return made


def merge(folder: Location, other: Path, *, waiting: Callable[[str], None] | None = None) -> Merged:
    """Adds the decisions of a colleague's file and computes what follows."""
    folder = Folder(folder)
    folder.check()
    done = decisions.merge(folder.decisions, other, type_of=lambda evidence: _type_of(folder, evidence))
    _follow(folder, waiting)
    return done


def _type_of(folder: Folder, evidence: str) -> str | None:
    """What type an evidence of the graph has; None where the graph does not know it."""
    with suppress(StoreError), folder.read() as db:
        found = db.execute("SELECT type FROM told WHERE id = ?", (evidence,)).fetchone()
        return found and str(found[0])
    return None


def _found(
    db: sqlite3.Connection, action: str, target: str, value: str, field: str, details: dict[str, Any]
) -> tuple[str, str, dict[str, Any]]:
    """Target, value and details with ids in the place of what was typed."""
    if action in ABOUT_EVIDENCE or action == "credibility":
        wrong = details.get("instead")
        target, details = _anchored(db, target, action)
        if action == "edit" and field.startswith("role:"):
            if unfit := unfit_role(field.removeprefix("role:"), str(details["type"])):
                raise UsageError(unfit)
            value = resolve(db, value) if value else ""
            details |= {"instead": resolve(db, wrong)} if wrong else {}
    elif action == "comment":
        target, details = _remarked(db, target)
    elif action in ABOUT_ACTORS:
        target = resolve(db, target)
        value = resolve(db, value) if action in PAIRS else value
    elif action == "add":
        target, details = _cited(db, target, details)
    elif action == "actor" and details.get("country"):
        details["country"] = resolve(db, details["country"])
    return target, value, details


def _anchored(db: sqlite3.Connection, beginning: str, action: str) -> tuple[str, dict[str, Any]]:
    """The evidence or claim whose id begins so, with what finds it again when an upgrade has changed its id."""
    evidence, claims = _beginning(db, beginning)
    if action == "edit" and claims and not evidence:
        raise UsageError(f"{beginning}: a claim; edit one of its evidence (`kgraph explain {beginning}` prints them)")
    if action == "credibility":
        evidence = []
    if not beginning or len(evidence) + len(claims) != 1:
        raise UsageError(
            f"{len(evidence) + len(claims) or 'no'} claims and evidence have an id that begins with {beginning!r}; "
            "`kgraph claims` and `kgraph explain` print the ids"
        )
    if evidence and db.execute("SELECT 1 FROM added WHERE id = ?", evidence).fetchone():
        advice = f"`kgraph undo {evidence[0][:8]}` takes it back, and its claim can be judged"
        raise UsageError(f"{beginning}: a person added it; {advice}")
    return (evidence[0], _anchor(db, evidence[0])) if evidence else (claims[0], _claim_anchor(db, claims[0]))


def _beginning(db: sqlite3.Connection, beginning: str) -> tuple[list[str], list[str]]:
    """The evidence and the claims whose ids begin so, looked up by the tables' keys."""
    found = (
        [
            id
            for (id,) in db.execute(f"SELECT id FROM {table} WHERE id >= ?1 AND id < ?1 || char(1114111)", (beginning,))
        ]
        for table in ("evidence", "added", "claim")
    )
    read, added, claims = found
    return [*read, *added], claims


def _remarked(db: sqlite3.Connection, typed: str) -> tuple[str, dict[str, Any]]:
    """What a remark is about: an evidence, a claim, an article, an outlet or an actor."""
    if len(typed) >= 4 and any(_beginning(db, typed)):
        return _anchored(db, typed, "comment")
    if len(keys := find_articles(db, typed, pending=False)) == 1:
        return keys[0], {}
    if db.execute("SELECT 1 FROM outlet WHERE name = ?", (typed,)).fetchone():
        return typed, {}
    return resolve(db, typed), {}


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
    """The article or source of an added claim, with the place of the sentence in it and its actors by their ids."""
    target, start = _source(db, article, details)
    if details["type"] not in load_schema():
        raise UsageError(f"{details['type']}: no relation type; known: {', '.join(load_schema())}")
    roles = {role: [resolve(db, name) for name in names] for role, names in details["roles"].items()}
    if wrong := find_unfit({"action": "add", "target": target, "details": details | {"roles": roles}}):
        raise UsageError(wrong)
    return target, details | {"roles": roles, "start": start, "end": start + len(details["sentence"])}


def _source(db: sqlite3.Connection, name: str, details: dict[str, Any]) -> tuple[str, int]:
    """The key of an article and where the sentence stands in it, or what is cited that is no article."""
    keys = [key for key in find_articles(db, name, pending=False) if not is_citation(db, key)]
    if "source" in details:
        if keys:
            raise UsageError(f"{name}: an article of the graph; leave --cite away")
        return f"{CITED}{name.removeprefix(CITED)}", 0
    if len(keys) != 1:
        hint = "name one by its key, URL or path, or cite a source that is no article with --cite"
        raise UsageError(f"{name}: {len(keys) or 'no'} such articles in the graph; {hint}")
    (text,) = db.execute("SELECT text FROM article WHERE key = ?", keys).fetchone()
    start = text.find(details["sentence"])
    if start < 0:
        raise UsageError(f"{name}: it does not contain {details['sentence']!r}; quote it word for word")
    return keys[0], start


# What was said of it. -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notes:
    """What people said, by the ids of evidence, claims and actors as they are now (or the name of anything else)."""

    remarks: Mapping[str, list[Decision]]
    verdicts: Mapping[str, Decision]  # the last one on each


def notes(db: sqlite3.Connection, made: Iterable[Decision]) -> Notes:
    """Remarks and verdicts of some decisions, on what they are about today."""
    remarks, verdicts = defaultdict[str, list[Decision]](list), dict[str, Decision]()
    for decision in made:
        if decision.action == "comment":
            remarks[_today(db, decision)].append(decision)
        elif decision.action in ABOUT_EVIDENCE:
            verdicts[_today(db, decision)] = decision
    return Notes(remarks, verdicts)


def _today(db: sqlite3.Connection, decision: Decision) -> str:
    """The id that the target of a decision goes by now: actors are merged, an upgrade gives evidence new ids."""
    if found := db.execute("SELECT new FROM redirect WHERE old = ?", (decision.target,)).fetchone():
        return str(found[0])
    article, *words = (decision.details.get(name) for name in ("article", "sentence", "type"))
    if article is None or None in words:  # an article, or anything else
        return next(iter(find_today(db, decision.target)), decision.target)
    if db.execute("SELECT 1 FROM evidence WHERE id = ?", (decision.target,)).fetchone():
        return decision.target
    for key in find_today(db, str(article)):
        same = db.execute(
            "SELECT id FROM evidence WHERE article = ? AND sentence = ? AND type = ?", (key, *words)
        ).fetchall()
        if len(same) == 1:
            return str(same[0][0])
    return decision.target


@dataclass(frozen=True, slots=True)
class Part:
    """Something that an evidence says and that a person may correct."""

    field: str  # as in an edit: status, eventFrom, …, role:recipient
    shown: str  # what it is now; for a role who takes it
    instead: str = ""  # who takes it, where several share the role

    @property
    def choices(self) -> tuple[str, ...]:
        """What it can be, where that is one of a few words."""
        return tuple(filter(None, VALUES.get(self.field, ())))


def parts(db: sqlite3.Connection, made: Iterable[Decision], evidence: str) -> list[Part]:
    """What an evidence says, with the decisions that are not yet computed, in the order of the schema."""
    edits = [d for d in made if d.action == "edit" and _today(db, d) == evidence]
    names = {"eventFrom": "event_from", "eventTo": "event_to", "datePrecision": "date_precision"}
    columns = [*VALUES, *DATES]
    text = f"SELECT type, {', '.join(names.get(name, name) for name in columns)} FROM told WHERE id = ?"
    found = db.execute(text, (evidence,)).fetchone()
    if found is None:
        raise UsageError(f"{evidence}: no evidence has this id; `kgraph explain` prints the ids")
    type_, *said = found
    right = {d.field: d.value for d in edits}
    plain = [Part(name, right.get(name, value or "")) for name, value in zip(columns, said, strict=True)]
    return [*plain, *_role_parts(db, edits, evidence, type_)]


def _role_parts(db: sqlite3.Connection, edits: list[Decision], evidence: str, type_: str) -> Iterator[Part]:
    filled = defaultdict[str, list[str]](list)
    for role, actor in db.execute(
        """SELECT DISTINCT f.role, r.actor FROM filler AS f JOIN evidence AS e ON e.id = f.evidence
           JOIN resolution AS r ON r.article = e.article AND r.local = f.local
           WHERE f.evidence = ? ORDER BY f.role, f.start""",
        (evidence,),
    ):
        filled[role].append(actor)
    roles = tuple((role, actor) for role, some in filled.items() for actor in some)
    for edit in edits:
        if edit.field.startswith("role:"):
            wrong = str(edit.details.get("instead", ""))
            roles = Correction(edit.field.removeprefix("role:"), edit.value, wrong).apply(roles)
    for role in dict.fromkeys(load_schema()[type_].roles):
        own = [actor for one, actor in roles if one == role]
        for actor in own or [""]:
            yield Part(f"role:{role}", _name(db, actor), actor if len(own) > 1 else "")


def _name(db: sqlite3.Connection, actor: str) -> str:
    found = db.execute("SELECT name FROM actor WHERE id = ?", (actor,)).fetchone()
    return str(found[0]) if found else actor


def list_orphans(db: sqlite3.Connection) -> dict[str, str]:
    """The decisions that fit nothing now, by their ids, and why."""
    return dict(db.execute("SELECT decision, why FROM orphan ORDER BY decision"))
