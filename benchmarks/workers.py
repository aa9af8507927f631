"""What reading in processes brings: one worker against two, articles a second, and memory over many short texts.

    python benchmarks/workers.py [FEED.jsonl] [--articles N] [--runs N] [--texts N]

Articles of 500 words are put together from the texts of the feed (else from the sample articles); the short texts are two
of their sentences and one with made-up names, so that the vocabulary never ends. Every build is a whole process, watched
from outside: what is in its database yet, and how much memory and computing it and its workers have used. Ratios are
of two builds in the same run, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import psutil

from kgraph.articles import read_articles
from kgraph.records import Article
from kgraph.samples import samples

LENGTH = 500  # words of an article
MARKS = (0.05, 0.25, 0.5, 1)  # parts of the short texts after which memory is told
SYLLABLES = "ka lo mi ter san ov dra ul ben shi qua for".split()
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A build at one moment: articles read so far, memory in bytes of the builder and of its largest worker.

    Seconds of computing are those of the builder and of all workers together.
    """

    at: float
    articles: int
    builder: int
    worker: int
    builder_seconds: float
    worker_seconds: float


@dataclass(slots=True)
class Run:
    """A build as it was seen from outside."""

    seconds: float = 0.0
    workers: dict[int, float] = field(default_factory=dict)  # what each has computed, by its id
    samples: list[Sample] = field(default_factory=list)

    def reading(self) -> tuple[Sample, Sample]:
        """When the first articles were seen, and when the last."""
        read = [sample for sample in self.samples if sample.articles]
        return read[0], next(sample for sample in read if sample.articles == read[-1].articles)

    def rate(self) -> float:
        """Articles a second."""
        first, last = self.reading()
        return (last.articles - first.articles) / (last.at - first.at)

    def cost(self, whose: str) -> float:
        """Seconds that the builder or the workers compute for an article."""
        first, last = self.reading()
        return float(getattr(last, whose) - getattr(first, whose)) / (last.articles - first.articles)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("feed", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=400, help="of 500 words, for one worker against two")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--texts", type=int, default=20_000, help="short ones, for the curve of memory")
    chosen = options.parse_args()
    texts = list(_texts(chosen.feed))
    with tempfile.TemporaryDirectory() as folder:
        if chosen.articles:
            feed = _write(Path(folder, "articles.jsonl"), islice(_articles(texts), chosen.articles))
            _compare(feed, Path(folder), chosen.runs)
        if chosen.texts:
            feed = _write(Path(folder, "texts.jsonl"), islice(_short(texts), chosen.texts))
            _measure_memory(feed, chosen.texts, Path(folder))


def _compare(feed: Path, folder: Path, runs: int) -> None:
    pairs = [tuple(_build(feed, folder / f"{run}-{count}.kg", count) for count in (1, 2)) for run in range(runs)]
    worker, builder = (statistics.median(two.cost(f"{whose}_seconds") for _, two in pairs) for whose in ("worker", "builder"))
    whole = statistics.median(one.seconds / two.seconds for one, two in pairs)
    reading = statistics.median(two.rate() / one.rate() for one, two in pairs)
    rates = [statistics.median(run.rate() for run in each) for each in zip(*pairs, strict=True)]
    print(f"articles of {LENGTH} words: {rates[0]:.1f} a second with 1 worker, {rates[1]:.1f} with 2 (medians of {runs})")
    print(f"2 workers are {reading:.2f} times as fast as 1 in reading, {whole:.2f} times as whole processes")
    print(f"computing for an article: {worker * 1000:.1f} ms in a worker, {builder * 1000:.1f} ms beside it in the builder")
    print(f"two cores with nothing else to do would come to {2 / (worker + builder):.1f} articles a second")


def _measure_memory(feed: Path, texts: int, folder: Path) -> None:
    run = _build(feed, folder / "short.kg", 2)
    for mark in (round(part * texts) for part in MARKS):
        before = [sample for sample in run.samples if 0 < sample.articles <= mark]
        builder, worker = (max(getattr(sample, name) for sample in before) / MB for name in ("builder", "worker"))
        print(f"peak until {mark:>6} short texts: builder {builder:.0f} MB, largest worker {worker:.0f} MB")
    print(f"peak of the builder with the projection: {max(sample.builder for sample in run.samples) / MB:.0f} MB")


# Texts. ---------------------------------------------------------------------------------------------------------------


def _texts(feed: Path | None) -> Iterator[str]:
    if feed:
        with feed.open(encoding="utf-8") as lines:
            yield from (json.loads(line)["text"] for line in lines)
    else:
        yield from (article.text for article in read_articles([samples()]) if isinstance(article, Article))


def _articles(texts: Sequence[str]) -> Iterator[str]:
    """Paragraphs one after the other, cut where an article is long enough; when they end, in another order."""
    order, chance = [part for text in texts for part in text.split("\n") if part.strip()], random.Random(1)
    paragraphs, words = list[str](), 0
    while True:
        for paragraph in order:
            paragraphs.append(paragraph)
            words += len(paragraph.split())
            if words >= LENGTH:
                yield "\n\n".join(paragraphs)
                paragraphs, words = [], 0
        chance.shuffle(order)


def _short(texts: Sequence[str]) -> Iterator[str]:
    sentences = [one.strip() for text in texts for one in re.split(r"(?<=[.!?])\s+", text) if 40 < len(one) < 250]
    chance = random.Random(1)

    def name() -> str:
        return "".join(chance.choices(SYLLABLES, k=4)).capitalize()

    while True:
        yield f"{' '.join(chance.choices(sentences, k=2))} {name()} {name()} attacked the town of {name()}."


def _write(feed: Path, texts: Iterator[str]) -> Path:
    with feed.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(texts):
            lines.write(json.dumps({"id": f"a{number}", "text": text}) + "\n")
    return feed


# Builds. --------------------------------------------------------------------------------------------------------------


def _build(feed: Path, graph: Path, workers: int) -> Run:
    command = [sys.executable, "-m", "kgraph.cli", "build", str(feed), "-g", str(graph), "--workers", str(workers)]
    begun, run = time.perf_counter(), Run()
    with open(os.devnull, "w") as nothing, subprocess.Popen(command, stderr=nothing) as process:
        seen = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.Error):
                _look(seen, graph, run)
            time.sleep(0.25)
    run.seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed")
    _say(f"--workers {workers}: {run.seconds:.1f} s, {run.rate():.1f} articles/s while reading")
    return run


def _look(process: psutil.Process, graph: Path, run: Run) -> None:
    workers = [child for child in process.children() if "spawn_main" in " ".join(child.cmdline())]
    computed = sum(process.cpu_times()[:2])
    for worker in workers:
        with suppress(psutil.Error):
            run.workers[worker.pid] = sum(worker.cpu_times()[:2])
    largest = max((worker.memory_info().rss for worker in workers), default=0)
    own, theirs = process.memory_info().rss, sum(run.workers.values())
    run.samples.append(Sample(time.perf_counter(), _count(graph), own, largest, computed, theirs))


def _count(graph: Path) -> int:
    """How many articles are read, wherever they are by now."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{graph}/pending.db?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM article").fetchone()[0])
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
