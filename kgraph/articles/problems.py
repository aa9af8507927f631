"""What stands in a place that was looked into: an article, or why there is none, in one line."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from kgraph.errors import ArticleError, KgraphError
from kgraph.records import Article

log = logging.getLogger(__name__)

LARGEST = 5_000_000  # bytes of a single article
TOO_LARGE = "larger than 5 MB, which is no single article"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not read: where, why, and whether that is as it should be (skipped) or a failure."""

    where: str
    why: str
    skipped: bool
    stamp: str = ""  # of a file that crashed or hung what opened it: which state of it did
    lines: int = 1  # of a feed that it is about


Found = tuple[str, Article | Problem]  # and the place in which it stands: a file, or a line of one


def repeated(where: str, first: str) -> Problem:
    """What is said of a text that came before."""
    return Problem(where, f"the same text as {first}", True)


def replaced(where: str, later: str) -> Problem:
    """What is said of a text that another one of the same article corrects in the same reading."""
    return Problem(where, f"corrected: {later} has another text of the same article, which stands", True)


def problem_of(place: str, error: Exception) -> Problem:
    """What a reader stumbled over, in one line. What concerns more than this article is raised again."""
    if isinstance(error, FileNotFoundError):
        return Problem(place, "no such file or folder", False)
    if isinstance(error, OSError) and error.strerror:
        return Problem(place, error.strerror, False)
    if isinstance(error, ArticleError):
        return Problem(place, in_one_line(error), False)
    if isinstance(error, KgraphError):
        raise error
    log.debug("%s: cannot be read", place, exc_info=error)
    what = "it needs more memory than there is" if isinstance(error, MemoryError) else in_one_line(error)[:200]
    return Problem(place, f"cannot be read: {type(error).__name__}: {what}".removesuffix(": "), False)


def in_one_line(error: Exception) -> str:
    """What an error says, without its line ends."""
    return " ".join(str(error).split())
