"""What differs between two states of a graph, claim by claim: new, changed (and how), gone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kgraph.errors import UsageError
from kgraph.folder.articles import find_articles
from kgraph.lookup.names import resolve
from kgraph.safe_text import one_line
from kgraph.trust import LEVELS

COLUMNS = "id, type, text, status, realised, current, disputed, stage, articles, origins, denying_origins, last_reported, trust"


@dataclass(frozen=True, slots=True)
class State:
    """A claim as it was at some time."""

    id: str
    type: str
    text: str
    status: str
    realised: int
    current: int
    disputed: int
    stage: str
    articles: int
    origins: int
    denying_origins: int
    last_reported: str | None
    trust: float


@dataclass(frozen=True, slots=True)
class Change:
    """One claim that is new, changed or gone."""

    what: str  # new, changed, gone
    before: State | None
    after: State | None
    how: tuple[str, ...] = ()  # for a changed one: "planned became done", "now denied", …

    @property
    def claim(self) -> State:
        state = self.after or self.before
        assert state is not None
        return state

    def as_json(self) -> dict[str, Any]:
        one = self.claim
        return {
            "what": self.what, "claim": one.id, "type": one.type, "text": one.text, "how": list(self.how),
            "before": self.before.status if self.before else None, "after": self.after.status if self.after else None,
            "articles": one.articles, "origins": one.origins, "denyingOrigins": one.denying_origins,
            "lastReported": one.last_reported, "trust": one.trust,
        }  # fmt: skip


def states(
    db: sqlite3.Connection, table: str = "claim", *, about: str | None = None, trust: float = 0.0
) -> dict[str, State]:
    """The claims of a connection, or of another table of the same columns; `about` is the id of an actor in them."""
    own = "(:about IS NULL OR id IN (SELECT claim FROM claim_role WHERE actor = :about)) AND trust >= :trust"
    rows = db.execute(f"SELECT {COLUMNS} FROM {table} WHERE {own} ORDER BY id", {"about": about, "trust": trust})
    return {row[0]: State(*row) for row in rows}


def compare(before: Mapping[str, State], after: Mapping[str, State], *, trust: bool = False) -> list[Change]:
    """What differs, sorted by kind of change, type and text; with `trust` also what is more or less sure than before."""
    found = [Change("new", None, state) for id, state in after.items() if id not in before]
    found += [Change("gone", state, None) for id, state in before.items() if id not in after]
    for id in before.keys() & after.keys():
        if how := (*_how(before[id], after[id]), *(_surer(before[id], after[id]) if trust else ())):
            found.append(Change("changed", before[id], after[id], how))
    order = ("new", "changed", "gone")
    return sorted(found, key=lambda one: (order.index(one.what), one.claim.type, one.claim.text, one.claim.id))


def _how(before: State, after: State) -> Iterator[str]:
    """In what a claim differs that an analyst would call a change; more of the same is none."""
    if after.realised and not before.realised:
        yield f"{before.status} became {'done' if after.current else 'ended'}"
    elif before.realised and not after.realised:
        yield f"no longer said to have happened, now {after.status}"
    elif before.current and not after.current:
        yield "ended"
    elif after.current and not before.current and before.realised:
        yield "holds again"
    elif before.status != after.status:
        yield f"{before.status} became {after.status}"
    if after.denying_origins and not before.denying_origins:
        yield "now denied"
    if before.stage != after.stage and not after.realised:
        yield f"{before.stage} became {after.stage}"
    if before.disputed and not after.disputed:
        yield "no longer disputed"


def _surer(before: State, after: State) -> Iterator[str]:
    """Whether other levels of trust show a claim than did."""
    one, other = (sum(state.trust >= needed for needed in LEVELS.values()) for state in (before, after))
    if one != other:
        yield f"{'surer' if other > one else 'less sure'}: {before.trust} became {after.trust}"


def as_note(changes: Iterable[Change], title: str) -> str:
    """The changes as a text to paste: a heading a kind, a line a claim."""
    lines, last = [one_line(title)], ""
    for one in changes:
        if one.what != last:
            lines += ["", one.what.capitalize()]
            last = one.what
        lines.append(f"- {one_line(_line(one))}")
    return "\n".join(lines if last else [*lines, "", "Nothing changed."])


def _line(one: Change) -> str:
    claim = one.claim
    counts = _counts(claim.articles, claim.origins)
    what = "; ".join(one.how) if one.how else f"{claim.status}{', disputed' * bool(claim.disputed)}"
    return f"{claim.text}: {what} ({', '.join(filter(None, (claim.last_reported, counts, claim.id[:8])))})"


def _counts(articles: int, origins: int) -> str:
    return f"{articles} article{'s' * (articles != 1)}, {origins} origin{'s' * (origins != 1)}"


# History. -------------------------------------------------------------------------------------------------------------


def history(db: sqlite3.Connection, name: str, *, trust: float = 0.0) -> list[dict[str, Any]]:
    """How a claim (beginning of its id), an article (key, URL, end of path) or an actor's claims came to be as they are.

    Of an actor's claims those are told that ever had so much trust, each with all that it was.

    Raises UsageError where nothing goes by the name.
    """
    length = len(name)
    claims = [
        id
        for (id,) in db.execute("SELECT DISTINCT claim FROM past_claim WHERE substr(claim, 1, ?) = ?", (length, name))
    ]
    if len(claims) == 1 and length >= 4:
        return _claims(db, "claim = ?", (claims[0],))
    articles = find_articles(db, name, pending=False) or [
        key for (key,) in db.execute("SELECT DISTINCT key FROM past_article WHERE ? IN (key, url, path)", (name,))
    ]
    if len(articles) == 1:
        return _versions(db, articles[0])
    if articles:
        raise UsageError(f"{name}: could be {', '.join(articles[:5])}; name one of them in full")
    actor = resolve(db, name)
    shown = db.execute("SELECT name FROM actor WHERE id = ?", (actor,)).fetchone()[0]
    own = """(claim IN (SELECT claim FROM claim_role WHERE actor = ?) OR (what = 'gone' AND instr(text, ?)))
             AND claim IN (SELECT claim FROM past_claim WHERE trust >= ?)"""
    return _claims(db, own, (actor, shown, trust))


def _claims(db: sqlite3.Connection, which: str, values: tuple[str | float, ...]) -> list[dict[str, Any]]:
    rows = db.execute(
        f"""SELECT at, what, text, status, articles, origins, denying_origins, review_status, claim FROM past_claim
            WHERE {which} ORDER BY "change", text, claim""",
        values,
    )
    return [
        {
            "at": at, "what": what, "text": text,
            "status": ", ".join(filter(None, (status, review))),
            "counts": f"{_counts(articles, origins)}{f', {denying} denying' * bool(denying)}", "id": claim[:8],
        }
        for at, what, text, status, articles, origins, denying, review, claim in rows
    ]  # fmt: skip


def _versions(db: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    past = [
        {
            "at": read_at, "what": f"read, until {until}", "text": title or text[:60], "id": version[:8],
            "status": "no longer counts", "counts": f"{len(json.loads(said))} sentences of evidence",
        }
        for read_at, until, title, text, version, said in db.execute(
            "SELECT read_at, until, title, text, version, said FROM past_article WHERE key = ? ORDER BY read_at, until", (key,)
        )
    ]  # fmt: skip
    now = [
        {
            "at": read_at, "what": "read", "text": title or text[:60], "id": version[:8], "status": "counts",
            "counts": f"{count} sentences of evidence",
        }
        for read_at, title, text, version, count in db.execute(
            """SELECT read_at, title, text, version, (SELECT count(*) FROM evidence WHERE article = key)
               FROM article WHERE key = ?""",
            (key,),
        )
    ]  # fmt: skip
    return [*past, *now]
