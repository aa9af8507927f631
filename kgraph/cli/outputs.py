"""Commands that take the graph elsewhere: view, explore, push, export."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.options import (
    example,
    graph_option,
    login,
    main,
    opened,
    period_options,
    print_line,
    roll_up_option,
    say,
)

if TYPE_CHECKING:
    from kgraph.lookup.periods import Period


@main.command(epilog=example("kgraph view -o graph.html", "kgraph view --about Hezbollah --hops 2 -o hezbollah.html"))
@graph_option
@period_options
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default="graph.html", show_default=True
)
@click.option("--about", metavar="NAME", help="Only what is near this actor.")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1), help="How near: steps away from it.")
@click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold.")
@roll_up_option
def view(
    folder: Path, period: Period, output: Path, about: str | None, hops: int, realised: bool, roll_up: str | None
) -> None:
    """Write one HTML page with the graph that works without any network."""
    from kgraph import lookup
    from kgraph.decisions import load_decisions
    from kgraph.files import whole
    from kgraph.folder import Folder
    from kgraph.view import picture
    from kgraph.view.page import page

    with opened(folder, period) as db:
        actor = lookup.resolve(db, about) if about else None
        made = load_decisions(Folder(folder).decisions)
        shown = picture(db, title=folder.stem, about=actor, hops=hops, realised=realised, level=roll_up, made=made)
    with whole(output) as new:
        new.write_text(page(shown), encoding="utf-8")
    say(f"{len(shown['actors'])} actors and {len(shown['edges'])} relations are in {output}.")


@main.command(epilog=example("kgraph explore -g demo.kg"))
@graph_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Listen on this port (else on a free one)."
)
@click.option("--open/--no-open", "show", default=True, help="Open it in the browser.")
def explore(folder: Path, port: int, show: bool) -> None:
    """Serve a local explorer: start anywhere, expand, ask, find paths, review. Only this machine can reach it.

    Everybody on this machine can read the graph there; only the printed address lets one review. No other program is
    given that address: the browser opens a file that is yours alone and leads there. Where it may not read that file
    (a browser in a sandbox), paste the address.
    """
    from kgraph.folder import Folder
    from kgraph.serve.browser import shown
    from kgraph.serve.explorer import Explorer, serve

    with opened(folder):  # there is something in it
        pass
    with suppress(ValueError):  # only a main thread is told to end, and then puts away what was opened
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with ExitStack() as until_the_end:

        def ready(address: str) -> None:
            print_line(address)
            say("This address lets one review, too; keep it to yourself. Ctrl-C ends.")
            if show:
                until_the_end.enter_context(shown(address))

        serve(Explorer(Folder(folder)), port, ready)


@main.command(epilog=example("KGRAPH_NEO4J_PASSWORD=… kgraph push bolt://localhost:7687"))
@click.argument("url")
@graph_option
@click.option("--full", is_flag=True, help="Compare every property, to mend what somebody changed there by hand.")
def push(url: str, folder: Path, full: bool) -> None:
    """Make a Neo4j hold exactly this graph; what is there already is not written again.

    Only what has changed since the last push is looked at, as long as there is as much of everything as kgraph left.
    """
    from kgraph.graph import check_url
    from kgraph.graph.push import push as push_to

    check_url(url)
    user, password = login()
    done = push_to(folder, url, user=user, password=password, full=full)
    say(f"{done.created} created, {done.changed} changed, {done.deleted} deleted in {url}.")


@main.command(
    epilog=example(
        "kgraph export graph.jsonl", "kgraph export graph.stix.json", "kgraph export bulk --format neo4j-admin"
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@graph_option
@click.option("--format", "form", metavar="FORMAT", help="The format, where the ending does not say it.")
@period_options
def export(file: Path, folder: Path, period: Period, form: str | None) -> None:
    """Write the graph to a file; its ending says in which format.

    .jsonl (canonical), .csv (lines, and actors beside it), .graphml, .gexf, .jsonld, .stix.json, .ftm.json; with
    --format neo4j-admin a folder of files for `neo4j-admin database import`.
    """
    from kgraph.export import export as write

    with opened(folder, period) as db:
        write(db, file, form)
    say(f"The graph is in {file}.")
