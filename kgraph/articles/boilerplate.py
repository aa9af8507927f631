"""What stands around an article: menus, teasers, forms. Text → the ranges that are not read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import yaml

Ranges = tuple[tuple[int, int], ...]
LONGEST = 400  # no line of boilerplate has more characters


def find_boilerplate(text: str) -> Ranges:
    """The ranges of a text that are not the article: whole lines, by the patterns of boilerplate.yaml."""
    lines = [(m.start(), m.end(), m[0].strip()) for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    noise, ends = _patterns()
    found, over, title = list[tuple[int, int]](), False, ""
    for number, (start, end, line) in enumerate(lines):
        short = len(line) <= LONGEST
        last = short and bool(ends.fullmatch(line))
        over = over or (last and number > 1 and start > len(text) * 0.4)
        others = [later for _, _, later in lines[number + 1 : number + 4]] if number < 3 else [title]
        if over or last or (short and (noise.fullmatch(line) or _repeats(line, others, number < 3))):
            found.append((start, end))
        else:
            title = title or line
    return merge_ranges(found)


def merge_ranges(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same ranges in order, none empty, none touching another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Lines that are no part of an article, and lines after which it is over."""
    data = yaml.safe_load(files("kgraph.articles").joinpath("boilerplate.yaml").read_text(encoding="utf-8"))
    noise, ends = (re.compile("|".join(f"(?:{p})" for p in data[name]), re.I) for name in ("lines", "ends"))
    return noise, ends


def _repeats(line: str, others: Iterable[str], at_top: bool) -> bool:
    """Whether a line is a headline cut short that stands elsewhere in full ("Home News Iran Sends More..."), or its copy."""
    cut = re.sub(r"\s*(?:\.\.\.|…)$", "", line)
    if cut == line:
        return at_top and len(line) > 20 and line in others
    wholes = [other for other in others if len(other) >= 20 and len(cut) > 20]
    return any((at := cut.find(whole[:20])) >= 0 and whole.startswith(cut[at:]) for whole in wholes)
