"""The command line: every command reads its options, calls one function and prints. stdout is data, stderr is talk."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kgraph import __version__
from kgraph.errors import KgraphError, UsageError
from kgraph.listing import FORMATS
from kgraph.model import Kind, Status
from kgraph.schema import load_schema

if TYPE_CHECKING:
    from kgraph.graph import Store
    from kgraph.pipeline import Summary

Command = TypeVar("Command", bound=Callable[..., Any])


class Commands(click.Group):
    """Turns what kgraph raises into one line and an exit code: 2 for wrong use, 1 for what failed."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error), ctx) from error
        except KgraphError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:  # the reader had enough: `kgraph claims | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from rapidfuzz import process

            likely = process.extractOne(args[0], self.list_commands(ctx), score_cutoff=60)
            hint = f" Did you mean {likely[0]}?" if likely else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx) from error


def example(*lines: str) -> str:
    """The end of a command's help: what one would type."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def graph_option(command: Command) -> Command:
    return click.option("-g", "--graph", "folder", type=click.Path(path_type=Path), default="graph.kg", envvar="KGRAPH_GRAPH",
                        show_default=True, show_envvar=True, help="The graph folder.")(command)


def format_option(command: Command) -> Command:
    return click.option("--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True,
                        help="How rows are printed.")(command)


def store_option(command: Command) -> Command:
    return click.option("--store", metavar="URL", help="Ask a Neo4j (bolt://…) instead of the embedded graph.")(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
             epilog=example("kgraph build articles/", "kgraph claims --about Hezbollah", "kgraph view -o graph.html"))
@click.version_option(__version__, prog_name="kgraph")
def main() -> None:
    """Read news articles into a graph of who does what to whom, every line with the sentences behind it."""


# Making a graph. -----------------------------------------------------------------------------------------------------


@main.command(epilog=example("kgraph build articles/ feed.jsonl", "curl -s https://example.org/story | kgraph build -"))
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@graph_option
@click.option("--model", help="Another spaCy pipeline with a parser and names; the graph remembers it.")
@click.option("--catalogue", "catalogues", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A CSV file with actors of your own; may be given several times.")
@click.option("--reread", is_flag=True, help="Read the kept articles again that another version of kgraph has read.")
def build(paths: tuple[str, ...], folder: Path, model: str | None, catalogues: tuple[Path, ...], reread: bool) -> None:
    """Read articles into a graph: files, folders, feeds, or - for standard input.

    Text, Markdown, saved web pages, PDF and JSON lines. What is unchanged is not read again.
    """
    from kgraph import pipeline

    with _progress() as progress:
        summary = pipeline.build(folder, paths, model=model, catalogue_files=catalogues, reread=reread,
                                 progress=progress, waiting=_say)
    _report(summary, folder)


@main.command(epilog=example("kgraph remove kyiv-drones.txt"))
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@graph_option
def remove(articles: tuple[str, ...], folder: Path) -> None:
    """Take articles out of a graph, with all that they said. Named by key, URL or the end of a path."""
    from kgraph import pipeline

    _report(pipeline.remove(folder, articles, waiting=_say), folder)


def _say(words: str) -> None:
    click.echo(words, err=True)


@contextmanager
def _progress() -> Iterator[Callable[[Summary], None] | None]:
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
            bar.update(task, description=f"{summary.read} articles read, {summary.unchanged} unchanged, "
                       f"{summary.skipped} skipped, {summary.failed} failed: {summary.read / seconds:.1f} articles/s, "
                       f"{summary.sentences / seconds:.0f} sentences/s")

        yield show


def _report(summary: Summary, folder: Path) -> None:
    """What changed, on stderr; exit code 1 if an article failed."""
    for problem in summary.problems:
        _say(f"{'skipped' if problem.skipped else 'failed'}: {problem.where}: {problem.why}")
    counts = [f"{summary.read} read", f"{summary.unchanged} unchanged", f"{summary.skipped} skipped",
              f"{summary.failed} failed", *([f"{summary.removed} removed"] if summary.removed else [])]
    _say(f"Articles: {', '.join(counts)}, in {summary.seconds:.1f} s.")
    for name in ("actors", "claims", "edges"):
        difference = getattr(summary, name)
        _say(f"{name.capitalize()}: {difference.added} added, {difference.changed} changed, {difference.removed} removed.")
    if summary.stale:
        _say(f"{summary.stale} articles were read by another version or catalogue: `kgraph build --reread` reads them again.")
    _say(f"The graph is in {folder}.")
    if summary.failed:
        sys.exit(1)
