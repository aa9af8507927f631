"""Making a graph: from articles, from what a cluster has read, anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from kgraph.api.opened import Opened
from kgraph.api.options import Location, Several, engine_of, names_of, paths_of
from kgraph.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

    from kgraph.build.summary import Progress, Summary
    from kgraph.build.workers import Engine
    from kgraph.lookup.answers import Changes


class Builds(Opened):
    """A graph that is built, mended and checked."""

    def build(
        self,
        *sources: Location,
        model: str | None = None,
        readers: str | Sequence[str] = (),
        catalogue: Several = None,
        reread: bool = False,
        workers: int | None = 0,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Reads articles into the graph, and makes it where there is none; what is unchanged is not read again.

        sources: files, folders, feeds or URLs; "-" is standard input.
        model: another spaCy pipeline with a parser and names; the graph remembers it.
        readers: who finds claims, such as "frames"; the graph remembers it, too. What others have read stays, and is told.
        catalogue: a CSV file with actors of your own, or several; the graph keeps a copy.
        reread: read those kept articles again that another version of kgraph, model, catalogue or reader has read.
        workers: read in up to so many processes (None: one for each core), which end an article that hangs or takes
        too much memory; 0 reads right here, without limits. A script that asks for more needs
        `if __name__ == "__main__":` around what it does.
        seconds_per_article: set aside what takes longer (60 if not given), with workers.
        progress: is called with the summary after each article.

        Returns a summary: what was read, skipped and failed (`problems` says why), and what came and went in the graph.
        Raises UsageError where the graph was read with another model or there is no such reader, KnowledgeError for a
        wrong catalogue file, StoreError where the folder cannot be used. An article that cannot be read raises nothing.
        """
        return self._build(
            sources,
            engine=engine_of(workers, seconds_per_article),
            model=model,
            readers=readers,
            catalogue=catalogue,
            reread=reread,
            progress=progress,
        )

    def watch(
        self,
        *sources: Location,
        model: str | None = None,
        readers: str | Sequence[str] = (),
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
        self._now()
        engine = engine_of(workers, seconds_per_article)
        arrivals = watch([*map(str, sources)])  # what arrives while the first build runs is not missed

        def summaries() -> Iterator[Summary]:
            yield self._build(
                sources,
                engine=engine,
                model=model,
                readers=readers,
                catalogue=catalogue,
                reread=reread,
                progress=progress,
                blank_stays=True,  # it remembers model and catalogue until something arrives
            )
            for arrived in arrivals:
                yield self._build(arrived, engine=engine)

        return summaries()

    def _build(
        self,
        sources: Sequence[Location],
        *,
        engine: Engine,
        model: str | None = None,
        readers: str | Sequence[str] = (),
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
            readers=names_of(readers),
            catalogue_files=paths_of(catalogue),
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
        readers: str | Sequence[str] = (),
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
            readers=names_of(readers),
            catalogue_files=paths_of(catalogue),
            reread=reread,
            tidy=tidy,
            engine=engine_of(workers, seconds_per_article),
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
        readers: str | Sequence[str] = (),
        keep: Callable[[Changes], bool] | None = None,
        workers: int | None = 0,
        seconds_per_article: float | None = None,
        progress: Progress | None = None,
    ) -> Summary | None:
        """Computes all that follows anew, and brings an older database up to date.

        extract: also read every kept article again, from its stored text, with today's kgraph.
        readers: with extract, who finds claims; without them those of the last time.
        keep: is asked with what changes, claim by claim, before it is kept; where it says False all stays as it was.

        The others are as for `build`.

        Returns a summary, or None where nothing was kept. Raises StoreError where the readings are damaged.
        """
        from kgraph.build import rebuild
        from kgraph.folder.settling import NotKept
        from kgraph.lookup.answers import Changes
        from kgraph.lookup.changes import compare, states

        def look(db: sqlite3.Connection) -> None:
            if keep and not keep(Changes(compare(states(db, "temp.claims_before"), states(db), trust=True))):
                raise NotKept

        engine = engine_of(workers, seconds_per_article)
        try:
            return rebuild(
                self._now(),
                extract=extract,
                readers=names_of(readers),
                engine=engine,
                look=look,
                progress=progress,
                waiting=self._say,
            )
        except NotKept:
            return None

    def check(self) -> list[str]:
        """Checks that the graph is whole: that files and rows are as they were written, and that all follows from them.

        Returns what is wrong, a line each; nothing for a whole graph. Raises StoreError where there is no graph.
        """
        from kgraph.build.check import check

        return check(self._now())
