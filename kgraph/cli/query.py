"""Commands that ask in Cypher: queries, query, cypher."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from kgraph.cli.options import (
    Command,
    Seconds,
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
    from kgraph.graph import Answer, Limits, Store
    from kgraph.graph.questions import Question
    from kgraph.lookup.periods import Period


A_DAY = 86_400.0


@main.command(epilog=example("kgraph queries", "kgraph queries who-arms"))
@click.argument("name", required=False)
@format_option
def queries(name: str | None, form: str) -> None:
    """List the saved questions by theme; with NAME, what one wants to know and what its columns mean."""
    from kgraph.graph.questions import by_theme, find_question

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


def limit_options(command: Command) -> Command:
    """--seconds and --rows, which the command gets as `limits`."""

    @wraps(command)
    def with_limits(*arguments: Any, seconds: float, rows: int, **others: Any) -> Any:
        from kgraph.graph import Limits

        return command(*arguments, limits=Limits(seconds, rows), **others)

    seconds = click.option(
        "--seconds", default=60.0, show_default=True, type=Seconds(A_DAY), help="Cut it off after so long."
    )
    rows = click.option(
        "--rows", default=10_000, show_default=True, type=click.IntRange(1), help="Print at most so many rows."
    )
    return cast(Command, seconds(rows(with_limits)))


@main.command(
    epilog=example("kgraph query who-arms actor=Hezbollah", "kgraph query between a=Russia b=Hezbollah --format csv")
)
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]…")
@graph_option
@period_options
@store_option
@roll_up_option
@limit_options
@format_option
def query(
    name: str, values: tuple[str, ...], folder: Path, period: Period, store: str | None, roll_up: str | None,
    limits: Limits, form: str,
) -> None:  # fmt: skip
    """Ask a saved question (see `kgraph queries`), or one in a .cypher file."""
    from kgraph.graph.questions import ask, find_question

    if wrong := [value for value in values if "=" not in value]:
        raise UsageError(f"{wrong[0]!r}: write parameters as KEY=VALUE")
    question = find_question(name)
    with _store(folder, store, period, roll_up) as opened:
        answer = ask(opened, question, dict(value.split("=", 1) for value in values), roll_up=roll_up, limits=limits)
    if name.endswith(".cypher"):
        _warn(question.text)
    _print(form, answer, limits)
    if not answer.rows:
        say("No rows: nothing in this graph answers that.")


@main.command(
    epilog=example("kgraph cypher 'MATCH (a:Actor)-[r:SUPPLIES]->(b:Actor) WHERE r.realised RETURN a.name, b.name'")
)
@click.argument("text")
@graph_option
@period_options
@store_option
@limit_options
@format_option
def cypher(text: str, folder: Path, period: Period, store: str | None, limits: Limits, form: str) -> None:
    """Ask in Cypher. Read-only: what would change the graph is refused, and so is every function but Cypher's own."""
    from kgraph.graph.questions import cypher as ask_cypher

    with _store(folder, store, period) as opened:
        answer = ask_cypher(opened, text, limits)
    _warn(text)
    _print(form, answer, limits)


def _warn(text: str) -> None:
    from kgraph.graph.cypher import doubts

    for doubt in doubts(text):
        say(f"Warning: {doubt}")


def _print(form: str, answer: Answer, limits: Limits) -> None:
    print_rows(form, answer.columns, answer.rows)
    if answer.cut:
        say(f"Cut after {limits.rows} rows: there are more. Narrow the query, or set --rows.")


def _store(folder: Path, url: str | None, period: Period, roll_up: str | None = None) -> Store:
    from kgraph.graph import open_store
    from kgraph.lookup.periods import restrict

    if url is None:
        with opened(folder):  # there is something in it
            pass
        if not period:
            return open_store(folder, roll_up=roll_up, say=say)
        return open_store(
            folder, roll_up=roll_up, say=say, period=repr(period), narrow=lambda db: restrict(db, period)
        )
    user, password = login()
    return open_store(folder, url, user=user, password=password, roll_up=roll_up, period=repr(period) if period else "")
