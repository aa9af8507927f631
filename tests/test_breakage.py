"""A few kills and damages by chance; python benchmarks/breakage.py tries as many as one likes."""

from __future__ import annotations

from pathlib import Path

from breakage import trials

KILLED = ("growing build", "merge", "explorer", "export")  # the others have tests of their own
DAMAGES = 10


def test_what_is_killed_or_damaged_holds_or_is_named(tmp_path: Path) -> None:
    found = list(trials(tmp_path, len(KILLED), DAMAGES, 3, articles=4, names=KILLED))
    assert len(found) == len(KILLED) + DAMAGES and [(what, wrong) for what, wrong in found if wrong] == []
