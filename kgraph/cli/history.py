"""Commands for a graph that lives: diff, history, rebuild, check."""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.build import progress_line
from kgraph.cli.options import (
    engine_options,
    example,
    format_option,
    graph_option,
    main,
    opened,
    print_line,
    print_lines,
    print_rows,
    print_text,
    say,
)
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.build.workers import Engine
    from kgraph.lookup.changes import State


@main.command(epilog=example("kgraph diff 2024-05-06 2024-05-13", "kgraph diff monday.kg friday.kg --format jsonl"))
@click.argument("before")
@click.argument("after")
@graph_option
@click.option("--about", metavar="NAME", help="Only claims with this actor, by any of its names.")
@click.option("--format", "form", type=click.Choice(["note", "jsonl"]), default="note", show_default=True)
def diff(before: str, after: str, folder: Path, about: str | None, form: str) -> None:
    """Say what is new, changed and gone between two dates of a graph, or between two graph folders.

    Of a date counts what was known on it.
    """
    from kgraph.lookup.changes import as_note, compare

    changes = compare(_states(before, folder, about), _states(after, folder, about))
    if form == "jsonl":
        print_lines(change.as_json() for change in changes)
    else:
        print_text(as_note(changes, f"From {before} to {after}"))


def _states(which: str, folder: Path, about: str | None) -> dict[str, State]:
    """The claims of a graph folder, or of the graph as of a date."""
    from kgraph import lookup
    from kgraph.lookup.changes import states
    from kgraph.lookup.periods import Period, check_date

    period = None
    if not Path(which).is_dir():
        if not re.match(r"\d", which):
            raise UsageError(f"{which}: neither a graph folder nor a date like 2024-06-30")
        period = Period(as_of=check_date(which))
    source = folder if period else Path(which)
    with opened(source) as db:
        actor = lookup.resolve(db, about) if about else None
    with opened(source, period) as db:
        found = states(db)
        if actor:
            own = {id for (id,) in db.execute("SELECT claim FROM claim_role WHERE actor = ?", (actor,))}
            found = {id: state for id, state in found.items() if id in own}
    return found


@main.command(epilog=example("kgraph history 1f3a", "kgraph history Hezbollah", "kgraph history kyiv-drones.txt"))
@click.argument("name")
@graph_option
@format_option
def history(name: str, folder: Path, form: str) -> None:
    """Print how a claim, the claims of an actor, or an article came to be as they are."""
    from kgraph.lookup import changes

    with opened(folder) as db:
        rows = changes.history(db, name)
    print_rows(form, ("at", "what", "text", "status", "counts", "id"), rows)


@main.command(epilog=example("kgraph rebuild", "kgraph rebuild --extract --dry-run"))
@graph_option
@click.option("--extract", is_flag=True, help="Read every kept article again, from its stored text.")
@click.option("--yes", is_flag=True, help="Keep the result without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change and keep nothing.")
@engine_options
def rebuild(folder: Path, extract: bool, yes: bool, dry_run: bool, engine: Engine) -> None:
    """Compute all that follows anew; with --extract, read the articles again with today's kgraph.

    What is gained and lost is named, claim by claim, before it is kept; where nobody can be asked, say --yes or --dry-run.
    Older databases are brought up to date.
    """
    from kgraph import build
    from kgraph.folder.settling import NotKept
    from kgraph.lookup.changes import as_note, compare, states

    if extract and not (yes or dry_run or sys.stdin.isatty()):  # before hours of reading, not after them
        raise UsageError(
            "rebuild --extract asks before it keeps anything, and there is no terminal: add --yes or --dry-run"
        )

    def look(db: sqlite3.Connection) -> None:
        changes = compare(states(db, "temp.claims_before"), states(db))
        counts = {what: sum(one.what == what for one in changes) for what in ("new", "changed", "gone")}
        print_text(as_note(changes, f"{counts['new']} gained, {counts['changed']} changed, {counts['gone']} lost"))
        asks = extract and bool(changes) and not yes
        if dry_run or (asks and not click.confirm("Keep this?", err=True)):
            raise NotKept

    try:
        with progress_line() as progress:
            summary = build.rebuild(
                folder, extract=extract, engine=engine, look=look, progress=progress, waiting=say
            )
    except NotKept:
        say("Nothing was kept.")
        return
    for problem in summary.problems:
        say(f"failed: {problem.where}: {problem.why}")
    say(f"{folder} is up to date, in {summary.seconds:.1f} s.")
    if summary.failed:
        sys.exit(1)


@main.command(epilog=example("kgraph check"))
@graph_option
def check(folder: Path) -> None:
    """Check that a graph is whole: that its files and rows are as they were written, and that computing it gives the same."""
    from kgraph.build import check

    found = check.check(folder)
    for line in found:
        print_line(line)
    if found:
        sys.exit(1)
    say(f"{folder} is whole.")
