"""Commands that make a graph: build, remove."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.options import engine_options, example, graph_option, main, say
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.pipeline import Summary
    from kgraph.workers import Engine


@main.command(
    epilog=example(
        "kgraph build articles/ feed.jsonl",
        "kgraph build inbox/ --watch",
        "curl -s https://example.org/story | kgraph build -",
    )
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@graph_option
@click.option("--model", help="Another spaCy pipeline with a parser and names; the graph remembers it.")
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with actors of your own; may be given several times.",
)
@click.option("--reread", is_flag=True, help="Read the kept articles again that another version of kgraph has read.")
@click.option("--watch", is_flag=True, help="Then stay and read what arrives, until Ctrl-C.")
@engine_options
def build(
    paths: tuple[str, ...],
    folder: Path,
    model: str | None,
    catalogues: tuple[Path, ...],
    reread: bool,
    watch: bool,
    engine: Engine,
) -> None:
    """Read articles into a graph: files, folders, feeds, or - for standard input.

    Text, Markdown, saved web pages, PDF and JSON lines. What is unchanged is not read again.
    """
    from kgraph import pipeline

    if watch and "-" in paths:
        raise UsageError("standard input cannot be watched: name folders or files")
    arrivals = pipeline.watch(paths) if watch else None  # what arrives while the first build runs is not missed
    with progress_line() as progress:
        summary = pipeline.build(
            folder,
            paths,
            model=model,
            catalogue_files=catalogues,
            reread=reread,
            engine=engine,
            progress=progress,
            waiting=say,
        )
    _report(summary, folder)
    if arrivals:
        _stay(folder, arrivals, engine)
    elif summary.failed:
        sys.exit(1)


def _stay(folder: Path, arrivals: Iterator[list[Path]], engine: Engine) -> None:
    """Reads what arrives until somebody stops it."""
    from kgraph import pipeline

    say("Watching; Ctrl-C stops.")
    try:
        for arrived in arrivals:
            _report(pipeline.build(folder, arrived, engine=engine, waiting=say), folder)
    except KeyboardInterrupt:
        say("Stopped.")


@main.command(epilog=example("kgraph remove kyiv-drones.txt"))
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@graph_option
def remove(articles: tuple[str, ...], folder: Path) -> None:
    """Take articles out of a graph, with all that they said. Named by key, URL or the end of a path."""
    from kgraph import pipeline

    _report(pipeline.remove(folder, articles, waiting=say), folder)


@contextmanager
def progress_line() -> Iterator[Callable[[Summary], None] | None]:
    """A line that counts while a person watches; nothing into a pipe or a file."""
    if not sys.stderr.isatty():
        yield None
        return
    import time

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    begun = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")

        def show(summary: Summary) -> None:
            seconds = max(time.monotonic() - begun, 0.001)
            bar.update(
                task,
                description=f"{summary.read} articles read, {summary.unchanged} unchanged, "
                f"{summary.skipped} skipped, {summary.failed} failed: {summary.read / seconds:.1f} articles/s, "
                f"{summary.sentences / seconds:.0f} sentences/s",
            )

        yield show


def _report(summary: Summary, folder: Path) -> None:
    """What changed, on stderr."""
    for problem in summary.problems:
        say(f"{'skipped' if problem.skipped else 'failed'}: {problem.where}: {problem.why}")
    counts = [
        f"{summary.read} read",
        f"{summary.unchanged} unchanged",
        f"{summary.skipped} skipped",
        f"{summary.failed} failed",
        *([f"{summary.removed} removed"] if summary.removed else []),
    ]
    say(f"Articles: {', '.join(counts)}, in {summary.seconds:.1f} s.")
    for name in ("actors", "claims", "edges"):
        difference = getattr(summary, name)
        say(
            f"{name.capitalize()}: {difference.added} added, {difference.changed} changed, {difference.removed} removed."
        )
    if summary.stale:
        say(
            f"{summary.stale} articles were read by another version or catalogue: `kgraph build --reread` reads them again."
        )
    say(f"The graph is in {folder}.")
