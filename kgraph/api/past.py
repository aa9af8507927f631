"""How a graph came to be: what changed between two days or two graphs, and the history of a claim."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kgraph.api.opened import Opened
from kgraph.api.options import Location, day_of
from kgraph.errors import UsageError
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    from datetime import date

    from kgraph.lookup import Actor
    from kgraph.lookup.answers import Changes, Past


class Chronicle(Opened):
    """A graph that has a history."""

    def diff(
        self,
        before: Location | date,
        after: Location | date,
        *,
        about: str | Actor | None = None,
        trust: str = DEFAULT,
    ) -> Changes:
        """What is new, changed and gone between two days of this graph, or between two graphs, claim by claim.

            print(graph.diff("2024-05-06", "2024-06-30"))

        before, after: a day (what was known on it), or a graph folder.
        about: only claims with this actor.
        trust: as for `claims`; what was not trusted enough before and is after is new.

        Returns the changes; as text they are a note to paste. Raises UsageError for what is neither day nor folder.
        """
        from kgraph.lookup.answers import Changes
        from kgraph.lookup.changes import compare

        self._now()
        earlier, later = self._at(before), self._at(after)
        return Changes(compare(earlier._states(about, least(trust)), later._states(about, least(trust))))

    def _at(self, which: Location | date) -> Self:
        """A graph folder, or this one as of a day."""
        shown = os.fspath(which) if isinstance(which, str | os.PathLike) else day_of(which)
        if Path(shown).is_dir():
            return type(self)(shown, say=self._say)
        if not shown[:1].isdigit():
            raise UsageError(f"{shown}: neither a graph folder nor a date like 2024-06-30")
        return self.during(as_of=shown)

    def _states(self, about: str | Actor | None, trust: float) -> Mapping[str, Any]:
        from kgraph.lookup.changes import states

        with type(self)(self.folder)._open() as db:  # by any name that it ever had
            actor = self._id_of(db, about) if about else None
        with self._open() as db:
            return states(db, about=actor, trust=trust)

    def history(self, name: str | Actor, *, trust: str = DEFAULT) -> list[Past]:
        """How a claim, the claims of an actor, or an article came to be as they are, the oldest first.

        name: the beginning of a claim's id, a name of an actor, or an article's key, URL or end of its path.
        trust: of an actor's claims only those that ever stood at this level.

        Raises UsageError where nothing, or more than one article, goes by it.
        """
        from kgraph.lookup.answers import Past
        from kgraph.lookup.changes import history

        self._now()
        with self._open() as db:
            return [Past(**row) for row in history(db, name if isinstance(name, str) else name.id, trust=least(trust))]
