"""Commands that take the graph elsewhere: view, explore, push, export."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.options import (
    TRUSTS,
    example,
    graph_option,
    main,
    password,
    period_options,
    print_line,
    roll_up_option,
    say,
    trust_option,
    user,
)

if TYPE_CHECKING:
    from kgraph import Graph


@main.command(epilog=example("kgraph view -o graph.html", "kgraph view --about Hezbollah --hops 2 -o hezbollah.html"))
@graph_option
@period_options
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default="graph.html", show_default=True
)
@click.option("--about", metavar="NAME", help="Only what is near this actor.")
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1), help="How near: steps away from it.")
@click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold.")
@trust_option
@roll_up_option
def view(
    graph: Graph, output: Path, about: str | None, hops: int, realised: bool, trust: str, roll_up: str | None
) -> None:
    """Write one HTML page with the graph that works without any network.

    It holds all that was read; --trust says at which level it opens, and a control in it switches.
    """
    shown = graph.view(output, about=about, hops=hops, realised=realised, trust=trust, roll_up=roll_up)
    say(f"{shown.actors} actors and {shown.relations} relations are in {output}.")


@main.command(epilog=example("kgraph explore -g demo.kg"))
@graph_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Listen on this port (else on a free one)."
)
@click.option("--open/--no-open", "show", default=True, help="Open it in the browser.")
@trust_option
def explore(graph: Graph, port: int, show: bool, trust: str) -> None:
    """Serve a local explorer: start anywhere, expand, ask, find paths, review. Only this machine can reach it.

    Everybody on this machine can read the graph there; only the printed address lets one review. No other program is
    given that address: the browser opens a file that is yours alone and leads there. Where it may not read that file
    (a browser in a sandbox), paste the address. --trust says at which level it opens; a control there switches.
    """

    def ready(address: str) -> None:
        print_line(address)
        say("This address lets one review, too; keep it to yourself. Ctrl-C ends.")

    with suppress(ValueError):  # only a main thread is told to end, and then puts away what was opened
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    graph.explore(port=port, show=show, trust=trust, ready=ready)


@main.command(epilog=example("KGRAPH_NEO4J_PASSWORD=… kgraph push bolt://localhost:7687"))
@click.argument("url")
@graph_option
@click.option("--full", is_flag=True, help="Compare every property, to mend what somebody changed there by hand.")
def push(url: str, graph: Graph, full: bool) -> None:
    """Make a Neo4j hold exactly this graph; what is there already is not written again.

    Only what has changed since the last push is looked at, as long as there is as much of everything as kgraph left.
    """
    done = graph.push(url, user=user(), password=password, full=full)
    say(f"{done.created} created, {done.changed} changed, {done.deleted} deleted in {url}.")


@main.command(
    epilog=example(
        "kgraph export graph.jsonl",
        "kgraph export graph.stix.json",
        "kgraph export bulk --format neo4j-admin",
        "kgraph export desk --format training",
    )
)
@click.argument("file", type=click.Path(path_type=Path))
@graph_option
@click.option("--format", "form", metavar="FORMAT", help="The format, where the ending does not say it.")
@click.option("--trust", type=TRUSTS, help="Leave out what is less sure (default: all; of .ftm.json likely).")
@period_options
def export(file: Path, graph: Graph, form: str | None, trust: str | None) -> None:
    """Write the graph to a file; its ending says in which format.

    .jsonl (canonical), .csv (lines, and actors beside it), .graphml, .gexf, .jsonld, .stix.json, .ftm.json; with
    --format neo4j-admin a folder of files for `neo4j-admin database import`, with --format training one of what people
    decided, for teaching the reader. Each claim and line says its trust.
    """
    graph.export(file, format=form, trust=trust)
    say(f"The graph is in {file}.")
