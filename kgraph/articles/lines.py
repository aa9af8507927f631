"""A stream → its lines as UTF-8, whatever Unicode it is in; of a line or a stream that is too long only so much is held."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from kgraph.articles.problems import LARGEST
from kgraph.errors import ArticleError

ENDLESS = 200_000_000  # bytes of one line, or of lines that are only counted


def lines_of(feed: BinaryIO) -> Iterator[bytes]:
    """The lines of a feed, one at a time; of a line that is too long only its beginning."""
    read = _line_by_line(feed)
    while line := read():
        yield line
        skipped = 0
        while len(line) > LARGEST and not line.endswith(b"\n"):  # the rest of it
            line = read()
            skipped += len(line)
            if skipped > ENDLESS:
                raise ArticleError(f"a line of more than {ENDLESS:,} bytes; what follows is not read")


def count_left(lines: Iterator[tuple[int, bytes]]) -> str:
    """How many lines are left, in words; or how many at least, where there is no end to them."""
    count = size = 0
    for _, line in lines:
        count, size = count + 1, size + len(line)
        if size > ENDLESS:
            return f"more than {count:,} lines"
    return f"{count:,} lines"


# How a feed begins that is in UTF-16, or in UTF-32: its first two signs are of ASCII; a lone NUL is damage of a line.
_WIDE = {
    "utf-32": rb"\xff\xfe\0\0[^\0]\0\0\0|\0\0\xfe\xff",
    "utf-16": rb"\xff\xfe|\xfe\xff",
    "utf-32-le": rb"[^\0]\0\0\0",
    "utf-32-be": rb"\0\0\0[^\0]",
    "utf-16-le": rb"[^\0]\0[^\0]\0",
    "utf-16-be": rb"\0[^\0]\0[^\0]",
}


def _line_by_line(feed: BinaryIO) -> Callable[[], bytes]:
    """What gives the next line of a feed as UTF-8, or the beginning of one that is too long; at the end nothing."""
    start = feed.read(8)
    raw = io.BufferedReader(Chained(start.removeprefix(codecs.BOM_UTF8), feed))
    if encoding := next((name for name, begin in _WIDE.items() if re.match(begin, start)), None):
        # what is damaged in it costs one line, not the feed
        whole = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="\n")
        return lambda: whole.readline(LARGEST + 1).encode()
    return lambda: raw.readline(LARGEST + 1)


class Chained(io.RawIOBase):
    """Some bytes that were read already, and the stream after them."""

    def __init__(self, start: bytes, stream: BinaryIO) -> None:
        self._start = start
        self._read = getattr(stream, "read1", stream.read)  # what there is: behind it a packed one may be damaged

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._start[: len(buffer)] or self._read(len(buffer))
        self._start = self._start[len(data) :] if self._start else b""
        buffer[: len(data)] = data
        return len(data)
