"""Writes docs/api.md from the docstrings of the public names: `python docs/make_api.py`."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import dedent

import kgraph

PAGE = Path(__file__).with_name("api.md")
TOP = """# kgraph in Python

Made from the docstrings by `python docs/make_api.py`; the examples run as they stand here, one after the other, beside a
folder `articles/` with the sample articles. Folders and files may be strings or paths everywhere. All that fails raises a
`kgraph.KgraphError`, whose text says what, where and what next, in one line.
"""


def page() -> str:
    """The whole page."""
    graph, functions = kgraph.Graph, [kgraph.read, kgraph.questions, kgraph.question]
    records = [getattr(kgraph, name) for name in kgraph.__all__ if inspect.isclass(getattr(kgraph, name))]
    errors = [one for one in records if issubclass(one, kgraph.KgraphError)]
    rest = [one for one in records if one is not graph and one not in errors]
    parts = [TOP, f"## Graph\n\n{text_of(graph)}"]
    parts += [f"### graph.{name}{signature(method)}\n\n{text_of(method)}" for name, method in methods(graph)]
    parts += ["## Functions", *(f"### kgraph.{one.__name__}{signature(one)}\n\n{text_of(one)}" for one in functions)]
    parts += ["## Records", *(f"### {one.__name__}\n\n{record(one)}" for one in rest)]
    parts += ["## Errors", "\n".join(f"- `{one.__name__}`: {text_of(one)}" for one in errors)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


ORDER = ("Builds", "Lookups", "Opened", "Chronicle", "Questions", "Measures", "Judgements", "Outputs")


def methods(graph: type[object]) -> Iterator[tuple[str, object]]:
    """The public methods, as they are wanted: building, looking, going back, asking, measuring, judging, taking along."""
    for room in sorted(graph.__mro__[1:-1], key=lambda room: ORDER.index(room.__name__)):
        yield from ((name, value) for name, value in vars(room).items() if not name.startswith("_") and callable(value))


def signature(one: object) -> str:
    """How it is called: the options with their defaults, without the types."""
    found = inspect.signature(one)  # type: ignore[arg-type]
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in found.parameters.values() if each.name != "self"]
    shown = str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    return re.sub(r"<built-in function (\w+)>", r"\1", shown)


def text_of(one: object) -> str:
    """A docstring as Markdown: what is indented is code, `name: words` a line of a list."""
    parts = [(code, list(lines)) for code, lines in groupby(_lines_of(one), itemgetter(0))]
    return "\n\n".join(filter(None, (_part(code, "\n".join(line for _, line in lines)) for code, lines in parts)))


def _lines_of(one: object) -> Iterator[tuple[bool, str]]:
    """The lines of a docstring, and whether each is code; an empty one is what the one before it is."""
    code = False
    for line in inspect.cleandoc(one.__doc__ or "").split("\n"):
        code = line.startswith("    ") if line else code
        yield code, line


def _part(code: bool, text: str) -> str:
    if code:
        return f"```python\n{dedent(text).strip()}\n```"
    return "\n\n".join(map(_paragraph, text.strip("\n").split("\n\n")))


def _paragraph(text: str) -> str:
    lines = [f"- `{match[1]}`: {match[2]}" if (match := _LISTED.fullmatch(line)) else line for line in text.split("\n")]
    return "\n".join(_indented(lines))


_LISTED = re.compile(r"(\*{0,2}\w+(?:, \w+)*): (.*)")


def _indented(lines: list[str]) -> Iterator[str]:
    """What goes on in a list is indented."""
    listed = False
    for line in lines:
        if listed and not line.startswith("- "):
            yield f"  {line}"
        else:
            listed = line.startswith("- ")
            yield line


def record(one: type[object]) -> str:
    """What it is and what it holds."""
    text = text_of(one)
    if issubclass(one, enum.Enum):
        return f"{text}\n\nOne of {', '.join(f'`{each.value}`' for each in one)}."
    held = [each.name for each in dataclasses.fields(one) if each.repr] if dataclasses.is_dataclass(one) else []
    own = [name for name, value in vars(one).items() if isinstance(value, property)]
    called = [name for name, value in vars(one).items() if inspect.isfunction(value) and not name.startswith("_")]
    lines = [(", ".join(f"`{name}`" for name in (*held, *own)), "Holds"), (", ".join(f"`{name}()`" for name in called), "Does")]
    return "\n\n".join([text, *(f"{what} {names}." for names, what in lines if names)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
