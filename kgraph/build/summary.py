"""What a command did to a graph, counted while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kgraph.articles import Problem
from kgraph.folder.settling import Difference


@dataclass(slots=True)
class Summary:
    """What a command did to a graph; it grows while the command runs."""

    read: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    removed: int = 0
    blank: bool = False  # no article is in the graph, and none ever was
    stale: int = 0  # articles that another extractor, model or catalogue has read
    problems: list[Problem] = field(default_factory=list)  # what was skipped or failed, and why
    sentences: int = 0
    seconds: float = 0.0
    actors: Difference = field(default_factory=Difference)
    claims: Difference = field(default_factory=Difference)
    edges: Difference = field(default_factory=Difference)


Progress = Callable[[Summary], None]  # called after each article


def note(problem: Problem, summary: Summary) -> None:
    """Counts what was skipped or failed, and keeps why."""
    summary.problems.append(problem)
    if problem.skipped:
        summary.skipped += problem.lines
    else:
        summary.failed += problem.lines
