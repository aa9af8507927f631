"""The embedded engine's own process: it opens copies and answers questions that come on its input, until that ends.

`process.py` runs this file by itself, so that it starts at once: it imports the engine and nothing of kgraph. Whoever asks can
end it at any moment, since it only reads. It ends itself with the one who asks, and when it takes too much memory.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from queue import SimpleQueue
from typing import IO, Any

TOO_LARGE = 77  # the exit code of a process that took too much memory
LENGTH = 8  # bytes that say how long a message is
HEAP = "ARCADEDB_NATIVE_ISOLATE_ARGS"  # the engine's settings, with which somebody may have chosen another size
MOST_DEEP = 200  # lists and maps inside each other: who prints them goes down them by calling itself
PLAIN = (str, bytes, bool, int, float, type(None))

Reply = tuple[str, Any]  # how it went, and what there is to say


def main(heap: int, memory: int) -> None:
    replies, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr  # nothing but replies goes where they go
    os.dup2(2, 1)
    asked: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    threading.Thread(target=_watch, args=(memory,), daemon=True).start()
    os.environ["ARCADEDB_LOG_CONSOLE"] = "0"
    if "-Xmx" not in os.environ.get(HEAP, "") and "-XX:Max" not in os.environ.get(HEAP, ""):
        os.environ[HEAP] = f"{os.environ.get(HEAP, '')} -Xmx{heap >> 20}m".strip()
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]  # the engine does without, and starts sooner
    answer = Engine().answer
    while True:
        write(replies, pickle.dumps(answer(asked.get()), protocol=5))


class Engine:
    """What there is between two questions: the copy that is open."""

    def __init__(self) -> None:
        self.database: Any = None
        self.lacking = ""
        try:
            import arcadedb
        except ImportError as error:
            self.lacking = str(error)
        else:
            self.engine = arcadedb

    def answer(self, asked: Mapping[str, Any]) -> Reply:
        if self.lacking:
            return "lacking", self.lacking
        try:
            return self.open(asked) if "place" in asked else self.ask(asked)
        except MemoryError as error:
            return "memory", str(error)
        except Exception as error:  # whatever it is, it is about this question
            return "memory" if "OutOfMemoryError" in str(error) else "failed", str(error)

    def open(self, asked: Mapping[str, Any]) -> Reply:
        if self.database:
            self.database.close()
        self.database = self.engine.open_database(asked["place"], read_only=True)
        found = {name: self.database.count_type(name) for name in asked["counts"]}
        return "opened", found

    def ask(self, asked: Mapping[str, Any]) -> Reply:
        rows: list[dict[str, Any]] = []
        size = 0
        for row in _rows(self.database.query("opencypher", asked["text"], asked["parameters"])):
            size += weight(row)
            if asked["bytes"] is not None and size > asked["bytes"]:
                return "huge", size
            rows.append(row)
            if len(rows) == asked["rows"]:
                break
        return "rows", rows


def _rows(found: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in found:
        yield {name: plain(value) for name, value in row.to_dict().items()}


def plain(value: Any, deep: int = MOST_DEEP) -> Any:
    """A value without what only the engine knows: a node or relationship is its properties."""
    if not deep:
        raise ValueError(f"a value has more than {MOST_DEEP} lists or maps inside each other")
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, dict):
        return {name: plain(each, deep - 1) for name, each in value.items() if not name.startswith("@")}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each, deep - 1) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def weight(value: Any) -> int:
    """About how many bytes a value takes."""
    if isinstance(value, (str, bytes)):
        return 50 + len(value)
    if isinstance(value, dict):
        return 60 + sum(weight(each) for each in value.values())
    return 60 + sum(map(weight, value)) if isinstance(value, list) else 30


# Messages: their length, then so many bytes. --------------------------------------------------------------------------


def write(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(LENGTH, "big") + message)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes:
    """The next message. Raises EOFError where the other side is gone."""
    length = int.from_bytes(_exactly(pipe, LENGTH), "big")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError("the other side is gone")
    return found


def _listen(pipe: IO[bytes], asked: SimpleQueue[dict[str, Any]]) -> None:
    """Takes questions in while the engine is at work: that their end is seen then too, and is the end of the process."""
    try:
        while True:
            asked.put(json.loads(read(pipe)))
    finally:
        os._exit(0)


# Memory. --------------------------------------------------------------------------------------------------------------


def _watch(limit: int) -> None:
    while _taken() < limit:
        time.sleep(0.05)
    os._exit(TOO_LARGE)


def _taken() -> int:
    """The memory of this process, in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return _most_taken()


def _most_taken() -> int:
    try:
        import resource
    except ImportError:  # Windows: the engine's own limit must do
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
