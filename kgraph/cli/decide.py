"""Commands by which people judge: accept, reject, edit, add, same, not-same, kind, new-actor, comment, undo, decisions,
outlets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgraph.cli.options import KINDS, STATUSES, TYPES, example, format_option, graph_option, main, print_rows, say
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])


def _judging(command: Command) -> Command:
    """The graph, and who judges and why."""
    command = click.option("--who", default="", envvar="USER", help="Who decides this.")(command)
    return graph_option(click.option("--why", default="", help="Why: it is kept with the decision.")(command))


def _decide(graph: Graph, action: str, target: str, value: str = "", **more: Any) -> None:
    made = graph.decide(action, target, value, **more)
    say(f"{made.id[:8]}  {made}")


@main.command(epilog=example("kgraph accept 1f3a --why 'seen by two of us'"))
@click.argument("claim")
@_judging
def accept(claim: str, graph: Graph, who: str, why: str) -> None:
    """Say that a text does say so: CLAIM is the beginning of the id of a claim or of an evidence."""
    _decide(graph, "accept", claim, who=who, why=why)


@main.command(epilog=example("kgraph reject 1f3a --why 'a headline'", "kgraph reject 1f3a --not-believed"))
@click.argument("claim")
@click.option("--not-believed", is_flag=True, help="The text does say so, and it is not believed: kept, not realised.")
@_judging
def reject(claim: str, not_believed: bool, graph: Graph, who: str, why: str) -> None:
    """Say that a text does not say so: CLAIM is the beginning of the id of a claim or of an evidence."""
    _decide(graph, "disbelieve" if not_believed else "reject", claim, who=who, why=why)


@main.command(epilog=example("kgraph edit 8c21 status=planned", "kgraph edit 8c21 role:party=Qatar --instead-of Egypt"))
@click.argument("evidence")
@click.argument("change", metavar="FIELD=VALUE")
@click.option("--instead-of", metavar="NAME", help="Which of several in a role is wrong; else all of them are.")
@_judging
def edit(evidence: str, change: str, instead_of: str | None, graph: Graph, who: str, why: str) -> None:
    """Correct an evidence: its status, stage, polarity, certainty, eventFrom, eventTo, datePrecision or role:NAME."""
    field, equals, value = change.partition("=")
    if not equals:
        raise UsageError(f"{change!r}: write it as FIELD=VALUE, like status=planned")
    if instead_of and not field.startswith("role:"):
        raise UsageError("--instead-of names who is wrong in a role: write role:NAME=WHO")
    details = {"instead": instead_of} if instead_of else {}
    _decide(graph, "edit", evidence, value, field=field, who=who, why=why, details=details)


@main.command(
    epilog=example(
        "kgraph add deal.txt SUPPLIES supplier=Iran recipient=Hezbollah --sentence 'It sent them rockets.'",
        "kgraph add 'SIPRI Yearbook 2023, p. 214' SUPPLIES supplier=Russia recipient=India item=S-400 --cite "
        "--published 2023-06-12 --sentence 'India took delivery of three.'",
    )
)
@click.argument("article")
@click.argument("type_", metavar="TYPE", type=TYPES)
@click.argument("roles", nargs=-1, required=True, metavar="ROLE=NAME…")
@click.option("--sentence", required=True, help="The words that say so, as they stand in the article.")
@click.option("--status", type=STATUSES, default="asserted", show_default=True)
@click.option("--cite", is_flag=True, help="ARTICLE is no article of the graph: a book, a report, a page by its URL.")
@click.option("--published", metavar="DATE", help="When the cited source appeared.")
@click.option(
    "--outlet", metavar="NAME", help="Who brought the cited source out: what is of one outlet counts as one origin."
)
@_judging
def add(
    article: str, type_: str, roles: tuple[str, ...], sentence: str, status: str, cite: bool, published: str | None,
    outlet: str | None, graph: Graph, who: str, why: str,
) -> None:  # fmt: skip
    """Add a claim that kgraph missed, with its citation."""
    if not cite and (published or outlet):
        raise UsageError("--published and --outlet are of a source that is no article: add --cite")
    named: dict[str, list[str]] = {}
    for words in roles:
        role, equals, name = words.partition("=")
        if not equals:
            raise UsageError(f"{words!r}: write it as ROLE=NAME, like supplier=Iran")
        named.setdefault(role, []).append(name)
    details: dict[str, Any] = {"type": type_, "roles": named, "sentence": sentence, "status": status}
    if cite:
        details["source"] = {name: said for name, said in (("published", published), ("outlet", outlet)) if said}
    _decide(graph, "add", article, details=details, who=who, why=why)


@main.command(epilog=example("kgraph same 'Ansar Allah' 'Ansarullah movement'"))
@click.argument("one")
@click.argument("other")
@_judging
def same(one: str, other: str, graph: Graph, who: str, why: str) -> None:
    """Say that two actors are one: OTHER is merged into ONE. `kgraph undo` takes them apart again."""
    _decide(graph, "same", one, other, who=who, why=why)


@main.command(epilog=example("kgraph not-same 'Oban Front' 'Oban Army'"))
@click.argument("one")
@click.argument("other")
@click.option("--unsure", is_flag=True, help="It cannot be said: do not ask again.")
@_judging
def not_same(one: str, other: str, unsure: bool, graph: Graph, who: str, why: str) -> None:
    """Say that two actors are not one."""
    _decide(graph, "unsure" if unsure else "not_same", one, other, who=who, why=why)


@main.command(epilog=example("kgraph kind 'Oban Front' Organization"))
@click.argument("actor")
@click.argument("value", metavar="KIND", type=KINDS)
@_judging
def kind(actor: str, value: str, graph: Graph, who: str, why: str) -> None:
    """Say that an actor is of another kind."""
    _decide(graph, "kind", actor, value, who=who, why=why)


@main.command(epilog=example("kgraph new-actor group:oban-front 'Oban Front' --kind Group --alias 'Front for Oban'"))
@click.argument("actor", metavar="ID")
@click.argument("name")
@click.option("--kind", "kind_", type=KINDS, required=True, help="What it is.")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be given several times.")
@click.option("--country", metavar="NAME", help="Its state.")
@_judging
def new_actor(
    actor: str, name: str, kind_: str, aliases: tuple[str, ...], country: str | None, graph: Graph, who: str, why: str
) -> None:
    """Make an actor that the catalogue lacks; names that articles found join it."""
    details = {"name": name, "kind": kind_, "aliases": list(aliases), "country": country}
    _decide(graph, "actor", actor, details=details, who=who, why=why)


@main.command(epilog=example("kgraph comment 1f3a 'ask the embassy'"))
@click.argument("target")
@click.argument("words")
@_judging
def comment(target: str, words: str, graph: Graph, who: str, why: str) -> None:
    """Remark on a claim, an actor or anything else; `kgraph decisions` lists it."""
    _decide(graph, "comment", target, words, who=who, why=why)


@main.command(epilog=example("kgraph undo 9b0c"))
@click.argument("decision")
@_judging
def undo(decision: str, graph: Graph, who: str, why: str) -> None:
    """Take back a decision, by the beginning of its id (see `kgraph decisions`)."""
    graph.undo(decision, who=who, why=why)


@main.command(epilog=example("kgraph decisions --orphans", "kgraph decisions --merge colleague/decisions.jsonl"))
@graph_option
@click.option("--orphans", is_flag=True, help="Only those that fit nothing now, and why.")
@click.option("--merge", "other", type=click.Path(exists=True, path_type=Path), help="Add a colleague's file first.")
@format_option
def decisions(graph: Graph, orphans: bool, other: Path | None, form: str) -> None:
    """List the decisions that stand; those of a colleague's file can be added, conflicts are named."""
    if other:
        done = graph.merge(other)
        say(f"{len(done.added)} decisions added, {len(done.conflicts)} conflicts.")
        for one, two in done.conflicts:
            say(f"conflict: {one} | {two}")
    lost = graph.orphans()
    rows = [
        {"id": one.id[:8], "orphan": lost.get(one.id), "decision": str(one)}
        for one in graph.decisions()
        if one.id in lost or not orphans
    ]
    print_rows(form, ("id", "decision", "orphan"), rows)


@main.command(
    epilog=example("kgraph outlets", "kgraph outlets --grade 'The Daily=B'", "kgraph outlets --owners owners.csv")
)
@graph_option
@click.option("--grade", metavar="NAME=LETTER", help="An Admiralty letter for an outlet, A (reliable) to F (unknown).")
@click.option(
    "--owners",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV with the columns outlet and owner: outlets of one owner count as one origin.",
)
@format_option
def outlets(graph: Graph, grade: str | None, owners: Path | None, form: str) -> None:
    """List who brought the articles, with counts, letters and owners."""
    if grade:
        name, equals, letter = grade.rpartition("=")
        if not equals:
            raise UsageError(f"{grade!r}: write it as NAME=LETTER, like 'The Daily=B'")
        _decide(graph, "outlet", name, letter.upper())
    rows = [asdict(one) for one in graph.outlets(owners=owners)]
    print_rows(form, ("outlet", "articles", "letter", "owner"), rows)
