"""Commands that make a graph: build, remove."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.build.workers import ENGINES
from kgraph.cli.options import engine_options, example, graph_option, main, say
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.build import Summary
    from kgraph.build.workers import Engine


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
    help="A CSV file with actors of your own, kept for later commands; may be given several times.",
)
@click.option("--reread", is_flag=True, help="Read the kept articles again that another version of kgraph has read.")
@click.option("--watch", is_flag=True, help="Then stay and read what arrives, until Ctrl-C.")
@engine_options
@click.option(
    "--engine",
    "where",
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
    folder: Path,
    model: str | None,
    catalogues: tuple[Path, ...],
    reread: bool,
    watch: bool,
    engine: Engine,
    where: str,
    ray_address: str | None,
    evidence: str | None,
    no_load: bool,
    tidy: bool,
) -> None:
    """Read articles into a graph: files, folders, feeds, URLs, or - for standard input.

    Text, Markdown, saved web pages, PDF, JSON lines and Parquet. What is unchanged is not read again.
    """
    from kgraph import build, cluster
    from kgraph.build import watching

    if where == "ray":
        if watch or engine.count == 0:
            raise UsageError(f"{'--watch' if watch else '--workers 0'} goes with --engine local only")
        with progress_line() as progress:
            summary = cluster.build_on_ray(
                None if no_load else folder, paths, evidence=evidence, address=ray_address, model=model,
                catalogue_files=catalogues, reread=reread, tidy=tidy, engine=engine, progress=progress, waiting=say,
            )  # fmt: skip
        _report(summary, None if no_load else folder)
        if summary.failed or summary.blank:
            sys.exit(1)
        return
    if ray_address or evidence or no_load or tidy:
        raise UsageError("--ray-address, --evidence, --no-load and --tidy go with --engine ray only")
    if watch and any("://" in path for path in paths):
        raise UsageError("a URL cannot be watched: name folders or files")
    if watch and "-" in paths:
        raise UsageError("standard input cannot be watched: name folders or files")
    arrivals = watching.watch(paths) if watch else None  # what arrives while the first build runs is not missed
    with progress_line() as progress:
        summary = build.build(
            folder,
            paths,
            model=model,
            catalogue_files=catalogues,
            reread=reread,
            engine=engine,
            progress=progress,
            waiting=say,
            blank_stays=watch,  # it remembers model and catalogue until something arrives
        )
    _report(summary, folder)
    if arrivals:
        _stay(folder, arrivals, engine)
    elif summary.failed or summary.blank:
        sys.exit(1)


def _stay(folder: Path, arrivals: Iterator[list[Path]], engine: Engine) -> None:
    """Reads what arrives until somebody stops it."""
    from kgraph import build

    say("Watching; Ctrl-C stops.")
    try:
        for arrived in arrivals:
            _report(build.build(folder, arrived, engine=engine, waiting=say), folder)
    except KeyboardInterrupt:
        say("Stopped.")


@main.command(epilog=example("kgraph load s3://bucket/evidence -g archive.kg"))
@click.argument("evidence")
@graph_option
def load(evidence: str, folder: Path) -> None:
    """Take evidence into a graph that `kgraph build --engine ray` wrote as Parquet, here or elsewhere: a folder or a URL."""
    from kgraph import cluster

    with progress_line() as progress:
        summary = cluster.load(folder, evidence, progress=progress, waiting=say)
    _report(summary, folder)
    if summary.blank:
        sys.exit(1)


@main.command(epilog=example("kgraph remove kyiv-drones.txt"))
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@graph_option
def remove(articles: tuple[str, ...], folder: Path) -> None:
    """Take articles out of a graph, with all that they said. Named by key, id, URL or the end of a path."""
    from kgraph import build

    _report(build.remove(folder, articles, waiting=say), folder)


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


def _report(summary: Summary, folder: Path | None) -> None:
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
    if folder is None:
        return
    if summary.blank:
        say(f"Nothing was read, so there is no graph in {folder} yet.")
        return
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
