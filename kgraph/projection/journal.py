"""What a change changed: how claims came, changed and went (past_claim), and which rows are otherwise since when (changed)."""

from __future__ import annotations

import sqlite3
from operator import itemgetter

from kgraph.evidence import Row, set_meta

# The rows of the graph that hang together with a row of a table: what they are, and where its id stands.
HANGS_ON = {
    "actor": (("actor", 0),), "background": (("actor", 1),), "claim": (("claim", 0),), "claim_role": (("claim", 0),),
    "claim_evidence": (("claim", 0), ("evidence", 1)), "conflict": (("claim", 0),), "edge": (("edge", 0),),
    "resolution": (("article", 0),), "revision": (("evidence", 0),), "added": (("evidence", 0),),
}  # fmt: skip
# What past_claim keeps of a claim: from its type to its stage, and on.
_STATE = """type text status latest_status stage realised current disputed articles origins denying_origins
    review_status""".split()
BATCH = 20_000


class Journal:
    """Notes what writers tell it, under the number of a change and its time."""

    def __init__(self, db: sqlite3.Connection, change: int, at: str, *, whole: bool) -> None:
        self._db, self._change, self._at, self._whole = db, change, at, whole
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('claim')")]
        self._state = itemgetter(*(columns.index(name) for name in _STATE))
        self._past: list[Row] = []
        self._changed: set[tuple[str, object]] = set()

    def watches(self, table: str) -> bool:
        """Whether anything is noted of a table."""
        return table == "claim" or (not self._whole and table in HANGS_ON)

    def note(self, table: str, before: Row | None, after: Row | None) -> None:
        """A row as it was and as it is."""
        if table == "claim":
            self._remember(before, after)
        if not self._whole:
            for what, column in HANGS_ON.get(table, ()):
                self._changed.add((what, (after or before or ())[column]))

    def _remember(self, before: Row | None, after: Row | None) -> None:
        row = after or before
        assert row is not None
        state = self._state(row)
        if before and after and state == self._state(before):
            return
        what = "gone" if after is None else "changed" if before else "new"
        self._past.append((row[0], self._change, self._at, what, *state))
        if len(self._past) >= BATCH:
            self._write_past()

    def _write_past(self) -> None:
        marks = ", ".join("?" * (4 + len(_STATE)))
        self._db.executemany(f"INSERT OR REPLACE INTO main.past_claim VALUES ({marks})", self._past)
        self._past = []

    def mark(self, what: str, ids: str) -> None:
        """Notes that some rows are otherwise: those whose ids a query gives."""
        if not self._whole:
            self._changed.update((what, id) for (id,) in self._db.execute(ids))

    def close(self) -> None:
        """Writes all that was noted."""
        self._write_past()
        self._db.executemany(
            "INSERT OR REPLACE INTO main.changed VALUES (?, ?, ?)",
            ((what, id, self._change) for what, id in sorted(self._changed, key=str)),
        )

    def begin_anew(self) -> None:
        """Any row may be another one since this change: the meta value whole says so, and `changed` is empty."""
        self._db.execute("DELETE FROM main.changed")
        set_meta(self._db, "whole", str(self._change))
