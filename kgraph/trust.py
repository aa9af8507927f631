"""How surely a claim must be right to be shown: three levels, from what is read most surely to all that was read.

The scores behind them are shares of claims that were right on texts from which nothing was learned (docs/reading.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from kgraph.errors import UsageError

LEVELS: Mapping[str, float] = {"sure": 0.9, "likely": 0.65, "all": 0.0}  # the least score of a claim
DEFAULT = "likely"


def level_of(trust: float) -> str:
    """The strictest level at which a claim of this trust is shown."""
    reached = [level for level, score in LEVELS.items() if trust >= score]
    return max(reached, key=LEVELS.__getitem__, default="all")


def least(level: str) -> float:
    """The score from which a claim is shown at a level. Raises UsageError where there is no such level."""
    if level not in LEVELS:
        raise UsageError(f"trust {level}: there is no such level; choose among {', '.join(LEVELS)}")
    return LEVELS[level]
