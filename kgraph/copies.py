"""Who brought a story first: near-copies by the words that articles share, and the credits that they give.

Two articles are near-copies where about a third of their runs of three words are the same and at most ten days lie
between them: a wire story that papers cut, reorder and rewrite stays one, two reports of one event do not become one.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from itertools import combinations, islice, pairwise, tee
from pathlib import Path
from typing import Any, Protocol

import yaml

from kgraph.errors import KnowledgeError
from kgraph.records import Article
from kgraph.safe_text import as_said

# Measured in tests/test_copies.py: rewritten copies share more, independent reports of one event less.
ALIKE = 0.3
PERMUTATIONS = 126
BANDS = (42, 3)  # bands and rows: two articles with a third in common meet in one of them with 0.79, with a half 0.99
WORDS = 3  # in a shingle
_AT_ONCE = 5000  # shingles that are hashed together: a kilobyte each
FEW = 20  # shingles that say nothing
MANY = 30  # articles that share a band; of more only neighbours are compared
DAYS = 10

_WORD = re.compile(r"[^\W_]+")


def sign(article: Article) -> bytes | None:
    """What an article's words come to, so that near-copies are found without comparing texts; None for a few words."""
    signature, some, runs = _empty().copy(), set[bytes](), _runs(article)
    while shingles := {" ".join(run).encode() for run in islice(runs, _AT_ONCE)}:
        some = some if len(some) >= FEW else some | shingles
        signature.update_batch(list(shingles))
    if len(some) < FEW:
        return None
    return bytes(signature.hashvalues.astype("<u4").tobytes())


@cache
def _empty() -> Any:
    from datasketch import MinHash  # takes its time to import

    return MinHash(num_perm=PERMUTATIONS, seed=1)


def _runs(article: Article) -> Iterator[tuple[str, ...]]:
    """The runs of words of an article, without its boilerplate."""
    parts, done = list[str](), 0
    for start, end in article.boilerplate:
        parts.append(article.text[done:start])
        done = end
    text = "\n".join([*parts, article.text[done:]])
    words = tee((match[0].casefold() for match in _WORD.finditer(text)), WORDS)
    return zip(*(islice(each, first, None) for first, each in enumerate(words)), strict=False)


def cluster(articles: Sequence[tuple[str, str | None, str, bytes | None]]) -> dict[str, str]:
    """For each article (key, published, version, signature) the story it belongs to: the smallest key of its copies."""
    return join((key for key, *_ in articles), _pairs(articles))


def join(keys: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each article the smallest key of those that pairs join to it."""
    story = {key: key for key in keys}

    def first(key: str) -> str:
        while story[key] != key:
            story[key] = key = story[story[key]]
        return key

    for one, other in pairs:
        low, high = sorted((first(one), first(other)))
        story[high] = low
    return {key: first(key) for key in story}


def _pairs(articles: Sequence[tuple[str, str | None, str, bytes | None]]) -> Iterable[tuple[str, str]]:
    """The pairs of articles that tell the same story: equal texts, and near-copies of the same days."""
    by_version: dict[str, str] = {}
    for key, _, version, _ in articles:
        if (same := by_version.setdefault(version, key)) != key:
            yield same, key
    signed = [(key, published, signature) for key, published, _, signature in articles if signature]
    if len(signed) < 2:
        return
    import numpy

    values = numpy.frombuffer(b"".join(signature for _, _, signature in signed), dtype="<u4")
    table = values.reshape(len(signed), PERMUTATIONS)
    for one, other in sorted(_candidates(table)):
        alike = float((table[one] == table[other]).mean())
        if alike >= ALIKE and _same_days(signed[one][1], signed[other][1]):
            yield signed[one][0], signed[other][0]


def _candidates(table: Any) -> set[tuple[int, int]]:
    """The pairs of rows that agree in all values of some band."""
    import numpy

    found: set[tuple[int, int]] = set()
    bands, rows = BANDS
    for band in range(bands):
        part = table[:, band * rows : (band + 1) * rows]
        order = numpy.lexsort(part.T)
        starts = numpy.flatnonzero((part[order][1:] != part[order][:-1]).any(axis=1)) + 1
        for group in numpy.split(order, starts):
            if len(group) > 1:
                some = sorted(map(int, group))
                found.update(combinations(some, 2) if len(some) <= MANY else pairwise(some))
    return found


# The same for what a change touches. ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signed:
    """What says of an article whose copy it is."""

    published: str | None
    version: str
    signature: bytes | None


class Kept(Protocol):
    """Where articles are looked up."""

    def signed(self, key: str) -> Signed | None: ...

    def story_of(self, key: str) -> str:
        """The story that an article belonged to until now; its own key for a new one."""

    def story(self, story: str) -> list[str]:
        """The articles that belonged to a story until now."""

    def sharing(self, hash: int) -> list[str]:
        """The articles that have a band, sorted."""


def bands(version: str, signature: bytes | None) -> list[int]:
    """What two articles of one story share at least one of, as numbers of 64 bits: first one for the very same text."""
    size = BANDS[1] * 4
    parts = [signature[at : at + size] for at in range(0, len(signature), size)] if signature else []
    whole = blake2b(version.encode(), digest_size=8, person=b"version")
    each = (blake2b(part, digest_size=8, salt=bytes([number])) for number, part in enumerate(parts))
    return [int.from_bytes(hash.digest(), "big", signed=True) for hash in (whole, *each)]


def pair_up(group: Mapping[str, Signed], *, same_text: bool) -> Iterator[tuple[str, str]]:
    """The pairs that tell the same story among all articles that share a band, by the rules of `cluster`."""
    keys = sorted(group)
    near = pairwise(keys) if same_text or len(keys) > MANY else combinations(keys, 2)
    yield from (pair for pair in near if same_text or _are_copies(group[pair[0]], group[pair[1]]))


def recluster(seeds: Iterable[str], kept: Kept) -> dict[str, str]:
    """The story of each article that may have come into another one, where only `seeds` may have other copies than before.

    Equal to `cluster` of all articles: whoever is reached from a seed is looked at, with all of the story that he was in.
    """
    story: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    todo = [*seeds]
    while todo:
        key = todo.pop()
        if key not in story:
            story[key] = key
            near = _copies_of(key, kept)
            pairs += ((key, other) for other in near)
            todo += (*near, *kept.story(kept.story_of(key)))
    return join(story, pairs)


def _copies_of(key: str, kept: Kept) -> list[str]:
    """The articles that tell the same story as one, by the rules of `cluster`."""
    one = kept.signed(key)
    assert one is not None
    same, *hashes = bands(one.version, one.signature)
    found = _beside(key, kept.sharing(same))
    candidates: set[str] = set()
    for hash in hashes:
        group = kept.sharing(hash)
        candidates.update(group if len(group) <= MANY else _beside(key, group))
    candidates -= {key, *found}
    return [*found, *(other for other in sorted(candidates) if _are_copies(one, kept.signed(other)))]


def _beside(key: str, group: Sequence[str]) -> list[str]:
    at = bisect_left(group, key)
    return [*group[max(at - 1, 0) : at], *group[at + 1 : at + 2]]


def _are_copies(one: Signed, other: Signed | None) -> bool:
    if not (other and one.signature and other.signature):
        return False
    pairs = zip(memoryview(one.signature).cast("I"), memoryview(other.signature).cast("I"), strict=True)
    alike = sum(a == b for a, b in pairs) / PERMUTATIONS
    return alike >= ALIKE and _same_days(one.published, other.published)


def _same_days(one: str | None, other: str | None) -> bool:
    """Whether two articles appeared about the same time, as far as that is known."""
    if not one or not other:
        return True
    return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days) <= DAYS


# Credits. -------------------------------------------------------------------------------------------------------------

_CREDITS = (  # none looks far: text may repeat one sign, or one word, as often as it likes
    r"\({agency}\)\s*[-–—]",  # "KYIV (Reuters) -"
    r"^[^\w\n]{{0,40}}{agency}\s{{0,9}}[-–—:|]\s",
    r"\s/{agency}/",
    r"[-–—(/]\s*{agency}\s{{0,9}}\)?[^\w\n]{{0,40}}$",  # a line that ends "- Reuters"
    r"^[^\w\n]{{0,40}}(?:source|via|by|from|credit|with\s(?:reporting|files)\sfrom)\W{{1,3}}(?:the\s)?{agency}\b",
    r"\b(?:copyright|©)\s*(?:\(c\)\s*)?(?:\d{{4}}\s*)?(?:the\s)?{agency}\b",
    r"\b(?i:reporting|editing|writing)\sby\b.{{0,300}}\b{agency}\b",
    r"\b{agency}\s(?:contributed|was\sthe\sfirst|first\sreported)",
    r"\bfirst\s(?:reported|published|revealed|disclosed)\sby\s(?:the\s)?{agency}\b",
)
_FIRST = re.compile(
    r"\bfirst\s(?:reported|published|revealed|disclosed)\sby\s(?:the\s)?"
    r"([A-ZÀ-ÖØ-Þ][\w’'&-]{0,60}(?:\s(?:of|and|the|[A-ZÀ-ÖØ-Þ][\w’'&-]{0,60})){0,9})"
    r"|\b[Tt]he\s([A-ZÀ-ÖØ-Þ][\w’'&-]{0,60}(?:\s[A-ZÀ-ÖØ-Þ][\w’'&-]{0,60}){0,9})\s(?:was\sthe\sfirst\sto\sreport|first\sreported)"
)


def find_credit(article: Article) -> str | None:
    """The agency whose story an article brings, or the outlet that reported it first, where it says so.

    An agency's own article is credited to it too, so that the story and its copies have one origin.
    """
    known = _agencies()
    if article.outlet and (own := known.get(article.outlet.casefold())):
        return own
    for pattern in _patterns():
        if match := pattern.search(article.text):
            return known[match["agency"].casefold()]
    if match := _FIRST.search(article.text):
        return " ".join(next(name for name in match.groups() if name).split())
    return None


@cache
def _agencies() -> dict[str, str]:
    """Agencies by every form of their names."""
    data = yaml.safe_load(files("kgraph").joinpath("copies.yaml").read_text(encoding="utf-8"))
    return {form.casefold(): name for name, forms in data["agencies"].items() for form in forms}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = yaml.safe_load(files("kgraph").joinpath("copies.yaml").read_text(encoding="utf-8"))
    forms = sorted({form for some in data["agencies"].values() for form in some}, key=lambda form: (-len(form), form))
    agency = f"(?P<agency>{'|'.join(map(re.escape, forms))})"
    return tuple(
        re.compile(pattern.format(agency=agency), re.M | (re.I if "(?:source|" in pattern else 0))
        for pattern in _CREDITS
    )


# Owners. --------------------------------------------------------------------------------------------------------------


def load_owners(path: Path) -> dict[str, str]:
    """To which group each outlet belongs, from a CSV with the columns outlet and owner. Raises KnowledgeError."""
    if not path.exists():
        return {}
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = csv.DictReader(
            io.StringIO(text, newline="")
        )  # what ends a line in CSV, and no other sign, ends one here
        if not {"outlet", "owner"} <= set(rows.fieldnames or ()):
            raise KnowledgeError(f"{path}, line 1: the columns outlet and owner are needed")
        return dict(_owned(path, rows))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise KnowledgeError(f"{path}: cannot be read: {error}; the file is CSV in UTF-8") from error


def _owned(path: Path, rows: csv.DictReader[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        outlet, owner = as_said(row["outlet"] or ""), as_said(row["owner"] or "")
        if re.search(r"[\r\n]", outlet + owner):
            raise KnowledgeError(
                f"{path}, line {rows.line_num}: a name goes on in the next line; close its double quotes"
            )
        if outlet and owner:
            yield outlet.strip().casefold(), owner.strip()
