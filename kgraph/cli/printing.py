"""Rows → text: a table that fits the terminal, CSV, or JSON lines."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kgraph.safe_text import csv_line, json_line, one_line

Row = Mapping[str, Any]


def as_table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A table as wide as the terminal; into a pipe, as wide as its content."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 400
    console = Console(file=io.StringIO(), width=width, force_terminal=False, color_system=None)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(Text(one_line(column)), overflow="fold", no_wrap=False, justify="left")
    for row in rows:
        table.add_row(*(Text(one_line(_shown(row[column]))) for column in columns))
    console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.removesuffix("\n").split("\n"))


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    lines = [csv_line(columns), *(csv_line(_counted(row[column]) for column in columns) for row in rows)]
    return "".join(lines).removesuffix("\n")


def as_json_lines(columns: Sequence[str], rows: Iterable[Row]) -> str:
    return "\n".join(json_line({column: row[column] for column in columns}) for row in rows)


FORMATS: dict[str, Callable[[Sequence[str], Iterable[Row]], str]] = {
    "table": as_table,
    "csv": as_csv,
    "jsonl": as_json_lines,
}


def levels_in_words(levels: Mapping[str, int], trust: str) -> str:
    """How many claims are shown, by the level at which they stand, and how many are not."""
    names = list(levels)
    shown = names[: names.index(trust) + 1]
    bands = ", ".join(f"{levels[name]} {'below' if name == names[-1] else name}" for name in shown)
    below = sum(levels[name] for name in names if name not in shown)
    rest = f"; {below} below, shown with --trust {names[-1]}" if below else ""
    return f"{sum(levels[name] for name in shown)} claims ({bands}{rest})"


def _counted(value: object) -> object:
    """A value as a cell: a number stays one, so that -3 is no formula; all else is text."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else _shown(value)


def _shown(value: object) -> str:
    """A value as a person reads it; lists are joined, what is unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value))
    return str(value)
