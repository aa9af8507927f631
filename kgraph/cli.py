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


def example(*lines: str) -> str:
    """The end of a command's help: what one would type."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def graph_option(command: Command) -> Command:
    return click.option(
        "-g",
        "--graph",
        "folder",
        type=click.Path(path_type=Path),
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


# Making a graph. -----------------------------------------------------------------------------------------------------


@main.command(epilog=example("kgraph build articles/ feed.jsonl", "curl -s https://example.org/story | kgraph build -"))
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
def build(paths: tuple[str, ...], folder: Path, model: str | None, catalogues: tuple[Path, ...], reread: bool) -> None:
    """Read articles into a graph: files, folders, feeds, or - for standard input.

    Text, Markdown, saved web pages, PDF and JSON lines. What is unchanged is not read again.
    """
    from kgraph import pipeline

    with _progress() as progress:
        summary = pipeline.build(
            folder, paths, model=model, catalogue_files=catalogues, reread=reread, progress=progress, waiting=_say
        )
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
            bar.update(
                task,
                description=f"{summary.read} articles read, {summary.unchanged} unchanged, "
                f"{summary.skipped} skipped, {summary.failed} failed: {summary.read / seconds:.1f} articles/s, "
                f"{summary.sentences / seconds:.0f} sentences/s",
            )

        yield show


def _report(summary: Summary, folder: Path) -> None:
    """What changed, on stderr; exit code 1 if an article failed."""
    for problem in summary.problems:
        _say(f"{'skipped' if problem.skipped else 'failed'}: {problem.where}: {problem.why}")
    counts = [
        f"{summary.read} read",
        f"{summary.unchanged} unchanged",
        f"{summary.skipped} skipped",
        f"{summary.failed} failed",
        *([f"{summary.removed} removed"] if summary.removed else []),
    ]
    _say(f"Articles: {', '.join(counts)}, in {summary.seconds:.1f} s.")
    for name in ("actors", "claims", "edges"):
        difference = getattr(summary, name)
        _say(
            f"{name.capitalize()}: {difference.added} added, {difference.changed} changed, {difference.removed} removed."
        )
    if summary.stale:
        _say(
            f"{summary.stale} articles were read by another version or catalogue: `kgraph build --reread` reads them again."
        )
    _say(f"The graph is in {folder}.")
    if summary.failed:
        sys.exit(1)


# Looking. ------------------------------------------------------------------------------------------------------------

KINDS = click.Choice([kind.value for kind in Kind], case_sensitive=False)
TYPES = click.Choice(list(load_schema()), case_sensitive=False)
STATUSES = click.Choice([status.value for status in Status], case_sensitive=False)


def _rows(form: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    if text := FORMATS[form](columns, rows):
        click.echo(text)


def _lines(objects: Iterator[dict[str, Any]]) -> None:
    import json

    for one in objects:
        click.echo(json.dumps(one, ensure_ascii=False))


@contextmanager
def _open(folder: Path) -> Iterator[sqlite3.Connection]:
    from kgraph.evidence import open_for_reading

    with open_for_reading(folder) as db:
        yield db


@main.command(epilog=example("kgraph actors --kind Group", "kgraph actors --format jsonl > actors.jsonl"))
@graph_option
@click.option("--kind", type=KINDS, help="Only actors of this kind.")
@format_option
def actors(folder: Path, kind: str | None, form: str) -> None:
    """List the actors that the articles name, the most named first."""
    from kgraph import tables

    with _open(folder) as db:
        found = tables.actors(db, kind=kind)
        if form == "jsonl":
            _lines(tables.actor_lines(db, found))
            return
    _rows(
        form,
        ("name", "kind", "articles", "id"),
        [{"name": a.name, "kind": a.kind, "articles": a.articles, "id": a.id} for a in found],
    )


@main.command(
    epilog=example("kgraph claims --about Hezbollah --type SUPPLIES", "kgraph claims --status planned --format jsonl")
)
@graph_option
@click.option("--about", metavar="NAME", help="Only claims with this actor, by any of its names.")
@click.option("--type", "kind", type=TYPES, help="Only claims of this type.")
@click.option("--status", type=STATUSES, help="Only claims with this status.")
@click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold.")
@roll_up_option
@format_option
def claims(
    folder: Path,
    about: str | None,
    kind: str | None,
    status: str | None,
    realised: bool,
    roll_up: str | None,
    form: str,
) -> None:
    """List claims: who does what to whom, how sure, in how many articles and from how many origins."""
    from kgraph import tables

    with _open(folder) as db:
        actor = tables.resolve(db, about) if about else None
        found = tables.claims(db, about=actor, type=kind, status=status, realised=realised)
        if roll_up:
            found = tables.roll_up(db, found, roll_up)
        if form == "jsonl":
            _lines(tables.claim_lines(db, found))
            return
    _rows(form, _CLAIM_COLUMNS, [_claim_row(claim) for claim in found])


_CLAIM_COLUMNS = ("claim", "type", "who", "whom", "with", "status", "articles", "origins", "last")


def _claim_row(claim: Any) -> dict[str, Any]:
    first, second = load_schema()[claim.type].key_roles
    ones = claim.fillers(first)
    one, other = (ones[:1], ones[1:2]) if first == second else (ones, claim.fillers(second))
    further = [f"{role} {actor.name}" for role, actor in claim.roles if role not in (first, second)]
    return {
        "claim": claim.id[:8],
        "type": claim.type,
        "who": [a.name for a in one],
        "whom": [a.name for a in other],
        "with": further,
        "status": f"{claim.status}, disputed" if claim.disputed else claim.status,
        "articles": claim.articles,
        "origins": claim.origins,
        "last": claim.last_reported,
    }


@main.command(epilog=example("kgraph show Hezbollah"))
@click.argument("name")
@graph_option
def show(name: str, folder: Path) -> None:
    """Print a dossier of one actor: its names, and its claims by type, the newest first."""
    from kgraph import tables

    with _open(folder) as db:
        wanted = tables.resolve(db, name)
        actor = next(actor for actor in tables.actors(db, everyone=True) if actor.id == wanted)
        found = tables.claims(db, about=actor.id)
        ties = db.execute(
            """SELECT b.type, a.name, b."from", b."to" FROM background AS b JOIN actor AS a ON a.id = b.target
                             WHERE b.source = ? ORDER BY b.type, b."from", a.name""",
            (actor.id,),
        ).fetchall()
    click.echo(f"{actor.name} ({actor.kind}), {actor.id}, in {actor.articles} articles")
    if actor.aliases:
        click.echo(f"Also: {', '.join(actor.aliases)}")
    for type_, other, since, until in ties:
        dates = f" ({since or '…'} to {until or '…'})" if since or until else ""
        click.echo(f"{type_.replace('_', ' ').lower()} {other}{dates}, from the catalogue")
    for type_ in load_schema():
        if own := [claim for claim in found if claim.type == type_]:
            click.echo(f"\n{type_}")
            for claim in own:
                click.echo(f"  {claim.id[:8]}  {_in_short(claim)}")


def _in_short(claim: Any) -> str:
    notes = [
        claim.status,
        f"{claim.articles} article{'s' * (claim.articles != 1)}",
        *([claim.last_reported] if claim.last_reported else []),
        *(["disputed"] if claim.disputed else []),
    ]
    return f"{claim.text} ({', '.join(notes)})"


@main.command(epilog=example("kgraph explain 1f3a"))
@click.argument("claim")
@graph_option
def explain(claim: str, folder: Path) -> None:
    """Print the evidence behind a claim, sentence by sentence: speaker, status, cues, frame, article.

    CLAIM is the beginning of a claim's id, as `kgraph claims` prints it.
    """
    from kgraph import tables

    with _open(folder) as db:
        found = tables.claim(db, claim)
        behind = tables.quotes(db, found.id)[found.id]
    click.echo(f"{found.id}  {found.type}  {_in_short(found)}")
    for role, actor in found.roles:
        click.echo(f"  {role}: {actor.name}")
    for quote in behind:
        says = f", says {', to whom '.join(quote.speakers)}" if quote.speakers else ""
        click.echo(f"\n  {quote.status}{says}\n    {' '.join(quote.sentence.split())}")
        source = ", ".join(filter(None, (quote.title, quote.outlet, quote.published, quote.path or quote.article)))
        click.echo(f"    {source}, characters {quote.start} to {quote.end}")
        click.echo(
            f"    frame {quote.frame}, by “{quote.sentence[slice(*quote.trigger)]}”; "
            f"cues {', '.join(quote.cues) or 'none'}; polarity {quote.polarity}, stage {quote.stage}, "
            f"certainty {quote.certainty}, voice {quote.voice}"
        )


@main.command(epilog=example("kgraph path Russia Hezbollah"))
@click.argument("start")
@click.argument("end")
@graph_option
@click.option("--realised", is_flag=True, help="Only along what is said to have happened or to hold.")
@roll_up_option
@click.option("--limit", default=5, show_default=True, help="At most so many paths.")
def path(start: str, end: str, folder: Path, realised: bool, roll_up: str | None, limit: int) -> None:
    """Print the shortest ties between two actors, with the claims on each step."""
    import json

    from kgraph import analysis, tables

    with _open(folder) as db:
        lift = tables.lifted(db, roll_up) if roll_up else {}
        ways = analysis.shortest_paths(
            db, tables.resolve(db, start), tables.resolve(db, end), realised=realised, limit=limit, lift=lift
        )
        names = {actor.id: actor.name for actor in tables.actors(db, everyone=True)}
    for number, way in enumerate(ways, 1):
        click.echo(f"{number}. {' – '.join([names[way[0].start], *(names[hop.end] for hop in way)])}")
        for hop in way:
            for tie in hop.ties:
                ids = " ".join(claim[:8] for claim in json.loads(tie.claims))
                click.echo(f"   {names[tie.source]} {tie.type} {names[tie.target]} ({tie.status}; claims {ids})")


@main.command(epilog=example("kgraph stats"))
@graph_option
@roll_up_option
def stats(folder: Path, roll_up: str | None) -> None:
    """Print what a graph consists of, and its busiest actors."""
    from kgraph import analysis, tables

    with _open(folder) as db:
        found = analysis.stats(db, lift=tables.lifted(db, roll_up) if roll_up else {})
    dates = f", published {found.first_published} to {found.last_published}" if found.first_published else ""
    click.echo(f"{found.articles} articles{dates}; {found.evidence} sentences of evidence")
    for title, counts in (("actors", found.actors), ("claims", found.claims), ("claims by status", found.statuses)):
        click.echo(f"{sum(counts.values())} {title}: {', '.join(f'{name} {n}' for name, n in counts.items())}")
    click.echo(f"{found.edges} edges, in {found.components} separate parts")
    click.echo(f"busiest: {', '.join(f'{name} {n}' for _, name, n in found.central)}")


# Asking. -------------------------------------------------------------------------------------------------------------


@main.command(epilog=example("kgraph queries"))
@format_option
def queries(form: str) -> None:
    """List the saved questions and what they want to know."""
    from kgraph.query import questions

    _rows(
        form,
        ("name", "question", "parameters"),
        [
            {
                "name": q.name,
                "question": q.question,
                "parameters": [f"{p.name}={p.type}" if p.required else f"[{p.name}={p.type}]" for p in q.parameters],
            }
            for q in questions().values()
        ],
    )


@main.command(
    epilog=example("kgraph query who-arms actor=Hezbollah", "kgraph query between a=Russia b=Hezbollah --format csv")
)
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]…")
@graph_option
@store_option
@roll_up_option
@format_option
def query(name: str, values: tuple[str, ...], folder: Path, store: str | None, roll_up: str | None, form: str) -> None:
    """Ask a saved question (see `kgraph queries`), or one in a .cypher file."""
    from kgraph.query import ask, find_question

    if wrong := [value for value in values if "=" not in value]:
        raise UsageError(f"{wrong[0]!r}: write parameters as KEY=VALUE")
    question = find_question(name)
    with _store(folder, store, roll_up) as opened:
        answer = ask(opened, question, dict(value.split("=", 1) for value in values), roll_up=roll_up)
    _rows(form, answer.columns, answer.rows)
    if not answer.rows:
        _say("No rows: nothing in this graph answers that.")


@main.command(
    epilog=example("kgraph cypher 'MATCH (a:Actor)-[r:SUPPLIES]->(b:Actor) WHERE r.realised RETURN a.name, b.name'")
)
@click.argument("text")
@graph_option
@store_option
@format_option
def cypher(text: str, folder: Path, store: str | None, form: str) -> None:
    """Ask in Cypher. Read-only: what would change the graph is refused."""
    from kgraph.query import cypher as ask_cypher

    with _store(folder, store) as opened:
        answer = ask_cypher(opened, text)
    _rows(form, answer.columns, answer.rows)


def _store(folder: Path, url: str | None, roll_up: str | None = None) -> Store:
    from kgraph.graph import open_store

    if url is None:
        return open_store(folder, roll_up=roll_up, say=_say)
    user, password = _login()
    return open_store(folder, url, user=user, password=password, roll_up=roll_up)


def _login() -> tuple[str, str]:
    """User and password of the server: from the environment, the password else from a prompt; never from the command line."""
    password = os.environ.get("KGRAPH_NEO4J_PASSWORD")
    if password is None:
        if not sys.stdin.isatty():
            raise UsageError("the server's password is missing: set KGRAPH_NEO4J_PASSWORD")
        password = click.prompt("Password of the Neo4j", hide_input=True, err=True)
    return os.environ.get("KGRAPH_NEO4J_USER", "neo4j"), password


# Taking along. -------------------------------------------------------------------------------------------------------


@main.command(epilog=example("kgraph view -o graph.html", "kgraph view --about Hezbollah --hops 2 -o hezbollah.html"))
@graph_option
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default="graph.html", show_default=True
)
@click.option("--about", metavar="NAME", help="Only what is near this actor.")
@click.option("--hops", default=1, show_default=True, help="How near: steps away from it.")
@click.option("--realised", is_flag=True, help="Only what is said to have happened or to hold.")
@roll_up_option
def view(folder: Path, output: Path, about: str | None, hops: int, realised: bool, roll_up: str | None) -> None:
    """Write one HTML page with the graph that works without any network."""
    from kgraph import tables
    from kgraph.view import picture
    from kgraph.view.page import page

    with _open(folder) as db:
        actor = tables.resolve(db, about) if about else None
        shown = picture(db, title=folder.stem, about=actor, hops=hops, realised=realised, level=roll_up)
    output.write_text(page(shown), encoding="utf-8")
    _say(f"{len(shown['actors'])} actors and {len(shown['edges'])} relations are in {output}.")


@main.command(epilog=example("KGRAPH_NEO4J_PASSWORD=… kgraph push bolt://localhost:7687"))
@click.argument("url")
@graph_option
def push(url: str, folder: Path) -> None:
    """Make a Neo4j hold exactly this graph; what is there already is not written again."""
    from kgraph.graph import check_url
    from kgraph.graph.neo4j import push as push_to

    check_url(url)
    user, password = _login()
    done = push_to(folder, url, user=user, password=password)
    _say(f"{done.created} created, {done.changed} changed, {done.deleted} deleted in {url}.")


@main.command(epilog=example("kgraph export graph.jsonl", "kgraph export graph.graphml"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@graph_option
def export(file: Path, folder: Path) -> None:
    """Write the graph to a file; its ending says in which format: .jsonl (canonical), .csv, .graphml, .gexf."""
    from kgraph.export import export as write

    with _open(folder) as db:
        write(db, file)
    _say(f"The graph is in {file}.")


if __name__ == "__main__":
    main()
