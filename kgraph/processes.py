"""Processes that do what may crash or hang: how they are started, limited and ended, and how they end with who started them."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from kgraph.errors import UsageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

SECONDS = 60.0  # of computing, for an article of ordinary length
WAITING = 5  # times the limit by the clock
MEMORY = 2_000_000_000  # bytes more than a process had before it began with an article
TRIES = 2  # what was killed by somebody else (out of memory, say) may go well the second time
LATE = "SIGPROF"  # how the system ends a process that has computed for too long
PATIENCE = 600.0  # seconds that a process may take until it is ready
STARTS = 3  # processes in a row that may die before they are ready


# In the process that builds. ------------------------------------------------------------------------------------------


def start(target: Callable[..., None], *arguments: Any, name: str) -> tuple[BaseProcess, Connection]:
    """A fresh process (spawned, never forked) and our end of its pipe; the other end is the target's first argument."""
    from multiprocessing import get_context

    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=target, args=(theirs, *arguments), daemon=True, name=name)
    with _one_thread_each(), _deaf_to_interrupts():
        process.start()
    theirs.close()  # so that its end is the end of the pipe
    return process, ours


def check_guard() -> None:
    """Raises UsageError where a script is run once more by a process that it has started itself.

    Python refuses to start a further one there, too, but only after a build has waited for the one whose child it is.
    """
    from multiprocessing import current_process

    if getattr(current_process(), "_inheriting", False):
        raise UsageError(
            "a process that is to read runs this script once more: put what builds below `if __name__ == '__main__':`, "
            "or read with workers=0"
        )


def end(process: BaseProcess, pipe: Connection) -> None:
    """Ends a process, whatever it is doing."""
    process.kill()
    process.join()
    process.close()
    pipe.close()


def packed(what: object) -> bytes:
    return pickle.dumps(what, pickle.HIGHEST_PROTOCOL)


def how_it_ended(process: BaseProcess) -> str:
    """How a process ended that is gone: the name of a signal, or its exit code."""
    process.join(5)
    code = process.exitcode
    return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """What starts inside computes in one thread, so that as many processes as cores do not fight for them."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """What starts inside does not hear Ctrl-C: who builds does, and ends it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a process that was started. ---------------------------------------------------------------------------------------


@contextmanager
def limits(seconds: float) -> Iterator[None]:
    """Lets the system end this process when it has computed for so long, and refuse it more memory than an article may take.

    It does so even where no other thread of the process would get a turn.
    """
    if sys.platform == "win32":  # there the clock alone counts
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    bound = _bind_memory()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _free_memory(bound)


_STATUS = Path("/proc/self/status")


def _bind_memory() -> int | None:
    """Lets this process take MEMORY more than it has, where the system counts that; gives the limit that held before."""
    if sys.platform != "linux":
        return None
    import resource

    try:
        has = next(int(line.split()[1]) for line in _STATUS.read_text().splitlines() if line.startswith("VmData:"))
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = has * 1024 + MEMORY
        if most < (soft if soft >= 0 else most + 1) and most < (hard if hard >= 0 else most + 1):
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
        return soft
    except (OSError, StopIteration, ValueError):  # no such file, or not allowed
        return None


def _free_memory(before: int | None) -> None:
    if before is not None and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (before, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def end_with_parent() -> None:
    """Lets this process end with the one that started it, even after kill -9 and in the middle of an article."""
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent
    if sys.platform != "win32":  # the system itself does it, where no thread would get a turn
        import fcntl

        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)

    def wait_for_the_end() -> None:
        parent.join()
        os._exit(1)

    Thread(target=wait_for_the_end, daemon=True).start()
