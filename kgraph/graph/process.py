"""The embedded engine in a process of its own, seen from outside: started, asked, and ended when its time is over.

Nothing stops the engine inside one expression, nor a thread of Python's that waits for it. A process can be killed: it only
reads, so nothing is lost, and the next question starts another one.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from kgraph.errors import KgraphError, StoreError, UsageError
from kgraph.graph import Limits, engine, too_much

GIB = 2**30
HEAP = 3 * GIB  # what the engine may keep at once; on small machines a part of their memory
BESIDE = GIB  # what the rest of its process may take
PATIENCE = 120  # seconds to open a copy


class EngineError(Exception):
    """What the engine says of a text, or of a copy."""


class Ended(Exception):
    """The process ended before it answered."""

    def __init__(self, code: int | None, *, late: bool) -> None:
        super().__init__(f"the engine ended ({code})")
        self.code, self.late = code, late


class Process:
    """A running engine, or one that runs again with the next question."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Any] | None = None
        self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._running is None or self._running.poll() is not None:
            self.close()
            command = [sys.executable, "-P", engine.__file__, str(_heap()), str(_heap() + BESIDE)]
            self._running = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name != "nt",  # a Ctrl-C is for the one who asks
            )
            self._end = weakref.finalize(self, _kill, self._running, os.getpid())
        return self._running

    @property
    def runs(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def open(self, place: Path, counts: Mapping[str, int]) -> dict[str, int]:
        """Opens a copy, which is then the one asked. Returns how many there are in it of some labels and types."""
        self._start()
        try:
            found: dict[str, int] = self._said({"place": str(place.absolute()), "counts": list(counts)}, PATIENCE)
        except (Ended, EngineError) as error:
            raise ValueError(str(error)) from error
        return found

    def ask(self, text: str, parameters: Mapping[str, object], limits: Limits) -> list[dict[str, Any]]:
        """The rows of an answer, one more than the limit where there are more."""
        rows = None if limits.rows is None else limits.rows + 1
        asked = {"text": text, "parameters": dict(parameters), "rows": rows, "bytes": limits.bytes}
        try:
            found: list[dict[str, Any]] = self._said(asked, limits.seconds)
        except Ended as error:
            raise limits.too_long() if error.late else _ended(error.code) from error
        return found

    def _said(self, asked: Mapping[str, object], seconds: float | None) -> Any:
        running = self._running
        if running is None:
            raise Ended(None, late=False)
        late: list[bool] = []
        try:
            with _killed_after(running, seconds, late):
                how, said = _exchange(running, json.dumps(asked, default=str).encode())
        except (OSError, EOFError) as error:
            with suppress(subprocess.TimeoutExpired):  # how it ended says why
                running.wait(5)
            self.close()
            raise Ended(running.returncode, late=bool(late)) from error
        except BaseException:  # such as the keyboard's: nobody would know to what question the next answer belongs
            self.close()
            raise
        if late or how == "memory":
            self.close()
        return ANSWERS[how](said)

    def close(self) -> None:
        """Ends the process, without harm, since it only reads."""
        if self._end:
            self._end()
        self._running = self._end = None


def _exchange(running: subprocess.Popen[bytes], message: bytes) -> tuple[str, Any]:
    assert running.stdin and running.stdout
    engine.write(running.stdin, message)
    how, said = pickle.loads(engine.read(running.stdout))  # of our own process, which makes it of plain values
    return how, said


@contextmanager
def _killed_after(running: subprocess.Popen[bytes], seconds: float | None, late: list[bool]) -> Iterator[None]:
    def kill() -> None:
        late.append(True)
        running.kill()

    timer = threading.Timer(min(seconds or 0, threading.TIMEOUT_MAX), kill)
    timer.daemon = True
    if seconds is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _kill(running: subprocess.Popen[bytes], owner: int) -> None:
    """Ends a process, if it is one's own: after a fork it is that of another."""
    if os.getpid() == owner:
        running.kill()
        for pipe in (running.stdin, running.stdout):
            with suppress(OSError):  # what could not be sent any more
                assert pipe
                pipe.close()
        running.wait()


@cache
def _heap() -> int:
    return min(HEAP, _memory() // 2)


def _memory() -> int:
    """The memory that there is, in bytes."""
    limits = [_number(Path("/sys/fs/cgroup/memory.max"))]
    with suppress(AttributeError, ValueError, OSError):  # Windows does not say
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min((each for each in limits if each), default=2 * HEAP)


def _number(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):  # "max"
        return 0


# What is said of it. --------------------------------------------------------------------------------------------------


def _ended(code: int | None) -> KgraphError:
    if code == engine.TOO_LARGE:
        return too_large(None)
    return StoreError(f"the engine's process ended before it answered ({code}); ask again, or narrow the query")


def too_large(said: object) -> UsageError:
    return UsageError(
        f"the query was cut off, without rows: it takes more than {_heap() / GIB:.1f} GB of memory; narrow it"
    )


def _fail(said: object) -> NoReturn:
    raise EngineError(said)


def _lack(said: object) -> NoReturn:
    raise lacking(said)


def lacking(why: object) -> StoreError:
    return StoreError(
        f"the embedded graph engine does not run here ({why}); everything but query and cypher works, "
        "and these do with a Neo4j: `kgraph push bolt://HOST`, then add `--store bolt://HOST`"
    )


def _refuse_large(said: object) -> NoReturn:
    raise too_large(said)


def _refuse_huge(said: object) -> NoReturn:
    raise too_much()


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "rows": lambda rows: rows,
    "opened": lambda counts: counts,
    "failed": _fail,
    "lacking": _lack,
    "memory": _refuse_large,
    "huge": _refuse_huge,
}
