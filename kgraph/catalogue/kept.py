"""The catalogue files of a graph: what people gave is kept in its folder, so that later commands know
the same names.

A file is kept under its own name, which gets .csv behind another ending, and a number where a file from elsewhere has the
name. sources.json says where each came from; what lies there without an entry was put there by hand, and is read too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kgraph.catalogue import Catalogue, check_rows, decode, ids_of, load_texts
from kgraph.errors import KnowledgeError
from kgraph.files import named_failures, whole

SOURCES = "sources.json"  # name in the folder → where the file lay
LONGEST = 200  # bytes of a name, of which most systems take 255


@dataclass(frozen=True, slots=True)
class Given:
    """A catalogue file as somebody gives it, read once: it may be a pipe."""

    shown: str  # what a person calls it
    source: str  # where it lies, by which an edit of it is known; empty for a pipe
    data: bytes


def read_given(paths: Iterable[Path]) -> tuple[Given, ...]:
    """Files as they are given. Raises KnowledgeError for what is no catalogue file."""
    given = tuple(Given(str(path), _source(path), _bytes(path)) for path in paths)
    for one in given:
        check_rows(one.shown, decode(one.shown, one.data))
    return given


def _source(path: Path) -> str:
    """Where a file lies; nowhere, if another may come by this name the next time."""
    where = os.path.abspath(path)
    return where if path.is_file() and not where.startswith(("/dev/", "/proc/")) else ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{path}: cannot be read: {error.strerror or error}; name a CSV file") from error


def find_kept(place: Path) -> list[Path]:
    """The catalogue files in a place, in the order in which they count; what editors leave there is none."""
    seen = [path for path in place.glob("*.csv") if not path.name.startswith(".")]
    return sorted(seen, key=lambda path: _order(path.name))


def _order(name: str) -> str:
    return name.removesuffix(".csv")


def learn(
    place: Path, given: Sequence[Given] = (), say: Callable[[str], None] | None = None, *, keep: bool = True
) -> Catalogue:
    """The catalogue with the graph's own files and the given ones, which are kept from now on (without `keep` only tried).

    Raises KnowledgeError before anything is written if they do not go together.
    """
    before = {path.name: _bytes(path) for path in find_kept(place)}
    sources = _read_sources(place)
    placed = _place(before, sources, given)
    files = before | {name: one.data for name, one in placed.items()}
    shown = {name: str(place / name) for name in before} | {name: one.shown for name, one in placed.items()}
    catalogue = load_texts((shown[name], decode(shown[name], files[name])) for name in sorted(files, key=_order))
    if placed and keep:
        _write(place, placed, {name: sources[name] for name in sources if name in before})
        for line in _told(place, before, sources, placed):
            (say or _silent)(line)
    return catalogue


def forget_kept(place: Path) -> None:
    """Takes out what was given, and the folder of it, unless somebody put something there by hand."""
    for name in (*_read_sources(place), SOURCES):
        (place / Path(name).name).unlink(missing_ok=True)
    if place.exists() and not any(place.iterdir()):
        place.rmdir()


def _silent(line: str) -> None:
    pass


def texts_of(files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """What some files say, in the order in which they count."""
    return [(name, decode(name, files[name])) for name in sorted(files, key=_order)]


def name_apart(given: Sequence[Given]) -> dict[str, bytes]:
    """Some files, each under a name of its own."""
    return {name: one.data for name, one in _place({}, {}, given).items()}


def _place(before: Mapping[str, bytes], sources: Mapping[str, str], given: Sequence[Given]) -> dict[str, Given]:
    """Under which name each given file is kept, unless one of the same content is."""
    files, owners, placed = dict(before), {name: sources.get(name, "") for name in before}, dict[str, Given]()
    for one in given:
        name = _name(one, files, owners)
        if name is not None:
            files[name], owners[name], placed[name] = one.data, one.source, one
    return placed


def _name(one: Given, files: Mapping[str, bytes], owners: Mapping[str, str]) -> str | None:
    """Its older copy's name, else a free one; None where the same content has one already."""
    older = [name for name in files if one.source and owners[name] == one.source]
    if not older and one.data in files.values():
        return None
    stem = _stem(one)
    if not older and (name := f"{stem}.csv") in files and not owners[name] and _is_newer(one, name, files[name]):
        return name
    return older[0] if older else next(name for name in _numbered(stem) if name not in files)


def _stem(one: Given) -> str:
    """Its name without .csv; hidden it would not be read, and it must be one that UTF-8 has, with room for what is added."""
    name = Path(one.shown).name.removesuffix(".csv").lstrip(".").encode("utf-8", "replace")
    return name[:LONGEST].decode("utf-8", "ignore") or "catalogue"


def _numbered(stem: str) -> Iterable[str]:
    yield f"{stem}.csv"
    yield from (f"{stem}-{number}.csv" for number in count(2))


def _is_newer(one: Given, name: str, kept: bytes) -> bool:
    """Whether a file has all the actors of one of its name of which nobody knows whence it came: it is the same, edited."""
    return ids_of(name, decode(name, kept)) <= ids_of(one.shown, decode(one.shown, one.data))


def _read_sources(place: Path) -> dict[str, str]:
    """Where the files came from; of a damaged note nothing, without which all files hold still."""
    try:
        return _sources(place)
    except KnowledgeError:
        return {}


def _sources(place: Path) -> dict[str, str]:
    path = place / SOURCES
    try:
        found = json.loads(path.read_bytes())
        if all(isinstance(source, str) for source in found.values()):
            return {str(name): source for name, source in found.items()}
        why = "a place is no text"
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        why = str(error)
    raise KnowledgeError(f"{path}: cannot be read ({why}); delete it: all files hold, a new one comes beside its older copy")


def find_spoilt_sources(place: Path) -> Iterator[str]:
    """What is wrong with the note of where the files came from."""
    try:
        _sources(place)
    except KnowledgeError as error:
        yield str(error)


def _write(folder: Path, placed: Mapping[str, Given], sources: Mapping[str, str]) -> None:
    with named_failures(folder):
        folder.mkdir(exist_ok=True)
    for name, one in placed.items():
        with whole(folder / name) as new:
            new.write_bytes(one.data)
    with whole(folder / SOURCES) as new:
        known = dict(sources) | {name: one.source for name, one in placed.items()}
        new.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _told(
    folder: Path, before: Mapping[str, bytes], sources: Mapping[str, str], placed: Mapping[str, Given]
) -> Iterable[str]:
    """What a person may not expect: two files of one name, or one that took the place of another."""
    for name, one in placed.items():
        if name in before and not sources.get(name):
            yield f"{one.shown}: has all actors of {folder / name}, and takes its place"
        elif name not in before and name != f"{_stem(one)}.csv":
            others = f"beside {_stem(one)}.csv from elsewhere; both hold"
            yield f"{one.shown}: kept as {folder / name}, {others} (to take one out, delete it there)"
