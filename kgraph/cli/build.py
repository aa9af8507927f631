"""Commands that make a graph: build, remove."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgraph.cli.options import engine_options, example, graph_option, main, reader_option, say
from kgraph.cli.printing import levels_in_words
from kgraph.errors import UsageError
from kgraph.trust import DEFAULT

if TYPE_CHECKING:
    from kgraph import Graph, Summary

ENGINES = {
    "local": "in processes of this machine",
    "ray": "on a Ray cluster, or Ray on this machine's cores, through Parquet files",
}


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
@reader_option
@click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with actors of your own, kept for later commands; may be given several times.",
)
@click.option("--reread", is_flag=True, help="Read the kept articles again that another version of kgraph has read.")
@click.option("--watch", is_flag=True, help="Then stay and read what arrives, until Ctrl-C.")
@engine_options
@click.option(
    "--engine",
    type=click.Choice(list(ENGINES)),
    default="local",
    show_default=True,
    help="; ".join(f"{name}: {what}" for name, what in ENGINES.items()) + ".",
)
@click.option(
    "--ray-address", metavar="ADDRESS", help="A Ray cluster that runs: HOST:PORT, or auto on one of its machines."
)
@click.option(
    "--evidence", metavar="URL", help="Where Ray writes the evidence as Parquet (default: into the graph folder)."
)
@click.option("--no-load", is_flag=True, help="Leave the evidence there: `kgraph load` takes it into a graph.")
@click.option("--tidy", is_flag=True, help="Delete there what earlier runs read and this one has not.")
def build(
    paths: tuple[str, ...],
    graph: Graph,
    model: str | None,
    readers: tuple[str, ...],
    catalogues: tuple[Path, ...],
    reread: bool,
    watch: bool,
    workers: int | None,
    seconds_per_article: float | None,
    engine: str,
    ray_address: str | None,
    evidence: str | None,
    no_load: bool,
    tidy: bool,
) -> None:
    """Read articles into a graph: files, folders, feeds, URLs, or - for standard input.

    Text, Markdown, saved web pages, PDF, JSON lines and Parquet. What is unchanged is not read again.
    """
    options: dict[str, Any] = {
        "model": model, "readers": readers, "catalogue": catalogues, "reread": reread, "workers": workers,
        "seconds_per_article": seconds_per_article,
    }  # fmt: skip
    if engine == "ray":
        if watch or workers == 0:
            raise UsageError(f"{'--watch' if watch else '--workers 0'} goes with --engine local only")
        with progress_line() as progress:
            summary = graph.build_on_ray(
                *paths,
                ray_address=ray_address,
                evidence=evidence,
                load=not no_load,
                tidy=tidy,
                progress=progress,
                **options,
            )
        _report(summary, None if no_load else graph)
    elif ray_address or evidence or no_load or tidy:
        raise UsageError("--ray-address, --evidence, --no-load and --tidy go with --engine ray only")
    elif watch:
        _stay(graph, paths, options)
        return
    else:
        with progress_line() as progress:
            summary = graph.build(*paths, progress=progress, **options)
        _report(summary, graph)
    if summary.failed or summary.blank:
        sys.exit(1)


def _stay(graph: Graph, paths: tuple[str, ...], options: dict[str, Any]) -> None:
    """Reads what is there and then what arrives, until somebody stops it."""
    with progress_line() as progress:
        summaries = graph.watch(*paths, progress=progress, **options)
        first = next(summaries)
    _report(first, graph)
    say("Watching; Ctrl-C stops.")
    try:
        for summary in summaries:
            _report(summary, graph)
    except KeyboardInterrupt:
        say("Stopped.")


@main.command(epilog=example("kgraph load s3://bucket/evidence -g archive.kg"))
@click.argument("evidence")
@graph_option
def load(evidence: str, graph: Graph) -> None:
    """Take evidence into a graph that `kgraph build --engine ray` wrote as Parquet, here or elsewhere: a folder or a URL."""
    with progress_line() as progress:
        summary = graph.load(evidence, progress=progress)
    _report(summary, graph)
    if summary.blank:
        sys.exit(1)


@main.command(epilog=example("kgraph remove kyiv-drones.txt"))
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@graph_option
def remove(articles: tuple[str, ...], graph: Graph) -> None:
    """Take articles out of a graph, with all that they said. Named by key, id, URL or the end of a path."""
    _report(graph.remove(*articles), graph)


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


def _report(summary: Summary, graph: Graph | None) -> None:
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
    if graph is None:
        return
    if summary.blank:
        say(f"Nothing was read, so there is no graph in {graph.folder} yet.")
        return
    for name in ("actors", "claims", "edges"):
        difference = getattr(summary, name)
        say(
            f"{name.capitalize()}: {difference.added} added, {difference.changed} changed, {difference.removed} removed."
        )
    if summary.stale:
        say(
            f"{summary.stale} articles were read by another version, catalogue or reader: "
            "`kgraph build --reread` reads them again."
        )
    say(f"To look at: {levels_in_words(graph.levels(), DEFAULT)}.")
    say(f"The graph is in {graph.folder}.")
