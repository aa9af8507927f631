"""Taking a graph elsewhere: a page, an explorer, files, a Neo4j."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.api.lookups import Lookups
from kgraph.api.options import Location, Password, level_of, password_of
from kgraph.trust import DEFAULT, least

if TYPE_CHECKING:
    from kgraph.graph.push import PushSummary
    from kgraph.lookup import Actor
    from kgraph.view.notebook import Shown


MOST_DRAWN = 2000  # edges that a notebook draws unasked


class Outputs(Lookups):
    """A graph that is drawn, served, exported and pushed."""

    def view(
        self,
        file: Location | None = None,
        *,
        about: str | Actor | None = None,
        hops: int = 1,
        realised: bool = False,
        trust: str = DEFAULT,
        roll_up: str | None = None,
        height: int = 720,
    ) -> Shown:
        """The graph, or what is near an actor, as one HTML page that works without any network.

            graph.view("ukraine.html", about="Ukraine")

        file: where to write the page; a notebook shows it without one.
        about: only what is near this actor, at most `hops` steps away.
        realised, roll_up: as for `claims`.
        trust: the level at which the page opens; it holds all that was read, and a control in it switches.
        height: of the frame in a notebook, in pixels.

        Returns the page, which a notebook displays. Raises StoreError where the file cannot be written.
        """
        from kgraph.files import whole
        from kgraph.view import picture
        from kgraph.view.notebook import Shown
        from kgraph.view.page import page

        with self._open() as db:
            drawn = picture(
                db,
                title=self.folder.stem,
                about=self._id_of(db, about) if about else None,
                hops=hops,
                realised=realised,
                trust=trust,
                level=level_of(roll_up) if roll_up else None,
                made=self.decisions(),
            )
        shown = Shown(page(drawn), len(drawn["actors"]), len(drawn["edges"]), height)
        if file is not None:
            with whole(Path(file)) as new:
                new.write_text(shown.page, encoding="utf-8")
        return shown

    def explore(
        self, *, port: int = 0, show: bool = True, trust: str = DEFAULT, ready: Callable[[str], None] = print
    ) -> None:
        """Serves a local explorer until it is interrupted. Only this machine can reach it.

        port: where it listens; a free one if not given.
        show: open it in the browser.
        trust: the level at which it opens; a control in it switches.
        ready: is called with the address once it can be reached; only that address lets one review.

        Raises KgraphError where the port cannot be used.
        """
        from contextlib import ExitStack

        from kgraph.folder import Folder
        from kgraph.serve.browser import shown
        from kgraph.serve.explorer import Explorer, serve

        least(trust)
        with type(self)(self._now())._open():  # there is something in it
            pass
        with ExitStack() as until_the_end:

            def begin(address: str) -> None:
                ready(address)
                if show:
                    until_the_end.enter_context(shown(address))

            serve(Explorer(Folder(self.folder), trust), port, begin)

    def export(self, file: Location, *, format: str | None = None, trust: str | None = None) -> Path:
        """Writes the graph to a file that other tools read; its ending says in which format.

        file: ends with .jsonl (canonical: equal graphs give equal bytes), .csv, .graphml, .gexf, .jsonld, .stix.json or
        .ftm.json.
        format: one of these, where the ending does not say it; "neo4j-admin" writes a folder for its bulk import,
        "training" one of what people decided, to learn from.
        trust: leave out what is below a level. Without it, files hold all that was read, each claim and line with its
        trust, but for .ftm.json, where a link says that it is so: it holds what is likely. Canonical files, JSON-LD and the
        bulk import are always whole.

        Returns where it is. Raises UsageError for a format that there is not, or whose extra is not installed, and
        where nothing was decided to learn from.
        """
        from kgraph.export import export

        with self._open() as db:
            export(db, Path(file), format, trust)
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

        return push(self._now(), check_url(url), user=user, password=password_of(password), full=full)

    def _repr_html_(self) -> str:
        """What a notebook shows: the picture of a small graph, the counts of a large one."""
        import html

        from kgraph.errors import KgraphError
        from kgraph.lookup.counts import sizes

        try:
            with self._open() as db:
                found = sizes(db, least(DEFAULT))
            if found["edges"] <= MOST_DRAWN:
                return self.view()._repr_html_()
        except KgraphError as error:
            return f"<p>{html.escape(str(error))}</p>"
        cells = "".join(f"<tr><th>{name}</th><td>{count:,}</td></tr>" for name, count in found.items())
        return f"<p>{html.escape(repr(self))}: view(about=…) draws a part of it.</p><table>{cells}</table>"
