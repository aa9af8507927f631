"""Sources (files, folders, URLs) → the places in which articles may lie, how they are shown, and how one is opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from kgraph.articles.formats import FEEDS, READERS, ending_of
from kgraph.articles.problems import Problem, in_one_line, problem_of
from kgraph.errors import ArticleError, UsageError


def list_places(sources: Iterable[str | Path]) -> Iterator[str | Problem]:
    """The files of sources, in the order in which they are read: paths, URLs, or "-"; and what is no article."""
    for source in map(str, sources):
        try:
            if "://" in source:
                yield from _list_url(source)
            elif source != "-" and Path(source).is_dir():
                yield from _list_folder(Path(source))
            else:
                yield source if source == "-" else Path(source).as_posix()
        except Exception as error:  # of a foreign file system it may be any
            yield problem_of(printable(source), error)


def _list_folder(folder: Path) -> Iterator[str | Problem]:
    closed = list[OSError]()
    paths = sorted(Path(top, name) for top, _, names in os.walk(folder, onerror=closed.append) for name in names)
    yield from _without_others([(path.relative_to(folder).as_posix(), path.as_posix()) for path in paths])
    for error in closed:
        if not _is_hidden(PurePosixPath(Path(error.filename).relative_to(folder).as_posix())):
            yield Problem(printable(Path(error.filename).as_posix()), error.strerror or str(error), False)


def _list_url(url: str) -> Iterator[str | Problem]:
    """The file behind a URL, or the files of the folder behind it."""
    files, path = open_place(url)
    if not files.isdir(path):
        yield url
        return
    found = sorted(map(str, files.find(path)))
    yield from _without_others([(name[len(path) :].lstrip("/"), files.unstrip_protocol(name)) for name in found])


_OWN = ("evidence.db", "kgraph.json")  # in a graph folder, or one of evidence, that lies among its articles


def _without_others(names: Sequence[tuple[str, str]]) -> Iterator[str | Problem]:
    """Of the files of a folder, by their path in it and in full, those that may be articles, and problems for the rest."""
    own = {PurePosixPath(name).parent for name, _ in names if PurePosixPath(name).name in _OWN}
    for name, where in names:
        parts = PurePosixPath(name)
        if _is_hidden(parts) or own.intersection(parts.parents):
            continue
        if ending_of(name) in (*READERS, *FEEDS):
            yield where
        else:  # a folder may hold other things too; a file that was named may not be one
            yield Problem(printable(where), f"{printable(parts.suffix) or 'no ending'}: no article", True)


def _is_hidden(path: PurePosixPath) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts) or path.suffix == ".py"


# What is no UTF-8 in a file's name. -----------------------------------------------------------------------------------

_ODD = re.compile(r"(\\+)(?=x[89a-f][0-9a-f]|[\ud800-\udfff])")


def printable(path: str) -> str:
    """A path as it is kept and shown: bytes of its name that are no UTF-8 as "\\xe9". No two paths look alike."""
    doubled = _ODD.sub(r"\1\1", path)
    return re.sub("[\ud800-\udfff]", lambda m: f"\\x{ord(m[0]) & 0xFF:02x}", doubled)


def true_path(shown: str) -> str:
    """The path that `printable` shows so."""

    def undo(match: re.Match[str]) -> str:
        kept = "\\" * (len(match[1]) // 2)
        return kept + (chr(0xDC00 + int(match[2], 16)) if len(match[1]) % 2 else f"x{match[2]}")

    return re.sub(r"(\\+)x([89a-f][0-9a-f])", undo, shown)


# Opening. -------------------------------------------------------------------------------------------------------------


def open_place(url: str) -> tuple[Any, str]:
    """The file system behind a URL (fsspec's), and the path in it. Raises UsageError where it cannot be reached."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError(f"{url}: needs fsspec; pip install 'kgraph[ray]'") from error
    try:
        files, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:  # it says which package is missing, or that it knows no such protocol
        raise UsageError(f"{url}: cannot be reached: {in_one_line(error)}") from error
    return files, str(path)


def opened(where: str) -> AbstractContextManager[BinaryIO]:
    """The file at a path or URL, to be read. Raises ArticleError for what is no file."""
    if "://" not in where:
        _check_kind(os.stat(where))  # opening some devices does something
        file = open(where, "rb", opener=_without_waiting)
        _check_kind(os.fstat(file.fileno()))  # it may be another by now
        return file
    files, path = open_place(where)
    if getattr(files, "local_file", False):
        _check_kind(os.stat(path))
    return cast(AbstractContextManager[BinaryIO], files.open(path, "rb"))


_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def _check_kind(about: os.stat_result) -> None:
    """Only files are opened: what else lies in a folder may never end, or wait for somebody for ever."""
    if not stat.S_ISREG(about.st_mode):
        raise ArticleError(f"{_KINDS.get(stat.S_IFMT(about.st_mode), 'something else')}, not a file")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def stamp_of(where: str) -> str:
    """What differs as soon as somebody writes to a file of this machine; nothing for what cannot be seen."""
    try:
        about = os.stat(where)
    except (OSError, ValueError):
        return ""
    return f"{about.st_size} bytes, {about.st_mtime_ns} ns"
