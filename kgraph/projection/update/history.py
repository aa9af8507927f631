"""How claims came, changed and went: writes past_claim."""

from __future__ import annotations

import sqlite3
from operator import itemgetter

from kgraph.folder.digests import signed
from kgraph.folder.tables import Row
from kgraph.trust import level_of

# What is kept of a claim: from its type to its stage, and on.
_STATE = """type text status latest_status stage realised current disputed articles origins denying_origins
    review_status trust""".split()
BATCH = 20_000


def _felt(state: Row) -> Row:
    """What makes another state of a claim: of its trust the level at which it is shown.

    A reader that was trained again gives nearly every claim another number. What nobody sees is no event.
    """
    *rest, trust = state
    return (*rest, level_of(trust) if isinstance(trust, float) else trust)


class History:
    """Notes what becomes of claims under the number of a change and its time."""

    def __init__(self, db: sqlite3.Connection, change: int, at: str) -> None:
        self._db, self._change, self._at = db, change, at
        columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('claim', 'main')")]
        self._state = itemgetter(*(columns.index(name) for name in _STATE))
        self._past: list[Row] = []

    def note(self, before: Row | None, after: Row | None) -> None:
        """The row of a claim as it was and as it is."""
        row = after or before
        assert row is not None
        state = self._state(row)
        if before and after and _felt(state) == _felt(self._state(before)):
            return
        what = "gone" if after is None else "changed" if before else "new"
        self._past.append((row[0], self._change, self._at, what, *state))
        if len(self._past) >= BATCH:
            self.write()

    def write(self) -> None:
        """Writes what was noted."""
        marks = ", ".join("?" * (4 + len(_STATE) + 1))
        self._db.executemany(f"INSERT OR REPLACE INTO main.past_claim VALUES ({marks})", signed(self._past))
        self._past = []
