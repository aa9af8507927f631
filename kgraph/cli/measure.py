"""Commands that measure the graph: central, brokers, communities, near."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from kgraph.cli.options import (
    example,
    format_option,
    graph_option,
    main,
    period_options,
    print_rows,
    roll_up_option,
    say,
    trust_option,
)

if TYPE_CHECKING:
    from kgraph import Graph


def slice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which part of the graph is measured."""
    for option in (
        roll_up_option,
        trust_option,
        click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold."),
        click.option(
            "--type", "types", multiple=True, metavar="TYPE", help="Only edges of this type; may be repeated."
        ),
    ):
        command = option(command)
    return command


@main.command(
    epilog=example("kgraph central --type SUPPLIES --type FUNDS --realised", "kgraph central --roll-up state")
)
@graph_option
@period_options
@slice_options
@click.option("--most", default=20, show_default=True, type=click.IntRange(1), help="How many actors.")
@format_option
def central(
    graph: Graph, types: tuple[str, ...], realised: bool, trust: str, roll_up: str | None, most: int, form: str
) -> None:
    """Print the actors that matter most: how many others one reaches from them along the edges.

    Columns: edges out and in, neighbours, how many actors are reached, and the share of shortest ways over the actor.
    """
    found = graph.central(types=types, realised=realised, trust=trust, roll_up=roll_up)
    columns = ("name", "kind", "out", "into", "neighbours", "reaches", "between", "actor")
    print_rows(form, columns, [asdict(one) for one in found[:most]])


@main.command(epilog=example("kgraph brokers", "kgraph brokers --type MEETS_WITH --type MEDIATES"))
@graph_option
@period_options
@slice_options
@click.option("--most", default=20, show_default=True, type=click.IntRange(1), help="How many actors.")
@format_option
def brokers(
    graph: Graph, types: tuple[str, ...], realised: bool, trust: str, roll_up: str | None, most: int, form: str
) -> None:
    """Print the actors that stand between others.

    Columns: pairs of neighbours without a tie of their own, the share of shortest ways over the actor, and whether the
    graph falls apart without it.
    """
    found = graph.brokers(types=types, realised=realised, trust=trust, roll_up=roll_up)
    columns = ("name", "kind", "pairs", "between", "cuts", "actor")
    print_rows(form, columns, [asdict(one) for one in found[:most]])


@main.command(epilog=example("kgraph communities", "kgraph communities --before 2023-12-31 --after 2024-12-31"))
@graph_option
@period_options
@slice_options
@click.option("--before", metavar="DATE", help="How they were by what was reported until this day, and …")
@click.option("--after", metavar="DATE", help="… how they have changed by what was until this one.")
@format_option
def communities(
    graph: Graph, types: tuple[str, ...], realised: bool, trust: str, roll_up: str | None, before: str | None,
    after: str | None, form: str,
) -> None:  # fmt: skip
    """Print groups of actors with more ties among them than to others, by all edges but those of conflict.

    With --before and --after, also who joined and left each group between the two days.
    """
    found = graph.communities(types=types, realised=realised, trust=trust, roll_up=roll_up, before=before, after=after)
    rows = [
        {"number": number, "size": len(one.members),
         **{part: [actor.name for actor in getattr(one, part)] for part in ("members", "joined", "left")}}
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
    print_rows(form, ("number", "size", "members", *(("joined", "left") if before else ())), rows)


@main.command(epilog=example("kgraph near Hezbollah --hops 2 --realised"))
@click.argument("name")
@graph_option
@period_options
@slice_options
@click.option("--hops", default=1, show_default=True, type=click.IntRange(1), help="Steps away from it.")
@format_option
def near(
    name: str,
    graph: Graph,
    types: tuple[str, ...],
    realised: bool,
    trust: str,
    roll_up: str | None,
    hops: int,
    form: str,
) -> None:
    """Print the edges between the actors at most some steps away from one."""
    found = graph.near(name, hops=hops, types=types, realised=realised, trust=trust, roll_up=roll_up)
    names = {id: data.get("name", id) for id, data in found.nodes(data=True)}
    rows = [
        {"source": names[source], "type": data["type"], "target": names[target], "status": data["status"],
         "realised": data["realised"], "trust": data["trust"], "articles": data["articles"],
         "last": data["lastReported"], "edge": edge}
        for source, target, edge, data in found.edges(keys=True, data=True)
    ]  # fmt: skip
    columns = ("source", "type", "target", "status", "realised", "trust", "articles", "last", "edge")
    print_rows(form, columns, sorted(rows, key=lambda row: (row["source"], row["type"], row["target"], row["edge"])))
    say(f"{found.number_of_nodes()} actors.")
