"""What people decide about a graph, and what they should look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgraph.api.opened import Opened
from kgraph.api.options import Location
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    import sqlite3

    from kgraph.decisions import Decision, Merged
    from kgraph.lookup.answers import Remark
    from kgraph.review import Part
    from kgraph.review.queue import Doubt


class Judgements(Opened):
    """A graph that people judge."""

    def decide(
        self,
        action: str,
        target: str,
        value: str = "",
        *,
        field: str = "",
        who: str = "",
        why: str = "",
        details: Mapping[str, Any] | None = None,
        settle: bool = True,
    ) -> Decision:
        """Writes down a decision of a person, and computes what follows from it.

            made = graph.decide("reject", graph.claims()[0].id, who="ann", why="a headline")
            graph.undo(made.id)

        action: accept, reject or disbelieve a claim or a piece of evidence; edit one (`field`); same, not_same or unsure
        of two actors (`value` is the other); kind of an actor; comment on anything; outlet (`value` is its letter);
        add a claim, actor (`details`).
        target: what it is about.
        who, why: kept with it.
        settle: False leaves computing what follows to `refresh`.

        Returns the decision; `undo` takes it back by its id. Raises UsageError for what is not there, DecisionError for
        what makes no sense.
        """
        from kgraph.review import decide

        return decide(
            self._now(),
            action,
            target,
            value,
            field=field,
            who=who,
            why=why,
            details=details,
            settle=settle,
            waiting=self._say,
        )

    def undo(self, decision: str, *, who: str = "", why: str = "", settle: bool = True) -> Decision:
        """Takes back a decision, by a further one.

        decision: the beginning of its id.
        who, why, settle: as for `decide`.

        Raises DecisionError where none that stands, or more than one, has an id that begins so.
        """
        from kgraph import decisions, review
        from kgraph.folder import Folder

        if settle:
            return review.undo(self._now(), decision, who=who, why=why, waiting=self._say)
        return decisions.undo(Folder(self._now()).decisions, decision, who=who, why=why)

    def merge(self, other: Location) -> Merged:
        """Takes over the decisions of a colleague's file, all of them or none, and computes what follows.

        Returns what was added and what contradicts one's own. Raises DecisionError, naming each line that cannot be taken.
        """
        from kgraph.review import merge

        return merge(self._now(), Path(other), waiting=self._say)

    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that stand, in the order in which they were made."""
        from kgraph.decisions import load_decisions
        from kgraph.folder import Folder

        return load_decisions(Folder(self.folder).decisions)

    def orphans(self) -> dict[str, str]:
        """The decisions that fit nothing now, by their ids, and why."""
        from kgraph.review import list_orphans

        with self._open() as db:
            return list_orphans(db)

    def doubts(self, *, trust: str = DEFAULT) -> list[Doubt]:
        """What a person should look at first: weak claims on busy actors, and actors that may be one.

        trust: claims that a level shows, and those that it just does not show; of the same weight the less sure ones first.
        """
        from kgraph.review.queue import doubts

        with self._open() as db:
            return doubts(db, self.decisions(), least(trust))

    def parts(self, evidence: str) -> list[Part]:
        """What a piece of evidence says that a person may correct with an edit, by its whole id.

        Raises UsageError where there is none.
        """
        from kgraph.review import parts

        with self._open() as db:
            return parts(db, self.decisions(), evidence)

    def _remarks(self, db: sqlite3.Connection) -> dict[str, tuple[Remark, ...]]:
        from kgraph.lookup.answers import Remark
        from kgraph.review import notes

        found = notes(db, self.decisions()).remarks
        return {
            id: tuple(Remark(": ".join(filter(None, (one.value, one.why))), one.who, one.when) for one in some)
            for id, some in found.items()
        }
