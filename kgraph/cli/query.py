"""Commands that ask in Cypher: queries, query, cypher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kgraph.cli.options import (
    Command,
    Seconds,
    example,
    format_option,
    graph_option,
    main,
    password,
    period_options,
    print_rows,
    roll_up_option,
    say,
    store_option,
    trust_option,
    user,
)
from kgraph.errors import UsageError

if TYPE_CHECKING:
    from kgraph import Answer, Graph, Question


A_DAY = 86_400.0


@main.command(epilog=example("kgraph queries", "kgraph queries who-arms"))
@click.argument("name", required=False)
@format_option
def queries(name: str | None, form: str) -> None:
    """List the saved questions by theme; with NAME, what one wants to know and what its columns mean."""
    import kgraph

    if name is None:
        rows = [
            {"theme": q.theme, "name": q.name, "question": q.question, "parameters": _shown(q)}
            for q in kgraph.questions()
        ]
        print_rows(form, ("theme", "name", "question", "parameters"), rows)
        return
    question = kgraph.question(name)
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
    """--seconds and --rows."""
    seconds = click.option(
        "--seconds", default=60.0, show_default=True, type=Seconds(A_DAY), help="Cut it off after so long."
    )
    rows = click.option(
        "--rows", default=10_000, show_default=True, type=click.IntRange(1), help="Print at most so many rows."
    )
    return seconds(rows(command))


@main.command(
    epilog=example("kgraph query who-arms actor=Hezbollah", "kgraph query between a=Russia b=Hezbollah --format csv")
)
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]…")
@graph_option
@period_options
@store_option
@trust_option
@roll_up_option
@limit_options
@format_option
def query(
    name: str, values: tuple[str, ...], graph: Graph, store: str | None, trust: str, roll_up: str | None, seconds: float,
    rows: int, form: str,
) -> None:  # fmt: skip
    """Ask a saved question (see `kgraph queries`), or one in a .cypher file."""
    if wrong := [value for value in values if "=" not in value]:
        raise UsageError(f"{wrong[0]!r}: write parameters as KEY=VALUE")
    typed = dict(value.split("=", 1) for value in values)
    answer = graph.query(
        name,
        typed,
        trust=trust,
        roll_up=roll_up,
        seconds=seconds,
        rows=rows,
        store=store,
        user=user(),
        password=password,
    )
    _print(form, answer, rows)
    if not answer.rows:
        say("No rows: nothing in this graph answers that.")


@main.command(
    epilog=example(
        "kgraph cypher 'MATCH (a:Actor)-[r:SUPPLIES]->(b:Actor) WHERE r.realised AND r.trust >= $trust RETURN a.name, b.name'"
    )
)
@click.argument("text")
@graph_option
@period_options
@store_option
@trust_option
@limit_options
@format_option
def cypher(text: str, graph: Graph, store: str | None, trust: str, seconds: float, rows: int, form: str) -> None:
    """Ask in Cypher. Read-only: what would change the graph is refused, and so is every function but Cypher's own.

    All that was read is seen, however sure, but for what the text leaves out: as $trust it has the least that --trust asks
    of claims and relations (WHERE r.trust >= $trust).
    """
    answer = graph.cypher(text, trust=trust, seconds=seconds, rows=rows, store=store, user=user(), password=password)
    _print(form, answer, rows)


def _print(form: str, answer: Answer, rows: int) -> None:
    print_rows(form, answer.columns, answer.rows)
    if answer.cut:
        say(f"Cut after {rows} rows: there are more. Narrow the query, or set --rows.")
