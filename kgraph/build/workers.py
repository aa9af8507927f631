"""Articles → readings, several at a time: processes that read one article each, with a time limit on every one.

Each worker is a fresh Python process (spawned, never forked) that loads the model once and has a pipe of its own, so
that the article which crashes or hangs it is known for certain, and killing it can harm no other. Readings come in
the order of the articles whatever happens, and each depends on its own article only: any number of workers gives
the same.
"""

from __future__ import annotations

import logging
import math
import os
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from kgraph.errors import ArticleError, KgraphError
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
from kgraph.reading.readers import DEFAULT_READERS
from kgraph.records import Article, Reading

if TYPE_CHECKING:  # the command line lists the engines and loads what they need only where it is used
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from kgraph.articles import Found, Problem, ReadPlaces
    from kgraph.catalogue import Catalogue

log = logging.getLogger(__name__)

ENGINES = {
    "local": "in processes of this machine",
    "ray": "on a Ray cluster, or Ray on this machine's cores, through Parquet files",
}
LENGTH = 30_000  # characters of an article that has SECONDS, of which it takes about two; a longer one has as much more
LONGEST = 10  # times the limit, for an article of any length
AHEAD = 128  # articles that are looked at before the first of them is read, for each worker
AHEAD_TEXT = 10_000_000  # characters of them
WORTH = 70_000  # characters that must wait before a further worker is started: reading them takes as long as its start
QUOTA = Path("/sys/fs/cgroup/cpu.max")


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that was not read, and why. One that crashed or hung its reader is set aside."""

    article: Article
    why: str
    trace: str = ""  # of a mistake in kgraph
    set_aside: bool = False
    seconds: float = math.inf  # the limit that it did not keep, for an article of LENGTH characters


ReadAll = Callable[[Iterable[Article]], Iterator[Reading | Failure]]  # one for each article, in their order


def _read_here(places: Iterable[str | Problem], stdin: BinaryIO | None) -> Iterator[Found]:
    from kgraph.articles import read_here

    return read_here(places, stdin)


class Open(Protocol):
    def __call__(
        self, model: str | None, catalogue: Catalogue, readers: Sequence[str] = DEFAULT_READERS, /
    ) -> AbstractContextManager[ReadAll]: ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Where articles are read. Opened for a model, a catalogue and readers, it gives what reads them until it is closed."""

    open: Open
    seconds: float = 0.0  # the time limit of an article of LENGTH characters; 0 for none
    count: int | None = 0  # processes besides this one; None for as many as there are cores
    read_places: ReadPlaces = _read_here  # opens files and makes articles of them


def in_this_process() -> Engine:
    """Reads one article after the other, right here: nothing guards against one that crashes or hangs what reads it."""
    return Engine(_open_here)


def in_workers(count: int | None = None, seconds: float = SECONDS) -> Engine:
    """Reads in up to so many processes, as many as the machine has cores if not given, and opens files in as many others.

    `seconds` are of computing, so that a busy machine sets nothing aside that another one reads; by the clock an
    article has WAITING times as long. No article gets more memory than MEMORY besides what the model takes.
    A script that builds with this needs `if __name__ == "__main__":` around what it does, as for any spawned process.
    """

    @contextmanager
    def open_workers(
        model: str | None, catalogue: Catalogue, readers: Sequence[str] = DEFAULT_READERS
    ) -> Iterator[ReadAll]:
        with closing(Workers(model, catalogue, count or count_cores(), seconds, readers)) as workers:
            yield workers.read_all

    def read_places(places: Iterable[str | Problem], stdin: BinaryIO | None) -> Iterator[Found]:
        from kgraph.articles.intake import read_apart

        return read_apart(places, stdin, count=count or count_cores(), seconds=seconds)

    return Engine(open_workers, seconds, count, read_places)


def count_cores() -> int:
    """The cores that this process may use; a container may be allowed fewer than there are."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = QUOTA.read_text(encoding="ascii").split()
        return min(cores, max(1, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):  # no such file, or "max"
        return cores


@contextmanager
def _open_here(
    model: str | None, catalogue: Catalogue, readers: Sequence[str] = DEFAULT_READERS
) -> Iterator[ReadAll]:
    read: Callable[[Article], Reading] | None = None

    def read_all(articles: Iterable[Article]) -> Iterator[Reading | Failure]:
        nonlocal read
        for article in articles:
            read = read or partial(_load(model, readers), catalogue=catalogue)  # only where there is something to read
            yield attempt(read, article)

    yield read_all


def _load(model: str | None, readers: Sequence[str]) -> Callable[..., Reading]:
    from kgraph.reading import read  # spaCy takes its time
    from kgraph.reading.language_model import load_model

    return partial(read, nlp=load_model(model), readers=readers)


def attempt(read: Callable[[Article], Reading], article: Article) -> Reading | Failure:
    """What an article says, or why it cannot be read: one bad article never stops a run."""
    try:
        return read(article)
    except ArticleError as error:
        return Failure(article, str(error))
    except KgraphError:  # the schema or a word list is wrong: no article can be read
        raise
    except MemoryError:
        return Failure(article, "it needs more memory than an article may take", set_aside=True)
    except Exception as error:
        return Failure(article, f"kgraph made a mistake: {error!r}", traceback.format_exc())


# In the process that builds. ------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class _Task:
    """An article on its way, and what came of it."""

    article: Article
    tries: int = 0
    result: Reading | Failure | None = None


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, our end of its pipe, and the article that it reads."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    task: _Task | None = None
    deadline: float = math.inf


class Workers:
    """Processes that read, started as articles come in; `close` ends them."""

    def __init__(
        self,
        model: str | None,
        catalogue: Catalogue,
        count: int,
        seconds: float,
        readers: Sequence[str] = DEFAULT_READERS,
    ) -> None:
        self.model, self.catalogue, self.count, self.seconds = model, catalogue, count, seconds
        self.readers = tuple(readers)
        self._workers: list[_Worker] = []
        self._waiting: deque[_Task] = deque()
        self._failed_starts = 0

    def read_all(self, articles: Iterable[Article]) -> Iterator[Reading | Failure]:
        """What each article says, in their order. Of the articles only some are looked at ahead."""
        source, window, more = iter(articles), deque[_Task](), True
        try:
            while more or window:
                self._hand_out(is_full=not self._has_room(window))
                if window and window[0].result:
                    yield window.popleft().result  # type: ignore[misc]  # it has one
                elif more and self._has_room(window):
                    more = self._look_ahead(source, window)
                    self._listen(0)
                else:
                    self._listen(None)
        finally:
            if window:  # nobody wants the rest
                self.close()

    def close(self) -> None:
        """Ends all workers, whatever they are doing."""
        self._waiting.clear()
        while self._workers:
            self._end(self._workers[-1])

    def _has_room(self, window: deque[_Task]) -> bool:
        return len(window) < AHEAD * self.count and sum(len(task.article.text) for task in window) < AHEAD_TEXT

    def _look_ahead(self, source: Iterator[Article], window: deque[_Task]) -> bool:
        """Takes one more article in; says whether there was one."""
        article = next(source, None)
        if article is None:
            return False
        window.append(_Task(article))
        self._waiting.append(window[-1])
        return True

    def _hand_out(self, is_full: bool) -> None:
        """Gives waiting articles to idle workers, and starts a further worker if enough is left, or more than is seen."""
        for worker in self._workers:
            if self._waiting and worker.ready and not worker.task:
                worker.task = self._waiting.popleft()
                limit = self._limit(worker.task.article)
                worker.deadline = time.monotonic() + WAITING * limit
                self._send(worker, packed((worker.task.article, limit)))
        if self._waiting and len(self._workers) < self.count and (is_full or self._is_worth_a_start()):
            self._start()

    def _is_worth_a_start(self) -> bool:
        starting = sum(not worker.ready for worker in self._workers)
        return not self._workers or sum(len(t.article.text) for t in self._waiting) > WORTH * (starting + 1)

    def _limit(self, article: Article) -> float:
        return self.seconds * min(LONGEST, max(1.0, len(article.text) / LENGTH))

    def _start(self) -> None:
        process, pipe = start(_work, self.model, self.readers, name="kgraph reader")
        self._workers.append(_Worker(process, pipe, deadline=time.monotonic() + PATIENCE))

    @cached_property
    def _packed_catalogue(self) -> bytes:
        return packed(self.catalogue)

    def _send(self, worker: _Worker, packed: bytes) -> None:
        try:
            worker.pipe.send_bytes(packed)
        except OSError:  # it is gone; its pipe says so to who listens
            pass

    def _listen(self, seconds: float | None) -> None:
        """Waits until a worker has something to say, or is late."""
        from multiprocessing.connection import wait

        if seconds is None:
            soonest = min((worker.deadline for worker in self._workers), default=math.inf)
            seconds = None if soonest == math.inf else max(0.0, soonest - time.monotonic())
        spoke = wait([worker.pipe for worker in self._workers], seconds)
        for worker in [worker for worker in self._workers if worker.pipe in spoke]:
            self._take(worker)
        now = time.monotonic()
        for worker in [worker for worker in self._workers if worker.deadline < now and not worker.pipe.poll()]:
            self._lose(worker, LATE)

    def _take(self, worker: _Worker) -> None:
        """Takes in what a worker says: that it is ready, what it read, or by the end of its pipe that it is gone."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._lose(worker, how_it_ended(worker.process))
            return
        if isinstance(said, KgraphError):
            raise said
        if not worker.ready:
            worker.ready, worker.deadline, self._failed_starts = True, math.inf, 0
            self._send(worker, self._packed_catalogue)
        elif worker.task:
            worker.task.result, worker.task, worker.deadline = said, None, math.inf

    def _lose(self, worker: _Worker, how: str) -> None:
        """A worker is gone or late. The article that it had is tried once more or set aside; no other is touched."""
        self._end(worker)
        if worker.task and how == LATE:
            self._set_aside(worker.task)
        elif worker.task:
            self._try_again(worker.task, how)
        elif not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise KgraphError(
                    f"no process that reads can be started ({how}): free memory, or read in this one with --workers 0"
                )

    def _set_aside(self, task: _Task) -> None:
        why = f"not read within {self._limit(task.article):.0f} s"
        task.result = Failure(task.article, why, set_aside=True, seconds=self.seconds)

    def _try_again(self, task: _Task, how: str) -> None:
        task.tries += 1
        if task.tries < TRIES:
            log.warning("%s: the process that read it ended (%s); trying once more", task.article.key, how)
            self._waiting.appendleft(task)
        else:
            task.result = Failure(task.article, f"it crashes what reads it ({how})", set_aside=True)

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        end(worker.process, worker.pipe)


# In a worker. ---------------------------------------------------------------------------------------------------------


def _work(pipe: Connection, model: str | None, readers: Sequence[str]) -> None:
    """Reads the articles that come through a pipe, until it ends."""
    end_with_parent()
    try:
        loaded = _load(model, readers)
        pipe.send(True)  # ready
        read = partial(loaded, catalogue=pipe.recv())
        while True:
            article, limit = pipe.recv()
            with limits(limit):
                found = attempt(read, article)
            pipe.send(found)
    except KgraphError as error:
        pipe.send(error)
    except (EOFError, OSError):  # nobody is there any more
        return
