"""Commands that ask in Cypher: queries, query, cypher."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgraph.cli.options import (
    example,
    format_option,
    graph_option,
    login,
    main,
    opened,
    period_options,
    print_rows,
    roll_up_option,
    say,
    store_option,
)
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph.graph import Store
    from kgraph.periods import Period
    from kgraph.query import Question


@main.command(epilog=example("kgraph queries", "kgraph queries who-arms"))
@click.argument("name", required=False)
@format_option
def queries(name: str | None, form: str) -> None:
    """List the saved questions by theme; with NAME, what one wants to know and what its columns mean."""
    from kgraph.query import by_theme, find_question

    if name is None:
        rows = [{"theme": q.theme, "name": q.name, "question": q.question, "parameters": _shown(q)} for q in by_theme()]
        print_rows(form, ("theme", "name", "question", "parameters"), rows)
        return
    question = find_question(name)
    say(question.question)
    print_rows(
        form,
        ("name", "is", "default", "meaning"),
        [
            *(
                {"name": f"{p.name}=", "is": p.type, "default": p.default, "meaning": p.meaning}
                for p in question.parameters
            ),
            *({"name": c, "is": "column", "default": None, "meaning": m} for c, m in question.meanings.items()),
        ],
    )


def _shown(question: Question) -> list[str]:
    return [f"{p.name}={p.type}" if p.required else f"[{p.name}={p.type}]" for p in question.parameters]


@main.command(
    epilog=example("kgraph query who-arms actor=Hezbollah", "kgraph query between a=Russia b=Hezbollah --format csv")
)
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]…")
@graph_option
@period_options
@store_option
@roll_up_option
@format_option
def query(
    name: str, values: tuple[str, ...], folder: Path, period: Period, store: str | None, roll_up: str | None, form: str
) -> None:
    """Ask a saved question (see `kgraph queries`), or one in a .cypher file."""
    from kgraph.query import ask, find_question

    if wrong := [value for value in values if "=" not in value]:
        raise UsageError(f"{wrong[0]!r}: write parameters as KEY=VALUE")
    question = find_question(name)
    with _store(folder, store, period, roll_up) as opened:
        answer = ask(opened, question, dict(value.split("=", 1) for value in values), roll_up=roll_up)
    print_rows(form, answer.columns, answer.rows)
    if not answer.rows:
        say("No rows: nothing in this graph answers that.")


@main.command(
    epilog=example("kgraph cypher 'MATCH (a:Actor)-[r:SUPPLIES]->(b:Actor) WHERE r.realised RETURN a.name, b.name'")
)
@click.argument("text")
@graph_option
@period_options
@store_option
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.001),
    help="Cut it off after so long.",
)
@click.option("--rows", default=10_000, show_default=True, type=click.IntRange(1), help="Print at most so many rows.")
@format_option
def cypher(text: str, folder: Path, period: Period, store: str | None, seconds: float, rows: int, form: str) -> None:
    """Ask in Cypher. Read-only: what would change the graph is refused."""
    from kgraph.graph import Limits
    from kgraph.query import cypher as ask_cypher

    with _store(folder, store, period) as opened:
        answer = ask_cypher(opened, text, Limits(seconds, rows))
    print_rows(form, answer.columns, answer.rows)
    if answer.cut:
        say(f"Cut after {rows} rows: there are more. Narrow the query, or set --rows.")


def _store(folder: Path, url: str | None, period: Period, roll_up: str | None = None) -> Store:
    from kgraph.graph import open_store
    from kgraph.periods import restrict

    if url is None:
        with opened(folder):  # there is something in it
            pass
        if not period:
            return open_store(folder, roll_up=roll_up, say=say)
        return open_store(
            folder, roll_up=roll_up, say=say, period=repr(period), narrow=lambda db: restrict(db, folder, period)
        )
    user, password = login()
    return open_store(folder, url, user=user, password=password, roll_up=roll_up, period=repr(period) if period else "")
