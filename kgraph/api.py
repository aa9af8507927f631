"""What kgraph is for who programs: a graph folder as one object, and reading a text without one.

All of `Graph` goes to the rooms that do the work, which are loaded when they are needed: importing this costs nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kgraph.errors import StoreError, UsageError

if TYPE_CHECKING:
    import sqlite3
    from contextlib import AbstractContextManager
    from datetime import date

    from networkx import MultiDiGraph

    from kgraph.build.summary import Progress, Summary
    from kgraph.build.workers import Engine
    from kgraph.catalogue import Catalogue
    from kgraph.decisions import Decision, Merged
    from kgraph.graph import Answer, Store
    from kgraph.graph.push import PushSummary
    from kgraph.graph.questions import Question
    from kgraph.lookup import Actor, Claim, Edge, Quote
    from kgraph.lookup.answers import Changes, Community, Dossier, Explanation, Past, Remark, Step
    from kgraph.lookup.counts import Outlet
    from kgraph.lookup.networks import Broker, Central, Hop, Stats
    from kgraph.lookup.periods import Period
    from kgraph.records import Reading
    from kgraph.review import Part
    from kgraph.review.queue import Doubt
    from kgraph.view.notebook import Shown

Location = str | os.PathLike[str]  # of a file or folder
Say = Callable[[str], None]  # takes a line of talk
Password = str | Callable[[], str]  # or what gives it, when it is needed
Several = Location | Sequence[Location] | None  # one, several or none

log = logging.getLogger("kgraph")

MOST_DRAWN = 2000  # edges that a notebook draws unasked


class Graph:
    """A graph folder: build it, look at it, ask it, judge it, take it elsewhere.

    `Graph("x.kg")` opens nothing and makes nothing; the folder comes into being when it is first built. Each call sees
    the graph as it is then. Inside `with graph:` the database is opened once, so that many small lookups are quick and
    all see the same state. Actors may be given by any of their names, claims and decisions by the beginning of their ids.

    folder: where the graph is or will be.
    say: takes lines of talk, such as that another kgraph is waited for, or how many articles without a date a period
    leaves out; without it they go to the log "kgraph", as information.
    """

    def __init__(self, folder: Location, *, say: Say | None = None) -> None:
        self.folder = Path(folder)
        self._say: Say = say or log.info
        self._period: Period | None = None
        self._held: sqlite3.Connection | None = None
        self._closing: AbstractContextManager[Any] | None = None
        self._told = False  # what its period leaves out

    def __repr__(self) -> str:
        days = {name: getattr(self._period, name, None) for name in ("as_of", "since", "until")}
        shown = ", ".join(f"{name}={day!r}" for name, day in days.items() if day)
        return f"Graph({str(self.folder)!r}){f'.during({shown})' if shown else ''}"

    def __fspath__(self) -> str:
        return str(self.folder)

    def __enter__(self) -> Self:
        if self._held is not None:
            raise UsageError(f"{self.folder}: this Graph is opened already; make another Graph of the folder")
        self._closing = self._opened()
        self._held = self._closing.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        closing, self._held, self._closing = self._closing, None, None
        if closing:
            closing.__exit__(*error)

    # Making it. -------------------------------------------------------------------------------------------------------

    def build(
        self,
        *sources: Location,
        model: str | None = None,
        catalogue: Several = None,
        reread: bool = False,
        workers: int | None = 0,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Reads articles into the graph, and makes it where there is none; what is unchanged is not read again.

        sources: files, folders, feeds or URLs; "-" is standard input.
        model: another spaCy pipeline with a parser and names; the graph remembers it.
        catalogue: a CSV file with actors of your own, or several; the graph keeps a copy.
        reread: read those kept articles again that another version of kgraph, model or catalogue has read.
        workers: read in up to so many processes (None: one for each core), which end an article that hangs or takes
        too much memory; 0 reads right here, without limits. A script that asks for more needs
        `if __name__ == "__main__":` around what it does.
        seconds_per_article: set aside what takes longer (60 if not given), with workers.
        progress: is called with the summary after each article.

        Returns a summary: what was read, skipped and failed (`problems` says why), and what came and went in the graph.
        Raises UsageError where the graph was read with another model, KnowledgeError for a wrong catalogue file,
        StoreError where the folder cannot be used. An article that cannot be read raises nothing.
        """
        return self._build(
            sources,
            engine=_engine(workers, seconds_per_article),
            model=model,
            catalogue=catalogue,
            reread=reread,
            progress=progress,
        )

    def watch(
        self,
        *sources: Location,
        model: str | None = None,
        catalogue: Several = None,
        reread: bool = False,
        workers: int | None = 0,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Summary]:
        """Builds, then stays and reads what arrives in files and folders, until it is closed or interrupted.

        Takes what `build` takes, but no URLs and no standard input. Gives a summary of the first build, and one of each
        arrival. Raises what `build` raises.
        """
        from kgraph.build.watching import watch

        if any("://" in str(source) for source in sources):
            raise UsageError("a URL cannot be watched: name folders or files")
        if "-" in map(str, sources):
            raise UsageError("standard input cannot be watched: name folders or files")
        engine = _engine(workers, seconds_per_article)
        arrivals = watch([*map(str, sources)])  # what arrives while the first build runs is not missed
        yield self._build(
            sources,
            engine=engine,
            model=model,
            catalogue=catalogue,
            reread=reread,
            progress=progress,
            blank_stays=True,  # it remembers model and catalogue until something arrives
        )
        for arrived in arrivals:
            yield self._build(arrived, engine=engine)

    def _build(
        self,
        sources: Sequence[Location],
        *,
        engine: Engine,
        model: str | None = None,
        catalogue: Several = None,
        reread: bool = False,
        progress: Progress | None = None,
        blank_stays: bool = False,
    ) -> Summary:
        from kgraph.build import build

        return build(
            self._now(),
            [os.fspath(source) for source in sources],
            model=model,
            catalogue_files=_paths(catalogue),
            reread=reread,
            engine=engine,
            progress=progress,
            waiting=self._say,
            blank_stays=blank_stays,
        )

    def build_on_ray(
        self,
        *sources: Location,
        ray_address: str | None = None,
        evidence: str | None = None,
        load: bool = True,
        tidy: bool = False,
        model: str | None = None,
        catalogue: Several = None,
        reread: bool = False,
        workers: int | None = None,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Builds the same graph on a Ray cluster, or with Ray on this machine's cores, through Parquet files.

        ray_address: a cluster that runs, HOST:PORT, or "auto" on one of its machines; without it this machine.
        evidence: the folder or URL where what is read is written as Parquet; without it, in the graph folder.
        load: take it into the graph, too; False leaves it there, for `load`.
        tidy: delete there what earlier runs read and this one has not.
        The others are as for `build`, but for `workers`, which may not be 0.

        Returns a summary. Raises what `build` raises, and UsageError where the extra kgraph[ray] is not installed.
        """
        from kgraph.cluster import build_on_ray

        if workers == 0:
            raise UsageError("on Ray articles are read in processes: leave workers away, or say how many")
        return build_on_ray(
            self._now() if load else None,
            [os.fspath(source) for source in sources],
            evidence=evidence,
            address=ray_address,
            model=model,
            catalogue_files=_paths(catalogue),
            reread=reread,
            tidy=tidy,
            engine=_engine(workers, seconds_per_article),
            progress=progress,
            waiting=self._say,
        )

    def load(self, evidence: Location, *, progress: Progress | None = None) -> Summary:
        """Takes in what `build_on_ray` wrote as Parquet, here or elsewhere.

        evidence: the folder or URL.

        Returns a summary. Raises StoreError for what is damaged or missing.
        """
        from kgraph.cluster import load

        return load(self._now(), os.fspath(evidence), progress=progress, waiting=self._say)

    def remove(self, *articles: str) -> Summary:
        """Takes articles out, with all that they said.

        articles: each by its key, id, URL or the end of its path.

        Returns a summary. Raises UsageError for a name that none or several go by.
        """
        from kgraph.build import remove

        return remove(self._now(), articles, waiting=self._say)

    def refresh(self) -> Summary:
        """Brings up to date what follows from the articles, after a change of decisions, owners or catalogue files.

        Returns a summary.
        """
        from kgraph.build import refresh

        return refresh(self._now(), waiting=self._say)

    def rebuild(
        self,
        *,
        extract: bool = False,
        keep: Callable[[Changes], bool] | None = None,
        workers: int | None = 0,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Summary | None:
        """Computes all that follows anew, and brings an older database up to date.

        extract: also read every kept article again, from its stored text, with today's kgraph.
        keep: is asked with what changes, claim by claim, before it is kept; where it says False all stays as it was.
        The others are as for `build`.

        Returns a summary, or None where nothing was kept. Raises StoreError where the readings are damaged.
        """
        from kgraph.build import rebuild
        from kgraph.folder.settling import NotKept
        from kgraph.lookup.answers import Changes
        from kgraph.lookup.changes import compare, states

        def look(db: sqlite3.Connection) -> None:
            if keep and not keep(Changes(compare(states(db, "temp.claims_before"), states(db)))):
                raise NotKept

        engine = _engine(workers, seconds_per_article)
        try:
            return rebuild(self._now(), extract=extract, engine=engine, look=look, progress=progress, waiting=self._say)
        except NotKept:
            return None

    def check(self) -> list[str]:
        """Checks that the graph is whole: that files and rows are as they were written, and that all follows from them.

        Returns what is wrong, a line each; nothing for a whole graph. Raises StoreError where there is no graph.
        """
        from kgraph.build.check import check

        return check(self._now())

    @contextmanager
    def naming_damage(self) -> Iterator[None]:
        """Where what is done inside fails over what is in the graph, looks whether it is whole, and says so if not.

        Raises StoreError with what is damaged, else what was raised inside.
        """
        import sqlite3

        try:
            yield
        except (
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            AssertionError,
            RecursionError,
            sqlite3.Error,
        ) as error:
            from kgraph.build.check import STALE, check

            found = [line for line in check(self.folder) if not line.startswith(STALE)]
            if found:
                words = f"{self.folder}: damaged: {found[0]} (`kgraph check -g {self.folder}` says all)"
                raise StoreError(words) from error
            raise

    # Looking at it. ---------------------------------------------------------------------------------------------------

    def during(
        self,
        *,
        as_of: str | date | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
    ) -> Graph:
        """The graph as it was known by a day, or from what was reported between two days: exactly that of those articles.

        as_of: only what was known by this day; `current` then says what held on it.
        since: only what was reported from this day on.
        until: only what was reported until this day.
        Days are dates, or written like 2024-06-30. Articles without a date are in no period; `say` is told how many.

        Returns a Graph to look at. Every lookup computes it anew, `with graph.during(…) as then:` once for many. Raises
        UsageError for what is no day.
        """
        then = Graph(self.folder, say=self._say)
        if as_of or since or until:
            from kgraph.lookup.periods import Period, check_date

            then._period = Period(*(check_date(str(day)) if day else None for day in (as_of, since, until)))
        return then

    def actors(self, *, kind: str | None = None) -> list[Actor]:
        """The actors that the articles name, the most named first.

        kind: only those of a kind, such as "Group" (see Kind).
        """
        from kgraph import lookup

        with self._open() as db:
            return lookup.actors(db, kind=_kind(kind) if kind else None)

    def actor(self, name: str) -> Actor:
        """The actor that goes by a name, an alias or an id.

        Raises UsageError where nobody does, with who is meant perhaps, or where several do.
        """
        from kgraph import lookup

        with self._open() as db:
            return lookup.actors_with(db, [lookup.resolve(db, name)])[0]

    def articles_of(self) -> dict[str, list[str]]:
        """For each actor, by its id, the articles that name it, by their paths, URLs or keys."""
        from kgraph import lookup

        with self._open() as db:
            return lookup.articles_of(db)

    def claims(
        self,
        *,
        about: str | None = None,
        type: str | None = None,
        status: str | None = None,
        realised: bool = False,
        roll_up: str | None = None,
    ) -> list[Claim]:
        """The claims that fit, the newest first, each with who does what to whom, how sure, and in how many articles.

        about: only those with this actor.
        type: only those of a relation type, such as "SUPPLIES".
        status: only those with a status, such as "planned" (see Status).
        realised: only what is said to have happened or to hold.
        roll_up: "state" lifts actors to their state, "family" weapons to their family; in brackets stands who was named.

        The `quotes` of a claim are the sentences behind it; asked for one, those of all these claims are looked up at once.
        Raises UsageError for an actor, type or status that there is not.
        """
        from kgraph import lookup

        with self._open() as db:
            actor = lookup.resolve(db, about) if about else None
            found = lookup.claims(
                db,
                about=actor,
                type=_type(type) if type else None,
                status=_status(status) if status else None,
                realised=realised,
                opened=self._open,
            )
            return lookup.roll_up(db, found, _level(roll_up)) if roll_up else found

    def edges(self, *, about: str | None = None, hops: int = 1, realised: bool = False) -> list[Edge]:
        """The lines of the graph: what claims come to between two actors, in one direction.

        about: only those between the actors at most some steps away from this one.
        hops: how many steps.
        realised: only what is said to have happened or to hold.
        """
        from kgraph import lookup

        with self._open() as db:
            found = lookup.edges(db, about=lookup.resolve(db, about) if about else None, hops=hops)
            return [edge for edge in found if edge.realised or not realised]

    def quotes(self, claim: str) -> tuple[Quote, ...]:
        """The sentences behind a claim, by its whole id, the oldest article first."""
        from kgraph import lookup

        with self._open() as db:
            return tuple(lookup.quotes(db, claim)[claim])

    def show(self, name: str) -> Dossier:
        """All about one actor: its names, what the catalogue says of it, its claims, and what people remarked.

        Raises UsageError where nobody goes by the name.
        """
        from kgraph import lookup
        from kgraph.lookup.answers import Background, Dossier
        from kgraph.view import background

        with self._open() as db:
            id = lookup.resolve(db, name)
            (actor,) = lookup.actors_with(db, [id])
            ties = [Background(tie["label"], tie["name"], tie["from"], tie["to"]) for tie in background(db, [id])[id]]
            claims = lookup.claims(db, about=id, opened=self._open)
            return Dossier(actor, tuple(ties), tuple(claims), self._remarks(db).get(id, ()))

    def explain(self, claim: str) -> Explanation:
        """A claim with the sentences behind it (speaker, status, cues, frame, article) and what people remarked.

        claim: the beginning of its id.

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
        self, start: str, end: str, *, realised: bool = False, roll_up: str | None = None, limit: int = 5
    ) -> list[tuple[Step, ...]]:
        """All shortest ways between two actors, along edges of any direction, with the claims and sentences on each step.

        realised: only along what is said to have happened or to hold.
        roll_up: as for `claims`.
        limit: at most so many.

        Raises UsageError where none joins them.
        """
        from kgraph import lookup
        from kgraph.lookup import networks

        with self._open() as db:
            ways = networks.shortest_paths(
                db,
                lookup.resolve(db, start),
                lookup.resolve(db, end),
                realised=realised,
                limit=limit,
                lift=self._lifted(db, roll_up),
            )
            return self._named(db, ways)

    def _named(self, db: sqlite3.Connection, ways: Sequence[tuple[Hop, ...]]) -> list[tuple[Step, ...]]:
        """Ways with their actors and with the sentences behind each line."""
        import json

        from kgraph import lookup
        from kgraph.lookup.answers import Line, Step

        hops = [hop for way in ways for hop in way]
        ties = [tie for hop in hops for tie in hop.ties]
        ends = {end for one in ties for end in (one.source, one.target)} | {
            x for hop in hops for x in (hop.start, hop.end)
        }
        actors = {actor.id: actor for actor in lookup.actors_with(db, ends)}
        claims = {tie.edge: tuple(json.loads(tie.claims)) for tie in ties}
        behind = lookup.sentences_of([*dict.fromkeys(id for some in claims.values() for id in some)], self._open)
        lines = {
            tie.edge: Line(
                tie.edge,
                tie.type,
                actors[tie.source],
                actors[tie.target],
                tie.status,
                tie.realised,
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

    def stats(self, *, roll_up: str | None = None) -> Stats:
        """What the graph consists of: articles, actors, claims and edges by kind, and its busiest actors.

        roll_up: as for `claims`.
        """
        from kgraph.lookup import networks

        with self._open() as db:
            return networks.stats(db, lift=self._lifted(db, roll_up))

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
        load_owners(file)  # what is wrong with it is said before it is taken
        copy_whole(file, folder.owners)
        refresh(self.folder, waiting=self._say)

    # How it came to be. -----------------------------------------------------------------------------------------------

    def diff(self, before: Location | date, after: Location | date, *, about: str | None = None) -> Changes:
        """What is new, changed and gone between two days of this graph, or between two graphs, claim by claim.

        before, after: a day (what was known on it), or a graph folder.
        about: only claims with this actor.

        Returns the changes; as text they are a note to paste. Raises UsageError for what is neither day nor folder.
        """
        from kgraph.lookup.answers import Changes
        from kgraph.lookup.changes import compare

        self._now()
        earlier, later = self._at(before), self._at(after)
        return Changes(compare(earlier._states(about), later._states(about)))

    def _at(self, which: Location | date) -> Graph:
        """A graph folder, or this one as of a day."""
        shown = os.fspath(which) if isinstance(which, str | os.PathLike) else str(which)
        if Path(shown).is_dir():
            return Graph(shown, say=self._say)
        if not shown[:1].isdigit():
            raise UsageError(f"{shown}: neither a graph folder nor a date like 2024-06-30")
        return self.during(as_of=shown)

    def _states(self, about: str | None) -> Mapping[str, Any]:
        from kgraph import lookup
        from kgraph.lookup.changes import states

        with Graph(self.folder)._open() as db:  # by any name that it ever had
            actor = lookup.resolve(db, about) if about else None
        with self._open() as db:
            return states(db, about=actor)

    def history(self, name: str) -> list[Past]:
        """How a claim, the claims of an actor, or an article came to be as they are, the oldest first.

        name: the beginning of a claim's id, a name of an actor, or an article's key, URL or end of its path.

        Raises UsageError where nothing, or more than one article, goes by it.
        """
        from kgraph.lookup.answers import Past
        from kgraph.lookup.changes import history

        self._now()
        with self._open() as db:
            return [Past(**row) for row in history(db, name)]

    # Asking it. -------------------------------------------------------------------------------------------------------

    def query(
        self,
        name: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        roll_up: str | None = None,
        seconds: float | None = 60,
        rows: int | None = None,
        store: str | None = None,
        user: str = "neo4j",
        password: Password = "",
        **parameters: object,
    ) -> Answer:
        """The answer to a saved question: `graph.query("who-arms", actor="Ukraine")`.

        name: one that `kgraph.questions()` lists, or a .cypher file of your own.
        parameters: what the question asks for first; those named like an option here go into `values`.
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
            answer = ask(opened, question, typed, roll_up=roll_up, limits=Limits(seconds, rows))
        if name.endswith(".cypher"):
            self._warn(question.text)
        return answer

    def cypher(
        self,
        text: str,
        *,
        seconds: float | None = 60,
        rows: int | None = None,
        store: str | None = None,
        user: str = "neo4j",
        password: Password = "",
    ) -> Answer:
        """The answer to a question in Cypher, which may only read. `say` is warned of names that no graph has.

        The options are those of `query`. Raises UsageError for what would change the graph, or takes too long.
        """
        from kgraph.graph import Limits
        from kgraph.graph.questions import cypher

        with self._store(store, user, password) as opened:
            answer = cypher(opened, text, Limits(seconds, rows))
        self._warn(text)
        return answer

    def _warn(self, text: str) -> None:
        from kgraph.graph.cypher import doubts

        for doubt in doubts(text):
            self._say(f"Warning: {doubt}")

    def _store(self, url: str | None, user: str, password: Password, roll_up: str | None = None) -> Store:
        from kgraph.graph import open_store

        level = _level(roll_up) if roll_up else None
        if url is not None:
            shown = repr(self._period) if self._period else ""
            return open_store(self.folder, url, user=user, password=_known(password), roll_up=level, period=shown)
        with Graph(self.folder)._open():  # there is something in it
            pass
        if not self._period:
            return open_store(self.folder, roll_up=level, say=self._say)
        from kgraph.lookup.periods import restrict

        period = self._period
        return open_store(
            self.folder, roll_up=level, say=self._say, period=repr(period), narrow=lambda db: restrict(db, period)
        )

    # Measuring it. ----------------------------------------------------------------------------------------------------

    def networkx(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        roll_up: str | None = None,
        since: str | None = None,
        until: str | None = None,
        everyone: bool = False,
    ) -> MultiDiGraph[str]:
        """The graph as a networkx.MultiDiGraph with all values on its nodes and edges, for any measure of networkx.

        types: only edges of this type, or of these.
        realised: only what is said to have happened or to hold.
        roll_up: as for `claims`.
        since, until: only edges that were reported from a day on, or until one.
        everyone: also actors without edges.

        Nodes are the ids of actors, keys those of edges. Raises UsageError for a type that no edge has.
        """
        from kgraph.lookup import networks

        with self._open() as db:
            return networks.load_graph(
                db,
                realised=realised,
                types=_edge_types(types),
                lift=self._lifted(db, roll_up),
                since=since,
                until=until,
                everyone=everyone,
            )

    def central(
        self, *, types: str | Sequence[str] = (), realised: bool = False, roll_up: str | None = None
    ) -> list[Central]:
        """The actors by how many others one reaches from them along the edges, those that reach most first.

        The options are those of `networkx`.
        """
        from kgraph.lookup import networks

        return networks.central(self.networkx(types=types, realised=realised, roll_up=roll_up))

    def brokers(
        self, *, types: str | Sequence[str] = (), realised: bool = False, roll_up: str | None = None
    ) -> list[Broker]:
        """The actors that stand between others, those first over whom most shortest ways lead.

        The options are those of `networkx`.
        """
        from kgraph.lookup import networks

        return networks.brokers(self.networkx(types=types, realised=realised, roll_up=roll_up))

    def communities(
        self,
        *,
        types: str | Sequence[str] = (),
        realised: bool = False,
        roll_up: str | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> list[Community]:
        """Groups of actors with more ties among them than to others, by all edges but those of conflict, the largest first.

        types: by these edges instead; realised, roll_up: as for `networkx`.
        before, after: two days; the groups are those of what was reported until the later one, with who joined and left
        them since the earlier one.

        Raises UsageError where one of the two days is missing.
        """
        from kgraph import lookup
        from kgraph.lookup import networks
        from kgraph.lookup.answers import Community

        if (before is None) != (after is None):
            raise UsageError("--before and --after are given together")

        def found(db: sqlite3.Connection, until: str | None) -> list[frozenset[str]]:
            kinds = _edge_types(types) or networks.friendly_types()
            lift = self._lifted(db, roll_up)
            return networks.communities(networks.load_graph(db, realised=realised, types=kinds, lift=lift, until=until))

        with self._open() as db:
            every = {actor.id: actor for actor in lookup.actors(db, everyone=True)}
            late = found(db, after)
            early = found(db, before) if before else late

        def named(ids: frozenset[str]) -> tuple[Actor, ...]:
            return tuple(sorted((every[id] for id in ids), key=lambda actor: (actor.name, actor.id)))

        changes = networks.community_changes(early, late)
        return [Community(named(one.members), named(one.joined), named(one.left)) for one in changes]

    def near(
        self,
        name: str,
        *,
        hops: int = 1,
        types: str | Sequence[str] = (),
        realised: bool = False,
        roll_up: str | None = None,
    ) -> MultiDiGraph[str]:
        """The part of the graph at most some steps away from an actor, along edges of any direction.

        hops: how many steps. The others are those of `networkx`.

        Raises UsageError where nobody goes by the name, or has a tie in this part of the graph.
        """
        from kgraph import lookup
        from kgraph.lookup import networks

        with self._open() as db:
            actor, lift = lookup.resolve(db, name), self._lifted(db, roll_up)
            graph = networks.load_graph(db, realised=realised, types=_edge_types(types), lift=lift)
            return networks.neighbourhood(graph, lift.get(actor, actor), hops)

    def dataframe(self, what: str = "claims", **options: Any) -> Any:
        """Claims, quotes, actors or edges as a pandas DataFrame, a row each.

        what: "claims" (with a column for their roles), "quotes" (the sentences of those claims), "actors" or "edges".
        options: those of `claims`, `actors` or `edges`.

        Raises UsageError where pandas is not installed.
        """
        from dataclasses import fields

        try:
            import pandas
        except ImportError as error:
            raise UsageError("pandas is not installed: pip install 'kgraph[pandas]'") from error
        if what not in ("claims", "quotes", "actors", "edges"):
            raise UsageError(f"no table of {what}; known: claims, quotes, actors, edges")
        found = self.claims(**options) if what == "quotes" else getattr(self, what)(**options)
        records = [quote for claim in found for quote in claim.quotes] if what == "quotes" else found
        names = [each.name for each in fields(_record(what)) if each.repr]
        rows = [[_cell(name, getattr(one, name)) for name in names] for one in records]
        return pandas.DataFrame(rows, columns=names)

    # Judging it. ------------------------------------------------------------------------------------------------------

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

        decision: the beginning of its id. who, why, settle: as for `decide`.

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

    def doubts(self) -> list[Doubt]:
        """What a person should look at first: weak claims on busy actors, and actors that may be one."""
        from kgraph.review.queue import doubts

        with self._open() as db:
            return doubts(db, self.decisions())

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

    # Taking it elsewhere. ---------------------------------------------------------------------------------------------

    def view(
        self,
        file: Location | None = None,
        *,
        about: str | None = None,
        hops: int = 1,
        realised: bool = False,
        roll_up: str | None = None,
        height: int = 720,
    ) -> Shown:
        """The graph, or what is near an actor, as one HTML page that works without any network.

        file: where to write the page; a notebook shows it without one.
        about: only what is near this actor, at most `hops` steps away.
        realised, roll_up: as for `claims`.
        height: of the frame in a notebook, in pixels.

        Returns the page, which a notebook displays. Raises StoreError where the file cannot be written.
        """
        from kgraph import lookup
        from kgraph.files import whole
        from kgraph.view import picture
        from kgraph.view.notebook import Shown
        from kgraph.view.page import page

        with self._open() as db:
            drawn = picture(
                db,
                title=self.folder.stem,
                about=lookup.resolve(db, about) if about else None,
                hops=hops,
                realised=realised,
                level=_level(roll_up) if roll_up else None,
                made=self.decisions(),
            )
        shown = Shown(page(drawn), len(drawn["actors"]), len(drawn["edges"]), height)
        if file is not None:
            with whole(Path(file)) as new:
                new.write_text(shown.page, encoding="utf-8")
        return shown

    def explore(self, *, port: int = 0, show: bool = True, ready: Callable[[str], None] = print) -> None:
        """Serves a local explorer until it is interrupted. Only this machine can reach it.

        port: where it listens; a free one if not given.
        show: open it in the browser.
        ready: is called with the address once it can be reached; only that address lets one review.

        Raises KgraphError where the port cannot be used.
        """
        from contextlib import ExitStack

        from kgraph.folder import Folder
        from kgraph.serve.browser import shown
        from kgraph.serve.explorer import Explorer, serve

        with Graph(self._now())._open():  # there is something in it
            pass
        with ExitStack() as until_the_end:

            def begin(address: str) -> None:
                ready(address)
                if show:
                    until_the_end.enter_context(shown(address))

            serve(Explorer(Folder(self.folder)), port, begin)

    def export(self, file: Location, *, format: str | None = None) -> Path:
        """Writes the graph to a file that other tools read; its ending says in which format.

        file: ends with .jsonl (canonical: equal graphs give equal bytes), .csv, .graphml, .gexf, .jsonld, .stix.json or
        .ftm.json.
        format: one of these, where the ending does not say it; "neo4j-admin" writes a folder for its bulk import.

        Returns where it is. Raises UsageError for a format that there is not, or whose extra is not installed.
        """
        from kgraph.export import export

        with self._open() as db:
            export(db, Path(file), format)
        return Path(file)

    def push(self, url: str, *, user: str = "neo4j", password: Password = "", full: bool = False) -> PushSummary:
        """Makes a Neo4j hold exactly this graph, writing only what differs.

        url: its address, like bolt://localhost:7687, without user and password.
        full: compare every property, to mend what somebody changed there by hand.

        Returns how many nodes and relationships were written. Raises StoreError where the server cannot be used, or
        holds another graph.
        """
        from kgraph.graph import check_url
        from kgraph.graph.push import push

        return push(self._now(), check_url(url), user=user, password=_known(password), full=full)

    def _repr_html_(self) -> str:
        """What a notebook shows: the picture of a small graph, the counts of a large one."""
        import html

        from kgraph.errors import KgraphError
        from kgraph.lookup.counts import sizes

        try:
            with self._open() as db:
                found = sizes(db)
            if found["edges"] <= MOST_DRAWN:
                return self.view()._repr_html_()
        except KgraphError as error:
            return f"<p>{html.escape(str(error))}</p>"
        cells = "".join(f"<tr><th>{name}</th><td>{count:,}</td></tr>" for name, count in found.items())
        return f"<p>{html.escape(repr(self))}: view(about=…) draws a part of it.</p><table>{cells}</table>"

    # Opening it. ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Its database, or what it held in its period."""
        if self._held is not None:
            yield self._held
            return
        with self.naming_damage(), self._opened() as db:
            yield db

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        from kgraph.folder import Folder
        from kgraph.folder.blank import check_not_blank

        with Folder(self.folder).read() as db:
            check_not_blank(db)
            if self._period:
                from kgraph.lookup.periods import restrict

                undated = restrict(db, self._period)
                if undated and not self._told:
                    self._say(f"{undated} article{'s' * (undated != 1)} without a date left out.")
                self._told = True
            yield db

    def _now(self) -> Path:
        """The folder, for what is done to the graph as it is now."""
        if self._period:
            raise UsageError(f"{self!r}: a period of a graph is there to be looked at; do this to the graph itself")
        return self.folder

    def _lifted(self, db: sqlite3.Connection, roll_up: str | None) -> dict[str, str]:
        from kgraph import lookup

        return lookup.lifted(db, _level(roll_up)) if roll_up else {}


# Reading one text. ----------------------------------------------------------------------------------------------------


def read(
    text: str,
    *,
    title: str = "",
    published: str | date | None = None,
    outlet: str | None = None,
    model: str | None = None,
    catalogue: Several = None,
) -> Reading:
    """The claims of one text, without a graph: `kgraph.read("Iran sent Hezbollah drones.").claims`.

    title, published, outlet: what is known of the text; "last week" is counted from the day of publication.
    model: another spaCy pipeline with a parser and names.
    catalogue: a CSV file with actors of your own, or several.

    Returns what was read: `claims`, `actors`, `mentions`. Model and catalogue are loaded once and kept. Raises UsageError
    for a model that is not installed, KnowledgeError for a wrong catalogue file.
    """
    from kgraph.articles.texts import article_of
    from kgraph.lookup.periods import check_date
    from kgraph.reading import read as read_article

    day = None if published is None else check_date(str(published)[:10])
    article = article_of(text, "", title=title, published=day, outlet=outlet)
    return read_article(article, _model(model), _catalogue(_stamped(_paths(catalogue))))


@cache
def _model(name: str | None) -> Any:
    from kgraph.reading import language_model

    return language_model.load_model(name)


Stamped = tuple[tuple[Path, int, int], ...]  # files, and when they were written to


def _stamped(files: Sequence[Path]) -> Stamped:
    from kgraph.errors import KnowledgeError

    try:
        return tuple((file, (known := file.stat()).st_mtime_ns, known.st_size) for file in files)
    except OSError as error:
        raise KnowledgeError(f"{error.filename}: cannot be read ({error.strerror}); name a CSV file") from error


@cache
def _catalogue(files: Stamped) -> Catalogue:
    from kgraph.catalogue import load_catalogue

    return load_catalogue(*(file for file, *_ in files))


# Questions. -----------------------------------------------------------------------------------------------------------


def questions() -> list[Question]:
    """The saved questions that any graph can be asked, by theme: their names, parameters and columns."""
    from kgraph.graph.questions import by_theme

    return by_theme()


def question(name: str) -> Question:
    """A saved question by its name, or one in a .cypher file. Raises UsageError where there is none."""
    from kgraph.graph.questions import find_question

    return find_question(name)


# Options as they are given. -------------------------------------------------------------------------------------------


def _paths(given: Several) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, str | os.PathLike) else [*map(Path, given)]


def _known(password: Password) -> str:
    return password if isinstance(password, str) else password()


def _engine(workers: int | None, seconds: float | None) -> Engine:
    from kgraph.build.workers import in_this_process, in_workers
    from kgraph.processes import SECONDS

    if workers == 0 and seconds:
        raise UsageError("--seconds-per-article ends a process that reads; with --workers 0 there is none")
    return in_this_process() if workers == 0 else in_workers(workers, seconds or SECONDS)


def _one_of(what: str, known: Sequence[str], typed: str) -> str:
    """One of some words, whatever its capitals. Raises UsageError."""
    for word in known:
        if word.casefold() == typed.casefold():
            return word
    raise UsageError(f"no {what} {typed!r}; known: {', '.join(known)}")


def _kind(typed: str) -> str:
    from kgraph.records import Kind

    return _one_of("kind", [*Kind], typed)


def _status(typed: str) -> str:
    from kgraph.records import Status

    return _one_of("status", [*Status], typed)


def _type(typed: str) -> str:
    from kgraph.schema import load_schema

    return _one_of("relation type", [*load_schema()], typed)


def _level(typed: str) -> str:
    from kgraph.lookup.levels import ROLL_UPS

    return _one_of("level", [*ROLL_UPS], typed)


def _edge_types(given: str | Sequence[str]) -> list[str]:
    """Types of edges as they are stored. Raises UsageError for another."""
    from kgraph.schema import load_schema

    known = sorted({edge.type for relation in load_schema().values() for edge in relation.projections})
    wanted = [name.upper().replace(" ", "_") for name in ([given] if isinstance(given, str) else given)]
    if strange := [name for name in wanted if name not in known]:
        raise UsageError(f"no edges of type {strange[0]}; known: {', '.join(known)}")
    return wanted


# Tables. --------------------------------------------------------------------------------------------------------------


def _record(what: str) -> type[Any]:
    from kgraph import lookup

    records = {"claims": lookup.Claim, "quotes": lookup.Quote, "actors": lookup.Actor, "edges": lookup.Edge}
    return records[what]


def _cell(name: str, value: Any) -> Any:
    """A value as a cell: the roles of a claim as names."""
    if name != "roles":
        return value
    roles: dict[str, list[str]] = {}
    for role, actor in value:
        roles.setdefault(role, []).append(actor.name)
    return roles
