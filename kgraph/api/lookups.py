"""Looking at a graph: actors, claims, dossiers, ways between actors, counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.api.judgements import Judgements
from kgraph.api.options import Location, kind_of, level_of, status_of, type_of
from kgraph.errors import UsageError
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    import sqlite3

    from kgraph.lookup import Actor, Claim, Edge, Quote
    from kgraph.lookup.answers import Dossier, Explanation, Remark, Step
    from kgraph.lookup.counts import Outlet
    from kgraph.lookup.networks import Hop, Stats


class Lookups(Judgements):
    """A graph that is looked at."""

    def actors(self, *, kind: str | None = None) -> list[Actor]:
        """The actors that the articles name, the most named first.

        kind: only those of a kind, such as "Group" (see Kind).
        """
        from kgraph import lookup

        with self._open() as db:
            return lookup.actors(db, kind=kind_of(kind) if kind else None)

    def actor(self, name: str) -> Actor:
        """The actor that goes by a name, an alias or an id.

        Raises UsageError where nobody does, with who is meant perhaps, or where several do.
        """
        from kgraph import lookup

        with self._open() as db:
            return lookup.actors_with(db, [self._id_of(db, name)])[0]

    def articles_of(self) -> dict[str, list[str]]:
        """For each actor, by its id, the articles that name it, by their paths, URLs or keys."""
        from kgraph import lookup

        with self._open() as db:
            return lookup.articles_of(db)

    def claims(
        self,
        *,
        about: str | Actor | None = None,
        type: str | None = None,
        status: str | None = None,
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
    ) -> list[Claim]:
        """The claims that fit, the newest first, each with who does what to whom, how sure, and in how many articles.

        about: only those with this actor.
        type: only those of a relation type, such as "SUPPLIES".
        status: only those with a status, such as "planned" (see Status).
        realised: only what is said to have happened or to hold.
        trust: how surely they must be right: "sure", "likely", or "all" for everything that was read.
        roll_up: "state" lifts actors to their state, "family" weapons to their family; in brackets stands who was named.

        The `quotes` of a claim are the sentences behind it; asked for one, those of all these claims are looked up at once.
        Raises UsageError for an actor, type, status or level of trust that there is not.
        """
        from kgraph import lookup

        with self._open() as db:
            actor = self._id_of(db, about) if about else None
            found = lookup.claims(
                db,
                about=actor,
                type=type_of(type) if type else None,
                status=status_of(status) if status else None,
                realised=realised,
                trust=least(trust),
                opened=self._open,
            )
            return lookup.roll_up(db, found, level_of(roll_up)) if roll_up else found

    def edges(
        self, *, about: str | Actor | None = None, hops: int = 1, realised: bool = False, trust: str = DEFAULT
    ) -> list[Edge]:
        """The lines of the graph: what claims come to between two actors, in one direction.

        about: only those between the actors at most some steps away from this one.
        hops: how many steps.
        realised, trust: as for `claims`.
        """
        from kgraph import lookup

        with self._open() as db:
            found = lookup.edges(db, about=self._id_of(db, about) if about else None, hops=hops, trust=least(trust))
            return [edge for edge in found if edge.realised or not realised]

    def quotes(self, claim: str) -> tuple[Quote, ...]:
        """The sentences behind a claim, by the beginning of its id, the oldest article first.

        Raises UsageError where no claim, or more than one, has an id that begins so.
        """
        from kgraph import lookup

        with self._open() as db:
            id = lookup.claim(db, claim).id
            return tuple(lookup.quotes(db, id)[id])

    def show(self, name: str | Actor, *, trust: str = DEFAULT) -> Dossier:
        """All about one actor: its names, what the catalogue says of it, its claims, and what people remarked.

            dossier = graph.show("Hizbollah")
            print(dossier.actor.name, dossier.actor.aliases, len(dossier.claims))

        trust: as for `claims`.

        Raises UsageError where nobody goes by the name.
        """
        from kgraph import lookup
        from kgraph.lookup.answers import Background, Dossier
        from kgraph.view import background

        with self._open() as db:
            id = self._id_of(db, name)
            (actor,) = lookup.actors_with(db, [id])
            ties = [Background(tie["label"], tie["name"], tie["from"], tie["to"]) for tie in background(db, [id])[id]]
            claims = lookup.claims(db, about=id, trust=least(trust), opened=self._open)
            return Dossier(actor, tuple(ties), tuple(claims), self._remarks(db).get(id, ()))

    def explain(self, claim: str) -> Explanation:
        """A claim with the sentences behind it (speaker, status, cues, reader, article) and what people remarked.

        claim: the beginning of its id; it is explained whatever its trust.

        Raises UsageError where no claim, or more than one, has an id that begins so.
        """
        from kgraph import lookup
        from kgraph.lookup.answers import Explanation

        with self._open() as db:
            found = lookup.claim(db, claim, opened=self._open)
            behind = lookup.quotes(db, found.id)[found.id]
            found.sentences.found = {found.id: behind}
            remarks = self._remarks(db)
            ids = [quote.id for quote in behind if quote.id in remarks]
            return Explanation(found, remarks.get(found.id, ()), {id: remarks[id] for id in ids})

    def remarks(self, *ids: str) -> list[Remark]:
        """What people remarked on claims, sentences, actors or anything else, by their ids, in the order of these."""
        with self._open() as db:
            found = self._remarks(db)
            return [remark for id in ids for remark in found.get(id, ())]

    def path(
        self,
        start: str | Actor,
        end: str | Actor,
        *,
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
        limit: int = 5,
    ) -> list[tuple[Step, ...]]:
        """All shortest ways between two actors, along edges of any direction, with the claims and sentences on each step.

            for step in graph.path("Russia", "Hezbollah")[0]:
                for line in step.lines:
                    print(line.source.name, line.type, line.target.name, line.quotes[0].sentence)

        realised: only along what is said to have happened or to hold.
        trust, roll_up: as for `claims`.
        limit: at most so many.

        Raises UsageError where none joins them, or `limit` is below 1.
        """
        if limit < 1:
            raise UsageError(f"{limit} paths cannot be found: ask for at least one")
        from kgraph.lookup import networks

        with self._open() as db:
            ways = networks.shortest_paths(
                db,
                self._id_of(db, start),
                self._id_of(db, end),
                realised=realised,
                trust=least(trust),
                limit=limit,
                lift=self._lifted(db, roll_up),
            )
            return self._named(db, ways, least(trust))

    def _named(self, db: sqlite3.Connection, ways: Sequence[tuple[Hop, ...]], trust: float) -> list[tuple[Step, ...]]:
        """Ways with their actors, and with the claims behind each line that are trusted enough."""

        from kgraph import lookup
        from kgraph.lookup.answers import Line, Step

        hops = [hop for way in ways for hop in way]
        ties = [tie for hop in hops for tie in hop.ties]
        ends = {end for one in ties for end in (one.source, one.target)} | {
            x for hop in hops for x in (hop.start, hop.end)
        }
        actors = {actor.id: actor for actor in lookup.actors_with(db, ends)}
        claims = lookup.claims_behind(db, [tie.edge for tie in ties], trust)
        ids = [*dict.fromkeys(id for some in claims.values() for id in some)]
        behind = lookup.sentences_of(ids, self._open, trust)
        lines = {
            tie.edge: Line(
                tie.edge,
                tie.type,
                actors[tie.source],
                actors[tie.target],
                tie.status,
                tie.realised,
                tie.trust,
                tie.articles,
                claims[tie.edge],
                behind,
            )
            for tie in ties
        }
        return [
            tuple(Step(actors[hop.start], actors[hop.end], tuple(lines[tie.edge] for tie in hop.ties)) for hop in way)
            for way in ways
        ]

    def stats(self, *, trust: str = DEFAULT, roll_up: str | None = None) -> Stats:
        """What the graph consists of: articles, actors, claims and edges by kind, and its busiest actors.

        trust, roll_up: as for `claims`; `levels` says how many claims there are at each level.
        """
        from kgraph.lookup import networks

        with self._open() as db:
            return networks.stats(db, trust=least(trust), lift=self._lifted(db, roll_up))

    def levels(self) -> dict[str, int]:
        """How many claims stand at each level of trust, and not at a stricter one."""
        from kgraph.lookup import counts

        with self._open() as db:
            return counts.levels(db)

    def outlets(self, *, owners: Location | None = None) -> list[Outlet]:
        """Who brought the articles: outlets with counts, Admiralty letters and owners, those with most articles first.

        owners: a CSV file with the columns outlet and owner, which the graph takes over first: outlets of one owner
        count as one origin.
        """
        from kgraph.lookup import counts

        if owners is not None:
            self._take_owners(Path(owners))
        with self._open() as db:
            return counts.outlets(db)

    def _take_owners(self, file: Path) -> None:
        from kgraph.build import refresh
        from kgraph.copies import load_owners
        from kgraph.files import copy_whole
        from kgraph.folder import Folder

        folder = Folder(self._now())
        folder.check()
        if not file.exists():
            raise UsageError(f"{file}: there is no such file; name a CSV file with the columns outlet and owner")
        load_owners(file)  # what is wrong with it is said before it is taken
        copy_whole(file, folder.owners)
        refresh(self.folder, waiting=self._say)
