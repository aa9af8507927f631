"""What all commands share: the group, options, and how rows, talk and failures are printed."""

from __future__ import annotations

import io
import logging
import math
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from kgraph import __version__
from kgraph.cli.printing import FORMATS
from kgraph.errors import KgraphError, UsageError
from kgraph.reading.readers import DEFAULT_READERS, READERS
from kgraph.records import Kind, Status
from kgraph.safe_text import for_terminal, is_unicode, json_line, one_line
from kgraph.schema import load_schema
from kgraph.trust import DEFAULT, LEVELS

if TYPE_CHECKING:
    from kgraph import Graph

Command = TypeVar("Command", bound=Callable[..., Any])


class OnGraph(click.Command):
    """Where a command fails over what it finds in its graph, looks whether the graph is whole, and says so if it is not."""

    def invoke(self, ctx: click.Context) -> Any:
        graph: Graph | None = ctx.params.get("graph")
        with graph.naming_damage() if graph else nullcontext():
            return super().invoke(ctx)


class Commands(click.Group):
    """Turns what kgraph raises into one line and an exit code: 2 for wrong use, 1 for what failed."""

    command_class = OnGraph

    def main(self, *arguments: Any, **options: Any) -> Any:
        _make_streams_safe()
        return super().main(*arguments, **options)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _safe_failures():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with _safe_failures():
            return self._invoke(ctx)

    def _invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(one_line(str(error)), ctx) from error
        except KgraphError as error:
            raise click.ClickException(one_line(str(error))) from error
        except UnicodeEncodeError as error:
            odd = [word for word in sys.argv[1:] if not is_unicode(word)]
            if not odd:
                raise
            raise click.UsageError(
                f"{one_line(odd[0])}: bytes that are no UTF-8; nothing goes by such a name", ctx
            ) from error
        except BrokenPipeError:  # the reader had enough: `kgraph claims | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            if not isinstance(error.filename, str):
                raise
            raise click.ClickException(one_line(f"{error.filename[:200]}: {error.strerror}")) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from rapidfuzz import process

            likely = process.extractOne(args[0], self.list_commands(ctx), score_cutoff=60)
            hint = f" Did you mean {likely[0]}?" if likely else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx) from error


@contextmanager
def _safe_failures() -> Iterator[None]:
    """What is said of a failure may name a file, an actor or an article: made safe for the terminal."""
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = for_terminal(error.message)
        raise


def _make_streams_safe() -> None:
    """Text that the terminal's encoding cannot hold is written out; so is what logs and tracebacks tell of articles."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort:
        logging.lastResort.setFormatter(_SafeLog())
    sys.excepthook = _say_mistake


class _SafeLog(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return for_terminal(super().format(record))


def _say_mistake(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A mistake in kgraph, as Python tells it."""
    say_lines("".join(traceback.format_exception(kind, error, trace)).rstrip("\n"))


def example(*lines: str) -> str:
    """The end of a command's help: what one would type."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


class Seconds(click.FloatRange):
    """A limit of time, which is one: not NaN, not infinite, nor so long that no clock of the system counts it."""

    def __init__(self, most: float) -> None:
        super().__init__(0.001, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value} is not a number of seconds", param, ctx)
        return seconds


class GraphFolder(click.Path):
    """The path of a graph folder, which the command gets as a Graph that talks on stderr."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from kgraph import Graph

        return Graph(os.fsdecode(super().convert(value, param, ctx)), say=say)


def graph_option(command: Command) -> Command:
    return click.option(
        "-g",
        "--graph",
        "graph",
        type=GraphFolder(path_type=Path),
        default="graph.kg",
        envvar="KGRAPH_GRAPH",
        show_default=True,
        show_envvar=True,
        help="The graph folder.",
    )(command)


def format_option(command: Command) -> Command:
    return click.option(
        "--format",
        "form",
        type=click.Choice(list(FORMATS)),
        default="table",
        show_default=True,
        help="How rows are printed.",
    )(command)


def roll_up_option(command: Command) -> Command:
    return click.option(
        "--roll-up",
        type=click.Choice(["state", "family"]),
        help="Lift actors to their state, or weapons to their family.",
    )(command)


def trust_option(command: Command) -> Command:
    return click.option(
        "--trust",
        type=TRUSTS,
        default=DEFAULT,
        show_default=True,
        help="How surely what is shown must be right; all: whatever was read.",
    )(command)


def reader_option(command: Command) -> Command:
    return click.option(
        "--reader",
        "readers",
        type=click.Choice(list(READERS)),
        multiple=True,
        help="Who finds claims, may be given several times; the graph remembers it "
        f"(default: {' and '.join(DEFAULT_READERS)}).",
    )(command)


def period_options(command: Command) -> Command:
    """--as-of, --from and --to: the command gets its graph as it was then."""
    options = (
        ("--as-of", "as_of", "Only what was known by this day (current: what held on it)."),
        ("--from", "since", "Only what was reported from this day on."),
        ("--to", "until", "Only what was reported until this day."),
    )

    @wraps(command)
    def with_period(
        *arguments: Any, graph: Graph, as_of: str | None, since: str | None, until: str | None, **others: Any
    ) -> Any:
        return command(*arguments, graph=graph.during(as_of=as_of, since=since, until=until), **others)

    decorated: Any = with_period
    for option, name, words in reversed(options):
        decorated = click.option(option, name, metavar="DATE", help=words)(decorated)
    return cast(Command, decorated)


def engine_options(command: Command) -> Command:
    """--workers and --seconds-per-article."""
    options = (
        click.option(
            "--workers",
            type=click.IntRange(min=0),
            metavar="N",
            help="Read in up to N processes (default: one for each core; 0: in this one, without limits of time and memory).",
        ),
        click.option(
            "--seconds-per-article",
            type=Seconds(3600),
            metavar="S",
            help="Set aside what takes longer (default: 60; articles above 30,000 characters have more, in proportion, "
            "up to ten times).",
        ),
    )

    @wraps(command)
    def with_engine(*arguments: Any, workers: int | None, seconds_per_article: float | None, **others: Any) -> Any:
        if workers == 0 and seconds_per_article:
            raise UsageError("--seconds-per-article ends a process that reads; with --workers 0 there is none")
        return command(*arguments, workers=workers, seconds_per_article=seconds_per_article, **others)

    decorated: Any = with_engine
    for option in reversed(options):
        decorated = option(decorated)
    return cast(Command, decorated)


def store_option(command: Command) -> Command:
    return click.option("--store", metavar="URL", help="Ask a Neo4j (bolt://…) instead of the embedded graph.")(command)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("kgraph build articles/", "kgraph claims --about Hezbollah", "kgraph view -o graph.html"),
)
@click.version_option(__version__, prog_name="kgraph")
def main() -> None:
    """Read news articles into a graph of who does what to whom, every line with the sentences behind it."""


KINDS = click.Choice([kind.value for kind in Kind], case_sensitive=False)
TYPES = click.Choice(list(load_schema()), case_sensitive=False)
TRUSTS = click.Choice(list(LEVELS), case_sensitive=False)
STATUSES = click.Choice([status.value for status in Status], case_sensitive=False)


# All that is printed goes through these: a terminal obeys nothing in it, and a name with a line break stays one line.


def say(words: str) -> None:
    """A line of talk, on stderr."""
    click.echo(one_line(words), err=True)


def say_lines(words: str) -> None:
    """Several lines of talk."""
    click.echo(for_terminal(words), err=True)


def print_line(words: str = "") -> None:
    """A line of what was asked for."""
    click.echo(one_line(words))


def print_text(words: str) -> None:
    """Several lines of it."""
    click.echo(for_terminal(words))


def print_styled(words: str) -> None:
    """A line whose parts were made safe before they were underlined."""
    click.echo(words)


def styled(words: str, **style: Any) -> str:
    """A part of such a line."""
    return click.style(one_line(words), **style)


def ask(words: str, **options: Any) -> Any:
    """What a person answers."""
    return click.prompt(one_line(words), err=True, **options)


def print_rows(form: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    if text := FORMATS[form](columns, rows):
        click.echo(for_terminal(text) if sys.stdout.isatty() else text, color=True)  # a file gets CSV as it is


def print_lines(objects: Iterable[dict[str, Any]]) -> None:
    for one in objects:
        click.echo(json_line(one))


def user() -> str:
    """The user of the server, from the environment."""
    return os.environ.get("KGRAPH_NEO4J_USER", "neo4j")


def password() -> str:
    """The password of the server: from the environment, else from a prompt; never from the command line."""
    found = os.environ.get("KGRAPH_NEO4J_PASSWORD")
    if found is None:
        if not sys.stdin.isatty():
            raise UsageError("the server's password is missing: set KGRAPH_NEO4J_PASSWORD")
        found = str(ask("Password of the Neo4j", hide_input=True))
    return found
