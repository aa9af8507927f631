"""Files → articles, in processes of their own: a file that crashes or hangs its reader stops no other.

A file is opened and read in a process that has no model and starts quickly, within limits of computing and memory on every
article. What it finds comes one by one, in the order of the files; it waits where nobody takes it, so that a feed of any
length needs little memory. Of a feed that loses its process only the line at which it did is left out.
"""

from __future__ import annotations

import io
import logging
import math
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from kgraph.articles import Found, Problem, read_place
from kgraph.articles.formats import PACKAGES, is_feed, load_reader
from kgraph.articles.language import find_language
from kgraph.articles.places import printable, stamp_of
from kgraph.errors import KgraphError
from kgraph.processes import (
    LATE,
    PATIENCE,
    SECONDS,
    STARTS,
    TRIES,
    WAITING,
    end,
    end_with_parent,
    how_it_ended,
    limits,
    packed,
    start,
)
from kgraph.records import Article

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

log = logging.getLogger(__name__)

AHEAD = 64  # files that are looked at before the first of them is taken, for each process
AHEAD_TEXT = 10_000_000  # characters of them
TOGETHER = 8  # files that a process gets at a time
SLOW = tuple(PACKAGES)  # endings whose readers take much longer than others
WORTH = 30  # of these that must wait before a further process is started: reading them takes as long as its start
SKIPS = 3  # lines of one feed that may lose their process, before the rest of it is left
CATCHING_UP = 10  # times the limit, to come to where a feed was left


def read_apart(
    places: Iterable[str | Problem], stdin: BinaryIO | None = None, *, count: int = 1, seconds: float = SECONDS
) -> Iterator[Found]:
    """What stands in some places, in their order, read in up to so many processes, each article within the limits."""
    with closing(Intake(count, seconds, stdin)) as intake:
        yield from intake.read(places)


# In the process that builds. ------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class _File:
    """A file on its way, and what of it was found and is not taken yet."""

    where: str
    found: deque[Found | KgraphError] = field(default_factory=deque)
    is_done: bool = False
    after: int = 0  # the last line of a feed of which something was found
    left: str = ""  # why the next one is not read
    tries: int = 0  # that came no further
    skips: int = 0
    stamp: str = ""  # from before it was opened

    @property
    def shown(self) -> str:
        return printable(self.where)


@dataclass(eq=False, slots=True)
class _Reader:
    """A process, our end of its pipe, and the files that it has, the one that it reads first."""

    process: BaseProcess
    pipe: Connection
    is_ready: bool = False
    files: deque[_File] = field(default_factory=deque)


class Intake:
    """Processes that read files, started as there is need for them; `close` ends them."""

    def __init__(self, count: int, seconds: float, stdin: BinaryIO | None = None) -> None:
        self.count, self.seconds, self.stdin = count, seconds, stdin
        self._readers: list[_Reader] = []
        self._window: deque[_File] = deque()
        self._waiting: deque[_File] = deque()
        self._held = 0  # characters that were found and not taken
        self._since = time.monotonic()  # when somebody began to wait for what comes next
        self._failed_starts = 0

    def read(self, places: Iterable[str | Problem]) -> Iterator[Found]:
        """What stands in each place, in their order. Of the places only some are looked at ahead."""
        source, more = iter(places), True
        while more or self._window:
            more = more and self._look_ahead(source)
            if not self._window:
                continue
            first = self._window[0]
            while first.found:
                yield self._taken(first)
            self._hand_out()
            if first.is_done and not first.found:
                self._window.popleft()
            elif not first.found:
                self._listen(first)

    def close(self) -> None:
        """Ends all processes, whatever they are doing."""
        while self._readers:
            self._end(self._readers[-1])

    def _taken(self, file: _File) -> Found:
        found = file.found.popleft()
        if isinstance(found, KgraphError):
            raise found
        self._held -= _size(found)
        self._since = math.inf  # nobody waits
        return found

    def _look_ahead(self, source: Iterator[str | Problem]) -> bool:
        """Takes more places in; says whether there may be further ones."""
        while len(self._window) < AHEAD * self.count:
            place = next(source, None)
            if place is None:
                return False
            if isinstance(place, Problem):
                self._window.append(_File(place.where, deque([(place.where, place)]), is_done=True))
            else:
                self._window.append(_File(place, stamp=stamp_of(place)))
                self._waiting.append(self._window[-1])
        return True

    def _hand_out(self) -> None:
        """Gives files to idle processes, and starts a further process where that is worth it."""
        for reader in self._readers:
            if self._waiting and reader.is_ready and not reader.files:
                reader.files.extend(self._next_files())
                self._send(reader, packed([(file.where, file.after, file.left) for file in reader.files]))
        if self._waiting and len(self._readers) < self.count and self._is_worth_a_start():
            self._readers.append(_Reader(*start(_work, self.seconds, name="kgraph files")))

    def _next_files(self) -> Iterator[_File]:
        """Those that one process gets next: small ones together, anything else alone."""
        yield (first := self._waiting.popleft())
        for _ in range(TOGETHER - 1 if _is_small(first) else 0):
            if self._waiting and _is_small(self._waiting[0]):
                yield self._waiting.popleft()

    def _is_worth_a_start(self) -> bool:
        if not all(reader.is_ready for reader in self._readers):
            return False
        if not self._readers or self._waiting[0] is self._window[0]:
            return True
        return sum(file.where.lower().endswith(SLOW) for file in self._waiting) > WORTH * len(self._readers)

    def _send(self, reader: _Reader, message: bytes) -> None:
        try:
            reader.pipe.send_bytes(message)
        except OSError:  # it is gone; its pipe says so to who listens
            pass

    def _listen(self, first: _File) -> None:
        """Waits until something comes of the first file, or of another as long as there is room, or the first is late."""
        from multiprocessing.connection import wait

        begun = time.monotonic()
        self._since = min(self._since, begun)
        asked = next((reader for reader in self._readers if reader.files and reader.files[0] is first), None)
        has_room = self._held < AHEAD_TEXT
        pipes = [one.pipe for one in self._readers if one is asked or not one.is_ready or (has_room and one.files)]
        deadline = self._since + (self._patience(first) if asked else PATIENCE)
        spoke = wait(pipes, max(0.0, deadline - begun))
        for reader in [reader for reader in self._readers if reader.pipe in spoke]:
            self._take(reader)
            if reader is asked or not asked:
                self._since = time.monotonic()
        if not spoke:
            for reader in [asked] if asked else [reader for reader in self._readers if not reader.is_ready]:
                self._lose(reader, LATE)
            self._since = time.monotonic()

    def _patience(self, file: _File) -> float:
        return WAITING * self.seconds * (CATCHING_UP if file.after and file.tries else 1)

    def _take(self, reader: _Reader) -> None:
        """Takes in what a process says: that it is ready, what it found, that it wants more of stdin, or that it is gone."""
        try:
            said = reader.pipe.recv()
        except (EOFError, OSError):
            self._lose(reader, how_it_ended(reader.process))
            return
        if not reader.is_ready:
            reader.is_ready, self._failed_starts = True, 0
        elif isinstance(said, int):
            self._send(reader, self._read_stdin(said))
        elif said is None:
            reader.files.popleft().is_done = True
        elif isinstance(said, KgraphError):
            reader.files[0].found.append(said)
        else:
            file = reader.files[0]
            file.found.append(said)
            file.after, file.left, file.tries = _line(said[0], file.shown), "", 0
            self._held += _size(said)

    def _read_stdin(self, size: int) -> bytes:
        try:
            stream = self.stdin or sys.stdin.buffer
            return bytes(getattr(stream, "read1", stream.read)(size))
        except (AttributeError, OSError, ValueError):  # there is none, or it is closed
            return b""

    def _lose(self, reader: _Reader, how: str) -> None:
        """A process is gone or late. The article that it read is tried once more or left out; no other is touched."""
        self._end(reader)
        if not reader.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise KgraphError(
                    f"no process that opens files can be started ({how}): free memory, or read in this one with --workers 0"
                )
        if reader.files:
            self._blame(reader.files[0], how)
        self._waiting.extendleft(file for file in reversed(reader.files) if not file.is_done)

    def _blame(self, file: _File, how: str) -> None:
        file.tries += 1
        why = f"not read within {self.seconds:.0f} s" if how == LATE else f"it crashes what reads it ({how})"
        if file.where == "-":  # what it had of it is gone
            self._leave(file, f"not read from line {file.after + 1} on: {why}" if file.after else why)
        elif how != LATE and file.tries < TRIES:
            log.warning("%s: the process that read it ended (%s); trying once more", file.shown, how)
        elif not is_feed(file.where):
            self._leave(file, why, file.stamp)
        elif file.left or file.skips >= SKIPS:
            self._leave(file, f"not read from line {file.after + 1} on: {why}")
        else:
            file.left, file.skips = why, file.skips + 1

    def _leave(self, file: _File, why: str, stamp: str = "") -> None:
        file.found.append((file.shown, Problem(file.shown, why, False, stamp)))
        file.is_done = True

    def _end(self, reader: _Reader) -> None:
        self._readers.remove(reader)
        end(reader.process, reader.pipe)


def _is_small(file: _File) -> bool:
    """Whether a file holds one article, and lies on this machine."""
    return not is_feed(file.where) and "://" not in file.where and file.where != "-"


def _size(found: Found) -> int:
    return len(found[1].text) if isinstance(found[1], Article) else 0


def _line(place: str, file: str) -> int:
    """The line of a feed in which something stands; 0 for what stands in no line."""
    line = place[len(file) + 1 :]
    return int(line) if line.isdecimal() else 0


# In a process that was started. ---------------------------------------------------------------------------------------


def _work(pipe: Connection, seconds: float) -> None:
    """Reads the files that come through a pipe, until it ends."""
    end_with_parent()
    find_language("The news of the day. " * 9)  # what every article needs is no article's time
    try:
        pipe.send(True)  # ready
        while True:
            for where, after, left in pipe.recv():
                for found in _limited(pipe, where, after, left, seconds):
                    pipe.send(found)
                pipe.send(None)
    except (EOFError, OSError):  # nobody is there any more
        return


def _limited(pipe: Connection, where: str, after: int, left: str, seconds: float) -> Iterator[Found | KgraphError]:
    """What stands in a file, each within the limits."""
    stdin = io.BufferedReader(_Asked(pipe)) if where == "-" else None
    load_reader(where)
    items = read_place(where, stdin=stdin, after=after, left=left)
    limit = seconds * (CATCHING_UP if after else 1)
    while True:
        try:
            with limits(limit):
                found = next(items, None)
        except KgraphError as error:
            yield error
            return
        if found is None:
            return
        yield found
        limit = seconds


class _Asked(io.RawIOBase):
    """Standard input, of which the process that has it is asked for each part."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._pipe.send(len(buffer))
        data = self._pipe.recv_bytes()
        buffer[: len(data)] = data
        return len(data)
