"""Rows → text: a table that fits the terminal, CSV, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

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
        table.add_column(column, overflow="fold", no_wrap=False, justify="left")
    for row in rows:
        table.add_row(*(Text(_shown(row[column])) for column in columns))
    console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_shown(row[column]) for column in columns] for row in rows)
    return out.getvalue().rstrip("\n")


def as_json_lines(columns: Sequence[str], rows: Iterable[Row]) -> str:
    return "\n".join(json.dumps({column: row[column] for column in columns}, ensure_ascii=False) for row in rows)


FORMATS: dict[str, Callable[[Sequence[str], Iterable[Row]], str]] = {
    "table": as_table,
    "csv": as_csv,
    "jsonl": as_json_lines,
}


def _shown(value: object) -> str:
    """A value as a person reads it; lists are joined, what is unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value))
    return str(value)
