"""Commands for a graph that lives: diff, history, rebuild, check."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kgraph.cli.build import progress_line
from kgraph.cli.options import (
    engine_options,
    example,
    format_option,
    graph_option,
    main,
    print_line,
    print_lines,
    print_rows,
    print_text,
    reader_option,
    say,
    trust_option,
)
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph import Changes, Graph


@main.command(epilog=example("kgraph diff 2024-05-06 2024-05-13", "kgraph diff monday.kg friday.kg --format jsonl"))
@click.argument("before")
@click.argument("after")
@graph_option
@click.option("--about", metavar="NAME", help="Only claims with this actor, by any of its names.")
@trust_option
@click.option("--format", "form", type=click.Choice(["note", "jsonl"]), default="note", show_default=True)
def diff(before: str, after: str, graph: Graph, about: str | None, trust: str, form: str) -> None:
    """Say what is new, changed and gone between two dates of a graph, or between two graph folders.

    Of a date counts what was known on it.
    """
    changes = graph.diff(before, after, about=about, trust=trust)
    if form == "jsonl":
        print_lines(change.as_json() for change in changes)
    else:
        print_text(changes.note(f"From {before} to {after}"))


@main.command(epilog=example("kgraph history 1f3a", "kgraph history Hezbollah", "kgraph history kyiv-drones.txt"))
@click.argument("name")
@graph_option
@trust_option
@format_option
def history(name: str, graph: Graph, trust: str, form: str) -> None:
    """Print how a claim, the claims of an actor, or an article came to be as they are.

    Of an actor those claims are told that ever were as sure as --trust says.
    """
    rows = [asdict(one) for one in graph.history(name, trust=trust)]
    print_rows(form, ("at", "what", "text", "status", "counts", "id"), rows)


@main.command(epilog=example("kgraph rebuild", "kgraph rebuild --extract --dry-run"))
@graph_option
@click.option("--extract", is_flag=True, help="Read every kept article again, from its stored text.")
@click.option("--yes", is_flag=True, help="Keep the result without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change and keep nothing.")
@reader_option
@trust_option
@engine_options
def rebuild(
    graph: Graph, extract: bool, yes: bool, dry_run: bool, readers: tuple[str, ...], trust: str, workers: int | None,
    seconds_per_article: float | None,
) -> None:  # fmt: skip
    """Compute all that follows anew; with --extract, read the articles again with today's kgraph.

    What is gained and lost is named before it is kept, claim by claim of what --trust shows before or after; the rest is
    counted. Where nobody can be asked, say --yes or --dry-run.
    Older databases are brought up to date.
    """
    if extract and not (yes or dry_run or sys.stdin.isatty()):  # before hours of reading, not after them
        raise UsageError(
            "rebuild --extract asks before it keeps anything, and there is no terminal: add --yes or --dry-run"
        )

    if readers and not extract:
        raise UsageError("--reader goes with --extract: readers read, and the rest is computed from what they read")

    def keep(changes: Changes) -> bool:
        shown = changes.shown(trust)
        rest = f"; {len(changes) - len(shown)} more are less sure, named with --trust all" * (len(shown) < len(changes))
        print_text(shown.note(f"{shown.counts}{rest}"))
        asks = extract and bool(changes) and not yes
        return not dry_run and (not asks or click.confirm("Keep this?", err=True))

    with progress_line() as progress:
        summary = graph.rebuild(
            extract=extract,
            readers=readers,
            keep=keep,
            workers=workers,
            seconds_per_article=seconds_per_article,
            progress=progress,
        )
    if summary is None:
        say("Nothing was kept.")
        return
    for problem in summary.problems:
        say(f"failed: {problem.where}: {problem.why}")
    say(f"{graph.folder} is up to date, in {summary.seconds:.1f} s.")
    if summary.failed:
        sys.exit(1)


@main.command(epilog=example("kgraph check"))
@graph_option
def check(graph: Graph) -> None:
    """Check that a graph is whole: that its files and rows are as they were written, and that computing it gives the same."""
    found = graph.check()
    for line in found:
        print_line(line)
    if found:
        sys.exit(1)
    say(f"{graph.folder} is whole.")
