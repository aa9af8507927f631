"""Asking a graph in Cypher: the saved questions, and one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kgraph.api.opened import Opened
from kgraph.api.options import Password, level_of, password_of
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    from kgraph.graph import Answer, Store
    from kgraph.graph.questions import Question


class Questions(Opened):
    """A graph that can be asked."""

    def query(
        self,
        name: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        trust: str = DEFAULT,
        roll_up: str | None = None,
        seconds: float | None = 60,
        rows: int | None = None,
        store: str | None = None,
        user: str = "neo4j",
        password: Password = "",
        **parameters: object,
    ) -> Answer:
        """The answer to a saved question.

            for row in graph.query("who-arms", actor="Ukraine").rows:
                print(row["supplier"], row["item"], row["realised"])

        name: one that `kgraph.questions()` lists, or a .cypher file of your own.
        parameters: what the question asks for first; those named like an option here go into `values`.
        trust: as for `claims`: the question has the score that a claim needs as its parameter $trust.
        roll_up: as for `claims`.
        seconds, rows: cut it off after so long; give at most so many rows.
        store: the address of a Neo4j to ask instead, like bolt://localhost:7687, with `user` and `password`.

        Returns an answer with `columns` and `rows`, each a dict. Raises UsageError for a question that there is not,
        parameters that do not fit, and what takes too long.
        """
        from kgraph.graph import Limits
        from kgraph.graph.questions import ask, find_question

        question = find_question(name)
        typed = {key: str(value) for key, value in {**(values or {}), **parameters}.items() if value is not None}
        with self._store(store, user, password, roll_up) as opened:
            answer = ask(opened, question, typed, trust=least(trust), roll_up=roll_up, limits=Limits(seconds, rows))
        if name.endswith(".cypher"):
            self._warn(question.text)
        return answer

    def cypher(
        self,
        text: str,
        *,
        trust: str = DEFAULT,
        seconds: float | None = 60,
        rows: int | None = None,
        store: str | None = None,
        user: str = "neo4j",
        password: Password = "",
    ) -> Answer:
        """The answer to a question in Cypher, which may only read. `say` is warned of names that no graph has.

            graph.cypher(
                "MATCH (a:Actor)-[r:SUPPLIES]->(b:Actor) WHERE r.realised AND r.trust >= $trust "
                "RETURN a.name AS by, b.name AS to"
            )

        Without such a condition it sees all that was read, however sure. The options are those of `query`. Raises
        UsageError for what would change the graph, or takes too long.
        """
        from kgraph.graph import Limits
        from kgraph.graph.questions import cypher

        with self._store(store, user, password) as opened:
            answer = cypher(opened, text, Limits(seconds, rows), trust=least(trust))
        self._warn(text)
        return answer

    def _warn(self, text: str) -> None:
        from kgraph.graph.cypher import doubts

        for doubt in doubts(text):
            self._say(f"Warning: {doubt}")

    def _store(self, url: str | None, user: str, password: Password, roll_up: str | None = None) -> Store:
        from kgraph.graph import open_store

        level = level_of(roll_up) if roll_up else None
        if url is not None:
            shown = repr(self._period) if self._period else ""
            return open_store(self.folder, url, user=user, password=password_of(password), roll_up=level, period=shown)
        with type(self)(self.folder)._open():  # there is something in it
            pass
        if not self._period:
            return open_store(self.folder, roll_up=level, say=self._say)
        from kgraph.lookup.periods import restrict

        period = self._period
        return open_store(
            self.folder, roll_up=level, say=self._say, period=repr(period), narrow=lambda db: restrict(db, period)
        )


def questions() -> list[Question]:
    """The saved questions that any graph can be asked, by theme: their names, parameters and columns."""
    from kgraph.graph.questions import by_theme

    return by_theme()


def question(name: str) -> Question:
    """A saved question by its name, or one in a .cypher file. Raises UsageError where there is none."""
    from kgraph.graph.questions import find_question

    return find_question(name)
